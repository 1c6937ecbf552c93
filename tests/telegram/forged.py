"""Requests that Telegram never makes, from a seed: strangers, broken bodies, broken HTTP."""

import gzip
import json
import random
import zlib
from collections.abc import Callable

SECRET = "s3cret_for-tests"
NAME = b"X-Telegram-Bot-Api-Secret-Token"
UPDATE = {"update_id": 7, "message": {"message_id": 1, "date": 1, "text": "/me", "chat": {"id": 5, "type": "private"}}}
PATH = b"/telegram"
BOMB = gzip.compress(bytes(8 * 1024 * 1024))

Make = Callable[[random.Random], bytes]


def request(
    body: bytes = b"",
    *headers: bytes,
    method: bytes = b"POST",
    path: bytes = PATH,
    secret: bytes | None = SECRET.encode(),
    length: bytes | None = None,
) -> bytes:
    """One request as it goes over the wire. `length` is told instead of the real one; empty: not at all."""
    told = str(len(body)).encode() if length is None else length
    lines = [method + b" " + path + b" HTTP/1.1", b"Host: bot.example.org", b"Connection: close", *headers]
    lines += [NAME + b": " + secret] if secret is not None else []
    lines += [b"Content-Length: " + told] if told else []
    return b"\r\n".join([*lines, b"", body])


def chunked(body: bytes, *headers: bytes) -> bytes:
    return request(body, b"Transfer-Encoding: chunked", *headers, length=b"")


def noise(chances: random.Random, most: int = 200) -> bytes:
    return chances.randbytes(chances.randint(0, most))


def stranger(chances: random.Random) -> bytes:
    """A good update with a bad secret."""
    good = SECRET.encode()
    spot = chances.randrange(len(good))
    secrets = (
        None,
        b"",
        good[:spot],
        good + b"x",
        good[:spot] + bytes([good[spot] ^ 1 << chances.randrange(7) | 0x40]) + good[spot + 1 :] + b"~",
        good.upper(),
        "s\u00e9cret".encode(),
        "s\u00e9cret".encode("latin-1"),
        bytes(chances.choices(range(0x80, 0x100), k=16)),
        bytes(chances.choices(range(0x21, 0x7F), k=chances.randint(1, 300))),
        b"\x00" * 8,
        b"wrong\r\n" + NAME + b": wrong too",
    )
    where = chances.choice((PATH, PATH + b"?secret=" + good, PATH + b"?" + NAME + b"=" + good))
    content_type = chances.choice((b"application/json", b"text/html", b"", b"application/x-www-form-urlencoded"))
    body = json.dumps(UPDATE).encode()
    return request(body, b"Content-Type: " + content_type, path=where, secret=chances.choice(secrets))


def no_update(chances: random.Random) -> bytes:
    """The right secret, and a body that is no update."""
    odd: tuple[object, ...] = ("7", -1, 2**63, 10**400, 1.5, True, None, [], {}, "\ud800", [7])
    text = json.dumps(UPDATE)
    bodies: tuple[Callable[[], bytes], ...] = (
        lambda: b"",
        lambda: noise(chances),
        lambda: json.dumps({**UPDATE, "update_id": chances.choice(odd)}).encode(),
        lambda: json.dumps({"message": UPDATE["message"]}).encode(),
        lambda: json.dumps([UPDATE]).encode(),
        lambda: text[12 : chances.randint(12, len(text))].encode(),
        lambda: text.encode("utf-16")[:-3],
        lambda: b'{"update_id": %d, "message": ' % chances.randint(1, 2**40) + b"[" * 10_000,
        lambda: b"[" * chances.randint(1, 100_000),
        lambda: b'{"update_id": ' * chances.randint(1, 5_000),
        lambda: chances.choice((b"null", b"NaN", b"9" * 5000, b'"x"', b"1e999", b"\xef\xbb\xbf{}")),
    )
    content_type = chances.choice((b"application/json; charset=utf-7", b"text/plain; charset=nonsense", b"\xff/\xfe"))
    return request(chances.choice(bodies)(), b"Content-Type: " + content_type)


