"""What one model of Oxen.ai takes: read out of its `request_schema`, remembered, and used to ask for a picture.

The schema is somebody else's word: a part of it that is not understood is as if it were not there.
"""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from bot.images import AspectRatio, ImageRequest
from bot.providers.oxen.slot import Plain, Slot

# The fields that are spoken of here. Of all others only those matter that must be filled.
PROMPT = "prompt"
RATIO = "aspect_ratio"
SIZES = ("size", "image_size", "resolution")
SEED = "seed"
NEGATIVE = "negative_prompt"
STEPS = "num_inference_steps"
COUNT = "num_images"
FORMAT = "output_format"
SOURCES = ("input_image", "input_images")
KNOWN = frozenset({PROMPT, RATIO, *SIZES, SEED, NEGATIVE, STEPS, COUNT, FORMAT, *SOURCES})
ASKED = frozenset({PROMPT, "model", *SOURCES})  # filled by the request itself

FORMATS = ("png", "jpeg", "jpg")  # by preference; many models make WebP otherwise, which chats do not show well
RATIOS = ("1:1", "16:9", "9:16", "4:3", "3:4")  # in the documents, for models that take a ratio and list none

MOST_FIELDS = 100
MOST_REQUIRED = 20
LONGEST_NAME = 40
MOST_PICTURES = 4
MOST_SOURCES = 4
PROMPT_LIMITS = range(100, 100_001)  # what is believed of a limit


class Schema(BaseModel):
    """All fields of a model, by name, and the names of those that must be filled."""

    model_config = ConfigDict(frozen=True)

    fields: dict[str, Slot] = {}
    required: tuple[str, ...] = ()

    @classmethod
    def read(cls, told: Any) -> "Schema | None":
        """A JSON Schema as the service tells it; None where it is none."""
        properties = told.get("properties") if isinstance(told, Mapping) else None
        if not isinstance(properties, Mapping) or not properties:
            return None
        some = [(name, said) for name, said in properties.items() if _is_name(name)][:MOST_FIELDS]
        fields = {name: Slot.read(said) for name, said in some if not _traps(name, said)}
        names = told.get("required")
        required = [name for name in names if _is_name(name)] if isinstance(names, list) else []
        return cls(fields=fields, required=tuple(required[:MOST_REQUIRED]))

    @classmethod
    def remembered(cls, memo: str) -> "Schema | None":
        """What `memo` keeps; None where nothing was kept, or by another version."""
        try:
            return cls.model_validate_json(memo) if memo else None
        except ValidationError:
            return None

    def memo(self) -> str:
        """As text, without what is never sent."""
        kept = {name: slot for name, slot in self.fields.items() if name in KNOWN or name in self.required}
        return Schema(fields=kept, required=self.required).model_dump_json(exclude_defaults=True)

    @property
    def draws(self) -> bool:
        """Whether it makes pictures of words, or changes pictures by words.

        What needs a picture and no words enlarges or cuts out. What must be told more cannot be asked.
        """
        told = all(name in ASKED or self.slot(name).filling is not None for name in self.required)
        return told and PROMPT in self.fields and (self.from_words or PROMPT in self.required)

    @property
    def from_words(self) -> bool:
        """Whether it draws without a picture to change."""
        return not any(name in self.required for name in SOURCES)

    @property
    def sources(self) -> int:
        """How many pictures it can take to change."""
        slot = self.fields.get(self._source)
        if slot is None or slot.kind != "array":
            return 0 if slot is None else 1
        return min(slot.items or MOST_SOURCES, MOST_SOURCES)

    @property
    def most(self) -> int:
        """How many pictures one call may bring."""
        high = self.slot(COUNT).high
        most = MOST_PICTURES if high is None else int(high)
        return max(1, min(most, MOST_PICTURES)) if COUNT in self.fields else 1

    @property
    def ratios(self) -> tuple[AspectRatio, ...]:
        """What can be asked for. A model that takes no shape has one of its own: most draw squares."""
        shapes = self._shapes()
        return tuple(ratio for ratio in AspectRatio if ratio in shapes) or (AspectRatio.SQUARE,)

    def prompt_limit(self, usual: int) -> int:
        """How long a prompt may be, in characters; `usual` where that is not said."""
        length = self.slot(PROMPT).length
        return length if length is not None and length in PROMPT_LIMITS else usual

    def slot(self, name: str) -> Slot:
        """The field of this name; one that takes nothing where the model has none."""
        return self.fields.get(name, Slot())

    def wishes(self, request: ImageRequest, steps: int | None) -> dict[str, Any]:
        """What to send beside the prompt and the pictures; `steps` is the operator's wish."""
        sent: dict[str, Any] = {name: self.slot(name).filling for name in self.required if name not in ASKED}
        sent |= self._shapes().get(request.ratio, {})
        sent[FORMAT] = next((name for name in FORMATS if name in self.slot(FORMAT).values), sent.get(FORMAT))
        if request.seed is not None:
            sent[SEED] = self.slot(SEED).folded(request.seed)
        if request.negative:
            sent[NEGATIVE] = request.negative[: self.slot(NEGATIVE).length]
        if request.count > 1:
            sent[COUNT] = min(request.count, self.most)
        if steps is not None:
            sent[STEPS] = self.slot(STEPS).bounded(steps)
        return {name: value for name, value in sent.items() if name in self.fields and value is not None}

    def with_sources(self, addresses: list[str]) -> dict[str, Any]:
        """The pictures to change, under the name and in the form that the model takes."""
        many = self.slot(self._source).kind == "array"
        return {self._source: addresses[: self.sources] if many else addresses[0]} if self._source else {}

    @property
    def _source(self) -> str:
        return next((name for name in SOURCES if name in self.fields), "")

    def _shapes(self) -> Mapping[AspectRatio, dict[str, Plain]]:
        """For each ratio the field that asks for it, with its value."""
        bare = RATIO in self.fields and not self.slot(RATIO).values
        for name in (RATIO, *SIZES):
            slot = Slot(values=RATIOS) if bare else self.slot(name)
            if found := slot.by_ratio():
                return {ratio: {name: value} for ratio, value in found.items()}
        return {}


def _is_name(told: Any) -> bool:
    return isinstance(told, str) and 0 < len(told) <= LONGEST_NAME and told.isprintable()


def _traps(name: str, said: Any) -> bool:
    """A hidden count is no offer: there all pictures are billed and only the first is returned."""
    return name == COUNT and isinstance(said, Mapping) and said.get("x-hidden") is True
