"""What the bot is introduced with. Pure: no I/O, no clock."""

# In the order of the menu. Each has a description `command-<name>` in every language.
COMMANDS = (
    *("imagine", "presets", "history", "favorites", "post", "settings", "me", "language", "help", "privacy"),
    "forget",
)

# In a group these are between the person and the bot: others do not see them.
WHISPERED = frozenset(COMMANDS) - {"imagine"}
