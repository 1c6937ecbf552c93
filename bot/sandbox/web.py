"""The page of the sandbox: its files, what it asks for, what it is told as it happens.

Answers are JSON. A POST takes JSON, except /sandbox/send (a form); what goes wrong is `{"error": "…"}` with a status of
400 or more. `chat` is a key from /sandbox/state, `person` a number, times are Unix seconds.

| address | what it gives or does |
|---|---|
| GET / and /page/NAME | the page and its files |
| GET /sandbox/state?person= | people, the chats of one of them, all `bots` (inline: whether it hears such questions), |
| | `bot`: the one that runs here, if any: alive (it asks for updates), pid, lives |
| GET /sandbox/messages?person=&chat=&topic=&before= | the newest of a chat (of a topic; before an id); whether |
| | there are `more`, and the commands that the person is offered |
| GET /sandbox/events | server-sent events, each `{"kind": …}`: message, edit, delete, reaction, answer (to a press), |
| | action (typing), call (of the Bot API), order (to the service that draws), bot (started, listening, ended), |
| | cast (others are there), panel (see there) |
| GET /sandbox/files/ID | a picture or file |
| POST /sandbox/do/ACTION | what people do; `{person, chat, topic?, …}`, see actions.py |
| POST /sandbox/send | a form with person, chat, topic?, file, as=photo or file, text, reply; several files: an album |
| POST /sandbox/language | `{person, language}`: what their app is set to |
| GET /sandbox/panel?person= | all of the side panel; fetch it again at each event of kind panel, order or call |
| | `calls` newest first: id, method, at, ms, code (0: no answer came through), description, violation, fault, values |
| | `violations` how many there were in all, `pending` updates that wait by bot |
| | `ledger` of the person: balance (day, daily, kept, held; null before the first), entries newest first (source, |
| | kind, day, daily, kept, at); `generations` of the person, newest first (id, status, cause, model, prompt, price, |
| | created, started, ended, draw_ms …); `jobs` of everybody in their order (kind, subject, lane, due, attempts, |
| | leased: until when); |
| | `outbox` and `pauses`: what waits for Telegram; `now` |
| | `faults` that are on (id, kind, method, hits, left), `kinds` there are; `service` (trouble, orders), `troubles` |
| GET /sandbox/calls?after=ID | every call since, oldest first, polls too |
| POST /sandbox/fault | `{kind, method?, times?, seconds?}`: trouble with Telegram; times null: without end |
| POST /sandbox/fault/end | `{id}`, or `{}` for all |
| POST /sandbox/service | `{trouble}`: none, slow, down, refusing or hostile: the day that the service that draws has |
| POST /sandbox/kill | SIGKILL for the bot, which is started again |
| POST /sandbox/people | `{name, language?}`: someone new |
| POST /sandbox/bots | `{username, token?, privacy?, inline?, guest?, feedback?}`: a bot, or other manners of one |
| POST /sandbox/chats | `{kind: group, supergroup, forum or channel, title, members: [ids], topics?}` |
| POST /sandbox/role | `{chat, who, role, without?}`: creator, administrator, member, restricted, left or kicked |
|                    | `without` are rights by their names in the Bot API |
| POST /sandbox/upgrade | `{chat}`: a group becomes a supergroup |
| POST /sandbox/pace | `{real}`: whether the limits of the official server hold |
"""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from aiohttp import web

