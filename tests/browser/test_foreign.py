"""The page for bots of other people: nothing is known of how they live, only what they call."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from bot.sandbox.command import populate
from bot.sandbox.panel import Panel
from bot.sandbox.server import Sandbox
from bot.sandbox.web import Page as Served
from tests.browser.conftest import DESK
from tests.browser.page import Page

pytestmark = pytest.mark.asyncio(loop_scope="package")

KEYS = {
    "inline_keyboard": [[{"text": "Again", "callback_data": "a"}, {"text": "In many more words", "callback_data": "b"}]]
}


@pytest_asyncio.fixture(loop_scope="package")
async def server() -> AsyncIterator[Sandbox]:
    sandbox = Sandbox(any_bot=True)
    populate(sandbox)
    Served(sandbox, panel=Panel(sandbox)).add_routes()
    async with sandbox:
        yield sandbox


@pytest_asyncio.fixture(loop_scope="package")
async def page(browser: Browser, server: Sandbox) -> AsyncIterator[Page]:
    context = await browser.new_context(viewport=DESK)
    page = Page(await context.new_page(), server.url)
    await page.raw.goto(server.url)
    await expect(page.hook("title")).to_have_text("Friends")
    yield page
    await context.close()
    assert page.heard.faults == []


async def call(server: Sandbox, method: str, **values: Any) -> Any:
    address = f"{server.url}/bot42:any-words/{method}"
    async with aiohttp.ClientSession() as session, session.post(address, json=values) as response:
        return (await response.json())["result"]


async def answer_inline(server: Sandbox, wanted: str) -> None:
    """Answer the question that is `wanted`, and none before it."""
    offset = 0
    while True:
        for update in await call(server, "getUpdates", offset=offset, timeout=20):
            offset = update["update_id"] + 1
            asked = update.get("inline_query", {})
            if asked.get("query") == wanted:
                words = {"input_message_content": {"message_text": "ok"}, "reply_markup": KEYS}
                result = {"type": "article", "id": "1", "title": "A fox", **words}
                await call(server, "answerInlineQuery", inline_query_id=asked["id"], results=[result])
                return


async def test_a_bot_that_comes_appears_at_once_and_has_no_parts_that_are_only_ours(
    server: Sandbox, page: Page
) -> None:
    await expect(page.log).to_contain_text("No bot has come yet")
    await call(server, "setMyDescription", description="I count sheep")
    await page.enters("Bot42 Bot")
    await expect(page.log).to_contain_text("I count sheep")
    await expect(page.log.locator("img")).to_have_count(0)
    await page.looks_behind("Faults")
    await expect(page.raw.get_by_role("tab")).to_have_text(["Calls", "Queue", "Faults"])
    await expect(page.button("Kill the bot")).to_be_hidden()
    await expect(page.raw.get_by_text("The service that draws")).to_be_hidden()
    await expect(page.raw.get_by_text("NaN")).to_have_count(0)


async def test_a_short_message_of_inline_mode_is_as_wide_as_its_keys(server: Sandbox, page: Page) -> None:
    await call(server, "getMe")
    async with asyncio.TaskGroup() as answering:
        answering.create_task(answer_inline(server, "a fox"))
        await page.enters("Bot42 Bot")
        await page.starts()
        await page.field.fill("@bot42_bot a fox")
        await page.raw.get_by_role("option", name="A fox").click()
    message = await page.sees("via @bot42_bot")
    ends = "node => [...node.querySelectorAll('.bubble, .keys')].map((one) => one.getBoundingClientRect().width)"
    bubble, keys = await message.evaluate(ends)
    assert bubble == keys
    cut = "node => [...node.querySelectorAll('.key span')].some((one) => one.scrollWidth > one.clientWidth)"
    assert not await message.evaluate(cut)


async def test_a_question_that_nobody_answers_is_sent_as_a_message(server: Sandbox, page: Page) -> None:
    await call(server, "getMe")
    await page.enters("Bot42 Bot")
    await page.starts()
    await page.field.fill("@bot42_bot are you there")
    await expect(page.hook("results")).to_have_text("Asking Bot42 Bot …")
    await expect(page.hook("results")).to_contain_text("has not answered")
    await page.field.press("Enter")
    await page.sees("@bot42_bot are you there")


def page_of(offset: str) -> dict[str, Any]:
    """Twenty results and where to go on, or the last three."""
    start = int(offset or 0)
    content = {"input_message_content": {"message_text": "ok"}}
    numbers = range(start, start + 20 if start == 0 else start + 3)
    results = [
        {"type": "article", "id": "same" if n == start else str(n), "title": f"Fox {n}"} | content for n in numbers
    ]
    return {"results": results, "next_offset": "20" if start == 0 else ""}


async def answer_by_pages(server: Sandbox) -> None:
    offset, pages = 0, 0
    while pages < 2:
        for update in await call(server, "getUpdates", offset=offset, timeout=20):
            offset = update["update_id"] + 1
            if asked := update.get("inline_query"):
                await call(server, "answerInlineQuery", inline_query_id=asked["id"], **page_of(asked["offset"]))
                pages += 1


async def test_more_results_come_once_somebody_comes_near_the_end_and_can_be_sent(server: Sandbox, page: Page) -> None:
    await call(server, "getMe")
    async with asyncio.TaskGroup() as answering:
        answering.create_task(answer_by_pages(server))
        await page.enters("Bot42 Bot")
        await page.starts()
        await page.field.fill("@bot42_bot fox")
        results = page.raw.locator("#results").get_by_role("option")
        await expect(results).to_have_count(20)
        await results.last.scroll_into_view_if_needed()
        await expect(results).to_have_count(23)
    await results.filter(has_text="Fox 20").click()
    await page.sees("via @bot42_bot")
