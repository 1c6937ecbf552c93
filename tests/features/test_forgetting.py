"""/forget over the wire: what is said, asked, sent, deleted, and what is left of it."""

import json

import pytest

from bot.chats import store as chats
from bot.chats.service import fill
from bot.privacy import export
from bot.sandbox.people import Person, Talk
from bot.sandbox.views import Seen
from tests.house import ADMIN, House
from tests.waiting import until

pytestmark = pytest.mark.usefixtures("patient_telegram")

WORDS = "a heron in the reeds"


async def drawn(talk: Talk, words: str = WORDS) -> Seen:
    """A picture that was asked for."""
    known = len(talk.messages)
    await talk.say(f"/imagine {words}")
    return (await talk.until(lambda talk: [each for each in talk.messages[known:] if each.photo]))[0]


async def asked(talk: Talk) -> Seen:
    """The page of /forget."""
    known = len(talk.messages)
    await talk.say("/forget")
    return (await talk.until(lambda talk: [each for each in talk.messages[known:] if each.button("Keep it")]))[0]


async def forgotten(talk: Talk) -> None:
    """Press, and wait for the last word."""
    page = await asked(talk)
    await talk.press("Delete everything", page)
    await talk.until(lambda talk: talk.last.text == "Everything about you is forgotten.", timeout=10)


async def test_the_page_counts_what_would_go_and_deletes_nothing_yet(chat: Talk, running: House) -> None:
    await drawn(chat)
    page = await asked(chat)
    assert "1 picture in your history, 0 favorites, 0 drafts for channels" in page.text
    assert "must let you in" not in page.text
    await chat.press("Keep it", page)
    await chat.until(lambda chat: chat.message(page.message_id).text == "Nothing was deleted.")
    assert [row["n"] for row in await running.rows("SELECT count(*) AS n FROM generations WHERE prompt <> ''")] == [1]


async def test_after_a_press_everything_is_gone_and_the_books_balance(chat: Talk, running: House) -> None:
    await drawn(chat)
    await forgotten(chat)
    assert await running.rows("SELECT * FROM users") == []
    assert await running.rows("SELECT * FROM shelf") == []
    [drawing] = await running.rows("SELECT user_id, prompt, status, price FROM generations")
    assert (drawing["prompt"], drawing["status"]) == ("", "delivered")
    assert drawing["user_id"] < 0
    async with running.database.read() as tx:
        assert await running.app.ground.ledger.audit(tx) == []


async def test_a_second_press_and_an_old_page_delete_no_new_life(chat: Talk, running: House) -> None:
    page = await asked_after_me(chat)
    await chat.press("Delete everything", page)
    await chat.until(lambda chat: chat.last.text == "Everything about you is forgotten.", timeout=10)
    await drawn(chat)
    [born] = await running.rows("SELECT created_at FROM users")
    query = chat.press_data(f"forget:all:{chat.chat_id}:{born['created_at'] - 100}", page)
    await chat.until(lambda chat: query.answer and "That page was old" in str(query.answer.get("text")))
    await running.quiet()
    assert len(await running.rows("SELECT * FROM users")) == 1


async def test_whoever_was_forgotten_by_a_clock_that_ran_ahead_may_leave_again(chat: Talk, running: House) -> None:
    await running.database.vault.destroy(chat.chat_id, 4_102_444_800)
    await drawn(chat)
    await forgotten(chat)
    assert await running.rows("SELECT * FROM users") == []


async def asked_after_me(talk: Talk) -> Seen:
    await talk.say("/me")
    await talk.until(lambda talk: talk.answers)
    return await asked(talk)


async def test_what_is_being_drawn_is_cancelled_and_given_back(house: House, anna: Person) -> None:
    await house.start(providers=house.slow(seconds=60))
    talk = anna.private(house.bot)
    await talk.say(f"/imagine {WORDS}")
    await talk.until(lambda talk: talk.answers and talk.last.button("Cancel"))
    page = await asked(talk)
    assert "1 picture is on its way: it is cancelled" in page.text
    await talk.press("Delete everything", page)
    await talk.until(lambda talk: talk.last.text == "Everything about you is forgotten.", timeout=10)
    [left] = await house.rows("SELECT status, prompt FROM generations")
    assert (left["status"], left["prompt"]) == ("cancelled", "")
    assert not any(message.button("Cancel") for message in talk.answers)


async def test_everything_is_sent_as_one_readable_file(chat: Talk, running: House) -> None:
    await drawn(chat)
    page = await asked(chat)
    await chat.press("Send me everything first", page)
    file = (await chat.until(lambda chat: [each.document for each in chat.messages if each.document]))[0]
    assert file.name == "imagine-bot.json"
    told = json.loads(file.content)
    assert told["telegram_id"] == chat.chat_id
    assert [picture["prompt"] for picture in told["pictures"]] == [WORDS]
    assert {line["kind"] for line in told["ledger"]} >= {"grant"}
    assert told["pictures"][0]["created_at"].startswith("20")
    assert not list((running.data_dir / "spool").iterdir())


async def test_old_buttons_tell_whoever_was_forgotten_that_the_picture_is_gone(chat: Talk, running: House) -> None:
    picture = await drawn(chat)
    await forgotten(chat)
    again = next(str(button.data) for row in picture.keyboard for button in row if button.text == "Again")
    query = chat.press_data(again, picture)
    await chat.until(lambda chat: query.answer)
    assert (query.answer or {}).get("text") == "This picture was deleted."


