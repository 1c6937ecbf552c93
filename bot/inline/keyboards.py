"""The button under a message that waits to become a picture."""

from aiogram.enums import ButtonStyle
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

from bot.imagine.keyboards import Tap
from bot.inline.rules import DRAW
from bot.inline.service import Offer
from bot.texts import Translator
from bot.users.rules import Person


def tap(offer: Offer, person: Person) -> Tap:
    """What the result and its button carry: its price, and whose they are, only for the right answer to others."""
    return Tap(DRAW, offer.wish_id, f"{person.user_id}.{offer.model.price}")


def again(t: Translator, result_id: str) -> InlineKeyboardMarkup:
    """Tries to draw what was chosen and could not be accepted."""
    button = InlineKeyboardButton(text=t("imagine-retry"), callback_data=result_id, style=ButtonStyle.PRIMARY)
    return InlineKeyboardMarkup(inline_keyboard=[[button]])


def draw(t: Translator, offer: Offer, person: Person) -> InlineKeyboardMarkup:
    """Draws it, for its price."""
    label = t("inline-draw-for", price=offer.model.price)
    button = InlineKeyboardButton(text=label, callback_data=tap(offer, person).data, style=ButtonStyle.PRIMARY)
    return InlineKeyboardMarkup(inline_keyboard=[[button]])
