# Inline mode: @bot and words in any chat.

inline-draw = Draw: { $words }
inline-draw-for = { $price ->
    [0] Draw it
    [one] Draw it · { $price } credit
   *[other] Draw it · { $price } credits
}
inline-single = one picture in a message
inline-waiting = 🎨 This becomes a picture. If nothing happens, press the button.
inline-not-set-up = Here I can only show pictures that you have already: whoever runs me has not set up drawing in other chats.
inline-gone = I keep typed words for an hour only, and these are gone. Please write them again.

# To admins.
inline-admin-unset = Somebody wanted to draw in another chat by way of my name. I can only show earlier pictures there: STORAGE_CHAT_ID is not set. docs/operating.md tells how.
inline-admin-closed = I may not send pictures to the chat STORAGE_CHAT_ID, so nobody can draw in other chats. Add me there as an admin that may post, or look at the number. I look again every ten minutes.
