"""Asking for a picture: what was wished becomes a hold, a generation and a job, in one transaction."""

import asyncio
from collections.abc import Mapping
from copy import copy
from dataclasses import replace
from pathlib import Path

from bot.clock import Clock
from bot.errors import UserError
from bot.images import AspectRatio, ImageModel
from bot.imagine import fit, orders, publishing, store
from bot.imagine.accepting import Accepting, Closed
from bot.imagine.choosing import Choice, Choosing, NoModel, shaped, styled
from bot.imagine.drawing import EXPIRE, GENERATE, Delivery, Drawing, Expiry, Shown
from bot.imagine.house import House, allowed
from bot.imagine.making import Redraw, generation_of, same, seed_of
from bot.imagine.models import Models
from bot.imagine.rules import DOUBLE_TAP, WORDS_KEPT, Extras, Generation, Place, Status, Wish, lane
from bot.imagine.shelf import Shelf
from bot.imagine.signs import Signs, Standing
from bot.jobs import store as jobs
from bot.jobs.rules import places
from bot.moderation.rules import LOOK, Kind
from bot.moderation.service import Moderation, NotHere
from bot.presets.service import Presets
from bot.providers import Providers
from bot.quota.service import Ledger
from bot.sealed import is_whole
from bot.storage.database import Transaction
from bot.users.rules import Person

__all__ = ["AlreadyDrawing", "Choice", "Delivery", "Drawing", "Expiry", "Imagine", "NoModel", "PictureGone", "Shown"]


class AlreadyDrawing(UserError):
    """The same button was pressed a moment ago: its picture is on the way."""

    mild = True

    def __init__(self) -> None:
        super().__init__("imagine-already-drawing")


class PictureGone(UserError):
    """A kept picture was brought already, or was kept long enough."""

    def __init__(self) -> None:
        super().__init__("imagine-missed-gone")


