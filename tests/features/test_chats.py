"""Groups by their own rules: who may draw, with what, when, and who pays."""

from collections.abc import Awaitable, Callable

import pytest

from bot.chats import store as chats
from bot.chats.service import fill
from bot.sandbox.model import Chat, Query, Role
from bot.sandbox.people import Answer, Person, Talk
from bot.sandbox.server import Sandbox
from bot.sandbox.views import Seen
from bot.users import store as users
from tests.house import ADMIN, House
from tests.waiting import until

pytestmark = pytest.mark.usefixtures("patient_telegram")


@pytest.fixture
def boris(sandbox: Sandbox) -> Person:
    return sandbox.person("Boris")


@pytest.fixture
def group(sandbox: Sandbox, running: House, anna: Person, boris: Person) -> Chat:
    """Anna leads it."""
    return sandbox.group("Friends", anna, boris, running.bot)


async def answer(talk: Talk, words: str, fits: Callable[[Seen], object] = bool) -> Seen:
    """The first answer to these words that fits."""
    before = {one.message_id for one in talk.answers}
    await talk.say(words)
    found = await talk.until(lambda chat: [one for one in chat.answers if one.message_id not in before and fits(one)])
    return found[0]


async def drawn(talk: Talk, words: str = "/imagine a fox --seed 7") -> Seen:
    """The picture that answers."""
    return await answer(talk, words, lambda one: one.photo)


async def told(talk: Talk, words: str) -> str:
    """The sentence that answers."""
    return (await answer(talk, words)).text


async def panel(talk: Talk) -> Seen:
    """The settings."""
    return await answer(talk, "/settings", lambda one: one.buttons)


async def tap(talk: Talk, message: Seen, start: str) -> Answer | None:
    """Press the button of this message that begins so, once it is there."""

    def label(chat: Talk) -> str | None:
        return next((each for each in chat.message(message.message_id).labels if each.startswith(start)), None)

    return await talk.press(str(await talk.until(label)), message.message_id)


async def choose(talk: Talk, *starts: str) -> None:
    """Open the settings and press the buttons that begin so, one after the other."""
    message = await panel(talk)
    for start in starts:
        said = await tap(talk, message, start)
        assert said is None or said.text in ("Saved.", "Сохранено.")


async def test_a_group_is_set_up_by_its_own_admins_only(group: Chat, anna: Person, boris: Person) -> None:
    message = await panel(anna.at(group))
    assert message.labels[0] == "Who may draw: everybody"
    assert await told(boris.at(group), "/settings") == (
        "Only admins of that chat can change its settings. Your own are behind /settings in our private chat."
    )
    said = await boris.at(group).press("Who may draw: everybody", message.message_id)
    assert said is not None
    assert said.alert
    assert anna.at(group).message(message.message_id).labels[0] == "Who may draw: everybody"


async def test_where_only_admins_draw_others_are_told(group: Chat, anna: Person, boris: Person) -> None:
    await choose(anna.at(group), "Who may draw")
    assert await told(boris.at(group), "/imagine a fox") == (
        "In this chat only its admins may draw. In our private chat you can."
    )
    assert (await drawn(anna.at(group))).photo


async def test_pictures_come_veiled_and_the_command_goes_where_that_is_wished(
    sandbox: Sandbox, running: House, group: Chat, anna: Person
) -> None:
    sandbox.set_role(group, running.bot, Role.ADMINISTRATOR)
    await choose(anna.at(group), "Pictures behind a spoiler", "Delete the command", "Done")
    asked = await anna.at(group).say("/imagine a fox")
    await anna.at(group).until(lambda chat: any(one.photo for one in chat.answers))
    await anna.at(group).until(lambda chat: asked not in [one.message_id for one in chat.messages])
    [edit] = sandbox.calls_of("editMessageMedia")
    assert edit.values["media"]["has_spoiler"] is True


async def test_a_command_stays_where_the_bot_may_not_delete(group: Chat, anna: Person) -> None:
    await choose(anna.at(group), "Delete the command")
    asked = await anna.at(group).say("/imagine a fox")
    await anna.at(group).until(lambda chat: any(one.photo for one in chat.answers))
    assert asked in [one.message_id for one in anna.at(group).messages]


