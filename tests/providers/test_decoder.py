"""Whatever the answer and however it is cut into blocks: what comes out is what a patient reader would have read."""

import base64
import json
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.http.decoder import JsonDecoder, NotBase64
from bot.http.spool import Basket, Spool, TooLarge

SCALARS = st.none() | st.booleans() | st.integers() | st.text(max_size=40)
WORDS = st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4))


@pytest.fixture(scope="module")
def spool(tmp_path_factory: pytest.TempPathFactory) -> Spool:
    return Spool(tmp_path_factory.mktemp("spool"))


def decoded(spool: Spool, answer: bytes, block: int) -> tuple[str, list[bytes]]:
    """The small JSON with its references made plain, and the files in their order."""
    with Basket(spool, 1 << 22) as basket:
        decoder = JsonDecoder(basket)
        for at in range(0, len(answer), block):
            decoder.feed(answer[at : at + block])
        small = decoder.finish().decode()
        for index, name in enumerate(decoder.files):
            small = small.replace(name, f"file {index}")
        for file in basket._files:
            file.close()
        return small, [path.read_bytes() for path in decoder.files.values()]


@given(WORDS, st.integers(1, 64))
def test_small_answers_pass_untouched(spool: Spool, answer: object, block: int) -> None:
    text = json.dumps(answer)
    assert decoded(spool, text.encode(), block) == (text, [])


@given(words=WORDS, pictures=st.lists(st.binary(min_size=3500, max_size=9000), max_size=3), block=st.integers(1, 9000))
@settings(max_examples=60, deadline=None)
def test_pictures_go_to_files_wherever_the_blocks_end(
    spool: Spool, words: object, pictures: list[bytes], block: int
) -> None:
    answer = {"words": words, "files": [base64.b64encode(picture).decode() for picture in pictures], "end": 1}
    small, files = decoded(spool, json.dumps(answer).encode(), block)
    assert files == pictures
    assert json.loads(small) == answer | {"files": [f"file {index}" for index in range(len(pictures))]}


PICTURE = bytes(range(256)) * 40
PLAIN = base64.b64encode(PICTURE).decode()


def test_a_picture_that_is_said_again_takes_no_more_room(spool: Spool) -> None:
    with Basket(spool, 2 * len(PICTURE)) as basket:
        decoder = JsonDecoder(basket)
        decoder.feed(json.dumps({"images": [{"base64": PLAIN, "b64_json": PLAIN}], "data": [PLAIN] * 4}).encode())
        assert len(set(decoder.files.values())) == 1
        assert [path.read_bytes() for path in set(decoder.files.values())] == [PICTURE]
    assert list(spool.directory.iterdir()) == []


@pytest.mark.parametrize(
    "text",
    [
        PLAIN,
        PLAIN.rstrip("="),
        "data:image/png;base64," + PLAIN,
        PLAIN.replace("/", "\\/"),
        "data:image\\/png;base64," + PLAIN.replace("/", "\\/"),
        PLAIN.replace("+", "\\u002b").replace("=", "\\u003D"),
        base64.urlsafe_b64encode(PICTURE).decode().rstrip("="),
        re.sub("(.{76})", r"\1\\r\\n", PLAIN),
    ],
    ids=["plain", "no padding", "prefix", "slashes", "prefix and slashes", "codes", "addresses", "lines"],
)
@pytest.mark.parametrize("block", [7, 4096, 1 << 18])
def test_every_way_to_write_base64_is_read(spool: Spool, text: str, block: int) -> None:
    assert decoded(spool, f'{{"a":"{text}"}}'.encode(), block) == ('{"a":"file 0"}', [PICTURE])


@given(st.text(min_size=1, max_size=40), st.integers(1, 5000))
@settings(max_examples=30, deadline=None)
def test_long_words_stay_words(spool: Spool, text: str, block: int) -> None:
    answer = json.dumps({"prompt": "a fox. " + text * 1000})
    assert decoded(spool, answer.encode(), block) == (answer, [])


@pytest.mark.parametrize("stray", [b"?", b"????"])  # four of them leave the rest a whole number of letters
def test_what_stops_being_base64_is_refused(spool: Spool, stray: bytes) -> None:
    with pytest.raises(NotBase64):
        decoded(spool, b'"' + b"A" * 5000 + stray + b"A" * 5000 + b'"', 512)


@pytest.mark.parametrize("answer", [b'["' + b"A" * (1 << 23) + b'"]', b'["' + b"a fox. " * (1 << 18) + b'"]'])
def test_there_is_an_end_to_everything(spool: Spool, answer: bytes) -> None:
    with pytest.raises(TooLarge):
        decoded(spool, answer, 1 << 16)


def test_files_that_nobody_takes_are_gone(tmp_path: Path) -> None:
    spool = Spool(tmp_path)
    decoded(spool, f'{{"a":"{PLAIN}"}}'.encode(), 4096)
    assert list(tmp_path.iterdir()) == []
