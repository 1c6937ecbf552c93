"""The day of those who run the bot: /admin, people, bans, credits, limits, maintenance, /why; on the wire."""

from typing import Any

import pytest

from bot.sandbox.people import Person, Talk
from bot.sandbox.server import Sandbox
from tests.house import ADMIN, House

pytestmark = pytest.mark.usefixtures("patient_telegram")

OTHER_ADMIN = ADMIN + 1


@pytest.fixture
def ada(sandbox: Sandbox) -> Person:
    """Who runs the bot."""
    return sandbox.person("Ada", user_id=ADMIN, language="en")


@pytest.fixture
def desk(running: House, ada: Person) -> Talk:
    """Her private chat with the bot."""
    return ada.private(running.bot)


async def said(talk: Talk, words: str, answer: str) -> Any:
    """Say it, and wait for an answer with these words."""
    await talk.say(words)
    return await talk.until(lambda chat: next((one for one in chat.answers if answer in one.text), None))


async def pressed(talk: Talk, label: str, answer: str) -> Any:
    """Press it, and wait until a message holds these words."""
    await talk.until(lambda chat: any(one.button(label) for one in chat.answers))
    await talk.press(label)
    return await talk.until(lambda chat: next((one for one in chat.answers if answer in one.text), None))


def pictures(talk: Talk) -> list[Any]:
    """What was drawn there."""
    return [one for one in talk.answers if one.photo]


async def answered(talk: Talk, count: int) -> None:
    """Wait until the bot has written so many messages."""
    await talk.until(lambda chat: len(chat.answers) >= count)


async def drawn(talk: Talk) -> None:
    """Get a picture."""
    await talk.say("/imagine a red fox")
    await talk.until(lambda chat: pictures(chat))


async def forged(talk: Talk, data: str, message: Any) -> str:
    """Press what may not be there; what comes up."""
    query = talk.press_data(data, message)
    await talk.until(lambda _: query.answer is not None)
    assert query.answer is not None
    return str(query.answer.get("text", ""))


async def audit(house: House) -> list[tuple[Any, ...]]:
    """Who decided what."""
    rows = await house.rows("SELECT admin_id, action, subject, detail, reason FROM audit ORDER BY audit_id")
    return [tuple(row.values()) for row in rows]


async def test_the_first_page_tells_today_and_leads_to_people(
    running: House, anna: Person, chat: Talk, desk: Talk
) -> None:
    await drawn(chat)
    await running.quiet()
    page = await said(desk, "/admin", "Today")
    assert "Pictures: 1, failed: 0" in page.text
    assert "People: 1" in page.text
    await pressed(desk, "People", "Who drew in the last day")
    page = await pressed(desk, "Anna", str(anna.user_id))
    assert "Pictures in the last week: 1" in page.text
    assert "Credits left: 19" in page.text


async def test_the_board_of_services_opens_in_the_panel(running: House, desk: Talk) -> None:
    await said(desk, "/admin", "Today")
    page = await pressed(desk, "Services", "Sketch")
    assert page.button("Look again")


async def test_nobody_else_finds_a_panel(chat: Talk, running: House) -> None:
    for words in ("/admin", "/ban 900000001", "/why 1", "/maintenance on", "/audit", "/find Ada", "/limit 1 1"):
        await chat.say(words)
    await chat.say("/me")
    await chat.until(lambda talk: any("credits" in one.text for one in talk.answers))
    assert not any("Today" in one.text or "Shut" in one.text for one in chat.answers)
    assert await audit(running) == []


async def test_a_press_of_the_panel_by_anybody_else_is_an_old_button(chat: Talk, running: House) -> None:
    await chat.say("/me")
    mine = await chat.until(lambda talk: talk.answers)
    for data in (f"adm:ban:{ADMIN}:0", f"adm:grant:{ADMIN}:50-1800000000", "adm:open::", "adm:home::", "adm:do:x:"):
        await forged(chat, data, mine[0])
    assert await audit(running) == []


