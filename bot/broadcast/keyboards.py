"""The buttons of a broadcast: of its admin's panel, and the one below each letter. Pure."""

from collections.abc import Iterable, Sequence

from aiogram.enums import ButtonStyle
from aiogram.filters.callback_data import CallbackData
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

from bot.broadcast.rules import DAYS, Audience
from bot.imagine.keyboards import CHOSEN, stacked
from bot.texts import Language, Translator


class CastButton(CallbackData, prefix="cast"):
    """A press in the panel of a broadcast: `what` is done with it, or chosen to be `value`."""

    broadcast_id: str
    what: str
    value: str = ""


class NewsButton(CallbackData, prefix="news"):
    """A press below a letter, by whoever got it: whether they want more."""

    wanted: bool


def letter(t: Translator, *, wanted: bool = True) -> InlineKeyboardMarkup:
    """Below each letter: no more of them, or, for whoever said so, more again."""
    label = t("broadcast-no-more" if wanted else "broadcast-more-again")
    return InlineKeyboardMarkup(
        inline_keyboard=[[InlineKeyboardButton(text=label, callback_data=NewsButton(wanted=not wanted).pack())]]
    )


class Panel:
    """The buttons of one broadcast, in one language."""

    def __init__(self, t: Translator, broadcast_id: str) -> None:
        self._t = t
        self._broadcast_id = broadcast_id

    def draft(self, audience: Audience, languages: Sequence[Language], people: int | None) -> InlineKeyboardMarkup:
        """Whom it is for, and the way on."""
        days = [self._choice(self._days(each), "days", str(each), chosen=each == audience.days) for each in DAYS]
        spoken = [self._choice(each.name, "lang", each.tag, chosen=each.tag == audience.language) for each in languages]
        anybody = self._choice(self._t("broadcast-any-language"), "lang", "", chosen=not audience.language)
        label = self._t("broadcast-send-uncounted") if people is None else self._t("broadcast-send", people=people)
        send = self._button(label, "send", style=ButtonStyle.PRIMARY)
        return stacked(days[:2], days[2:], [anybody], *_pairs(spoken), [send], [self._drop()])

    def question(self, people: int, now: int) -> InlineKeyboardMarkup:
        """Yes or no; the yes is good for a minute."""
        yes = self._button(self._t("broadcast-yes", people=people), "yes", str(now), ButtonStyle.PRIMARY)
        return stacked([yes], [self._button(self._t("imagine-back"), "back")])

    def running(self) -> InlineKeyboardMarkup:
        """The way to stop it."""
        return stacked([self._button(self._t("broadcast-stop"), "stop", style=ButtonStyle.DANGER)])

    def _days(self, days: int) -> str:
        return self._t("broadcast-active", days=days) if days else self._t("broadcast-everybody")

    def _drop(self) -> InlineKeyboardButton:
        return self._button(self._t("broadcast-drop"), "drop")

    def _choice(self, label: str, what: str, value: str, *, chosen: bool) -> InlineKeyboardButton:
        return self._button(CHOSEN + label if chosen else label, what, value)

    def _button(self, text: str, what: str, value: str = "", style: ButtonStyle | None = None) -> InlineKeyboardButton:
        data = CastButton(broadcast_id=self._broadcast_id, what=what, value=value).pack()
        return InlineKeyboardButton(text=text, callback_data=data, style=style)


def _pairs(buttons: Sequence[InlineKeyboardButton]) -> Iterable[Sequence[InlineKeyboardButton]]:
    return (buttons[start : start + 2] for start in range(0, len(buttons), 2))