async def test_a_group_draws_in_one_topic_only(sandbox: Sandbox, running: House, anna: Person) -> None:
    forum = sandbox.forum("Club", anna, running.bot, topics=("Pictures", "Talk"))
    await choose(anna.at(forum, "Pictures"), "Draw in this topic only", "Done")
    refused = "In this group I draw in one topic only. An admin of the group can change that in /settings."
    assert await told(anna.at(forum, "Talk"), "/imagine a fox") == refused
    assert (await drawn(anna.at(forum, "Pictures"))).photo


async def test_one_person_waits_between_two_wishes_and_nobody_else(group: Chat, anna: Person, boris: Person) -> None:
    await choose(anna.at(group), "Between two wishes", "60 min", "Done")
    await drawn(anna.at(group))
    assert (await told(anna.at(group), "/imagine an owl")).startswith("One after the other, please")
    assert (await drawn(boris.at(group))).photo


async def test_in_quiet_hours_nothing_is_drawn_in_the_group(running: House, group: Chat, anna: Person) -> None:
    async with running.database.write() as tx:
        await chats.change(tx, group.chat_id, quiet_from=0, quiet_to=0, zone="Asia/Tokyo")
    said = await told(anna.at(group), "/imagine a fox")
    assert said.startswith("Quiet hours: I draw here again at 00:00 (Asia/Tokyo)")
    assert (await drawn(anna.private(running.bot))).photo


async def test_a_wish_that_waits_in_a_group_is_drawn_by_no_press_from_elsewhere(
    running: House, group: Chat, anna: Person
) -> None:
    """Where the rules of the group do not count."""
    private = anna.private(running.bot)
    picture = await answer(private, "/imagine a fox", lambda one: one.photo)
    asked = await answer(anna.at(group), "/imagine an owl --ar 16:10", lambda one: one.buttons)
    [wish] = [each.data for each in asked.buttons if (each.data or "").startswith("wish:")]
    said = private.press_data(wish or "", picture)
    await private.until(lambda _: said.answer)
    await running.quiet()
    assert [row["prompt"] for row in await running.rows("SELECT prompt FROM generations")] == ["a fox"]
    anna.at(group).press_data(wish or "", asked)
    await anna.at(group).until(lambda chat: [each for each in chat.answers if each.photo])


async def test_the_quiet_hours_and_their_zone_are_chosen(running: House, group: Chat, anna: Person) -> None:
    await choose(anna.at(group), "UTC", "Asia/Tokyo")
    await choose(anna.at(group), "Quiet: never", "22:00–07:00")
    async with running.database.read() as tx:
        chat = await chats.get(tx, group.chat_id)
    assert (chat.quiet_from, chat.quiet_to, chat.zone) == (22, 7, "Asia/Tokyo")


async def test_a_group_speaks_the_language_it_chose(group: Chat, anna: Person, boris: Person) -> None:
    await choose(anna.at(group), "Language", "Русский")
    assert (await told(boris.at(group), "/settings")).startswith("Настройки этого чата меняют")


async def test_only_allowed_models_draw_in_a_group(running: House, group: Chat, anna: Person) -> None:
    async with running.database.write() as tx:
        await chats.change(tx, group.chat_id, ceiling=0)
    assert await told(anna.at(group), "/imagine a fox") == (
        "No model that may draw in this chat can draw this. An admin of the chat can change that in /settings."
    )
    await choose(
        anna.at(group),
        "Most a picture may cost",
        "any price",
        "Models: all",
        "Sketch",
        "« Back",
        "Models: 1",
        "All models",
    )
    assert (await drawn(anna.at(group))).photo


async def test_the_pot_pays_first_up_to_each_members_share(
    sandbox: Sandbox, running: House, group: Chat, anna: Person
) -> None:
    keeper = sandbox.person("Keeper", user_id=ADMIN)
    group.join(keeper.user, Role.MEMBER)
    assert await told(keeper.at(group), "/grant 5") == "The pot of this chat has 5 credits more, 5 in all."
    await choose(anna.at(group), "Pot, for each member", "2 credits", "Done")
    for _ in range(3):
        await drawn(anna.at(group))
    await running.quiet()
    paid = await running.rows("SELECT user_id, kept, daily FROM entries WHERE kind = 'settle' ORDER BY at, kept DESC")
    price = max(entry["kept"] for entry in paid)
    assert price == 1
    assert [entry["user_id"] for entry in paid] == [group.chat_id, group.chat_id, anna.user_id]
    payers = await running.rows("SELECT payer_id FROM generations ORDER BY created_at, payer_id")
    assert sorted(str(row["payer_id"]) for row in payers) == sorted([str(group.chat_id)] * 2 + ["None"])
    assert "holds 3 credits" in (await panel(anna.at(group))).text


