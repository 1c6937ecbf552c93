"""AUTOMATIC1111: turns at the card, progress beside the call, pictures to change."""

import asyncio
import base64
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from bot.errors import Refused, Unknown
from bot.http import Http, Network, Spool
from bot.images import AspectRatio, GeneratedImage, ImageRequest
from bot.providers import Ticket
from bot.providers.automatic1111 import LOADED, Automatic1111, Settings
from bot.providers.base import Sign
from tests.providers.fake import PNG, Answer, Call, FakeService, reset
from tests.waiting import until

DRAWN = {"images": [base64.b64encode(PNG).decode()], "parameters": {}, "info": "{}"}
HALF = {"progress": 0.5, "eta_relative": 12.4, "state": {"job_count": 1}, "current_image": None, "textinfo": None}


@pytest.fixture
def card(network: Network, spool: Spool, service: FakeService) -> Automatic1111:
    """A server that is looked at all the time."""
    settings = Settings.model_validate({"base_url": service.url, "user": "anna", "password": "sesame"})
    card = Automatic1111(Http(network, spool, settings.address, settings.headers(), seconds=5.0), settings)
    card.pause = 0.01
    return card


def wished(**more: Any) -> ImageRequest:
    return ImageRequest(LOADED, "a fox", AspectRatio.SQUARE, **more)


def slow(progress: Answer, seconds: float = 0.3) -> Callable[[Call], Answer]:
    """Draws for a while and tells this when it is asked how it goes."""
    return lambda call: progress if "progress" in call.path else Answer(json=DRAWN, delay=seconds)


def looks(service: FakeService) -> int:
    return sum("progress" in call.path for call in service.calls)


def asked(service: FakeService) -> Callable[[], Awaitable[bool]]:
    async def look() -> bool:
        return bool(service.calls)

    return look


async def drawn(card: Automatic1111, ticket: Ticket | None = None, **more: Any) -> list[GeneratedImage]:
    return await card.generate(wished(**more), ticket or Ticket())


async def test_its_progress_is_passed_on_and_asked_for_no_longer_than_it_draws(
    card: Automatic1111, service: FakeService
) -> None:
    signs: list[Sign] = []
    service.otherwise = slow(Answer(json=HALF))
    await drawn(card, Ticket(tell=signs.append))
    assert set(signs) == {Sign(seconds=12, part=0.5)}
    assert looks(service) >= len(signs)
    assert [task for task in asyncio.all_tasks() if "_keep_looking" in repr(task)] == []


@pytest.mark.parametrize(
    "progress",
    [
        Answer(500, json={"error": "KeyError", "detail": "", "errors": ""}),
        Answer(404, json={"detail": "Not Found"}),
        Answer(body=b"<html>"),
        Answer(json={"progress": "much"}),
        Answer(body=b'{"progress": NaN, "eta_relative": Infinity}'),
        Answer(fault=reset),
        Answer(json={"progress": 0.0, "eta_relative": 0.0}),
        Answer(json={"progress": 0.01, "eta_relative": 900.0}),
    ],
)
async def test_a_look_that_tells_nothing_does_not_harm_the_picture(
    card: Automatic1111, service: FakeService, progress: Answer
) -> None:
    signs: list[Sign] = []
    service.otherwise = slow(progress)
    assert len(await drawn(card, Ticket(tell=signs.append))) == 1
    assert looks(service) > 1
    assert signs == []


async def test_a_look_that_takes_for_ever_ends_with_the_picture(card: Automatic1111, service: FakeService) -> None:
    service.otherwise = slow(Answer(delay=60.0))
    async with asyncio.timeout(3.0):
        await drawn(card)


async def test_a_call_that_fails_says_why_and_ends_its_looking(card: Automatic1111, service: FakeService) -> None:
    service.otherwise = lambda call: Answer(500, json={"error": "OutOfMemoryError", "errors": ""}, delay=0.1)
    with pytest.raises(Unknown, match="OutOfMemoryError"):
        await drawn(card)
    assert [task for task in asyncio.all_tasks() if "_keep_looking" in repr(task)] == []


