"""The buttons of prices. What is proposed stands in them, so that they work after a restart. Pure."""

from collections.abc import Sequence

from aiogram.enums import ButtonStyle
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

from bot.imagine.keyboards import stacked
from bot.offers.keyboards.buttons import OfferButton, PriceButton
from bot.offers.pricing.rules import FILE, Tag, steps
from bot.providers.prices import OFF
from bot.texts import Translator

FREE = "0"


def card(t: Translator, tag: Tag, proposed: int | None, page: int) -> InlineKeyboardMarkup:
    """What can be done about a price. Of a model that is not listed it can be taken back."""
    listed = [*_listed(t, tag, proposed, page)] if tag.listed else []
    label = t("price-back-to-file" if tag.without.rule or not tag.listed else "price-back-to-own")
    taken_back = [_button(label, "ask", tag.ref, FILE, page)] if tag.now.own else []
    up = InlineKeyboardButton(text=t("imagine-back"), callback_data=OfferButton(what="prices", page=page).pack())
    return stacked(*listed, taken_back, [up])


def sure(t: Translator, ask_id: str, page: int) -> InlineKeyboardMarkup:
    """Yes or no."""
    yes = _button(t("offers-yes"), "yes", ask_id, page=page).model_copy(update={"style": ButtonStyle.PRIMARY})
    return stacked([yes, _button(t("offers-no"), "no", ask_id, page=page)])


def way(tag_ref: str, title: str, page: int) -> InlineKeyboardButton:
    """From the list to the card of a model."""
    return _button(title, "card", tag_ref, page=page)


def _listed(t: Translator, tag: Tag, proposed: int | None, page: int) -> Sequence[list[InlineKeyboardButton]]:
    price = tag.around if proposed is None else proposed
    near = [_button(f"{step:+d}".replace("-", "−"), "at", tag.ref, str(to), page) for step, to in steps(price)]
    chosen = []
    if proposed is not None and proposed != tag.now.price:
        chosen = [_button(t("price-set-to", price=proposed), "ask", tag.ref, str(proposed), page)]
        chosen = [each.model_copy(update={"style": ButtonStyle.PRIMARY}) for each in chosen]
    ends = [("price-free", FREE, 0), ("price-not-offered", OFF, None)]
    others = [_button(t(label), "ask", tag.ref, value, page) for label, value, is_so in ends if tag.now.price != is_so]
    return [near, chosen, others]


def _button(text: str, what: str, subject: str, value: str = "", page: int = 0) -> InlineKeyboardButton:
    data = PriceButton(what=what, subject=subject, value=value, page=page)
    return InlineKeyboardButton(text=text, callback_data=data.pack())
