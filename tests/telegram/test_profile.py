"""The bot introduces itself in every language, and writes only what differs."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.sandbox.model import Bot
from bot.sandbox.server import Sandbox
from bot.start.rules import COMMANDS
from bot.telegram.profile import introduce, keep_introduced
from tests.telegram.conftest import ADMIN, Edge, EdgeMaker

SETTERS = ("setMyCommands", "setMyDescription", "setMyShortDescription")


@pytest.fixture
async def life(edge: EdgeMaker) -> AsyncIterator[Edge]:
    life = edge()
    yield life
    await life.api.close()


async def test_commands_are_set_in_every_language(life: Edge, bot: Bot) -> None:
    await introduce(life.api, life.texts, ())
    codes: list[dict[str, Any]] = [{}, {"language_code": "ru"}]
    for code in codes:
        commands = await life.api.call("getMyCommands", **code)
        assert [command["command"] for command in commands] == list(COMMANDS)
        t = life.texts.negotiate(code.get("language_code"))
        assert commands[0]["description"] == t("command-imagine")
        description = await life.api.call("getMyDescription", **code)
        assert description["description"] == t("profile-description")


async def test_a_second_start_writes_nothing(life: Edge, sandbox: Sandbox) -> None:
    await introduce(life.api, life.texts, ())
    written = len(sandbox.calls_of(*SETTERS))
    await introduce(life.api, life.texts, ())
    assert len(sandbox.calls_of(*SETTERS)) == written > 0


async def test_admins_have_their_commands_in_their_own_menu(life: Edge, sandbox: Sandbox, bot: Bot) -> None:
    await sandbox.person("Ada", user_id=ADMIN).private(bot).say("hi")
    await introduce(life.api, life.texts, (ADMIN,))
    mine = await life.api.call("getMyCommands", scope={"type": "chat", "chat_id": ADMIN})
    everybodys = await life.api.call("getMyCommands")
    names = [command["command"] for command in mine]
    assert names[: len(COMMANDS)] == [command["command"] for command in everybodys]
    assert "grant" in names


async def test_an_admin_who_never_wrote_is_no_trouble(life: Edge, sandbox: Sandbox) -> None:
    sandbox.fault(
        "setMyCommands", text="Bad Request: chat not found", times=None, where=lambda call: "scope" in call.values
    )
    await introduce(life.api, life.texts, (ADMIN,))
    assert sandbox.calls_of("setMyDescription")


async def test_a_pause_is_waited_for(life: Edge, sandbox: Sandbox) -> None:
    sandbox.fault("setMyDescription", retry_after=1)
    await keep_introduced(life.api, life.texts, ())
    assert (await life.api.call("getMyDescription"))["description"]
