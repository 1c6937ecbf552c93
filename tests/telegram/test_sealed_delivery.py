"""Pictures that lie sealed on the shelf come as they were, or not at all."""

import secrets
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from bot import sealed
from bot.errors import Cause, DeliveryRefused
from bot.http import Spool
from bot.images import GeneratedImage
from bot.imagine.shelf import Shelf
from bot.sandbox.people import Talk
from bot.sandbox.server import Sandbox
from tests.telegram.conftest import Edge
from tests.telegram.delivering import Decoder, delivery_of, pictures, ready
from tests.telegram.pictures import flip, locked, picture


async def test_a_sealed_picture_comes_as_it_was(life: Edge, talk: Talk, tmp_path: Path) -> None:
    plain = picture(tmp_path, 900, 700)
    await delivery_of(life).show(await ready(life, talk), locked(plain))
    assert talk.last.photo is not None
    assert talk.last.photo.content == plain.path.read_bytes()


async def test_a_sealed_original_comes_as_it_was(life: Edge, sandbox: Sandbox, talk: Talk, tmp_path: Path) -> None:
    original = tmp_path / "see-through.webp"
    original.write_bytes(secrets.token_bytes(3 * sealed.SEGMENT))
    sandbox.fault("editMessageMedia", text="Bad Request: IMAGE_PROCESS_FAILED")
    kept = locked(replace(picture(tmp_path), original=original))
    await delivery_of(life).show(await ready(life, talk), kept)
    assert talk.last.document is not None
    assert (talk.last.document.name, talk.last.document.content) == ("picture.webp", original.read_bytes())


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


def _empty(path: Path) -> None:
    path.write_bytes(b"")


@pytest.mark.parametrize("note", [True, False], ids=["into its note", "as a new message"])
@pytest.mark.parametrize("damage", [flip, _cut, _empty, Path.unlink])
async def test_a_sealed_picture_that_is_damaged_is_gone_and_nothing_of_it_is_shown(
    life: Edge, talk: Talk, tmp_path: Path, damage: Callable[[Path], None], note: bool
) -> None:
    kept = locked(picture(tmp_path, 900, 700))
    damage(kept.path)
    generation = await ready(life, talk, note=note)
    with pytest.raises(DeliveryRefused) as error:
        await delivery_of(life).show(generation, kept)
    assert error.value.cause is Cause.PICTURE_GONE
    assert not pictures(talk)
    assert await life.rows("SELECT fenced FROM generations") == [{"fenced": 0}]


async def test_a_sealed_picture_that_is_damaged_is_not_sent_to_be_decoded(
    life: Edge, talk: Talk, tmp_path: Path
) -> None:
    kept = locked(picture(tmp_path, 10, 300))  # too narrow for a photo
    flip(kept.path)
    shelf = Shelf(tmp_path / "shelf", Spool(tmp_path / "spool"))
    decoder = Decoder()
    with pytest.raises(DeliveryRefused) as error:
        await delivery_of(life, decode=partial(shelf.show_to, decoder)).show(await ready(life, talk), kept)
    assert error.value.cause is Cause.PICTURE_GONE
    assert not decoder.asked


async def test_a_sealed_picture_that_is_in_doubt_is_decoded_from_a_plain_copy(
    life: Edge, talk: Talk, tmp_path: Path
) -> None:
    plain = picture(tmp_path, 10, 300)
    shelf, seen = Shelf(tmp_path / "shelf", Spool(tmp_path / "spool")), list[bytes]()

    async def decode(shown: GeneratedImage) -> None:
        seen.append(shown.path.read_bytes())

    await delivery_of(life, decode=partial(shelf.show_to, decode)).show(await ready(life, talk), locked(plain))
    assert seen == [plain.path.read_bytes()]
    assert talk.last.document is not None
    assert talk.last.document.content == seen[0]
    assert list((tmp_path / "spool").iterdir()) == []
