"""The pages of the panel: what each looks up and shows."""

from collections.abc import Awaitable, Callable, Mapping, Sequence

from aiogram.utils.formatting import Text

from bot.admin import store as audit
from bot.admin.panel import keyboards, store, views
from bot.admin.panel.handlers.desk import Desk, View
from bot.admin.panel.keyboards import LISTS, AdminButton
from bot.admin.panel.rules import DAY, PER_PAGE, subject
from bot.admin.panel.service import MAINTENANCE
from bot.admin.rules import COMMANDS, FIGURES, FOR_MODERATORS, FRESH_SECONDS, Role
from bot.admin.store import Ask
from bot.chats import store as chats
from bot.errors import UserError
from bot.moderation import store as moderation
from bot.quota.rules import day_at
from bot.users import store as users
from bot.users.rules import Person

WEEK = 7 * DAY
MOST_GROUPS = 5
FIND = "find"
# Below every number that a group can have.
FIRST = -(2**62)

Page = Callable[[Desk, AdminButton], Awaitable[View]]


async def home(desk: Desk, _press: AdminButton | None = None) -> View:
    """Today at a glance, and everything that can be opened."""
    figures = await store.figures(desk.tx, day_at(desk.now, desk.office.ledger.zone))
    closed = await audit.is_on(desk.tx, MAINTENANCE)
    return views.home(desk.t, figures, closed=closed), keyboards.home(desk.t, desk.role, desk.entries, closed=closed)


async def people(desk: Desk, _press: AdminButton) -> View:
    """Who drew lately."""
    found = await store.lately(desk.tx, desk.now - DAY, PER_PAGE)
    return Text(desk.t("panel-people-lately" if found else "panel-people-none")), keyboards.people(
        desk.t, _named(desk, found)
    )


async def groups(desk: Desk, _press: AdminButton) -> View:
    """Where something was drawn lately."""
    found = await store.lately_in(desk.tx, desk.now - WEEK, PER_PAGE)
    text = desk.t("panel-groups-lately" if found else "panel-groups-none")
    return Text(text), keyboards.groups(desk.t, _named(desk, found))


async def commands(desk: Desk, _press: AdminButton) -> View:
    """What can be typed."""
    names = (*COMMANDS, *FIGURES) if desk.role >= Role.ADMIN else FOR_MODERATORS
    return views.commands(desk.t, names), keyboards.commands(desk.t)


async def find(desk: Desk, _press: AdminButton | None = None) -> View:
    """Ask whom; the next words, or the next forwarded message, are the answer."""
    await audit.ask(desk.tx, desk.person.user_id, Ask(FIND, "", "", ""), desk.now, FRESH_SECONDS)
    return Text(desk.t("panel-whom")), keyboards.people(desk.t, [])


async def found(desk: Desk, words: str) -> View:
    """The card of a person named by number, or everybody of that name. Raises UserError where there is nobody."""
    if (number := subject(words.strip())) is not None:
        return await (card_of(desk, number) if number > 0 else group_of(desk, number))
    numbers = desk.faces.find(words, PER_PAGE)
    if not numbers:
        raise UserError("panel-nobody")
    if len(numbers) == 1:
        return await card_of(desk, numbers[0])
    return Text(desk.t("panel-several")), keyboards.people(desk.t, _named(desk, numbers))


async def card(desk: Desk, press: AdminButton) -> View:
    """A person. Raises UserError."""
    return await card_of(desk, number_of(press))


async def card_of(desk: Desk, user_id: int) -> View:
    """A person by number; of whoever was forgotten what outlasts that. Raises UserError for a stranger."""
    person = await desk.remembered(user_id)
    if await users.get(desk.tx, user_id) is None:
        return views.forgotten(desk.t, person, desk.now), keyboards.forgotten(desk.t, person, desk.now)
    about = await _about(desk, person)
    can_decide = desk.roles.may_decide_about(desk.role, person)
    buttons = keyboards.card(
        desk.t, desk.role, person, desk.now, can_decide=can_decide, is_paused=about.paused_until is not None
    )
    return views.card(desk.t, about, desk.now), buttons


