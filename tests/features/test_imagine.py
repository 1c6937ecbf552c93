"""Wishes, notes and buttons as people live them, through the whole bot."""

import asyncio

import pytest
from pydantic import SecretStr

from bot.imagine.rules import STALE
from bot.sandbox.faults import Lost
from bot.sandbox.people import Person, Talk
from bot.sandbox.server import Sandbox
from bot.sandbox.views import Seen
from bot.telegram.api import Api
from tests.house import House
from tests.waiting import until

pytestmark = pytest.mark.usefixtures("patient_telegram")

SLOW = 30.0


def pictures(chat: Talk) -> list[Seen]:
    return [message for message in chat.answers if message.picture and message.labels]


async def drawn(chat: Talk, words: str = "/imagine a fox --seed 7") -> Seen:
    """The picture of these words, asked for and waited for."""
    before = len(pictures(chat))
    await chat.say(words)
    return (await chat.until(lambda chat: pictures(chat)[before:]))[0]


async def answer(chat: Talk, words: str) -> Seen:
    """What the bot says to these words."""
    before = len(chat.answers)
    await chat.say(words)
    return (await chat.until(lambda chat: chat.answers[before:]))[0]


async def opened(chat: Talk, message: Seen, label: str) -> Seen:
    """The message once it has a button with this label."""
    await chat.until(lambda chat: label in chat.message(message.message_id).labels)
    return chat.message(message.message_id)


def files(chat: Talk) -> list[Seen]:
    return [message for message in chat.answers if message.document]


async def settled(house: House, count: int) -> None:
    """Wait until so many pictures are paid. A picture is seen a moment before it is."""

    async def enough() -> bool:
        return len(await house.rows("SELECT * FROM entries WHERE kind = 'settle'")) == count

    await until(enough, f"{count} are paid")


async def test_plain_words_and_the_answer_to_the_question_are_wishes(chat: Talk) -> None:
    assert "an owl" in (await drawn(chat, "an owl")).text
    question = await answer(chat, "/imagine")
    assert question.text == "What shall I draw? Describe it in a few words."
    await chat.say("a teapot", reply_to=question)
    await chat.until(lambda chat: len(pictures(chat)) == 2)


async def test_flags_without_words_wait_for_the_words(chat: Talk) -> None:
    question = await answer(chat, "/imagine --ar 16:9")
    assert question.text.endswith("--ar 16:9")
    await chat.say("a green hill", reply_to=question)
    [picture] = await chat.until(pictures)
    assert "16:9" in picture.text
    assert "a green hill" in picture.text


async def test_more_flags_than_fit_into_the_question_leave_it_a_question(chat: Talk) -> None:
    long = '/imagine --no "' + "rain, " * 670 + '"'
    assert (await answer(chat, long)).text.startswith("What shall I draw?")
    picture = await drawn(chat, "a lake")
    await chat.press("Edit", picture, timeout=None)
    asked = await chat.until(
        lambda chat: next((each for each in chat.answers if "What should change?" in each.text), None)
    )
    await chat.say(long, reply_to=asked)
    await chat.until(lambda chat: "What should change?" in chat.last.text and "rain" in chat.last.text)


async def test_the_question_of_another_bot_is_not_ours(running: House, sandbox: Sandbox, anna: Person) -> None:
    running.bot.privacy = False
    other = sandbox.add_bot("7000000043:other", "other_bot")
    group = sandbox.group("Friends", anna, running.bot, other)
    api = Api(sandbox.url, SecretStr(other.token))
    text = "What shall I draw? Describe it in a few words.\n--n 4"
    asked = await api.call("sendMessage", chat_id=group.chat_id, text=text)
    await api.close()
    await anna.at(group).say("a lake", reply_to=asked["message_id"])
    await drawn(anna.at(group), "/imagine an owl")
    assert [row["prompt"] for row in await running.rows("SELECT prompt FROM generations")] == ["an owl"]


async def test_what_should_not_be_there_is_told_under_the_picture(chat: Talk) -> None:
    assert "without people, cars" in (await drawn(chat, '/imagine a street --no "people, cars"')).text


