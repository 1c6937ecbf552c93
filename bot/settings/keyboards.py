"""The buttons of /settings and /language. Pure: choices in, keyboard out."""

from collections.abc import Iterable, Sequence

from aiogram.enums import ButtonStyle
from aiogram.filters.callback_data import CallbackData
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

from bot.images import AspectRatio, ImageModel
from bot.imagine.browsing import Shown, leading_to
from bot.imagine.keyboards import CHOSEN, stacked
from bot.imagine.rules import model_ref
from bot.presets.rules import NONE, Preset
from bot.providers import Service
from bot.settings.rules import AUTOMATIC, Choices, Page
from bot.texts import Language, Translator

MODEL_COLUMNS = 2
RATIO_COLUMNS = 3


class SettingButton(CallbackData, prefix="set"):
    """A press in somebody's settings: `what` is opened or changed to `value`.

    Buttons carry the value they lead to, so that a double tap changes one thing once.
    """

    user_id: int
    what: str
    value: str = ""


class Panel:
    """The buttons of one person's settings, in one language."""

    def __init__(self, t: Translator, user_id: int) -> None:
        self._t = t
        self._user_id = user_id

    def home(self, choices: Choices, language: str) -> InlineKeyboardMarkup:
        """Everything that can be chosen, with what is chosen. `language` is the name of the one spoken now."""
        model = choices.model.title if choices.model else "–"
        preset = choices.preset or self._t("settings-no-preset")
        return stacked(
            [self._button(self._t("settings-model", model=model), "models")],
            [self._button(self._t("settings-ratio", ratio=choices.ratio.value), "ratios")],
            [self._button(self._t("settings-preset", preset=preset), "presets")],
            [self._as_file(choices.as_file)],
            [self._plain_text(choices.plain_text)],
            [self._button(self._t("settings-language", language=language), "languages")],
            [self._button(self._t("settings-done"), "done")],
        )

    def models(self, shown: Shown, chosen: ImageModel | None) -> InlineKeyboardMarkup:
        """The services, or models with their prices."""
        services = [[self._service(service, chosen)] for service in shown.services]
        buttons = [self._model(model, chosen=model == chosen) for model in shown.models]
        around = ((sign, page) for sign, page in (("←", shown.before), ("→", shown.after)) if page is not None)
        turn = [self._button(sign, "models", page) for sign, page in around]
        back = self._back() if shown.up is None else self._button(self._t("imagine-back"), "models", shown.up)
        return stacked(*services, *_columns(buttons, MODEL_COLUMNS), turn, [back])

    def ratios(self, choices: Choices) -> InlineKeyboardMarkup:
        """Every ratio that the chosen model draws."""
        buttons = [self._ratio(ratio, chosen=ratio == choices.ratio) for ratio in choices.ratios]
        return stacked(*_columns(buttons, RATIO_COLUMNS), [self._back()])

    def presets(self, page: Page, chosen: str | None) -> InlineKeyboardMarkup:
        """One page of presets, and none."""
        none = self._choice(self._t("settings-no-preset"), "preset", NONE, chosen=chosen is None)
        buttons = [
            self._choice(one.name, "preset", model_ref(one.name), chosen=one.name == chosen) for one in page.shown
        ]
        around = (("←", page.before), ("→", page.after))
        turn = [self._button(sign, "presets", str(number)) for sign, number in around if number is not None]
        return stacked(*_columns(buttons, MODEL_COLUMNS), turn, [none], [self._back()])

    def languages(self, languages: Iterable[Language], chosen: str | None) -> InlineKeyboardMarkup:
        """Every language by its own name, and the one of the app."""
        buttons = [self._choice(each.name, "language", each.tag, chosen=each.tag == chosen) for each in languages]
        automatic = self._choice(self._t("settings-language-auto"), "language", AUTOMATIC, chosen=chosen is None)
        return stacked([automatic], *([button] for button in buttons), [self._back()])

    def _as_file(self, on: bool) -> InlineKeyboardButton:
        return self._button(self._t("settings-as-file" if on else "settings-as-photo"), "as_file", _flipped(on))

    def _plain_text(self, on: bool) -> InlineKeyboardButton:
        return self._button(self._t("settings-plain-on" if on else "settings-plain-off"), "plain_text", _flipped(on))

    def _service(self, service: Service, chosen: ImageModel | None) -> InlineKeyboardButton:
        label = self._t("imagine-service", service=service.title, count=len(service.models))
        is_chosen = chosen is not None and chosen.provider == service.key
        return self._choice(label, "models", leading_to(service), chosen=is_chosen)

    def _model(self, model: ImageModel, *, chosen: bool) -> InlineKeyboardButton:
        label = self._t("imagine-model-priced", model=model.title, price=model.price)
        return self._choice(label, "model", model_ref(model.key), chosen=chosen)

    def _preset(self, preset: Preset, *, chosen: bool) -> InlineKeyboardButton:
        return self._choice(preset.name, "preset", model_ref(preset.name), chosen=chosen)

    def _ratio(self, ratio: AspectRatio, *, chosen: bool) -> InlineKeyboardButton:
        return self._choice(ratio.value, "ratio", ratio.value.replace(":", "x"), chosen=chosen)

    def _back(self) -> InlineKeyboardButton:
        return self._button(self._t("imagine-back"), "home")

    def _choice(self, text: str, what: str, value: str, *, chosen: bool) -> InlineKeyboardButton:
        style = ButtonStyle.PRIMARY if chosen else None
        return self._button(CHOSEN + text if chosen else text, what, value, style)

    def _button(self, text: str, what: str, value: str = "", style: ButtonStyle | None = None) -> InlineKeyboardButton:
        data = SettingButton(user_id=self._user_id, what=what, value=value).pack()
        return InlineKeyboardButton(text=text, callback_data=data, style=style)


def _flipped(on: bool) -> str:
    return "0" if on else "1"


def _columns(buttons: Sequence[InlineKeyboardButton], width: int) -> Iterable[Sequence[InlineKeyboardButton]]:
    return (buttons[start : start + width] for start in range(0, len(buttons), width))
