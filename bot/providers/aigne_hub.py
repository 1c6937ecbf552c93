"""AIGNE Hub: https://github.com/AIGNE-io/aigne-hub. One key for the models of many makers; each picture is billed.

A hub is an app inside of a site, so where it is mounted is asked from the site first. Its documents name a path for
pictures that its server does not have: when one of the two is not there, the other is tried.
"""

import asyncio
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Any, ClassVar, Literal, cast
from urllib.parse import urlsplit

from pydantic import BaseModel, Field, RootModel, StringConstraints, ValidationError, field_validator, model_validator
from pydantic_settings import SettingsConfigDict

from bot.errors import Cause, NotNow, Refused
from bot.http import Http, Picture, encoded
from bot.images import AspectRatio, GeneratedImage, ImageModel, ImageRequest
from bot.providers.base import Account, BaseUrl, Provider, ProviderSettings, ServiceSettings, Ticket

COMPONENT = "z8ia3xzq2tMq8CRHfaXj1BTYJyYnEcHbqP8cJ"  # the hub among the apps of a site
MOUNTS = {"hub.aigne.io": "/app"}  # where the public hub was found, should its site not say
MOUNT = re.compile(r"(/[\w.~-]+)*")
PATIENCE = 10.0  # seconds that a site has to say it

SERVED = "/api/v2/image/generations"  # what the server has
DOCUMENTED = "/api/images/generations"  # what its documents say, and what a gateway may serve
EDITS = "/api/v2/image"

# A hub answers 404 also for what it cannot find itself; the address was right then.
ITS_OWN_WORDS = re.compile(
    r"(provider|model|user|meter|currency|customer|link|price).{0,80}not\ (be\ )?found|credential",
    re.IGNORECASE | re.VERBOSE,
)

# What is not the hub says this for whatever it is asked; the key was good enough for the first path.
NOT_THE_HUB = frozenset({301, 302, 303, 307, 308, 401, 403, 404, 405})

MOST_MODELS = 50
NAME = r"^[A-Za-z0-9][A-Za-z0-9_-]{0,20}/[A-Za-z0-9][A-Za-z0-9._:-]{0,50}$"
PAGE = re.compile(r"https://[!-~]{4,300}")
MAKER = re.compile(r"[\w][\w .&+-]{0,20}")
# Written as they write themselves, or not worth saying; other names are taken apart at their hyphens.
WORDS = {"gpt": "GPT", "dall": "DALL", "generate": "", "001": "", "openai": "OpenAI", "xai": "xAI"}

A = AspectRatio
LONGEST = 1536  # pixels of the longer side; a square has 1024


@dataclass(frozen=True, slots=True)
class Family:
    """What the hub hands on to the maker of some models; whatever else it is sent, it drops or the maker refuses.

    `shape` says the ratio in the maker's own words, where it does not look at the size. `most` and `sources` are those
    of ImageModel; `qualities` and `styles` the words that are understood.
    """

    names: str
    ratios: tuple[AspectRatio, ...] = tuple(AspectRatio)
    sizes: Mapping[AspectRatio, str] | None = None
    shape: Callable[[str], dict[str, Any]] = lambda ratio: {}
    most: int = 10
    sources: int = 0
    from_words: bool = True
    seed: bool = False
    negative: bool = False
    qualities: frozenset[str] = frozenset()
    styles: frozenset[str] = frozenset()


def sized(names: str, sizes: Mapping[AspectRatio, str], **more: Any) -> Family:
    """A family that draws a few sizes only."""
    return Family(names, ratios=tuple(sizes), sizes=sizes, **more)


GPT_SIZES = {A.SQUARE: "1024x1024", A.CLASSIC: "1536x1024", A.CLASSIC_TALL: "1024x1536"}
GPT_QUALITIES = frozenset({"low", "medium", "high", "auto"})

# From the adapters of @aigne/openai 0.16, gemini 0.14, ideogram 0.4 and doubao 1.3. The first that fits counts.
FAMILIES = (
    # One at a time: the hub would bill `n` and hand on none of it.
    sized(r"/gpt-image-1$", GPT_SIZES, most=1, sources=4, qualities=GPT_QUALITIES),
    sized(r"gpt-image", GPT_SIZES, qualities=GPT_QUALITIES),
    sized(
        r"dall-e-3",
        {A.SQUARE: "1024x1024", A.WIDE: "1792x1024", A.TALL: "1024x1792"},
        most=1,
        qualities=frozenset({"standard", "hd"}),
        styles=frozenset({"vivid", "natural"}),
    ),
    sized(r"dall-e", {A.SQUARE: "1024x1024"}),
    Family(
        r"imagen",
        ratios=(A.SQUARE, A.WIDE, A.STANDARD_TALL, A.STANDARD, A.TALL),
        shape=lambda ratio: {"aspectRatio": ratio},
        most=4,
    ),
    Family(
        r"gemini",
        ratios=tuple(ratio for ratio in A if ratio is not A.ULTRATALL),
        shape=lambda ratio: {"imageConfig": {"aspectRatio": ratio}},
        most=1,  # they refuse to draw several candidates
        sources=3,
    ),
    Family(
        r"ideogram",
        ratios=tuple(ratio for ratio in A if ratio not in (A.ULTRAWIDE, A.ULTRATALL)),
        shape=lambda ratio: {"aspectRatio": ratio.replace(":", "x")},
        most=8,
        seed=True,
        negative=True,
    ),
    Family(r"seedream-4", most=1, sources=4),
    Family(r"seededit", most=1, sources=1, from_words=False),
    Family(r"seedream-3", most=1, seed=True),
    Family(r""),
)
# In the bot's own credits, by what such models cost: about a cent each.
PRICES = ((r"pro-image|-pro\b|ultra", 12), (r"mini|fast|lite", 2), (r"", 4))


