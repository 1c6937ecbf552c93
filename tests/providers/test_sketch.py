"""The sketch: always the same for the same words and seed, quick, and never two alike."""

import time
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageFilter, ImageStat

from bot.http import Http, Network, Spool
from bot.images import AspectRatio, ImageFormat, ImageRequest
from bot.providers import Ticket
from bot.providers.sketch import Settings, Sketch
from bot.providers.sketch.colors import ACCENTS, MOODS, PALETTES, Palette, luminance, mix, parse
from bot.providers.sketch.painting import paint
from bot.providers.sketch.repainting import repaint
from bot.providers.sketch.scenes import SCENES, SUBJECTS

QUICK = 0.15  # seconds of work for 1024 x 1024
# Seconds of the blur below on a quiet machine.
USUAL = 0.05
PROMPTS = [entry.split()[0] for entry in SUBJECTS.values()]


@pytest.fixture
def sketch(network: Network, spool: Spool, monkeypatch: pytest.MonkeyPatch) -> Sketch:
    monkeypatch.setenv("SKETCH", "1")
    return Sketch(Http(network, spool), Settings())


def drawn(folder: Path, prompt: str, seed: int, size: tuple[int, int] = (256, 256)) -> Image.Image:
    path = folder / "picture.jpg"
    paint(prompt, seed, size, path)
    with Image.open(path) as picture:
        return picture.convert("RGB")


def unlike(first: Image.Image, second: Image.Image) -> float:
    """Mean difference of two pictures, 0 to 255."""
    return float(sum(ImageStat.Stat(ImageChops.difference(first, second)).mean) / 3)


def test_it_is_off_until_it_is_switched_on() -> None:
    assert not Settings().on


async def test_a_request_becomes_pictures(sketch: Sketch) -> None:
    request = ImageRequest(sketch.models()[0], "a red fox", AspectRatio.WIDE, count=2, seed=7)
    first, second = await sketch.generate(request, Ticket())
    assert (first.format, first.width, first.height) == (ImageFormat.JPEG, 1024, 576)
    assert first.path.read_bytes() != second.path.read_bytes()


async def test_without_a_seed_every_picture_is_another(sketch: Sketch) -> None:
    request = ImageRequest(sketch.models()[0], "a red fox", AspectRatio.SQUARE)
    first, second = [(await sketch.generate(request, Ticket()))[0] for _ in range(2)]
    assert first.path.read_bytes() != second.path.read_bytes()


@pytest.mark.parametrize("prompt", PROMPTS)
def test_the_same_words_and_seed_draw_the_same_picture(tmp_path: Path, prompt: str) -> None:
    assert unlike(drawn(tmp_path, prompt, 7), drawn(tmp_path, prompt, 7)) == 0
    assert unlike(drawn(tmp_path, prompt, 7), drawn(tmp_path, f"  {prompt.upper()} ", 7)) == 0


@pytest.mark.parametrize("prompt", PROMPTS)
def test_another_seed_draws_another_picture(tmp_path: Path, prompt: str) -> None:
    assert unlike(drawn(tmp_path, prompt, 7), drawn(tmp_path, prompt, 8)) > 2


@pytest.mark.parametrize("ratio", AspectRatio)
def test_every_scene_fits_every_ratio(tmp_path: Path, ratio: AspectRatio) -> None:
    for prompt in PROMPTS:
        picture = drawn(tmp_path, prompt, 3, ratio.pixels(256))
        assert picture.size == ratio.pixels(256)
        assert max(ImageStat.Stat(picture).stddev) > 8


@pytest.mark.parametrize("prompt", ["", "лиса в снегу", "🦊" * 50, "a" * 4000, "\x00\ud800", "--", "雪の中の狐"])
def test_any_words_draw_something(tmp_path: Path, prompt: str) -> None:
    assert max(ImageStat.Stat(drawn(tmp_path, prompt, 1)).stddev) > 5


