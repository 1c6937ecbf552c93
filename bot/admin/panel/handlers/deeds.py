"""What is done in the panel, by button or by command; what cannot be undone is asked about once."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

from aiogram.methods import LeaveChat, SendMessage
from aiogram.utils.formatting import Text

from bot.admin import store as audit
from bot.admin.panel import keyboards, store
from bot.admin.panel.handlers import pages
from bot.admin.panel.handlers.desk import Answer, Desk, View
from bot.admin.panel.handlers.pages import WEEK
from bot.admin.panel.keyboards import AdminButton
from bot.admin.panel.rules import BANS, DEFAULT, GIFTS, LIMITS, TAKINGS, Ban, pressed
from bot.admin.panel.views import utc
from bot.admin.rules import FRESH_SECONDS, Role
from bot.admin.store import Ask
from bot.chats import store as chats
from bot.errors import UserError
from bot.imagine import views as notes
from bot.imagine.handlers.desk import renewed
from bot.imagine.signs import Standing
from bot.storage.database import Transaction
from bot.texts import Texts
from bot.users import store as users
from bot.users.rules import Person


@dataclass(frozen=True, slots=True)
class Done:
    """What came of it: in a few words, the page that shows it, and what others are told."""

    said: str
    view: View
    others: Answer = field(default_factory=list)


Deed = Callable[[Desk, AdminButton], Awaitable[Done]]


async def ask_ban(desk: Desk, ban: Ban) -> View:
    """Ask once, with what it would stop. Raises UserError for whom this role may not shut out."""
    person = await users.get(desk.tx, ban.user_id) or Person(ban.user_id)
    _require_below(desk, person)
    work = await store.work_of(desk.tx, ban.user_id)
    detail = "" if ban.seconds is None else str(ban.seconds)
    stops: dict[str, str | int] = {"person": str(ban.user_id), "pictures": work.pictures, "credits": work.credits}
    until = None if ban.seconds is None else utc(desk.now + ban.seconds)
    text = desk.t("panel-ban-sure-until", when=until, **stops) if until else desk.t("panel-ban-sure", **stops)
    return await _asked(desk, Ask("ban", str(ban.user_id), detail, ban.reason), text, "panel-ban-yes")


async def ask_let_out(desk: Desk, number: int) -> View:
    """Ask once, with what there is of a person, or would be gone for those in a group. Raises UserError."""
    left = await desk.office.left(desk.tx, number)
    if number > 0:
        _require_below(desk, await desk.known(number))
        work = await store.work_of(desk.tx, number)
        text = desk.t("panel-let-out-sure", person=str(number), pictures=work.pictures, credits=left)
    else:
        drawn = await store.drawn_in(desk.tx, number, desk.now - WEEK)
        key = "panel-turn-out-leave-sure" if desk.leaves else "panel-turn-out-sure"
        text = desk.t(key, chat=str(number), pictures=drawn, credits=left)
    return await _asked(desk, Ask("disallow", str(number), "", ""), text, "panel-let-out-yes")


async def ask_take(desk: Desk, number: int, amount: int, reason: str = "") -> View:
    """Ask once, with what there is to take. Raises UserError where that is nothing."""
    if number > 0:
        await desk.known(number)
    left = await desk.office.left(desk.tx, number)
    if not left:
        raise UserError("panel-nothing-to-take")
    text = desk.t("panel-take-sure", person=str(number), credits=min(amount, left), left=left)
    return await _asked(desk, Ask("take", str(number), str(amount), reason), text, "panel-take-yes")


async def ask_close(desk: Desk) -> View:
    """Ask once, with what would go on."""
    figures = await store.figures(desk.tx, desk.now)
    text = desk.t("panel-close-sure", pictures=figures.queued + figures.drawing)
    return await _asked(desk, Ask("close", "", "", ""), text, "panel-close-yes")


async def give(desk: Desk, number: int, amount: int, source: str, reason: str = "") -> Done:
    """Give credits, and tell the person. Raises UserError for a stranger."""
    person = await desk.known(number) if number > 0 else None
    if not await desk.office.grant(desk.tx, number, amount, source, reason):
        raise UserError("admin-granted-before")
    told = [SendMessage(chat_id=number, text=desk.words_of(person)("admin-gift", credits=amount))] if person else []
    return Done(desk.t("panel-given", credits=amount), await _of(desk, number), told)


async def let_in(desk: Desk, number: int) -> Done:
    """Let a person draw, met or not, who hears of it where they can be told; or a group."""
    person = await users.get(desk.tx, number) if number > 0 else None
    await desk.office.let_in(desk.tx, number, allowed=True)
    is_news = person is not None and not person.member
    told = [SendMessage(chat_id=number, text=desk.words_of(person)("admin-welcome"))] if person and is_news else []
    said = desk.t("admin-allowed" if number > 0 else "admin-chat-allowed", number=str(number))
    return Done(said, await _of(desk, number), told)


async def farewell(tx: Transaction, texts: Texts, chat_id: int, *, leaves: bool, says: bool) -> Answer:
    """To a group or channel that was let out: in a group it `says` so, and it goes where strange ones are left."""
    chat = await chats.get(tx, chat_id)
    said = SendMessage(chat_id=chat_id, text=texts.negotiate(chat.language)("chats-turned-out"))
    return [*([said] if says else []), *([LeaveChat(chat_id=chat_id)] if leaves else [])]


async def unban(desk: Desk, user_id: int, reason: str = "") -> Done:
    """Let somebody in again. Raises UserError for whom this role may not decide about."""
    _require_below(desk, await desk.remembered(user_id))
    await desk.office.unban(desk.tx, user_id, reason)
    return Done(desk.t("panel-unbanned", person=str(user_id)), await pages.card_of(desk, user_id))


async def forgive(desk: Desk, user_id: int) -> Done:
    """End a pause. Raises UserError for whom this role may not decide about."""
    _require_below(desk, await desk.known(user_id))
    await desk.office.forgive(desk.tx, user_id)
    return Done(desk.t("panel-forgiven"), await pages.card_of(desk, user_id))


async def set_limit(desk: Desk, number: int, daily: int | None) -> Done:
    """Credits of a day. Raises UserError for a stranger."""
    if number > 0:
        await desk.known(number)
    await desk.office.limit(desk.tx, number, daily)
    return Done(desk.t("panel-limit-set" if number > 0 else "panel-limit-set-group"), await _of(desk, number))


async def appoint(desk: Desk, user_id: int, *, moderator: bool) -> Done:
    """Name a moderator, who hears of it, or no longer. Raises UserError for a stranger."""
    person = await desk.known(user_id)
    await desk.office.name_moderator(desk.tx, user_id, moderator=moderator)
    is_news = moderator and not person.moderator
    told = [SendMessage(chat_id=user_id, text=desk.words_of(person)("panel-you-moderate"))] if is_news else []
    return Done(desk.t("panel-named" if moderator else "panel-dismissed"), await pages.card_of(desk, user_id), told)


async def maintain(desk: Desk, *, on: bool) -> Done:
    """Begin or end maintenance."""
    await desk.office.maintain(desk.tx, on=on)
    return Done(desk.t("panel-closed" if on else "panel-opened"), await pages.home(desk))


async def _press_ban(desk: Desk, press: AdminButton) -> Done:
    user_id, seconds = pages.number_of(press), _among(press.value, BANS)
    return Done("", await ask_ban(desk, Ban(user_id, seconds or None, "")))


async def _press_unban(desk: Desk, press: AdminButton) -> Done:
    return await unban(desk, pages.number_of(press))


async def _press_forgive(desk: Desk, press: AdminButton) -> Done:
    return await forgive(desk, pages.number_of(press))


async def _press_grant(desk: Desk, press: AdminButton) -> Done:
    number, (amount, mark) = pages.number_of(press), _pressed(press, GIFTS)
    return await give(desk, number, amount, f"grant:{desk.person.user_id}:{number}:{amount}:{mark}")


async def _press_take(desk: Desk, press: AdminButton) -> Done:
    amount, _ = _pressed(press, TAKINGS)
    return Done("", await ask_take(desk, pages.number_of(press), amount))


async def _press_limit(desk: Desk, press: AdminButton) -> Done:
    daily = None if press.value == DEFAULT else _among(press.value, LIMITS)
    return await set_limit(desk, pages.number_of(press), daily)


async def _press_allow(desk: Desk, press: AdminButton) -> Done:
    return await let_in(desk, pages.number_of(press))


async def _press_disallow(desk: Desk, press: AdminButton) -> Done:
    return Done("", await ask_let_out(desk, pages.number_of(press)))


async def _press_name(desk: Desk, press: AdminButton) -> Done:
    return await appoint(desk, pages.number_of(press), moderator=press.what == "name")


async def _press_close(desk: Desk, _press: AdminButton) -> Done:
    return Done("", await ask_close(desk))


async def _press_open(desk: Desk, _press: AdminButton) -> Done:
    return await maintain(desk, on=False)


async def _press_do(desk: Desk, press: AdminButton) -> Done:
    """Do what was asked about, once. Who may is looked up anew."""
    asked = await audit.answered(desk.tx, press.subject, desk.person.user_id, desk.now - FRESH_SECONDS)
    if asked is None or asked.action not in AGREED:
        raise UserError("panel-asked-before")
    role, deed = AGREED[asked.action]
    desk.require(role)
    return await deed(desk, asked, press.subject)


async def _press_leave(desk: Desk, press: AdminButton) -> Done:
    asked = await audit.answered(desk.tx, press.subject, desk.person.user_id, desk.now - FRESH_SECONDS)
    return Done(desk.t("panel-left-alone"), await _whence(desk, asked))


async def _whence(desk: Desk, asked: Ask | None) -> View:
    """Whom or what a question was about; the first page where that is nobody whom we know."""
    if asked is None or asked.action not in ABOUT_SOMEBODY:
        return await pages.home(desk)
    try:
        return await _of(desk, int(asked.subject))
    except UserError:
        return await pages.home(desk)


async def _do_ban(desk: Desk, asked: Ask, _ask_id: str) -> Done:
    ban = Ban(int(asked.subject), int(asked.detail) if asked.detail else None, asked.reason)
    person = await users.get(desk.tx, ban.user_id) or Person(ban.user_id)
    _require_below(desk, person)
    stopped = await desk.office.ban(desk.tx, ban)
    t = desk.words_of(person)
    said = desk.t("panel-banned", person=asked.subject, pictures=len(stopped))
    return Done(
        said,
        await pages.card_of(desk, ban.user_id),
        [renewed(each, notes.note(t, each, Standing())) for each in stopped if each.note_id or each.inline_id],
    )


async def _do_disallow(desk: Desk, asked: Ask, _ask_id: str) -> Done:
    number = int(asked.subject)
    await desk.office.let_in(desk.tx, number, allowed=False)
    said = desk.t("admin-disallowed" if number > 0 else "admin-chat-disallowed", number=asked.subject)
    if number > 0:
        return Done(said, await _of(desk, number))
    is_group = desk.kinds.is_group(number)
    gone = await farewell(desk.tx, desk.texts, number, leaves=desk.leaves, says=is_group)
    return Done(said, await _of(desk, number), gone)


async def _do_take(desk: Desk, asked: Ask, ask_id: str) -> Done:
    number = int(asked.subject)
    taken = await desk.office.take(desk.tx, number, int(asked.detail), f"take:{ask_id}", asked.reason)
    return Done(desk.t("panel-taken", credits=taken), await _of(desk, number))


async def _do_close(desk: Desk, _asked: Ask, _ask_id: str) -> Done:
    return await maintain(desk, on=True)


DEEDS: Mapping[str, tuple[Role, Deed]] = {
    "ban": (Role.MODERATOR, _press_ban),
    "unban": (Role.MODERATOR, _press_unban),
    "forgive": (Role.MODERATOR, _press_forgive),
    "do": (Role.MODERATOR, _press_do),
    "leave": (Role.MODERATOR, _press_leave),
    "grant": (Role.ADMIN, _press_grant),
    "take": (Role.ADMIN, _press_take),
    "limit": (Role.ADMIN, _press_limit),
    "allow": (Role.ADMIN, _press_allow),
    "disallow": (Role.ADMIN, _press_disallow),
    "name": (Role.ADMIN, _press_name),
    "dismiss": (Role.ADMIN, _press_name),
    "close": (Role.ADMIN, _press_close),
    "open": (Role.ADMIN, _press_open),
}
# Questions whose subject is the number of a person or a group.
ABOUT_SOMEBODY = ("ban", "take", "disallow")
AGREED: Mapping[str, tuple[Role, Callable[[Desk, Ask, str], Awaitable[Done]]]] = {
    "ban": (Role.MODERATOR, _do_ban),
    "take": (Role.ADMIN, _do_take),
    "close": (Role.ADMIN, _do_close),
    "disallow": (Role.ADMIN, _do_disallow),
}


async def _asked(desk: Desk, ask: Ask, text: str, yes: str) -> View:
    ask_id = await audit.ask(desk.tx, desk.person.user_id, ask, desk.now, FRESH_SECONDS)
    words = f"{text} {desk.t('panel-because', reason=ask.reason)}" if ask.reason else text
    return Text(words), keyboards.sure(desk.t, desk.t(yes), ask_id)


async def _of(desk: Desk, number: int) -> View:
    return await (pages.card_of(desk, number) if number > 0 else pages.group_of(desk, number))


def _require_below(desk: Desk, person: Person) -> None:
    if not desk.roles.may_decide_about(desk.role, person):
        raise UserError("panel-not-about-them")


def _among(value: str, offered: tuple[int, ...]) -> int:
    """What a button says, where it is on offer. Raises UserError."""
    if value not in map(str, offered):
        raise UserError("imagine-old-button")
    return int(value)


def _pressed(press: AdminButton, offered: tuple[int, ...]) -> tuple[int, str]:
    found = pressed(press.value)
    if found is None or found[0] not in offered:
        raise UserError("imagine-old-button")
    return found
