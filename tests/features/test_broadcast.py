"""News from the operator, over the wire: shown before, told once, stopped, taken up again, and not wanted any more."""

from collections.abc import Callable

import pytest

from bot.sandbox.calls import Record
from bot.sandbox.faults import Lost
from bot.sandbox.people import Talk
from bot.sandbox.views import Seen
from bot.users import store as users
from tests.features.stage import NOW
from tests.house import ADMIN, House
from tests.providers.fake import png

NEWS = "There are new models"
BOLD = {"type": "bold", "offset": 10, "length": 3}


@pytest.fixture
def op(running: House) -> Talk:
    """The operator."""
    return running.sandbox.person("Olga", user_id=ADMIN).private(running.bot)


async def met(house: House, count: int, language: str = "en") -> list[Talk]:
    """So many people who have written."""
    people = [house.sandbox.person(f"Reader{number}", language=language) for number in range(count)]
    talks = [person.private(house.bot) for person in people]
    for talk in talks:
        await talk.say("/me")
    for talk in talks:
        await talk.until(lambda talk: talk.answers)
    return talks


def got(talk: Talk, words: str = NEWS) -> list[Seen]:
    """The letters that somebody sees."""
    return [message for message in talk.answers if message.text == words and message.button("No more news")]


async def drafted(op: Talk, words: str = f"/broadcast {NEWS}", reply_to: int | None = None) -> Seen:
    """The panel of a new draft."""
    known = len(op.messages)
    await op.say(words, reply_to=reply_to)
    return await panel_of(op, known)


async def panel_of(op: Talk, known: int = 0) -> Seen:
    """The panel of a draft among the messages after so many, once its people are counted."""
    return (await op.until(lambda op: [each for each in op.messages[known:] if each.button("Send to")]))[0]


async def confirmed(op: Talk, panel: Seen) -> None:
    """Twice yes."""
    await op.press("Send to", panel)
    await op.until(lambda op: op.message(panel.message_id).button("Yes"))
    await op.press("Yes", panel)


async def told(op: Talk, panel: Seen, words: str) -> str:
    """What the panel says, once it begins so."""
    await op.until(lambda op: op.message(panel.message_id).text.startswith(words), timeout=30)
    return op.message(panel.message_id).text


def to(talk: Talk) -> Callable[[Record], bool]:
    """Calls to one chat."""
    return lambda call: call.chat_id == talk.chat_id


async def test_everybody_gets_what_was_shown_once_and_the_admin_hears_how_it_went(running: House, op: Talk) -> None:
    talks = await met(running, 12)
    panel = await drafted(op)
    [shown] = got(op)
    assert "12 people can be told" in panel.text or "13 people can be told" in panel.text
    await confirmed(op, panel)
    assert await told(op, panel, "Sent to all") == "Sent to all 13\nDelivered: 13\nBlocked me: 0"
    assert op.message(panel.message_id).labels == ()
    for talk in talks:
        [letter] = got(talk)
        assert (letter.text, letter.labels) == (shown.text, shown.labels)


async def test_the_panel_is_there_before_its_people_are_counted_and_a_press_twice_asks_once(house: House) -> None:
    await house.start(workers=1)
    op = house.sandbox.person("Olga", user_id=ADMIN).private(house.bot)
    await met(house, 3)
    async with house.database.write():  # whatever is asked for meanwhile waits, and is handled at once
        await op.say(f"/broadcast {NEWS}")
    panel = await panel_of(op)
    first, *_ = [call for call in house.sandbox.calls_of("sendMessage") if "Counting people" in str(call.values)]
    assert first.chat_id == op.chat_id
    async with house.database.write() as tx:
        await tx.execute("UPDATE broadcasts SET told_at = 0", {})  # it was counted long ago
    send = str(next(each.data for each in panel.buttons if each.text.startswith("Send to")))
    queries = [op.press_data(send, panel.message_id) for _ in range(2)]
    await op.until(lambda op: op.message(panel.message_id).button("Yes, to 4 people"))
    await op.until(lambda _: all(query.answer is not None for query in queries))
    await house.quiet()
    assert await house.rows("SELECT * FROM jobs") == []
    await op.press("Yes", panel)
    assert await told(op, panel, "Sent to all") == "Sent to all 4\nDelivered: 4\nBlocked me: 0"


async def test_the_message_that_is_answered_is_sent_with_its_marks(running: House, op: Talk) -> None:
    [talk] = await met(running, 1)
    await op.say("/settings")
    await op.until(lambda op: op.answers)
    await op.press("Plain words draw: yes")
    await op.until(lambda op: op.last.button("Plain words draw: no"))
    words = await op.say(NEWS, entities=[BOLD])
    panel = await drafted(op, "/broadcast", reply_to=words)
    await confirmed(op, panel)
    [letter] = await talk.until(got)
    assert [(each["type"], each["offset"], each["length"]) for each in letter.entities] == [("bold", 10, 3)]
    await told(op, panel, "Sent to all")


