"""AI Horde: https://aihorde.net/api. Drawn by volunteers for kudos, which are not money, so asking twice costs nothing.

Strangers see the words on their machines. They are given no photos of people, so nothing can be changed here.
"""

import re
from collections.abc import Sequence
from typing import Annotated, Any, ClassVar, TypeVar, cast

from pydantic import BaseModel, Field, RootModel, SecretStr, StringConstraints
from pydantic_settings import SettingsConfigDict

from bot import __version__
from bot.errors import Cause, NotNow, ProviderError, Refused
from bot.http import Picture
from bot.images import GeneratedImage, ImageModel, ImageRequest
from bot.providers.base import Account, BaseUrl, Provider, ServiceSettings, Sign, Ticket, is_name, readable, slug

# Codes that say more than the status beside them.
REFUSALS = {
    "CorruptPrompt": Cause.PROMPT_REFUSED,
    "InvalidPromptSize": Cause.PROMPT_TOO_LONG,
    "NoValidWorkers": Cause.MODEL_GONE,
}
PASSING = {"MaintenanceMode": Cause.UNAVAILABLE, "TimeoutIP": Cause.RATE_LIMITED}
GONE = frozenset({404, 410})  # orders are kept for about twenty minutes

MOST_MODELS = 50
MULTIPLE = 64  # of pixels; others are refused
PAUSE = 4.0  # seconds between two questions
SEPARATOR = re.compile(r"#{3,}")  # what comes after it is what should not be there
QUICK = {"steps": 4, "cfg_scale": 1.0, "sampler_name": "k_euler"}  # Schnell is made for these

# It comes from outside and goes into addresses.
OrderId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9-]{0,63}$")]
Shape = TypeVar("Shape", bound=BaseModel)


class Settings(ServiceSettings):
    """AI_HORDE_API_KEY and the others."""

    model_config = SettingsConfigDict(env_prefix="AI_HORDE_")

    api_key: SecretStr | None = Field(
        None,
        description="AI Horde, where volunteers draw: your key, or 0000000000 to wait longer without an account.",
    )
    base_url: BaseUrl = Field("https://aihorde.net/api", description="Another address of the AI Horde.")
    contact: str = Field(
        "unknown", pattern=r"^[!-~]+$", description="How the people of the AI Horde reach you: a page or an address."
    )
    longest: int = Field(1024, ge=256, le=3072, description="The longer side of its pictures, in pixels.")
    steps: int = Field(25, ge=1, le=500, description="How many steps it takes for a picture; more cost more kudos.")
    nsfw: bool = Field(False, description="1 also draws what is for adults only; else it is held back.")

    def headers(self) -> dict[str, str]:
        """The key, and who is asking: programs without a name may be shut out."""
        agent = {"Client-Agent": f"imagine-bot:{__version__}:{self.contact}"}
        return agent | ({"apikey": self.api_key.get_secret_value()} if self.api_key else {})


class Ordered(BaseModel):
    """POST /v2/generate/async."""

    id: OrderId


class Going(BaseModel):
    """GET /v2/generate/check/{id}. Place and time are 0 once it is being drawn."""

    done: bool
    faulted: bool | None = False
    is_possible: bool | None = True
    queue_position: int = 0
    wait_time: int = 0


class Generation(BaseModel):
    """One picture. A censored one is a placeholder."""

    img: Picture
    censored: bool | None = False
    state: str | None = "ok"

    @property
    def held_back(self) -> bool:
        """Whether this is not what was drawn."""
        return bool(self.censored) or self.state in ("censored", "csam")


class Finished(BaseModel):
    """GET /v2/generate/status/{id}."""

    generations: list[Generation] = []


class Listed(BaseModel):
    """One of GET /v2/status/models: `count` is how many machines offer it now."""

    name: str
    count: int = 0


class AllListed(RootModel[list[Any]]):
    """All of them, each read by itself: one that is odd does not spoil the others."""


class User(BaseModel):
    """GET /v2/find_user."""

    kudos: float


def model(name: str) -> ImageModel:
    """All can do the same; `memo` is the name as the Horde writes it."""
    title = name.replace("_", " ")[:60]
    return ImageModel(f"ai_horde/{slug(name)}", title, seed=True, negative=True, by_size=True, memo=name)


