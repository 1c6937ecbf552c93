"""What is on offer, in the panel and typed: its pages, /price and /preset."""

from aiogram import Router

from bot.offers.handlers import pages
from bot.offers.keyboards.pages import ENTRIES
from bot.offers.looks import handlers as looks
from bot.offers.pricing import handlers as pricing

__all__ = ["ENTRIES", "router"]


def router() -> Router:
    """Commands and buttons of all of it."""
    router = Router(name="offers")
    router.include_routers(pages.router(), pricing.router(), looks.router())
    return router
