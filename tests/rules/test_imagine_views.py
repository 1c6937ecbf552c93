from collections.abc import Iterable
from dataclasses import replace

import pytest
from aiogram.types import InlineKeyboardMarkup
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import Cause
from bot.images import AspectRatio, ImageModel
from bot.imagine import keyboards, views
from bot.imagine.browsing import PER_PAGE, browse, leading_to
from bot.imagine.grammar import WishError, parse
from bot.imagine.keyboards import HOPELESS, Tap
from bot.imagine.rules import SHELF_KEPT, Extras, Generation, LinkNews, Status, Wish, Wished, model_ref
from bot.imagine.signs import Standing
from bot.providers import Service
from bot.texts import Texts, cut_utf16, utf16_len
from tests.generations import NOW, generation

texts = Texts.load("en", strict=True)
t = texts.translator("en")

FLUX = ImageModel("fake/flux", "Flux", ratios=(AspectRatio.SQUARE, AspectRatio.WIDE))
DRAWN = generation(
    status=Status.DELIVERED, model="fake/flux", seed=42, draw_ms=8400, width=1024, height=768, shown_as="photo"
)
PICTURE_BUTTONS = ("again", "vary", "ratios", "models", "original", "info", "like", "delete")
LONG_ID = "x" * 12


def said(shown: Generation, place: int | None = None, elapsed: int = 0, typical: int | None = None) -> str:
    return views.note(t, shown, Standing(place, elapsed, typical))[0]


def labels(markup: InlineKeyboardMarkup | None) -> list[str]:
    return [button.text for button in buttons(markup)]


def datas(markup: InlineKeyboardMarkup | None) -> list[str]:
    return [str(button.callback_data) for button in buttons(markup)]


def buttons(markup: InlineKeyboardMarkup | None) -> Iterable:  # type: ignore[type-arg]  # of whatever buttons there are
    return [button for row in markup.inline_keyboard for button in row] if markup else []


def test_a_waiting_note_tells_the_place_and_the_usual_time() -> None:
    assert said(generation(), 3, typical=12) == "⏳ Place 3 in the queue · usually 12\xa0s\na fox"
    assert said(generation(), 1, typical=None) == "✨ Starting\na fox"
    assert said(generation(), 1, elapsed=3) == "⏳ Next in the queue\na fox"
    assert said(generation(cause=Cause.RATE_LIMITED), 1).startswith("⏳ The service is busy.")


def test_a_drawing_note_tells_how_far_it_may_be() -> None:
    drawing = generation(status=Status.DRAWING)
    assert said(drawing, elapsed=4) == "🎨 Drawing · 4\xa0s\na fox"
    assert said(drawing, elapsed=4, typical=8) == "🎨 Drawing · 4\xa0s of about 8\xa0s\n▰▰▰▰▰▱▱▱▱▱\na fox"
    assert "▰▰▰▰▰▰▰▰▰▱" in said(drawing, elapsed=16, typical=8)
    assert said(drawing, elapsed=17, typical=8) == "🎨 Drawing · 17\xa0s · longer than usual\na fox"


@pytest.mark.parametrize("cause", Cause)
def test_every_failure_says_why_that_nothing_was_charged_and_a_number(cause: Cause) -> None:
    failed = generation(status=Status.FAILED, cause=cause, error_id="00000042")
    text, entities, _ = views.note(t, failed, Standing())
    assert text.startswith(t(f"failure-{cause}"))
    assert "Nothing was charged · number 00000042" in text
    assert [entity.type for entity in entities] == ["code", "blockquote"]


@pytest.mark.parametrize("status", [Status.CANCELLED, Status.EXPIRED])
def test_every_other_end_says_that_nothing_was_charged(status: Status) -> None:
    assert "Nothing was charged" in said(generation(status=status))


