"""Many models, few abilities, and models that go: as people see them, through the whole bot."""

import json
import os
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import pytest

from bot.errors import SettingsError
from bot.images import AspectRatio, ImageModel
from bot.providers.onlysq import Settings as OnlySqSettings
from bot.sandbox.people import Person, Talk
from bot.sandbox.views import Seen
from tests.features.test_imagine import answer, drawn, opened, pictures
from tests.house import House

pytestmark = pytest.mark.usefixtures("patient_telegram")

DEFAULT = ImageModel("sketch/default", "Sketch", seed=True, most=4)
NARROW = ImageModel("sketch/narrow", "Narrow", ratios=(AspectRatio.SQUARE, AspectRatio.WIDE), price=2)
ROUND = ImageModel("sketch/round", "Round", ratios=(AspectRatio.SQUARE,))
MANY = tuple(ImageModel(f"sketch/m{number}", f"M{number}", price=3) for number in range(20))


def remember(house: House, *models: ImageModel) -> None:
    """What the services offered last, as the next life of the bot finds it."""
    by_service: dict[str, list[dict[str, object]]] = {}
    for model in models:
        by_service.setdefault(model.provider, []).append(asdict(model))
    (house.data_dir / "models.json").write_text(json.dumps(by_service))


async def begun(house: House, anna: Person, models: Sequence[ImageModel], **changes: object) -> Talk:
    """Anna's chat with a bot that offers these."""
    remember(house, *models)
    await house.start(**changes)
    return anna.private(house.bot)


async def press(chat: Talk, message: Seen, label: str, shows: str) -> Seen:
    """The message after a press that brings a button with a label like this."""
    await chat.press(label, message)
    await chat.until(lambda chat: any(shows in each for each in chat.message(message.message_id).labels))
    return chat.message(message.message_id)


async def test_what_a_model_cannot_do_is_done_as_near_as_it_can_and_said(house: House, anna: Person) -> None:
    chat = await begun(house, anna, [DEFAULT, NARROW])
    picture = await drawn(chat, "/imagine a fox --model sketch/narrow --ar 21:9 --seed 7")
    assert "16:9 instead of 21:9 · Narrow takes no seed" in picture.text.splitlines()
    await chat.press("Ratio", picture)
    menu = await opened(chat, picture, "✓ 16:9")
    assert menu.labels == ("1:1", "✓ 16:9", "« Back")


async def test_where_there_is_one_ratio_none_is_offered(house: House, anna: Person) -> None:
    chat = await begun(house, anna, [DEFAULT, ROUND])
    assert "Ratio" not in (await drawn(chat, "/imagine a fox --model sketch/round")).labels
    assert "Ratio" in (await drawn(chat, "/imagine a fox --model sketch/default")).labels


async def test_a_chosen_model_that_goes_is_drawn_by_the_nearest_and_both_are_named(house: House, anna: Person) -> None:
    chat = await begun(house, anna, [DEFAULT, NARROW])
    before = await drawn(chat, "/imagine a narrow bridge")
    await chat.press("Model", before)
    await opened(chat, before, "Narrow · 2")
    await chat.press("Narrow · 2", before)
    await chat.until(lambda chat: len(pictures(chat)) == 2)
    file = house.data_dir / "models.json"
    kept = {"sketch": [asdict(DEFAULT)], "*": [asdict(NARROW)]}
    await house.quiet()
    file.write_text(json.dumps(kept))
    await house.restart()
    picture = await drawn(chat, "/imagine an owl")
    assert "Sketch drew this in place of Narrow" in picture.text
    await chat.press("Again", pictures(chat)[1])
    await chat.until(lambda chat: len(pictures(chat)) == 4)
    assert "Sketch drew this in place of Narrow" in pictures(chat)[3].text
    settings = await answer(chat, "/settings")
    assert "Narrow is not offered at present. Sketch draws in its place." in settings.text
    assert "Model: Sketch" in settings.labels


