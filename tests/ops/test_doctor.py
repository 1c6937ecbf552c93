"""The doctor finds what is wrong, says what to do in every language, tells no secret, and disturbs nobody."""

import asyncio
import json
import os
import shutil
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from bot.clock import SystemClock
from bot.doctor.base import look_at_database
from bot.doctor.command import examine
from bot.doctor.ground import look_at_ground
from bot.doctor.judge import look_at_judge
from bot.doctor.report import for_chat, for_scripts, for_shell
from bot.doctor.rules import Finding, State, exit_code, note, well, wrong
from bot.doctor.service import _carefully
from bot.doctor.services import look_at_services
from bot.http import Network, Spool
from bot.ops.backup import Backups
from bot.providers import Providers, adapters
from bot.sandbox.people import Person
from bot.sandbox.server import Sandbox
from bot.storage import open_database
from bot.storage.key_file import FILE as KEYS
from bot.storage.key_file import MasterKey
from bot.storage.vault import Vault
from bot.texts import Texts
from tests.house import ADMIN, KEY, House
from tests.ops.consulting import all_of, settings
from tests.providers.fake import Answer as Said
from tests.providers.fake import FakeService
from tests.vaults import TOKEN, vault_in
from tests.waiting import until


async def in_database(data_dir: Path, url: str = "sqlite") -> list[tuple[State, str]]:
    return [(each.state, each.text) for each in await all_of(look_at_database(url, data_dir))]


async def test_the_database_is_looked_at_while_the_bot_works_on_it(data_dir: Path) -> None:
    database = await open_database("sqlite", data_dir, vault_in(data_dir))
    async with database.write():
        found = await in_database(data_dir)
    await database.close()
    assert found == [(State.WELL, "doctor-database"), (State.WELL, "doctor-integrity")] == await in_database(data_dir)


def change(data_dir: Path, statement: str) -> None:
    with closing(sqlite3.connect(data_dir / "imagine.sqlite3")) as connection, connection:
        connection.execute(statement)


async def test_a_database_of_another_version_says_which_way_to_go(data_dir: Path, tmp_path: Path) -> None:
    assert await in_database(tmp_path / "nowhere") == [(State.NOTE, "doctor-database-none")]
    change(data_dir, "UPDATE alembic_version SET version_num = '0001'")
    assert (await in_database(data_dir))[0] == (State.NOTE, "doctor-database-older")
    change(data_dir, "UPDATE alembic_version SET version_num = '9999'")
    assert await in_database(data_dir) == [(State.WRONG, "doctor-database-too-new")]


