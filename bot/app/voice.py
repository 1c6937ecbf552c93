"""How people and admins hear of us."""

from dataclasses import dataclass
from functools import partial
from typing import Self

from bot.app.ground import Ground
from bot.inline.storage_chat import StorageChat
from bot.telegram.chats import Chats
from bot.telegram.inline import may_post
from bot.telegram.notices import Notices
from bot.telegram.outbox import Outbox


@dataclass(frozen=True, slots=True)
class Voice:
    """Everything that is said goes through here."""

    chats: Chats
    outbox: Outbox
    notices: Notices
    """What admins are told without having asked."""
    storage_chat: StorageChat

    @classmethod
    def build(cls, ground: Ground) -> Self:
        """Nothing is said before `outbox.run`."""
        settings, database, clock = ground.settings, ground.database, ground.clock
        chats = Chats(database, clock)
        outbox = Outbox(database, ground.api, chats, clock, ground.counts)
        notices = Notices(database, outbox, ground.texts, clock, settings.admin_ids, ground.ledger.today)
        asks = partial(may_post, ground.api, settings.bot_id)
        return cls(chats, outbox, notices, StorageChat(settings.storage_chat_id, asks, notices.inline))
