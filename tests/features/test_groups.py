"""Groups: what is meant for the bot, what is not, and where the answer goes."""

import pytest

from bot.sandbox.model import Chat, Role
from bot.sandbox.people import Person, Talk
from bot.sandbox.server import Sandbox
from bot.sandbox.views import Seen
from tests.features.test_editing import photo
from tests.features.test_imagine import drawn, pictures
from tests.house import House

pytestmark = pytest.mark.usefixtures("patient_telegram")

ME = "imagine_test_bot"


@pytest.fixture
def boris(sandbox: Sandbox) -> Person:
    return sandbox.person("Boris", language="en")


@pytest.fixture
def group(sandbox: Sandbox, running: House, anna: Person, boris: Person) -> Chat:
    return sandbox.group("Friends", anna, boris, running.bot)


async def prompts(house: House) -> list[str]:
    return [row["prompt"] for row in await house.rows("SELECT prompt FROM generations ORDER BY created_at, rowid")]


async def last_drawn(chat: Talk, prompt: str) -> Seen:
    return (await chat.until(lambda chat: [each for each in pictures(chat) if prompt in each.text]))[0]


@pytest.mark.parametrize("words", [f"@{ME} a red fox", f"@{ME.upper()}, a red fox", f"/imagine@{ME} a red fox"])
async def test_words_behind_its_name_are_a_wish(running: House, group: Chat, anna: Person, words: str) -> None:
    chat = anna.at(group)
    said = await chat.say(words)
    picture = await last_drawn(chat, "a red fox")
    assert picture.reply_to == said
    assert await prompts(running) == ["a red fox"]


async def test_a_reply_to_its_picture_changes_it_and_one_to_its_words_is_a_wish(
    running: House, group: Chat, anna: Person, boris: Person
) -> None:
    picture = await drawn(anna.at(group))
    await boris.at(group).say("make it snow", reply_to=picture)
    await last_drawn(anna.at(group), "make it snow")
    await anna.at(group).say("/imagine")
    asked = await anna.at(group).until(lambda chat: next((m for m in chat.answers if "What shall I" in m.text), None))
    await anna.at(group).say("an owl", reply_to=asked)
    await last_drawn(anna.at(group), "an owl")
    rows = await running.rows("SELECT prompt, sources IS NOT NULL AS changed FROM generations")
    assert {row["prompt"]: row["changed"] for row in rows} == {"a fox": 0, "make it snow": 1, "an owl": 0}


async def test_the_name_under_a_photo_of_somebody_else_changes_that_photo(
    running: House, group: Chat, anna: Person, boris: Person
) -> None:
    sent = await boris.at(group).send_photo(photo(), "look at this")
    await anna.at(group).say(f"@{ME} make it snow", reply_to=sent)
    await last_drawn(anna.at(group), "make it snow")
    assert len(await running.rows("SELECT * FROM generations WHERE sources IS NOT NULL")) == 1


async def test_the_name_alone_asks_what_to_draw(group: Chat, anna: Person) -> None:
    chat = anna.at(group)
    await chat.say(f"@{ME}")
    await chat.until(lambda chat: "What shall I draw?" in chat.last.text)


@pytest.mark.parametrize("privacy", [True, False])
async def test_whatever_else_a_group_says_is_heard_by_nobody_and_kept_nowhere(
    running: House, sandbox: Sandbox, anna: Person, boris: Person, privacy: bool
) -> None:
    running.bot.privacy = privacy
    other = sandbox.add_bot("7000000043:other", "other_bot")
    group = sandbox.group("Friends", anna, boris, running.bot, other)
    theirs = boris.at(group)
    picture = await drawn(anna.at(group))
    first = await theirs.say("what a lovely day")
    await theirs.say("a fox, please", reply_to=first)
    await theirs.say("/imagine@other_bot a fox")
    await theirs.say("/unheard of")
    await theirs.say(f"have you tried @{ME} yet?")
    await theirs.say("@anna look at this", reply_to=picture)
    await theirs.say("@other_bot draw a fox")
    await drawn(anna.at(group), "/imagine an owl")
    assert await prompts(running) == ["a fox", "an owl"]
    assert await running.rows("SELECT user_id FROM users WHERE user_id = :id", id=boris.user_id) == []
    assert len(theirs.answers) == 2


async def test_the_talk_of_a_group_leaves_no_row(running: House, group: Chat, sandbox: Sandbox, anna: Person) -> None:
    sandbox.set_role(group, running.bot, Role.ADMINISTRATOR)
    await drawn(anna.at(group))
    before = await running.rows("SELECT update_id FROM inbox")
    for number in range(5):
        await anna.at(group).say(f"just talking {number}")
    await drawn(anna.at(group), "/imagine an owl")
    assert len(await running.rows("SELECT update_id FROM inbox")) == len(before) + 1
    assert running.app.ground.counts["updates_passed_by"] >= 5


async def test_in_a_topic_a_message_that_answers_nobody_is_no_wish(
    running: House, sandbox: Sandbox, anna: Person
) -> None:
    """Telegram says of it that it answers the message that began the topic, which may be the bot's own."""
    forum = sandbox.forum("Club", anna, running.bot, topics=("Foxes",))
    chat = anna.at(forum, "Foxes")
    assert chat.thread_id is not None
    forum.messages[chat.thread_id].sender = running.bot.user
    await chat.say("what a lovely day")
    await drawn(chat, "/imagine an owl")
    assert await prompts(running) == ["an owl"]


@pytest.mark.parametrize("topic", [None, "Foxes"])
async def test_the_answer_stays_in_the_topic_of_the_question(
    running: House, sandbox: Sandbox, anna: Person, topic: str | None
) -> None:
    forum = sandbox.forum("Club", anna, running.bot, topics=("Foxes", "Owls"))
    chat = anna.at(forum, topic)
    for words, prompt in (("/imagine a fox", "a fox"), (f"@{ME} a hare", "a hare")):
        said = await chat.say(words)
        picture = await last_drawn(chat, prompt)
        assert (picture.reply_to, picture.thread_id) == (said, chat.thread_id)
    assert anna.at(forum, "Owls").messages == []
