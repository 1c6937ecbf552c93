"""Builds each of aiogram's 600 models when it is first used, not at import: 1 s and 60 MB instead of 6 s and 165 MB.

aiogram.types rebuilds all of its models at the end of its import, with a namespace of its own; its methods build
themselves when their classes are made. While aiogram is imported, `install` lets the first only note the namespace
and gives the second the deferral that the first have already. Each model then builds itself on first use.
A test compares every class with the plain ones; an aiogram that was never compared is imported plainly.
"""

import asyncio
import gc
import importlib
import sys
from importlib.metadata import version
from typing import Any

import pydantic

COMPARED = "3.31.0"


class _Rebuild:
    """`BaseModel.model_rebuild` that knows the names which aiogram's annotations speak of."""

    def __init__(self) -> None:
        self.plain = pydantic.BaseModel.model_rebuild.__func__  # type: ignore[attr-defined]  # a bound classmethod
        self.names: Any = None
        self.importing = True

    def __call__(self, model: type[pydantic.BaseModel], /, **options: Any) -> bool | None:
        if model.__module__.startswith("aiogram."):
            if self.importing:
                self.names = self.names or options.get("_types_namespace")
                return None
            options["_types_namespace"] = self.names
        # Other models look for names in the frame of their caller, which is two calls further away now.
        options["_parent_namespace_depth"] = options.get("_parent_namespace_depth", 2) + 2
        built: bool | None = self.plain(model, **options)
        return built


def install() -> bool:
    """Import aiogram with deferred models, before anybody else imports it. False: it was imported plainly."""
    if "aiogram" in sys.modules or version("aiogram") != COMPARED:
        importlib.import_module("aiogram")
        return False
    rebuild = _Rebuild()
    pydantic.BaseModel.model_rebuild = classmethod(rebuild)  # type: ignore[assignment, method-assign]  # the point
    _import_deferred()
    rebuild.importing = False
    return True


def _import_deferred() -> None:
    config = pydantic.ConfigDict
    pydantic.ConfigDict = lambda **options: {"defer_build": True, **options}  # type: ignore[misc, assignment]  # as above
    try:
        importlib.import_module("aiogram")
    finally:
        pydantic.ConfigDict = config  # type: ignore[misc]  # as above


async def warm() -> None:
    """Build what the main job uses, one model at a time, so that the first person does not wait for it."""
    from aiogram import methods, types

    for model in (
        types.Update,
        types.InlineKeyboardMarkup,
        methods.SendMessage,
        methods.EditMessageText,
        methods.AnswerCallbackQuery,
    ):
        model.model_rebuild()
        await asyncio.sleep(0)
    # What is built now stays. The collector would look through it again and again, and nobody is answered meanwhile:
    # seventy milliseconds and more each time.
    gc.freeze()
