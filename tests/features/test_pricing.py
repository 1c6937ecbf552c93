"""Prices that admins set in the chat: typed and pressed, asked about once, over the file, for wishes from then on."""

from pathlib import Path
from typing import Any

import pytest

from bot.imagine.rules import model_ref
from bot.offers import store
from bot.offers.rules import SetPrice
from bot.sandbox.people import Person, Talk
from bot.sandbox.server import Sandbox
from tests.features.test_models import DEFAULT, MANY, remember
from tests.features.test_panel import audit, forged, pictures, said
from tests.house import ADMIN, House
from tests.waiting import until

M0, M1, M5 = MANY[0], MANY[1], MANY[5]


@pytest.fixture
async def desk(house: House, sandbox: Sandbox, tmp_path: Path) -> Talk:
    """The private chat of an admin of a bot with many models."""
    remember(house, DEFAULT, *MANY)
    (tmp_path / "prices.toml").write_text('"sketch/m1*" = 9\n"sketch/m5" = "off"\n')
    await house.start(prices_file=tmp_path / "prices.toml")
    return sandbox.person("Ada", user_id=ADMIN, language="en").private(house.bot)


async def turned(talk: Talk, page: Any, label: str, answer: str) -> Any:
    """Press it there, and wait until the same message says this."""
    await talk.press(label, talk.message(page.message_id))
    await talk.until(lambda chat: answer in chat.message(page.message_id).text)
    return talk.message(page.message_id)


async def costs(house: House, key: str, price: int | None) -> None:
    """Wait until this counts."""

    async def counts() -> bool:
        model = house.app.pictures.providers.model(key)
        return (model.price if model else None) == price

    await until(counts, f"{key} costs {price}")


async def kept(house: House) -> dict[str, Any]:
    """What is set, by model."""
    return {row["model"]: row["price"] for row in await house.rows("SELECT model, price FROM own_prices")}


def data_of(page: Any, label: str) -> str:
    """What a button carries."""
    return str(next(one.data for row in page.keyboard for one in row if one.text == label))


async def test_a_price_is_typed_asked_about_once_and_counts_from_then_on(
    house: House, anna: Person, desk: Talk
) -> None:
    page = await said(desk, "/price m0 5", "M0 sketch/m0")
    assert "3 credits (its own price)\n→ 5 credits (set here, from now on)" in page.text
    assert await kept(house) == {}
    page = await turned(desk, page, "Yes", "Now: 5 credits (set here by Ada")
    assert "Without that: 3 credits (its own price)" in page.text
    await costs(house, M0.key, 5)
    assert await audit(house) == [(ADMIN, "price", M0.key, "3 → 5", "")]
    await said(desk, "/audit", "changed the price of sketch/m0: 3 → 5")
    chat = anna.private(house.bot)
    await chat.say("/imagine a fox --model sketch/m0")
    [picture] = await chat.until(pictures)
    assert "15 credits left" in picture.text


async def test_what_waits_keeps_its_price(house: House, anna: Person, desk: Talk) -> None:
    await house.restart(workers=1, providers=house.slow(seconds=0.6))
    chat = anna.private(house.bot)
    await chat.say("/imagine a red fox --n 2 --model sketch/m0")
    await chat.until(lambda talk: len(talk.answers) == 2)
    page = await said(desk, "/price sketch/m0 8", "1 picture that waits for it keeps its price")
    await turned(desk, page, "Yes", "8 credits")
    await costs(house, M0.key, 8)
    await chat.until(lambda talk: len(pictures(talk)) == 2)
    await house.quiet()
    rows = await house.rows("SELECT model, price FROM generations")
    assert [(row["model"], row["price"]) for row in rows] == [(M0.key, 3), (M0.key, 3)]
    assert "14" in (await said(chat, "/me", "14")).text


async def test_no_changes_nothing_and_twice_yes_is_written_once(house: House, desk: Talk) -> None:
    page = await said(desk, "/price sketch/m0 5", "→ 5 credits")
    yes = data_of(page, "Yes")
    page = await turned(desk, page, "No", "Now: 3 credits")
    assert "answered" in await forged(desk, yes, page)
    page = await said(desk, "/price sketch/m1 5", "→ 5 credits")
    yes = data_of(page, "Yes")
    assert "counts from now on" in await forged(desk, yes, page)
    for data in (yes, yes.replace("yes", "no")):
        assert "answered" in await forged(desk, data, page)
    assert (await kept(house), len(await audit(house))) == ({M1.key: 5}, 1)


async def test_a_price_stays_over_an_edit_and_a_restart_until_the_file_counts_again(
    house: House, anna: Person, desk: Talk, tmp_path: Path
) -> None:
    page = await said(desk, "/price sketch/m1 0", "9 credits (line sketch/m1* of the file)\n→ 0 credits")
    await turned(desk, page, "Yes", "0 credits (set here")
    await costs(house, M1.key, 0)
    (tmp_path / "prices.toml").write_text('"sketch/m1" = 12\n')
    house.app.pictures.providers.price_file.look()
    await costs(house, M1.key, 0)
    assert await house.stop() == []
    await anna.private(house.bot).say("/imagine a fox --model sketch/m1")
    await house.start(prices_file=tmp_path / "prices.toml")
    await anna.private(house.bot).until(pictures)
    assert await house.rows("SELECT price FROM generations") == [{"price": 0}]
    page = await said(desk, "/price sketch/m1 default", "→ 12 credits (line sketch/m1 of the file)")
    await turned(desk, page, "Yes", "Now: 12 credits (line sketch/m1 of the file)")
    await costs(house, M1.key, 12)
    assert await kept(house) == {}
    assert [line[3] for line in await audit(house)] == ["9 → 0", "0 → file (12)"]
    await said(desk, "/price sketch/m1 file", "No price was set here for M1")


