"""A gallery: five pictures a page, newest first, turned by keys instead of numbers. Pure: no I/O, no clock."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.images import AspectRatio
from bot.imagine.rules import DELETABLE

PAGE = 5
# No id of a picture begins with it.
MARK = "*"


@dataclass(frozen=True, slots=True)
class Picture:
    """One delivered picture, as the gallery shows it. `created_at` and `ended_at` in Unix seconds.

    `chat_id` and `note_id` name the message it was delivered in; `shown_as` is `photo` or `document`.
    """

    generation_id: str
    chat_id: int
    note_id: int | None
    model: str
    prompt: str
    ratio: AspectRatio
    seed: int | None
    created_at: int
    ended_at: int
    shown_as: str
    file_id: str
    favorite_at: int | None = None

    @property
    def key(self) -> tuple[int, str]:
        """The place in the order of the gallery."""
        return self.created_at, self.generation_id

    def deletable(self, now: int) -> bool:
        """Telegram still lets the bot take the message itself back."""
        return self.note_id is not None and now - self.ended_at < DELETABLE


@dataclass(frozen=True, slots=True)
class Page:
    """Up to five pictures, newest first; `newer` and `older`: there are more on that side. All, or `favorites` only."""

    pictures: tuple[Picture, ...]
    newer: bool
    older: bool
    favorites: bool = False

    @property
    def first(self) -> str:
        """The picture that names the page in its buttons."""
        return bookmark(self.pictures[0].generation_id, favorites=self.favorites)

    @property
    def last(self) -> str:
        """The picture after which the next page begins."""
        return bookmark(self.pictures[-1].generation_id, favorites=self.favorites)

    def picture(self, generation_id: str | None) -> Picture:
        """The one asked for, or the first of the page where it is not (or no longer) on it."""
        return next((each for each in self.pictures if each.generation_id == generation_id), self.pictures[0])

    def neighbor(self, gone: Picture) -> Picture:
        """What is shown when a picture of this page is gone: the next older one, else the oldest left."""
        return next((each for each in self.pictures if each.key < gone.key), self.pictures[-1])


def bookmark(generation_id: str, *, favorites: bool) -> str:
    """How a button names a page: by a picture, with a mark before it where only favorites are shown."""
    return MARK + generation_id if favorites else generation_id


def read(mark: str) -> tuple[str, bool]:
    """The picture that such a name holds, and whether only favorites are shown."""
    return mark.removeprefix(MARK), mark.startswith(MARK)


def page(found: Sequence[Picture], *, newer: bool, favorites: bool = False) -> Page:
    """A page of pictures that were fetched newest first, one more than fits so that the end is known."""
    return Page(tuple(found[:PAGE]), newer=newer, older=len(found) > PAGE, favorites=favorites)
