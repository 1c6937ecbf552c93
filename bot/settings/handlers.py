"""/settings, /language and /presets: one message whose buttons change it in place.

A button answers its owner only and names the value it leads to, so it works for months and may be pressed twice.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from aiogram import Router
from aiogram.filters import Command
from aiogram.methods import AnswerCallbackQuery, EditMessageText, SendMessage
from aiogram.types import CallbackQuery, InlineKeyboardMarkup, Message
from aiogram.utils.formatting import Bold, Code, Text, as_line, as_list

from bot.imagine.browsing import browse
from bot.imagine.service import Imagine
from bot.outgoing import WHISPER
from bot.presets.rules import NONE, SHIPPED, Preset
from bot.settings.keyboards import Panel, SettingButton
from bot.settings.rules import Choices, changes, choices, page_of
from bot.storage.database import Transaction
from bot.texts import Texts, Translator
from bot.users import store as users
from bot.users.rules import Person

View = tuple[Text, InlineKeyboardMarkup | None]


@dataclass(frozen=True, slots=True)
class Desk:
    """The settings of one person as they are now, and what can be chosen."""

    person: Person
    t: Translator
    texts: Texts
    imagine: Imagine

    @property
    def choices(self) -> Choices:
        """What counts for the person's next picture."""
        models, person, presets = self.imagine.models, self.person, self.imagine.presets.offered()
        return choices(person, models.choice_of(person), models.ratio_for(person), presets)

    @property
    def panel(self) -> Panel:
        """The buttons."""
        return Panel(self.t, self.person.user_id)

    @property
    def language(self) -> str:
        """The name of the language spoken now, in that language."""
        return self.t("language-name")

    async def choose(self, tx: Transaction, fields: Mapping[str, Any]) -> "Desk":
        """Keep what was chosen; the desk as it is afterwards, in the language it then speaks."""
        for name, value in fields.items():
            await users.choose(tx, self.person.user_id, **{name: value})
        person = replace(self.person, **fields)
        return replace(self, person=person, t=self.texts.negotiate(person.language, person.client_language))


def router() -> Router:
    """/settings, /language, /presets and their buttons."""
    router = Router(name="settings")
    router.message.register(on_settings, Command("settings", ignore_case=True), flags=WHISPER)
    router.message.register(on_language, Command("language", ignore_case=True), flags=WHISPER)
    router.message.register(on_presets, Command("presets", ignore_case=True), flags=WHISPER)
    router.callback_query.register(on_foreign_press, SettingButton.filter(), _foreign)
    router.callback_query.register(on_press, SettingButton.filter())
    return router


async def on_settings(message: Message, t: Translator, person: Person, texts: Texts, imagine: Imagine) -> SendMessage:
    """Show everything that can be chosen."""
    desk = Desk(person, t, texts, imagine)
    return _answer(message, home(desk, ""))


async def on_language(message: Message, t: Translator, person: Person, texts: Texts, imagine: Imagine) -> SendMessage:
    """Show the languages."""
    desk = Desk(person, t, texts, imagine)
    return _answer(message, languages(desk, ""))


async def on_presets(message: Message, t: Translator, person: Person, texts: Texts, imagine: Imagine) -> SendMessage:
    """Show the presets, and how to use them."""
    return _answer(message, presets(Desk(person, t, texts, imagine), ""))


async def on_foreign_press(query: CallbackQuery, t: Translator) -> AnswerCallbackQuery:
    """Somebody else's settings stay as they are."""
    return query.answer(t("settings-not-yours"))


async def on_press(
    query: CallbackQuery,
    callback_data: SettingButton,
    tx: Transaction,
    t: Translator,
    person: Person,
    texts: Texts,
    imagine: Imagine,
) -> list[Any]:
    """Open a list, or keep a choice and go back to the first view."""
    desk = Desk(person, t, texts, imagine)
    if view := VIEWS.get(callback_data.what):
        return [*_edit(query, view(desk, callback_data.value)), query.answer()]
    tags, offered = [each.tag for each in texts.languages], imagine.presets.offered()
    fields = changes(callback_data.what, callback_data.value, imagine.models.offered(), tags, offered)
    if not fields:
        return [*_edit(query, home(desk, "")), query.answer(t("settings-not-offered"))]
    desk = await desk.choose(tx, fields)
    return [*_edit(query, home(desk, "")), query.answer(desk.t("settings-saved"))]


