"""Pictures of words about which the judge is not sure, on the wire: held, looked at, shown or not, paid only then."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest

from bot.review.keyboards import ReviewButton
from bot.review.rules import Verdict
from bot.sandbox.people import Person, Talk
from bot.sandbox.server import Sandbox
from bot.sandbox.views import Seen
from bot.users import store as users
from tests.features.test_forgetting import forgotten
from tests.features.test_panel import pressed, said
from tests.features.test_review import MODERATOR, forged, met, reported
from tests.house import ADMIN, House
from tests.providers.fake import Answer, FakeService
from tests.waiting import until

pytestmark = pytest.mark.usefixtures("patient_telegram")

HELD = "Somebody looks at this picture before it comes"


def scored(score: float, name: str = "violence") -> Answer:
    """What a service answers that flags nothing."""
    scores = {name: score, "hate": 0.001, "odd": None}
    return Answer(json={"results": [{"flagged": False, "category_scores": scores}]})


@pytest.fixture
async def judge() -> AsyncIterator[FakeService]:
    """It is not sure about foxes."""
    async with FakeService() as service:
        service.otherwise = lambda call: scored(0.6 if "fox" in str(call.json["input"]) else 0.1)
        yield service


async def begin(house: House, judge: FakeService, **changes: Any) -> None:
    """Start the bot with it."""
    await house.start(moderation_url=f"{judge.url}/v1", **changes)


@pytest.fixture
async def judged(house: House, judge: FakeService) -> House:
    """The bot at work, with it."""
    await begin(house, judge)
    return house


async def desk_of(house: House, sandbox: Sandbox) -> Talk:
    """The private chat of an admin with the bot."""
    return await met(sandbox.person("Ada", user_id=ADMIN, language="en").private(house.bot))


async def held(talk: Talk, words: str = "/imagine a red fox") -> Seen:
    """The note of a picture that is held."""
    await talk.say(words)
    return (await talk.until(lambda talk: [one for one in talk.answers if HELD in one.text]))[-1]


def is_(house: House, status: str) -> Callable[[], Awaitable[bool]]:
    """Whether all generations are so."""

    async def look() -> bool:
        return {row["status"] for row in await house.rows("SELECT status FROM generations")} == {status}

    return look


async def money(house: House) -> list[str]:
    """What the ledger wrote down of pictures."""
    rows = await house.rows("SELECT kind FROM entries WHERE kind IN ('hold', 'settle', 'release') ORDER BY at, kind")
    return [row["kind"] for row in rows]


async def test_it_is_drawn_and_held_and_shown_once_somebody_allows_it(
    judged: House, sandbox: Sandbox, anna: Person
) -> None:
    desk, chat = await desk_of(judged, sandbox), anna.private(judged.bot)
    note = await held(chat)
    assert note.labels == ("Cancel",)
    asked = await reported(desk)
    assert asked.photo
    assert asked.labels == ("Allow", "Spoiler", "Refuse")
    assert "fox" not in asked.text
    assert not [one for one in chat.answers if one.photo]
    assert await money(judged) == ["hold"]
    assert "Done." in str(await desk.press("Allow", asked))
    await chat.until(lambda chat: chat.message(note.message_id).photo)
    await judged.quiet()
    assert await money(judged) == ["hold", "settle"]
    await desk.until(lambda talk: f"Allowed by {ADMIN}" in talk.message(asked.message_id).text)
    assert (await judged.rows("SELECT spoiler FROM generations"))[0]["spoiler"] == 0


async def test_with_a_spoiler_it_comes_veiled(judged: House, sandbox: Sandbox, anna: Person, boris: Person) -> None:
    desk, group = await desk_of(judged, sandbox), anna.at(sandbox.group("Friends", anna, boris, judged.bot))
    note = await held(group)
    await desk.press("Spoiler", await reported(desk))
    await group.until(lambda chat: chat.message(note.message_id).photo)
    await judged.quiet()
    [call] = judged.sandbox.calls_of("editMessageMedia")
    assert call.values["media"]["has_spoiler"] is True


async def test_refused_it_never_comes_costs_nothing_and_counts(judged: House, sandbox: Sandbox, anna: Person) -> None:
    desk, chat = await desk_of(judged, sandbox), anna.private(judged.bot)
    note = await held(chat)
    await desk.press("Refuse", await reported(desk))
    sentence = "Somebody looked at this picture, and it is not shown here."
    await chat.until(lambda chat: chat.message(note.message_id).text.startswith(sentence))
    assert "Nothing was charged" in chat.message(note.message_id).text
    assert not chat.message(note.message_id).buttons
    await judged.quiet()
    assert await money(judged) == ["hold", "release"]
    assert [row["user_id"] for row in await judged.rows("SELECT user_id FROM strikes")] == [anna.user_id]
    assert [row["action"] for row in await judged.rows("SELECT action FROM audit")] == ["review-refuse"]
    assert not [one for one in chat.answers if one.photo]
    [row] = await judged.rows("SELECT error_id FROM generations")
    await said(desk, f"/why {row['error_id']}", f"Cause: refused by a moderator, number {row['error_id']}")


async def test_it_can_be_cancelled_while_it_waits_and_a_late_look_changes_nothing(
    judged: House, sandbox: Sandbox, anna: Person
) -> None:
    desk, chat = await desk_of(judged, sandbox), anna.private(judged.bot)
    note = await held(chat)
    asked = await reported(desk)
    await chat.press("Cancel", note)
    await chat.until(lambda chat: "Cancelled." in chat.message(note.message_id).text)
    assert "This is over" in str(await desk.press("Allow", asked))
    await desk.until(lambda talk: talk.message(asked.message_id).text.startswith("This is over"))
    assert not desk.message(asked.message_id).labels
    await judged.quiet()
    assert await money(judged) == ["hold", "release"]
    assert await judged.rows("SELECT * FROM reviews WHERE verdict IS NOT NULL") == []
    assert await judged.rows("SELECT * FROM jobs WHERE kind = 'review'") == []


async def test_a_ban_ends_it_too_and_gives_the_credits_back(judged: House, sandbox: Sandbox, anna: Person) -> None:
    desk, chat = await desk_of(judged, sandbox), anna.private(judged.bot)
    note = await held(chat)
    asked = await reported(desk)
    await said(desk, f"/ban {anna.user_id}", "stopped: 1; credits that go back: 1")
    await pressed(desk, "Shut out", "Shut out")
    await chat.until(lambda chat: "Cancelled." in chat.message(note.message_id).text)
    assert "This is over" in str(await desk.press("Allow", asked))
    await judged.quiet()
    assert await money(judged) == ["hold", "release"]


async def test_when_nobody_looks_it_ends_kindly_and_free(judged: House, sandbox: Sandbox, anna: Person) -> None:
    desk, chat = await desk_of(judged, sandbox), anna.private(judged.bot)
    note = await held(chat)
    asked = await reported(desk)
    await judged.quiet()
    async with judged.database.write() as tx:
        await tx.execute("UPDATE generations SET started_at = started_at - 50000", {})
        await tx.execute("UPDATE jobs SET due_at = 0 WHERE kind = 'review'", {})
    judged.app.work.runner.ring()
    await chat.until(lambda chat: "Nobody found the time" in chat.message(note.message_id).text)
    assert chat.message(note.message_id).button("Try again")
    await judged.quiet()
    assert await money(judged) == ["hold", "release"]
    assert "This is over" in str(await desk.press("Allow", asked))


async def test_it_waits_over_restarts_and_is_asked_about_once(
    house: House, judge: FakeService, sandbox: Sandbox, anna: Person
) -> None:
    await begin(house, judge)
    desk, chat = await desk_of(house, sandbox), anna.private(house.bot)
    note = await held(chat)
    asked = await reported(desk)
    await house.quiet()
    await house.restart()  # the judge is gone; what is held stays so
    await house.quiet()
    assert len([one for one in desk.answers if one.button("Allow")]) == 1
    await desk.press("Allow", asked)
    await chat.until(lambda chat: chat.message(note.message_id).photo)
    await house.quiet()


async def test_nobody_waits_for_moderators_who_never_wrote(judged: House, sandbox: Sandbox, anna: Person) -> None:
    chat = anna.private(judged.bot)
    note = await held(chat)
    await until(is_(judged, "ready"), "it is held")
    assert judged.sandbox.calls_of("sendPhoto") == []
    helper = await met(sandbox.person("Mona", user_id=MODERATOR, language="en").private(judged.bot))
    async with judged.database.write() as tx:
        await users.set_moderator(tx, MODERATOR, True)
        await tx.execute("UPDATE jobs SET due_at = 0 WHERE kind = 'review'", {})
    judged.app.work.runner.ring()
    await helper.press("Allow", await reported(helper))
    await chat.until(lambda chat: chat.message(note.message_id).photo)
    await judged.quiet()


async def test_whoever_blocked_the_bot_is_left_out_and_the_next_is_asked(
    judged: House, sandbox: Sandbox, anna: Person
) -> None:
    desk = await desk_of(judged, sandbox)
    helper = await met(sandbox.person("Mona", user_id=MODERATOR, language="en").private(judged.bot))
    async with judged.database.write() as tx:
        await users.set_moderator(tx, MODERATOR, True)
    judged.sandbox.fault(
        "sendPhoto",
        status=403,
        text="Forbidden: bot was blocked by the user",
        where=lambda call: call.chat_id == desk.chat_id,
        times=None,
    )
    chat = anna.private(judged.bot)
    await held(chat)
    await helper.press("Allow", await reported(helper))
    await chat.until(lambda chat: [one for one in chat.answers if one.photo])
    await judged.quiet()
    assert [row["user_id"] for row in await judged.rows("SELECT user_id FROM users WHERE gone = 1")] == [ADMIN]


async def test_all_who_decide_get_it_and_it_is_uploaded_once(judged: House, sandbox: Sandbox, anna: Person) -> None:
    desk = await desk_of(judged, sandbox)
    helper = await met(sandbox.person("Mona", user_id=MODERATOR, language="en").private(judged.bot))
    async with judged.database.write() as tx:
        await users.set_moderator(tx, MODERATOR, True)
    await held(anna.private(judged.bot))
    first, second = await reported(desk), await reported(helper)
    await helper.press("Refuse", second)
    assert "Somebody was quicker" in str(await desk.press("Allow", first))
    await judged.quiet()
    assert await money(judged) == ["hold", "release"]


async def test_nobody_decides_by_force(judged: House, sandbox: Sandbox, anna: Person, boris: Person) -> None:
    desk, chat = await desk_of(judged, sandbox), anna.private(judged.bot)
    note = await held(chat)
    await reported(desk)
    [row] = await judged.rows("SELECT generation_id FROM generations")
    other = await met(boris.private(judged.bot))
    presses = ((chat, Verdict.ALLOW, note), (other, Verdict.ALLOW, other.answers[-1]))
    for talk, verdict, message in (*presses, (desk, Verdict.RETURN, desk.answers[-1])):
        await forged(talk, ReviewButton(generation_id=row["generation_id"], verdict=verdict).pack(), message)
    await judged.quiet()
    assert await judged.rows("SELECT * FROM reviews WHERE verdict IS NOT NULL") == []
    assert await money(judged) == ["hold"]


@pytest.mark.parametrize(
    ("score", "name", "wanted"),
    [
        (0.39, "violence", "drawn"),
        (0.4, "violence", HELD),
        (0.79, "hate/threatening", HELD),
        (0.8, "violence", "I do not draw that here"),
        (0.4, "sexual/minors", "I do not draw that here"),
    ],
)
async def test_between_two_limits_somebody_looks(
    judged: House, judge: FakeService, anna: Person, score: float, name: str, wanted: str
) -> None:
    judge.otherwise = lambda call: scored(score, name)
    chat = anna.private(judged.bot)
    await chat.say("/imagine a red fox")
    await chat.until(
        lambda chat: [one for one in chat.answers if wanted in one.text or (one.photo and wanted == "drawn")]
    )
    await judged.quiet()


async def test_where_the_operator_wants_it_so_nothing_is_held(house: House, judge: FakeService, anna: Person) -> None:
    await begin(house, judge, moderation_look_from=1)
    chat = anna.private(house.bot)
    await chat.say("/imagine a red fox")
    await chat.until(lambda chat: [one for one in chat.answers if one.photo])
    await house.quiet()


async def test_several_are_held_one_by_one(judged: House, sandbox: Sandbox, anna: Person) -> None:
    desk, chat = await desk_of(judged, sandbox), anna.private(judged.bot)
    await chat.say("/imagine a red fox --n 2")
    first, second = await desk.until(
        lambda talk: found if len(found := [one for one in talk.answers if one.button("Allow")]) == 2 else []
    )
    await desk.press("Allow", first)
    await desk.press("Refuse", second)
    await chat.until(lambda chat: [one for one in chat.answers if one.photo])
    await judged.quiet()
    assert sorted(await money(judged)) == ["hold", "hold", "release", "settle"]


async def test_reports_and_held_pictures_are_counted_where_the_bot_is_run_until_somebody_decides(
    judged: House, sandbox: Sandbox, anna: Person
) -> None:
    await held(anna.private(judged.bot))
    await until(is_(judged, "ready"), "it is held")
    desk = await desk_of(judged, sandbox)
    await desk.say("/admin")
    await desk.until(lambda talk: any("1 picture waits for a look." in one.text for one in talk.answers))
    async with judged.database.write() as tx:
        await tx.execute("UPDATE jobs SET due_at = 0 WHERE kind = 'review'", {})
    judged.app.work.runner.ring()
    await desk.press("Refuse", await reported(desk))
    await judged.quiet()
    known = len(desk.answers)
    await desk.say("/admin")
    shown = await desk.until(lambda talk: talk.answers[known:])
    assert "waits for a look" not in shown[0].text


async def test_whoever_is_forgotten_while_a_picture_of_theirs_is_held_leaves_nothing_to_look_at(
    judged: House, sandbox: Sandbox, anna: Person
) -> None:
    desk, chat = await desk_of(judged, sandbox), anna.private(judged.bot)
    await held(chat)
    asked = await reported(desk)
    await forgotten(chat)
    assert await judged.rows("SELECT * FROM jobs WHERE kind = 'review'") == []
    assert "This is over" in str(await desk.press("Allow", asked))
    await judged.quiet()


async def test_its_file_cannot_be_had_by_a_forged_button_before_or_after_somebody_looked(
    judged: House, sandbox: Sandbox, anna: Person
) -> None:
    desk, chat = await desk_of(judged, sandbox), anna.private(judged.bot)
    note = await held(chat)
    asked = await reported(desk)
    [row] = await judged.rows("SELECT generation_id FROM generations")
    await forged(chat, f"original:{row['generation_id']}", note)
    await judged.quiet()
    await desk.press("Refuse", asked)
    await until(is_(judged, "failed"), "it is refused")
    async with judged.database.write() as tx:  # as if the clock had stepped back
        await tx.execute("UPDATE shelf SET kept_until = kept_until + 3600", {})
    for action in ("original", "bring", "show"):
        await forged(chat, f"{action}:{row['generation_id']}", note)
    await judged.quiet()
    assert not [one for one in chat.answers if one.photo or one.document]
    assert judged.sandbox.calls_of("sendDocument") == []
    assert len(await judged.rows("SELECT generation_id FROM generations")) == 1
