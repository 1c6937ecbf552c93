"""What a person's card tells of those to whom something happened: paused, gone, forgotten; and the way back."""

import pytest

from bot.moderation import store as moderation
from bot.moderation.rules import MOST_STRIKES, STRIKES_COUNT
from bot.sandbox.people import Person, Talk
from bot.users import store as users
from tests.features.test_forgetting import forgotten
from tests.features.test_panel import ada, answered, audit, desk, drawn, forged, pressed, said
from tests.house import ADMIN, House

__all__ = ["ada", "desk"]


async def met(talk: Talk) -> None:
    await talk.say("/me")
    await answered(talk, 1)


async def paused(house: House, who: Person) -> None:
    """So much of theirs is refused."""
    now = house.app.ground.clock.now()
    async with house.database.write() as tx:
        for number in range(MOST_STRIKES):
            await moderation.strike(tx, who.user_id, f"refused {number}", now, STRIKES_COUNT)


async def test_a_pause_is_on_the_card_and_is_ended_once(running: House, anna: Person, chat: Talk, desk: Talk) -> None:
    await met(chat)
    await paused(running, anna)
    await said(chat, "/imagine a white hen", "Let us go on in 60 minutes")
    page = await said(desk, f"/find {anna.user_id}", "Paused until")
    for _ in range(2):
        assert await forged(desk, f"adm:forgive:{anna.user_id}:", page) == (
            "There is no pause any more, and what was refused counts no more."
        )
    await desk.until(lambda talk: "Paused" not in talk.message(page.message_id).text)
    assert not desk.message(page.message_id).button("End the pause")
    await drawn(chat)
    assert await audit(running) == [(ADMIN, "forgive", str(anna.user_id), "", "")]


async def test_unban_ends_a_pause_as_well(running: House, anna: Person, chat: Talk, desk: Talk) -> None:
    await met(chat)
    await paused(running, anna)
    await said(desk, f"/unban {anna.user_id}", "may write to me again")
    await drawn(chat)
    assert [line[1] for line in await audit(running)] == ["forgive"]


@pytest.mark.parametrize("who", ["a moderator about an admin", "a member"])
async def test_a_pause_is_ended_by_nobody_who_may_not_decide(
    running: House, anna: Person, ada: Person, chat: Talk, desk: Talk, who: str
) -> None:
    await met(chat)
    await met(desk)
    subject = ada if who.startswith("a moderator") else anna
    await paused(running, subject)
    async with running.database.write() as tx:
        await users.set_moderator(tx, anna.user_id, who.startswith("a moderator"))
    await forged(chat, f"adm:forgive:{subject.user_id}:", chat.last.message_id)
    assert await audit(running) == []
    assert len(await running.rows("SELECT * FROM strikes")) == MOST_STRIKES


async def test_who_has_blocked_the_bot_is_told_apart(running: House, anna: Person, chat: Talk, desk: Talk) -> None:
    await met(chat)
    async with running.database.write() as tx:
        await users.set_gone(tx, anna.user_id, True)
    await said(desk, f"/find {anna.user_id}", "Has blocked me, so I cannot write to them.")


async def shut_out_and_forgotten(anna: Person, chat: Talk, desk: Talk) -> None:
    """She is banned for a week, and then wants nobody to know of her."""
    await met(chat)
    await said(desk, f"/ban {anna.user_id} 7d", "Shut")
    await pressed(desk, "Shut out", "Shut out until")
    await forgotten(chat)


async def test_of_who_was_forgotten_the_ban_is_shown_and_can_be_ended(
    running: House, anna: Person, chat: Talk, desk: Talk
) -> None:
    await shut_out_and_forgotten(anna, chat, desk)
    page = await said(desk, f"/find {anna.user_id}", f"I know nothing of {anna.user_id} any more")
    assert "Shut out until" in page.text
    await said(desk, f"/grant {anna.user_id} 5", "asked me to forget them")
    await desk.press("Let in again", page)
    await desk.until(lambda talk: "Credits left" in talk.message(page.message_id).text)
    await drawn(chat)
    assert [line[1] for line in await audit(running)] == ["ban", "unban"]


async def test_who_was_forgotten_and_is_let_in_stays_shut_out_until_that_is_ended(
    running: House, anna: Person, chat: Talk, desk: Talk
) -> None:
    await shut_out_and_forgotten(anna, chat, desk)
    await said(desk, f"/allow {anna.user_id}", "may draw now")
    await said(desk, f"/find {anna.user_id}", "Let in\nShut out until")
    await said(chat, "/imagine a fox", "You can draw with me again from")
    await said(desk, f"/unban {anna.user_id}", "may write to me again")
    await drawn(chat)


async def test_who_leaves_a_question_is_back_where_it_was_asked(
    running: House, anna: Person, chat: Talk, desk: Talk
) -> None:
    await met(chat)
    await said(desk, f"/ban {anna.user_id}", "out for good?")
    await pressed(desk, "Leave it", "Not let in by name")
    await said(desk, f"/disallow {anna.user_id}", "out? Pictures on the way")
    await pressed(desk, "Leave it", "Not let in by name")
    await said(desk, "/ban 123456", "Shut 123456 out for good?")
    await pressed(desk, "Leave it", "Today")
    assert await audit(running) == []


async def test_decisions_about_whoever_was_forgotten_name_nobody_and_lead_nowhere(
    running: House, anna: Person, chat: Talk, desk: Talk
) -> None:
    await drawn(chat)
    await running.quiet()
    [row] = await running.rows("SELECT generation_id FROM generations")
    await said(desk, f"/grant {anna.user_id} 10", "10 credits given")
    await forgotten(chat)
    await said(desk, "/audit", "gave somebody forgotten")
    page = await said(desk, f"/why {row['generation_id']}", "deleted")
    assert not page.labels
