"""What those who run the bot decide. Each decision and its line in the audit are one transaction.

What is so already is not written down once more: a button that is pressed twice leaves one line. A reason was typed.
"""

from collections.abc import Collection
from dataclasses import dataclass

from bot.admin import store as audit
from bot.admin.panel import store
from bot.admin.panel.rules import Ban
from bot.admin.store import Decision
from bot.chats import service as pots
from bot.chats import store as chats
from bot.chats.rules import Chat
from bot.imagine import store as generations
from bot.imagine.rules import Generation
from bot.imagine.service import Imagine
from bot.moderation import store as moderation
from bot.quota.service import Ledger
from bot.storage.database import Transaction
from bot.users import store as users
from bot.users.rules import Person

MAINTENANCE = "maintenance"


class Closing:
    """Whether new pictures wait for better times: in maintenance only admins begin any."""

    def __init__(self, admin_ids: Collection[int]) -> None:
        self._admin_ids = frozenset(admin_ids)

    async def __call__(self, tx: Transaction, user_id: int) -> bool:
        """Whether this person cannot begin a picture now."""
        return user_id not in self._admin_ids and await audit.is_on(tx, MAINTENANCE)


@dataclass(frozen=True, slots=True)
class Office:
    """Decides for one admin, `by` number; `now` in Unix seconds."""

    by: int
    now: int
    imagine: Imagine
    ledger: Ledger

    async def ban(self, tx: Transaction, ban: Ban) -> list[Generation]:
        """Shut somebody out. What waits for them is cancelled and its credits go back: those generations, as they are.

        What is in the chat already stays paid; what is on its way into the chat still comes, and is paid then.
        """
        until = None if ban.seconds is None else self.now + ban.seconds
        await self._recalled(tx, ban.user_id)
        await users.set_banned(tx, ban.user_id, True, until)
        stopped = [
            each for each in await store.open_of(tx, ban.user_id) if await self.imagine.cancel(tx, each, ban.user_id)
        ]
        await self.write_down(tx, "ban", ban.user_id, _span(ban.seconds), ban.reason)
        found = [await generations.get(tx, each) for each in stopped]
        return [each for each in found if each]

    async def unban(self, tx: Transaction, user_id: int, reason: str = "") -> None:
        """Let somebody in again, also where the ban outlasted that they were forgotten. A pause ends with it."""
        person = await self._recalled(tx, user_id)
        await users.set_banned(tx, user_id, False)
        if reason or person.is_banned(self.now):
            await self.write_down(tx, "unban", user_id, reason=reason)
        await self.forgive(tx, user_id)

    async def forgive(self, tx: Transaction, user_id: int) -> None:
        """End the pause of somebody of whom too much was refused; nothing of that counts any more."""
        if await moderation.paused_until(tx, user_id, self.now):
            await moderation.forgive(tx, user_id)
            await self.write_down(tx, "forgive", user_id)

    async def grant(self, tx: Transaction, number: int, amount: int, source: str, reason: str = "") -> bool:
        """Give credits that stay to a person, or to the pot of a group. False: this was given before."""
        if number < 0:
            given = await pots.fill(tx, self.ledger, number, amount, source)
        else:
            given = await self.ledger.grant(tx, number, amount, source)
        if given:
            await self.write_down(tx, "grant", number, str(amount), reason)
        return given

    async def take(self, tx: Transaction, number: int, amount: int, source: str, reason: str = "") -> int:
        """Take credits that stay: never more than are there, and none that are held. How many were taken."""
        taken = await self.ledger.revoke(tx, await self._account(tx, number), amount, source)
        if taken:
            await self.write_down(tx, "take", number, str(taken), reason)
        return taken

    async def limit(self, tx: Transaction, number: int, daily: int | None) -> None:
        """What a person is given each day, or what a group may spend in one; None: as everybody."""
        before = await self._before(tx, number)
        if number < 0:
            await chats.change(tx, number, daily=daily)
        else:
            await users.set_daily(tx, number, daily)
        if before.daily != daily:
            await self.write_down(tx, "limit", number, "" if daily is None else str(daily))

    async def let_in(self, tx: Transaction, number: int, *, allowed: bool) -> None:
        """Let a person or a group draw, or draw no more."""
        before = await self._before(tx, number)
        if number < 0:
            await chats.change(tx, number, allowed=allowed)
        else:
            await users.set_member(tx, number, allowed)
        if allowed != (before.member if isinstance(before, Person) else before.allowed):
            await self.write_down(tx, "allow" if allowed else "disallow", number)

    async def name_moderator(self, tx: Transaction, user_id: int, *, moderator: bool) -> None:
        """Name somebody a moderator, who is then let in as well, or no longer."""
        person = await users.get(tx, user_id)
        await users.set_moderator(tx, user_id, moderator)
        if moderator:
            await users.set_member(tx, user_id, True)
        if person and person.moderator != moderator:
            await self.write_down(tx, "name" if moderator else "dismiss", user_id)

    async def maintain(self, tx: Transaction, *, on: bool) -> bool:
        """Begin or end maintenance. False: it was so already."""
        changed = await audit.set_on(tx, MAINTENANCE, on, self.now)
        if changed:
            await self.write_down(tx, "close" if on else "open")
        return changed

    async def write_down(
        self, tx: Transaction, action: str, subject: int | str = "", detail: str = "", reason: str = ""
    ) -> None:
        """One line of the audit."""
        await audit.write_down(tx, Decision(self.now, self.by, action, str(subject), detail, reason))

    async def left(self, tx: Transaction, number: int) -> int:
        """The credits that stay, of a person or of the pot of a group."""
        return (await self.ledger.balance(tx, await self._account(tx, number))).kept

    async def _before(self, tx: Transaction, number: int) -> Person | Chat:
        """A person, or a group, as they are until it is decided."""
        return await (chats.get(tx, number) if number < 0 else self._recalled(tx, number))

    async def _recalled(self, tx: Transaction, user_id: int) -> Person:
        """A person. Who was forgotten is known again by what outlasted it: no ban ends but by a decision to end it."""
        person = await users.get(tx, user_id)
        before = None if person else await users.forgotten(tx, user_id)
        if before:
            await users.meet_again(tx, before, None, self.now)
            if before.is_banned(self.now):
                await users.set_banned(tx, user_id, True, before.banned_until)
        return person or before or Person(user_id)

    async def _account(self, tx: Transaction, number: int) -> int:
        if number > 0:
            return number
        return (await chats.get(tx, number)).pot_id or number


def _span(seconds: int | None) -> str:
    """How long, such as 2d, 90m; empty: for good."""
    if seconds is None:
        return ""
    for unit, size in (("d", 86400), ("h", 3600)):
        if seconds % size == 0:
            return f"{seconds // size}{unit}"
    return f"{seconds // 60}m"
