"""Pictures that somebody reports in a group, on the wire: looked at once, decided once, by those who may."""

from functools import partial
from typing import Any

import pytest

from bot.review.keyboards import ReviewButton
from bot.review.rules import Verdict
from bot.sandbox.calls import Record
from bot.sandbox.model import Chat
from bot.sandbox.people import Person, Talk
from bot.sandbox.server import Sandbox
from bot.sandbox.views import Seen
from bot.users import store as users
from tests.house import ADMIN, House
from tests.waiting import until

pytestmark = pytest.mark.usefixtures("patient_telegram")

MODERATOR = ADMIN + 1
THANKS = "Thank you"


@pytest.fixture
def carla(sandbox: Sandbox) -> Person:
    return sandbox.person("Carla", language="en")


@pytest.fixture
def group(sandbox: Sandbox, running: House, anna: Person, boris: Person, carla: Person) -> Chat:
    return sandbox.group("Friends", anna, boris, carla, running.bot)


async def met(talk: Talk) -> Talk:
    """A bot may write to whoever wrote to it."""
    await talk.say("/me")
    await talk.until(lambda talk: talk.answers)
    return talk


@pytest.fixture
async def desk(running: House, sandbox: Sandbox) -> Talk:
    """The private chat of an admin with the bot."""
    return await met(sandbox.person("Ada", user_id=ADMIN, language="en").private(running.bot))


@pytest.fixture
async def helper(running: House, sandbox: Sandbox) -> Talk:
    """The same of a moderator."""
    talk = await met(sandbox.person("Mona", user_id=MODERATOR, language="en").private(running.bot))
    async with running.database.write() as tx:
        await users.set_moderator(tx, MODERATOR, True)
    return talk


async def drawn(talk: Talk, words: str = "/imagine a red fox", count: int = 1) -> Seen:
    """A picture, so many of them being there then."""
    await talk.say(words)

    def found(talk: Talk) -> list[Seen]:
        return [one for one in talk.answers if one.photo][count - 1 :]

    return (await talk.until(found))[0]


async def reported(desk: Talk) -> Seen:
    """What those who decide are asked."""
    return (await desk.until(lambda talk: [one for one in talk.answers if one.button("Allow")]))[0]


async def forged(talk: Talk, data: str, message: Seen) -> None:
    """Press what may not be there, and wait for what comes up."""
    query = talk.press_data(data, message)
    await talk.until(lambda _: query.answer is not None)


async def kept(house: House) -> list[tuple[Any, ...]]:
    """What was decided, as the audit has it."""
    rows = await house.rows("SELECT admin_id, action, detail FROM audit ORDER BY audit_id")
    return [tuple(row.values()) for row in rows]


async def edits(house: House, mark: str) -> list[Record]:
    """The calls that changed a picture, where this is set."""
    return [call for call in house.sandbox.calls_of("editMessageMedia") if call.values["media"].get(mark)]


async def left(house: House, person: Person) -> int:
    """The credits of somebody."""
    rows = await house.rows(f"SELECT daily + kept AS n FROM balances WHERE user_id = {person.user_id}")
    return int(rows[0]["n"])


async def test_a_reported_picture_is_one_item_however_many_report_it(
    running: House, group: Chat, anna: Person, boris: Person, carla: Person, desk: Talk, helper: Talk
) -> None:
    picture = await drawn(anna.at(group))
    for person in (boris, carla, boris):
        assert THANKS in str(await person.at(group).press("Report", picture))
    for talk in (desk, helper):
        asked = await reported(talk)
        assert asked.photo
        assert "red fox" not in asked.text
    await running.quiet()
    assert [len(talk.answers) for talk in (desk, helper)] == [2, 2]
    assert [row["reporter_id"] for row in await running.rows("SELECT * FROM reviews")] == [boris.user_id]


async def test_a_report_that_reaches_nobody_is_kept_for_the_first_who_comes(
    running: House, group: Chat, anna: Person, boris: Person, sandbox: Sandbox
) -> None:
    picture = await drawn(anna.at(group))
    assert THANKS in str(await boris.at(group).press("Report", picture))
    await running.quiet()
    assert running.sandbox.calls_of("sendPhoto") == []
    desk = await met(sandbox.person("Ada", user_id=ADMIN, language="en").private(running.bot))
    await running.restart()
    async with running.database.write() as tx:
        await tx.execute("UPDATE jobs SET due_at = 0 WHERE kind = 'review'", {})
    running.app.work.runner.ring()
    await desk.press("Allow", await reported(desk))
    await running.quiet()
    assert await running.rows("SELECT * FROM jobs") == []


