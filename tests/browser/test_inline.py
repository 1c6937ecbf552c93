"""Words behind the bot's name, in a chat of people."""

import pytest
from playwright.async_api import expect

from tests.browser.page import Page

pytestmark = pytest.mark.asyncio(loop_scope="package")


async def test_what_is_chosen_above_the_input_line_becomes_the_picture_in_that_chat(anna: Page) -> None:
    await anna.draws("a walrus on a beach")
    await anna.enters("Friends")
    await anna.field.fill("@imagine_bot walrus")
    results = anna.raw.locator("#results").get_by_role("option")
    await expect(results).to_have_count(2)
    await expect(results.first).to_contain_text("Draw: walrus")
    await expect(results.first).to_contain_text("1 credit")
    await expect(results.last).to_contain_text("a walrus on a beach")
    await results.first.click()
    picture = await anna.sees_picture("walrus")
    await expect(picture).to_contain_text("via @imagine_bot")
    await expect(picture.get_by_role("button", name="Draw your own")).to_be_visible()


async def test_a_picture_that_is_there_already_is_sent_as_it_is(anna: Page) -> None:
    await anna.draws("a puffin in the wind")
    await anna.enters("Friends")
    await anna.field.fill("@imagine_bot puffin")
    await anna.raw.locator("#results").get_by_role("option", name="a puffin in the wind").click()
    await expect(anna.log.get_by_role("article").filter(has=anna.hook("photo")).last).to_contain_text(
        "via @imagine_bot"
    )
