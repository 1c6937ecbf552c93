"""OpenAI (https://platform.openai.com/docs/api-reference/images), and every server that speaks its words.

Several servers at once are several providers: the first has the settings OPENAI_…, each that OPENAI_SERVERS names has
its own, OPENAI_<NAME>_…, and its name is the key of its models.
"""

import asyncio
import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any, ClassVar, cast
from urllib.parse import urlsplit

from pydantic import BaseModel, Field, SecretStr, ValidationInfo, field_validator, model_validator
from pydantic_settings import NoDecode, SettingsConfigDict

from bot.errors import Cause, ProviderError, Refused
from bot.http import Http, Part, Picture, encoded, read_header
from bot.images import GeneratedImage, ImageModel, ImageRequest
from bot.providers.base import (
    Account,
    BaseUrl,
    Provider,
    ProviderSettings,
    ServerNames,
    ServiceSettings,
    Ticket,
    readable,
)
from bot.providers.openai.kinds import KINDS, TAG, Kind, Name
from bot.providers.openai.known import MOST_MODELS, NAME, described, draws, is_gpt, shape_of, title

HOSTS = frozenset(urlsplit(kind.home).hostname for kind in KINDS.values() if kind.home)
OPENAI_HOST = urlsplit(KINDS["openai"].home).hostname
# What keeps a server from drawing, whether it gives a list of its models or not.
NOT_THERE = frozenset({Cause.UNREACHABLE, Cause.TIMED_OUT, Cause.KEY_REFUSED, Cause.NO_FUNDS, Cause.UNAVAILABLE})


