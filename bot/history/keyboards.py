"""The buttons under the gallery. Pure: a page in, keyboard out."""

from aiogram.enums import ButtonStyle
from aiogram.filters.callback_data import CallbackData
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

from bot.history.rules import Page, Picture
from bot.imagine.keyboards import CHOSEN, Tap, stacked
from bot.texts import Translator


class ShowButton(CallbackData, prefix="hist"):
    """Show the picture `selected` of the page that begins with `first`."""

    first: str
    selected: str


class OlderButton(CallbackData, prefix="older"):
    """Turn to the page after the one that ends with `last`."""

    last: str


class NewerButton(CallbackData, prefix="newer"):
    """Turn to the page in front of the one that begins with `first`."""

    first: str


class AskDeleteButton(CallbackData, prefix="hask"):
    """Ask whether the picture `selected` shall be deleted."""

    first: str
    selected: str


class LikeButton(CallbackData, prefix="hlike"):
    """Make the picture `selected` a favorite."""

    first: str
    selected: str


class UnlikeButton(CallbackData, prefix="hless"):
    """Make it a picture like any other."""

    first: str
    selected: str


class DeleteButton(CallbackData, prefix="hdel"):
    """Delete the picture `selected`: this was asked."""

    first: str
    selected: str


def gallery(t: Translator, page: Page, selected: Picture) -> InlineKeyboardMarkup:
    """A number for each picture of the page, the pages around it, and what can be done with the picture shown."""
    newer = [_button(t("history-newer"), NewerButton(first=page.first))] if page.newer else []
    older = [_button(t("history-older"), OlderButton(last=page.last))] if page.older else []
    again = InlineKeyboardButton(text=t("imagine-again"), callback_data=Tap("again", selected.generation_id).data)
    original = [] if selected.shown_as == "document" else [_original(t, selected)]
    delete = _button(t("imagine-delete"), AskDeleteButton(first=page.first, selected=selected.generation_id))
    return stacked(_numbers(page, selected), newer + older, [again, *original], [_like(t, page, selected), delete])


def sure(t: Translator, first: str, selected: str) -> InlineKeyboardMarkup:
    """Asked once before a picture is deleted."""
    yes = _button(t("imagine-delete-yes"), DeleteButton(first=first, selected=selected), ButtonStyle.DANGER)
    no = _button(t("imagine-delete-no"), ShowButton(first=first, selected=selected))
    return stacked([yes], [no])


def _numbers(page: Page, selected: Picture) -> list[InlineKeyboardButton]:
    if len(page.pictures) == 1:
        return []
    return [
        _button(
            f"{CHOSEN}{number}" if picture == selected else str(number),
            ShowButton(first=page.first, selected=picture.generation_id),
            ButtonStyle.PRIMARY if picture == selected else None,
        )
        for number, picture in enumerate(page.pictures, 1)
    ]


def _like(t: Translator, page: Page, selected: Picture) -> InlineKeyboardButton:
    if selected.favorite_at:
        return _button(t("imagine-favorite-on"), UnlikeButton(first=page.first, selected=selected.generation_id))
    return _button(t("imagine-favorite"), LikeButton(first=page.first, selected=selected.generation_id))


def _original(t: Translator, selected: Picture) -> InlineKeyboardButton:
    return InlineKeyboardButton(text=t("imagine-original"), callback_data=Tap("original", selected.generation_id).data)


def _button(text: str, data: CallbackData, style: ButtonStyle | None = None) -> InlineKeyboardButton:
    return InlineKeyboardButton(text=text, callback_data=data.pack(), style=style)
