"""Copies of SQLite's file: made while the bot works, checked before they count, put in its place while it is stopped.

Where it fails or is cancelled, nothing is left under a name that counts.
"""

import asyncio
import errno
import hashlib
import os
import sqlite3
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing
from pathlib import Path
from typing import TypeVar

from bot.errors import StorageDamaged, StorageError, StorageFull
from bot.storage.connection import Connection
from bot.storage.database import Transaction
from bot.storage.replace import sync
from bot.storage.schema import is_current
from bot.storage.shield import carry_through
from bot.storage.sqlite import stored_version
from bot.storage.sqlite_errors import named
from bot.storage.sqlite_statements import Reading

PAGES = 512  # copied in one step
REST = 0.005  # seconds between two steps, so that the disk is not kept from who works
SUMS = ".sha256"  # beside each copy, in the words of `sha256sum --check`

Result = TypeVar("Result")


async def copy(source: Path, target: Path) -> None:
    """Copy a database that others may be writing into a new file, as it was at one moment; nobody waits for it.

    The file and its sum are on disk afterwards, and it has no log beside it. Raises StorageError.
    """
    await _in_thread(lambda stop: _copy(source, target, stop))


async def check(path: Path) -> None:
    """Make sure that a copy is whole, byte for byte where its sum is beside it, and that this bot can read it.

    Raises StorageDamaged, StorageTooNew.
    """
    await check_sum(path)
    await _in_thread(lambda stop: _check(path, stop))


async def check_sum(path: Path) -> None:
    """Compare a copy with the sum beside it, where there is one. Raises StorageDamaged."""
    await _in_thread(lambda stop: _check_sum(path))


@asynccontextmanager
async def reading(path: Path) -> AsyncIterator[Transaction]:
    """A database that nobody changes meanwhile, as it is."""
    connection = await Connection.open(_uri(path), 0, reading=True)
    try:
        yield Reading(connection, path)
    finally:
        await carry_through(connection.close())


def sum_of(path: Path) -> Path:
    """Where the sum of a copy is kept."""
    return path.with_name(path.name + SUMS)


def _copy(source: Path, target: Path, stop: threading.Event) -> None:
    try:
        os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        with closing(sqlite3.connect(_uri(source), uri=True, isolation_level=None)) as reader:
            _copy_pages(reader, target, stop)
        sync(target)
        sum_of(target).write_text(f"{_sum(target)}  {target.name}\n", "utf-8")
        sync(sum_of(target))
    except sqlite3.Error as error:
        raise named(error, source) from error
    except OSError as error:
        kind = StorageFull if error.errno in (errno.ENOSPC, errno.EDQUOT) else StorageError
        raise kind(f"{target} cannot be written ({error.strerror}).") from error


def _copy_pages(reader: sqlite3.Connection, target: Path, stop: threading.Event) -> None:
    # One steady view from the first page to the last: without it every commit would begin the copy anew.
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM sqlite_master").fetchone()
    with closing(sqlite3.connect(target, isolation_level=None)) as writer:
        writer.execute("PRAGMA synchronous = OFF")  # it is synced as a whole afterwards
        reader.backup(writer, pages=PAGES, progress=lambda *_: _rest(stop))
        writer.execute("PRAGMA journal_mode = DELETE")


def _check_sum(path: Path) -> None:
    if sum_of(path).exists() and sum_of(path).read_text("utf-8").partition(" ")[0] != _sum(path):
        raise StorageDamaged(f"{path} is damaged (its checksum differs).")


def _check(path: Path, stop: threading.Event) -> None:
    try:
        with closing(sqlite3.connect(_uri(path), uri=True, isolation_level=None)) as connection:
            connection.set_progress_handler(stop.is_set, 100_000)
            found = [*connection.execute("PRAGMA integrity_check(1)"), *connection.execute("PRAGMA foreign_key_check")]
            version = stored_version(connection)
    except sqlite3.DatabaseError as error:
        raise StorageDamaged(f"{path} is damaged ({error}).") from error
    if found != [("ok",)]:
        raise StorageDamaged(f"{path} is damaged ({found[0][0]}).")
    if version is None:
        raise StorageDamaged(f"{path} is no database of this bot.")
    is_current(version)


def _rest(stop: threading.Event) -> None:
    if stop.wait(REST):
        raise InterruptedError(errno.EINTR, "interrupted")


def _sum(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _uri(path: Path) -> str:
    return f"{path.absolute().as_uri()}?mode=ro"


async def _in_thread(work: Callable[[threading.Event], Result]) -> Result:
    """Work aside from the loop. A cancellation is told to it and waits for its end, which then comes soon."""
    stop = threading.Event()
    future = asyncio.get_running_loop().run_in_executor(None, work, stop)
    try:
        return await asyncio.shield(future)
    except asyncio.CancelledError:
        stop.set()
        await asyncio.wait((future,))
        future.exception()
        raise
