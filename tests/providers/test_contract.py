"""What every provider must keep, checked for each one that is found in the folder: no line here knows a service.

A provider that asks over the network has a cassette `cassettes/<key>.json`, a list of stories:
`title`, `request` (model, prompt, ratio …), `turns` (what is asked, what is answered: `reply` is JSON, `text` any
text, `base64` a file), and what comes of it:
`pictures` as format, width, height, or `error` as class and cause. With `refresh` the list of models is fetched first
and must be `models`. The word KEY stands for the key.
"""

import asyncio
import json
from collections.abc import Iterator
from typing import Any

import pytest

import bot.errors
from bot.config import example
from bot.errors import NotNow, ProviderError
from bot.http import Http, Network, Spool
from bot.providers import Provider, Ticket
from tests.providers import fake
from tests.providers.conftest import KEY
from tests.providers.fake import Answer, Call, FakeService
from tests.providers.player import ADAPTERS, CASSETTES, REMOTE, answer_of, asked, cassette

STATUSES = [300, 302, 400, 401, 402, 403, 404, 418, 422, 429, 500, 502, 503, 504, 520]
NONSENSE = [
    b"",
    b"null",
    b"[]",
    b"7",
    b'"words"',
    b"<html>",
    b"{}",
    b"\xff\xfe",
    b'{"files":',
    b"[" * 100_000,
    b'{"files":{},"images":{},"data":{}}',
    b'{"files":"x","images":"x","data":"x"}',
    b'{"files":[{}],"images":[{}],"data":[{}]}',
    b'{"files":["eA=="],"images":["eA=="],"data":["eA=="]}',
]


class Hasty(Http):
    """Waits for nothing but answers."""

    async def pause(self, seconds: float) -> None:
        await asyncio.sleep(0)


def stories() -> Iterator[Any]:
    for adapter in REMOTE:
        for story in cassette(adapter):
            yield pytest.param(adapter, story, id=f"{adapter.key}: {story['title']}")


@pytest.fixture
def build(network: Network, spool: Spool, service: FakeService) -> Any:
    def provider(adapter: type[Provider]) -> Provider:
        settings = adapter.Settings.model_validate({"api_key": KEY, "base_url": service.url})
        return adapter(Hasty(network, spool, settings.address, settings.headers(), seconds=5.0), settings)

    return provider


def orders(service: FakeService) -> list[str]:
    """Where pictures were ordered; to look around is free."""
    return [call.path for call in service.calls if call.method == "POST"]


def check_call(call: Call, turn: dict[str, Any]) -> None:
    assert (call.method, call.path) == (turn["method"], turn["path"])
    assert (json.loads(call.body) if call.body else None) == turn["json"]
    for name, value in turn["headers"].items():
        assert call.headers[name] == value.replace("KEY", KEY)


@pytest.mark.parametrize(("adapter", "story"), list(stories()))
async def test_the_cassette_is_played_to_its_end(
    build: Any, service: FakeService, adapter: type[Provider], story: dict[str, Any]
) -> None:
    service.will(*map(answer_of, story["turns"]))
    provider = build(adapter)
    if story.get("refresh"):
        await provider.refresh()
        assert [model.key for model in provider.models()] == story["models"]
    if "error" in story:
        kind, cause = story["error"]
        with pytest.raises(getattr(bot.errors, kind)) as caught:
            await provider.generate(asked(provider, **story["request"]), Ticket())
        assert caught.value.cause == cause
    else:
        images = await provider.generate(asked(provider, **story["request"]), Ticket())
        assert [[image.format, image.width, image.height] for image in images] == story["pictures"]
    assert len(service.calls) == len(story["turns"])
    for call, turn in zip(service.calls, story["turns"], strict=True):
        check_call(call, turn)


@pytest.mark.parametrize("adapter", REMOTE, ids=lambda adapter: adapter.key)
@pytest.mark.parametrize("status", STATUSES)
async def test_every_status_becomes_an_error_of_ours_after_one_order(
    build: Any, service: FakeService, adapter: type[Provider], status: int
) -> None:
    service.otherwise = lambda call: Answer(status, json={"error": {"message": f"<b>{KEY}</b>"}})
    provider = build(adapter)
    with pytest.raises(ProviderError) as caught:
        await provider.generate(asked(provider), Ticket())
    assert "api_key" not in adapter.Settings.model_fields or KEY not in str(caught.value)
    # Where there is nothing, nothing was ordered: another address may be tried, the same one may not.
    assert len(orders(service)) <= 1 or (status == 404 and len(set(orders(service))) == len(orders(service)))
    assert service.calls


@pytest.mark.parametrize("adapter", REMOTE, ids=lambda adapter: adapter.key)
@pytest.mark.parametrize("body", NONSENSE)
async def test_every_nonsense_becomes_an_error_of_ours(
    build: Any, service: FakeService, spool: Spool, adapter: type[Provider], body: bytes
) -> None:
    service.otherwise = lambda call: Answer(body=body)
    provider = build(adapter)
    with pytest.raises(ProviderError):
        await provider.generate(asked(provider), Ticket())
    assert list(spool.directory.iterdir()) == []


@pytest.mark.parametrize("adapter", REMOTE, ids=lambda adapter: adapter.key)
@pytest.mark.parametrize("fault", [fake.reset, fake.reset_in_headers, fake.cut_off, fake.trickle])
async def test_a_broken_connection_is_not_tried_again(
    build: Any, service: FakeService, adapter: type[Provider], fault: fake.Fault
) -> None:
    service.otherwise = lambda call: Answer(json=fake.picture_answer(30), fault=fault)
    provider = build(adapter)
    with pytest.raises(ProviderError) as caught:
        await provider.generate(asked(provider), Ticket())
    # What never was ordered may be asked for again.
    assert len(orders(service)) == (0 if isinstance(caught.value, NotNow) else 1)


@pytest.mark.parametrize("adapter", REMOTE, ids=lambda adapter: adapter.key)
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_the_key_is_shown_to_no_other_host(
    build: Any, service: FakeService, adapter: type[Provider], status: int
) -> None:
    async with FakeService() as sink:
        service.otherwise = lambda call: Answer(status, json={}, headers={"Location": f"{sink.url}/steal"})
        provider = build(adapter)
        with pytest.raises(ProviderError):
            await provider.generate(asked(provider), Ticket())
        assert sink.calls == []
    assert all(KEY not in call.path for call in service.calls)


@pytest.mark.parametrize("adapter", ADAPTERS, ids=lambda adapter: adapter.key)
def test_file_class_key_and_cassette_have_one_name(adapter: type[Provider]) -> None:
    assert adapter.__module__ == f"bot.providers.{adapter.key}"
    assert adapter.__name__.casefold() == adapter.key.replace("_", "")
    assert (CASSETTES / f"{adapter.key}.json").exists() == (adapter in REMOTE)


@pytest.mark.parametrize("adapter", ADAPTERS, ids=lambda adapter: adapter.key)
def test_its_models_can_be_offered(adapter: type[Provider]) -> None:
    keys = [model.key for model in adapter.shipped]
    assert keys
    assert len(set(keys)) == len(keys)
    for model in adapter.shipped:
        assert model.provider == adapter.key
        assert model.name
        assert model.title
        assert model.ratios
        assert model.price >= 1
        assert model.most >= 1
        assert model.prompt_limit >= 100


@pytest.mark.parametrize("adapter", ADAPTERS, ids=lambda adapter: adapter.key)
def test_its_settings_are_explained_to_the_operator(adapter: type[Provider]) -> None:
    for field in adapter.Settings.model_fields.values():
        assert field.description
        assert field.description in example()
