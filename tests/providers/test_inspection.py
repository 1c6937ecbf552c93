"""What a chat could not show is made fit or refused, in a child that may die of it."""

import asyncio
import io
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from bot.errors import Cause, Refused
from bot.http import finished
from bot.images import GeneratedImage, ImageFormat
from bot.imagine import inspection
from bot.imagine.inspection import Inspection
from tests.providers.fake import PNG, png

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
def left(tmp_path: Path) -> Left:
    """Names of the files that lie where pictures arrive."""
    return lambda: [path.name for path in tmp_path.iterdir()]


def saved(kind: str, picture: Image.Image, **options: Any) -> bytes:
    file = io.BytesIO()
    picture.save(file, kind, **options)
    return file.getvalue()


@pytest.mark.parametrize("data", [PNG, saved("JPEG", Image.new("RGB", (30, 20), "red"))], ids=["png", "jpeg"])
async def test_an_ordinary_picture_is_not_touched(put: Put, data: bytes) -> None:
    picture = put(data)
    assert await Inspection().inspect(picture) == picture
    assert picture.path.read_bytes() == data


@pytest.mark.parametrize(
    ("options", "after"), [({}, ImageFormat.JPEG), ({"lossless": True}, ImageFormat.PNG)], ids=["lossy", "lossless"]
)
async def test_a_webp_becomes_what_every_chat_shows(
    put: Put, left: Left, options: dict[str, Any], after: ImageFormat
) -> None:
    picture = await Inspection().inspect(put(saved("WEBP", Image.new("RGB", (64, 48), (200, 30, 40)), **options)))
    assert (picture.format, picture.width, picture.height) == (after, 64, 48)
    with Image.open(picture.path) as shown:
        red, green, blue = shown.convert("RGB").getpixel((30, 20))  # type: ignore[misc]  # three numbers in this mode
    assert abs(red - 200) + abs(green - 30) + abs(blue - 40) < 12
    assert left() == [picture.path.name]


async def test_what_can_be_seen_through_becomes_white(put: Put) -> None:
    picture = await Inspection().inspect(put(saved("PNG", Image.new("RGBA", (20, 20), (0, 0, 0, 0)))))
    assert (picture.format, picture.transparent) == (ImageFormat.PNG, False)
    with Image.open(picture.path) as shown:
        assert shown.getpixel((5, 5)) == (255, 255, 255)


async def test_of_a_moving_picture_the_first_frame_is_taken(put: Put) -> None:
    frames = [Image.new("RGB", (20, 20), color) for color in ("blue", "red", "green")]
    data = saved("WEBP", frames[0], save_all=True, append_images=frames[1:], lossless=True)
    picture = await Inspection().inspect(put(data))
    with Image.open(picture.path) as shown:
        red, _, blue = shown.convert("RGB").getpixel((5, 5))  # type: ignore[misc]  # three numbers in this mode
    assert blue > 200 > 50 > red


async def test_notes_inside_a_picture_do_not_survive_re_encoding(put: Put) -> None:
    exif = Image.Exif()
    exif[0x9286] = "canary prompt"
    data = saved("WEBP", Image.new("RGB", (20, 20)), exif=exif.tobytes(), xmp=b"canary prompt")
    assert b"canary" in data
    picture = await Inspection().inspect(put(data))
    assert b"canary" not in picture.path.read_bytes()


