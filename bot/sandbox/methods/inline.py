"""Answers to questions from the input line, and of guests."""

from bot.sandbox.calls import Call, method
from bot.sandbox.errors import QUERY_TOO_OLD, bad_request, wrong_call
from bot.sandbox.inline import FILES, compose
from bot.sandbox.methods.contents import check_keyboard
from bot.sandbox.model import Asked, Wire
from bot.sandbox.updates import QUERY_LIFE

MOST_RESULTS = 50
LONGEST_ID = 64
SHOWN = frozenset({"article", *FILES})


@method("answerInlineQuery")
def answer_inline_query(call: Call) -> bool:
    """Up to fifty results for what somebody types."""
    asked = _asked(call, call.values["inline_query_id"])
    results = call.values["results"]
    if len(results) > MOST_RESULTS:
        raise wrong_call("RESULTS_TOO_MUCH")
    if len(call.get("next_offset", "").encode()) > LONGEST_ID:
        raise wrong_call("NEXT_OFFSET_INVALID")
    for result in results:
        _check(result)
    if len({result["id"] for result in results}) < len(results):
        raise wrong_call("RESULT_ID_DUPLICATE")
    asked.answer = {name: call.values[name] for name in ("results", "next_offset", "button") if name in call.values}
    call.world.feed.tell({"kind": "inline", "asked": asked})
    return True


@method("answerGuestQuery")
def answer_guest_query(call: Call) -> Wire:
    """One message into a chat where the bot was named and is no member."""
    asked = _asked(call, call.values["guest_query_id"])
    result = call.values["result"]
    _check(result)
    message = compose(call.world, asked.chat, call.bot.user, result)
    message.reply_to = asked.message
    message.thread_id = asked.message.thread_id if asked.message else None
    message.extra = {"guest_bot_caller_user": asked.user.wire()}
    if message.inline_id is None:
        # A guest may change what it has said, with a keyboard or without.
        message.inline_id = f"AgAAG{asked.query_id}"
        call.world.inline[message.inline_id] = message
    asked.answer = {"results": [result]}
    call.world.post(message)
    return {"inline_message_id": message.inline_id}


def _asked(call: Call, query_id: str) -> Asked:
    """A question to this bot that waits. One from the input line has no message, one to a guest has."""
    asked = call.world.asked.get(query_id)
    is_guest = call.method == "answerGuestQuery"
    if asked is None or asked.bot is not call.bot or (asked.message is not None) is not is_guest:
        raise bad_request(QUERY_TOO_OLD)
    if asked.answer is not None or call.world.clock.now() - asked.at > QUERY_LIFE:
        raise bad_request(QUERY_TOO_OLD)
    return asked


def _check(result: Wire) -> None:
    if result["type"] not in SHOWN:
        raise wrong_call(f"the sandbox shows no inline results of the type {result['type']}")
    if result["type"] == "article" and not result["title"].strip():
        raise wrong_call("ARTICLE_TITLE_EMPTY")
    content = result.get("input_message_content")
    if content is not None and "message_text" not in content:
        raise wrong_call("the sandbox sends only texts and files for inline results")
    if content is not None and not content["message_text"].strip():
        raise wrong_call("MESSAGE_EMPTY")
    if "reply_markup" in result:
        check_keyboard(result["reply_markup"])
