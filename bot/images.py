"""The shared words: what a picture is asked for and what comes back. No I/O here."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path


class AspectRatio(StrEnum):
    """Width to height as people write it. Sizes in pixels are computed from it, never stored."""

    SQUARE = "1:1"
    WIDE = "16:9"
    ULTRAWIDE = "21:9"
    CLASSIC = "3:2"
    CLASSIC_TALL = "2:3"
    PORTRAIT = "4:5"
    LANDSCAPE = "5:4"
    STANDARD_TALL = "3:4"
    STANDARD = "4:3"
    TALL = "9:16"
    ULTRATALL = "9:21"

    @property
    def sides(self) -> tuple[int, int]:
        """Width and height in the smallest whole numbers."""
        width, height = self.value.split(":")
        return int(width), int(height)

    def pixels(self, longest: int, multiple: int = 8) -> tuple[int, int]:
        """Width and height in pixels: the longer side is `longest`, both are multiples of `multiple`."""
        width, height = self.sides
        scale = longest / max(width, height)
        return _rounded(width * scale, multiple), _rounded(height * scale, multiple)

    @classmethod
    def nearest(cls, width: int, height: int, among: "Sequence[AspectRatio] | None" = None) -> "AspectRatio":
        """The ratio whose shape is closest to `width` x `height`, compared by the logarithm of the quotient."""
        wished = math.log(width / height)
        return min(among or tuple(cls), key=lambda ratio: abs(math.log(ratio.sides[0] / ratio.sides[1]) - wished))


def _rounded(value: float, multiple: int) -> int:
    return max(multiple, round(value / multiple) * multiple)


class ImageFormat(StrEnum):
    """The three formats that are accepted, as told by their magic bytes."""

    PNG = "png"
    JPEG = "jpeg"
    WEBP = "webp"

    @property
    def suffix(self) -> str:
        """The usual ending of a file name, with its dot."""
        return ".jpg" if self is ImageFormat.JPEG else f".{self.value}"


def service_of(key: str) -> str:
    """The key of the service in that of a model."""
    return key.partition("/")[0]


@dataclass(frozen=True, slots=True)
class ImageModel:
    """One model of one service. Capabilities are data: keyboards, checks and requests are built from them.

    `key` is `provider/model`; `price` in credits a picture; `prompt_limit` in characters; `most` is how many
    pictures one call may return; `by_size` marks models that take width and height instead of a ratio. `sources` is
    how many pictures it can take to change (0: none), `from_words` whether it also draws without any. `memo` is for
    the adapter alone: what it must know about the model when it asks.
    """

    key: str
    title: str
    ratios: tuple[AspectRatio, ...] = tuple(AspectRatio)
    price: int = 1
    prompt_limit: int = 2000
    most: int = 1
    seed: bool = False
    negative: bool = False
    by_size: bool = False
    sources: int = 0
    from_words: bool = True
    memo: str = ""

    @property
    def provider(self) -> str:
        """The part of the key before the slash: which service draws."""
        return service_of(self.key)

    @property
    def name(self) -> str:
        """The part of the key after the first slash: the service's own name of the model."""
        return self.key.partition("/")[2]


@dataclass(frozen=True, slots=True)
class ImageRequest:
    """What a provider is asked for: no person, no chat, no money in it.

    `sources` are the pictures to change: PNG or JPEG, checked and free of metadata.
    """

    model: ImageModel
    prompt: str
    ratio: AspectRatio
    negative: str | None = None
    count: int = 1
    seed: int | None = None
    sources: tuple[Path, ...] = ()


@dataclass(frozen=True, slots=True)
class GeneratedImage:
    """A picture on disk, sniffed: `width` and `height` in pixels, `size` in bytes.

    `original` is the file that it stands for, where that is another one: see-through, or as the service sent it.
    With a `key` both files are sealed (see bot/sealed.py); `size` is that of what is in it.
    """

    path: Path
    format: ImageFormat
    width: int
    height: int
    size: int
    transparent: bool = False
    original: Path | None = None
    key: bytes | None = field(default=None, repr=False)