@pytest.mark.parametrize("language", ["en", "ru"])
@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("cause", Cause)
@pytest.mark.parametrize("fenced", [True, False])
def test_every_state_fits_the_answer_to_a_press(status: Status, fenced: bool, cause: Cause, language: str) -> None:
    translator = texts.translator(language)
    shown = generation(status=status, cause=cause, error_id="00000042", fenced=fenced)
    assert utf16_len(views.status(translator, shown, Standing(100, 1000, 1000))) <= 200


def test_a_caption_is_the_words_and_the_facts() -> None:
    text, entities = views.caption(t, DRAWN, FLUX, 19)
    assert text == "a fox\nFlux · 1:1 · seed 42 · 8\xa0s\n19 credits left"
    assert [(entity.type, entity.offset, entity.length) for entity in entities] == [
        ("blockquote", 0, 5),
        ("code", 24, 2),
    ]
    assert views.caption(t, generation(model="fake/gone"), None, None)[0] == "a fox\nfake/gone · 1:1"
    assert views.caption(t, DRAWN, FLUX, 1)[0].endswith("1 credit left")


def test_a_long_prompt_is_folded() -> None:
    assert views.caption(t, generation(prompt="x" * 241), FLUX, 1)[1][0].type == "expandable_blockquote"
    assert views.caption(t, generation(prompt="x\n" * 5), FLUX, 1)[1][0].type == "expandable_blockquote"


PROMPTS = st.text(st.sampled_from("a Ж🦊👩‍👩‍👧\n"), min_size=1, max_size=5000)


@given(PROMPTS, st.integers(0, 10**9))
def test_notes_captions_and_info_always_fit(prompt: str, credits_left: int) -> None:
    shown = generation(prompt=prompt, negative="b" * 500, seed=2**31 - 1, draw_ms=10**6, variation=99)
    text, entities = views.caption(t, shown, FLUX, credits_left)
    assert utf16_len(text) <= 1024
    assert all(entity.offset + entity.length <= utf16_len(text) for entity in entities)
    assert utf16_len(views.info(t, shown, FLUX, 30)[0]) <= 4096
    assert utf16_len(said(shown)) <= 400


@given(PROMPTS, st.integers(1, 100))
def test_a_cut_text_fits_and_breaks_no_character(text: str, limit: int) -> None:
    cut = cut_utf16(text, limit)
    assert utf16_len(cut) <= limit
    assert cut == text or (cut.endswith("…") and text.startswith(cut[:-1]))
    assert cut.encode("utf-16-le")
    assert not cut[:-1].endswith("\u200d") or cut == text


def test_info_tells_everything_and_how_to_draw_it_again() -> None:
    shown = generation(negative='big "text"', seed=42, model="fake/flux", draw_ms=8400, width=1024, height=768)
    text, entities, markup = views.info(t, shown, FLUX, 30)
    assert "Size: 1:1 · 1024 × 768" in text
    assert "Drawn in: 8\xa0s" in text
    assert "Price: 1 credit" in text
    assert f"Id: {shown.generation_id}\n" in text
    assert next(entity for entity in entities if entity.type == "date_time").unix_time == NOW
    again = "/imagine a fox --ar 1:1 --model fake/flux --seed 42 --no \"big 'text'\""
    assert text.endswith(again)
    assert [button.copy_text.text for button in buttons(markup)] == [again]


def test_a_command_that_is_too_long_to_copy_has_no_button() -> None:
    assert views.info(t, generation(prompt="x" * 250), FLUX, 30)[2] is None


def test_the_picture_has_its_eight_buttons() -> None:
    markup = keyboards.picture(t, DRAWN)
    assert labels(markup) == ["Again", "Vary", "Ratio", "Model", "Original", "Info", "☆ Favorite", "Delete"]
    assert datas(markup) == [f"{name}:g1" for name in PICTURE_BUTTONS]


