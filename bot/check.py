"""`imagine-bot check`: ask one service for real and say what was found."""

import json
import tempfile
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

from pydantic import SecretStr

from bot.clock import Clock, SystemClock
from bot.config import load_providers
from bot.draw import NoPlace, find_model, no_place
from bot.errors import ProviderError, SettingsError
from bot.http import TINY_FACTS, Network, Recorder, Spool
from bot.images import AspectRatio, ImageModel, ImageRequest
from bot.imagine import fit
from bot.imagine.inspection import Inspection
from bot.plain import behind, no_list, sentence
from bot.providers import Provider, Providers, ProviderSettings, Ticket

PROMPT = "a red fox in the snow"
NAMED = 5  # models that are named
Found = TypeVar("Found")
Say = Callable[[str, str], None]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to do: `draw` a picture, by the model of this key where one is given, and write a `cassette`."""

    draw: bool = True
    model: str | None = None
    cassette: Path | None = None


async def check_service(key: str, wanted: Wanted, say: Say) -> bool:
    """Ask the service of this key; whether all went well. `say` gets each thing that was found: its name, and what.

    Raises SettingsError for a service that there is not, NoPlace where no cassette can be written.
    """
    settings = load_providers()
    if key not in settings:
        raise SettingsError(f"there is no service {key}; there is: {', '.join(settings)}")
    wishes, recorder = settings[key], Recorder(_secrets(settings[key]))
    say("address", wishes.address or "none: it draws by itself")
    say("key", "set" if any(_secrets(wishes)) else "not set")
    if not wishes.on:
        say("off", "set its key; `imagine-bot env` names all settings")
        return False
    if wanted.cassette:
        _require_playable(wishes)
        _told(wanted.cassette)  # a picture is paid before there is something to write down
    with tempfile.TemporaryDirectory(prefix="imagine-bot-") as directory:
        async with Network(SystemClock(), recorder=recorder) as network:
            providers = Providers.build({key: wishes}, network, Spool(Path(directory)))
            provider = providers.service(key)
            if provider is None:
                raise SettingsError(f"{key} cannot be used")
            return await _Check(providers, provider, recorder, network.clock, say).run(wanted)


class _Check:
    def __init__(self, providers: Providers, provider: Provider, recorder: Recorder, clock: Clock, say: Say) -> None:
        self._providers = providers
        self._provider = provider
        self._recorder = recorder
        self._clock = clock
        self._say = say
        self._well = True
        self._error: ProviderError | None = None

    async def run(self, wanted: Wanted) -> bool:
        listed = await self._try("models", self._models)
        turns = list(self._recorder.turns)
        await self._try("account", self._account)
        self._recorder.turns = turns  # it belongs to no drawing
        if wanted.draw:
            model = await self._try("model", lambda: self._model(wanted.model))
            if model:
                await self._try("picture", lambda: self._draw(model))
                if wanted.cassette:
                    self._write(wanted.cassette, model, refreshed=bool(listed and turns))
        return self._well

    async def _try(self, what: str, step: Callable[[], Awaitable[Found]]) -> Found | None:
        """One step after the other is tried, whatever became of those before."""
        self._error = None
        try:
            return await step()
        except ProviderError as error:
            self._error, self._well = error, False
            self._say(what, (no_list if what == "models" else sentence)(self._provider, error))
            self._say("", behind(error))
            return None

    async def _models(self) -> Sequence[ImageModel]:
        began = self._clock.monotonic()
        listed = await self._provider.listed()
        self._provider.remember(listed)
        models = self._provider.models()
        names = ", ".join(model.name for model in models[:NAMED]) + (" …" if len(models) > NAMED else "")
        source = f"listed in {self._seconds(began)}" if listed else "known without asking"
        self._say("models", f"{len(models)} {source}: {names}")
        return listed

    async def _account(self) -> None:
        account = await self._provider.account()
        self._say("account", " ".join(filter(None, [account.balance, account.link])) if account else "it does not say")

    async def _model(self, key: str | None) -> ImageModel | None:
        """The one wished, else the cheapest that draws from words."""
        if key:
            return (await find_model(self._providers, key))[1]
        able = [model for model in self._providers.models() if model.from_words]
        return min(able, key=lambda model: model.price, default=None)

    async def _draw(self, model: ImageModel) -> None:
        began = self._clock.monotonic()
        pictures = await self._provider.generate(_request(model), Ticket())
        took = self._seconds(began)
        async with Inspection() as inspection:
            seen = await inspection.inspect(pictures[0])
            await inspection.decode(seen)
        facts = f"{pictures[0].format} of {seen.width} × {seen.height}, {pictures[0].size} bytes"
        self._say("picture", f"{model.key} drew a {facts} in {took}")

    def _write(self, path: Path, model: ImageModel, *, refreshed: bool) -> None:
        """Add a story to a cassette."""
        key = type(self._provider).key  # a server with a name of its own speaks the same words
        story: dict[str, Any] = {
            "title": f"what {self._provider.title} said to `imagine-bot check`",
            "request": {"model": f"{key}/{model.name}", "prompt": PROMPT, "ratio": _request(model).ratio},
        }
        if refreshed:
            models = [f"{key}/{each.name}" for each in self._provider.models()]
            story |= {"refresh": True, "models": models}
        story["turns"] = self._recorder.turns
        if self._error:
            story["error"] = [type(self._error).__name__, self._error.cause]
        else:
            story["pictures"] = [TINY_FACTS]
        _tell(path, [*_told(path), story])
        self._say("cassette", f"{path} has {len(story['turns'])} turns more; look for names and numbers of yours in it")

    def _seconds(self, began: float) -> str:
        return f"{self._clock.monotonic() - began:.1f} s"


def _request(model: ImageModel) -> ImageRequest:
    return ImageRequest(model, PROMPT, fit.fitting(AspectRatio.SQUARE, model))


def _told(path: Path) -> list[Any]:
    """The stories of a cassette, which is there and can be written afterwards. Raises NoPlace."""
    try:
        with path.open("r+", encoding="utf-8") as file:
            stories = json.load(file)
    except FileNotFoundError:
        _tell(path, [])
        return []
    except OSError as error:
        raise no_place(path, "written to", error) from error
    except ValueError as error:
        raise NoPlace(f"{path} is no cassette: {error}") from error
    if not isinstance(stories, list):
        raise NoPlace(f"{path} is no cassette: it holds no list")
    return stories


def _tell(path: Path, stories: Sequence[Any]) -> None:
    try:
        path.write_text(json.dumps(stories, indent=2, ensure_ascii=False) + "\n", "utf-8")
    except OSError as error:
        raise no_place(path, "written to", error) from error


def _require_playable(wishes: ProviderSettings) -> None:
    """A cassette is played by a service at an address without a path, and an adapter may ask there for other paths."""
    field = type(wishes).model_fields.get("base_url")
    path, own = (urlsplit(str(address or "")).path.rstrip("/") for address in (wishes.address, field and field.default))
    if path not in ("", own):
        raise SettingsError(f"a cassette is not recorded through {wishes.address}: leave {path} out of its BASE_URL")


def _secrets(wishes: ProviderSettings) -> list[str]:
    values = (getattr(wishes, name) for name in type(wishes).model_fields)
    return [value.get_secret_value() for value in values if isinstance(value, SecretStr)]
