"""The door to all services: which models there are, who rests, who is told."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from bot.errors import Cause, NotNow, ProviderError, Refused, StorageError, Unknown
from bot.http import Http, Network, Spool
from bot.images import AspectRatio, GeneratedImage, ImageModel, ImageRequest
from bot.providers import Providers, Ticket, adapters
from bot.providers.aigne_hub import AigneHub
from bot.providers.aigne_hub import Settings as AigneSettings
from bot.providers.base import Provider, ProviderSettings
from bot.providers.onlysq import OnlySq
from bot.providers.onlysq import Settings as OnlySqSettings
from tests.providers.conftest import KEY
from tests.providers.fake import Answer, FakeService
from tests.providers.hands import Hands


class Moody(Provider):
    """Fails as told."""

    key = "moody"
    title = "Moody"
    shipped = (ImageModel("moody/one", "One"), ImageModel("moody/two", "Two"))
    error: ProviderError = Unknown(Cause.SERVICE_ERROR)

    async def generate(self, request: ImageRequest, ticket: Ticket) -> list[GeneratedImage]:
        raise self.error

    async def listed(self) -> Sequence[ImageModel]:
        raise self.error


@pytest.fixture
def moody(http: Http) -> Moody:
    return Moody(http, ProviderSettings())


@pytest.fixture
def onlysq(http: Http) -> OnlySq:
    return OnlySq(http, OnlySqSettings())


async def ask(providers: Providers, key: str) -> list[GeneratedImage]:
    model = providers.model(key)
    assert model is not None
    return await providers.generate(ImageRequest(model, "a fox", AspectRatio.SQUARE), Ticket())


def test_every_adapter_is_found_and_the_sketch_comes_last() -> None:
    keys = [adapter.key for adapter in adapters()]
    assert {"onlysq", "sketch"} <= set(keys)
    assert keys[-1] == "sketch"


async def test_only_those_that_are_on_are_built(network: Network, spool: Spool) -> None:
    settings = {adapter.key: adapter.Settings() for adapter in adapters()}
    providers = Providers.build(settings, network, spool)
    assert [model.key for model in providers.models()] == ["onlysq/flux"]


@pytest.mark.parametrize(
    ("words", "key"),
    [
        ("flux", "onlysq/flux"),
        ("FLUX", "onlysq/flux"),
        ("onlysq/flx", "onlysq/flux"),
        ("two", "moody/two"),
        ("zzz", None),
    ],
)
def test_the_nearest_model_is_the_one_meant(
    onlysq: OnlySq, moody: Moody, clock: Hands, words: str, key: str | None
) -> None:
    nearest = Providers([onlysq, moody], clock).nearest(words)
    assert (nearest.key if nearest else None) == key


def test_whether_asking_twice_is_free_is_known_by_model(onlysq: OnlySq, moody: Moody, clock: Hands) -> None:
    providers = Providers([onlysq, moody], clock)
    assert providers.repeatable("onlysq/flux")
    assert not providers.repeatable("moody/one")
    assert not providers.repeatable("nobody/one")


async def test_a_service_that_is_off_draws_nothing(onlysq: OnlySq, clock: Hands) -> None:
    request = ImageRequest(ImageModel("moody/one", "One"), "a fox", AspectRatio.SQUARE)
    with pytest.raises(Refused) as caught:
        await Providers([onlysq], clock).generate(request, Ticket())
    assert caught.value.cause is Cause.MODEL_GONE


async def test_a_service_that_is_down_is_not_asked(onlysq: OnlySq, service: FakeService, clock: Hands) -> None:
    service.otherwise = lambda call: Answer(500, json={})
    providers = Providers([onlysq], clock)
    for _ in range(5):
        with pytest.raises(Unknown):
            await ask(providers, "onlysq/flux")
    with pytest.raises(NotNow):
        await ask(providers, "onlysq/flux")
    assert len(service.calls) == 5


async def test_one_service_that_is_down_does_not_stop_another(onlysq: OnlySq, moody: Moody, clock: Hands) -> None:
    providers = Providers([onlysq, moody], clock)
    for _ in range(6):
        with pytest.raises(ProviderError):
            await ask(providers, "moody/one")
    assert await ask(providers, "onlysq/flux")


async def test_admins_hear_of_a_bad_key_once_an_hour(moody: Moody, clock: Hands) -> None:
    heard: list[tuple[str, Cause]] = []

    async def hear(title: str, error: ProviderError) -> None:
        heard.append((title, error.cause))

    moody.error = Refused(Cause.KEY_REFUSED)
    providers = Providers([moody], clock, on_trouble=hear)
    for _ in range(13):
        with pytest.raises(Refused):
            await ask(providers, "moody/one")
        clock.move(600)
    assert heard == [("Moody", Cause.KEY_REFUSED)] * 3


async def test_trouble_that_the_admins_could_not_be_told_is_told_next_time(moody: Moody, clock: Hands) -> None:
    heard: list[Cause] = []

    async def hear(title: str, error: ProviderError) -> None:
        heard.append(error.cause)
        if len(heard) == 1:
            raise StorageError("locked")

    moody.error = Refused(Cause.KEY_REFUSED)
    providers = Providers([moody], clock, on_trouble=hear)
    for _ in range(3):
        with pytest.raises(Refused):
            await ask(providers, "moody/one")
        clock.move(601)
    assert len(heard) == 2


async def test_an_order_is_taken_back_also_while_its_service_rests(http: Http, clock: Hands) -> None:
    taken_back: list[str] = []

    class Forgiving(Moody):
        async def take_back(self, remote_id: str) -> None:
            taken_back.append(remote_id)

    providers = Providers([Forgiving(http, ProviderSettings())], clock)
    for _ in range(5):
        with pytest.raises(Unknown):
            await ask(providers, "moody/one")
    assert providers.rests("moody/one")
    await providers.take_back("moody/one", "order-7")
    assert taken_back == ["order-7"]


async def test_a_service_without_orders_takes_nothing_back(moody: Moody, clock: Hands) -> None:
    await Providers([moody], clock).take_back("moody/one", "order-7")


async def test_the_services_own_list_replaces_the_shipped_one(
    onlysq: OnlySq, service: FakeService, clock: Hands
) -> None:
    facts = {"modality": "image", "status": "work"}
    models = {
        "flux-2-dev": facts,
        "kandinsky": facts,
        "gpt-4o": {"modality": "text", "status": "work"},
        "old": {"modality": "image", "status": "broken"},
        "odd": None,
        "<b>x</b>": facts,
        "../../x": facts,
        "x" * 90: facts,
    }
    service.will(Answer(json={"api-version": "2", "models": models}))
    providers = Providers([onlysq], clock)
    assert await providers.refresh()
    assert [(model.key, model.title) for model in providers.models()] == [
        ("onlysq/flux-2-dev", "Flux 2 Dev"),
        ("onlysq/kandinsky", "Kandinsky"),
    ]
    assert "authorization" in service.calls[0].headers


@pytest.mark.parametrize(
    "answer",
    [
        Answer(500, json={}),
        Answer(json={"models": {}}),
        Answer(json=[]),
        Answer(json={"models": 7}),
        Answer(body=b"no"),
    ],
)
async def test_a_list_that_does_not_come_changes_nothing(
    onlysq: OnlySq, service: FakeService, clock: Hands, answer: Answer
) -> None:
    service.will(answer)
    providers = Providers([onlysq], clock)
    await providers.refresh()
    assert [model.key for model in providers.models()] == ["onlysq/flux"]


async def test_models_are_remembered_over_a_restart(
    onlysq: OnlySq, http: Http, service: FakeService, clock: Hands, tmp_path: Path
) -> None:
    file = tmp_path / "models.json"
    service.will(Answer(json={"models": {"turbo": {"modality": "image", "status": "work"}}}))
    await Providers([onlysq], clock, remembered=file).refresh()
    restarted = Providers([OnlySq(http, OnlySqSettings())], clock, remembered=file)
    assert [model.key for model in restarted.models()] == ["onlysq/turbo"]


@pytest.mark.parametrize(
    "text", ["", "[", '{"onlysq": 7}', '{"onlysq": []}', '{"onlysq": [{"key": "other/x", "title": "X"}]}']
)
def test_a_damaged_memory_is_no_harm(onlysq: OnlySq, clock: Hands, tmp_path: Path, text: str) -> None:
    file = tmp_path / "models.json"
    file.write_text(text)
    assert [model.key for model in Providers([onlysq], clock, remembered=file).models()] == ["onlysq/flux"]


async def test_one_list_that_fails_does_not_stop_the_others(
    onlysq: OnlySq, moody: Moody, service: FakeService, clock: Hands
) -> None:
    service.will(Answer(json={"models": {"turbo": {"modality": "image", "status": "work"}}}))
    providers = Providers([moody, onlysq], clock)
    assert not await providers.refresh()
    assert [model.key for model in providers.models()] == ["moody/one", "moody/two", "onlysq/turbo"]


async def test_a_ticket_is_stored_before_it_is_used() -> None:
    stored: list[str] = []

    async def keep(remote_id: str) -> None:
        stored.append(remote_id)

    ticket = Ticket(None, keep)
    await ticket.keep("job-7")
    assert (stored, ticket.remote_id) == (["job-7"], "job-7")


def test_the_key_does_not_show_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ONLYSQ_API_KEY", KEY)
    settings = OnlySqSettings()
    assert KEY not in repr(settings)
    assert settings.headers() == {"Authorization": f"Bearer {KEY}"}


@pytest.mark.parametrize("word", ["off", "OFF"])
def test_a_service_with_a_key_of_its_own_can_be_turned_off(monkeypatch: pytest.MonkeyPatch, word: str) -> None:
    monkeypatch.setenv("ONLYSQ_API_KEY", word)
    assert not OnlySqSettings().on


@pytest.mark.parametrize("address", ["api.onlysq.ru", "ftp://x", "https://", "https://x?key=1", "https://a:b@x"])
def test_an_address_with_room_for_secrets_is_refused(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    monkeypatch.setenv("ONLYSQ_BASE_URL", address)
    with pytest.raises(ValueError, match="must be an address"):
        OnlySqSettings()


class Careless(Moody):
    """Stumbles over its own list."""

    async def listed(self) -> Sequence[ImageModel]:
        raise ZeroDivisionError


async def test_a_list_that_its_adapter_did_not_foresee_harms_nobody_else(
    http: Http, onlysq: OnlySq, service: FakeService, clock: Hands
) -> None:
    service.will(Answer(json={"models": {"turbo": {"modality": "image", "status": "work"}}}))
    providers = Providers([Careless(http, ProviderSettings()), onlysq], clock)
    assert not await providers.refresh()
    assert [model.key for model in providers.models()] == ["moody/one", "moody/two", "onlysq/turbo"]


@pytest.mark.parametrize("status", [302, 401, 403, 405])
async def test_what_stands_where_no_hub_is_says_nothing_of_the_key(
    network: Network, spool: Spool, service: FakeService, clock: Hands, status: int
) -> None:
    settings = AigneSettings.model_validate({"api_key": KEY, "base_url": f"{service.url}/app"})
    hub = AigneHub(Http(network, spool, settings.address, settings.headers()), settings)
    providers = Providers([hub], clock)
    service.will(Answer(404), Answer(status))
    with pytest.raises(Refused, match=Cause.MODEL_GONE):
        await ask(providers, hub.models()[0].key)
    assert not providers.rests(hub.key)
