"""Reads a call from the wire: query, JSON, form or multipart, cheaply even when it carries megabytes."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from aiohttp import web

from bot.sandbox.errors import wrong_call

BOUNDARY = re.compile(r'boundary="?([^";]+)"?')
FIELD_NAME = re.compile(rb'[;\s]name="([^"]*)"')
FILE_NAME = re.compile(rb"filename=\"([^\"]*)\"|filename\*=utf-8''([^;\r\n]+)", re.IGNORECASE)
PART_TYPE = re.compile(rb"^content-type:\s*([^\r\n;]+)", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it arrived."""

    name: str
    mime: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Body:
    """The parameters of a call, unchecked, and the files that came with it by their part names."""

    values: dict[str, Any] = field(default_factory=dict)
    files: dict[str, Upload] = field(default_factory=dict)


async def read(request: web.Request) -> Body:
    """The body of a call. Raises ApiError when it cannot be read."""
    body = Body(dict(request.query))
    kind = request.content_type
    raw = await request.read() if request.can_read_body else b""
    if kind == "multipart/form-data":
        _multipart(raw, request.headers, body)
    elif kind == "application/json":
        body.values.update(_json(raw))
    elif kind == "application/x-www-form-urlencoded":
        body.values.update(parse_qsl(_text(raw), keep_blank_values=True))
    return body


def _json(raw: bytes) -> dict[str, Any]:
    try:
        values = json.loads(raw or b"{}")
    except ValueError:
        raise wrong_call("can't parse JSON object") from None
    if not isinstance(values, dict):
        raise wrong_call("JSON object is expected")
    return values


def _multipart(raw: bytes, headers: Mapping[str, str], body: Body) -> None:
    found = BOUNDARY.search(headers["Content-Type"])
    if found is None:
        raise wrong_call("there is no boundary in the multipart body")
    mark = b"\r\n--" + found[1].encode()
    # The first boundary has no line break before it.
    end = raw.find(mark[2:])
    while end >= 0:
        start = end + len(mark)
        end = raw.find(mark, start - 2)
        if end >= 0:
            _part(raw, start, end, body)


def _part(raw: bytes, start: int, end: int, body: Body) -> None:
    split = raw.find(b"\r\n\r\n", start, end)
    if split < 0:
        return
    head = raw[start:split]
    name = FIELD_NAME.search(head)
    if name is None:
        return
    content = raw[split + 4 : end]
    file_name = FILE_NAME.search(head)
    if file_name is None:
        body.values[name[1].decode()] = _text(content)
    else:
        _keep_file(body, name[1].decode(), head, file_name, content)


def _keep_file(body: Body, name: str, head: bytes, file_name: re.Match[bytes], content: bytes) -> None:
    kind = PART_TYPE.search(head)
    mime = kind[1].decode("latin-1").strip() if kind else "application/octet-stream"
    shown = (file_name[1] or file_name[2] or b"file").decode("utf-8", "replace")
    body.files[name] = Upload(shown, mime, content)


def _text(raw: bytes) -> str:
    try:
        return raw.decode()
    except UnicodeDecodeError:
        raise wrong_call("strings must be encoded in UTF-8") from None
