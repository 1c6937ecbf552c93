"""Presets that admins write in the chat: typed, asked about once, drawn with, deleted."""

from functools import partial
from typing import Any

import pytest

from bot.imagine.rules import model_ref
from bot.sandbox.people import Person, Talk
from bot.sandbox.server import Sandbox
from tests.features.test_panel import audit, forged, pictures, said
from tests.features.test_pricing import data_of, turned
from tests.house import ADMIN, House
from tests.waiting import until


@pytest.fixture
def desk(running: House, sandbox: Sandbox) -> Talk:
    """The private chat of an admin."""
    return sandbox.person("Ada", user_id=ADMIN, language="en").private(running.bot)


async def offered(house: House, name: str, *, there: bool = True) -> None:
    """Wait until this counts."""

    async def counts() -> bool:
        return (house.app.pictures.presets.named(name) is not None) is there

    await until(counts, f"{name} is {'there' if there else 'gone'}")


async def kept(house: House) -> list[dict[str, Any]]:
    """What is written."""
    return await house.rows("SELECT name, words, negative, ratio, model FROM own_presets ORDER BY name")


def _told(words: str, talk: Talk) -> bool:
    return any(words in one.text for one in talk.answers)


async def test_a_preset_is_written_drawn_with_and_deleted_while_a_picture_waits(
    running: House, anna: Person, desk: Talk
) -> None:
    page = await said(desk, "/preset Oils soft oils on canvas --ar 3:4 —no photo --model sketch", "New preset: oils")
    assert '{prompt}, soft oils on canvas --ar 3:4 --model sketch/default --no "photo"' in page.text
    assert "“a red fox” is then asked for as a red fox, soft oils on canvas" in page.text
    assert await kept(running) == []
    page = await turned(desk, page, "Yes", "set here by Ada")
    await offered(running, "oils")
    await running.restart(workers=1, providers=running.slow(seconds=0.6))
    await offered(running, "oils")
    chat = anna.private(running.bot)
    await chat.say("/imagine a fox --preset oils")
    await chat.until(lambda talk: talk.answers)
    page = await turned(desk, page, "Delete", "Delete the preset oils")
    await turned(desk, page, "Yes", "There is no preset oils now")
    await offered(running, "oils", there=False)
    [picture] = await chat.until(pictures)
    assert "preset oils" in picture.text
    await said(chat, "/imagine an owl --preset oils", "do not know the preset oils")
    await chat.press("Again", picture)
    await chat.until(lambda talk: len(pictures(talk)) == 2)
    ratios = await running.rows("SELECT ratio, style FROM generations")
    assert {row["ratio"] for row in ratios} == {"3:4"}
    assert all("soft oils on canvas" in row["style"] for row in ratios)
    assert [line[1:4] for line in await audit(running)] == [
        ("preset", "preset:oils", f"– → {(shown := _typed('soft oils on canvas'))}"),
        ("preset-delete", "preset:oils", f"{shown} → –"),
    ]


def _typed(words: str) -> str:
    return f'{{prompt}}, {words} --ar 3:4 --model sketch/default --no "photo"'


async def test_one_of_the_bots_own_is_written_over_and_comes_back(running: House, desk: Talk) -> None:
    page = await said(desk, "/preset ink {prompt}, blotted ink", "→")
    assert "ink drawing" in page.text
    page = await turned(desk, page, "Yes", "set here by Ada")
    assert "the ink of before counts again" in page.text
    await said(desk, "/preset", "🟢 ink")
    page = await turned(desk, page, "Delete", "Then this one counts again")
    page = await turned(desk, page, "Yes", "one of those that I come with")
    assert "Delete" not in page.labels
    assert await kept(running) == []


async def test_a_page_leads_to_the_card_of_each(running: House, desk: Talk) -> None:
    page = await said(desk, "/preset", "Presets")
    page = await turned(desk, page, "✎", "one of those that I come with")
    assert page.text.startswith("photo – a photograph in natural light")
    page = await turned(desk, page, "« Back", "watercolor")
    page = await said(desk, "/preset imk", "I do not know the preset imk. Did you mean this one?")
    assert "one of those that I come with" in page.text
    await said(desk, "/preset zzzzzzzz", "There are: photo")


async def test_what_is_not_quite_right_is_mended_or_told(running: House, desk: Talk) -> None:
    page = await said(desk, "/preset oils in oils --ar 3:5", "I cannot draw 3:5")
    assert "Then it would be:" in page.text
    assert "{prompt}, in oils --ar 9:16" in page.text
    page = await said(desk, "/preset wide --ar 16:9 --model skech/defalt", "the nearest is sketch/default")
    assert "{prompt} --ar 16:9 --model sketch/default" in page.text
    await turned(desk, page, "Yes", "set here by Ada")
    assert await kept(running) == [
        {"name": "wide", "words": "{prompt}", "negative": None, "ratio": "16:9", "model": "sketch/default"}
    ]
    await desk.say("/preset none in oils")
    await desk.say("/preset o.ils in oils")
    await desk.say("/preset oils in oils --seed 7")
    await desk.say(f"/preset oils {'o' * 1001}")
    for words in ("stands for no preset", "letters, digits, - and _", "--ar --model --no", "1,001 letters long"):
        await desk.until(partial(_told, words))


async def test_twice_yes_writes_once_and_what_changed_meanwhile_is_left_alone(running: House, desk: Talk) -> None:
    old = await said(desk, "/preset oils in oils", "New preset")
    new = await said(desk, "/preset oils in water", "in water")
    yes = data_of(new, "Yes")
    assert "counts from now on" in await forged(desk, yes, new)
    assert "answered" in await forged(desk, yes, new)
    assert "changed meanwhile" in await forged(desk, data_of(old, "Yes"), old)
    await desk.until(lambda talk: "in water" in talk.message(old.message_id).text)
    assert [row["words"] for row in await kept(running)] == ["{prompt}, in water"]
    assert len(await audit(running)) == 1
    await said(desk, "/preset oils in water", "already")


async def test_nobody_else_writes_or_deletes(running: House, anna: Person, desk: Talk) -> None:
    page = await said(desk, "/preset oils in oils", "New preset")
    chat = anna.private(running.bot)
    mine = await said(chat, "/me", "20")
    every = (data_of(page, "Yes"), f"look:card:{model_ref('ink')}:0", f"look:drop:{model_ref('ink')}:0")
    for data in every:
        assert await forged(chat, data, mine) == "This is for the admins of the bot."
    await said(desk, f"/moderator {anna.user_id}", "Named a moderator")
    for data in every:
        assert "more rights" in await forged(chat, data, mine)
    assert "nothing to delete" in await forged(desk, f"look:drop:{model_ref('ink')}:0", page)
    for data in (f"look:paint:{model_ref('ink')}:0", "look:card:00000000:0", "look:yes:x:0"):
        await forged(desk, data, page)
    assert (await kept(running), len(await audit(running))) == ([], 1)
