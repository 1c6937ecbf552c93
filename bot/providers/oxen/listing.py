"""The models of Oxen.ai: from its list, whose every word is doubted, to what can be offered."""

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, Field

from bot.images import AspectRatio, ImageModel
from bot.providers.oxen.schema import Schema

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,60}")
LONGEST_TITLE = 60
PROMPT_LIMIT = 2000

# Without a schema only names tell what does not draw from words.
TOOLS = re.compile(r"upscal|topaz|edit|background|image-to-image", re.IGNORECASE)

CENT = 100  # a credit for each cent that has begun
UNKNOWN_PRICE = 5
DEAREST = 1000


class Listed(BaseModel):
    """GET /api/ai/models: models of all kinds."""

    data: list[Any] = Field(default_factory=list)


class Detail(BaseModel):
    """GET /api/ai/models/:id: as in the list, and with its schema in any case."""

    request_schema: Any = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One image model of the list; `schema` is None as long as the service did not tell it."""

    name: str
    title: str
    pricing: Mapping[str, Any]
    schema: Schema | None

    @classmethod
    def read(cls, told: Any) -> "Entry | None":
        """An entry of the list; None where it is no image model, or nothing that can be asked for."""
        if not isinstance(told, Mapping) or not _makes_images(told.get("capabilities")):
            return None
        name = told.get("id")
        if not isinstance(name, str) or not NAME.fullmatch(name):
            return None
        pricing = told.get("pricing")
        schema = Schema.read(told.get("request_schema"))
        return cls(
            name, _title(told.get("display_name"), name), pricing if isinstance(pricing, Mapping) else {}, schema
        )

    def model(self) -> ImageModel | None:
        """What can be offered; None for what draws nothing that people ask for in words."""
        key, schema = f"oxen/{self.name}", self.schema
        price = _price(self.pricing, schema or Schema())
        if schema is None:
            # Of those that take a ratio most draw wide pictures when they are not asked.
            plain = ImageModel(key, self.title, ratios=(AspectRatio.WIDE,), price=price, prompt_limit=PROMPT_LIMIT)
            return None if TOOLS.search(self.name) else plain
        if not schema.draws:
            return None
        return ImageModel(
            key,
            self.title,
            ratios=schema.ratios,
            price=price,
            prompt_limit=schema.prompt_limit(PROMPT_LIMIT),
            most=schema.most,
            seed="seed" in schema.fields,
            negative="negative_prompt" in schema.fields,
            sources=schema.sources,
            from_words=schema.from_words,
            memo=schema.memo(),
        )


def _makes_images(told: Any) -> bool:
    output = told.get("output") if isinstance(told, Mapping) else None
    return isinstance(output, list) and "image" in output


def _title(told: Any, name: str) -> str:
    words = " ".join(told.split()) if isinstance(told, str) else ""
    fits = 0 < len(words) <= LONGEST_TITLE and words.isprintable()
    return words if fits else " ".join(word.capitalize() for word in name.split("-"))


def _price(pricing: Mapping[str, Any], schema: Schema) -> int:
    """Credits a picture: one for each cent of a dollar that has begun."""
    dollars = next(_costs([pricing.get("cost_per_image")]), None) or _in_grid(
        pricing.get("cost_per_image_grid"), schema
    )
    return min(max(1, math.ceil(round(dollars * CENT, 6))), DEAREST) if dollars else UNKNOWN_PRICE


def _in_grid(grid: Any, schema: Schema) -> float:
    """The cost at the quality and size that the model takes by itself, else the highest of all."""
    if not isinstance(grid, Mapping):
        return 0.0
    quality = grid.get(schema.slot("quality").default)
    rows = [quality] if isinstance(quality, Mapping) else [row for row in grid.values() if isinstance(row, Mapping)]
    usual = [row.get(schema.slot(name).default) for row in rows for name in ("resolution", "size")]
    return max(_costs(usual), default=0.0) or max(_costs([cost for row in rows for cost in row.values()]), default=0.0)


def _costs(told: list[Any]) -> Iterator[float]:
    for cost in told:
        if isinstance(cost, int | float) and not isinstance(cost, bool) and 0 < cost < DEAREST:
            yield float(cost)
