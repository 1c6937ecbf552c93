"""IMG Processing API: https://docs.img-processing.com. Each picture is billed once it is ordered.

A picture is ordered, fetched with the key and deleted there: nobody else ever sees it, unless its owner asks for a
public link.
"""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Annotated, Any, ClassVar

from pydantic import BaseModel, Field, StringConstraints
from pydantic_settings import SettingsConfigDict

from bot.errors import Cause, ProviderError, Refused
from bot.http import Part, Picture
from bot.images import AspectRatio, GeneratedImage, ImageModel, ImageRequest
from bot.providers.base import BaseUrl, Provider, ServiceSettings, Ticket

# What a status means where it means something else here: the makers have moved on to another service.
NO_SUCH_SERVICE = {404: Cause.SERVICE_GONE, 410: Cause.SERVICE_GONE}
NO_SUCH_IMAGE = {404: Cause.PICTURE_GONE, 410: Cause.PICTURE_GONE}

NAME = 30  # UTF-16 units of a name, which only the dashboard shows
WORDS = 1000  # characters of a prompt, and of a negative one
TIDYING = 10.0  # seconds that a picture waits for its copy at the service to be deleted

# Both come from outside: an id goes into addresses, a link into a chat.
ImageId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$")]
Link = Annotated[str, StringConstraints(pattern=r"^https://[A-Za-z0-9][A-Za-z0-9.-]*(:\d+)?/[!-~]*$", max_length=256)]


class Settings(ServiceSettings):
    """IMG_PROCESSING_API_KEY and IMG_PROCESSING_BASE_URL."""

    model_config = SettingsConfigDict(env_prefix="IMG_PROCESSING_")

    base_url: BaseUrl = Field("https://api.img-processing.com", description="Another address of IMG Processing.")

    def headers(self) -> dict[str, str]:
        """A header of its own instead of a bearer token."""
        return {"x-api-key": self.api_key.get_secret_value()} if self.api_key else {}


class Image(BaseModel):
    """An image of the account; `url` only while it is published."""

    id: ImageId
    url: Link | None = None


class Published(BaseModel):
    """POST /v1/images/{id}/publish."""

    url: Link


def model(name: str, title: str, price: int) -> ImageModel:
    """Every model draws 1024 by 1024 pixels."""
    return ImageModel(
        f"img_processing/{name}",
        title,
        ratios=(AspectRatio.SQUARE,),
        price=price,
        prompt_limit=WORDS,
        seed=True,
        negative=True,
    )


class ImgProcessing(Provider):
    """Two models, one size. It has no list of models and no page that tells the balance."""

    key = "img_processing"
    title = "IMG Processing"
    publishes = True
    Settings = Settings
    shipped: ClassVar[Sequence[ImageModel]] = (model("sdxl", "SDXL Lightning", 1), model("flux", "Flux", 2))

    async def generate(self, request: ImageRequest, ticket: Ticket) -> list[GeneratedImage]:
        """Order, fetch, delete. An order that a restart cut off is fetched, not ordered again."""
        if ticket.remote_id is None:
            await ticket.keep(await self._ordered(request), self.take_back)
        image = f"/v1/images/{ticket.remote_id}"
        images = await self.http.images([Picture.model_construct(url=f"{image}/download")], 1)
        await self._tidy(image)
        return images

    async def publish(self, picture: Path, content_type: str, ticket: Ticket) -> str:
        """Its copy there was deleted once it was drawn, so it is brought back first."""
        if ticket.remote_id is not None and (link := await self._link(ticket.remote_id)):
            return link
        if ticket.remote_id is None:
            parts = [Part("image", picture, content_type)]
            uploaded = await self.http.send("/v1/images/upload", {"name": "picture"}, parts, Image)
            await ticket.keep(uploaded.id, self.take_back)
        image = f"/v1/images/{ticket.remote_id}"
        try:
            return (await self.http.post(f"{image}/publish", {}, Published)).url
        except Refused:
            await self._tidy(image)
            raise

    async def take_back(self, remote_id: str) -> None:
        """It is paid for, but does not stay in the account of the operator."""
        await self.http.delete(f"/v1/images/{remote_id}")

    async def withdraw(self, remote_id: str) -> None:
        """Deleting takes its link along."""
        try:
            await self.take_back(remote_id)
        except Refused as error:
            if error.status not in NO_SUCH_IMAGE:
                raise

    async def _ordered(self, request: ImageRequest) -> str:
        try:
            return (await self.http.post("/v1/images/imagine", _question(request), Image)).id
        except ProviderError as error:
            raise _meant(error, NO_SUCH_SERVICE) from error

    async def _link(self, remote_id: str) -> str | None:
        """Where it can be seen already: an earlier try may have come so far."""
        try:
            return (await self.http.get(f"/v1/images/{remote_id}", Image)).url
        except ProviderError as error:
            raise _meant(error, NO_SUCH_IMAGE) from error

    async def _tidy(self, image: str) -> None:
        # The picture is here and paid for. A copy that stays in the operator's account is no reason to lose it, nor
        # to keep its person waiting.
        with suppress(ProviderError, TimeoutError):
            async with asyncio.timeout(TIDYING):
                await self.http.delete(image)


def _question(request: ImageRequest) -> dict[str, Any]:
    question: dict[str, Any] = {
        "name": _name(request.prompt),
        "prompt": request.prompt,
        "model": request.model.name,
    }
    if request.negative:  # an empty one is refused
        question["negative_prompt"] = request.negative[:WORDS]
    if request.seed is not None:
        question["seed"] = request.seed
    return question


def _name(prompt: str) -> str:
    """The first words, never none. Letters beyond 16 bits count twice there, and none is cut in half."""
    words = " ".join(prompt.split()).encode("utf-16-le", "ignore")
    return words[: 2 * NAME].decode("utf-16-le", "ignore").strip() or "picture"


def _meant(error: ProviderError, causes: dict[int, Cause]) -> ProviderError:
    """The same error, or what its status means here."""
    cause = causes.get(error.status or 0)
    return Refused(cause, error.detail) if cause else error


PROVIDER = ImgProcessing
