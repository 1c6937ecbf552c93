"""Wishes: by command, in plain words, or kept until a button said yes."""

from typing import Any

from aiogram.enums import ChatType
from aiogram.filters import CommandObject
from aiogram.methods import DeleteMessage, SendMessage
from aiogram.types import CallbackQuery, Message

from bot.errors import UserError
from bot.imagine import keyboards, store, views
from bot.imagine.grammar import NoPrompt, WishError, parse
from bot.imagine.handlers import edits
from bot.imagine.handlers.address import said_to_us
from bot.imagine.handlers.desk import Answer, Desk, buttons, notes, place_in, say
from bot.imagine.keyboards import Tap
from bot.imagine.rules import STALE, Place, Wish
from bot.imagine.service import AlreadyDrawing
from bot.outgoing import Outgoing
from bot.texts import Texts
from bot.users.rules import Person


async def on_imagine(message: Message, command: CommandObject, desk: Desk) -> Answer:
    """A wish by command; the command alone asks for the words. A tidy group keeps the picture, not the command."""
    answer = await _wished(message, desk, command.args or "")
    is_taken = any(isinstance(each, Outgoing) and each.note_of for each in answer)
    if desk.house and desk.house.tidy and is_taken:
        answer.append(DeleteMessage(chat_id=message.chat.id, message_id=message.message_id))
    return answer


async def on_words(message: Message, desk: Desk, texts: Texts, words: str) -> Answer:
    """A wish in plain words; an answer to our question takes the flags along that were typed before it."""
    return await _wished(message, desk, f"{words} {_flags_asked_with(message, texts) or ''}")


async def on_other(message: Message, desk: Desk) -> Answer:
    """Anything else in a private chat: ask about a picture, else say what can be said, once for a while."""
    if not any((message.text, message.photo, message.document)):
        return []
    if edits.holds_picture(message) and not edits.words_of(message) and desk.imagine.models.can_edit:
        return await edits.ask(message, desk, await edits.pictures(message, desk))
    window = desk.now // STALE
    return [Outgoing(say(place_in(message), desk.t("imagine-only-words")), once=f"other:{message.chat.id}:{window}")]


async def on_wish(query: CallbackQuery, desk: Desk, tap: Tap) -> Answer:
    """Draw a wish that waited for a yes. It is drawn once, however often its button is pressed.

    It is drawn where it was said, so only there it is pressed: elsewhere other rules count.
    """
    kept = await store.get_wish(desk.tx, tap.subject, desk.person.user_id)
    if kept is None or query.message is None or query.message.chat.id != kept[1].chat_id:
        raise UserError("imagine-wish-gone")
    wish, place = kept
    model = desk.imagine.models.drawer_for(desk.person, wish) if tap.price is not None else None
    if model and model.price > (tap.price or 0):
        said = query.answer(desk.t("imagine-costs-more", model=model.title, price=model.price), show_alert=True)
        return [*buttons(query, keyboards.dearer(desk.t, tap.subject, model)), said]
    made = await desk.imagine.submit(desk.tx, desk.person, place, wish, f"wish:{tap.subject}")
    if not made:
        raise AlreadyDrawing
    return [*buttons(query, None), *await notes(desk, made), query.answer(desk.t("imagine-started"))]


async def is_prompt(message: Message, person: Person, texts: Texts) -> bool | dict[str, Any]:
    """Plain words in a private chat, where they are wanted as wishes; in a group those that are said to us.

    The answer to our question is one anywhere. Gives the handler the `words`.
    """
    words: str | None = edits.words_of(message)
    if not words or words.startswith("/"):
        return False
    if message.chat.type != ChatType.PRIVATE:
        words = await said_to_us(message, words)
    elif not person.plain_text and _flags_asked_with(message, texts) is None:
        words = None
    return False if words is None else {"words": words}


def _flags_asked_with(message: Message, texts: Texts) -> str | None:
    """The flags that stand in our question, where this message answers it; else None."""
    if about := edits.question(message):
        return about[1]
    asked = edits.ours(message)
    if asked is None:
        return None
    question, _, flags = (asked.text or "").partition("\n")
    return flags if question in texts.everywhere("imagine-ask") else None


async def is_kept_wish(query: CallbackQuery) -> bool | dict[str, Any]:
    """Lets through a press that says yes to a kept wish."""
    tap = Tap.read(query.data)
    return {"tap": tap} if tap and tap.action == "wish" else False


async def _wished(message: Message, desk: Desk, text: str) -> Answer:
    place = place_in(message)
    pictures = await edits.pictures(message, desk)
    await edits.spoken_for(message, desk, pictures)
    try:
        wish = _read(text, pictures)
        if desk.now - int(message.date.timestamp()) > STALE:
            return [await _still_wanted(message, desk, place, wish)]
        key = f"msg:{place.chat_id}:{place.message_id}"
        return await notes(desk, await desk.imagine.submit(desk.tx, desk.person, place, wish, key))
    except NoPrompt as error:
        if pictures.sources:
            return await edits.ask(message, desk, pictures, error.flags)
        return [say(place, *views.ask(desk.t, error.flags))]
    except WishError as error:
        return [await _mended(desk, place, error)]


def _read(text: str, pictures: Wish) -> Wish:
    """The words with the pictures, also in what would be the nearest wish."""
    try:
        return edits.with_pictures(parse(text), pictures)
    except WishError as error:
        error.wish = error.wish and edits.with_pictures(error.wish, pictures)
        raise


async def _still_wanted(message: Message, desk: Desk, place: Place, wish: Wish) -> SendMessage:
    wish_id = await _kept(desk, place, wish)
    return say(place, *views.still_wanted(desk.t, wish, int(message.date.timestamp()), wish_id))


async def _mended(desk: Desk, place: Place, error: WishError) -> Outgoing:
    """What is wrong, with the nearest wish as a button."""
    markup = None
    if error.wish:
        markup = keyboards.mended(desk.t, error, await _kept(desk, place, error.wish))
    return Outgoing(say(place, desk.t(error.text, **error.values), markup=markup), whisper_to=desk.person.user_id)


async def _kept(desk: Desk, place: Place, wish: Wish) -> str:
    wish_id = store.new_id()
    await store.put_wish(desk.tx, wish_id, desk.person.user_id, place, wish, desk.now)
    return wish_id