async def test_people_are_found_by_number_by_name_and_by_a_forwarded_message(
    running: House, anna: Person, chat: Talk, desk: Talk
) -> None:
    await chat.say("/me")
    await chat.until(lambda talk: talk.answers)
    await said(desk, f"/find {anna.user_id}", "Pictures in the last week")
    await said(desk, "/find anN", "Anna")
    await said(desk, "/find nobody", "I find nobody of that name")
    await said(desk, "/find", "Whom?")
    origin = {"type": "user", "date": 1, "sender_user": {"id": anna.user_id, "is_bot": False, "first_name": "Anna"}}
    before = len(desk.answers)
    await desk.say("hello", forward_origin=origin)
    await desk.until(lambda talk: len(talk.answers) > before and "Credits left" in talk.answers[-1].text)
    await said(desk, "/find", "Whom?")
    await desk.say("hello", forward_origin={"type": "hidden_user", "date": 1, "sender_user_name": "A"})
    await desk.until(lambda talk: "hides who they are" in talk.answers[-1].text)


async def test_the_next_words_after_the_question_are_drawn_again(running: House, chat: Talk, desk: Talk) -> None:
    await said(desk, "/find", "Whom?")
    await said(desk, "Nobody Here", "I find nobody")
    await desk.say("a red fox")
    await desk.until(lambda talk: pictures(talk))


async def test_credits_are_given_once_for_a_double_tap_and_taken_after_a_question(
    running: House, anna: Person, chat: Talk, desk: Talk
) -> None:
    await chat.say("/me")
    await chat.until(lambda talk: talk.answers)
    page = await said(desk, f"/find {anna.user_id}", "Credits left: 20")
    button = next(one for row in page.keyboard for one in row if one.text == "+50")
    for _ in range(2):
        await forged(desk, button.data, page)
    await desk.until(lambda talk: any("Credits left: 70" in one.text for one in talk.answers))
    await said(desk, f"/grant {anna.user_id} -60 a slip", f"take from {anna.user_id}: 50. Take them?")
    await pressed(desk, "Take them", "Credits left: 20, of which stay: 0")
    await said(desk, f"/grant {anna.user_id} -1", "no credits that stay")
    assert await audit(running) == [
        (ADMIN, "grant", str(anna.user_id), "50", ""),
        (ADMIN, "take", str(anna.user_id), "50", "a slip"),
    ]


async def test_a_ban_stops_what_waits_gives_its_credits_back_and_ends_with_unban(
    house: House, anna: Person, ada: Person
) -> None:
    await house.start(workers=1, providers=house.slow(seconds=3))
    chat, desk = anna.private(house.bot), ada.private(house.bot)
    await chat.say("/imagine a red fox --n 3")
    await chat.until(lambda talk: len(talk.answers) == 3)
    await said(desk, f"/ban {anna.user_id} 2d too many at once", "stopped: 3; credits that go back: 3")
    await pressed(desk, "Shut out", "Reason: too many at once")
    await chat.until(lambda talk: sum("ancelled" in one.text for one in talk.answers) == 3)
    await said(chat, "/imagine a fox", "You can draw with me again from")
    assert (await house.rows("SELECT held FROM balances WHERE user_id = :id", id=anna.user_id)) == [{"held": 0}]
    await said(desk, f"/unban {anna.user_id}", "may write to me again")
    await said(chat, "/me", "20")
    assert [line[1:] for line in await audit(house)] == [
        ("ban", str(anna.user_id), "2d", "too many at once"),
        ("unban", str(anna.user_id), "", ""),
    ]


async def test_the_question_is_answered_once_and_only_by_who_was_asked(
    house: House, anna: Person, ada: Person, sandbox: Sandbox
) -> None:
    await house.start(admin_ids=(ADMIN, OTHER_ADMIN))
    other = sandbox.person("Bea", user_id=OTHER_ADMIN, language="en").private(house.bot)
    desk = ada.private(house.bot)
    question = await said(desk, f"/ban {anna.user_id}", "out for good?")
    yes = question.keyboard[0][0].data
    page = await said(other, "/admin", "Today")
    for talk, message, wanted in ((other, page, 0), (desk, question, 1), (desk, question, 1)):
        await forged(talk, yes, message)
        assert len(await audit(house)) == wanted


