"""Pictures that are paid for, from the moment they arrive until they are in the chat and no longer needed here.

A file is made safe on disk before its row is written, and its row is deleted before the file: after a crash a file
may be without a row, which the sweep mends, but never a row without its file.

The files are sealed. Their key is in the row, sealed for the person: who destroys the person's key has destroyed them.
"""

import asyncio
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import structlog

from bot import sealed
from bot.http import Spool, remove, room_on_disk
from bot.images import GeneratedImage, ImageFormat
from bot.imagine.rules import SHELF_KEPT
from bot.steps import step
from bot.storage.database import Database, Transaction
from bot.storage.queries import load
from bot.storage.replace import sync
from bot.storage.shield import carry_through

SQL = load(Path(__file__).with_name("shelf.sql"))

ORPHANED = 3600  # seconds after which a file without a row belongs to nobody
AT_ONCE = 100  # rows deleted in one transaction

log = structlog.get_logger()


class Shelf:
    """A directory of finished pictures and the rows that name them. It must lie on the disk of the spool."""

    def __init__(self, directory: Path, spool: Spool, kept: int = SHELF_KEPT) -> None:
        """`kept`: for how many seconds a picture stays that is in its chat."""
        directory.mkdir(parents=True, exist_ok=True)
        self._directory = directory
        self._spool = spool
        self.kept = kept

    async def keep(self, picture: GeneratedImage, generation_id: str) -> GeneratedImage:
        """Seal the picture and move it here so that a power cut cannot take it any more. Its row comes next: `put`.

        Each call makes a name of its own: a late double of this work cannot write over what was kept. Where it fails
        or is cancelled, nothing is left of the picture. Raises OSError.
        """
        name, key = f"{generation_id}-{secrets.token_hex(4)}", sealed.new_key()
        kept = self._at(f"{name}{picture.format.suffix}")
        original = picture.original and self._at(f"{name}-original{picture.original.suffix}")
        moves = {picture.path: kept, picture.original: original}
        try:
            for source, target in moves.items():
                if source and target:
                    await carry_through(asyncio.to_thread(_put_away, source, target, key))
        except BaseException:
            remove(*moves.keys(), *moves.values())
            raise
        return replace(picture, path=kept, original=original, key=key)

    @asynccontextmanager
    async def opened(self, picture: GeneratedImage) -> AsyncIterator[GeneratedImage]:
        """A kept picture for whoever cannot unseal it: a plain copy in the spool, without its original, for a while.

        Raises FileNotFoundError where it cannot be read any more, Unknown(STORAGE_FULL).
        """
        if picture.key is None:
            yield picture
            return
        path = self._spool.new().with_suffix(picture.format.suffix)
        try:
            with room_on_disk():
                await carry_through(asyncio.to_thread(sealed.unseal, picture.path, path, picture.key))
            yield replace(picture, path=path, original=None, key=None)
        finally:
            remove(path)

    async def show_to(self, look: Callable[[GeneratedImage], Awaitable[None]], picture: GeneratedImage) -> None:
        """Let somebody look at a kept picture who cannot unseal it. Raises as `opened` and `look` do."""
        async with self.opened(picture) as plain:
            await look(plain)

    async def forget(self, database: Database, picture: GeneratedImage) -> None:
        """Delete a kept picture, unless its row was committed. Raises StorageError."""
        async with database.read() as tx:
            kept = await SQL.is_kept(tx, file=picture.path.name)
        if not kept:
            remove(picture.path, picture.original)

    async def put(self, tx: Transaction, generation_id: str, owner: int, picture: GeneratedImage, now: int) -> None:
        """Write the row of a kept picture; its key is sealed for `owner`, who wished for it."""
        key = await tx.vault.seal(owner, picture.key.hex()) if picture.key else None
        await SQL.put(
            tx,
            generation_id=generation_id,
            file=picture.path.name,
            format=picture.format.value,
            width=picture.width,
            height=picture.height,
            size=picture.size,
            transparent=int(picture.transparent),
            original=picture.original.name if picture.original else None,
            key=key,
            shelved_at=now,
        )

    async def get(self, tx: Transaction, generation_id: str, owner: int) -> GeneratedImage | None:
        """The picture of a generation of `owner`, None when it is not here (any more), or its key is gone."""
        row = await SQL.get(tx, generation_id=generation_id)
        if row is None:
            return None
        key = await _key(tx, owner, row["key"])
        if key is None and row["key"]:
            log.warning("picture_without_key", generation_id=generation_id)
            return None
        return GeneratedImage(
            path=self._at(row["file"]),
            format=ImageFormat(row["format"]),
            width=row["width"],
            height=row["height"],
            size=row["size"],
            transparent=bool(row["transparent"]),
            original=self._at(row["original"]) if row["original"] else None,
            key=key,
        )

    async def until(self, tx: Transaction, generation_id: str, kept_until: int) -> bool:
        """From this Unix time on the picture is not needed; whether there was one."""
        return bool(await SQL.until(tx, generation_id=generation_id, kept_until=kept_until))

    async def hand_over(self, tx: Transaction, generation_id: str, heir: str, now: int) -> bool:
        """Let another generation of its person have the picture, and keep it; False when it is not here (any more)."""
        return bool(await SQL.hand_over(tx, generation_id=generation_id, heir=heir, now=now))

    async def sweep(self, database: Database, now: int) -> int:
        """Delete what is no longer needed and what a crash left behind; return how many files went."""
        gone = await self._sweep_expired(database, now)
        gone += await self._sweep_orphans(database, now)
        return gone + self._spool.sweep(now - ORPHANED)

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
        old = await asyncio.to_thread(self._older_than, now - ORPHANED)
        async with database.read() as tx:
            kept = {name for row in await SQL.names(tx) for name in (row["file"], row["original"])}
        orphans = [path for path in old if path.name not in kept]
        remove(*orphans)
        return len(orphans)

    def _older_than(self, moment: int) -> list[Path]:
        """Looks at each file, of which there may be hundreds of thousands."""
        return [path for path in self._directory.iterdir() if path.stat().st_mtime < moment]

    def _at(self, name: str) -> Path:
        return self._directory / name


async def key_of(tx: Transaction, generation_id: str) -> bytes | None:
    """What its files on the shelf are read with; None where they are plain, or nobody can read them any more."""
    row = await SQL.key_of(tx, generation_id=generation_id)
    return await _key(tx, row["user_id"], row["key"]) if row else None


async def _key(tx: Transaction, owner: int, text: str | None) -> bytes | None:
    """None where there is none, or it cannot be unsealed."""
    key = await tx.vault.unseal(owner, text) if text else None
    return bytes.fromhex(key) if key else None


def _put_away(source: Path, target: Path, key: bytes) -> None:
    """The sealed bytes, then the name, then the directory: each is on disk before the next."""
    step("before shelf")
    sealed.seal(source, key)
    step("before move")
    source.replace(target)
    step("after move")
    sync(target.parent)
    step("after shelf")
