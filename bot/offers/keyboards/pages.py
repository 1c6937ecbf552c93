"""The buttons below models, prices and presets. Pure: what is shown in, keyboard out."""

from collections.abc import Iterable, Sequence, Set

from aiogram.enums import ButtonStyle
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

from bot.admin.panel.keyboards import Entry, back
from bot.admin.rules import Role
from bot.imagine.keyboards import stacked
from bot.imagine.rules import model_ref
from bot.offers.keyboards.buttons import OfferButton
from bot.offers.looks.keyboards import way as look
from bot.offers.pricing.keyboards import way
from bot.offers.rules import Group, Offer, Page
from bot.presets.rules import Preset
from bot.texts import Translator

SIGNS = {"on": "🟢", "off": "⚪", "preferred": "⭐", "kept": "🚫"}
COLUMNS = 2
# Letters of a button that a phone shows where two stand in a row.
FIT = 18


ENTRIES = (
    Entry("offers-models", OfferButton(what="models").pack(), Role.ADMIN),
    Entry("offers-prices", OfferButton(what="prices").pack(), Role.ADMIN),
    Entry("offers-presets", OfferButton(what="presets").pack(), Role.ADMIN),
)
"""What the first page of the panel leads to."""


def services(t: Translator, groups: Sequence[Group]) -> InlineKeyboardMarkup:
    """Each leads to its models."""
    rows = [
        [_button(t("offers-service", service=each.title, on=each.on, all=len(each.offers)), "models", each.ref)]
        for each in groups
    ]
    return stacked(*rows, [back(t)])


def models(t: Translator, group: Group, page: Page[Offer]) -> InlineKeyboardMarkup:
    """Each is turned on or off by its name, and preferred by the star beside it."""
    turn = _turn("models", group.ref, page)
    return stacked(*(_switches(each, page.number) for each in page.shown), turn, [_up(t)])


def prices(t: Translator, page: Page[Offer]) -> InlineKeyboardMarkup:
    """Each leads to its card."""
    buttons = [way(each.ref, each.title, page.number) for each in page.shown]
    return stacked(*_columns(buttons), _turn("prices", "", page), [back(t)])


def presets(t: Translator, page: Page[Preset], off: Set[str]) -> InlineKeyboardMarkup:
    """Each is turned on or off by its name, and its card opened by the pencil beside it."""
    rows = ([_preset(each, page.number, off=each.name in off), look(each.name, page.number)] for each in page.shown)
    return stacked(*rows, _turn("presets", "", page), [back(t)])


def _columns(buttons: Sequence[InlineKeyboardButton]) -> Iterable[Sequence[InlineKeyboardButton]]:
    """In two columns, unless names are so long that those which begin alike could not be told apart."""
    columns = 1 if any(len(each.text) > FIT for each in buttons) else COLUMNS
    return (buttons[start : start + columns] for start in range(0, len(buttons), columns))


def _switches(offer: Offer, number: int) -> list[InlineKeyboardButton]:
    name = _button(f"{SIGNS[offer.state]} {offer.title}", "on" if offer.off else "off", offer.ref, number)
    if offer.state not in ("on", "preferred"):
        return [name]
    star = _button("★" if offer.preferred else "☆", "plain" if offer.preferred else "prefer", offer.ref, number)
    return [name, star.model_copy(update={"style": ButtonStyle.PRIMARY}) if offer.preferred else star]


def _preset(preset: Preset, number: int, *, off: bool) -> InlineKeyboardButton:
    sign = SIGNS["off" if off else "on"]
    return _button(f"{sign} {preset.name}", "show" if off else "hide", model_ref(preset.name), number)


def _turn(what: str, subject: str, page: Page[Offer] | Page[Preset]) -> list[InlineKeyboardButton]:
    around = (("←", page.before), ("→", page.after))
    return [_button(sign, what, subject, number) for sign, number in around if number is not None]


def _up(t: Translator) -> InlineKeyboardButton:
    return _button(t("imagine-back"), "models")


def _button(text: str, what: str, subject: str = "", page: int = 0) -> InlineKeyboardButton:
    return InlineKeyboardButton(text=text, callback_data=OfferButton(what=what, subject=subject, page=page).pack())
