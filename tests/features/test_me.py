import pytest

from bot.quota.handlers import router
from tests.features.stage import ANNA, MakeStage, Stage


@pytest.fixture
def stage(make_stage: MakeStage) -> Stage:
    return make_stage(router())


async def test_me_shows_a_full_day_at_first(stage: Stage) -> None:
    [answer] = await stage.say("/me")
    assert answer.text.splitlines() == [
        "20 credits left",
        "Spent today: 0",
        "Your 20 credits of the day come back in 16 hours (00:00 UTC)",
    ]


async def test_me_names_the_moment_so_that_every_app_shows_it_in_its_own_time(stage: Stage) -> None:
    [answer] = await stage.say("/me")
    [moment] = [entity for entity in answer.entities if entity.type == "date_time"]
    assert moment.unix_time == stage.ledger.next_grant_at()
    assert moment.extract_from(answer.text) == "00:00 UTC"


async def test_me_tells_what_is_held_spent_and_kept(stage: Stage) -> None:
    async with stage.database.write() as tx:
        await stage.ledger.grant(tx, ANNA, 5, "gift")
        await stage.ledger.hold(tx, ANNA, "fox", 17)
        await stage.ledger.hold(tx, ANNA, "hen", 4)
        await stage.ledger.settle(tx, "fox")
    [answer] = await stage.say("/me")
    assert answer.text.splitlines()[:4] == [
        "4 credits left",
        "4 of them stay until you use them.",
        "4 credits are set aside for pictures on their way.",
        "Spent today: 17",
    ]
