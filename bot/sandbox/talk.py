"""A chat through the eyes of one person: write, press, edit, delete, block, wait for what they want to see."""

import asyncio
import secrets
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from bot.sandbox.errors import bad_request
from bot.sandbox.inline import ask, choose, summon, whispered_to
from bot.sandbox.methods.chats import member_wire
from bot.sandbox.model import Asked, Bot, Chat, Kind, Media, Message, Query, Role, User, Wire
from bot.sandbox.standing import ANONYMOUS, stand, tell_member
from bot.sandbox.texts import clean
from bot.sandbox.views import Seen, look, ordered
from bot.sandbox.wire import Upload
from bot.sandbox.world import World

Found = TypeVar("Found")
LONGEST_WAIT = 30.0


@dataclass(frozen=True, slots=True)
class Answer:
    """What came up after a press: a short line, or an alert to be closed."""

    text: str
    alert: bool
    url: str | None


class Talk:
    """A chat, or one topic of it, through the eyes of one person."""

    def __init__(self, world: World, person: User, chat: Chat, thread_id: int | None = None) -> None:
        self._world = world
        self._chat = chat
        self.user = person
        self.thread_id = thread_id

    @property
    def chat(self) -> Chat:
        """The chat itself; a group that has become a supergroup leads there."""
        return self._chat.moved_to or self._chat

    @property
    def world(self) -> World:
        """Everything around it."""
        return self._world

    def bot(self, user_id: int | None = None) -> Bot:
        """The bot of this number; without one that of the chat. Raises LookupError."""
        known = self._world.bots_of(self.chat) if user_id is None else list(self._world.bots.values())
        found = next((bot for bot in known if user_id in (None, bot.user.user_id)), None)
        if found is None:
            raise LookupError(f"no bot {user_id or 'here'}")
        return found

    def set_role(self, bot: Bot, role: Role, *without: str, unseen: bool = False) -> None:
        """Add a bot, promote it, restrict it, throw it out; `without` these rights. `unseen`: as an anonymous admin.

        Raises ApiError for somebody who does not lead the chat.
        """
        if not self.chat.leads(self.user.user_id):
            raise bad_request("not enough rights")
        stand(self._world, self.chat, ANONYMOUS if unseen else self.user, bot.user, role, without)

    @property
    def chat_id(self) -> int:
        """The id by which bots know this chat."""
        return self.chat.chat_id

    @property
    def messages(self) -> list[Seen]:
        """What the person sees now, oldest first."""
        return [look(message) for message in ordered(self.chat, self.thread_id, self.user) if not message.service]

    @property
    def last(self) -> Seen:
        """The newest message. Raises LookupError in an empty chat."""
        return self.messages[-1]

    @property
    def answers(self) -> list[Seen]:
        """What bots have written here."""
        return [message for message in self.messages if message.by_bot]

    def message(self, message_id: int) -> Seen:
        """One message by its id. Raises LookupError when it is gone."""
        return look(self.chat.messages[message_id])

    async def say(self, text: str, *, reply_to: int | Seen | None = None, **extra: Any) -> int:
        """Write a message; returns its id. `extra` are further fields of the Message that bots get."""
        return self._post(self._compose(text, reply_to, extra)).message_id

    async def send_photo(
        self, content: bytes, caption: str = "", *, reply_to: int | Seen | None = None, **extra: Any
    ) -> int:
        """Send a picture as a photo; returns the message's id. `extra` as in `say`."""
        media = Media("photo", self._world.files.add_photo(Upload("photo.jpg", "image/jpeg", content)))
        return self._post(self._compose(caption, reply_to, extra, media)).message_id

    async def send_album(self, *pictures: tuple[bytes, str]) -> list[int]:
        """Send photos, each with its caption, as one album: a message each; returns their ids."""
        album = str(13_000_000_000_000_000 + secrets.randbelow(10**12))
        return [await self.send_photo(content, words, media_group_id=album) for content, words in pictures]

    async def send_file(
        self, content: bytes, name: str, mime: str, caption: str = "", *, reply_to: int | Seen | None = None
    ) -> int:
        """Send something as a file; returns the message's id."""
        media = Media("document", self._world.files.add_document(Upload(name, mime, content)))
        return self._post(self._compose(caption, reply_to, {}, media)).message_id

    async def ask(self, bot: Bot, words: str, *, offset: str = "", timeout: float = LONGEST_WAIT) -> Asked:
        """Type `@bot words` into the input line and wait for results. Raises TimeoutError when none come, ApiError."""
        asked = ask(self._world, bot, self.user, self.chat, words, offset)
        await self._wait(lambda: asked.answer is not None, timeout, f"an answer to {words!r}")
        return asked

    async def choose(self, asked: Asked, result_id: str) -> int:
        """Send one of the results; returns the message's id. Raises LookupError for one that was not offered."""
        return choose(self._world, asked, result_id, self.thread_id).message_id

    async def edit(self, message: int | Seen, text: str) -> None:
        """Change an own message."""
        found = self._own(message)
        found.past.append(found.text)
        found.text, found.entities = clean(text, [])
        found.edit_date = self._world.clock.now()
        self._world.edited(found, spread=True)

    async def delete(self, *messages: int | Seen) -> None:
        """Delete messages for everybody; bots are not told."""
        self._world.delete([self.chat.messages[_id(one)] for one in messages])

    async def react(self, message: int | Seen, *emoji: str) -> None:
        """Put reactions on a message, or take them away. Bots that lead the chat and want to know are told."""
        found = self.chat.messages[_id(message)]
        old = found.reactions.get(self.user.user_id, [])
        new = found.reactions[self.user.user_id] = [{"type": "emoji", "emoji": one} for one in emoji]
        self._world.tell("reaction", found)
        tell_reaction(self._world, found, self.user, old, new)

    async def press(
        self, label: str, message: int | Seen | None = None, *, timeout: float | None = LONGEST_WAIT
    ) -> Answer | None:
        """Press a button by its label (or words in it) and wait for what comes up; None when nothing does.

        Without `message` it is the newest one that has such a button. `timeout` in seconds; None does not wait.
        Raises LookupError when there is no such button, TimeoutError when the bot does not answer.
        """
        query = self.begin_press(label, message)
        if timeout is None:
            return None
        await self._wait(lambda: query.answer is not None, timeout, f"an answer to the press of {label!r}")
        return _answer_of(query)

    def begin_press(self, label: str, message: int | Seen | None = None) -> Query:
        """Press a button and do not wait. Raises LookupError when there is no such button."""
        for found in self._candidates(message):
            button = look(found).button(label)
            if button is not None and button.data is not None:
                return self._ask(found, button.data)
        raise LookupError(f"no button {label!r} to press here:\n{self}")

    def press_data(self, data: str, message: int | Seen) -> Query:
        """Send the data of a button that may no longer be there, as an old app could."""
        return self._ask(self.chat.messages[_id(message)], data)

    async def until(self, wanted: Callable[["Talk"], Found], timeout: float = LONGEST_WAIT) -> Found:
        """Wait until something is true of this chat and return it. Raises TimeoutError that shows the chat."""
        found: list[Found] = []

        def look_again() -> bool:
            found[:] = [wanted(self)]
            return bool(found[0])

        await self._wait(look_again, timeout, "what was waited for")
        return found[0]

    def block(self) -> None:
        """Block the bot of this private chat; it is told, and may no longer write."""
        self._set_blocked(blocked=True)

    def unblock(self) -> None:
        """Let the bot of this private chat write again."""
        self._set_blocked(blocked=False)

    def __str__(self) -> str:
        lines = [f"{one.message_id} {one.sender}: {_short(one)}" for one in self.messages]
        return "\n".join(lines) or "(nothing here)"

    async def _wait(self, done: Callable[[], bool], timeout: float, what: str) -> None:
        try:
            async with asyncio.timeout(timeout):
                while not done():
                    await self._world.feed.signal.next()
        except TimeoutError:
            raise TimeoutError(f"{what} did not come within {timeout} s:\n{self}") from None

    def _compose(
        self, text: str, reply_to: int | Seen | None, extra: dict[str, Any], media: Media | None = None
    ) -> Message:
        words, entities = clean(text, extra.pop("entities", []))
        post = self.chat.kind is Kind.CHANNEL
        message = Message(next(self.chat.message_ids), self.chat, None if post else self.user, self._world.clock.now())
        message.author, message.text, message.entities, message.media = self.user, words, entities, media
        message.date = extra.pop("date", message.date)
        message.reply_to = self._replied(reply_to)
        message.thread_id = self.thread_id
        message.album_id = extra.pop("media_group_id", None)
        message.extra = extra
        return message

    def _replied(self, reply_to: int | Seen | None) -> Message | None:
        """In a topic, a message that answers nobody answers the one that began the topic."""
        if reply_to is not None:
            return self.chat.messages[_id(reply_to)]
        return None if self.thread_id is None else self.chat.messages.get(self.thread_id)

    def _post(self, message: Message) -> Message:
        if self.chat.pair is not None:
            self.chat.opened = True
            if self.chat.blocked:
                self.unblock()  # writing to a blocked bot is only possible so
        elif (bot := whispered_to(self._world, message)) is not None:
            message.receiver, message.message_id = bot.user, -next(self.chat.ephemeral_ids)
        posted = self._world.post(message)
        summon(self._world, posted)
        return posted

    def _own(self, message: int | Seen) -> Message:
        found = self.chat.messages[_id(message)]
        if found.author is not self.user:
            raise bad_request("message can't be edited")
        return found

    def _candidates(self, message: int | Seen | None) -> list[Message]:
        if message is not None:
            return [self.chat.messages[_id(message)]]
        return ordered(self.chat, self.thread_id, self.user)[::-1]

    def _ask(self, message: Message, data: str) -> Query:
        author = message.via.user if message.via is not None else message.author
        bot = next(bot for bot in self._world.bots.values() if bot.user is author)
        query = Query(str(secrets.randbits(62)), bot, self.user, message, data, self._world.clock.now())
        self._world.queries[query.query_id] = query
        about = {"inline_message_id": message.inline_id} if message.inline_id else {"message": message.wire()}
        wire = {"id": query.query_id, "from": self.user.wire(), **about, "data": data}
        wire["chat_instance"] = str(abs(hash(self.chat.key)))
        self._world.update(bot, "callback_query", wire)
        return query

    def _set_blocked(self, *, blocked: bool) -> None:
        if self.chat.pair is None:
            raise ValueError("only a private chat can be blocked")
        self.chat.blocked = blocked
        roles = (Role.MEMBER, Role.KICKED) if blocked else (Role.KICKED, Role.MEMBER)
        bot = self.chat.pair[0]
        before, after = (member_wire(bot.user.wire(), role) for role in roles)
        tell_member(self._world, self.chat, self.user, bot, (before, after))


