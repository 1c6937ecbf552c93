"""Who decides what may be drawn and shown: the lists of admins, and what moderators say to reported pictures."""

from aiogram import Router

from bot.review.handlers import lists, pictures


def router() -> Router:
    """The commands of the lists, Report in groups, and the buttons below what was reported."""
    router = Router(name="review")
    router.include_routers(lists.router(), pictures.router())
    return router
