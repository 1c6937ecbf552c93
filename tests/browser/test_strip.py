"""The pictures of the README: taken by `make screenshots`, and compared at each run with the page as it is now.

They are compared coarsely, in blocks: another font or another minute passes, another layout or color does not.
"""

import io
import os
from collections.abc import Sequence

import pytest
from PIL import Image, ImageChops
from playwright.async_api import expect

from tests.browser.conftest import Opens
from tests.browser.page import Page
from tests.browser.stage import ROOT

pytestmark = pytest.mark.asyncio(loop_scope="package")

STRIP = ROOT / "docs" / "sandbox.webp"
LARGEST = 400_000
HIGH = 800
DESK = {"width": 900, "height": HIGH}
WIDE = {"width": 1240, "height": HIGH}
PHONE = {"width": 420, "height": HIGH}
GAP = 20
BLOCK = 20
# Of 255: a block that differs by so much shows something else. So many of them may, as a share.
VISIBLE = 40
MOST = 0.06


async def chatting(window: Opens) -> Page:
    """A first picture with its buttons."""
    page = await window(viewport=DESK, color_scheme="light")
    await page.starts()
    await page.draws("a red fox in the snow", "--seed 42")
    return page


async def in_the_dark(window: Opens) -> Page:
    """The same chat on a phone at night."""
    page = await window(viewport=PHONE, color_scheme="dark")
    await page.enters("Imagine Bot")
    await page.draws("a lighthouse in a storm", "--seed 7 --ar 3:4")
    return page


async def behind_the_curtain(window: Opens) -> Page:
    """What the bot calls, beside a group's chat."""
    page = await window(viewport=WIDE, color_scheme="light")
    await page.enters("Friends")
    await page.draws("a castle above the clouds", "--seed 11 --ar 16:9")
    await page.looks_behind("Calls")
    await expect(page.hook("call").first).to_be_visible()
    return page


async def picture_of(page: Page) -> Image.Image:
    await page.raw.mouse.move(0, 0)
    return Image.open(io.BytesIO(await page.raw.screenshot(animations="disabled", caret="hide"))).convert("RGB")


def joined(pictures: Sequence[Image.Image]) -> Image.Image:
    """All side by side on white."""
    wide = sum(picture.width + GAP for picture in pictures) - GAP
    strip, left = Image.new("RGB", (wide, HIGH), "white"), 0
    for picture in pictures:
        strip.paste(picture, (left, 0))
        left += picture.width + GAP
    return strip


def difference(one: Image.Image, other: Image.Image) -> float:
    """The share of blocks that show something else, 0 to 1."""
    if one.size != other.size:
        return 1.0
    small = (one.width // BLOCK, one.height // BLOCK)
    blocks = ImageChops.difference(*(each.convert("RGB").resize(small, Image.Resampling.BOX) for each in (one, other)))
    red, green, blue = (band.tobytes() for band in blocks.split())
    return sum(max(pixel) > VISIBLE for pixel in zip(red, green, blue, strict=True)) / len(red)


async def test_the_pictures_of_the_readme_show_the_page_as_it_is(window: Opens) -> None:
    scenes = (chatting, in_the_dark, behind_the_curtain)
    now = joined([await picture_of(await scene(window)) for scene in scenes])
    if os.environ.get("SCREENSHOTS"):
        now.save(STRIP, quality=80, method=6)
    assert difference(now, Image.open(STRIP)) < MOST, "the page has changed: `make screenshots` takes them anew"


async def test_the_pictures_of_the_readme_are_in_it_and_load_quickly() -> None:
    assert f"({STRIP.relative_to(ROOT)})" in (ROOT / "README.md").read_text("utf-8")
    assert STRIP.stat().st_size < LARGEST