async def test_a_model_that_nobody_knows_is_answered_with_those_there_are(chat: Talk) -> None:
    said = await answer(chat, "/imagine a fox --model onlysq/flx")
    assert "There are: sketch/default" in said.text
    assert said.labels == ("Draw with --model sketch/default",)


async def test_what_is_no_wish_is_answered_once_for_a_while(chat: Talk) -> None:
    said = await answer(chat, "/bogus")
    assert said.text.startswith("I draw from words")
    await chat.say("/bogus")
    await chat.say("/me")
    await chat.until(lambda chat: len(chat.answers) == 2)
    assert "credits" in chat.answers[-1].text


async def test_a_caption_tells_how_it_was_drawn_and_what_is_left(chat: Talk) -> None:
    picture = await drawn(chat)
    assert "a fox" in picture.text
    assert "1:1 · seed 7 · 1\xa0s" in picture.text
    assert picture.text.endswith("19 credits left")


async def test_several_pictures_each_have_their_own_note(chat: Talk, running: House) -> None:
    await chat.say("/imagine a fox --n 3")
    await chat.until(lambda chat: len(pictures(chat)) == 3)
    assert len(chat.answers) == 3
    await settled(running, 3)


async def test_a_mistake_is_mended_by_its_button_and_spends_nothing(chat: Talk, running: House) -> None:
    mistake = await answer(chat, "/imagine a fox --ar 16:10")
    assert "I cannot draw 16:10" in mistake.text
    assert mistake.labels == ("Draw with --ar 3:2",)
    assert await running.rows("SELECT * FROM generations") == []
    await chat.press("Draw with --ar 3:2")
    [picture] = await chat.until(pictures)
    assert "3:2" in picture.text
    await settled(running, 1)


async def test_an_unknown_model_offers_the_nearest(chat: Talk) -> None:
    mistake = await answer(chat, "/imagine a fox --model sketch/defalt")
    assert mistake.labels == ("Draw with --model sketch/default",)


async def test_words_that_are_too_many_are_told_before_anything_is_spent(chat: Talk, running: House) -> None:
    told = await answer(chat, "/imagine " + "x" * 4000)
    assert "at most" in told.text
    assert await running.rows("SELECT * FROM generations") == []


async def test_an_edited_wish_is_not_drawn_again(chat: Talk, running: House) -> None:
    message = await chat.say("/imagine a fox")
    await chat.until(pictures)
    await chat.edit(message, "/imagine a wolf")
    await drawn(chat, "an owl")
    assert len(await running.rows("SELECT * FROM generations")) == 2


async def test_cancel_stops_the_drawing_and_charges_nothing(house: House, anna: Person) -> None:
    await house.start(providers=house.slow(SLOW))
    chat = anna.private(house.bot)
    note = await answer(chat, "/imagine a fox")
    assert "Cancel" in note.labels
    toast = await chat.press("Cancel")
    assert toast is not None
    assert toast.text == "Cancelled. Nothing was charged."
    await chat.until(lambda chat: "Cancelled." in chat.last.text and chat.last.labels == ("Try again",))
    assert await house.rows("SELECT * FROM entries WHERE kind = 'settle'") == []


async def test_a_double_tap_does_one_thing(chat: Talk, running: House) -> None:
    picture = await drawn(chat)
    first, second = chat.begin_press("Again", picture), chat.begin_press("Again", picture)
    await chat.until(lambda _: first.answer is not None and second.answer is not None)
    said = {str((query.answer or {}).get("text")) for query in (first, second)}
    assert said == {"On it.", "I am already drawing that."}
    assert len(await running.rows("SELECT * FROM generations")) == 2


async def test_vary_keeps_the_seed_and_draws_something_else(chat: Talk) -> None:
    picture = await drawn(chat)
    await chat.press("Vary", picture)
    one, two = await chat.until(lambda chat: pictures(chat) if len(pictures(chat)) == 2 else [])
    assert "seed 7 · variation 1" in two.text
    assert one.picture is not None
    assert two.picture is not None
    assert one.picture.content != two.picture.content


