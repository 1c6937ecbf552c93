"""Presets from the words of a person to the words that a service gets, and what edits of the file change."""

import os
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from bot.images import AspectRatio
from bot.imagine.grammar import WishError
from bot.imagine.making import Redraw
from bot.imagine.rules import Generation, Place, Wish
from bot.presets.rules import Preset
from bot.sandbox.people import Person, Talk
from bot.sandbox.server import Sandbox
from bot.telegram import operating
from bot.users import store as users
from tests.features.test_asking import again, drawn, vary
from tests.features.test_panel import pictures, said
from tests.features.workshop import FREE, PAID, Workshop
from tests.generations import ANNA
from tests.house import ADMIN, House

pytestmark = pytest.mark.usefixtures("patient_telegram")

INK = Preset("ink", "{prompt}, in ink", "color", AspectRatio.WIDE, FREE.key)


def offer(shop: Workshop, *presets: Preset) -> None:
    """Let there be these and no others."""
    shop.imagine.presets.file.content = presets


def asked_for(shop: Workshop) -> Sequence[str]:
    """What services were asked for, in any order."""
    return sorted(request.prompt for service in (shop.paid, shop.free) for request in service.requests)


async def test_a_preset_says_what_was_not_typed(shop: Workshop) -> None:
    offer(shop, INK)
    plain = await drawn(shop, Wish("a fox", preset="ink"))
    assert (plain.prompt, plain.negative, plain.ratio, plain.model) == ("a fox", None, AspectRatio.WIDE, FREE.key)
    [request] = shop.free.requests
    assert (request.prompt, request.negative, request.ratio) == ("a fox, in ink", "color", AspectRatio.WIDE)
    typed = await shop.ask_one(Wish("a fox", "text", AspectRatio.SQUARE, PAID.key, preset="INK"), "b")
    await shop.work()
    assert (await shop.get(typed)).model == PAID.key
    assert shop.paid.requests[0].prompt == "a fox, in ink, without text, color"
    assert shop.paid.requests[0].ratio is AspectRatio.SQUARE


async def test_what_a_preset_would_like_and_nobody_offers_is_drawn_without_a_word(shop: Workshop) -> None:
    offer(shop, replace(INK, model="paid/gone"))
    made = await drawn(shop, Wish("a fox", preset="ink"))
    assert (made.model, made.wished.model) == (PAID.key, None)


async def test_whatever_becomes_of_a_picture_keeps_its_preset(shop: Workshop) -> None:
    offer(shop, INK)
    parent = await drawn(shop, Wish("a fox", preset="ink"))
    person = await shop.person()
    offer(shop)
    async with shop.database.write() as tx:
        other = await shop.imagine.with_model(tx, Redraw(person, parent, Place(ANNA), "tap:1"), PAID)
        wide = await shop.imagine.with_ratio(tx, Redraw(person, parent, Place(ANNA), "tap:2"), AspectRatio.TALL)
    made = [other, wide, await again(shop, parent, "tap:3"), await vary(shop, parent, "tap:4")]
    assert [each.style.name for each in made if each.style] == ["ink"] * 4
    assert {each.prompt for each in made} == {"a fox"}
    await shop.work_until_done()
    assert all(prompt.startswith("a fox, in ink") for prompt in asked_for(shop))
    assert len(asked_for(shop)) == 5


async def test_an_edit_does_not_change_what_was_asked_for_before(shop: Workshop) -> None:
    offer(shop, INK)
    await shop.ask(Wish("a fox", preset="ink"))
    offer(shop, Preset("ink", "{prompt}, blotted"))
    await shop.ask(Wish("an owl", preset="ink"), "b")
    await shop.work_until_done()
    assert asked_for(shop) == ["a fox, in ink", "an owl, blotted"]


async def test_the_nearest_is_offered_for_a_slip_of_the_pen(shop: Workshop) -> None:
    offer(shop, INK, Preset("clay"))
    with pytest.raises(WishError) as caught:
        await shop.ask(Wish("a fox", preset="imk"))
    assert (caught.value.text, caught.value.fix) == ("imagine-unknown-preset", "--preset ink")
    assert caught.value.wish == Wish("a fox", preset="ink")
    assert caught.value.values == {"preset": "imk", "allowed": "ink, clay"}


