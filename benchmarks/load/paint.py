"""Pictures that weigh as much as wanted, as services send them: plain JPEG files that hold more than one color."""

import io

from PIL import Image

from bot.images import ImageFormat


def jpeg(side: int, quality: int = 96, noise: int = 10) -> bytes:
    """A square of soft clouds with grain, `side` pixels wide."""
    parts = []
    for _ in range(3):
        clouds = Image.effect_noise((side // 16, side // 16), 90).resize((side, side), Image.Resampling.BICUBIC)
        parts.append(Image.blend(clouds, Image.effect_noise((side, side), noise), 0.3))
    return _saved(Image.merge("RGB", parts), quality)


def _saved(picture: Image.Image, quality: int) -> bytes:
    file = io.BytesIO()
    picture.save(file, ImageFormat.JPEG, quality=quality, subsampling=0)
    return file.getvalue()
