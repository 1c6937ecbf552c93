"""Trouble with a service: the admins hear of it once, and once of its end, whatever happens in between."""

from collections.abc import Sequence

import pytest

from bot.errors import Cause, NotNow, ProviderError, Refused, StorageBusy, Unknown
from bot.http import Http
from bot.images import AspectRatio, GeneratedImage, ImageModel, ImageRequest
from bot.providers import Provider, Providers, ProviderSettings, Switches, Ticket
from bot.stats.incidents import Incidents
from bot.stats.rules import STEADY, Incident, Turn
from bot.storage.database import Database, Transaction
from tests.providers.hands import Hands

Heard = list[tuple[Turn, str, str, str]]


class Moody(Provider):
    """Draws nothing, or fails as told."""

    key = "moody"
    title = "Moody"
    shipped = (ImageModel("moody/one", "One"),)
    error: ProviderError | None = None

    async def generate(self, request: ImageRequest, ticket: Ticket) -> list[GeneratedImage]:
        if self.error:
            raise self.error
        return []

    async def listed(self) -> Sequence[ImageModel]:
        return self.shipped


class Scene:
    """A service, whoever asks it, and what the admins hear. `restart` is a new process on the same database."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.clock = Hands()
        self.heard: Heard = []
        self.deaf = False
        self.restart()

    def restart(self) -> None:
        self.moody = Moody(http(), ProviderSettings())
        self.providers = Providers([self.moody], self.clock)
        self.incidents = Incidents(self.database, self.providers, self.clock, self._tell, lambda: None)

    async def _tell(self, tx: Transaction, what: Turn, incident: Incident, title: str, link: str) -> None:
        if self.deaf:
            raise StorageBusy("Another program holds it.")
        self.heard.append((what, incident.cause, title, link))

    async def ask(self, error: ProviderError | None, times: int = 1) -> None:
        """So many people want pictures."""
        self.moody.error = error
        request = ImageRequest(self.moody.shipped[0], "a fox", AspectRatio.SQUARE)
        for _ in range(times):
            try:
                await self.providers.generate(request, Ticket())
            except ProviderError:
                continue

    async def pass_time(self, seconds: float) -> None:
        """Let time pass, with a look every five seconds."""
        for _ in range(round(seconds / 5)):
            self.clock.move(5)
            await self.incidents.look()


def http() -> Http:
    return None  # type: ignore[return-value]  # nothing here goes over the network


@pytest.fixture
def scene(database: Database) -> Scene:
    return Scene(database)


OPENED = (Turn.OPENED, "service-error", "Moody", "")
CLOSED = (Turn.CLOSED, "service-error", "Moody", "")


async def test_a_service_that_fails_is_told_of_once(scene: Scene) -> None:
    for _ in range(50):
        await scene.ask(Unknown(Cause.SERVICE_ERROR), times=5)
        await scene.pass_time(10)
    assert scene.heard == [OPENED]


async def test_a_failure_now_and_then_is_no_incident(scene: Scene) -> None:
    for number in range(50):
        await scene.ask(Unknown(Cause.SERVICE_ERROR) if number % 2 else None)
        await scene.pass_time(10)
    assert scene.heard == []


async def test_its_end_is_told_of_once_it_lasts(scene: Scene) -> None:
    await scene.ask(Unknown(Cause.SERVICE_ERROR), times=5)
    await scene.pass_time(60)
    await scene.ask(None)
    await scene.pass_time(STEADY - 10)
    assert scene.heard == [OPENED]
    await scene.pass_time(30)
    await scene.pass_time(3600)
    assert scene.heard == [OPENED, CLOSED]


async def test_a_service_that_comes_and_goes_is_one_incident(scene: Scene) -> None:
    for _ in range(20):
        await scene.ask(Unknown(Cause.SERVICE_ERROR), times=5)
        await scene.pass_time(60)
        await scene.ask(None, times=3)
        await scene.pass_time(60)
    assert scene.heard == [OPENED]
    await scene.pass_time(STEADY + 10)
    assert scene.heard == [OPENED, CLOSED]


async def test_a_restart_tells_nothing_anew_and_forgets_nothing(scene: Scene) -> None:
    await scene.ask(Unknown(Cause.SERVICE_ERROR), times=5)
    await scene.pass_time(10)
    for _ in range(3):
        scene.restart()
        await scene.pass_time(STEADY + 60)
        await scene.ask(Unknown(Cause.SERVICE_ERROR), times=5)
        await scene.pass_time(10)
    assert scene.heard == [OPENED]
    scene.restart()
    await scene.ask(None)
    await scene.pass_time(STEADY + 60)
    assert scene.heard == [OPENED, CLOSED]


@pytest.mark.parametrize("cause", [Cause.KEY_REFUSED, Cause.NO_FUNDS, Cause.SERVICE_GONE])
async def test_what_only_the_operator_can_mend_is_told_at_the_first_failure_with_the_page_to_pay(
    scene: Scene, cause: Cause
) -> None:
    error = Refused(cause)
    error.link = "https://pay.example/credits"
    await scene.ask(error)
    await scene.pass_time(3600)
    assert scene.heard == [(Turn.OPENED, cause, "Moody", "https://pay.example/credits")]


async def test_a_key_that_is_refused_meanwhile_is_told_of_too(scene: Scene) -> None:
    await scene.ask(NotNow(Cause.UNAVAILABLE), times=5)
    await scene.pass_time(60)
    for _ in range(5):
        await scene.ask(Refused(Cause.KEY_REFUSED))
        await scene.pass_time(700)
        await scene.ask(NotNow(Cause.UNAVAILABLE), times=5)
        await scene.pass_time(60)
    assert [(what, cause) for what, cause, *_ in scene.heard] == [
        (Turn.OPENED, "unavailable"),
        (Turn.WORSE, "key-refused"),
    ]


async def test_a_service_that_was_turned_off_is_no_news(scene: Scene) -> None:
    await scene.ask(Unknown(Cause.SERVICE_ERROR), times=5)
    await scene.pass_time(10)
    scene.providers.switch(Switches(off=frozenset({"moody"})))
    await scene.pass_time(STEADY + 60)
    assert scene.heard == [OPENED]
    scene.restart()
    await scene.pass_time(10)
    await scene.ask(Unknown(Cause.SERVICE_ERROR), times=5)
    await scene.pass_time(10)
    assert scene.heard == [OPENED, OPENED]


async def test_what_could_not_be_told_is_told_by_a_later_look(scene: Scene) -> None:
    await scene.ask(Unknown(Cause.SERVICE_ERROR), times=5)
    scene.deaf = True
    with pytest.raises(StorageBusy):
        await scene.incidents.look()
    scene.deaf = False
    await scene.pass_time(10)
    assert scene.heard == [OPENED]


async def test_a_trial_lets_one_request_through_before_its_time(scene: Scene) -> None:
    await scene.ask(Refused(Cause.KEY_REFUSED))
    assert scene.providers.rests("moody/one")
    scene.providers.breaker("moody").try_again()
    await scene.ask(None)
    assert not scene.providers.breaker("moody").open
