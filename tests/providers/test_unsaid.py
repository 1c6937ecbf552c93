"""What a service repeats of a wish goes no further."""

import pytest

from bot.images import AspectRatio, ImageModel, ImageRequest
from bot.providers.unsaid import unsaid

WISH = "A zephyr over Quillheim, рыжая лиса"


@pytest.mark.parametrize(
    ("said", "left"),
    [
        (f"400 your prompt '{WISH}' was rejected", "400 your prompt '…' was rejected"),
        ("nothing known of QUILLHEIM and рыжая", "nothing known of … and …"),
        ('{"prompt": ["zephyr_"]} 503 busy', '{"prompt": ["zephyr_"]} 503 busy'),
        (r'{"prompt": "\u0440\u044b\u0436\u0430\u044f \ud83e"}', r'{"prompt": "… \ud83e"}'),
        ("no thorns, please", "no …, please"),
        ("", ""),
    ],
)
def test_words_of_the_wish_are_left_out(said: str, left: str) -> None:
    request = ImageRequest(ImageModel("a/b", "B"), WISH, AspectRatio.SQUARE, negative="thorns")
    assert unsaid(said, request) == left