def tell_reaction(world: World, message: Message, by: User, old: list[Wire], new: list[Wire]) -> None:
    """Queue the update about a reaction; in a channel nobody learns whose it was."""
    chat = message.chat
    wire: Wire = {"message_id": message.message_id, "date": world.clock.now(), "chat": chat.wire()}
    if chat.kind is Kind.CHANNEL:
        given = Counter(one["emoji"] for each in message.reactions.values() for one in each if "emoji" in one)
        counts = [{"type": {"type": "emoji", "emoji": one}, "total_count": count} for one, count in given.items()]
        kind, wire = "message_reaction_count", wire | {"reactions": counts}
    else:
        kind, wire = "message_reaction", wire | {"user": by.wire(), "old_reaction": old, "new_reaction": new}
    for bot in world.bots_of(chat):
        if chat.pair is not None or chat.role(bot.user.user_id) in (Role.ADMINISTRATOR, Role.CREATOR):
            world.update(bot, kind, wire)


def _answer_of(query: Query) -> Answer | None:
    answer = query.answer or {}
    if not answer.get("text") and not answer.get("url"):
        return None
    return Answer(answer.get("text", ""), bool(answer.get("show_alert")), answer.get("url"))


def _id(message: int | Seen) -> int:
    return message if isinstance(message, int) else message.message_id


def _short(message: Seen) -> str:
    kind = "[photo] " if message.photo else "[file] " if message.document else ""
    buttons = f"  {list(message.labels)}" if message.buttons else ""
    return f"{kind}{message.text[:120]!r}{buttons}"