async def test_pictures_wait_for_the_card_one_behind_the_other(card: Automatic1111, service: FakeService) -> None:
    card.pause = 60.0
    service.otherwise = slow(Answer(json=HALF), 0.05)
    await asyncio.gather(drawn(card), drawn(card), drawn(card))
    assert (len(service.calls), service.most_at_once) == (3, 1)


async def test_a_picture_that_is_given_up_before_its_turn_never_reaches_the_card(
    card: Automatic1111, service: FakeService
) -> None:
    card.pause = 60.0
    service.otherwise = slow(Answer(json=HALF))
    async with asyncio.TaskGroup() as group:
        group.create_task(drawn(card))
        second = group.create_task(drawn(card))
        await until(asked(service), "the first is at the card")
        second.cancel()
    assert len(service.calls) == 1
    assert second.cancelled()


async def test_one_that_is_given_up_while_it_is_drawn_stops_nobody_elses(
    card: Automatic1111, service: FakeService
) -> None:
    service.otherwise = slow(Answer(json=HALF), 60.0)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.2):
            await drawn(card)
    assert {call.path.partition("?")[0] for call in service.calls} == {"/sdapi/v1/txt2img", "/sdapi/v1/progress"}
    service.otherwise = slow(Answer(json=HALF), 0.0)
    assert len(await drawn(card)) == 1


async def test_a_picture_is_changed_and_not_squeezed(card: Automatic1111, service: FakeService, tmp_path: Path) -> None:
    source = tmp_path / "source.png"
    source.write_bytes(PNG)
    service.otherwise = slow(Answer(json=HALF), 0.0)
    await drawn(card, sources=(source,))
    (call,) = service.calls
    assert call.path == "/sdapi/v1/img2img"
    assert call.json["init_images"] == [base64.b64encode(PNG).decode()]
    assert (call.json["denoising_strength"], call.json["resize_mode"]) == (0.6, 1)


async def test_the_name_and_the_password_go_as_the_server_wants_them(card: Automatic1111, service: FakeService) -> None:
    service.otherwise = slow(Answer(json=HALF), 0.0)
    await drawn(card)
    assert service.calls[0].headers["authorization"] == f"Basic {base64.b64encode(b'anna:sesame').decode()}"


async def test_without_a_password_nothing_is_shown(spool: Spool, network: Network, service: FakeService) -> None:
    settings = Settings.model_validate({"base_url": service.url})
    service.otherwise = slow(Answer(json=HALF), 0.0)
    await drawn(Automatic1111(Http(network, spool, settings.address, settings.headers()), settings))
    assert "authorization" not in service.calls[0].headers


async def test_a_list_from_a_server_without_its_api_says_so(card: Automatic1111, service: FakeService) -> None:
    service.otherwise = lambda call: Answer(404, json={"detail": "Not Found"})
    with pytest.raises(Refused, match="--api"):
        await card.refresh()
    assert card.models() == (LOADED,)


def test_it_is_on_where_its_address_is_set() -> None:
    assert not Settings().on
    assert Settings.model_validate({"base_url": "http://gpu:7860/"}).on


async def test_odd_names_are_not_shown_and_every_other_one_can_be_asked_for(
    card: Automatic1111, service: FakeService
) -> None:
    names = ["a b", "a-b", "\u202eevil", "two\nlines", "", "x" * 1000, "loaded", "模型", "日本"]
    service.will(Answer(json=[{"model_name": name} for name in names]))
    models = await card.listed()
    assert [model.memo for model in models] == ["", "a b", "模型", "日本"]
    assert len({model.key for model in models}) == 4


async def test_files_are_named_as_one_would_say_them(card: Automatic1111, service: FakeService) -> None:
    names = ["sd_xl_base_1.0", "anime/Counterfeit V3", "dreamShaper_8-pruned"]
    service.will(Answer(json=[{"model_name": name} for name in names]))
    titles = [model.title for model in await card.listed()]
    assert titles == ["AUTOMATIC1111 (loaded)", "SD XL Base 1.0", "Counterfeit V3", "DreamShaper 8 Pruned"]
