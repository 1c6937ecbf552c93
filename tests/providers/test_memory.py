"""Fifty large answers at once: the process stays small."""

import asyncio
import sys
from pathlib import Path

from tests.providers.fake import FakeService, large

COUNT = 50
SIZE = 16 << 20
MOST_GROWTH = 8 << 20


async def test_fifty_large_answers_at_once_hardly_grow_the_process(service: FakeService, tmp_path: Path) -> None:
    service.otherwise = lambda call: large(SIZE)
    child = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.providers.many_answers", service.url, tmp_path, str(COUNT)),
        stdout=asyncio.subprocess.PIPE,
    )
    said, _ = await child.communicate()
    growth, stored = map(int, said.split())
    assert stored >= COUNT * SIZE * 0.99
    assert growth < MOST_GROWTH
    assert service.most_at_once == COUNT
