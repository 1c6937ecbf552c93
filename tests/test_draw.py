"""`imagine-bot draw`, with a service that goes wrong."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.bar import Bar
from bot.draw import Drawn, draw_to_files
from bot.errors import SettingsError
from bot.imagine.rules import Wish
from bot.plain import NotDrawn
from tests.providers.fake import PNG, Answer, FakeService, picture_answer

MODELS = {"models": {f"m{number}": {"modality": "image", "status": "work"} for number in range(30)}}


@pytest.fixture
async def service(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[FakeService]:
    """Stands in for OnlySq, also in the settings."""
    monkeypatch.chdir(tmp_path)
    async with FakeService() as service:
        monkeypatch.setenv("ONLYSQ_BASE_URL", service.url)
        yield service


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


async def trouble(model: str = "onlysq/flux", sources: tuple[Path, ...] = (), count: int = 1) -> tuple[Drawn, str]:
    drawn = Drawn()
    wish = Wish("a red fox", model=model, count=count)
    with pytest.raises((NotDrawn, SettingsError)) as caught:
        await draw_to_files(wish, sources, Path("fox.jpg"), Bar(), drawn)
    return drawn, str(caught.value)


async def test_what_was_drawn_before_one_fails_is_kept(service: FakeService, tmp_path: Path) -> None:
    service.will(Answer(json=picture_answer()), Answer(json=picture_answer()), Answer(402, json={"error": "no money"}))
    drawn, said = await trouble(count=3)
    assert [path.name for path in drawn.paths] == ["fox.jpg", "fox-2.jpg"]
    assert names_in(tmp_path) == ["fox-2.jpg", "fox.jpg"]
    assert "fox.jpg holds a PNG, whatever its name says" in drawn.notes
    assert said.startswith("the account at OnlySq is used up\nRefused no-funds")


async def test_a_refused_key_is_told_by_the_name_of_its_setting(service: FakeService) -> None:
    service.otherwise = lambda call: Answer(401, json={})
    _, said = await trouble()
    assert said.startswith("OnlySq refuses the key; look at ONLYSQ_API_KEY\n")


async def test_a_service_without_a_list_is_told_by_its_address(service: FakeService) -> None:
    service.otherwise = lambda call: Answer(404)
    _, said = await trouble("onlysq/other")
    assert said.startswith("OnlySq has no list of models at this address; look at ONLYSQ_BASE_URL\n")


async def test_a_long_list_of_models_is_cut(service: FakeService) -> None:
    service.otherwise = lambda call: Answer(json=MODELS)
    _, said = await trouble("onlysq/other")
    first, *lines = said.splitlines()
    assert first == "no service that is on draws with onlysq/other; there is:"
    assert (len(lines), lines[0], lines[-1]) == (11, "  onlysq/m0", "  and 20 more")


async def test_a_model_that_changes_no_pictures_is_not_asked(service: FakeService, tmp_path: Path) -> None:
    (tmp_path / "day.png").write_bytes(PNG)
    _, said = await trouble(sources=(tmp_path / "day.png",))
    assert said == "onlysq/flux changes no pictures; there is: none"
    assert service.calls == []
