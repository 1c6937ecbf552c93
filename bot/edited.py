"""A file that its operator edits while the bot runs: read again when it changed; a broken edit changes nothing."""

import re
from abc import ABC, abstractmethod
from pathlib import Path
from typing import Generic, TypeVar

from bot.errors import SettingsError

Content = TypeVar("Content")

# Bytes: the loop waits while a file is read, and nobody writes so much by hand.
LARGEST = 1024 * 1024


class EditedFile(ABC, Generic[Content]):
    """`content` is what the file held when it was last whole; `trouble` why it is not read now, None where all is well.

    `file` is None where nothing can be edited, `kind` is what it holds: `prices`, `presets`.
    """

    kind: str

    def __init__(self, file: Path | None, *, required: bool = False, strict: bool = True) -> None:
        """While there is no file that is `required`, its content is `empty`.

        Raises SettingsError where it is broken at the start and `strict`; otherwise it is then taken for empty, too.
        """
        self.file = file
        self.trouble: str | None = None
        self._required = required
        self._seen = self._stamp()
        self.content = self._at_the_start(strict=strict)

    def look(self) -> bool:
        """Read the file again when it was edited; whether its content is new. A broken edit changes nothing."""
        stamp = self._stamp()
        if stamp == self._seen:
            return False
        self._seen = stamp
        try:
            self.content, self.trouble = self._content(), None
        except SettingsError as error:
            self.trouble = str(error)
        self.log()
        return self.trouble is None

    @property
    def line(self) -> int:
        """The line of the trouble, as far as it is known; else 0."""
        found = re.search(r"\bline (\d+)", self.trouble or "")
        return int(found[1]) if found else 0

    @property
    def is_there(self) -> bool:
        """Whether there was one at the last look."""
        return self._seen is not None

    @property
    def edition(self) -> str:
        """Tells one edit from the next."""
        return f"{self.kind}:{self._seen[0] if self._seen else 0}"

    @property
    @abstractmethod
    def empty(self) -> Content:
        """What counts without a file."""

    @abstractmethod
    def read(self, file: Path) -> Content:
        """The content. Raises SettingsError in one sentence that tells the line."""

    @abstractmethod
    def log(self) -> None:
        """Say in the log that it was read, or what is wrong with it."""

    def _at_the_start(self, *, strict: bool) -> Content:
        try:
            return self._content()
        except SettingsError as error:
            if strict:
                raise
            self.trouble = str(error)
            self.log()
            return self.empty

    def _content(self) -> Content:
        if self.file is None or (not self._required and _is_missing(self.file)):
            return self.empty
        return self.read(self.file)

    def _stamp(self) -> tuple[int, int] | None:
        """What changes when the file is edited; None while there is none that can be looked at."""
        try:
            found = self.file.stat() if self.file else None
        except OSError:
            return None
        return (found.st_mtime_ns, found.st_size) if found else None


def text_of(file: Path, setting: str) -> str:
    """What is written in a file that `setting` names, without the mark that some editors begin with.

    Raises SettingsError.
    """
    try:
        if file.stat().st_size > LARGEST:
            raise SettingsError(f"{setting}: {file} is larger than {LARGEST // 1024} KB")
        return file.read_text("utf-8-sig")
    except OSError as error:
        raise SettingsError(f"{setting}: {file} cannot be read: {(error.strerror or str(error)).lower()}") from None
    except UnicodeDecodeError:
        raise SettingsError(f"{setting}: {file} is not a text in UTF-8") from None


def _is_missing(file: Path) -> bool:
    """What is there and cannot be looked at is not missing: reading it tells what is wrong."""
    try:
        file.stat()
    except OSError as error:
        return isinstance(error, FileNotFoundError | NotADirectoryError)
    return False


def line_of(name: str, text: str) -> str:
    """Where a name is written, for people: TOML does not tell after reading."""
    lines = enumerate(text.splitlines(), 1)
    found = next((number for number, line in lines if line.lstrip(" [\"'").startswith(name)), None)
    return f", line {found}" if found else ""
