"""What is meant for the bot. Whatever else a group says is passed by before it is written down anywhere.

With privacy mode off, or as an admin, a bot gets every message of a group. Handlers look more closely; here it is only
told apart cheaply, and in doubt kept.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from aiogram import Router
from aiogram.filters import Command

from bot.imagine.rules import REACTIONS

GROUPS = frozenset({"group", "supergroup"})


@dataclass(frozen=True, slots=True)
class Hearing:
    """Knows what we are called. `username` is asked each time: at the very beginning nobody has told us yet."""

    bot_id: int
    commands: frozenset[str]
    username: Callable[[], str | None]

    def __call__(self, update: Mapping[str, Any]) -> bool:
        """Whether a cut update may concern us: False for the talk of a group and for kinds that nobody reads."""
        if reaction := update.get("message_reaction"):
            return bool(_emoji(reaction) & REACTIONS)
        message = update.get("message")
        if isinstance(message, dict) and _get(message, "chat", "type") in GROUPS:
            return self._is_meant(message)
        post = update.get("channel_post")
        if isinstance(post, dict):
            words = post.get("text") or post.get("caption")
            return isinstance(words, str) and words.startswith("/") and self._is_command(words)
        return len(update) > 1  # more than its number

    def _is_meant(self, message: Mapping[str, Any]) -> bool:
        if message.get("migrate_to_chat_id") or message.get("migrate_from_chat_id"):
            return True
        words = message.get("text") or message.get("caption")
        if not isinstance(words, str):
            return False
        words = words.lstrip()
        if words.startswith("/"):
            return self._is_command(words)
        if words.startswith("@"):
            return self._is_called(words)
        return self._is_reply(message) or self._is_marked(message)

    def _is_command(self, words: str) -> bool:
        name, _, address = words.split(maxsplit=1)[0].removeprefix("/").casefold().partition("@")
        if not address:
            return name in self.commands
        username = self.username()
        return username is None or address == username.casefold()

    def _is_reply(self, message: Mapping[str, Any]) -> bool:
        # In a topic every message answers the one that began it, whoever that was.
        began = message.get("is_topic_message") and message.get("message_thread_id")
        answered = _get(message, "reply_to_message", "message_id")
        return bool(_get(message, "reply_to_message", "from", "id") == self.bot_id and answered != began)

    def _is_called(self, words: str) -> bool:
        username = self.username()
        return username is None or words[1:].casefold().startswith(username.casefold())

    def _is_marked(self, message: Mapping[str, Any]) -> bool:
        """Named by a mark instead of a username."""
        marks = message.get("entities") or message.get("caption_entities")
        return isinstance(marks, list) and any(_get(mark, "user", "id") == self.bot_id for mark in marks)


def commands_of(router: Router) -> frozenset[str]:
    """Every command that a handler below this router waits for, in small letters."""
    return frozenset(name.casefold() for each in router.chain_tail for name in _commands(each))


def _commands(router: Router) -> Iterator[str]:
    for handler in router.message.handlers:
        for each in handler.filters or ():
            if isinstance(each.callback, Command):
                yield from (name for name in each.callback.commands if isinstance(name, str))


def _emoji(reaction: Any) -> set[str]:
    listed = [reaction.get(name) for name in ("old_reaction", "new_reaction")] if isinstance(reaction, dict) else []
    given = (one for each in listed if isinstance(each, list) for one in each if isinstance(one, dict))
    return {
        emoji.removesuffix("\N{VARIATION SELECTOR-16}") for one in given if isinstance(emoji := one.get("emoji"), str)
    }


def _get(value: Any, *path: str) -> Any:
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    return value
