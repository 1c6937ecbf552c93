"""From aiogram's methods to what is kept in the outbox and goes over the wire: plain JSON values."""

from collections.abc import Mapping
from datetime import datetime
from enum import Enum
from pathlib import Path
from typing import Any

from aiogram.client.default import Default
from aiogram.methods import TelegramMethod
from aiogram.types import FSInputFile
from pydantic import BaseModel

from bot.telegram.upload import Upload

# Stands for a file on disk: no object of Telegram has a key like it.
FILE = "@file"

AS_THEY_ARE = frozenset({str, int, float, bool, type(None)})


def to_wire(method: TelegramMethod[Any]) -> tuple[str, dict[str, Any]]:
    """Name and params of a method. A file on disk is kept as its path and read when the call is made.

    Raises TypeError for what cannot be kept, such as bytes in memory.
    """
    return method.__api_method__, _object(method)


def holds_file(params: Mapping[str, Any]) -> bool:
    """Whether a file on disk goes with these params."""
    return any(isinstance(value, dict) and FILE in value for value in params.values())


def attach(params: Mapping[str, Any], key: bytes | None = None) -> tuple[dict[str, Any], dict[str, Upload]]:
    """Put `attach://` in the place of each file on disk and give the files by name. `key` is that of sealed ones.

    Raises FileNotFoundError.
    """
    files: dict[str, Upload] = {}
    return {name: _attached(value, files, key) for name, value in params.items()}, files


def plain(value: Any) -> Any:
    """A value of a method, or a part of it, as JSON holds it. Raises TypeError as `to_wire`."""
    if type(value) in AS_THEY_ARE:
        return value
    if isinstance(value, BaseModel):
        return _object(value)
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, (str, int, float)):
        return value
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    return _special(value)


def _object(model: BaseModel) -> dict[str, Any]:
    # Most fields are None, so that is asked first, and without pydantic's iterator.
    # A Default means: as the bot is set up. Ours sets nothing up, so Telegram's own default counts.
    fields = {**model.__dict__, **(model.model_extra or {})}
    given = {name: value for name, value in fields.items() if value is not None}
    return {name: plain(value) for name, value in given.items() if not isinstance(value, Default)}


def _special(value: Any) -> Any:
    if isinstance(value, datetime):
        return int(value.timestamp())
    if isinstance(value, FSInputFile):
        return {FILE: str(value.path), "name": value.filename}
    raise TypeError(f"{type(value).__name__} cannot be kept in the outbox")


def _attached(value: Any, files: dict[str, Upload], key: bytes | None) -> Any:
    if isinstance(value, list):
        return [_attached(item, files, key) for item in value]
    if not isinstance(value, dict):
        return value
    if FILE not in value:
        return {name: _attached(item, files, key) for name, item in value.items()}
    name = f"file{len(files)}"
    files[name] = Upload.of(Path(value[FILE]), value["name"], key)
    return f"attach://{name}"
