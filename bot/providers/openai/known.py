"""What is known of a model by its name alone: lists of models say hardly more than names."""

import re
from collections.abc import Mapping

from bot.images import AspectRatio, ImageModel
from bot.providers.openai.kinds import THREE_SIZES, Kind

MOST_MODELS = 50
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/@+-]{0,99}")
GPT = re.compile(r"(?:.*/)?(?:chat)?gpt-image-(?P<version>\d+)?")
DATED = re.compile(r"-\d{4}-\d\d-\d\d$")  # the same model once more, as it was on that day
DRAWS = re.compile(
    r"imag(e|in)|flux|sdxl|stable.?diffusion|\bsd[-_.]?(cpp|turbo|xl|\d)|dall-?e|dreamshaper|kandinsky|pixart|"
    r"recraft|ideogram|seedream|hidream|kolors|playground-v|nano-?banana",
    re.IGNORECASE,
)
OTHERWISE = re.compile(r"embed|caption|video|whisper|tts|audio|\bvl\b|vision|upscal", re.IGNORECASE)

# Credits a picture; the others of OpenAI are taken for the usual one.
PRICES: Mapping[str, int] = {"gpt-image-1-mini": 1, "gpt-image-2.5-sunburst": 10, "gpt-image-2.6-sunburst": 10}
USUAL_PRICE = 5
# Written as they write themselves; other names are taken apart at their hyphens.
WORDS = {"gpt": "GPT", "chatgpt": "ChatGPT", "sd": "SD", "sdxl": "SDXL", "xl": "XL"}
TITLES = {"sd-cpp-local": "Stable Diffusion"}  # the only name that stable-diffusion.cpp has for all it draws with


def described(server: str, kind: Kind, name: str) -> ImageModel:
    """The model `name` of the provider `server`."""
    gpt = is_gpt(kind, name)
    return ImageModel(
        key=f"{server}/{name}",
        title=title(name),
        ratios=tuple(AspectRatio) if kind.gpt and takes_any_size(name) else kind.ratios,
        price=PRICES.get(name, USUAL_PRICE) if gpt else kind.price,
        prompt_limit=32_000 if gpt else kind.prompt_limit,
        most=10 if gpt else kind.most,
        seed=kind.seed is not None,
        negative=kind.negative is not None,
        sources=16 if gpt else kind.sources,
    )


def is_gpt(kind: Kind, name: str) -> bool:
    """Whether this is one of OpenAI's own image models, which want some fields and refuse others."""
    return kind.gpt and GPT.match(name) is not None


def takes_any_size(name: str) -> bool:
    """Whether a model of OpenAI is one of those that draw more than three sizes."""
    found = GPT.match(name)
    return found is not None and int(found["version"] or 0) >= 2


def shape_of(kind: Kind, model: ImageModel, ratio: AspectRatio, longest: int) -> dict[str, str | int]:
    """The fields that say how wide and high; `longest` in pixels is for models that take any size."""
    if kind.shape == "ratio":
        return {"aspect_ratio": ratio.value}
    if kind.gpt and not takes_any_size(model.name):
        return {"size": THREE_SIZES[AspectRatio.nearest(*ratio.sides, tuple(THREE_SIZES))]}
    width, height = _gpt_pixels(ratio) if kind.gpt else ratio.pixels(longest, 64)
    return {"width": width, "height": height} if kind.shape == "sides" else {"size": f"{width}x{height}"}


def _gpt_pixels(ratio: AspectRatio) -> tuple[int, int]:
    """About as many pixels as the three sizes of the older ones have: more cost more."""
    return ratio.pixels(1024 if ratio is AspectRatio.SQUARE else 1536, 16)


def draws(name: str) -> bool:
    """Whether a model looks like one for pictures, and not like a dated copy of another."""
    return bool(DRAWS.search(name)) and not OTHERWISE.search(name) and not DATED.search(name)


def title(name: str) -> str:
    """A name as people read it: the part after the last slash, in words."""
    last = name.rpartition("/")[2]
    return TITLES.get(last) or " ".join(
        WORDS.get(word.casefold(), word if word[:1].isupper() else word[:1].upper() + word[1:])
        for word in re.split(r"[-_]", last)
        if word
    )
