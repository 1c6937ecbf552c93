# Presets: looks with a name.

command-presets = Looks with a name, and how to use them
presets-title = Looks with a name
presets-how = Put one behind your words:
presets-always = Press one here, and all that you ask for in words looks like it. --preset { $none } then draws without, just this once.

# Those that the bot comes with; their names are typed, so they stay as they are.
preset-about-photo = a photograph in natural light
preset-about-watercolor = soft paint on rough paper
preset-about-ink = black lines on white paper
preset-about-pixel = big square pixels, few colors
preset-about-clay = little figures of clay
preset-about-poster = a printed poster, upright
