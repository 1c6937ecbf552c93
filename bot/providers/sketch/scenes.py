"""All scenes by name, and the words that ask for them."""

from collections.abc import Callable, Mapping

from bot.providers.sketch.canvas import Canvas
from bot.providers.sketch.forms import bubbles, currents, flowers, paper, planets, tiles
from bot.providers.sketch.landscapes import dunes, lake, mountains, sea, town, wood

SCENES: Mapping[str, Callable[[Canvas], None]] = {
    "bubbles": bubbles,
    "currents": currents,
    "dunes": dunes,
    "flowers": flowers,
    "lake": lake,
    "mountains": mountains,
    "paper": paper,
    "planets": planets,
    "sea": sea,
    "tiles": tiles,
    "town": town,
    "wood": wood,
}

# The first of these words in a prompt chooses; without any the seed does.
SUBJECTS = {
    "mountains": "mountain hill alps peak snow eagle dragon castle",
    "lake": "lake river reflection swan duck valley camp cabin",
    "dunes": "desert dune sand camel egypt pyramid mars sahara",
    "sea": "sea ocean water wave ship boat whale fish dolphin island beach sail surf pirate",
    "wood": "forest wood jungle tree fox foxes deer bear wolf wolves owl elf elves squirrel autumn",
    "town": "city cities town street house tower robot cyberpunk cyber neon car london paris tokyo",
    "planets": "space planet star galaxy rocket astronaut moon cosmos alien universe",
    "flowers": "flower rose tulip garden bouquet blossom butterfly bee spring wedding poppy",
    "paper": "paper cave canyon abstract dream portal layers",
    "tiles": "pattern tile geometric bauhaus mosaic retro quilt",
    "currents": "wind music dance hair storm flow smoke fire ink van-gogh",
    "bubbles": "bubble balloon candy candies ball fruit berry berries apple juice toy",
}