async def test_a_picture_is_sent_with_its_words_and_uploaded_by_nobody(running: House, op: Talk) -> None:
    [talk] = await met(running, 1)
    await op.send_photo(png(64, 48), f"/broadcast {NEWS}")
    panel = await panel_of(op)
    await confirmed(op, panel)
    [letter] = await talk.until(got)
    assert letter.photo
    await told(op, panel, "Sent to all")
    assert {str(call.values["photo"]) for call in running.sandbox.calls_of("sendPhoto")} != {""}


async def test_only_the_chosen_language_is_told(running: House, op: Talk) -> None:
    [english] = await met(running, 1)
    russian = await met(running, 2, language="ru")
    panel = await drafted(op)
    await op.press("Русский", panel)
    await op.until(lambda op: "2 people can be told" in op.message(panel.message_id).text)
    await confirmed(op, panel)
    await told(op, panel, "Sent to all 2")
    for talk in russian:
        assert len([each for each in talk.answers if each.text == NEWS]) == 1
        assert talk.last.button("Больше не присылать")
    assert not got(english)


async def test_who_blocked_the_bot_is_counted_and_left_out_from_then_on(running: House, op: Talk) -> None:
    talks = await met(running, 3)
    running.sandbox.fault(
        "sendMessage", status=403, text="Forbidden: bot was blocked by the user", where=to(talks[1]), times=None
    )
    panel = await drafted(op)
    await confirmed(op, panel)
    assert "Blocked me: 1" in await told(op, panel, "Sent to all 4")
    assert await running.rows("SELECT user_id FROM users WHERE gone = 1") == [{"user_id": talks[1].user.user_id}]
    assert "3 people" in (await drafted(op)).text


async def test_who_wants_no_more_news_gets_none_until_they_want_them_again(running: House, op: Talk) -> None:
    [talk] = await met(running, 1)

    async def letters() -> list[Seen]:
        panel = await drafted(op)
        await confirmed(op, panel)
        await told(op, panel, "Sent to all")
        return [each for each in talk.answers if each.text == NEWS]

    [first] = await letters()
    said = await talk.press("No more news", first)
    assert said is not None
    assert said.alert
    await talk.until(lambda talk: talk.message(first.message_id).button("News again"))
    assert len(await letters()) == 1
    await talk.press("News again", first)
    await talk.until(lambda talk: talk.message(first.message_id).button("No more news"))
    assert len(await letters()) == 2


async def test_a_storm_of_refusals_is_waited_out_and_nobody_is_told_twice_or_forgotten(
    running: House, op: Talk
) -> None:
    talks = await met(running, 10)
    panel = await drafted(op)
    readers = {talk.chat_id for talk in talks}
    running.sandbox.fault("sendMessage", retry_after=1, times=4, where=lambda call: call.chat_id in readers)
    await confirmed(op, panel)
    assert await told(op, panel, "Sent to all") == "Sent to all 11\nDelivered: 11\nBlocked me: 0"
    assert [len(got(talk)) for talk in talks] == [1] * 10


async def test_a_letter_of_unknown_fate_is_counted_and_not_sent_again(running: House, op: Talk) -> None:
    lost, never, fine = await met(running, 3)
    running.sandbox.fault("sendMessage", lost=Lost.AFTER, where=to(lost))
    running.sandbox.fault("sendMessage", status=502, text="Bad Gateway", where=to(never))
    panel = await drafted(op)
    await confirmed(op, panel)
    assert "not sent again: 2" in await told(op, panel, "Sent to all 4")
    assert [len(got(talk)) for talk in (lost, never, fine)] == [1, 0, 1]


async def test_stop_pressed_twice_stops_once_and_tells_who_was_reached(running: House, op: Talk) -> None:
    talks = await met(running, 40)
    panel = await drafted(op)
    await confirmed(op, panel)
    await talks[4].until(got)
    first = await op.press("Stop", panel)
    stop = next(each for each in running.sandbox.world.queries.values() if each.data.split(":")[2] == "stop")
    second = op.press_data(stop.data, panel.message_id)
    await op.until(lambda _: second.answer is not None)
    assert first is not None
    assert first.text == "Stopped. Nobody else is told."
    assert (second.answer or {})["text"] == "This is over already."
    await running.quiet()
    text = await told(op, panel, "Stopped after")
    reached = sum(len(got(talk)) for talk in talks)
    assert reached < 40
    decided = await running.rows("SELECT admin_id, action, detail FROM audit ORDER BY audit_id")
    assert [tuple(row.values()) for row in decided] == [(ADMIN, "broadcast", "41"), (ADMIN, "broadcast-stop", "")]
    assert f"Delivered: {reached}" in text