def test_a_picture_that_is_a_file_already_has_no_original() -> None:
    assert "Original" not in labels(keyboards.picture(t, generation(status=Status.DELIVERED, shown_as="document")))


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        (generation(), ["Cancel"]),
        (generation(chat_id=-5, status=Status.DRAWING), ["Cancel", "How is it going?"]),
        (generation(status=Status.READY), []),
        (generation(status=Status.READY, fenced=True), ["Show the picture"]),
        (generation(status=Status.FAILED, cause=Cause.TIMED_OUT), ["Try again", "Another model"]),
        (generation(status=Status.FAILED, cause=Cause.PROMPT_REFUSED), ["Another model"]),
        (generation(status=Status.FAILED, cause=Cause.NOT_SHOWN), []),
        (generation(status=Status.FAILED, cause=Cause.NOT_LOOKED_AT), ["Try again", "Another model"]),
        (generation(status=Status.CANCELLED), ["Try again"]),
        (generation(status=Status.EXPIRED), ["Try again"]),
    ],
)
def test_a_note_offers_what_can_be_done_now(shown: Generation, expected: list[str]) -> None:
    assert labels(keyboards.note(t, shown)) == expected


def test_a_failure_that_cannot_end_otherwise_is_not_tried_again() -> None:
    assert Cause.TIMED_OUT not in HOPELESS
    assert Cause.MODEL_GONE in HOPELESS


def test_only_what_the_model_can_draw_is_offered_and_the_present_one_is_marked() -> None:
    markup = keyboards.ratios(t, DRAWN, FLUX)
    assert labels(markup) == ["✓ 1:1", "16:9", "« Back"]
    assert datas(markup) == ["ratio:g1:1x1", "ratio:g1:16x9", "back:g1"]


LONG_SERVICES = [Service(key * 200, "B", [ImageModel(f"{key * 200}/b", "B")] * 99) for key in "xy"]


def models(generation: Generation, services: list[Service], arg: str = "") -> InlineKeyboardMarkup:
    return keyboards.models(t, generation, browse(services, arg, generation.model))


@pytest.mark.parametrize(
    ("wished", "said"),
    [
        (Wished("fake/gone"), "Flux drew this in place of fake/gone"),
        (Wished("fake/tall"), "Flux drew this in place of Tall"),
        (Wished(ratio=AspectRatio.ULTRAWIDE), "1:1 instead of 21:9"),
        (Wished(seed=7), "Flux takes no seed"),
        (Wished("fake/gone", AspectRatio.TALL), "Flux drew this in place of fake/gone · 1:1 instead of 9:16"),
    ],
)
def test_what_is_drawn_otherwise_than_wished_is_said_in_one_line(wished: Wished, said: str) -> None:
    tall = ImageModel("fake/tall", "Tall") if wished.model == "fake/tall" else None
    text, _ = views.caption(t, generation(model=FLUX.key, wished=wished), FLUX, 5, tall)
    assert text.splitlines()[-2:] == [said, "5 credits left"]


def test_a_namesake_that_is_gone_goes_by_its_key() -> None:
    namesake = ImageModel("other/flux", "Flux")
    text, _ = views.caption(t, generation(model=FLUX.key, wished=Wished(namesake.key)), FLUX, None, namesake)
    assert text.endswith("Flux drew this in place of other/flux")


def test_a_typed_seed_that_was_drawn_with_is_told_as_any_other() -> None:
    text, _ = views.caption(t, generation(model=FLUX.key, seed=7, wished=Wished(seed=7)), FLUX, None)
    assert text == "a fox\nFlux · 1:1 · seed 7"


def test_models_are_priced_marked_and_paged() -> None:
    many = [FLUX, *(ImageModel(f"fake/{number}", f"M{number}", price=2) for number in range(PER_PAGE))]
    first = models(DRAWN, [Service("fake", "Fake", many)])
    assert labels(first)[:2] == ["✓ Flux · 1", "M0 · 2"]
    assert datas(first)[0] == f"model:g1:{model_ref('fake/flux')}.1"
    assert labels(first)[-2:] == ["→", "« Back"]
    assert labels(models(DRAWN, [Service("fake", "Fake", many)], "1")) == ["M15 · 2", "←", "« Back"]
    assert labels(models(DRAWN, [Service("fake", "Fake", many)], "99")) == ["M15 · 2", "←", "« Back"]


