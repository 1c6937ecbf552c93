"""What a wish becomes: the generation as it begins, and the wish to draw one again. Ids and seeds are dealt here."""

import secrets
from dataclasses import dataclass, replace

from bot.imagine import fit, store
from bot.imagine.rules import SEEDS, Generation, Place, Status, Wish
from bot.users.rules import Person


@dataclass(frozen=True, slots=True)
class Redraw:
    """Somebody wants another picture from this one, in this place. `key` names the request: it is drawn once."""

    person: Person
    parent: Generation
    place: Place
    key: str


def generation_of(person: Person, place: Place, order: fit.Order, now: int, index: int = 0) -> Generation:
    """The `index`th picture of an order, as it waits for its turn."""
    return Generation(
        generation_id=store.new_id(),
        user_id=person.user_id,
        chat_id=place.chat_id,
        thread_id=place.thread_id,
        message_id=place.message_id,
        note_id=None,
        parent_id=None,
        action=None,
        model=order.model.key,
        prompt=order.prompt,
        negative=order.negative,
        ratio=order.ratio,
        seed=_seed(order, index),
        wished=replace(order.wished, seed=_counted(order.wished.seed, index)),
        variation=0,
        price=order.model.price,
        status=Status.QUEUED,
        cause=None,
        error_id=None,
        fenced=False,
        created_at=now,
        started_at=None,
        ended_at=None,
        draw_ms=None,
        shown_as=None,
        file_id=None,
        original_id=None,
        width=None,
        height=None,
        sources=order.sources,
        inline_id=place.inline_id,
        style=order.style,
    )


def _seed(order: fit.Order, index: int) -> int | None:
    if not order.model.seed:
        return None
    return secrets.randbelow(SEEDS) if order.seed is None else _counted(order.seed, index)


def _counted(seed: int | None, index: int) -> int | None:
    """Several pictures with one typed seed count up from it, or they would be the same."""
    return None if seed is None else (seed + index) % SEEDS


def same(parent: Generation, model: str) -> Wish:
    """What was asked for, to be drawn once more by this model."""
    ratio = parent.wished.ratio or parent.ratio
    return Wish(parent.prompt, parent.negative, ratio, model, sources=parent.sources, style=parent.style)


def seed_of(parent: Generation) -> int | None:
    """The seed that was drawn with, or the typed one that the model did not take."""
    return parent.wished.seed if parent.seed is None else parent.seed
