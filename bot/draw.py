"""`imagine-bot draw`: pictures into files, on the way of the bot but with no chat, no database and no credits."""

import secrets
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from bot.bar import Bar
from bot.clock import SystemClock
from bot.config import load_providers
from bot.errors import BotError, SettingsError
from bot.http import Network, Spool, finished
from bot.images import AspectRatio, GeneratedImage, ImageModel, ImageRequest
from bot.imagine import fit
from bot.imagine.inspection import Inspection
from bot.imagine.rules import SEEDS, Wish, negative_in_words
from bot.providers import Provider, Providers, Ticket


class NoPlace(BotError):
    """The picture cannot be written where it should go, or read where it should be. The message is one sentence."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """Where the pictures are, and what is otherwise than it was asked for: pairs of a sentence's key and its values."""

    paths: Sequence[Path]
    changes: Sequence[tuple[str, dict[str, str]]]


async def draw_to_files(wish: Wish, sources: Sequence[Path], output: Path | None, bar: Bar) -> Drawn:
    """Draw `wish.count` pictures by `wish.model` into `output`, or under a name made of the model's.

    `sources` are the pictures to change. Raises SettingsError when no service that is on has this model, UserError for
    what the model cannot do, ProviderError when it does not draw, NoPlace.
    """
    with _spool(output.parent if output else Path()) as directory:
        async with Network(SystemClock()) as network, Inspection() as inspection:
            providers = Providers.build(load_providers(), network, Spool(Path(directory)))
            provider, model = await find_model(providers, wish.model or "")
            fitted = [await inspection.source(_copied(path, Path(directory))) for path in sources]
            order = _order(replace(wish, sources=tuple(map(str, fitted))), model, providers.models())
            with bar:
                pictures = await _drawn(provider, inspection, order, bar)
        return Drawn(_kept(pictures, model, output), list(_changes(order)))


async def find_model(providers: Providers, key: str) -> tuple[Provider, ImageModel]:
    """The model and its service, which is asked for its list where nobody knows the model yet.

    Raises SettingsError, ProviderError.
    """
    provider = providers.service(key.partition("/")[0])
    if provider and not providers.model(key):
        await provider.refresh()
    model = providers.model(key)
    if provider is None or model is None:
        offered = ", ".join(model.key for model in providers.models())
        raise SettingsError(f"no service that is on draws with {key}; there is: {offered or 'none'}")
    return provider, model


def _order(wish: Wish, model: ImageModel, offered: Sequence[ImageModel]) -> fit.Order:
    if not fit.takes(model, wish):
        raise fit.unfit(wish, model, offered)
    preferred = AspectRatio.SQUARE
    if wish.sources:
        first = finished(Path(wish.sources[0]))
        preferred = AspectRatio.nearest(first.width, first.height)
    return fit.order(wish, model, preferred)


async def _drawn(provider: Provider, inspection: Inspection, order: fit.Order, bar: Bar) -> list[GeneratedImage]:
    """One after the other, as the bot does."""
    first = secrets.randbelow(SEEDS) if order.seed is None else order.seed
    pictures = []
    for number in range(order.count):
        bar.begin(number + 1, order.count)
        request = _request(order, (first + number) % SEEDS)
        arrived = await provider.generate(request, Ticket(tell=bar.hear))
        pictures.append(await inspection.inspect(arrived[0]))
    return pictures


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


def _changes(order: fit.Order) -> Sequence[tuple[str, dict[str, str]]]:
    changes: list[tuple[str, dict[str, str]]] = []
    if order.wished.ratio:
        changes.append(("imagine-ratio-instead", {"ratio": order.ratio.value, "wished": order.wished.ratio.value}))
    if order.wished.seed is not None and order.seed is None:
        changes.append(("imagine-no-seed", {"model": order.model.title}))
    return changes


def _spool(folder: Path) -> "tempfile.TemporaryDirectory[str]":
    try:
        return tempfile.TemporaryDirectory(dir=folder, prefix=".drawing-")
    except OSError as error:
        raise _no_place(folder, "written to", error) from error


def _copied(path: Path, directory: Path) -> Path:
    try:
        return Path(shutil.copy(path, directory / secrets.token_hex(8)))
    except OSError as error:
        raise _no_place(path, "read", error) from error


def _kept(pictures: Sequence[GeneratedImage], model: ImageModel, output: Path | None) -> list[Path]:
    """The originals: nobody here needs what a chat can show."""
    files = [picture.original or picture.path for picture in pictures]
    suffix = files[0].suffix or pictures[0].format.suffix
    first = output or Path(f"{model.name.replace('/', '-')}-{secrets.token_hex(3)}{suffix}")
    names = [first] + [first.with_stem(f"{first.stem}-{number}") for number in range(2, len(files) + 1)]
    for file, name in zip(files, names, strict=True):
        try:
            file.replace(name)
        except OSError as error:
            raise _no_place(name, "written to", error) from error
    return names


def _no_place(path: Path, what: str, error: OSError) -> NoPlace:
    return NoPlace(f"{path} cannot be {what}: {(error.strerror or str(error)).lower()}")
