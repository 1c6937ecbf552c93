"""Pictures that are still arriving: files in a directory of our own, under names that nobody else chooses."""

import errno
import filecmp
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Self

from bot.errors import Cause, Unknown
from bot.steps import step

MOST_FILES = 40  # of one answer, which is read where everybody waits: thousands of little ones would stop the bot

NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT})


def private(directory: Path) -> Path:
    """Make a directory that only the bot's own user may look into, unless it is there; return it."""
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    return directory


def remove(*files: Path | None) -> None:
    """Delete files, where they are still there."""
    for path in filter(None, files):
        step("before removal")
        path.unlink(missing_ok=True)
        step("after removal")


class TooLarge(Exception):
    """More bytes than one answer may bring."""


class Spool:
    """A directory for half-received files, on the same disk as the place where they are kept."""

    def __init__(self, directory: Path) -> None:
        self.directory = private(directory)

    def new(self) -> Path:
        """A path that no other file has."""
        return self.directory / secrets.token_hex(16)

    def empty(self) -> Self:
        """Delete what a process before this one left here: nobody else may use the directory. Returns itself."""
        remove(*self.directory.iterdir())
        return self

    def sweep(self, before: float) -> int:
        """Delete what was last written before this Unix time; return how many files went.

        A crash leaves files here that nobody will ever ask for.
        """
        old = [path for path in self.directory.iterdir() if path.stat().st_mtime < before]
        remove(*old)
        return len(old)


class Basket:
    """The files of one answer: the different ones hold at most `room` bytes together, and so does one that arrives.

    At the end what was not taken is deleted, and after an exception everything is.
    """

    def __init__(self, spool: Spool, room: int) -> None:
        self._spool = spool
        self.room = room
        self._left = room
        self._opened = 0
        self._files: list[BasketFile] = []
        self._taken: set[Path] = set()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, failure: type[BaseException] | None, *_: object) -> None:
        for file in self._files:
            file.close()
            if failure or file.path not in self._taken:
                remove(file.path)

    def open(self) -> "BasketFile":
        """A new empty file. Raises TooLarge."""
        if self._opened == MOST_FILES:
            raise TooLarge
        self._opened += 1
        file = BasketFile(self, self._spool.new())
        self._files.append(file)
        return file

    def take(self, path: Path) -> Path:
        """Keep this file: it belongs to the caller now."""
        self._taken.add(path)
        return path

    def once(self, file: "BasketFile") -> Path:
        """Where the bytes of a closed file are: when an earlier file has the very same, this one goes.

        Some services repeat every picture under several names, and the room is for different ones. Raises TooLarge.
        """
        alike = (other for other in self._files if other is not file and other.size == file.size)
        first = next((other for other in alike if filecmp.cmp(other.path, file.path, shallow=False)), None)
        if first is None:
            self._spend(file.size)
            return file.path
        self._files.remove(file)
        remove(file.path)
        return first.path

    def _spend(self, size: int) -> None:
        self._left -= size
        if self._left < 0:
            raise TooLarge


class BasketFile:
    """One file of a basket, written from front to back."""

    def __init__(self, basket: Basket, path: Path) -> None:
        self._basket = basket
        self.path = path
        self.size = 0
        step("before arrival")
        with room_on_disk():
            self._file: BinaryIO = path.open("wb")
        step("during arrival")

    def write(self, data: bytes) -> None:
        """Append. Raises TooLarge, and Unknown(STORAGE_FULL) when the disk is full: the picture was ordered already."""
        self.size += len(data)
        if self.size > self._basket.room:
            raise TooLarge
        with room_on_disk():
            self._file.write(data)

    def close(self) -> None:
        """Nothing more will come. May be called twice."""
        with room_on_disk():
            self._file.close()
        step("after arrival")


@contextmanager
def room_on_disk() -> Iterator[None]:
    """Writing a picture that was ordered. Raises Unknown(STORAGE_FULL) when there is no room for it."""
    try:
        yield
    except OSError as error:
        if error.errno not in NO_ROOM:
            raise
        raise Unknown(Cause.STORAGE_FULL, "no room for the picture") from error
