"""How a wish gets in: what the bot, its place and the moderators have against it is said before anything is held."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from typing import Self

from bot.errors import UserError
from bot.images import ImageModel
from bot.imagine import store
from bot.imagine.drawing import GENERATE
from bot.imagine.house import House, ModelNotHere, kind_of
from bot.imagine.rules import Generation, Place, lane
from bot.jobs import store as jobs
from bot.moderation.service import Moderation
from bot.quota.service import Ledger
from bot.storage.database import Transaction

# Whether the bot is closed to somebody now: open transaction and person in.
Closed = Callable[[Transaction, int], Awaitable[bool]]


class TooManyWaiting(UserError):
    """So many pictures are on the way to this person that another one would wait for too long."""

    def __init__(self, most: int) -> None:
        super().__init__("imagine-too-many-waiting", most=most)


@dataclass(frozen=True, slots=True)
class Accepting:
    """Turns a generation into rows, a hold and a job, where nothing speaks against it.

    `most_waiting` pictures on the way to one person. `closed`: who cannot begin any. `house`: the rules of the place.
    """

    ledger: Ledger
    most_waiting: int
    closed: Closed | None = None
    moderation: Moderation | None = None
    house: House | None = None

    def under(self, house: House) -> Self:
        """The same in a place that has rules of its own."""
        return replace(self, house=house)

    async def enter(self, tx: Transaction, user_id: int, place: Place) -> None:
        """Raises UserError where nothing can be begun, by this person or in this place."""
        if self.closed and await self.closed(tx, user_id):
            raise UserError("imagine-maintenance")
        if self.house:
            await self.house.enter(tx, user_id, place)

    async def welcome(
        self, tx: Transaction, missed: Generation, place: Place, model: ImageModel | None, models: Sequence[ImageModel]
    ) -> None:
        """A place into which a picture is brought has its hours and its models for it, too. Raises UserError.

        `model` has drawn it, as far as that is remembered; `models` are those that could have.
        """
        if self.house:
            await self.house.enter(tx, missed.user_id, place)
            if model and not self.house.allows(model):
                raise ModelNotHere(model, [each for each in models if self.house.allows(each)])

    async def accept(self, tx: Transaction, generation: Generation, key: str) -> bool:
        """Keep it, hold its price and leave its job; False where this `key` was accepted before.

        Raises Paused, NotHere, Errand, TooManyWaiting, NotEnoughCredits, after rows were written.
        """
        generation = await self._under_rules(tx, generation)
        if not await store.insert(tx, generation, key):
            return False
        await self._moderate(tx, generation, key)
        own = lane(generation.user_id)
        if await jobs.count_in_lane(tx, GENERATE, own) >= self.most_waiting:
            raise TooManyWaiting(self.most_waiting)
        payer_id = generation.payer_id or generation.user_id
        await self.ledger.hold(tx, payer_id, generation.generation_id, generation.price)
        await jobs.add(tx, GENERATE, generation.generation_id, own, generation.created_at)
        return True

    async def _moderate(self, tx: Transaction, generation: Generation, key: str) -> None:
        if self.moderation:
            kind = kind_of(generation, drafts=self.house is not None and self.house.drafts)
            texts = (generation.prompt, generation.negative or "")
            if await self.moderation.require(tx, generation.user_id, kind, texts, key):
                await self.moderation.hold(tx, generation.generation_id)

    async def _under_rules(self, tx: Transaction, generation: Generation) -> Generation:
        """With who pays for it and whether it is veiled, as the place wants it."""
        if self.house is None:
            return generation
        payer_id = await self.house.payer(tx, generation.user_id, generation.price)
        return replace(generation, payer_id=payer_id, spoiler=self.house.spoiler)
