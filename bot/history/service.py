"""Turning the pages of a gallery: of all pictures, or of the favorites. A page is named as `rules.bookmark` does."""

from bot.history import store
from bot.history.rules import PAGE, Page, Picture, page, read
from bot.storage.database import Transaction


async def newest(tx: Transaction, user_id: int, *, favorites: bool = False) -> Page | None:
    """The first page; None while there is no picture."""
    return await _page(tx, user_id, store.NEWEST, favorites=favorites)


async def page_from(tx: Transaction, user_id: int, first: str) -> Page | None:
    """The page that begins with the picture `first`; None where it is not theirs or nothing is left of it."""
    picture, favorites = read(first)
    place = await store.place(tx, user_id, picture)
    return await _page(tx, user_id, place, favorites=favorites) if place else None


async def older_than(tx: Transaction, user_id: int, last: str) -> Page | None:
    """The page after the one that ends with `last`; the same page again where nothing is older."""
    picture, favorites = read(last)
    place = await store.place(tx, user_id, picture)
    if place is None:
        return None
    near = await store.from_place(tx, user_id, place, 2, favorites=favorites)
    found = [each for each in near if each.key != place]
    return await _page(tx, user_id, found[0].key if found else place, favorites=favorites)


async def newer_than(tx: Transaction, user_id: int, first: str) -> Page | None:
    """The full page in front of `first`; the newest page where less than a page is newer."""
    picture, favorites = read(first)
    place = await store.place(tx, user_id, picture)
    if place is None:
        return None
    found = await store.newer(tx, user_id, place, PAGE, favorites=favorites)
    return await _page(tx, user_id, found[-1].key if found else place, favorites=favorites)


async def page_around(tx: Transaction, user_id: int, first: str) -> Page | None:
    """The page that began with `first`, or the one in front of it where nothing is left there."""
    return await page_from(tx, user_id, first) or await newer_than(tx, user_id, first)


async def find(tx: Transaction, user_id: int, generation_id: str) -> Picture | None:
    """One picture of the gallery of this person."""
    place = await store.place(tx, user_id, generation_id)
    found = await store.from_place(tx, user_id, place, 1) if place else []
    return next((each for each in found if each.generation_id == generation_id), None)


async def _page(tx: Transaction, user_id: int, place: tuple[int, str], *, favorites: bool) -> Page | None:
    found = await store.from_place(tx, user_id, place, PAGE + 1, favorites=favorites)
    if not found:
        return None
    newer = await store.newer(tx, user_id, found[0].key, 1, favorites=favorites)
    return page(found, newer=bool(newer), favorites=favorites)