def home(desk: Desk, _value: str) -> View:
    """Everything at a glance."""
    text = as_list(Bold(desk.t("settings-title")), desk.t("settings-intro"), *_stand_in(desk))
    return text, desk.panel.home(desk.choices, desk.language)


def models(desk: Desk, value: str) -> View:
    """The models, or the part of them that `value` names."""
    chosen = desk.choices.model
    shown = browse(desk.imagine.models.services(), value, chosen.key if chosen else None)
    said = "imagine-choose-service" if shown.services else "settings-choose-model"
    return Text(desk.t(said)), desk.panel.models(shown, chosen)


def ratios(desk: Desk, _value: str) -> View:
    """The ratios of the chosen model."""
    return Text(desk.t("settings-choose-ratio")), desk.panel.ratios(desk.choices)


def presets(desk: Desk, value: str) -> View:
    """The presets, or the part of them that `value` names."""
    t, page = desk.t, page_of(desk.imagine.presets.offered(), value)
    if not page.shown:
        return Text(t("imagine-no-presets")), desk.panel.presets(page, None)
    how = Code(f"/imagine {t('start-example')} --preset {page.shown[0].name}")
    lines = (_explained(t, each) for each in page.shown)
    text = as_list(Bold(t("presets-title")), *lines, "", t("presets-how"), how, t("presets-always", none=NONE))
    return text, desk.panel.presets(page, desk.choices.preset)


def languages(desk: Desk, _value: str) -> View:
    """The languages."""
    return Text(desk.t("settings-choose-language")), desk.panel.languages(desk.texts.languages, desk.person.language)


def done(desk: Desk, _value: str) -> View:
    """One line that stays when the buttons go."""
    chosen = desk.choices
    kind = desk.t("settings-as-file" if chosen.as_file else "settings-as-photo")
    summary = " · ".join([*([chosen.model.title] if chosen.model else []), chosen.ratio.value, kind])
    return as_list(Bold(desk.t("settings-title")), summary), None


VIEWS: Mapping[str, Callable[[Desk, str], View]] = {
    "home": home,
    "models": models,
    "ratios": ratios,
    "languages": languages,
    "presets": presets,
    "done": done,
}


def _explained(t: Translator, preset: Preset) -> Text:
    """The name of a preset, and what it looks like where that was told."""
    told = t(f"preset-about-{preset.name}") if preset in SHIPPED else preset.about
    return as_line(Bold(preset.name), " – ", told, end="") if told else Bold(preset.name)


def _stand_in(desk: Desk) -> list[str]:
    """What draws in place of a chosen model that is not offered."""
    chosen = desk.choices
    if chosen.model is None or chosen.instead_of is None:
        return []
    gone = desk.imagine.models.known(chosen.instead_of)
    wished = gone.title if gone else chosen.instead_of
    return [desk.t("settings-stand-in", wished=wished, model=chosen.model.title)]


async def _foreign(query: CallbackQuery, callback_data: SettingButton) -> bool:
    return query.from_user.id != callback_data.user_id


def _answer(message: Message, view: View) -> SendMessage:
    content, buttons = view
    text, entities = content.render()
    return message.answer(text, entities=entities, reply_markup=buttons)


def _edit(query: CallbackQuery, view: View) -> list[EditMessageText]:
    # A message of long ago comes without its content; its number is enough for an edit.
    if (message := query.message) is None:
        return []
    content, buttons = view
    text, entities = content.render()
    return [
        EditMessageText(
            chat_id=message.chat.id, message_id=message.message_id, text=text, entities=entities, reply_markup=buttons
        )
    ]
