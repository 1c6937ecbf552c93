"""Somebody else's bot: a few lines of plain aiogram that know nothing of this project."""

import asyncio
import sys

from aiogram import Bot, Dispatcher
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.filters import CommandStart
from aiogram.types import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Message

dispatcher = Dispatcher()


@dispatcher.message(CommandStart())
async def greet(message: Message) -> None:
    keys = InlineKeyboardMarkup(inline_keyboard=[[InlineKeyboardButton(text="More", callback_data="more")]])
    await message.answer("Hello, <b>you</b>", parse_mode="HTML", reply_markup=keys)


@dispatcher.callback_query()
async def more(query: CallbackQuery) -> None:
    await query.answer("Here it is")
    if isinstance(query.message, Message):
        await query.message.edit_text("That was all")


async def main(server: str) -> None:
    session = AiohttpSession(api=TelegramAPIServer.from_base(server))
    async with Bot("4242:foreign-token", session=session) as bot:
        await dispatcher.start_polling(bot)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
