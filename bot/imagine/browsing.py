"""Finding a model among many: a few are one list, many are first told apart by service. Pure: no I/O, no clock."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.images import ImageModel
from bot.imagine.rules import model_ref
from bot.providers import Service

# So many models are still one list, and so many stand on one page of it.
FEW = 12
PER_PAGE = 16


@dataclass(frozen=True, slots=True)
class Shown:
    """What is to be seen: `services` to choose among, or one page of `models`.

    `up`, `before` and `after` are what a button carries that leads there: to the services, to the pages around.
    None: there is nothing.
    """

    services: Sequence[Service] = ()
    models: Sequence[ImageModel] = ()
    up: str | None = None
    before: str | None = None
    after: str | None = None


def browse(services: Sequence[Service], arg: str, chosen: str | None) -> Shown:
    """What a button shows that carries `arg`: nothing, a page of the one list, `@service` or `@service.page`.

    A page that is not told is the one with the `chosen` model, by its key; a page beyond the end is the last one.
    What a button of long ago leads to may be gone: then it shows the beginning.
    """
    name, _, page = arg.removeprefix("@").partition(".")
    if len(services) < 2 or sum(len(service.models) for service in services) <= FEW:
        models = [model for service in services for model in service.models]
        return _page(models, "", arg, chosen)
    service = next((each for each in services if model_ref(each.key) == name), None)
    if service is None or not arg.startswith("@"):
        return Shown(services=services)
    return _page(service.models, leading_to(service) + ".", page, chosen, up="")


def leading_to(service: Service) -> str:
    """What a button carries that shows the models of this service. Its key could be longer than a button holds."""
    return f"@{model_ref(service.key)}"


def _page(models: Sequence[ImageModel], stem: str, page: str, chosen: str | None, up: str | None = None) -> Shown:
    last = max(0, len(models) - 1) // PER_PAGE
    at = min(int(page), last) if page.isdecimal() else _page_of(models, chosen)
    return Shown(
        models=models[at * PER_PAGE : (at + 1) * PER_PAGE],
        up=up,
        before=f"{stem}{at - 1}" if at > 0 else None,
        after=f"{stem}{at + 1}" if at < last else None,
    )


def _page_of(models: Sequence[ImageModel], chosen: str | None) -> int:
    return next((number // PER_PAGE for number, model in enumerate(models) if model.key == chosen), 0)
