"""OnlySq beyond its cassette: how long it wants rest, and which models an account may use."""

import pytest

from bot.errors import Cause, NotNow
from bot.http import Http
from bot.images import AspectRatio, ImageRequest
from bot.providers import Ticket
from bot.providers.onlysq import REST, OnlySq, Settings
from tests.providers.fake import Answer, FakeService

LISTED = {
    name: {"modality": "image", "status": "work", "tier": tier, "cost": cost}
    for name, tier, cost in [
        ("lite", 0, 1),
        ("standard", "standard", "1.5"),
        ("plus", 2, "3"),
        ("premium", "3", 1311),
        ("paid", 4, 10**400),
    ]
}


def onlysq(http: Http, tier: int = 0) -> OnlySq:
    return OnlySq(http, Settings(tier=tier))


async def asked(http: Http) -> None:
    provider = onlysq(http)
    await provider.generate(ImageRequest(provider.models()[0], "a fox", AspectRatio.SQUARE), Ticket())


@pytest.mark.parametrize(("headers", "rest"), [({}, REST), ({"Retry-After": "3"}, 3.0)])
async def test_too_many_requests_rest_as_long_as_the_service_says_or_25_seconds(
    http: Http, service: FakeService, headers: dict[str, str], rest: float
) -> None:
    service.will(Answer(429, json={"error": {"message": "Too many requests"}}, headers=headers))
    with pytest.raises(NotNow) as caught:
        await asked(http)
    assert (caught.value.cause, caught.value.retry_after) == (Cause.RATE_LIMITED, rest)


async def test_a_service_that_is_down_says_no_time(http: Http, service: FakeService) -> None:
    service.will(Answer(503, json={}))
    with pytest.raises(NotNow) as caught:
        await asked(http)
    assert caught.value.retry_after is None


@pytest.mark.parametrize(("level", "offered"), [(0, 2), (1, 3), (2, 4), (3, 5)])
async def test_an_account_is_offered_the_tiers_of_its_level(
    http: Http, service: FakeService, level: int, offered: int
) -> None:
    service.will(Answer(json={"models": LISTED}))
    listed = await onlysq(http, level).listed()
    assert [model.name for model in listed] == list(LISTED)[:offered]
    assert [model.price for model in listed] == [1, 2, 3, 1, 1][:offered]


async def test_an_account_without_a_confirmed_mail_is_offered_nothing_new(http: Http, service: FakeService) -> None:
    service.will(Answer(json={"models": LISTED}))
    assert await onlysq(http, -1).listed() == []