async def test_what_is_cancelled_goes_back_into_the_pot(sandbox: Sandbox, house: House, anna: Person) -> None:
    await house.start(providers=house.slow(30.0))
    group = sandbox.group("Friends", anna, house.bot)
    async with house.database.write() as tx:
        await fill(tx, house.app.ground.ledger, group.chat_id, 2, "gift")
    await anna.at(group).say("/imagine a fox")
    await anna.at(group).until(lambda chat: chat.answers)
    async with house.database.read() as tx:
        held = await house.app.ground.ledger.seen(tx, group.chat_id)
    assert held is not None
    assert (held.kept, held.held) == (1, 1)
    await anna.at(group).press("Cancel")
    async with house.database.read() as tx:
        balance = await house.app.ground.ledger.seen(tx, group.chat_id)
        assert balance is not None
        assert (balance.kept, balance.held) == (2, 0)
        assert await house.app.ground.ledger.audit(tx) == []


async def test_rules_and_pot_go_along_when_a_group_becomes_a_supergroup(
    sandbox: Sandbox, running: House, anna: Person
) -> None:
    group = sandbox.group("Friends", anna, running.bot, supergroup=False)
    async with running.database.write() as tx:
        await fill(tx, running.app.ground.ledger, group.chat_id, 2, "gift")
        await chats.change(tx, group.chat_id, spoiler=True)
    new = sandbox.upgrade(group)
    await drawn(anna.at(new))
    await running.quiet()
    async with running.database.read() as tx:
        chat = await chats.get(tx, new.chat_id)
    assert (chat.spoiler, chat.pot_id) == (True, group.chat_id)
    assert [row["user_id"] for row in await running.rows(SETTLED)] == [group.chat_id]


SETTLED = "SELECT user_id FROM entries WHERE kind = 'settle'"


@pytest.fixture
async def closed(house: House) -> House:
    """The bot for members only."""
    await house.start(access="members")
    return house


async def test_group_and_person_must_each_be_let_in(
    sandbox: Sandbox, closed: House, anna: Person, boris: Person
) -> None:
    keeper = sandbox.person("Keeper", user_id=ADMIN)
    group = sandbox.group("Friends", keeper, anna, boris, closed.bot)
    async with closed.database.write() as tx:
        await users.set_member(tx, anna.user_id, True)
    await anna.at(group).say("/imagine a fox")
    assert (await told(keeper.at(group), "/imagine an owl")).startswith("I do not work in this chat yet.")
    assert await told(keeper.at(group), "/allow") == (
        "I draw in this chat now. Its admins can set the rules: /settings"
    )
    await boris.at(group).say("/imagine a cat")
    assert "a dog" in (await drawn(anna.at(group), "/imagine a dog")).text
    await closed.quiet()
    assert [row["prompt"] for row in await closed.rows("SELECT prompt FROM generations")] == ["a dog"]
    await told(keeper.private(closed.bot), f"/disallow {group.chat_id}")
    done = await keeper.private(closed.bot).press("Let them out")
    assert done is not None
    assert done.text == f"Chat {group.chat_id} may not draw any more."
    said = await anna.at(group).press("Again")
    assert said is not None
    assert said.text == "I do not work in this chat. The person who runs this bot can let me in."
    assert len(await closed.rows("SELECT prompt FROM generations")) == 1


async def test_a_strange_group_is_left_and_one_that_an_admin_brought_it_to_is_not(
    sandbox: Sandbox, house: House, anna: Person
) -> None:
    await house.start(access="members", strange_groups="leave")
    keeper = sandbox.person("Keeper", user_id=ADMIN)
    strange, brought = sandbox.group("Strangers", anna), sandbox.group("Friends", keeper)
    anna.at(strange).set_role(house.bot, Role.MEMBER)
    keeper.at(brought).set_role(house.bot, Role.MEMBER)
    await until(is_out(house, strange), "the bot is gone")
    await house.quiet()
    assert brought.role(house.bot.user.user_id) is Role.MEMBER


