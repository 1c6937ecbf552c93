"""/privacy, /terms, /paysupport and /forget: answered to everybody, also where nothing else is.

The router is asked twice: with all others for those who are let in, and alone, by the gate, for all who are not. So
nothing here may need a row of the person, or write one.
"""

from dataclasses import dataclass
from typing import Any

from aiogram import Bot, F, Router
from aiogram.enums import ChatType
from aiogram.filters import Command, CommandStart
from aiogram.methods import AnswerCallbackQuery, EditMessageText, SendMessage
from aiogram.types import CallbackQuery, InlineKeyboardMarkup, LinkPreviewOptions, Message, TelegramObject
from aiogram.utils.formatting import Text

from bot.jobs import store as jobs
from bot.outgoing import Outgoing
from bot.privacy import keyboards, store, views
from bot.privacy.keyboards import DEEP_LINK, ForgetButton
from bot.privacy.rules import EXPORT, FLOOD, FORGET, FRESH, Policy, lane
from bot.quota.service import Ledger
from bot.storage.database import Transaction
from bot.texts import Translator
from bot.users.rules import Person

NO_PREVIEW = LinkPreviewOptions(is_disabled=True)


@dataclass(frozen=True, slots=True)
class Visit:
    """Somebody who asks what is kept about them, or wants it gone. `now` in Unix seconds."""

    tx: Transaction
    t: Translator
    person: Person
    ledger: Ledger
    policy: Policy
    is_admin: bool
    now: int

    async def page(self) -> tuple[Text, InlineKeyboardMarkup | None]:
        """What would go and what would stay, with the buttons; a sentence where nothing is kept."""
        has = await store.holdings(self.tx, self.ledger, self.person.user_id)
        if not has.known:
            return Text(self.t("forget-nothing")), None
        text = views.forget(self.t, has, self.policy, is_admin=self.is_admin)
        return text, keyboards.page(self.t, self.person.user_id, self.now)

    async def answers(self, button: ForgetButton) -> bool:
        """Whether a press answers a page of this life, and of the last hour."""
        if not 0 <= self.now - button.at <= FRESH:
            return False
        forgotten_at = await self.tx.vault.destroyed_at(button.user_id)
        # What a clock that ran ahead has written down must keep nobody from leaving.
        return forgotten_at is None or not button.at <= forgotten_at <= self.now

    async def order(self, kind: str, due_at: int) -> None:
        """Leave it to a job; more presses meanwhile are the same one.

        Failures are logged by their subject, so it is one that tells nobody who.
        """
        user_id = self.person.user_id
        await jobs.add(self.tx, kind, await self.tx.vault.mark(user_id), lane(kind, user_id), due_at)

    def said(self, what: str, message: Message, content: Text, markup: InlineKeyboardMarkup | None = None) -> Outgoing:
        """One answer to a flood; in a group for their eyes only."""
        text, entities = content.render()
        said: SendMessage = message.answer(
            text, entities=entities, reply_markup=markup, link_preview_options=NO_PREVIEW
        )
        user_id = self.person.user_id
        key = f"{what}:{message.chat.id}:{user_id}:{self.t.language}:{self.now // FLOOD}"
        return Outgoing(said, once=key, whisper_to=user_id, about=user_id)


async def visiting(
    _event: TelegramObject,
    tx: Transaction,
    t: Translator,
    person: Person,
    ledger: Ledger,
    policy: Policy,
    is_admin: bool,
    now: int,
) -> dict[str, Any]:
    """A filter that lets everything through and gives the handler its visit."""
    return {"visit": Visit(tx, t, person, ledger, policy, is_admin, now)}


def router() -> Router:
    """The commands and the buttons of /forget."""
    router = Router(name="privacy")
    for name, handler in (("privacy", on_privacy), ("terms", on_terms), ("paysupport", on_paysupport)):
        router.message.register(handler, Command(name, ignore_case=True), visiting)
    private, group = F.chat.type == ChatType.PRIVATE, F.chat.type != ChatType.PRIVATE
    router.message.register(on_forget_here, Command("forget", ignore_case=True), group, visiting)
    router.message.register(on_forget, Command("forget", ignore_case=True), private, visiting)
    router.message.register(on_forget, CommandStart(deep_link=True, magic=F.args == DEEP_LINK), private, visiting)
    router.callback_query.register(on_foreign_press, ForgetButton.filter(), foreign)
    router.callback_query.register(on_press, ForgetButton.filter(), visiting)
    return router


async def on_privacy(message: Message, visit: Visit) -> Outgoing:
    """Say what is kept, for how long, what is passed on and how to remove it."""
    return visit.said("privacy", message, views.privacy(visit.t, visit.policy))


async def on_terms(message: Message, visit: Visit) -> Outgoing:
    """Say what may be asked for, and what is promised."""
    return visit.said("terms", message, views.terms(visit.t, visit.policy))


async def on_paysupport(message: Message, visit: Visit) -> Outgoing:
    """Say how credits come back, and whom to write to."""
    return visit.said("paysupport", message, views.paysupport(visit.t, visit.policy))


async def on_forget_here(message: Message, visit: Visit, bot: Bot) -> Outgoing:
    """In a group: this is between the two of us."""
    me = await bot.me()
    markup = keyboards.lead(visit.t, me.username) if me.username else None
    return visit.said("forget", message, Text(visit.t("forget-in-private")), markup)


async def on_forget(message: Message, visit: Visit) -> Outgoing:
    """Show what would go and what would stay, and ask."""
    return visit.said("forget", message, *await visit.page())


async def foreign(query: CallbackQuery, callback_data: ForgetButton) -> bool:
    """A press that is not the person's own, in their private chat."""
    here = query.message.chat.id if query.message else None
    return not (query.from_user.id == callback_data.user_id == here)


async def on_foreign_press(query: CallbackQuery, t: Translator) -> AnswerCallbackQuery:
    """Not theirs."""
    return query.answer(t("forget-not-yours"), show_alert=True)


async def on_press(query: CallbackQuery, callback_data: ForgetButton, visit: Visit) -> list[Any]:
    """Do what was chosen, once; a page of long ago, or of a life that is forgotten already, is shown anew."""
    t = visit.t
    if not await visit.answers(callback_data):
        return [_edited(query, *await visit.page()), query.answer(t("forget-anew"))]
    if callback_data.what == "export":
        await visit.order(EXPORT, visit.now)
        return [query.answer(t("forget-export-coming"))]
    if callback_data.what != "all":
        return [_edited(query, Text(t("forget-kept"))), query.answer()]
    # A moment later, so that the page loses its buttons before nobody knows any more that it was sent.
    await visit.order(FORGET, visit.now + 1)
    return [_edited(query, Text(t("forget-begun"))), query.answer()]


def _edited(query: CallbackQuery, content: Text, markup: InlineKeyboardMarkup | None = None) -> EditMessageText:
    text, entities = content.render()
    number = query.message.message_id if query.message else None
    return EditMessageText(
        chat_id=query.from_user.id,
        message_id=number,
        text=text,
        entities=entities,
        reply_markup=markup,
        link_preview_options=NO_PREVIEW,
    )
