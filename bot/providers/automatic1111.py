"""AUTOMATIC1111 and Forge: a web UI on a graphics card of one's own. It costs nothing but the card's time.

The server draws one picture after the other, whoever asks. So ours wait for their turn here: one that is given up
meanwhile costs nothing, and what the server tells of its progress, which is not of a picture but of the card, is ours.
One that is being drawn is drawn to its end even when nobody waits for it any more: the only way to stop it stops
whatever the card is drawing, perhaps for a person who sits before it.
"""

import asyncio
import base64
import re
from collections.abc import Sequence
from functools import partial
from typing import Any, ClassVar, cast

from pydantic import BaseModel, Field, RootModel, SecretStr, ValidationError
from pydantic_settings import SettingsConfigDict

from bot.errors import Cause, ProviderError, Refused
from bot.http import Http, Picture, beside, encoded
from bot.images import GeneratedImage, ImageModel, ImageRequest
from bot.providers.base import BaseUrl, Provider, ProviderSettings, Sign, Ticket, is_name, slug

WORDS = {"sd": "SD", "sdxl": "SDXL", "xl": "XL"}
MOST_MODELS = 50
MULTIPLE = 64  # of pixels: any multiple of 8 is drawn, but the models have learned from these
SURE = 0.05  # before this part is done, the time that is left is a guess about loading the model
CUT_TO_FIT = 1  # instead of squeezing the picture that is to be changed into another shape


class Settings(ProviderSettings):
    """AUTOMATIC1111_BASE_URL, AUTOMATIC1111_USER and the others."""

    model_config = SettingsConfigDict(env_prefix="AUTOMATIC1111_")

    base_url: BaseUrl | None = Field(
        None,
        description="Your own AUTOMATIC1111 or Forge, started with --api, such as http://127.0.0.1:7860. "
        "It is on when this is set.",
    )
    user: str = Field("", description="The name of --api-auth, if it was started with one.")
    password: SecretStr | None = Field(None, description="The password of --api-auth.")
    longest: int = Field(
        1024, ge=256, le=2048, description="The longer side of its pictures, in pixels; 512 suits Stable Diffusion 1.5."
    )
    steps: int = Field(25, ge=1, le=150, description="How many steps it takes for a picture.")
    denoising: float = Field(
        0.6, ge=0, le=1, description="How much it changes a picture that is to be changed: 0 nothing, 1 everything."
    )

    @property
    def on(self) -> bool:
        """Whether it is said where the server is; there is no key."""
        return self.base_url is not None

    @property
    def address(self) -> str:
        """The configured address."""
        return self.base_url or ""

    def headers(self) -> dict[str, str]:
        """HTTP Basic, the only lock that the server has."""
        if self.password is None:
            return {}
        words = f"{self.user}:{self.password.get_secret_value()}".encode()
        return {"Authorization": f"Basic {base64.b64encode(words).decode()}"}


class Drawn(BaseModel):
    """POST /sdapi/v1/txt2img and img2img. `info` is JSON inside of a string."""

    images: list[Picture] = []
    info: str = ""


class Info(BaseModel):
    """What is known of a picture. Older servers do not say by which model it is."""

    sd_model_name: str = ""


class Progress(BaseModel):
    """GET /sdapi/v1/progress; both are 0 while nothing is drawn."""

    progress: float = Field(0.0, ge=0, le=1)
    eta_relative: float = Field(0.0, ge=0, le=86400)


class Checkpoint(BaseModel):
    """GET /sdapi/v1/sd-models: one model on the disk of the server."""

    model_name: str


class Checkpoints(RootModel[list[Checkpoint]]):
    """All of them."""


def model(name: str, title: str, memo: str = "") -> ImageModel:
    """All models can do the same. `memo` is the name by which the server knows it; empty is whatever is loaded."""
    return ImageModel(
        f"automatic1111/{name}", title, most=4, seed=True, negative=True, by_size=True, sources=1, memo=memo
    )


# Always there, and the quickest: loading another model takes the card half a minute.
LOADED = model("loaded", "AUTOMATIC1111 (loaded)")