async def test_who_runs_the_bot_is_shut_out_by_nobody(house: House, ada: Person, sandbox: Sandbox) -> None:
    await house.start(admin_ids=(ADMIN, OTHER_ADMIN))
    desk = ada.private(house.bot)
    other = sandbox.person("Bea", user_id=OTHER_ADMIN, language="en").private(house.bot)
    await said(other, f"/ban {ADMIN}", "cannot be shut out")
    await said(other, f"/ban {OTHER_ADMIN}", "cannot be shut out")
    await said(desk, f"/ban {OTHER_ADMIN}", "cannot be shut out")
    assert await audit(house) == []


async def test_a_moderator_shuts_people_out_and_does_nothing_else(
    running: House, anna: Person, chat: Talk, desk: Talk, sandbox: Sandbox
) -> None:
    boris = sandbox.person("Boris", language="en").private(running.bot)
    for talk in (chat, boris):
        await talk.say("/me")
        await talk.until(lambda one: one.answers)
    await said(desk, f"/find {anna.user_id}", "Pictures in the last week")
    await pressed(desk, "Make moderator", "Moderator")
    await chat.until(lambda talk: any("look after people" in one.text for one in talk.answers))
    await said(chat, f"/ban {boris.user.user_id} 1h", "out until")
    await pressed(chat, "Shut out", "Shut out until")
    await said(chat, f"/ban {ADMIN}", "cannot be shut out")
    page = await said(chat, "/admin", "Today")
    labels = [one.text for row in page.keyboard for one in row]
    assert labels == ["People", "What you can type", "Refresh"]
    for data in (
        "close::",
        f"grant:{anna.user_id}:50-1800000000",
        f"name:{boris.user.user_id}:",
        "access::",
        "audit::",
    ):
        await forged(chat, f"adm:{data}", page)
    await said(chat, "/maintenance on", "more rights")
    await said(chat, f"/limit {anna.user_id} 500", "more rights")
    assert [line[:2] for line in await audit(running)] == [(ADMIN, "name"), (anna.user_id, "ban")]


async def test_a_limit_of_the_day_counts_for_a_person_from_their_next_day(
    running: House, anna: Person, chat: Talk, desk: Talk
) -> None:
    await said(desk, f"/limit {anna.user_id} 3", "never met")
    await chat.say("hello there", entities=[])
    await chat.until(lambda talk: pictures(talk))
    await said(desk, f"/limit {anna.user_id} 3", "their next day")
    await said(chat, "/me", "3 credits")
    await said(desk, f"/limit {anna.user_id} default", "A day: 20, as everybody")
    decided = await running.rows("SELECT action, detail FROM audit WHERE action = 'limit' ORDER BY audit_id")
    assert [row["detail"] for row in decided] == ["3", ""]


async def test_what_is_pressed_twice_is_one_line_of_the_audit(
    running: House, anna: Person, chat: Talk, desk: Talk
) -> None:
    await chat.say("/me")
    await chat.until(lambda talk: talk.answers)
    page = await said(desk, f"/find {anna.user_id}", "Pictures in the last week")
    await said(desk, f"/ban {anna.user_id} 1h", "Shut")
    await pressed(desk, "Shut out", "Shut out until")
    for deed in ("unban::", "name::", "dismiss::", "allow::", "limit::5", "limit::default"):
        for _ in range(2):
            await forged(desk, f"adm:{deed.replace('::', f':{anna.user_id}:')}", page)
    written = [line[1] for line in await audit(running)]
    assert written == ["ban", "unban", "name", "dismiss", "limit", "limit"]


async def test_a_group_draws_no_more_than_its_limit(
    running: House, anna: Person, ada: Person, desk: Talk, sandbox: Sandbox
) -> None:
    group = sandbox.group("Friends", anna, ada, running.bot)
    here = anna.at(group)
    await said(desk, f"/limit {group.chat_id} 1", "It counts from now on")
    await here.say("/imagine a fox")
    await here.until(lambda talk: pictures(talk))
    await said(here, "/imagine another fox", "all that it may draw today")


