"""The bot as handlers see it: it knows its own name and sends nothing, because handlers return what is to be sent."""

from collections.abc import AsyncGenerator
from typing import Any

from aiogram import Bot
from aiogram.client.session.base import BaseSession
from aiogram.methods import TelegramMethod
from aiogram.types import User
from pydantic import SecretStr

from bot.telegram.api import Api


class HandlerBot(Bot):
    """Passed to handlers and filters."""

    def __init__(self, api: Api, token: SecretStr) -> None:
        super().__init__(token.get_secret_value(), session=_Mute())
        self._api = api
        self._user: User | None = None

    @property
    def username(self) -> str | None:
        """What people call us, without the @; None before we were told."""
        return self._user.username if self._user else None

    async def me(self) -> User:
        """Who we are at Telegram: asked once, before the first update. Raises CallError."""
        if self._user is None:
            self._user = User.model_validate(await self._api.call("getMe"))
        return self._user


class _Mute(BaseSession):
    async def close(self) -> None:
        """Nothing was opened."""

    async def make_request(self, bot: Bot, method: TelegramMethod[Any], timeout: int | None = None) -> Any:
        """Remind the author of a handler."""
        raise RuntimeError(f"a handler returns {method.__api_method__} instead of sending it")

    async def stream_content(self, *_: Any, **__: Any) -> AsyncGenerator[bytes, None]:
        """As above."""
        raise RuntimeError("a handler fetches nothing")
        yield b""  # makes this a generator, as its base wants
