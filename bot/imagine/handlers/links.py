"""The buttons of a public link. They only leave work: nothing is published while a press is being answered."""

from aiogram.types import CallbackQuery

from bot.errors import UserError
from bot.imagine import keyboards, publishing, views
from bot.imagine.handlers.desk import Answer, Desk, beside, buttons, home, once, say
from bot.imagine.rules import Generation, LinkNews
from bot.outgoing import Outgoing


async def on_public(query: CallbackQuery, desk: Desk, generation: Generation) -> Answer:
    """Ask once; a link that is there already is shown at once, unless it is on its way out."""
    if await publishing.leaves(desk.tx, generation):
        return [query.answer(desk.t("link-removing"))]
    if generation.public_link:
        return [_link(query, desk, generation), query.answer()]
    await _check(desk, generation)
    sure = keyboards.sure_public(desk.t, generation)
    return [*buttons(query, sure), query.answer(desk.t("link-ask"), show_alert=True)]


async def on_public_yes(query: CallbackQuery, desk: Desk, generation: Generation) -> Answer:
    """Leave the picture to be published."""
    if await publishing.leaves(desk.tx, generation):
        return [*home(query, desk, generation), query.answer(desk.t("link-removing"))]
    if generation.public_link:
        return [*home(query, desk, generation), _link(query, desk, generation), query.answer()]
    await _check(desk, generation)
    await publishing.publish(desk.tx, generation, desk.now)
    return [*home(query, desk, generation), query.answer(desk.t("link-making"))]


async def on_private(query: CallbackQuery, desk: Desk, generation: Generation) -> Answer:
    """Leave the link to be taken back."""
    if not generation.public_link:
        return [*buttons(query, None), query.answer(desk.t("link-withdrawn"))]
    await publishing.withdraw(desk.tx, generation, desk.now)
    return [*buttons(query, None), query.answer(desk.t("link-removing"))]


async def _check(desk: Desk, generation: Generation) -> None:
    """Raises UserError where no link can be made."""
    if not desk.imagine.models.publishes(generation):
        raise UserError("link-off")
    if await desk.imagine.original(desk.tx, generation) is None:
        raise UserError("link-gone", time=views.span(desk.t, desk.imagine.kept))


def _link(query: CallbackQuery, desk: Desk, generation: Generation) -> Outgoing:
    shown = say(beside(query, generation), *views.link(desk.t, generation, LinkNews.PUBLISHED, desk.imagine.kept))
    return Outgoing(shown, once=once("link", desk, generation))