@pytest.mark.parametrize("size", [(9000, 9000), (50_000, 50_000), (2**31 - 1, 2**31 - 1), (1, 60_000_000)])
async def test_a_bomb_is_refused_by_its_header(put: Put, left: Left, size: tuple[int, int]) -> None:
    bomb = PNG[:16] + size[0].to_bytes(4) + size[1].to_bytes(4) + PNG[24:]
    with pytest.raises(Refused) as caught:
        await Inspection().inspect(put(bomb))
    assert caught.value.cause is Cause.PICTURE_TOO_LARGE
    assert left() == []


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
async def test_half_a_picture_is_refused(put: Put, left: Left, kind: str) -> None:
    data = saved(kind, Image.effect_mandelbrot((300, 200), (-2, -1, 1, 1), 50).convert("RGB"))
    with pytest.raises(Refused) as caught:
        await Inspection().inspect(put(data[: len(data) // 2]))
    assert caught.value.cause is Cause.NOT_A_PICTURE
    assert left() == []


async def test_a_picture_that_cannot_be_decoded_is_refused(put: Put, left: Left) -> None:
    data = bytearray(saved("WEBP", Image.effect_mandelbrot((300, 200), (-2, -1, 1, 1), 50).convert("RGB")))
    data[60:-8] = b"\x00" * (len(data) - 68)
    data[20:23] = b"\x01\xff\xff"
    picture = put(bytes(data))
    with pytest.raises(Refused) as caught:
        await Inspection().inspect(picture)
    assert caught.value.cause is Cause.NOT_A_PICTURE
    assert left() == []


@pytest.fixture
def child(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Let another program stand in for the one that re-encodes."""

    def stand_in(code: str) -> None:
        file = tmp_path_factory.mktemp("child") / "child.py"
        file.write_text(code)
        monkeypatch.setattr(inspection, "CHILD", file)

    return stand_in


WEBP = saved("WEBP", Image.new("RGB", (20, 20)))


@pytest.mark.parametrize(
    ("code", "cause"),
    [
        (f"import os; os.kill(os.getpid(), {int(signal.SIGSEGV)})", Cause.NOT_A_PICTURE),
        ("raise SystemExit(3)", Cause.PICTURE_TOO_LARGE),
        ("raise ValueError", Cause.NOT_A_PICTURE),
        ("import sys; open(sys.argv[3], 'w').write('no picture')", Cause.NOT_A_PICTURE),
        ("import os; assert 'BOT_TOKEN' not in os.environ; raise SystemExit(3)", Cause.PICTURE_TOO_LARGE),
    ],
    ids=["decoder crashes", "out of memory", "error", "writes nonsense", "knows no secrets"],
)
async def test_whatever_happens_to_the_child_happens_to_nobody_else(
    put: Put, left: Left, child: Callable[[str], None], monkeypatch: pytest.MonkeyPatch, code: str, cause: Cause
) -> None:
    monkeypatch.setenv("BOT_TOKEN", "canary")
    child(code)
    with pytest.raises(Refused) as caught:
        await Inspection().inspect(put(WEBP))
    assert caught.value.cause is cause
    assert left() == []


async def test_a_child_that_takes_too_long_is_ended(
    put: Put, left: Left, child: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inspection, "CHILD_SECONDS", 0.3)
    child("while True: pass")
    with pytest.raises(Refused):
        await Inspection().inspect(put(WEBP))
    assert left() == []


async def test_cancelling_ends_the_child(put: Put, left: Left, child: Callable[[str], None]) -> None:
    child("while True: pass")
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.3):
            await Inspection().inspect(put(WEBP))
    assert left() == []


async def test_a_picture_at_the_limit_can_be_re_encoded(put: Put) -> None:
    data = saved("PNG", Image.new("RGBA", (7000, 7000), (1, 2, 3, 4)), compress_level=1)
    picture = await Inspection().inspect(put(data))
    assert (picture.width, picture.height, picture.transparent) == (7000, 7000, False)


async def test_a_photo_to_be_changed_comes_upright_small_and_without_its_notes(put: Put, left: Left) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # turn right
    exif[0x9286] = "canary"
    photo = saved("JPEG", Image.new("RGB", (3000, 1500), "red"), exif=exif.tobytes())
    path = await Inspection().source(put(photo).path)
    with Image.open(path) as picture:
        assert (picture.format, picture.size) == ("JPEG", (1024, 2048))
    assert b"canary" not in path.read_bytes()
    assert left() == [path.name]


async def test_what_is_no_picture_cannot_be_changed(tmp_path: Path, left: Left) -> None:
    path = tmp_path / "photo"
    path.write_bytes(b"%PDF-1.7")
    with pytest.raises(Refused) as caught:
        await Inspection().source(path)
    assert caught.value.cause is Cause.SOURCE_UNFIT
    assert left() == []


def test_the_fake_picture_is_whole() -> None:
    with Image.open(io.BytesIO(png(40, 30))) as picture:
        picture.load()
        assert picture.size == (40, 30)
