"""How the page looks, by its structure: in the dark, on a phone, from right to left; and to those who cannot see."""

from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import ViewportSize, expect

from tests.browser import looks
from tests.browser.conftest import DESK, Opens
from tests.browser.page import Page

pytestmark = pytest.mark.asyncio(loop_scope="package")

PHONE = ViewportSize(width=390, height=844)
NARROW = ViewportSize(width=320, height=640)


@pytest_asyncio.fixture(scope="module", loop_scope="package", autouse=True)
async def _something_to_see(anybody: Opens) -> None:
    """A chat with words, pictures, buttons, a question and a file."""
    page = await anybody()
    await page.starts()
    await page.draws("a wide sea", "--ar 16:9")
    await page.presses("Original", await page.draws("a tall tree", "--ar 9:16"))
    await expect(page.hook("file")).to_have_count(1)
    await page.types("/help")
    await page.sees("Under each picture")


async def entered(page: Page) -> Page:
    """On a phone the chats come first."""
    if not await page.field.is_visible():
        await page.hook("chat", kind="private").click()
    await expect(page.field).to_be_visible()
    await page.sees("Under each picture")
    await page.loads(page.log.locator("img"))
    return page


@pytest.mark.parametrize("size", [DESK, PHONE, NARROW], ids=["desk", "phone", "narrow"])
@pytest.mark.parametrize("language", ["English", "Русский", "فارسی"])
async def test_everything_is_in_its_place(window: Opens, size: ViewportSize, language: str) -> None:
    page = await window(viewport=DESK)
    await page.speaks(language)
    await page.raw.set_viewport_size(size)
    await entered(page)
    assert await looks.faults(page) == []


async def test_a_language_from_right_to_left_turns_the_page_around(anna: Page) -> None:
    await anna.speaks("فارسی")
    await expect(anna.raw.locator("html")).to_have_attribute("dir", "rtl")
    mine = await left(anna, "me")
    assert mine < await left(anna, "bot")
    await anna.speaks("English")
    await expect(anna.raw.locator("html")).to_have_attribute("dir", "ltr")
    assert mine < await left(anna, "me")


async def test_commands_begin_with_their_stroke_also_from_right_to_left(anna: Page) -> None:
    await anna.speaks("فارسی")
    await anna.types("/help")
    said = (await anna.sees("My promise")).get_by_role("button", name="/imagine").last
    await anna.field.fill("/")
    for command in (said, anna.raw.get_by_role("option", name="/imagine").locator("b")):
        await expect(command).to_have_css("direction", "ltr")


async def left(page: Page, by: str) -> float:
    """Where the first text begins that `me` or the `bot` wrote. What is far away is not laid out unless told so."""
    script = """by => {
      const text = document.querySelector(`[data-testid=message][data-by=${by}] .text`);
      text.closest('.row').style.contentVisibility = 'visible';
      return text.getBoundingClientRect().left;
    }"""
    return float(await page.runs(script, by))


async def test_on_a_phone_the_chats_and_one_chat_take_turns(window: Opens) -> None:
    page = await window(viewport=PHONE)
    await entered(page)
    await expect(page.hook("chats")).to_be_hidden()
    await page.presses("Back to the chats")
    await expect(page.hook("chats")).to_be_visible()
    await expect(page.field).to_be_hidden()


async def test_the_dark_look_is_chosen_and_kept(anna: Page) -> None:
    html = anna.raw.locator("html")
    await anna.raw.get_by_role("switch", name="Dark mode").click()
    await expect(html).to_have_attribute("data-theme", "dark")
    assert await brightness(anna) < 64
    await anna.raw.reload()
    await expect(html).to_have_attribute("data-theme", "dark")
    await anna.raw.get_by_role("switch", name="Dark mode").click()
    await expect(html).to_have_attribute("data-theme", "light")
    assert await brightness(anna) > 192


async def brightness(page: Page) -> float:
    """Of the ground below the chats, 0 to 255."""
    script = "() => getComputedStyle(document.body).backgroundColor.match(/[\\d.]+/g).slice(0, 3).map(Number)"
    channels: list[float] = await page.runs(script)
    return sum(channels) / 3


async def test_the_look_of_the_system_is_taken_at_first(window: Opens) -> None:
    dark, light = await window(color_scheme="dark"), await window(color_scheme="light")
    assert await brightness(dark) < 64 < 192 < await brightness(light)


@pytest.mark.parametrize("color_scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
async def test_nothing_keeps_anybody_out(window: Opens, viewport: ViewportSize, color_scheme: str) -> None:
    options: dict[str, Any] = {"viewport": viewport, "color_scheme": color_scheme}
    page = await entered(await window(**options))
    assert await looks.violations(page) == []
    await page.looks_behind("Faults")
    assert await looks.violations(page) == []


async def test_the_list_of_chats_on_a_phone_keeps_nobody_out(window: Opens) -> None:
    page = await entered(await window(viewport=PHONE))
    await page.presses("Back to the chats")
    assert await looks.violations(page) == []
