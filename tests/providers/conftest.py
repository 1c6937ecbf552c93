"""A fake service, a way out to it, and a place for its pictures."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest

from bot.http import Http, Limits, Network, Spool
from bot.providers import aigne_hub
from tests.providers.fake import FakeService
from tests.providers.gateway import Gateway
from tests.providers.hands import Hands

KEY = "canary-key-58231"


@pytest.fixture
def clock() -> Hands:
    return Hands()


@pytest.fixture
def spool(tmp_path: Path) -> Spool:
    return Spool(tmp_path / "spool")


@pytest.fixture
async def network(clock: Hands) -> AsyncIterator[Network]:
    """Impatient, so that a test of patience is over soon."""
    async with Network(clock, Limits(connect=0.5, floor=1024, floor_seconds=0.3)) as network:
        yield network


@pytest.fixture
async def service() -> AsyncIterator[FakeService]:
    async with FakeService() as service:
        yield service


@pytest.fixture
def http(network: Network, spool: Spool, service: FakeService) -> Http:
    """Speaks to the fake service with a key."""
    return Http(network, spool, service.url, {"Authorization": f"Bearer {KEY}"}, seconds=5.0)


@pytest.fixture
def left_over(spool: Spool) -> Callable[[], list[Path]]:
    """What lies in the spool."""
    return lambda: sorted(spool.directory.iterdir())


@pytest.fixture
def gateway(service: FakeService) -> Gateway:
    """The fake service as an AIGNE Hub."""
    service.otherwise = Gateway()
    return service.otherwise


@pytest.fixture
def hub(network: Network, spool: Spool, service: FakeService) -> Any:
    """The way to it, at a path of its address and with settings that differ."""

    def build(path: str = "", **wishes: str) -> aigne_hub.AigneHub:
        settings = aigne_hub.Settings.model_validate({"api_key": KEY, "base_url": service.url + path} | wishes)
        return aigne_hub.AigneHub(Http(network, spool, settings.address, settings.headers(), seconds=5.0), settings)

    return build