async def test_a_card_steps_proposes_and_asks_and_survives_a_restart(house: House, desk: Talk, tmp_path: Path) -> None:
    page = await said(desk, "/price", "Press a model to change its price")
    page = await turned(desk, page, "M5", "not offered (line sketch/m5 of the file)")
    assert not {"Not offered", "Back to the file"} & set(page.labels)
    page = await turned(desk, page, "+10", "New: 10 credits")
    await house.restart(prices_file=tmp_path / "prices.toml")
    page = await turned(desk, page, "−1", "New: 9 credits")
    page = await turned(desk, page, "Set to 9", "not offered (line sketch/m5 of the file)\n→ 9 credits")
    page = await turned(desk, page, "Yes", "9 credits (set here by")
    await costs(house, M5.key, 9)
    page = await turned(desk, page, "Not offered", "→ not offered")
    page = await turned(desk, page, "Yes", "Now: not offered (set here")
    await costs(house, M5.key, None)
    page = await turned(desk, page, "« Back", "sketch/m5 · not offered · set here by")
    page = await turned(desk, page, "M5", "Now: not offered (set here by")
    page = await turned(desk, page, "Back to the file", "→ not offered (line sketch/m5 of the file)")
    await turned(desk, page, "Yes", "not offered (line sketch/m5")
    assert await kept(house) == {}


async def test_who_says_yes_to_what_was_changed_meanwhile_sees_how_it_is_now(house: House, desk: Talk) -> None:
    old = await said(desk, "/price sketch/m0 5", "→ 5 credits")
    new = await said(desk, "/price sketch/m0 7", "→ 7 credits")
    await turned(desk, new, "Yes", "7 credits (set here")
    assert "changed meanwhile" in await forged(desk, data_of(old, "Yes"), old)
    await desk.until(lambda talk: "7 credits (set here" in talk.message(old.message_id).text)
    assert (await kept(house), len(await audit(house))) == ({M0.key: 7}, 1)


async def test_the_nearest_is_offered_and_nonsense_is_told(house: House, desk: Talk) -> None:
    page = await said(desk, "/price skech/m0 5", "I do not know the model skech/m0. Did you mean this one?")
    assert "→ 5 credits" in page.text
    await said(desk, "/price skech/m7", "I do not know the model skech/m7")
    for words in ("/price m0 -1", "/price m0 1000001", "/price m0 2.5"):
        await desk.say(words)
    await desk.until(lambda talk: any("whole number of credits from 0 to" in one.text for one in talk.answers))
    await said(desk, "/price qqqqqqqq", "I do not know the model qqqqqqqq. /price shows")
    assert await kept(house) == {}


async def test_the_last_model_that_is_offered_stays(house: House, sandbox: Sandbox) -> None:
    remember(house, DEFAULT)
    await house.start()
    desk = sandbox.person("Ada", user_id=ADMIN, language="en").private(house.bot)
    await said(desk, "/price sketch off", "it stays on")
    page = await said(desk, "/price sketch/default", "Now: ")
    assert "stays on" in await forged(desk, data_of(page, "Not offered"), page)
    assert await audit(house) == []


async def test_what_was_set_for_a_model_that_is_not_listed_is_taken_back(house: House, desk: Talk) -> None:
    async with house.database.write() as tx:
        await store.set_price(tx, "gone/model", SetPrice(4, 1, ADMIN))
    page = await said(desk, "/price gone/model", "Its service does not list it now")
    assert page.labels == ("Back to the file", "« Back")
    page = await turned(desk, page, "Back to the file", "on 1970-01-01)\n→ what its service says")
    await turned(desk, page, "Yes", "what its service says")
    assert await kept(house) == {}
    assert "not offered any more" in await forged(desk, f"price:card:{model_ref('gone/model')}::0", page)


async def test_a_demoted_admin_and_everybody_else_sets_nothing(house: House, anna: Person, desk: Talk) -> None:
    page = await said(desk, "/price sketch/m0 5", "→ 5 credits")
    yes, ref = data_of(page, "Yes"), model_ref(M0.key)
    chat = anna.private(house.bot)
    mine = await said(chat, "/me", "20")
    every = (yes, f"price:card:{ref}::0", f"price:at:{ref}:9:0", f"price:ask:{ref}:9:0")
    for data in every:
        assert await forged(chat, data, mine) == "This is for the admins of the bot."
    await said(desk, f"/moderator {anna.user_id}", "Named a moderator")
    for data in every:
        assert "more rights" in await forged(chat, data, mine)
    await said(chat, "/price sketch/m0 5", "more rights")
    await house.restart(admin_ids=(ADMIN + 1,))
    assert await forged(desk, yes, page) == "This is for the admins of the bot."
    assert await kept(house) == {}


@pytest.mark.parametrize(
    "data", ["at:{}:x:0", "at:{}:off:0", "at:{}:1000001:0", "ask:{}:-1:0", "ask:{}::0", "set:{}:5:0", "yes:{}::0"]
)
async def test_what_no_button_of_ours_carries_asks_nothing(house: House, desk: Talk, data: str) -> None:
    page = await said(desk, "/price sketch/m0", "Now: ")
    await forged(desk, "price:" + data.format(model_ref(M0.key)), page)
    assert await house.rows("SELECT * FROM asks") == await house.rows("SELECT * FROM own_prices") == []
