"""The naive handler, as one writes it in an hour with aiogram: what a person gives up with it is not measured here."""

import asyncio
import base64
import os

import aiohttp
from aiogram import Bot, Dispatcher, F
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.types import BufferedInputFile, Message

SERVICE = f"{os.environ['ONLYSQ_BASE_URL']}/ai/imagen"
dispatcher = Dispatcher()


@dispatcher.message(F.text.startswith("/imagine"))
async def imagine(message: Message, http: aiohttp.ClientSession) -> None:
    """Draw, decode, send."""
    prompt = (message.text or "").partition(" ")[2]
    await message.answer("Drawing …")
    question = {"model": "flux", "prompt": prompt, "ratio": "1:1"}
    async with http.post(SERVICE, json=question) as response:
        answer = await response.json()
    picture = base64.b64decode(answer["files"][0])
    await message.answer_photo(BufferedInputFile(picture, "picture.jpg"), caption=prompt)


async def main() -> None:
    """Poll until killed."""
    server = TelegramAPIServer.from_base(os.environ["TELEGRAM_API_BASE"])
    bot = Bot(os.environ["BOT_TOKEN"], session=AiohttpSession(api=server))
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as http:
        await dispatcher.start_polling(bot, http=http)


if __name__ == "__main__":
    asyncio.run(main())
