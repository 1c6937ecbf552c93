"""Everything can be done without a mouse."""

import pytest
from playwright.async_api import Locator, expect

from tests.browser.conftest import Opens
from tests.browser.page import Page

pytestmark = pytest.mark.asyncio(loop_scope="package")

FARTHEST = 80


async def goes_to(page: Page, wanted: Locator, key: str = "Tab") -> None:
    """Press a key until something has the focus, as whoever has no mouse would."""
    for _ in range(FARTHEST):
        if await wanted.evaluate("node => node === document.activeElement"):
            return
        await page.raw.keyboard.press(key)
    raise AssertionError(f"{wanted} cannot be reached by {FARTHEST} times {key}")


async def test_a_picture_is_drawn_opened_and_drawn_again_by_keys_alone(window: Opens) -> None:
    page = await window()
    keys = page.raw.keyboard
    await goes_to(page, page.button("Start"))
    await keys.press("Enter")
    await goes_to(page, page.field)
    await keys.type("/imagine a quiet harbor")
    await keys.press("Enter")
    picture = await page.sees_picture("a quiet harbor")
    await goes_to(page, picture.locator("[data-testid=photo]"))
    await keys.press("Enter")
    await expect(page.raw.get_by_role("dialog", name="Picture")).to_be_visible()
    await keys.press("Escape")
    await expect(picture.locator("[data-testid=photo]")).to_be_focused()
    await goes_to(page, picture.get_by_role("button", name="Again", exact=True))
    await keys.press("Enter")
    await page.sees_picture("a quiet harbor", count=2)


async def test_a_message_has_its_menu_at_hand(anna: Page) -> None:
    await anna.types("hello there")
    message = anna.hook("message", by="me").last
    await message.focus()
    await anna.raw.keyboard.press("Enter")
    await expect(anna.raw.get_by_role("menu")).to_be_visible()
    await goes_to(anna, anna.raw.get_by_role("menuitem", name="Reply"), "ArrowDown")
    await anna.raw.keyboard.press("Enter")
    await expect(anna.hook("target")).to_be_visible()
    await expect(anna.field).to_be_focused()


async def test_another_person_is_chosen_by_arrows(anna: Page) -> None:
    await goes_to(anna, anna.raw.get_by_role("radio", name="Anna"))
    await anna.raw.keyboard.press("ArrowRight")
    await expect(anna.raw.get_by_role("radio", name="Борис")).to_be_checked()


async def test_a_command_is_completed_by_keys(anna: Page) -> None:
    await anna.field.press_sequentially("/his")
    await expect(anna.raw.get_by_role("option", name="/history")).to_be_visible()
    await anna.raw.keyboard.press("ArrowDown")
    await anna.raw.keyboard.press("Enter")
    await expect(anna.field).to_have_value("/history ")
