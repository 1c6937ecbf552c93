"""What a handler wants said: handlers return these (or bare Telegram methods) and send nothing themselves."""

from dataclasses import dataclass
from typing import Any

SEEN_AGAIN = 2
"""Seconds for which a supergroup in which the bot arrives may turn out to be a group that has got a new number."""

WHISPER = {"whisper": True}
"""The flag of a handler that answers, in a group, for the eyes of the person who asked."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One Telegram method on its way to the outbox.

    `note_of`: id of the generation whose note this message is, or of the broadcast whose panel; the id of the sent
    message is then kept with it, and an edit with `note_of` is aimed at that message when it is sent.
    `whisper_to`: in a group this person alone sees it; where that does not work, it is taken away after a while.
    `once`: rows with the same key are added once only (one notice, then silence).
    `instead`: what the chat hears where the file that it sends cannot be read any more by then.
    `hold`: seconds for which it waits, and is forgotten where the group turns out to be one that only got a new number.
    `chat_id`: in whose order the call is made where the method names no chat, as for an inline message.
    `about`: the person whose words these are, so that they are forgotten with them. None: nobody's but the chat's.
    """

    method: Any  # a TelegramMethod; this module stays free of aiogram so that services can name it
    note_of: str | None = None
    once: str | None = None
    chat_id: int | None = None
    whisper_to: int | None = None
    instead: str | None = None
    hold: int = 0
    about: int | None = None


def hello_key(chat_id: int) -> str:
    """By what it is known that a group was greeted: the `once` of the hello."""
    return f"hello:{chat_id}"