async def test_a_preset_for_everything_counts_for_words_until_one_is_typed_or_it_is_off(shop: Workshop) -> None:
    offer(shop, INK, Preset("clay", "{prompt}, in clay"))
    await shop.person()
    async with shop.database.write() as tx:
        await users.choose(tx, ANNA, preset="ink")
    wishes = [Wish("a fox"), Wish("b fox", preset="clay"), Wish("c fox", preset="None")]
    styles = [_style(await shop.ask(wish, f"key:{wish.prompt}")) for wish in wishes]
    shop.imagine.presets.switch(["ink"])
    assert [*styles, _style(await shop.ask(Wish("e fox"), "off"))] == ["ink", "clay", None, None]


def _style(made: Sequence[Generation]) -> str | None:
    return made[0].style.name if made[0].style else None


async def test_a_preset_is_typed_seen_under_the_picture_and_copied_with_it(running: House, chat: Talk) -> None:
    await chat.say("/imagine a red fox --preset ink --seed 7")
    picture = (await chat.until(pictures))[0]
    assert "preset ink" in picture.text
    assert "black lines" not in picture.text
    await chat.press("Info", picture)
    await chat.until(lambda talk: any("Preset: ink" in one.text for one in talk.answers))
    assert "--preset ink --seed 7" in chat.last.text
    await chat.press("Again", picture)
    await chat.until(lambda talk: sum("preset ink" in one.text for one in talk.answers if one.photo) == 2)


async def test_the_page_of_presets_tells_how_and_keeps_one_for_everything(running: House, chat: Talk) -> None:
    page = await said(chat, "/presets", "Looks with a name")
    assert "ink – black lines on white paper" in page.text
    assert "--preset photo" in page.text
    await chat.press("ink", page)
    home = page.message_id
    await chat.until(lambda talk: any(one.button("Preset: ink") for one in talk.answers))
    await chat.say("a red fox")
    await chat.until(lambda talk: any("preset ink" in one.text for one in talk.answers if one.photo))
    await chat.press("Preset: ink", chat.message(home))
    await chat.until(lambda talk: any(one.button("✓ ink") for one in talk.answers))
    await chat.press("none", chat.message(home))
    await chat.until(lambda talk: any(one.button("Preset: none") for one in talk.answers))


async def test_many_presets_are_turned_through(house: House, anna: Person, tmp_path: Path) -> None:
    file = tmp_path / "presets.toml"
    file.write_text("\n".join(f'[p{number}]\nabout = "look {number}"' for number in range(20)))
    await house.start(presets_file=file)
    chat = anna.private(house.bot)
    page = await said(chat, "/presets", "look 7")
    assert "look 8" not in page.text
    await chat.press("→", page)
    await chat.until(lambda talk: "look 15" in talk.answers[-1].text)
    await chat.press("→", page)
    await chat.until(lambda talk: "look 19" in talk.answers[-1].text)
    assert "→" not in chat.last.labels


async def test_admins_hear_of_a_broken_edit_once_and_when_it_is_mended(
    house: House, sandbox: Sandbox, anna: Person, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(operating, "GLANCE", 0.02)
    files = {name: tmp_path / f"{name}.toml" for name in ("presets", "prices")}
    for file in files.values():
        file.write_text("")
    await house.start(presets_file=files["presets"], prices_file=files["prices"])
    boss = sandbox.person("Boss", user_id=ADMIN, language="en").private(house.bot)
    await said(boss, "/me", "20")
    for number, (name, broken) in enumerate((("presets", "[ink"), ("prices", '"*" = "dear"'))):
        _edited(files[name], broken, number)
        await boss.until(partial(_told, f"cannot read the file of {name}"))
        _edited(files[name], "", number + 5)
        await boss.until(partial(_told, f"file of {name} is whole again"))
    assert sum("I cannot read" in one.text for one in boss.answers) == 2
    chat = anna.private(house.bot)
    await said(chat, "/imagine a fox --preset ink", "no presets here")


def _told(words: str, talk: Talk) -> bool:
    return any(words in one.text for one in talk.answers)


def _edited(file: Path, text: str, second: int) -> None:
    file.write_text(text)
    os.utime(file, (second, second))
