"""Models, prices and presets in the panel: looked at, switched, written down; by admins and nobody else."""

import os
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from bot.imagine.rules import model_ref
from bot.sandbox.people import Person, Talk
from bot.sandbox.server import Sandbox
from tests.features.test_models import DEFAULT, MANY, remember
from tests.features.test_panel import audit, forged, pictures, pressed, said
from tests.house import ADMIN, House
from tests.waiting import until

pytestmark = pytest.mark.usefixtures("patient_telegram")

M0 = MANY[0]


@pytest.fixture
async def desk(house: House, sandbox: Sandbox, tmp_path: Path) -> Talk:
    """The private chat of an admin of a bot with many models."""
    remember(house, DEFAULT, *MANY)
    (tmp_path / "prices.toml").write_text('"sketch/m1*" = 9\n"sketch/m5" = "off"\n')
    await house.start(prices_file=tmp_path / "prices.toml")
    return sandbox.person("Ada", user_id=ADMIN, language="en").private(house.bot)


async def opened(desk: Talk, *labels: str) -> Any:
    """The page behind these buttons of the panel."""
    page = await said(desk, "/admin", "Today")
    for label in labels:
        before = desk.message(page.message_id).text
        await desk.press(label, desk.message(page.message_id))
        await desk.until(partial(_changed, page.message_id, before))
    return desk.message(page.message_id)


def _changed(number: int, before: str, talk: Talk) -> bool:
    return talk.message(number).text != before


def _shows(number: int, label: str, talk: Talk) -> bool:
    return label in talk.message(number).labels


async def offered(house: House, key: str, *, on: bool) -> None:
    """Wait until this counts."""

    async def counts() -> bool:
        return (house.app.pictures.providers.model(key) is not None) is on

    await until(counts, f"{key} is {'on' if on else 'off'}")


async def test_a_model_is_turned_off_and_on_and_preferred_and_each_is_written_down(
    house: House, anna: Person, desk: Talk
) -> None:
    page = await opened(desk, "Models", "Sketch · 20 of 21 on")
    assert "🚫 M5 · not offered" in page.text
    for label, after in (("🟢 M0", "⚪ M0"), ("⚪ M0", "🟢 M0"), ("☆", "★")):
        await desk.press(label, desk.message(page.message_id))
        await desk.until(partial(_shows, page.message_id, after))
        await offered(house, M0.key, on=after != "⚪ M0")
    chat = anna.private(house.bot)
    await said(desk, "/audit", "turned sketch/m0 off")
    assert [line[1:3] for line in await audit(house)] == [
        ("switch-off", M0.key),
        ("switch-on", M0.key),
        ("switch-prefer", DEFAULT.key),
    ]
    await house.quiet()
    assert house.app.pictures.providers.models()[0].key == DEFAULT.key
    await chat.say("/imagine a fox --model sketch/m0")
    await chat.until(pictures)


async def test_a_model_that_is_turned_off_twice_is_written_down_once(house: House, desk: Talk) -> None:
    page = await opened(desk, "Models", "Sketch · 20 of 21 on")
    for what in ("off", "off", "on", "on"):
        await forged(desk, f"offer:{what}:{model_ref(M0.key)}:0", page)
    assert [line[1:3] for line in await audit(house)] == [("switch-off", M0.key), ("switch-on", M0.key)]


async def test_many_models_are_turned_through(desk: Talk) -> None:
    page = await opened(desk, "Models", "Sketch · 20 of 21 on")
    assert "←" not in page.labels
    for first in ("🟢 M7", "🟢 M15"):
        await desk.press("→", desk.message(page.message_id))
        await desk.until(partial(_shows, page.message_id, first))
    assert "→" not in desk.message(page.message_id).labels
    await desk.press("« Back", desk.message(page.message_id))
    await desk.until(partial(_shows, page.message_id, "Sketch · 20 of 21 on"))


async def test_what_waits_for_a_model_that_is_turned_off_is_told_and_drawn_by_another(
    house: House, anna: Person, desk: Talk
) -> None:
    await house.restart(workers=1, providers=house.slow(seconds=1))
    chat = anna.private(house.bot)
    await chat.say("/imagine a red fox --n 2 --model sketch/m0")
    await chat.until(lambda talk: len(talk.answers) == 2)
    page = await opened(desk, "Models", "Sketch · 21 of 21 on")
    answer = await desk.press("🟢 M0", page)
    assert "goes to another model" in str(answer)
    await chat.until(lambda talk: len(pictures(talk)) == 2)
    await house.quiet()
    drawn = [row["model"] for row in await house.rows("SELECT model FROM generations ORDER BY started_at, model")]
    assert (len(drawn), drawn.count(M0.key)) == (2, 1)


