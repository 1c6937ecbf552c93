"""What a bot says about itself: commands, name, descriptions, menu button."""

import re
from collections.abc import Callable

from bot.sandbox.calls import Call, Method, method
from bot.sandbox.errors import wrong_call
from bot.sandbox.model import Wire

COMMAND = re.compile(r"[a-z0-9_]{1,32}")
LANGUAGE = re.compile(r"([a-z]{2})?")


@method("setMyCommands")
def set_my_commands(call: Call) -> bool:
    """The commands that people are offered, for a scope and a language."""
    for command in call.values["commands"]:
        if not COMMAND.fullmatch(command["command"].removeprefix("/")):
            raise wrong_call("BOT_COMMAND_INVALID")
    call.bot.commands[_scope(call), _language(call)] = [dict(one) for one in call.values["commands"]]
    return True


@method("getMyCommands")
def get_my_commands(call: Call) -> list[Wire]:
    """The commands as they were set, for exactly this scope and language."""
    return call.bot.commands.get((_scope(call), _language(call)), [])


@method("deleteMyCommands")
def delete_my_commands(call: Call) -> bool:
    """No commands of their own for this scope and language."""
    call.bot.commands.pop((_scope(call), _language(call)), None)
    return True


@method("setChatMenuButton")
def set_chat_menu_button(call: Call) -> bool:
    """What stands beside the text field."""
    call.bot.menu_buttons[call.get("chat_id", 0)] = call.get("menu_button", {"type": "default"})
    return True


@method("getChatMenuButton")
def get_chat_menu_button(call: Call) -> Wire:
    """What stands beside the text field."""
    buttons = call.bot.menu_buttons
    return buttons.get(call.get("chat_id", 0)) or buttons.get(0, {"type": "commands"})


def _setter(field: str) -> Method:
    def set_text(call: Call) -> bool:
        call.bot.texts[field, _language(call)] = call.get(field, "")
        return True

    return set_text


def _getter(field: str) -> Method:
    def get_text(call: Call) -> Wire:
        texts = call.bot.texts
        default = call.bot.user.first_name if field == "name" else ""
        return {field: texts.get((field, _language(call))) or texts.get((field, "")) or default}

    return get_text


def _teach(ending: str, field: str) -> None:
    pairs: list[tuple[str, Callable[[str], Method]]] = [("setMy", _setter), ("getMy", _getter)]
    for prefix, make in pairs:
        method(f"{prefix}{ending}")(make(field))


_teach("Name", "name")
_teach("Description", "description")
_teach("ShortDescription", "short_description")


def _language(call: Call) -> str:
    language: str = call.get("language_code", "")
    if not LANGUAGE.fullmatch(language):
        raise wrong_call("invalid language code specified")
    return language


def _scope(call: Call) -> str:
    scope = call.get("scope", {"type": "default"})
    return ":".join(str(scope[name]) for name in ("type", "chat_id", "user_id") if name in scope)
