"""Whether a model can do what was wished. Pure: no I/O, no clock."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from bot.images import AspectRatio, ImageModel
from bot.imagine.grammar import WishError
from bot.imagine.rules import Wish, negative_in_words

# So many models are listed in a sentence; /settings shows them all.
LISTED = 8


@dataclass(frozen=True, slots=True)
class Order:
    """A wish with everything decided: this model can draw it."""

    model: ImageModel
    prompt: str
    negative: str | None
    ratio: AspectRatio
    seed: int | None
    count: int


def fitting(ratio: AspectRatio, model: ImageModel) -> AspectRatio:
    """The ratio itself where the model draws it, else the nearest that it does."""
    return ratio if ratio in model.ratios else AspectRatio.nearest(*ratio.sides, among=model.ratios)


def order(wish: Wish, model: ImageModel, preferred: AspectRatio) -> Order:
    """Decide everything that was not typed.

    `preferred` is the ratio of someone who typed none; it yields to what the model can. What was typed does not:
    raises WishError with the nearest wish that the model can draw.
    """
    _check_length(wish, model)
    _check_ratio(wish, model)
    _check_seed(wish, model)
    ratio = wish.ratio or fitting(preferred, model)
    return Order(model, wish.prompt, wish.negative, ratio, wish.seed, wish.count)


def unknown_model(wish: Wish, nearest: ImageModel | None, offered: Sequence[ImageModel]) -> WishError:
    """The error for a model that is not offered."""
    allowed = ", ".join(model.key for model in offered[:LISTED]) + (" …" if len(offered) > LISTED else "")
    mended = replace(wish, model=nearest.key) if nearest else None
    fix = f"--model {nearest.key}" if nearest else ""
    return WishError("imagine-unknown-model", mended, fix, model=(wish.model or "")[:60], allowed=allowed)


def means(words: str, model: ImageModel) -> bool:
    """Whether `words` name this model without doubt: its key, its name without the service, or its title."""
    return words.casefold() in (model.key.casefold(), model.name.casefold(), model.title.casefold())


def listed(ratios: Iterable[AspectRatio]) -> str:
    """Ratios as they are typed."""
    return " ".join(ratio.value for ratio in ratios)


def _check_length(wish: Wish, model: ImageModel) -> None:
    said = wish.prompt if model.negative else negative_in_words(wish.prompt, wish.negative)
    longest = max(len(said), len(wish.negative or ""))
    if longest > model.prompt_limit:
        raise WishError("imagine-too-long", model=model.title, length=longest, limit=model.prompt_limit)


def _check_ratio(wish: Wish, model: ImageModel) -> None:
    if wish.ratio and wish.ratio not in model.ratios:
        near = fitting(wish.ratio, model)
        mended = replace(wish, ratio=near)
        allowed = listed(model.ratios)
        raise WishError("imagine-ratio-not-here", mended, f"--ar {near}", model=model.title, allowed=allowed)


def _check_seed(wish: Wish, model: ImageModel) -> None:
    if wish.seed is not None and not model.seed:
        raise WishError("imagine-no-seed", replace(wish, seed=None), "", model=model.title)
