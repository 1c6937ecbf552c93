"""Pictures of every make, for those who look into them: with notes, with parts of odd kinds, with parts that lie."""

import io
import re
import struct
from typing import Any

from PIL import Image, ImageCms, PngImagePlugin

from tests.hostile_pictures import chunk

SCENE = Image.effect_mandelbrot((300, 200), (-2, -1, 1, 1), 50).convert("RGB")
PROFILE = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def saved(kind: str, picture: Image.Image, **options: Any) -> bytes:
    file = io.BytesIO()
    picture.save(file, kind, **options)
    return file.getvalue()


def noted(orientation: int = 1) -> bytes:
    """An EXIF block with a place and a prompt in it."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x9286] = "canary prompt"
    exif.get_ifd(0x8825)[1] = "N canary"
    return exif.tobytes()


def texts() -> PngImagePlugin.PngInfo:
    notes = PngImagePlugin.PngInfo()
    notes.add_text("parameters", "canary prompt")
    notes.add_itxt("XML:com.adobe.xmp", "<canary/>", zip=False)
    notes.add_text("workflow", "canary" * 99, zip=True)
    notes.add(b"tIME", b"\x07\xe6\x01\x02\x03\x04\x05")
    return notes


def segment(code: int, body: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, code, len(body) + 2) + body


def marked(code: int, body: bytes, times: int = 1) -> bytes:
    """A JPEG that begins with such segments."""
    data = saved("JPEG", SCENE)
    return data[:2] + segment(code, body) * times + data[2:]


def between_scans(code: int, body: bytes) -> bytes:
    data = saved("JPEG", SCENE, progressive=True)
    second = data.index(b"\xff\xda", data.index(b"\xff\xda") + 2)
    return data[:second] + segment(code, body) + data[second:]


def with_fill() -> bytes:
    """A JPEG with restarts, and signs before each that say nothing."""
    data = saved("JPEG", SCENE, restart_marker_blocks=8)
    scan = data.index(b"\xff\xda")
    return data[:scan] + re.sub(rb"\xff([\xd0-\xd7])", lambda found: b"\xff\xff" + found[0], data[scan:])


def flipped(kind: str) -> bytes:
    data = bytearray(saved(kind, SCENE))
    data[len(data) // 2] ^= 1
    return bytes(data)


def repacked(rows: bytes) -> bytes:
    """A PNG that holds something else, with all its sums right."""
    data = saved("PNG", SCENE)
    start = data.index(b"IDAT") - 4
    return data[:start] + chunk(b"IDAT", rows) + data[-12:]


def in_jpeg(old: bytes, new: bytes) -> bytes:
    data = saved("JPEG", SCENE)
    assert old in data
    return data.replace(old, new, 1)
