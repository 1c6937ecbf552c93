"""`imagine-bot draw`: pictures into files, on the way of the bot but with no chat, no database and no credits."""

import secrets
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from bot.bar import Bar
from bot.clock import SystemClock
from bot.config import load_providers
from bot.errors import BotError, ProviderError, SettingsError
from bot.http import Network, Spool, finished
from bot.images import AspectRatio, GeneratedImage, ImageFormat, ImageModel, ImageRequest
from bot.imagine import fit
from bot.imagine.inspection import Inspection
from bot.imagine.rules import SEEDS, Wish, negative_in_words
from bot.plain import NotDrawn, among, behind, no_list, not_drawn, unfit
from bot.providers import Provider, Providers, Ticket

# What a name may end with, and how the bot ends it.
ENDINGS = {each.suffix: each.suffix for each in ImageFormat} | {".jpeg": ImageFormat.JPEG.suffix}


class NoPlace(BotError):
    """The picture cannot be written where it should go, or read where it should be. The message is one sentence."""


@dataclass(slots=True)
class Drawn:
    """Where the pictures are, and what is otherwise than it was asked for.

    Filled as they come: whatever ends the drawing, those that came before were paid and are kept.
    """

    paths: list[Path] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


async def draw_to_files(wish: Wish, sources: Sequence[Path], output: Path | None, bar: Bar, drawn: Drawn) -> None:
    """Draw `wish.count` pictures by `wish.model` into `output`, or under a name made of the model's.

    `sources` are the pictures to change. Raises SettingsError when no service that is on has this model, UserError for
    what the model cannot do, NotDrawn, NoPlace.
    """
    with _spool(output.parent if output else Path()) as directory:
        async with Network(SystemClock()) as network, Inspection() as inspection:
            providers = Providers.build(load_providers(), network, Spool(Path(directory)))
            provider, model = await _found(providers, wish.model or "")
            fitted = [await _fitted(inspection, path, Path(directory)) for path in sources]
            order = _order(replace(wish, sources=tuple(map(str, fitted))), model, providers.models())
            drawn.notes += _changes(order)
            with bar:
                async for picture in _pictures(provider, inspection, order, bar):
                    _keep(picture, model, output, drawn)


async def find_model(providers: Providers, key: str) -> tuple[Provider, ImageModel]:
    """The model and its service, which is asked for its list where nobody knows the model yet.

    Raises SettingsError, ProviderError.
    """
    provider = providers.service(key.partition("/")[0])
    if provider and not providers.model(key):
        await provider.refresh()
    model = providers.model(key)
    if provider is None or model is None:
        its = [each for each in providers.models() if provider and each.provider == provider.key]
        raise SettingsError(f"no service that is on draws with {key}; there is:{among(its or providers.models())}")
    return provider, model


async def _found(providers: Providers, key: str) -> tuple[Provider, ImageModel]:
    try:
        return await find_model(providers, key)
    except ProviderError as error:
        if provider := providers.service(key.partition("/")[0]):
            raise NotDrawn(f"{no_list(provider, error)}\n{behind(error)}") from error
        raise


async def _fitted(inspection: Inspection, path: Path, directory: Path) -> Path:
    try:
        return await inspection.source(_copied(path, directory))
    except ProviderError as error:
        raise NotDrawn(f"{path} cannot be read as a PNG, JPEG or WebP of at most 20 MB\n{behind(error)}") from error


def _order(wish: Wish, model: ImageModel, offered: Sequence[ImageModel]) -> fit.Order:
    if not fit.takes(model, wish):
        raise unfit(wish, model, offered)
    preferred = AspectRatio.SQUARE
    if wish.sources:
        first = finished(Path(wish.sources[0]))
        preferred = AspectRatio.nearest(first.width, first.height)
    return fit.order(wish, model, preferred)


async def _pictures(
    provider: Provider, inspection: Inspection, order: fit.Order, bar: Bar
) -> AsyncIterator[GeneratedImage]:
    """One after the other, as the bot does."""
    first = secrets.randbelow(SEEDS) if order.seed is None else order.seed
    for number in range(order.count):
        bar.begin(number + 1, order.count)
        request = _request(order, (first + number) % SEEDS)
        try:
            arrived = await provider.generate(request, Ticket(tell=bar.hear))
            picture = await inspection.inspect(arrived[0])
            await inspection.decode(picture)
        except ProviderError as error:
            raise not_drawn(provider, error) from error
        yield picture


def _request(order: fit.Order, seed: int) -> ImageRequest:
    model = order.model
    return ImageRequest(
        model,
        order.prompt if model.negative else negative_in_words(order.prompt, order.negative),
        order.ratio,
        order.negative if model.negative else None,
        seed=seed if model.seed else None,
        sources=tuple(map(Path, order.sources)),
    )


def _changes(order: fit.Order) -> Iterator[str]:
    if order.wished.ratio:
        yield f"{order.ratio.value} instead of {order.wished.ratio.value}"
    if order.wished.seed is not None and order.seed is None:
        yield f"{order.model.title} takes no seed"


def _spool(folder: Path) -> "tempfile.TemporaryDirectory[str]":
    try:
        return tempfile.TemporaryDirectory(dir=folder, prefix=".drawing-")
    except OSError as error:
        raise no_place(folder, "written to", error) from error


def _copied(path: Path, directory: Path) -> Path:
    try:
        return Path(shutil.copy(path, directory / secrets.token_hex(8)))
    except OSError as error:
        raise no_place(path, "read", error) from error


def _keep(picture: GeneratedImage, model: ImageModel, output: Path | None, drawn: Drawn) -> None:
    """The original: nobody here needs what a chat can show."""
    file = picture.original or picture.path
    suffix = file.suffix or picture.format.suffix
    name = _next(drawn.paths) if drawn.paths else _first(model, output, suffix)
    try:
        file.replace(name)
    except OSError as error:
        raise no_place(name, "written to", error) from error
    drawn.paths.append(name)
    if ENDINGS.get(name.suffix.casefold(), suffix) != suffix:
        drawn.notes.append(f"{name} holds a {suffix[1:].upper()}, whatever its name says")


def _first(model: ImageModel, output: Path | None, suffix: str) -> Path:
    if output is None:
        return Path(f"{model.name.replace('/', '-')}-{secrets.token_hex(3)}{suffix}")
    return output if output.suffix else output.with_name(output.name + suffix)


def _next(paths: Sequence[Path]) -> Path:
    return paths[0].with_stem(f"{paths[0].stem}-{len(paths) + 1}")


def no_place(path: Path, what: str, error: OSError) -> NoPlace:
    """The error for a file that the system does not give."""
    return NoPlace(f"{path} cannot be {what}: {(error.strerror or str(error)).lower()}")
