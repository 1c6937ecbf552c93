"""The job behind an order that nobody comes back for: the service is told, before it draws and bills.

It is left in the transaction that ends the wait for the order. Nobody is told: whoever waited has been.
"""

import asyncio

import structlog

from bot.clock import Clock
from bot.errors import ProviderError, Refused
from bot.imagine.rules import wait_seconds
from bot.jobs import store as jobs
from bot.jobs.runner import Lease
from bot.providers import Providers
from bot.storage.database import Database, Transaction

TAKE_BACK = "take_back"

MOST_TRIES = 8  # four minutes: an order that was drawn by then stays drawn
SECONDS = 30.0  # for each

log = structlog.get_logger()


async def take_back(tx: Transaction, model: str, remote_id: str | None, user_id: int, now: int) -> None:
    """Leave an order at the service of a model to be taken back; nothing where none is open."""
    if remote_id:
        # Beside the lane of drawing: it does not wait for the next picture of its person.
        await jobs.add(tx, TAKE_BACK, f"{model} {remote_id}", f"tidy:{user_id}", now)


class TakingBack:
    """The handler of `take_back` jobs; their subject is the key of a model and the id of its order."""

    def __init__(self, database: Database, providers: Providers, clock: Clock) -> None:
        self._database = database
        self._providers = providers
        self._clock = clock

    async def __call__(self, lease: Lease) -> None:
        """Take one order back; one that cannot be is left to itself after some tries."""
        wait = await self._tried(lease)
        async with self._database.write() as tx:
            if wait:
                await lease.put_back(self._clock.now() + wait, tx)
            else:
                await lease.done(tx)

    async def _tried(self, lease: Lease) -> int | None:
        """Seconds until the next try; None where there is none."""
        attempts, (model, _, remote_id) = lease.job.attempts, lease.job.subject.partition(" ")
        try:
            async with asyncio.timeout(SECONDS):
                await self._providers.take_back(model, remote_id)
        except Refused as error:  # drawn or gone already, as a rule
            log.info("not_taken_back", model=model, cause=error.cause, detail=error.detail)
        except (ProviderError, TimeoutError) as error:
            if attempts < MOST_TRIES:
                return wait_seconds(error, attempts) if isinstance(error, ProviderError) else 1
            log.warning("not_taken_back", model=model, error=str(error))
        except Exception:  # what its adapter did not foresee must not come again for ever
            log.exception("not_taken_back", model=model)
        else:
            log.info("taken_back", model=model)
        return None