async def test_reports_are_brought_one_by_one_and_no_picture_waits_for_them(
    running: House, group: Chat, anna: Person, boris: Person, desk: Talk
) -> None:
    await running.restart(workers=1)
    first = await drawn(anna.at(group))
    second = await drawn(anna.at(group), "/imagine a hen", count=2)
    slow = running.sandbox.fault("sendPhoto", delay=60, times=None)
    running.unfinished = True

    async def on_its_way() -> bool:
        return slow.hits > 0

    for picture in (first, second):
        assert THANKS in str(await boris.at(group).press("Report", picture))
    await until(on_its_way, "the first report is on its way")
    await drawn(boris.private(running.bot))
    assert slow.hits == 1
    slow.end()


async def test_who_is_named_a_moderator_gets_what_is_open_and_nobody_gets_it_twice(
    running: House, group: Chat, anna: Person, boris: Person, carla: Person, desk: Talk
) -> None:
    picture = await drawn(anna.at(group))
    await boris.at(group).press("Report", picture)
    await reported(desk)
    await running.quiet()
    fresh = await met(carla.private(running.bot))
    async with running.database.write() as tx:
        await users.set_moderator(tx, carla.user_id, True)
        await tx.execute("UPDATE jobs SET due_at = 0 WHERE kind = 'review'", {})
    running.app.work.runner.ring()
    await reported(fresh)
    await running.quiet()
    assert len([one for one in desk.answers if one.button("Allow")]) == 1


async def test_the_owner_is_told_that_it_is_theirs(running: House, group: Chat, anna: Person) -> None:
    picture = await drawn(anna.at(group))
    assert "This one is yours" in str(await anna.at(group).press("Report", picture))
    assert await running.rows("SELECT * FROM reviews") == []


async def test_there_is_no_report_below_pictures_in_private(chat: Talk) -> None:
    assert not (await drawn(chat)).button("Report")


async def test_refused_it_is_taken_away_and_counts_against_its_owner_and_stays_paid(
    running: House, group: Chat, anna: Person, boris: Person, desk: Talk
) -> None:
    own = await met(anna.private(running.bot))
    picture = await drawn(anna.at(group))
    await running.quiet()
    before = await left(running, anna)
    await boris.at(group).press("Report", picture)
    asked = await reported(desk)
    await desk.press("Refuse", asked)
    await anna.at(group).until(lambda talk: all(one.message_id != picture.message_id for one in talk.messages))
    await own.until(lambda talk: any("A moderator took" in one.text for one in talk.answers))
    await desk.until(lambda talk: "Refused by" in talk.message(asked.message_id).text)
    assert await left(running, anna) == before
    assert [row["user_id"] for row in await running.rows("SELECT user_id FROM strikes")] == [anna.user_id]
    assert await kept(running) == [(ADMIN, "review-refuse", str(anna.user_id))]
    assert (await running.rows("SELECT count(*) AS n FROM generations WHERE deleted_at IS NULL"))[0]["n"] == 0


async def test_where_it_is_nobodys_fault_the_credits_come_back_once(
    running: House, group: Chat, anna: Person, boris: Person, desk: Talk
) -> None:
    picture = await drawn(anna.at(group))
    await running.quiet()
    before = await left(running, anna)
    await boris.at(group).press("Report", picture)
    asked = await reported(desk)
    data = next(each.data for each in asked.buttons if "give credits back" in each.text)
    for _ in range(2):
        await forged(desk, str(data), asked)
    assert await left(running, anna) == before + 1
    assert await running.rows("SELECT * FROM strikes") == []
    assert await kept(running) == [(ADMIN, "review-return", str(anna.user_id))]


