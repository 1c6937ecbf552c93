"""Oxen.ai: https://docs.oxen.ai. Many models behind one door; the `request_schema` of each says which fields it takes.

Every picture is paid for, so nothing is ordered twice: large models draw in the service's queue, where an order has an
id to come back with.
"""

import asyncio
import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any, ClassVar, Literal, cast

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from bot.errors import Cause, ProviderError, Refused
from bot.http import Http, Picture, encoded
from bot.images import AspectRatio, GeneratedImage, ImageModel, ImageRequest
from bot.providers.base import BaseUrl, Provider, ProviderSettings, ServiceSettings, Ticket
from bot.providers.oxen.answers import Accepted, Drawn, Order, about_sources
from bot.providers.oxen.listing import Detail, Entry, Listed
from bot.providers.oxen.schema import Schema
from bot.providers.oxen.slot import Slot

API = "/api/ai"
QUEUE = f"{API}/queue"
POLL = 3.0  # seconds between two looks at an order

MOST_MODELS = 50
DETAILS_AT_ONCE = 4
DETAIL_SECONDS = 10.0
LIST_ROOM = 8 << 20  # bytes: hundreds of models of all kinds, with their schemas

# Models that take a minute and more, too long for one answer to wait for.
SLOW = re.compile(
    r"gpt-image|nano-banana-pro|seedream-[5-9]|flux-2-(pro|flex)|flux-[3-9]|qwen-image-[3-9]|krea|ideogram"
)

ENDED = frozenset({"succeeded", "completed"})
TAKEN_BACK = frozenset({"cancelled", "canceled"})
FAILED = frozenset({"failed", "error"})
UNKNOWN_THERE = frozenset({404, 410})

# What the text of a failed order is believed to say; it also speaks of keys and models that are none of ours.
BELIEVED = frozenset({Cause.PROMPT_REFUSED, Cause.NO_FUNDS, Cause.PROMPT_TOO_LONG, Cause.RATE_LIMITED})


class Settings(ServiceSettings):
    """OXEN_API_KEY, OXEN_BASE_URL, OXEN_NAMESPACE, OXEN_STEPS, OXEN_QUEUE."""

    model_config = SettingsConfigDict(env_prefix="OXEN_")

    base_url: BaseUrl = Field("https://hub.oxen.ai", description="Another address of Oxen.ai.")
    namespace: str | None = Field(
        None, max_length=100, description="Who pays at Oxen.ai and keeps the pictures; empty: the owner of the key."
    )
    steps: int | None = Field(
        None, ge=1, le=1000, description="Denoising steps for models of Oxen.ai that take them; empty: as each likes."
    )
    queue: Literal["auto", "always", "never"] = Field(
        "auto", description="Whether Oxen.ai draws in its queue, where a restart loses nothing: `auto` for slow models."
    )


def _documented(name: str, title: str) -> ImageModel:
    """A model as the examples of the documents ask for it."""
    schema = Schema(
        fields={
            "prompt": Slot(kind="string"),
            "aspect_ratio": Slot(kind="string", values=("1:1", "16:9", "9:16", "4:3", "3:4")),
            "seed": Slot(kind="integer"),
        },
        required=("prompt",),
    )
    return ImageModel(f"oxen/{name}", title, schema.ratios, price=2, seed=True, memo=schema.memo())


