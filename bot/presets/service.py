"""The presets that there are now: those of the operator's file, or the shipped ones, and over them those of the chat.

Less those that are off.
"""

from collections.abc import Collection, Sequence
from pathlib import Path

import structlog

from bot.edited import EditedFile, text_of
from bot.presets.rules import SHIPPED, Preset, merged, nearest, read_presets

log = structlog.get_logger()


class PresetFile(EditedFile[Sequence[Preset]]):
    """The file of presets. A mistake in it never keeps the bot from starting: it draws without them as well."""

    kind = "presets"

    def __init__(self, file: Path | None = None, *, required: bool = False) -> None:
        super().__init__(file, required=required, strict=False)

    @property
    def empty(self) -> Sequence[Preset]:
        """Those that the bot comes with."""
        return SHIPPED

    def read(self, file: Path) -> Sequence[Preset]:
        """The presets in it. Raises SettingsError with the line that is wrong."""
        return read_presets(str(file), text_of(file, "PRESETS_FILE"))

    def log(self) -> None:
        """Say in the log that it was read, or what is wrong with it."""
        if self.trouble is None:
            log.info("presets_read")
        else:
            log.warning("presets_not_read", reason=self.trouble)


class Presets:
    """What can be asked for by name. A change counts for wishes that begin later."""

    def __init__(self, file: PresetFile | None = None) -> None:
        self.file = file or PresetFile()
        self._off: frozenset[str] = frozenset()
        self._own: Sequence[Preset] = ()

    def write(self, own: Sequence[Preset]) -> None:
        """From now on these count, that were written in the chat; of equal names over those of the file."""
        self._own = tuple(own)

    def switch(self, off: Collection[str]) -> None:
        """From now on these names are off."""
        self._off = frozenset(off)

    def everything(self) -> Sequence[Preset]:
        """All that are written down, those that are off among them."""
        return merged(self.file.content, self._own)

    def offered(self) -> Sequence[Preset]:
        """Those that are on, in the order of the file."""
        return [preset for preset in self.everything() if preset.name not in self._off]

    def named(self, name: str) -> Preset | None:
        """The one of this name, None where it is not offered."""
        return next((preset for preset in self.offered() if preset.name == name.casefold()), None)

    def nearest(self, name: str) -> Preset | None:
        """The one that somebody may have meant."""
        return nearest(name, self.offered())