class Imagine:
    """Everything a person can do about pictures. All functions take the open transaction first.

    A UserError may be raised after rows were written: the transaction must then be rolled back.
    """

    def __init__(
        self,
        providers: Providers,
        ledger: Ledger,
        shelf: Shelf,
        clock: Clock,
        *,
        default_model: str,
        default_ratio: AspectRatio = AspectRatio.SQUARE,
        signs: Signs | None = None,
        most_waiting: int = 20,
        closed: Closed | None = None,
        moderation: Moderation | None = None,
        presets: Presets | None = None,
        words_kept: int = WORDS_KEPT,
    ) -> None:
        """`most_waiting` pictures on the way to one person. `closed`: who cannot begin any. `words_kept` in days."""
        self._ledger = ledger
        self._shelf = shelf
        self._clock = clock
        self._choosing = Choosing(providers, default_model)
        self.default_model = default_model
        self._signs = signs or Signs()
        self.accepting = Accepting(ledger, most_waiting, closed, moderation)
        self.moderation = moderation
        self.presets = presets or Presets()
        self.models = Models(providers, self.presets, self._choosing, default_ratio)
        self.words_kept = words_kept

    def under(self, house: House) -> "Imagine":
        """The same in a place that has rules of its own."""
        mine = copy(self)
        mine.accepting = self.accepting.under(house)
        return mine

    @property
    def house(self) -> House | None:
        """The rules of the place, where it has any."""
        return self.accepting.house

    async def submit(self, tx: Transaction, person: Person, place: Place, wish: Wish, key: str) -> list[Generation]:
        """Accept a wish: one generation with its hold and its job for each picture.

        `key` names the request (`msg:<chat>:<message>`): the same one again adds nothing, so what is returned may be
        empty. Raises WishError where the wish cannot be drawn so, TooManyWaiting, NotEnoughCredits.
        """
        await self.accepting.enter(tx, person.user_id, place)
        wish = styled(self.presets, person, wish)
        choice, offered = self._choosing.of(person, wish), self.models.offered()
        choice = allowed(self.house, choice, wish, offered, named=bool(wish.model))
        order = fit.order(wish, choice.model, shaped(wish) or self.models.ratio_for(person), choice.instead_of)
        now = self._clock.now()
        wanted = [generation_of(person, place, order, now, index) for index in range(order.count)]
        return [each for index, each in enumerate(wanted) if await self.accepting.accept(tx, each, f"{key}:{index}")]

    async def again(self, tx: Transaction, redraw: Redraw) -> Generation:
        """The same words with a fresh seed. Raises AlreadyDrawing and what `submit` raises."""
        parent = redraw.parent
        return await self._child(tx, redraw, "again", same(parent, parent.wished.model or parent.model))

    async def vary(self, tx: Transaction, redraw: Redraw) -> Generation:
        """The same seed with a little turn; each press turns it another way. Raises as `again`."""
        parent = redraw.parent
        last = await store.last_variation(tx, parent.generation_id)
        variation = max(parent.variation, last or 0) + 1
        wish = replace(same(parent, parent.model), seed=seed_of(parent))
        return await self._child(tx, redraw, "vary", wish, variation)

    async def with_ratio(self, tx: Transaction, redraw: Redraw, ratio: AspectRatio) -> Generation:
        """The same words and seed in another shape. Raises as `again`."""
        parent = redraw.parent
        wish = replace(same(parent, parent.model), ratio=ratio, seed=seed_of(parent))
        return await self._child(tx, redraw, f"ratio:{ratio}", wish, parent.variation)

    async def with_model(self, tx: Transaction, redraw: Redraw, model: ImageModel) -> Generation:
        """The same words by another model. Raises as `again`."""
        wish = replace(same(redraw.parent, model.key), seed=seed_of(redraw.parent))
        return await self._child(tx, redraw, f"model:{model.key}", wish)

    async def cancel(self, tx: Transaction, generation_id: str, user_id: int) -> bool:
        """End what is queued, being drawn or held, and give the credits back; False when it was too late.

        What was ordered for it already is left to be taken back.
        """
        generation = await store.get_owned(tx, generation_id, user_id)
        if generation is None or not (generation.status in (Status.QUEUED, Status.DRAWING) or generation.held):
            return False
        now = self._clock.now()
        if not await store.move(tx, generation_id, generation.status, Status.CANCELLED, ended_at=now):
            return False
        await self._ledger.release(tx, generation_id)
        job = await jobs.cancel(tx, GENERATE, generation_id)
        if generation.held:
            await jobs.cancel(tx, LOOK, generation_id)
            await self._shelf.until(tx, generation_id, now)
        if job and (moved := await store.get(tx, generation_id)):  # by now nobody hands it on
            await orders.take_back(tx, moved.model, job.remote_id, user_id, now)
        return True

    async def show(self, tx: Transaction, generation_id: str, user_id: int) -> bool:
        """Bring a ready picture whose first sending had an unknown end; False when there is none."""
        generation = await store.get_owned(tx, generation_id, user_id)
        if generation is None or not generation.unsure:
            return False
        await store.set_fenced(tx, generation_id, False)
        await jobs.cancel(tx, EXPIRE, generation_id)
        await jobs.add(tx, GENERATE, generation_id, lane(user_id), self._clock.now())
        return True

    async def bring(self, tx: Transaction, missed: Generation, place: Place) -> Generation:
        """Bring what was drawn for somebody who was away: a generation of its own, paid as any other in this place.

        No service is asked. Raises PictureGone, TooManyWaiting, NotEnoughCredits, and what the place has against it.
        """
        if not missed.missed:
            raise PictureGone
        await self.accepting.welcome(tx, missed, place, self.models.of(missed), self.models.offered())
        now = self._clock.now()
        again = replace(
            missed,
            generation_id=store.new_id(),
            chat_id=place.chat_id,
            thread_id=place.thread_id,
            message_id=place.message_id,
            inline_id=place.inline_id,
            note_id=None,
            file_id=None,
            payer_id=None,
            parent_id=missed.generation_id,
            action="bring",
            created_at=now,
        )
        if not await self._shelf.hand_over(tx, missed.generation_id, again.generation_id, now):
            raise PictureGone
        await self.accepting.accept(tx, again, f"bring:{again.generation_id}")
        drawn = store.Changes(started_at=now, width=missed.width or 0, height=missed.height or 0)
        await store.move(tx, again.generation_id, Status.QUEUED, Status.READY, **drawn)
        return replace(again, status=Status.READY)

    async def delete(self, tx: Transaction, generation_id: str, user_id: int) -> bool:
        """Take a delivered picture out of history, its file off the shelf and its public link back.

        False where it was not there.
        """
        now = self._clock.now()
        if not await store.mark_deleted(tx, generation_id, user_id, now):
            return False
        await self._shelf.until(tx, generation_id, now)
        deleted = await store.get(tx, generation_id)
        if deleted:
            await publishing.withdraw(tx, deleted, now)
        return True

    @property
    def kept(self) -> int:
        """For how many seconds the file of a picture stays that is in its chat."""
        return self._shelf.kept

    async def original(self, tx: Transaction, generation: Generation) -> Path | None:
        """The file that the service made, while it is kept here and can be read."""
        picture = await self._shelf.get(tx, generation.generation_id, generation.user_id)
        if picture is None:
            return None
        path = picture.original or picture.path
        return path if await asyncio.to_thread(is_whole, path, picture.key) else None

    async def places(self, tx: Transaction) -> dict[str, int]:
        """The place in the queue of every waiting generation: 1 is next."""
        return places(await jobs.waiting(tx, GENERATE))

    async def typical(self, tx: Transaction, model: str) -> int | None:
        """Seconds that a picture of this model usually takes, at least 1; None while nobody knows."""
        median = await store.typical_ms(tx, model)
        return None if median is None else max(1, round(median / 1000))

    async def standing(
        self, tx: Transaction, generation: Generation, places: Mapping[str, int] | None = None
    ) -> Standing:
        """How far it has come; `places` where they are known already."""
        if generation.status not in (Status.QUEUED, Status.DRAWING):
            return Standing()
        if places is None:
            places = await self.places(tx) if generation.status is Status.QUEUED else {}
        return Standing(
            places.get(generation.generation_id),
            max(0, self._clock.now() - (generation.started_at or generation.created_at)),
            await self.typical(tx, generation.model),
            self._signs.of(generation.generation_id),
        )

    def extras(self, generation: Generation) -> Extras:
        """What the services of today add to its buttons."""
        models, model = self.models, self.models.of(generation)
        shapes = model is None or len(model.ratios) > 1
        return Extras(models.can_edit, models.publishes(generation), shapes, reports=self.moderation is not None)

    async def _child(self, tx: Transaction, redraw: Redraw, action: str, wish: Wish, variation: int = 0) -> Generation:
        parent, person, place = redraw.parent, redraw.person, redraw.place
        if not parent.prompt:
            raise UserError("imagine-words-gone", days=self.words_kept)
        now = self._clock.now()
        if await store.recent_child(tx, parent.generation_id, action, now - DOUBLE_TAP, now):
            raise AlreadyDrawing
        await self.accepting.enter(tx, person.user_id, place)
        named = action.startswith("model:")
        choice = self._choosing.by_key(wish.model or parent.model, wish, parent.price)
        choice = allowed(self.house, choice, wish, self.models.offered(), named=named)
        order = fit.order(wish, choice.model, parent.ratio, choice.instead_of)
        typed_seed = order.wished.seed if parent.wished.seed is not None else None
        child = replace(
            generation_of(person, place, order, now),
            wished=replace(order.wished, seed=typed_seed),
            parent_id=parent.generation_id,
            action=action,
            variation=variation,
        )
        if not await self.accepting.accept(tx, child, redraw.key):
            raise AlreadyDrawing
        return child

    async def look(self, tx: Transaction, wish: Wish) -> None:
        """Raises NotHere for what is not drawn in inline mode. It is not counted: somebody is still typing."""
        if self.moderation and await self.moderation.refuses(tx, Kind.INLINE, (wish.prompt, wish.negative or "")):
            raise NotHere
