"""The buttons of the panel. Pure: what is so in, keyboard out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from aiogram.enums import ButtonStyle
from aiogram.filters.callback_data import CallbackData
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

from bot.admin.panel.rules import BANS, DAY, DEFAULT, GIFTS, LIMITS, TAKINGS
from bot.admin.rules import Role
from bot.imagine.keyboards import CHOSEN, stacked
from bot.texts import Translator
from bot.users.rules import Person

COLUMNS = 2


class AdminButton(CallbackData, prefix="adm"):
    """A press in the panel: `what` is opened or done, about `subject`, a person, a group or a question.

    It says nothing about who may: that is looked up at each press.
    """

    what: str
    subject: str = ""
    value: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the first page: the sentence on its button, what the button carries, and from which role on."""

    label: str
    data: str
    role: Role


ENTRIES = (
    Entry("panel-people", AdminButton(what="people").pack(), Role.MODERATOR),
    Entry("panel-groups", AdminButton(what="groups").pack(), Role.ADMIN),
    Entry("panel-access", AdminButton(what="access").pack(), Role.ADMIN),
    Entry("panel-audit", AdminButton(what="audit").pack(), Role.ADMIN),
    Entry("panel-commands", AdminButton(what="commands").pack(), Role.MODERATOR),
)
"""Those of the panel itself. Features with pages for admins bring theirs."""

# Ways to let somebody in or out, and what is so then.
WAYS = (("allow", True), ("disallow", False))

LISTS = {
    "members": "panel-members",
    "moderators": "panel-moderators",
    "banned": "panel-banned-people",
    "groups": "panel-groups",
}


def home(t: Translator, role: Role, others: Sequence[Entry], *, closed: bool) -> InlineKeyboardMarkup:
    """Everything that this role can open; `others` are the pages of features."""
    entries = [_carrying(t(each.label), each.data) for each in (*ENTRIES, *others) if role >= each.role]
    ways = [_button(t("panel-open" if closed else "panel-close"), "open" if closed else "close")]
    return stacked(*_columns(entries), ways if role >= Role.ADMIN else [], [_button(t("panel-refresh"), "home")])


def people(t: Translator, found: Sequence[tuple[int, str]], *, home: bool = True) -> InlineKeyboardMarkup:
    """Some people, each leading to their card, and the way to find others."""
    cards = [_button(name or str(number), "card", str(number)) for number, name in found]
    ways = [_button(t("panel-find"), "find")]
    return stacked(*_columns(cards), ways, [back(t)] if home else [])


def groups(t: Translator, found: Sequence[tuple[int, str]]) -> InlineKeyboardMarkup:
    """Some groups, each leading to its page."""
    return stacked(*_columns([_button(name or str(number), "group", str(number)) for number, name in found]), [back(t)])


def commands(t: Translator) -> InlineKeyboardMarkup:
    """The way back."""
    return stacked([back(t)])


def card(
    t: Translator, role: Role, person: Person, now: int, *, can_decide: bool, is_paused: bool
) -> InlineKeyboardMarkup:
    """What this role can do about a person."""
    number = str(person.user_id)
    banned = person.is_banned(now)
    ban = _button(t("panel-unban"), "unban", number) if banned else _button(t("panel-ban"), "bans", number)
    forgive = [_button(t("panel-forgive"), "forgive", number)] if is_paused else []
    rows = [[ban, *forgive] if can_decide else []]
    if role >= Role.ADMIN:
        rows += [_gifts(t, number, now), _takings(t, number, now), [_button(t("panel-limit"), "limits", number)]]
        let_in = ("panel-disallow", "disallow") if person.member else ("panel-allow", "allow")
        named = ("panel-dismiss", "dismiss") if person.moderator else ("panel-name", "name")
        rows.append([_button(t(label), what, number) for label, what in ([let_in, named] if can_decide else [named])])
    return stacked(*rows, [_button(t("panel-refresh"), "card", number), _button(t("panel-people"), "people")])


def forgotten(t: Translator, person: Person, now: int) -> InlineKeyboardMarkup:
    """A ban can be ended that outlasted all else."""
    unban = [_button(t("panel-unban"), "unban", str(person.user_id))] if person.is_banned(now) else []
    return stacked(unban, [_button(t("panel-people"), "people")])


