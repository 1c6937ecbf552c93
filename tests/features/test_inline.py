"""`@bot a red fox` in other people's chats: shown at once what is there, drawn once what was chosen."""

import json

import pytest

from bot.sandbox.faults import Lost
from bot.sandbox.model import Chat
from bot.sandbox.people import Person, Talk
from bot.telegram import store
from bot.telegram.store import Incoming
from tests.features.inlines import DRAW, chosen, offered, results, seen_as_picture
from tests.features.test_imagine import drawn, settled
from tests.house import House
from tests.waiting import until

pytestmark = pytest.mark.usefixtures("patient_telegram")

SLOW = 30.0


async def test_what_is_chosen_becomes_the_picture_through_the_storage_chat_and_is_paid_once(
    drawing: House, anna: Person, club: Chat, storage: Chat
) -> None:
    talk = anna.at(club)
    number = await chosen(drawing, talk, "a red fox --ar 16:9 --seed 7")
    message = await seen_as_picture(talk, number)
    assert "a red fox" in message.text
    assert "16:9 · seed 7" in message.text
    assert "credits left" not in message.text  # others read it
    assert message.labels == ("Draw your own",)
    await settled(drawing, 1)
    [stored] = storage.messages.values()
    assert (stored.text, stored.markup) == ("", None)
    assert message.photo is not None
    assert stored.media is not None
    assert message.photo.file_id == stored.media.file.file_id


async def test_typing_spends_and_draws_nothing(drawing: House, anna: Person, club: Chat) -> None:
    for words in ("a", "a red", "a red fox", "a red fox --ar"):
        await anna.at(club).ask(drawing.bot, words)
    asked = await anna.at(club).ask(drawing.bot, "a red fox --ar 16:9")
    assert offered(asked) == ["draw"]
    [result] = results(asked)
    assert result["title"] == "Draw: a red fox"
    assert result["description"] == "Sketch · 1 credit · 20 credits left"
    assert drawing.sandbox.calls_of("answerInlineQuery")[-1].values["is_personal"] is True
    assert drawing.sandbox.calls_of("answerInlineQuery")[-1].values["cache_time"] == 0
    assert await drawing.rows("SELECT * FROM entries WHERE kind = 'hold'") == []
    assert await drawing.rows("SELECT * FROM generations") == []


async def test_a_message_has_one_picture_however_many_are_wished_and_says_so(
    drawing: House, anna: Person, club: Chat
) -> None:
    [result] = results(await anna.at(club).ask(drawing.bot, "an owl --n 4"))
    assert result["description"] == "Sketch · 1 credit · 20 credits left · one picture in a message"
    await seen_as_picture(anna.at(club), await chosen(drawing, anna.at(club), "an owl --n 4"))
    await settled(drawing, 1)


async def test_what_cannot_be_drawn_as_typed_is_told_instead(drawing: House, anna: Person, club: Chat) -> None:
    asked = await anna.at(club).ask(drawing.bot, "a fox --ar 16:0")
    [result] = results(asked)
    assert "I cannot draw 16:0" in result["title"]


async def test_own_pictures_that_match_are_sent_at_once_and_for_nothing(
    drawing: House, anna: Person, boris: Person, club: Chat
) -> None:
    await drawn(anna.private(drawing.bot), "/imagine a Red Fox in the snow")
    await drawn(anna.private(drawing.bot), "/imagine an owl")
    await settled(drawing, 2)
    talk = anna.at(club)
    assert offered(await talk.ask(drawing.bot, "")) == ["own", "own"]
    asked = await talk.ask(drawing.bot, "fox red")
    assert offered(asked) == ["draw", "own"]
    number = await talk.choose(asked, results(asked)[1]["id"])
    assert talk.message(number).photo is not None
    assert offered(await boris.at(club).ask(drawing.bot, "fox")) == ["draw"]
    assert len(await drawing.rows("SELECT * FROM generations")) == 2


async def test_deleted_pictures_are_not_offered(drawing: House, anna: Person, club: Chat) -> None:
    chat = anna.private(drawing.bot)
    picture = await drawn(chat)
    await settled(drawing, 1)
    await chat.press("Delete", picture)
    await chat.until(lambda chat: chat.message(picture.message_id).button("Delete this picture"))
    await chat.press("Delete this picture", picture)
    await drawing.quiet()
    assert offered(await anna.at(club).ask(drawing.bot, "fox")) == ["draw"]


