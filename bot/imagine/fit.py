"""What a model makes of a wish: what it cannot do is done as near as it can, and remembered as wished.

Pure: no I/O, no clock.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.errors import UserError
from bot.images import AspectRatio, ImageModel
from bot.imagine.grammar import ECHO, WishError
from bot.imagine.rules import AS_WISHED, Generation, Wish, Wished, said_to
from bot.presets.rules import PROMPT, Preset, negative_of
from bot.presets.service import Presets

# So many models are listed in a sentence; /settings shows them all.
LISTED = 8


@dataclass(frozen=True, slots=True)
class Order:
    """A wish with everything decided: this model can draw it. `wished` is what it does otherwise."""

    model: ImageModel
    prompt: str
    negative: str | None
    ratio: AspectRatio
    seed: int | None
    count: int
    wished: Wished = AS_WISHED
    sources: tuple[str, ...] = ()
    style: Preset | None = None


class Dearer(WishError):
    """What is asked for is not offered any more, and every other model that can draw it costs more: it is asked about.

    `model` is the one that would draw it.
    """

    def __init__(self, wish: Wish, gone: str, model: ImageModel) -> None:
        mended, fix = replace(wish, model=model.key), f"--model {model.key}"
        super().__init__("imagine-dearer", mended, fix, model=gone, other=model.title, price=model.price)
        self.model = model


def takes(model: ImageModel, asked: Wish | Generation) -> bool:
    """Whether the model draws from these pictures, or from words alone where there are none."""
    return len(asked.sources) <= model.sources if asked.sources else model.from_words


def able(model: ImageModel, asked: Wish | Generation) -> bool:
    """Whether the model can draw this at all: from these pictures, or from words alone, and from so many words."""
    return takes(model, asked) and _length(asked, model) <= model.prompt_limit


def fitting(ratio: AspectRatio, model: ImageModel) -> AspectRatio:
    """The ratio itself where the model draws it, else the nearest that it does."""
    return ratio if ratio in model.ratios else AspectRatio.nearest(*ratio.sides, among=model.ratios)


def order(wish: Wish, model: ImageModel, preferred: AspectRatio, instead_of: str | None = None) -> Order:
    """Decide everything that was not typed, and fit what was typed to the model.

    `preferred` is the ratio of someone who typed none: it yields to the model without a word, as the settings show it.
    `instead_of` is the key of the model that was wished, where this one stands in for it. Raises WishError for more
    words than the model takes: nobody but their author can say which ones matter.
    """
    if (length := _length(wish, model)) > model.prompt_limit:
        typed = _length(replace(wish, style=None), model)
        limit = max(0, typed + (model.prompt_limit - length) // _times(wish, model))
        raise WishError("imagine-too-long", model=model.title, length=typed, limit=limit)
    ratio = fitting(wish.ratio or preferred, model)
    wished = Wished(instead_of, _missed(wish.ratio, ratio), wish.seed)
    seed = wish.seed if model.seed else None
    return Order(model, wish.prompt, wish.negative, ratio, seed, wish.count, wished, wish.sources, wish.style)


def refit(generation: Generation, model: ImageModel) -> tuple[AspectRatio, int | None, Wished]:
    """Ratio, seed and what was wished instead, when another model is to draw what was accepted for one.

    Fitted to what was asked for at first, so nothing is lost by going from one model to the next.
    """
    asked, first = generation.wished, generation.wished.model or generation.model
    ratio = fitting(asked.ratio or generation.ratio, model)
    seed = asked.seed if generation.seed is None else generation.seed
    wished = Wished(first if first != model.key else None, _missed(asked.ratio or generation.ratio, ratio), asked.seed)
    return ratio, seed if model.seed else None, wished


def unknown_model(wish: Wish, nearest: ImageModel | None, offered: Sequence[ImageModel]) -> WishError:
    """The error for a model that is not offered."""
    allowed = ", ".join(model.key for model in offered[:LISTED]) + (" …" if len(offered) > LISTED else "")
    mended = replace(wish, model=nearest.key) if nearest else None
    fix = f"--model {nearest.key}" if nearest else ""
    return WishError("imagine-unknown-model", mended, fix, model=(wish.model or "")[:60], allowed=allowed)


def unknown_preset(wish: Wish, presets: Presets) -> WishError:
    """The error for a preset that is not offered."""
    names = [preset.name for preset in presets.offered()]
    if not names:
        return WishError("imagine-no-presets", replace(wish, preset=None))
    close = presets.nearest(wish.preset or "")
    mended, fix = (replace(wish, preset=close.name), f"--preset {close.name}") if close else (None, "")
    allowed = ", ".join(names[:LISTED]) + (" …" if len(names) > LISTED else "")
    return WishError("imagine-unknown-preset", mended, fix, preset=(wish.preset or "")[:ECHO], allowed=allowed)


def unfit(wish: Wish, model: ImageModel, offered: Sequence[ImageModel]) -> UserError:
    """The error for a model that does not take these pictures, or takes no words alone; with one that does."""
    if model.sources and wish.sources:
        return WishError(
            "imagine-second-picture", replace(wish, sources=wish.sources[: model.sources]), model=model.title
        )
    other = min((each for each in offered if takes(each, wish)), key=lambda each: each.price, default=None)
    if other is None:
        return UserError("imagine-no-editor" if wish.sources else "imagine-no-model")
    mended, fix = replace(wish, model=other.key), f"--model {other.key}"
    if not wish.sources:
        return WishError("imagine-needs-picture", mended, fix, model=model.title)
    return WishError("imagine-edit-offer", mended, fix, model=model.title, other=other.title, price=other.price)


def means(words: str, model: ImageModel) -> bool:
    """Whether `words` name this model without doubt: its key, its name without the service, or its title."""
    return words.casefold() in (model.key.casefold(), model.name.casefold(), model.title.casefold())


def _missed(wished: AspectRatio | None, drawn: AspectRatio) -> AspectRatio | None:
    return wished if wished != drawn else None


def _times(wish: Wish, model: ImageModel) -> int:
    """How often each typed letter counts: a preset may say the words several times."""
    says = wish.style.words.count(PROMPT) if wish.style else 1
    return max(1, says) if len(said_to(model, wish)) == _length(wish, model) else 1


def _length(asked: Wish | Generation, model: ImageModel) -> int:
    """Characters that must fit: what should not be there is said in words where the model has no field for it."""
    return max(len(said_to(model, asked)), len(negative_of(asked.style, asked.negative) or ""))
