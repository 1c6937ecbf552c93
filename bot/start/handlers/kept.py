"""Pictures that were drawn while they could not be shown: offered where they were wished for, or to their person.

Each is offered once in a place: the button of the offer works as long as the picture is kept, so whoever comes and goes
is not told again. The note that could not become the picture is taken away, with its buttons for nothing.
"""

from collections.abc import Iterable

from aiogram.methods import DeleteMessage, SendMessage

from bot.imagine import store as pictures
from bot.imagine import views
from bot.imagine.handlers.desk import place_of, say
from bot.imagine.rules import Generation, Place
from bot.outgoing import Outgoing
from bot.storage.database import Transaction
from bot.texts import Translator


async def for_person(tx: Transaction, t: Translator, user_id: int, now: int) -> list[Outgoing]:
    """What somebody missed, to be offered in private."""
    waiting = await pictures.missed(tx, user_id, now)
    offers = [_offer(say(Place(user_id), *views.missed(t, each), answers=False), each) for each in waiting]
    return [*offers, *_notes(waiting, user_id)]


async def for_group(tx: Transaction, t: Translator, chat_id: int, now: int) -> list[Outgoing]:
    """What a group missed, each below the wish for it."""
    waiting = await pictures.missed_in(tx, chat_id, now)
    offers = [_offer(say(place_of(each), *views.missed(t, each, "arrival-missed")), each) for each in waiting]
    return [*offers, *_notes(waiting, chat_id)]


def _offer(said: SendMessage, missed: Generation) -> Outgoing:
    return Outgoing(said, once=f"missed:{said.chat_id}:{missed.generation_id}")


def _notes(waiting: Iterable[Generation], chat_id: int) -> list[Outgoing]:
    return [
        Outgoing(DeleteMessage(chat_id=chat_id, message_id=each.note_id), once=f"missed-note:{each.generation_id}")
        for each in waiting
        if each.note_id and each.chat_id == chat_id
    ]
