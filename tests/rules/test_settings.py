from aiogram.types import InlineKeyboardMarkup

from bot.images import AspectRatio, ImageModel
from bot.imagine.rules import model_ref
from bot.settings.keyboards import Panel, SettingButton
from bot.settings.rules import MODELS_PER_PAGE, changes, choices, on_page, page_of, pages
from bot.texts import Texts
from bot.users.rules import Person

FLUX = ImageModel("sketch/flux", "Flux")
TALL = ImageModel("sketch/tall", "Tall", ratios=(AspectRatio.TALL, AspectRatio.SQUARE), price=3)
MODELS = (FLUX, TALL)
MANY = tuple(ImageModel(f"sketch/model-{number}", f"Model {number}") for number in range(MODELS_PER_PAGE * 2 + 1))
ANNA = Person(1)

texts = Texts.load("en", strict=True)
t = texts.translator("en")


def labels(markup: InlineKeyboardMarkup) -> list[str]:
    return [button.text for row in markup.inline_keyboard for button in row]


def datas(markup: InlineKeyboardMarkup) -> list[str]:
    return [str(button.callback_data) for row in markup.inline_keyboard for button in row]


def test_who_chose_nothing_gets_the_defaults() -> None:
    chosen = choices(ANNA, MODELS, "sketch/tall", AspectRatio.SQUARE)
    assert (chosen.model, chosen.ratio, chosen.as_file, chosen.plain_text) == (TALL, AspectRatio.SQUARE, False, True)


def test_what_was_chosen_counts_before_the_defaults() -> None:
    person = Person(1, model="sketch/flux", ratio="21:9", as_file=True, plain_text=False, language="ru")
    chosen = choices(person, MODELS, "sketch/tall", AspectRatio.SQUARE)
    assert (chosen.model, chosen.ratio, chosen.as_file, chosen.plain_text) == (FLUX, AspectRatio.ULTRAWIDE, True, False)


def test_a_model_that_is_gone_gives_way_to_the_default_and_then_to_any() -> None:
    person = Person(1, model="sketch/gone")
    assert choices(person, MODELS, "sketch/tall", AspectRatio.SQUARE).model == TALL
    assert choices(person, MODELS, "sketch/gone-too", AspectRatio.SQUARE).model == FLUX
    assert choices(person, (), "sketch/tall", AspectRatio.SQUARE).model is None


def test_a_ratio_the_model_cannot_draw_is_shown_as_the_nearest_one() -> None:
    person = Person(1, model="sketch/tall", ratio="2:3")
    assert choices(person, MODELS, "sketch/flux", AspectRatio.SQUARE).ratio == AspectRatio.TALL


def test_a_ratio_nobody_knows_is_the_default() -> None:
    assert choices(Person(1, ratio="7:5"), MODELS, "sketch/flux", AspectRatio.WIDE).ratio == AspectRatio.WIDE


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


def test_many_models_are_turned_by_pages() -> None:
    assert pages(MANY) == 3
    assert pages(()) == 1
    assert page_of(MANY, MANY[-1]) == 2
    assert page_of(MANY, FLUX) == 0
    assert list(on_page(MANY, 99)) == [MANY[-1]]
    assert list(on_page(MANY, -1)) == list(MANY[:MODELS_PER_PAGE])


def test_the_chosen_model_is_marked_and_prices_are_seen() -> None:
    shown = labels(Panel(t, 1).models(MODELS, TALL, 0))
    assert shown == ["Flux · 1", "✓ Tall · 3", "« Back"]


def test_pages_of_models_can_be_turned_both_ways() -> None:
    assert "set:1:models:0" in datas(Panel(t, 1).models(MANY, None, 1))
    assert "set:1:models:2" in datas(Panel(t, 1).models(MANY, None, 1))
    assert "set:1:models:1" not in datas(Panel(t, 1).models(MODELS, None, 0))


def test_only_ratios_the_model_draws_are_offered() -> None:
    chosen = choices(Person(1, model="sketch/tall"), MODELS, "sketch/flux", AspectRatio.SQUARE)
    assert labels(Panel(t, 1).ratios(chosen)) == ["9:16", "✓ 1:1", "« Back"]


def test_all_eleven_ratios_are_offered_where_the_model_draws_them() -> None:
    chosen = choices(ANNA, MODELS, "sketch/flux", AspectRatio.SQUARE)
    assert len(labels(Panel(t, 1).ratios(chosen))) == len(AspectRatio) + 1 == 12


def test_languages_go_by_their_own_names() -> None:
    shown = labels(Panel(t, 1).languages(texts.languages, "ru"))
    assert shown == [t("settings-language-auto"), "English", "✓ Русский", "« Back"]


def test_switches_lead_to_the_other_state() -> None:
    panel = Panel(t, 1)
    on = panel.home(choices(Person(1, as_file=True), MODELS, "sketch/flux", AspectRatio.SQUARE), "English")
    off = panel.home(choices(Person(1, plain_text=False), MODELS, "sketch/flux", AspectRatio.SQUARE), "English")
    assert {"set:1:as_file:0", "set:1:plain_text:0"} <= set(datas(on))
    assert {"set:1:as_file:1", "set:1:plain_text:1"} <= set(datas(off))


def test_every_button_fits_what_telegram_carries() -> None:
    panel = Panel(t, 2**52)
    markups = [
        panel.home(choices(ANNA, MODELS, "sketch/flux", AspectRatio.SQUARE), "English"),
        panel.models(MANY, MANY[0], 1),
        panel.ratios(choices(ANNA, MODELS, "sketch/flux", AspectRatio.SQUARE)),
        panel.languages(texts.languages, None),
    ]
    for data in (data for markup in markups for data in datas(markup)):
        assert len(data.encode()) <= 64
        assert SettingButton.unpack(data).user_id == 2**52
