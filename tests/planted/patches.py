"""One planted bug is one file: three lines that say what it is, and a unified diff of one file of the bot.

The lines that a hunk changes are found by what stands in them and around them, not by their numbers, so a patch fits
for as long as its own lines are there. Neither git nor `patch` is needed.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Self

FOLDER = Path(__file__).parent
ROOT = FOLDER.parent.parent

HEADER = re.compile(r"(Bug|Breaks|Caught by): (.+)")
TARGET = re.compile(r"\+\+\+ b/(\S+)")


class Unfit(Exception):
    """A patch that has to be mended. The message names its file and says how."""


@dataclass(frozen=True, slots=True)
class Hunk:
    """Whole lines, and what the bug makes of them."""

    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Patch:
    """`bug` and the promise that it `breaks` in one sentence each; `caught_by` are the tests to run first."""

    name: str
    bug: str
    breaks: str
    caught_by: tuple[str, ...]
    target: str
    hunks: tuple[Hunk, ...]

    @classmethod
    def read(cls, path: Path) -> Self:
        """Raises Unfit."""
        head, found, diff = path.read_text("utf-8").partition("\n--- ")
        facts = dict(HEADER.findall(head))
        target = TARGET.search(diff)
        if len(facts) < 3 or not found or target is None:
            raise Unfit(f"{path}: begins with `Bug:`, `Breaks:` and `Caught by:`, and holds the diff of one file")
        hunks = tuple(_hunks(diff[target.end() :].splitlines()[1:]))
        return cls(path.stem, facts["Bug"], facts["Breaks"], tuple(facts["Caught by"].split()), target[1], hunks)

    def apply(self, root: Path) -> str:
        """The text of its file in the tree at `root`, with the bug in it. Raises Unfit."""
        path = root / self.target
        if not path.exists():
            raise self._unfit("is not there")
        text = "\n" + path.read_text("utf-8")
        for hunk in self.hunks:
            if (times := text.count("\n" + hunk.before)) != 1:
                raise self._unfit(f"has these lines {times} times instead of once:\n{hunk.before}")
            text = text.replace("\n" + hunk.before, "\n" + hunk.after)
        return text.removeprefix("\n")

    def plant(self, root: Path) -> None:
        """Put the bug into the tree at `root`. Raises Unfit."""
        (root / self.target).write_text(self.apply(root), "utf-8")

    def _unfit(self, why: str) -> Unfit:
        return Unfit(
            f"Mend tests/planted/{self.name}.patch: {self.target} {why}\n"
            "Make the same mistake by hand, replace the diff by that of `git diff -U1`, and take the mistake back."
        )


def read_all(names: Iterable[str] = ()) -> list[Patch]:
    """The patches of these names, or all there are. Raises Unfit, FileNotFoundError."""
    paths = [FOLDER / f"{name}.patch" for name in names] or sorted(FOLDER.glob("*.patch"))
    return [Patch.read(path) for path in paths]


def _hunks(lines: Iterable[str]) -> Iterator[Hunk]:
    before, after = list[str](), list[str]()
    for line in [*lines, "@@"]:
        if line.startswith("@@"):
            if before:
                yield Hunk(_text(before), _text(after))
            before, after = [], []
            continue
        # Some editors take the space from an empty line.
        mark, rest = line[:1] or " ", line[1:]
        if mark in " -":
            before.append(rest)
        if mark in " +":
            after.append(rest)


def _text(lines: Iterable[str]) -> str:
    return "".join(f"{line}\n" for line in lines)
