"""An AIGNE Hub that answers by path."""

from typing import Any

from bot.images import AspectRatio, ImageRequest
from bot.providers.aigne_hub import COMPONENT, model
from tests.providers.fake import Answer, Call

SITE = {"componentMountPoints": [{"did": COMPONENT, "mountPoint": "/hub/"}]}
MISSING = Answer(404, body=b"<html><title>Error</title><pre>Cannot POST</pre></html>")


class Gateway:
    """Answers by path: what is not told is not there."""

    def __init__(self) -> None:
        self.answers = {"/__blocklet__.js?type=json": Answer(json=SITE)}

    def __call__(self, call: Call) -> Answer:
        return self.answers.get(call.path, MISSING)


def request(name: str = "google/gemini-2.5-flash-image", **changes: Any) -> ImageRequest:
    wishes = {"prompt": "a red fox", "ratio": AspectRatio.SQUARE} | changes
    return ImageRequest(model=model(name), **wishes)
