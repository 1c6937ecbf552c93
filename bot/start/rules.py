"""What the bot is introduced with. Pure: no I/O, no clock."""

# In the order of the menu. Each has a description `command-<name>` in every language.
COMMANDS = ("imagine", "history", "settings", "me", "language", "help", "privacy")
