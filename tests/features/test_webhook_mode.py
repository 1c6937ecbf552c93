"""The whole bot behind a webhook: the same conversation, brought instead of fetched."""

import aiohttp
import pytest

from bot.sandbox.people import Talk
from bot.telegram.webhook import SECRET_HEADER
from tests.house import House
from tests.waiting import until

SECRET = "canary-secret-0123456789"


@pytest.fixture
async def talk(house: House) -> Talk:
    """A chat with a bot that never polls."""
    await house.start(webhook_url="https://bot.example.org/telegram", webhook_secret=SECRET)

    async def announced() -> bool:
        return house.bot.webhook is not None

    await until(announced, "the webhook is announced")
    return house.sandbox.person("Anna").private(house.bot)


async def test_updates_that_telegram_brings_become_pictures(talk: Talk, house: House) -> None:
    assert house.bot.webhook is not None
    assert house.bot.webhook.secret == SECRET
    assert not house.sandbox.calls_of("getUpdates")
    user, chat = talk.user.wire(), talk.chat.wire()
    talk.chat.opened = True
    message = {"message_id": 1, "date": house.app.ground.clock.now(), "from": user, "chat": chat, "text": "a red fox"}
    assert await post(house, {"update_id": 1, "message": message}, SECRET) == 200
    await talk.until(lambda talk: talk.answers and talk.answers[0].photo)


async def test_nobody_else_can_bring_updates(talk: Talk, house: House) -> None:
    assert await post(house, {"update_id": 1}, "wrong") == 401
    assert await house.rows("SELECT * FROM inbox") == []


async def post(house: House, update: dict[str, object], secret: str) -> int:
    headers = {SECRET_HEADER: secret}
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{house.app.address}/telegram", json=update, headers=headers) as answer,
    ):
        return answer.status