async def test_without_feedback_the_button_draws_and_only_for_its_owner(
    drawing: House, anna: Person, boris: Person, club: Chat
) -> None:
    drawing.bot.feedback = False
    talk = anna.at(club)
    number = await chosen(drawing, talk, "an owl")
    assert talk.message(number).labels == (DRAW,)
    answer = await boris.at(club).press(DRAW, number)
    assert answer is not None
    assert (answer.text, answer.alert) == ("These buttons belong to whoever asked for the picture.", True)
    assert await drawing.rows("SELECT * FROM generations") == []
    await talk.press(DRAW, number)
    await seen_as_picture(talk, number)
    await settled(drawing, 1)


async def test_in_our_own_chat_it_is_one_wish_and_what_was_chosen_is_no_other(drawing: House, anna: Person) -> None:
    chat = anna.private(drawing.bot)
    await drawn(chat, "/imagine an owl")
    number = await chosen(drawing, chat, "a lighthouse")
    await seen_as_picture(chat, number)
    asked = await chat.ask(drawing.bot, "owl")
    await chat.choose(asked, results(asked)[1]["id"])
    await drawing.quiet()
    assert len(await drawing.rows("SELECT * FROM generations")) == 2
    assert len(chat.answers) == 1


async def test_a_forged_press_reaches_into_no_inline_message_of_somebody_else(
    drawing: House, anna: Person, boris: Person, club: Chat
) -> None:
    drawing.bot.feedback = False
    theirs, mine = anna.at(club), boris.at(club)
    number = await chosen(drawing, theirs, "an owl")
    await seen_as_picture(mine, await _pressed(mine, await chosen(drawing, mine, "a fox")))
    [own] = await drawing.rows("SELECT generation_id FROM generations")
    forged = [mine.press_data(f"{action}:{own['generation_id']}", number) for action in ("again", "models", "back")]
    await mine.until(lambda _: all(query.answer for query in forged))
    await drawing.quiet()
    assert theirs.message(number).edits == 0
    assert len(await drawing.rows("SELECT * FROM generations")) == 1


async def _pressed(talk: Talk, number: int) -> int:
    await talk.press(DRAW, number)
    return number


async def test_what_was_chosen_long_ago_waits_for_its_button(drawing: House, anna: Person, club: Chat) -> None:
    talk = anna.at(club)
    drawing.bot.feedback = False
    number = await chosen(drawing, talk, "an owl")
    await drawing.quiet()
    wire = {"result_id": talk.message(number).buttons[0].data, "from": anna.user.wire(), "query": "an owl"}
    late = {
        "update_id": 1,
        "chosen_inline_result": wire | {"inline_message_id": next(iter(drawing.sandbox.world.inline))},
    }
    async with drawing.database.write() as tx:
        taken = Incoming(1, f"user:{anna.user_id}", json.dumps(late), 0)
        await store.put_update(tx, drawing.bot.user.user_id, taken, drawing.app.ground.clock.now() - 86_400)
    await drawing.restart(storage_chat_id=drawing.app.ground.settings.storage_chat_id)
    await drawing.quiet()
    assert await drawing.rows("SELECT * FROM generations") == []
    await talk.press(DRAW, number)
    await seen_as_picture(talk, number)


async def test_chosen_and_pressed_is_one_picture(drawing: House, anna: Person, club: Chat) -> None:
    talk = anna.at(club)
    asked = await talk.ask(drawing.bot, "an owl")
    number = await talk.choose(asked, results(asked)[0]["id"])
    talk.begin_press(DRAW, number)
    await seen_as_picture(talk, number)
    await drawing.quiet()
    assert len(await drawing.rows("SELECT * FROM generations")) == 1


async def test_the_note_tells_how_it_goes_and_is_cancelled_by_its_owner(
    house: House, anna: Person, boris: Person, club: Chat, storage: Chat
) -> None:
    await house.start(storage_chat_id=storage.chat_id, providers=house.slow(SLOW))
    talk = anna.at(club)
    number = await chosen(house, talk, "an owl")
    await talk.until(lambda talk: "Cancel" in talk.message(number).labels)
    await talk.until(lambda talk: "Drawing" in talk.message(number).text)
    await boris.at(club).press("Cancel", number)
    assert "Cancel" in talk.message(number).labels
    await talk.press("Cancel", number)
    await talk.until(lambda talk: talk.message(number).text.startswith("Cancelled. Nothing was charged."))
    [ended] = await house.rows("SELECT status FROM generations")
    assert ended["status"] == "cancelled"


async def test_a_cancelled_one_is_tried_again_in_its_own_message(
    house: House, anna: Person, club: Chat, storage: Chat
) -> None:
    await house.start(storage_chat_id=storage.chat_id, providers=house.slow(SLOW))
    talk = anna.at(club)
    number = await chosen(house, talk, "an owl")
    await talk.until(lambda talk: "Cancel" in talk.message(number).labels)
    await talk.press("Cancel", number)
    await talk.until(lambda talk: "Try again" in talk.message(number).labels)
    await house.restart(storage_chat_id=storage.chat_id)
    await talk.press("Try again", number)
    await seen_as_picture(talk, number)
    await settled(house, 1)


