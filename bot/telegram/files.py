"""Pictures that people want changed, fetched from Telegram. Nobody else learns where they lie: the token is in it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.errors import Cause, NotNow, Refused
from bot.http import Spool, remove
from bot.imagine.inspection import Inspection
from bot.imagine.rules import SOURCE_BYTES
from bot.telegram.api import Api, CallError, CallPaused, CallRefused


class TelegramFiles:
    """The `Sources` of whoever draws."""

    def __init__(self, api: Api, spool: Spool, inspection: Inspection) -> None:
        self._api = api
        self._spool = spool
        self._inspection = inspection

    async def fetch(self, file_id: str) -> Path:
        """A checked copy in the spool, PNG or JPEG without metadata; it belongs to the caller.

        Raises Refused(SOURCE_GONE), Refused(SOURCE_UNFIT), NotNow(UNREACHABLE), NotNow(STORAGE_FULL).
        """
        path = self._spool.new()
        try:
            with _told_apart():
                await self._receive(await self._find(file_id), path)
            return await self._inspection.source(path)
        finally:
            remove(path)

    async def _find(self, file_id: str) -> "_Found":
        try:
            found = _Found.model_validate(await self._api.call("getFile", file_id=file_id))
        except ValidationError:
            raise NotNow(Cause.UNREACHABLE, "getFile answered something else") from None
        if found.file_size > SOURCE_BYTES:
            raise Refused(Cause.SOURCE_UNFIT, f"{found.file_size} bytes")
        if found.file_path.startswith("/"):
            # A Bot API server that runs with --local names a file on its own disk, where we have no business.
            raise Refused(Cause.SOURCE_UNFIT, "the Bot API server keeps its files to itself: start it without --local")
        if not _is_plain(found.file_path):
            raise Refused(Cause.SOURCE_GONE, "no usable path")
        return found

    async def _receive(self, found: "_Found", path: Path) -> None:
        with _room_on_disk(), path.open("wb", buffering=0) as file:
            await self._api.download(found.file_path, found.file_size or SOURCE_BYTES, _counted(file))


class _Found(BaseModel):
    """What getFile tells; the size only sometimes, and no path where there is nothing to be had."""

    model_config = ConfigDict(strict=True)

    file_path: str = ""
    file_size: int = Field(0, ge=0)


def _is_plain(path: str) -> bool:
    """Whether a path leads down from where files lie and nowhere else."""
    return path.isprintable() and "\\" not in path and not {"", ".", ".."} & set(path.split("/"))


def _counted(file: BinaryIO) -> Callable[[bytes], None]:
    """Writes on, whatever size was promised, until it is too much."""
    room = SOURCE_BYTES

    def write(block: bytes) -> None:
        nonlocal room
        room -= len(block)
        if room < 0:
            raise Refused(Cause.SOURCE_UNFIT, "larger than it was said to be")
        with _room_on_disk():
            file.write(block)

    return write


@contextmanager
def _room_on_disk() -> Iterator[None]:
    """Nothing was ordered yet, so a full disk is a reason to wait."""
    try:
        yield
    except OSError as error:
        raise NotNow(Cause.STORAGE_FULL, type(error).__name__) from error


@contextmanager
def _told_apart() -> Iterator[None]:
    try:
        yield
    except CallError as error:
        raise _meaning(error) from None


def _meaning(error: CallError) -> Refused | NotNow:
    """What follows for the picture. The descriptions are Telegram's and name neither file nor token."""
    if isinstance(error, CallPaused):
        return NotNow(Cause.UNREACHABLE, str(error), error.seconds)
    if not isinstance(error, CallRefused) or error.code == 401:
        return NotNow(Cause.UNREACHABLE, str(error))
    return Refused(Cause.SOURCE_UNFIT if error.says("too big") else Cause.SOURCE_GONE, str(error))
