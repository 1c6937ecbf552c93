"""The page of the sandbox: its files, what it asks for, what it is told as it happens."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from aiohttp import web

from bot.sandbox import rendering
from bot.sandbox.calls import Record
from bot.sandbox.child import Child
from bot.sandbox.errors import ApiError
from bot.sandbox.model import Bot, Chat, User
from bot.sandbox.people import Talk
from bot.sandbox.server import Sandbox
from bot.sandbox.signal import Event
from bot.sandbox.views import ordered

FILES = Path(__file__).with_name("page")
TYPES = {".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
HEADERS = {
    "Content-Security-Policy": "default-src 'self'; img-src 'self' blob: data:; style-src 'self' 'unsafe-inline'",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}
LATEST = 200
BEHIND = 1000
# Answers to polls come every few seconds and tell a reader nothing.
SILENT = frozenset({"getUpdates"})

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
Action = Callable[[Talk, dict[str, Any]], Awaitable[Any]]


class Page:
    """Serves the page beside the Bot API, on the same port."""

    def __init__(self, sandbox: Sandbox, bot: Bot, child: Child | None = None) -> None:
        self._sandbox = sandbox
        self._world = sandbox.world
        self._bot = bot
        self._child = child

    def add_routes(self) -> None:
        """Add everything to the server. To be called before it starts."""
        self._sandbox.app.middlewares.append(self._only_by_its_name)
        router = self._sandbox.app.router
        router.add_get("/", self._index)
        router.add_get("/page/{name}", self._file)
        router.add_get("/sandbox/state", self._state)
        router.add_get("/sandbox/messages", self._messages)
        router.add_get("/sandbox/events", self._events)
        router.add_get("/sandbox/files/{name}", self._media)
        router.add_post("/sandbox/do/{action}", self._do)
        router.add_post("/sandbox/send", self._send_file)
        router.add_post("/sandbox/kill", self._kill)
        router.add_post("/sandbox/language", self._language)

    @web.middleware
    async def _only_by_its_name(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """A site elsewhere can give its name the address of this machine, and its pages could then read along here.

        Whoever listens to other machines has them look in, by whatever name.
        """
        if _is_here(self._sandbox.url) and not _is_here(f"//{request.host}"):
            raise web.HTTPForbidden
        return await handler(request)

    async def _index(self, request: web.Request) -> web.Response:
        return _page_file("index.html")

    async def _file(self, request: web.Request) -> web.Response:
        return _page_file(request.match_info["name"])

    async def _state(self, request: web.Request) -> web.Response:
        people = [rendering.person(user) for user in self._world.people.values()]
        user = self._world.people.get(int(request.query.get("person", people[0]["id"])))
        chats = [one for one in self._world.chats.values() if user is not None and _sees(user, one)]
        chats.sort(key=lambda one: one.pair is None)
        state = {"people": people, "chats": [rendering.chat(one) for one in chats], "bot": self._about_bot()}
        return web.json_response(state, headers=HEADERS)

    async def _messages(self, request: web.Request) -> web.Response:
        talk = self._talk(request.query)
        found = ordered(talk.chat)[-LATEST:]
        commands = rendering.commands(self._bot, talk.user, talk.chat)
        body = {"messages": [rendering.message(one) for one in found], "commands": commands}
        return web.json_response(body, headers=HEADERS)

    async def _media(self, request: web.Request) -> web.Response:
        try:
            file = self._world.files.get(request.match_info["name"].partition(".")[0])
        except ApiError:
            raise web.HTTPNotFound from None
        # Whatever a bot uploads is shown as a picture or not at all: it cannot become a page of this server.
        kind = file.mime if file.mime in ("image/jpeg", "image/png", "image/webp", "image/gif") else None
        headers = {**HEADERS, "Cache-Control": "max-age=86400, immutable"}
        return web.Response(body=file.content, content_type=kind or "application/octet-stream", headers=headers)

    async def _do(self, request: web.Request) -> web.Response:
        action = ACTIONS.get(request.match_info["action"])
        if action is None:
            raise web.HTTPNotFound
        _check_origin(request)
        values = await request.json()
        return await _answered(action(self._talk(values), values))

    async def _send_file(self, request: web.Request) -> web.Response:
        _check_origin(request)
        form = await request.post()
        values = {name: value for name, value in form.items() if isinstance(value, str)}
        upload = form.get("file")
        if not isinstance(upload, web.FileField):
            raise web.HTTPBadRequest
        talk, content, words = self._talk(values), upload.file.read(), values.get("text", "")
        reply = int(values["reply"]) if "reply" in values else None
        if values.get("as") == "photo":
            return await _answered(talk.send_photo(content, words, reply_to=reply))
        name, kind = upload.filename, upload.content_type
        return await _answered(talk.send_file(content, name, kind, words, reply_to=reply))

    async def _kill(self, request: web.Request) -> web.Response:
        _check_origin(request)
        return web.json_response({"killed": self._child is not None and self._child.kill()})

    async def _language(self, request: web.Request) -> web.Response:
        _check_origin(request)
        values = await request.json()
        self._world.people[int(values["person"])].language = values["language"]
        return web.json_response({})

    async def _events(self, request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={**HEADERS, "Content-Type": "text/event-stream"})
        await response.prepare(request)
        waiting: asyncio.Queue[dict[str, Any]] = asyncio.Queue()

        def hear(event: Event) -> None:
            if (told := self._told(event)) is not None and waiting.qsize() < BEHIND:
                waiting.put_nowait(told)

        deaf = self._world.feed.listen(hear)
        try:
            await response.write(b"retry: 500\n\n")
            while True:
                await response.write(f"data: {json.dumps(await waiting.get())}\n\n".encode())
        except ConnectionError:
            return response
        finally:
            deaf()

    def _told(self, event: Event) -> dict[str, Any] | None:
        """What the page hears of an event; None when it is of no interest there."""
        kind = event["kind"]
        if kind == "call":
            return _call(event["record"]) if event["record"].method not in SILENT else None
        if kind == "bot":
            return {"kind": kind, "bot": self._about_bot()}
        if kind == "action":
            return {"kind": kind, "chat": event["chat"].key, "action": event["action"]}
        told = {"kind": kind, "chat": event["chat"].key, "message": rendering.message(event["message"])}
        if kind == "answer":
            told |= {"person": event["query"].user.user_id, "answer": event["query"].answer}
        return told

    def _about_bot(self) -> dict[str, Any]:
        child = self._child
        texts = self._bot.texts
        return {
            "id": self._bot.user.user_id,
            "name": rendering.bot_name(self._bot),
            "username": self._bot.user.username,
            "description": texts.get(("description", ""), ""),
            "descriptions": {language: text for (field, language), text in texts.items() if field == "description"},
            "alive": child is None or child.pid is not None,
            "pid": child.pid if child else None,
            "lives": child.lives if child else 0,
        }

    def _talk(self, values: Any) -> Talk:
        try:
            user = self._world.people[int(values["person"])]
            chat = self._world.chats[values["chat"]]
            topic = values.get("topic")
        except (KeyError, ValueError):
            raise web.HTTPNotFound from None
        if not _sees(user, chat):
            raise web.HTTPForbidden
        return Talk(self._world, user, chat, int(topic) if topic else None)


async def _say(talk: Talk, values: dict[str, Any]) -> Any:
    return await talk.say(values["text"], reply_to=values.get("reply"))


async def _press(talk: Talk, values: dict[str, Any]) -> Any:
    return talk.press_data(values["data"], int(values["message"])).query_id


async def _edit(talk: Talk, values: dict[str, Any]) -> Any:
    return await talk.edit(int(values["message"]), values["text"])


async def _delete(talk: Talk, values: dict[str, Any]) -> Any:
    return await talk.delete(int(values["message"]))


async def _react(talk: Talk, values: dict[str, Any]) -> Any:
    return await talk.react(int(values["message"]), *values["emoji"])


async def _block(talk: Talk, values: dict[str, Any]) -> Any:
    return talk.block() if values["blocked"] else talk.unblock()


ACTIONS: dict[str, Action] = {
    "say": _say,
    "press": _press,
    "edit": _edit,
    "delete": _delete,
    "react": _react,
    "block": _block,
}


async def _answered(doing: Awaitable[Any]) -> web.Response:
    try:
        return web.json_response({"result": await doing})
    except ApiError as error:
        return web.json_response({"error": error.text}, status=400)
    except LookupError:
        return web.json_response({"error": "That message is gone."}, status=404)


def _page_file(name: str) -> web.Response:
    path = FILES / name
    if path.parent != FILES or path.suffix not in TYPES or not path.is_file():
        raise web.HTTPNotFound
    return web.Response(body=path.read_bytes(), content_type=TYPES[path.suffix], charset="utf-8", headers=HEADERS)


def _check_origin(request: web.Request) -> None:
    """Other pages in the same browser may not act here."""
    origin = request.headers.get("Origin", "")
    if origin and origin.partition("://")[2] != request.host:
        raise web.HTTPForbidden


def _is_here(address: str) -> bool:
    """Whether an address names the machine itself, as nobody else can."""
    try:
        host = urlsplit(address).hostname or ""
        return host == "localhost" or host.endswith(".localhost") or ip_address(host).is_loopback
    except ValueError:
        return False


def _sees(user: User, chat: Chat) -> bool:
    if chat.moved_to is not None:
        return False
    return chat.pair[1] is user if chat.pair is not None else chat.has(user.user_id)


def _call(record: Record) -> dict[str, Any]:
    fields = {"method": record.method, "code": record.code, "at": record.at, "description": record.description}
    return {"kind": "call", **fields, "values": record.values, "fault": record.fault, "violation": record.violation}
