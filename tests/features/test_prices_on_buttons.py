"""A button with a price on it draws for that price or less: where it costs more by now, the new one is asked about."""

import pytest

from bot.providers.prices import OFF
from bot.sandbox.model import Chat
from bot.sandbox.people import Person
from tests.features.inlines import chosen, results, seen_as_picture
from tests.features.test_imagine import drawn, pictures, settled
from tests.features.test_models import DEFAULT, NARROW, begun, press
from tests.house import House

pytestmark = pytest.mark.usefixtures("patient_telegram")


def price(house: House, **prices: int | str) -> None:
    """What models of the sketch cost from now on."""
    house.app.pictures.providers.price({f"sketch/{name}": each for name, each in prices.items()})


async def prices(house: House) -> list[int]:
    """What was accepted, oldest first."""
    return [row["price"] for row in await house.rows("SELECT price FROM generations ORDER BY created_at, rowid")]


async def test_another_model_that_became_dearer_is_shown_at_its_new_price(house: House, anna: Person) -> None:
    chat = await begun(house, anna, [DEFAULT, NARROW])
    picture = await press(chat, await drawn(chat, "/imagine a narrow fox"), "Model", "Narrow · 2")
    price(house, narrow=12)
    said = await chat.press("Narrow", picture)
    assert said
    assert (said.text, said.alert) == ("Narrow costs 12 credits by now. Press once more if you still want it.", True)
    await chat.until(lambda chat: "Narrow · 12" in chat.message(picture.message_id).labels)
    assert await prices(house) == [1]
    price(house, narrow=7)
    await chat.press("Narrow · 12", picture)
    await chat.until(lambda chat: len(pictures(chat)) == 2)
    assert await prices(house) == [1, 7]


async def test_an_offer_in_place_of_what_is_gone_is_made_again_where_it_became_dearer(
    house: House, anna: Person
) -> None:
    chat = await begun(house, anna, [DEFAULT, NARROW])
    await drawn(chat, "/imagine a fox --model sketch/narrow")
    price(house, narrow=OFF, default=3)
    await chat.say("/imagine an owl --model sketch/narrow")
    [offer] = await chat.until(lambda chat: [each for each in chat.answers if "Draw with" in "".join(each.labels)])
    assert offer.text == "Narrow is not offered any more. Sketch would draw this, for 3 credits."
    price(house, narrow=OFF, default=9)
    said = await chat.press("Draw with", offer)
    assert said
    assert said.text.startswith("Sketch costs 9 credits by now.")
    assert await prices(house) == [2]
    await chat.until(lambda chat: chat.message(offer.message_id).labels == ("Sketch · 9",))
    await chat.press("Sketch · 9", offer)
    await chat.until(lambda chat: len(pictures(chat)) == 2)
    assert await prices(house) == [2, 9]


async def test_what_was_chosen_in_another_chat_is_drawn_for_what_was_shown(
    drawing: House, anna: Person, club: Chat
) -> None:
    talk = anna.at(club)
    asked = await talk.ask(drawing.bot, "a red fox")
    price(drawing, default=5)
    number = await talk.choose(asked, results(asked)[0]["id"])
    await talk.until(lambda talk: "costs 5 credits by now" in talk.message(number).text)
    said = await talk.press("Try again", number)
    assert said
    assert said.alert
    await talk.until(lambda talk: talk.message(number).labels == ("Draw it · 5 credits",))
    assert await prices(drawing) == []
    price(drawing, default=4)
    await talk.press("Draw it · 5 credits", number)
    await seen_as_picture(talk, number)
    await seen_as_picture(talk, await chosen(drawing, talk, "an owl"))
    await settled(drawing, 2)
    assert await prices(drawing) == [4, 4]