from bot.sandbox import rendering
from bot.sandbox.actions import ACTIONS
from bot.sandbox.casting import Casting
from bot.sandbox.child import Child
from bot.sandbox.errors import ApiError
from bot.sandbox.model import Bot, Chat, Kind, Message, Role, User
from bot.sandbox.panel import Panel, call_of, check_origin, is_silent
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
MOST_IN_ALBUM = 10

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Page:
    """Serves the page beside the Bot API, on the same port."""

    def __init__(
        self, sandbox: Sandbox, bot: Bot | None = None, child: Child | None = None, panel: Panel | None = None
    ) -> None:
        self._panel = panel or Panel(sandbox, child)
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
        router.add_post("/sandbox/language", self._language)
        self._panel.add_routes()
        Casting(self._sandbox).add_routes(router)

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
        state = {"people": people, "chats": [_line(user, one) for one in chats], "bot": self._about_bot()}
        state["bots"] = [rendering.bot(bot) for bot in self._world.bots.values()]
        return web.json_response(state, headers=HEADERS)

    async def _messages(self, request: web.Request) -> web.Response:
        talk = self._talk(request.query)
        found = _before(_in_topic(talk, request.query), request.query.get("before"))
        bot = next(iter(self._world.bots_of(talk.chat)), self._bot)
        commands = rendering.commands(bot, talk.user, talk.chat) if bot else []
        shown = [rendering.message(one) for one in found[-LATEST:]]
        body = {"messages": shown, "more": len(found) > LATEST, "commands": commands}
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
        check_origin(request)
        values = await request.json()
        return await _answered(action(self._talk(values), values))

    async def _send_file(self, request: web.Request) -> web.Response:
        check_origin(request)
        form = await request.post()
        values = {name: value for name, value in form.items() if isinstance(value, str)}
        uploads = [one for one in form.getall("file", []) if isinstance(one, web.FileField)]
        if not uploads:
            raise web.HTTPBadRequest
        upload, talk, words = uploads[0], self._talk(values), values.get("text", "")
        if len(uploads) > 1:
            rest = [(one.file.read(), "") for one in uploads[1:MOST_IN_ALBUM]]
            return await _answered(talk.send_album((upload.file.read(), words), *rest))
        content = upload.file.read()
        reply = int(values["reply"]) if "reply" in values else None
        if values.get("as") == "photo":
            return await _answered(talk.send_photo(content, words, reply_to=reply))
        name, kind = upload.filename, upload.content_type
        return await _answered(talk.send_file(content, name, kind, words, reply_to=reply))

    async def _language(self, request: web.Request) -> web.Response:
        check_origin(request)
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
            return {"kind": kind, **call_of(event["record"])} if not is_silent(event["record"]) else None
        if kind == "order":
            return {"kind": kind, **event["order"].shown()}
        if kind in ("panel", "cast"):
            return {"kind": kind}
        if kind == "inline":
            return None
        if kind == "bot":
            return {"kind": kind, "bot": self._about_bot()} if self._bot is not None else {"kind": "cast"}
        if kind == "action":
            return {"kind": kind, "chat": event["chat"].key, "action": event["action"]}
        told = {"kind": kind, "chat": event["chat"].key, "message": rendering.message(event["message"])}
        if kind == "answer":
            told |= {"person": event["query"].user.user_id, "answer": event["query"].answer}
        return told

    def _about_bot(self) -> dict[str, Any] | None:
        if self._bot is None:
            return None
        child = self._child
        return {
            **rendering.bot(self._bot),
            "alive": child is None or (child.pid is not None and self._bot.listening),
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


async def _answered(doing: Awaitable[Any]) -> web.Response:
    try:
        return web.json_response({"result": await doing})
    except ApiError as error:
        return web.json_response({"error": error.text}, status=400)
    except LookupError:
        return web.json_response({"error": "That message is gone."}, status=404)
    except ValueError as error:
        return web.json_response({"error": f"This cannot be done: {error}"}, status=400)


def _page_file(name: str) -> web.Response:
    path = FILES / name
    if path.parent != FILES or path.suffix not in TYPES or not path.is_file():
        raise web.HTTPNotFound
    return web.Response(body=path.read_bytes(), content_type=TYPES[path.suffix], charset="utf-8", headers=HEADERS)


def _is_here(address: str) -> bool:
    """Whether an address names the machine itself, as nobody else can."""
    try:
        host = urlsplit(address).hostname or ""
        return host == "localhost" or host.endswith(".localhost") or ip_address(host).is_loopback
    except ValueError:
        return False


def _in_topic(talk: Talk, query: Mapping[str, str]) -> list[Message]:
    """All of a chat; of one with topics only those of one topic, when the page says of which (empty: of none)."""
    if "topic" not in query:
        return ordered(talk.chat, viewer=talk.user)
    return [one for one in ordered(talk.chat, viewer=talk.user) if one.thread_id == talk.thread_id]


def _before(found: list[Message], message_id: str | None) -> list[Message]:
    """Those that stand before one of them; all when there is no such one. Numbers alone give no order."""
    ids = [str(one.message_id) for one in found]
    return found[: ids.index(message_id)] if message_id in ids else found


def _line(user: User | None, chat: Chat) -> dict[str, Any]:
    """A line in somebody's list of chats."""
    leads = user is not None and chat.role(user.user_id) in (Role.CREATOR, Role.ADMINISTRATOR)
    return {**rendering.chat(chat), "writes": chat.kind is not Kind.CHANNEL or leads}


def _sees(user: User, chat: Chat) -> bool:
    if chat.moved_to is not None:
        return False
    return chat.pair[1] is user if chat.pair is not None else chat.has(user.user_id)
