"""What the pages of the panel say. Pure: what is so in, text out."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from aiogram.utils.formatting import Bold, BotCommand, Code, Text, as_line, as_list

from bot.admin.panel.rules import Figures, Work
from bot.admin.rules import Role
from bot.admin.store import Decision
from bot.chats.rules import Chat
from bot.presets.rules import KEY
from bot.quota.rules import Balance
from bot.texts import Translator, cut_utf16
from bot.users.rules import Person

# Letters that the detail of a decision takes of a page of them: the words of a preset are long.
ROOM = 300
# What stands for somebody who was forgotten.
MARK = re.compile(r"[0-9a-f]{64}")
STANDINGS = {True: "panel-group-in", None: "panel-group-out", False: "panel-group-turned-out"}
ROLES = {Role.MODERATOR: "panel-is-moderator", Role.ADMIN: "panel-is-admin", Role.OWNER: "panel-is-owner"}


@dataclass(frozen=True, slots=True)
class About:
    """What is known of a person. `groups` are those where they drew lately, `why` they were shut out.

    `paused_until` in Unix seconds, where too much of what they asked for was refused.
    """

    person: Person
    name: str
    role: Role
    balance: Balance
    daily: int
    drawn: int
    work: Work
    groups: Sequence[str]
    why: str
    paused_until: int | None


def home(t: Translator, figures: Figures, *, closed: bool) -> Text:
    """Today at a glance."""
    lines = [
        t("panel-figures-pictures", pictures=figures.pictures, failures=figures.failures),
        t("panel-figures-people", people=figures.people),
        t("panel-figures-credits", credits=figures.credits),
        t("panel-figures-queue", queued=figures.queued, drawing=figures.drawing),
        *([t("review-open", reports=figures.unseen)] if figures.unseen else []),
    ]
    return as_list(Bold(t("panel-title")), *([t("panel-closed")] if closed else []), *lines)


def commands(t: Translator, names: Iterable[str]) -> Text:
    """What can be typed, and what for."""
    lines = (as_line(BotCommand(f"/{name}"), " – ", t(f"command-{name}"), end="") for name in names)
    return as_list(Bold(t("panel-commands")), *lines)


def card(t: Translator, about: About, now: int) -> Text:
    """A person."""
    person, balance = about.person, about.balance
    head = Text(Bold(about.name or t("panel-person")), " ", Code(str(person.user_id)))
    lines = [
        *([t(ROLES[about.role])] if about.role in ROLES else []),
        t("panel-is-member" if person.member else "panel-is-no-member"),
        *_shut_out(t, person, about.why, now),
        *([t("panel-is-paused", when=utc(about.paused_until))] if about.paused_until else []),
        *([t("panel-is-gone")] if person.gone else []),
        t("panel-balance", left=balance.left, kept=balance.kept, held=balance.held),
        t("panel-daily", daily=about.daily) if person.daily is None else t("panel-own-daily", daily=about.daily),
        t("panel-drawn", pictures=about.drawn),
        *(
            [t("panel-waiting", pictures=about.work.pictures, credits=about.work.credits)]
            if about.work.pictures
            else []
        ),
        *([t("panel-draws-in", groups=", ".join(about.groups))] if about.groups else []),
    ]
    return as_list(head, *lines)


def forgotten(t: Translator, person: Person, now: int) -> Text:
    """Somebody of whom nothing is known any more but this."""
    limit = [] if person.daily is None else [t("panel-own-daily", daily=person.daily)]
    return as_list(t("panel-forgotten", person=str(person.user_id)), *_shut_out(t, person, "", now), *limit)


def group(t: Translator, chat: Chat, name: str, left: int, drawn: int) -> Text:
    """A group."""
    head = Text(Bold(name or t("panel-group")), " ", Code(str(chat.chat_id)))
    return as_list(
        head,
        t(STANDINGS[chat.allowed]),
        t("panel-group-pot", left=left),
        t("panel-group-free") if chat.daily is None else t("panel-group-daily", daily=chat.daily),
        t("panel-drawn", pictures=drawn),
    )


def decisions(t: Translator, found: Sequence[Decision]) -> Text:
    """Lines of the audit."""
    lines = [_decision(t, each) for each in found]
    return as_list(Bold(t("panel-audit")), *(lines or [t("panel-no-decisions")]))


def life(
    t: Translator,
    row: Mapping[str, Any],
    jobs: Iterable[Mapping[str, Any]],
    entries: Iterable[Mapping[str, Any]],
) -> Text:
    """The whole life of a picture in the order of time, without the words of its person."""
    steps = sorted([*_steps(t, row), *(_entry(t, each) for each in entries)], key=lambda step: step[0])
    return as_list(
        Text(Bold(t("why-title")), " ", Code(row["generation_id"])),
        t("why-status", status=t(f"why-is-{row['status']}"), model=row["model"], price=row["price"]),
        *_troubles(t, row),
        *(f"{utc(at, seconds=True)} {said}" for at, said in steps),
        *(_job(t, each) for each in jobs),
    )


def utc(at: int, *, seconds: bool = False) -> str:
    """A time as admins read it."""
    return f"{datetime.fromtimestamp(at, UTC):{'%Y-%m-%d %H:%M:%S' if seconds else '%Y-%m-%d %H:%M'}} UTC"


def _shut_out(t: Translator, person: Person, why: str, now: int) -> list[str]:
    if not person.is_banned(now):
        return []
    until = person.banned_until
    said = t("panel-is-banned-until", when=utc(until)) if until else t("panel-is-banned")
    return [f"{said} {t('panel-because', reason=why)}" if why else said]


def _decision(t: Translator, decision: Decision) -> str:
    who, about, detail = str(decision.admin_id), _called(t, decision.subject), _called(t, decision.detail)
    did = t(f"panel-did-{decision.action}", subject=about, detail=cut_utf16(detail, ROOM))
    why = f" {t('panel-because', reason=decision.reason)}" if decision.reason else ""
    return f"{utc(decision.at)} · {who}: {did}{why}"


def _called(t: Translator, word: str) -> str:
    """What a decision is about: a preset by its name, and nobody by the mark of whoever was forgotten."""
    if word.startswith(KEY):
        return t("panel-preset", preset=word.removeprefix(KEY))
    return t("panel-somebody-forgotten") if MARK.fullmatch(word) else word or "–"


def _steps(t: Translator, row: Mapping[str, Any]) -> Iterable[tuple[int, str]]:
    where = t("why-in-private") if row["chat_id"] > 0 else t("why-in-group", chat=str(row["chat_id"]))
    asked = t("why-asked", person=str(row["user_id"]), where=t("why-inline") if row["inline_id"] else where)
    yield row["created_at"], f"{asked} {t('why-after', parent=row['parent_id'])}" if row["parent_id"] else asked
    if row["started_at"]:
        yield row["started_at"], t("why-started")
    if row["ended_at"]:
        yield row["ended_at"], t("why-ended", status=t(f"why-is-{row['status']}"))
    if row["deleted_at"]:
        yield row["deleted_at"], t("why-deleted")


def _troubles(t: Translator, row: Mapping[str, Any]) -> Iterable[str]:
    """How it was drawn, and what went wrong."""
    if row["tries"]:
        yield t("why-tries", tries=row["tries"], seconds=round((row["draw_ms"] or 0) / 1000))
    if row["cause"]:
        yield t("why-cause", cause=t(f"stats-cause-{row['cause']}"), id=row["error_id"] or "–")
    if row["interrupted"]:
        yield t("why-interrupted")
    if row["fenced"]:
        yield t("why-unsure")


def _entry(t: Translator, row: Mapping[str, Any]) -> tuple[int, str]:
    amount, who = row["daily"] + row["kept"], str(row["user_id"])
    return row["at"], t("why-entry", what=t(f"why-{row['kind']}"), credits=amount, account=who)


def _job(t: Translator, row: Mapping[str, Any]) -> str:
    key = "why-job-held" if row["leased_until"] else "why-job"
    return t(key, kind=row["kind"], tries=row["attempts"], due=utc(row["due_at"], seconds=True))
