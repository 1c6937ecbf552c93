"""The bot itself without its own pace, so that it can be compared with programs that have none.

There is no setting for this: whoever ran a bot so would soon be told by Telegram to wait for hours.
"""

from bot.telegram import limits
from bot.telegram.limits import Rate


def unpace() -> None:
    """Lift every rate before anything reads it."""
    for name in ("ALL", "PRIVATE", "GROUP", "ALL_EDITS", "PRIVATE_EDITS", "GROUP_EDITS"):
        setattr(limits, name, Rate(1_000_000, 1, burst=1_000_000))


if __name__ == "__main__":
    unpace()
    from bot.cli import main

    main(["run"])
