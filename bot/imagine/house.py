"""What a group or channel has to say to a wish that is spoken in it. A private chat says nothing."""

from collections.abc import Sequence
from typing import Protocol

from bot.errors import UserError
from bot.images import ImageModel
from bot.imagine import fit
from bot.imagine.choosing import Choice
from bot.imagine.rules import Generation, Place, Wish
from bot.moderation.rules import Kind
from bot.storage.database import Transaction

# So many models are named where one is not to be had.
NAMED = 5


class ModelNotHere(UserError):
    """The place does not allow this model, and none in its stead that costs no more."""

    def __init__(self, model: ImageModel, allowed: Sequence[ImageModel]) -> None:
        cheapest = sorted(allowed, key=lambda each: each.price)[:NAMED]
        key = "imagine-model-not-here" if cheapest else "imagine-no-model-here"
        super().__init__(key, model=model.title, models=", ".join(each.key for each in cheapest))


class Leaders(Protocol):
    """Knows who leads a chat."""

    def leads(self, chat_id: int, user_id: int) -> bool:
        """Whether somebody is an admin of a chat. Raises Errand where Telegram has to be asked first."""
        ...


class House(Protocol):
    """The rules of a place."""

    @property
    def spoiler(self) -> bool:
        """Whether every picture is veiled."""
        ...

    @property
    def tidy(self) -> bool:
        """Whether a command goes once its picture is on the way."""
        ...

    @property
    def drafts(self) -> bool:
        """Whether what is drawn now is a draft for a channel."""
        ...

    def allows(self, model: ImageModel) -> bool:
        """Whether this model may draw here."""
        ...

    async def enter(self, tx: Transaction, user_id: int, place: Place) -> None:
        """Raises UserError where this person may not draw here now."""
        ...

    async def payer(self, tx: Transaction, user_id: int, price: int) -> int | None:
        """The account that pays so many credits for them; None where it is their own."""
        ...


def allowed(house: House | None, choice: Choice, wish: Wish, models: Sequence[ImageModel], *, named: bool) -> Choice:
    """The choice, or what stands in for it in this place and costs no more. Raises ModelNotHere.

    `named`: somebody asked for exactly this model, so nothing stands in for it.
    """
    if house is None or house.allows(choice.model):
        return choice
    able = [model for model in models if house.allows(model) and fit.able(model, wish)]
    cheap = [model for model in able if model.price <= choice.model.price]
    if named or not cheap:
        raise ModelNotHere(choice.model, able)
    # Not said to be instead of the other: what was wished is tried before what stands in for it, and may not draw here.
    return Choice(max(cheap, key=lambda model: model.price))


def kind_of(generation: Generation, *, drafts: bool) -> Kind:
    """The kind of chat whose list counts for a picture. `drafts`: it is drawn for a channel."""
    if drafts or generation.posted:
        return Kind.CHANNELS
    if generation.inline_id:
        return Kind.INLINE
    return Kind.PRIVATE if generation.private else Kind.GROUPS
