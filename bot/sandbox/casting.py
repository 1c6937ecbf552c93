"""Who plays along, changed while it runs: more people, bots and chats, other roles. web.py lists the addresses."""

from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from bot.sandbox import rendering
from bot.sandbox.model import Bot, Chat, Role
from bot.sandbox.panel import check_origin
from bot.sandbox.people import People, Person

Values = dict[str, Any]
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
FLAGS = ("privacy", "inline", "guest", "feedback")


class Casting:
    """Serves what changes the cast."""

    def __init__(self, people: People) -> None:
        self._people = people
        self._world = people.world

    def add_routes(self, router: web.UrlDispatcher) -> None:
        """Add its addresses. To be called before the server starts."""
        for path, change in (
            ("people", self._person),
            ("bots", self._bot),
            ("chats", self._chat),
            ("role", self._role),
            ("upgrade", self._upgrade),
        ):
            router.add_post(f"/sandbox/{path}", _answering(change, self._told))

    def _told(self) -> None:
        self._world.feed.tell({"kind": "cast"})

    def _person(self, values: Values) -> Values:
        person = self._people.person(str(values["name"]), values.get("language", "en"))
        for bot in self._world.bots.values():
            person.private(bot)
        return rendering.person(person.user)

    def _bot(self, values: Values) -> Values:
        token = values.get("token")
        bot = self._world.bots.get(str(token)) or self._people.add_bot(token, str(values["username"]))
        for user in self._world.people.values():
            self._world.private(bot, user)
        for flag in (flag for flag in FLAGS if flag in values):
            setattr(bot, flag, bool(values[flag]))
        return {"token": bot.token, **bot.user.wire()}

    def _chat(self, values: Values) -> Values:
        title, members = str(values["title"]), [self._who(int(one)) for one in values["members"]]
        username, kind = values.get("username"), values["kind"]
        match kind:
            case "group" | "supergroup":
                chat = self._people.group(title, *members, supergroup=kind == "supergroup", username=username)
            case "forum":
                chat = self._people.forum(title, *members, topics=tuple(map(str, values.get("topics", ()))))
            case "channel":
                chat = self._people.channel(title, *members, username=username)
            case _:
                raise ValueError("kind is group, supergroup, forum or channel")
        return _about(chat)

    def _role(self, values: Values) -> Values:
        chat = self._world.chats[str(values["chat"])]
        without = map(str, values.get("without", ()))
        self._people.set_role(chat, self._who(int(values["who"])), Role(values["role"]), *without)
        return _about(chat)

    def _upgrade(self, values: Values) -> Values:
        return _about(self._people.upgrade(self._world.chats[str(values["chat"])]))

    def _who(self, number: int) -> Person | Bot:
        if number in self._world.people:
            return Person(self._world, self._world.people[number])
        return next(bot for bot in self._world.bots.values() if bot.user.user_id == number)


def _about(chat: Chat) -> Values:
    return {"chat": chat.key, "id": chat.chat_id, "topics": rendering.chat(chat)["topics"]}


def _answering(change: Callable[[Values], Values], tell: Callable[[], None]) -> Handler:
    async def answer(request: web.Request) -> web.StreamResponse:
        check_origin(request)
        try:
            answered = change(await request.json())
            tell()
            return web.json_response(answered)
        except (KeyError, LookupError, StopIteration, TypeError, ValueError) as error:
            return web.json_response({"error": f"This cannot be done: {error}"}, status=400)

    return answer
