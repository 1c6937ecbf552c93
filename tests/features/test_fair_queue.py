"""One person with many requests does not keep the others waiting."""

from collections import Counter
from dataclasses import replace

import pytest

from bot.imagine.accepting import TooManyWaiting
from bot.imagine.rules import Wish
from bot.sandbox.people import Person
from tests.features.workshop import Workshop
from tests.generations import ANNA
from tests.house import House

BORIS, CLARA = 202, 303
MANY = 200


def asked_by(shop: Workshop) -> list[str]:
    """Whose picture each call of the service was about, in order."""
    return [request.prompt.split()[0] for request in shop.paid.requests]


async def ask(shop: Workshop, user_id: int, name: str, count: int) -> None:
    for number in range(count):
        await shop.ask(Wish(f"{name} {number}"), key=f"msg:{user_id}:{number}", user_id=user_id)


async def test_whoever_comes_behind_two_hundred_requests_of_another_takes_turns_with_them(shop: Workshop) -> None:
    shop.ledger.daily_credits = 10_000
    await ask(shop, ANNA, "anna", MANY)
    for _ in range(3):
        await shop.work()
    await ask(shop, BORIS, "boris", 5)
    await ask(shop, CLARA, "clara", 3)
    async with shop.database.read() as tx:
        places = await shop.imagine.places(tx)
    assert sorted(places.values()) == list(range(1, MANY - 3 + 8 + 1))
    for _ in range(11):
        await shop.work()
    rounds = asked_by(shop)[3:]
    assert [Counter(rounds[at : at + 3]) for at in (0, 3, 6)] == [Counter(("anna", "boris", "clara"))] * 3
    assert Counter(rounds[9:]) == Counter(("anna", "boris"))
    own = [request.prompt for request in shop.paid.requests if request.prompt.startswith("boris")]
    assert own == [f"boris {number}" for number in range(4)]


async def test_one_person_is_drawn_for_by_one_worker_so_another_begins_at_once(shop: Workshop) -> None:
    shop.ledger.daily_credits = 10_000
    await ask(shop, ANNA, "anna", MANY)
    first = await shop.claim()
    assert first
    assert await shop.claim() is None
    await ask(shop, BORIS, "boris", 1)
    second = await shop.claim()
    assert second
    assert second.job.lane == f"user:{BORIS}"
    await shop.run(second)
    await shop.run(first)


async def test_so_many_may_wait_for_one_person_and_no_more(shop: Workshop) -> None:
    shop.ledger.daily_credits = 10_000
    shop.imagine.accepting = replace(shop.imagine.accepting, most_waiting=5)
    await ask(shop, ANNA, "anna", 5)
    left = await shop.left()
    with pytest.raises(TooManyWaiting) as refused:
        await shop.ask(key="msg:1:99")
    assert refused.value.values == {"most": 5}
    assert await shop.left() == left
    await ask(shop, BORIS, "boris", 1)
    await shop.work()
    await shop.ask(key="msg:1:99")


async def test_the_sentence_is_said_once_and_nothing_is_charged(house: House, anna: Person) -> None:
    await house.start(most_waiting=2, providers=house.slow(seconds=1))
    chat = anna.private(house.bot)
    for number in range(5):
        await chat.say(f"/imagine fox {number}")
    await chat.until(lambda chat: sum("at most 2 pictures" in message.text for message in chat.answers) == 1)
    await chat.until(lambda chat: sum(bool(message.photo) for message in chat.answers) == 2)
    await house.quiet()
    assert len(chat.answers) == 3
    [row] = await house.rows("SELECT daily, held FROM balances")
    assert row == {"daily": 18, "held": 0}
