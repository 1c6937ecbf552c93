"""Switching services, models and presets by hand. What is switched and its line in the audit are one transaction."""

from bot.admin import store as audit
from bot.admin.store import Decision
from bot.offers import store
from bot.offers.rules import by_key
from bot.providers import Providers, Switches
from bot.storage.database import Transaction


async def switch(tx: Transaction, providers: Providers, name: str, what: str, admin_id: int, now: int) -> bool:
    """Turn `off` or `on`, `prefer` or hold `plain` again what is named by its key.

    False, and nothing changed, for anything else, and where nothing at all could be asked for any more. What was so
    already, as after a double tap, is not written down once more.
    """
    switches = await store.switches(tx)
    less = Switches(switches.off | {name}, switches.preferred)
    if what == "off" and not providers.offers_with(less, by_key(await store.prices(tx))):
        return False
    if not await store.switch(tx, name, what, providers.titles, admin_id, now):
        return False
    if await store.switches(tx) != switches:
        await audit.write_down(tx, Decision(now, admin_id, f"switch-{what}", name))
    return True
