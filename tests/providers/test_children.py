"""Whatever happens to the process that decodes a picture happens to that picture alone."""

import asyncio
import os
import signal
import sys
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import psutil
import pytest

from bot.errors import Cause, Refused, Unknown
from bot.http import finished
from bot.images import GeneratedImage
from bot.imagine import children
from bot.imagine.inspection import Inspection
from tests.hostile_pictures import good
from tests.test_architecture import ROOT
from tests.waiting import until

StandIn = Callable[[str], None]
Left = Callable[[], list[str]]
Look = Callable[..., Awaitable[GeneratedImage]]
ANSWER = "print('{}', flush=True)"  # the picture is shown as it is
WEBP = good("WEBP")  # ordinary ones need no child


@pytest.fixture
async def inspection() -> AsyncIterator[Inspection]:
    async with Inspection() as inspection:
        yield inspection
    await nobody_left()


@pytest.fixture
def stand_in(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> StandIn:
    """Let another program stand in for the one that looks into pictures; `n` counts its questions."""

    def replace(code: str) -> None:
        file = tmp_path_factory.mktemp("child") / "child.py"
        file.write_text(f"import os, signal, sys\nfor n, line in enumerate(sys.stdin):\n  {code}\n")
        monkeypatch.setattr(children, "PROGRAM", file)

    return replace


def pids() -> list[int]:
    """The children that run now."""
    mine = psutil.Process().children()
    return sorted(child.pid for child in mine if child.status() != psutil.STATUS_ZOMBIE)


@pytest.fixture
def left(tmp_path: Path) -> Left:
    """Names of the files that lie where pictures arrive."""
    return lambda: [path.name for path in tmp_path.iterdir()]


async def nobody_left() -> None:
    async def none() -> bool:
        return pids() == []

    await until(none, "the children end")


@pytest.fixture
def look(inspection: Inspection, tmp_path: Path) -> Look:
    """Let a picture of this name be looked at."""

    def at(name: str = "picture") -> Awaitable[GeneratedImage]:
        path = tmp_path / name
        path.write_bytes(WEBP)
        return inspection.inspect(finished(path))

    return at


async def test_no_child_is_needed_for_an_ordinary_picture(inspection: Inspection, tmp_path: Path) -> None:
    for kind in ("JPEG", "PNG"):
        path = tmp_path / kind
        path.write_bytes(good(kind))
        await inspection.inspect(finished(path))
    assert pids() == []


async def test_one_child_looks_into_many_pictures(look: Look) -> None:
    await look()
    first = pids()
    assert len(first) == 1
    for _ in range(5):
        await look()
    assert pids() == first


async def test_no_more_than_two_work_at_once(look: Look) -> None:
    await asyncio.gather(*(look(f"picture-{n}") for n in range(12)))
    assert 1 <= len(pids()) <= 2


async def test_children_without_work_are_ended(look: Look, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(children, "IDLE", 0.05)
    await look()
    await nobody_left()
    await look()


async def test_a_child_is_replaced_after_many_pictures(look: Look, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(children, "MOST_PICTURES", 2)
    await look()
    first = pids()
    await look()
    await look()
    assert pids() != first


async def test_a_child_that_was_killed_while_it_waited_takes_no_picture_with_it(look: Look) -> None:
    await look()
    [pid] = pids()
    os.kill(pid, signal.SIGKILL)
    await look()
    assert pids() != [pid]


async def test_a_child_goes_on_when_the_bot_is_told_to_end(look: Look) -> None:
    await look()
    [pid] = pids()
    os.kill(pid, signal.SIGTERM)
    await look()
    assert pids() == [pid]


async def test_what_an_old_child_dies_of_is_tried_in_a_fresh_one(look: Look, stand_in: StandIn) -> None:
    stand_in(f"os.abort() if n else {ANSWER}")
    await look()
    await look()


@pytest.mark.parametrize(
    ("code", "cause"),
    [
        (f"os.kill(os.getpid(), {int(signal.SIGSEGV)})", Cause.NOT_A_PICTURE),
        (f"os.kill(os.getpid(), {int(signal.SIGKILL)})", Cause.NOT_A_PICTURE),
        ("print('no json', flush=True)", Cause.NOT_A_PICTURE),
        ("print('x' * 200_000, flush=True)", Cause.NOT_A_PICTURE),
        ('print(\'{"shown": "../../etc/passwd"}\', flush=True)', Cause.NOT_A_PICTURE),
        ('print(\'{"shown": "flat"}\', flush=True)', Cause.NOT_A_PICTURE),
        ('print(\'{"fault": "picture-too-large"}\', flush=True)', Cause.PICTURE_TOO_LARGE),
        ("raise ValueError", Cause.NOT_A_PICTURE),
    ],
    ids=["crash", "killed", "nonsense", "a flood", "a path", "no file", "too large", "error"],
)
async def test_what_happens_to_a_child_is_an_answer_about_its_picture(
    look: Look, stand_in: StandIn, left: Left, code: str, cause: Cause
) -> None:
    stand_in(code)
    with pytest.raises(Refused) as caught:
        await look()
    assert caught.value.cause is cause
    assert left() == []
    if "flat" not in code:
        assert pids() == []


async def test_a_full_disk_is_not_the_fault_of_the_picture(look: Look, stand_in: StandIn) -> None:
    stand_in('print(\'{"fault": "storage-full"}\', flush=True)')
    with pytest.raises(Unknown) as caught:
        await look()
    assert caught.value.cause is Cause.STORAGE_FULL


async def test_a_child_knows_no_secret(look: Look, stand_in: StandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOT_TOKEN", "canary")
    stand_in(f"assert not any('canary' in each for each in os.environ.values()); {ANSWER}")
    await look()


async def test_a_child_that_takes_too_long_is_ended(
    look: Look, stand_in: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(children, "SECONDS", 0.3)
    stand_in("signal.pause()")
    with pytest.raises(Refused):
        await look()
    assert pids() == []


@pytest.mark.parametrize(
    ("code", "farewell"),
    [("os.fork(); signal.pause()", children.FAREWELL), ("os.fork() and os.abort(); signal.pause()", 0.1)],
    ids=["both live", "the child is dead"],
)
async def test_what_a_child_started_ends_with_it_and_holds_up_nobody(
    look: Look, stand_in: StandIn, monkeypatch: pytest.MonkeyPatch, code: str, farewell: float
) -> None:
    monkeypatch.setattr(children, "SECONDS", 0.5)
    monkeypatch.setattr(children, "FAREWELL", farewell)
    stand_in(code)
    with pytest.raises(Refused):
        await look()
    await nobody_left()


async def test_one_that_hangs_holds_up_no_other_for_long(
    look: Look, stand_in: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(children, "SECONDS", 1.0)
    stand_in(f"signal.pause() if 'bad' in line else {ANSWER}")
    ends = await asyncio.gather(*map(look, ["bad-1", "bad-2", *"abcdef"]), return_exceptions=True)
    assert [isinstance(end, Refused) for end in ends] == [True, True] + [False] * 6


async def test_cancelling_ends_the_child(look: Look, stand_in: StandIn, left: Left) -> None:
    stand_in("signal.pause()")
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.3):
            await look()
    assert left() == []
    assert pids() == []


PARENT = """
import asyncio, sys
from pathlib import Path
from bot.http import finished
from bot.imagine.inspection import Inspection

async def main():
    async with Inspection() as inspection:
        await inspection.inspect(finished(Path(sys.argv[1])))
        print("done", flush=True)
        await asyncio.Event().wait()

asyncio.run(main())
"""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
async def test_children_end_with_their_parent(tmp_path: Path, number: signal.Signals) -> None:
    path = tmp_path / "picture"
    path.write_bytes(WEBP)
    parent = await asyncio.create_subprocess_exec(sys.executable, "-c", PARENT, path, cwd=ROOT, stdout=PIPE)
    assert parent.stdout is not None
    assert await parent.stdout.readline() == b"done\n"
    [child] = psutil.Process(parent.pid).children()
    parent.send_signal(number)
    await parent.wait()

    async def ended() -> bool:
        return not child.is_running() or child.status() == psutil.STATUS_ZOMBIE

    await until(ended, "the child ends")
