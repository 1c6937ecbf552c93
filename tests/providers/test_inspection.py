"""What came from a service is shown without its notes, made fit where a chat could not show it, or refused."""

import io
import random
import re
import sys
import zlib
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from bot.errors import Cause, Refused
from bot.http import finished
from bot.images import GeneratedImage, ImageFormat
from bot.imagine.inspection import Inspection
from bot.imagine.stripping import Broken, clean
from tests.providers.fake import PNG, png
from tests.providers.made import (
    PROFILE,
    SCENE,
    between_scans,
    flipped,
    in_jpeg,
    marked,
    noted,
    repacked,
    saved,
    texts,
    with_fill,
)

Put = Callable[[bytes], GeneratedImage]
Left = Callable[[], list[str]]


@pytest.fixture
def put(tmp_path: Path) -> Put:
    """Lay bytes down as a provider would."""

    def lay(data: bytes) -> GeneratedImage:
        path = tmp_path / "arrived"
        path.write_bytes(data)
        return finished(path)

    return lay


@pytest.fixture
async def inspection() -> AsyncIterator[Inspection]:
    async with Inspection() as inspection:
        yield inspection


@pytest.fixture
def left(tmp_path: Path) -> Left:
    """Names of the files that lie where pictures arrive."""
    return lambda: sorted(path.name for path in tmp_path.iterdir())


def pixels(picture: Path | bytes) -> bytes:
    with Image.open(picture if isinstance(picture, Path) else io.BytesIO(picture)) as shown:
        return shown.convert("RGB").tobytes()


ORDINARY = {
    "restarts": saved("JPEG", SCENE, restart_marker_blocks=8),
    "restarts with fill": with_fill(),
    "png": PNG,
    "palette": saved("PNG", SCENE.quantize(16)),
    "two colors": saved("PNG", SCENE.convert("1")),
    "jpeg": saved("JPEG", SCENE),
    "progressive": saved("JPEG", SCENE, progressive=True),
    "gray": saved("JPEG", SCENE.convert("L")),
    "colors": saved("PNG", SCENE, icc_profile=PROFILE, dpi=(72, 72)),
    "jpeg colors": saved("JPEG", SCENE, icc_profile=PROFILE),
}


@pytest.mark.parametrize("data", ORDINARY.values(), ids=ORDINARY)
async def test_an_ordinary_picture_is_not_touched(inspection: Inspection, put: Put, left: Left, data: bytes) -> None:
    picture = put(data)
    assert await inspection.inspect(picture) == picture
    assert picture.path.read_bytes() == data
    assert left() == [picture.path.name]


NOTED = {
    "png": saved("PNG", SCENE, pnginfo=texts(), exif=noted(), icc_profile=PROFILE),
    "appended": saved("PNG", SCENE) + b"canary",
    "jpeg": saved("JPEG", SCENE, exif=noted(), comment=b"canary", xmp=b"<canary/>", icc_profile=PROFILE),
    "progressive": saved("JPEG", SCENE, progressive=True, comment=b"canary"),
    "jpeg and more": saved("JPEG", SCENE) + b"PK\x03\x04canary",
    "jpeg and a film": saved("JPEG", SCENE) + b"ftypmp42canary" * 9999,
    "png and much more": saved("PNG", SCENE) + b"canary" * 19999,
    "behind how colors are meant": marked(0xEE, b"Adobe\0\x64\0\0\0\0\x01canary"),
    "profile without end": marked(0xE2, b"ICC_PROFILE\0\x01\x01" + b"canary" * 9999, times=20),
    "between scans": between_scans(0xE1, b"Exif\0\0canary"),
}


