"""Turning the pages of a gallery."""

from bot.history import store
from bot.history.rules import PAGE, Page, Picture, page
from bot.storage.database import Transaction


async def newest(tx: Transaction, user_id: int) -> Page | None:
    """The first page; None while there is no picture."""
    return await _page(tx, user_id, store.NEWEST)


async def page_from(tx: Transaction, user_id: int, first: str) -> Page | None:
    """The page that begins with the picture `first`; None where it is not theirs or nothing is left of it."""
    place = await store.place(tx, user_id, first)
    return await _page(tx, user_id, place) if place else None


async def older_than(tx: Transaction, user_id: int, last: str) -> Page | None:
    """The page after the one that ends with `last`; the same page again where nothing is older."""
    place = await store.place(tx, user_id, last)
    if place is None:
        return None
    found = [each for each in await store.from_place(tx, user_id, place, 2) if each.key != place]
    return await _page(tx, user_id, found[0].key if found else place)


async def newer_than(tx: Transaction, user_id: int, first: str) -> Page | None:
    """The full page in front of `first`; the newest page where less than a page is newer."""
    place = await store.place(tx, user_id, first)
    if place is None:
        return None
    found = await store.newer(tx, user_id, place, PAGE)
    return await _page(tx, user_id, found[-1].key if found else place)


async def page_around(tx: Transaction, user_id: int, first: str) -> Page | None:
    """The page that began with `first`, or the one in front of it where nothing is left there."""
    return await page_from(tx, user_id, first) or await newer_than(tx, user_id, first)


async def find(tx: Transaction, user_id: int, generation_id: str) -> Picture | None:
    """One picture of the gallery of this person."""
    place = await store.place(tx, user_id, generation_id)
    found = await store.from_place(tx, user_id, place, 1) if place else []
    return next((each for each in found if each.generation_id == generation_id), None)


async def _page(tx: Transaction, user_id: int, place: tuple[int, str]) -> Page | None:
    found = await store.from_place(tx, user_id, place, PAGE + 1)
    if not found:
        return None
    newer = await store.newer(tx, user_id, found[0].key, 1)
    return page(found, newer=bool(newer))
