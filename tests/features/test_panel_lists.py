"""Moderators, groups, and reasons: who is named, what they see, what is let out, and the line that stays of it."""

from typing import Any

import pytest

from bot.admin.panel import store
from bot.sandbox.people import Person, Talk
from bot.sandbox.server import Sandbox
from bot.storage.database import Database
from bot.telegram import profile
from tests.features.test_panel import audit, drawn, forged, pressed, said
from tests.house import ADMIN, House
from tests.waiting import until

pytestmark = pytest.mark.usefixtures("patient_telegram")


@pytest.fixture
def ada(sandbox: Sandbox) -> Person:
    """Who runs the bot."""
    return sandbox.person("Ada", user_id=ADMIN, language="en")


@pytest.fixture
def desk(running: House, ada: Person) -> Talk:
    """Her private chat with the bot."""
    return ada.private(running.bot)


@pytest.mark.parametrize(
    ("query", "begins"),
    [
        (store.SQL.ended, "SEARCH generations USING COVERING INDEX generations_ended"),
        (store.SQL.lately, "SEARCH generations USING COVERING INDEX generations_ended"),
        (store.SQL.lately_in, "SEARCH generations USING COVERING INDEX generations_chat"),
        (store.SQL.unseen, "SCAN reviews"),
    ],
)
async def test_no_page_looks_at_each_picture_that_ever_was(database: Database, query: Any, begins: str) -> None:
    """However many there were: everybody else waits to write for as long as a page is put together."""
    async with database.read() as tx:
        plan = await tx.fetch(f"EXPLAIN QUERY PLAN {query.sql}", {"since": 0, "limit": 8})
    assert next(row["detail"] for row in plan if row["detail"].startswith(("SEARCH", "SCAN"))).startswith(begins)


async def menu(house: House, user_id: int) -> list[str]:
    """What a person sees when they type a slash."""
    commands = await house.app.ground.api.call("getMyCommands", scope={"type": "chat", "chat_id": user_id})
    return [command["command"] for command in commands]


async def test_a_moderator_is_named_by_command_has_a_menu_of_their_own_and_loses_it(
    running: House, anna: Person, chat: Talk, desk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(profile, "LOOK", 0.05)
    await running.restart()
    await said(chat, "/me", "20")
    await said(chat, f"/moderator {anna.user_id}", "20")
    await said(desk, "/moderator", "Whom?")
    await said(desk, f"/moderator {anna.user_id}", "Named a moderator")

    async def has_it() -> bool:
        names = await menu(running, anna.user_id)
        return "ban" in names and "grant" not in names

    await until(has_it, "a menu for moderators")
    page = await said(chat, "/admin", "Today")
    await chat.press("What you can type", page)
    page = await chat.until(lambda talk: next((one for one in talk.answers if "/unban" in one.text), None))
    assert "/limit" not in page.text
    await said(chat, f"/moderator {anna.user_id} off", "more rights")
    await said(desk, f"/moderator {anna.user_id} off", "No moderator any more")

    async def has_none() -> bool:
        return await menu(running, anna.user_id) == []

    await until(has_none, "the menu of everybody")
    assert [line[1] for line in await audit(running)] == ["name", "dismiss"]


async def test_groups_where_something_was_drawn_are_found_without_their_number(
    running: House, anna: Person, ada: Person, desk: Talk, sandbox: Sandbox
) -> None:
    page = await said(desk, "/admin", "Today")
    group = sandbox.group("Friends", anna, ada, running.bot)
    here = anna.at(group)
    await drawn(here)
    await running.quiet()
    await desk.press("Groups", page)
    await desk.until(lambda talk: any("Where I drew" in one.text for one in talk.answers))
    label = next(one.text for row in desk.message(page.message_id).keyboard for one in row if one.text != "« Back")
    assert label in ("Friends", str(group.chat_id))
    card = await pressed(desk, label, "Not let in by number")
    assert "Pictures in the last week: 1" in card.text
    assert card.button("Let in")
    assert card.button("Let out")
    await pressed(desk, "Limit of the day…", "How many credits a day")
    await pressed(desk, "5", "May spend a day: 5")


async def test_a_group_is_let_out_after_a_question_with_counts_and_hears_of_it(
    running: House, anna: Person, ada: Person, desk: Talk, sandbox: Sandbox
) -> None:
    group = sandbox.group("Friends", anna, ada, running.bot)
    here = anna.at(group)
    await drawn(here)
    await running.quiet()
    await said(desk, f"/allow {group.chat_id}", "may draw now")
    await said(desk, f"/find {group.chat_id}", "Let in")
    question = await pressed(desk, "Let out", "Pictures drawn there in the last week: 1")
    assert len(await audit(running)) == 1
    page = await pressed(desk, "Let them out", "Let out: I draw nothing there")
    assert page.button("Let in")
    assert not page.button("Let out")
    await here.until(lambda talk: any("does not let me draw" in one.text for one in talk.answers))
    await forged(desk, question.keyboard[0][0].data, question)
    assert [line[1] for line in await audit(running)] == ["allow", "disallow"]


async def test_every_decision_has_one_line_with_its_reason(
    running: House, anna: Person, chat: Talk, desk: Talk
) -> None:
    await said(chat, "/me", "20")
    await said(desk, f"/grant {anna.user_id} 5 for the poster", "5 credits given")
    await said(desk, f"/unban {anna.user_id} it was a mistake", "may write to me again")
    await said(desk, "/audit", "Reason: for the poster")
    assert [line[1:] for line in await audit(running)] == [
        ("grant", str(anna.user_id), "5", "for the poster"),
        ("unban", str(anna.user_id), "", "it was a mistake"),
    ]
