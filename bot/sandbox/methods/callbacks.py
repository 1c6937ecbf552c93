"""Answers to buttons, and reactions."""

from bot.sandbox.calls import Call, message_of, method
from bot.sandbox.errors import QUERY_TOO_OLD, bad_request, wrong_call
from bot.sandbox.updates import QUERY_LIFE

# The reactions that Telegram offers to bots.
REACTIONS = (
    "👍 👎 ❤ 🔥 🥰 👏 😁 🤔 🤯 😱 🤬 😢 🎉 🤩 🤮 💩 🙏 👌 🕊 🤡 🥱 🥴 😍 🐳 ❤‍🔥 🌚 🌭 💯 🤣 "
    "⚡ 🍌 🏆 💔 🤨 😐 🍓 🍾 💋 🖕 😈 😴 😭 🤓 👻 👨‍💻 👀 🎃 🙈 😇 😨 🤝 ✍ 🤗 🫡 🎅 🎄 ☃ 💅 "
    "🤪 🗿 🆒 💘 🙉 🦄 😘 💊 🙊 😎 👾 🤷‍♂ 🤷 🤷‍♀ 😡"
)
EMOJI = frozenset(REACTIONS.split())


@method("answerCallbackQuery")
def answer_callback_query(call: Call) -> bool:
    """What a person sees after a press: a short line, an alert, or only that the button rests again."""
    query = call.world.queries.get(call.values["callback_query_id"])
    if query is None or query.bot is not call.bot or query.answer is not None:
        raise bad_request(QUERY_TOO_OLD)
    if call.world.clock.now() - query.at > QUERY_LIFE:
        raise bad_request(QUERY_TOO_OLD)
    query.answer = {name: call.values[name] for name in ("text", "show_alert", "url") if name in call.values}
    call.world.tell("answer", query.message, query=query)
    return True


@method("setMessageReaction")
def set_message_reaction(call: Call) -> bool:
    """At most one emoji of a bot on a message; an empty list takes it away."""
    message = message_of(call.open_chat(), call.values["message_id"], "react")
    reactions = call.get("reaction", [])
    if len(reactions) > 1:
        raise wrong_call("REACTIONS_TOO_MANY")
    if any(one["type"] != "emoji" or one["emoji"] not in EMOJI for one in reactions):
        raise wrong_call("REACTION_INVALID")
    message.reactions[call.bot.user.user_id] = reactions
    call.world.tell("reaction", message)
    return True
