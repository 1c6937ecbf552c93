# What the bot says when it comes into a group.

arrival-how = Write what you would like to see behind the command or behind my name:
arrival-more = Answer one of my pictures to change it. /help tells the rest. What else you say here I neither read nor keep.
arrival-no-admin = I work without being an admin. As one that may delete messages I could also see your reactions to my pictures, and tell errors and credits only to those they are for.
arrival-no-photos = I may not send photos here, so pictures come as files.
arrival-no-files = I may not send files here, so there are no originals.
arrival-no-deleting = I may not delete messages here, so commands stay where they were written.
arrival-mute = I am in “{ $chat }” now, but may not write there. Please let me send messages and photos.
arrival-missed = While I could not show it here I finished a picture. Nothing was charged for it. I keep it for a day:
