"""/admin and what goes with it: in the private chat of those who run the bot, by number, each press looked up anew."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from aiogram import Router
from aiogram.filters import Command, CommandObject
from aiogram.methods import SendMessage
from aiogram.types import CallbackQuery, Message

from bot.admin import store as audit
from bot.admin.panel.handlers import deeds, pages, why
from bot.admin.panel.handlers.desk import Answer, Desk, View, at_desk, edit, own_words, say, source_of
from bot.admin.panel.handlers.pages import FIND, PAGES
from bot.admin.panel.keyboards import AdminButton
from bot.admin.panel.rules import appointment, ban, change, limit, pardon, switch
from bot.admin.rules import FRESH_SECONDS, Role, named
from bot.errors import UserError
from bot.texts import cut_utf16

# Letters that fit above a pressed button.
TOAST = 200


def router() -> Router:
    """Commands, presses, and the answer to the question whom to find."""
    router = Router(name="panel")
    for name, handler in COMMANDS.items():
        router.message.register(handler, Command(name, ignore_case=True), own_words, at_desk)
    router.callback_query.register(on_words, AdminButton.filter(), of_words, at_desk)
    router.callback_query.register(on_press, AdminButton.filter(), at_desk)
    router.message.register(on_answer, at_desk, answers_whom)
    return router


async def on_admin(message: Message, desk: Desk) -> SendMessage:
    """The first page."""
    return say(message, await pages.home(desk))


async def on_find(message: Message, command: CommandObject, desk: Desk) -> SendMessage:
    """Somebody by number or name; without either the question whom. Raises UserError."""
    return say(message, await (pages.found(desk, command.args) if command.args else pages.find(desk)))


async def on_ban(message: Message, command: CommandObject, desk: Desk) -> SendMessage:
    """Ask once. Raises UserError."""
    desk.require_command(message, Role.MODERATOR)
    return say(message, await deeds.ask_ban(desk, ban(command.args)))


async def on_unban(message: Message, command: CommandObject, desk: Desk) -> Answer:
    """Let somebody in again. Raises UserError."""
    desk.require_command(message, Role.MODERATOR)
    return _told(message, await deeds.unban(desk, *pardon(command.args)))


async def on_moderator(message: Message, command: CommandObject, desk: Desk) -> Answer:
    """Name a moderator, or no longer. Raises UserError."""
    desk.require_command(message, Role.ADMIN)
    user_id, moderator = appointment(command.args)
    return _told(message, await deeds.appoint(desk, user_id, moderator=moderator))


async def on_limit(message: Message, command: CommandObject, desk: Desk) -> Answer:
    """Credits of a day. Raises UserError."""
    desk.require_command(message, Role.ADMIN)
    return _told(message, await deeds.set_limit(desk, *limit(command.args)))


async def on_maintenance(message: Message, command: CommandObject, desk: Desk) -> Answer:
    """On, which is asked about once, or off. Raises UserError."""
    desk.require_command(message, Role.ADMIN)
    on = switch(command.args)
    if on is None:
        raise UserError("panel-on-or-off")
    return [say(message, await deeds.ask_close(desk))] if on else _told(message, await deeds.maintain(desk, on=False))


async def on_allow(message: Message, command: CommandObject, desk: Desk) -> Answer:
    """Let a person or a group draw. Raises UserError."""
    desk.require_command(message, Role.ADMIN)
    return _told(message, await deeds.let_in(desk, named(command.args)))


async def on_disallow(message: Message, command: CommandObject, desk: Desk) -> SendMessage:
    """Let them draw no more, which is asked about once. Raises UserError."""
    desk.require_command(message, Role.ADMIN)
    return say(message, await deeds.ask_let_out(desk, named(command.args)))


async def on_grant(message: Message, command: CommandObject, desk: Desk) -> Answer:
    """Give credits, once for each message; or take them, which is asked about once. Raises UserError."""
    desk.require_command(message, Role.ADMIN)
    number, amount, why = change(command.args)
    if amount < 0:
        return [say(message, await deeds.ask_take(desk, number, -amount, why))]
    return _told(message, await deeds.give(desk, number, amount, source_of(message), why))


async def on_audit(message: Message, desk: Desk) -> SendMessage:
    """The latest decisions. Raises UserError."""
    desk.require(Role.ADMIN)
    return say(message, await pages.decisions(desk))


async def on_why(message: Message, command: CommandObject, desk: Desk) -> SendMessage:
    """The life of one picture. Raises UserError."""
    return say(message, await why.why(desk, command.args))


COMMANDS: Mapping[str, Callable[..., Awaitable[Any]]] = {
    "admin": on_admin,
    "find": on_find,
    "ban": on_ban,
    "unban": on_unban,
    "allow": on_allow,
    "disallow": on_disallow,
    "grant": on_grant,
    "limit": on_limit,
    "moderator": on_moderator,
    "maintenance": on_maintenance,
    "audit": on_audit,
    "why": on_why,
}


async def of_words(_query: CallbackQuery, callback_data: AdminButton) -> bool:
    """A press for the words of somebody else."""
    return callback_data.what == "words"


async def on_words(query: CallbackQuery, callback_data: AdminButton, desk: Desk) -> Answer:
    """What was wished, as a message of its own. Raises UserError."""
    text, _ = await why.words(desk, callback_data.subject)
    words, entities = text.render()
    return [SendMessage(chat_id=desk.person.user_id, text=words, entities=entities), query.answer()]


async def on_press(query: CallbackQuery, callback_data: AdminButton, desk: Desk) -> Answer:
    """Open a page, or do something and show what is so then. Raises UserError."""
    what = callback_data.what
    if what in PAGES:
        role, page = PAGES[what]
        desk.require(role)
        return [*edit(query, await page(desk, callback_data)), query.answer()]
    if what not in deeds.DEEDS:
        raise UserError("imagine-old-button")
    role, deed = deeds.DEEDS[what]
    desk.require(role)
    done = await deed(desk, callback_data)
    return [*edit(query, done.view), *done.others, query.answer(cut_utf16(done.said, TOAST) or None)]


async def answers_whom(message: Message, desk: Desk) -> bool:
    """Whether this is the answer to the question whom to find. Commands and pictures are none."""
    own = message.sender_chat is None and message.via_bot is None
    if not own or (message.forward_origin is None and (not message.text or message.text.startswith("/"))):
        return False
    return await audit.awaited(desk.tx, desk.person.user_id, FIND, desk.now - FRESH_SECONDS)


async def on_answer(message: Message, desk: Desk) -> SendMessage:
    """Whoever is named, or wrote what was forwarded. The question is answered, whether somebody is found or not."""
    try:
        return say(message, await _whom(message, desk))
    except UserError as error:
        return message.answer(desk.t(error.text, **error.values))


async def _whom(message: Message, desk: Desk) -> View:
    """Raises UserError."""
    origin = message.forward_origin
    if origin is None:
        return await pages.found(desk, message.text or "")
    sender = getattr(origin, "sender_user", None)
    if sender is None:
        raise UserError("panel-hidden" if origin.type == "hidden_user" else "panel-not-a-person")
    desk.faces.see(sender.id, sender.full_name, sender.username)
    return await pages.card_of(desk, sender.id)


def _told(message: Message, done: deeds.Done) -> Answer:
    return [message.answer(done.said), say(message, done.view), *done.others]
