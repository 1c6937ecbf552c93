"""Hello and help."""

from collections.abc import Mapping, Sequence
from typing import Any

from aiogram import Router
from aiogram.enums import ChatType
from aiogram.filters import Command
from aiogram.methods import SendMessage
from aiogram.types import InlineKeyboardMarkup, LinkPreviewOptions, Message
from aiogram.utils.formatting import Bold, BotCommand, Code, Text, as_line, as_list

from bot.imagine import store as wishes
from bot.imagine.handlers.desk import place_in
from bot.imagine.rules import Wish
from bot.imagine.service import Imagine
from bot.outgoing import WHISPER
from bot.start import keyboards
from bot.start.handlers import arrivals, kept
from bot.start.rules import COMMANDS
from bot.storage.database import Transaction
from bot.texts import Translator
from bot.users.rules import Person

NO_PREVIEW = LinkPreviewOptions(is_disabled=True)

# As typed, and the sentence about it; model and preset are those of this bot.
FLAGS = {
    "--ar 16:9": "help-flag-ratio",
    "--model {model}": "help-flag-model",
    "--preset {preset}": "help-flag-preset",
    "--n 2": "help-flag-count",
    "--seed 42": "help-flag-seed",
}


def router() -> Router:
    """The commands that explain the bot."""
    router = Router(name="start")
    router.include_router(arrivals.router())
    router.message.register(on_start, Command("start", ignore_case=True))
    router.message.register(on_help, Command("help", ignore_case=True), flags=WHISPER)
    return router


async def on_start(message: Message, tx: Transaction, t: Translator, person: Person, now: int) -> list[Any]:
    """Say hello; in private with an example that one press draws, and with what was kept for somebody who was away.

    Whoever lets us in again says it with this command, and apps may send it before they tell that we are let in.
    """
    if message.chat.type != ChatType.PRIVATE:
        return [_answer(message, hello(t))]
    wish_id = wishes.new_id()
    await wishes.put_wish(tx, wish_id, person.user_id, place_in(message), Wish(t("start-example")), now)
    said = _answer(message, hello(t), keyboards.example(t, wish_id))
    return [said, *await kept.for_person(tx, t, person.user_id, now)]


async def on_help(message: Message, t: Translator, imagine: Imagine) -> SendMessage:
    """Explain everything on one page, with the promise."""
    return _answer(message, manual(t, imagine.default_model, [each.name for each in imagine.presets.offered()]))


def hello(t: Translator) -> Text:
    """The first message a person sees: one sentence, one example, where to go on."""
    return as_list(
        Bold(t("start-hello")),
        t("start-how"),
        Code(f"/imagine {t('start-example')}"),
        t("start-more"),
        sep="\n\n",
    )


def manual(t: Translator, model: str, presets: Sequence[str]) -> Text:
    """The page of /help."""
    return as_list(
        _section(t("help-draw-title"), t("help-draw")),
        _section(t("help-edit-title"), t("help-edit")),
        _section(t("help-flags-title"), *_flags(t, model, presets)),
        _section(t("help-buttons-title"), t("help-buttons")),
        _section(t("help-credits-title"), t("help-credits")),
        _section(t("help-promise-title"), t("help-promise")),
        _section(t("help-commands-title"), *(_command(t, name) for name in COMMANDS)),
        sep="\n\n",
    )


def _section(title: str, *lines: str | Text) -> Text:
    return as_list(Bold(title), *lines)


def _flags(t: Translator, model: str, presets: Sequence[str]) -> list[Text]:
    named = {"{model}": model, **({"{preset}": presets[0]} if presets else {})}
    flags = {_filled(flag, named): t(key) for flag, key in FLAGS.items()}
    flags = {flag: said for flag, said in flags.items() if "{" not in flag}
    flags[f"--no {t('help-unwanted')}"] = t("help-flag-negative")
    return [as_line(Code(flag), " – ", meaning, end="") for flag, meaning in flags.items()]


def _filled(flag: str, named: Mapping[str, str]) -> str:
    for word, name in named.items():
        flag = flag.replace(word, name)
    return flag


def _command(t: Translator, name: str) -> Text:
    return as_line(BotCommand(f"/{name}"), " – ", t(f"command-{name}"), end="")


def _answer(message: Message, content: Text, buttons: InlineKeyboardMarkup | None = None) -> SendMessage:
    text, entities = content.render()
    return message.answer(text, entities=entities, reply_markup=buttons, link_preview_options=NO_PREVIEW)