class Oxen(Provider):
    """What a model can do stands in its schema, whose useful part is kept in the model's memo."""

    key = "oxen"
    title = "Oxen.ai"
    patience = 600.0
    Settings = Settings
    shipped: ClassVar[Sequence[ImageModel]] = (
        _documented("black-forest-labs-flux-2-klein-4b", "FLUX.2 Klein 4B"),
        ImageModel("oxen/flux-2-dev", "FLUX.2 Dev", ratios=(AspectRatio.WIDE,), price=3),
    )

    def __init__(self, http: Http, settings: ProviderSettings, key: str = "") -> None:
        super().__init__(http, settings, key)
        self._wishes = cast(Settings, settings)

    async def generate(self, request: ImageRequest, ticket: Ticket) -> list[GeneratedImage]:
        """One blocking call, or an order in the queue; one that was placed before is only waited for."""
        with about_sources(given=bool(request.sources)):
            if ticket.remote_id is not None or self._slow(request):
                return await self._queued(request, ticket)
            path = f"{API}/images/edit" if request.sources else f"{API}/images/generate"
            question = await self._question(request) | {"response_format": "b64_json"}
            drawn = await self.http.post(path, question, Drawn)
            return await self.http.images(drawn.pictures, request.count)

    async def listed(self) -> Sequence[ImageModel]:
        """Its image models. Those without a schema are asked for it; what does not answer is offered with little."""
        answer = await self.http.get(f"{API}/models", Listed, LIST_ROOM)
        entries = [entry for told in answer.data if (entry := Entry.read(told))][:MOST_MODELS]
        few = asyncio.Semaphore(DETAILS_AT_ONCE)
        models = await asyncio.gather(*(self._model(entry, few) for entry in entries))
        return [model for model in models if model]

    async def take_back(self, remote_id: str) -> None:
        """Out of the queue, and not paid for."""
        await self.http.delete(f"{QUEUE}/{remote_id}")

    async def _model(self, entry: Entry, few: asyncio.Semaphore) -> ImageModel | None:
        if entry.schema is None:
            async with few:
                entry = replace(entry, schema=await self._schema(entry.name))
        if entry.schema is None:
            known = next((model for model in self.models() if model.name == entry.name and model.memo), None)
            return known or entry.model()
        return entry.model()

    async def _schema(self, name: str) -> Schema | None:
        with suppress(ProviderError, TimeoutError):
            async with asyncio.timeout(DETAIL_SECONDS):
                return Schema.read((await self.http.get(f"{API}/models/{name}", Detail)).request_schema)
        return None

    def _slow(self, request: ImageRequest) -> bool:
        """Whether to order it in the queue. An order there is one picture; several come in one blocking answer."""
        wish = self._wishes.queue
        return request.count == 1 and (wish == "always" or (wish == "auto" and bool(SLOW.search(request.model.name))))

    async def _question(self, request: ImageRequest) -> dict[str, Any]:
        """Only what the model is known to take."""
        question: dict[str, Any] = {"model": request.model.name, "prompt": request.prompt}
        if self._wishes.namespace:
            question["target_namespace"] = self._wishes.namespace
        schema = Schema.remembered(request.model.memo)
        if schema is None:
            return question
        if request.sources:
            question |= schema.with_sources([_data(await encoded(path)) for path in request.sources])
        return question | schema.wishes(request, self._wishes.steps)

    async def _queued(self, request: ImageRequest, ticket: Ticket) -> list[GeneratedImage]:
        order = ticket.remote_id or await self._ordered(await self._question(request), ticket)
        address = await self._finished(order)
        return await self.http.images([Picture.model_construct(url=address)], request.count)

    async def _ordered(self, question: dict[str, Any], ticket: Ticket) -> str:
        """The id of a new order, kept."""
        accepted = await self.http.post(QUEUE, question, Accepted)
        if not accepted.generations:
            raise Refused(Cause.NO_PICTURE, "nothing was ordered")
        order = accepted.generations[0].generation_id
        await ticket.keep(order, self.take_back)
        return order

    async def _finished(self, order: str) -> str | None:
        """Where the picture of the order is, once it is there. A state with an unknown name is one before the end."""
        while True:
            answer = await self._looked_up(order)
            status = answer.status.casefold()
            if status in ENDED:
                return answer.result_url
            if status in TAKEN_BACK:
                raise Refused(Cause.PICTURE_GONE, "cancelled there")
            if status in FAILED:
                raise self._failure(str(answer.error_message or ""))
            await self.http.pause(POLL)

    async def _looked_up(self, order: str) -> Order:
        try:
            return await self.http.get(f"{QUEUE}/{order}", Order)
        except Refused as error:
            if error.status in UNKNOWN_THERE:
                raise Refused(Cause.PICTURE_GONE, f"no order {order}") from error
            raise

    def _failure(self, text: str) -> ProviderError:
        problem = self.http.problem(text)
        said = problem.means()
        return Refused(said if said in BELIEVED else Cause.SERVICE_ERROR, problem.text)


def _data(picture: str) -> str:
    """A checked picture as an address that holds it: base64 of PNG always begins with these letters."""
    kind = "png" if picture.startswith("iVBOR") else "jpeg"
    return f"data:image/{kind};base64,{picture}"


PROVIDER = Oxen
