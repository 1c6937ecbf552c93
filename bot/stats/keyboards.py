"""The buttons of /stats and /providers. Pure: what is shown in, keyboard out."""

from collections.abc import Sequence

from aiogram.enums import ButtonStyle
from aiogram.filters.callback_data import CallbackData
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

from bot.admin.panel.keyboards import Entry, back
from bot.admin.rules import Role
from bot.imagine.keyboards import CHOSEN
from bot.stats.rules import Period, Standing
from bot.texts import Translator


class StatsButton(CallbackData, prefix="stats"):
    """`what` is `show`, `csv` or `json`: another period in place, or one as a file."""

    what: str
    period: str


class BoardButton(CallbackData, prefix="board"):
    """`what` is done to the service: `off`, `on`, `try`, `prefer`, `plain`; `show` looks at all of them again."""

    what: str
    service: str = ""


ENTRIES = (Entry("panel-services", BoardButton(what="show").pack(), Role.ADMIN),)
"""What the first page of the panel leads to."""


def periods(t: Translator, chosen: Period) -> InlineKeyboardMarkup:
    """The periods, and the one that is shown as a file."""
    turn = [_period(t, period, chosen=period is chosen) for period in Period]
    files = [_button(t(f"stats-{kind}"), StatsButton(what=kind, period=chosen)) for kind in ("csv", "json")]
    return InlineKeyboardMarkup(inline_keyboard=[turn, files])


def board(t: Translator, standings: Sequence[Standing]) -> InlineKeyboardMarkup:
    """What can be done with each service."""
    rows = [[_act(t, what, standing) for what in _acts(standing)] for standing in standings]
    again = _button(t("board-again"), BoardButton(what="show"))
    return InlineKeyboardMarkup(inline_keyboard=[*rows, [again], [back(t)]])


def _acts(standing: Standing) -> list[str]:
    if standing.off:
        return ["on"]
    return ["off", *(["try"] if standing.resting else []), "plain" if standing.preferred else "prefer"]


def _act(t: Translator, what: str, standing: Standing) -> InlineKeyboardButton:
    style = ButtonStyle.PRIMARY if what == "plain" else None
    data = BoardButton(what=what, service=standing.key)
    return _button(t(f"board-{what}", service=standing.title), data, style)


def _period(t: Translator, period: Period, *, chosen: bool) -> InlineKeyboardButton:
    label = t(f"stats-{period}")
    data = StatsButton(what="show", period=period)
    return _button(CHOSEN + label if chosen else label, data, ButtonStyle.PRIMARY if chosen else None)


def _button(text: str, data: CallbackData, style: ButtonStyle | None = None) -> InlineKeyboardButton:
    return InlineKeyboardButton(text=text, callback_data=data.pack(), style=style)
