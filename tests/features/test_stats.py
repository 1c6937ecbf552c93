"""/stats and /providers as an admin sees them: a chart that turns, files, a board with switches; nobody else does."""

import csv
import io
import json
from functools import partial
from typing import Any

import pytest

from bot.providers import ProviderSettings
from bot.providers.onlysq import Settings as OnlySq
from bot.sandbox.people import Person, Talk
from bot.sandbox.server import Sandbox
from bot.sandbox.views import Seen
from tests.house import ADMIN, House
from tests.waiting import until


@pytest.fixture
def boss(sandbox: Sandbox, running: House) -> Talk:
    """The private chat of an admin."""
    return sandbox.person("Boss", user_id=ADMIN, language="en").private(running.bot)


def photos(talk: Talk) -> list[Seen]:
    return [each for each in talk.answers if each.photo]


async def figures_of(talk: Talk) -> Seen:
    """The newest chart."""
    return (await talk.until(lambda talk: [each for each in photos(talk) if "A 🟦" in each.text]))[-1]


def says(talk: Talk, number: int, words: str) -> bool:
    return words in talk.message(number).text


async def drawn(house: House, talk: Talk, words: str = "a red fox") -> None:
    await talk.say(f"/imagine {words}")
    await talk.until(photos)
    await house.quiet()


async def test_a_day_is_a_chart_with_its_numbers_beside_it(running: House, chat: Talk, boss: Talk) -> None:
    await drawn(running, chat)
    await boss.say("/stats")
    shown = await figures_of(boss)
    assert "A 🟦 1 picture\nA 🟥 0 failures\n1 person asked\n1 credit spent by people" in shown.text
    assert "Sketch: 100 % good" in shown.text
    assert shown.photo is not None
    assert shown.photo.width == 1080
    assert shown.labels == ("✓ Day", "Week", "Month", "As CSV", "As JSON")


async def test_another_period_comes_in_the_same_message(running: House, boss: Talk) -> None:
    await boss.say("/stats")
    shown = await figures_of(boss)
    for label, title in (("Week", "The last 7 days"), ("Month", "The last 30 days"), ("Day", "The last 24 hours")):
        await boss.press(label)
        await boss.until(partial(says, number=shown.message_id, words=title))
    assert sum(bool(each.photo) for each in boss.answers) == 1


async def test_figures_are_told_in_the_language_of_the_admin(running: House, sandbox: Sandbox) -> None:
    talk = sandbox.person("Шеф", user_id=ADMIN, language="ru").private(running.bot)
    await talk.say("/stats")
    shown = await figures_of(talk)
    assert "Последние 24 часа" in shown.text
    assert shown.labels[:3] == ("✓ День", "Неделя", "Месяц")


async def document(talk: Talk, label: str) -> str:
    known = len(talk.answers)
    await talk.press(label)
    found = await talk.until(lambda talk: [each for each in talk.answers[known:] if each.document])
    assert found[0].document is not None
    return found[0].document.content.decode("utf-8")


async def test_both_files_hold_the_figures(running: House, chat: Talk, boss: Talk) -> None:
    await drawn(running, chat)
    await boss.say("/stats")
    await figures_of(boss)
    lines = csv.DictReader(io.StringIO((await document(boss, "As CSV")).removeprefix("\ufeff")))
    assert sum(int(line["value"]) for line in lines if line["what"] == "pictures") == 1
    told = json.loads(await document(boss, "As JSON"))
    assert (sum(told["delivered"]), told["models"]) == (1, {"sketch/default": 1})


@pytest.mark.parametrize("command", ["/stats", "/providers"])
async def test_nobody_else_is_told_anything(running: House, chat: Talk, command: str) -> None:
    await chat.say(command)
    await chat.say("/me")
    await chat.until(lambda talk: "Spent today" in talk.last.text)
    await running.quiet()
    assert not [each for each in chat.answers if each.photo or "Services" in each.text]
    assert await running.rows("SELECT * FROM jobs") == []


