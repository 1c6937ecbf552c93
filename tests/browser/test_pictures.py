"""A picture and the buttons under it."""

import re

import pytest
from playwright.async_api import Locator, expect

from tests.browser.page import Page

pytestmark = pytest.mark.asyncio(loop_scope="package")

UNDER = ["Again", "Vary", "Edit", "Ratio", "Model", "Original", "Info", "☆ Favorite", "Delete"]


async def size(picture: Locator) -> tuple[int, int]:
    """Of the file, in pixels."""
    wide, tall = await picture.locator("img").first.evaluate("image => [image.naturalWidth, image.naturalHeight]")
    return int(wide), int(tall)


async def test_what_is_typed_becomes_a_picture(anna: Page) -> None:
    await anna.types("/imagine a fox at dawn --ar 16:9")
    picture = await anna.sees_picture("a fox at dawn")
    await expect(picture).to_contain_text("16:9")
    wide, tall = await size(picture)
    assert wide / tall == pytest.approx(16 / 9, rel=0.02)
    await expect(picture.get_by_role("button", name=re.compile("|".join(UNDER)))).to_have_count(len(UNDER))


async def test_plain_words_are_enough_in_a_private_chat(anna: Page) -> None:
    await anna.types("an owl in a hat")
    await anna.sees_picture("an owl in a hat")


async def test_again_draws_another_one(anna: Page) -> None:
    picture = await anna.draws("a lighthouse in a storm")
    await anna.presses("Again", picture)
    await anna.sees_picture("a lighthouse in a storm", count=2)


async def test_vary_says_that_it_is_a_variation(anna: Page) -> None:
    picture = await anna.draws("a glass whale")
    await anna.presses("Vary", picture)
    await expect(await anna.sees_picture("a glass whale", count=2)).to_contain_text("variation")


async def test_edit_asks_and_the_answer_changes_the_picture(anna: Page) -> None:
    picture = await anna.draws("a sleepy village")
    await anna.presses("Edit", picture)
    await anna.sees("What should change?")
    await expect(anna.hook("target")).to_be_visible()
    await anna.types("snow on every roof")
    await anna.sees_picture("snow on every roof")


async def test_another_ratio_gives_another_shape(anna: Page) -> None:
    picture = await anna.draws("a tall tower", "--ar 1:1")
    await anna.presses("Ratio", picture)
    await anna.presses("9:16", picture)
    wide, tall = await size(await anna.sees_picture("a tall tower", count=2))
    assert wide / tall == pytest.approx(9 / 16, rel=0.02)


async def test_another_model_draws_it(anna: Page) -> None:
    picture = await anna.draws("a paper boat")
    await anna.presses("Model", picture)
    await picture.get_by_role("button", name=re.compile(r" · \d")).first.click()
    await anna.sees_picture("a paper boat", count=2)


async def test_back_shows_the_buttons_again(anna: Page) -> None:
    picture = await anna.draws("a stone bridge")
    await anna.presses("Ratio", picture)
    await expect(picture.get_by_role("button", name="Again", exact=True)).to_have_count(0)
    await anna.presses("« Back", picture)
    await expect(picture.get_by_role("button", name="Again", exact=True)).to_be_visible()


async def test_the_original_can_be_downloaded(anna: Page) -> None:
    picture = await anna.draws("a copper kettle")
    await anna.presses("Original", picture)
    link = anna.log.get_by_role("link", name=re.compile("^Download")).last
    async with anna.raw.expect_download() as coming:
        await link.click()
    path = await (await coming.value).path()
    assert path.read_bytes()[:4] in (b"\x89PNG", b"\xff\xd8\xff\xe0", b"\xff\xd8\xff\xdb")


async def test_info_tells_how_it_was_made(anna: Page) -> None:
    picture = await anna.draws("a green door")
    await anna.presses("Info", picture)
    await expect(await anna.sees("Drawn in")).to_contain_text("Size")


async def test_delete_asks_first_and_then_takes_the_picture_away(anna: Page) -> None:
    picture = await anna.draws("a broken cup")
    await anna.presses("Delete", picture)
    await anna.presses("Keep it", picture)
    await anna.presses("Delete", picture)
    await anna.presses("Delete this picture", picture)
    await expect(anna.pictures("a broken cup")).to_have_count(0)


async def test_a_picture_opens_in_full_and_closes(anna: Page) -> None:
    picture = await anna.draws("a long road")
    await anna.presses("Open the picture", picture)
    viewer = anna.raw.get_by_role("dialog", name="Picture")
    await expect(viewer.get_by_role("link", name="Download")).to_be_visible()
    await anna.raw.keyboard.press("Escape")
    await expect(viewer).to_be_hidden()


async def test_a_photo_of_ones_own_is_changed(anna: Page) -> None:
    photo = await (await anna.draws("a white horse")).locator("img").first.screenshot()
    await anna.attaches("horse.png", "image/png", photo)
    await anna.types("/imagine the horse at night")
    await anna.sees_picture("the horse at night", count=2)