async def test_what_the_pot_paid_comes_back_into_the_pot(
    running: House, group: Chat, anna: Person, boris: Person, desk: Talk
) -> None:
    await desk.say(f"/grant {group.chat_id} 5")
    await desk.until(lambda talk: "5" in talk.answers[-1].text)
    picture = await drawn(anna.at(group))
    await running.quiet()
    [before] = await running.rows("SELECT kept FROM balances WHERE user_id < 0")
    await boris.at(group).press("Report", picture)
    asked = await reported(desk)
    await forged(desk, str(next(each.data for each in asked.buttons if "give credits back" in each.text)), asked)
    assert before["kept"] == 4
    assert (await running.rows("SELECT kept FROM balances WHERE user_id < 0"))[0]["kept"] == 5


async def test_with_a_spoiler_it_stays_with_its_words_and_buttons(
    running: House, group: Chat, anna: Person, boris: Person, desk: Talk
) -> None:
    picture = await drawn(anna.at(group))
    await boris.at(group).press("Report", picture)
    await desk.press("Spoiler", await reported(desk))
    veil = (await until(partial(edits, running, "has_spoiler"), "it is veiled"))[-1]
    assert veil.values["message_id"] == picture.message_id
    veiled = anna.at(group).message(picture.message_id)
    assert veiled.text == picture.text
    assert veiled.button("Again")
    assert (await running.rows("SELECT spoiler FROM generations"))[0]["spoiler"] == 1


async def test_of_two_who_decide_the_first_counts_and_the_other_reads_what_it_was(
    running: House, group: Chat, anna: Person, boris: Person, desk: Talk, helper: Talk
) -> None:
    picture = await drawn(anna.at(group))
    await boris.at(group).press("Report", picture)
    first, second = await reported(helper), await reported(desk)
    await helper.press("Allow", first)
    assert "Somebody was quicker" in str(await desk.press("Refuse", second))
    await desk.until(lambda talk: f"Allowed by {MODERATOR}" in talk.message(second.message_id).text)
    assert picture.message_id in [one.message_id for one in anna.at(group).messages]
    assert await kept(running) == [(MODERATOR, "review-allow", str(anna.user_id))]
    assert THANKS in str(await boris.at(group).press("Report", picture))
    await running.quiet()
    assert not [one for one in desk.answers if one.button("Allow")]


async def test_an_old_picture_is_covered_before_it_is_taken_away(
    running: House, group: Chat, anna: Person, boris: Person, desk: Talk
) -> None:
    picture = await drawn(anna.at(group))
    await boris.at(group).press("Report", picture)
    asked = await reported(desk)
    async with running.database.write() as tx:
        await tx.execute("UPDATE generations SET ended_at = ended_at - 200000", {})
    await desk.press("Refuse", asked)

    [cover] = await until(partial(edits, running, "has_spoiler"), "it is covered")
    assert cover.values["media"]["caption"] == "A moderator took this picture away."
    await anna.at(group).until(lambda talk: all(one.message_id != picture.message_id for one in talk.messages))


async def test_who_may_not_decide_changes_nothing_however_they_press(
    running: House, group: Chat, anna: Person, boris: Person, chat: Talk, desk: Talk, helper: Talk
) -> None:
    picture = await drawn(anna.at(group))
    own = await drawn(chat)
    await boris.at(group).press("Report", picture)
    await reported(desk)
    [row] = await running.rows("SELECT generation_id FROM reviews")
    data = ReviewButton(generation_id=row["generation_id"], verdict=Verdict.REFUSE).pack()
    for talk, message in ((chat, own), (boris.at(group), picture)):
        await forged(talk, data, message)
    await forged(chat, f"report:{row['generation_id']}", own)
    assert await kept(running) == []
    assert await running.rows("SELECT * FROM reviews WHERE verdict IS NOT NULL") == []


async def test_a_moderator_does_not_decide_about_pictures_of_their_own(running: House, helper: Talk) -> None:
    await helper.say("/imagine a red fox")
    await helper.until(lambda talk: any(one.photo for one in talk.answers))
    async with running.database.write() as tx:
        await tx.execute("INSERT INTO reviews SELECT generation_id, 1, 0, NULL, NULL, NULL FROM generations", {})
        await tx.execute(
            "INSERT INTO jobs (kind, subject, lane, due_at) SELECT 'review', generation_id, 'x', 0 FROM generations", {}
        )
    [row] = await running.rows("SELECT generation_id FROM generations")
    data = ReviewButton(generation_id=row["generation_id"], verdict=Verdict.ALLOW).pack()
    await forged(helper, data, helper.answers[-1])
    assert await kept(running) == []
