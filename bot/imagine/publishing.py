"""The jobs behind a public link: show a picture to everybody who has the link, and take it back.

Only what its owner asks for is shown. An upload may be billed, so one with an unknown end is not repeated by itself:
whoever wants the link presses again. Taking back costs nothing and is tried for long.
"""

from dataclasses import replace
from typing import Protocol

import structlog

from bot.clock import Clock
from bot.errors import Cause, ProviderError, Refused, Unknown
from bot.images import GeneratedImage
from bot.imagine import store
from bot.imagine.rules import MOST_ATTEMPTS, TRIES, Generation, LinkNews, Status, wait_seconds
from bot.imagine.shelf import Shelf
from bot.jobs import store as jobs
from bot.jobs.runner import Lease
from bot.providers import Providers, Ticket
from bot.storage.database import Database, Transaction
from bot.storage.patience import patiently

PUBLISH = "publish"
WITHDRAW = "withdraw"

log = structlog.get_logger()


class Announcing(Protocol):
    """How a person hears what became of a public link."""

    async def announce(self, tx: Transaction, generation: Generation, news: LinkNews) -> None:
        """Add the news to the outbox."""
        ...


async def publish(tx: Transaction, generation: Generation, now: int) -> None:
    """Leave a picture to be published; more presses meanwhile are the same one."""
    await jobs.add(tx, PUBLISH, generation.generation_id, _lane(generation), now)


async def withdraw(tx: Transaction, generation: Generation, now: int) -> None:
    """Leave a public link to be taken back; nothing where there is none."""
    if generation.public_id:
        await _withdraw(tx, generation, generation.public_id, now)


async def leaves(tx: Transaction, generation: Generation) -> bool:
    """Whether its public link is being taken back."""
    return await jobs.is_there(tx, WITHDRAW, f"{generation.generation_id}:{generation.public_id}")


async def _withdraw(tx: Transaction, generation: Generation, remote_id: str, now: int) -> None:
    # The job names the copy that it is about: meanwhile there may be a younger one.
    await jobs.add(tx, WITHDRAW, f"{generation.generation_id}:{remote_id}", _lane(generation), now)


def _lane(generation: Generation) -> str:
    """Beside the lane of drawing: a link does not wait for the pictures of its person."""
    return f"link:{generation.user_id}"