async def test_the_last_model_stays_on(house: House, sandbox: Sandbox) -> None:
    remember(house, DEFAULT)
    await house.start()
    desk = sandbox.person("Ada", user_id=ADMIN, language="en").private(house.bot)
    page = await opened(desk, "Models", "Sketch · 1 of 1 on")
    assert "stays on" in await forged(desk, f"offer:off:{model_ref(DEFAULT.key)}:0", page)
    assert await audit(house) == []


async def test_prices_tell_where_they_come_from_and_whether_the_file_counts(
    house: House, desk: Talk, tmp_path: Path
) -> None:
    page = await opened(desk, "Prices")
    assert "sketch/default · 1 credit · its own price" in page.text
    assert "sketch/m1 · 9 credits · sketch/m1*" in page.text
    assert "sketch/m5 · not offered · sketch/m5" in page.text
    assert "lines of your file of prices" in page.text
    await desk.press("→", page)
    await desk.until(partial(_shows, page.message_id, "←"))
    file = tmp_path / "prices.toml"
    file.write_text('\n"*" = "dear"')
    os.utime(file, ns=(1, 1))
    house.app.pictures.providers.price_file.look()
    assert "look at line 2" in (await opened(desk, "Prices")).text


async def test_a_preset_is_turned_off_and_on_and_what_was_drawn_with_it_can_be_varied(
    house: House, anna: Person, desk: Talk
) -> None:
    chat = anna.private(house.bot)
    await chat.say("/imagine a fox --preset ink")
    [picture] = await chat.until(pictures)
    page = await opened(desk, "Presets")
    assert "🟢 ink – black lines on white paper" in page.text
    await desk.press("🟢 ink", page)
    await desk.until(partial(_shows, page.message_id, "⚪ ink"))
    await house.quiet()
    await said(chat, "/imagine an owl --preset ink", "do not know the preset ink")
    await chat.press("Again", picture)
    await chat.until(lambda talk: sum("preset ink" in one.text for one in pictures(talk)) == 2)
    await pressed(desk, "⚪ ink", "🟢 ink")
    await house.quiet()
    assert house.app.pictures.presets.named("ink") is not None
    assert [line[1:3] for line in await audit(house)] == [("switch-off", "preset:ink"), ("switch-on", "preset:ink")]


@pytest.mark.parametrize("data", ["models::0", "prices::0", "hide:{ink}:0", "off:{m0}:0", "prefer:{m0}:0"])
async def test_nobody_else_looks_or_switches(house: House, anna: Person, desk: Talk, data: str) -> None:
    chat = anna.private(house.bot)
    page = await said(chat, "/me", "20")
    words = data.format(ink=model_ref("ink"), m0=model_ref(M0.key))
    assert await forged(chat, f"offer:{words}", page) == "This is for the admins of the bot."
    assert await house.rows("SELECT * FROM provider_switches") == []


async def test_a_moderator_switches_nothing(house: House, anna: Person, desk: Talk) -> None:
    chat = anna.private(house.bot)
    page = await said(chat, "/me", "20")
    await said(desk, f"/moderator {anna.user_id}", "Named a moderator")
    for data in ("models::0", f"off:{model_ref(M0.key)}:0", f"hide:{model_ref('ink')}:0"):
        assert "more rights" in await forged(chat, f"offer:{data}", page)
    assert await house.rows("SELECT * FROM provider_switches") == []


@pytest.mark.parametrize("data", ["off:00000000:0", "hide:00000000:0", "paint::0", f"off:{model_ref(M0.key)}:-7"])
async def test_what_no_button_of_ours_carries_changes_nothing_else(house: House, desk: Talk, data: str) -> None:
    page = await opened(desk, "Presets")
    await forged(desk, f"offer:{data}", page)
    found = await house.rows("SELECT name FROM provider_switches")
    assert [row["name"] for row in found] == ([M0.key] if data.endswith("-7") else [])