async def test_another_one_waits_and_the_command_alone_shows_how_the_first_goes(running: House, op: Talk) -> None:
    talks = await met(running, 30)
    panel = await drafted(op)
    await confirmed(op, panel)
    await talks[0].until(got)
    second = await drafted(op, "/broadcast Something else")
    await op.press("Send to", second)
    await op.until(lambda op: op.message(second.message_id).button("Yes"))
    said = await op.press("Yes", second)
    assert said is not None
    assert said.text.startswith("Another one is on its way")
    await op.say("/broadcast")
    await op.until(lambda op: op.last.text.startswith("Sending"))
    await op.press("Stop", op.last)
    await told(op, panel, "Stopped")
    await running.quiet()
    await confirmed(op, second) if op.message(second.message_id).button("Send to") else await op.press("Yes", second)
    await told(op, second, "Sent to all")
    assert all(len(got(talk, "Something else")) == 1 for talk in talks)


async def test_a_new_process_goes_on_where_the_last_one_ended(house: House) -> None:
    await house.start()
    op = house.sandbox.person("Olga", user_id=ADMIN).private(house.bot)
    talks = await met(house, 25)
    panel = await drafted(op)
    await confirmed(op, panel)
    for number in (3, 12):
        await talks[number].until(got)
        await house.restart()
    assert await told(op, panel, "Sent to all") == "Sent to all 26\nDelivered: 26\nBlocked me: 0"
    assert [len(got(talk)) for talk in talks] == [1] * 25


async def test_pictures_are_drawn_meanwhile_though_all_hands_are_few(house: House) -> None:
    await house.start(workers=1)
    op = house.sandbox.person("Olga", user_id=ADMIN).private(house.bot)
    talks = await met(house, 30)
    panel = await drafted(op)
    await confirmed(op, panel)
    await talks[0].until(got)
    await talks[1].say("/imagine a fox")
    await talks[1].until(lambda talk: any(each.photo for each in talk.answers))
    assert op.message(panel.message_id).text.startswith("Sending")
    await told(op, panel, "Sent to all")


async def test_whoever_is_no_admin_hears_nothing_of_it_and_can_do_nothing(running: House, op: Talk) -> None:
    [talk] = await met(running, 1)
    panel = await drafted(op)
    before = await running.rows("SELECT * FROM broadcasts")
    await talk.say(f"/broadcast {NEWS}")
    await talk.until(lambda talk: talk.last.by_bot)
    assert not talk.last.labels
    for button in panel.buttons:
        query = talk.press_data(str(button.data), talk.last.message_id)
        await talk.until(lambda _, query=query: query.answer is not None)  # type: ignore[misc]  # bound now
        assert (query.answer or {})["text"] == "Only whoever runs this bot can do this."
    assert await running.rows("SELECT * FROM broadcasts") == before


async def test_forged_and_stale_presses_of_an_admin_begin_nothing(running: House, op: Talk) -> None:
    await met(running, 1)
    panel = await drafted(op)
    name = (await running.rows("SELECT broadcast_id FROM broadcasts"))[0]["broadcast_id"]
    forged = (
        *(f"cast:{name}:yes:{asked}" for asked in ("", "x", "0", "1" * 40, "-1", str(NOW * 2))),
        f"cast:{name}:days:8",
        f"cast:{name}:lang:xx",
        f"cast:{name}:nonsense:",
        f"cast:{name}:stop:",
        "cast:unknown:yes:1",
    )
    for data in forged:
        query = op.press_data(data, panel.message_id)
        await op.until(lambda _, query=query: query.answer is not None)  # type: ignore[misc]  # bound now
    assert [row["state"] for row in await running.rows("SELECT state FROM broadcasts")] == ["draft"]
    await op.press("Forget it", panel)
    await op.until(lambda op: op.message(panel.message_id).text.startswith("Forgotten"))
    assert await running.rows("SELECT * FROM broadcasts") == []
    query = op.press_data(f"cast:{name}:send:", panel.message_id)
    await op.until(lambda _: query.answer is not None)
    assert (query.answer or {})["text"] == "This is over already."


