"""Telegram's numbers, each once. Lengths of text are in UTF-16 units, as `bot.texts.utf16_len` counts them."""

from dataclasses import dataclass

TEXT = 4096
CAPTION = 1024
TOAST = 200

PHOTO_BYTES = 10 * 1024 * 1024
PHOTO_SIDES = 10_000  # width and height together, in pixels
PHOTO_RATIO = 20
DOCUMENT_BYTES = 50 * 1024 * 1024

WEBHOOK_BYTES = 1024 * 1024

# A pause that was kept on disk is believed for so many seconds. The wall clock may have been set back meanwhile; where
# the pause was really longer, the next call is told so.
PAUSE_BELIEVED = 3600

# How often a note may be edited to show progress, in seconds.
PROGRESS = 3


@dataclass(frozen=True, slots=True)
class Rate:
    """So many calls in so many seconds, of which `burst` may come at once."""

    calls: int
    seconds: int
    burst: int


# Telegram speaks of 30 a second in all, one a second in a private chat and 20 a minute in a group: we stay below, also
# in the minute that begins with a burst.
ALL = Rate(25, 1, burst=5)
PRIVATE = Rate(1, 1, burst=3)
GROUP = Rate(17, 60, burst=3)

# Edits are counted apart, and less strictly. The numbers are nowhere documented: a 429 is the last word.
ALL_EDITS = Rate(25, 1, burst=10)
PRIVATE_EDITS = Rate(2, 1, burst=6)
GROUP_EDITS = Rate(17, 60, burst=3)


def fits_photo(width: int, height: int, size: int) -> bool:
    """Whether Telegram takes a picture of `width` x `height` pixels and `size` bytes as a photo."""
    long, short = max(width, height), min(width, height)
    return size <= PHOTO_BYTES and width + height <= PHOTO_SIDES and long <= PHOTO_RATIO * short
