"""Pictures that are paid for, from the moment they arrive until they are in the chat and no longer needed here.

A file is made safe on disk before its row is written, and its row is deleted before the file: after a crash a file
may be without a row, which the sweep mends, but never a row without its file.
"""

import asyncio
import os
import secrets
from dataclasses import replace
from pathlib import Path

from bot.http import Spool, remove
from bot.images import GeneratedImage, ImageFormat
from bot.steps import step
from bot.storage.database import Database, Transaction
from bot.storage.queries import load
from bot.storage.shield import carry_through

SQL = load(Path(__file__).with_name("shelf.sql"))

ORPHANED = 3600  # seconds after which a file without a row belongs to nobody
AT_ONCE = 100  # rows deleted in one transaction


class Shelf:
    """A directory of finished pictures and the rows that name them. It must lie on the disk of the spool."""

    def __init__(self, directory: Path, spool: Spool | None = None) -> None:
        directory.mkdir(parents=True, exist_ok=True)
        self._directory = directory
        self._spool = spool

    async def keep(self, picture: GeneratedImage, generation_id: str) -> GeneratedImage:
        """Move the picture here so that a power cut cannot take it any more. Its row comes next: `put`.

        Each call makes a name of its own: a late double of this work cannot write over what was kept. Where it fails
        or is cancelled, nothing is left of the picture.
        """
        name = f"{generation_id}-{secrets.token_hex(4)}"
        kept = self._at(f"{name}{picture.format.suffix}")
        original = picture.original and self._at(f"{name}-original{picture.original.suffix}")
        moves = {picture.path: kept, picture.original: original}
        try:
            for source, target in moves.items():
                if source and target:
                    await carry_through(asyncio.to_thread(_move_safely, source, target))
        except BaseException:
            remove(*moves.keys(), *moves.values())
            raise
        return replace(picture, path=kept, original=original)

    async def forget(self, database: Database, picture: GeneratedImage) -> None:
        """Delete a kept picture, unless its row was committed. Raises StorageError."""
        async with database.read() as tx:
            kept = await SQL.is_kept(tx, file=picture.path.name)
        if not kept:
            remove(picture.path, picture.original)

    async def put(self, tx: Transaction, generation_id: str, picture: GeneratedImage, now: int) -> None:
        """Write the row of a kept picture."""
        await SQL.put(
            tx,
            generation_id=generation_id,
            file=picture.path.name,
            format=picture.format.value,
            width=picture.width,
            height=picture.height,
            size=picture.size,
            sha256=picture.sha256,
            transparent=int(picture.transparent),
            original=picture.original.name if picture.original else None,
            shelved_at=now,
        )

    async def get(self, tx: Transaction, generation_id: str) -> GeneratedImage | None:
        """The picture of a generation, None when it is not here (any more)."""
        row = await SQL.get(tx, generation_id=generation_id)
        if row is None:
            return None
        return GeneratedImage(
            path=self._at(row["file"]),
            format=ImageFormat(row["format"]),
            width=row["width"],
            height=row["height"],
            size=row["size"],
            sha256=row["sha256"],
            transparent=bool(row["transparent"]),
            original=self._at(row["original"]) if row["original"] else None,
        )

    async def until(self, tx: Transaction, generation_id: str, kept_until: int) -> bool:
        """From this Unix time on the picture is not needed; whether there was one."""
        return bool(await SQL.until(tx, generation_id=generation_id, kept_until=kept_until))

    async def hand_over(self, tx: Transaction, generation_id: str, heir: str, now: int) -> bool:
        """Let another generation have the picture, and keep it; False when it is not here (any more)."""
        return bool(await SQL.hand_over(tx, generation_id=generation_id, heir=heir, now=now))

    async def sweep(self, database: Database, now: int) -> int:
        """Delete what is no longer needed and what a crash left behind; return how many files went."""
        gone = await self._sweep_expired(database, now)
        gone += await self._sweep_orphans(database, now)
        return gone + (self._spool.sweep(now - ORPHANED) if self._spool else 0)

    async def _sweep_expired(self, database: Database, now: int) -> int:
        count = 0
        while files := await self._take_expired(database, now):
            remove(*files)
            count += len(files)
        return count

    async def _take_expired(self, database: Database, now: int) -> list[Path]:
        async with database.write() as tx:
            rows = await SQL.expired(tx, now=now, most=AT_ONCE)
            for row in rows:
                await SQL.remove(tx, generation_id=row["generation_id"])
            return [self._at(name) for row in rows for name in (row["file"], row["original"]) if name]

    async def _sweep_orphans(self, database: Database, now: int) -> int:
        old = [path for path in self._directory.iterdir() if path.stat().st_mtime < now - ORPHANED]
        async with database.read() as tx:
            orphans = [path for path in old if not await SQL.is_kept(tx, file=path.name)]
        remove(*orphans)
        return len(orphans)

    def _at(self, name: str) -> Path:
        return self._directory / name


def _move_safely(source: Path, target: Path) -> None:
    """The bytes, then the name, then the directory: each is on disk before the next."""
    step("before shelf")
    with source.open("rb") as file:
        os.fsync(file.fileno())
    step("before move")
    source.replace(target)
    step("after move")
    directory = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)
    step("after shelf")
