"""The buttons under a note and under a picture. Each works for the owner only, for months, and over restarts."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

from aiogram.enums import ChatType
from aiogram.methods import DeleteMessage, SendDocument
from aiogram.types import CallbackQuery, FSInputFile, MaybeInaccessibleMessageUnion

from bot.errors import UserError
from bot.imagine import keyboards, store, views
from bot.imagine.browsing import Shown, browse
from bot.imagine.handlers.desk import Answer, Desk, beside, buttons, gone, home, notes, once, renewed, replying_to, say
from bot.imagine.handlers.edits import on_edit
from bot.imagine.handlers.links import on_private, on_public, on_public_yes
from bot.imagine.house import Leaders
from bot.imagine.keyboards import REPORT, Tap
from bot.imagine.making import Redraw
from bot.imagine.rules import Generation, Status, model_ref
from bot.outgoing import Outgoing
from bot.storage.database import Transaction
from bot.texts import Translator
from bot.users import store as users
from bot.users.rules import Person, is_forgotten


async def on_again(query: CallbackQuery, desk: Desk, generation: Generation) -> Answer:
    """The same words once more."""
    child = await desk.imagine.again(desk.tx, _redraw(query, desk, generation))
    return [*await notes(desk, [child]), query.answer(desk.t("imagine-started"))]


async def on_vary(query: CallbackQuery, desk: Desk, generation: Generation) -> Answer:
    """The same picture with a little turn."""
    child = await desk.imagine.vary(desk.tx, _redraw(query, desk, generation))
    return [*await notes(desk, [child]), query.answer(desk.t("imagine-started"))]


async def on_ratios(query: CallbackQuery, desk: Desk, generation: Generation) -> Answer:
    """Show every ratio of the model that would draw it again."""
    model = desk.imagine.models.drawer_of(generation)
    return [*buttons(query, keyboards.ratios(desk.t, generation, model)), query.answer()]


async def on_ratio(query: CallbackQuery, desk: Desk, generation: Generation, tap: Tap) -> Answer:
    """Draw in another shape, and keep that shape for what comes."""
    ratio = tap.ratio
    if ratio is None:
        raise UserError("imagine-not-yours")
    child = await desk.imagine.with_ratio(desk.tx, _redraw(query, desk, generation), ratio)
    await users.choose(desk.tx, desk.person.user_id, ratio=ratio.value)
    said = desk.t("imagine-ratio-started", ratio=ratio.value)
    return [*home(query, desk, generation), *await notes(desk, [child]), query.answer(said)]


async def on_models(query: CallbackQuery, desk: Desk, generation: Generation, tap: Tap) -> Answer:
    """Show every model with its price; many of them by service."""
    shown = browse(desk.imagine.models.services(generation), tap.arg, generation.model)
    said = "imagine-choose-service" if shown.services else "imagine-choose-model"
    return _models(query, desk, generation, shown, said)


async def on_model(query: CallbackQuery, desk: Desk, generation: Generation, tap: Tap) -> Answer:
    """Let another model draw it, and keep that model for what comes."""
    models, (ref, _, _) = desk.imagine.models, tap.arg.partition(".")
    model = next((each for each in models.offered() if model_ref(each.key) == ref), None)
    if model is None:
        fresh = browse(models.services(generation), "", generation.model)
        return _models(query, desk, generation, fresh, "imagine-model-gone")
    if tap.price is not None and model.price > tap.price:
        fresh = browse(models.services(generation), f"@{model_ref(model.provider)}", model.key)
        dearer = query.answer(desk.t("imagine-costs-more", model=model.title, price=model.price), show_alert=True)
        return [*buttons(query, keyboards.models(desk.t, generation, fresh)), dearer]
    child = await desk.imagine.with_model(desk.tx, _redraw(query, desk, generation), model)
    await users.choose(desk.tx, desk.person.user_id, model=model.key)
    said = desk.t("imagine-model-started", model=model.title)
    return [*home(query, desk, generation), *await notes(desk, [child]), query.answer(said)]


async def on_back(query: CallbackQuery, desk: Desk, generation: Generation) -> Answer:
    """Back to the first view of the buttons."""
    return [*home(query, desk, generation), query.answer()]


async def on_original(query: CallbackQuery, desk: Desk, generation: Generation) -> Answer:
    """Send the file as the service made it, of a picture that is in the chat: others are not paid for, or not seen."""
    if generation.status is not Status.DELIVERED:
        return [query.answer(await desk.status(generation), show_alert=True)]
    file = await _file(desk, generation)
    lost = UserError("imagine-original-gone", time=views.span(desk.t, desk.imagine.kept))
    if file is None:
        raise lost
    place = beside(query, generation)
    sent = SendDocument(
        chat_id=place.chat_id,
        message_thread_id=place.thread_id,
        document=file,
        disable_content_type_detection=True,
        reply_parameters=replying_to(place),
    )
    # The file is uploaded once; from then on each press may bring it again by its id.
    key = once("file" if generation.original_id else "original", desk, generation)
    return [
        Outgoing(sent, note_of=generation.generation_id, once=key, instead=desk.t(lost.text, **lost.values)),
        query.answer(desk.t("imagine-original-coming")),
    ]


async def on_info(query: CallbackQuery, desk: Desk, generation: Generation) -> Answer:
    """Tell everything about a picture."""
    view = views.info(desk.t, generation, desk.imagine.models.of(generation), desk.imagine.words_kept)
    place = beside(query, generation)
    return [Outgoing(say(place, *view), once=once("info", desk, generation)), query.answer()]


async def on_delete(query: CallbackQuery, desk: Desk, generation: Generation) -> Answer:
    """Ask once."""
    return [*buttons(query, keyboards.sure(desk.t, generation)), query.answer()]


async def on_delete_yes(query: CallbackQuery, desk: Desk, generation: Generation) -> Answer:
    """Take a picture out of history, out of the chat and off the shelf."""
    await desk.imagine.delete(desk.tx, generation.generation_id, generation.user_id)
    if query.message is None:
        return [query.answer()]
    return [gone(desk, generation, query.message.chat.id, query.message.message_id), query.answer()]


async def on_like(query: CallbackQuery, desk: Desk, generation: Generation) -> Answer:
    """Make it a favorite."""
    return [*await liked(query, desk, generation, desk.now), query.answer(desk.t("imagine-favorite-added"))]


async def on_unlike(query: CallbackQuery, desk: Desk, generation: Generation) -> Answer:
    """Make it a picture like any other."""
    return [*await liked(query, desk, generation, None), query.answer(desk.t("imagine-favorite-removed"))]


async def liked(query: CallbackQuery, desk: Desk, generation: Generation, at: int | None) -> Answer:
    """Keep it, and let the buttons say so."""
    await store.set_favorite(desk.tx, generation.generation_id, desk.person.user_id, at)
    return home(query, desk, replace(generation, favorite_at=at))


async def on_cancel(query: CallbackQuery, desk: Desk, generation: Generation) -> Answer:
    """Give up what is not drawn yet; when it is too late, tell what is true."""
    if not await desk.imagine.cancel(desk.tx, generation.generation_id, desk.person.user_id):
        return await on_status(query, desk, generation)
    cancelled = replace(generation, status=Status.CANCELLED, cause=None)
    return [*_renewed(query, cancelled, await desk.note(cancelled)), query.answer(desk.t("imagine-cancelled"))]


async def on_status(query: CallbackQuery, desk: Desk, generation: Generation) -> Answer:
    """Tell how it is going. A note that a crash left behind, beside the one that counts, is taken away."""
    told = query.answer(await desk.status(generation), show_alert=True)
    if query.message and generation.note_id not in (None, query.message.message_id):
        return [told, DeleteMessage(chat_id=query.message.chat.id, message_id=query.message.message_id)]
    return [told]


async def on_show(query: CallbackQuery, desk: Desk, generation: Generation) -> Answer:
    """Bring a picture of which nobody knows whether it arrived."""
    if not await desk.imagine.show(desk.tx, generation.generation_id, desk.person.user_id):
        return await on_status(query, desk, generation)
    return [query.answer(desk.t("imagine-arriving"))]


async def on_bring(query: CallbackQuery, desk: Desk, generation: Generation) -> Answer:
    """Bring a picture that was drawn while its person was away."""
    brought = await desk.imagine.bring(desk.tx, generation, beside(query, generation))
    return [*buttons(query, None), *await notes(desk, [brought]), query.answer(desk.t("imagine-arriving"))]


async def on_foreign(query: CallbackQuery, tx: Transaction, t: Translator, person: Person) -> Answer:
    """Somebody else's picture, or one that was deleted, perhaps with everything about whoever asked for it."""
    tap = Tap.read(query.data)
    generation = await store.get(tx, tap.subject) if tap else None
    if generation is None or generation.user_id == person.user_id or is_forgotten(generation.user_id):
        return [query.answer(t("imagine-deleted-before"))]
    return [query.answer(t("imagine-not-yours"), show_alert=True)]


