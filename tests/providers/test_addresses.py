"""Where a picture may be fetched from, and what is shown to whom."""

import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.errors import Cause, ProviderError, Refused, Unknown
from bot.http import Http, Network, Spool
from bot.http.addresses import AddressRefused, is_public, public_socket
from tests.providers import fake
from tests.providers.fake import PNG, Answer, FakeService
from tests.providers.test_http import Drawn

CLOSED = """
0.0.0.0 10.1.2.3 100.64.0.1 127.0.0.1 127.8.8.8 169.254.169.254 172.16.0.1 172.31.255.255 192.0.0.8 192.0.2.1
192.88.99.1 192.168.1.1 198.18.0.1 198.51.100.7 203.0.113.9 224.0.0.1 239.255.255.250 240.0.0.1 255.255.255.255
:: ::1 ::ffff:10.0.0.1 ::ffff:8.8.8.8 ::8.8.8.8 64:ff9b::8.8.8.8 64:ff9b:1::1 100::1 2001::1 2001:db8::1 2001:20::1
2002:a00:1::1 3fff::1 fc00::1 fd12::1 fe80::1 fec0::1 ff02::1 2606:4700::5efe:10.0.0.1 2606:4700::200:5efe:a00:1
fe80::1%eth0 2606:4700::1%eth0 localhost 8.8.8 0x08080808 1
"""


@pytest.mark.parametrize("address", CLOSED.split())
def test_these_are_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "172.32.0.1", "100.128.0.1", "2606:4700::1111", "2a00:1450::5"])
def test_these_are_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize("address", [("127.0.0.1", 443), ("::1", 443, 0, 0)])
def test_no_socket_is_made_for_a_closed_address(address: tuple[object, ...]) -> None:
    family = socket.AF_INET6 if ":" in str(address[0]) else socket.AF_INET
    with pytest.raises(AddressRefused):
        public_socket((family, socket.SOCK_STREAM, 6, "", address))


# Names of our own machine and network in every spelling that some resolver or parser takes, and ways around https.
SPELLINGS = """
https://localhost/a https://LOCALHOST/a https://localhost./a https://2130706433/a https://0x7f000001/a
https://017700000001/a https://127.1/a https://127.0.1/a https://0/a https://0.0.0.0/a https://0x7f.1/a
https://0177.0.0.1/a https://[::1]/a https://[::]/a https://[0:0:0:0:0:0:0:1]/a https://[::ffff:127.0.0.1]/a
https://[::ffff:7f00:1]/a https://[::127.0.0.1]/a https://[64:ff9b::7f00:1]/a https://[fe80::1%25lo]/a
https://127.0.0.1:443/a https://127%2e0%2e0%2e1/a https://①②⑦.⓪.⓪.①/a https://127。0。0。1/a
https://169.254.169.254/latest/meta-data https://[fd00:ec2::254]/latest https://100.100.100.200/a
http://8.8.8.8/a http://127.0.0.1/a https://8.8.8.8:8443/a https://8.8.8.8:22/a https://me:you@8.8.8.8/a
https://8.8.8.8@127.0.0.1/a https://127.0.0.1\\@8.8.8.8/a ftp://8.8.8.8/a file:///etc/passwd gopher://127.0.0.1/a
data:image/png;base64,eA== javascript:alert(1) https:// https://[::1 //8.8.8.8/a ///etc/passwd ws://127.0.0.1/a
https:///a https://[]/a https://[::1]:x/a https://8.8.8.8:99999/a https://a..b/a https://.com/a https://xn--/a
"""
TARGETS = [
    *SPELLINGS.split(),
    *(f"https://{f'[{each}]' if ':' in each else each}/a" for each in CLOSED.split()),
    "\x00",
    f"https://{'a' * 64}.com/a",
]


def test_the_table_of_targets_is_long_enough() -> None:
    assert len(set(TARGETS)) >= 60


@pytest.mark.parametrize("address", TARGETS)
async def test_a_closed_address_is_refused_before_a_socket_is_made(
    http: Http, service: FakeService, address: str
) -> None:
    with pytest.raises(ProviderError) as caught:
        await http.download(address)
    # A resolver may say that a name is nobody's; nothing was reached either way.
    assert caught.value.cause in (Cause.ADDRESS_REFUSED, Cause.UNREACHABLE)
    assert service.calls == []


@pytest.mark.parametrize("host", ["127.0.0.1", "10.0.0.1", "169.254.169.254", "100.64.0.1", "[::1]"])
async def test_a_closed_address_is_refused_for_what_it_is_and_not_because_nobody_answers(http: Http, host: str) -> None:
    with pytest.raises(Refused) as caught:
        await http.download(f"https://{host}/a")
    assert caught.value.cause is Cause.ADDRESS_REFUSED


