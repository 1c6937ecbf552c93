"""A sealed file is read as it was written, or not at all."""

import secrets
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import sealed
from bot.sealed import HEAD, MAGIC, SEGMENT, TAG, Unreadable

STEP = SEGMENT + TAG
KEY = bytes(range(32))
MEGABYTE = 1024 * 1024

Damage = Callable[[bytes], bytes]


def seal(folder: Path, content: bytes, key: bytes = KEY) -> Path:
    path = folder / secrets.token_hex(4)
    path.write_bytes(content)
    sealed.seal(path, key)
    return path


def read(path: Path, key: bytes | None = KEY) -> bytes:
    return b"".join(sealed.blocks(path, key))


@pytest.mark.parametrize(
    "size",
    [
        0,
        1,
        SEGMENT - 1,
        SEGMENT,
        SEGMENT + 1,
        2 * SEGMENT,
        3 * SEGMENT - 1,
        3 * SEGMENT,
        3 * SEGMENT + 17,
        20 * SEGMENT + 1,
    ],
)
def test_what_is_read_is_what_was_written(tmp_path: Path, size: int) -> None:
    content = secrets.token_bytes(size)
    path = seal(tmp_path, content)
    assert read(path) == content
    assert sealed.size_of(path, KEY) == size
    assert all(len(block) <= SEGMENT for block in sealed.blocks(path, KEY))
    copy = tmp_path / "copy"
    sealed.unseal(path, copy, KEY)
    assert copy.read_bytes() == content


def segments(data: bytes) -> list[bytes]:
    return [data[begin : begin + STEP] for begin in range(HEAD, len(data), STEP)]


def rebuilt(data: bytes, *numbers: int) -> bytes:
    parts = segments(data)
    return data[:HEAD] + b"".join(parts[number] for number in numbers)


DAMAGES: dict[str, Damage] = {
    "the end is cut off between two segments": lambda data: data[: HEAD + 2 * STEP],
    "the end is cut off within a segment": lambda data: data[:-100],
    "the last byte is missing": lambda data: data[:-1],
    "only the tag of the last segment is left": lambda data: data[: HEAD + 3 * STEP + TAG],
    "less than a tag of the last segment is left": lambda data: data[: HEAD + 3 * STEP + TAG - 1],
    "nothing but the head is left": lambda data: data[:HEAD],
    "not even the head is left": lambda data: data[: HEAD - 5],
    "nothing is left": lambda _: b"",
    "two segments are swapped": lambda data: rebuilt(data, 1, 0, 2, 3),
    "a segment is repeated": lambda data: rebuilt(data, 0, 0, 1, 2, 3),
    "the last segment is repeated": lambda data: rebuilt(data, 0, 1, 2, 3, 3),
    "a segment is missing": lambda data: rebuilt(data, 0, 2, 3),
    "the first segment is missing": lambda data: rebuilt(data, 1, 2, 3),
    "something follows": lambda data: data + b"more",
    "a whole segment follows": lambda data: data + bytes(STEP),
    "an empty tag follows": lambda data: data + bytes(TAG),
    "the head is of another kind": lambda data: b"?" + data[1:],
    "the head is another one": lambda data: data[: HEAD - 1] + bytes([data[HEAD - 1] ^ 1]) + data[HEAD:],
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_what_was_changed_is_not_read_to_its_end(tmp_path: Path, damage: Damage) -> None:
    content = secrets.token_bytes(3 * SEGMENT + 1000)
    path = seal(tmp_path, content)
    path.write_bytes(damage(path.read_bytes()))
    with pytest.raises(Unreadable):
        read(path)


def test_exact_multiples_cannot_be_cut_to_shorter_ones(tmp_path: Path) -> None:
    path = seal(tmp_path, secrets.token_bytes(2 * SEGMENT))
    path.write_bytes(path.read_bytes()[: HEAD + STEP])
    with pytest.raises(Unreadable):
        read(path)


@settings(deadline=None)
@given(place=st.integers(0, HEAD + STEP + 50 + TAG - 1), bit=st.integers(0, 7))
def test_no_bit_can_be_flipped(tmp_path_factory: pytest.TempPathFactory, place: int, bit: int) -> None:
    path = seal(tmp_path_factory.mktemp("flips"), b"fox" * ((SEGMENT + 50) // 3))
    data = bytearray(path.read_bytes())
    data[min(place, len(data) - 1)] ^= 1 << bit
    path.write_bytes(data)
    with pytest.raises(Unreadable):
        read(path)


def test_another_key_reads_nothing_and_no_key_neither(tmp_path: Path) -> None:
    path = seal(tmp_path, b"a fox")
    for key in (sealed.new_key(), None):
        with pytest.raises(Unreadable):
            read(path, key)


def test_a_plain_file_is_read_as_it_is_and_not_with_a_key(tmp_path: Path) -> None:
    path = tmp_path / "plain"
    path.write_bytes(b"a fox" * SEGMENT)
    assert read(path, None) == b"a fox" * SEGMENT
    assert sealed.size_of(path, None) == 5 * SEGMENT
    with pytest.raises(Unreadable):
        read(path)


def test_files_under_one_key_have_nothing_in_common(tmp_path: Path) -> None:
    one, other = (seal(tmp_path, bytes(SEGMENT + 5)).read_bytes() for _ in range(2))
    assert one[: len(MAGIC)] == other[: len(MAGIC)] == MAGIC
    assert one[len(MAGIC) : HEAD] != other[len(MAGIC) : HEAD]
    assert not set(segments(one)) & set(segments(other))
    mixed = tmp_path / "mixed"
    mixed.write_bytes(one[: HEAD + STEP] + other[HEAD + STEP :])
    with pytest.raises(Unreadable):
        read(mixed)


def test_no_file_is_written_over_by_what_is_unsealed(tmp_path: Path) -> None:
    path = seal(tmp_path, b"a fox")
    with pytest.raises(FileExistsError):
        sealed.unseal(path, path, KEY)


def test_fifty_megabytes_take_little_memory(tmp_path: Path) -> None:
    path = tmp_path / "picture"
    with path.open("wb") as file:
        for _ in range(50):
            file.write(secrets.token_bytes(MEGABYTE))
    sealed.size_of(seal(tmp_path, b""), KEY)
    tracemalloc.start()
    try:
        sealed.seal(path, KEY)
        assert sum(map(len, sealed.blocks(path, KEY))) == 50 * MEGABYTE
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 2 * MEGABYTE
