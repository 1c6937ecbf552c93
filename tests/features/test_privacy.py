"""/privacy, /terms, /paysupport and /forget are answered in every language and every state, over the wire."""

from collections.abc import Awaitable, Callable

import pytest

from bot.privacy import views
from bot.privacy.rules import COMMANDS, Holdings, Policy
from bot.sandbox.model import Chat, Role
from bot.sandbox.people import Person, Talk
from bot.sandbox.views import Seen
from bot.texts import Texts, utf16_len
from tests.house import ADMIN, House

pytestmark = pytest.mark.usefixtures("patient_telegram")

TEXTS = Texts.load("en", strict=True)
LANGUAGES = [language.tag for language in TEXTS.languages]
CONTACT = "@help_with_pictures"
# How each page begins.
TITLES = {"privacy": "privacy-kept-title", "terms": "terms-use-title", "paysupport": "paysupport-title"}

# The state of somebody: what is true when they ask, and where they do.
State = Callable[[House, Person], Awaitable[Talk]]


async def change(house: House, sql: str, **values: object) -> None:
    async with house.database.write() as tx:
        await tx.execute(sql, values)


async def stranger(house: House, anna: Person) -> Talk:
    return anna.private(house.bot)


async def member(house: House, anna: Person) -> Talk:
    await change(house, "INSERT INTO users (user_id, member, created_at) VALUES (:id, 1, 0)", id=anna.user_id)
    return anna.private(house.bot)


async def banned(house: House, anna: Person) -> Talk:
    sql = "INSERT INTO users (user_id, member, banned, created_at) VALUES (:id, 1, 1, 0)"
    await change(house, sql, id=anna.user_id)
    return anna.private(house.bot)


async def in_maintenance(house: House, anna: Person) -> Talk:
    await change(house, "INSERT INTO modes (name, since) VALUES ('maintenance', 1)")
    return await member(house, anna)


async def without_credits(house: House, anna: Person) -> Talk:
    await change(
        house, "INSERT INTO balances (user_id, day, daily, kept, held) VALUES (:id, '', 0, 0, 0)", id=anna.user_id
    )
    return await member(house, anna)


async def paused(house: House, anna: Person) -> Talk:
    for number in range(5):
        sql = "INSERT INTO strikes (strike_key, user_id, at) VALUES (:key, :id, 4000000000)"
        await change(house, sql, key=str(number), id=anna.user_id)
    return await member(house, anna)


def _group(house: House, anna: Person) -> Chat:
    return house.sandbox.group("Friends", anna, house.bot)


async def in_a_strange_group(house: House, anna: Person) -> Talk:
    return anna.at(_group(house, anna))


async def in_a_quiet_group(house: House, anna: Person) -> Talk:
    group = _group(house, anna)
    sql = "INSERT INTO chats (chat_id, allowed, admins_only, quiet_from, quiet_to) VALUES (:id, 1, 1, 0, 1439)"
    await change(house, sql, id=group.chat_id)
    await member(house, anna)
    return anna.at(group)


async def a_stranger_in_a_group(house: House, anna: Person) -> Talk:
    group = _group(house, anna)
    await change(house, "INSERT INTO chats (chat_id, allowed) VALUES (:id, 1)", id=group.chat_id)
    return anna.at(group)


async def below_a_post_of_a_channel(house: House, anna: Person) -> Talk:
    forum = house.sandbox.forum("Comments", anna, house.bot, topics=("Post",))
    return anna.at(forum, "Post")


STATES: tuple[State, ...] = (
    stranger,
    member,
    banned,
    in_maintenance,
    without_credits,
    paused,
    in_a_strange_group,
    in_a_quiet_group,
    a_stranger_in_a_group,
    below_a_post_of_a_channel,
)


@pytest.mark.parametrize("state", STATES, ids=lambda state: state.__name__)
@pytest.mark.parametrize("language", LANGUAGES)
async def test_every_command_is_answered_in_every_state_and_language(house: House, language: str, state: State) -> None:
    await house.start(access="members", operator_contact=CONTACT)
    talk = await state(house, house.sandbox.person("Anna", language=language))
    t = TEXTS.translator(language)
    for command in COMMANDS:
        answer = await answered(talk, command)
        if command != "forget":
            assert answer.text.startswith(t(TITLES[command]))
            assert CONTACT in answer.text
        else:
            pages = [t("forget-nothing"), t("forget-in-private"), t("forget-title")]
            assert answer.text.splitlines()[0] in pages
    assert (await house.rows("SELECT count(*) AS n FROM users"))[0]["n"] == int(state in KNOWN)


