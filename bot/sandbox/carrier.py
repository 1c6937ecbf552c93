"""Brings updates to the addresses that bots have set: in order within a chat, side by side between chats."""

import asyncio
from collections.abc import Callable

import aiohttp

from bot.sandbox.model import Bot, Wire
from bot.sandbox.updates import Updates
from bot.sandbox.webhook import Webhook
from bot.sandbox.world import World


async def carry_all(world: World) -> None:
    """Serve the webhooks of all bots, whenever they are set, changed or removed. Runs until cancelled."""
    carriers: dict[Bot, tuple[Webhook, asyncio.Task[None]]] = {}
    async with asyncio.TaskGroup() as group:
        while True:
            changed = world.webhooks.next()
            for bot in [bot for bot, (hook, _) in carriers.items() if bot.webhook is not hook]:
                carriers.pop(bot)[1].cancel()
            for bot in world.bots.values():
                if bot.webhook is not None and bot not in carriers:
                    carrier = Carrier(bot.webhook, bot.updates, world.clock.now)
                    carriers[bot] = bot.webhook, group.create_task(carrier.run())
            await changed


class Carrier:
    """Brings the updates of one bot to its webhook until the webhook is changed or removed."""

    def __init__(self, hook: Webhook, updates: Updates, now: Callable[[], int]) -> None:
        self._hook = hook
        self._updates = updates
        self._now = now
        self._busy: set[str] = set()
        self._under_way: set[int] = set()

    async def run(self) -> None:
        """Carry until cancelled."""
        patience = aiohttp.ClientTimeout(total=self._hook.patience)
        async with aiohttp.ClientSession(timeout=patience) as session, asyncio.TaskGroup() as group:
            while True:
                more = self._updates.new()
                for update in self._ready():
                    group.create_task(self._carry(session, update))
                await more

    def _ready(self) -> list[Wire]:
        """The updates that may go now; each is marked as under way."""
        found = []
        passed: set[str] = set()
        for update in self._updates.waiting:
            lane = lane_of(update)
            if id(update) not in self._under_way and lane not in self._busy | passed and self._has_room():
                self._busy.add(lane)
                self._under_way.add(id(update))
                found.append(update)
            passed.add(lane)
        return found

    def _has_room(self) -> bool:
        return len(self._busy) < self._hook.connections

    async def _carry(self, session: aiohttp.ClientSession, update: Wire) -> None:
        pause = self._hook.pause
        while (wait := await self._attempt(session, update)) is not None:
            await asyncio.sleep(wait or pause)
            pause = min(2 * pause, self._hook.longest)
        self._hook.delivered += 1
        self._updates.remove(update)
        self._busy.discard(lane_of(update))
        self._under_way.discard(id(update))
        self._updates.ring()

    async def _attempt(self, session: aiohttp.ClientSession, update: Wire) -> float | None:
        """None when the bot has taken it; else the seconds it asks to wait, 0 when it does not say."""
        try:
            async with session.post(
                self._hook.behind or self._hook.url, json=update, headers=self._hook.headers
            ) as response:
                if response.ok:
                    return None
                self._note(f"Wrong response from the webhook: {response.status} {response.reason}")
                said = response.headers.get("Retry-After", "")
                return float(said) if said.isdecimal() else 0.0
        except (aiohttp.ClientError, TimeoutError) as error:
            self._note(f"Connection failed: {type(error).__name__}")
            return 0.0

    def _note(self, words: str) -> None:
        self._hook.last_error, self._hook.last_error_at = words, self._now()


def lane_of(update: Wire) -> str:
    """What keeps its order: the messages of a chat, and apart from them the presses of a person."""
    kind, content = next((kind, content) for kind, content in update.items() if kind != "update_id")
    if not isinstance(content, dict):
        return kind
    about = content["from"] if kind.endswith("_query") and "from" in content else content.get("chat", content)
    return f"{'query' if kind.endswith('_query') else 'chat'}:{about.get('id', '')}"