async def test_a_strange_group_is_ignored_by_default(sandbox: Sandbox, closed: House, anna: Person) -> None:
    strange = sandbox.group("Strangers", anna, closed.bot)
    await anna.at(strange).say("/imagine a fox")
    await anna.at(strange).say("/start")
    await closed.quiet()
    assert anna.at(strange).answers == []
    assert strange.role(closed.bot.user.user_id) is Role.MEMBER


async def answered(query: Query) -> str:
    """What comes up after a press."""

    async def look() -> object:
        return query.answer

    await until(look, "an answer")
    return str((query.answer or {}).get("text"))


def is_out(house: House, chat: Chat) -> Callable[[], Awaitable[bool]]:
    """A look whether the bot has left."""

    async def look() -> bool:
        return chat.role(house.bot.user.user_id) is Role.LEFT

    return look


@pytest.fixture
async def channel(sandbox: Sandbox, running: House, anna: Person) -> Chat:
    """Anna's, with three credits in its pot."""
    channel = sandbox.channel("News", anna, running.bot)
    async with running.database.write() as tx:
        await fill(tx, running.app.ground.ledger, channel.chat_id, 3, "gift")
    return channel


async def test_a_post_in_a_channel_becomes_the_picture_and_the_pot_pays(
    running: House, channel: Chat, anna: Person
) -> None:
    await anna.at(channel).say("/imagine a fox")
    await anna.at(channel).until(lambda chat: [bool(one.photo) for one in chat.messages] == [True])
    [post] = anna.at(channel).messages
    assert post.labels == ()
    await running.quiet()
    assert [row["user_id"] for row in await running.rows(SETTLED)] == [channel.chat_id]


async def test_a_channel_without_credits_and_words_that_are_no_wish_stay_as_they_are(
    sandbox: Sandbox, running: House, channel: Chat, anna: Person
) -> None:
    poor = sandbox.channel("Poor", anna, running.bot)
    await anna.at(poor).say("/imagine a fox")
    for words in ("Good morning", "/imagine", "/imagine a fox --ar 99", "/help"):
        await anna.at(channel).say(words)
    await running.quiet()
    assert [one.text for one in anna.at(poor).messages] == ["/imagine a fox"]
    assert len(anna.at(channel).messages) == 4
    assert not await running.rows("SELECT * FROM generations")


async def test_whoever_brought_the_bot_into_a_channel_hears_in_private_once_why_a_post_is_no_picture(
    sandbox: Sandbox, running: House, anna: Person
) -> None:
    private = anna.private(running.bot)
    await answer(private, "/me")
    poor = sandbox.channel("Poor", anna)
    anna.at(poor).set_role(running.bot, Role.ADMINISTRATOR)
    for words in ("/imagine a fox", "/imagine an owl", "/imagine a fox --ar 99"):
        await anna.at(poor).say(words)
    await private.until(lambda chat: len(chat.answers) == 3)
    await running.quiet()
    unpaid, unread = (each.text for each in private.answers[1:])
    assert f"/grant {poor.chat_id} 50" in unpaid
    assert unread.startswith("In Poor a post stayed as it is.")
    assert len(anna.at(poor).messages) == 3


async def test_a_channel_is_set_up_from_the_private_chat_of_its_admin(
    running: House, channel: Chat, anna: Person, boris: Person
) -> None:
    command = f"/settings {channel.chat_id}"
    message = await answer(anna.private(running.bot), command)
    assert "The pot holds 3 credits." in message.text
    await tap(anna.private(running.bot), message, "Pictures behind a spoiler")
    async with running.database.read() as tx:
        assert (await chats.get(tx, channel.chat_id)).spoiler
    assert (await told(boris.private(running.bot), command)).startswith("Only admins of that chat")


async def test_a_button_of_one_chat_sets_up_no_other(
    sandbox: Sandbox, running: House, group: Chat, anna: Person
) -> None:
    other = sandbox.group("Others", anna, running.bot)
    message = await panel(anna.at(other))
    query = anna.at(other).press_data(f"chat:{group.chat_id}:spoiler:1", message.message_id)
    await answered(query)
    assert query.answer is not None
    assert query.answer["show_alert"] is True
    async with running.database.read() as tx:
        assert not (await chats.get(tx, group.chat_id)).spoiler