async def test_another_ratio_is_drawn_and_kept(chat: Talk) -> None:
    picture = await drawn(chat)
    await chat.press("Ratio", picture)
    menu = await opened(chat, picture, "16:9")
    assert menu.labels[0] == "✓ 1:1"
    assert len(menu.labels) == 12
    toast = await chat.press("16:9", picture)
    assert toast is not None
    assert "16:9" in toast.text
    await chat.until(lambda chat: len(pictures(chat)) == 2 and "16:9" in pictures(chat)[1].text)
    await opened(chat, picture, "Again")
    assert "16:9" in (await drawn(chat, "an owl")).text


async def test_another_model_is_drawn_and_marked(chat: Talk) -> None:
    picture = await drawn(chat)
    await chat.press("Model", picture)
    menu = await opened(chat, picture, "« Back")
    assert menu.labels[0].startswith("✓ ")
    await chat.press("« Back", picture)
    await opened(chat, picture, "Again")
    await chat.press("Model", picture)
    await opened(chat, picture, "« Back")
    await chat.press(menu.labels[0], picture)
    await chat.until(lambda chat: len(pictures(chat)) == 2)


async def test_the_original_comes_as_a_file_and_the_second_time_by_its_id(chat: Talk, running: House) -> None:
    picture = await drawn(chat)
    await chat.press("Original", picture)
    await chat.until(lambda chat: len(files(chat)) == 1)
    await chat.press("Original", picture)
    one, two = await chat.until(lambda chat: files(chat) if len(files(chat)) == 2 else [])
    assert one.document is not None
    assert two.document is not None
    assert one.document.content == two.document.content
    [row] = await running.rows("SELECT original_id FROM generations")
    assert row["original_id"] is not None


async def test_info_tells_how_to_draw_it_again(chat: Talk) -> None:
    picture = await drawn(chat)
    await chat.press("Info", picture)
    [info] = await chat.until(lambda chat: [message for message in chat.answers if "Size" in message.text])
    assert "/imagine a fox --ar 1:1 --model sketch/default --seed 7" in info.text
    assert info.labels == ("Copy the command",)


async def test_delete_asks_once_and_takes_the_picture_back(chat: Talk) -> None:
    picture = await drawn(chat)
    await chat.press("Delete", picture)
    await opened(chat, picture, "Keep it")
    await chat.press("Keep it", picture)
    await opened(chat, picture, "Again")
    await chat.press("Delete", picture)
    await opened(chat, picture, "Keep it")
    await chat.press("Delete this picture", picture)
    await chat.until(lambda chat: not chat.answers)


async def test_in_a_group_only_the_owner_presses(sandbox: Sandbox, running: House, anna: Person) -> None:
    boris = sandbox.person("Boris", language="en")
    group = sandbox.group("Friends", anna, boris, running.bot)
    picture = await drawn(anna.at(group))
    assert "credits left" not in picture.text
    said = await boris.at(group).press("Again", picture)
    assert said is not None
    assert said.text == "These buttons belong to whoever asked for the picture."
    assert len(await running.rows("SELECT * FROM generations")) == 1


async def test_in_a_group_plain_words_are_no_wish_and_a_note_can_be_asked(
    sandbox: Sandbox, house: House, anna: Person
) -> None:
    await house.start(providers=house.slow(SLOW))
    chat = anna.at(sandbox.group("Friends", anna, house.bot))
    await chat.say("what a lovely day")
    note = await answer(chat, "/imagine a fox")
    assert len(await house.rows("SELECT * FROM generations")) == 1
    said = await chat.press("How is it going?", note)
    assert said is not None
    assert said.alert
    await chat.press("Cancel", note)
    await chat.until(lambda chat: "Cancelled." in chat.last.text)


async def test_old_words_are_asked_about_once(house: House, sandbox: Sandbox, anna: Person) -> None:
    chat = anna.private(house.bot)
    await chat.say("/imagine a fox", date=sandbox.world.clock.now() - STALE - 60)
    await house.start()
    [question] = await chat.until(lambda chat: chat.answers)
    assert question.labels == ("Yes, draw it",)
    assert await house.rows("SELECT * FROM generations") == []
    first, second = chat.begin_press("Yes, draw it", question), chat.begin_press("Yes, draw it", question)
    await chat.until(lambda _: first.answer is not None and second.answer is not None)
    await chat.until(pictures)
    assert len(await house.rows("SELECT * FROM generations")) == 1


