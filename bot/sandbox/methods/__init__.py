"""The methods of the Bot API that the sandbox has learned, by what they are about."""

from bot.sandbox.methods import callbacks, chats, deleting, editing, ephemeral, fetching, inline, profile, sending

__all__ = ["callbacks", "chats", "deleting", "editing", "ephemeral", "fetching", "inline", "profile", "sending"]
