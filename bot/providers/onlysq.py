"""OnlySq: https://docs.onlysq.ru. Free to use with the documented shared key, so asking twice costs nothing."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from pydantic import BaseModel, Field, SecretStr
from pydantic_settings import SettingsConfigDict

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


class Settings(ServiceSettings):
    """ONLYSQ_API_KEY and ONLYSQ_BASE_URL."""

    model_config = SettingsConfigDict(env_prefix="ONLYSQ_")

    api_key: SecretStr | None = Field(
        SecretStr("openai"),
        description="OnlySq: `openai` is the key that it publishes for everybody, `off` turns it off.",
    )
    base_url: BaseUrl = Field("https://api.onlysq.ru", description="Another address of OnlySq.")


class Drawn(BaseModel):
    """POST /ai/imagen. Everything but the pictures varies between versions of the service."""

    files: list[Picture] = []


class Listed(BaseModel):
    """GET /ai/models: what each model is, by its name."""

    models: dict[str, Any] = Field(default_factory=dict)


def model(name: str) -> ImageModel:
    """What the service says nowhere but in its documents: ratios for all, sizes and counts for the older ones."""
    by_size = name in BY_SIZE
    title = " ".join(WORDS.get(word, word.capitalize()) for word in name.split("-"))
    return ImageModel(f"onlysq/{name}", title, by_size=by_size, most=4 if by_size else 1)


class OnlySq(Provider):
    """Every model draws all eleven ratios; none takes a seed or a negative prompt."""

    key = "onlysq"
    title = "OnlySq"
    repeatable = True
    Settings = Settings
    shipped: ClassVar[Sequence[ImageModel]] = (model("flux"),)

    async def generate(self, request: ImageRequest, ticket: Ticket) -> list[GeneratedImage]:
        """One blocking call; the pictures come as base64 in the answer."""
        drawn = await self.http.post("/ai/imagen", _question(request), Drawn)
        return await self.http.images(drawn.files, request.count)

    async def listed(self) -> Sequence[ImageModel]:
        """The image models that work today."""
        answer = await self.http.get("/ai/models", Listed)
        names = [name for name, facts in answer.models.items() if NAME.fullmatch(name) and _draws(facts)]
        return [model(name) for name in names[:MOST_MODELS]]


def _question(request: ImageRequest) -> dict[str, Any]:
    question: dict[str, Any] = {"model": request.model.name, "prompt": request.prompt}
    if not request.model.by_size:
        return question | {"ratio": request.ratio.value}
    width, height = request.ratio.pixels(LONGEST)
    return question | {"width": width, "height": height, "count": request.count}


def _draws(facts: Any) -> bool:
    return isinstance(facts, Mapping) and facts.get("modality") == "image" and facts.get("status") == "work"


PROVIDER = OnlySq
