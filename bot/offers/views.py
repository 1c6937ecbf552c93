"""What the pages of models, prices and presets say. Pure: what is so in, text out."""

from collections.abc import Set
from typing import Any

from aiogram.utils.formatting import Bold, Code, Text, as_line, as_list

from bot.edited import EditedFile
from bot.offers.keyboards.pages import SIGNS
from bot.offers.pricing.views import Who, set_here
from bot.offers.rules import Group, Offer, Page
from bot.presets.rules import SHIPPED, Preset
from bot.texts import Translator


def services(t: Translator) -> Text:
    """The way to the models."""
    return as_list(Bold(t("offers-models")), t("offers-which-service"))


def models(t: Translator, group: Group, page: Page[Offer]) -> Text:
    """The models of a service, and what the buttons do."""
    lines = (_model(t, each) for each in page.shown)
    whole = [Text(t("offers-service-off"))] if group.off else []
    return as_list(Bold(group.title), *whole, *lines, "", t("offers-models-how"))


def prices(t: Translator, page: Page[Offer], file: EditedFile[Any], who: Who) -> Text:
    """What each model costs, and who says so."""
    lines = (_price(t, each, who) for each in page.shown)
    return as_list(Bold(t("offers-prices")), *lines, "", t("offers-prices-how"), standing(t, file))


def presets(t: Translator, page: Page[Preset], off: Set[str], own: Set[str], file: EditedFile[Any]) -> Text:
    """What looks there are, and what the buttons do. `own`: the names of those that were set in the chat."""
    lines = [_preset(t, each, off=each.name in off, own=each.name in own) for each in page.shown]
    lines = lines or [Text(t("imagine-no-presets"))]
    return as_list(Bold(t("offers-presets")), *lines, "", t("offers-presets-how"), standing(t, file))


def standing(t: Translator, file: EditedFile[Any]) -> str:
    """Whether the file counts as it is now."""
    if file.trouble:
        return t(f"file-broken-{file.kind}", line=file.line)
    return t(f"offers-file-{file.kind}" if file.is_there else f"offers-no-file-{file.kind}")


def _model(t: Translator, offer: Offer) -> Text:
    price = t("offers-kept") if offer.price is None else t("imagine-credits", credits=offer.price)
    return as_line(f"{SIGNS[offer.state]} ", offer.title, " · ", price, end="")


def _price(t: Translator, offer: Offer, who: Who) -> Text:
    price = t("offers-kept") if offer.price is None else t("imagine-credits", credits=offer.price)
    return as_line(Code(offer.key), " · ", price, " · ", _source(t, offer, who), end="")


def _source(t: Translator, offer: Offer, who: Who) -> Text:
    if offer.own:
        return Text(set_here(t, offer.own.at, offer.own.by, who))
    return Text(t("offers-own-price")) if offer.rule is None else Text(Code(offer.rule))


def _preset(t: Translator, preset: Preset, *, off: bool, own: bool) -> Text:
    told = t("offers-set-here-short") if own else preset.about
    told = t(f"preset-about-{preset.name}") if preset in SHIPPED else told
    return as_line(f"{SIGNS['off' if off else 'on']} ", Bold(preset.name), f" – {told}" if told else "", end="")