async def on_misplaced(query: CallbackQuery, t: Translator) -> Answer:
    """A press that would change the message of somebody else, or one whose buttons have gone meanwhile."""
    if not _subjects(query.message):
        return [query.answer(t("imagine-old-button"), show_alert=True)]
    return [query.answer(t("imagine-not-yours"), show_alert=True)]


async def on_unknown(query: CallbackQuery, t: Translator) -> Answer:
    """A button that nobody knows (any more)."""
    return [query.answer(t("imagine-old-button"), show_alert=True)]


BUTTONS: dict[str, Callable[..., Awaitable[Answer]]] = {
    "again": on_again,
    "vary": on_vary,
    "edit": on_edit,
    "ratios": on_ratios,
    "ratio": on_ratio,
    "models": on_models,
    "model": on_model,
    "back": on_back,
    "original": on_original,
    "info": on_info,
    "delete": on_delete,
    "delete2": on_delete_yes,
    "like": on_like,
    "unlike": on_unlike,
    "public": on_public,
    "public2": on_public_yes,
    "private": on_private,
    "cancel": on_cancel,
    "status": on_status,
    "show": on_show,
    "bring": on_bring,
}


def owned(action: str) -> Callable[..., Awaitable[bool | dict[str, Any]]]:
    """Lets through a press of this button under a picture of the person who presses."""

    async def check(query: CallbackQuery, tx: Transaction, person: Person) -> bool | dict[str, Any]:
        tap = Tap.read(query.data)
        if tap is None or tap.action != action:
            return False
        generation = await store.get_owned(tx, tap.subject, person.user_id)
        # A forged press must not reach into an inline message of somebody else.
        strange = generation and query.inline_message_id not in (None, generation.inline_id)
        return {"tap": tap, "generation": generation} if generation and not strange else False

    return check


