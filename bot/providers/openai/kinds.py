"""How the servers that speak OpenAI's words differ from OpenAI. Each kind is a handful of switches, nothing more."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from bot.images import AspectRatio

THREE_SIZES: Mapping[AspectRatio, str] = {
    AspectRatio.SQUARE: "1024x1024",
    AspectRatio.CLASSIC: "1536x1024",
    AspectRatio.CLASSIC_TALL: "1024x1536",
}

# Arguments that stable-diffusion.cpp reads out of a prompt. Ours go in; those of other people never do.
TAG = "sd_cpp_extra_args"

Name = Literal["openai", "litellm", "localai", "sdcpp", "together", "xai", "plain"]


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of server. What is None is not sent; a `tag` is JSON inside the prompt, the only way in for some.

    `home` is its address where all its users share one, `shipped` the models it surely has. `reply` is the wished
    `response_format`. `shape` is how the ratio is said. `taboo` is what a person's words may not hold, because the
    server would take it for an order. `draws_only`: whatever it lists is a model for pictures.
    """

    home: str = ""
    shipped: tuple[str, ...] = ()
    reply: Literal["b64_json", "base64"] | None = None
    shape: Literal["size", "sides", "ratio"] = "size"
    ratios: tuple[AspectRatio, ...] = tuple(AspectRatio)
    edits: Literal["form", "json"] | None = None
    sources: int = 0
    negative: Literal["bar", "field", "tag"] | None = None
    seed: Literal["field", "tag"] | None = None
    steps: Literal["steps", "step", "tag"] | None = None
    output: Literal["png"] | None = None
    most: int = 1
    price: int = 2
    prompt_limit: int = 2000
    taboo: re.Pattern[str] | None = None
    draws_only: bool = False
    gpt: bool = False
    """Models whose names begin with gpt-image are OpenAI's here, too."""

    def cleaned(self, words: str) -> str:
        """A person's words without what the server would obey."""
        return self.taboo.sub(" ", words).strip() if self.taboo else words


KINDS: Mapping[Name, Kind] = {
    "openai": Kind(
        home="https://api.openai.com",
        shipped=("gpt-image-1-mini", "gpt-image-2", "gpt-image-1.5", "gpt-image-2.5-flare", "gpt-image-2.5-sunburst"),
        ratios=tuple(THREE_SIZES),
        edits="form",
        gpt=True,
    ),
    # It hands on what it gets, and whoever is behind it may not know a field that OpenAI's models can do without.
    "litellm": Kind(ratios=tuple(THREE_SIZES), edits="form", gpt=True),
    # It splits the prompt at each bar. The pictures come along: addresses would name it as it calls itself.
    "localai": Kind(
        reply="b64_json",
        negative="bar",
        seed="field",
        steps="step",
        price=1,
        taboo=re.compile(r"\|+"),
    ),
    # The space that stands for what was taken out keeps the rest from growing together into a tag again. In <lora:…> it
    # reads the name of a file.
    "sdcpp": Kind(
        edits="form",
        sources=4,
        negative="tag",
        seed="tag",
        steps="tag",
        output="png",
        price=1,
        taboo=re.compile(rf"<{TAG}>.*?</{TAG}>|</?{TAG}>|{TAG}|<lora:[^>]*>|<lora:", re.DOTALL | re.IGNORECASE),
        draws_only=True,
    ),
    "together": Kind(
        home="https://api.together.xyz",
        shipped=("black-forest-labs/FLUX.1-schnell",),
        reply="base64",
        shape="sides",
        negative="field",
        seed="field",
        steps="steps",
        most=4,
    ),
    "xai": Kind(
        home="https://api.x.ai",
        shipped=("grok-imagine-image",),
        reply="b64_json",
        shape="ratio",
        ratios=(
            AspectRatio.SQUARE,
            AspectRatio.WIDE,
            AspectRatio.TALL,
            AspectRatio.STANDARD,
            AspectRatio.STANDARD_TALL,
            AspectRatio.CLASSIC,
            AspectRatio.CLASSIC_TALL,
        ),
        edits="json",
        sources=3,
        most=10,
        price=3,
        prompt_limit=4000,
    ),
    "plain": Kind(reply="b64_json"),
}
