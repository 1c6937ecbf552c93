"""Changing pictures as people live it, through the whole bot: sent with words, answered, or asked about by a button."""

import io

import pytest
from PIL import Image, ImageStat

from bot.imagine.rules import SOURCE_BYTES
from bot.providers import onlysq
from bot.sandbox.people import Person, Talk
from bot.sandbox.server import Sandbox
from bot.sandbox.views import Seen
from tests.house import House

pytestmark = pytest.mark.usefixtures("patient_telegram")

UNABLE = "No service that I know can change pictures right now."
QUESTION = "What should change? Tell me in a reply to this message."


def photo(width: int = 640, height: int = 480, color: str = "skyblue") -> bytes:
    """A bright picture with something in its middle."""
    content, picture = io.BytesIO(), Image.new("RGB", (width, height), color)
    picture.paste("tomato", (width // 3, height // 3, width // 2, height // 2))
    picture.save(content, "JPEG")
    return content.getvalue()


def drawn(chat: Talk) -> list[Seen]:
    """Pictures that the bot brought, oldest first."""
    return [message for message in chat.answers if message.picture]


async def picture(chat: Talk, number: int = 1) -> Seen:
    """The picture that is the bot's so manieth, once it is there."""
    return (await chat.until(lambda chat: drawn(chat)[number - 1 :]))[0]


async def question(chat: Talk, number: int = 1) -> Seen:
    """The question what should change, once it was asked so often."""
    asked = await chat.until(lambda chat: [each for each in chat.answers if QUESTION in each.text][number - 1 :])
    return asked[0]


def brightness(seen: Seen) -> float:
    assert seen.picture
    with Image.open(io.BytesIO(seen.picture.content)) as found:
        return float(ImageStat.Stat(found.convert("L")).mean[0])


async def sources(house: House) -> list[str]:
    """What each generation was made from, oldest first."""
    rows = await house.rows("SELECT sources FROM generations ORDER BY created_at, rowid")
    return [row["sources"] for row in rows]


async def test_a_photo_with_the_command_below_it_is_changed(chat: Talk, running: House) -> None:
    sent = await chat.send_photo(photo(), "/imagine make it night")
    seen = await picture(chat)
    assert seen.photo
    assert (seen.photo.width, seen.photo.height) == (1024, 768)
    assert brightness(seen) < 110
    assert "make it night" in seen.text
    assert "Edit" in seen.labels
    original = chat.message(sent).photo
    assert original
    assert await sources(running) == [f'["{original.file_id}"]']


async def test_in_private_plain_words_below_a_photo_are_enough(chat: Talk) -> None:
    await chat.send_photo(photo(480, 640), "make it night")
    seen = await picture(chat)
    assert seen.photo
    assert seen.photo.width < seen.photo.height


async def test_a_typed_ratio_counts_before_the_shape_of_the_photo(chat: Talk) -> None:
    await chat.send_photo(photo(480, 640), "/imagine make it night --ar 16:9")
    seen = await picture(chat)
    assert seen.photo
    assert seen.photo.width / seen.photo.height > 1.7


@pytest.mark.parametrize("words", ["/imagine make it snow", "make it snow"])
async def test_an_answer_to_a_photo_changes_it(chat: Talk, running: House, words: str) -> None:
    sent = await chat.send_photo(photo(), "/nothing")
    await chat.say(words, reply_to=sent)
    await picture(chat)
    assert None not in await sources(running)


async def test_an_answer_to_a_drawn_picture_changes_that(chat: Talk, running: House) -> None:
    await chat.say("a lake in a meadow")
    first = await picture(chat)
    await chat.say("make it night", reply_to=first)
    second = await picture(chat, 2)
    assert brightness(second) < brightness(first)
    assert first.photo
    assert await sources(running) == [None, f'["{first.photo.file_id}"]']


async def test_a_picture_sent_as_a_file_is_changed(chat: Talk) -> None:
    content = io.BytesIO()
    Image.new("RGBA", (300, 300), (255, 255, 0, 40)).save(content, "PNG")
    await chat.send_file(content.getvalue(), "sun.png", "image/png", "/imagine make it night")
    assert brightness(await picture(chat)) < 120


async def test_a_photo_without_words_is_asked_about_and_the_answer_changes_it_after_a_restart(
    chat: Talk, running: House
) -> None:
    sent = await chat.send_photo(photo())
    asked = await question(chat)
    assert asked.reply_to == sent
    await running.quiet()
    await running.restart()
    await chat.say("make it night", reply_to=asked)
    assert brightness(await picture(chat)) < 110


async def test_flags_below_a_photo_are_kept_until_the_words_come(chat: Talk) -> None:
    await chat.send_photo(photo(), "/imagine --ar 9:16 --seed 5")
    asked = await question(chat)
    assert asked.text.endswith("\n--ar 9:16 --seed 5")
    await chat.say("make it night", reply_to=asked)
    seen = await picture(chat)
    assert seen.photo
    assert seen.photo.height / seen.photo.width > 1.7
    assert "seed 5" in seen.text


async def test_the_edit_button_asks_and_the_answer_changes_the_picture_after_a_restart(
    chat: Talk, running: House
) -> None:
    await chat.say("a lake in a meadow --ar 3:2")
    first = await picture(chat)
    await chat.press("Edit", first)
    asked = await question(chat)
    assert asked.reply_to == first.message_id
    [record] = [each for each in running.sandbox.calls_of("sendMessage") if QUESTION in each.values["text"]]
    assert not record.values["reply_markup"]["selective"]
    await running.quiet()
    await running.restart()
    await chat.say("/imagine make it night", reply_to=asked)
    second = await picture(chat, 2)
    assert first.photo
    assert second.photo
    assert (second.photo.width, second.photo.height) == (first.photo.width, first.photo.height)
    assert brightness(second) < brightness(first)


async def test_edit_pressed_twice_asks_once(chat: Talk, running: House) -> None:
    await chat.say("a lake")
    first = await picture(chat)
    await chat.press("Edit", first, timeout=None)
    await chat.press("Edit", first, timeout=None)
    await question(chat)
    await running.quiet()
    assert [each.text for each in chat.answers].count(f"✏️ {QUESTION}") == 1


async def test_what_is_drawn_from_a_changed_picture_begins_with_the_same_source(chat: Talk, running: House) -> None:
    await chat.send_photo(photo(), "/imagine make it night")
    first = await picture(chat)
    for number, button in enumerate(("Again", "Vary"), start=2):
        await chat.press(button, first, timeout=None)
        await picture(chat, number)
    await chat.press("Ratio", first, timeout=None)
    await chat.until(lambda chat: chat.message(first.message_id).button("9:16"))
    await chat.press("9:16", first)
    await picture(chat, 4)
    assert len(set(await sources(running))) == 1
    assert len(await sources(running)) == 4


async def test_in_a_group_the_command_changes_a_photo_that_it_answers(
    running: House, sandbox: Sandbox, anna: Person
) -> None:
    ben = sandbox.person("Ben")
    group = sandbox.forum("Friends", anna, ben, running.bot, topics=("Art",))
    sent = await ben.at(group, "Art").send_photo(photo(), "look at this")
    chat = anna.at(group, "Art")
    wish = await chat.say("/imagine make it night", reply_to=sent)
    seen = await picture(chat)
    assert brightness(seen) < 110
    assert (seen.reply_to, seen.thread_id) == (wish, chat.thread_id)
    await ben.at(group, "Art").send_photo(photo(), "/imagine make it snow")
    await picture(chat, 2)


async def test_in_a_group_the_question_names_who_it_is_for_and_only_they_answer_it(
    running: House, sandbox: Sandbox, anna: Person
) -> None:
    ben = sandbox.person("Ben")
    group = sandbox.group("Friends", anna, ben, running.bot)
    chat = anna.at(group)
    await chat.say("/imagine a lake")
    first = await picture(chat)
    toast = await ben.at(group).press("Edit", first)
    assert toast
    assert toast.text == "These buttons belong to whoever asked for the picture."
    await chat.press("Edit", first, timeout=None)
    asked = await question(chat)
    assert asked.text == f"✏️ Anna: {QUESTION}"
    await ben.at(group).say("make it snow", reply_to=asked)
    await chat.until(lambda chat: chat.last.text.startswith("I kept this picture only for whoever I asked"))
    await chat.say("make it night", reply_to=asked)
    assert brightness(await picture(chat, 2)) < 110
    assert len(await sources(running)) == 2


async def test_of_an_album_only_the_photo_with_words_is_changed(chat: Talk, running: House) -> None:
    await chat.send_album((photo(), "/imagine make it night"), (photo(), ""), (photo(), ""))
    await picture(chat)
    await running.quiet()
    assert len(chat.answers) == 1


async def test_an_album_without_words_is_asked_about_once(chat: Talk, running: House) -> None:
    await chat.send_album((photo(), ""), (photo(), ""), (photo(), ""))
    await question(chat)
    await running.quiet()
    assert len(chat.answers) == 1


async def test_a_picture_that_was_passed_on_is_asked_about_whatever_stands_below_it(chat: Talk) -> None:
    origin = {"type": "hidden_user", "date": 1, "sender_user_name": "Shop"}
    await chat.send_photo(photo(), "Buy our shoes, half the price", forward_origin=origin)
    await question(chat)
    assert drawn(chat) == []


async def test_two_pictures_are_too_many_for_a_model_that_takes_one_and_one_press_leaves_one_out(chat: Talk) -> None:
    first = await chat.send_photo(photo(), "/nothing")
    await chat.send_photo(photo(color="pink"), "put them together", reply_to=first)
    offer = await chat.until(lambda chat: [each for each in chat.answers if "the second one is too many" in each.text])
    await chat.press("Draw without it", offer[0])
    await picture(chat)


@pytest.mark.parametrize("mime", ["application/pdf", "image/gif", "video/mp4"])
async def test_a_file_that_is_no_picture_is_said_to_be_none_and_nothing_is_drawn(
    chat: Talk, running: House, mime: str
) -> None:
    await chat.send_file(b"something", "file.bin", mime, "/imagine make it night")
    await chat.until(lambda chat: "I cannot read the picture to change" in chat.last.text)
    assert await sources(running) == []


async def test_a_file_that_is_too_large_is_refused_before_anything_is_held(chat: Talk, running: House) -> None:
    await chat.send_file(bytes(SOURCE_BYTES + 1), "large.png", "image/png", "/imagine make it night")
    await chat.until(lambda chat: "at most 20 MB" in chat.last.text)
    assert await sources(running) == []


async def test_a_picture_that_only_claims_to_be_one_costs_nothing(chat: Talk, running: House, anna: Person) -> None:
    await chat.send_file(b"no picture at all", "fox.png", "image/png", "/imagine make it night")
    await chat.until(lambda chat: "I cannot read the picture to change" in chat.last.text)
    assert "Nothing was charged" in chat.last.text
    [row] = await running.rows("SELECT kept + daily AS left FROM balances WHERE user_id = :who", who=anna.user_id)
    assert row["left"] == 20


async def test_a_picture_that_telegram_has_no_more_costs_nothing(chat: Talk, running: House, sandbox: Sandbox) -> None:
    sandbox.fault("getFile", status=400, text="Bad Request: wrong file_id or the file is temporarily unavailable")
    await chat.send_photo(photo(), "/imagine make it night")
    await chat.until(lambda chat: "The picture to change is gone" in chat.last.text)
    assert "Nothing was charged" in chat.last.text
    assert chat.last.labels == ()


async def test_where_nobody_can_change_pictures_that_is_said_and_edit_is_not_offered(
    chat: Talk, running: House
) -> None:
    await chat.say("a lake")
    first = await picture(chat)
    await running.quiet()
    words_only = onlysq.Settings(base_url="http://127.0.0.1:9")
    await running.restart(providers={"onlysq": words_only}, default_model="onlysq/flux")
    toast = await chat.press("Edit", first)
    assert toast
    assert toast.text == UNABLE
    await chat.send_photo(photo(), "/imagine make it night")
    await chat.until(lambda chat: chat.last.text == UNABLE)
    await chat.send_photo(photo())
    await chat.until(lambda chat: chat.last.text.startswith("I draw from words"))
    await chat.press("Ratio", first, timeout=None)
    await chat.until(lambda chat: chat.message(first.message_id).button("Back"))
    await chat.press("Back", first, timeout=None)
    await chat.until(lambda chat: {"Again", "Model"} <= set(chat.message(first.message_id).labels))
    assert "Edit" not in chat.message(first.message_id).labels
