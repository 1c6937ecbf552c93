"""The ledger: who may spend how much. Every change of a balance stands in the transaction of its entry."""

import secrets
from dataclasses import replace
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from bot.clock import Clock
from bot.errors import BotError, StorageDamaged, UserError
from bot.quota import store
from bot.quota.rules import (
    MOST_CREDITS,
    STEP_BACK,
    Account,
    Balance,
    Entry,
    Kind,
    date_of,
    lasts,
    next_day_at,
    second,
    today,
)
from bot.storage.database import Transaction

HOUR = 3600


class NotEnoughCredits(UserError):
    """The picture costs more than is left. The sentence says when to come back, or that waiting cannot help."""


class PaidWorkStopped(UserError):
    """The books do not add up: nothing is spent until they do."""


class LedgerBroken(BotError):
    """A balance holds less than its own entries say. The transaction is rolled back; the audit will name it."""


class Ledger:
    """Five verbs, whole credits. All but `seen` and `audit` need a transaction that may write.

    Everybody is given `daily_credits` a day; what is left of them ends with the day of `zone`. Other credits stay.
    Daily ones are spent first, and given back only within their day.
    """

    def __init__(self, daily_credits: int, zone: ZoneInfo, clock: Clock) -> None:
        self.daily_credits = daily_credits
        self._zone = zone
        self._clock = clock
        self._stopped = False

    @property
    def zone(self) -> ZoneInfo:
        """Where the day begins at midnight."""
        return self._zone

    def next_grant_at(self) -> int:
        """When the next day's credits come, in Unix seconds."""
        return next_day_at(self._clock.now(), self._zone)

    async def balance(self, tx: Transaction, user_id: int) -> Balance:
        """What is left, after giving the credits of a day that has begun."""
        return await self.seen(tx, user_id) or await _balance(tx, await self._open(tx, user_id))

    async def seen(self, tx: Transaction, user_id: int) -> Balance | None:
        """What is left, as far as it can be told without writing. None: the credits of a new day come first."""
        account = await store.get_account(tx, user_id)
        if account is None or not self._lasts(account):
            return None
        return await _balance(tx, account)

    async def hold(self, tx: Transaction, user_id: int, generation_id: str, price: int) -> None:
        """Set `price` credits aside for one picture; nothing for a free one.

        Raises NotEnoughCredits; PaidWorkStopped after an audit that found mistakes.
        """
        if price == 0:
            return
        _require_amount(price)
        if self._stopped:
            raise PaidWorkStopped("quota-stopped")
        account = await self._open(tx, user_id)
        split = account.split(price)
        if split is None:
            raise await self._too_few(tx, account, price)
        await self._enter_new(tx, account, generation_id, Kind.HOLD, *split)
        await _move(tx, account, daily=-split[0], kept=-split[1], held=price)

    async def settle(self, tx: Transaction, generation_id: str, price: int | None = None) -> bool:
        """Spend what is held, together with the commit that shows the picture; where it cost less, only `price`.

        The rest is given back. False: nothing is held.
        """
        if price == 0:
            return await self.release(tx, generation_id)
        hold = await store.get_entry(tx, generation_id, Kind.HOLD)
        if hold is None:
            return False
        account = await store.lock_account(tx, hold.user_id)
        paid, rest = hold.split(price)
        if not await store.enter(tx, self._end_of(paid, Kind.SETTLE)):
            return False
        await _move(tx, account, held=-(paid.daily + paid.kept))
        if rest:
            await self._give_back(tx, account, rest)
        return True

    async def release(self, tx: Transaction, generation_id: str) -> bool:
        """Give back what is held. Daily credits of a day that is over are gone with it. False: nothing is held."""
        hold = await store.get_entry(tx, generation_id, Kind.HOLD)
        if hold is None:
            return False
        return await self._give_back(tx, await store.lock_account(tx, hold.user_id), hold)

    async def _give_back(self, tx: Transaction, account: Account, hold: Entry) -> bool:
        if not await store.enter(tx, self._end_of(hold, Kind.RELEASE)):
            return False
        daily = hold.daily if account.day == hold.day else 0
        if daily < hold.daily:
            await store.enter(tx, replace(self._end_of(hold, Kind.REVOKE), kept=0))
        await _move(tx, account, daily=daily, kept=hold.kept, held=-(hold.daily + hold.kept))
        return True

    async def grant(self, tx: Transaction, user_id: int, amount: int, source: str) -> bool:
        """Give credits that stay. `source` names the gift: the same one is given once. False: it was given before."""
        _require_amount(amount)
        account = await self._open(tx, user_id)
        if not await store.enter(tx, self._entry(account, source, Kind.GRANT, 0, amount)):
            return False
        await _move(tx, account, kept=amount)
        return True

    async def revoke(self, tx: Transaction, user_id: int, amount: int, source: str) -> int:
        """Take credits that stay away again, as many of `amount` as are unspent, once for each `source`.

        Returns how many were taken: 0 when it was done before or nothing is left.
        """
        _require_amount(amount)
        account = await self._open(tx, user_id)
        taken = min(amount, account.kept)
        if not taken or not await store.enter(tx, self._entry(account, source, Kind.REVOKE, 0, taken)):
            return 0
        await _move(tx, account, kept=-taken)
        return taken

    async def empty(self, tx: Transaction, user_id: int, source: str) -> None:
        """Take all that is unspent away from somebody who leaves. Raises LedgerBroken while anything is held."""
        account = await store.get_account(tx, user_id)
        if account is None:
            return
        account = await store.lock_account(tx, user_id)
        if account.held:
            raise LedgerBroken(f"{account.held} credits are held for somebody who leaves.")
        if account.daily + account.kept:
            await self._enter_new(tx, account, source, Kind.REVOKE, account.daily, account.kept)
            await _move(tx, account, daily=-account.daily, kept=-account.kept)

    async def audit(self, tx: Transaction, *, everybody: bool = True) -> list[str]:
        """Recompute balances from the entries: what is wrong, one line each. While any is, nothing is held.

        Unless `everybody` is meant, or something was wrong before, those who were given credits yesterday or today:
        whoever holds anything is among them. Nothing is held either while the books cannot be read: raises
        StorageDamaged.
        """
        try:
            found = await store.mistakes(tx, None if everybody or self._stopped else self._yesterday())
        except StorageDamaged:
            self._stopped = True
            raise
        self._stopped = bool(found)
        return found

    async def end_early_days(self, tx: Transaction) -> int:
        """End the days that a clock that ran ahead has begun, now that it is right again; return how many they were.

        Done before their dates come, it lets everybody have those dates. Whoever asks in vain changes nothing.
        """
        found = await self.early_days(tx)
        for user_id in found:
            await self._open(tx, user_id)
        return len(found)

    async def early_days(self, tx: Transaction) -> list[int]:
        """Whose they are. That looks at all balances: not where writers wait for it."""
        return await store.early(tx, today(self._clock.now() + STEP_BACK, self._zone))

    async def _open(self, tx: Transaction, user_id: int) -> Account:
        """The account, locked, with the credits of today. What was given for a day is given once, come what may."""
        account = await store.lock_account(tx, user_id)
        if self._lasts(account):
            return account
        rest = account.daily
        await self._end_day(tx, account)
        begun = replace(account, day=self.today(), daily=0)
        account = await self._begin_day(tx, begun, is_new=not account.day)
        await _move(tx, account, daily=account.daily - rest)
        return account

    async def _end_day(self, tx: Transaction, account: Account) -> None:
        if date_of(account.day) > self.today():
            await self._mark_early(tx, account)
        if not account.daily:
            return
        source = _day_source(account)
        if not await store.enter(tx, self._entry(account, source, Kind.REVOKE, account.daily, 0)):
            # A clock that ran ahead came back: the day ends once more, with what was released in the meantime.
            source = f"{source}:{secrets.token_urlsafe(9)}"
            await self._enter_new(tx, account, source, Kind.REVOKE, account.daily, 0)

    async def _begin_day(self, tx: Transaction, account: Account, *, is_new: bool) -> Account:
        """With the credits of its day, unless they were given when the clock was there before.

        Whoever was forgotten on that day and `is_new` again has what was left of them.

        If that was a clock that ran ahead, there is a second day for its date, once: nobody waits for two midnights.
        """
        daily = await self.daily(tx, account.user_id)
        if is_new and (rest := await store.rest_of_forgotten(tx, account.user_id, account.day)) is not None:
            daily = min(daily, rest)
        if await self._give(tx, account, daily):
            return replace(account, daily=daily)
        instead = replace(account, day=second(account.day))
        if await self._was_early(tx, account) and await self._give(tx, instead, daily):
            return replace(instead, daily=daily)
        return account

    async def _give(self, tx: Transaction, account: Account, daily: int) -> bool:
        grant = self._entry(account, _day_source(account), Kind.GRANT, daily, 0)
        return bool(grant.daily) and await store.enter(tx, grant)

    async def daily(self, tx: Transaction, user_id: int) -> int:
        """What somebody is given each day: their own limit, else that of everybody.

        The pot of a group, whose number is negative, is filled by an admin.
        """
        if user_id < 0:
            return 0
        own = await store.daily_of(tx, user_id)
        return self.daily_credits if own is None else own

    async def _mark_early(self, tx: Transaction, account: Account) -> None:
        """Write down that this day is ended before its date. Each line must move something: a credit comes and goes."""
        for kind in (Kind.GRANT, Kind.REVOKE):
            await store.enter(tx, self._entry(account, _early_source(account), kind, 0, 1))

    async def _was_early(self, tx: Transaction, account: Account) -> bool:
        return await store.get_entry(tx, _early_source(account), Kind.REVOKE) is not None

    async def _enter_new(
        self, tx: Transaction, account: Account, source: str, kind: Kind, daily: int, kept: int
    ) -> None:
        if not await store.enter(tx, self._entry(account, source, kind, daily, kept)):
            raise LedgerBroken(f"There is a {kind} of {source} already.")

    def _entry(self, account: Account, source: str, kind: Kind, daily: int, kept: int) -> Entry:
        return Entry(source, kind, account.user_id, account.day, daily, kept, self._clock.now())

    def _end_of(self, hold: Entry, kind: Kind) -> Entry:
        return replace(hold, kind=kind, at=self._clock.now())

    def today(self) -> str:
        """The day of which credits are spent now, such as 2026-11-21."""
        return today(self._clock.now(), self._zone)

    def _lasts(self, account: Account) -> bool:
        return bool(account.day) and lasts(account.day, self._clock.now(), self._zone)

    def _yesterday(self) -> str:
        return (date.fromisoformat(self.today()) - timedelta(days=1)).isoformat()

    async def _too_few(self, tx: Transaction, account: Account, price: int) -> NotEnoughCredits:
        left = account.daily + account.kept
        if price > await self.daily(tx, account.user_id) + account.kept:
            return NotEnoughCredits("quota-too-dear", price=price, left=left)
        hours = -(-(self.next_grant_at() - self._clock.now()) // HOUR)
        return NotEnoughCredits("quota-used-up", price=price, left=left, hours=hours)


async def _balance(tx: Transaction, account: Account) -> Balance:
    spent = await store.spent(tx, account.user_id, account.day)
    return Balance(account.day, account.daily, account.kept, account.held, spent)


async def _move(tx: Transaction, account: Account, *, daily: int = 0, kept: int = 0, held: int = 0) -> None:
    if not await store.move(tx, account.user_id, account.day, daily=daily, kept=kept, held=held):
        raise LedgerBroken(f"The account of {account.user_id} holds too little.")


def _require_amount(amount: int) -> None:
    if not 0 < amount <= MOST_CREDITS:
        raise ValueError(f"{amount} is no amount of credits.")


def _day_source(account: Account) -> str:
    return f"daily:{account.user_id}:{account.day}"


def _early_source(account: Account) -> str:
    return f"early:{account.user_id}:{account.day}"
