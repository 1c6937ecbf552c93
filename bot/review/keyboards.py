"""The buttons of those who look at reported pictures, and of the lists. Pure."""

from aiogram.enums import ButtonStyle
from aiogram.filters.callback_data import CallbackData
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup
from pydantic import Field

from bot.imagine.rules import Generation
from bot.review.rules import Verdict, choices
from bot.texts import Translator

STYLES = {Verdict.ALLOW: ButtonStyle.SUCCESS, Verdict.REFUSE: ButtonStyle.DANGER}


class ReviewButton(CallbackData, prefix="review"):
    """A press under a reported picture."""

    generation_id: str
    verdict: Verdict


class ListButton(CallbackData, prefix="blocked"):
    """Another page of the lists: the rules after this number."""

    after: int = Field(ge=0, le=2**62)


def review(t: Translator, generation: Generation) -> InlineKeyboardMarkup:
    """All that can be decided."""
    buttons = [_button(t, generation, verdict) for verdict in choices(generation)]
    return InlineKeyboardMarkup(inline_keyboard=[buttons[:2], buttons[2:]])


def page(t: Translator, after: int | None, is_first: bool) -> InlineKeyboardMarkup | None:
    """The way on, and back to the beginning; None where there is only one page."""
    first = [] if is_first else [InlineKeyboardButton(text=t("moderation-first"), callback_data=_page(0))]
    more = [] if after is None else [InlineKeyboardButton(text=t("moderation-more"), callback_data=_page(after))]
    return InlineKeyboardMarkup(inline_keyboard=[[*first, *more]]) if first or more else None


def _page(after: int) -> str:
    return ListButton(after=after).pack()


def _button(t: Translator, generation: Generation, verdict: Verdict) -> InlineKeyboardButton:
    data = ReviewButton(generation_id=generation.generation_id, verdict=verdict).pack()
    return InlineKeyboardButton(text=t(f"review-{verdict}"), callback_data=data, style=STYLES.get(verdict))
