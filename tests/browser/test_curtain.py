"""Behind the curtain: what the bot calls, what goes wrong on demand, and the button that ends it."""

import pytest
from playwright.async_api import Locator, expect

from tests.browser.page import Page

pytestmark = pytest.mark.asyncio(loop_scope="package")


async def switched(page: Page, fault: str) -> Locator:
    """Switch a fault on; its switch."""
    await page.looks_behind("Faults")
    switch = page.hook("fault", fault=fault)
    await switch.click()
    return switch


async def test_the_calls_of_the_bot_are_shown_as_they_happen(anna: Page) -> None:
    await anna.looks_behind("Calls")
    await anna.types("/me")
    await expect(anna.hook("call", method="sendMessage").first).to_be_visible()


@pytest.mark.parametrize(("part", "hook"), [("Pictures", "generation"), ("Credits", "entry")])
async def test_the_books_show_what_a_picture_left_in_them(anna: Page, part: str, hook: str) -> None:
    await anna.draws(f"a still life with {part}")
    await anna.looks_behind(part)
    await expect(anna.hook(hook).first).to_be_visible()


@pytest.mark.parametrize("fault", ["429", "500", "reset_after"])
async def test_a_picture_comes_once_whatever_telegram_does(anna: Page, fault: str) -> None:
    await switched(anna, fault)
    await anna.types(f"/imagine the {fault}th dream")
    await anna.sees_picture(f"the {fault}th dream")
