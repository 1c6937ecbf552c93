"""Files that were uploaded: stable ids, cheap looks at what a picture is, and a limit on the memory they take."""

import itertools
import secrets
import struct
from collections import OrderedDict
from dataclasses import dataclass
from typing import Any

from bot.sandbox.errors import ApiError, bad_request
from bot.sandbox.wire import Upload

PHOTO_BYTES = 10 * 1024 * 1024
UPLOAD_BYTES = 50 * 1024 * 1024
DOWNLOAD_BYTES = 20 * 1024 * 1024
SIDES = 10_000
RATIO = 20
KEPT_BYTES = 256 * 1024 * 1024

JPEG_FRAMES = frozenset({*range(0xC0, 0xC4), *range(0xC5, 0xC8), *range(0xC9, 0xCC), *range(0xCD, 0xD0)})


@dataclass(slots=True, eq=False)
class File:
    """A file at the server. `content` is None once it had to make room for newer ones."""

    file_id: str
    unique_id: str
    kind: str
    name: str
    mime: str
    size: int
    content: bytes | None
    width: int = 0
    height: int = 0

    @property
    def path(self) -> str:
        """Where it is downloaded from, below `/file/bot<token>/`."""
        folder = "photos" if self.kind == "photo" else "documents"
        return f"{folder}/{self.unique_id}{suffix(self.mime, self.name)}"

    def ids(self) -> dict[str, Any]:
        """What every object that stands for a file has."""
        return {"file_id": self.file_id, "file_unique_id": self.unique_id, "file_size": self.size}

    def photo_sizes(self) -> list[dict[str, Any]]:
        """A photo in three sizes, as the server makes them; only the last is really kept."""
        largest = {**self.ids(), "width": self.width, "height": self.height}
        smaller = [self._scaled(mark, longest) for mark, longest in (("s", 90), ("m", 320))]
        return [*smaller, largest]

    def _scaled(self, mark: str, longest: int) -> dict[str, Any]:
        scale = min(1.0, longest / max(self.width, self.height, 1))
        return {
            "file_id": f"{self.file_id}-{mark}",
            "file_unique_id": f"{self.unique_id}{mark}",
            "file_size": max(1, int(self.size * scale * scale)),
            "width": max(1, int(self.width * scale)),
            "height": max(1, int(self.height * scale)),
        }

    def wire(self) -> dict[str, Any]:
        """The object `Document` of the Bot API."""
        return {**self.ids(), "file_name": self.name, "mime_type": self.mime}


class Files:
    """All files of one server."""

    def __init__(self, kept_bytes: int = KEPT_BYTES) -> None:
        self._room = kept_bytes
        self._by_id: dict[str, File] = {}
        self._by_path: dict[str, File] = {}
        self._kept: OrderedDict[str, File] = OrderedDict()
        self._numbers = itertools.count(1)

    def add_photo(self, upload: Upload) -> File:
        """Keep a photo. Raises ApiError in the official words when the server would refuse it."""
        if len(upload.content) > PHOTO_BYTES:
            size = len(upload.content)
            raise bad_request(
                f"file of size {size} bytes is too big for a photo; the maximum size is {PHOTO_BYTES} bytes"
            )
        shape = picture_size(upload.content)
        if shape is None:
            raise bad_request("IMAGE_PROCESS_FAILED")
        check_shape(*shape)
        return self._add("photo", Upload(upload.name, "image/jpeg", upload.content), shape)

    def add_document(self, upload: Upload, kind: str = "document") -> File:
        """Keep a file as it is. Raises ApiError when it is empty or too big."""
        if not upload.content:
            raise bad_request("file must be non-empty")
        if len(upload.content) > UPLOAD_BYTES:
            raise ApiError(413, "Request Entity Too Large")
        return self._add(kind, upload, picture_size(upload.content) or (0, 0))

    def get(self, file_id: str, kind: str | None = None) -> File:
        """A file by its id. Raises ApiError for an unknown id, or for one of another kind."""
        file = self._by_id.get(file_id.rpartition("-")[0]) or self._by_id.get(file_id)
        if file is None:
            raise bad_request("wrong file identifier/HTTP URL specified")
        if kind is not None and file.kind != kind:
            raise bad_request(f"can't use file of type {file.kind.capitalize()} as {kind.capitalize()}")
        return file

    def all(self) -> list[File]:
        """Every file, oldest first."""
        return list(self._by_id.values())

    def at(self, path: str) -> File | None:
        """The file that is downloaded from a path."""
        return self._by_path.get(path)

    def _add(self, kind: str, upload: Upload, shape: tuple[int, int]) -> File:
        number = next(self._numbers)
        file_id = ("AgAC" if kind == "photo" else "BQAC") + secrets.token_hex(20)
        size, content = len(upload.content), upload.content
        file = File(file_id, f"AQAD{number:010x}", kind, upload.name, upload.mime, size, content)
        file.width, file.height = shape
        self._by_id[file.file_id] = self._by_path[file.path] = self._kept[file.file_id] = file
        self._make_room(file.size)
        return file

    def _make_room(self, size: int) -> None:
        self._room -= size
        while self._room < 0 and len(self._kept) > 1:
            _, oldest = self._kept.popitem(last=False)
            self._room += oldest.size
            oldest.content = None


def check_shape(width: int, height: int) -> None:
    """Raise ApiError when a photo has sides that the server refuses."""
    if width + height > SIDES or max(width, height) > RATIO * min(width, height):
        raise bad_request("PHOTO_INVALID_DIMENSIONS")


def suffix(mime: str, name: str) -> str:
    """The ending of a file's name, with its dot; empty when it has none."""
    if mime == "image/jpeg":
        return ".jpg"
    _, dot, end = name.rpartition(".")
    return f".{end}" if dot and end.isalnum() else ""


def picture_size(content: bytes) -> tuple[int, int] | None:
    """Width and height from the header of a PNG, JPEG, WebP or GIF; None for anything else."""
    if content.startswith(b"\x89PNG\r\n\x1a\n") and len(content) >= 24:
        width, height = struct.unpack_from(">II", content, 16)
    elif content.startswith(b"\xff\xd8"):
        width, height = _jpeg_size(content)
    elif content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        width, height = _webp_size(content)
    elif content.startswith((b"GIF87a", b"GIF89a")) and len(content) >= 10:
        width, height = struct.unpack_from("<HH", content, 6)
    else:
        return None
    return (width, height) if width and height else None


def _jpeg_size(content: bytes) -> tuple[int, int]:
    at = 2
    while at + 9 < len(content) and content[at] == 0xFF:
        if content[at + 1] in JPEG_FRAMES:
            height, width = struct.unpack_from(">HH", content, at + 5)
            return width, height
        at += 2 + int.from_bytes(content[at + 2 : at + 4], "big")
    return 0, 0


def _webp_size(content: bytes) -> tuple[int, int]:
    kind = content[12:16]
    if kind == b"VP8X" and len(content) >= 30:
        return int.from_bytes(content[24:27], "little") + 1, int.from_bytes(content[27:30], "little") + 1
    if kind == b"VP8L" and len(content) >= 25:
        bits = int.from_bytes(content[21:25], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if kind == b"VP8 " and len(content) >= 30:
        width, height = struct.unpack_from("<HH", content, 26)
        return width & 0x3FFF, height & 0x3FFF
    return 0, 0