# What an admin of a group may do there about the picture of a member.
TIDYING = {"delete": on_delete, "delete2": on_delete_yes, "back": on_back}


def led(action: str) -> Callable[..., Awaitable[bool | dict[str, Any]]]:
    """Lets through a press of this button by somebody who leads the group in which the picture is."""

    async def check(
        query: CallbackQuery, tx: Transaction, person: Person, admins: Leaders | None = None
    ) -> bool | dict[str, Any]:
        tap = Tap.read(query.data)
        if admins is None or tap is None or tap.action != action or query.message is None:
            return False
        generation = await store.get_shown(tx, query.message.chat.id, query.message.message_id)
        if generation is None or generation.generation_id != tap.subject or generation.private:
            return False
        leads = admins.leads(generation.chat_id, person.user_id)
        return {"tap": tap, "generation": generation} if leads else False

    return check


async def is_misplaced(query: CallbackQuery, tx: Transaction, person: Person) -> bool:
    """Lets through a press on a picture of somebody else, or on a panel, that is about something else.

    No button there says that, but an app may send whatever it likes, and most buttons change the message above them.
    A whisper is pressed by nobody but its reader.
    """
    if query.message is None or query.message.chat.type == ChatType.PRIVATE:
        return False
    if getattr(query.message, "ephemeral_message_id", None):
        return False
    beneath = await store.get_noted(tx, query.message.chat.id, query.message.message_id)
    if beneath is None:
        return _subject(query.data) not in _subjects(query.message)
    if beneath.user_id == person.user_id:
        return False
    tap = Tap.read(query.data)
    return tap is None or tap.action not in {*BUTTONS, REPORT} or tap.subject != beneath.generation_id


def _subject(data: str | None) -> str:
    """What a button is about: a picture, a person, a chat. In every feature it is the second part."""
    return ":".join((data or "").split(":")[1:2])


def _subjects(message: MaybeInaccessibleMessageUnion | None) -> set[str]:
    """What the buttons are about that stand below a message now."""
    markup = getattr(message, "reply_markup", None)
    rows = markup.inline_keyboard if markup else []
    return {_subject(button.callback_data) for row in rows for button in row if button.callback_data}


async def is_ours(query: CallbackQuery) -> bool:
    """Lets through a press of a button of this feature, whoever presses it."""
    tap = Tap.read(query.data)
    return tap is not None and tap.action in BUTTONS


async def _file(desk: Desk, generation: Generation) -> str | FSInputFile | None:
    if generation.original_id:
        return generation.original_id
    path = await desk.imagine.original(desk.tx, generation)
    if path is None:
        return None
    return FSInputFile(path, filename=f"imagine-{generation.generation_id}{path.suffix}")


def _renewed(query: CallbackQuery, generation: Generation, view: views.View) -> list[Outgoing]:
    if generation.inline_id:
        return [renewed(generation, view)]
    return [renewed(generation, view, query.message.message_id)] if query.message else []


def _models(query: CallbackQuery, desk: Desk, generation: Generation, shown: Shown, said: str) -> Answer:
    return [*buttons(query, keyboards.models(desk.t, generation, shown)), query.answer(desk.t(said))]


def _redraw(query: CallbackQuery, desk: Desk, generation: Generation) -> Redraw:
    return Redraw(desk.person, generation, beside(query, generation), f"tap:{query.id}")