class Settings(ServiceSettings):
    """OPENAI_API_KEY, OPENAI_BASE_URL and how to speak to what is there."""

    model_config = SettingsConfigDict(env_prefix="OPENAI_")

    api_key: SecretStr | None = Field(
        None, description="OpenAI, or a server that speaks its words. A server of your own may need no key."
    )
    base_url: BaseUrl = Field(KINDS["openai"].home, description="Another address than OpenAI's; /v1 is added to it.")
    kind: Name = Field(
        "openai",
        description="What kind of server it is: `openai`, `litellm`, `localai`, `sdcpp` (stable-diffusion.cpp), "
        "`together`, `xai`, or `plain` for others.",
    )
    models: Annotated[tuple[str, ...], NoDecode] = Field(
        (), description="Its models, separated by commas, where its own list does not tell which of them draw."
    )
    title: str = Field("", max_length=40, description="What people read as its name.")
    quality: str = Field("", max_length=20, description="Such as `low`, `medium` or `high`; empty: the model decides.")
    steps: int | None = Field(
        None, ge=1, le=200, description="Steps of a picture, for kinds that take a number of them."
    )
    longest: int = Field(
        1024,
        ge=64,
        le=4096,
        description="The longer side in pixels, for models that take any size: 512 for older ones.",
    )
    free: bool = Field(False, description="1: pictures cost nothing there, so one that got lost is drawn again.")

    @field_validator("models", mode="before")
    @classmethod
    def _apart(cls, value: Any) -> Any:
        return [word for word in re.split(r"[,\s]+", value) if word] if isinstance(value, str) else value

    @field_validator("models")
    @classmethod
    def _names(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        if not all(map(NAME.fullmatch, names)):
            raise ValueError("takes names of models, separated by commas")
        return tuple(dict.fromkeys(names))

    @field_validator("kind")
    @classmethod
    def _has_an_address(cls, kind: Name, info: ValidationInfo) -> Name:
        """Without one the key of another server would be shown to OpenAI."""
        if not KINDS[kind].home and urlsplit(info.data.get("base_url", "")).hostname == OPENAI_HOST:
            raise ValueError(f"{kind} has no address of its own; set BASE_URL, too")
        return kind

    @property
    def on(self) -> bool:
        """Whether there is a key, or a server of the operator's own, which may need none."""
        return self.api_key is not None or urlsplit(self.address).hostname not in HOSTS

    @property
    def address(self) -> str:
        """The configured address, or the one that everybody uses."""
        elsewhere = self.kind == "openai" or urlsplit(self.base_url).hostname != OPENAI_HOST
        return self.base_url if elsewhere else KINDS[self.kind].home


class Servers(ServerNames):
    """OPENAI_SERVERS."""

    model_config = SettingsConfigDict(env_prefix="OPENAI_")

    servers: Annotated[tuple[str, ...], NoDecode] = Field(
        (),
        description="More such servers, by names that you give them. Each has all these settings under its name:\n"
        "    OPENAI_SERVERS=home,grok\n"
        "    OPENAI_HOME_KIND=localai\n"
        "    OPENAI_HOME_BASE_URL=http://127.0.0.1:8080\n"
        "    OPENAI_GROK_KIND=xai\n"
        "    OPENAI_GROK_API_KEY=your key",
    )


class Drawing(BaseModel):
    """One of the pictures in an answer. xAI leaves it out and says why in `respect_moderation`."""

    picture: Picture
    respectable: bool = True

    @model_validator(mode="before")
    @classmethod
    def _read(cls, value: Any) -> Any:
        blocked = isinstance(value, dict) and value.get("respect_moderation") is False
        return {"picture": value, "respectable": not blocked}


class Drawn(BaseModel):
    """POST /v1/images/generations and /v1/images/edits."""

    data: list[Drawing] = []
    respect_moderation: bool | None = None


class Entry(BaseModel):
    """A model in a list; only Together says what it is for."""

    id: str
    type: str | None = None


class Listed(BaseModel):
    """GET /v1/models. Together leaves out what is around the list."""

    data: list[Any] = []

    @model_validator(mode="before")
    @classmethod
    def _bare(cls, value: Any) -> Any:
        return {"data": value} if isinstance(value, list) else value


class OpenAI(Provider):
    """One server: OpenAI itself, or one of another kind, by its settings."""

    key = "openai"
    title = "OpenAI"
    Settings = Settings
    Servers = Servers
    shipped: ClassVar[Sequence[ImageModel]] = tuple(
        described("openai", KINDS["openai"], name) for name in KINDS["openai"].shipped
    )

    def __init__(self, http: Http, settings: ProviderSettings, key: str = "") -> None:
        super().__init__(http, settings, key)
        self._wishes = cast(Settings, settings)
        self._kind = KINDS[self._wishes.kind]
        self._root = "" if "v1" in urlsplit(self._wishes.address).path.split("/") else "/v1"
        self.title = self._wishes.title or (self.title if self.key == OpenAI.key else title(self.key))
        self.repeatable = self._wishes.free
        self._models = self._described(self._wishes.models or self._kind.shipped)

    async def generate(self, request: ImageRequest, ticket: Ticket) -> list[GeneratedImage]:
        """One blocking call. OpenAI's own models always send the pictures along."""
        drawn = await self._drawn(request)
        pictures = [drawing.picture for drawing in drawn.data]
        respected = drawn.respect_moderation is not False and all(drawing.respectable for drawing in drawn.data)
        if not respected and not any(pictures):
            raise Refused(Cause.PROMPT_REFUSED, "respect_moderation is false")
        return await self.http.images(pictures, request.count)

    def remember(self, models: Sequence[ImageModel]) -> None:
        """Offer these from now on, unless the operator named the models."""
        if not self._wishes.models:
            super().remember(models)

    async def listed(self) -> Sequence[ImageModel]:
        """The models that draw; not asked for where the operator named them."""
        if self._wishes.models:
            return ()
        answer = await self.http.get(f"{self._root}/models", Listed)
        return self._described(
            [entry.id for entry in readable(answer.data, Entry) if self._offers(entry)][:MOST_MODELS]
        )

    async def account(self) -> Account | None:
        """Nothing is told of it. Where models were named by hand, this looks all the same whether the server is there.

        Some give no list, but all of them answer. Raises ProviderError.
        """
        if self._wishes.models:
            try:
                await self.http.get(f"{self._root}/models", Listed)
            except ProviderError as error:
                if error.cause in NOT_THERE:
                    raise
        return None

    def _offers(self, entry: Entry) -> bool:
        if not NAME.fullmatch(entry.id):
            return False
        return entry.type == "image" if entry.type else self._kind.draws_only or draws(entry.id)

    def _described(self, names: Sequence[str]) -> tuple[ImageModel, ...]:
        return tuple(described(self.key, self._kind, name) for name in dict.fromkeys(names))

    async def _drawn(self, request: ImageRequest) -> Drawn:
        asked = question(self._kind, self._wishes, request)
        if not request.sources:
            return await self.http.post(f"{self._root}/images/generations", asked, Drawn)
        if self._kind.edits == "json":
            asked |= await _inside(request.sources)
            return await self.http.post(f"{self._root}/images/edits", asked, Drawn)
        files = [Part("image[]", path, await _content_type(path)) for path in request.sources]
        fields = {name: str(value) for name, value in asked.items()}
        return await self.http.send(f"{self._root}/images/edits", fields, files, Drawn)


def question(kind: Kind, wishes: Settings, request: ImageRequest) -> dict[str, Any]:
    """What is asked of a server of this kind; what it does not know is left out."""
    negative = kind.cleaned(request.negative or "")
    fields = {
        "model": request.model.name,
        "prompt": _words(kind, wishes, request, negative),
        "n": request.count,
        **shape_of(kind, request.model, request.ratio, wishes.longest),
        "response_format": kind.reply,
        "output_format": "png" if is_gpt(kind, request.model.name) else kind.output,
        "quality": wishes.quality,
        "negative_prompt": negative if kind.negative == "field" else None,
        "seed": request.seed if kind.seed == "field" else None,
    }
    if kind.steps and kind.steps != "tag":
        fields[kind.steps] = wishes.steps
    return {name: value for name, value in fields.items() if value not in (None, "")}


def _words(kind: Kind, wishes: Settings, request: ImageRequest, negative: str) -> str:
    """The prompt, with all that has no field of its own in it."""
    words = kind.cleaned(request.prompt)
    if kind.negative == "bar" and negative:
        return f"{words}|{negative}"
    inside: dict[str, Any] = {}
    if kind.negative == "tag" and negative:
        inside["negative_prompt"] = negative
    if kind.seed == "tag" and request.seed is not None:
        inside["seed"] = request.seed
    if kind.steps == "tag" and wishes.steps:
        inside["sample_params"] = {"sample_steps": wishes.steps}
    return f"{words} <{TAG}>{json.dumps(inside)}</{TAG}>" if inside else words


async def _inside(sources: Sequence[Path]) -> dict[str, Any]:
    """Pictures to change as xAI takes them: one alone under another name than several."""
    images = [
        {"type": "image_url", "url": f"data:{await _content_type(path)};base64,{await encoded(path)}"}
        for path in sources
    ]
    return {"image": images[0]} if len(images) == 1 else {"images": images}


async def _content_type(path: Path) -> str:
    return await asyncio.to_thread(_sniffed, path)


def _sniffed(path: Path) -> str:
    with path.open("rb") as file:
        return f"image/{read_header(file).format.value}"


PROVIDER = OpenAI