async def test_many_models_are_found_by_service_under_a_picture_and_in_the_settings(house: House, anna: Person) -> None:
    other = ImageModel("onlysq/flux", "Flux")
    services = {**house.slow(0), "onlysq": OnlySqSettings(base_url="http://127.0.0.1:9")}
    chat = await begun(house, anna, [DEFAULT, *MANY, other], providers=services)
    picture = await drawn(chat)
    first = await press(chat, picture, "Model", "OnlySq")
    assert first.labels == ("✓ Sketch · 21 models", "OnlySq · 1 model", "« Back")
    second = await press(chat, picture, "✓ Sketch · 21 models", "M3 · 3")
    assert second.labels[0] == "✓ Sketch · 1"
    assert second.labels[-2:] == ("→", "« Back")
    await press(chat, picture, "→", "M19 · 3")
    await press(chat, picture, "« Back", "OnlySq")
    await press(chat, picture, "« Back", "Again")
    settings = await answer(chat, "/settings")
    shown = await press(chat, settings, "Model: Sketch", "OnlySq")
    assert shown.labels == ("✓ Sketch · 21 models", "OnlySq · 1 model", "« Back")
    await press(chat, settings, "OnlySq · 1 model", "Flux")
    await press(chat, settings, "Flux · 1", "Model: Flux")


async def test_buttons_from_before_there_were_many_still_work(house: House, anna: Person) -> None:
    services = {**house.slow(0), "onlysq": OnlySqSettings(base_url="http://127.0.0.1:9")}
    chat = await begun(house, anna, [DEFAULT, *MANY, ImageModel("onlysq/flux", "Flux")], providers=services)
    picture = await drawn(chat)
    subject = (picture.buttons[0].data or "").partition(":")[2]
    chat.press_data(f"models:{subject}:1", picture)
    await opened(chat, picture, "OnlySq · 1 model")
    settings = await answer(chat, "/settings")
    chat.press_data((settings.buttons[0].data or "").removesuffix(":") + ":1", settings)
    await opened(chat, settings, "OnlySq · 1 model")


async def test_the_operators_prices_are_shown_held_and_kept_with_the_picture(
    house: House, anna: Person, tmp_path: Path
) -> None:
    file = tmp_path / "prices.toml"
    file.write_text('"sketch/*" = 4\n"sketch/m*" = "off"\n')
    chat = await begun(house, anna, [DEFAULT, *MANY], prices_file=file)
    picture = await drawn(chat)
    assert picture.text.endswith("16 credits left")
    menu = await press(chat, picture, "Model", "Back")
    assert menu.labels == ("✓ Sketch · 4", "« Back")
    file.write_text('"sketch/*" = 6\n')
    os.utime(file, ns=(1, 1))
    assert house.app.pictures.providers.price_file.look()
    assert (await drawn(chat, "an owl")).text.endswith("10 credits left")
    assert [row["price"] for row in await house.rows("SELECT price FROM generations ORDER BY created_at, price")] == [
        4,
        6,
    ]


async def test_a_broken_file_of_prices_is_told_at_the_start(house: House, tmp_path: Path) -> None:
    (tmp_path / "prices.toml").write_text('"sketch/*" = cheap\n')
    with pytest.raises(SettingsError, match="line 1"):
        await house.start(prices_file=tmp_path / "prices.toml")


async def test_a_model_that_went_since_the_buttons_were_shown_brings_those_there_are(
    house: House, anna: Person
) -> None:
    chat = await begun(house, anna, [DEFAULT, NARROW])
    picture = await drawn(chat, "/imagine a narrow bridge")
    await press(chat, picture, "Model", "Narrow")
    await house.quiet()
    remember(house, DEFAULT)
    await house.restart()
    told = await chat.press("Narrow · 2", picture)
    assert told is not None
    assert told.text == "This model is not offered any more. Please choose another one."
    await chat.until(lambda chat: chat.message(picture.message_id).labels == ("✓ Sketch · 1", "« Back"))
