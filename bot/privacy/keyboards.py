"""The buttons of /forget. Pure."""

from aiogram.enums import ButtonStyle
from aiogram.filters.callback_data import CallbackData
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

from bot.texts import Translator

DEEP_LINK = "forget"
"""What /start is followed by for whoever comes from a group."""


class ForgetButton(CallbackData, prefix="forget"):
    """An answer of one person to the page that they were shown `at` a time: `all`, `export` or `keep`."""

    what: str
    user_id: int
    at: int


def page(t: Translator, user_id: int, now: int) -> InlineKeyboardMarkup:
    """What may be done about all that is kept."""
    return InlineKeyboardMarkup(
        inline_keyboard=[
            [_button(t("forget-export"), "export", user_id, now)],
            [_button(t("forget-all"), "all", user_id, now, ButtonStyle.DANGER)],
            [_button(t("forget-keep"), "keep", user_id, now)],
        ]
    )


def lead(t: Translator, username: str) -> InlineKeyboardMarkup:
    """From a group to the private chat."""
    url = f"https://t.me/{username}?start={DEEP_LINK}"
    return InlineKeyboardMarkup(inline_keyboard=[[InlineKeyboardButton(text=t("forget-lead"), url=url)]])


def _button(text: str, what: str, user_id: int, at: int, style: ButtonStyle | None = None) -> InlineKeyboardButton:
    data = ForgetButton(what=what, user_id=user_id, at=at).pack()
    return InlineKeyboardButton(text=text, callback_data=data, style=style)
