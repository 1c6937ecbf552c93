from aiogram.types import InlineKeyboardMarkup

from bot.images import AspectRatio, ImageModel
from bot.imagine.browsing import browse, leading_to
from bot.imagine.choosing import Choice
from bot.imagine.rules import model_ref
from bot.providers import Service
from bot.settings.keyboards import Panel, SettingButton
from bot.settings.rules import changes, choices
from bot.texts import Texts
from bot.users.rules import Person

FLUX = ImageModel("sketch/flux", "Flux")
TALL = ImageModel("sketch/tall", "Tall", ratios=(AspectRatio.TALL, AspectRatio.SQUARE), price=3)
MODELS = (FLUX, TALL)
MANY = tuple(ImageModel(f"sketch/model-{number}", f"Model {number}") for number in range(33))
MANY_SERVICES = (Service("sketch", "Sketch", MANY), Service("other", "Other", (ImageModel("other/one", "One"),)))
ANNA = Person(1)

texts = Texts.load("en", strict=True)
t = texts.translator("en")


def labels(markup: InlineKeyboardMarkup) -> list[str]:
    return [button.text for row in markup.inline_keyboard for button in row]


def datas(markup: InlineKeyboardMarkup) -> list[str]:
    return [str(button.callback_data) for row in markup.inline_keyboard for button in row]


def test_what_was_chosen_is_shown() -> None:
    person = Person(1, as_file=True, plain_text=False, language="ru")
    chosen = choices(person, Choice(FLUX), AspectRatio.ULTRAWIDE)
    assert (chosen.model, chosen.ratio, chosen.as_file, chosen.plain_text) == (FLUX, AspectRatio.ULTRAWIDE, True, False)


def test_a_stand_in_names_what_it_stands_in_for() -> None:
    chosen = choices(ANNA, Choice(TALL, "sketch/gone"), AspectRatio.SQUARE)
    assert (chosen.model, chosen.instead_of) == (TALL, "sketch/gone")


def test_while_no_service_draws_there_is_no_model() -> None:
    chosen = choices(ANNA, None, AspectRatio.WIDE)
    assert (chosen.model, chosen.ratio, len(chosen.ratios)) == (None, AspectRatio.WIDE, len(AspectRatio))


def test_a_ratio_the_model_cannot_draw_is_shown_as_the_nearest_one() -> None:
    assert choices(ANNA, Choice(TALL), AspectRatio.CLASSIC_TALL).ratio == AspectRatio.TALL


def test_buttons_name_what_they_lead_to() -> None:
    assert changes("as_file", "1", MODELS, ["en"]) == {"as_file": True}
    assert changes("plain_text", "0", MODELS, ["en"]) == {"plain_text": False}
    assert changes("ratio", "16x9", MODELS, ["en"]) == {"ratio": "16:9"}
    assert changes("model", model_ref("sketch/tall"), MODELS, ["en"]) == {"model": "sketch/tall"}
    assert changes("language", "en", MODELS, ["en"]) == {"language": "en"}
    assert changes("language", "auto", MODELS, ["en"]) == {"language": None}


def test_buttons_that_lead_nowhere_change_nothing() -> None:
    for what, value in [
        ("ratio", "7x5"),
        ("model", "00000000"),
        ("language", "xx"),
        ("as_file", ""),
        ("banned", "1"),
        ("member", "1"),
    ]:
        assert changes(what, value, MODELS, ["en"]) == {}


def shown(models: tuple[ImageModel, ...], arg: str = "", chosen: ImageModel | None = None) -> InlineKeyboardMarkup:
    page = browse([Service("sketch", "Sketch", models)], arg, chosen.key if chosen else None)
    return Panel(t, 1).models(page, chosen)


def test_the_chosen_model_is_marked_and_prices_are_seen() -> None:
    assert labels(shown(MODELS, chosen=TALL)) == ["Flux · 1", "✓ Tall · 3", "« Back"]


def test_pages_of_models_can_be_turned_both_ways() -> None:
    assert {"set:1:models:0", "set:1:models:2"} <= set(datas(shown(MANY, "1")))
    assert "set:1:models:1" not in datas(shown(MODELS))


def test_many_models_are_found_by_service_and_the_chosen_ones_are_marked() -> None:
    first = Panel(t, 1).models(browse(MANY_SERVICES, "", MANY[20].key), MANY[20])
    assert labels(first) == ["✓ Sketch · 33 models", "Other · 1 model", "« Back"]
    opened = Panel(t, 1).models(browse(MANY_SERVICES, datas(first)[0].split(":")[-1], MANY[20].key), MANY[20])
    assert "✓ Model 20 · 1" in labels(opened)
    assert datas(opened)[-1] == "set:1:models:"


def test_only_ratios_the_model_draws_are_offered() -> None:
    chosen = choices(ANNA, Choice(TALL), AspectRatio.SQUARE)
    assert labels(Panel(t, 1).ratios(chosen)) == ["9:16", "✓ 1:1", "« Back"]


def test_all_eleven_ratios_are_offered_where_the_model_draws_them() -> None:
    chosen = choices(ANNA, Choice(FLUX), AspectRatio.SQUARE)
    assert len(labels(Panel(t, 1).ratios(chosen))) == len(AspectRatio) + 1 == 12


def test_languages_go_by_their_own_names() -> None:
    shown = labels(Panel(t, 1).languages(texts.languages, "ru"))
    assert shown == [t("settings-language-auto"), "English", "✓ Русский", "« Back"]


def test_switches_lead_to_the_other_state() -> None:
    panel = Panel(t, 1)
    on = panel.home(choices(Person(1, as_file=True), Choice(FLUX), AspectRatio.SQUARE), "English")
    off = panel.home(choices(Person(1, plain_text=False), Choice(FLUX), AspectRatio.SQUARE), "English")
    assert {"set:1:as_file:0", "set:1:plain_text:0"} <= set(datas(on))
    assert {"set:1:as_file:1", "set:1:plain_text:1"} <= set(datas(off))


def test_every_button_fits_what_telegram_carries() -> None:
    panel = Panel(t, 2**52)
    markups = [
        panel.home(choices(ANNA, Choice(FLUX), AspectRatio.SQUARE), "English"),
        panel.models(browse([Service("sketch", "Sketch", MANY)], "1", None), MANY[0]),
        panel.models(browse(MANY_SERVICES, leading_to(MANY_SERVICES[0]) + ".1", None), MANY[0]),
        panel.ratios(choices(ANNA, Choice(FLUX), AspectRatio.SQUARE)),
        panel.languages(texts.languages, None),
    ]
    for data in (data for markup in markups for data in datas(markup)):
        assert len(data.encode()) <= 64
        assert SettingButton.unpack(data).user_id == 2**52
