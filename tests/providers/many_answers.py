"""Fetch large answers, all at once, in a process of its own, and print how much it grew.

python -m tests.providers.many_answers ADDRESS FOLDER COUNT
"""

import asyncio
import resource
import sys
from pathlib import Path

from bot.clock import SystemClock
from bot.http import Http, Network, Spool
from tests.providers.test_http import Drawn


async def main(address: str, folder: str, count: int) -> None:
    """Print the growth in bytes a picture, and how many bytes lie on the disk."""
    async with Network(SystemClock()) as network:
        http = Http(network, Spool(Path(folder)), address)
        await fetch(http)
        before = peak()
        sizes = await asyncio.gather(*(fetch(http) for _ in range(count)))
        print((peak() - before) // count, sum(sizes))


async def fetch(http: Http) -> int:
    """One picture: its size in bytes."""
    drawn = await http.post("/ai/imagen", {}, Drawn)
    (image,) = await http.images(drawn.files, 1)
    size = image.path.stat().st_size
    image.path.unlink()
    return size


def peak() -> int:
    """The most memory that this process ever had, in bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], int(sys.argv[3])))
