"""Who is speaking."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Person:
    """Someone who wrote to the bot, with what they chose. `None` means: not chosen, the default counts.

    `language` is chosen with /language, `client_language` is what their app said last (an IETF tag).
    `plain_text`: words without a command are a prompt in private chats. `gone`: they blocked the bot.
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
