"""What services say while they draw: in memory only, for the notes. Lost with the process, and no harm done."""

from dataclasses import dataclass

from bot.providers import Sign


@dataclass(frozen=True, slots=True)
class Standing:
    """How far an unfinished generation has come; None for what is not known.

    `place` in the queue (1 is next), `elapsed` since it waits or is drawn and `typical` in seconds, and the `sign` that
    the service itself gave last.
    """

    place: int | None = None
    elapsed: int = 0
    typical: int | None = None
    sign: Sign | None = None


class Signs:
    """The last sign of life of each picture that is being drawn."""

    def __init__(self) -> None:
        self._signs: dict[str, Sign] = {}

    def tell(self, generation_id: str, sign: Sign) -> None:
        """Remember how it goes."""
        self._signs[generation_id] = sign

    def of(self, generation_id: str) -> Sign | None:
        """How it goes, None where the service said nothing."""
        return self._signs.get(generation_id)

    def forget(self, generation_id: str) -> None:
        """It is not being drawn any more."""
        self._signs.pop(generation_id, None)
