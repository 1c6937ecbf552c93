"""Updates come in, are kept, and go through the features: one transaction each."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Self
from urllib.parse import urlsplit

from bot.app.features import Features
from bot.app.ground import Ground
from bot.app.voice import Voice
from bot.ops.pages import Hook
from bot.storage.room import require_room
from bot.telegram.handler_bot import HandlerBot
from bot.telegram.hearing import Hearing, commands_of
from bot.telegram.inbox import Inbox
from bot.telegram.poller import Poller
from bot.telegram.spine import Spine
from bot.telegram.watch import Watch
from bot.telegram.webhook import Webhook

Reception = Poller | Watch


@dataclass(frozen=True, slots=True)
class Edge:
    """The way of an update into the bot."""

    bot: HandlerBot
    spine: Spine
    reception: Reception
    """Asks for updates, or sees to it that they are brought."""
    hooks: Mapping[str, Hook]
    """Where they are brought to, by path: only where the operator has a public address."""
    heard: asyncio.Event
    """Set as soon as Telegram has told us who we are."""

    @classmethod
    def build(cls, ground: Ground, voice: Voice, features: Features, on_commit: Callable[[], None]) -> Self:
        """`on_commit` is called after each commit that a handler had a part in: there may be new jobs."""
        settings, database, dispatcher = ground.settings, ground.database, features.dispatcher
        bot, heard = HandlerBot(ground.api, settings.bot_token), asyncio.Event()
        spoken = (voice.outbox, ground.texts, ground.counts)
        spine = Spine(database, ground.api, bot, dispatcher, *spoken, on_commit)
        check_room = partial(require_room, settings.data_dir)
        hears = Hearing(settings.bot_id, commands_of(dispatcher), lambda: bot.username)
        inbox = Inbox(database, settings.bot_id, ground.clock, ground.counts, spine.take, check_room, hears)
        kinds = dispatcher.resolve_used_update_types()
        hello = partial(_hello, bot, heard)
        if settings.webhook_url:
            reception, hooks = _brought(ground, inbox, spine, kinds, hello)
            return cls(bot, spine, reception, hooks, heard)
        return cls(bot, spine, Poller(ground.api, inbox, ground.clock, kinds, hello), {}, heard)


def _brought(
    ground: Ground, inbox: Inbox, spine: Spine, kinds: list[str], hello: Callable[[], Awaitable[None]]
) -> tuple[Reception, Mapping[str, Hook]]:
    """Telegram comes to the operator's public address; we watch that it still does."""
    settings, clock = ground.settings, ground.clock
    url, secret = settings.webhook_url, settings.webhook_secret
    hook = Webhook(inbox, spine, secret, clock, settings.webhook_secret_before, ground.counts)
    watch = Watch(ground.api, clock, url, secret, kinds, hello, lambda: hook.last_visit)
    return watch, {urlsplit(url).path or "/": hook.handle}


async def _hello(bot: HandlerBot, heard: asyncio.Event) -> None:
    """Before the first update: handlers ask the bot for its name."""
    await bot.me()
    heard.set()
