"""`imagine-bot draw`: one picture into a file, with no chat, no database and no credits."""

import secrets
import tempfile
from pathlib import Path

from bot.clock import SystemClock
from bot.config import load_providers
from bot.errors import BotError, SettingsError
from bot.http import Network, Spool
from bot.images import AspectRatio, GeneratedImage, ImageModel, ImageRequest
from bot.imagine.inspection import Inspection
from bot.providers import Providers, Ticket

LARGEST_SEED = 2**31 - 1


class NoPlace(BotError):
    """The picture cannot be written where it should go. The message is one sentence."""


async def draw_to_file(prompt: str, model_key: str, ratio: AspectRatio, seed: int | None, output: Path | None) -> Path:
    """Draw and return where the picture is: `output`, or a name made of the model's in the working directory.

    Raises SettingsError when no service that is on has this model; ProviderError when it does not draw;
    NoPlace when it cannot be written there.
    """
    folder = output.parent if output else Path()
    with _spool(folder) as spool:
        async with Network(SystemClock()) as network:
            providers = Providers.build(load_providers(), network, Spool(Path(spool)))
            model = _model(providers, model_key)
            request = ImageRequest(model, prompt, ratio, seed=_seed(model, seed))
            pictures = await providers.generate(request, Ticket())
        async with Inspection() as inspection:
            picture = await inspection.inspect(pictures[0])
        return _keep(picture, output or Path(f"{model.name}-{secrets.token_hex(3)}{picture.format.suffix}"))


def _spool(folder: Path) -> "tempfile.TemporaryDirectory[str]":
    try:
        return tempfile.TemporaryDirectory(dir=folder, prefix=".drawing-")
    except OSError as error:
        raise _no_place(folder, error) from error


def _model(providers: Providers, key: str) -> ImageModel:
    model = providers.model(key)
    if model is None:
        offered = ", ".join(model.key for model in providers.models())
        raise SettingsError(f"no service that is on draws with {key}; there is: {offered or 'none'}")
    return model


def _seed(model: ImageModel, wished: int | None) -> int | None:
    if not model.seed:
        return None
    return secrets.randbelow(LARGEST_SEED) if wished is None else wished


def _keep(picture: GeneratedImage, output: Path) -> Path:
    try:
        picture.path.replace(output)
    except OSError as error:
        raise _no_place(output, error) from error
    return output


def _no_place(path: Path, error: OSError) -> NoPlace:
    return NoPlace(f"{path} cannot be written to: {(error.strerror or str(error)).lower()}")
