"""What stays of a picture file when everything is left out that is not the picture.

Nothing is decoded: notes, places, previews, and what is appended are left out, and the compressed picture stays bit for
bit as it was. Files may be crafted: each loop has an end, none goes over single bytes, and none lets others wait long.
"""

import re
import struct
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from mmap import ACCESS_READ, mmap
from pathlib import Path
from typing import Literal

Data = bytes | mmap
Piece = slice | bytes

MOST_CHUNKS = 20_000  # of one file: fifty megabytes in the smallest that programs write are 6,400
MOST_PROFILE = 1 << 20  # bytes of a color profile
MOST_WORK = 1_000_000_000  # pixels times passes over them; each pass of a progressive JPEG may be a few bytes long

PNG_COLORS = frozenset({b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"cICP", b"pHYs"})
PNG_PICTURE = frozenset({b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"})
PNG_ORDINARY = frozenset({0, 2, 3})  # gray, colors, palette: without transparency
PNG_DEPTHS = {0: (1, 2, 4, 8), 2: (8,), 3: (1, 2, 4, 8)}  # bits of a sample
PNG_ORDER = re.compile(rb"IHDR(?:PLTE)?(?:IDAT)++IEND")
PALETTE = 3  # a color type, and how many bytes a color of it has
LONGEST = 1 << 16  # pixels of a side; of longer ones not even a few rows are sure to be decoded
DENSEST = 1032  # times smaller than before is the most that zlib makes anything

JPEG_ORDINARY = frozenset({0xC0, 0xC1, 0xC2})
JPEG_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
JPEG_TABLES = frozenset({0xC4, 0xCC, 0xDB, 0xDC, 0xDD})
JPEG_RESTARTS = frozenset(range(0xD0, 0xD8))
HUFFMAN, START, END, SCAN, APP0, APP1, APP2, APP14 = 0xC4, 0xD8, 0xD9, 0xDA, 0xE0, 0xE1, 0xE2, 0xEE
JPEG_BARE = JPEG_RESTARTS | {END}  # markers with no length behind them
JPEG_PICTURE = JPEG_FRAMES | JPEG_TABLES | JPEG_RESTARTS | {SCAN, END}
# That ends a scan: not a stuffed zero. Each begins with a plain byte, which is looked for fifty times as fast.
MARKER = re.compile(rb"\xff[\x01-\xcf\xd8-\xfe]")
MARKER_OR_RESTART = re.compile(rb"\xff[\x01-\xfe]")
FILL = re.compile(rb"\xff*+")  # any number may stand before a marker
BLOCK = 1 << 18  # bytes that are searched before others get their turn
# Codes of the segments: tables for colors and codes before the first scan, and no restarts.
JPEG_ORDER = re.compile(rb"(?=[^\xda]*\xdb)(?=[^\xda]*\xc4)[\xc4\xdb]*[\xc0-\xc2][\xc4\xdb]*\xda[\xc4\xdb\xda]*+\xd9")
SAMPLINGS = frozenset({0x11, 0x12, 0x21, 0x22, 0x41})
MOST_TABLES = 1 << 14  # bytes; twenty times as much as most have
MOST_DC = 15  # bits of a difference
THINNEST = 512  # pixels in a byte: a bit for each 8x8 of them is the least that a scan spends
ADOBE = 12  # bytes that say how colors are meant; behind them there may be anything
ORIENTATION = 0x0112

WEBP_PICTURE = frozenset({b"VP8X", b"ICCP", b"ALPH", b"VP8 ", b"VP8L"})
WEBP_NOTES = 0x0C  # flags that there is EXIF or XMP


class Broken(Exception):
    """Not put together as its format says. The message is for the log."""


@dataclass(frozen=True, slots=True)
class Clean:
    """`pieces` put together are the file without its notes; none where it cannot be had without decoding.

    `ordinary`: every chat shows it as it is. `sound`: its form is that of thousands, and without decoding there is
    nothing left to ask. `orientation` is how a camera was held, in the numbers of EXIF.
    """

    pieces: tuple[Piece, ...]
    ordinary: bool
    sound: bool = False
    orientation: int = 1

    def lay(self, data: Data, path: Path) -> Literal["clean"] | None:
        """Write the file without its notes beside `path` and tell its name: None where it had none before."""
        if not self.pieces or self.pieces == (slice(0, len(data)),):
            return None
        with path.with_name(f"{path.name}-clean").open("wb") as target, memoryview(data) as view:
            for piece in self.pieces:
                target.write(piece if isinstance(piece, bytes) else view[piece])
        return "clean"


@contextmanager
def mapped(path: Path) -> Iterator[mmap]:
    """The bytes of a file, which is not empty, without a copy of them."""
    with path.open("rb") as file, mmap(file.fileno(), 0, access=ACCESS_READ) as data:
        yield data


def clean(data: Data, kind: str) -> Clean:
    """Take apart a whole file of `kind` png, jpeg or webp. Raises Broken."""
    readers: dict[str, Callable[[Data], Clean]] = {"png": _png, "jpeg": _jpeg, "webp": _webp}
    try:
        return readers[kind](data)
    except (struct.error, IndexError, ValueError) as error:
        raise Broken("breaks off") from error


def _png(data: Data) -> Clean:
    kept: list[Piece] = [slice(0, 8)]
    needed: list[tuple[bytes, int, int]] = []
    colors: set[bytes] = set()
    for name, start, end in _png_chunks(data):
        if name == b"IHDR" and start > 8:
            raise Broken("a second header")
        if name in PNG_PICTURE:
            needed.append((name, start, end))
            kept.append(slice(start, end))
        elif name in PNG_COLORS - colors and _png_color_is_sound(data, name, start, end):
            kept.append(slice(start, end))
        colors.add(name)  # one of each: unpacking profiles takes time
    depth, color = data[24:26]
    ordinary = depth <= 8 and color in PNG_ORDINARY and all(name != b"tRNS" for name, _, _ in needed)
    return Clean(_joined(kept), ordinary, ordinary and _png_is_sound(data, needed))


def _png_is_sound(data: Data, needed: list[tuple[bytes, int, int]]) -> bool:
    """Of a picture that cannot be seen through: all that its chunks tell of it fits together."""
    if not PNG_ORDER.fullmatch(b"".join(name for name, _, _ in needed)):
        return False
    width, height, depth, color, *ways = struct.unpack(">IIBBBBB", data[16:29])
    colors = sum(end - start - 12 for name, start, end in needed if name == b"PLTE")
    has_colors = 0 < colors <= PALETTE << depth and not colors % PALETTE if color == PALETTE else True
    parts = [(start + 8, end - start - 12) for name, start, end in needed if name == b"IDAT"]
    row = 1 + (width * depth * (3 if color == 2 else 1) + 7) // 8
    return (
        max(width, height) <= LONGEST
        and depth in PNG_DEPTHS[color]
        and ways == [0, 0, 0]
        and has_colors
        and _is_packed(data[parts[0][0] : parts[0][0] + min(2, parts[0][1])])
        and _may_unpack(sum(length for _, length in parts), row * height)
    )


def _is_packed(head: bytes) -> bool:
    """Whether zlib begins like this."""
    return len(head) == 2 and head[0] & 0x8F == 8 and not head[1] & 0x20 and not int.from_bytes(head) % 31


def _may_unpack(packed: int, size: int) -> bool:
    return size <= DENSEST * packed and packed <= size + size // 8 + 1024


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
        if code in JPEG_PICTURE:
            kept.append(slice(start, end))
        elif profiled or code != APP2:
            kept += _jpeg_colors(data, code, start, end)
    if len(frames) != 1:
        raise Broken("not one frame")
    code, depth, height, width, parts = frames[0]
    if scans * width * height > MOST_WORK:
        raise Broken("too many passes")
    ordinary = code in JPEG_ORDINARY and depth == 8 and parts in (1, 3) and orientation in (0, 1)
    return Clean(_joined(kept), ordinary, ordinary and _jpeg_is_sound(data, segments, width * height), orientation or 1)


def _jpeg_is_sound(data: Data, segments: list[tuple[int, int, int]], pixels: int) -> bool:
    """Of a picture in one or three colors: all that its segments tell of it fits together."""
    needed = [segment for segment in segments if segment[0] in JPEG_PICTURE]
    if not JPEG_ORDER.fullmatch(bytes(code for code, _, _ in needed)):
        return False
    (frame,) = (start for code, start, _ in needed if code in JPEG_FRAMES)
    scans = [(start, end) for code, start, end in needed if code == SCAN]
    tables = [data[start:end] for code, start, end in needed if code in JPEG_TABLES]
    parts = data[frame + 9]
    return (
        int.from_bytes(data[frame + 2 : frame + 4]) == 8 + 3 * parts
        and SAMPLINGS.issuperset(data[frame + 11 : frame + 10 + 3 * parts : 3])
        and all(_is_scan_of(parts, data[start + 2 : start + 5]) for start, _ in scans)
        and sum(map(len, tables)) <= MOST_TABLES
        and all(_is_table(table[1], table[4:]) for table in tables)
        and pixels <= THINNEST * sum(end - start for start, end in scans)
    )


def _is_scan_of(parts: int, head: bytes) -> bool:
    return 1 <= head[2] <= parts and int.from_bytes(head[:2]) == 6 + 2 * head[2]


def _is_table(code: int, body: bytes) -> bool:
    """Whether one segment holds whole tables: of 64 divisors, or of codes that differ."""
    if code != HUFFMAN:
        return len(body) % 65 == 0 and all(number <= 3 for number in body[::65])
    while body:
        number, counts = body[0], body[1:17]
        values = body[17 : 17 + sum(counts)]
        taken = sum(count << 15 - bits for bits, count in enumerate(counts))
        if number & 0xEC or len(counts) < 16 or len(values) < sum(counts) or taken >= 1 << 16:
            return False
        if number < 0x10 and max(values, default=0) > MOST_DC:
            return False
        body = body[17 + len(values) :]
    return True


def _jpeg_segments(data: Data) -> Iterator[tuple[int, int, int]]:
    """Code, start and end of each segment up to the end of the picture.

    That of a scan has all that it holds up to its first restart; the rest is a segment of its own.
    """
    end, last = 2, START
    for _ in range(MOST_CHUNKS):
        start = _fill_end(data, end + 1) - 1
        mark, code = data[start], data[start + 1]
        if mark != 0xFF or code < 0xC0 or code == START:
            raise Broken("segments without order")
        if code in JPEG_RESTARTS and last != SCAN:
            raise Broken("a restart outside of a scan")
        end = start + 2 if code in JPEG_BARE else start + 2 + int.from_bytes(data[start + 2 : start + 4])
        if code == SCAN or code in JPEG_RESTARTS:
            end = _scan_end(data, end, MARKER_OR_RESTART if code == SCAN else MARKER)
        if end > len(data):
            raise Broken("breaks off")
        yield code, start, end
        if code == END:
            return
        last = code
    raise Broken("too many segments")


def _fill_end(data: Data, start: int) -> int:
    found = FILL.match(data, start)
    return found.end() if found else start


def _scan_end(data: Data, start: int, marker: re.Pattern[bytes]) -> int:
    for block in range(start, len(data), BLOCK):
        if found := marker.search(data, block, block + BLOCK + 1):
            end = found.start()
            return end if data[end + 1] in JPEG_RESTARTS else _fill_start(data, start, end)
    raise Broken("breaks off")


def _fill_start(data: Data, start: int, end: int) -> int:
    """Where those begin that say nothing and end before `end`."""
    while end > start and data[end - 1] == 0xFF:
        block = data[max(start, end - BLOCK) : end]
        end -= len(block) - len(block.rstrip(b"\xff"))
    return end


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
    except struct.error:
        return 0
    size = 12 * min(count, (len(tiff) - first - 2) // 12)
    entries = struct.iter_unpack(order + "HHIHxx", tiff[first + 2 : first + 2 + size])
    found = next((value for tag, kind, _, value in entries if (tag, kind) == (ORIENTATION, 3)), 0)
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
