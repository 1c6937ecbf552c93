"""The button under the first hello. Pure."""

from aiogram.enums import ButtonStyle
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

from bot.imagine.keyboards import Tap
from bot.texts import Translator


def example(t: Translator, wish_id: str) -> InlineKeyboardMarkup:
    """Draws the example: a kept wish, so that pressing twice draws once."""
    data = Tap("wish", wish_id).data
    button = InlineKeyboardButton(text=t("start-draw-example"), callback_data=data, style=ButtonStyle.PRIMARY)
    return InlineKeyboardMarkup(inline_keyboard=[[button]])
