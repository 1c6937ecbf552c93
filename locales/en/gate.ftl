# Said at the door, and when something breaks on our side.

gate-not-invited = I draw for invited people only. To be invited, give this number to the person who runs this bot:
gate-trouble = Something broke on my side, and nothing was charged. Please try again in a moment. If it stays so, tell the person who runs this bot this code: { $id }
gate-nobody = You speak here as the group or as a channel, so I cannot tell whose credits a picture would cost. Please write as yourself.
gate-banned = You cannot draw with me any more. If you think that is a mistake, please write to the person who runs this bot.
gate-banned-until = You can draw with me again from { $when } on. If you think that is a mistake, please write to the person who runs this bot.
gate-contact = Write to: { $contact }