async def test_who_has_no_credits_left_is_told_and_no_service_is_asked(house: House, anna: Person) -> None:
    await house.start(daily_credits=1)
    chat = anna.private(house.bot)
    await drawn(chat)
    told = await answer(chat, "/imagine an owl")
    assert not told.picture
    assert len(await house.rows("SELECT * FROM generations")) == 1


async def test_buttons_work_after_a_restart(chat: Talk, running: House) -> None:
    picture = await drawn(chat)
    await running.restart()
    await chat.press("Again", picture)
    await chat.until(lambda chat: len(pictures(chat)) == 2)


async def test_many_wishes_at_once_all_become_pictures(chat: Talk, running: House) -> None:
    await asyncio.gather(*(chat.say(f"/imagine owl number {number}") for number in range(8)))
    await chat.until(lambda chat: len(pictures(chat)) == 8, timeout=30)
    await settled(running, 8)


async def test_who_blocked_the_bot_pays_nothing_and_is_offered_the_picture_on_return(
    chat: Talk, running: House, anna: Person
) -> None:
    await running.restart(providers=running.slow(seconds=1))
    await answer(chat, "/imagine a heron")
    running.sandbox.fault("editMessageMedia", status=403, text="Forbidden: bot was blocked by the user")
    chat.block()

    async def ended() -> bool:
        return bool(await running.rows("SELECT * FROM generations WHERE status = 'failed' AND cause = 'chat-closed'"))

    await until(ended, "the picture could not be brought")
    assert await running.rows("SELECT held FROM balances") == [{"held": 0}]
    chat.unblock()
    offer = (await chat.until(lambda chat: [each for each in chat.answers if each.button("Show it")]))[0]
    await chat.press("Show it", offer)
    await chat.until(lambda chat: len(pictures(chat)) == 1)
    assert "a heron" in pictures(chat)[0].text
    chat.press_data(offer.buttons[0].data or "", offer)
    await settled(running, 1)


async def test_a_note_that_a_crash_left_behind_tells_the_truth_once_and_goes(chat: Talk, running: House) -> None:
    await running.restart(providers=running.slow(seconds=1))
    running.sandbox.fault("sendMessage", lost=Lost.AFTER)
    await chat.say("/imagine a wren")
    picture = (await chat.until(pictures))[0]
    [stray] = [message for message in chat.answers if not message.picture]
    told = await chat.press("Cancel", stray)
    assert told is not None
    assert told.text == "🖼 Your picture is in the chat."
    await chat.until(lambda chat: [message.message_id for message in chat.answers] == [picture.message_id])


async def test_a_double_tap_on_original_or_info_brings_one(chat: Talk) -> None:
    picture = await drawn(chat)
    for label in ("Original", "Info"):
        before = len(chat.answers)
        for press in [chat.begin_press(label, picture) for _ in range(3)]:
            await chat.until(lambda _, press=press: press.answer is not None)  # type: ignore[misc]  # a bound default
        await chat.until(lambda chat, before=before: len(chat.answers) > before)  # type: ignore[misc]  # a bound default
        assert len(chat.answers) == before + 1


async def test_a_button_that_nobody_knows_is_answered(chat: Talk) -> None:
    picture = await drawn(chat)
    query = chat.press_data("old-feature:1", picture)
    await chat.until(lambda _: query.answer)
    assert query.answer is not None
    assert query.answer["text"].startswith("This button no longer works")


async def test_a_forged_wish_to_bring_what_is_here_already_changes_nothing(chat: Talk, running: House) -> None:
    picture = await drawn(chat)
    await settled(running, 1)
    query = chat.press_data((picture.buttons[0].data or "").replace("again:", "bring:"), picture)
    await chat.until(lambda _: query.answer)
    assert len(await running.rows("SELECT * FROM generations")) == 1
