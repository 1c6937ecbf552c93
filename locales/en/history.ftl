# The gallery of /history.

history-empty = There are no pictures here yet. Write what you would like to see.
history-in-private = Your pictures are yours alone: send /history in our private chat.
history-newer = « Newer
history-older = Older »
history-again = Again
history-original = Original
history-delete = Delete
history-delete-yes = Delete this picture
history-delete-no = Keep it
history-seed = seed { $seed }
history-deleted = Deleted.
history-deleted-here = Deleted from your history. Telegram lets me take a message back for two days only, so the old one stays in the chat.
history-gone = This picture is not in your history. Send /history to open yours.
