# Inline mode: @bot and words in any chat.

inline-draw = Draw: { $words }
inline-draw-for = { $price ->
    [0] Draw it
    [one] Draw it · { $price } credit
   *[other] Draw it · { $price } credits
}
inline-waiting = 🎨 This becomes a picture. If nothing happens, press the button.
inline-not-set-up = Here I can only show pictures that you have already: whoever runs me has not set up drawing in other chats.
