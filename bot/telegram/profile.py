"""How the bot introduces itself: commands and descriptions in every language, written only where they differ."""

import asyncio
from collections.abc import Callable, Collection, Iterable
from typing import Any

import structlog

from bot.admin.rules import COMMANDS as ADMIN_COMMANDS
from bot.admin.rules import FIGURES, FOR_MODERATORS
from bot.admin.store import marked
from bot.errors import StorageError
from bot.start.rules import COMMANDS, WHISPERED
from bot.storage.database import Database
from bot.telegram.api import Api, CallError, CallPaused, CallRefused
from bot.texts import Texts, Translator

log = structlog.get_logger(__name__)

RETRY = 300.0
# Seconds between two looks at who is a moderator; so many have a menu of their own.
LOOK = 20.0
MOST_MENUS = 100


async def keep_introduced(api: Api, texts: Texts, admin_ids: Iterable[int]) -> None:
    """Introduce the bot, and try again every five minutes until it worked once."""
    while True:
        try:
            await introduce(api, texts, admin_ids)
            return
        except CallPaused as pause:
            await asyncio.sleep(pause.seconds)
        except CallError as error:
            log.warning("introduction_failed", reason=str(error))
            await asyncio.sleep(RETRY)


async def keep_menus(api: Api, texts: Texts, database: Database, admin_ids: Collection[int]) -> None:
    """Give moderators the menu of what they may do, and take it from those who are none any more; until cancelled."""
    given: frozenset[int] = frozenset()
    while True:
        try:
            async with database.read() as tx:
                named = frozenset(await marked(tx, "moderators", 0, MOST_MENUS)) - frozenset(admin_ids)
            await _change_menus(api, texts, named - given, given - named)
            given = named
        except CallPaused as pause:
            await asyncio.sleep(pause.seconds)
        except (CallError, StorageError) as error:
            log.warning("menus_failed", reason=str(error))
        await asyncio.sleep(LOOK)


async def _change_menus(api: Api, texts: Texts, named: Iterable[int], dismissed: Iterable[int]) -> None:
    for language in (None, *texts.languages):
        t = texts.translator(language.tag) if language else texts.negotiate()
        code = {"language_code": language.tag} if language else {}
        for user_id in named:
            await _set_menu(api, t, user_id, FOR_MODERATORS, code)
        for user_id in dismissed:
            await _take_menu(api, user_id, code)


async def introduce(api: Api, texts: Texts, admin_ids: Iterable[int]) -> None:
    """Set what differs: for each language, and without one for everybody else. Raises CallError."""
    admins = list(admin_ids)
    for language in (None, *texts.languages):
        t = texts.translator(language.tag) if language else texts.negotiate()
        code = {"language_code": language.tag} if language else {}
        await _set_commands(api, t, COMMANDS, code)
        await _set(api, "MyDescription", "description", t("profile-description"), code)
        await _set(api, "MyShortDescription", "short_description", t("profile-short"), code)
        for admin_id in admins:
            await _set_menu(api, t, admin_id, (*ADMIN_COMMANDS, *FIGURES), code)


async def _set_menu(api: Api, t: Translator, user_id: int, names: Iterable[str], code: dict[str, str]) -> None:
    """The menu of everybody, and these, for one person."""
    try:
        await _set_commands(api, t, (*COMMANDS, *names), {**code, **_alone(user_id)})
    except CallRefused as error:
        # Telegram knows a chat only once its person has written to the bot.
        log.debug("admin_menu_not_set", admin_id=user_id, reason=str(error))


async def _take_menu(api: Api, user_id: int, code: dict[str, str]) -> None:
    where: dict[str, Any] = {**code, **_alone(user_id)}
    try:
        await api.call("deleteMyCommands", **where)
    except CallRefused as error:
        log.debug("admin_menu_not_set", admin_id=user_id, reason=str(error))


def _alone(user_id: int) -> dict[str, Any]:
    return {"scope": {"type": "chat", "chat_id": user_id}}


async def _set_commands(api: Api, t: Translator, names: Iterable[str], where: dict[str, Any]) -> None:
    wanted = [{"command": name, "description": t(f"command-{name}"), **_whispered(name)} for name in names]
    await _write_if_different(api, "MyCommands", "commands", wanted, where, _commands)


async def _set(api: Api, what: str, param: str, wanted: str, code: dict[str, str]) -> None:
    await _write_if_different(api, what, param, wanted, code, lambda told: told.get(param))


async def _write_if_different(
    api: Api, what: str, param: str, wanted: Any, where: dict[str, Any], read: Callable[[Any], Any]
) -> None:
    if read(await api.call(f"get{what}", **where)) != wanted:
        await api.call(f"set{what}", **where, **{param: wanted})


def _commands(told: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        {name: each[name] for name in ("command", "description", "is_ephemeral") if each.get(name)} for each in told
    ]


def _whispered(name: str) -> dict[str, bool]:
    return {"is_ephemeral": True} if name in WHISPERED else {}
