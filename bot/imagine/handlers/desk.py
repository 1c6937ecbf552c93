"""What all handlers of this feature share: whom they serve, and how a message is put together."""

from dataclasses import dataclass, replace
from typing import Any

from aiogram.methods import DeleteMessage, EditMessageCaption, EditMessageReplyMarkup, EditMessageText, SendMessage
from aiogram.types import (
    CallbackQuery,
    ForceReply,
    InlineKeyboardMarkup,
    LinkPreviewOptions,
    Message,
    MessageEntity,
    ReplyParameters,
    TelegramObject,
)

from bot.imagine import keyboards, views
from bot.imagine.house import House
from bot.imagine.rules import DELETABLE, DOUBLE_TAP, Generation, Place
from bot.imagine.service import Imagine
from bot.outgoing import Outgoing
from bot.storage.database import Transaction
from bot.texts import Translator
from bot.users.rules import Person

Answer = list[Any]  # of Telegram methods and Outgoing

NO_PREVIEW = LinkPreviewOptions(is_disabled=True)


@dataclass(frozen=True, slots=True)
class Desk:
    """Who is served, in which language and transaction; `now` in Unix seconds."""

    tx: Transaction
    t: Translator
    person: Person
    imagine: Imagine
    now: int
    house: House | None = None

    async def note(self, generation: Generation) -> views.View:
        """The note of a generation as it is now."""
        return views.note(self.t, generation, await self.imagine.standing(self.tx, generation))

    async def status(self, generation: Generation) -> str:
        """The same in a few words."""
        return views.status(self.t, generation, await self.imagine.standing(self.tx, generation))


async def at_desk(
    _event: TelegramObject,
    tx: Transaction,
    t: Translator,
    person: Person,
    imagine: Imagine,
    now: int,
    house: House | None = None,
) -> dict[str, Any]:
    """A filter that lets everything through and gives the handler its desk; `house` are the rules of a group."""
    return {"desk": Desk(tx, t, person, imagine.under(house) if house else imagine, now, house)}


async def notes(desk: Desk, generations: list[Generation]) -> list[Outgoing]:
    """The notes that will become the pictures; in a group each answers the wish."""
    return [renewed(each, await desk.note(each)) if each.inline_id else await _note(desk, each) for each in generations]


async def _note(desk: Desk, generation: Generation) -> Outgoing:
    said = say(place_of(generation), *await desk.note(generation), answers=not generation.private)
    return Outgoing(said, note_of=generation.generation_id)


def renewed(generation: Generation, view: views.View, message_id: int | None = None) -> Outgoing:
    """The edit of a note: of the message that was pressed, or of an inline message."""
    text, entities, markup = view
    edit = EditMessageText(
        chat_id=None if generation.inline_id else generation.chat_id,
        message_id=message_id,
        inline_message_id=generation.inline_id,
        text=text,
        entities=entities,
        reply_markup=markup,
        link_preview_options=NO_PREVIEW,
    )
    return Outgoing(edit, note_of=generation.generation_id, chat_id=generation.chat_id)


def say(
    place: Place,
    text: str,
    entities: list[MessageEntity] | None = None,
    markup: InlineKeyboardMarkup | ForceReply | None = None,
    *,
    answers: bool = True,
) -> SendMessage:
    """A message to this place, without a sound: whoever it is for has just written. `answers`: as a reply."""
    return SendMessage(
        chat_id=place.chat_id,
        message_thread_id=place.thread_id,
        text=text,
        entities=entities or None,
        reply_markup=markup,
        reply_parameters=replying_to(place) if answers else None,
        disable_notification=True,
        link_preview_options=NO_PREVIEW,
    )


def buttons(query: CallbackQuery, markup: InlineKeyboardMarkup | None) -> Answer:
    """Other buttons under the message that was pressed; of a message of long ago Telegram still tells the number."""
    if query.inline_message_id:
        edit = EditMessageReplyMarkup(inline_message_id=query.inline_message_id, reply_markup=markup)
        return [Outgoing(edit, chat_id=query.from_user.id)]
    if query.message is None:
        return []
    pressed = query.message
    return [EditMessageReplyMarkup(chat_id=pressed.chat.id, message_id=pressed.message_id, reply_markup=markup)]


def once(what: str, desk: Desk, generation: Generation) -> str:
    """The key of something that is said once for a double tap."""
    return f"{what}:{generation.generation_id}:{desk.now // (2 * DOUBLE_TAP)}"


def home(query: CallbackQuery, desk: Desk, generation: Generation) -> Answer:
    """The first view of the buttons under the message that was pressed."""
    return buttons(query, keyboards.home(desk.t, generation, desk.imagine.extras(generation)))


def place_in(message: Message) -> Place:
    """Where a message was written."""
    thread_id = message.message_thread_id if message.is_topic_message else None
    return Place(message.chat.id, thread_id, message.message_id)


def place_of(generation: Generation) -> Place:
    """Where a generation was asked for."""
    return Place(generation.chat_id, generation.thread_id, generation.message_id, generation.inline_id)


def gone(desk: Desk, generation: Generation, chat_id: int, message_id: int) -> DeleteMessage | EditMessageCaption:
    """Takes the message of a deleted picture back, or says why it is still there."""
    if desk.now - (generation.ended_at or 0) < DELETABLE:
        return DeleteMessage(chat_id=chat_id, message_id=message_id)
    return EditMessageCaption(chat_id=chat_id, message_id=message_id, caption=desk.t("imagine-deleted"))


def beside(query: CallbackQuery, generation: Generation) -> Place:
    """Where the button was pressed: as an answer to that message, in the topic of the picture; or that very message."""
    if query.message is None:
        return replace(place_of(generation), inline_id=query.inline_message_id)
    chat_id = query.message.chat.id
    thread_id = generation.thread_id if chat_id == generation.chat_id else None
    return Place(chat_id, thread_id, query.message.message_id)


def replying_to(place: Place) -> ReplyParameters | None:
    """Makes a message a reply, also when what it replies to is gone by then."""
    if place.message_id is None:
        return None
    return ReplyParameters(message_id=place.message_id, allow_sending_without_reply=True)
