"""Who is speaking."""

from dataclasses import dataclass

FORGOTTEN = -(1 << 62)
"""No person and no group has a number as low as the names of the forgotten."""


@dataclass(frozen=True, slots=True)
class Person:
    """Someone who wrote to the bot, with what they chose. `None` means: not chosen, the default counts.

    `language` is chosen with /language, `client_language` is what their app said last (an IETF tag).
    `plain_text`: words without a command are a prompt in private chats. `gone`: they blocked the bot.
    `banned_until` in Unix seconds, None for good. `moderator`: an admin of the bot named them. `daily`: credits
    of a day that are theirs alone. `preset` is the name of a look for all that they ask for in words.
    """

    user_id: int
    language: str | None = None
    client_language: str | None = None
    model: str | None = None
    ratio: str | None = None
    as_file: bool = False
    plain_text: bool = True
    member: bool = False
    banned: bool = False
    gone: bool = False
    moderator: bool = False
    banned_until: int | None = None
    daily: int | None = None
    preset: str | None = None

    def is_banned(self, now: int) -> bool:
        """Whether a ban counts at this time, in Unix seconds."""
        return self.banned and (self.banned_until is None or now < self.banned_until)


def is_forgotten(user_id: int) -> bool:
    """Whether this stands for somebody who was forgotten."""
    return user_id <= FORGOTTEN