def odd_body(chances: random.Random) -> bytes:
    """The right secret, and a body that is not sent as it says."""
    body = json.dumps({"message": UPDATE["message"]}).encode()
    packed = gzip.compress(body)
    kinds: tuple[Callable[[], bytes], ...] = (
        lambda: request(noise(chances), b"Content-Encoding: gzip"),
        lambda: request(packed[: chances.randint(0, len(packed))], b"Content-Encoding: gzip"),
        lambda: request(zlib.compress(body)[3:], b"Content-Encoding: deflate"),
        lambda: request(noise(chances), b"Content-Encoding: " + chances.choice((b"br", b"zstd", b"nonsense"))),
        lambda: request(BOMB, b"Content-Encoding: gzip"),
        lambda: request(body, length=str(len(body) + chances.randint(1, 99)).encode()),
        lambda: request(body, length=chances.choice((b"-1", b"+5", b"0x5", b"5, 6", b"9" * 40, b" ", b"\xb2"))),
        lambda: request(body, length=str(1024 * 1024 + chances.randint(1, 2**40)).encode()),
        lambda: request(body, b"Content-Length: 3"),
        lambda: chunked(b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body)),
        lambda: chunked(b"zz\r\n" + body),
        lambda: chunked(b"-5\r\n" + body + b"\r\n0\r\n\r\n"),
        lambda: chunked(b"f" * 20 + b"\r\n" + body),
        lambda: chunked(b"%x;%s\r\n%s\r\n0\r\n\r\n" % (len(body), b"x" * 20_000, body)),
        lambda: chunked(b"%x\r\n%s" % (len(body) + 7, body)),
        lambda: request(body, b"Transfer-Encoding: chunked"),
        lambda: request(body, b"Transfer-Encoding: nonsense", length=b""),
        lambda: request(body, b"Expect: 100-continue"),
        lambda: request(body, b"Expect: nonsense"),
    )
    return chances.choice(kinds)()


def odd_http(chances: random.Random) -> bytes:
    """Hardly HTTP at all."""
    method = chances.choice((b"GET", b"PUT", b"DELETE", b"HEAD", b"OPTIONS", b"PATCH", b"TRACE", b"BREW", b"\xff"))
    path = chances.choice((b"/", b"/telegram/", b"//telegram", b"/%00", b"/telegram%2f..", b"*", b"/" + b"a" * 9000))
    kinds: tuple[Callable[[], bytes], ...] = (
        lambda: request(b"{}", method=method),
        lambda: request(b"{}", path=path),
        lambda: request(b"{}", b"X-Long: " + b"x" * 9000),
        lambda: request(b"{}", *(b"X-%d: y" % number for number in range(500))),
        lambda: request(b"{}", b"no colon here"),
        lambda: request(b"{}", b" folded: yes"),
        lambda: request(b"{}", b"X: \x00\x01\x7f"),
        lambda: request(b"{}", b"Upgrade: websocket", b"Connection: upgrade"),
        lambda: request(b"{}").replace(b"HTTP/1.1", chances.choice((b"HTTP/0.9", b"HTTP/2.0", b"HTTP/x.y", b""))),
        lambda: request(b"{}").replace(b"\r\n", b"\n"),
        lambda: b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        lambda: b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + chances.randbytes(64),
        lambda: noise(chances, 4000) + b"\r\n\r\n",
        lambda: request(b"{}")[: chances.randint(1, 120)],
    )
    return chances.choice(kinds)()


KINDS: tuple[Make, ...] = (stranger, no_update, odd_body, odd_http)


def forged(seed: int, number: int) -> bytes:
    """Request `number` of a seed, the same each time."""
    chances = random.Random(seed * 1_000_003 + number)
    return KINDS[number % len(KINDS)](chances)
