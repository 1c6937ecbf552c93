"""The button that ends the bot in the middle of its work."""

import re

import pytest
from playwright.async_api import expect

from tests.browser.page import Page

pytestmark = pytest.mark.asyncio(loop_scope="package")

# Long enough to be met while drawing.
DRAWING = "1.5"
UNDER_WAY = re.compile("Starting|Drawing ·")


async def test_a_bot_that_is_killed_still_delivers_the_picture(anna: Page) -> None:
    await anna.looks_behind("Calls")
    await anna.types("/imagine a phoenix")
    await anna.sees(UNDER_WAY)
    lives = int(await anna.hook("bot-state").get_attribute("data-lives") or 0)
    await anna.presses("Kill the bot")
    await expect(anna.hook("bot-state")).to_have_attribute("data-lives", str(lives + 1))
    await anna.sees_bot(alive=True)
    await anna.sees_picture("a phoenix")
    await expect(anna.messages(UNDER_WAY)).to_have_count(0)
