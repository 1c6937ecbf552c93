from typing import Any

import pytest

from bot.admin import store as audit
from bot.admin.handlers import router
from bot.errors import UserError
from bot.users import store as users
from tests.features.stage import ADMIN, ANNA, BORIS, GROUP, NOW, MakeStage, Stage, data_of, labels

FORWARDED = {"forward_origin": {"type": "hidden_user", "date": NOW, "sender_user_name": "Somebody"}}


@pytest.fixture
def stage(make_stage: MakeStage) -> Stage:
    return make_stage(router())


async def is_member(stage: Stage, who: int) -> bool | None:
    async with stage.database.read() as tx:
        person = await users.get(tx, who)
    return person.member if person else None


async def decided(stage: Stage) -> list[tuple[str, str]]:
    """What was written down, the oldest first."""
    async with stage.database.read() as tx:
        return [(each.action, each.subject) for _, each in reversed(await audit.decisions(tx, 9))]


async def meet(stage: Stage, who: int) -> None:
    await stage.say("hello", who=who)


async def test_an_admin_lets_a_person_in_whom_the_bot_never_met(stage: Stage) -> None:
    said, card = await stage.say(f"/allow {BORIS}", who=ADMIN)
    assert said.text == "102 may draw now."
    assert "Let in" in card.text
    assert await is_member(stage, BORIS) is True


async def test_a_person_who_wrote_before_hears_that_they_may_draw_once(stage: Stage) -> None:
    await meet(stage, BORIS)
    for hears in ([ADMIN, ADMIN, BORIS], [ADMIN, ADMIN]):
        assert [each.chat_id for each in await stage.say(f"/allow {BORIS}", who=ADMIN)] == hears
    assert await decided(stage) == [("allow", str(BORIS))]


async def test_an_admin_turns_a_person_out_again_after_a_question(stage: Stage) -> None:
    await meet(stage, BORIS)
    await stage.say(f"/allow {BORIS}", who=ADMIN)
    await stage.say(f"/grant {BORIS} 50", who=ADMIN)
    [question] = await stage.say(f"/disallow {BORIS}", who=ADMIN)
    assert "which still come: 0; credits that stay: 50" in question.text
    assert await is_member(stage, BORIS) is True
    await stage.press(data_of(question, "Let them out"), who=ADMIN)
    assert await is_member(stage, BORIS) is False
    assert await decided(stage) == [("allow", str(BORIS)), ("grant", str(BORIS)), ("disallow", str(BORIS))]


async def test_what_is_typed_asks_as_its_button_does(stage: Stage) -> None:
    await stage.say(f"/allow {BORIS}", who=ADMIN)
    await stage.say(f"/allow {GROUP}", who=ADMIN)
    for number in (BORIS, GROUP):
        [typed] = await stage.say(f"/disallow {number}", who=ADMIN)
        pressed, _ = await stage.press(f"adm:disallow:{number}:", who=ADMIN)
        assert (pressed.text, labels(pressed)) == (typed.text, labels(typed))


async def test_nobody_is_let_out_whom_the_bot_never_met(stage: Stage) -> None:
    with pytest.raises(UserError) as raised:
        await stage.say("/disallow 999", who=ADMIN)
    assert raised.value.text == "admin-unknown-person"


async def test_those_who_run_the_bot_are_not_let_out_as_they_would_go_on_drawing(stage: Stage) -> None:
    await meet(stage, ADMIN)
    with pytest.raises(UserError) as raised:
        await stage.say(f"/disallow {ADMIN}", who=ADMIN)
    assert raised.value.text == "panel-not-about-them"
    assert await decided(stage) == []


async def test_a_grant_counts_once_and_stays(stage: Stage) -> None:
    await meet(stage, BORIS)
    said, _, gift = await stage.say(f"/grant {BORIS} 50", who=ADMIN, message_id=7)
    assert said.text == "50 credits given."
    assert gift.chat_id == BORIS
    with pytest.raises(UserError) as raised:
        await stage.say(f"/grant {BORIS} 50", who=ADMIN, message_id=7)
    assert raised.value.text == "admin-granted-before"
    async with stage.database.write() as tx:
        assert (await stage.ledger.balance(tx, BORIS)).kept == 50


async def test_credits_go_only_to_people_the_bot_has_met(stage: Stage) -> None:
    with pytest.raises(UserError) as raised:
        await stage.say("/grant 999 50", who=ADMIN)
    assert raised.value.text == "admin-unknown-person"


@pytest.mark.parametrize("words", ["", " @boris", " -5", " 1 2 3"])
async def test_a_command_that_names_nobody_is_explained(stage: Stage, words: str) -> None:
    for command in ("/allow", "/disallow", "/grant"):
        with pytest.raises(UserError):
            await stage.say(command + words, who=ADMIN)


@pytest.mark.parametrize(
    ("who", "chat", "fields"),
    [
        (ANNA, None, {}),
        (ADMIN, GROUP, {}),
        (ADMIN, None, FORWARDED),
        (ADMIN, None, {"via_bot": {"id": 9, "is_bot": True, "first_name": "Bot"}}),
    ],
    ids=["a stranger", "in a group", "a forwarded message", "through another bot"],
)
async def test_nothing_is_done_or_said_for(stage: Stage, who: int, chat: int | None, fields: dict[str, Any]) -> None:
    await meet(stage, BORIS)
    for command in (f"/allow {BORIS}", f"/grant {BORIS} 50"):
        assert await stage.say(command, who=who, chat=chat, **fields) == []
    assert await is_member(stage, BORIS) is False


async def test_a_command_that_waited_too_long_is_left_alone(stage: Stage) -> None:
    with pytest.raises(UserError) as raised:
        await stage.say(f"/allow {BORIS}", who=ADMIN, date=NOW - 601)
    assert raised.value.text == "admin-stale"
    assert await is_member(stage, BORIS) is None
