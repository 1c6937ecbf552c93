"""What came from a service is looked at before it is kept: is it a picture, whole, not too large, fit for a chat?

Bytes are judged by their header; only what must be re-encoded is decoded, and that in a child process with little
memory and time, so that a crafted file can hurt nobody but itself.
"""

import asyncio
import os
import sys
from pathlib import Path

from bot.errors import Cause, Refused
from bot.http import Header, NotAPicture, finished, read_header
from bot.images import GeneratedImage, ImageFormat

MOST_PIXELS = 50_000_000
LONGEST_SOURCE = 2048  # pixels of a picture to be changed: no service takes in more
CHILD_SECONDS = 20.0
CHILDREN = 2  # at once
CHILD = Path(__file__).with_name("reencode.py")
OUT_OF_MEMORY = 3  # exit code of the child


class Inspection:
    """Judges pictures, a few at a time."""

    def __init__(self) -> None:
        self._children = asyncio.Semaphore(CHILDREN)

    async def inspect(self, picture: GeneratedImage) -> GeneratedImage:
        """The same picture, or one that stands for it: WebP and see-through pictures are re-encoded, others untouched.

        A picture that is refused is deleted. Raises Refused(NOT_A_PICTURE, PICTURE_TOO_LARGE).
        """
        try:
            header = await asyncio.to_thread(_judged, picture.path)
            if header.format is ImageFormat.WEBP or header.transparent:
                return await self._reencoded(picture, header)
        except BaseException:
            picture.path.unlink(missing_ok=True)
            raise
        return picture

    async def source(self, path: Path) -> Path:
        """A picture that a person sent to be changed, made fit for a service: upright, PNG or JPEG, free of metadata.

        The file that was sent is gone afterwards. Raises Refused(SOURCE_UNFIT).
        """
        try:
            header = await asyncio.to_thread(_judged, path)
            after = ImageFormat.PNG if header.lossless else ImageFormat.JPEG
            target = path.with_name(f"{path.name}-source{after.suffix}")
            return (await self._written(path, header, target, after, LONGEST_SOURCE)).path
        except Refused as error:
            raise Refused(Cause.SOURCE_UNFIT, str(error)) from error
        finally:
            _forget(path)

    async def _reencoded(self, picture: GeneratedImage, header: Header) -> GeneratedImage:
        """Lossless stays lossless; what lost something before becomes a very good JPEG."""
        after = ImageFormat.PNG if header.lossless else ImageFormat.JPEG
        path = picture.path.with_name(f"{picture.path.name}-flat{after.suffix}")
        done = await self._written(picture.path, header, path, after)
        picture.path.unlink()
        return done

    async def _written(
        self, source: Path, header: Header, target: Path, after: ImageFormat, longest: int = 0
    ) -> GeneratedImage:
        try:
            async with self._children:
                _check(await _run_child(source, header.format.value, target, after.value, str(longest)))
            return await asyncio.to_thread(finished, target)
        except BaseException:
            _forget(target)
            raise


def _forget(path: Path) -> None:
    path.unlink(missing_ok=True)


def _judged(path: Path) -> Header:
    try:
        with path.open("rb") as file:
            header = read_header(file)
    except NotAPicture as error:
        raise Refused(Cause.NOT_A_PICTURE, str(error)) from error
    if header.width * header.height > MOST_PIXELS:
        raise Refused(Cause.PICTURE_TOO_LARGE, f"{header.width}x{header.height} pixels")
    if not header.whole:
        raise Refused(Cause.NOT_A_PICTURE, "breaks off")
    return header


async def _run_child(*arguments: str | Path) -> int:
    """The exit code of the child, minus the signal that ended it. It inherits no secret: only where its libraries are.

    Raises Refused when it takes too long.
    """
    child = await asyncio.create_subprocess_exec(
        sys.executable,
        "-P",
        CHILD,
        *arguments,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
        env={"PYTHONPATH": os.pathsep.join(sys.path)},
    )
    try:
        async with asyncio.timeout(CHILD_SECONDS):
            return await child.wait()
    except TimeoutError:
        raise Refused(Cause.NOT_A_PICTURE, "takes too long to decode") from None
    finally:
        if child.returncode is None:
            child.kill()
            await child.wait()


def _check(code: int) -> None:
    if code == OUT_OF_MEMORY:
        raise Refused(Cause.PICTURE_TOO_LARGE, "too much memory to re-encode")
    if code != 0:
        raise Refused(Cause.NOT_A_PICTURE, f"cannot be decoded, code {code}")
