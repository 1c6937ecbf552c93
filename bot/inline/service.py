"""Inline mode: while somebody types nothing is spent; what was chosen is drawn once for its message."""

from dataclasses import dataclass, replace

from bot.errors import UserError
from bot.images import ImageModel
from bot.imagine import store as wishes
from bot.imagine.grammar import NoPrompt, WishError, parse
from bot.imagine.rules import Generation, Place, Wish
from bot.imagine.service import Imagine
from bot.inline import store
from bot.inline.rules import Found, matching, wish_id
from bot.storage.database import Transaction
from bot.users.rules import Person


@dataclass(frozen=True, slots=True)
class Offer:
    """A wish that can be drawn, kept under `wish_id`, and who would draw it."""

    wish_id: str
    wish: Wish
    model: ImageModel


async def found(tx: Transaction, person: Person, typed: str) -> list[Found]:
    """Own pictures that match what was typed; the newest ones while nothing is."""
    return matching(await store.newest(tx, person.user_id), _words(typed))


async def offer(tx: Transaction, imagine: Imagine, person: Person, typed: str, now: int) -> Offer | None:
    """What could be drawn; None while there are no words. Raises UserError where it cannot be drawn as typed.

    The wish is kept, because a button holds no words; nothing is held or spent. A message has one picture.
    """
    try:
        wish = replace(parse(typed), count=1)
    except NoPrompt:
        return None
    model = imagine.drawer_for(person, wish)
    kept = wish_id(person.user_id, typed)
    await wishes.put_wish(tx, kept, person.user_id, Place(person.user_id), wish, now)
    return Offer(kept, wish, model)


async def draw(tx: Transaction, imagine: Imagine, person: Person, kept: str, inline_id: str) -> list[Generation]:
    """Accept what was offered, for one message: asked again it adds nothing, so what is returned may be empty.

    Raises UserError where the wish was kept long enough, and what `Imagine.submit` raises.
    """
    found = await wishes.get_wish(tx, kept, person.user_id)
    if found is None:
        raise UserError("imagine-wish-gone")
    place = Place(person.user_id, inline_id=inline_id)
    return await imagine.submit(tx, person, place, found[0], f"inline:{inline_id}")


def _words(typed: str) -> str:
    """What is searched for: the words without flags, also while a flag is only half typed."""
    try:
        return parse(typed).prompt
    except NoPrompt:
        return ""
    except WishError as error:
        return error.wish.prompt if error.wish else typed.partition(" --")[0]
