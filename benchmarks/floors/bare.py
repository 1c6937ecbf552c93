"""The bare relay: what the job costs when nothing is kept. Says that it draws, draws, turns the note into the picture.

No commit, no queue, no money, no language, no limit, nothing is looked at. It shows how little is possible, not how to.
"""

import asyncio
import os
import re
from typing import Any

import aiohttp
import pybase64

API = f"{os.environ['TELEGRAM_API_BASE']}/bot{os.environ['BOT_TOKEN']}"
SERVICE = f"{os.environ['ONLYSQ_BASE_URL']}/ai/imagen"
PICTURE = re.compile(rb'"files":\["([^"]+)"')


class Relay:
    """One process. `keep` is where the durable relay writes down how far it is."""

    def __init__(self) -> None:
        self.session: aiohttp.ClientSession
        self.offset = 0

    async def keep(self, step: str, update_id: int) -> None:
        """Nothing."""

    async def run(self) -> None:
        """Ask for updates and handle each in a task of its own, for ever."""
        connector = aiohttp.TCPConnector(limit=0)
        async with aiohttp.ClientSession(connector=connector) as self.session, asyncio.TaskGroup() as group:
            while True:
                updates = await self.call("getUpdates", {"offset": self.offset, "timeout": 30})
                for update in updates:
                    self.offset = update["update_id"] + 1
                    group.create_task(self.draw(update["update_id"], update["message"]))

    async def call(self, method: str, params: dict[str, Any]) -> Any:
        """One call, as JSON."""
        async with self.session.post(f"{API}/{method}", json=params) as response:
            return (await response.json())["result"]

    async def draw(self, update_id: int, message: dict[str, Any]) -> None:
        """One picture."""
        chat_id, prompt = message["chat"]["id"], message["text"].partition(" ")[2]
        await self.keep("taken", update_id)
        note = await self.call("sendMessage", {"chat_id": chat_id, "text": "Drawing …"})
        await self.keep("noted", update_id)
        picture = await self.picture(prompt)
        await self.keep("drawn", update_id)
        await self.show(chat_id, note["message_id"], picture)
        await self.keep("shown", update_id)

    async def picture(self, prompt: str) -> bytes:
        """The bytes that the service answers with, found in its JSON without reading the rest."""
        question = {"model": "flux", "prompt": prompt, "ratio": "1:1"}
        async with self.session.post(SERVICE, json=question) as response:
            found = PICTURE.search(await response.read())
        assert found is not None
        return pybase64.b64decode(found[1], validate=True)

    async def show(self, chat_id: int, note_id: int, picture: bytes) -> None:
        """Edit the note into the picture."""
        form = aiohttp.FormData()
        form.add_field("chat_id", str(chat_id))
        form.add_field("message_id", str(note_id))
        form.add_field("media", '{"type":"photo","media":"attach://file"}')
        form.add_field("file", picture, filename="picture.jpg", content_type="image/jpeg")
        async with self.session.post(f"{API}/editMessageMedia", data=form) as response:
            await response.read()


if __name__ == "__main__":
    asyncio.run(Relay().run())
