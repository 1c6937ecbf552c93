"""Presets: the operator's file, what people type, and what a model is asked for in the end."""

import os
from pathlib import Path

import pytest

from bot.errors import SettingsError
from bot.images import AspectRatio, ImageModel
from bot.imagine.fit import able, order
from bot.imagine.grammar import WishError, parse
from bot.imagine.rules import Wish, said_to
from bot.presets.rules import MOST, SHIPPED, Preset, kept, negative_of, of_kept, read_presets
from bot.presets.service import PresetFile, Presets

PLAIN = ImageModel("paid/plain", "Plain", prompt_limit=60)
FIELD = ImageModel("paid/field", "Field", prompt_limit=60, negative=True)
INK = Preset("ink", "{prompt}, in ink", "color")


def written(file: Path, text: str) -> Path:
    """The file with this text, of another time than before however fast that goes."""
    before = file.stat().st_mtime_ns if file.exists() else 0
    file.write_text(text, "utf-8")
    os.utime(file, ns=(before + 10**9, before + 10**9))
    return file


def test_a_file_is_read_in_its_order() -> None:
    text = """
    [Noir]
    prompt = "film still of {prompt}, hard light"
    negative = "color"
    ratio = "16:9"
    model = "paid/plain"
    about = "an old film"
    ["акварель"]
    prompt = "watercolor"
    [bare]
    """
    noir, water, bare = read_presets("p.toml", text)
    assert noir == Preset(
        "noir", "film still of {prompt}, hard light", "color", AspectRatio.WIDE, "paid/plain", "an old film"
    )
    assert noir.around("a fox") == "film still of a fox, hard light"
    assert water.around("a {prompt} fox") == "a {prompt} fox, watercolor"
    assert bare.around("a fox") == "a fox"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('[a]\nprompt = "x"\n[b]\nwords = "y"', "line 3: b: words:"),
        ('[a]\nprompt = ""', "line 1: a: prompt:"),
        ("[a]\nprompt = 3", "line 1: a: prompt:"),
        ('[a]\nratio = "1:7"', "line 1: a: ratio: one of 1:1"),
        ('["two words"]', "a name has letters"),
        ('["none"]', "stands for no preset"),
        ('a = "x"', "line 1: a: that is no preset"),
        ('[Ink]\nprompt = "x"\n[ink]\nprompt = "y"', "ink: there is another one of this name"),
        ("[a]\n[a]", "at line 2"),
        ("[a", "at end of document"),
        (f"[a]\nprompt = {'[' * 5000}", "recursion"),
        ("\n".join(f"[p{number}]" for number in range(MOST + 1)), "more than 200"),
    ],
)
def test_a_mistake_is_told_in_one_sentence_with_its_line(text: str, says: str) -> None:
    with pytest.raises(SettingsError) as caught:
        read_presets("p.toml", text)
    said = str(caught.value)
    assert said.startswith("PRESETS_FILE: p.toml")
    assert says in said
    assert "\n" not in said


def test_without_a_file_there_are_the_shipped_ones_and_an_edit_counts_at_the_next_look(tmp_path: Path) -> None:
    presets = Presets(PresetFile(tmp_path / "p.toml"))
    assert presets.offered() == list(SHIPPED)
    written(tmp_path / "p.toml", '[noir]\nprompt = "hard light"')
    assert presets.file.look()
    assert [preset.name for preset in presets.offered()] == ["noir"]
    (tmp_path / "p.toml").unlink()
    assert presets.file.look()
    assert presets.offered() == list(SHIPPED)


def test_a_broken_edit_changes_nothing_and_a_broken_start_is_one_without_it(tmp_path: Path) -> None:
    file = PresetFile(written(tmp_path / "p.toml", '[noir]\nprompt = "hard light"'))
    written(tmp_path / "p.toml", "[noir")
    assert not file.look()
    assert [preset.name for preset in file.content] == ["noir"]
    assert "end of document" in (file.trouble or "")
    started = PresetFile(tmp_path / "p.toml")
    assert (started.content, started.trouble) == (SHIPPED, file.trouble)
    written(tmp_path / "p.toml", "[clear]")
    assert started.look()
    assert started.trouble is None


def test_what_cannot_be_looked_at_is_a_mistake_and_no_missing_file_and_brings_nothing_down(tmp_path: Path) -> None:
    path = written(tmp_path / "p.toml", '[noir]\nprompt = "hard light"')
    file = PresetFile(path)
    path.unlink()
    path.symlink_to(path)  # a loop
    assert not file.look()
    assert [preset.name for preset in file.content] == ["noir"]
    assert "cannot be read" in (file.trouble or "")
    assert "cannot be read" in (PresetFile(tmp_path / ("p" * 300)).trouble or "")


def test_a_mark_of_the_editor_is_no_mistake_and_a_huge_file_is_not_read(tmp_path: Path) -> None:
    assert PresetFile(written(tmp_path / "p.toml", "\ufeff[noir]\n")).content[0].name == "noir"
    assert "larger than 1024 KB" in (PresetFile(written(tmp_path / "q.toml", "#" * 1024 * 1025)).trouble or "")


def test_what_is_off_is_not_offered_and_not_found() -> None:
    presets = Presets()
    presets.switch(["ink"])
    assert presets.named("ink") is None
    assert "ink" not in [preset.name for preset in presets.offered()]
    assert presets.named("PHOTO") is not None


def test_it_is_typed_like_any_flag() -> None:
    assert parse("a fox --preset ink") == Wish("a fox", preset="ink")
    assert parse("--preset=Ink a fox") == Wish("a fox", preset="Ink")
    with pytest.raises(WishError) as caught:
        parse("a fox --style ink")
    assert caught.value.fix == "--preset ink"
    with pytest.raises(WishError):
        parse("a fox --preset")


def test_a_model_is_asked_for_the_words_in_their_preset() -> None:
    wish = Wish("a fox", "text", style=INK)
    assert said_to(FIELD, wish) == "a fox, in ink"
    assert negative_of(INK, "text") == "text, color"
    assert said_to(PLAIN, wish) == "a fox, in ink, without text, color"
    assert said_to(PLAIN, Wish("a fox")) == "a fox"


def test_the_words_of_a_preset_count_where_a_model_takes_few_and_are_not_counted_against_the_person() -> None:
    assert able(FIELD, Wish("f" * 52, style=INK))
    assert not able(FIELD, Wish("f" * 53, style=INK))
    with pytest.raises(WishError) as caught:
        order(Wish("f" * 53, style=INK), FIELD, AspectRatio.SQUARE)
    assert caught.value.values == {"model": "Field", "length": 53, "limit": 52}


def test_what_is_kept_with_a_picture_is_how_it_asks() -> None:
    assert of_kept(kept(INK)) == INK
    noir = Preset("noir", "{prompt}, hard", None, AspectRatio.WIDE, "paid/plain", "an old film")
    assert of_kept(kept(noir)) == Preset("noir", "{prompt}, hard")
    assert (kept(None), of_kept(None)) == (None, None)


def test_of_equal_names_that_of_the_chat_counts_and_new_ones_stand_behind() -> None:
    presets = Presets()
    presets.write([Preset("oil", "{prompt}, in oil"), Preset("ink", "{prompt}, blotted")])
    names = [preset.name for preset in presets.everything()]
    assert names == [*(preset.name for preset in SHIPPED), "oil"]
    assert presets.named("INK") == Preset("ink", "{prompt}, blotted")
    presets.write([])
    assert presets.named("ink") in SHIPPED
