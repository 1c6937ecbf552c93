"""Pictures to change: found in what a person sends, or kept behind our question what should change."""

from dataclasses import replace

from aiogram.types import CallbackQuery, Document, Message, PhotoSize, User

from bot.errors import UserError
from bot.images import AspectRatio
from bot.imagine import store, views
from bot.imagine.handlers.desk import Answer, Desk, beside, once, place_in, say
from bot.imagine.rules import MOST_SOURCES, SOURCE_BYTES, Generation, Place, Wish
from bot.outgoing import Outgoing

READABLE = frozenset({"image/png", "image/jpeg", "image/webp"})
NOTHING = Wish("")


async def on_edit(query: CallbackQuery, desk: Desk, generation: Generation) -> Answer:
    """Ask what should change in a picture that was drawn here."""
    if generation.file_id is None or not desk.imagine.models.can_edit:
        raise UserError("imagine-no-editor")
    place = beside(query, generation)
    drew = desk.imagine.models.drawer_of(generation)
    model = drew.key if drew.sources else None
    wish = replace(NOTHING, sources=(generation.file_id,), shape=generation.ratio, model=model)
    whom = query.from_user if place.chat_id < 0 else None
    [question] = await _ask(desk, place, wish, store.new_id(), whom=whom)
    return [Outgoing(question, once=once("edit", desk, generation)), query.answer()]


async def ask(message: Message, desk: Desk, wish: Wish, flags: str = "") -> Answer:
    """Ask what should change in the pictures of a message; of an album once, and not where one of it has words."""
    return await _ask(desk, place_in(message), wish, _album(message) or store.new_id(), flags)


async def spoken_for(message: Message, desk: Desk, wish: Wish) -> None:
    """Remember that one picture of an album came with words, so that the others are not asked about."""
    if album := _album(message):
        await store.put_wish(desk.tx, album, desk.person.user_id, place_in(message), wish, desk.now)


async def pictures(message: Message, desk: Desk) -> Wish:
    """A wish without words yet: the pictures of a message, of what it answers, and those our question was about.

    Raises UserError for a file that is no picture we can read, and for an answer to a question that was for others.
    """
    asked = question(message)
    kept = (await store.get_wish(desk.tx, asked[0], desk.person.user_id)) if asked else None
    if asked and not kept:
        raise UserError("imagine-change-gone")
    return with_pictures(NOTHING, kept[0] if kept else NOTHING, _shown(message), _answered(message))


def with_pictures(wish: Wish, *others: Wish) -> Wish:
    """The words of a wish, and the pictures of others; the model that drew one of those, where none is typed."""
    sources = tuple(dict.fromkeys(source for other in others for source in other.sources))
    shape = next((other.shape for other in others if other.sources), None)
    model = wish.model or next((other.model for other in others if other.model), None)
    return replace(wish, sources=sources[:MOST_SOURCES], shape=shape, model=model)


def question(message: Message) -> tuple[str, str] | None:
    """What stands in our question that a message answers: the id of the wish that waits for words, and its flags."""
    asked = ours(message)
    if asked is None or asked.text is None:
        return None
    wish_id = next(filter(None, map(views.kept_behind, asked.entities or ())), None)
    return (wish_id, asked.text.partition("\n")[2]) if wish_id else None


def ours(message: Message) -> Message | None:
    """What of the bot itself a message answers. Other bots could ask the same, with flags that nobody typed."""
    asked = message.reply_to_message
    return asked if asked and asked.from_user and message.bot and asked.from_user.id == message.bot.id else None


def words_of(message: Message) -> str:
    """What a person says. What stands below a picture that somebody passed on was not said to us."""
    return message.text or ("" if message.forward_origin else message.caption) or ""


def holds_picture(message: Message) -> bool:
    """Whether a message brings a picture that can be changed."""
    return bool(message.photo or (message.document and message.document.mime_type in READABLE))


def _shown(message: Message | None) -> Wish:
    """The picture of one message."""
    if message and message.photo:
        largest = max(message.photo, key=lambda size: size.width * size.height)
        return replace(NOTHING, sources=(largest.file_id,), shape=_shape(largest))
    if message and message.document:
        return replace(NOTHING, sources=(_checked(message.document).file_id,))
    return NOTHING


def _answered(message: Message) -> Wish:
    """The picture that a message answers. Words about a file that is none are words alone."""
    other = message.reply_to_message
    document = other.document if other and not other.photo else None
    strange = document is not None and not (document.mime_type or "").startswith("image/")
    return NOTHING if strange else _shown(other)


def _checked(document: Document) -> Document:
    if document.mime_type not in READABLE or (document.file_size or 0) > SOURCE_BYTES:
        raise UserError("failure-source-unfit")
    return document


def _shape(size: PhotoSize) -> AspectRatio | None:
    return AspectRatio.nearest(size.width, size.height) if size.width > 0 and size.height > 0 else None


def _album(message: Message) -> str | None:
    return f"album-{message.media_group_id}" if message.media_group_id else None


async def _ask(desk: Desk, place: Place, wish: Wish, wish_id: str, flags: str = "", whom: User | None = None) -> Answer:
    if not await store.put_wish(desk.tx, wish_id, desk.person.user_id, place, wish, desk.now):
        return []
    return [say(place, *views.change(desk.t, wish_id, flags, whom, private=place.chat_id > 0))]
