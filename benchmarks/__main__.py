"""`python -m benchmarks [word …]`: measure everything and write the page, or show some figures only."""

import asyncio
import sys
from collections.abc import Sequence

from bot.telegram import lazy_types

lazy_types.install()

from benchmarks import figures, report  # noqa: E402  aiogram's models are to be built late


async def measure(words: Sequence[str]) -> list[report.Figure]:
    """The figures of these measurements, printed as they come."""
    found = []
    for word in words:
        for figure in await figures.ALL[word]():
            print(f"{figure.name}: {figure.measured} (goal: {figure.goal})", flush=True)
            found.append(figure)
    return found


def main() -> None:
    """Measure what is named on the command line; without names everything, onto the page."""
    words = sys.argv[1:]
    if unknown := set(words) - set(figures.ALL):
        sys.exit(f"no such measurement: {', '.join(sorted(unknown))}; there are {', '.join(figures.ALL)}")
    found = asyncio.run(measure(words or list(figures.ALL)))
    if not words:
        report.write(found)


if __name__ == "__main__":
    main()
