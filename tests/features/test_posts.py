"""/post in private: a draft for a channel, changed and looked at, and in the channel exactly once."""

from collections.abc import Callable
from typing import Any

import pytest

from bot.chats import store as chats
from bot.chats.service import fill
from bot.clock import SystemClock
from bot.ops.backup import Backups
from bot.posts.rules import LATEST
from bot.sandbox.faults import Lost
from bot.sandbox.model import Chat, Query, Role
from bot.sandbox.people import Person, Talk
from bot.sandbox.server import Sandbox
from bot.sandbox.views import Seen
from tests.features.test_chats import answer, tap, told
from tests.features.test_restore import restore
from tests.house import House
from tests.waiting import until

pytestmark = pytest.mark.usefixtures("patient_telegram")

PUBLISH = "Publish in News"


async def draft(talk: Talk, words: str = "/post a red fox") -> Seen:
    """The picture that came of it, with its buttons."""
    return await answer(talk, words, lambda one: one.photo and one.buttons)


def posts(channel: Chat, anna: Person) -> list[Seen]:
    return anna.at(channel).messages


async def published(channel: Chat, anna: Person) -> list[Seen]:
    return await anna.at(channel).until(lambda chat: chat.messages)


async def test_a_draft_is_published_with_one_press(chat: Talk, channel: Chat, anna: Person) -> None:
    message = await draft(chat)
    assert message.labels[0] == PUBLISH
    assert message.text == ""
    await tap(chat, message, PUBLISH)
    [post] = await published(channel, anna)
    assert post.photo
    said = await says(chat, "Published in News")
    assert f"https://t.me/c/{str(channel.chat_id)[4:]}/{post.message_id}" in said.text
    await chat.until(lambda talk: talk.message(message.message_id).labels == ("Open the post", "Reroll"))


async def reply(talk: Talk, words: str, **extra: Any) -> None:
    """Answer the newest question about a draft."""
    question = await newest(talk, lambda one: "✏️" in one.text)
    await talk.say(words, reply_to=question, **extra)


async def newest(talk: Talk, fits: Callable[[Seen], object]) -> Seen:
    """The newest message of the bot that fits, once there is one."""
    return (await talk.until(lambda chat: [one for one in chat.answers if fits(one)]))[-1]


async def says(talk: Talk, words: str) -> Seen:
    return await newest(talk, lambda one: words in one.text)


async def answered(talk: Talk, *presses: Query) -> None:
    await talk.until(lambda _: all(each.answer for each in presses))


async def state(house: House, message: Seen) -> str:
    found = await house.rows(
        "SELECT state FROM posts JOIN generations ON generation_id = post_id WHERE note_id = :note_id",
        note_id=message.message_id,
    )
    return str(found[0]["state"])


async def comes_to(house: House, message: Seen, wanted: str) -> None:
    async def look() -> bool:
        return await state(house, message) == wanted

    await until(look, wanted)


async def test_a_press_twice_publishes_once(running: House, chat: Talk, channel: Chat, anna: Person) -> None:
    message = await draft(chat)
    first, second = chat.begin_press(PUBLISH, message), chat.begin_press(PUBLISH, message)
    await answered(chat, first, second)
    await published(channel, anna)
    await running.quiet()
    assert len(posts(channel, anna)) == 1


async def test_the_caption_keeps_its_formatting_and_the_signature_stands_below(
    running: House, chat: Talk, channel: Chat, anna: Person
) -> None:
    message = await draft(chat)
    await tap(chat, message, "Edit caption")
    await reply(chat, "A bold fox", entities=[{"type": "bold", "offset": 2, "length": 4}])
    await says(chat, "The caption is set.")
    await chat.until(lambda talk: not any("What shall stand" in one.text for one in talk.answers))
    await tap(chat, message, "Signature")
    await tap(chat, message, "Anna")
    await chat.until(lambda talk: "Anna" in talk.message(message.message_id).text)
    await tap(chat, message, PUBLISH)
    [post] = await published(channel, anna)
    assert post.text == "A bold fox\n\nAnna"
    kinds = [(one["type"], one["offset"], one["length"]) for one in post.entities]
    assert kinds == [("bold", 2, 4), ("italic", 12, 4)]


