"""What the sandbox remembers: people, bots, chats, messages. It lives in memory and changes in place."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from bot.sandbox.files import File
from bot.sandbox.texts import Entity
from bot.sandbox.updates import Updates
from bot.sandbox.webhook import Webhook

Wire = dict[str, Any]


class Kind(StrEnum):
    """The four kinds of chat."""

    PRIVATE = "private"
    GROUP = "group"
    SUPERGROUP = "supergroup"
    CHANNEL = "channel"


class Role(StrEnum):
    """What someone is in a group or channel, in the words of the Bot API."""

    CREATOR = "creator"
    ADMINISTRATOR = "administrator"
    MEMBER = "member"
    RESTRICTED = "restricted"
    LEFT = "left"
    KICKED = "kicked"


@dataclass(slots=True, eq=False)
class User:
    """A person or a bot. `language` is an IETF tag, as the app of a person tells it."""

    user_id: int
    first_name: str
    username: str | None = None
    language: str | None = None
    is_bot: bool = False

    def wire(self) -> Wire:
        """The object `User` of the Bot API."""
        wire: Wire = {"id": self.user_id, "is_bot": self.is_bot, "first_name": self.first_name}
        if self.username:
            wire["username"] = self.username
        if self.language:
            wire["language_code"] = self.language
        return wire


@dataclass(slots=True, eq=False)
class Bot:
    """A bot with its token, profile and what it told its webhook or its commands to be.

    What its owner has told BotFather: `privacy`, whether it takes `inline` questions, goes to chats as a `guest`, and
    gets `feedback` on what was chosen. `listening`: it has asked for updates, or said where to bring them.
    """

    token: str
    user: User
    privacy: bool = True
    revoked: bool = False
    inline: bool = True
    guest: bool = False
    feedback: bool = True
    texts: dict[tuple[str, str], str] = field(default_factory=dict)
    commands: dict[tuple[str, str], list[Wire]] = field(default_factory=dict)
    menu_buttons: dict[int, Wire] = field(default_factory=dict)
    updates: Updates = field(default_factory=Updates)
    webhook: Webhook | None = None
    listening: bool = False
    message_ids: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    @property
    def hears_inline(self) -> bool:
        """Whether a question from the input line would reach it: many a bot does not ask for such updates."""
        allowed = self.updates.allowed
        return self.inline and (allowed is None or "inline_query" in allowed)


@dataclass(slots=True, eq=False)
class Media:
    """A picture or a file in a message."""

    kind: str
    file: File
    spoiler: bool = False

    def wire(self) -> Wire:
        """The fields that a Message has for it."""
        value: Any = self.file.photo_sizes() if self.kind == "photo" else self.file.wire()
        fields: Wire = {self.kind: value}
        if self.spoiler:
            fields["has_media_spoiler"] = True
        return fields


@dataclass(slots=True, eq=False)
class Message:
    """One message, as it is now; `past` holds the texts that it had before its edits.

    `sender` is who people see it from, `author` who may edit it: a channel post has no sender. `via` is the bot that
    offered it in inline mode, `inline_id` by what bots edit such a one. `receiver` alone sees an ephemeral message,
    whose number here is negative: for bots it is 0, and they know it by the positive one.
    """

    message_id: int
    chat: "Chat"
    sender: User | None
    date: int
    author: User | None = None
    text: str = ""
    entities: list[Entity] = field(default_factory=list)
    media: Media | None = None
    markup: Wire | None = None
    reply_to: "Message | None" = None
    thread_id: int | None = None
    album_id: str | None = None
    edit_date: int | None = None
    caption_above: bool = False
    quote: str | None = None
    preview: Wire | None = None
    service: Wire = field(default_factory=dict)
    extra: Wire = field(default_factory=dict)
    via: Bot | None = None
    inline_id: str | None = None
    receiver: User | None = None
    reactions: dict[int, list[Wire]] = field(default_factory=dict)
    past: list[str] = field(default_factory=list)
    edits: int = 0

    def wire(self, *, with_reply: bool = True) -> Wire:
        """The object `Message` of the Bot API."""
        wire: Wire = {"message_id": max(self.message_id, 0), "date": self.date, "chat": self.chat.wire()}
        wire |= self._origin() | self._content() | self.service | self.extra
        if self.markup is not None and "inline_keyboard" in self.markup:
            wire["reply_markup"] = self.markup
        if with_reply and self.reply_to is not None and not self.service:
            wire["reply_to_message"] = self.reply_to.wire(with_reply=False)
        if self.quote:
            wire["quote"] = {"text": self.quote, "position": 0}
        return wire

    def _origin(self) -> Wire:
        wire: Wire = {}
        if self.sender is not None:
            wire["from"] = self.sender.wire()
        if self.chat.kind is Kind.CHANNEL:
            wire["sender_chat"] = self.chat.wire()
        if self.thread_id is not None:
            wire |= {"message_thread_id": self.thread_id, "is_topic_message": True}
        if self.edit_date is not None:
            wire["edit_date"] = self.edit_date
        if self.album_id is not None:
            wire["media_group_id"] = self.album_id
        if self.via is not None:
            wire["via_bot"] = self.via.user.wire()
        if self.receiver is not None:
            wire |= {"receiver_user": self.receiver.wire(), "ephemeral_message_id": -self.message_id}
        return wire

    def _content(self) -> Wire:
        wire: Wire = {} if self.media is None else self.media.wire()
        prefix = "" if self.media is None else "caption_"
        if self.text:
            wire["caption" if self.media else "text"] = self.text
        if self.entities:
            wire[f"{prefix}entities"] = self.entities
        if self.caption_above:
            wire["show_caption_above_media"] = True
        if self.preview is not None:
            wire["link_preview_options"] = self.preview
        return wire


@dataclass(slots=True, eq=False)
class Query:
    """A press of a button, waiting for its answer. `answer` is what answerCallbackQuery was called with."""

    query_id: str
    bot: Bot
    user: User
    message: Message
    data: str
    at: int
    answer: Wire | None = None


@dataclass(slots=True, eq=False)
class Asked:
    """A question from the input line, or with `message` to a guest. `answer` holds the results."""

    query_id: str
    bot: Bot
    user: User
    chat: "Chat"
    query: str
    at: int
    message: Message | None = None
    answer: Wire | None = None


@dataclass(slots=True, eq=False)
class Chat:
    """A chat. `pair` names the bot and the person of a private one; `members` those of the others.

    `opened`: the person has written to the bot, so that it may write back. `moved_to`: the supergroup it became.
    `denied`: the rights that somebody lacks. `muted`: those of plain members to write.
    """

    chat_id: int
    kind: Kind
    title: str
    message_ids: Iterator[int]
    pair: tuple[Bot, User] | None = None
    username: str | None = None
    forum: bool = False
    members: dict[int, Role] = field(default_factory=dict)
    users: dict[int, User] = field(default_factory=dict)
    denied: dict[int, frozenset[str]] = field(default_factory=dict)
    messages: dict[int, Message] = field(default_factory=dict)
    ephemeral_ids: Iterator[int] = field(default_factory=lambda: itertools.count(1))
    topics: dict[int, str] = field(default_factory=dict)
    closed_topics: set[int] = field(default_factory=set)
    pinned: list[int] = field(default_factory=list)
    opened: bool = True
    blocked: bool = False
    muted: bool = False
    moved_to: "Chat | None" = None

    @property
    def key(self) -> str:
        """A name that is unique in this sandbox: several bots have a private chat with the same person."""
        return str(self.chat_id) if self.pair is None else f"{self.pair[0].user.user_id}:{self.chat_id}"

    def wire(self) -> Wire:
        """The object `Chat` of the Bot API."""
        wire: Wire = {"id": self.chat_id, "type": str(self.kind)}
        if self.pair is not None:
            person = self.pair[1]
            wire["first_name"] = person.first_name
            if person.username:
                wire["username"] = person.username
            return wire
        wire["title"] = self.title
        if self.username:
            wire["username"] = self.username
        if self.forum:
            wire["is_forum"] = True
        return wire

    def role(self, user_id: int) -> Role:
        """What someone is here; strangers have left."""
        return self.members.get(user_id, Role.LEFT)

    def has(self, user_id: int) -> bool:
        """Whether someone takes part."""
        return self.role(user_id) not in (Role.LEFT, Role.KICKED)

    def leads(self, user_id: int) -> bool:
        """Whether someone runs this chat."""
        return self.role(user_id) in (Role.CREATOR, Role.ADMINISTRATOR)

    def may(self, user_id: int, right: str) -> bool:
        """Whether someone who takes part has a right, in the words of the Bot API."""
        if right.startswith("can_send_") and self.muted and not self.leads(user_id):
            return False
        return right not in self.denied.get(user_id, ())

    def join(self, user: User, role: Role = Role.MEMBER) -> None:
        """Let someone take part."""
        self.members[user.user_id] = role
        self.users[user.user_id] = user