async def test_in_maintenance_only_admins_begin_and_what_waits_goes_on(house: House, anna: Person, ada: Person) -> None:
    await house.start(workers=1, providers=house.slow(seconds=1))
    chat, desk = anna.private(house.bot), ada.private(house.bot)
    await chat.say("/imagine a red fox")
    await chat.until(lambda talk: talk.answers)
    await said(desk, "/maintenance on", "Pictures on the way: 1")
    await pressed(desk, "Begin maintenance", "nobody but admins")
    await said(chat, "/imagine a second one", "being looked after")
    await chat.until(lambda talk: len(pictures(talk)) == 1)
    await drawn(desk)
    await house.restart()
    await said(chat, "a third one", "being looked after")
    await said(desk, "/maintenance off", "everybody draws again")
    await chat.say("/imagine a fourth one")
    await chat.until(lambda talk: len(pictures(talk)) == 2)
    assert [line[1] for line in await audit(house)] == ["close", "open"]


async def test_why_tells_the_life_of_a_picture_and_its_words_only_to_the_owner(
    house: House, anna: Person, ada: Person, sandbox: Sandbox
) -> None:
    await house.start(admin_ids=(ADMIN, OTHER_ADMIN))
    chat, desk = anna.private(house.bot), ada.private(house.bot)
    other = sandbox.person("Bea", user_id=OTHER_ADMIN, language="en").private(house.bot)
    await drawn(chat)
    await house.quiet()
    [row] = await house.rows("SELECT generation_id FROM generations")
    page = await said(desk, "/admin", "Today")
    for talk in (desk, other):
        page = await said(talk, f"/why {row['generation_id']}", "In the chat")
        assert "held 1" in page.text
        assert "spent 1" in page.text
        assert "Begun once" in page.text
        assert "red fox" not in page.text
    await forged(other, f"adm:words:{row['generation_id']}:", page)
    assert not any("red fox" in one.text for one in other.answers)
    await desk.press("Show the words")
    await desk.until(lambda talk: "red fox" in talk.answers[-1].text)
    assert await audit(house) == [(ADMIN, "words", row["generation_id"], "", "")]
    await said(desk, "/why nothing", "no such picture")


async def test_the_lists_and_the_decisions_can_be_looked_through(
    running: House, anna: Person, chat: Talk, desk: Talk
) -> None:
    for number in range(1, 12):
        await desk.say(f"/allow {number}")
    await said(desk, "/admin", "Today")
    await pressed(desk, "Who may draw", "Who may do what")
    await pressed(desk, "Members", "Members")
    await desk.press("→")
    await pressed(desk, "11", "Let in")
    page = await said(desk, "/audit", "let 11 in")
    assert "let 3 in" not in page.text
    await pressed(desk, "Older", "let 3 in")


async def test_a_ban_that_races_a_drawing_gives_it_back_or_lets_it_be_paid_and_never_both(
    house: House, anna: Person, ada: Person
) -> None:
    await house.start(workers=4, providers=house.slow(seconds=0))
    chat, desk = anna.private(house.bot), ada.private(house.bot)
    for number in range(4):
        question = await said(desk, f"/ban {anna.user_id} 1h round {number}", f"round {number}")
        await chat.say(f"/imagine fox {number} --n 2")
        await answered(chat, 2 * (number + 1))
        await forged(desk, question.keyboard[0][0].data, question)
        await said(desk, f"/unban {anna.user_id}", "may write to me again")
        await house.quiet()
    ends = await house.rows(
        "SELECT source, COUNT(*) AS n FROM entries WHERE kind IN ('settle', 'release') GROUP BY source"
    )
    statuses = {row["status"] for row in await house.rows("SELECT status FROM generations")}
    assert len(ends) == 8
    assert {row["n"] for row in ends} == {1}
    assert statuses <= {"delivered", "cancelled"}
    assert (await house.rows("SELECT held FROM balances WHERE user_id = :id", id=anna.user_id)) == [{"held": 0}]
