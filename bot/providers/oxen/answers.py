"""What Oxen.ai answers: pictures under many names, orders in its queue, and errors that need a second look."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Annotated, Any

from pydantic import BaseModel, Field, StringConstraints, model_validator

from bot.errors import Cause, ProviderError, Refused
from bot.http import Picture

# Where pictures were seen, in the order in which they are believed.
PLACES = ("images", "data", "output", "image", "image_url", "url")
MOST_PICTURES = 10

# What it says about the picture that is to be changed. A "403" in such a text is none of our key.
ABOUT_SOURCES = (
    (re.compile(r"\b4\d\d client error: .{0,40} for url", re.IGNORECASE), Cause.SOURCE_GONE),
    (
        re.compile(
            r"""data.{0,2}ur[il] | data:image
            | (invalid|unsupported|corrupt\w*|bad).{0,20}\ (image|picture|file)
            | (cannot|could\ not|unable\ to|failed\ to)\ \w+.{0,20}\ (image|picture|file)
            | (image|picture|file).{0,30}(too\ (large|big|small)|unsupported|corrupt|not\ supported|invalid)""",
            re.IGNORECASE | re.VERBOSE,
        ),
        Cause.SOURCE_UNFIT,
    ),
)
SURE = frozenset({Cause.PROMPT_REFUSED, Cause.NO_FUNDS, Cause.PROMPT_TOO_LONG})

OrderId = Annotated[str, StringConstraints(pattern=r"\A[A-Za-z0-9_-]{1,100}\z")]


class Drawn(BaseModel):
    """POST /api/ai/images/generate and /edit, in the present form and in older ones."""

    pictures: list[Picture] = []

    @model_validator(mode="before")
    @classmethod
    def _gathered(cls, answer: Any) -> Any:
        if not isinstance(answer, Mapping):
            return answer
        found: Any = next((answer[place] for place in PLACES if answer.get(place)), [])
        return {"pictures": (found if isinstance(found, list) else [found])[:MOST_PICTURES]}


class Order(BaseModel):
    """GET /api/ai/queue/:id: how it goes, and where the picture is once it is there."""

    status: str
    result_url: str | None = None
    error_message: Any = None


class Ordered(BaseModel):
    """One order that was accepted."""

    generation_id: OrderId


class Accepted(BaseModel):
    """POST /api/ai/queue: as many orders as were asked for, or none, for a reason that stands beside them."""

    generations: list[Ordered] = Field(default_factory=list)


@contextmanager
def about_sources(*, given: bool) -> Iterator[None]:
    """Where pictures were `given`, an error about them is told as one. Raises ProviderError."""
    try:
        yield
    except ProviderError as error:
        cause = next((cause for words, cause in ABOUT_SOURCES if words.search(error.detail)), None)
        if not given or cause is None or error.cause in SURE:
            raise
        refused = Refused(cause, error.detail)
        refused.status = error.status
        raise refused from error
