"""AIGNE Hub: what it says about money, and where it sends people to buy more."""

import json
from typing import Any

import pytest

from bot.errors import Cause, NotNow, ProviderError
from bot.http import Http, Network, Spool
from bot.providers import Ticket
from bot.providers.aigne_hub import SERVED, AigneHub
from bot.providers.base import Account
from tests.providers.conftest import KEY
from tests.providers.fake import Answer, FakeService
from tests.providers.gateway import Gateway, request


async def test_what_is_left_is_told_with_the_page_to_buy_more(hub: Any, service: FakeService, gateway: Gateway) -> None:
    link = "https://hub.aigne.io/payment/plink_1"
    gateway.answers["/hub/api/user/info"] = Answer(
        json={
            "user": {"did": "z1", "fullName": "Ann", "email": "ann@example.org"},
            "creditBalance": {"balance": "12.5", "total": "20", "grantCount": 1, "pendingCredit": "0"},
            "paymentLink": link,
            "enableCredit": True,
        }
    )
    assert await hub().account() == Account("12.50 credits", link)
    assert service.calls[-1].headers["authorization"] == f"Bearer {KEY}"


@pytest.mark.parametrize("link", [None, 7, "", "javascript:alert(1)", "http://hub.example.org/pay", "/pay"])
async def test_a_page_that_nobody_can_be_sent_to_is_left_out(hub: Any, gateway: Gateway, link: object) -> None:
    gateway.answers["/here/api/user/info"] = Answer(json={"creditBalance": {"balance": 3}, "paymentLink": link})
    assert await hub("/here").account() == Account("3.00 credits")


async def test_a_hub_that_bills_nobody_has_no_balance(hub: Any, gateway: Gateway) -> None:
    gateway.answers["/here/api/user/info"] = Answer(json={"creditBalance": None, "paymentLink": None})
    assert await hub("/here").account() is None


@pytest.mark.parametrize(
    "facts",
    [
        {"creditBalance": {"balance": "much"}},
        {"creditBalance": {"balance": "NaN"}},
        {"creditBalance": {"balance": "1e99999"}},
        {"creditBalance": "none"},
    ],
)
async def test_a_balance_that_makes_no_sense_is_an_error_of_ours(hub: Any, gateway: Gateway, facts: object) -> None:
    gateway.answers["/here/api/user/info"] = Answer(json=facts)
    with pytest.raises(NotNow):
        await hub("/here").account()


async def test_the_page_to_buy_more_comes_with_the_refusal(hub: Any, gateway: Gateway) -> None:
    link = "https://127.0.0.1/payment/plink_1"
    error = {"message": "Not enough credits", "timestamp": 1, "type": "NOT_ENOUGH", "link": link}
    gateway.answers[f"/here{SERVED}"] = Answer(402, json={"error": error})
    with pytest.raises(ProviderError) as caught:
        await hub("/here").generate(request(), Ticket())
    assert (caught.value.cause, caught.value.link) == (Cause.NO_FUNDS, link)


@pytest.mark.parametrize(
    ("link", "kept"),
    [
        ("https://hub.aigne.io/payment/plink_1", True),
        ("https://pay.hub.aigne.io/plink_1", True),
        ("https://s.aigne.io/aB3d", True),
        ("https://aigne.io.example.org/pay", False),
        ("https://evilaigne.io/pay", False),
        ("https://example.io/pay", False),
        ("https://evil.aigne.io/pay", False),
        ("http://hub.aigne.io/pay", False),
        ("https://[::1/pay", False),
    ],
)
def test_admins_are_sent_to_pages_of_the_hub_only(network: Network, spool: Spool, link: str, kept: bool) -> None:
    http = Http(network, spool, "https://hub.aigne.io", pages=AigneHub.pages)
    problem = http.problem(json.dumps({"error": {"message": "Not enough credits", "link": link}}))
    assert problem.link == (link if kept else None)
