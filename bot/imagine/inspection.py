"""What came from a service is looked at before it is kept: is it a picture, whole, not too large, fit for a chat?

This process looks how a file is put together and takes the notes out: places, names, the prompt. It decodes nothing.
A child does, with little memory and time, so that a crafted file can hurt nobody but itself: what must be made anew,
what is put together unusually, and what somebody doubts. What is broken deeper inside Telegram refuses as a photo.
"""

import asyncio
import json
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Self

from bot.errors import Cause, ProviderError, Refused, Unknown
from bot.http import Header, NotAPicture, finished, read_header, remove, room_on_disk
from bot.images import GeneratedImage, ImageFormat
from bot.imagine.children import Answer, ChildFailed, Children
from bot.imagine.stripping import Broken, clean, mapped
from bot.steps import step
from bot.storage.shield import carry_through

MOST_PIXELS = 50_000_000
LONGEST_SOURCE = 2048  # pixels of a picture to be changed: no service takes in more


class Inspection:
    """Judges pictures, a few at a time. An async context manager."""

    def __init__(self, *, keep_sent: bool = False) -> None:
        """With `keep_sent` the original of a picture is the file as the service sent it, with all its notes."""
        self._keep_sent = keep_sent
        self._children = Children()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *failure: object) -> None:
        await self._children.__aexit__(*failure)

    async def inspect(self, picture: GeneratedImage) -> GeneratedImage:
        """The picture without its notes, or one that stands for it: see-through pictures and WebP are re-encoded.

        Where it stands for another, that is its `original`. A picture that is refused is deleted. Raises
        Refused(NOT_A_PICTURE, PICTURE_TOO_LARGE), Unknown(STORAGE_FULL).
        """
        family = _Family(picture.path)
        try:
            # What a thread has begun it ends: a file that it lays down after `forget` would stay.
            seen = await carry_through(asyncio.to_thread(self._taken_apart, picture, family))
            if isinstance(seen, GeneratedImage):
                return seen
            answer = await self._ask(picture.path, seen.format, _after(seen))
            return await carry_through(asyncio.to_thread(family.settle, picture, answer, keep_sent=self._keep_sent))
        except BaseException:
            family.forget()
            raise

    async def decode(self, picture: GeneratedImage) -> None:
        """Decode it, to see that it can be. Raises Refused(NOT_A_PICTURE, PICTURE_TOO_LARGE)."""
        await self._ask(picture.path, picture.format)

    async def source(self, path: Path) -> Path:
        """A picture that a person sent to be changed, made fit for a service: upright, PNG or JPEG, free of notes.

        The file that was sent is gone afterwards. Raises Refused(SOURCE_UNFIT), Unknown(STORAGE_FULL).
        """
        family = _Family(path)
        try:
            header = await asyncio.to_thread(_judged, path)
            await self._ask(path, header.format, _after(header), LONGEST_SOURCE)
            made = await asyncio.to_thread(finished, family.flat)
            family.forget(but=[made.path])
        except BaseException as error:
            family.forget()
            if isinstance(error, Refused):
                raise Refused(Cause.SOURCE_UNFIT, str(error)) from error
            raise
        return made.path

    def _taken_apart(self, picture: GeneratedImage, family: "_Family") -> GeneratedImage | Header:
        """The picture without its notes; its header where it takes a child."""
        header = _judged(picture.path)
        answer = _without_decoding(picture.path, header)
        return family.settle(picture, answer, keep_sent=self._keep_sent) if answer else header

    async def _ask(
        self, path: Path, kind: ImageFormat, after: ImageFormat | None = None, longest: int | None = None
    ) -> Answer:
        question = {"path": str(path), "kind": kind, "after": after, "longest": longest}
        try:
            answer = await self._children.ask(json.dumps(question))
        except ChildFailed as error:
            raise Refused(Cause.NOT_A_PICTURE, f"the child {error}") from error
        if answer.fault:
            raise _error(answer.fault, answer.detail)
        return answer


class _Family:
    """A file and those that a child may have laid beside it."""

    def __init__(self, path: Path) -> None:
        self._sent = path
        self._clean = path.with_name(f"{path.name}-clean")
        self.flat = path.with_name(f"{path.name}-flat")

    def settle(self, picture: GeneratedImage, answer: Answer, *, keep_sent: bool) -> GeneratedImage:
        """The picture to show, with its original if that is another file; the rest is deleted. Raises Refused."""
        files = {None: self._sent, "clean": self._clean, "flat": self.flat}
        shown = files[answer.shown]
        original = self._sent if keep_sent else files[answer.original]
        if not (shown.exists() and original.exists()):
            raise Refused(Cause.NOT_A_PICTURE, "the child left no file")
        done = picture if shown == self._sent else finished(shown)
        self.forget(but=[shown, original])
        if original == shown:
            return done
        named = original.with_name(original.name + picture.format.suffix)
        step("before rename")
        kept = original.rename(named)
        step("after rename")
        return replace(done, original=kept)

    def forget(self, but: Iterable[Path] = ()) -> None:
        remove(*{self._sent, self._clean, self.flat}.difference(but))


def _error(fault: Cause, detail: str) -> ProviderError:
    return (Unknown if fault is Cause.STORAGE_FULL else Refused)(fault, detail)


def _without_decoding(path: Path, header: Header) -> Answer | None:
    """What a child would say; None where it must be asked."""
    if header.transparent or header.format is ImageFormat.WEBP:
        return None
    try:
        with room_on_disk(), mapped(path) as data:
            parts = clean(data, header.format)
            if not (parts.ordinary and parts.sound):
                return None
            name = parts.lay(data, path)
    except Broken as error:
        raise Refused(Cause.NOT_A_PICTURE, str(error)) from error
    return Answer(shown=name, original=name)


def _after(header: Header) -> ImageFormat:
    """Lossless stays lossless; what lost something before becomes a very good JPEG."""
    return ImageFormat.PNG if header.lossless else ImageFormat.JPEG


def _judged(path: Path) -> Header:
    try:
        with path.open("rb") as file:
            header = read_header(file)
    except NotAPicture as error:
        raise Refused(Cause.NOT_A_PICTURE, str(error)) from error
    if header.width * header.height > MOST_PIXELS:
        raise Refused(Cause.PICTURE_TOO_LARGE, f"{header.width}x{header.height} pixels")
    return header