async def test_a_damaged_database_is_told(data_dir: Path) -> None:
    file = data_dir / "imagine.sqlite3"
    whole = file.read_bytes()
    file.write_bytes(b"no database at all, and longer than a header of one would be" * 100)
    assert (await in_database(data_dir))[-1][0] is State.WRONG
    file.write_bytes(whole[: len(whole) // 2])
    assert (await in_database(data_dir))[-1][0] is State.WRONG


async def test_a_server_that_is_away_is_told_in_words_of_the_catalogue(tmp_path: Path) -> None:
    found = await in_database(tmp_path, "postgresql://u:p@127.0.0.1:9/n")
    assert found == [(State.WRONG, "doctor-database-away")]


def on_ground(data_dir: Path, **changes: Any) -> dict[str, Finding]:
    return {each.about: each for each in look_at_ground(settings(data_dir=data_dir, **changes), SystemClock())}


def test_the_ground_is_looked_at(data_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    data_dir.chmod(0o700)
    asyncio.run(Backups(data_dir, SystemClock()).make())
    before = sorted(data_dir.rglob("*"))
    assert {each.state for each in on_ground(data_dir, master_key="k" * 43).values()} == {State.WELL}
    assert sorted(data_dir.rglob("*")) == before
    data_dir.chmod(0o755)
    (tmp_path / ".env").touch(0o644)
    found = on_ground(data_dir, backups=0)
    assert (found["data"].text, found["settings"].text) == ("doctor-data-open", "doctor-env-open")
    assert found["backups"].text == "doctor-backups-off"
    assert on_ground(tmp_path / "none" / "there")["data"].text == "doctor-data-none"


@pytest.mark.parametrize(
    ("megabytes", "text"), [(10, "doctor-disk-full"), (500, "doctor-disk-scarce"), (9999, "doctor-disk")]
)
def test_room_that_gets_short_is_told_in_time(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch, megabytes: int, text: str
) -> None:
    room: Callable[[Path], Any] = lambda _: SimpleNamespace(free=megabytes * 1024 * 1024)  # noqa: E731  one line
    monkeypatch.setattr(shutil, "disk_usage", room)
    assert on_ground(data_dir)["disk"].text == text


async def test_backups_are_old_only_where_something_was_written_since(data_dir: Path) -> None:
    database, clock = data_dir / "imagine.sqlite3", SystemClock()
    assert on_ground(data_dir)["backups"].text == "doctor-backups-none"
    made = await Backups(data_dir, clock).make()
    old = made.with_name("imagine-20261101T000000Z.sqlite3")
    made.rename(old)
    assert on_ground(data_dir)["backups"].text == "doctor-backups-old"
    for file in (database, database.with_name(database.name + "-wal")):
        if file.exists():
            os.utime(file, (0, 0))
    assert on_ground(data_dir)["backups"].state is State.WELL
    with closing(sqlite3.connect(old)) as copy, copy:
        copy.execute("UPDATE alembic_version SET version_num = '0012'")
    assert on_ground(data_dir)["backups"].text == "doctor-backups-plain"
    assert on_ground(data_dir, database_url="postgresql://u:p@h/n")["backups"].text == "doctor-backups-postgres"


async def test_it_is_told_whether_the_keys_open_and_what_locks_them(data_dir: Path) -> None:
    key, other = "k" * 43, "o" * 43
    assert on_ground(data_dir)["keys"].text == "doctor-keys-token"
    vault = Vault(data_dir, MasterKey(key))
    await vault.seal(101, "a red fox")
    await vault.close()
    assert on_ground(data_dir, master_key=key)["keys"].state is State.WELL
    assert on_ground(data_dir, master_key=other)["keys"].text == "doctor-keys-foreign"
    assert on_ground(data_dir, master_key=other, master_key_before=key)["keys"].text == "doctor-keys-before"
    assert on_ground(data_dir)["keys"].text == "doctor-keys-foreign"
    os.truncate(data_dir / KEYS, 100)
    assert on_ground(data_dir, master_key=key)["keys"].text == "doctor-keys-damaged"
    os.truncate(data_dir / KEYS, 0)
    assert on_ground(data_dir, master_key=key)["keys"].text == "doctor-keys"
    (data_dir / "backups").mkdir(exist_ok=True)
    (data_dir / KEYS).rename(data_dir / "backups" / KEYS)
    assert on_ground(data_dir, master_key=key)["keys"].text == "doctor-keys-gone"


@asynccontextmanager
async def services(tmp_path: Path, answer: Said, fallbacks: tuple[str, ...] = ()) -> AsyncIterator[list[Finding]]:
    onlysq = next(adapter for adapter in adapters() if adapter.key == "onlysq")
    async with FakeService() as service, Network(SystemClock()) as network:
        service.otherwise = lambda call: answer
        given: dict[str, Any] = {"api_key": KEY, "base_url": service.url}
        wishes = {"onlysq": onlysq.Settings(**given)}
        providers = Providers.build(wishes, network, Spool(tmp_path))
        chosen = settings(providers=wishes, default_model="onlysq/flux", fallbacks=fallbacks)
        yield await all_of(look_at_services(chosen, providers))
        assert {call.method for call in service.calls} == {"GET"}


async def test_a_service_is_asked_only_for_what_is_free(tmp_path: Path) -> None:
    models = {"models": {"flux": {"modality": "image", "status": "work"}}}
    async with services(tmp_path, Said(json=models)) as found:
        assert [(each.about, each.state) for each in found] == [("onlysq", State.WELL), ("model", State.WELL)]
    async with services(tmp_path, Said(json={"models": {"other": models["models"]["flux"]}})) as found:
        assert found[1].text == "doctor-model-unknown"


@pytest.mark.parametrize(("status", "cause"), [(401, "key-refused"), (402, "no-funds"), (503, "unavailable")])
async def test_a_service_in_trouble_is_told_without_its_words(tmp_path: Path, status: int, cause: str) -> None:
    async with services(tmp_path, Said(status, json={"error": {"message": "canary words"}})) as found:
        assert found[0].values["cause"] == cause
        assert "canary" not in for_shell(found, Texts.load(strict=True).negotiate("en"), str)


async def test_fallbacks_that_nobody_offers_are_named(tmp_path: Path) -> None:
    models = {"models": {"flux": {"modality": "image", "status": "work"}}}
    names = ("onlysq", "onlysq/flux", "onlysq/flex", "nobody", "nobody/flux")
    async with services(tmp_path, Said(json=models), names) as found:
        assert (found[-1].state, found[-1].values["names"]) == (State.NOTE, "onlysq/flex, nobody, nobody/flux")
    async with services(tmp_path, Said(503), ("onlysq/flux",)) as found:
        assert [each.about for each in found] == ["onlysq", "model"]


@pytest.mark.parametrize(
    ("answer", "state"),
    [(Said(json={"results": [{"flagged": False}]}), State.WELL), (Said(401), State.WRONG), (Said(200), State.WRONG)],
    ids=["answers", "key refused", "no answer"],
)
async def test_the_service_that_judges_words_is_asked_once(answer: Said, state: State) -> None:
    async with FakeService() as service:
        service.otherwise = lambda call: answer
        found = await all_of(look_at_judge(settings(moderation_url=f"{service.url}/v1"), SystemClock()))
        assert [(each.about, each.state) for each in found] == [("judge", state)]
        assert len(service.calls) == 1
    assert await all_of(look_at_judge(settings(), SystemClock())) == []


async def test_without_a_service_nothing_can_be_drawn() -> None:
    async with Network(SystemClock()) as network:
        providers = Providers.build({}, network, Spool(Path("unused")))
        assert [each.text for each in await all_of(look_at_services(settings(), providers))] == ["doctor-services-none"]


async def test_one_look_that_breaks_hides_nothing_of_the_others() -> None:
    async def breaks(error: Exception) -> AsyncIterator[Finding]:
        yield well("a", "doctor-bot")
        raise error

    for error, text in [(OSError("no"), "failed"), (TimeoutError(), "slow"), (ZeroDivisionError(), "broke")]:
        found = await _carefully("disk", breaks(error))
        assert [each.text for each in found] == ["doctor-bot", f"doctor-look-{text}"]


@pytest.mark.parametrize("language", ["en", "ru"])
@pytest.mark.parametrize("number", [0, 1, 3, 5, 100])
def test_every_sentence_can_be_said_of_every_number(language: str, number: int) -> None:
    t = Texts.load(strict=True).translator(language)
    words = ["what", "reason", "signs", "host", "port", "name", "method", "chat", "admin", "service", "balance"]
    words += ["cause", "copy", "link", "model", "version", "bot", "python", "sqlite", "aiogram", "names", "away"]
    numbers = ["notes", "broken", "seconds", "waiting", "minutes", "models", "size", "log", "free", "least"]
    values: dict[str, str | int] = {
        **dict.fromkeys(words, "none"),
        **dict.fromkeys([*numbers, "count", "hours"], number),
    }
    folder = Path(__file__).parents[2] / "locales" / language / "doctor.ftl"
    keys = [line.split(" =")[0] for line in folder.read_text("utf-8").splitlines() if line[:1].isalpha()]
    assert len(keys) > 60
    assert all(t(key, **values) for key in keys)


def test_what_is_wrong_comes_first_and_decides_the_exit_code() -> None:
    t = Texts.load(strict=True).negotiate("en")
    found = [well("bot", "doctor-bot"), note("topics", "doctor-topics-off"), wrong("token", "doctor-token-refused")]
    said = for_chat(found, t, str).splitlines()
    assert said[0] == "1 thing needs you."
    assert [line[:1] for line in said[2:]] == ["✗", "•", "✓"]
    assert (exit_code(found), exit_code(found[:2])) == (1, 0)
    assert json.loads(for_scripts(found, t, str))["well"] is False
    assert for_shell(found, t, str).splitlines()[2].startswith("WRONG token ")


def test_a_long_answer_still_fits_into_a_message() -> None:
    t = Texts.load(strict=True).negotiate("en")
    found = [wrong("disk", "doctor-look-failed", what="disk", reason="x" * 500)] * 20
    assert len(for_chat(found, t, str)) == 4096


async def test_the_command_works_beside_a_running_bot_and_after_it(
    running: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    await until(lambda: _is_ready(running), "the bot is up")
    chosen = running.settings(http_port=int(running.app.address.rpartition(":")[2]))
    told, code = await examine(chosen)
    assert (code, told.splitlines()[0]) == (0, "well  bot        The bot is running and well.")
    assert TOKEN not in told
    assert KEY not in told
    await running.stop()
    told, code = await examine(chosen, as_json=True)
    report = json.loads(told)
    assert (code, report["well"], report["findings"][0]["key"]) == (0, True, "doctor-bot-silent")
    shutil.rmtree(chosen.data_dir)
    assert (await examine(chosen))[1] == 0
    assert not chosen.data_dir.exists()


async def _is_ready(house: House) -> bool:
    return not house.app.ops.health.missing()


async def test_an_admin_asks_in_the_chat_and_nobody_else_can(running: House, sandbox: Sandbox, anna: Person) -> None:
    admin = sandbox.person("Olga", language="ru", user_id=ADMIN).private(running.bot)
    await admin.say("/doctor")
    await until(lambda: _said(admin, "Telegram принимает токен"), "the report is there")
    report = admin.messages[-1].text
    assert "✓ Telegram принимает токен @imagine_test_bot." in report
    assert TOKEN not in report
    chat = anna.private(running.bot)
    await chat.say("/doctor")
    await until(lambda: _answered(chat), "Anna is answered")
    assert not any("token" in message.text for message in chat.messages)


async def _said(talk: Any, words: str) -> bool:
    return any(words in (message.text or "") for message in talk.messages)


async def _answered(talk: Any) -> bool:
    return len(talk.messages) > 1