def group(t: Translator, number: int, now: int, *, allowed: bool | None) -> InlineKeyboardMarkup:
    """What an admin can do about a group. `allowed` is None where nobody has let it in or out by number."""
    subject = str(number)
    ways = [_button(t(f"panel-{way}"), way, subject) for way, is_so in WAYS if allowed is not is_so]
    return stacked(
        _gifts(t, subject, now),
        _takings(t, subject, now),
        [_button(t("panel-limit-group"), "limits", subject)],
        ways,
        [back(t, "access")],
    )


def bans(t: Translator, user_id: int) -> InlineKeyboardMarkup:
    """For how long."""
    number = str(user_id)
    times = [
        _button(t("panel-days", days=seconds // DAY) if seconds else t("panel-for-good"), "ban", number, str(seconds))
        for seconds in BANS
    ]
    return stacked(*_columns(times), [back(t, "card", number)])


def limits(t: Translator, number: int, chosen: int | None) -> InlineKeyboardMarkup:
    """How many credits a day."""
    subject = str(number)
    usual = _limit(
        t("panel-limit-usual" if number > 0 else "panel-limit-none"), subject, DEFAULT, chosen=chosen is None
    )
    some = [_limit(str(each), subject, str(each), chosen=each == chosen) for each in LIMITS]
    return stacked([usual], *_columns(some, 4), [back(t, "card" if number > 0 else "group", subject)])


def sure(t: Translator, label: str, ask_id: str) -> InlineKeyboardMarkup:
    """Yes, or leave it."""
    yes = _button(label, "do", ask_id, style=ButtonStyle.DANGER)
    return stacked([yes, _button(t("panel-leave-it"), "leave", ask_id)])


def access(t: Translator) -> InlineKeyboardMarkup:
    """The lists of who may what."""
    return stacked(*_columns([_button(t(label), "list", kind) for kind, label in LISTS.items()]), [back(t)])


def listed(t: Translator, kind: str, found: Sequence[tuple[int, str]], after: int | None) -> InlineKeyboardMarkup:
    """One page of a list; `after` which number the next one begins, None where this is the last."""
    cards = [_button(name or str(number), "card" if number > 0 else "group", str(number)) for number, name in found]
    turn = [] if after is None else [_button("→", "list", kind, str(after))]
    return stacked(*_columns(cards), turn, [back(t, "access")])


def decisions(t: Translator, before: int | None) -> InlineKeyboardMarkup:
    """Older lines of the audit, where there are any."""
    older = [] if before is None else [_button(t("panel-older"), "audit", str(before))]
    return stacked(older, [back(t)])


def life(t: Translator, role: Role, generation_id: str, user_id: int, *, has_words: bool) -> InlineKeyboardMarkup:
    """What can be looked at beside the life of a picture. A deleted one has no words any more."""
    person = [_button(t("panel-person"), "card", str(user_id))] if user_id > 0 else []
    words = [_button(t("why-words"), "words", generation_id)] if role >= Role.OWNER and has_words else []
    return stacked([*person, *words])


def back(t: Translator, what: str = "home", subject: str = "") -> InlineKeyboardButton:
    """To another page of the panel, at first the first."""
    return _button(t("imagine-back"), what, subject)


def _gifts(t: Translator, subject: str, now: int) -> list[InlineKeyboardButton]:
    return [_button(t("panel-give", credits=each), "grant", subject, f"{each}-{now}") for each in GIFTS]


def _takings(t: Translator, subject: str, now: int) -> list[InlineKeyboardButton]:
    return [_button(t("panel-take", credits=each), "take", subject, f"{each}-{now}") for each in TAKINGS]


def _limit(label: str, subject: str, value: str, *, chosen: bool) -> InlineKeyboardButton:
    style = ButtonStyle.PRIMARY if chosen else None
    return _button(CHOSEN + label if chosen else label, "limit", subject, value, style=style)


def _button(
    text: str, what: str, subject: str = "", value: str = "", style: ButtonStyle | None = None
) -> InlineKeyboardButton:
    return _carrying(text, AdminButton(what=what, subject=subject, value=value).pack(), style)


def _carrying(text: str, data: str, style: ButtonStyle | None = None) -> InlineKeyboardButton:
    return InlineKeyboardButton(text=text, callback_data=data, style=style)


def _columns(buttons: Sequence[InlineKeyboardButton], width: int = COLUMNS) -> Iterable[Sequence[InlineKeyboardButton]]:
    return (buttons[start : start + width] for start in range(0, len(buttons), width))
