"""Paint one sketch."""

from pathlib import Path

from PIL import Image


def paint(prompt: str, seed: int, size: tuple[int, int], path: Path) -> None:
    """Write a JPEG of this size."""
    Image.linear_gradient("L").convert("RGB").resize(size).save(path, "JPEG", quality=92)