class Publishing:
    """The handler of `publish` jobs; their subject is the id of a generation."""

    def __init__(
        self, database: Database, providers: Providers, shelf: Shelf, announcing: Announcing, clock: Clock
    ) -> None:
        self._database = database
        self._providers = providers
        self._shelf = shelf
        self._announcing = announcing
        self._clock = clock

    async def __call__(self, lease: Lease) -> None:
        """Publish one picture, or say that it could not be done."""
        generation, picture = await self._found(lease)
        if generation is None:
            return
        ticket = Ticket(lease.job.remote_id, lease.keep)
        try:
            link = await self._published(lease, generation, picture, ticket)
        except ProviderError as error:
            await self._failed(lease, generation, ticket, error)
        else:
            await patiently(self._database, lambda tx: self._write_down(tx, lease, generation, link, ticket))

    async def _found(self, lease: Lease) -> tuple[Generation | None, GeneratedImage | None]:
        """What is to be published; no generation where that is done already or was deleted meanwhile."""
        async with self._database.write() as tx:
            generation = await store.get(tx, lease.job.subject)
            wanted = generation and generation.status is Status.DELIVERED and not generation.public_link
            if generation is None or not wanted or await _deleted(tx, generation):
                await self._drop(tx, lease, generation)
                return None, None
            return generation, await self._shelf.get(tx, generation.generation_id, generation.user_id)

    async def _drop(self, tx: Transaction, lease: Lease, generation: Generation | None) -> None:
        """Nobody wants it any more; a copy that was uploaded goes."""
        await lease.done(tx)
        if generation and lease.job.remote_id and lease.job.remote_id != generation.public_id:
            await _withdraw(tx, generation, lease.job.remote_id, self._clock.now())

    async def _published(
        self, lease: Lease, generation: Generation, picture: GeneratedImage | None, ticket: Ticket
    ) -> str:
        if picture is None or not picture.path.exists():
            raise Refused(Cause.PICTURE_GONE, "not on the shelf any more")
        if lease.job.attempts > 1 and ticket.remote_id is None:
            raise Unknown(Cause.INTERRUPTED, "a process ended while it uploaded")
        kind = f"image/{picture.format.value}"
        try:
            async with self._shelf.opened(picture) as plain:
                return await self._providers.publish(generation.model, plain.path, kind, ticket)
        except FileNotFoundError as error:
            raise Refused(Cause.PICTURE_GONE, type(error).__name__) from error

    async def _write_down(
        self, tx: Transaction, lease: Lease, generation: Generation, link: str, ticket: Ticket
    ) -> None:
        """The link, its end as a job, and what is said about it: one commit.

        Not fenced: the picture can be seen, whoever published it. The link is written once.
        """
        generation_id, remote_id = generation.generation_id, ticket.remote_id
        await lease.done(tx)
        if not await store.set_public(tx, generation, link, remote_id):
            return
        public = replace(generation, public_link=link, public_id=remote_id)
        log.info("published", generation_id=generation_id)
        if await _deleted(tx, generation):
            await withdraw(tx, public, self._clock.now())
        else:
            await self._announcing.announce(tx, public, LinkNews.PUBLISHED)

    async def _failed(self, lease: Lease, generation: Generation, ticket: Ticket, error: ProviderError) -> None:
        """What is uploaded already is tried again; for the rest there is the button."""
        now, attempts = self._clock.now(), lease.job.attempts
        if ticket.remote_id and not isinstance(error, Refused) and attempts < TRIES:
            await lease.put_back(now + wait_seconds(error, attempts))
            return
        log.warning("not_published", generation_id=generation.generation_id, cause=error.cause, detail=error.detail)
        async with self._database.write() as tx:
            await lease.done(tx)
            if ticket.remote_id:
                await _withdraw(tx, generation, ticket.remote_id, now)
            gone = error.cause is Cause.PICTURE_GONE
            await self._announcing.announce(tx, generation, LinkNews.GONE if gone else LinkNews.NOT_PUBLISHED)


class Withdrawing:
    """The handler of `withdraw` jobs; their subject is the id of a generation and that of its copy at the service."""

    def __init__(self, database: Database, providers: Providers, announcing: Announcing, clock: Clock) -> None:
        self._database = database
        self._providers = providers
        self._announcing = announcing
        self._clock = clock

    async def __call__(self, lease: Lease) -> None:
        """Take one copy back, or say that it is still there."""
        generation_id, _, remote_id = lease.job.subject.partition(":")
        async with self._database.read() as tx:
            generation = await store.get(tx, generation_id)
        if generation is None:
            async with self._database.write() as tx:
                await lease.done(tx)
            return
        try:
            await self._providers.withdraw(generation.model, remote_id)
        except ProviderError as error:
            await self._failed(lease, generation, remote_id, error)
        else:
            await patiently(self._database, lambda tx: self._write_down(tx, lease, generation, remote_id))

    async def _write_down(self, tx: Transaction, lease: Lease, generation: Generation, remote_id: str) -> None:
        await lease.done(tx)
        # A copy that never became a link is nothing to speak of.
        if await store.unset_public(tx, generation.generation_id, remote_id):
            log.info("withdrawn", generation_id=generation.generation_id)
            await self._announcing.announce(tx, generation, LinkNews.WITHDRAWN)

    async def _failed(self, lease: Lease, generation: Generation, remote_id: str, error: ProviderError) -> None:
        now, attempts = self._clock.now(), lease.job.attempts
        if not isinstance(error, Refused) and attempts < MOST_ATTEMPTS:
            await lease.put_back(now + wait_seconds(error, attempts))
            return
        log.error("not_withdrawn", generation_id=generation.generation_id, cause=error.cause, detail=error.detail)
        async with self._database.write() as tx:
            await lease.done(tx)
            if generation.public_id == remote_id:
                await self._announcing.announce(tx, generation, LinkNews.NOT_WITHDRAWN)


async def _deleted(tx: Transaction, generation: Generation) -> bool:
    return await store.get_owned(tx, generation.generation_id, generation.user_id) is None
