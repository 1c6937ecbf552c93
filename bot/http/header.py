"""What kind of picture a file is, told by its first bytes alone: no decoder ever runs on unchecked bytes."""

import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO

from bot.images import ImageFormat

PNG_MAGIC = b"\x89PNG\r\n\x1a\n"
MOST_CHUNKS = 5000  # before the picture itself; real files have a few dozen

# Start-of-frame markers of JPEG; C4, C8 and CC in the same range mean other things.
FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}


class NotAPicture(Exception):
    """Not a PNG, JPEG or WebP, or one that breaks off. The message says which, for the log."""


@dataclass(frozen=True, slots=True)
class Header:
    """What the first bytes promise: `width` and `height` in pixels.

    `transparent`: there may be something to see through; `lossless`: the compression loses nothing.
    """

    format: ImageFormat
    width: int
    height: int
    transparent: bool
    lossless: bool


def read_header(file: BinaryIO) -> Header:
    """Read the header of an open file. Raises NotAPicture."""
    magic = file.read(12)
    try:
        return _reader(magic)(file)
    except (struct.error, IndexError) as error:
        raise NotAPicture("breaks off in its header") from error


def _reader(magic: bytes) -> Callable[[BinaryIO], Header]:
    if magic.startswith(PNG_MAGIC):
        return _png
    if magic.startswith(b"\xff\xd8\xff"):
        return _jpeg
    if magic.startswith(b"RIFF") and magic[8:] == b"WEBP":
        return _webp
    raise NotAPicture(f"begins with {magic[:8].hex()}")


def _header(kind: ImageFormat, width: int, height: int, *, transparent: bool, lossless: bool) -> Header:
    if width < 1 or height < 1:
        raise NotAPicture("has no size")
    return Header(kind, width, height, transparent, lossless)


def _png(file: BinaryIO) -> Header:
    file.seek(8)
    length, name, width, height, _depth, color = struct.unpack(">I4sIIBB", file.read(18))
    if (length, name) != (13, b"IHDR"):
        raise NotAPicture("a PNG without its first chunk")
    transparent = color in (4, 6) or _png_has_clear_color(file)
    return _header(ImageFormat.PNG, width, height, transparent=transparent, lossless=True)


def _png_has_clear_color(file: BinaryIO) -> bool:
    position = 8
    for _ in range(MOST_CHUNKS):
        file.seek(position)
        length, name = struct.unpack(">I4s", file.read(8))
        if name in (b"IDAT", b"tRNS"):
            return bool(name == b"tRNS")
        position += 12 + length
    raise NotAPicture("a PNG with too many chunks")


def _jpeg(file: BinaryIO) -> Header:
    position, frame = 2, None
    for _ in range(MOST_CHUNKS):
        file.seek(position)
        mark, code, length = struct.unpack(">BBH", file.read(4))
        if mark != 0xFF:
            raise NotAPicture("a JPEG without order")
        if code in FRAMES:
            frame = struct.unpack(">xHH", file.read(5))
        if code == 0xDA:
            break
        # Any number of FF bytes may stand before a marker.
        position += 1 if code == 0xFF else 2 + length
    if frame is None:
        raise NotAPicture("a JPEG without a frame")
    return _header(ImageFormat.JPEG, frame[1], frame[0], transparent=False, lossless=False)


def _webp(file: BinaryIO) -> Header:
    file.seek(12)
    kind = file.read(4)
    body = file.read(14)[4:]
    width, height, transparent = _webp_frame(kind, body)
    lossless = kind == b"VP8L"
    return _header(ImageFormat.WEBP, width, height, transparent=transparent, lossless=lossless)


def _webp_frame(kind: bytes, body: bytes) -> tuple[int, int, bool]:
    """Width, height and transparency out of the first chunk, by its kind (RFC 9649, section 2)."""
    if kind == b"VP8X":
        return _int24(body, 4) + 1, _int24(body, 7) + 1, bool(body[0] & 0x10)
    if kind == b"VP8L" and body[0] == 0x2F:
        (bits,) = struct.unpack("<I", body[1:5])
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1, bool(bits >> 28 & 1)
    if kind == b"VP8 " and body[3:6] == b"\x9d\x01\x2a":
        width, height = struct.unpack("<HH", body[6:10])
        return width & 0x3FFF, height & 0x3FFF, False
    raise NotAPicture("a WebP of an unknown kind")


def _int24(data: bytes, at: int) -> int:
    return data[at] | data[at + 1] << 8 | data[at + 2] << 16
