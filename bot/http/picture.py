"""One picture in a reply, in any of the spellings that services use, and the way from a file to a GeneratedImage."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationInfo, model_validator

from bot.errors import Cause, Refused
from bot.http.decoder import Base64File, NotBase64
from bot.http.header import NotAPicture, read_header
from bot.http.spool import Basket, remove
from bot.images import GeneratedImage

SPELLINGS = ("b64_json", "b64Json", "base64", "b64", "data", "image", "image_base64", "url", "image_url")


class Picture(BaseModel):
    """A picture as a service names it: a file that came with the answer, or an address, or nothing.

    Accepts base64 (with or without `data:` prefix), an address, or an object that holds one of them under any of
    the usual names. Nothing is left of a picture that is empty or no base64: `if not picture`.
    """

    model_config = ConfigDict(frozen=True)

    file: Path | None = None
    url: str | None = None

    def __bool__(self) -> bool:
        return bool(self.file or self.url)

    def forget(self) -> None:
        """Throw away what came with the answer and is not wanted."""
        remove(self.file)

    @model_validator(mode="wrap")
    @classmethod
    def _read(cls, value: Any, handler: Any, info: ValidationInfo) -> "Picture":
        """Replaces field validation: the fields are ours and no service may fill them."""
        context = info.context or {}
        return cls._found(value, context.get("files", {}), context.get("basket"))

    @classmethod
    def _found(cls, value: Any, files: Mapping[str, Path], basket: Basket | None) -> "Picture":
        if isinstance(value, Mapping):
            found = (cls._found(value[name], files, basket) for name in SPELLINGS if value.get(name))
            return next((picture for picture in found if picture), cls.model_construct())
        if not isinstance(value, str):
            return cls.model_construct()
        if basket and value in files:
            return cls.model_construct(file=basket.take(files[value]))
        if value.startswith(("https://", "http://")):
            return cls.model_construct(url=value)
        return cls.model_construct(file=_decoded(value, basket))


def _decoded(text: str, basket: Basket | None) -> Path | None:
    """A picture small enough to stand in the answer itself."""
    if not text or basket is None or not text.isascii():
        return None
    file = basket.open()
    sink = Base64File(file, tidy=True)
    try:
        sink.write(text.encode())
        sink.close()
    except NotBase64:
        return None
    return basket.take(file.path)


def finished(path: Path) -> GeneratedImage:
    """Tell by its head what was received. Blocks while it reads it. Raises Refused(NOT_A_PICTURE)."""
    with path.open("rb") as file:
        try:
            header = read_header(file)
        except NotAPicture as error:
            raise Refused(Cause.NOT_A_PICTURE, str(error)) from error
    return GeneratedImage(path, header.format, header.width, header.height, path.stat().st_size, header.transparent)
