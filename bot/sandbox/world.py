"""All chats, people and bots of one sandbox, and what happens when one of them speaks."""

import itertools
import secrets
from collections.abc import Iterable
from typing import Any

from bot.clock import Clock, SystemClock
from bot.sandbox.errors import bad_request, forbidden, migrated
from bot.sandbox.files import Files
from bot.sandbox.model import Asked, Bot, Chat, Kind, Message, Query, Role, User
from bot.sandbox.signal import Feed, Signal
from bot.sandbox.texts import commands, mentions

FIRST_PERSON = 500_000_001
FIRST_BOT = 7_000_000_001
FIRST_GROUP = -5_000_000_001
FIRST_SUPERGROUP = -1_002_000_000_001


class World:
    """The state of a sandbox. It survives the bots: they come and go, it stays."""

    def __init__(self, clock: Clock | None = None) -> None:
        self.clock: Clock = clock or SystemClock()
        self.files = Files()
        self.feed = Feed()
        self.bots: dict[str, Bot] = {}
        self.people: dict[int, User] = {}
        self.chats: dict[str, Chat] = {}
        self.queries: dict[str, Query] = {}
        self.asked: dict[str, Asked] = {}
        self.inline: dict[str, Message] = {}
        self.webhooks = Signal()
        self._person_ids = itertools.count(FIRST_PERSON)
        self._bot_ids = itertools.count(FIRST_BOT)
        self._group_ids = itertools.count(FIRST_GROUP, -1)
        self._supergroup_ids = itertools.count(FIRST_SUPERGROUP, -1)

    def add_bot(self, token: str | None, username: str) -> Bot:
        """A new bot; its id is the number that its token begins with."""
        number = int(token.partition(":")[0]) if token else next(self._bot_ids)
        token = token or f"{number}:{secrets.token_urlsafe(26)}"
        user = User(number, username.replace("_", " ").title(), username, is_bot=True)
        bot = self.bots[token] = Bot(token, user)
        return bot

    def add_person(self, name: str, language: str | None, user_id: int | None = None) -> User:
        """A new person with an app in `language`."""
        number = user_id or next(self._person_ids)
        user = self.people[number] = User(number, name, f"{name.lower().replace(' ', '_')}_{number % 1000}", language)
        return user

    def add_group(self, kind: Kind, title: str, *, forum: bool = False, username: str | None = None) -> Chat:
        """A new group, supergroup or channel without members."""
        number = next(self._group_ids if kind is Kind.GROUP else self._supergroup_ids)
        first = 2 if forum else 1  # the topic General has the number 1
        chat = Chat(number, kind, title, itertools.count(first), forum=forum, username=username)
        self.chats[chat.key] = chat
        return chat

    def private(self, bot: Bot, user: User) -> Chat:
        """The chat of a person with a bot. Until the person writes, the bot may not."""
        found = self.chats.get(f"{bot.user.user_id}:{user.user_id}")
        if found is None:
            found = Chat(user.user_id, Kind.PRIVATE, user.first_name, bot.message_ids, (bot, user), opened=False)
            found.join(user)
            found.join(bot.user)
            self.chats[found.key] = found
        return found

    def find(self, bot: Bot, chat_id: int | str) -> Chat:
        """The chat that a bot means. Raises ApiError when it knows of none."""
        if isinstance(chat_id, str):
            return self._find_by_name(chat_id)
        chat = self.chats.get(str(chat_id) if chat_id < 0 else f"{bot.user.user_id}:{chat_id}")
        if chat is None:
            raise bad_request("chat not found")
        return chat

    def _find_by_name(self, name: str) -> Chat:
        wanted = name.removeprefix("@").casefold()
        for chat in self.chats.values():
            if chat.pair is None and chat.username and chat.username.casefold() == wanted:
                return chat
        raise bad_request("chat not found")

    def check_access(self, bot: Bot, chat: Chat, right: str = "can_send_messages") -> None:
        """Raise ApiError when a bot takes no part in a chat, or lacks this right there."""
        if chat.moved_to is not None:
            raise migrated(chat.moved_to.chat_id)
        if chat.pair is not None:
            _check_private(chat)
            return
        role = chat.role(bot.user.user_id)
        kind = "group" if chat.kind is Kind.GROUP else f"{chat.kind}"
        if role is Role.KICKED:
            raise forbidden(f"bot was kicked from the {kind} chat")
        if role is Role.LEFT:
            raise forbidden(f"bot is not a member of the {kind} chat")
        if chat.kind is Kind.CHANNEL and (role is Role.MEMBER or not chat.may(bot.user.user_id, "can_post_messages")):
            raise bad_request("need administrator rights in the channel chat")
        if not chat.may(bot.user.user_id, right):
            kind = {"can_send_messages": "text messages"}.get(right, right.removeprefix("can_send_"))
            raise bad_request(f"not enough rights to send {kind} to the chat")

    def post(self, message: Message) -> Message:
        """Put a new message into its chat and tell the bots that may see it."""
        message.chat.messages[message.message_id] = message
        self.tell("message", message)
        self.spread("channel_post" if message.chat.kind is Kind.CHANNEL else "message", message)
        return message

    def edited(self, message: Message, *, spread: bool = False) -> None:
        """Note that a message has changed; `spread` when bots shall hear of it."""
        message.edits += 1
        self.tell("edit", message)
        if spread:
            self.spread(f"edited_{'channel_post' if message.chat.kind is Kind.CHANNEL else 'message'}", message)

    def delete(self, messages: Iterable[Message]) -> None:
        """Take messages out of their chat, for everybody."""
        for message in messages:
            message.chat.messages.pop(message.message_id, None)
            self.tell("delete", message)

    def spread(self, kind: str, message: Message) -> None:
        """Queue an update about a message for every bot of its chat that may see it."""
        wire = None
        for bot in self.bots_of(message.chat):
            if self._sees(bot, message):
                wire = wire or message.wire()
                self.update(bot, kind, wire)

    def update(self, bot: Bot, kind: str, content: dict[str, Any]) -> None:
        """Queue an update for one bot."""
        bot.updates.add(kind, content, self.clock.now())

    def bots_of(self, chat: Chat) -> list[Bot]:
        """The bots that take part in a chat."""
        if chat.pair is not None:
            return [] if chat.blocked else [chat.pair[0]]
        return [bot for bot in self.bots.values() if chat.has(bot.user.user_id)]

    def _sees(self, bot: Bot, message: Message) -> bool:
        if message.sender is not None and message.sender.is_bot:
            return False
        if message.receiver is not None:
            return message.receiver is bot.user
        if message.chat.pair is not None or message.service or not bot.privacy or message.via is bot:
            return True
        if message.chat.role(bot.user.user_id) in (Role.ADMINISTRATOR, Role.CREATOR):
            return True
        return _is_meant(bot.user, message)

    def tell(self, kind: str, message: Message, **more: Any) -> None:
        """Let the page and waiting tests know."""
        self.feed.tell({"kind": kind, "chat": message.chat, "message": message, **more})


def _check_private(chat: Chat) -> None:
    if chat.blocked:
        raise forbidden("bot was blocked by the user")
    if not chat.opened:
        raise forbidden("bot can't initiate conversation with a user")


def _is_meant(bot: User, message: Message) -> bool:
    """Whether a bot with privacy mode gets a group message: a reply to it, a command, or a mention of it."""
    if message.reply_to is not None and message.reply_to.sender is bot:
        return True
    name = f"@{bot.username}".casefold()
    if any(found.casefold() == name for found in mentions(message.text, message.entities)):
        return True
    found = commands(message.text, message.entities)
    return any("@" not in command or command.casefold().endswith(name) for command in found)
