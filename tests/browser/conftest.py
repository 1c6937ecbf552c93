"""A real browser, a sandbox for each file of tests, and a fresh window for each test.

All of it lives in one loop, so each file here says `pytestmark = pytest.mark.asyncio(loop_scope="package")`.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Generator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, ViewportSize, async_playwright

from tests.browser import installed
from tests.browser.page import Page
from tests.browser.stage import Stage, playing

FAILED = pytest.StashKey[bool]()
# Nothing but this machine can be reached.
NO_NETWORK = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"
DESK = ViewportSize(width=1280, height=800)

Opens = Callable[..., Awaitable[Page]]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Note who failed: their window is photographed before it closes."""
    report = yield
    if report.failed:
        item.stash[FAILED] = True
    return report


@pytest.fixture(scope="package")
def program() -> Path:
    """The browser. Without one the tests fail, and say how to get it."""
    found = installed.found()
    if found is None:
        pytest.fail(installed.ADVICE, pytrace=False)
    return found


@pytest_asyncio.fixture(scope="package", loop_scope="package")
async def browser(program: Path) -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=program, args=[NO_NETWORK])
        yield browser
        await browser.close()


@pytest_asyncio.fixture(scope="module", loop_scope="package")
async def stage(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> AsyncIterator[Stage]:
    """A sandbox whose pictures take as many seconds as the file says with DRAWING, or next to none."""
    seconds = getattr(request.module, "DRAWING", "0.2")
    async with playing(tmp_path_factory.mktemp("sandbox"), SKETCH_SECONDS=seconds) as stage:
        yield stage


@pytest_asyncio.fixture(scope="module", loop_scope="package")
async def anybody(browser: Browser, stage: Stage) -> AsyncIterator[Opens]:
    """Opens windows that stay open for the whole file: to prepare what its tests look at."""
    async with windows(browser, stage) as (opens, _):
        yield opens


@pytest_asyncio.fixture(loop_scope="package")
async def window(
    browser: Browser, stage: Stage, tmp_path: Path, request: pytest.FixtureRequest
) -> AsyncIterator[Opens]:
    """Opens the page in a window of its own. What the browser complains about fails the test."""
    async with windows(browser, stage) as (opens, opened):
        yield opens
        faults = [fault for page in opened for fault in page.heard.faults]
        if faults or FAILED in request.node.stash:
            await _keep(opened, tmp_path)
            print(f"The sandbox said: {stage.log}")
        assert faults == []


@asynccontextmanager
async def windows(browser: Browser, stage: Stage) -> AsyncIterator[tuple[Opens, list[Page]]]:
    """A function that opens windows, and all that it has opened."""
    async with AsyncExitStack() as life:
        opened: list[Page] = []

        async def opens(**options: Any) -> Page:
            context = await browser.new_context(**{"viewport": DESK, "reduced_motion": "reduce", **options})
            life.push_async_callback(context.close)
            page = Page(await context.new_page(), stage.url)
            opened.append(page)
            await page.opens()
            return page

        yield opens, opened


async def _keep(opened: list[Page], folder: Path) -> None:
    """For whoever looks into a failure."""
    for number, page in enumerate(opened, 1):
        picture, console = folder / f"window{number}.png", folder / f"window{number}.log"
        await page.raw.screenshot(path=picture)
        await asyncio.to_thread(console.write_text, "\n".join(page.heard.lines), "utf-8")
        print(f"The window looked like {picture}; its console said {console}")


@pytest_asyncio.fixture(loop_scope="package")
async def anna(window: Opens) -> Page:
    """Anna's window. Her chat with the bot is open, and they have said hello."""
    page = await window()
    await page.starts()
    return page


@pytest_asyncio.fixture(loop_scope="package")
async def second(window: Opens) -> Page:
    """Another window, beside the first."""
    return await window()
