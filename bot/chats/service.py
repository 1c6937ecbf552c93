"""The rules of a place at work: who may draw in it now, and who pays."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.chats import store
from bot.chats.admins import Admins
from bot.chats.rules import GENERAL, Chat
from bot.clock import Clock
from bot.errors import UserError
from bot.images import ImageModel
from bot.imagine.rules import Place
from bot.quota.rules import day_at, next_day_at
from bot.quota.service import Ledger
from bot.storage.database import Transaction

HOUR = 3600


class TooSoon(UserError):
    """The last wish of this person was only a moment ago."""


@dataclass(frozen=True, slots=True)
class Means:
    """What every place needs to keep its rules. `zone` is the bot's own."""

    ledger: Ledger
    admins: Admins
    clock: Clock
    zone: ZoneInfo


@dataclass(frozen=True, slots=True)
class Host:
    """The `House` of one group or channel."""

    chat: Chat
    means: Means

    @property
    def spoiler(self) -> bool:
        """Whether every picture is veiled."""
        return self.chat.spoiler

    @property
    def tidy(self) -> bool:
        """Whether a command goes once its picture is on the way."""
        return self.chat.tidy

    @property
    def drafts(self) -> bool:
        """What is drawn here is shown here."""
        return False

    def allows(self, model: ImageModel) -> bool:
        """Whether this model may draw here."""
        return _allows(self.chat, model)

    async def enter(self, tx: Transaction, user_id: int, place: Place) -> None:
        """Raises UserError where this person may not draw here now, Errand where that is not known yet."""
        if self.chat.thread_id not in (None, place.thread_id or GENERAL):
            raise UserError("chats-other-topic")
        if self.chat.admins_only and user_id > 0 and not self.means.admins.leads(self.chat.chat_id, user_id):
            raise UserError("chats-admins-draw")
        now = self.means.clock.now()
        if (until := self.chat.quiet_until(now, self.means.zone)) is not None:
            zone = ZoneInfo(self.chat.zone) if self.chat.zone else self.means.zone
            raise UserError("chats-quiet", time=f"{datetime.fromtimestamp(until, zone):%H:%M}", zone=zone.key)
        if self.chat.gap:
            await self._keep_gap(tx, user_id, now)

    async def payer(self, tx: Transaction, user_id: int, price: int) -> int | None:
        """The pot, as far as it reaches and up to what the member may have of it in a day; else they themselves.

        Raises UserError where all that the place may spend in a day is spent.
        """
        if self.chat.pot_id is not None or self.chat.daily is not None:
            await store.lock(tx, self.chat.chat_id)
        await self.keep_limit(tx, price)
        pot_id = self.chat.pot_id
        if pot_id is None or price == 0:
            return None
        balance = await self.means.ledger.balance(tx, pot_id)
        if balance.left < price or not await self._has_share(tx, pot_id, user_id, price, balance.day):
            return self._without_pot(user_id, pot_id)
        return pot_id

    async def _has_share(self, tx: Transaction, pot_id: int, user_id: int, price: int, day: str) -> bool:
        """Nobody knows what somebody has had who was forgotten on this day: the rest of it they pay for themselves."""
        share = self.chat.share
        if share is None:
            return True
        if await store.was_forgotten(tx, user_id, day):
            return False
        return await store.taken(tx, pot_id, user_id, day) + price <= share

    def _without_pot(self, user_id: int, pot_id: int) -> int | None:
        """Who posts in the name of a channel has no credits of their own."""
        return pot_id if user_id < 0 else None

    async def keep_limit(self, tx: Transaction, price: int = 0) -> None:
        """Raises UserError where the pictures of a day would cost more than an admin of the bot allows here.

        `price` in credits is that of a picture which is not counted yet.
        """
        if self.chat.daily is None:
            return
        now, zone = self.means.clock.now(), self.means.zone
        if await store.spent_since(tx, self.chat.chat_id, day_at(now, zone)) + price > self.chat.daily:
            raise UserError("chats-day-spent", hours=-(-(next_day_at(now, zone) - now) // HOUR))

    async def _keep_gap(self, tx: Transaction, user_id: int, now: int) -> None:
        last = await store.last_wish(tx, self.chat.chat_id, user_id, now)
        if last is not None and (wait := last + self.chat.gap - now) > 0:
            raise TooSoon("chats-too-soon", seconds=wait)


async def barred(tx: Transaction, chat_id: int, models: Sequence[ImageModel]) -> Collection[str]:
    """Those of the models, by key, that may not draw in this chat."""
    chat = await store.get(tx, chat_id)
    return [model.key for model in models if not _allows(chat, model)]


async def fill(tx: Transaction, ledger: Ledger, chat_id: int, amount: int, source: str) -> bool:
    """Put credits into the pot of a chat, once for each `source`. False: they were given before."""
    chat = await store.get(tx, chat_id)
    if chat.pot_id is None:
        chat = await store.change(tx, chat_id, pot_id=chat_id)
    return await ledger.grant(tx, chat.pot_id or chat_id, amount, source)


def _allows(chat: Chat, model: ImageModel) -> bool:
    is_dear = chat.ceiling is not None and model.price > chat.ceiling
    return not is_dear and (chat.models is None or model.key in chat.models)