class Automatic1111(Provider):
    """One server, one picture at a time."""

    key = "automatic1111"
    title = "AUTOMATIC1111"
    repeatable = True
    patience = 600.0
    pause = 2.0
    """Seconds between two looks at the progress."""
    Settings = Settings
    shipped: ClassVar[Sequence[ImageModel]] = (LOADED,)

    def __init__(self, http: Http, settings: ProviderSettings, key: str = "") -> None:
        super().__init__(http, settings, key)
        self._turn = asyncio.Lock()

    async def generate(self, request: ImageRequest, ticket: Ticket) -> list[GeneratedImage]:
        """One blocking call, beside which its progress is asked for."""
        question = await _question(request, cast(Settings, self.settings))
        path = "/sdapi/v1/img2img" if request.sources else "/sdapi/v1/txt2img"
        async with self._turn:
            try:
                drawn = await beside(self.http.post(path, question, Drawn), partial(self._look, ticket), self.pause)
            except ProviderError as error:
                raise _meant(error) from error
        _check_model(request.model, drawn)
        return await self.http.images(drawn.images, request.count)

    async def listed(self) -> Sequence[ImageModel]:
        """The loaded model, whichever it is, and those on the disk of the server."""
        try:
            found = await self.http.get("/sdapi/v1/sd-models", Checkpoints)
        except ProviderError as error:
            raise _meant(error) from error
        named = {LOADED.name: ""}
        for name in [each.model_name for each in found.root if is_name(each.model_name)][:MOST_MODELS]:
            named.setdefault(slug(name), name)
        return [model(key, _title(name), name) if name else LOADED for key, name in named.items()]

    async def _look(self, ticket: Ticket) -> None:
        """Pass on how far the picture is."""
        seen = await self.http.get("/sdapi/v1/progress?skip_current_image=true", Progress)
        if seen.progress >= SURE:
            ticket.tell(Sign(seconds=round(seen.eta_relative), part=seen.progress))


async def _question(request: ImageRequest, settings: Settings) -> dict[str, Any]:
    width, height = request.ratio.pixels(settings.longest, MULTIPLE)
    question: dict[str, Any] = {
        "prompt": request.prompt,
        "negative_prompt": request.negative or "",
        "width": width,
        "height": height,
        "steps": settings.steps,
        "seed": -1 if request.seed is None else request.seed,
        "batch_size": request.count,
        # Nothing of a person stays on that machine, and no sheet of all pictures comes before them.
        "save_images": False,
        "do_not_save_samples": True,
        "do_not_save_grid": True,
    }
    if request.model.memo:
        question["override_settings"] = {"sd_model_checkpoint": request.model.memo}
    if request.sources:
        question["init_images"] = [await encoded(path) for path in request.sources]
        question |= {"denoising_strength": settings.denoising, "resize_mode": CUT_TO_FIT}
    return question


def _meant(error: ProviderError) -> ProviderError:
    """A 404 that does not speak of a model is for the whole road: the server was started without --api."""
    if error.status != 404 or "model" in error.detail.casefold():
        return error
    return Refused(Cause.UNAVAILABLE, f"{error.detail} (started without --api?)")


def _check_model(asked: ImageModel, drawn: Drawn) -> None:
    """A server draws with what is loaded where it does not find the model. Raises Refused(MODEL_GONE)."""
    try:
        drawn_by = Info.model_validate_json(drawn.info).sd_model_name
    except ValidationError:
        return
    # A model is named with its folder in the list and without it beside the picture.
    if not asked.memo or asked.memo.endswith(drawn_by):
        return
    for picture in drawn.images:
        picture.forget()
    raise Refused(Cause.MODEL_GONE, f"drawn by {drawn_by[:80]}")


def _title(name: str) -> str:
    """The name of a file, without its folder, as one would say it."""
    words = re.findall(r"[^\s_-]+", re.split(r"[/\\]", name)[-1])
    return " ".join(WORDS.get(word.casefold(), word[:1].upper() + word[1:]) for word in words)[:60]


PROVIDER = Automatic1111