@pytest.mark.parametrize("data", NOTED.values(), ids=NOTED)
async def test_notes_are_left_out_and_the_picture_stays_as_it_was(
    inspection: Inspection, put: Put, left: Left, data: bytes
) -> None:
    picture = await inspection.inspect(put(data))
    bare = picture.path.read_bytes()
    assert b"canary" not in bare
    assert b"Exif" not in bare
    assert pixels(bare) == pixels(data)
    assert (b"ICC" in bare or b"iCCP" in bare) == (PROFILE[:64] in data or b"iCCP" in data)
    assert (picture.original, left()) == (None, [picture.path.name])
    assert finished(picture.path) == picture


async def test_a_photo_taken_sideways_is_turned(inspection: Inspection, put: Put, left: Left) -> None:
    picture = await inspection.inspect(put(saved("JPEG", SCENE, exif=noted(6))))
    assert (picture.format, picture.width, picture.height, picture.original) == (ImageFormat.JPEG, 200, 300, None)
    assert b"Exif" not in picture.path.read_bytes()
    assert left() == [picture.path.name]


@pytest.mark.parametrize(
    ("options", "after"),
    [({"exif": noted(), "xmp": b"<canary/>"}, ImageFormat.JPEG), ({"lossless": True}, ImageFormat.PNG)],
    ids=["lossy", "lossless"],
)
async def test_a_webp_becomes_what_every_chat_shows_and_stays_the_original(
    inspection: Inspection, put: Put, left: Left, options: dict[str, Any], after: ImageFormat
) -> None:
    data = saved("WEBP", Image.new("RGB", (64, 48), (200, 30, 40)), **options)
    picture = await inspection.inspect(put(data))
    assert (picture.format, picture.width, picture.height) == (after, 64, 48)
    red, green, blue = pixels(picture.path)[:3]
    assert abs(red - 200) + abs(green - 30) + abs(blue - 40) < 12
    assert picture.original is not None
    assert left() == sorted([picture.path.name, picture.original.name])
    assert picture.original.suffix == ".webp"
    assert b"canary" not in picture.original.read_bytes() + picture.path.read_bytes()
    assert pixels(picture.original) == pixels(data)


async def test_what_can_be_seen_through_becomes_white_and_stays_the_original(inspection: Inspection, put: Put) -> None:
    data = saved("PNG", Image.new("RGBA", (20, 20), (0, 0, 0, 0)), pnginfo=texts())
    picture = await inspection.inspect(put(data))
    assert (picture.format, picture.transparent) == (ImageFormat.PNG, False)
    assert set(pixels(picture.path)) == {255}
    assert picture.original is not None
    with Image.open(picture.original) as original:
        assert (original.mode, original.info) == ("RGBA", {})


async def test_of_a_moving_picture_the_first_frame_is_taken(inspection: Inspection, put: Put) -> None:
    frames = [Image.new("RGB", (20, 20), color) for color in ("blue", "red", "green")]
    data = saved("WEBP", frames[0], save_all=True, append_images=frames[1:], lossless=True)
    picture = await inspection.inspect(put(data))
    red, _, blue = pixels(picture.path)[:3]
    assert blue > 200 > 50 > red
    assert picture.original is None
    moving = await inspection.inspect(put(saved("PNG", frames[0], save_all=True, append_images=frames[1:])))
    with Image.open(moving.path) as shown:
        assert getattr(shown, "n_frames", 1) == 1


DEEP = Image.frombytes("I;16", (2, 1), b"\x00\x80\x00\xff")


@pytest.mark.parametrize(
    ("data", "shown"),
    [
        (saved("PNG", DEEP), b"\x80" * 3 + b"\xff" * 3),
        (saved("JPEG", Image.new("CMYK", (2, 1), (0, 0, 0, 0))), b"\xff" * 6),
        (saved("PNG", Image.new("LA", (2, 1), (9, 0))), b"\xff" * 6),
        (saved("PNG", Image.new("P", (2, 1)), transparency=0), b"\xff" * 6),
    ],
    ids=["sixteen bits", "print colors", "gray and clear", "palette and clear"],
)
async def test_unusual_colors_become_usual_ones(inspection: Inspection, put: Put, data: bytes, shown: bytes) -> None:
    picture = await inspection.inspect(put(data))
    with Image.open(picture.path) as flat:
        assert (flat.mode, flat.tobytes()) == ("RGB", shown)
    assert picture.original is not None
    assert picture.original.read_bytes() == data