class Settings(ServiceSettings):
    """AIGNE_API_KEY, AIGNE_BASE_URL, AIGNE_IMAGES_PATH, AIGNE_QUALITY and AIGNE_STYLE."""

    model_config = SettingsConfigDict(env_prefix="AIGNE_")

    base_url: BaseUrl = Field(
        "https://hub.aigne.io",
        description="Another AIGNE Hub. With a path, such as https://hub.example.org/app, the hub is taken to be there;"
        " without one its site is asked where it is.",
    )
    images_path: str = Field(
        SERVED,
        pattern=r"^/[A-Za-z0-9/._~-]+$",
        description="Where the hub draws. When there is nothing, the other path that is known for it is tried.",
    )
    quality: Literal["standard", "hd", "low", "medium", "high", "auto"] | None = Field(
        None,
        description="For models that take it: low, medium, high or auto for GPT Image, standard or hd for DALL-E 3.",
    )
    style: Literal["vivid", "natural"] | None = Field(None, description="The same for a style: vivid or natural.")


class Site(BaseModel):
    """GET /__blocklet__.js?type=json: the apps of a site."""

    apps: list[dict[str, Any]] = Field(alias="componentMountPoints")


class Drawn(BaseModel):
    """Both ways to draw. The older one lists the same pictures twice, as `images` and as `data`."""

    pictures: list[Picture] = []

    @model_validator(mode="before")
    @classmethod
    def _either_list(cls, answer: Any) -> Any:
        """One list only is ever read: each picture that is read becomes a file."""
        return {"pictures": answer.get("images") or answer.get("data") or []} if isinstance(answer, Mapping) else answer


class Listed(RootModel[list[Any]]):
    """GET /api/ai/models: any part of an entry may be missing."""


class Entry(BaseModel):
    """One model. Its `status` is a word, an object, or null while nobody has tried it."""

    key: Annotated[str, StringConstraints(pattern=NAME)]
    maker: str = Field("", alias="providerDisplayName")
    type: str = "image"
    status: Any = None

    @field_validator("maker", "type", mode="before")
    @classmethod
    def _unsaid(cls, word: Any) -> Any:
        return word or ""

    @property
    def works(self) -> bool:
        """Whether it may be offered."""
        if isinstance(self.status, Mapping):
            return self.status.get("available") is not False
        return self.status is None or str(self.status).casefold() in ("active", "available", "true")


class Credit(BaseModel):
    """What is left, in whole credits."""

    balance: Annotated[Decimal, Field(max_digits=30)]


class Owner(BaseModel):
    """GET /api/user/info. A hub without billing has no balance."""

    credit: Credit | None = Field(None, alias="creditBalance")
    page: Any = Field(None, alias="paymentLink")


def family(name: str) -> Family:
    """What is known of the model with this name."""
    return next(each for each in FAMILIES if re.search(each.names, name))


def model(name: str, maker: str = "") -> ImageModel:
    """`name` is `provider/model`, as the hub says it. Its abilities are said nowhere but in the hub's source."""
    known = family(name)
    return ImageModel(
        f"aigne_hub/{name}",
        _title(name, maker),
        ratios=known.ratios,
        price=next(price for pattern, price in PRICES if re.search(pattern, name)),
        most=known.most,
        seed=known.seed,
        negative=known.negative,
        sources=known.sources,
        from_words=known.from_words,
    )


def _title(name: str, maker: str) -> str:
    words = [WORDS.get(word, word[:1].upper() + word[1:]) for word in re.split(r"[-_:]", name.partition("/")[2])]
    title = " ".join(filter(None, words)) or name
    known = MAKER.fullmatch(maker) and maker.casefold() not in title.casefold()
    return f"{title} ({maker})" if known else title


