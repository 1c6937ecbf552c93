"""/settings in a group, for its admins alone and seen by whoever asked. Posts in channels."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from aiogram import F, Router
from aiogram.filters import Command, CommandObject
from aiogram.methods import DeleteMessage, EditMessageText, SendMessage
from aiogram.types import CallbackQuery, InlineKeyboardMarkup, Message, TelegramObject
from aiogram.utils.formatting import Bold, Text, as_list

from bot.chats import store
from bot.chats.admins import Admins, NotYourChat
from bot.chats.keyboards import ChatButton, Panel
from bot.chats.kinds import Kinds
from bot.chats.rules import GENERAL, NONE, Chat, changes, toggled
from bot.imagine.browsing import PER_PAGE, browse
from bot.imagine.grammar import parse
from bot.imagine.handlers.desk import Desk as ImagineDesk
from bot.imagine.handlers.desk import at_desk, notes, place_in, say
from bot.imagine.rules import STALE, Place, model_ref
from bot.imagine.service import Imagine
from bot.outgoing import WHISPER
from bot.quota.service import Ledger
from bot.storage.database import Transaction
from bot.texts import Texts, Translator
from bot.users.faces import Faces
from bot.users.rules import Person

View = tuple[Text, InlineKeyboardMarkup | None]

# Groups and channels have negative numbers; no more digits than Telegram says it may give.
CHAT_ID = r"-[0-9]{1,16}$"


@dataclass(frozen=True, slots=True)
class Desk:
    """The settings of one chat as they are now, and what can be chosen. `left` is what its pot holds.

    `name` is told where they are seen from elsewhere; empty in the chat itself.
    """

    chat: Chat
    t: Translator
    texts: Texts
    imagine: Imagine
    ledger: Ledger
    left: int
    topic: int | None
    name: str = ""

    @property
    def title(self) -> str:
        """Whose settings these are."""
        return self.t("chats-title-of", chat=self.name) if self.name else self.t("chats-title")

    @property
    def panel(self) -> Panel:
        """The buttons."""
        return Panel(self.t, self.chat)

    @property
    def zone(self) -> str:
        """Of the quiet hours."""
        return self.chat.zone or self.ledger.zone.key


@dataclass(frozen=True, slots=True)
class Visit:
    """Somebody who looks at the settings of a chat, which they may have to lead for it."""

    tx: Transaction
    t: Translator
    person: Person
    texts: Texts
    imagine: Imagine
    ledger: Ledger
    admins: Admins
    faces: Faces
    kinds: Kinds

    def name(self, chat_id: int) -> str:
        """What a chat is called. Raises Errand where Telegram has to be asked first."""
        return self.faces.name(chat_id) or self.kinds.title(chat_id)

    async def desk(self, chat_id: int, topic: int | None, name: str = "") -> Desk:
        """The settings as they are. `name` where they are seen from elsewhere."""
        chat = await store.get(self.tx, chat_id)
        left = 0 if chat.pot_id is None else (await self.ledger.balance(self.tx, chat.pot_id)).left
        return Desk(chat, self.t, self.texts, self.imagine, self.ledger, left, topic, name)

    async def change(self, desk: Desk, fields: Mapping[str, Any]) -> Desk:
        """Keep what was chosen; the settings as they are then, in the language that they then speak."""
        chat = await store.change(self.tx, desk.chat.chat_id, **fields)
        t = self.texts.negotiate(chat.language, self.person.language, self.person.client_language)
        return replace(desk, chat=chat, t=t)


async def visiting(
    _event: TelegramObject,
    tx: Transaction,
    t: Translator,
    person: Person,
    texts: Texts,
    imagine: Imagine,
    ledger: Ledger,
    admins: Admins,
    faces: Faces,
    kinds: Kinds,
) -> dict[str, Any]:
    """A filter that lets everything through and gives the handler its visit."""
    return {"visit": Visit(tx, t, person, texts, imagine, ledger, admins, faces, kinds)}


def router() -> Router:
    """/settings in groups, and the buttons below it."""
    router = Router(name="chats")
    here = Command("settings", ignore_case=True), F.chat.type != "private"
    router.message.register(on_settings, *here, visiting, flags=WHISPER)
    far = Command("settings", ignore_case=True, magic=F.args.regexp(CHAT_ID))
    router.message.register(on_settings_from_afar, far, F.chat.type == "private", visiting)
    router.callback_query.register(on_press, ChatButton.filter(), visiting, flags=WHISPER)
    router.channel_post.register(on_post, Command("imagine", ignore_case=True), at_desk)
    return router


async def on_post(message: Message, command: CommandObject, desk: ImagineDesk) -> list[Any]:
    """A post that becomes a picture, paid by the pot of the channel; the command goes where the bot may delete it.

    What cannot be drawn is left as it stands: whatever was said about it, all readers would read.
    """
    if desk.now - int(message.date.timestamp()) > STALE:
        return []
    place, key = Place(message.chat.id), f"msg:{message.chat.id}:{message.message_id}"
    made = await desk.imagine.submit(desk.tx, desk.person, place, parse(command.args or ""), key)
    gone = [DeleteMessage(chat_id=message.chat.id, message_id=message.message_id)] if made else []
    return [*await notes(desk, made), *gone]


async def on_settings(message: Message, visit: Visit) -> SendMessage:
    """Show everything that can be chosen for this chat. Raises NotYourChat, Errand."""
    visit.admins.require(message.chat.id, visit.person.user_id)
    text, markup = home(await visit.desk(message.chat.id, _topic_of(message)), "")
    return say(place_in(message), *text.render(), markup)


async def on_settings_from_afar(message: Message, command: CommandObject, visit: Visit) -> SendMessage:
    """The same for a channel or group by its number: what a channel shows, all its readers see. Raises as above."""
    chat_id = int((command.args or "").strip())
    visit.admins.require_of(chat_id, visit.person.user_id)
    text, markup = home(await visit.desk(chat_id, None, visit.name(chat_id)), "")
    return say(place_in(message), *text.render(), markup, answers=False)


async def on_press(query: CallbackQuery, callback_data: ChatButton, visit: Visit) -> list[Any]:
    """Open a list, or keep a choice and show what is chosen now. Raises NotYourChat, Errand."""
    chat_id = callback_data.chat_id
    _check_place(query, chat_id)
    visit.admins.require_of(chat_id, visit.person.user_id)
    topic = _topic_of(query.message) if isinstance(query.message, Message) else None
    afar = query.message is not None and query.message.chat.id != chat_id
    desk = await visit.desk(chat_id, topic, visit.name(chat_id) if afar else "")
    if view := VIEWS.get(callback_data.what):
        return [*_edit(query, view(desk, callback_data.value)), query.answer()]
    fields = _fields(desk, callback_data)
    if not fields:
        return [*_edit(query, home(desk, "")), query.answer(desk.t("settings-not-offered"))]
    desk = await visit.change(desk, fields)
    shown = models(desk, _page_of(desk, callback_data.value)) if callback_data.what == "model" else home(desk, "")
    return [*_edit(query, shown), query.answer(desk.t("settings-saved"))]


def home(desk: Desk, _value: str) -> View:
    """Everything at a glance."""
    t = desk.t
    language = desk.texts.translator(desk.chat.language)("language-name") if desk.chat.language else t("chats-own")
    lines = [Bold(desk.title), t("chats-intro-afar" if desk.name else "chats-intro")]
    if desk.chat.pot_id is not None:
        lines.append(t("chats-pot", left=desk.left))
    return as_list(*lines), desk.panel.home(language, desk.zone, desk.topic)


def models(desk: Desk, value: str) -> View:
    """The models, or the part of them that `value` names."""
    shown = browse(desk.imagine.models.services(), value, None)
    return Text(desk.t("chats-choose-models")), desk.panel.models(shown)


def done(desk: Desk, _value: str) -> View:
    """One line that stays when the buttons go."""
    return Text(Bold(desk.title), " ", desk.t("settings-saved")), None


VIEWS: Mapping[str, Callable[[Desk, str], View]] = {
    "home": home,
    "models": models,
    "ceilings": lambda desk, _: (Text(desk.t("chats-choose-ceiling")), desk.panel.ceilings()),
    "gaps": lambda desk, _: (Text(desk.t("chats-choose-gap")), desk.panel.gaps()),
    "quiets": lambda desk, _: (Text(desk.t("chats-choose-quiet", zone=desk.zone)), desk.panel.quiets()),
    "zones": lambda desk, _: (Text(desk.t("chats-choose-zone")), desk.panel.zones(desk.ledger.zone.key)),
    "languages": lambda desk, _: (Text(desk.t("chats-choose-language")), desk.panel.languages(desk.texts.languages)),
    "shares": lambda desk, _: (Text(desk.t("chats-choose-share")), desk.panel.shares()),
    "done": done,
}


def _fields(desk: Desk, press: ChatButton) -> Mapping[str, Any]:
    if press.what == "thread_id":
        return _in_topic(press.value, desk.topic)
    if press.what != "model":
        return changes(press.what, press.value, [each.tag for each in desk.texts.languages])
    if press.value == NONE:
        return {"models": None}
    pressed = next((model for model in desk.imagine.models.offered() if model_ref(model.key) == press.value), None)
    return {"models": toggled(desk.chat.models, pressed.key)} if pressed else {}


def _in_topic(value: str, topic: int | None) -> Mapping[str, Any]:
    """The topic in which the button stands can be chosen, or none."""
    if value == NONE:
        return {"thread_id": None}
    return {"thread_id": topic} if value == str(topic) else {}


def _page_of(desk: Desk, ref: str) -> str:
    """What a button carries that leads to the list with this model."""
    for service in desk.imagine.models.services():
        for number, model in enumerate(service.models):
            if model_ref(model.key) == ref:
                return f"@{model_ref(service.key)}.{number // PER_PAGE}"
    return ""


def _check_place(query: CallbackQuery, chat_id: int) -> None:
    """The settings of a chat are changed in it, or from a private chat."""
    if query.message is None or (query.message.chat.type != "private" and query.message.chat.id != chat_id):
        raise NotYourChat


def _topic_of(message: Message) -> int | None:
    """The topic that can be chosen here; none in a group without topics, and none from afar."""
    if message.is_topic_message:
        return message.message_thread_id
    return GENERAL if message.chat.is_forum else None


def _edit(query: CallbackQuery, view: View) -> list[EditMessageText]:
    if (message := query.message) is None:
        return []
    content, buttons = view
    text, entities = content.render()
    chat_id, message_id = message.chat.id, message.message_id
    return [EditMessageText(chat_id=chat_id, message_id=message_id, text=text, entities=entities, reply_markup=buttons)]
