"""Paint one sketch: the prompt chooses mood and scene, the seed everything else."""

import hashlib
import re
from pathlib import Path
from random import Random

from bot.providers.sketch.canvas import Canvas
from bot.providers.sketch.colors import first_match, palette_for
from bot.providers.sketch.scenes import SCENES, SUBJECTS

QUALITY = 92


def paint(prompt: str, seed: int, size: tuple[int, int], path: Path) -> None:
    """Write a JPEG of this size. The same words, seed and size always give the same picture."""
    words = " ".join(prompt.casefold().split())
    mood = Random(hashlib.sha256(_bytes(words)).digest())  # noqa: S311  a picture, not a secret
    hand = Random(hashlib.sha256(_bytes(f"{seed} {words}")).digest())  # noqa: S311  likewise
    canvas = Canvas(size, palette_for(words, mood), hand)
    subject = first_match(re.findall(r"[a-z-]+", words), SUBJECTS) or hand.choice(sorted(SCENES))
    SCENES[subject](canvas)
    canvas.finish().save(path, "JPEG", quality=QUALITY)


def _bytes(text: str) -> bytes:
    """Also half a character, as broken clients send it."""
    return text.encode("utf-8", "surrogatepass")
