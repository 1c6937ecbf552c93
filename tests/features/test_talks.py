"""Settings, history and admins as people live them, through the whole bot."""

import pytest

from bot import providers
from bot.errors import Cause, Refused
from bot.sandbox.people import Person, Talk
from bot.sandbox.server import Sandbox
from bot.sandbox.views import Attachment, Seen
from tests.house import ADMIN, House

pytestmark = pytest.mark.usefixtures("patient_telegram")


def found(chat: Talk, label: str) -> list[Seen]:
    """Messages of the bot with this button, oldest first."""
    return [message for message in chat.answers if label in message.labels]


async def shown(chat: Talk, label: str) -> Seen:
    """The newest message with this button, once it is there."""
    return (await chat.until(lambda chat: found(chat, label)))[-1]


async def drawn(chat: Talk, words: str) -> Attachment:
    """The picture of these words, asked for and waited for."""
    await chat.say(words)
    pictures = await chat.until(lambda chat: [each for each in chat.answers if each.picture and words in each.text])
    assert pictures[-1].picture is not None
    return pictures[-1].picture


async def test_the_first_picture_is_one_press_away(chat: Talk) -> None:
    await chat.say("/start")
    hello = await shown(chat, "Draw this example")
    chat.begin_press("Draw this example", hello)
    chat.begin_press("Draw this example", hello)
    await shown(chat, "Vary")
    await chat.until(lambda chat: not chat.message(hello.message_id).labels)
    assert len(found(chat, "Vary")) == 1
    assert "a red fox in the snow" in found(chat, "Vary")[0].text


async def test_a_ratio_chosen_in_settings_shapes_the_next_picture(chat: Talk) -> None:
    await chat.say("/settings")
    await shown(chat, "Ratio: 1:1")
    await chat.press("Ratio: 1:1")
    await shown(chat, "16:9")
    toast = await chat.press("16:9")
    assert toast is not None
    assert toast.text == "Saved."
    await shown(chat, "Ratio: 16:9")
    picture = await drawn(chat, "a lighthouse")
    assert picture.width / picture.height > 1.7


async def test_pictures_come_as_files_to_who_wants_files(chat: Talk) -> None:
    await chat.say("/settings")
    await shown(chat, "Pictures come as photos")
    await chat.press("Pictures come as photos")
    await drawn(chat, "a teapot")
    assert chat.last.photo is None
    assert chat.last.document is not None
    await chat.say("/history")
    await chat.until(lambda chat: len(chat.answers) == 3 and chat.last.document and "a teapot" in chat.last.text)


async def test_a_chosen_language_speaks_from_then_on(chat: Talk) -> None:
    await chat.say("/language")
    await shown(chat, "Русский")
    await chat.press("Русский")
    await shown(chat, "Язык: Русский")
    await chat.say("/help")
    await chat.until(lambda chat: "Моё обещание" in chat.last.text)
    await drawn(chat, "лодка")
    assert "Ещё раз" in chat.last.labels


async def test_the_bot_speaks_the_language_of_the_app(running: House, sandbox: Sandbox) -> None:
    chat = sandbox.person("Оля", language="ru").private(running.bot)
    await chat.say("/start")
    await chat.until(lambda chat: chat.last.text.startswith("Здравствуйте!"))


async def test_history_turns_pages_in_one_message_and_deletes(chat: Talk, running: House) -> None:
    prompts = [f"a boat with {number} sails" for number in range(6)]
    pictures = {prompt: await drawn(chat, prompt) for prompt in prompts}
    await chat.say("/history")
    gallery = await shown(chat, "Older →")
    await chat.press("Older →", gallery)
    await chat.until(lambda chat: "← Newer" in chat.message(gallery.message_id).labels)
    seen = chat.message(gallery.message_id)
    [prompt] = [each for each in prompts if each in seen.text]
    assert prompt not in gallery.text
    assert seen.photo is not None
    assert seen.photo.content == pictures[prompt].content
    await running.restart()
    await chat.press("Delete", seen)
    await shown(chat, "Delete this picture")
    await chat.press("Delete this picture", seen)
    await chat.until(lambda chat: not any(prompt in each.text for each in chat.answers))
    assert len(found(chat, "Vary")) == 5
    assert chat.message(seen.message_id).photo


async def test_again_in_the_gallery_draws_the_picture_shown(chat: Talk) -> None:
    await drawn(chat, "an owl")
    await chat.say("/history")
    gallery = await chat.until(lambda chat: chat.last.photo and "Vary" not in chat.last.labels and chat.last)
    assert isinstance(gallery, Seen)
    await chat.press("Again", gallery)
    await chat.until(lambda chat: len(found(chat, "Vary")) == 2)


async def test_an_admin_opens_the_door(house: House, sandbox: Sandbox, anna: Person) -> None:
    await house.start(access="members")
    stranger = anna.private(house.bot)
    admin = sandbox.person("Admin", user_id=ADMIN).private(house.bot)
    await stranger.say("a fox")
    await stranger.until(lambda chat: chat.answers and str(anna.user_id) in chat.last.text)
    await admin.say(f"/allow {anna.user_id}")
    await admin.until(lambda chat: any("may draw now" in one.text for one in chat.answers))
    await drawn(stranger, "a fox in the snow")
    await admin.say(f"/grant {anna.user_id} 30")
    await admin.until(lambda chat: any("30 credits given" in one.text for one in chat.answers))
    await stranger.say("/me")
    await stranger.until(lambda chat: "49 credits left" in chat.last.text)


async def test_an_admin_hears_once_a_day_that_a_service_drew_all_it_may(
    house: House, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = await house.start()
    admin = sandbox.person("Admin", user_id=ADMIN).private(house.bot)
    await admin.say("/start")
    await admin.until(lambda chat: chat.answers)
    monkeypatch.setattr(providers, "QUIET", 0.0)
    for _ in range(2):
        await app.pictures.providers.report("sketch", Refused(Cause.SPENT_TODAY))
    await house.quiet()
    said = [each.text for each in admin.answers]
    assert sum("DAILY_CAP" in text for text in said) == 1


async def test_a_stranger_commands_nobody(chat: Talk, running: House, anna: Person) -> None:
    await chat.say(f"/grant {anna.user_id} 1000")
    await chat.say("/me")
    await chat.until(lambda chat: "20 credits left" in chat.last.text)
    assert not any("1,0" in each.text for each in chat.answers)
