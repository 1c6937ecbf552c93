"""Runs alone, in a process with little memory and time: reads one picture and writes it anew.

    python reencode.py SOURCE png|jpeg|webp TARGET png|jpeg LONGEST

LONGEST is the most pixels that a side may have, 0 for no end.
Only the first frame is taken, what is see-through becomes white, and nothing is kept of the notes inside the file
but its colour profile. Ends with 0, with 3 when memory ran out, with 1 for everything else.
"""

import contextlib
import resource
import sys
import warnings

from PIL import Image, ImageOps

MEMORY = 768 << 20  # bytes of address space: fifty megapixels, twice, and the interpreter
SECONDS = 10  # of processor time
FILE = 256 << 20  # bytes that may be written
MOST_PIXELS = 50_000_000
MOST_PROFILE = 1 << 20  # bytes of a colour profile
OPTIONS: dict[str, dict[str, int]] = {"png": {"compress_level": 4}, "jpeg": {"quality": 95, "subsampling": 0}}


def main(source: str, before: str, target: str, after: str, longest: str) -> int:
    """Re-encode; the exit code."""
    _limit_myself()
    try:
        _reencode(source, before, target, after, int(longest))
    except MemoryError:
        return 3
    return 0


def _limit_myself() -> None:
    limits = (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, SECONDS),
        (resource.RLIMIT_FSIZE, FILE),
        (resource.RLIMIT_CORE, 0),
    )
    for kind, most in limits:
        # Some systems know a limit and do not let it be set; the time limit of the parent still stands.
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(kind, (most, most))


def _reencode(source: str, before: str, target: str, after: str, longest: int) -> None:
    warnings.simplefilter("error")
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    with Image.open(source, formats=[before]) as picture:
        picture.load()
        profile = picture.info.get("icc_profile", b"")
        ImageOps.exif_transpose(picture, in_place=True)
        flat = _flattened(picture)
    if longest:
        flat.thumbnail((longest, longest))
    options: dict[str, object] = {**OPTIONS[after]}
    if 0 < len(profile) <= MOST_PROFILE:
        options["icc_profile"] = profile
    flat.save(target, after, **options)


def _flattened(picture: Image.Image) -> Image.Image:
    if picture.mode == "RGB" and "transparency" not in picture.info:
        return picture.copy()
    clear = picture.convert("RGBA")
    flat = Image.new("RGB", clear.size, "white")
    flat.paste(clear, mask=clear.getchannel("A"))
    return flat


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:6]))
