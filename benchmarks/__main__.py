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


# This takes an hour: the page is written before it as well.
LAST = "soak"


def main() -> None:
    """Measure what is named on the command line; without names everything, onto the page."""
    words = sys.argv[1:]
    if unknown := set(words) - set(figures.ALL):
        sys.exit(f"no such measurement: {', '.join(sorted(unknown))}; there are {', '.join(figures.ALL)}")
    if words:
        asyncio.run(measure(words))
        return
    found = asyncio.run(measure([word for word in figures.ALL if word != LAST]))
    report.write(found)
    print(f"The page is written. Now the {LAST}, an hour long unless SOAK_MINUTES says less.", flush=True)
    report.write(found + asyncio.run(measure([LAST])))


if __name__ == "__main__":
    main()