@pytest.mark.parametrize("data", ["stats:show:month", "stats:csv:day", "board:off:sketch", "board:show:"])
async def test_a_forged_press_of_somebody_else_does_nothing(running: House, chat: Talk, data: str) -> None:
    await drawn(running, chat)
    before = chat.answers
    query = chat.press_data(data, before[-1])

    async def answered() -> bool:
        return query.answer is not None

    await until(answered, "an answer")
    assert query.answer is not None
    assert query.answer["text"] == "This is for the admins of the bot."
    await running.quiet()
    assert len(chat.answers) == len(before)
    assert await running.rows("SELECT * FROM provider_switches") == []


@pytest.mark.parametrize("data", ["stats:show:year", "stats:exe:day", "board:off:nobody", "board:paint:sketch"])
async def test_a_press_of_what_there_is_not_is_answered(running: House, boss: Talk, data: str) -> None:
    await boss.say("/stats")
    shown = await figures_of(boss)
    query = boss.press_data(data, shown)

    async def answered() -> bool:
        return query.answer is not None

    await until(answered, "an answer")
    assert query.answer is not None
    assert "does not work any more" in query.answer["text"]


async def board_of(talk: Talk, *words: str) -> Seen:
    """The newest board, once it holds these words."""

    def look(talk: Talk) -> list[Seen]:
        boards = [each for each in talk.answers if each.text.startswith("Services")][-1:]
        return [each for each in boards if all(word in each.text for word in words)]

    return (await talk.until(look))[0]


def two_services(house: House) -> dict[str, ProviderSettings]:
    """The sketch, and a service of which nothing is asked here."""
    wishes: dict[str, Any] = {"api_key": "k", "base_url": "http://127.0.0.1:9"}
    return {"onlysq": OnlySq(**wishes), **house.slow(seconds=0)}


@pytest.fixture
async def served(house: House, sandbox: Sandbox) -> Talk:
    """The private chat of an admin of a bot with two services."""
    await house.start(providers=two_services(house))
    return sandbox.person("Boss", user_id=ADMIN, language="en").private(house.bot)


async def test_the_board_tells_how_services_stand(house: House, served: Talk, anna: Person) -> None:
    await drawn(house, anna.private(house.bot))
    await served.say("/providers")
    shown = await board_of(served)
    assert "🟢 OnlySq · works\nNobody has asked it since I started.\nToday: 0 credits" in shown.text
    assert "🟢 Sketch · works\n100 % of 1 call good" in shown.text
    assert "Today: 1 credit" in shown.text
    assert "Turn Sketch off" in shown.labels


async def test_a_service_that_is_turned_off_is_offered_no_more_also_after_a_restart(house: House, served: Talk) -> None:
    await served.say("/providers")
    await board_of(served)
    await served.press("Turn OnlySq off")
    await board_of(served, "⚪ OnlySq · turned off")
    assert {model.provider for model in house.app.pictures.providers.models()} == {"sketch"}
    await house.restart(providers=two_services(house))

    async def still_off() -> bool:
        return {model.provider for model in house.app.pictures.providers.models()} == {"sketch"}

    await until(still_off, "it is off")
    await served.press("Turn OnlySq on")
    await board_of(served, "🟢 OnlySq · works")
    assert {model.provider for model in house.app.pictures.providers.models()} == {"sketch", "onlysq"}


async def test_the_last_service_stays_on(house: House, served: Talk) -> None:
    await served.say("/providers")
    await board_of(served)
    await served.press("Turn OnlySq off")
    await board_of(served, "⚪ OnlySq")
    answer = await served.press("Turn Sketch off")
    assert answer is not None
    assert "it stays on" in answer.text
    assert [row["name"] for row in await house.rows("SELECT name FROM provider_switches")] == ["onlysq"]


async def test_a_preferred_service_goes_first(house: House, served: Talk) -> None:
    await served.say("/providers")
    await board_of(served)
    await served.press("Prefer Sketch")
    await board_of(served, "⭐ Sketch")
    assert house.app.pictures.providers.services()[0].key == "sketch"
    await served.press("Do not prefer Sketch")
    await board_of(served, "🟢 Sketch")
    assert house.app.pictures.providers.services()[0].key == "onlysq"
    rows = await house.rows("SELECT admin_id, action, subject FROM audit ORDER BY audit_id")
    assert [tuple(row.values()) for row in rows] == [
        (ADMIN, f"switch-{what}", "sketch") for what in ("prefer", "plain")
    ]