async def test_a_restart_in_the_middle_goes_on(house: House, anna: Person, club: Chat, storage: Chat) -> None:
    await house.start(storage_chat_id=storage.chat_id, providers=house.slow(SLOW))
    talk = anna.at(club)
    number = await chosen(house, talk, "an owl")
    await talk.until(lambda talk: "Drawing" in talk.message(number).text)
    await house.restart(storage_chat_id=storage.chat_id)
    await seen_as_picture(talk, number)
    await settled(house, 1)


async def test_a_file_that_telegram_has_is_not_uploaded_again(
    drawing: House, anna: Person, club: Chat, storage: Chat
) -> None:
    drawing.sandbox.fault("editMessageMedia", lost=Lost.AFTER)
    talk = anna.at(club)
    await seen_as_picture(talk, await chosen(drawing, talk, "an owl"))
    await settled(drawing, 1)
    assert len(storage.messages) == 1


async def test_an_upload_with_an_unknown_end_leaves_a_copy_in_the_storage_chat_and_one_charge(
    drawing: House, anna: Person, club: Chat, storage: Chat
) -> None:
    drawing.sandbox.fault("sendPhoto", lost=Lost.AFTER)
    talk = anna.at(club)
    await seen_as_picture(talk, await chosen(drawing, talk, "an owl"))
    await settled(drawing, 1)
    assert len(storage.messages) == 2


async def test_too_few_credits_are_told_in_the_message_and_nothing_is_held(
    house: House, anna: Person, club: Chat, storage: Chat
) -> None:
    await house.start(storage_chat_id=storage.chat_id, daily_credits=0)
    talk = anna.at(club)
    number = await chosen(house, talk, "an owl")
    await talk.until(lambda talk: "ask whoever runs this bot for more" in talk.message(number).text)
    assert await house.rows("SELECT * FROM generations") == []
    async with house.database.write() as tx:
        await house.app.ground.ledger.grant(tx, anna.user_id, 1, "a gift")
    await talk.press("Try again", number)
    await seen_as_picture(talk, number)
    await settled(house, 1)


async def test_a_message_that_was_deleted_costs_nothing(house: House, anna: Person, club: Chat, storage: Chat) -> None:
    await house.start(storage_chat_id=storage.chat_id, providers=house.slow(1.0))
    talk = anna.at(club)
    number = await chosen(house, talk, "an owl")
    await talk.until(lambda talk: "Cancel" in talk.message(number).labels)
    await talk.delete(number)

    async def ended() -> bool:
        return [row["status"] for row in await house.rows("SELECT status FROM generations")] == ["failed"]

    await until(ended, "it is given up")
    assert await house.rows("SELECT * FROM entries WHERE kind = 'settle'") == []


async def test_without_a_storage_chat_own_pictures_are_there_and_one_sentence_says_why_no_more(
    running: House, anna: Person, club: Chat
) -> None:
    await drawn(anna.private(running.bot), "/imagine a fox")
    await settled(running, 1)
    asked = await anna.at(club).ask(running.bot, "fox")
    assert offered(asked) == ["said", "own"]
    assert "has not set up drawing" in results(asked)[0]["title"]


async def test_strangers_are_told_whom_to_ask(house: House, anna: Person, club: Chat, storage: Chat) -> None:
    await house.start(storage_chat_id=storage.chat_id, access="members")
    asked = await anna.at(club).ask(house.bot, "a fox")
    [result] = results(asked)
    assert result["title"].startswith("I draw for invited people only.")
    assert result["description"] == str(anna.user_id)
    assert await house.rows("SELECT * FROM wishes") == []


async def test_a_guest_is_asked_and_draws_when_its_button_is_pressed(
    drawing: House, anna: Person, boris: Person, club: Chat
) -> None:
    drawing.bot.guest = True
    talk = anna.at(club)
    asked = await talk.say("@imagine_test_bot a lighthouse --seed 3")
    note = (await talk.until(lambda talk: [each for each in talk.answers if each.labels]))[0]
    assert (note.labels, note.reply_to) == ((DRAW,), asked)
    await boris.at(club).press(DRAW, note)
    assert await drawing.rows("SELECT * FROM generations") == []
    await talk.press(DRAW, note)
    picture = await seen_as_picture(talk, note.message_id)
    assert "a lighthouse" in picture.text
    await settled(drawing, 1)
