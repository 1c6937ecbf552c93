"""Pictures at rest: files that nobody reads without their key, written and read piece by piece.

A sealed file is a head and then its content in segments of 256 KiB, each encrypted by AES-256-GCM. Their key is made of
the picture's key and the head, which holds random bytes: so the files of one picture may share a key. The nonce of a
segment is its number and whether it is the last one, so a file whose end was cut off, or whose segments were swapped
or repeated, is refused as one that was changed. No bytes are given out that were not checked.
"""

import hmac
import os
import secrets
from collections.abc import Generator, Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from bot.steps import step

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

# No picture begins like this.
MAGIC = b"imagine-sealed1\n"
HEAD = len(MAGIC) + 32
SEGMENT = 256 * 1024
TAG = 16
KEY = 32


class Unreadable(FileNotFoundError):
    """A sealed file whose key is gone or another one, or that was changed: for whoever wants it, it is not there."""


def new_key() -> bytes:
    """A key for the files of one picture."""
    return secrets.token_bytes(KEY)


def seal(path: Path, key: bytes) -> None:
    """Seal a file where it lies; it is on the disk afterwards. Where this fails, the file is worth nothing any more.

    So its plain bytes are written over, mostly before they reached the disk. Blocks. Raises OSError.
    """
    step("before sealing")
    head = MAGIC + secrets.token_bytes(HEAD - len(MAGIC))
    cipher = _cipher(key, head)
    with path.open("rb") as plain, path.open("r+b") as sealed:
        sealed.write(head)
        step("during sealing")
        for number, block, last in _segments(plain):
            sealed.write(cipher.encrypt(_nonce(number, last=last), block, None))
        sealed.flush()
        os.fsync(sealed.fileno())
    step("after sealing")


def unseal(source: Path, target: Path, key: bytes | None) -> None:
    """Write the content of `source` to the new file `target`. Blocks. Raises OSError, Unreadable."""
    with target.open("xb") as plain, closing(blocks(source, key)) as content:
        step("during unsealing")
        plain.writelines(content)
    step("after unsealing")


def size_of(path: Path, key: bytes | None) -> int:
    """Bytes of the content, without reading it. Without a key the file is as it is. Raises OSError, Unreadable."""
    size = path.stat().st_size
    return size if key is None else _content(path, size)


def blocks(path: Path, key: bytes | None) -> Generator[bytes, None, None]:
    """The content in blocks of at most 256 KiB. Without a key the file is as it is.

    Each block was checked; whether the whole is whole is known at the end. Blocks. Raises OSError, Unreadable.
    """
    with path.open("rb") as file:
        yield from _plain(path, file) if key is None else _unsealed(path, file, key)


def is_whole(path: Path, key: bytes | None) -> bool:
    """Whether everything in it can be read; of a plain file: whether it is there. Blocks. Raises OSError."""
    try:
        return path.exists() if key is None else all(True for _ in blocks(path, key))
    except FileNotFoundError:
        return False


def _plain(path: Path, file: BinaryIO) -> Iterator[bytes]:
    block = file.read(SEGMENT)
    if block.startswith(MAGIC):
        raise Unreadable(f"the key of {path.name} is gone")
    while block:
        yield block
        block = file.read(SEGMENT)


def _segments(plain: BinaryIO) -> Iterator[tuple[int, bytes, bool]]:
    """Number and content of each, and whether it is the last one. Nothing at all is one empty segment.

    The next one is read before one is given out: sealed it is longer, and is written over where the next one begins.
    """
    last = max(0, os.fstat(plain.fileno()).st_size - 1) // SEGMENT
    block = plain.read(SEGMENT)
    for number in range(last):
        following = plain.read(SEGMENT)
        yield number, block, False
        block = following
    yield last, block, True


def _unsealed(path: Path, file: BinaryIO, key: bytes) -> Iterator[bytes]:
    from cryptography.exceptions import InvalidTag

    left = _content(path, os.fstat(file.fileno()).st_size)
    head = file.read(HEAD)
    if not head.startswith(MAGIC):
        raise Unreadable(f"{path.name} is not sealed")
    cipher, number = _cipher(key, head), 0
    try:
        while True:
            last = left <= SEGMENT
            block = cipher.decrypt(_nonce(number, last=last), file.read(SEGMENT + TAG), None)
            yield block
            if last:
                return
            left, number = left - SEGMENT, number + 1
    except InvalidTag:
        raise Unreadable(f"{path.name} was changed, or has another key") from None


def _content(path: Path, size: int) -> int:
    """How much a sealed file of this size holds. Raises Unreadable for a size that none has."""
    body = size - HEAD
    full, rest = divmod(body, SEGMENT + TAG)
    if body < TAG or 0 < rest < TAG:
        raise Unreadable(f"{path.name} breaks off")
    return full * SEGMENT + max(0, rest - TAG)


def _cipher(key: bytes, head: bytes) -> "AESGCM":
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    return AESGCM(hmac.digest(key, head, "sha256"))


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([last])
