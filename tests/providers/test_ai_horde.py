"""AI Horde: coming back with a ticket, signs of life, and what is taken back."""

import base64
from typing import Any

import pytest

from bot.errors import Cause, NotNow, Refused
from bot.http import Network, Spool
from bot.images import AspectRatio, GeneratedImage, ImageRequest
from bot.jobs.runner import LeaseLost
from bot.providers import Ticket
from bot.providers.ai_horde import AiHorde, Settings
from bot.providers.base import Account, Sign
from tests.providers.conftest import KEY
from tests.providers.fake import PNG, Answer, FakeService
from tests.providers.test_contract import Hasty

DONE = {"done": True, "faulted": False, "is_possible": True, "queue_position": 0, "wait_time": 0}
DRAWN = {"generations": [{"img": base64.b64encode(PNG).decode(), "censored": False, "state": "ok"}]}


@pytest.fixture
def horde(network: Network, spool: Spool, service: FakeService) -> AiHorde:
    settings = Settings.model_validate({"api_key": KEY, "base_url": service.url})
    return AiHorde(Hasty(network, spool, settings.address, settings.headers(), seconds=5.0), settings)


def going(**more: Any) -> Answer:
    return Answer(json=DONE | {"done": False} | more)


async def drawn(horde: AiHorde, ticket: Ticket) -> list[GeneratedImage]:
    return await horde.generate(ImageRequest(horde.shipped[0], "a fox", AspectRatio.SQUARE), ticket)


def asked(service: FakeService) -> list[str]:
    return [f"{call.method} {call.path.rpartition('/v2/')[2]}" for call in service.calls]


async def test_the_order_is_kept_before_the_first_question(horde: AiHorde, service: FakeService) -> None:
    kept: list[tuple[str, int]] = []

    async def keep(remote_id: str) -> None:
        kept.append((remote_id, len(service.calls)))

    service.will(Answer(202, json={"id": "order-7", "kudos": 9}), Answer(json=DONE), Answer(json=DRAWN))
    await drawn(horde, Ticket(keep=keep))
    assert kept == [("order-7", 1)]


async def test_an_order_of_before_a_restart_is_fetched_and_not_ordered_again(
    horde: AiHorde, service: FakeService
) -> None:
    service.will(going(), Answer(json=DONE), Answer(json=DRAWN))
    (image,) = await drawn(horde, Ticket("order-7"))
    assert image.path.read_bytes() == PNG
    assert asked(service) == ["GET generate/check/order-7", "GET generate/check/order-7", "GET generate/status/order-7"]


async def test_the_place_in_the_queue_and_the_time_are_passed_on(horde: AiHorde, service: FakeService) -> None:
    signs: list[Sign] = []
    service.will(
        going(queue_position=12, wait_time=38), going(queue_position=0, wait_time=7), going(queue_position=0),
        Answer(json=DONE), Answer(json=DRAWN),
    )  # fmt: skip
    await drawn(horde, Ticket("order-7", tell=signs.append))
    assert signs == [Sign(place=12, seconds=38), Sign(seconds=7), Sign()]


@pytest.mark.parametrize("number", [-5, 10**15, 10**4000])
async def test_a_place_and_a_time_that_cannot_be_are_not_passed_on(
    horde: AiHorde, service: FakeService, number: int
) -> None:
    signs: list[Sign] = []
    service.will(going(queue_position=number, wait_time=number), Answer(json=DONE), Answer(json=DRAWN))
    await drawn(horde, Ticket("order-7", tell=signs.append))
    assert signs == [Sign()]


async def test_odd_names_are_not_shown_and_of_two_alike_the_more_usual_one_is_meant(
    horde: AiHorde, service: FakeService
) -> None:
    names = ["a b", "A-B", "\u202eevil", "two\nlines", " ", "x" * 1000, "模型", "日本"]
    service.will(Answer(json=[{"name": name, "count": 9 - place} for place, name in enumerate(names)]))
    models = await horde.listed()
    assert [model.memo for model in models] == ["a b", "模型", "日本"]
    assert len({model.key for model in models}) == 3
    assert all(model.name for model in models)


@pytest.mark.parametrize("trouble", [Answer(503, json={}), Answer(429, json={}), Answer(body=b"<html>")])
async def test_a_question_that_fails_leaves_the_order_to_come_back_to(
    horde: AiHorde, service: FakeService, trouble: Answer
) -> None:
    service.will(trouble)
    ticket = Ticket("order-7")
    with pytest.raises(NotNow):
        await drawn(horde, ticket)
    service.will(Answer(json=DONE), Answer(json=DRAWN))
    assert len(await drawn(horde, ticket)) == 1


async def test_a_canceled_picture_is_taken_out_of_the_queue(horde: AiHorde, service: FakeService) -> None:
    service.will(Answer(json={}))
    await horde.take_back("order-7")
    assert asked(service) == ["DELETE generate/status/order-7"]


async def test_an_order_that_cannot_be_kept_is_taken_out_of_the_queue(horde: AiHorde, service: FakeService) -> None:
    async def keep(remote_id: str) -> None:
        raise LeaseLost

    service.will(Answer(202, json={"id": "order-7", "kudos": 9}), Answer(json={}))
    with pytest.raises(LeaseLost):
        await drawn(horde, Ticket(keep=keep))
    assert asked(service) == ["POST generate/async", "DELETE generate/status/order-7"]


@pytest.mark.parametrize("odd", [None, 7, "x", {}, {"name": 7}, {"name": "x", "count": "many"}, {"name": None}])
async def test_one_odd_entry_does_not_spoil_the_list(horde: AiHorde, service: FakeService, odd: object) -> None:
    service.will(Answer(json=[odd, {"name": "good", "count": 3}]))
    assert [model.memo for model in await horde.listed()] == ["good"]


async def test_a_placeholder_leaves_nothing_on_the_disk(horde: AiHorde, service: FakeService, spool: Spool) -> None:
    censored = DRAWN["generations"][0] | {"censored": True}
    service.will(Answer(json=DONE), Answer(json={"generations": [censored]}))
    with pytest.raises(Refused) as caught:
        await drawn(horde, Ticket("order-7"))
    assert caught.value.cause is Cause.PROMPT_REFUSED
    assert list(spool.directory.iterdir()) == []


async def test_the_account_is_told_in_kudos(horde: AiHorde, service: FakeService) -> None:
    service.will(Answer(json={"username": "anna#7", "id": 7, "kudos": 1234.6}))
    assert await horde.account() == Account("1235 kudos")


async def test_it_is_off_without_a_key() -> None:
    assert not Settings().on
    assert Settings.model_validate({"api_key": "0000000000"}).on
