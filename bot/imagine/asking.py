"""One picture out of the services: from the first that draws it, safe on disk, or the error that counts.

Going on to another service is only for errors that cost nothing: what may have been drawn and billed is never asked
twice. What a service may spend in a day is counted before it is asked, so that a crash counts as spent.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Protocol

import structlog

from bot.clock import Clock
from bot.errors import Cause, NotNow, ProviderError, Refused, StorageError, Unknown
from bot.http import remove
from bot.images import GeneratedImage, ImageModel, ImageRequest
from bot.imagine import fit, store
from bot.imagine.inspection import Inspection
from bot.imagine.rules import TRIES, Generation, drawn_as, most_hopeful, passes_on, surely_not_drawn
from bot.imagine.shelf import Shelf
from bot.imagine.signs import Signs
from bot.imagine.turns import Turns
from bot.jobs.runner import Lease, LeaseLost
from bot.presets.rules import negative_of
from bot.providers import Providers, Ticket
from bot.providers.spending import Budget
from bot.storage.database import Database, Transaction

log = structlog.get_logger()

# Which of the models, by key, the rules of a chat keep from drawing this for it.
Barred = Callable[[Transaction, Generation, Sequence[ImageModel]], Awaitable[Collection[str]]]


class Sources(Protocol):
    """Where the pictures are that people want changed."""

    async def fetch(self, file_id: str) -> Path:
        """A checked copy in the spool, without metadata; it belongs to the caller. Raises Refused, NotNow."""
        ...


class NotDrawn(Exception):
    """Nobody drew it: `error` is the failure that counts.

    `generation` names the model that was asked last. `free`: asking that one once more costs nothing.
    """

    def __init__(self, generation: Generation, error: ProviderError, *, free: bool) -> None:
        super().__init__(str(error))
        self.generation = generation
        self.error = error
        self.free = free


class Asking:
    """Asks for one generation at a time, each on behalf of its job."""

    def __init__(
        self,
        database: Database,
        providers: Providers,
        turns: Turns,
        *,
        budget: Budget,
        shelf: Shelf,
        inspection: Inspection,
        sources: Sources,
        signs: Signs,
        clock: Clock,
        job_timeout: float,
        barred: Barred | None = None,
    ) -> None:
        """`job_timeout` is how many seconds all services and tries may take together."""
        self._database = database
        self._providers = providers
        self._turns = turns
        self._budget = budget
        self._shelf = shelf
        self._inspection = inspection
        self._sources = sources
        self._signs = signs
        self._clock = clock
        self._job_timeout = job_timeout
        self._barred = barred

    def seconds(self, generation: Generation) -> float:
        """How long the services may take for it, all tries together."""
        return max(self._job_timeout, self._providers.patience(generation.model))

    def free(self, generation: Generation, remote_id: str | None) -> bool:
        """Asking once more costs nothing: the service says so, or there is an order to come back to."""
        return remote_id is not None or self._providers.repeatable(generation.model)

    async def ask(self, lease: Lease, generation: Generation) -> tuple[Generation, GeneratedImage]:
        """Ask one service after the other: the picture, and the generation as it was drawn.

        Raises NotDrawn, LeaseLost, StorageError; cancelling goes through.
        """
        try:
            async with self._sources_of(lease, generation) as sources:
                return await self._ask(lease, generation, sources)
        finally:
            self._signs.forget(generation.generation_id)

    async def _ask(
        self, lease: Lease, generation: Generation, sources: Sequence[Path]
    ) -> tuple[Generation, GeneratedImage]:
        started, failures, asked = self._clock.monotonic(), list[ProviderError](), list[str]()
        # Only where another model than the accepted one may be chosen at once.
        chooses = generation.wished.model or self._surely_gone(lease, generation)
        model = self._first(lease, generation, failures, await self._not_here(generation) if chooses else ())
        while model:
            asked.append(model.key)
            try:
                generation = await self._turned_to(lease, generation, model)
                picture = await self._within_budget(lease, generation, model, sources, started)
                return replace(generation, price=_cost(generation, model)), picture
            except ProviderError as error:
                failures.append(error)
                log.info("not_drawn_by", generation_id=generation.generation_id, model=model.key, cause=error.cause)
                ends = lease.job.remote_id or not passes_on(error)
                barred = () if ends else await self._not_here(generation)
                model = None if ends else self._turns.next(generation, (*asked, *barred), error)
        free = self.free(generation, lease.job.remote_id)
        raise NotDrawn(generation, most_hopeful(failures), free=free)

    async def _not_here(self, generation: Generation) -> Collection[str]:
        """The models that the rules of its group keep from drawing it. What was accepted may be drawn."""
        if self._barred is None:
            return []
        async with self._database.read() as tx:
            found = await self._barred(tx, generation, self._providers.models())
        return [key for key in found if key != generation.model]

    def _first(
        self, lease: Lease, generation: Generation, failures: list[ProviderError], barred: Collection[str]
    ) -> ImageModel | None:
        """The model with the open order, where there is one; else the wished one, or what stands in for it."""
        ordered = lease.job.remote_id is not None
        # What was ordered is fetched, too, when the model is not offered any more.
        model = self._providers.known(generation.model) if ordered else self._turns.first(generation, barred)
        gone = self._surely_gone(lease, generation)
        if model is None and gone and not ordered:
            model = self._turns.stand_in(generation, barred)
        if model is None:
            failures.append((Refused if gone else NotNow)(Cause.MODEL_GONE, generation.model))
        return model

    def _surely_gone(self, lease: Lease, generation: Generation) -> bool:
        """A model that is not offered will not be: just after a start the services' lists may not be here yet."""
        return lease.job.attempts > TRIES or self._providers.withdrawn(generation.model)

    async def _turned_to(self, lease: Lease, generation: Generation, model: ImageModel) -> Generation:
        """The generation as this model draws it; written down before it is asked. Raises LeaseLost."""
        if model.key == generation.model:
            return generation
        ratio, seed, wished = fit.refit(generation, model)
        async with self._database.write() as tx:
            await lease.hold_on(tx, self._clock.now())
            await store.hand_to(tx, generation.generation_id, model.key, ratio, seed, wished)
        log.info("handed_on", generation_id=generation.generation_id, model=model.key)
        return replace(generation, model=model.key, ratio=ratio, seed=seed, wished=wished)

    async def _within_budget(
        self, lease: Lease, generation: Generation, model: ImageModel, sources: Sequence[Path], started: float
    ) -> GeneratedImage:
        """Ask, unless the day's credits of the service are used up. What was ordered before is counted already."""
        spent = None
        try:
            if lease.job.remote_id is None:
                spent = await self._budget.spend(model, self._providers.cap(model.key))
            elapsed = self._clock.monotonic() - started + (generation.draw_ms or 0) / 1000
            return await self._drawn(lease, generation, model, sources, self.seconds(generation) - elapsed)
        except ProviderError as error:
            if error.cause is Cause.SPENT_TODAY:
                await self._providers.report(model.provider, error)
            if lease.job.remote_id is None and surely_not_drawn(error):
                await self._budget.give_back(spent)
            raise

    async def _drawn(
        self, lease: Lease, generation: Generation, model: ImageModel, sources: Sequence[Path], seconds: float
    ) -> GeneratedImage:
        """The picture, safe on disk. Whatever goes wrong is a ProviderError; cancelling goes through."""
        try:
            async with asyncio.timeout(seconds):
                return await self._kept(lease, generation, model, sources)
        except (ProviderError, StorageError, LeaseLost):
            raise
        except TimeoutError as error:
            late = Unknown(Cause.TIMED_OUT, "no answer in time")
            self._providers.given_up(model.key, late)
            raise late from error
        except OSError as error:
            raise Unknown(Cause.STORAGE_FULL, str(error)) from error
        except Exception as error:
            log.exception("drawing_broke", generation_id=generation.generation_id)
            raise Unknown(Cause.INTERNAL, type(error).__name__) from error

    async def _kept(
        self, lease: Lease, generation: Generation, model: ImageModel, sources: Sequence[Path]
    ) -> GeneratedImage:
        tell = partial(self._signs.tell, generation.generation_id)
        ticket = Ticket(lease.job.remote_id, lease.keep, tell)
        pictures = await self._providers.generate(_request(generation, model, sources), ticket)
        picture = await self._inspection.inspect(_first(pictures))
        return await self._shelf.keep(picture, generation.generation_id)

    @asynccontextmanager
    async def _sources_of(self, lease: Lease, generation: Generation) -> AsyncIterator[Sequence[Path]]:
        """Copies of the pictures to change, gone afterwards; an order that is open needs none. Raises NotDrawn."""
        paths: list[Path] = []
        try:
            for file_id in () if lease.job.remote_id else generation.sources:
                paths.append(await self._fetched(generation, file_id))  # noqa: PERF401  the next one may fail
            yield paths
        finally:
            remove(*paths)

    async def _fetched(self, generation: Generation, file_id: str) -> Path:
        try:
            return await self._sources.fetch(file_id)
        except ProviderError as error:  # no other service could do better
            raise NotDrawn(generation, error, free=True) from error


def _cost(generation: Generation, model: ImageModel) -> int:
    """What was accepted, whatever the model costs by now; who stands in for a dearer one is paid its own price."""
    return generation.price if generation.wished.model is None else min(generation.price, model.price)


def _request(generation: Generation, model: ImageModel, sources: Sequence[Path]) -> ImageRequest:
    prompt, seed = drawn_as(generation, model)
    negative = negative_of(generation.style, generation.negative) if model.negative else None
    return ImageRequest(model, prompt, generation.ratio, negative, seed=seed, sources=tuple(sources[: model.sources]))


def _first(pictures: Sequence[GeneratedImage]) -> GeneratedImage:
    """The one that was asked for; what a service sent beyond is thrown away. Raises Refused where there is none."""
    if not pictures:
        raise Refused(Cause.NO_PICTURE, "an empty list")
    remove(*(surplus.path for surplus in pictures[1:]))
    return pictures[0]
