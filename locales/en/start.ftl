# Hello, help; names of commands and the bot's profile.

start-hello = Hello! I draw pictures from words.
start-how = Write what you would like to see. In a group, begin with the command:
start-example = a red fox in the snow
start-draw-example = Draw this example
start-more = /settings keeps your favorite model and ratio, /help tells the rest.

help-draw-title = Drawing
help-draw =
    In our private chat just write what you want to see. Everywhere else use /imagine or my name and your words after it, or answer what I said. My note tells your place in the queue, can be cancelled, and turns into the picture.
help-edit-title = Changing pictures
help-edit =
    Send a picture with /imagine and what should change, such as “make it night”, or reply so to one that is here already. Two pictures can be put together: reply to one with the other.
help-flags-title = Finer wishes, anywhere in your words
help-flag-ratio = width to height
help-flag-model = who draws
help-flag-preset = a look: /presets shows them
help-flag-count = several pictures at once
help-flag-seed = the same seed draws alike again
help-unwanted = "text, frame"
help-flag-negative = what should not be there
help-buttons-title = Under each picture
help-buttons =
    Again draws the same words once more, Vary changes a little, Edit asks you what should change, Ratio and Model try another shape or artist, Original sends the uncompressed file. The buttons are yours alone and do not wear out.
help-credits-title = Credits
help-credits = Pictures cost credits, and credits come back every day. /me shows how many you have.
help-promise-title = My promise
help-promise =
    Once I have answered, your request survives crashes and restarts. You pay for a picture only when it is in this chat, and never twice. One request never shows a picture twice.
help-commands-title = Commands

command-imagine = Draw a picture from words
command-history = Your pictures
command-favorites = Show the pictures you like best
command-settings = Model, ratio, photo or file
command-me = Your credits
command-language = Choose the language
command-help = How everything works
command-privacy = What is kept about you
command-forget = Get or delete all that is kept about you

profile-short = I draw pictures from your words.
profile-description =
    Write what you would like to see, and I draw it. Choose the model and the ratio, draw again, vary, get the original file. You pay only for pictures that arrived.
