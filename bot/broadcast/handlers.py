"""/broadcast, the panel that follows it, and the button below each letter.

Whoever is no admin gets no answer here to the command; a press of theirs is told that it is not for them.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from aiogram import BaseMiddleware, Router
from aiogram.enums import ChatType
from aiogram.filters import Command, CommandObject
from aiogram.methods import AnswerCallbackQuery, EditMessageReplyMarkup, EditMessageText, SendMessage
from aiogram.types import CallbackQuery, Message, TelegramObject

from bot.admin.handlers import by_admin, stale
from bot.broadcast import keyboards, store, views
from bot.broadcast.keyboards import CastButton, NewsButton
from bot.broadcast.rules import Asked, Broadcast, State
from bot.broadcast.service import Broadcasts
from bot.errors import UserError
from bot.outgoing import Outgoing
from bot.storage.database import Transaction
from bot.texts import Texts, Translator
from bot.users.rules import Person


@dataclass(frozen=True, slots=True)
class Desk:
    """Where an admin decides about a broadcast. `now` in Unix seconds."""

    tx: Transaction
    t: Translator
    texts: Texts
    broadcasts: Broadcasts
    now: int

    async def draft(self, broadcast: Broadcast) -> views.View:
        """The panel of a draft; a job counts its people, which takes a while where there are many."""
        await self.broadcasts.count(self.tx, broadcast, Asked.DRAFT, self.now)
        return views.draft(self.t, broadcast, self.texts.languages, broadcast.people(self.now))

    async def question(self, broadcast: Broadcast) -> views.View | None:
        """The question before it begins. None: a job asks it as soon as it has counted. Raises UserError."""
        people = broadcast.people(self.now)
        if people is None:
            await self.broadcasts.count(self.tx, broadcast, Asked.QUESTION, self.now)
            return None
        if not people:
            raise UserError("broadcast-nobody")
        await store.order(self.tx, broadcast.admin_id, None, self.now)
        return views.question(self.t, broadcast, self.texts.languages, people, self.now)

    async def progress(self, broadcast_id: str) -> views.View:
        """How it goes now."""
        broadcast = await store.get(self.tx, broadcast_id)
        if broadcast is None:
            raise UserError("broadcast-over")
        return views.progress(self.t, broadcast)


class Talking(BaseMiddleware):
    """Remembers who spoke to the bot in private, because only to them it may write by itself."""

    async def __call__(
        self,
        handler: Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]],
        event: TelegramObject,
        data: dict[str, Any],
    ) -> Any:
        """Look at one message or press."""
        message = event.message if isinstance(event, CallbackQuery) else event
        if isinstance(message, Message) and message.chat.type == ChatType.PRIVATE:
            person: Person = data["person"]
            await store.talked(data["tx"], person.user_id, data["now"])
        return await handler(event, data)


def router() -> Router:
    """The command, its panel, and what people press. Has to come first: it sees who talks."""
    router = Router(name="broadcast")
    for observer in (router.message, router.callback_query):
        observer.outer_middleware(Talking())
    command = Command("broadcast", ignore_case=True)
    router.message.register(on_stale, command, by_admin, stale)
    router.message.register(on_broadcast, command, by_admin, at_desk)
    router.callback_query.register(on_foreign_press, CastButton.filter(), by_somebody)
    router.callback_query.register(on_press, CastButton.filter(), at_desk)
    router.callback_query.register(on_news, NewsButton.filter())
    return router


async def at_desk(
    _event: TelegramObject, tx: Transaction, t: Translator, texts: Texts, broadcasts: Broadcasts, now: int
) -> dict[str, Any]:
    """A filter that lets everything through and gives the handler its desk."""
    return {"desk": Desk(tx, t, texts, broadcasts, now)}


async def by_somebody(query: CallbackQuery, is_admin: bool) -> bool:
    """A press that is not an admin's in the private chat with the bot."""
    return not is_admin or query.message is None or query.message.chat.id != query.from_user.id


async def on_stale(message: Message, t: Translator) -> SendMessage:
    """What waited too long is not carried out."""
    return message.answer(t("admin-stale"))


