"""What people and groups call themselves: only in memory, of those who spoke since the start, and kept nowhere."""

from collections import OrderedDict

# So many are remembered; whoever was silent for longest is forgotten first.
MOST = 10_000


class Faces:
    """Names by number. People have positive numbers, groups negative ones."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._names: OrderedDict[int, tuple[str, str]] = OrderedDict()

    def see(self, number: int, name: str, username: str | None = None) -> None:
        """Remember what somebody is called now."""
        self._names[number] = (name, username or "")
        self._names.move_to_end(number)
        if len(self._names) > self._most:
            self._names.popitem(last=False)

    def forget(self, number: int) -> None:
        """Remember somebody no longer."""
        self._names.pop(number, None)

    def name(self, number: int) -> str:
        """The name, with the username where there is one; empty where nobody knows."""
        name, username = self._names.get(number, ("", ""))
        return f"{name} @{username}" if username else name

    def find(self, words: str, limit: int) -> list[int]:
        """People whose name or username holds these words, the last ones to speak first."""
        wanted = words.casefold().strip().removeprefix("@")
        found = (
            number
            for number, (name, username) in reversed(self._names.items())
            if number > 0 and wanted and (wanted in name.casefold() or wanted in username.casefold())
        )
        return [number for number, _ in zip(found, range(limit), strict=False)]
