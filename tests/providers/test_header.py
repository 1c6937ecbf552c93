"""What is a picture, told by its first bytes, for pictures that people's programs really write and for hostile ones."""

import io
import struct
import zlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from bot.http import Header, NotAPicture, read_header
from bot.images import ImageFormat
from tests.providers.fake import PNG, png


def saved(kind: str, mode: str = "RGB", size: tuple[int, int] = (31, 17), **options: Any) -> bytes:
    file = io.BytesIO()
    Image.new(mode, size).save(file, kind, **options)
    return file.getvalue()


def header(data: bytes) -> Header:
    return read_header(io.BytesIO(data))


REAL = {
    "png": (saved("PNG"), ImageFormat.PNG, False, True),
    "grey png": (saved("PNG", "L"), ImageFormat.PNG, False, True),
    "png with alpha": (saved("PNG", "RGBA"), ImageFormat.PNG, True, True),
    "grey png with alpha": (saved("PNG", "LA"), ImageFormat.PNG, True, True),
    "png with a clear colour": (saved("PNG", "P", transparency=0), ImageFormat.PNG, True, True),
    "moving png": (
        saved("PNG", save_all=True, append_images=[Image.new("RGB", (31, 17), "red")]), ImageFormat.PNG, False, True
    ),
    "jpeg": (saved("JPEG"), ImageFormat.JPEG, False, False),
    "progressive jpeg": (saved("JPEG", progressive=True), ImageFormat.JPEG, False, False),
    "grey jpeg": (saved("JPEG", "L"), ImageFormat.JPEG, False, False),
    "cmyk jpeg": (saved("JPEG", "CMYK"), ImageFormat.JPEG, False, False),
    "jpeg with large notes": (saved("JPEG", exif=b"Exif\0\0" + b"x" * 60_000), ImageFormat.JPEG, False, False),
    "webp": (saved("WEBP"), ImageFormat.WEBP, False, False),
    "lossless webp": (saved("WEBP", lossless=True), ImageFormat.WEBP, False, True),
    "webp with alpha": (saved("WEBP", "RGBA", lossless=False), ImageFormat.WEBP, True, False),
    "webp with notes": (saved("WEBP", exif=b"Exif\0\0x"), ImageFormat.WEBP, False, False),
    "moving webp": (
        saved("WEBP", save_all=True, append_images=[Image.new("RGB", (31, 17), "red")]), ImageFormat.WEBP, False, False
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", REAL)
def test_real_pictures_are_told(name: str) -> None:
    data, kind, transparent, lossless = REAL[name]
    found = header(data)
    assert (found.format, found.width, found.height) == (kind, 31, 17)
    assert (found.transparent, found.lossless) == (transparent, lossless)


@pytest.mark.parametrize("name", REAL)
@pytest.mark.parametrize("end", [0, 1, 8, 16])
def test_a_header_that_breaks_off_is_told(name: str, end: int) -> None:
    with pytest.raises(NotAPicture):
        header(REAL[name][0][:end])


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"x",
        b"GIF89a" + b"\0" * 50,
        b"BM" + b"\0" * 50,
        b"II*\0" + b"\0" * 50,
        b"%!PS-Adobe-3.0 EPSF-3.0\n" + b"\0" * 50,
        b"8BPS\0\1" + b"\0" * 50,
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"<?xml version='1.0'?><svg/>",
        b"\0\0\0\x1cftypavif" + b"\0" * 50,
        b"\0\0\0\x0cJXL \r\n\x87\n" + b"\0" * 50,
        b"RIFF\x24\0\0\0WAVEfmt " + b"\0" * 50,
        b"RIFF\x24\0\0\0WEBPVP9 " + b"\0" * 50,
        b"\x89PNG\r\n\x1a\n" + b"\0" * 50,
        b"\xff\xd8\xff\xe0\0\x10JFIF" + b"\0" * 50,
        b"\xff\xd8\xff" + b"\xff" * 20_000,
        b"\xff\xd8" + b"\xff\xe1\x00\x02" * 10_000,
        b"PK\x03\x04" + b"\0" * 50,
        png(0, 5),
        png(5, 0),
    ],
)
def test_everything_else_is_none(data: bytes) -> None:
    with pytest.raises(NotAPicture):
        header(data)


def test_a_hundred_thousand_notes_before_the_picture_are_refused() -> None:
    note = struct.pack(">I4s", 3, b"tEXt") + b"a\0b" + struct.pack(">I", zlib.crc32(b"tEXta\0b"))
    with pytest.raises(NotAPicture):
        header(PNG[:33] + note * 100_000 + PNG[33:])


@given(st.binary(max_size=200), st.sampled_from([b"", PNG[:8], PNG[:33], b"\xff\xd8\xff", b"RIFF\0\0\0\0WEBPVP8X"]))
def test_no_bytes_at_all_upset_it(data: bytes, beginning: bytes) -> None:
    try:
        found = header(beginning + data)
    except NotAPicture:
        return
    assert found.width > 0
    assert found.height > 0
