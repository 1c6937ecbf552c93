"""The buttons of a chat's settings. Pure: what was chosen in, keyboard out."""

from collections.abc import Iterable, Sequence

from aiogram.enums import ButtonStyle
from aiogram.filters.callback_data import CallbackData
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

from bot.chats.rules import CEILINGS, GAPS, NONE, QUIET, SHARES, ZONES, Chat, quiet_word
from bot.images import ImageModel
from bot.imagine.browsing import Shown, leading_to
from bot.imagine.keyboards import CHOSEN, stacked
from bot.imagine.rules import model_ref
from bot.texts import Language, Translator

COLUMNS = 2


class ChatButton(CallbackData, prefix="chat"):
    """A press in the settings of a chat: `what` is opened or changed to `value`, so that pressing twice does one thing.

    `chat_id` tells whose settings, also where they are changed from a private chat.
    """

    chat_id: int
    what: str
    value: str = ""


class Panel:
    """The buttons of one chat's settings, in one language."""

    def __init__(self, t: Translator, chat: Chat) -> None:
        self._t = t
        self._chat = chat

    def home(self, language: str, zone: str, topic: int | None) -> InlineKeyboardMarkup:
        """Everything that can be chosen, with what is chosen. `topic` is the one in which the buttons stand."""
        chat, t = self._chat, self._t
        ceiling = t("chats-any-price") if chat.ceiling is None else t("chats-credits", credits=chat.ceiling)
        share = t("chats-no-limit") if chat.share is None else t("chats-credits", credits=chat.share)
        return stacked(
            [self._switch("admins_only", chat.admins_only, "chats-who-admins", "chats-who-all")],
            [self._open(t("chats-models", count=len(chat.models)) if chat.models else t("chats-models-all"), "models")],
            [self._open(t("chats-ceiling", price=ceiling), "ceilings")],
            [self._switch("spoiler", chat.spoiler, "chats-spoiler-on", "chats-spoiler-off")],
            self._topic(topic),
            [self._switch("tidy", chat.tidy, "chats-tidy-on", "chats-tidy-off")],
            [self._open(t("chats-gap", gap=self._gap(chat.gap)), "gaps")],
            [self._open(t("chats-quiet-hours", hours=self._quiet()), "quiets"), self._open(zone, "zones")],
            [self._open(t("chats-language", language=language), "languages")],
            [self._open(t("chats-share", share=share), "shares")],
            [self._open(t("settings-done"), "done")],
        )

    def models(self, shown: Shown) -> InlineKeyboardMarkup:
        """The services, or models with their prices; those that may draw are marked."""
        chosen = self._chat.models or ()
        services = [
            [self._open(self._t("imagine-service", service=each.title, count=len(each.models)), "models", each_leads)]
            for each, each_leads in ((each, leading_to(each)) for each in shown.services)
        ]
        models = [self._model(model, chosen=model.key in chosen) for model in shown.models]
        around = ((sign, page) for sign, page in (("←", shown.before), ("→", shown.after)) if page is not None)
        turn = [self._open(sign, "models", page) for sign, page in around]
        everything = self._choice(self._t("chats-all-models"), "model", NONE, chosen=not chosen)
        back = self._back() if shown.up is None else self._open(self._t("imagine-back"), "models", shown.up)
        return stacked([everything], *services, *_columns(models), turn, [back])

    def ceilings(self) -> InlineKeyboardMarkup:
        """What a picture may cost."""
        return self._list("ceiling", self._chat.ceiling, self._t("chats-any-price"), self._credits(CEILINGS))

    def shares(self) -> InlineKeyboardMarkup:
        """What each member may have of the pot in a day."""
        return self._list("share", self._chat.share, self._t("chats-no-limit"), self._credits(SHARES))

    def gaps(self) -> InlineKeyboardMarkup:
        """Between two wishes of one person."""
        gaps = [(str(gap), self._gap(gap)) for gap in GAPS]
        return self._list("gap", self._chat.gap or None, self._gap(0), gaps)

    def quiets(self) -> InlineKeyboardMarkup:
        """From which hour until which one."""
        chat = self._chat
        both = None if chat.quiet_from is None or chat.quiet_to is None else (chat.quiet_from, chat.quiet_to)
        hours = [(quiet_word(each), _hours(*each)) for each in QUIET]
        return self._list("quiet", both and quiet_word(both), self._t("chats-never-quiet"), hours)

    def zones(self, usual: str) -> InlineKeyboardMarkup:
        """Of the quiet hours. `usual` is the bot's own."""
        return self._list("zone", self._chat.zone, self._t("chats-usual-zone", zone=usual), [(z, z) for z in ZONES])

    def languages(self, languages: Iterable[Language]) -> InlineKeyboardMarkup:
        """Every language by its own name, and that of each person."""
        named = [(each.tag, each.name) for each in languages]
        return self._list("language", self._chat.language, self._t("chats-language-own"), named)

    def _list(
        self, what: str, chosen: str | int | None, nothing: str, values: Sequence[tuple[str, str]]
    ) -> InlineKeyboardMarkup:
        first = self._choice(nothing, what, NONE, chosen=chosen is None)
        buttons = [self._choice(text, what, value, chosen=value == str(chosen)) for value, text in values]
        return stacked([first], *_columns(buttons), [self._back()])

    def _topic(self, topic: int | None) -> list[InlineKeyboardButton]:
        if self._chat.thread_id is not None:
            chosen = "chats-topic-here" if self._chat.thread_id == topic else "chats-topic-one"
            return [self._open(self._t(chosen), "thread_id", NONE)]
        return [] if topic is None else [self._open(self._t("chats-topic-all"), "thread_id", str(topic))]

    def _switch(self, what: str, on: bool, yes: str, no: str) -> InlineKeyboardButton:
        return self._open(self._t(yes if on else no), what, "0" if on else "1")

    def _model(self, model: ImageModel, *, chosen: bool) -> InlineKeyboardButton:
        label = self._t("imagine-model-priced", model=model.title, price=model.price)
        return self._choice(label, "model", model_ref(model.key), chosen=chosen)

    def _credits(self, numbers: Iterable[int]) -> list[tuple[str, str]]:
        return [(str(number), self._t("chats-credits", credits=number)) for number in numbers]

    def _gap(self, seconds: int) -> str:
        if not seconds:
            return self._t("chats-no-gap")
        if seconds < 60:
            return self._t("chats-seconds", seconds=seconds)
        return self._t("chats-minutes", minutes=seconds // 60)

    def _quiet(self) -> str:
        if self._chat.quiet_from is None or self._chat.quiet_to is None:
            return self._t("chats-never-quiet")
        return _hours(self._chat.quiet_from, self._chat.quiet_to)

    def _back(self) -> InlineKeyboardButton:
        return self._open(self._t("imagine-back"), "home")

    def _choice(self, text: str, what: str, value: str, *, chosen: bool) -> InlineKeyboardButton:
        style = ButtonStyle.PRIMARY if chosen else None
        return self._open(CHOSEN + text if chosen else text, what, value, style)

    def _open(self, text: str, what: str, value: str = "", style: ButtonStyle | None = None) -> InlineKeyboardButton:
        data = ChatButton(chat_id=self._chat.chat_id, what=what, value=value).pack()
        return InlineKeyboardButton(text=text, callback_data=data, style=style)


def _hours(start: int, end: int) -> str:
    return f"{start:02}:00–{end:02}:00"


def _columns(buttons: Sequence[InlineKeyboardButton]) -> Iterable[Sequence[InlineKeyboardButton]]:
    return (buttons[start : start + COLUMNS] for start in range(0, len(buttons), COLUMNS))
