"""A bot dies at a step of its work: before or after a commit, a call, a file. The next one makes it good.

In `make test` one bot dies at every place of every story, when it gets there first. What a bot does by itself, such as
its start, its chores and its backup, is a story of its own, and in the others it dies at one in four of these places,
which the seed chooses: they are the same each time. At one place in eight of all six bots die one after the other. In
`make test-long` one and six die at every step, by its number, until
a story is over before the step comes. A failure names the variables that repeat it, such as
`FLOW=edit N='after move*1' DEATHS=1 SEED=7 make test ARGS=tests/crash/test_steps.py`.
"""

import asyncio
import itertools
import os
import random
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio

from tests.crash.births import Mother, warm_mother
from tests.crash.flows import FLOWS
from tests.crash.judge import judge
from tests.crash.scene import open_scene, tell

# So many bots one after the other die at the same step: one more than an update or a picture is given.
LASTING = 6
LASTING_SHARE = 8
UPKEEP = "nobody"
UPKEEP_SHARE = int(os.environ.get("UPKEEP_SHARE", "4"))
AT_ONCE = 6

STORIES = os.environ.get("FLOW", "").split() or list(FLOWS)
EVERY_STEP = "EVERY_STEP" in os.environ
ONE_STEP = os.environ.get("N")
DEATHS = os.environ.get("DEATHS")


@dataclass(frozen=True)
class Case:
    """One story in which this many bots die at this step: a number, or a place and how often it was passed."""

    story: str
    step: str
    deaths: int
    seed: int

    def __str__(self) -> str:
        return f"FLOW={self.story} N='{self.step}' DEATHS={self.deaths} SEED={self.seed}"


@dataclass(frozen=True)
class End:
    """How a case went: what is wrong, how many bots died, and the steps that were passed."""

    faults: list[str]
    deaths: int
    trail: list[str]


class Theater:
    """Plays cases, a few at once."""

    def __init__(self, mother: Mother, empty_data: Path, directory: Path) -> None:
        self._mother = mother
        self._empty_data = empty_data
        self._directory = directory
        self._seats = asyncio.Semaphore(AT_ONCE)
        self._numbers = itertools.count()

    async def play(self, case: Case) -> End:
        async with self._seats:
            directory = self._directory / str(next(self._numbers))
            directory.mkdir()
            flow = FLOWS[case.story]
            async with open_scene(directory, self._empty_data, random.Random(str(case)), flow.settings) as scene:
                try:
                    await tell(scene, self._mother, flow.story, [case.step] * case.deaths)
                    faults = await judge(scene, flow)
                except Exception as error:  # noqa: BLE001  one case that breaks must not hide the others
                    faults = [repr(error)]
                if faults:
                    faults = [f"repeat with {case}", *faults, scene.log[-2000:]]
                return End(faults, scene.deaths, scene.trail)

    async def play_all(self, cases: Sequence[Case]) -> list[End]:
        return await asyncio.gather(*map(self.play, cases))


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def mother() -> AsyncIterator[Mother]:
    async with warm_mother() as mother:
        yield mother


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def upkeep(mother: Mother, empty_data: Path, tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """The places that a bot passes when nobody writes."""
    theater = Theater(mother, empty_data, tmp_path_factory.mktemp("upkeep"))
    return set((await theater.play(Case(UPKEEP, "", 0, 0))).trail)


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("story", STORIES)
async def test_whoever_dies_at_any_step_leaves_nothing_lost_doubled_held_or_wrongly_charged(
    story: str, mother: Mother, upkeep: set[str], empty_data: Path, tmp_path: Path
) -> None:
    seed = int(os.environ.get("SEED", random.SystemRandom().getrandbits(32)))
    theater = Theater(mother, empty_data, tmp_path)
    undisturbed = await theater.play(Case(story, "", 0, seed))
    assert not undisturbed.faults, "\n".join(undisturbed.faults)
    places = _places(story, seed, set(undisturbed.trail), upkeep)
    ends = [end async for end in _all(theater, story, seed, places)]
    died = sum(end.deaths for end in ends)
    print(f"{story}: {len(ends)} times told, {died} deaths, {len(places)} places, seed {seed}")
    faults = [fault for end in ends for fault in end.faults]
    assert not faults, "\n".join(faults)


async def _all(theater: Theater, story: str, seed: int, places: Sequence[str]) -> AsyncIterator[End]:
    if not EVERY_STEP:
        for end in await theater.play_all(list(_chosen(story, seed, places))):
            yield end
        return
    number, deaths = 1, 1
    while deaths:
        numbers = range(number, number := number + 2 * AT_ONCE)
        ends = await theater.play_all([Case(story, str(n), times, seed) for n in numbers for times in (1, LASTING)])
        deaths = sum(end.deaths for end in ends)
        for end in ends:
            yield end


def _places(story: str, seed: int, passed: set[str], upkeep: set[str]) -> list[str]:
    """Where bots are to die in this story."""
    if story == UPKEEP:
        return sorted(passed)
    return sorted(passed - upkeep) + sorted(passed & upkeep)[seed % UPKEEP_SHARE :: UPKEEP_SHARE]


def _chosen(story: str, seed: int, places: Sequence[str]) -> Iterator[Case]:
    """Each place once; some of them also as one where everybody dies. Or the one that is to be repeated."""
    if ONE_STEP:
        yield Case(story, ONE_STEP, int(DEATHS or 1), seed)
        return
    for place in places:
        yield Case(story, f"{place}*1", 1, seed)
    for place in places[seed % LASTING_SHARE :: LASTING_SHARE]:
        yield Case(story, f"{place}*1", LASTING, seed)
