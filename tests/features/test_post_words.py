"""What stands below drafts of /post: looked at as prompts are, asked for by a message that goes when it is over."""

import pytest

from bot.moderation.rules import MOST_STRIKES
from bot.sandbox.model import Chat, Role
from bot.sandbox.people import Person, Talk
from bot.sandbox.server import Sandbox
from bot.sandbox.views import Seen
from tests.features.test_chats import answer, tap
from tests.features.test_moderation import said
from tests.features.test_posts import comes_to, draft, posts, reply, says
from tests.house import ADMIN, House
from tests.providers.fake import Answer, FakeService

pytestmark = pytest.mark.usefixtures("patient_telegram")

REFUSED = "I do not draw that here"


@pytest.fixture
def desk(running: House, sandbox: Sandbox) -> Talk:
    """The private chat of an admin with the bot."""
    return sandbox.person("Ada", user_id=ADMIN, language="en").private(running.bot)


def questions(talk: Talk) -> list[Seen]:
    """What is asked about drafts, as far as it is still there."""
    return [one for one in talk.answers if "✏️" in one.text]


async def asked(talk: Talk, message: Seen, label: str = "Edit caption") -> Seen:
    """Press it, and wait for the question."""
    await tap(talk, message, label)
    return (await talk.until(questions))[-1]


async def test_a_caption_is_looked_at_as_a_prompt_for_a_channel_is(
    running: House, chat: Talk, channel: Chat, anna: Person, desk: Talk
) -> None:
    await said(desk, "/block fox --in channels", "is not drawn any more")
    message = await draft(chat, "/post a white hen")
    await asked(chat, message)
    await reply(chat, "No hen: a f0x")
    await says(chat, REFUSED)
    assert chat.message(message.message_id).text == ""
    assert [row["user_id"] for row in await running.rows("SELECT user_id FROM strikes")] == [anna.user_id]
    await reply(chat, "A hen")
    await says(chat, "The caption is set.")


async def test_a_signature_is_looked_at_and_so_is_a_name(running: House, chat: Talk, channel: Chat, desk: Talk) -> None:
    await said(desk, "/block anna --in channels", "is not drawn any more")
    message = await draft(chat, "/post a white hen")
    await tap(chat, message, "Signature")
    assert REFUSED in str(await tap(chat, message, "Anna"))
    await asked(chat, message, "Other words")
    await reply(chat, "By ANNA")
    await says(chat, REFUSED)
    assert await running.rows("SELECT * FROM chats WHERE signature IS NOT NULL") == []


async def test_what_was_blocked_since_is_not_published(
    running: House, chat: Talk, channel: Chat, anna: Person, desk: Talk
) -> None:
    message = await draft(chat, "/post a white hen")
    await asked(chat, message)
    await reply(chat, "A fox")
    await says(chat, "The caption is set.")
    await said(desk, "/block fox", "is not drawn any more")
    assert REFUSED in str(await tap(chat, message, "Publish in News"))
    await comes_to(running, message, "draft")
    assert posts(channel, anna) == []


async def test_the_same_refused_words_count_once(running: House, chat: Talk, channel: Chat, desk: Talk) -> None:
    await said(desk, "/block fox", "is not drawn any more")
    message = await draft(chat, "/post a white hen")
    await asked(chat, message)
    for _ in range(MOST_STRIKES):
        await reply(chat, "A fox")
    await running.quiet()
    assert len(await running.rows("SELECT * FROM strikes")) == 1


async def test_the_service_that_judges_hears_captions_too(house: House, sandbox: Sandbox, anna: Person) -> None:
    async with FakeService() as judge:
        judge.otherwise = lambda call: Answer(json={"results": [{"flagged": "fox" in str(call.json["input"])}]})
        await house.start(moderation_url=f"{judge.url}/v1")
        channel = sandbox.channel("News", anna)
        sandbox.set_role(channel, house.bot, Role.ADMINISTRATOR)
        await house.quiet()
        chat = anna.private(house.bot)
        message = await draft(chat, "/post a white hen")
        await asked(chat, message)
        await reply(chat, "A fox")
        await says(chat, REFUSED)
        await house.quiet()


@pytest.mark.parametrize("label", ["Cancel", "Discard"])
async def test_the_question_goes_when_it_is_over(running: House, chat: Talk, channel: Chat, label: str) -> None:
    message = await draft(chat)
    await asked(chat, message)
    await running.quiet()
    if label == "Discard":  # two buttons below one message: the older view is still open elsewhere
        [row] = await running.rows("SELECT post_id FROM posts")
        chat.press_data(f"post:{row['post_id']}:discard", message)
    else:
        await tap(chat, message, label)
    await chat.until(lambda chat: not questions(chat))
    await running.quiet()
    assert (await running.rows("SELECT asked FROM posts"))[0]["asked"] is None


async def test_another_question_takes_the_place_of_the_first(running: House, chat: Talk, channel: Chat) -> None:
    message = await draft(chat)
    first = await asked(chat, message)
    await running.quiet()
    [row] = await running.rows("SELECT post_id FROM posts")
    chat.press_data(f"post:{row['post_id']}:time", message)
    await chat.until(lambda chat: [one.message_id != first.message_id for one in questions(chat)] == [True])


async def test_a_question_that_arrives_when_it_is_over_goes_again(
    running: House, sandbox: Sandbox, chat: Talk, channel: Chat
) -> None:
    message = await draft(chat)
    await running.quiet()
    [row] = await running.rows("SELECT post_id FROM posts")
    for what in ("caption", "cancel"):
        chat.press_data(f"post:{row['post_id']}:{what}", message)
    await running.quiet()
    assert questions(chat) == []


async def test_whoever_names_many_channels_that_are_not_theirs_has_to_wait(running: House, chat: Talk) -> None:
    for number in range(8):
        await chat.say(f"/post @nobody{number} a fox")
    await chat.until(lambda chat: any("These were chats that are not yours" in one.text for one in chat.answers))
    await running.quiet()
    assert len(running.sandbox.calls_of("getChatMember")) == 5
    for number in range(8):
        await chat.say(f"/settings -100123456789{number}")
    await running.quiet()
    assert len(running.sandbox.calls_of("getChatMember")) == 10


async def test_settings_from_afar_name_their_chat(
    running: House, sandbox: Sandbox, chat: Talk, channel: Chat, anna: Person
) -> None:
    message = await answer(chat, f"/settings {channel.chat_id}", lambda one: one.buttons)
    assert message.text.startswith("Settings of News\nThey hold for everybody there")
