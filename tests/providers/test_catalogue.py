"""All services in one list: told apart, priced, remembered, and kept fresh."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from bot.http import Http
from bot.images import GeneratedImage, ImageModel, ImageRequest
from bot.providers import PriceFile, Providers, Service, Ticket
from bot.providers.base import Provider, ProviderSettings
from bot.providers.catalogue import Catalogue
from bot.providers.prices import Prices
from tests.providers.hands import Hands
from tests.waiting import until

DEV = ImageModel("east/flux-dev", "Flux Dev", price=4)
PRO = ImageModel("east/flux-pro", "Flux Pro", price=9)
BIRD = ImageModel("east/bird", "Bird")
WEST = ImageModel("west/flux-dev", "Flux Dev")


class Shelf(Provider):
    """Offers the first of its lists, and with each refresh the next."""

    title = "Shelf"
    shipped = ()

    def __init__(self, http: Http, key: str, *lists: Sequence[ImageModel]) -> None:
        self.gate = asyncio.Event()
        self.gate.set()
        self.lists = list(lists)
        super().__init__(http, ProviderSettings(), key)
        self.title = key.title()
        self.remember(self.lists[0])

    async def listed(self) -> Sequence[ImageModel]:
        await self.gate.wait()
        self.lists = self.lists[1:] or self.lists
        return self.lists[0]

    async def generate(self, request: ImageRequest, ticket: Ticket) -> list[GeneratedImage]:
        raise NotImplementedError


MakeShelf = Callable[..., Shelf]


@pytest.fixture
def shelf(http: Http) -> MakeShelf:
    return lambda key, *lists: Shelf(http, key, *lists)


def catalogue(*services: Service) -> Catalogue:
    return Catalogue(services, Prices())


def test_models_of_one_title_say_whose_they_are() -> None:
    both = catalogue(Service("east", "East", [DEV, BIRD]), Service("west", "West", [WEST]))
    assert [model.title for model in both.models] == ["Flux Dev (East)", "Bird", "Flux Dev (West)"]
    assert both.model("west/flux-dev") == both.services[1].models[0]


def test_models_of_one_title_in_one_service_say_which_they_are() -> None:
    twin = ImageModel("east/flux-dev-2", "Flux Dev")
    alone = catalogue(Service("east", "East", [DEV, twin]))
    assert [model.title for model in alone.models] == ["Flux Dev (flux-dev)", "Flux Dev (flux-dev-2)"]
    both = catalogue(Service("east", "East", [DEV, twin]), Service("west", "West", [WEST]))
    assert len({model.title for model in both.models}) == 3


def test_a_service_that_offers_nothing_is_not_shown() -> None:
    assert [service.key for service in catalogue(Service("a", "A", []), Service("east", "East", [DEV])).services] == [
        "east"
    ]


def test_the_nearest_that_is_able_is_of_the_same_service_and_then_of_the_nearest_name() -> None:
    offered = catalogue(Service("west", "West", [WEST]), Service("east", "East", [BIRD, PRO]))
    nearest = offered.nearest_able("east/flux-dev", lambda model: True)
    assert nearest is not None
    assert nearest.key == PRO.key
    cheap = offered.nearest_able("east/flux-dev", lambda model: model.price < 9)
    assert cheap is not None
    assert cheap.key == BIRD.key
    other = offered.nearest_able("east/flux-dev", lambda model: model.provider == "west")
    assert other is not None
    assert other.key == WEST.key
    assert offered.nearest_able("east/flux-dev", lambda model: False) is None


def test_a_model_does_not_stand_in_for_itself() -> None:
    assert catalogue(Service("east", "East", [DEV])).nearest_able(DEV.key, lambda model: True) is None


async def test_a_slow_service_does_not_keep_the_others_waiting(shelf: MakeShelf, clock: Hands) -> None:
    slow, quick = shelf("east", [DEV], [PRO]), shelf("west", [WEST], [ImageModel("west/new", "New")])
    providers = Providers([slow, quick], clock)
    slow.gate.clear()
    refreshing = asyncio.ensure_future(providers.refresh())  # noqa: TID251  awaited below

    async def fresh() -> bool:
        return providers.model("west/new") is not None

    await until(fresh, "the quick one is asked")
    assert providers.model(PRO.key) is None
    slow.gate.set()
    assert await refreshing
    assert providers.model(PRO.key) == PRO


async def test_the_operators_prices_count_everywhere(shelf: MakeShelf, clock: Hands, tmp_path: Path) -> None:
    (tmp_path / "prices.toml").write_text('"east/*" = 2\n"east/bird" = "off"\n')
    providers = Providers([shelf("east", [DEV, BIRD])], clock, prices=PriceFile(tmp_path / "prices.toml"))
    assert [(model.key, model.price) for model in providers.models()] == [(DEV.key, 2)]
    assert providers.model(BIRD.key) is None
    assert [len(service.models) for service in providers.services()] == [1]


async def test_prices_that_are_edited_count_without_a_restart(shelf: MakeShelf, clock: Hands, tmp_path: Path) -> None:
    providers = Providers([shelf("east", [DEV])], clock, prices=PriceFile(tmp_path / "prices.toml"))
    assert providers.models()[0].price == DEV.price
    (tmp_path / "prices.toml").write_text('"*" = 7')
    assert providers.price_file.look()
    assert providers.models()[0].price == 7


async def test_what_was_offered_once_is_remembered_over_restarts(
    shelf: MakeShelf, clock: Hands, tmp_path: Path
) -> None:
    file = tmp_path / "models.json"
    providers = Providers([shelf("east", [DEV, PRO], [PRO])], clock, remembered=file)
    await providers.refresh()
    assert (providers.model(DEV.key), providers.known(DEV.key)) == (None, DEV)
    restarted = Providers([shelf("east", [PRO], [PRO, DEV], [PRO])], clock, remembered=file)
    assert (restarted.model(DEV.key), restarted.known(DEV.key)) == (None, DEV)
    await restarted.refresh()
    assert restarted.known("east/never") is None


async def test_a_service_that_is_off_for_a_while_is_remembered(shelf: MakeShelf, clock: Hands, tmp_path: Path) -> None:
    file = tmp_path / "models.json"
    await Providers([shelf("east", [DEV]), shelf("west", [WEST])], clock, remembered=file).refresh()
    without = Providers([shelf("east", [DEV])], clock, remembered=file)
    await without.refresh()
    assert (without.model(WEST.key), without.known(WEST.key)) == (None, WEST)
    again = Providers([shelf("east", [DEV]), shelf("west", [])], clock, remembered=file)
    assert again.model(WEST.key) is not None


def test_names_that_cannot_stand_in_a_chat_are_cut_or_left_out() -> None:
    long, odd = replace(DEV, title="x" * 3000), replace(PRO, title="\u202eorP\n")
    bad = [replace(BIRD, key="east/" + "x" * 3000), replace(BIRD, key="east/bi\nrd")]
    models = Catalogue([Service("east", "East", [long, odd, *bad])], Prices()).models
    assert [(model.key, model.title) for model in models] == [(DEV.key, "x" * 60), (PRO.key, "orP")]