async def test_an_answer_that_is_not_waited_for_changes_nothing(
    running: House, chat: Talk, channel: Chat, anna: Person
) -> None:
    message = await draft(chat)
    await tap(chat, message, "Edit caption")
    await tap(chat, message, "Cancel")
    await reply(chat, "too late")
    await says(chat, "This question is over.")
    await tap(chat, message, PUBLISH)
    [post] = await published(channel, anna)
    assert post.text == ""


async def test_a_caption_that_is_too_long_is_not_taken(chat: Talk, channel: Chat) -> None:
    message = await draft(chat)
    await tap(chat, message, "Edit caption")
    await reply(chat, "🦊" * 513)
    await says(chat, "1026 characters together, and Telegram takes 1024")
    await reply(chat, "🦊" * 512)
    await says(chat, "The caption is set.")


async def test_what_its_admins_sign_with_counts_for_every_new_draft(
    running: House, chat: Talk, channel: Chat, anna: Person
) -> None:
    message = await draft(chat)
    await tap(chat, message, "Signature")
    await tap(chat, message, "Other words")
    await reply(chat, "The News team")
    await says(chat, "are signed so from now on")
    async with running.database.read() as tx:
        assert (await chats.get(tx, channel.chat_id)).signature == "The News team"
    assert (await draft(chat, "/post a blue fox")).text == "The News team"


async def test_reroll_makes_another_draft_with_the_same_words(
    running: House, chat: Talk, channel: Chat, anna: Person
) -> None:
    message = await draft(chat)
    await tap(chat, message, "Edit caption")
    await reply(chat, "Look")
    await says(chat, "The caption is set.")
    await tap(chat, message, "Reroll")
    other = await newest(chat, lambda one: one.photo and one.message_id > message.message_id)
    assert other.text == "Look"
    assert other.labels[0] == PUBLISH
    await tap(chat, other, PUBLISH)
    await published(channel, anna)
    await running.quiet()
    assert chat.message(message.message_id).labels[0] == PUBLISH


async def test_a_plan_outlives_the_process_and_is_carried_out_once(
    running: House, chat: Talk, channel: Chat, anna: Person
) -> None:
    message = await draft(chat)
    await tap(chat, message, "Schedule")
    await tap(chat, message, "In 1 hour")
    said = await says(chat, "It will be published in News")
    assert [one["type"] for one in said.entities] == ["date_time"]
    await running.restart()
    assert posts(channel, anna) == []
    async with running.database.write() as tx:
        await tx.execute("UPDATE posts SET due_at = 1 + due_at - 3600", {})
        await tx.execute("UPDATE jobs SET due_at = 1 WHERE kind = 'post-later'", {})
    running.app.work.runner.ring()
    await published(channel, anna)
    await says(chat, "Published in News")
    await running.quiet()
    assert len(posts(channel, anna)) == 1


async def test_a_plan_is_taken_back(running: House, chat: Talk, channel: Chat, anna: Person) -> None:
    message = await draft(chat)
    await tap(chat, message, "Schedule")
    await tap(chat, message, "Other time")
    await reply(chat, "soon")
    await says(chat, "I did not understand the time.")
    await reply(chat, "23:59")
    await says(chat, "It will be published in News")
    await tap(chat, message, "Do not publish")
    await comes_to(running, message, "draft")
    assert not await running.rows("SELECT * FROM jobs WHERE kind = 'post-later'")


