"""What stays of a picture file when everything is left out that is not the picture.

Nothing is decoded: notes, places, previews, and what is appended are left out, and the compressed picture stays bit for
bit as it was. Runs in the child, on files that may be crafted, so each loop has an end.
"""

import re
import struct
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from mmap import mmap

Data = bytes | mmap
Piece = slice | bytes

MOST_CHUNKS = 20_000  # of one file: fifty megabytes in the smallest that programs write are 6,400
MOST_PROFILE = 1 << 20  # bytes of a color profile
MOST_WORK = 1_000_000_000  # pixels times passes over them; each pass of a progressive JPEG may be a few bytes long

PNG_COLORS = frozenset({b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"cICP", b"pHYs"})
PNG_PICTURE = frozenset({b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"})
PNG_ORDINARY = frozenset({0, 2, 3})  # gray, colors, palette: without transparency

JPEG_ORDINARY = frozenset({0xC0, 0xC1, 0xC2})
JPEG_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
JPEG_TABLES = frozenset({0xC4, 0xCC, 0xDB, 0xDC, 0xDD})
START, END, SCAN, APP0, APP1, APP2, APP14 = 0xD8, 0xD9, 0xDA, 0xE0, 0xE1, 0xE2, 0xEE
# That ends a scan: not a stuffed zero, not a restart. Each may follow any number of FF.
MARKER = re.compile(rb"(?<!\xff)\xff++[\x01-\xcf\xd8-\xfe]")
ADOBE = 12  # bytes that say how colors are meant; behind them there may be anything
ORIENTATION = 0x0112

WEBP_PICTURE = frozenset({b"VP8X", b"ICCP", b"ALPH", b"VP8 ", b"VP8L"})
WEBP_NOTES = 0x0C  # flags that there is EXIF or XMP


class Broken(Exception):
    """Not put together as its format says. The message is for the log."""


@dataclass(frozen=True, slots=True)
class Clean:
    """`pieces` put together are the file without its notes; none where it cannot be had without decoding.

    `ordinary`: every chat shows it as it is. `orientation` is how a camera was held, in the numbers of EXIF.
    """

    pieces: tuple[Piece, ...]
    ordinary: bool
    orientation: int = 1

    def changes(self, data: Data) -> bool:
        """Whether anything is left out."""
        return self.pieces != (slice(0, len(data)),)


def clean(data: Data, kind: str) -> Clean:
    """Take apart a whole file of `kind` png, jpeg or webp. Raises Broken."""
    readers: dict[str, Callable[[Data], Clean]] = {"png": _png, "jpeg": _jpeg, "webp": _webp}
    try:
        return readers[kind](data)
    except (struct.error, IndexError) as error:
        raise Broken("breaks off") from error


def _png(data: Data) -> Clean:
    kept: list[Piece] = [slice(0, 8)]
    seen: set[bytes] = set()
    for name, start, end in _png_chunks(data):
        if name == b"IHDR" and seen:
            raise Broken("a second header")
        seen.add(name)
        if name in PNG_PICTURE or (name in PNG_COLORS and _png_color_is_sound(data, name, start, end)):
            kept.append(slice(start, end))
    depth, color = data[24:26]
    ordinary = depth <= 8 and color in PNG_ORDINARY and b"tRNS" not in seen
    return Clean(_joined(kept), ordinary)


def _png_chunks(data: Data) -> Iterator[tuple[bytes, int, int]]:
    """Name, start and end of each chunk, up to the last. Those that the picture needs have the right checksum."""
    start = 8
    for _ in range(MOST_CHUNKS):
        length, name = struct.unpack(">I4s", data[start : start + 8])
        end = start + 12 + length
        if end > len(data) or (name in PNG_PICTURE and not _sum_is_right(data, start, end)):
            raise Broken("a chunk is damaged")
        yield name, start, end
        if name == b"IEND":
            return
        start = end
    raise Broken("too many chunks")


def _sum_is_right(data: Data, start: int, end: int) -> bool:
    with memoryview(data) as view:
        return zlib.crc32(view[start + 4 : end - 4]) == int.from_bytes(data[end - 4 : end])


def _png_color_is_sound(data: Data, name: bytes, start: int, end: int) -> bool:
    """Colors are a little off without it, which is better than a picture that programs stumble over."""
    if end - start > MOST_PROFILE or not _sum_is_right(data, start, end):
        return False
    return name != b"iCCP" or _unpacks_small(data[start + 8 : end - 4].partition(b"\0")[2][1:])


def _unpacks_small(packed: bytes) -> bool:
    try:
        return len(zlib.decompressobj().decompress(packed, MOST_PROFILE + 1)) <= MOST_PROFILE
    except zlib.error:
        return False


def _jpeg(data: Data) -> Clean:
    kept: list[Piece] = [slice(0, 2)]
    frames: list[tuple[int, int, int, int, int]] = []
    scans = orientation = 0
    segments = list(_jpeg_segments(data))
    profiled = sum(end - start for code, start, end in segments if code == APP2) <= MOST_PROFILE
    for code, start, end in segments:
        if code in JPEG_FRAMES:
            frames.append(struct.unpack(">BxxBHHB", data[start + 1 : start + 10]))
        scans += code == SCAN
        if code == APP1 and not orientation:
            orientation = _orientation(data[start + 4 : end])
        if code in JPEG_FRAMES | JPEG_TABLES | {SCAN, END}:
            kept.append(slice(start, end))
        elif profiled or code != APP2:
            kept += _jpeg_colors(data, code, start, end)
    if len(frames) != 1:
        raise Broken("not one frame")
    code, depth, height, width, parts = frames[0]
    if scans * width * height > MOST_WORK:
        raise Broken("too many passes")
    ordinary = code in JPEG_ORDINARY and depth == 8 and parts in (1, 3) and orientation in (0, 1)
    return Clean(_joined(kept), ordinary, orientation or 1)


def _jpeg_segments(data: Data) -> Iterator[tuple[int, int, int]]:
    """Code, start and end of each segment up to the end of the picture; that of a scan with all that it holds."""
    end = 2
    for _ in range(MOST_CHUNKS):
        start = end
        while data[start + 1] == 0xFF:
            start += 1  # any number of these may stand before a marker
        mark, code = data[start], data[start + 1]
        if mark != 0xFF or code < 0xC0 or code == START or 0xD0 <= code <= 0xD7:
            raise Broken("segments without order")
        end = start + 2 if code == END else start + 2 + int.from_bytes(data[start + 2 : start + 4])
        if code == SCAN:
            end = _scan_end(data, end)
        if end > len(data):
            raise Broken("breaks off")
        yield code, start, end
        if code == END:
            return
    raise Broken("too many segments")


def _scan_end(data: Data, start: int) -> int:
    found = MARKER.search(data, start)
    if found is None:
        raise Broken("breaks off")
    return found.start()


def _jpeg_colors(data: Data, code: int, start: int, end: int) -> list[Piece]:
    """What of a segment says how colors are meant. A preview may hide in the one of JFIF: then it is longer."""
    body = data[start + 4 : min(end, start + 16)]
    if code == APP14 and body.startswith(b"Adobe") and len(body) == ADOBE:
        longer = end > start + 4 + ADOBE
        return [struct.pack(">BBH", 0xFF, APP14, 2 + ADOBE) + body if longer else slice(start, end)]
    is_profile = code == APP2 and body.startswith(b"ICC_PROFILE\0")
    is_jfif = code == APP0 and body.startswith(b"JFIF\0") and end - start == 18
    return [slice(start, end)] if is_profile or is_jfif else []


def _orientation(note: bytes) -> int:
    """How the camera was held, 1 to 8; 0 where the note does not say."""
    if not note.startswith(b"Exif\0\0"):
        return 0
    tiff = note[6:]
    order = "<" if tiff.startswith(b"II") else ">"
    try:
        (first,) = struct.unpack_from(order + "4xI", tiff)
        (count,) = struct.unpack_from(order + "H", tiff, first)
        entries = (struct.unpack_from(order + "HHIH", tiff, first + 2 + 12 * index) for index in range(count))
        found = next((value for tag, kind, _, value in entries if (tag, kind) == (ORIENTATION, 3)), 0)
    except struct.error:
        return 0
    return found if 1 <= found <= 8 else 0


def _webp(data: Data) -> Clean:
    kept: list[Piece] = []
    for name, start, end in _webp_chunks(data):
        if name == b"ANIM":
            return Clean((), ordinary=False)
        if name == b"VP8X" and data[start + 8] & WEBP_NOTES:
            kept.append(data[start : start + 8] + bytes([data[start + 8] & ~WEBP_NOTES]) + data[start + 9 : end])
        elif name in WEBP_PICTURE:
            kept.append(slice(start, end))
    length = 4 + sum(piece.stop - piece.start if isinstance(piece, slice) else len(piece) for piece in kept)
    head = struct.pack("<4sI4s", b"RIFF", length, b"WEBP")
    return Clean(_joined([slice(0, 12) if data[:12] == head else head, *kept]), ordinary=False)


def _webp_chunks(data: Data) -> Iterator[tuple[bytes, int, int]]:
    start, whole = 12, min(len(data), int.from_bytes(data[4:8], "little") + 8)
    for _ in range(MOST_CHUNKS):
        if start + 8 > whole:
            return
        name, length = struct.unpack("<4sI", data[start : start + 8])
        end = start + 8 + length + length % 2
        if end > len(data):
            raise Broken("breaks off")
        yield name, start, end
        start = end
    raise Broken("too many chunks")


def _joined(kept: list[Piece]) -> tuple[Piece, ...]:
    """Neighbors as one."""
    joined: list[Piece] = []
    for piece in kept:
        last = joined[-1] if joined else None
        if isinstance(piece, slice) and isinstance(last, slice) and piece.start == last.stop:
            joined[-1] = slice(last.start, piece.stop)
        else:
            joined.append(piece)
    return tuple(joined)
