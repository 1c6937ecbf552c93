"""What the card of a price and the question about it say. Pure: what is so in, text out."""

from collections.abc import Callable
from datetime import UTC, datetime

from aiogram.utils.formatting import Bold, Code, Text, as_list

from bot.offers.pricing.rules import FILE, Cost, Tag, set_to
from bot.providers.prices import OFF
from bot.texts import Translator

Who = Callable[[int], str]


def card(t: Translator, tag: Tag, who: Who, proposed: int | None, *, off: bool) -> Text:
    """A price, where it comes from, and what is proposed."""
    lines = [
        t("price-now", price=_whole(t, tag.now, who)),
        *([t("price-without", price=_whole(t, tag.without, who))] if tag.now.own else []),
        *([] if tag.listed else [t("price-unlisted")]),
        *([t("price-turned-off")] if off else []),
        *([t("price-proposed", price=t("imagine-credits", credits=proposed))] if proposed is not None else []),
    ]
    return as_list(_head(tag), *lines)


def question(t: Translator, tag: Tag, value: str, who: Who, waiting: int, unsure: str) -> Text:
    """What would change; `unsure` is what was typed where this model only comes near to it."""
    after = tag.without if value == FILE else Cost(set_to(value, 0, 0).price)
    then = source(t, after, who) if value == FILE else t("price-from-now-on")
    known = t("price-whole", price=price(t, after), source=then)
    change = t("price-change", before=_whole(t, tag.now, who), after=known if after.known else price(t, after))
    left = "offers-go-elsewhere" if value == OFF else "price-waiting"
    lines = [
        *([t("price-nearest", model=unsure)] if unsure else []),
        _head(tag),
        change,
        *([t(left, count=waiting)] if waiting else []),
    ]
    return as_list(*lines)


def nearest(t: Translator, unsure: str, view: Text) -> Text:
    """A card that only comes near to what was typed."""
    return as_list(t("price-nearest", model=unsure), view) if unsure else view


def price(t: Translator, cost: Cost) -> str:
    """How much, in words."""
    if not cost.known:
        return t("price-nobody-knows")
    return t("offers-kept") if cost.price is None else t("imagine-credits", credits=cost.price)


def source(t: Translator, cost: Cost, who: Who) -> str:
    """Who says so."""
    if cost.own:
        return set_here(t, cost.own.at, cost.own.by, who)
    return t("price-from-file", rule=cost.rule) if cost.rule else t("offers-own-price")


def set_here(t: Translator, at: int, by: int, who: Who) -> str:
    """When something was set in the chat, and by whom, as far as they are known."""
    day = f"{datetime.fromtimestamp(at, UTC):%Y-%m-%d}"
    return t("offers-set-here", who=who(by), day=day) if by > 0 else t("offers-set-here-long-ago", day=day)


def _whole(t: Translator, cost: Cost, who: Who) -> str:
    if not cost.known:
        return price(t, cost)
    return t("price-whole", price=price(t, cost), source=source(t, cost, who))


def _head(tag: Tag) -> Text:
    return Text(Bold(tag.title), " ", Code(tag.key)) if tag.title != tag.key else Text(Code(tag.key))