async def test_a_time_that_passed_long_ago_is_not_made_up_for(
    running: House, chat: Talk, channel: Chat, anna: Person
) -> None:
    message = await draft(chat)
    await tap(chat, message, "Schedule")
    await tap(chat, message, "In 1 hour")
    await comes_to(running, message, "planned")
    async with running.database.write() as tx:
        await tx.execute("UPDATE posts SET due_at = due_at - :gap", {"gap": 3700 + LATEST})
        await tx.execute("UPDATE jobs SET due_at = 1 WHERE kind = 'post-later'", {})
    running.app.work.runner.ring()
    await says(chat, "passed while I was away")
    await running.quiet()
    assert posts(channel, anna) == []
    assert await state(running, message) == "draft"


async def test_an_unknown_end_is_told_and_never_sent_again_by_itself(
    running: House, sandbox: Sandbox, chat: Talk, channel: Chat, anna: Person
) -> None:
    message = await draft(chat)
    sandbox.fault("sendPhoto", lost=Lost.AFTER, where=lambda call: call.values["chat_id"] == channel.chat_id)
    await tap(chat, message, PUBLISH)
    await says(chat, "Telegram did not say")
    await running.quiet()
    assert len(posts(channel, anna)) == 1
    await tap(chat, message, "It is there")
    await comes_to(running, message, "published")
    assert len(posts(channel, anna)) == 1


async def test_whoever_is_no_admin_any_more_publishes_nothing_and_keeps_the_draft(
    running: House, sandbox: Sandbox, chat: Talk, channel: Chat, anna: Person
) -> None:
    message = await draft(chat)
    sandbox.set_role(channel, anna, Role.ADMINISTRATOR, "can_post_messages")
    await tap(chat, message, PUBLISH)
    await says(chat, "you are not an admin who may post")
    await running.quiet()
    assert posts(channel, anna) == []
    assert chat.message(message.message_id).labels[0] == PUBLISH


async def test_a_bot_that_may_not_post_says_so_and_keeps_the_draft(
    running: House, sandbox: Sandbox, chat: Talk, channel: Chat, anna: Person
) -> None:
    message = await draft(chat)
    sandbox.set_role(channel, running.bot, Role.ADMINISTRATOR, "can_post_messages")
    await tap(chat, message, PUBLISH)
    await says(chat, "I may not post")
    sandbox.set_role(channel, running.bot, Role.ADMINISTRATOR)
    await tap(chat, message, PUBLISH)
    await published(channel, anna)


async def test_who_may_not_post_there_begins_no_draft(
    running: House, sandbox: Sandbox, channel: Chat, anna: Person
) -> None:
    boris = sandbox.person("Boris")
    talk = boris.private(running.bot)
    assert "I know of no channel" in await told(talk, "/post a red fox")
    assert "not one where both of us" in await told(talk, f"/post {channel.chat_id} a red fox")
    cora = sandbox.person("Cora").private(running.bot)
    assert "not one where both of us" in await told(cora, "/post @nowhere a red fox")
    assert not await running.rows("SELECT * FROM generations")


async def test_of_several_channels_one_is_chosen_once(
    running: House, sandbox: Sandbox, chat: Talk, channel: Chat, anna: Person
) -> None:
    sandbox.set_role(sandbox.channel("Foxes", anna), running.bot, Role.ADMINISTRATOR)
    await running.quiet()
    question = await answer(chat, "/post a red fox", lambda one: one.buttons)
    assert set(question.labels) == {"News", "Foxes"}
    first, second = chat.begin_press("News", question), chat.begin_press("Foxes", question)
    await answered(chat, first, second)
    await running.quiet()
    assert [row["title"] for row in await running.rows("SELECT title FROM posts")] == ["News"]


