"""The bot's own adapter against the service that draws in the sandbox, on all its days."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.clock import SystemClock
from bot.errors import NotNow, ProviderError, Refused
from bot.http import Http, Network, Spool
from bot.images import AspectRatio, ImageRequest
from bot.imagine.inspection import Inspection
from bot.providers import Provider, Ticket
from bot.providers.openai import OpenAI
from bot.providers.openai import Settings as Wishes
from bot.sandbox import spoiled
from bot.sandbox.command import people, settings
from bot.sandbox.server import Sandbox
from bot.sandbox.spoiled import TRICKS
from bot.sandbox.studio import Studio, Trouble


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    sandbox = Sandbox()
    yield sandbox
    await sandbox.stop()


@pytest.fixture
async def studio(sandbox: Sandbox) -> Studio:
    studio = Studio(sandbox.world.clock, sandbox.world.feed)
    studio.add_routes(sandbox.app)
    await sandbox.start()
    return studio


@pytest.fixture
async def adapter(sandbox: Sandbox, studio: Studio, tmp_path: Path) -> AsyncIterator[Provider]:
    """As the bot in the sandbox is told to speak to it."""
    told = settings(sandbox, people(sandbox), tmp_path)
    prefix = "OPENAI_STUDIO_"
    values = {name.removeprefix(prefix).lower(): told[name] for name in told if name.startswith(prefix)}
    wishes = Wishes.model_validate(values)
    async with Network(SystemClock()) as network:
        yield OpenAI(Http(network, Spool(tmp_path / "spool"), wishes.address, seconds=20), wishes, "studio")


def request(adapter: Provider, **more: Any) -> ImageRequest:
    return ImageRequest(adapter.models()[0], "a fox", ratio=AspectRatio.WIDE, **more)


async def test_the_service_draws_and_changes_pictures_for_the_adapter_of_the_bot(adapter: Provider) -> None:
    [first] = await adapter.generate(request(adapter, seed=7), Ticket())
    [again] = await adapter.generate(request(adapter, seed=7), Ticket())
    assert (first.width, first.height) == (1024, 576)
    assert first.path.read_bytes() == again.path.read_bytes()
    [changed] = await adapter.generate(request(adapter, seed=7, sources=(first.path,)), Ticket())
    assert changed.path.read_bytes() != first.path.read_bytes()
    assert adapter.repeatable


async def test_bad_days_are_told_in_the_words_of_the_bot(adapter: Provider, studio: Studio) -> None:
    for trouble, error in ((Trouble.DOWN, NotNow), (Trouble.REFUSING, Refused)):
        studio.trouble = trouble
        with pytest.raises(error):
            await adapter.generate(request(adapter), Ticket())


@pytest.mark.parametrize("trick", TRICKS, ids=lambda trick: trick.__name__)
async def test_no_trick_of_a_hostile_service_becomes_a_picture(
    adapter: Provider, studio: Studio, trick: spoiled.Trick
) -> None:
    studio.trouble = Trouble.HOSTILE
    while next(studio.tricks) is not TRICKS[TRICKS.index(trick) - 1]:
        pass
    async with Inspection() as inspection:
        with pytest.raises(ProviderError):
            for image in await adapter.generate(request(adapter), Ticket()):
                await inspection.inspect(image)
