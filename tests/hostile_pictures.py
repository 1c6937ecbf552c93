"""Two hundred files that mean no good, each under a picture's name. The same ones every time.

`python -m tests.hostile_pictures` lets the bot look into them and tells what that cost.
"""

import asyncio
import io
import json
import multiprocessing
import random
import resource
import shutil
import struct
import tempfile
import zlib
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

import psutil
from PIL import Image

from bot.errors import Refused
from bot.http import finished
from bot.images import GeneratedImage
from bot.imagine.inspection import Inspection

MAGIC = b"\x89PNG\r\n\x1a\n"
MUTATIONS = 30  # of each good picture
NOTE = b"canary"


def corpus() -> list[tuple[str, bytes]]:
    """Name and content of each."""
    families = (_bombs, _crowds, _notes, _cut, _damaged, _disguised, _markers, _sizes, _mutated)
    return [each for family in families for each in family()]


def chunk(name: bytes, data: bytes = b"") -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png(width: int, height: int, *extra: bytes, color: int = 2, depth: int = 8, rows: bytes | None = None) -> bytes:
    """`extra` are chunks between the header and the picture, which is black unless `rows` tells otherwise."""
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, color, 0, 0, 0))
    packed = _packed_zeros(height * (1 + width * depth * {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}[color] // 8))
    return MAGIC + header + b"".join(extra) + chunk(b"IDAT", packed if rows is None else rows) + chunk(b"IEND")


@cache
def _packed_zeros(size: int) -> bytes:
    packer, block = zlib.compressobj(1), bytes(1 << 20)
    parts = [packer.compress(block[: min(len(block), size - at)]) for at in range(0, min(size, 1 << 29), len(block))]
    return b"".join([*parts, packer.flush()])


@cache
def good(kind: str, **options: Any) -> bytes:
    scene = Image.effect_mandelbrot((240, 160), (-2, -1, 1, 1), 50).convert("RGB")
    file = io.BytesIO()
    scene.save(file, kind, **options)
    return file.getvalue()


def _bombs() -> Iterator[tuple[str, bytes]]:
    for side in (9_000, 20_000, 30_000, 50_000):
        yield f"a black square of {side}", png(side, side)
    for color in (2, 6):
        for depth in (8, 16):
            yield f"as many pixels as are let in, {color} {depth}", png(7_070, 7_070, color=color, depth=depth)
    yield "one row", png(50_000_000, 1)
    yield "one column", png(1, 49_000_000)
    yield "a gray wall", png(7_000, 7_000, color=0)
    yield "more rows than said", png(10, 10, rows=_packed_zeros(200_000_000))
    yield "a second header", png(10, 10, chunk(b"IHDR", struct.pack(">IIBBBBB", 50_000, 50_000, 8, 2, 0, 0, 0)))
    yield "a large profile", png(10, 10, chunk(b"iCCP", b"x\0\0" + _packed_zeros(100_000_000)))
    yield "a large text", png(10, 10, chunk(b"zTXt", b"x\0\0" + _packed_zeros(100_000_000)))
    yield "a large international text", png(10, 10, chunk(b"iTXt", b"x\0\1\0\0\0" + _packed_zeros(100_000_000)))
    for side in (5_000, 7_000):
        file = io.BytesIO()
        Image.new("RGB", (side, side)).save(file, "JPEG", quality=5)
        yield f"a jpeg of {side}", file.getvalue()
    file = io.BytesIO()
    Image.new("RGB", (6_000, 6_000)).save(file, "JPEG", quality=5, progressive=True)
    yield "a progressive jpeg of 6000", file.getvalue()
    file = io.BytesIO()
    Image.new("RGBA", (7_000, 7_000)).save(file, "WEBP", lossless=True, method=0, quality=0)
    yield "a webp of 7000", file.getvalue()


def _crowds() -> Iterator[tuple[str, bytes]]:
    text = chunk(b"tEXt", b"parameters\0" + NOTE)
    for count in (1_000, 4_900, 100_000):
        yield f"{count} texts", png(10, 10, text * count)
    yield "100000 texts after the picture", png(10, 10)[:-12] + text * 100_000 + chunk(b"IEND")
    yield "100000 empty chunks", png(10, 10, chunk(b"IDAT") * 100_000)
    frames = [Image.new("RGB", (16, 16), (n, n, n)) for n in range(256)]
    for kind in ("PNG", "WEBP"):
        file = io.BytesIO()
        frames[0].save(file, kind, save_all=True, append_images=frames[1:] * 4)
        yield f"a thousand frames of {kind}", file.getvalue()
    yield "a film of 100000 frames that are not there", png(10, 10, chunk(b"acTL", struct.pack(">II", 100_000, 0)))
    yield "100000 comments", good("JPEG")[:2] + b"\xff\xfe\x00\x08canary" * 100_000 + good("JPEG")[2:]
    yield "4000 comments", good("JPEG")[:2] + b"\xff\xfe\x00\x08canary" * 4_000 + good("JPEG")[2:]
    yield "a thousand passes", _passes(1_000)
    yield "as many passes as are let in", _passes(30, 5_000)
    yield "many passes over many pixels", _passes(300, 5_000)


def _passes(count: int, side: int = 160) -> bytes:
    file = io.BytesIO()
    Image.new("L", (side, side)).save(file, "JPEG", progressive=True)
    data = file.getvalue()
    last = data.rindex(b"\xff\xda")
    return data[:last] + data[last:-2] * count + b"\xff\xd9"


def _notes() -> Iterator[tuple[str, bytes]]:
    exif = Image.Exif()
    exif[0x0112] = 1
    exif[0x9286] = NOTE.decode()
    exif.get_ifd(0x8825)[1] = NOTE.decode()
    for kind, options in (("JPEG", {"comment": NOTE}), ("PNG", {}), ("WEBP", {"lossless": True})):
        yield f"a place in {kind}", good(kind, exif=exif.tobytes(), xmp=b"<x>canary</x>", **options)
    yield (
        "every text",
        png(10, 10, *(chunk(name, b"a\0\0\0\0\0" + NOTE) for name in (b"tEXt", b"iTXt", b"zTXt", b"eXIf"))),
    )
    yield "a private chunk", png(10, 10, chunk(b"caBX", NOTE))
    for number, order in enumerate((b"II", b"MM", b"XX")):
        note = b"Exif\0\0" + order + b"\x2a\0\xff\xff\xff\xff" + NOTE
        yield (
            f"a broken note {number}",
            good("JPEG")[:2] + b"\xff\xe1" + struct.pack(">H", len(note) + 2) + note + (good("JPEG")[2:]),
        )


def _cut() -> Iterator[tuple[str, bytes]]:
    for kind in ("PNG", "JPEG", "WEBP"):
        data = good(kind)
        for part in (0, 4, 11, 12, 20, 25, 40, 200, len(data) // 2, len(data) - 13, len(data) - 3):
            yield f"{kind} cut at {part}", data[:part]


def _damaged() -> Iterator[tuple[str, bytes]]:
    data = bytearray(png(10, 10))
    for place in (29, len(data) - 16, len(data) - 1):
        wrong = bytearray(data)
        wrong[place] ^= 0xFF
        yield f"a wrong sum at {place}", bytes(wrong)
    yield "no picture data", png(10, 10, rows=b"")
    yield "no zlib", png(10, 10, rows=b"\xff" * 100)
    yield "too little", png(100, 100, rows=zlib.compress(b"\0" * 10))
    yield "unknown filters", png(10, 10, rows=zlib.compress(b"\x09" * 310))
    yield "a palette without colors", png(10, 10, color=3)
    yield "no end", png(10, 10)[:-12]
    yield "the end first", MAGIC + chunk(b"IEND") + png(10, 10)[8:]
    yield "a webp of nothing", b"RIFF\x04\0\0\0WEBP"
    yield "a webp that says too much", good("WEBP")[:4] + b"\xff\xff\xff\x7f" + good("WEBP")[8:]


def _disguised() -> Iterator[tuple[str, bytes]]:
    starts = {
        "eps": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n(/etc/passwd) run\n",
        "tiff": b"II*\0\x08\0\0\0\0\0",
        "psd": b"8BPS\0\1" + bytes(20),
        "svg": b"<svg xmlns='http://www.w3.org/2000/svg'><image href='file:///etc/passwd'/></svg>",
        "gif": b"GIF89a\xff\xff\xff\xff\0\0\0;",
        "bmp": b"BM" + bytes(60),
        "ico": b"\0\0\1\0\1\0" + bytes(40),
        "pdf": b"%PDF-1.7\n",
        "html": b"<html><script>alert(1)</script>",
        "zip": b"PK\x03\x04" + bytes(40),
        "elf": b"\x7fELF" + bytes(60),
        "nothing": b"",
        "zeros": bytes(1000),
    }
    yield from starts.items()
    for name, start in starts.items():
        yield f"a picture with {name} behind it", good("JPEG") + start + NOTE
    yield "html inside", png(10, 10, chunk(b"tEXt", b"x\0<script>canary</script>"))
    yield "a picture behind a pdf", starts["pdf"] + good("PNG")


def _markers() -> Iterator[tuple[str, bytes]]:
    data = good("JPEG")
    frame = data.index(b"\xff\xc0")
    for code in (0xC1, 0xC3, 0xC5, 0xC9, 0xCB, 0xCF):
        yield f"a frame of kind {code:x}", data[: frame + 1] + bytes([code]) + data[frame + 2 :]
    yield "a second frame", data[:frame] + data[frame : frame + 19] * 2 + data[frame + 19 :]
    yield "no segments", b"\xff\xd8\xff" + b"\xff" * 5_000 + b"\xd9"
    yield "lengths of nothing", b"\xff\xd8" + b"\xff\xe0\0\0" * 5_000 + data[2:]
    yield "only an end", b"\xff\xd8\xff\xd9"
    yield "a start in a start", data[:2] + data
    yield "many colors", data[: frame + 9] + b"\xff" + data[frame + 10 :]
    yield "sixteen bits", data[: frame + 4] + b"\x10" + data[frame + 5 :]
    yield "a profile in many parts", data[:2] + b"\xff\xe2\xff\xffICC_PROFILE\0\1\xff" + bytes(65_519) + data[2:]


def _sizes() -> Iterator[tuple[str, bytes]]:
    for width, height in ((0, 0), (0, 9), (9, 0), (2**31, 9), (2**32 - 1, 2**32 - 1), (2**16, 2**16)):
        yield f"{width} x {height}", good("PNG")[:16] + struct.pack(">II", width, height) + good("PNG")[24:]
    frame = good("JPEG").index(b"\xff\xc0") + 5
    for height, width in ((0, 0), (0, 9), (65_535, 65_535), (65_535, 700)):
        yield (
            f"jpeg {width} x {height}",
            (good("JPEG")[:frame] + struct.pack(">HH", height, width) + good("JPEG")[frame + 4 :]),
        )


def _mutated() -> Iterator[tuple[str, bytes]]:
    chance = random.Random(26)
    for kind in ("PNG", "JPEG", "WEBP"):
        for number in range(MUTATIONS):
            data = bytearray(good(kind))
            for _ in range(chance.choice((1, 3, 30))):
                data[chance.randrange(8, len(data))] = chance.randrange(256)
            yield f"{kind} changed {number}", bytes(data)


@dataclass(frozen=True)
class Fate:
    """What became of one: `outcome` is the format that is shown or the cause of the refusal.

    `doubted` is what becomes of it when Telegram refuses it as a photo. `seconds` of processor time in all processes,
    doubt included; `clean` where nothing of its notes is left in any file.
    """

    name: str
    outcome: str
    doubted: str
    seconds: float
    clean: bool
    left: int


async def fates(pictures: list[Path], directory: Path) -> list[Fate]:
    """Look into all of them, one after the other, as the bot would."""
    async with Inspection() as inspection:
        return [await _fate(inspection, directory, each) for each in pictures]


async def _fate(inspection: Inspection, directory: Path, picture: Path) -> Fate:
    path = Path(shutil.copy(picture, directory / "arrived"))
    before = _spent()
    outcome = doubted = ""
    try:
        seen = await inspection.inspect(_arrived(path))
        outcome = doubted = seen.format.value
        await inspection.decode(seen)
    except Refused as error:
        outcome, doubted = outcome or error.cause.value, error.cause.value
    seconds = _spent() - before
    return Fate(picture.name, outcome, doubted, seconds, *_cleared(directory))


def _arrived(path: Path) -> GeneratedImage:
    try:
        return finished(path)
    except Refused:
        path.unlink()
        raise


def _cleared(directory: Path) -> tuple[bool, int]:
    """Whether all files in there were clean, and how many there were."""
    files = list(directory.iterdir())
    clean = all(NOTE not in file.read_bytes() for file in files)
    for file in files:
        file.unlink()
    return clean, len(files)


def _spent() -> float:
    uses = map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    alive: Iterator[float] = (sum(child.cpu_times()[:2]) for child in psutil.Process().children())
    return sum(use.ru_utime + use.ru_stime for use in uses) + sum(alive)


def make(directory: Path) -> None:
    """Write them down."""
    for name, data in corpus():
        (directory / name).write_bytes(data)


def look(made: Path, arriving: Path) -> None:
    """Print the fate of each as a line of JSON, and last the most memory that a child took, in bytes."""
    for fate in asyncio.run(fates(sorted(made.iterdir()), arriving)):
        print(json.dumps(asdict(fate)))
    print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024)


def main() -> None:
    """Make them and look into them, in processes of their own: making them takes more memory than looking may."""
    with tempfile.TemporaryDirectory() as made, tempfile.TemporaryDirectory() as arriving:
        for task, where in ((make, [made]), (look, [made, arriving])):
            process = multiprocessing.get_context("spawn").Process(target=task, args=list(map(Path, where)))
            process.start()
            process.join()


if __name__ == "__main__":
    main()
