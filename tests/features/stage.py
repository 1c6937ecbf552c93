"""Features on a small stage: a real dispatcher with the routers of one feature, a real database, no network.

What handlers return is collected instead of sent. Whole conversations, with the edge around them, are played in the
sandbox; the stage is for what a handler answers.
"""

from collections.abc import Callable, Sequence
from itertools import count
from pathlib import Path
from typing import Any, cast
from zoneinfo import ZoneInfo

from aiogram import Bot, Dispatcher, Router
from aiogram.dispatcher.event.bases import UNHANDLED
from aiogram.types import Update

from bot.admin.rules import Roles
from bot.chats.kinds import Kinds
from bot.http import Http, Spool
from bot.images import AspectRatio, GeneratedImage, ImageModel, ImageRequest
from bot.imagine.service import Imagine
from bot.imagine.shelf import Shelf
from bot.providers import Provider, Providers, ProviderSettings, Ticket
from bot.quota.service import Ledger
from bot.storage.database import Database
from bot.texts import Texts
from bot.users import store as users
from bot.users.faces import Faces

NOW = 1_800_000_000
ANNA, BORIS, ADMIN = 101, 102, 103
GROUP = -100_500

FLUX = ImageModel("sketch/flux", "Flux", seed=True)
TALL = ImageModel("sketch/tall", "Tall", ratios=(AspectRatio.TALL, AspectRatio.SQUARE), price=3)


class Sketch(Provider):
    """Two models on offer, and nobody who draws."""

    key = "sketch"
    title = "Sketch"
    shipped = (FLUX, TALL)

    async def generate(self, request: ImageRequest, ticket: Ticket) -> list[GeneratedImage]:
        raise NotImplementedError


class Hands:
    """A clock that somebody turns."""

    def now(self) -> int:
        return NOW

    def monotonic(self) -> float:
        return 0.0


class Stage:
    """People speak and press; what the bot would send comes back."""

    def __init__(self, database: Database, folder: Path, *routers: Router) -> None:
        self.database = database
        self.texts = Texts.load("en", strict=True)
        self.ledger = Ledger(20, ZoneInfo("UTC"), Hands())
        self.providers = Providers([Sketch(cast("Http", None), ProviderSettings())], Hands())
        self._numbers = count(1)
        self._bot = Bot("42:stage")
        self._dispatcher = Dispatcher(
            disable_fsm=True,
            texts=self.texts,
            ledger=self.ledger,
            providers=self.providers,
            imagine=self._imagine(folder),
            roles=Roles((ADMIN,)),
            entries=(),
            faces=Faces(),
            kinds=Kinds(_group),
            leaves=False,
        )
        self._dispatcher.include_routers(*routers)

    def _imagine(self, folder: Path) -> Imagine:
        shelf = Shelf(folder / "shelf", Spool(folder / "spool"))
        return Imagine(self.providers, self.ledger, shelf, Hands(), default_model=FLUX.key)

    async def say(self, text: str, who: int = ANNA, chat: int | None = None, **fields: Any) -> list[Any]:
        """`who` writes `text`, in private unless a `chat` is given."""
        return await self._hear(who, message={**self._message(text, who, chat or who), **fields})

    async def press(self, data: str, who: int = ANNA, *, long_ago: bool = False) -> list[Any]:
        """`who` presses a button that carries `data`; `long_ago`: Telegram no longer tells what the message said."""
        number = next(self._numbers)
        message = self._message("…", 42, who)
        if long_ago:
            message = {"chat": message["chat"], "message_id": message["message_id"], "date": 0}
        query = {"id": str(number), "from": _user(who), "chat_instance": "1", "data": data, "message": message}
        return await self._hear(who, callback_query=query)

    def _message(self, text: str, who: int, chat: int) -> dict[str, Any]:
        kind = {"type": "private", "first_name": "P"} if chat > 0 else {"type": "supergroup", "title": "G"}
        command = text.partition(" ")[0]
        marks = [{"type": "bot_command", "offset": 0, "length": len(command)}] if text.startswith("/") else []
        number = next(self._numbers)
        return {
            "message_id": number,
            "from": _user(who),
            "chat": {"id": chat, **kind},
            "date": NOW,
            "text": text,
            "entities": marks,
        }

    async def _hear(self, who: int, **event: Any) -> list[Any]:
        update = Update.model_validate({"update_id": next(self._numbers), **event}, context={"bot": self._bot})
        async with self.database.write() as tx:
            person = await users.get(tx, who) or await users.meet(tx, who, "en", NOW)
            answer = await self._dispatcher.feed_update(
                self._bot,
                update,
                tx=tx,
                t=self.texts.negotiate(person.language, person.client_language),
                person=person,
                now=NOW,
                is_admin=who == ADMIN,
            )
        return _listed(answer)


async def _group(_: int) -> tuple[str, str]:
    return "supergroup", "Friends"


MakeStage = Callable[..., Stage]


def labels(method: Any) -> list[str]:
    """What stands on the buttons of a message."""
    return [button.text for button in _buttons(method)]


def data_of(method: Any, label: str) -> str:
    """What the button with this label carries."""
    return next(str(button.callback_data) for button in _buttons(method) if button.text == label)


def _buttons(method: Any) -> Sequence[Any]:
    return [button for row in method.reply_markup.inline_keyboard for button in row] if method.reply_markup else []


def _user(who: int) -> dict[str, Any]:
    return {"id": who, "is_bot": who == 42, "first_name": "P", "language_code": "en"}


def _listed(answer: Any) -> list[Any]:
    if answer is None or answer is UNHANDLED:
        return []
    return list(answer) if isinstance(answer, list) else [answer]
