"""Generations and pictures for tests of the edge."""

import io
import secrets
from dataclasses import replace
from pathlib import Path
from typing import Any

from PIL import Image

from bot import sealed
from bot.images import GeneratedImage, ImageFormat
from bot.imagine import store
from bot.imagine.rules import Generation, Status
from bot.storage.database import Database
from bot.telegram.api import Api
from bot.telegram.upload import Upload
from tests.generations import generation

CREATED = 1_700_000_000


def png(width: int = 64, height: int = 64) -> bytes:
    """A small picture."""
    buffer = io.BytesIO()
    Image.new("RGB", (width, height), "orange").save(buffer, "PNG")
    return buffer.getvalue()


def picture(folder: Path, width: int = 64, height: int = 64) -> GeneratedImage:
    """A picture on disk, as it stands on the shelf."""
    content = png(width, height)
    path = folder / f"{width}x{height}.png"
    path.write_bytes(content)
    return GeneratedImage(path, ImageFormat.PNG, width, height, len(content))


def locked(plain: GeneratedImage, key: bytes | None = None) -> GeneratedImage:
    """The same picture, and its original, sealed."""
    key = key or sealed.new_key()

    def lock(path: Path) -> Path:
        target = path.with_name(f"{path.stem}-{secrets.token_hex(4)}{path.suffix}")
        target.write_bytes(path.read_bytes())
        sealed.seal(target, key)
        return target

    return replace(plain, path=lock(plain.path), original=plain.original and lock(plain.original), key=key)


def flip(path: Path) -> None:
    """Damage the end of a file by one bit."""
    damaged = bytearray(path.read_bytes())
    damaged[-1] ^= 1
    path.write_bytes(damaged)


async def keep_generation(
    database: Database, generation_id: str, chat_id: int, status: Status = Status.DRAWING, **changes: Any
) -> Generation:
    """A generation in the database."""
    fields = {"user_id": max(chat_id, 1), "model": "sketch/default", "prompt": "a red fox", **changes}
    made = generation(generation_id=generation_id, chat_id=chat_id, created_at=CREATED, **fields)
    async with database.write() as tx:
        await store.insert(tx, made, generation_id)
        if made.note_id:
            await store.set_note(tx, generation_id, made.note_id)
        if status is not Status.QUEUED:
            await store.move(tx, generation_id, Status.QUEUED, status, started_at=CREATED + 1)
        kept = await store.get(tx, generation_id)
    assert kept is not None
    return kept


async def photo_id(api: Api, chat_id: int, folder: Path) -> str:
    """Sends a photo, and gives the id that Telegram knows it by."""
    files = {"photo": Upload.of(picture(folder).path, "photo.png")}
    message = await api.upload("sendPhoto", {"chat_id": chat_id, "photo": "attach://photo"}, files)
    return str(message["photo"][-1]["file_id"])
