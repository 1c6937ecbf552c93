"""/history: one message that shows one picture and turns to others in place, by the files Telegram already has."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from aiogram import Router
from aiogram.enums import ChatType
from aiogram.filters import Command
from aiogram.methods import (
    DeleteMessage,
    EditMessageMedia,
    EditMessageReplyMarkup,
    SendDocument,
    SendMessage,
    SendPhoto,
)
from aiogram.types import CallbackQuery, InlineKeyboardMarkup, InputMediaDocument, InputMediaPhoto, Message
from aiogram.utils.formatting import Code, DateTime, ExpandableBlockQuote, Text, as_list

from bot.history import service
from bot.history.keyboards import (
    AskDeleteButton,
    DeleteButton,
    LikeButton,
    NewerButton,
    OlderButton,
    ShowButton,
    UnlikeButton,
    gallery,
    sure,
)
from bot.history.rules import Page, Picture
from bot.imagine import store
from bot.imagine.service import Imagine
from bot.outgoing import WHISPER
from bot.providers import Providers
from bot.storage.database import Transaction
from bot.texts import Translator, cut_utf16
from bot.users.rules import Person

# UTF-16 units of a prompt in a caption; what else stands there is far from filling the rest of the 1024.
PROMPT = 800

# How Telegram writes the date of an entity: a long date and a short time in the zone of the reader.
DATE = "Dt"


def router() -> Router:
    """/history and the buttons of its gallery."""
    router = Router(name="history")
    router.message.register(on_history, Command("history", ignore_case=True), flags=WHISPER)
    favorites = Command("favorites", "favourites", ignore_case=True)
    router.message.register(on_favorites, favorites, flags=WHISPER)
    router.callback_query.register(on_like, LikeButton.filter())
    router.callback_query.register(on_unlike, UnlikeButton.filter())
    router.callback_query.register(on_show, ShowButton.filter())
    router.callback_query.register(on_older, OlderButton.filter())
    router.callback_query.register(on_newer, NewerButton.filter())
    router.callback_query.register(on_ask_delete, AskDeleteButton.filter())
    router.callback_query.register(on_delete, DeleteButton.filter())
    return router


async def on_history(
    message: Message, tx: Transaction, t: Translator, person: Person, providers: Providers
) -> SendMessage | SendPhoto | SendDocument:
    """Show the newest picture. A gallery is opened in the private chat only: it holds pictures from everywhere."""
    page = await service.newest(tx, person.user_id)
    return _opened(message, t, providers, page, "history-empty")


async def on_favorites(
    message: Message, tx: Transaction, t: Translator, person: Person, providers: Providers
) -> SendMessage | SendPhoto | SendDocument:
    """The same of those that the person likes."""
    page = await service.newest(tx, person.user_id, favorites=True)
    return _opened(message, t, providers, page, "favorites-empty")


async def on_like(
    query: CallbackQuery,
    callback_data: LikeButton,
    tx: Transaction,
    t: Translator,
    person: Person,
    providers: Providers,
    now: int,
) -> list[Any]:
    """Make the picture shown a favorite."""
    await store.set_favorite(tx, callback_data.selected, person.user_id, now)
    page = await service.page_from(tx, person.user_id, callback_data.first)
    return _turned(query, t, providers, page, callback_data.selected, "imagine-favorite-added")


async def on_unlike(
    query: CallbackQuery,
    callback_data: UnlikeButton,
    tx: Transaction,
    t: Translator,
    person: Person,
    providers: Providers,
) -> list[Any]:
    """Make it a picture like any other; among favorites its neighbor is shown."""
    unliked = await service.find(tx, person.user_id, callback_data.selected)
    await store.set_favorite(tx, callback_data.selected, person.user_id, None)
    page = await service.page_around(tx, person.user_id, callback_data.first)
    if unliked is None:
        return _turned(query, t, providers, page)
    if page is None:
        return [*_emptied(query, t, "favorites-empty"), query.answer(t("imagine-favorite-removed"))]
    near = page.neighbor(unliked).generation_id if page.favorites else callback_data.selected
    return _turned(query, t, providers, page, near, "imagine-favorite-removed")


async def on_show(
    query: CallbackQuery,
    callback_data: ShowButton,
    tx: Transaction,
    t: Translator,
    person: Person,
    providers: Providers,
) -> list[Any]:
    """Show another picture of the page."""
    page = await service.page_from(tx, person.user_id, callback_data.first)
    return _turned(query, t, providers, page, callback_data.selected)


async def on_older(
    query: CallbackQuery,
    callback_data: OlderButton,
    tx: Transaction,
    t: Translator,
    person: Person,
    providers: Providers,
) -> list[Any]:
    """Turn to older pictures."""
    page = await service.older_than(tx, person.user_id, callback_data.last)
    return _turned(query, t, providers, page)


async def on_newer(
    query: CallbackQuery,
    callback_data: NewerButton,
    tx: Transaction,
    t: Translator,
    person: Person,
    providers: Providers,
) -> list[Any]:
    """Turn to newer pictures."""
    page = await service.newer_than(tx, person.user_id, callback_data.first)
    return _turned(query, t, providers, page)


async def on_ask_delete(
    query: CallbackQuery, callback_data: AskDeleteButton, tx: Transaction, t: Translator, person: Person
) -> list[Any]:
    """Ask once: what is deleted does not come back."""
    if not await service.find(tx, person.user_id, callback_data.selected):
        return [query.answer(t("history-gone"))]
    return [*_asked(query, sure(t, callback_data.first, callback_data.selected)), query.answer()]


async def on_delete(
    query: CallbackQuery,
    callback_data: DeleteButton,
    tx: Transaction,
    t: Translator,
    person: Person,
    providers: Providers,
    imagine: Imagine,
    now: int,
) -> list[Any]:
    """Delete the picture here and, while Telegram allows it, the message it came in; then show its neighbor."""
    deleted = await service.find(tx, person.user_id, callback_data.selected)
    await imagine.delete(tx, callback_data.selected, person.user_id)
    page = await service.page_around(tx, person.user_id, callback_data.first)
    if deleted is None:
        return _turned(query, t, providers, page)
    said = query.answer(t("history-deleted" if deleted.deletable(now) else "imagine-deleted"))
    shown = _edited(query, Leaf(t, providers, page, page.neighbor(deleted))) if page else _emptied(query, t)
    return [*_taken_back(deleted, now), *shown, said]


@dataclass(frozen=True, slots=True)
class Leaf:
    """One picture of a page, ready to be shown."""

    t: Translator
    providers: Providers
    page: Page
    picture: Picture

    @property
    def caption(self) -> Text:
        """What was asked for, how it was drawn and when."""
        model = self.providers.known(self.picture.model)
        facts: list[Text | str] = [model.title if model else self.picture.model, self.picture.ratio.value]
        if self.picture.seed is not None:
            facts.append(Text(self.t("imagine-seed"), " ", Code(str(self.picture.seed))))
        words = cut_utf16(self.picture.prompt, PROMPT)
        prompt = [ExpandableBlockQuote(words)] if words else []
        return as_list(*prompt, as_list(*facts, sep=" · "), self._date())

    @property
    def buttons(self) -> InlineKeyboardMarkup:
        """The buttons under it."""
        return gallery(self.t, self.page, self.picture)

    def _date(self) -> DateTime:
        # Old apps show the words instead: the date in universal time.
        at = self.picture.created_at
        words = self.t("imagine-date", date=datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d %H:%M"))
        return DateTime(words, unix_time=at, date_time_format=DATE)


def _opened(
    message: Message, t: Translator, providers: Providers, page: Page | None, empty: str
) -> SendMessage | SendPhoto | SendDocument:
    if message.chat.type != ChatType.PRIVATE:
        return message.answer(t("history-in-private"))
    if page is None:
        return message.answer(t(empty))
    return _new(message, Leaf(t, providers, page, page.pictures[0]))


def _new(message: Message, leaf: Leaf) -> SendPhoto | SendDocument:
    text, entities = leaf.caption.render()
    send = message.answer_document if leaf.picture.shown_as == "document" else message.answer_photo
    return send(leaf.picture.file_id, caption=text, caption_entities=entities, reply_markup=leaf.buttons)


def _edited(query: CallbackQuery, leaf: Leaf) -> list[EditMessageMedia]:
    # A message of long ago comes without its content; its number is enough for an edit.
    if (message := query.message) is None:
        return []
    text, entities = leaf.caption.render()
    kind = InputMediaDocument if leaf.picture.shown_as == "document" else InputMediaPhoto
    media = kind(media=leaf.picture.file_id, caption=text, caption_entities=entities)
    return [
        EditMessageMedia(chat_id=message.chat.id, message_id=message.message_id, media=media, reply_markup=leaf.buttons)
    ]


def _turned(
    query: CallbackQuery,
    t: Translator,
    providers: Providers,
    page: Page | None,
    selected: str | None = None,
    said: str | None = None,
) -> list[Any]:
    if page is None:
        return [query.answer(t("history-gone"))]
    return [*_edited(query, Leaf(t, providers, page, page.picture(selected))), query.answer(t(said) if said else None)]


def _emptied(query: CallbackQuery, t: Translator, words: str = "history-empty") -> list[Any]:
    # A photo cannot be edited into words, so the gallery goes and one line comes.
    if (message := query.message) is None:
        return []
    gone = DeleteMessage(chat_id=message.chat.id, message_id=message.message_id)
    return [gone, message.answer(t(words))]


def _taken_back(picture: Picture, now: int) -> list[DeleteMessage]:
    if picture.note_id is None or not picture.deletable(now):
        return []
    return [DeleteMessage(chat_id=picture.chat_id, message_id=picture.note_id)]


def _asked(query: CallbackQuery, buttons: InlineKeyboardMarkup) -> list[EditMessageReplyMarkup]:
    if (message := query.message) is None:
        return []
    return [EditMessageReplyMarkup(chat_id=message.chat.id, message_id=message.message_id, reply_markup=buttons)]
