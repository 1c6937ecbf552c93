# /settings and /language.

settings-title = Your settings
settings-intro = They count whenever you do not say otherwise in your words.
settings-model = Model: { $model }
settings-stand-in = { $wished } is not offered at present. { $model } draws in its place.
settings-ratio = Ratio: { $ratio }
settings-preset = Preset: { $preset }
settings-no-preset = none
settings-as-photo = Pictures come as photos
settings-as-file = Pictures come as files
settings-plain-on = Plain words draw: yes
settings-plain-off = Plain words draw: no
settings-language = Language: { $language }
settings-done = Done

settings-choose-model = Who shall draw? The number is the price of a picture in credits.
settings-choose-ratio = Width to height. Only what your model can draw is offered.
settings-choose-language = Which language shall I speak with you?
settings-language-auto = As in my app

settings-saved = Saved.
settings-not-yours = These are somebody else’s settings. Send /settings to open yours.
settings-not-offered = This is not on offer any more.
