# The gallery of /history.

history-empty = There are no pictures here yet. Write what you would like to see.
history-in-private = Your pictures are yours alone: send /history in our private chat.
history-newer = ← Newer
history-older = Older →
history-deleted = Deleted.
history-gone = This picture is not in your history. Send /history to open yours.
favorites-empty = There are no favorites here yet. Press ☆ under a picture, or put a heart on it.
