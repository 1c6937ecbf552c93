"""How quick the sandbox and its page are, in a real browser: `python -m benchmarks page`."""

import asyncio
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, async_playwright, expect

from benchmarks.report import Figure
from tests.browser import installed
from tests.browser.conftest import DESK, NO_NETWORK
from tests.browser.page import Page
from tests.browser.stage import playing

MANY = 2000
ROUNDS = 5
KEYS = "a fox in the snow at dawn"

# The moment when people can write: the field is there and the chats are listed.
INTERACTIVE = """globalThis.interactive = new Promise((done) => {
  const look = () => {
    const field = document.querySelector('[data-testid=composer]'), chat = document.querySelector('[data-testid=chat]');
    if (field?.offsetHeight && chat) done(performance.now()); else setTimeout(look, 5);
  };
  look();
})"""

# Writes messages as another person of the group would, some at a time.
FILL = """async (count) => {
  const options = (body) => body && { method: 'POST', body: JSON.stringify(body) };
  const ask = async (path, body) => (await fetch(path, options(body))).json();
  const { people } = await ask('/sandbox/state');
  const boris = people[1].id;
  const { chats } = await ask(`/sandbox/state?person=${boris}`);
  const chat = chats.find(({ title }) => title === 'Friends').key;
  for (let at = 0; at < count; at += 20)
    await Promise.all([...Array(Math.min(20, count - at)).keys()].map((more) =>
      ask('/sandbox/do/say', { person: boris, chat, text: `message ${at + more + 1}` })));
}"""

# The longest time between two frames while something goes on: what people feel as a stop.
WATCH = """() => {
  globalThis.longest = 0; globalThis.tasks = 0; globalThis.watching = true;
  new PerformanceObserver((list) => { for (const one of list.getEntries()) tasks = Math.max(tasks, one.duration); })
    .observe({ type: 'longtask' });
  let last = performance.now();
  const frame = (now) => {
    longest = Math.max(longest, now - last);
    last = now;
    if (watching) requestAnimationFrame(frame);
  };
  requestAnimationFrame((now) => { last = now; frame(now); });
}"""
WATCHED = """() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => {
  watching = false;
  done({ frame: longest, task: tasks });
})))"""

# Turns the wheel through the newest messages, a frame at a time.
SCROLL = """() => new Promise((done) => {
  const log = document.querySelector('[role=log]');
  let left = 60;
  const step = () => { log.scrollTop -= 120; left -= 1; left ? requestAnimationFrame(step) : done(); };
  step();
})"""


async def page() -> list[Figure]:
    """The page as it opens, with two thousand messages, and the first picture from a cold start."""
    program = await asyncio.to_thread(installed.found)
    if program is None:
        raise SystemExit(installed.ADVICE)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=program, args=[NO_NETWORK])
        with tempfile.TemporaryDirectory() as folder:
            return [await _first_picture(browser, Path(folder)), *await _page(browser, Path(folder))]


async def _first_picture(browser: Browser, folder: Path) -> Figure:
    """From the command to a picture on the page, with the sandbox's own drawing time."""
    begun = time.perf_counter()
    async with playing(folder) as stage:
        window = await _window(browser, stage.url)
        await window.starts()
        await window.draws("a fox")
        took = time.perf_counter() - begun
        await window.raw.context.close()
    return _figure("`imagine-bot sandbox`: first picture on the page", took, "s", 15)


async def _page(browser: Browser, folder: Path) -> list[Figure]:
    async with playing(folder) as stage:
        opened = [await _opening(browser, stage.url) for _ in range(ROUNDS)]
        window = await _window(browser, stage.url)
        await window.enters("Friends")
        await window.runs(FILL, MANY)
        await window.sees(f"message {MANY}")
        full = f"page with {MANY:,} messages: longest stop"
        figures = [_figure("page: time until people can write", statistics.median(opened), "ms", 1000)]
        figures.append(_figure(f"{full} while one more arrives", await _watched(window, _arrival), "ms", 100))
        figures.append(_figure(f"{full} while typing", await _watched(window, _typing), "ms", 100))
        figures.append(_figure(f"{full} while scrolling", await _watched(window, _scrolling), "ms", 100))
        return figures


async def _opening(browser: Browser, url: str) -> float:
    """Milliseconds of a first visit, with nothing in the browser's cache."""
    context = await browser.new_context(viewport=DESK)
    raw = await context.new_page()
    await raw.add_init_script(INTERACTIVE)
    await raw.goto(url)
    took = float(await raw.evaluate("() => globalThis.interactive"))
    await context.close()
    return took


async def _window(browser: Browser, url: str) -> Page:
    context = await browser.new_context(viewport=DESK)
    window = Page(await context.new_page(), url)
    await window.opens()
    return window


async def _watched(window: Page, doing: Any) -> float:
    """The longest time without a new frame, the median of several rounds."""
    found: list[float] = []
    for _ in range(ROUNDS):
        await window.runs(WATCH)
        await doing(window)
        watched: dict[str, float] = await window.runs(WATCHED)
        found.append(max(watched.values()))
    return statistics.median(found)


async def _arrival(window: Page) -> None:
    await window.runs(FILL, 1)
    await expect(window.messages("message 1").last).to_be_visible()


async def _typing(window: Page) -> None:
    await window.field.press_sequentially(KEYS)
    await window.field.fill("")


async def _scrolling(window: Page) -> None:
    await window.runs(SCROLL)


def _figure(name: str, value: float, unit: str, goal: float) -> Figure:
    return Figure(name, f"**{value:.3g} {unit}**", f"< {goal} {unit}", value < goal, "make bench ARGS=page")
