"""What every provider must survive in the answers that bring pictures, and on the way to them."""

import base64
import gzip
import re
import socket
import struct
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from bot.errors import Cause, ProviderError, Refused, Unknown
from bot.http import Network, Spool
from bot.providers import Provider, Ticket
from tests.providers import fake
from tests.providers.conftest import KEY
from tests.providers.fake import PNG, Answer, FakeService
from tests.providers.player import REMOTE, Fault, Playing, asked, good_story, order_turn, picture_turn
from tests.providers.test_contract import Hasty, orders

PICTURE = re.compile(rb"(iVBORw0KGgo|UklGR)[A-Za-z0-9+/=]+")
EVERYBODY = pytest.mark.parametrize("adapter", REMOTE, ids=lambda adapter: adapter.key)


def large(size: int) -> bytes:
    """An honest picture of about so many bytes: most of them in a chunk that nobody reads."""
    return PNG[:-12] + struct.pack(">I4s", size, b"noTe") + bytes(size) + b"\0\0\0\0" + PNG[-12:]


def with_picture(content: bytes) -> Fault:
    """The same answer with another picture."""

    def change(answer: Answer) -> Answer:
        binary = answer.payload[1:4] in (b"PNG", b"IFF")
        return replace(
            answer, body=content if binary else PICTURE.sub(base64.b64encode(content), answer.payload), json=None
        )

    return change


def packed(answer: Answer) -> Answer:
    """A few kilobytes that unpack to a hundred megabytes."""
    bomb = gzip.compress(answer.payload[:-1] + b" " * (100 << 20), 6)
    return replace(answer, body=bomb, headers={"Content-Encoding": "gzip"})


@pytest.fixture
def play(network: Network, spool: Spool, service: FakeService) -> Callable[..., Any]:
    """Let a provider draw its good story, with a fault at one of its turns."""

    async def play(adapter: type[Provider], turn: Callable[[dict[str, Any]], int], fault: Fault) -> Any:
        story = good_story(adapter)
        service.otherwise = Playing(story, turn(story), fault)
        settings = adapter.Settings.model_validate({"api_key": KEY, "base_url": service.url})
        provider = adapter(Hasty(network, spool, settings.address, settings.headers(), seconds=5.0), settings)
        return await provider.generate(asked(provider, **story["request"]), Ticket())

    return play


@EVERYBODY
async def test_a_picture_of_thirty_megabytes_arrives_whole(play: Any, adapter: type[Provider]) -> None:
    content = large(30 << 20)
    [image] = await play(adapter, picture_turn, with_picture(content))
    assert (image.size, image.path.read_bytes() == content) == (len(content), True)


@EVERYBODY
async def test_more_than_fifty_megabytes_are_refused(play: Any, spool: Spool, adapter: type[Provider]) -> None:
    with pytest.raises(Refused) as caught:
        await play(adapter, picture_turn, with_picture(large(51 << 20)))
    assert caught.value.cause is Cause.PICTURE_TOO_LARGE
    assert list(spool.directory.iterdir()) == []


@EVERYBODY
@pytest.mark.parametrize("turn", [order_turn, picture_turn], ids=["order", "picture"])
async def test_a_packed_bomb_is_an_error_and_no_load(
    play: Any, spool: Spool, adapter: type[Provider], turn: Callable[[dict[str, Any]], int]
) -> None:
    with pytest.raises(ProviderError):
        await play(adapter, turn, packed)
    assert list(spool.directory.iterdir()) == []


@EVERYBODY
@pytest.mark.parametrize(
    "content", [b"GIF89a" + bytes(60), b"BM" + bytes(60), b"%PDF-1.7\n" + bytes(60), b"<svg/>" + bytes(60)]
)
async def test_another_kind_of_file_is_not_a_picture(
    play: Any, spool: Spool, adapter: type[Provider], content: bytes
) -> None:
    with pytest.raises(Refused) as caught:
        await play(adapter, picture_turn, with_picture(content))
    assert caught.value.cause is Cause.NOT_A_PICTURE
    assert list(spool.directory.iterdir()) == []


@EVERYBODY
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_an_order_is_not_carried_on_to_another_address(
    play: Any, service: FakeService, adapter: type[Provider], status: int
) -> None:
    def elsewhere(_: Answer) -> Answer:
        return Answer(status, json={}, headers={"Location": "/within"})

    with pytest.raises(Refused) as caught:
        await play(adapter, order_turn, elsewhere)
    assert caught.value.cause is Cause.REDIRECTED
    assert len(orders(service)) == 1


SILENT = {"before a word": fake.silence, "after the headers": fake.silence_after_headers, "cut": fake.cut_off}


@EVERYBODY
@pytest.mark.parametrize("fault", SILENT.values(), ids=SILENT)
async def test_an_order_without_an_answer_has_an_unknown_end(
    network: Network, spool: Spool, service: FakeService, adapter: type[Provider], fault: fake.Fault
) -> None:
    story = good_story(adapter)
    service.otherwise = Playing(story, order_turn(story), lambda answer: replace(answer, fault=fault))
    settings = adapter.Settings.model_validate({"api_key": KEY, "base_url": service.url})
    provider = adapter(Hasty(network, spool, settings.address, settings.headers(), seconds=0.5), settings)
    with pytest.raises(Unknown):
        await provider.generate(asked(provider, **story["request"]), Ticket())
    assert len(orders(service)) == 1
    assert list(spool.directory.iterdir()) == []


@pytest.fixture
def crowded_port() -> Iterator[int]:
    """A port whose queue is full: whoever connects waits for ever."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen(0)
        port = server.getsockname()[1]
        waiting = [socket.socket() for _ in range(4)]
        for each in waiting:
            each.setblocking(False)
            each.connect_ex(("127.0.0.1", port))
        yield port
        for each in waiting:
            each.close()


@EVERYBODY
async def test_a_service_that_takes_no_connection_was_not_asked(
    network: Network, spool: Spool, crowded_port: int, adapter: type[Provider]
) -> None:
    address = f"http://127.0.0.1:{crowded_port}"
    settings = adapter.Settings.model_validate({"api_key": KEY, "base_url": address})
    provider = adapter(Hasty(network, spool, settings.address, settings.headers(), seconds=5.0), settings)
    with pytest.raises(ProviderError) as caught:
        await provider.generate(asked(provider), Ticket())
    assert caught.value.cause is Cause.UNREACHABLE
    assert not isinstance(caught.value, Unknown)


def addressed() -> Iterator[Any]:
    """Stories in which the picture has to be fetched from where the service says."""
    for adapter in REMOTE:
        story = good_story(adapter)
        if picture_turn(story) != order_turn(story) and story["turns"][picture_turn(story)]["method"] == "GET":
            yield pytest.param(adapter, id=adapter.key)


@pytest.mark.parametrize("adapter", list(addressed()))
@pytest.mark.parametrize("status", [404, 410])
async def test_a_picture_that_expired_was_drawn_and_is_gone(
    play: Any, service: FakeService, adapter: type[Provider], status: int
) -> None:
    with pytest.raises(Refused) as caught:
        await play(adapter, picture_turn, lambda _: Answer(status, json={}))
    assert caught.value.cause is Cause.PICTURE_GONE
    assert len(orders(service)) == 1


def test_where_pictures_lie_is_tried_for_some() -> None:
    assert list(addressed())
