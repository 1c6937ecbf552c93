"""Generations and pictures for tests of the edge."""

import hashlib
import io
from pathlib import Path
from typing import Any

from PIL import Image

from bot.images import AspectRatio, GeneratedImage, ImageFormat
from bot.imagine import store
from bot.imagine.rules import Generation, Status
from bot.storage.database import Database
from bot.telegram.api import Api
from bot.telegram.upload import Upload

BLANK = dict.fromkeys(
    (
        *("thread_id", "message_id", "note_id", "parent_id", "action", "negative", "seed", "cause", "error_id"),
        *("started_at", "ended_at", "draw_ms", "shown_as", "file_id", "original_id", "width", "height"),
    )
)


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
    sha256 = hashlib.sha256(content).hexdigest()
    return GeneratedImage(path, ImageFormat.PNG, width, height, len(content), sha256)


async def keep_generation(
    database: Database, generation_id: str, chat_id: int, status: Status = Status.DRAWING, **changes: Any
) -> Generation:
    """A generation in the database."""
    values: dict[str, Any] = {
        **BLANK,
        "generation_id": generation_id,
        "user_id": max(chat_id, 1),
        "chat_id": chat_id,
        "model": "sketch/default",
        "prompt": "a red fox",
        "ratio": AspectRatio.SQUARE,
        "variation": 0,
        "price": 1,
        "status": Status.QUEUED,
        "fenced": False,
        "created_at": 1_700_000_000,
        **changes,
    }
    generation = Generation(**values)
    async with database.write() as tx:
        await store.insert(tx, generation, generation_id)
        if generation.note_id:
            await store.set_note(tx, generation_id, generation.note_id)
        if status is not Status.QUEUED:
            await store.move(tx, generation_id, Status.QUEUED, status, started_at=1_700_000_001)
        kept = await store.get(tx, generation_id)
    assert kept is not None
    return kept


async def photo_id(api: Api, chat_id: int, folder: Path) -> str:
    """Sends a photo, and gives the id that Telegram knows it by."""
    files = {"photo": Upload.of(picture(folder).path, "photo.png")}
    message = await api.upload("sendPhoto", {"chat_id": chat_id, "photo": "attach://photo"}, files)
    return str(message["photo"][-1]["file_id"])