def test_the_words_choose_the_colours(tmp_path: Path) -> None:
    red, _, blue = ImageStat.Stat(drawn(tmp_path, "fire", 1)).mean
    assert red > blue
    red, _, blue = ImageStat.Stat(drawn(tmp_path, "ocean", 1)).mean
    assert blue > red


def slowness() -> float:
    """How many times longer than usual this machine takes just now for a blur that is always the same; 1 at least."""
    image, took = Image.effect_noise((1024, 1024), 50).convert("RGB"), []
    for _ in range(4):
        start = time.process_time()
        image.filter(ImageFilter.GaussianBlur(20))
        took.append(time.process_time() - start)
    return max(1.0, min(took) / USUAL)


@pytest.mark.parametrize("scene", sorted(SCENES))
def test_a_sketch_is_quick(tmp_path: Path, scene: str) -> None:
    word = SUBJECTS[scene].split()[0]
    took = []
    for seed in range(4):
        start = time.process_time()
        paint(word, seed, (1024, 1024), tmp_path / "picture.jpg")
        took.append(time.process_time() - start)
    assert min(took) < QUICK * slowness()


def test_the_tables_know_only_what_there_is() -> None:
    assert set(SUBJECTS) == set(SCENES)
    assert set(MOODS) <= set(PALETTES)
    assert all(parse(color) for color in ACCENTS.values())


@pytest.mark.parametrize("name", PALETTES)
def test_each_palette_goes_from_dark_to_light(name: str) -> None:
    palette: Palette = PALETTES[name]
    lights = [luminance(color) for color in palette.tones()]
    assert lights == sorted(lights)


def test_a_mixture_lies_between() -> None:
    assert mix((0, 0, 0), (255, 255, 255), 0.0) == (0, 0, 0)
    assert mix((0, 0, 0), (255, 255, 255), 1.0) == (255, 255, 255)
    assert mix((10, 200, 30), (10, 200, 30), 0.5) == (10, 200, 30)


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    """A picture to change: a bright day."""
    path = tmp_path / "photo.jpg"
    paint("a lake in a meadow", 5, (1024, 768), path)
    return path


def changed(photo: Path, words: str, size: tuple[int, int] = (512, 384)) -> Image.Image:
    path = photo.with_name("changed.jpg")
    repaint(words, 7, photo, size, path)
    with Image.open(path) as picture:
        return picture.convert("RGB")


async def test_a_picture_is_changed_and_keeps_its_shape(sketch: Sketch, photo: Path) -> None:
    request = ImageRequest(sketch.models()[0], "make it night", AspectRatio.STANDARD, seed=7, sources=(photo,))
    [picture] = await sketch.generate(request, Ticket())
    assert (picture.width, picture.height) == (1024, 768)


def test_night_falls_and_what_was_there_can_still_be_seen(photo: Path) -> None:
    with Image.open(photo) as before:
        day = before.convert("RGB").resize((512, 384))
    night = changed(photo, "make it night")
    assert ImageStat.Stat(night.convert("L")).mean[0] < 0.6 * ImageStat.Stat(day.convert("L")).mean[0]
    shapes = [
        picture.convert("L").filter(ImageFilter.FIND_EDGES).point(lambda level: 255 * (level > 24))
        for picture in (day, night)
    ]
    both = ImageChops.multiply(*shapes)
    assert ImageStat.Stat(both).sum[0] > 0.2 * ImageStat.Stat(shapes[0]).sum[0]


@pytest.mark.parametrize("words", ["snow", "rain", "fire", "a sunset", "neon", "blue"])
def test_different_words_change_a_picture_differently(photo: Path, words: str) -> None:
    assert unlike(changed(photo, words), changed(photo, words)) == 0
    assert unlike(changed(photo, words), changed(photo, "night")) > 8


def test_a_change_is_quick(photo: Path) -> None:
    spent = []
    for _ in range(3):
        started = time.process_time()
        repaint("make it night", 7, photo, (1024, 1024), photo.with_name("changed.jpg"))
        spent.append(time.process_time() - started)
    assert min(spent) < 2 * QUICK * slowness()
