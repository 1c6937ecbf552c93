"""The buttons of the card of a preset. Pure: what is so in, keyboard out."""

from aiogram.enums import ButtonStyle
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

from bot.imagine.keyboards import stacked
from bot.imagine.rules import model_ref
from bot.offers.keyboards.buttons import LookButton, OfferButton
from bot.texts import Translator

PENCIL = "✎"


def card(t: Translator, ref: str, page: int, *, own: bool) -> InlineKeyboardMarkup:
    """What was written here can be deleted."""
    drop = [_button(t("look-delete"), "drop", ref, page)] if own else []
    return stacked(drop, up(t, page))


def up(t: Translator, page: int) -> list[InlineKeyboardButton]:
    """To the list."""
    return [InlineKeyboardButton(text=t("imagine-back"), callback_data=OfferButton(what="presets", page=page).pack())]


def sure(t: Translator, ask_id: str, page: int, *, deletes: bool) -> InlineKeyboardMarkup:
    """Yes or no."""
    style = ButtonStyle.DANGER if deletes else ButtonStyle.PRIMARY
    yes = _button(t("offers-yes"), "yes", ask_id, page).model_copy(update={"style": style})
    return stacked([yes, _button(t("offers-no"), "no", ask_id, page)])


def gone(t: Translator, page: int) -> InlineKeyboardMarkup:
    """Below what is not there any more, or not yet."""
    return stacked(up(t, page))


def way(name: str, page: int) -> InlineKeyboardButton:
    """From the list to the card of a preset."""
    return _button(PENCIL, "card", model_ref(name), page)


def _button(text: str, what: str, subject: str, page: int) -> InlineKeyboardButton:
    return InlineKeyboardButton(text=text, callback_data=LookButton(what=what, subject=subject, page=page).pack())
