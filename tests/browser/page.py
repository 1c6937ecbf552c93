"""The page of the sandbox, with verbs for what a person does and sees there.

Everything is found as somebody finds it who cannot see, by its role and its name, or by a hook that
bot/sandbox/page/README.md lists.
"""

import asyncio
import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from playwright import async_api as playwright
from playwright.async_api import ConsoleMessage, FilePayload, Locator, expect

# Milliseconds that anything may take to come up. The machine may be busy.
PATIENCE = 15_000
expect.set_options(timeout=PATIENCE)

Words = str | re.Pattern[str]


@dataclass
class Heard:
    """What the browser said and complained about."""

    lines: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def listen(self, page: playwright.Page, home: str) -> None:
        """Keep what the console says. Errors, and requests to anywhere but `home`, are faults."""
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.on("request", lambda request: self._asked(request.url, home))

    def _console(self, message: ConsoleMessage) -> None:
        self.lines.append(f"{message.type}: {message.text}")
        if message.type == "error":
            self.faults.append(message.text)

    def _asked(self, url: str, home: str) -> None:
        address = urlsplit(url)
        if address.scheme in ("http", "https") and address.netloc != urlsplit(home).netloc:
            self.faults.append(f"asked {url}")


class Page:
    """The page in one window. `raw` is Playwright's view of it."""

    def __init__(self, page: playwright.Page, home: str) -> None:
        self.raw = page
        self.heard = Heard()
        self.heard.listen(page, home)
        self._home = home
        page.set_default_timeout(PATIENCE)

    @property
    def log(self) -> Locator:
        """Where the messages are."""
        return self.raw.get_by_role("log")

    @property
    def field(self) -> Locator:
        """Where a message is written."""
        return self.raw.get_by_role("region", name="Write").get_by_role("textbox")

    def hook(self, name: str, **values: str) -> Locator:
        """What the page names so for its tests; `values` are further `data-` attributes."""
        return self.raw.locator(f"[data-testid={name}]" + "".join(f'[data-{key}="{it}"]' for key, it in values.items()))

    def button(self, name: Words) -> Locator:
        """A button anywhere on the page."""
        return self.raw.get_by_role("button", name=name, exact=True)

    def messages(self, words: Words) -> Locator:
        """Every message with these words."""
        return self.log.get_by_role("article").filter(has_text=words)

    def pictures(self, words: Words) -> Locator:
        """Every message with these words that shows a picture."""
        return self.messages(words).filter(has=self.hook("photo"))

    async def opens(self) -> None:
        """Open the page and wait until the bot runs."""
        await self.raw.goto(self._home)
        await self.sees_bot(alive=True)
        await expect(self.hook("title")).not_to_be_empty()

    async def types(self, words: str) -> None:
        """Write a message and send it with Enter."""
        await self.field.fill(words)
        await self.field.press("Enter")

    async def starts(self) -> None:
        """Press Start, where nothing has been said yet."""
        await expect(self.button("Start").or_(self.field).first).to_be_visible()
        if await self.button("Start").is_visible():
            await self.button("Start").click()
        await expect(self.field).to_be_visible()

    async def draws(self, words: str, flags: str = "") -> Locator:
        """Wish for a picture in words that were not used before, and wait until it is there."""
        await self.types(f"/imagine {words} {flags}")
        return await self.sees_picture(words)

    async def attaches(self, name: str, kind: str, content: bytes) -> None:
        """Pick a file to send with the next message."""
        file = FilePayload(name=name, mimeType=kind, buffer=content)
        await self.raw.locator("#file").set_input_files(file)
        await expect(self.hook("picked")).to_be_visible()

    async def presses(self, label: Words, message: Locator | None = None) -> None:
        """Press a button under a message, or one of the page itself."""
        await (message or self.raw).get_by_role("button", name=label, exact=True).click()

    async def enters(self, chat: str, topic: str | None = None) -> None:
        """Open a chat of the list, and a topic of it."""
        await self.hook("chat").filter(has_text=chat).click()
        await expect(self.hook("title")).to_have_text(chat)
        if topic:
            await self.hook("topic").filter(has_text=topic).click()
            await expect(self.hook("topic").filter(has_text=topic)).to_have_attribute("aria-pressed", "true")

    async def becomes(self, person: str) -> None:
        """Look through the eyes of another person."""
        await self.raw.get_by_role("radio", name=person).click()
        await expect(self.raw.get_by_role("radio", name=person)).to_be_checked()

    async def speaks(self, language: str) -> None:
        """Set the person's app to another language."""
        [code] = await self.raw.get_by_role("combobox", name="App language").select_option(label=language)
        await expect(self.raw.locator("html")).to_have_attribute("data-language", code)

    async def looks_behind(self, part: str) -> Locator:
        """Open the curtain at one of its parts."""
        if not await self.hook("panel").is_visible():
            await self.button("Behind the curtain").click()
        await self.raw.get_by_role("tab", name=part).click()
        shown = self.raw.get_by_role("tabpanel", name=part)
        await expect(shown).to_be_visible()
        return shown

    async def sees(self, words: Words) -> Locator:
        """Wait for a message with these words; the newest of them."""
        message = self.messages(words).last
        await expect(message).to_be_visible()
        return message

    async def sees_picture(self, words: Words, count: int = 1) -> Locator:
        """Wait until that many messages with these words show a picture, and the newest is loaded."""
        await expect(self.pictures(words)).to_have_count(count)
        picture = self.pictures(words).last
        await self.loads(picture.locator("img:not(.backdrop)").first)
        return picture

    async def loads(self, images: Locator) -> None:
        """Have them loaded. Those far away would never be: the page leaves them until somebody comes near."""
        script = "images => Promise.all(images.map((image) => (image.loading = 'eager', image.decode())))"
        async with within(PATIENCE):
            await images.evaluate_all(script)

    async def sees_bot(self, *, alive: bool) -> None:
        """Wait until the page says that the bot runs, or that it does not."""
        await expect(self.hook("bot-state")).to_have_attribute("data-alive", str(alive).lower())

    async def runs(self, script: str, *values: Any) -> Any:
        """What a function answers that runs in the page; it gets `values`."""
        async with within(PATIENCE):
            return await self.raw.evaluate(f"values => ({script})(...values)", list(values))


def within(milliseconds: float) -> asyncio.Timeout:
    """A limit for what a page computes: Playwright itself would wait for ever."""
    return asyncio.timeout(milliseconds / 1000)
