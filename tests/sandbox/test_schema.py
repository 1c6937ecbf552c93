"""What the sandbox itself says fits the description of the Bot API."""

import json
from pathlib import Path

import pytest

from bot.sandbox import schema
from bot.sandbox.calls import METHODS
from bot.sandbox.model import Role
from bot.sandbox.people import Talk
from bot.sandbox.schema_build import build
from bot.sandbox.server import Sandbox
from tests.sandbox.conftest import Api, png


def test_every_learned_method_is_in_the_schema() -> None:
    assert METHODS.keys() - schema.load().methods.keys() == set()


def test_every_type_of_the_schema_can_be_read() -> None:
    loaded = schema.load()
    for method in loaded.methods:
        with pytest.raises(schema.Mismatch, match="not known"):
            loaded.read_call(method, {"nonsense": 1})


def test_the_schema_is_of_the_version_that_the_library_speaks() -> None:
    from aiogram import __api_version__

    assert schema.load().version == __api_version__


def test_the_description_is_trimmed_to_what_calls_are_checked_against(tmp_path: Path) -> None:
    text = {"name": "text", "type": "String", "required": True, "description": "Text, 1-4096 characters after parsing"}
    items = {
        "name": "media",
        "type": "Array of InputMedia",
        "required": False,
        "description": "must include 2-10 items",
    }
    kind = {"name": "type", "type": "String", "required": True, "description": "Type of the result, must be 'photo'"}
    call = {"name": "sendMessage", "category": "methods", "annotations": [text, items], "description": ""}
    photo = {"name": "Photo", "category": "types", "annotations": [kind], "description": ""}
    union = {"name": "Media", "category": "types", "annotations": [], "description": "One of\n - Photo"}
    document = {"api": {"version": "11.0"}, "items": [{"children": [call, photo, union]}]}
    (tmp_path / "schema.json").write_text(json.dumps(document))
    built = build(tmp_path / "schema.json")
    assert built["version"] == "11.0"
    assert built["methods"]["sendMessage"] == {
        "text": {"type": "String", "required": True, "min": 1, "max": 4096, "unit": "characters"},
        "media": {"type": {"array": "InputMedia"}, "min": 2, "max": 10, "unit": "items"},
    }
    assert built["types"]["Photo"] == {"type": {"type": "String", "required": True, "one_of": ["photo"]}}
    assert built["unions"] == {"Media": ["Photo"]}


async def test_updates_fit_the_schema(sandbox: Sandbox, api: Api, anna: Talk) -> None:
    forum = sandbox.forum("Club", sandbox.person("Cleo"), api.bot, topics=("Foxes",))
    row = [{"text": "Go", "callback_data": "go", "style": "primary"}]
    await api.call("sendMessage", chat_id=anna.chat_id, text="x", reply_markup={"inline_keyboard": [row]})
    said = await anna.say("/imagine @painter_bot https://example.org #fox", reply_to=anna.last)
    await anna.edit(said, "/imagine a fox")
    await anna.send_photo(png(), "look")
    await anna.send_file(png(), "fox.png", "image/png")
    anna.begin_press("Go")
    sandbox.upgrade(sandbox.group("Small", sandbox.person("Dora"), api.bot, supergroup=False))
    await Talk(sandbox.world, anna.user, forum).say("/help")
    sandbox.set_role(forum, api.bot, Role.ADMINISTRATOR)
    updates = await api.call("getUpdates")
    assert len(updates) >= 10
    for update in updates:
        schema.load().read("Update", update)


async def test_answers_fit_the_schema(sandbox: Sandbox, api: Api, anna: Talk) -> None:
    loaded, chat_id = schema.load(), anna.chat_id
    group = sandbox.group("Friends", sandbox.person("Ben"), api.bot)
    channel = sandbox.channel("News", sandbox.person("Ben"), api.bot)
    sent = await api.upload("sendPhoto", {"photo": png()}, chat_id=chat_id, caption="x", has_spoiler=True)
    photo = sent["result"]["photo"][-1]["file_id"]
    loaded.read("Message", sent["result"])
    for name, answer in [
        ("User", await api.call("getMe")),
        ("File", await api.call("getFile", file_id=photo)),
        ("WebhookInfo", await api.call("getWebhookInfo")),
        ("ChatFullInfo", await api.call("getChat", chat_id=group.chat_id)),
        ("ChatMember", await api.call("getChatMember", chat_id=channel.chat_id, user_id=42)),
        ("ChatMember", await api.call("getChatMember", chat_id=group.chat_id, user_id=42)),
        ("Message", await api.call("sendMessage", chat_id=channel.chat_id, text="x")),
        ("BotName", await api.call("getMyName")),
    ]:
        loaded.read(name, answer)


async def test_profile_texts_are_kept_by_language(api: Api) -> None:
    await api.call("setMyDescription", description="I draw")
    await api.call("setMyDescription", description="Я рисую", language_code="ru")
    assert (await api.call("getMyDescription", language_code="ru"))["description"] == "Я рисую"
    assert (await api.call("getMyDescription", language_code="de"))["description"] == "I draw"
    commands = [{"command": "imagine", "description": "draw"}]
    scope = {"type": "all_private_chats"}
    await api.call("setMyCommands", commands=commands, scope=scope, language_code="ru")
    assert await api.call("getMyCommands", scope=scope, language_code="ru") == commands
    assert await api.call("getMyCommands") == []