def test_many_models_of_several_services_are_found_by_service() -> None:
    many = [ImageModel(f"other/{number}", f"M{number}") for number in range(PER_PAGE)]
    services = [Service("fake", "Fake", [FLUX]), Service("other", "Other", many)]
    first = models(DRAWN, services)
    assert labels(first) == ["✓ Fake · 1 model", "Other · 16 models", "« Back"]
    assert datas(first)[-1] == "back:g1"
    second = models(DRAWN, services, Tap.read(datas(first)[0]).arg)  # type: ignore[union-attr]  # one of ours
    assert (labels(second), datas(second)[-1]) == (["✓ Flux · 1", "« Back"], "models:g1")


def test_a_mistake_is_mended_by_one_press() -> None:
    with pytest.raises(WishError) as caught:
        parse("a --n 9")
    assert labels(keyboards.mended(t, caught.value, "w1")) == ["Draw with --n 4"]
    assert datas(keyboards.mended(t, WishError("imagine-no-seed", Wish("a")), "w1")) == ["wish:w1"]


def test_words_that_waited_are_asked_about() -> None:
    text, entities, markup = views.still_wanted(t, Wish("a fox"), NOW, "w1")
    assert text.endswith("a fox")
    assert [entity.type for entity in entities] == ["date_time", "blockquote"]
    assert datas(markup) == ["wish:w1"]


def test_what_a_button_carries_is_read_back() -> None:
    for tap in (Tap("again", "g1"), Tap("ratio", "g1", "16x9")):
        assert Tap.read(tap.data) == tap
    assert Tap.read("ratio:g1:16x9") == Tap("ratio", "g1", "16x9")
    assert Tap("ratio", "g1", "16x9").ratio is AspectRatio.WIDE
    assert Tap("ratio", "g1", "no").ratio is None
    assert [Tap.read(data) for data in (None, "", "again", "again:")] == [None] * 4


def test_a_public_link_can_be_copied_where_telegram_copies_that_much_and_taken_back() -> None:
    public = generation(status=Status.DELIVERED, public_link="https://a/b")
    text, _, markup = views.link(t, public, LinkNews.PUBLISHED, SHELF_KEPT)
    assert text == "Everybody who has this link can see the picture:\nhttps://a/b"
    assert labels(markup) == ["Copy the link", "Remove the link"]
    long = replace(public, public_link="https://a/" + "b" * 256)
    assert labels(views.link(t, long, LinkNews.PUBLISHED, SHELF_KEPT)[2]) == ["Remove the link"]


@pytest.mark.parametrize("news", [LinkNews.NOT_PUBLISHED, LinkNews.GONE, LinkNews.WITHDRAWN])
def test_without_a_public_link_there_is_nothing_to_press(news: LinkNews) -> None:
    assert views.link(t, generation(status=Status.DELIVERED), news, SHELF_KEPT)[2] is None


@pytest.mark.parametrize(
    ("hours", "said"),
    [(1, "one hour"), (5, "5 hours"), (24, "one day"), (36, "36 hours"), (72, "3 days"), (168, "7 days")],
)
def test_how_long_files_are_kept_is_said_in_whole_days_where_it_is_days(hours: int, said: str) -> None:
    assert f"pictures for {said}, and" in views.link(t, generation(), LinkNews.GONE, hours * 3600)[0]


def test_everything_a_button_carries_fits_it() -> None:
    longest = generation(generation_id=LONG_ID, status=Status.DELIVERED, public_link="https://a/b")
    markups = [
        keyboards.picture(t, longest, Extras(edits=True, publishes=True)),
        keyboards.ratios(t, longest, ImageModel("a/b", "B")),
        models(longest, LONG_SERVICES, leading_to(LONG_SERVICES[0]) + ".3"),
        models(longest, LONG_SERVICES),
        keyboards.sure(t, longest),
        keyboards.sure_public(t, longest),
        keyboards.link(t, longest),
    ]
    assert all(len(data.encode()) <= 64 for markup in markups for data in datas(markup))