class AigneHub(Provider):
    """Which models there are is up to whoever runs the hub."""

    key = "aigne_hub"
    title = "AIGNE Hub"
    pages = frozenset({"s.aigne.io"})
    Settings = Settings
    shipped: ClassVar[Sequence[ImageModel]] = (
        model("google/gemini-2.5-flash-image", "Google"),
        model("google/imagen-4.0-generate-001", "Google"),
        model("openai/gpt-image-1.5", "OpenAI"),
        model("ideogram/ideogram-v3", "Ideogram"),
    )

    def __init__(self, http: Http, settings: ProviderSettings, key: str = "") -> None:
        super().__init__(http, settings, key)
        wishes = cast(Settings, settings)
        self._taste = (wishes.quality, wishes.style)
        site = urlsplit(wishes.base_url)
        self._likely = MOUNTS.get(site.hostname or "", "")
        self._mount = "" if site.path else None
        path = wishes.images_path
        self._paths = (path, DOCUMENTED if path == SERVED else SERVED)

    async def generate(self, request: ImageRequest, ticket: Ticket) -> list[GeneratedImage]:
        """One blocking call; the pictures mostly come as base64 in the answer."""
        drawn = await (self._edited(request) if request.sources else self._drawn(request))
        return await self.http.images(drawn.pictures, request.count)

    async def listed(self) -> Sequence[ImageModel]:
        """The models that work now, as far as the hub knows."""
        answer = await self.http.get(await self._at("/api/ai/models?type=image"), Listed)
        found = {entry.key: entry for entry in map(_entry, answer.root) if entry}
        return [model(entry.key, entry.maker) for entry in found.values()][:MOST_MODELS]

    async def account(self) -> Account | None:
        """The credits of the key's owner, and where to buy more."""
        owner = await self.http.get(await self._at("/api/user/info"), Owner)
        page = owner.page if PAGE.fullmatch(str(owner.page)) else None
        return Account(f"{owner.credit.balance:.2f} credits", page) if owner.credit else None

    async def _drawn(self, request: ImageRequest) -> Drawn:
        question = {"model": request.model.name, **_question(request, *self._taste)}
        path, other = self._paths
        try:
            return await self._post(path, question)
        except Refused as nothing_there:
            if nothing_there.status != 404 or ITS_OWN_WORDS.search(nothing_there.detail):
                raise
            try:
                drawn = await self._post(other, question)
            except Refused as error:
                raise (nothing_there if error.status in NOT_THE_HUB else error) from None
        self._paths = (other, path)
        return drawn

    async def _edited(self, request: ImageRequest) -> Drawn:
        question = _question(request, *self._taste) | {
            "image": [_file(await encoded(source)) for source in request.sources],
            "outputFileType": "file",
            "modelOptions": {"model": request.model.name},
        }
        return await self._post(EDITS, {"input": question})

    async def _post(self, path: str, question: Mapping[str, Any]) -> Drawn:
        try:
            return await self.http.post(await self._at(path), question, Drawn)
        except Refused as error:
            if error.status != 404:
                raise
            # The hub has no key for this maker or has lost the model: the other models may well work.
            gone = Refused(Cause.MODEL_GONE, error.detail)
            gone.status = error.status
            raise gone from error

    async def _at(self, path: str) -> str:
        """The path below where the hub is mounted."""
        if self._mount is not None:
            return self._mount + path
        try:
            async with asyncio.timeout(PATIENCE):
                site = await self.http.get("/__blocklet__.js?type=json", Site)
        except TimeoutError as error:
            raise NotNow(Cause.TIMED_OUT, "the site does not tell where its hub is") from error
        except NotNow as error:  # it may know later
            if self._likely or error.cause is Cause.BROKEN_ANSWER:
                return self._likely + path
            raise  # a guess could miss the hub that is there
        except Refused:  # no such site, perhaps a gateway in front of a hub
            self._mount = self._likely
        else:
            self._mount = _mount(site, self._likely)
        return self._mount + path


def _mount(site: Site, likely: str) -> str:
    found = next((app for app in site.apps if app.get("did") == COMPONENT), {})
    mount = str(found.get("mountPoint", likely)).rstrip("/")
    return mount if MOUNT.fullmatch(mount) else likely


def _question(request: ImageRequest, quality: str | None, style: str | None) -> dict[str, Any]:
    """What both ways to draw are asked alike."""
    known = family(request.model.name)
    ratio = request.ratio if request.ratio in known.ratios else A.nearest(*request.ratio.sides, among=known.ratios)
    wishes = {
        "seed": request.seed if known.seed else None,
        "negativePrompt": request.negative if known.negative else None,
        "quality": quality if quality in known.qualities else None,
        "style": style if style in known.styles else None,
    }
    return {
        "prompt": request.prompt,
        "n": min(request.count, known.most),
        "size": _size(known, ratio),
        **known.shape(ratio.value),
        **{name: wish for name, wish in wishes.items() if wish is not None},
    }


def _size(known: Family, ratio: AspectRatio) -> str:
    if known.sizes:
        return known.sizes[ratio]
    width, height = ratio.pixels(1024 if ratio is A.SQUARE else LONGEST, 32)
    return f"{width}x{height}"


def _file(base64: str) -> dict[str, str]:
    """A picture to change, as the hub takes it. The first letters of every PNG are the same."""
    kind = "png" if base64.startswith("iVBORw0KGgo") else "jpeg"
    return {"type": "file", "data": base64, "mimeType": f"image/{kind}", "filename": f"picture.{kind}"}


def _entry(facts: Any) -> Entry | None:
    """A model that can be offered: None for one that cannot, and for what is none."""
    try:
        entry = Entry.model_validate(facts)
    except ValidationError:
        return None
    return entry if entry.works and "image" in (entry.type or "image").casefold() else None


PROVIDER = AigneHub
