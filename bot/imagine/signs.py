"""What services say while they draw: in memory only, for the notes. Lost with the process, and no harm done."""

from bot.providers import Sign


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