@pytest.mark.parametrize("state", [stranger, banned], ids=lambda state: state.__name__)
@pytest.mark.parametrize("language", LANGUAGES)
async def test_whoever_may_not_draw_reads_whom_to_write_to(house: House, language: str, state: State) -> None:
    await house.start(access="members", operator_contact=CONTACT)
    talk = await state(house, house.sandbox.person("Anna", language=language))
    await talk.say("a red fox")
    await talk.until(lambda talk: talk.answers)
    assert talk.last.text.endswith(CONTACT)


async def answered(talk: Talk, command: str) -> Seen:
    """What the bot says to a command."""
    known = len(talk.messages)
    await talk.say(f"/{command}")
    return (await talk.until(lambda talk: [one for one in talk.messages[known:] if one.by_bot]))[0]


KNOWN = frozenset({member, banned, in_maintenance, without_credits, paused, in_a_quiet_group})


async def test_a_flood_has_one_answer(house: House, anna: Person) -> None:
    await house.start(access="members")
    talk = anna.private(house.bot)
    for _ in range(20):
        await talk.say("/privacy")
    await house.quiet()
    assert 1 <= len(talk.answers) <= 3  # a new one after ten seconds


async def test_what_is_for_another_bot_is_not_answered_in_a_strange_group(house: House, anna: Person) -> None:
    await house.start(access="members")
    talk = anna.at(_group(house, anna))
    await talk.say("/privacy@other_bot")
    await talk.say("/imagine a fox")
    await house.quiet()
    assert talk.answers == []
    assert await house.rows("SELECT * FROM generations") == []


async def test_strangers_cannot_draw_by_these_commands(house: House, anna: Person) -> None:
    await house.start(access="members")
    talk = anna.private(house.bot)
    for words in ("/privacy@other_bot a fox", "/forget@other_bot", "/start forget", "/terms a fox"):
        await talk.say(words)
    await house.quiet()
    assert await house.rows("SELECT * FROM generations") == []
    assert await house.rows("SELECT * FROM users") == []


async def test_admins_of_a_strange_group_are_answered_too(house: House) -> None:
    await house.start(access="members")
    boss = house.sandbox.person("Olga", user_id=ADMIN)
    group = house.sandbox.group("Friends", boss, house.bot)
    house.sandbox.set_role(group, boss, Role.ADMINISTRATOR)
    talk = boss.at(group)
    await talk.say("/terms")
    await talk.until(lambda talk: any(one.text.startswith("What I am for") for one in talk.answers))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_fits_one_message(language: str) -> None:
    t = TEXTS.translator(language)
    services = tuple(f"Service with a long name {number}" for number in range(12))
    policy = Policy("@" + "x" * 199, "https://example.org/" + "t" * 200, "", 72, 30, judged=True, services=services)
    many = Holdings(50_000, 50_000, 50_000, 20, 1_000_000, known=True)
    pages = [views.privacy(t, policy), views.terms(t, policy), views.paysupport(t, policy)]
    pages.append(views.forget(t, many, policy, is_admin=False))
    assert [length for page in pages if (length := utf16_len(page.render()[0])) > 4096] == []


def test_privacy_tells_times_services_and_whom_to_write_to() -> None:
    policy = Policy(CONTACT, "", "https://example.org/privacy", 5, 9, judged=True, services=("OnlySq", "Oxen"))
    text, _ = views.privacy(TEXTS.translator("en"), policy).render()
    for words in (
        "9 days",
        "5 hours",
        "OnlySq, Oxen",
        "A service looks at words first",
        CONTACT,
        "example.org/privacy",
    ):
        assert words in text
    bare, _ = views.privacy(TEXTS.translator("en"), Policy()).render()
    assert "the person who runs this bot" in bare
    assert "looks at words first" not in bare
