"""What is known of many chats, each for a short time: memory for those of now, not for all there ever were."""

from collections.abc import Callable
from typing import TypeVar

Key = TypeVar("Key")
Value = TypeVar("Value")

# So many entries are kept without looking through them.
FEW = 1000


class Fading(dict[Key, Value]):
    """A dictionary that forgets entries which are `over`.

    It looks through itself when it has doubled since it did so last: that costs each new entry the same, however many
    there are. Set entries one by one.
    """

    def __init__(self, over: Callable[[Value], bool]) -> None:
        super().__init__()
        self._over = over
        self._room = FEW

    def __setitem__(self, key: Key, value: Value) -> None:
        if len(self) >= self._room:
            self._look_through()
        super().__setitem__(key, value)

    def _look_through(self) -> None:
        for key in [key for key, value in self.items() if self._over(value)]:
            del self[key]
        self._room = max(FEW, 2 * len(self))