async def test_a_picture_on_the_services_own_host_is_fetched_with_the_key(http: Http, service: FakeService) -> None:
    service.will(Answer(body=PNG))
    path = await http.download(f"{service.url}/a.png")
    assert path.read_bytes() == PNG
    assert "authorization" in service.calls[0].headers


async def test_the_key_does_not_follow_a_redirect(http: Http, service: FakeService) -> None:
    service.will(Answer(302, json={}, headers={"Location": "/b.png"}), Answer(body=PNG))
    await http.download(f"{service.url}/a.png")
    first, second = service.calls
    assert "authorization" in first.headers
    assert second.path == "/b.png"
    assert "authorization" not in second.headers


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_redirect_into_our_network_is_not_followed(http: Http, service: FakeService, status: int) -> None:
    async with FakeService() as sink:
        service.will(Answer(status, json={}, headers={"Location": f"{sink.url}/secret"}))
        with pytest.raises(Refused) as caught:
            await http.download(f"{service.url}/a.png")
        assert sink.calls == []
    assert caught.value.cause is Cause.ADDRESS_REFUSED


async def test_redirects_come_to_an_end(http: Http, service: FakeService) -> None:
    service.otherwise = lambda call: Answer(302, json={}, headers={"Location": "/again"})
    with pytest.raises(Refused) as caught:
        await http.download(f"{service.url}/a.png")
    assert caught.value.cause is Cause.REDIRECTED
    assert len(service.calls) == 4


@pytest.mark.parametrize("location", ["", "http://[", "javascript:alert(1)"])
async def test_a_redirect_to_nowhere_is_refused(http: Http, service: FakeService, location: str) -> None:
    service.otherwise = lambda call: Answer(302, json={}, headers={"Location": location})
    with pytest.raises(Refused):
        await http.download(f"{service.url}/a.png")


@pytest.mark.parametrize(
    ("answer", "kind", "cause"),
    [
        (Answer(403, json={}), Refused, Cause.PICTURE_GONE),
        (Answer(404, json={}), Refused, Cause.PICTURE_GONE),
        (Answer(410, json={}), Refused, Cause.PICTURE_GONE),
        (Answer(500, json={}), Unknown, Cause.SERVICE_ERROR),
        (Answer(503, json={}), Unknown, Cause.UNAVAILABLE),
        (Answer(body=PNG, fault=fake.cut_off), Unknown, Cause.CUT_OFF),
        (Answer(body=PNG * 100, fault=fake.trickle), Unknown, Cause.TOO_SLOW),
    ],
)
async def test_a_picture_that_was_ordered_and_not_fetched_is_not_ordered_again(
    network: Network,
    spool: Spool,
    service: FakeService,
    left_over: Callable[[], list[Path]],
    answer: Answer,
    kind: type[ProviderError],
    cause: Cause,
) -> None:
    service.otherwise = lambda call: answer
    with pytest.raises(ProviderError) as caught:
        await Http(network, spool, service.url, seconds=3).download(f"{service.url}/a.png")
    assert (type(caught.value), caught.value.cause) == (kind, cause)
    assert left_over() == []


async def test_an_answer_may_bring_an_address(http: Http, service: FakeService) -> None:
    picture = {"image_url": {"url": f"{service.url}/a.png"}}
    service.will(Answer(json={"files": [picture]}), Answer(body=PNG))
    drawn = await http.post("/ai/imagen", {}, Drawn)
    (image,) = await http.images(drawn.files, 1)
    assert image.path.read_bytes() == PNG


async def test_a_name_and_a_password_in_an_address_are_shown_to_nobody(http: Http, service: FakeService) -> None:
    with pytest.raises(Refused) as caught:
        await http.download(service.url.replace("//", "//me:you@") + "/a")
    assert (caught.value.cause, service.calls) == (Cause.ADDRESS_REFUSED, [])


@pytest.mark.parametrize(
    "answer",
    [
        Answer(status=402),
        Answer(status=400, json={"error": "invalid api key"}),
        Answer(status=400, json={"error": "model not found"}),
        Answer(status=500, json={"error": "billing"}),
    ],
)
async def test_what_a_storage_says_is_not_about_our_key_or_money(
    http: Http, service: FakeService, answer: Answer
) -> None:
    service.will(answer)
    with pytest.raises(Unknown) as caught:
        await http.download("/a")
    assert caught.value.cause is Cause.SERVICE_ERROR


@pytest.mark.parametrize("link", ["https://[bad/x", "https://hub.example.org:99999/", "https://xn--/pay"])
async def test_a_page_that_is_none_is_no_page(http: Http, service: FakeService, link: str) -> None:
    service.will(Answer(status=402, json={"error": {"message": "empty", "link": link}}))
    with pytest.raises(Refused) as caught:
        await http.post("/a", {}, Drawn)
    assert (caught.value.cause, caught.value.link) == (Cause.NO_FUNDS, None)
