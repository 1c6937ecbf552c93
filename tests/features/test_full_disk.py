"""No room for a picture while it is drawn: it is released and said, nothing new is taken in, and it passes by itself.

Where this machine lets us mount one, on a file system of a few megabytes; everywhere on a stand-in that leads to
/dev/full, whose writes fail in the kernel.
"""

import base64
import shutil
import struct
import subprocess
import tempfile
import zlib
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Protocol

import pytest

from bot.http import Spool
from bot.providers import onlysq
from bot.sandbox.people import Talk
from bot.sandbox.server import Sandbox
from bot.storage import room
from bot.texts import Texts
from tests.house import KEY, House
from tests.providers.fake import Answer, Call, FakeService
from tests.waiting import until

MB = 1 << 20
SIZE = 80 * MB
SIDE = 1200  # of a square picture, which is then more than four megabytes
LEFT = 2 * MB  # room for the books, and for no picture
NO_ROOM = Texts.load("en").negotiate("en")("failure-storage-full")
RECOVERY = 15.0


class Disk(Protocol):
    """Where a bot keeps everything."""

    directory: Path

    def fill(self) -> None:
        """Leave no room for a picture."""

    def empty(self) -> None:
        """Leave all of it."""


class RealDisk:
    """A file system of its own."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self._filler = directory.parent / "filler"

    def fill(self) -> None:
        self._filler.write_bytes(bytes(shutil.disk_usage(self._filler.parent).free - LEFT))

    def empty(self) -> None:
        self._filler.unlink()


class StandIn:
    """A directory whose new files have no room while it is full."""

    def __init__(self, directory: Path, patch: pytest.MonkeyPatch) -> None:
        self.directory = directory
        self._patch = patch

    def fill(self) -> None:
        new = Spool.new

        def nowhere(spool: Spool) -> Path:
            path = new(spool)
            path.symlink_to("/dev/full")
            return path

        self._patch.setattr(Spool, "new", nowhere)
        self._patch.setattr(room, "shutil", SimpleNamespace(disk_usage=lambda _: SimpleNamespace(free=LEFT)))

    def empty(self) -> None:
        self._patch.undo()


@contextmanager
def mounted() -> Iterator[Path]:
    """A small file system. Raises OSError, CalledProcessError where we may not have one."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "disk"
        place.mkdir()
        line = ("mount", "-t", "tmpfs", "-o", f"size={SIZE}", "none", str(place))
        subprocess.run(line, check=True, capture_output=True)
        try:
            yield place
        finally:
            subprocess.run(("umount", str(place)), check=True)


def _disks() -> list[str]:
    try:
        with mounted():
            return ["real", "stand-in"]
    except (OSError, subprocess.CalledProcessError):
        return ["stand-in"]


@pytest.fixture(params=_disks())
def disk(request: pytest.FixtureRequest, empty_data: Path, data_dir: Path) -> Iterator[Disk]:
    if request.param == "real":
        with mounted() as place:
            yield RealDisk(Path(shutil.copytree(empty_data, place / "data")))
        return
    with pytest.MonkeyPatch.context() as patch:
        yield StandIn(data_dir, patch)


@pytest.fixture
async def service() -> AsyncIterator[FakeService]:
    async with FakeService() as service:
        service.otherwise = _draw
        yield service


def _chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def _picture() -> str:
    """A PNG that nobody has packed."""
    header = struct.pack(">IIBBBBB", SIDE, SIDE, 8, 2, 0, 0, 0)
    pixels = zlib.compress(bytes(SIDE * (1 + 3 * SIDE)), level=0)
    chunks = _chunk(b"IHDR", header) + _chunk(b"IDAT", pixels) + _chunk(b"IEND", b"")
    return base64.b64encode(b"\x89PNG\r\n\x1a\n" + chunks).decode()


DRAWN = Answer(json={"files": [_picture()], "elapsed-time": 1.5})


def _draw(call: Call) -> Answer:
    return DRAWN if call.method == "POST" else Answer(json={})


@pytest.fixture
async def bot(disk: Disk, sandbox: Sandbox, service: FakeService) -> AsyncIterator[House]:
    """A bot that keeps everything on the small disk."""
    house = House(sandbox, disk.directory)
    options: Any = {"api_key": KEY, "base_url": service.url}
    await house.start(default_model="onlysq/flux", providers={"onlysq": onlysq.Settings(**options)})
    yield house
    assert await house.stop() == []


def shown(talk: Talk) -> bool:
    return any(message.picture for message in talk.answers)


def told(talk: Talk) -> bool:
    return any(NO_ROOM in message.text for message in talk.answers)


async def refusing(bot: House) -> bool:
    return "updates_wait_for_storage" in bot.log.getvalue()


async def test_a_full_disk_releases_what_is_drawn_takes_nothing_new_and_passes(
    bot: House, disk: Disk, service: FakeService
) -> None:
    talks = [bot.sandbox.person(f"Person{number}").private(bot.bot) for number in range(2)]
    drawing, late = talks
    asked = 0

    def fill_and_draw(call: Call) -> Answer:
        nonlocal asked
        asked += call.method == "POST"
        if call.method == "POST" and asked == 1:
            disk.fill()
        return _draw(call)

    service.otherwise = fill_and_draw
    await drawing.say("/imagine a fox")
    await drawing.until(told, timeout=RECOVERY)
    await late.say("/imagine a fox")
    await until(partial(refusing, bot), "the bot sees that there is no room")
    assert await bot.rows("SELECT DISTINCT status, cause FROM generations") == [
        {"status": "failed", "cause": "storage-full"}
    ]
    assert await bot.rows("SELECT DISTINCT held FROM balances") == [{"held": 0}]
    assert not late.answers

    disk.empty()
    await late.until(shown, timeout=RECOVERY)
    await drawing.say("/imagine a fox")
    await drawing.until(shown, timeout=RECOVERY)


async def test_not_a_byte_of_room_loses_nothing(bot: House, disk: Disk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.features.test_full_disk.LEFT", 0)
    talk = bot.sandbox.person("Anna").private(bot.bot)
    await talk.say("/start")
    await talk.until(lambda talk: talk.answers)
    disk.fill()
    await talk.say("/imagine a fox")
    await until(partial(refusing, bot), "the bot sees that there is no room")
    assert not await bot.rows("SELECT * FROM generations")
    disk.empty()
    await talk.until(shown, timeout=RECOVERY)