class AiHorde(Provider):
    """Orders wait in a queue, behind everybody with more kudos."""

    key = "ai_horde"
    title = "AI Horde"
    repeatable = True
    patience = 1200.0
    Settings = Settings
    shipped: ClassVar[Sequence[ImageModel]] = (model("AlbedoBase XL (SDXL)"), model("stable_diffusion"))

    async def generate(self, request: ImageRequest, ticket: Ticket) -> list[GeneratedImage]:
        """Order, wait, fetch once."""
        if ticket.remote_id is None:
            await ticket.keep(await self._ordered(request), self.take_back)
        order = str(ticket.remote_id)
        await self._drawn(order, ticket)
        finished = await self._told(f"/v2/generate/status/{order}", Finished)
        return await self.http.images(_shown(finished.generations), request.count)

    async def take_back(self, remote_id: str) -> None:
        """Out of the queue, so that no volunteer draws it for nobody."""
        await self.http.delete(f"/v2/generate/status/{remote_id}")

    async def listed(self) -> Sequence[ImageModel]:
        """What machines offer now, the most offered first; without those that only fill holes in pictures."""
        found = readable((await self.http.get("/v2/status/models?type=image", AllListed)).root, Listed)
        offered = [each for each in found if each.count > 0 and is_name(each.name)]
        offered.sort(key=lambda each: -each.count)
        named: dict[str, ImageModel] = {}
        for each in [model(each.name) for each in offered if "inpaint" not in each.name.casefold()][:MOST_MODELS]:
            named.setdefault(each.key, each)
        return list(named.values())

    async def account(self) -> Account:
        """Kudos decide the place in the queue."""
        user = await self.http.get("/v2/find_user", User)
        return Account(f"{user.kudos:.0f} kudos")

    async def _ordered(self, request: ImageRequest) -> str:
        question = _question(request, cast(Settings, self.settings))
        try:
            return (await self.http.post("/v2/generate/async", question, Ordered)).id
        except ProviderError as error:
            raise _meant(error) from error

    async def _drawn(self, order: str, ticket: Ticket) -> None:
        """Ask how it goes until it is drawn."""
        while not (going := await self._told(f"/v2/generate/check/{order}", Going)).done:
            if going.faulted:
                raise Refused(Cause.SERVICE_ERROR, "faulted")
            if going.is_possible is False:
                raise Refused(Cause.MODEL_GONE, "no machine can draw this")
            ticket.tell(Sign(place=going.queue_position, seconds=going.wait_time))
            await self.http.pause(PAUSE)

    async def _told(self, path: str, shape: type[Shape]) -> Shape:
        try:
            return await self.http.get(path, shape)
        except Refused as error:
            if error.status in GONE:
                raise Refused(Cause.PICTURE_GONE, error.detail) from error
            raise


def _question(request: ImageRequest, settings: Settings) -> dict[str, Any]:
    width, height = request.ratio.pixels(settings.longest, MULTIPLE)
    params: dict[str, Any] = {"width": width, "height": height, "steps": settings.steps, "n": request.count}
    if request.seed is not None:
        params["seed"] = str(request.seed)
    if "schnell" in request.model.memo.casefold():
        params |= QUICK
    return {
        "prompt": _words(request.prompt, request.negative),
        "params": params,
        "models": [request.model.memo],
        "nsfw": settings.nsfw,
        "censor_nsfw": not settings.nsfw,
        "replacement_filter": True,  # suspicious words are replaced; refusing them shuts the whole bot out for a time
        "allow_downgrade": True,  # a smaller picture, where there are not enough kudos for a large one
        "shared": False,
        "r2": False,  # the picture comes with the answer instead of from another host
    }


def _words(prompt: str, negative: str | None) -> str:
    """Both in one text. Nobody gets from one into the other."""
    parts = [SEPARATOR.sub(" ", part) for part in (prompt, negative) if part]
    return " ### ".join(parts)


def _shown(generations: Sequence[Generation]) -> list[Picture]:
    """What is not a placeholder. Raises Refused(PROMPT_REFUSED) where nothing else is there."""
    shown = [each.img for each in generations if not each.held_back]
    for each in generations:
        if each.held_back:
            each.img.forget()
    if generations and not shown:
        raise Refused(Cause.PROMPT_REFUSED, "censored")
    return shown


def _meant(error: ProviderError) -> ProviderError:
    for code, cause in (REFUSALS | PASSING).items():
        if code in error.detail:
            return NotNow(cause, error.detail) if code in PASSING else Refused(cause, error.detail)
    return error


PROVIDER = AiHorde
