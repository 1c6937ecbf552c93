"""`imagine-bot check` asks a service once, says what it found, and writes a cassette that the contract accepts."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.check import Wanted, check_service
from bot.draw import NoPlace
from bot.errors import SettingsError
from bot.http import Http, Network, Spool
from bot.providers import Ticket, adapters
from tests.providers.fake import Answer, Call, FakeService, picture_answer
from tests.providers.hands import Hands
from tests.providers.player import answer_of, asked

KEY = "canary-key-58231"
MODELS = {"models": {"flux": {"modality": "image", "status": "work"}, "other": {"modality": "image", "status": "work"}}}
ONLYSQ = next(adapter for adapter in adapters() if adapter.key == "onlysq")


@pytest.fixture
async def service(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[FakeService]:
    """Stands in for OnlySq, also in the settings."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ONLYSQ_API_KEY", KEY)
    async with FakeService() as service:
        monkeypatch.setenv("ONLYSQ_BASE_URL", service.url)
        service.otherwise = honest
        yield service


def honest(call: Call) -> Answer:
    return Answer(json=MODELS if call.method == "GET" else picture_answer() | {"user": f"owner of {KEY}"})


async def told(wanted: Wanted, key: str = "onlysq") -> tuple[bool, dict[str, str]]:
    found: dict[str, str] = {}
    well = await check_service(key, wanted, found.__setitem__)
    return well, found


async def test_what_is_found_is_told_line_by_line(service: FakeService) -> None:
    well, found = await told(Wanted())
    assert well
    assert (found["address"], found["key"]) == (service.url, "set")
    assert found["models"].startswith("2 listed in ")
    assert found["picture"].startswith("onlysq/flux drew a png of 16 × 9, ")
    assert KEY not in str(found)


async def test_without_drawing_nothing_is_ordered(service: FakeService) -> None:
    well, _ = await told(Wanted(draw=False))
    assert well
    assert [call.method for call in service.calls if call.method == "POST"] == []


async def test_trouble_is_told_in_plain_words_and_in_those_of_the_service(service: FakeService) -> None:
    service.otherwise = lambda call: Answer(401, json={"error": {"message": f"no such key {KEY}"}})
    well, found = await told(Wanted())
    assert not well
    assert found["models"] == found["picture"] == "OnlySq refuses the key; look at ONLYSQ_API_KEY"
    assert "no such key" in found[""]
    assert KEY not in str(found)


async def test_a_service_that_is_off_is_not_asked(service: FakeService, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ONLYSQ_API_KEY", "off")
    well, found = await told(Wanted())
    assert (well, found["key"], service.calls) == (False, "not set", [])


async def test_an_unknown_service_names_those_there_are(service: FakeService) -> None:
    with pytest.raises(SettingsError, match="onlysq"):
        await told(Wanted(), "nobody")


async def test_the_cassette_is_one_that_can_be_played(service: FakeService, tmp_path: Path) -> None:
    file = tmp_path / "onlysq.json"
    await told(Wanted(cassette=file))
    await told(Wanted(cassette=file))
    assert KEY not in file.read_text()
    story, again = json.loads(file.read_text())
    assert story == again
    assert story["turns"][-1]["headers"]["authorization"] == "Bearer KEY"
    assert story["models"] == ["onlysq/flux", "onlysq/other"]
    images = await played(story, tmp_path / "spool")
    assert [[image.format, image.width, image.height] for image in images] == story["pictures"]


async def played(story: dict[str, Any], directory: Path) -> list[Any]:
    """As the contract plays a story."""
    async with FakeService() as service, Network(Hands()) as network:
        service.will(*map(answer_of, story["turns"]))
        settings = ONLYSQ.Settings.model_validate({"api_key": KEY, "base_url": service.url})
        provider = ONLYSQ(Http(network, Spool(directory), settings.address, settings.headers()), settings)
        await provider.refresh()
        images = await provider.generate(asked(provider, **story["request"]), Ticket())
        assert [(call.method, call.path) for call in service.calls] == [
            (turn["method"], turn["path"]) for turn in story["turns"]
        ]
        return images


async def test_a_failure_makes_a_cassette_too(service: FakeService, tmp_path: Path) -> None:
    service.otherwise = lambda call: (
        Answer(json=MODELS) if call.method == "GET" else Answer(429, json={"error": "wait"})
    )
    await told(Wanted(cassette=tmp_path / "onlysq.json"))
    [story] = json.loads((tmp_path / "onlysq.json").read_text())
    assert story["error"] == ["NotNow", "rate-limited"]
    assert story["turns"][-1]["status"] == 429


@pytest.mark.parametrize("held", ["[{", "{}", None])
async def test_a_cassette_that_cannot_be_written_stops_before_anything_is_asked(
    service: FakeService, tmp_path: Path, held: str | None
) -> None:
    file = tmp_path / ("nope/onlysq.json" if held is None else "onlysq.json")
    if held is not None:
        file.write_text(held)
    with pytest.raises(NoPlace, match=r"onlysq\.json (cannot be written to: no such file|is no cassette: )"):
        await told(Wanted(cassette=file))
    assert service.calls == []


async def test_no_cassette_is_recorded_through_a_path_that_would_not_play(
    service: FakeService, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", f"{service.url}/v1")
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    with pytest.raises(SettingsError, match="leave /v1 out"):
        await told(Wanted(cassette=tmp_path / "openai.json"), "openai")
    assert service.calls == []


async def test_a_list_that_is_not_there_is_told_by_the_address(service: FakeService) -> None:
    service.otherwise = lambda call: Answer(404)
    _, found = await told(Wanted(draw=False))
    assert found["models"] == "OnlySq has no list of models at this address; look at ONLYSQ_BASE_URL"
