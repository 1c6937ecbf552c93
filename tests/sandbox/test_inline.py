"""Inline mode and guests: asked, answered, chosen, changed later."""

import asyncio
from typing import Any

import pytest

from bot.sandbox import schema
from bot.sandbox.inline import ask as type_in
from bot.sandbox.people import Talk
from bot.sandbox.server import Sandbox
from bot.sandbox.updates import QUERY_LIFE
from tests.sandbox.clock import HandClock
from tests.sandbox.conftest import Api, png

KEYS = {"inline_keyboard": [[{"text": "Again", "callback_data": "again"}]]}


def article(number: str = "1", **more: Any) -> dict[str, Any]:
    content = {"message_text": "drawing"}
    return {"type": "article", "id": number, "title": "A fox", "input_message_content": content, **more}


async def ask(sandbox: Sandbox, talk: Talk, api: Api) -> dict[str, Any]:
    """A question from the input line, as the bot hears it."""
    type_in(sandbox.world, api.bot, talk.user, talk.chat, "a fox")
    [update] = await api.call("getUpdates")
    await api.call("getUpdates", offset=update["update_id"] + 1)
    schema.load().read("Update", update)
    query: dict[str, Any] = update["inline_query"]
    return query


async def test_what_is_chosen_is_sent_by_the_person_and_changed_by_the_bot(
    sandbox: Sandbox, api: Api, anna: Talk
) -> None:
    query = await ask(sandbox, anna, api)
    assert (query["query"], query["chat_type"]) == ("a fox", "sender")
    await api.call("answerInlineQuery", inline_query_id=query["id"], results=[article(reply_markup=KEYS)])
    await anna.choose(sandbox.world.asked[query["id"]], "1")
    said, chosen = await api.call("getUpdates")
    assert said["message"]["via_bot"]["id"] == 42
    assert said["message"]["from"]["id"] == anna.user.user_id
    for update in (said, chosen):
        schema.load().read("Update", update)
    inline_id = chosen["chosen_inline_result"]["inline_message_id"]
    assert await api.call("editMessageText", inline_message_id=inline_id, text="done", reply_markup=KEYS) is True
    assert (anna.last.text, anna.last.edits) == ("done", 1)
    anna.begin_press("Again")
    [pressed] = await api.call("getUpdates", offset=chosen["update_id"] + 1)
    assert pressed["callback_query"]["inline_message_id"] == inline_id
    assert "message" not in pressed["callback_query"]


async def test_a_picture_gets_into_an_inline_message_by_its_id_only(sandbox: Sandbox, api: Api, anna: Talk) -> None:
    sent = await api.upload("sendPhoto", {"photo": png()}, chat_id=anna.chat_id)
    photo = sent["result"]["photo"][-1]["file_id"]
    query = await ask(sandbox, anna, api)
    await api.call("answerInlineQuery", inline_query_id=query["id"], results=[article(reply_markup=KEYS)])
    await anna.choose(sandbox.world.asked[query["id"]], "1")
    inline_id = next(iter(sandbox.world.inline))
    media = {"type": "photo", "media": "attach://a"}
    refused = await api.upload("editMessageMedia", {"a": png()}, inline_message_id=inline_id, media=media)
    assert refused["description"] == "Bad Request: invalid message content specified"
    await api.call("editMessageMedia", inline_message_id=inline_id, media={"type": "photo", "media": photo})
    assert anna.last.photo is not None


async def test_a_message_without_a_keyboard_cannot_be_changed_later(sandbox: Sandbox, api: Api, anna: Talk) -> None:
    query = await ask(sandbox, anna, api)
    await api.call("answerInlineQuery", inline_query_id=query["id"], results=[article()])
    await anna.choose(sandbox.world.asked[query["id"]], "1")
    _, chosen = await api.call("getUpdates")
    assert "inline_message_id" not in chosen["chosen_inline_result"]
    words = await api.refusal("editMessageText", inline_message_id="nothing", text="x")
    assert words == "Bad Request: MESSAGE_ID_INVALID"


@pytest.mark.parametrize(
    ("results", "words"),
    [
        ([article(str(number)) for number in range(51)], "RESULTS_TOO_MUCH"),
        ([article(), article()], "RESULT_ID_DUPLICATE"),
        ([article("x" * 65)], "RESULT_ID_INVALID"),
        ([article(input_message_content={"message_text": " "})], "MESSAGE_EMPTY"),
        ([article(title=" ")], "ARTICLE_TITLE_EMPTY"),
    ],
)
async def test_results_beyond_the_limits_are_refused(
    sandbox: Sandbox, api: Api, anna: Talk, results: list[Any], words: str
) -> None:
    query = await ask(sandbox, anna, api)
    refusal = await api.refusal("answerInlineQuery", inline_query_id=query["id"], results=results)
    assert refusal == f"Bad Request: {words}"


async def test_a_question_is_answered_once_and_in_time(
    sandbox: Sandbox, api: Api, anna: Talk, clock: HandClock
) -> None:
    query, late = await ask(sandbox, anna, api), await ask(sandbox, anna, api)
    await api.call("answerInlineQuery", inline_query_id=query["id"], results=[])
    for one in (query, late):
        clock.advance(QUERY_LIFE + 1)
        words = await api.refusal("answerInlineQuery", inline_query_id=one["id"], results=[])
        assert words.startswith("Bad Request: query is too old")


async def test_a_guest_answers_where_it_is_named_and_is_no_member(sandbox: Sandbox, api: Api) -> None:
    ben = sandbox.person("Ben")
    talk = ben.at(sandbox.group("Friends", ben))
    await talk.say("@painter_bot a fox")
    assert await api.call("getUpdates") == []
    api.bot.guest = True
    await talk.say("@painter_bot a fox")
    [update] = await api.call("getUpdates")
    schema.load().read("Update", update)
    guest = update["guest_message"]["guest_query_id"]
    sent = await api.call("answerGuestQuery", guest_query_id=guest, result=article())
    assert (talk.last.text, talk.last.by_bot) == ("drawing", True)
    await api.call("editMessageText", inline_message_id=sent["inline_message_id"], text="done")
    assert talk.last.text == "done"
    words = await api.refusal("answerGuestQuery", guest_query_id=guest, result=article())
    assert words.startswith("Bad Request: query is too old")


async def test_a_person_sees_results_while_typing(sandbox: Sandbox, api: Api, anna: Talk) -> None:
    async with asyncio.TaskGroup() as group:
        asking = group.create_task(anna.ask(api.bot, "fox"))
        [update] = await api.call("getUpdates", timeout=10)
        await api.call("answerInlineQuery", inline_query_id=update["inline_query"]["id"], results=[article()])
    assert (await asking).answer == {"results": [article()]}