async def test_a_draft_obeys_nobody_but_its_admin_and_any_admin_stops_what_runs(house: House) -> None:
    await house.start(admin_ids=(ADMIN, ADMIN + 1))
    op, other = (house.sandbox.person(f"Olga{each}", user_id=ADMIN + each).private(house.bot) for each in (0, 1))
    await met(house, 40)
    panel = await drafted(op)
    await other.say("/me")
    mine = (await other.until(lambda talk: talk.answers))[0]
    await op.press("Send to", panel)
    await op.until(lambda op: op.message(panel.message_id).button("Yes"))
    yes = next(str(each.data) for each in op.message(panel.message_id).buttons if each.text.startswith("Yes"))
    _, name, *_ = yes.split(":")
    for data in (yes, f"cast:{name}:drop:", f"cast:{name}:days:7"):
        query = other.press_data(data, mine.message_id)
        await other.until(lambda _, query=query: query.answer is not None)  # type: ignore[misc]  # bound now
        assert (query.answer or {})["text"] == "This is over already."
    await op.press("Yes", op.message(panel.message_id))
    await op.until(lambda op: op.message(panel.message_id).button("Stop"))
    other.press_data(f"cast:{name}:stop:", mine.message_id)
    await told(op, panel, "Stopped")
    rows = await house.rows("SELECT admin_id, action FROM audit ORDER BY audit_id")
    assert [tuple(row.values()) for row in rows] == [(ADMIN, "broadcast"), (ADMIN + 1, "broadcast-stop")]


async def test_a_command_alone_and_one_of_an_album_are_not_sent(running: House, op: Talk) -> None:
    album = await op.send_album((png(8, 8), "one"), (png(8, 8), "two"))
    for reply_to in (None, album[0]):
        await op.say("/broadcast", reply_to=reply_to)
    await op.until(lambda op: any(each.text.startswith("Which words?") for each in op.answers))
    await running.quiet()
    assert await running.rows("SELECT * FROM broadcasts") == []


async def test_members_only_are_told_where_the_bot_is_for_members(house: House) -> None:
    await house.start()
    talks = await met(house, 2)
    await house.restart(access="members")
    op = house.sandbox.person("Olga", user_id=ADMIN).private(house.bot)
    await op.say(f"/allow {talks[0].user.user_id}")
    await op.until(lambda op: op.answers)
    panel = await drafted(op)
    assert "1 person can be told" in panel.text
    await confirmed(op, panel)
    await told(op, panel, "Sent to all 1")
    assert [len(got(talk)) for talk in talks] == [1, 0]


async def test_who_is_known_from_groups_only_is_counted_apart_and_never_tried(running: House, op: Talk) -> None:
    [talk] = await met(running, 1)
    anna = running.sandbox.person("Anna", language="en")
    group = anna.at(running.sandbox.group("Friends", anna, running.bot))
    await group.say("/imagine a fox")
    await group.until(lambda chat: [one for one in chat.answers if one.photo])
    async with running.database.write() as tx:
        await users.meet(tx, 123, "en", 1)
        await users.set_banned(tx, 123, True)
    panel = await drafted(op)
    assert "2 people can be told.\n1 more has never written to me in private" in panel.text
    await confirmed(op, panel)
    assert await told(op, panel, "Sent to all") == "Sent to all 2\nDelivered: 2\nBlocked me: 0"
    assert not [call for call in running.sandbox.calls_of("sendMessage") if call.chat_id == anna.user_id]
    assert got(talk)


async def test_whom_telegram_calls_a_stranger_did_not_block_the_bot_and_is_not_tried_again(
    running: House, op: Talk
) -> None:
    [talk] = await met(running, 1)
    said = "Forbidden: bot can't initiate conversation with a user"
    running.sandbox.fault("sendMessage", status=403, text=said, where=to(talk), times=None)
    panel = await drafted(op)
    await confirmed(op, panel)
    assert await told(op, panel, "Sent to all") == ("Sent to all 2\nDelivered: 1\nBlocked me: 0\nCould not be told: 1")
    assert await running.rows("SELECT * FROM users WHERE gone = 1") == []
    assert "1 more has never written to me in private" in (await drafted(op)).text


async def test_emoji_that_bots_may_not_send_are_told_of_before_anything_is_sent(running: House, op: Talk) -> None:
    await met(running, 1)
    await op.say("/settings")
    await op.until(lambda op: op.answers)
    await op.press("Plain words draw: yes")
    await op.until(lambda op: op.last.button("Plain words draw: no"))
    emoji = {"type": "custom_emoji", "offset": 0, "length": 2, "custom_emoji_id": "5368324170671202286"}
    words = await op.say("\N{FOX FACE} is new", entities=[emoji])
    panel = await drafted(op, "/broadcast", reply_to=words)
    assert "Your own emoji become ordinary ones" in panel.text
    await op.press("Active in 7 days", panel)
    await op.until(lambda op: "Active in 7 days\n" in op.message(panel.message_id).text)
    assert "Your own emoji become ordinary ones" in op.message(panel.message_id).text