async def test_in_a_group_it_is_between_the_two(running: House, anna: Person) -> None:
    club = running.sandbox.group("Friends", anna, running.bot)
    talk = anna.at(club)
    await talk.say("/forget")
    lead = (await talk.until(lambda talk: talk.answers))[-1]
    assert "send /forget in our private chat" in lead.text
    private = anna.private(running.bot)
    await private.say("/start forget")
    await private.until(lambda talk: talk.last.button("Keep it"))


async def test_a_button_of_somebody_else_is_refused(chat: Talk, running: House) -> None:
    page = await asked_after_me(chat)
    query = chat.press_data(f"forget:all:{ADMIN}:1", page)
    await chat.until(lambda chat: query.answer)
    assert "somebody else" in str((query.answer or {}).get("text"))
    await running.quiet()
    assert len(await running.rows("SELECT * FROM users")) == 1


async def test_a_banned_person_may_leave_and_stays_banned(chat: Talk, running: House) -> None:
    await chat.say("/me")
    await chat.until(lambda chat: chat.answers)
    async with running.database.write() as tx:
        await tx.execute("UPDATE users SET banned = 1, banned_until = 4102444800", {})
    await forgotten(chat)
    await chat.say("/imagine a fox")
    await chat.until(lambda chat: "2100-01-01" in chat.last.text)
    assert await running.rows("SELECT * FROM users") == []
    assert await running.rows("SELECT * FROM balances WHERE user_id > 0") == []


async def test_whoever_is_forgotten_and_blocks_the_bot_stays_forgotten(chat: Talk, running: House) -> None:
    await drawn(chat)
    await forgotten(chat)
    chat.block()
    await running.quiet()
    assert await running.rows("SELECT * FROM users") == []


async def test_a_stranger_hears_that_nothing_is_kept(house: House, anna: Person) -> None:
    await house.start(access="members")
    talk = anna.private(house.bot)
    await talk.say("/forget")
    await talk.until(lambda talk: talk.answers and talk.last.text.startswith("I keep no words"))
    assert await house.rows("SELECT * FROM users") == []


async def test_a_member_hears_that_they_must_be_let_in_again(house: House, anna: Person) -> None:
    await house.start(access="members")
    async with house.database.write() as tx:
        await tx.execute("INSERT INTO users (user_id, member, created_at) VALUES (:id, 1, 0)", {"id": anna.user_id})
    talk = anna.private(house.bot)
    assert "must let you in again" in (await asked(talk)).text


async def test_credits_of_today_do_not_come_twice(chat: Talk, running: House) -> None:
    await drawn(chat)
    [paid] = await running.rows("SELECT price FROM generations")
    await forgotten(chat)
    await chat.say("/me")
    await chat.until(lambda chat: f"{20 - paid['price']} credits left" in chat.last.text)


async def test_a_share_of_a_pot_does_not_come_twice_on_a_day(running: House, anna: Person) -> None:
    group = running.sandbox.group("Friends", anna, running.bot)
    async with running.database.write() as tx:
        await fill(tx, running.app.ground.ledger, group.chat_id, 5, "gift")
        await chats.change(tx, group.chat_id, share=1)
    talk = anna.private(running.bot)
    await drawn(anna.at(group))
    await forgotten(talk)
    await drawn(anna.at(group))
    await running.quiet()
    paid = await running.rows("SELECT user_id FROM entries WHERE kind = 'settle' ORDER BY user_id")
    assert [row["user_id"] for row in paid] == [group.chat_id, anna.user_id]


@pytest.mark.parametrize("die", ["before", "after"])
async def test_a_restart_on_the_way_does_not_stop_it(chat: Talk, running: House, die: str) -> None:
    await drawn(chat)
    page = await asked(chat)
    await chat.press("Delete everything", page)
    if die == "after":
        await until(lambda: running.rows("SELECT 1 AS n FROM jobs WHERE kind = 'forget'"), "it begins")
    await running.restart()
    await chat.until(lambda chat: chat.last.text == "Everything about you is forgotten.", timeout=20)
    assert await running.rows("SELECT * FROM users") == []


async def test_of_a_very_long_history_the_newest_fits_and_the_rest_is_counted(chat: Talk, running: House) -> None:
    for words in ("a heron", "an owl"):
        await drawn(chat, words)
    whole = await export.made(running.database, chat.chat_id, 1, largest=10**9)
    cut = await export.made(running.database, chat.chat_id, 1, largest=0)
    assert {picture["prompt"] for picture in json.loads(whole.content)["pictures"]} == {"a heron", "an owl"}
    assert json.loads(cut.content)["pictures"] == []
    assert (whole.left_out, cut.left_out) == (0, 2)


async def test_one_row_that_makes_no_sense_keeps_nobody_from_the_others(chat: Talk, running: House) -> None:
    await drawn(chat)
    async with running.database.write() as tx:
        await tx.execute("UPDATE generations SET sources = 'no JSON'", {})
    whole = await export.made(running.database, chat.chat_id, 1)
    [picture] = json.loads(whole.content)["pictures"]
    assert (picture["prompt"], picture["sources"]) == (WORDS, "no JSON")
    async with running.database.write() as tx:
        await tx.execute("UPDATE generations SET sources = NULL", {})


async def test_what_a_refused_file_was_for_is_over(chat: Talk, running: House) -> None:
    page = await asked_after_me(chat)
    await chat.press("Send me everything first", page)
    chat.block()
    await running.quiet()
    assert await running.rows("SELECT * FROM jobs") == []
