"""/post while other things happen: words that change, several drafts at once, a person who is away."""

from bot.chats import store as chats
from bot.chats.service import fill
from bot.sandbox.model import Chat, Role
from bot.sandbox.people import Person, Talk
from bot.sandbox.server import Sandbox
from tests.features.test_chats import answer, tap, told
from tests.features.test_favorites import HEART, THUMB, liked
from tests.features.test_posts import PUBLISH, comes_to, draft, newest, posts, published, reply, says
from tests.features.test_reactions import emoji
from tests.features.test_reactions import told as reaction
from tests.house import House
from tests.waiting import until


async def test_words_that_are_changed_as_its_time_comes_are_those_that_are_published(
    running: House, sandbox: Sandbox, chat: Talk, channel: Chat, anna: Person
) -> None:
    message = await draft(chat)
    await tap(chat, message, "Schedule")
    await tap(chat, message, "In 1 hour")
    await comes_to(running, message, "planned")
    await tap(chat, message, "Edit caption")
    await newest(chat, lambda one: "✏️" in one.text)
    asks = sandbox.fault("getChat", delay=1.0, where=lambda call: call.values["chat_id"] == channel.chat_id)
    async with running.database.write() as tx:
        await tx.execute("UPDATE posts SET due_at = 1 + due_at - 3600", {})
        await tx.execute("UPDATE jobs SET due_at = 1 WHERE kind = 'post-later'", {})
    running.app.work.runner.ring()

    async def asked() -> bool:
        return asks.hits == 1

    await until(asked, "Telegram is asked who may post")
    await reply(chat, "the newest words")
    [post] = await published(channel, anna)
    assert post.text == "the newest words"
    await says(chat, "Published in News")
    await running.quiet()
    assert len(posts(channel, anna)) == 1


async def test_drafts_that_are_asked_for_at_once_keep_to_the_limit_of_the_day_together(
    running: House, chat: Talk, channel: Chat, anna: Person
) -> None:
    async with running.database.write() as tx:
        await chats.change(tx, channel.chat_id, daily=2)
    assert "today" in await told(chat, "/post a red fox --n 3")
    assert not await running.rows("SELECT * FROM generations")
    await draft(chat, "/post a red fox --n 2")


async def test_a_draft_that_was_missed_is_a_draft_once_it_is_brought(
    house: House, sandbox: Sandbox, anna: Person
) -> None:
    await house.start(providers=house.slow(seconds=1))
    channel = sandbox.channel("News", anna)
    sandbox.set_role(channel, house.bot, Role.ADMINISTRATOR)
    chat = anna.private(house.bot)
    await house.quiet()
    async with house.database.write() as tx:
        await fill(tx, house.app.ground.ledger, channel.chat_id, 3, "gift")
    await answer(chat, "/post a red fox")
    sandbox.fault("editMessageMedia", status=403, text="Forbidden: bot was blocked by the user")
    chat.block()

    async def failed() -> object:
        return await house.rows("SELECT 1 AS one FROM generations WHERE status = 'failed'")

    await until(failed, "the picture is kept")
    chat.unblock()
    [offer] = await chat.until(lambda talk: [each for each in talk.answers if each.button("Show it")])
    await chat.press("Show it", offer)
    [brought] = await chat.until(lambda talk: [each for each in talk.answers if each.photo])
    assert brought.labels[0] == PUBLISH
    await house.quiet()
    paid = await house.rows("SELECT user_id FROM entries WHERE kind = 'settle'")
    assert [row["user_id"] for row in paid] == [channel.chat_id]


async def test_of_somebody_who_posts_nowhere_little_is_asked(
    running: House, sandbox: Sandbox, channel: Chat, anna: Person
) -> None:
    sandbox.set_role(sandbox.channel("Foxes", anna), running.bot, Role.ADMINISTRATOR)
    await running.quiet()
    sandbox.calls.clear()
    assert "I know of no channel" in await told(sandbox.person("Boris").private(running.bot), "/post a red fox")
    asked = [call.method for call in sandbox.calls if call.method.startswith("getChat")]
    assert asked == ["getChatMember"] * 2


async def test_a_heart_on_a_draft_is_kept_and_it_can_still_be_published(
    running: House, chat: Talk, channel: Chat, anna: Person
) -> None:
    message = await draft(chat)
    await reaction(running, chat, message.message_id, [], emoji(HEART))
    assert await liked(running) == ["a red fox"]
    assert chat.message(message.message_id).labels[0] == PUBLISH
    await reaction(running, chat, message.message_id, [], emoji(THUMB))
    assert message.message_id not in [each.message_id for each in chat.messages]
