"""Sketch: a picture drawn on this machine from the prompt and the seed. No network, no key, no cost.

For trying the bot out and for tests. The picture is made of the prompt's mood and says "sketch" in its corner, so
nobody takes it for the work of a model.
"""

import asyncio
import secrets
from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar, cast

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from bot.http import finished, remove, room_on_disk
from bot.images import GeneratedImage, ImageModel, ImageRequest
from bot.providers.base import Provider, ProviderSettings, Ticket
from bot.storage.shield import carry_through

LONGEST = 1024


class Settings(ProviderSettings):
    """SKETCH and SKETCH_SECONDS."""

    model_config = SettingsConfigDict(env_prefix="SKETCH_", populate_by_name=True)

    drawn_here: bool = Field(
        False,
        validation_alias="SKETCH",
        description="1 lets the bot draw simple pictures on this machine, to try it without any service.",
    )
    seconds: float = Field(0.0, ge=0, le=600, description="How long a sketch takes, to see what waiting is like.")

    @property
    def on(self) -> bool:
        """Switched on by SKETCH=1; there is no key."""
        return self.drawn_here


class Sketch(Provider):
    """One model, any ratio, seeded: the same prompt, seed and source give the same picture."""

    key = "sketch"
    title = "Sketch"
    repeatable = True
    Settings = Settings
    shipped: ClassVar[Sequence[ImageModel]] = (ImageModel("sketch/default", "Sketch", seed=True, most=4, sources=1),)

    async def generate(self, request: ImageRequest, ticket: Ticket) -> list[GeneratedImage]:
        """Draw in a thread; further pictures of one request have the seeds that follow."""
        await asyncio.sleep(cast(Settings, self.settings).seconds)
        first = secrets.randbelow(1 << 31) if request.seed is None else request.seed
        return [await self._drawn(request, first + more) for more in range(request.count)]

    async def _drawn(self, request: ImageRequest, seed: int) -> GeneratedImage:
        """One picture. A thread cannot be cancelled: what nobody waits for any more goes once it is done."""
        path: Path = self.http.spool.new()
        try:
            return await carry_through(asyncio.to_thread(self._draw, request, seed, path))
        except BaseException:
            remove(path)
            raise

    def _draw(self, request: ImageRequest, seed: int, path: Path) -> GeneratedImage:
        # Imported late: Pillow costs memory that a bot with real services does not need.
        from bot.providers.sketch.painting import paint
        from bot.providers.sketch.repainting import repaint

        size = request.ratio.pixels(LONGEST)
        with room_on_disk():
            if request.sources:
                repaint(request.prompt, seed, request.sources[0], size, path)
            else:
                paint(request.prompt, seed, size, path)
        return finished(path)


PROVIDER = Sketch
