"""Prices change at every moment of a picture's life: nobody pays more than was accepted, or for nothing."""

import random
from collections.abc import Awaitable, Callable

import pytest

from bot.errors import (
    Cause,
    DeliveryNotNow,
    DeliveryRefused,
    DeliveryUnknown,
    NotNow,
    NotSent,
    Refused,
    Unknown,
    UserError,
)
from bot.images import ImageModel
from bot.imagine.making import Redraw
from bot.imagine.rules import UNFINISHED, Generation, Place, Status, Wish
from bot.providers import Switches
from bot.providers.prices import OFF
from tests.features.workshop import DEAR, FREE, PAID, Killed, Workshop
from tests.generations import ANNA

OTHER = ImageModel("free/other", "Other", price=2)
MODELS = (PAID, FREE, DEAR, OTHER)
PRICES = (0, 1, 2, 3, 7, 50, OFF)
STEPS = 60
WEEK = 7 * 24 * 3600


class Life:
    """One run of chance; `accepted` is what each picture was to cost when it was asked for."""

    def __init__(self, shop: Workshop, seed: int) -> None:
        self.shop = shop
        self.chances = random.Random(seed)
        self.accepted: dict[str, int] = {}
        self._prices: dict[str, int | str] = {}
        self._steps: tuple[tuple[int, Callable[[], Awaitable[None]]], ...] = (
            (6, self.ask),
            (4, self.price),
            (2, self.switch),
            (2, self.trouble),
            (2, self.end),
            (2, self.redraw),
            (5, self.work),
        )

    async def step(self) -> None:
        """Something happens."""
        weights, steps = zip(*self._steps, strict=True)
        [happens] = self.chances.choices(steps, weights)
        try:
            await happens()
        except UserError:
            return  # refused, and told

    async def ask(self) -> None:
        """A wish, of one model or any."""
        model = self.chances.choice([None, *(model.key for model in MODELS)])
        wish = Wish("a fox", model=model, count=self.chances.choice([1, 1, 2]))
        self._take(await self.shop.ask(wish, f"msg:{len(self.accepted)}:{self.chances.random()}"))

    async def price(self) -> None:
        """A price is set, or taken back."""
        key, price = self.chances.choice(MODELS).key, self.chances.choice([*PRICES, None])
        self._prices = {name: each for name, each in self._prices.items() if name != key}
        self._prices |= {key: price} if price is not None else {}
        self.shop.providers.price(self._prices)

    async def switch(self) -> None:
        """Something is off, or goes first."""
        names = [None, "free", "paid", *(model.key for model in MODELS)]
        off = {name for name in self.chances.sample(names, 2) if name}
        self.shop.providers.switch(Switches(frozenset(off), self.chances.choice(names)))

    async def trouble(self) -> None:
        """The next call of a service, or the next way into the chat, goes wrong."""
        refused = (Refused(Cause.PROMPT_REFUSED), Refused(Cause.MODEL_GONE), Unknown(Cause.TIMED_OUT), Killed())
        wrong = (*refused, NotNow(Cause.RATE_LIMITED), NotSent(Cause.UNREACHABLE))
        lost = (DeliveryRefused(Cause.CHAT_CLOSED), DeliveryNotNow(self.shop.clock.now() + 5), DeliveryUnknown())
        if self.chances.random() < 0.4:
            self.shop.chat.outcomes.append(self.chances.choice(lost))
        else:
            self.chances.choice([self.shop.paid, self.shop.free]).outcomes.append(self.chances.choice(wrong))

    async def end(self) -> None:
        """Cancel, or show."""
        if self.accepted:
            press = self.chances.choice([self.shop.imagine.cancel, self.shop.imagine.show])
            async with self.shop.database.write() as tx:
                await press(tx, self.chances.choice(list(self.accepted)), ANNA)

    async def redraw(self) -> None:
        """Again, or what was missed."""
        if not self.accepted:
            return
        parent, person = await self.shop.get(self.chances.choice(list(self.accepted))), await self.shop.person()
        again = Redraw(person, parent, Place(ANNA), str(self.chances.random()))
        self.shop.clock.advance(5)
        async with self.shop.database.write() as tx:
            if self.chances.random() < 0.5:
                made = await self.shop.imagine.again(tx, again)
            else:
                made = await self.shop.imagine.bring(tx, parent, Place(ANNA))
                assert made.price <= self.accepted[parent.generation_id]
        self._take([made])

    async def work(self) -> None:
        """One job, in a process that may be killed on the way."""
        self.shop.clock.advance(self.chances.choice([0, 1, 30]))
        try:
            await self.shop.work()
        except Killed:
            await self.shop.restart()

    def _take(self, made: list[Generation]) -> None:
        self.accepted |= {each.generation_id: each.price for each in made}


@pytest.mark.parametrize("seed", range(16))
async def test_nobody_pays_more_than_was_accepted_or_for_nothing(shop: Workshop, seed: int) -> None:
    shop.free.remember([FREE, DEAR, OTHER])
    life = Life(shop, seed)
    shop.asking_in_turn(*life.chances.sample(["free", "paid", OTHER.key, DEAR.key], 3))
    async with shop.database.write() as tx:
        await shop.ledger.grant(tx, ANNA, 500, "a gift")
    for _ in range(STEPS):
        await life.step()
    for outcomes in (shop.paid.outcomes, shop.free.outcomes, shop.chat.outcomes):
        outcomes.clear()
    await shop.restart()
    await shop.work_until_done(WEEK)
    async with shop.database.read() as tx:
        paid = {row["source"]: row["paid"] for row in await tx.fetch(PAID_FOR, {})}
    for generation_id, price in life.accepted.items():
        found = await shop.get(generation_id)
        assert found.price <= price
        assert found.status not in UNFINISHED
        assert paid.get(generation_id, 0) == (found.price if found.status is Status.DELIVERED else 0)
    assert await shop.held() == 0


PAID_FOR = "SELECT source, daily + kept AS paid FROM entries WHERE kind = 'settle'"
