"""The rules of a channel for a draft that is drawn in the private chat of one of its admins."""

from dataclasses import dataclass

from bot.chats.service import Host, TooSoon
from bot.images import ImageModel
from bot.imagine.rules import Place
from bot.posts import store
from bot.storage.database import Transaction


@dataclass(frozen=True, slots=True)
class Newsroom:
    """The `House` of a draft: what counts in the channel counts for it, wherever it is drawn."""

    host: Host

    @property
    def spoiler(self) -> bool:
        """Whether every picture is veiled."""
        return self.host.spoiler

    @property
    def tidy(self) -> bool:
        """The command was not given in the channel: it stays."""
        return False

    @property
    def drafts(self) -> bool:
        """The channel gets to see it later, or never."""
        return True

    def allows(self, model: ImageModel) -> bool:
        """Whether this model may draw for the channel."""
        return self.host.allows(model)

    async def enter(self, tx: Transaction, user_id: int, place: Place) -> None:
        """Raises UserError where this person may not draw for the channel now, Errand where that is not known yet."""
        chat, means = self.host.chat, self.host.means
        await self.host.enter(tx, user_id, Place(chat.chat_id, chat.thread_id))
        now = means.clock.now()
        last = await store.last_draft(tx, chat.chat_id, user_id, now) if chat.gap else None
        if last is not None and (wait := last + chat.gap - now) > 0:
            raise TooSoon("chats-too-soon", seconds=wait)

    async def payer(self, tx: Transaction, user_id: int, price: int) -> int | None:
        """The pot of the channel as far as it reaches; else the person."""
        return await self.host.payer(tx, user_id, price)
