"""The one gate before all handlers: who is this, and may they? What is not allowed is denied."""

from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from aiogram import BaseMiddleware, Router
from aiogram.dispatcher.event.bases import UNHANDLED
from aiogram.methods import AnswerCallbackQuery, SendMessage, TelegramMethod
from aiogram.types import Message, ReplyParameters, TelegramObject, Update, User
from aiogram.utils.formatting import Code, Text

from bot.clock import Clock
from bot.inline.views import stranger
from bot.outgoing import Outgoing
from bot.privacy.rules import Policy
from bot.storage.database import Transaction
from bot.telegram import store
from bot.texts import Texts, Translator
from bot.users import store as users
from bot.users.faces import Faces
from bot.users.rules import Person

# Accounts that stand for many people: an anonymous admin of a group, a channel, Telegram itself.
NOBODY = frozenset({1087968824, 136817688, 777000})
# Those of them behind whom a person sits.
MASKS = frozenset({1087968824, 136817688})
# What comes from a group in which the bot does not work, and may be answered all the same.
STRANGE = "strange"
HOUR = 3600
DAY = 24 * HOUR
# Seconds after which a press is given up: whoever pressed saw nothing happen, and must not be surprised by a charge.
PRESS_KEPT = 15 * 60


@dataclass(slots=True)
class Scene:
    """What is known of an update: since when it waited here (None: it has just come), and what the gate found out."""

    received_at: int | None = None
    t: Translator | None = None


class Gate(BaseMiddleware):
    """Lets members (or everybody, as `public` says) in and gives handlers `person`, `t`, `now` and `is_admin`."""

    def __init__(
        self,
        texts: Texts,
        clock: Clock,
        admin_ids: frozenset[int],
        *,
        public: bool,
        counts: Counter[str] | None = None,
        anyone: Router | None = None,
    ) -> None:
        """`counts` hears of those who are not let in; what they may ask all the same, `anyone` answers."""
        self._anyone = anyone
        self._counts = Counter() if counts is None else counts
        self._texts = texts
        self._clock = clock
        self._admin_ids = admin_ids
        self._public = public

    async def __call__(
        self,
        handler: Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]],
        event: TelegramObject,
        data: dict[str, Any],
    ) -> Any:
        """Decide about one update, inside its transaction."""
        if not isinstance(event, Update):
            return None
        tx: Transaction = data["tx"]
        if moved := migration(event):
            await store.move_chat(tx, *moved, self._clock.now())
            return None
        if event.channel_post:
            return await self._let_post(handler, event, data)
        if event.my_chat_member and event.my_chat_member.chat.type != "private":
            return await self._let_change(handler, event, data)
        user: User | None = data.get("event_from_user")
        if user is None:
            return None
        _look(event, user, data.get("faces"))
        if not _is_someone(event, user):
            if data.get(STRANGE):
                return None
            return _explain(event, user, self._texts.negotiate(data.get("place_language")), self._clock.now())
        return await self._let_in(handler, event, data, tx, user)

    async def _let_post(
        self,
        handler: Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]],
        event: Update,
        data: dict[str, Any],
    ) -> Any:
        """What is posted in a channel is said by its admins, none of whom is named: the channel itself asks."""
        scene: Scene = data["scene"]
        scene.t = self._texts.negotiate(data.get("place_language"))
        speaker = Person(event.channel_post.chat.id if event.channel_post else 0)
        data.update(t=scene.t, now=self._clock.now(), is_admin=False, person=speaker)
        return await handler(event, data)

    async def _let_change(
        self,
        handler: Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]],
        event: Update,
        data: dict[str, Any],
    ) -> Any:
        """What the bot has become in a group that was let in is true whoever did it, and if nobody is named."""
        user: User | None = data.get("event_from_user")
        scene: Scene = data["scene"]
        scene.t = self._texts.negotiate(data.get("place_language"), user.language_code if user else None)
        data.update(t=scene.t, now=self._clock.now(), is_admin=False)
        return await handler(event, data)

    async def _let_in(
        self,
        handler: Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]],
        event: Update,
        data: dict[str, Any],
        tx: Transaction,
        user: User,
    ) -> Any:
        person = await users.get(tx, user.id)
        scene: Scene = data["scene"]
        t = scene.t = self._words(data, user, person)
        now = self._clock.now()
        if data.get(STRANGE):
            return await self._answer(event, data, user, person, t, now)
        before = None if person else await users.forgotten(tx, user.id)
        shut_out = person or before
        if shut_out and shut_out.is_banned(now) and user.id not in self._admin_ids:
            self._counts["shut_out"] += 1
            answer = await self._answer(event, data, user, person, t, now)
            return answer or _shut_out(event, shut_out, t, now, _contact(data, t))
        if _is_late_press(event, scene, now):
            self._counts["late_presses"] += 1
            return None
        if person is None and (event.message_reaction or event.my_chat_member):
            return None  # nothing here is theirs, so nothing is noted about them, nor when they block the bot
        if not self._is_invited(user, person):
            self._counts["strangers"] += 1
            answer = await self._answer(event, data, user, person, t, now)
            return answer or _turn_away(event, user, t, now, _contact(data, t))
        met = await _met(tx, user, person, now, before)
        data.update(t=t, now=now, is_admin=user.id in self._admin_ids, person=met)
        return await handler(event, data)

    async def _answer(
        self, event: Update, data: dict[str, Any], user: User, person: Person | None, t: Translator, now: int
    ) -> Any:
        """What anyone is told about themselves; None for all else. Nothing is written about whoever is not let in."""
        kind = event.event_type
        if self._anyone is None or kind not in ("message", "callback_query"):
            return None
        told = {"t": t, "now": now, "is_admin": user.id in self._admin_ids, "person": person or Person(user.id)}
        answer = await self._anyone.propagate_event(kind, event.event, **{**data, **told})
        return None if answer is UNHANDLED else answer

    def _words(self, data: dict[str, Any], user: User, person: Person | None) -> Translator:
        """In the language of the group, where it has chosen one, else in that of the person."""
        chosen = person.language if person else None
        return self._texts.negotiate(data.get("place_language"), chosen, user.language_code)

    def _is_invited(self, user: User, person: Person | None) -> bool:
        return self._public or user.id in self._admin_ids or bool(person and person.member)