@pytest.mark.parametrize("data", [NOTED["png"], NOTED["jpeg"], saved("WEBP", SCENE, xmp=b"<canary/>")])
async def test_an_operator_may_keep_the_file_as_it_was_sent(put: Put, left: Left, data: bytes) -> None:
    async with Inspection(keep_sent=True) as inspection:
        picture = await inspection.inspect(put(data))
    assert picture.original is not None
    assert picture.original.read_bytes() == data
    assert picture.original.suffix in (".png", ".jpg", ".webp")
    assert b"canary" not in picture.path.read_bytes()
    assert left() == sorted([picture.path.name, picture.original.name])


async def test_a_file_without_notes_is_its_own_original(put: Put) -> None:
    async with Inspection(keep_sent=True) as inspection:
        assert (await inspection.inspect(put(ORDINARY["jpeg"]))).original is None


@pytest.mark.parametrize("size", [(9000, 9000), (50_000, 50_000), (2**31 - 1, 2**31 - 1), (1, 60_000_000)])
async def test_a_bomb_is_refused_by_its_header(
    inspection: Inspection, put: Put, left: Left, size: tuple[int, int]
) -> None:
    bomb = PNG[:16] + size[0].to_bytes(4) + size[1].to_bytes(4) + PNG[24:]
    with pytest.raises(Refused) as caught:
        await inspection.inspect(put(bomb))
    assert caught.value.cause is Cause.PICTURE_TOO_LARGE
    assert left() == []


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
async def test_half_a_picture_is_refused(inspection: Inspection, put: Put, left: Left, kind: str) -> None:
    data = saved(kind, SCENE)
    with pytest.raises(Refused) as caught:
        await inspection.inspect(put(data[: len(data) // 2]))
    assert caught.value.cause is Cause.NOT_A_PICTURE
    assert left() == []


BROKEN = {
    "a flipped bit": flipped("PNG"),
    "an end too early": repacked(zlib.compress(bytes(300))),
    "much too much": repacked(random.Random(1).randbytes(900_000)),
    "not packed": repacked(b"\xff" * 9000),
    "no picture": repacked(b""),
    "a table that says nothing": in_jpeg(b"\xff\xc4\x00\x1f\x00\x00\x01", b"\xff\xc4\x00\x1f\x00\xff\xff"),
    "no tables": re.sub(rb"\xff\xdb\x00\x43.{65}", b"", saved("JPEG", SCENE), flags=re.DOTALL),
    "too many colors": in_jpeg(b"\xff\xda\x00\x0c\x03", b"\xff\xda\x00\x0c\x04"),
}


@pytest.mark.parametrize("data", BROKEN.values(), ids=BROKEN)
async def test_a_picture_whose_parts_do_not_fit_together_is_refused(
    inspection: Inspection, put: Put, left: Left, data: bytes
) -> None:
    with pytest.raises(Refused) as caught:
        await inspection.inspect(put(data))
    assert caught.value.cause is Cause.NOT_A_PICTURE
    assert left() == []


FILTERS = repacked(zlib.compress(b"\x09" * (200 * 901)))
SCRAPS = repacked(zlib.compress(random.Random(1).randbytes(200 * 901))[:-9000])


@pytest.mark.parametrize("data", [FILTERS, SCRAPS], ids=["unknown filters", "packed in part"])
async def test_what_is_broken_only_inside_is_found_by_who_doubts(inspection: Inspection, put: Put, data: bytes) -> None:
    picture = await inspection.inspect(put(data))
    with pytest.raises(Refused) as caught:
        await inspection.decode(picture)
    assert caught.value.cause is Cause.NOT_A_PICTURE


@pytest.mark.parametrize("data", [*ORDINARY.values(), *NOTED.values()], ids=[*ORDINARY, *NOTED])
async def test_a_good_picture_stands_up_to_doubt(inspection: Inspection, put: Put, left: Left, data: bytes) -> None:
    picture = await inspection.inspect(put(data))
    await inspection.decode(picture)
    assert left() == [picture.path.name]


@pytest.mark.parametrize(
    "data",
    [
        b"\xff\xd8" + b"\xff" * (8 << 20) + b"\xd9",
        saved("JPEG", SCENE)[:-2] + b"\xff\x00" * (4 << 20) + b"\xff\xd9",
        saved("JPEG", SCENE)[:-2] + b"\xff\xd0" * (4 << 20) + b"\xff\xd9",
        saved("JPEG", SCENE)[:-2] + b"\xff" * (8 << 20) + b"\xd9",
    ],
    ids=["fill", "stuffing", "restarts", "fill at the end"],
)
def test_no_part_of_a_file_is_looked_at_byte_by_byte(data: bytes) -> None:
    lines = 0

    def count(frame: Any, event: str, argument: Any) -> Any:
        nonlocal lines
        lines += event == "line"
        return count

    before = sys.gettrace()
    sys.settrace(count)
    try:
        with suppress(Broken):
            clean(data, "jpeg")
    finally:
        sys.settrace(before)
    assert lines < 2_000


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
async def test_a_picture_that_cannot_be_decoded_is_refused(
    inspection: Inspection, put: Put, left: Left, kind: str
) -> None:
    data = bytearray(saved(kind, SCENE))
    data[60:-20] = b"\x00" * (len(data) - 80)
    if kind == "WEBP":
        data[20:23] = b"\x01\xff\xff"
    picture = put(bytes(data))
    with pytest.raises(Refused) as caught:
        await inspection.inspect(picture)
    assert caught.value.cause is Cause.NOT_A_PICTURE
    assert left() == []


async def test_a_picture_at_the_limit_is_shown_at_half_its_size(inspection: Inspection, put: Put) -> None:
    data = saved("PNG", Image.new("RGBA", (7000, 7000), (1, 2, 3, 4)), compress_level=1)
    picture = await inspection.inspect(put(data))
    assert (picture.width, picture.height, picture.transparent) == (3500, 3500, False)
    assert picture.original is not None
    assert (finished(picture.original).width, picture.original.read_bytes()) == (7000, data)


async def test_an_ordinary_picture_at_the_limit_is_not_touched(inspection: Inspection, put: Put) -> None:
    picture = put(saved("PNG", Image.new("RGB", (7070, 7070), (1, 2, 3)), compress_level=1))
    assert await inspection.inspect(picture) == picture


async def test_a_photo_to_be_changed_comes_upright_small_and_without_its_notes(
    inspection: Inspection, put: Put, left: Left
) -> None:
    photo = saved("JPEG", Image.new("RGB", (3000, 1500), "red"), exif=noted(6))
    path = await inspection.source(put(photo).path)
    with Image.open(path) as picture:
        assert (picture.format, picture.size) == ("JPEG", (1024, 2048))
    assert b"canary" not in path.read_bytes()
    assert left() == [path.name]


async def test_a_photo_with_half_a_color_profile_can_be_changed(inspection: Inspection, put: Put) -> None:
    half = marked(0xE2, b"ICC_PROFILE\0\x01\x02" + PROFILE)
    assert (await inspection.source(put(half).path)).exists()


async def test_what_is_no_picture_cannot_be_changed(inspection: Inspection, tmp_path: Path, left: Left) -> None:
    path = tmp_path / "photo"
    path.write_bytes(b"%PDF-1.7")
    with pytest.raises(Refused) as caught:
        await inspection.source(path)
    assert caught.value.cause is Cause.SOURCE_UNFIT
    assert left() == []


def test_the_fake_picture_is_whole() -> None:
    with Image.open(io.BytesIO(png(40, 30))) as picture:
        picture.load()
        assert picture.size == (40, 30)
