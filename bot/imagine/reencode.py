"""Runs alone, with little memory and time, and looks into pictures: one question a line in, one answer a line out.

A question is {"path": …, "kind": "png", "after": "png", "longest": null}. With `longest` the picture is made anew as
`after` with sides of so many pixels at most; without, only where some chat would not show it. Where `after` is null
it is decoded, and nothing else.
An answer is {"shown": …, "original": …} or {"fault": cause, "detail": …}. The names in it say what lies beside `path`:
`clean` is the file without its notes and otherwise bit for bit the same, `flat` is re-encoded, null the file itself.

Only the first frame is looked at. Crafted files may crash or hang this process: its parent starts another one.
"""

import contextlib
import errno
import json
import resource
import signal
import sys
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from PIL import Image
from PIL.ImageFile import ImageFile
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile
from PIL.WebPImagePlugin import WebPImageFile

from bot.imagine.stripping import MOST_PROFILE, Broken, clean, mapped

MEMORY = 256 << 20  # bytes on top of what the program itself takes: fifty megapixels, and one at a quarter beside it
SECONDS = 8.0  # of processor time for one picture
FILE = 256 << 20  # bytes that may be written
MOST_PIXELS = 50_000_000
MOST_FLAT = 24_000_000  # pixels of a re-encoded picture; what has more is made smaller, because both must be in memory
STRIP = 32  # rows that are made flat at once

Answer = Mapping[str, str | None]

OPENERS: Mapping[str, type[ImageFile]] = {"png": PngImageFile, "jpeg": JpegImageFile, "webp": WebPImageFile}
OPTIONS: dict[str, dict[str, int]] = {"png": {"compress_level": 4}, "jpeg": {"quality": 95, "subsampling": 0}}
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT})


def main() -> None:
    """Answer until there are no more questions."""
    _limit_myself()
    warnings.simplefilter("error")
    for line in sys.stdin:
        signal.setitimer(signal.ITIMER_PROF, SECONDS)
        answer = _answer(json.loads(line))
        signal.setitimer(signal.ITIMER_PROF, 0)
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


def _limit_myself() -> None:
    # Whoever ends the bot lets it finish its pictures first; this process ends when there are no more questions.
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    limits = (
        (resource.RLIMIT_AS, _memory_now() + MEMORY),
        (resource.RLIMIT_FSIZE, FILE),
        (resource.RLIMIT_CORE, 0),
    )
    for kind, most in limits:
        # Some systems know a limit and do not let it be set; the time limit of the parent still stands.
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(kind, (most, most))


def _memory_now() -> int:
    """Bytes of address space that the interpreter takes; a fair guess where the system does not tell."""
    try:
        return int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    except OSError:
        return 64 << 20


def _answer(question: Mapping[str, Any]) -> Answer:
    try:
        return _looked_at(Path(question["path"]), **{name: question[name] for name in ("kind", "after", "longest")})
    except MemoryError:
        return {"fault": "picture-too-large", "detail": "needs too much memory"}
    except Exception as error:  # noqa: BLE001 whatever a decoder raises about a crafted file is the fault of the file
        no_room = isinstance(error, OSError) and error.errno in NO_ROOM
        return {"fault": "storage-full" if no_room else "not-a-picture", "detail": f"{type(error).__name__}: {error}"}


def _looked_at(path: Path, kind: str, after: str | None, longest: int | None) -> Answer:
    if after is None:
        return _decoded(path, kind)
    with mapped(path) as data:
        parts = clean(data, kind)
        name = parts.lay(data, path)
    if parts.ordinary and not longest:
        _decoded(_beside(path, name), kind)
        return {"shown": name, "original": name}
    with _opened(_beside(path, name), kind) as picture:
        flat = _made_anew(picture, longest)
        profile = picture.info.get("icc_profile") or b""  # None where parts of it are missing
    _save(_turned(flat, parts.orientation), _beside(path, "flat"), after, profile)
    # Without its note, a photo that was taken sideways lies on its side: it is no original to be had.
    clean_one = name if parts.pieces and parts.orientation == 1 else "flat"
    return {"shown": "flat", "original": clean_one}


def _decoded(path: Path, kind: str) -> Answer:
    with _opened(path, kind) as picture:
        picture.draft("L", (1, 1))  # all of a JPEG is read, and not more computed than needed for that
        picture.load()
    return {}


def _beside(path: Path, name: str | None) -> Path:
    return path.with_name(f"{path.name}-{name}") if name else path


def _opened(path: Path, kind: str) -> ImageFile:
    picture: ImageFile = OPENERS[kind](path)
    if picture.width * picture.height > MOST_PIXELS:
        raise Broken("more pixels than it said")
    return picture


def _made_anew(picture: ImageFile, longest: int | None) -> Image.Image:
    """Colors without transparency, on white, in a size for which there is memory."""
    if picture.width * picture.height > MOST_FLAT or longest:
        picture.draft(picture.mode, (longest or picture.width // 2, longest or picture.height // 2))
    picture.load()
    shrink = 1 if picture.width * picture.height <= MOST_FLAT else 2
    flat = Image.new("RGB", (-(-picture.width // shrink), -(-picture.height // shrink)))
    for top in range(0, picture.height, STRIP):
        strip = _flattened(picture.crop((0, top, picture.width, min(top + STRIP, picture.height))))
        flat.paste(strip.reduce(shrink) if shrink > 1 else strip, (0, top // shrink))
    if longest:
        flat.thumbnail((longest, longest))
    return flat


def _flattened(strip: Image.Image) -> Image.Image:
    if strip.mode == "I;16":  # numbers of two bytes, the higher one last
        return Image.frombytes("L", strip.size, strip.tobytes()[1::2]).convert("RGB")
    if "A" not in strip.mode and "transparency" not in strip.info:
        return strip.convert("RGB")
    clear = strip.convert("RGBA")
    flat = Image.new("RGB", clear.size, "white")
    flat.paste(clear, mask=clear.getchannel("A"))
    return flat


def _turned(picture: Image.Image, orientation: int) -> Image.Image:
    return picture.transpose(TURNS[orientation]) if orientation in TURNS else picture


def _save(picture: Image.Image, path: Path, kind: str, profile: bytes) -> None:
    options: dict[str, object] = {**OPTIONS[kind]}
    if len(profile) <= MOST_PROFILE and profile[16:20] == b"RGB ":
        options["icc_profile"] = profile
    picture.save(path, kind, **options)


if __name__ == "__main__":
    main()
