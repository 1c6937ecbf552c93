"""The ledger against a model of it: whatever is done in whatever order, both say the same and the books are right."""

import os
from dataclasses import dataclass, field
from itertools import count
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.quota.rules import today
from bot.quota.service import Ledger, NotEnoughCredits
from bot.storage.database import Database, Transaction
from tests.sandbox.clock import HandClock

ZONE = ZoneInfo("America/Santiago")
START = 1_800_000_000
DAILY = 10
# Of up to 20 steps, after each of which ledger and model are compared: 3,600 are some 50,000 states.
EXAMPLES = int(os.environ.get("LEDGER_EXAMPLES", "150"))

people = count(1)

small = st.integers(0, 12)
which = st.integers(0, 2)
steps = st.one_of(
    st.tuples(st.just("hold"), small),
    st.tuples(st.sampled_from(["settle", "settle for 3", "release"]), which),
    st.tuples(st.sampled_from(["grant", "revoke"]), st.integers(1, 12)),
    st.tuples(st.just("wait"), st.sampled_from([-34_560_000, -172_800, -60, 60, 30_000, 90_000, 34_560_000])),
)


@dataclass
class Model:
    """What a person may expect, told without a database."""

    day: str = ""
    daily: int = 0
    kept: int = 0
    held: dict[str, tuple[str, int, int]] = field(default_factory=dict)
    spent: dict[str, int] = field(default_factory=dict)
    given: set[str] = field(default_factory=set)
    early: set[str] = field(default_factory=set)

    def turn(self, day: str, soon: str) -> None:
        """It is `day`, and in an hour it will be `soon`."""
        if self.day and day <= self.day[:10] <= soon:
            return
        if self.day[:10] > day:
            self.early.add(self.day)
        second = f"{day}~" if day in self.given and day in self.early else day
        self.day, self.daily = (day, 0) if second in self.given else (second, DAILY)
        self.given.add(self.day)

    def hold(self, picture: str, price: int) -> bool:
        daily = min(price, self.daily)
        if price - daily > self.kept:
            return False
        self.daily -= daily
        self.kept -= price - daily
        if price:
            self.held[picture] = (self.day, daily, price - daily)
        return True

    def settle(self, picture: str, price: int | None = None) -> bool:
        day, daily, kept = self.held.pop(picture, ("", 0, 0))
        paid = daily + kept if price is None else min(price, daily + kept)
        self.spent[day] = self.spent.get(day, 0) + paid
        self.daily += max(0, daily - paid) if day == self.day else 0
        self.kept += kept - max(0, paid - daily)
        return bool(day)

    def release(self, picture: str) -> bool:
        day, daily, kept = self.held.pop(picture, ("", 0, 0))
        self.daily += daily if day == self.day else 0
        self.kept += kept
        return bool(day)


class Comparison:
    """One person in the ledger and in the model."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.clock = HandClock(START)
        self.ledger = Ledger(DAILY, ZONE, self.clock)
        self.user_id = next(people)
        self.model = Model()
        self.pictures: list[str] = []
        self.gifts = count(1)

    async def take(self, what: str, number: int) -> None:
        """One step in both; the ledger's is first tried in a transaction that is rolled back."""
        if what == "wait":
            self.clock.advance(number)
            return
        try:
            async with self.database.write() as tx:
                await self._said(tx, what, number, f"undone {next(self.gifts)}")
                raise LookupError
        except (LookupError, NotEnoughCredits):
            source = f"{self.user_id}:{next(self.gifts)}"
        try:
            async with self.database.write() as tx:
                said = await self._said(tx, what, number, source)
        except NotEnoughCredits:
            said = False
        assert said == self._expected(what, number, source)

    async def _said(self, tx: Transaction, what: str, number: int, source: str) -> object:
        if what == "hold":
            await self.ledger.hold(tx, self.user_id, source, number)
            return True
        if what == "grant":
            return await self.ledger.grant(tx, self.user_id, number, source)
        if what == "revoke":
            return await self.ledger.revoke(tx, self.user_id, number, source)
        verb, _, price = what.partition(" for ")
        return await getattr(self.ledger, verb)(tx, self._picture(number), *map(int, filter(None, [price])))

    def _expected(self, what: str, number: int, source: str) -> object:
        verb, _, price = what.partition(" for ")
        if verb in {"settle", "release"}:
            return getattr(self.model, verb)(self._picture(number), *map(int, filter(None, [price])))
        if what == "hold" and number == 0:
            return True
        self.turn()
        if what == "hold":
            self.pictures.append(source)
            return self.model.hold(source, number)
        taken = min(number, self.model.kept) if what == "revoke" else -number
        self.model.kept -= taken
        return taken if what == "revoke" else True

    def turn(self) -> None:
        now = self.clock.now()
        self.model.turn(today(now, ZONE), today(now + 3600, ZONE))

    def _picture(self, number: int) -> str:
        return self.pictures[-1 - number] if number < len(self.pictures) else "no such picture"

    async def compare(self) -> None:
        async with self.database.write() as tx:
            balance = await self.ledger.balance(tx, self.user_id)
        self.turn()
        expected = self.model
        assert (balance.day, balance.daily, balance.kept) == (expected.day, expected.daily, expected.kept)
        assert balance.held == sum(daily + kept for _, daily, kept in expected.held.values())
        assert balance.spent_today == expected.spent.get(expected.day, 0)


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(steps, min_size=8, max_size=20))
async def test_the_ledger_does_what_the_model_does(database: Database, todo: list[tuple[str, int]]) -> None:
    comparison = Comparison(database)
    for what, number in todo:
        await comparison.take(what, number)
        await comparison.compare()
    async with database.read() as tx:
        assert await comparison.ledger.audit(tx) == []
