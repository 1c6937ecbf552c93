"""Files on their way to Telegram, read from disk in large pieces so that none is held in memory whole."""

import secrets
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from aiohttp.abc import AbstractStreamWriter
from aiohttp.payload import Payload

from bot import sealed

# Larger pieces are no quicker; aiohttp's own 64 KB cost twice the time of the processor.
PIECE = sealed.SEGMENT


@dataclass(frozen=True, slots=True)
class Upload:
    """A file to send: where it is, what it is called in the chat, its size in bytes, its key where it is sealed.

    `content`: what is to be sent, of one that lies on no disk.
    """

    path: Path
    name: str
    size: int
    content_type: str = "application/octet-stream"
    key: bytes | None = field(default=None, repr=False)
    content: bytearray | None = field(default=None, repr=False)

    @classmethod
    def held(cls, content: bytearray, name: str, content_type: str) -> "Upload":
        """A file that is in memory only."""
        return cls(Path(), name, len(content), content_type, content=content)

    @classmethod
    def of(
        cls, path: Path, name: str, key: bytes | None = None, content_type: str = "application/octet-stream"
    ) -> "Upload":
        """The file at `path`. Raises FileNotFoundError."""
        return cls(path, name, sealed.size_of(path, key), content_type, key)


class FormBody(Payload):
    """A form of several parts, which aiohttp sends: all that stands between two files in one write.

    aiohttp's own form takes some twenty-five writes for one picture, and as many calls to the system.
    """

    _value: tuple[bytes | Upload, ...]
    _autoclose = True  # no file is open but while it is written

    def __init__(self, fields: Mapping[str, str], files: Mapping[str, Upload]) -> None:
        # Nobody can know it before, so no field and no file can hold it.
        boundary = secrets.token_hex(16)
        super().__init__(
            tuple(_parts(fields, files, boundary)), content_type=f"multipart/form-data; boundary={boundary}"
        )
        self._size = sum(part.size if isinstance(part, Upload) else len(part) for part in self._value)

    def decode(self, encoding: str = "utf-8", errors: str = "strict") -> str:
        """A file is never shown as text."""
        raise TypeError("a file is not text")

    async def write(self, writer: AbstractStreamWriter) -> None:
        """Pass everything on piece by piece, as quickly as the other side takes it. Raises OSError, Unreadable."""
        for part in self._value:
            for piece in _pieces(part) if isinstance(part, Upload) else (part,):
                await writer.write(piece)


def _parts(fields: Mapping[str, str], files: Mapping[str, Upload], boundary: str) -> Iterator[bytes | Upload]:
    """The form from front to back (RFC 7578): text, and files that are not read yet."""
    head = f"--{boundary}\r\nContent-Disposition: form-data; name="
    text = "".join(f"{head}{_quoted(name)}\r\n\r\n{value}\r\n" for name, value in fields.items())
    for name, file in files.items():
        named = f"{_quoted(name)}; filename={_quoted(file.name)}"
        yield f"{text}{head}{named}\r\nContent-Type: {file.content_type}\r\n\r\n".encode()
        yield file
        text = "\r\n"
    yield f"{text}--{boundary}--\r\n".encode()


def _quoted(name: str) -> str:
    """A name that ends where it should, whoever chose it: what does not print, such as a new line, is a space."""
    printable = "".join(letter if letter.isprintable() else " " for letter in name)
    return '"' + printable.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _pieces(file: Upload) -> Iterator[bytes]:
    if file.content is not None:
        yield from (bytes(file.content[start : start + PIECE]) for start in range(0, file.size, PIECE))
        return
    # Read on the event loop: reading and unsealing a piece takes some 50 µs, a trip to a thread costs more.
    left = file.size  # no byte beyond what was announced: it would be read as the beginning of the next call
    with closing(sealed.blocks(file.path, file.key)) as pieces:
        for piece in pieces:
            yield piece[:left]
            left -= len(piece)
            if left <= 0:
                return
