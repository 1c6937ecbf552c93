from bot.sandbox.people import Talk
from bot.sandbox.server import Sandbox
from tests.sandbox.conftest import Api, png

BUTTON = {"inline_keyboard": [[{"text": "🔁 Again", "callback_data": "again:1"}]]}


async def test_a_message_of_a_person_reaches_the_bot_with_its_command(sandbox: Sandbox, api: Api) -> None:
    talk = sandbox.person("Anna", language="ru").private(api.bot)
    await talk.say("/imagine a fox 🦊")
    [update] = await api.call("getUpdates")
    message = update["message"]
    assert message["text"] == "/imagine a fox 🦊"
    assert message["entities"] == [{"type": "bot_command", "offset": 0, "length": 8}]
    assert message["from"]["language_code"] == "ru"
    assert message["chat"]["type"] == "private"


async def test_what_the_bot_says_is_seen_by_the_person(api: Api, anna: Talk) -> None:
    sent = await api.call("sendMessage", chat_id=anna.chat_id, text="  hi  ", reply_markup=BUTTON)
    assert anna.last.message_id == sent["message_id"]
    assert anna.last.text == sent["text"] == "hi"
    assert anna.last.labels == ("🔁 Again",)


async def test_a_bot_may_not_write_first(sandbox: Sandbox, api: Api) -> None:
    talk = sandbox.person("Ben").private(api.bot)
    words = await api.refusal("sendMessage", chat_id=talk.chat_id, text="hi")
    assert words == "Forbidden: bot can't initiate conversation with a user"
    assert await api.refusal("sendMessage", chat_id=1, text="hi") == "Bad Request: chat not found"


async def test_a_note_turns_into_a_photo(api: Api, anna: Talk) -> None:
    sent = await api.call("sendMessage", chat_id=anna.chat_id, text="drawing")
    place = {"chat_id": anna.chat_id, "message_id": sent["message_id"]}
    media = {"type": "photo", "media": "attach://file", "caption": "a fox"}
    body = await api.upload("editMessageMedia", {"file": png(640, 480)}, **place, media=media, reply_markup=BUTTON)
    assert body["ok"], body
    seen = anna.message(sent["message_id"])
    assert seen.photo is not None
    assert (seen.photo.width, seen.photo.height, seen.photo.content) == (640, 480, png(640, 480))
    assert (seen.text, seen.past, seen.edits) == ("a fox", ("drawing",), 1)
    assert body["result"]["photo"][-1]["width"] == 640


async def test_a_photo_is_sent_again_by_its_id_and_can_be_downloaded(api: Api, anna: Talk) -> None:
    picture = png()
    body = await api.upload("sendPhoto", {"photo": picture}, chat_id=anna.chat_id)
    file_id = body["result"]["photo"][-1]["file_id"]
    again = await api.call("sendPhoto", chat_id=anna.chat_id, photo=file_id)
    assert again["photo"][-1]["file_id"] == file_id
    path = (await api.call("getFile", file_id=file_id))["file_path"]
    async with api.session.get(f"{api.sandbox.url}/file/bot{api.bot.token}/{path}") as response:
        assert await response.read() == picture


async def test_an_album_is_two_messages_with_one_id(api: Api, anna: Talk) -> None:
    media = [{"type": "photo", "media": "attach://one", "caption": "both"}, {"type": "photo", "media": "attach://two"}]
    body = await api.upload("sendMediaGroup", {"one": png(), "two": png(90, 90)}, chat_id=anna.chat_id, media=media)
    first, second = body["result"]
    assert first["media_group_id"] == second["media_group_id"]
    assert [message.text for message in anna.answers] == ["both", ""]


async def test_a_press_is_answered_once(api: Api, anna: Talk) -> None:
    sent = await api.call("sendMessage", chat_id=anna.chat_id, text="done", reply_markup=BUTTON)
    query = anna.begin_press("Again")
    [update] = await api.call("getUpdates")
    pressed = update["callback_query"]
    assert (pressed["data"], pressed["message"]["message_id"]) == ("again:1", sent["message_id"])
    await api.call("answerCallbackQuery", callback_query_id=pressed["id"], text="On it", show_alert=True)
    assert query.answer == {"text": "On it", "show_alert": True}
    words = await api.refusal("answerCallbackQuery", callback_query_id=pressed["id"])
    assert words.startswith("Bad Request: query is too old")


async def test_unchanged_text_is_not_an_edit(api: Api, anna: Talk) -> None:
    sent = await api.call("sendMessage", chat_id=anna.chat_id, text="same", reply_markup=BUTTON)
    place = {"chat_id": anna.chat_id, "message_id": sent["message_id"]}
    words = await api.refusal("editMessageText", **place, text="same", reply_markup=BUTTON)
    assert words.startswith("Bad Request: message is not modified")
    assert await api.call("editMessageText", **place, text="same")
    assert anna.last.buttons == ()


async def test_a_message_that_is_gone_cannot_be_edited_or_deleted(api: Api, anna: Talk) -> None:
    sent = await api.call("sendMessage", chat_id=anna.chat_id, text="soon gone")
    place = {"chat_id": anna.chat_id, "message_id": sent["message_id"]}
    assert await api.call("deleteMessage", **place)
    assert await api.refusal("editMessageText", **place, text="x") == "Bad Request: message to edit not found"
    assert await api.refusal("deleteMessage", **place) == "Bad Request: message to delete not found"


async def test_the_text_of_a_picture_is_edited_as_a_caption(api: Api, anna: Talk) -> None:
    body = await api.upload("sendPhoto", {"photo": png()}, chat_id=anna.chat_id, caption="one")
    place = {"chat_id": anna.chat_id, "message_id": body["result"]["message_id"]}
    words = await api.refusal("editMessageText", **place, text="two")
    assert words == "Bad Request: there is no text in the message to edit"
    assert (await api.call("editMessageCaption", **place, caption="two"))["caption"] == "two"


async def test_a_bot_that_is_blocked_may_not_write(api: Api, anna: Talk) -> None:
    anna.block()
    words = await api.refusal("sendMessage", chat_id=anna.chat_id, text="hi")
    assert words == "Forbidden: bot was blocked by the user"
    [update] = await api.call("getUpdates")
    assert update["my_chat_member"]["new_chat_member"]["status"] == "kicked"


async def test_a_method_that_is_not_learned_is_named(api: Api) -> None:
    words = await api.refusal("getForumTopicIconStickers")
    assert "getForumTopicIconStickers" in words
    assert await api.refusal("flyToTheMoon") == "Not Found: method not found"