async def test_a_draft_keeps_to_the_rules_of_its_channel_and_its_pot_pays(
    running: House, chat: Talk, channel: Chat, anna: Person
) -> None:
    async with running.database.write() as tx:
        await fill(tx, running.app.ground.ledger, channel.chat_id, 3, "gift")
        await chats.change(tx, channel.chat_id, spoiler=True, gap=3600)
    message = await draft(chat)
    assert "one after the other" in (await told(chat, "/post a blue fox")).lower()
    await tap(chat, message, PUBLISH)
    await published(channel, anna)
    [sent] = [each.media for each in channel.messages.values()]
    assert sent is not None
    assert sent.spoiler
    await running.quiet()
    paid = await running.rows("SELECT user_id FROM entries WHERE kind = 'settle'")
    assert [row["user_id"] for row in paid] == [channel.chat_id]


async def test_a_discarded_draft_leaves_the_picture_in_the_history(
    running: House, chat: Talk, channel: Chat, anna: Person
) -> None:
    message = await draft(chat)
    await tap(chat, message, "Discard")
    await chat.until(lambda talk: talk.message(message.message_id).labels == ())
    assert await state(running, message) == "discarded"
    assert (await answer(chat, "/history", lambda one: one.photo)).photo


async def test_the_buttons_of_a_draft_are_its_owners(
    running: House, sandbox: Sandbox, chat: Talk, channel: Chat, anna: Person
) -> None:
    message = await draft(chat)
    [row] = await running.rows("SELECT post_id FROM posts")
    boris = sandbox.person("Boris").private(running.bot)
    foreign = await answer(boris, "/imagine a fox", lambda one: one.photo)
    for what in ("publish", "caption", "discard", "in3600", "again", "signature"):
        await answered(boris, boris.press_data(f"post:{row['post_id']}:{what}", foreign))
    await running.quiet()
    assert posts(channel, anna) == []
    assert await state(running, message) == "draft"


async def test_what_is_drawn_instead_of_a_cancelled_draft_is_a_draft(
    house: House, sandbox: Sandbox, anna: Person
) -> None:
    await house.start(providers=house.slow(seconds=60))
    sandbox.set_role(sandbox.channel("News", anna), house.bot, Role.ADMINISTRATOR)
    await house.quiet()
    chat = anna.private(house.bot)
    note = await answer(chat, "/post a red fox", lambda one: one.button("Cancel"))
    await tap(chat, note, "Cancel")
    await house.restart()
    await tap(chat, note, "Try again")
    assert (await newest(chat, lambda one: one.photo)).labels[0] == PUBLISH


async def test_after_a_restored_past_a_planned_post_is_looked_for_first(
    house: House, sandbox: Sandbox, anna: Person
) -> None:
    await house.start()
    channel = sandbox.channel("News", anna)
    sandbox.set_role(channel, house.bot, Role.ADMINISTRATOR)
    await house.quiet()
    chat = anna.private(house.bot)
    message = await draft(chat)
    await tap(chat, message, "Schedule")
    await tap(chat, message, "In 1 hour")
    await says(chat, "It will be published in News")
    await house.quiet()
    copy = await Backups(house.data_dir, SystemClock()).make()
    assert await house.stop() == []
    await restore(house.data_dir, copy)
    await house.start()
    await tap(chat, message, "Do not publish")
    await chat.until(lambda talk: talk.message(message.message_id).button("It is there"))
    assert posts(channel, anna) == []
    assert not await house.rows("SELECT * FROM jobs")


async def test_a_post_that_was_begun_before_a_crash_is_not_sent_again(
    running: House, chat: Talk, channel: Chat, anna: Person
) -> None:
    message = await draft(chat)
    await tap(chat, message, "Schedule")
    await tap(chat, message, "In 1 hour")
    await comes_to(running, message, "planned")
    async with running.database.write() as tx:
        await tx.execute("UPDATE posts SET state = 'begun', due_at = due_at - 3600", {})
        await tx.execute("UPDATE jobs SET due_at = 1 WHERE kind = 'post-later'", {})
    running.app.work.runner.ring()
    await says(chat, "Telegram did not say")
    await running.quiet()
    assert posts(channel, anna) == []
    await tap(chat, message, "It is not there: publish again")
    await published(channel, anna)