async def on_broadcast(message: Message, command: CommandObject, person: Person, desk: Desk) -> list[Any]:
    """Show the letter as people will see it, and ask whom it is for; or how another one goes. Raises UserError."""
    quoted = message.reply_to_message
    if quoted is None and not command.args and (running := await store.running(desk.tx)):
        return [_said(message, views.progress(desk.t, running))]
    letter = views.letter_of(quoted) if quoted else views.own_letter(message)
    draft = await desk.broadcasts.draft(desk.tx, person.user_id, letter, desk.now)
    panel = Outgoing(_said(message, await desk.draft(draft)), note_of=draft.broadcast_id)
    return [views.letter(letter, message.chat.id, desk.t), panel]


async def on_foreign_press(query: CallbackQuery, t: Translator) -> AnswerCallbackQuery:
    """Nothing is done for anybody else."""
    return query.answer(t("broadcast-not-yours"))


async def on_press(query: CallbackQuery, callback_data: CastButton, desk: Desk) -> list[Any]:
    """Choose, ask, begin, stop. Raises UserError."""
    broadcast = await store.get(desk.tx, callback_data.broadcast_id)
    if broadcast is None:
        raise UserError("broadcast-over")
    if callback_data.what == "stop" and broadcast.state is not State.DRAFT:
        return await _stop(query, broadcast, desk)
    if broadcast.state is State.DRAFT and broadcast.admin_id != query.from_user.id:
        raise UserError("broadcast-over")  # nobody was shown it but whoever wrote it
    if broadcast.state is not State.DRAFT:
        return [_edited(query, await desk.progress(broadcast.broadcast_id)), query.answer()]
    return await _decide(query, callback_data, broadcast, desk)


async def on_news(
    query: CallbackQuery, callback_data: NewsButton, tx: Transaction, t: Translator, person: Person
) -> Any:
    """No more letters for whoever pressed, or letters again; the button then leads the other way."""
    await store.set_news(tx, person.user_id, callback_data.wanted)
    said = query.answer(t("broadcast-news-on" if callback_data.wanted else "broadcast-news-off"), show_alert=True)
    if query.message is None or query.message.chat.id != query.from_user.id:
        return said
    turned = EditMessageReplyMarkup(
        chat_id=query.message.chat.id,
        message_id=query.message.message_id,
        reply_markup=keyboards.letter(t, wanted=callback_data.wanted),
    )
    return [turned, said]


async def _stop(query: CallbackQuery, broadcast: Broadcast, desk: Desk) -> list[Any]:
    stopped = await desk.broadcasts.stop(desk.tx, broadcast.broadcast_id, query.from_user.id, desk.now)
    said = "broadcast-is-stopped" if stopped else "broadcast-over"
    return [_edited(query, await desk.progress(broadcast.broadcast_id)), query.answer(desk.t(said))]


async def _decide(query: CallbackQuery, button: CastButton, draft: Broadcast, desk: Desk) -> list[Any]:
    """What becomes of a draft."""
    if query.message:
        await store.set_panel(desk.tx, draft.broadcast_id, query.message.message_id)
    if button.what == "yes":
        return await _begin(query, button, draft, desk)
    if button.what == "drop":
        await store.drop(desk.tx, draft.broadcast_id)
        await store.order(desk.tx, draft.admin_id, None, desk.now)
        return [_edited(query, views.dropped(desk.t)), query.answer()]
    if button.what == "send":
        question = await desk.question(draft)
        return [_edited(query, question), query.answer()] if question else [query.answer(desk.t("broadcast-counting"))]
    aimed = await desk.broadcasts.aim(desk.tx, draft, button.what, button.value)
    return [_edited(query, await desk.draft(aimed)), query.answer()]


async def _begin(query: CallbackQuery, button: CastButton, draft: Broadcast, desk: Desk) -> list[Any]:
    asked_at = int(button.value) if button.value.isdecimal() and len(button.value) < 12 else 0
    panel_id = query.message.message_id if query.message else 0
    if not await desk.broadcasts.start(desk.tx, draft, asked_at, panel_id, desk.now):
        return [_edited(query, await desk.draft(draft)), query.answer(desk.t("broadcast-asked-long-ago"))]
    return [_edited(query, await desk.progress(draft.broadcast_id)), query.answer()]


def _said(message: Message, view: views.View) -> SendMessage:
    content, buttons = view
    text, entities = content.render()
    return message.answer(text, entities=entities, reply_markup=buttons)


def _edited(query: CallbackQuery, view: views.View) -> EditMessageText:
    content, buttons = view
    text, entities = content.render()
    message_id = query.message.message_id if query.message else None
    return EditMessageText(
        chat_id=query.from_user.id, message_id=message_id, text=text, entities=entities, reply_markup=buttons
    )
