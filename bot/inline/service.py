"""Inline mode: while somebody types nothing is spent; what was chosen is drawn once for its message."""

from dataclasses import dataclass, replace

from bot.errors import UserError
from bot.images import ImageModel
from bot.imagine import store as wishes
from bot.imagine.grammar import NoPrompt, WishError, parse
from bot.imagine.rules import Generation, Place, Wish
from bot.imagine.service import Imagine
from bot.inline import store
from bot.inline.rules import Found, matching, page, wish_id
from bot.storage.database import Transaction
from bot.users.rules import Person


@dataclass(frozen=True, slots=True)
class Offer:
    """A wish that can be drawn, kept under `wish_id`, and who would draw it.

    `clipped`: more pictures were asked for than the one that a message holds.
    """

    wish_id: str
    wish: Wish
    model: ImageModel
    clipped: bool = False


@dataclass(frozen=True, slots=True)
class Kept:
    """What somebody says yes to: an offer by the id of its wish, at the price that they were shown, if any."""

    wish_id: str
    price: int | None = None


class CostsMore(UserError):
    """What was offered costs more by now. `offer` is what it costs."""

    def __init__(self, offer: Offer) -> None:
        super().__init__("imagine-costs-more", model=offer.model.title, price=offer.model.price)
        self.offer = offer


async def found(tx: Transaction, person: Person, typed: str, after: str) -> tuple[list[Found], str]:
    """A page of own pictures that match what was typed, the newest ones while nothing is; and where the next begins."""
    return page(matching(await store.newest(tx, person.user_id), _words(typed)), after)


async def offer(
    tx: Transaction, imagine: Imagine, person: Person, typed: str, now: int, said: Place | None = None
) -> Offer | None:
    """What could be drawn; None while there are no words. Raises UserError where it cannot be drawn as typed.

    The wish is kept, because a button holds no words: for an hour, or as long as any other where it was `said` in a
    message. Nothing is held or spent. A message has one picture.
    """
    try:
        wish = parse(typed)
    except NoPrompt:
        return None
    single = replace(wish, count=1)
    model = imagine.models.drawer_for(person, single)
    await imagine.look(tx, single)
    kept = wishes.new_id() if said else wish_id(await tx.vault.mark(person.user_id), typed)
    if said is None:
        await store.make_room(tx, person.user_id, kept, now)
    await wishes.put_wish(tx, kept, person.user_id, said or Place(person.user_id), single, now)
    return Offer(kept, single, model, clipped=wish.count > 1)


async def draw_typed(
    tx: Transaction, imagine: Imagine, person: Person, kept: Kept, typed: str, inline_id: str
) -> list[Generation]:
    """Draw what was chosen, whether or not its words are still kept. Returns and raises as `draw_kept`."""
    if kept.wish_id != wish_id(await tx.vault.mark(person.user_id), typed):
        return await draw_kept(tx, imagine, person, kept, inline_id)
    return await _draw(tx, imagine, person, kept, replace(parse(typed), count=1), inline_id)


async def draw_kept(tx: Transaction, imagine: Imagine, person: Person, kept: Kept, inline_id: str) -> list[Generation]:
    """Draw what was kept for a button, for one message: asked again it adds nothing, and returns nothing.

    Raises UserError where it was kept long enough, CostsMore, and what `Imagine.submit` raises.
    """
    found = await wishes.get_wish(tx, kept.wish_id, person.user_id)
    if found is None:
        raise UserError("inline-gone")
    return await _draw(tx, imagine, person, kept, found[0], inline_id)


async def _draw(
    tx: Transaction, imagine: Imagine, person: Person, kept: Kept, wish: Wish, inline_id: str
) -> list[Generation]:
    model = imagine.models.drawer_for(person, wish)
    if kept.price is not None and model.price > kept.price:
        raise CostsMore(Offer(kept.wish_id, wish, model))
    place = Place(person.user_id, inline_id=inline_id)
    return await imagine.submit(tx, person, place, wish, f"inline:{inline_id}")


def _words(typed: str) -> str:
    """What is searched for: the words without flags, also while a flag is only half typed."""
    try:
        return parse(typed).prompt
    except NoPrompt:
        return ""
    except WishError as error:
        return error.wish.prompt if error.wish else typed.partition(" --")[0]