async def group(desk: Desk, press: AdminButton) -> View:
    """A group. Raises UserError."""
    return await group_of(desk, number_of(press))


async def group_of(desk: Desk, number: int) -> View:
    """A group by number, as an admin sees it. Raises UserError."""
    desk.require(Role.ADMIN)
    chat = await chats.get(desk.tx, number)
    drawn = await store.drawn_in(desk.tx, number, desk.now - WEEK)
    left = await desk.office.left(desk.tx, number) if chat.pot_id else 0
    text = views.group(desk.t, chat, desk.faces.name(number), left, drawn)
    return text, keyboards.group(desk.t, number, desk.now, allowed=chat.allowed)


async def bans(desk: Desk, press: AdminButton) -> View:
    """For how long. Raises UserError."""
    number = number_of(press)
    return Text(desk.t("panel-how-long", person=str(number))), keyboards.bans(desk.t, number)


async def limits(desk: Desk, press: AdminButton) -> View:
    """How many credits a day. Raises UserError."""
    number = number_of(press)
    own = (await chats.get(desk.tx, number)).daily if number < 0 else (await desk.known(number)).daily
    return Text(desk.t("panel-limit-how-many")), keyboards.limits(desk.t, number, own)


async def access(desk: Desk, _press: AdminButton) -> View:
    """The lists of who may what."""
    return Text(desk.t("panel-access-lists")), keyboards.access(desk.t)


async def listed(desk: Desk, press: AdminButton) -> View:
    """One page of such a list."""
    kind = press.subject if press.subject in LISTS else "members"
    after = subject(press.value)
    numbers = list(await audit.marked(desk.tx, kind, FIRST if after is None else after, PER_PAGE + 1))
    shown = numbers[:PER_PAGE]
    title = desk.t(LISTS[kind]) if shown else desk.t("panel-list-empty")
    following = shown[-1] if len(numbers) > PER_PAGE else None
    return Text(title), keyboards.listed(desk.t, kind, _named(desk, shown), following)


async def decisions(desk: Desk, press: AdminButton | None = None) -> View:
    """The latest decisions."""
    before = subject(press.subject) if press else None
    found = await audit.decisions(desk.tx, PER_PAGE + 1, before)
    following = found[PER_PAGE - 1][0] if len(found) > PER_PAGE else None
    text = views.decisions(desk.t, [decision for _, decision in found[:PER_PAGE]])
    return text, keyboards.decisions(desk.t, following)


PAGES: Mapping[str, tuple[Role, Page]] = {
    "home": (Role.MODERATOR, home),
    "people": (Role.MODERATOR, people),
    "find": (Role.MODERATOR, find),
    "groups": (Role.ADMIN, groups),
    "commands": (Role.MODERATOR, commands),
    "card": (Role.MODERATOR, card),
    "bans": (Role.MODERATOR, bans),
    "limits": (Role.ADMIN, limits),
    "group": (Role.ADMIN, group),
    "access": (Role.ADMIN, access),
    "list": (Role.ADMIN, listed),
    "audit": (Role.ADMIN, decisions),
}


def number_of(press: AdminButton) -> int:
    """The person or group that a button is about. Raises UserError for what no button of ours carries."""
    number = subject(press.subject)
    if number is None:
        raise UserError("imagine-old-button")
    return number


async def _about(desk: Desk, person: Person) -> views.About:
    tx, user_id, ledger = desk.tx, person.user_id, desk.office.ledger
    since = desk.now - WEEK
    last = await audit.last_about(tx, "ban", str(user_id)) if person.is_banned(desk.now) else None
    groups = await store.groups_of(tx, user_id, since, MOST_GROUPS)
    return views.About(
        person,
        desk.faces.name(user_id),
        desk.roles.of(person),
        await ledger.balance(tx, user_id),
        await ledger.daily(tx, user_id),
        await store.drawn_for(tx, user_id, since),
        await store.work_of(tx, user_id),
        [name or str(number) for number, name in _named(desk, groups)],
        last.reason if last else "",
        await moderation.paused_until(tx, user_id, desk.now),
    )


def _named(desk: Desk, numbers: Sequence[int]) -> list[tuple[int, str]]:
    return [(number, desk.faces.name(number)) for number in numbers]
