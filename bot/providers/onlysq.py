"""OnlySq: https://docs.onlysq.ru. Free to use with the documented shared key, so asking twice costs nothing."""

import math
import re
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from pydantic import BaseModel, Field, SecretStr, model_validator
from pydantic_settings import SettingsConfigDict

from bot.errors import Cause, NotNow
from bot.http import Picture
from bot.images import GeneratedImage, ImageModel, ImageRequest
from bot.providers.base import BaseUrl, Provider, ServiceSettings, Ticket

MOST_MODELS = 50
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,40}")
# Written as they write themselves; other names are taken apart at their hyphens.
WORDS = {"gpt": "GPT", "sdxl": "SDXL", "xl": "XL"}

# These take width, height and count (at most 2048 pixels and 4 pictures) where the others take a ratio.
BY_SIZE = frozenset({"kandinsky"})
LONGEST = 1024

# Seconds of rest after a 429, which never says how long: clients of the service found that so much is enough.
REST = 25.0

# Tiers of models, in its words and numbers. An account of level 0 may use the first two, each level adds one.
TIERS = ("lite", "standard", "plus", "premium", "paid")
FREE_TIERS = 2

DEAREST = 100  # credits; what it calls a higher cost is counted in something else


class Settings(ServiceSettings):
    """ONLYSQ_API_KEY, ONLYSQ_BASE_URL and ONLYSQ_TIER."""

    model_config = SettingsConfigDict(env_prefix="ONLYSQ_")

    api_key: SecretStr | None = Field(
        SecretStr("openai"),
        description="OnlySq: `openai` is the key that it publishes for everybody, `off` turns it off.",
    )
    base_url: BaseUrl = Field("https://api.onlysq.ru", description="Another address of OnlySq.")
    tier: int = Field(
        0,
        ge=-1,
        le=3,
        description="The level of your account at OnlySq, -1 to 3: models beyond it are not offered.",
    )


class Drawn(BaseModel):
    """POST /ai/imagen. Everything but the pictures varies between versions of the service."""

    files: list[Picture] = []


class Listed(BaseModel):
    """GET /ai/models: what each model is, by its name."""

    models: dict[str, Any] = Field(default_factory=dict)

    @model_validator(mode="before")
    @classmethod
    def _by_name(cls, answer: Any) -> dict[str, Any]:
        """The list comes as an object, as a list of objects that name themselves, or as such a list in `data`."""
        found = (answer.get("models") or answer.get("data")) if isinstance(answer, Mapping) else answer
        if isinstance(found, list):
            each = (facts for facts in found if isinstance(facts, Mapping))
            found = {str(facts.get("id") or facts.get("name")): facts for facts in each}
        return {"models": found or {}}


def model(name: str, price: int = 1) -> ImageModel:
    """What the service says nowhere but in its documents: ratios for all, sizes and counts for the older ones."""
    by_size = name in BY_SIZE
    title = " ".join(WORDS.get(word, word.capitalize()) for word in name.split("-"))
    return ImageModel(f"onlysq/{name}", title, price=price, by_size=by_size, most=4 if by_size else 1)


class OnlySq(Provider):
    """Every model draws all eleven ratios; none takes a seed or a negative prompt."""

    key = "onlysq"
    title = "OnlySq"
    repeatable = True
    Settings = Settings
    shipped: ClassVar[Sequence[ImageModel]] = (model("flux"),)

    async def generate(self, request: ImageRequest, ticket: Ticket) -> list[GeneratedImage]:
        """One blocking call; the pictures come as base64 in the answer."""
        try:
            drawn = await self.http.post("/ai/imagen", _question(request), Drawn)
        except NotNow as error:
            if error.cause is Cause.RATE_LIMITED and error.retry_after is None:
                error.retry_after = REST
            raise
        return await self.http.images(drawn.files, request.count)

    async def listed(self) -> Sequence[ImageModel]:
        """The image models that work today and that the account may use."""
        answer = await self.http.get("/ai/models", Listed)
        offered = [
            model(name, _price(facts))
            for name, facts in answer.models.items()
            if NAME.fullmatch(name) and _draws(facts) and self._allowed(facts)
        ]
        return offered[:MOST_MODELS]

    def _allowed(self, facts: Mapping[str, Any]) -> bool:
        level = self.settings.tier if isinstance(self.settings, Settings) else 0
        return level >= 0 and _tier(facts) < level + FREE_TIERS


def _question(request: ImageRequest) -> dict[str, Any]:
    question: dict[str, Any] = {"model": request.model.name, "prompt": request.prompt}
    if not request.model.by_size:
        return question | {"ratio": request.ratio.value}
    width, height = request.ratio.pixels(LONGEST)
    return question | {"width": width, "height": height, "count": request.count}


def _draws(facts: Any) -> bool:
    return isinstance(facts, Mapping) and facts.get("modality") == "image" and facts.get("status") == "work"


def _tier(facts: Mapping[str, Any]) -> int:
    """The place of a model in TIERS: told as a number or a word, by older lists as `paid`; the first when untold."""
    told = str(facts.get("tier", "")).casefold()
    if told in TIERS:
        return TIERS.index(told)
    if told.isdecimal():
        return int(told[:3])
    return TIERS.index("paid") if facts.get("paid") is True else 0


def _price(facts: Mapping[str, Any]) -> int:
    """The cost that the service names, as a number or in a string, in whole credits; 1 where it makes no sense."""
    try:
        cost = float(facts.get("cost", 1))
    except (TypeError, ValueError, OverflowError):
        return 1
    return math.ceil(cost) if 0 < cost <= DEAREST else 1


PROVIDER = OnlySq
