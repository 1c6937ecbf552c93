"""Reads JSON while it arrives and keeps it small: a long base64 string goes to a file, only a reference stays.

The whole text of an answer is never held beside its decoded copy, so fifty answers of sixteen megabytes cost no more
memory than fifty small ones.
"""

import binascii
import re
import secrets
from pathlib import Path

import pybase64

from bot.http.spool import Basket, BasketFile, TooLarge

LONG = 4096  # a string longer than this may be a picture
ROOM = 1 << 20  # how long the answer may be without its pictures, in bytes

STANDARD = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/="
TOLERATED = b"-_\r\n"  # the alphabet of addresses, and lines as in mail
TO_STANDARD = bytes.maketrans(b"-_", b"+/")

DATA_PREFIX = re.compile(rb"\Adata:[^,]{0,200};base64,", re.IGNORECASE)
ESCAPE = re.compile(rb"\\(?:u([0-9a-fA-F]{4})|(.))", re.DOTALL)
SHORT_ESCAPES = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}
BACKSLASH = 0x5C


class NotBase64(Exception):
    """A long string began like base64 and did not go on so."""


class JsonDecoder:
    """Feed it an answer block by block; `finish` gives the small JSON, `files` the pictures it refers to."""

    def __init__(self, basket: Basket, room: int = ROOM) -> None:
        self._basket = basket
        self._room = room
        self._small = bytearray()
        self._held = b""
        self._inside = False
        self._string_from = 0
        self._judged = False
        self._sink: Base64File | None = None
        self._file: BasketFile
        # Nobody outside can know this word, so no answer can name a file of ours.
        self._word = secrets.token_hex(16)
        self.files: dict[str, Path] = {}

    def feed(self, data: bytes) -> None:
        """Read on. Raises TooLarge, NotBase64, OSError."""
        data, self._held = self._held + data, b""
        position = 0
        while position < len(data):
            position = self._in_string(data, position) if self._inside else self._outside(data, position)

    def finish(self) -> bytes:
        """The JSON without its long strings. An answer that broke off inside a string stays broken JSON."""
        return bytes(self._small)

    def _outside(self, data: bytes, start: int) -> int:
        quote = data.find(b'"', start)
        end = len(data) if quote < 0 else quote + 1
        self._keep(data[start:end])
        if quote >= 0:
            self._inside, self._judged, self._string_from = True, False, len(self._small)
        return end

    def _in_string(self, data: bytes, start: int) -> int:
        quote = _closing_quote(data, start)
        if quote < 0:
            stop = _whole_escapes(data, start)
            self._held = data[stop:]
            self._read(data[start:stop])
            return len(data)
        self._read(data[start:quote])
        self._end_string()
        return quote + 1

    def _read(self, piece: bytes) -> None:
        if self._sink:
            self._sink.write(piece)
        elif not self._judged and len(self._small) - self._string_from + len(piece) > LONG:
            self._judge(piece)
        else:
            self._keep(piece)

    def _judge(self, piece: bytes) -> None:
        """Decide once, by its beginning, whether the long string that goes on with `piece` is a picture or only long.

        A picture is not copied for it: new memory of that size costs more than decoding does.
        """
        self._judged = True
        text = bytes(self._small[self._string_from :]) + piece
        head = text[: _whole_escapes(text[:LONG], 0)]
        head = _without_prefix(unescape(head))
        if head.translate(None, STANDARD + TOLERATED):
            self._keep(piece)
            return
        del self._small[self._string_from :]
        self._file = self._basket.open()
        name = f"{self._word}-{len(self.files)}"
        self.files[name] = self._file.path
        self._keep(name.encode())
        self._sink = Base64File(self._file, tidy=bool(head.translate(None, STANDARD)))
        self._sink.write(text)

    def _end_string(self) -> None:
        if self._sink:
            self._sink.close()
            self._sink = None
            name, _ = self.files.popitem()
            self.files[name] = self._basket.once(self._file)
        self._inside = False
        self._keep(b'"')

    def _keep(self, piece: bytes) -> None:
        self._small += piece
        if len(self._small) > self._room:
            raise TooLarge


class Base64File:
    """Decodes base64 into a file. `tidy`: turn the alphabet of addresses into the usual one, drop line ends."""

    def __init__(self, file: BasketFile, *, tidy: bool) -> None:
        self._file = file
        self._tidy = tidy
        self._rest = b""
        self._began = False

    def write(self, piece: bytes) -> None:
        """Decode the next part of the string, escapes and all; escapes must not be cut in two. Raises NotBase64."""
        text = self._rest + self._clean(piece)
        cut = len(text) - len(text) % 4
        self._rest = text[cut:]
        self._file.write(_decoded(memoryview(text)[:cut]))

    def close(self) -> None:
        """The string is over: decode its last letters, with or without padding. Raises NotBase64."""
        self._file.write(_decoded(self._rest + b"=" * (-len(self._rest) % 4)))
        self._file.close()

    def _clean(self, piece: bytes) -> bytes:
        if BACKSLASH in piece:
            piece = unescape(piece)
        if not self._began:
            self._began = True
            piece = _without_prefix(piece)
        return piece.translate(TO_STANDARD, b"\r\n") if self._tidy else piece


def unescape(text: bytes) -> bytes:
    r"""The text that a JSON string stands for (`\/` is `/`); what is not ASCII becomes a question mark."""
    return ESCAPE.sub(_plain, text)


def _plain(escape: re.Match[bytes]) -> bytes:
    code, short = escape.groups()
    if code is not None:
        return chr(int(code, 16)).encode("ascii", "replace")
    return SHORT_ESCAPES.get(short, short)


def _without_prefix(text: bytes) -> bytes:
    return DATA_PREFIX.sub(b"", text, count=1)


def _decoded(text: bytes | memoryview) -> bytes:
    try:
        return pybase64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise NotBase64 from error


def _closing_quote(data: bytes, start: int) -> int:
    quote = data.find(b'"', start)
    while quote >= 0 and _backslashes_before(data, start, quote) % 2:
        quote = data.find(b'"', quote + 1)
    return quote


def _backslashes_before(data: bytes, start: int, end: int) -> int:
    position = end
    while position > start and data[position - 1] == BACKSLASH:
        position -= 1
    return end - position


def _whole_escapes(data: bytes, start: int) -> int:
    r"""Where an escape begins that the next block will end (`\`, `\u00`), or the end of the data."""
    last = data.rfind(b"\\", max(start, len(data) - 6))
    if last < 0 or _backslashes_before(data, start, last) % 2:
        return len(data)
    whole = 6 if data[last + 1 : last + 2] == b"u" else 2
    return last if last + whole > len(data) else len(data)