def _look(event: Update, user: User, faces: Faces | None) -> None:
    """Remember, while this process lives, who speaks: admins look people up by name, and names are kept nowhere."""
    if faces is None or user.is_bot:
        return
    faces.see(user.id, user.full_name, user.username)
    chat = event.message.chat if event.message else None
    if chat is not None and chat.title:
        faces.see(chat.id, chat.title)


def _is_someone(event: Update, user: User) -> bool:
    if user.is_bot or user.id in NOBODY:
        return False
    message = event.message or event.edited_message or event.guest_message
    return not (message and (message.sender_chat or _is_our_own(message)))


def _is_our_own(message: Message) -> bool:
    """Whether it is a result of our inline mode, sent where we read along."""
    return bool(message.via_bot and message.bot and message.via_bot.id == message.bot.id)


def _is_late_press(event: Update, scene: Scene, now: int) -> bool:
    # What was chosen in inline mode is like a press: its message has a button for whoever still wants it.
    pressed = event.callback_query or event.chosen_inline_result
    return bool(pressed and scene.received_at is not None and now - scene.received_at > PRESS_KEPT)


async def _met(tx: Transaction, user: User, person: Person | None, now: int, before: Person | None = None) -> Person:
    if before:
        return await users.meet_again(tx, before, user.language_code, now)
    if person and not person.gone and user.language_code in (None, person.client_language):
        return person
    return await users.meet(tx, user.id, user.language_code, now)


def migration(event: Update) -> tuple[int, int] | None:
    """The number that a group had and the one that it has as a supergroup. Both are told it, in any order."""
    message = event.message
    if message and message.migrate_to_chat_id:
        return message.chat.id, message.migrate_to_chat_id
    if message and message.migrate_from_chat_id:
        return message.migrate_from_chat_id, message.chat.id
    return None


def _explain(event: Update, user: User, t: Translator, now: int) -> Outgoing | None:
    """Whoever speaks in a group as the group or as a channel hears why nothing happens, once an hour.

    A channel whose posts come into its group by themselves asks for nothing, nor does another bot.
    """
    message = event.message
    if message is None or message.sender_chat is None or user.id not in MASKS or message.chat.type == "private":
        return None
    said = SendMessage(
        chat_id=message.chat.id,
        message_thread_id=message.message_thread_id if message.is_topic_message else None,
        text=t("gate-nobody"),
        reply_parameters=ReplyParameters(message_id=message.message_id, allow_sending_without_reply=True),
    )
    return Outgoing(said, once=f"nobody:{message.chat.id}:{now // HOUR}", whisper_to=user.id)


def _contact(data: dict[str, Any], t: Translator) -> str:
    """Whom to write to, as a paragraph of its own; nothing where the operator named nobody."""
    policy: Policy = data.get("policy", Policy())
    return "\n\n" + t("gate-contact", contact=policy.contact) if policy.contact else ""


def _shut_out(
    event: Update, person: Person, t: Translator, now: int, contact: str
) -> Outgoing | TelegramMethod[Any] | None:
    """Say until when, once a day: in private, or to whoever pressed a button."""
    until = person.banned_until
    when = f"{datetime.fromtimestamp(until, UTC):%Y-%m-%d %H:%M} UTC" if until else ""
    words = t("gate-banned-until", when=when) if until else t("gate-banned")
    if event.callback_query:
        return AnswerCallbackQuery(callback_query_id=event.callback_query.id, text=words[:200], show_alert=True)
    if event.message is None or event.message.chat.type != "private":
        return None
    said = SendMessage(chat_id=event.message.chat.id, text=words + contact)
    return Outgoing(said, once=f"banned:{person.user_id}:{until or 0}:{now // DAY}")


def _turn_away(
    event: Update, user: User, t: Translator, now: int, contact: str
) -> Outgoing | TelegramMethod[Any] | None:
    """Say once a day whom to ask, in private: in a group it would be noise."""
    words = t("gate-not-invited")
    if event.inline_query:
        return event.inline_query.answer([stranger(t, user.id)], cache_time=0, is_personal=True)
    if event.callback_query:
        return AnswerCallbackQuery(callback_query_id=event.callback_query.id, text=words[:200], show_alert=True)
    if event.message is None or event.message.chat.type != "private":
        return None
    text, entities = Text(words, " ", Code(str(user.id)), contact).render()
    method = SendMessage(chat_id=event.message.chat.id, text=text, entities=entities)
    return Outgoing(method, once=f"not-invited:{user.id}:{now // DAY}")
