"""What pictures cost: the operator's file."""

import os
from collections.abc import Mapping
from pathlib import Path

import pytest

from bot.errors import SettingsError
from bot.images import ImageModel
from bot.providers.prices import PriceFile, Prices, read_prices

FLUX = ImageModel("onlysq/flux", "Flux", price=3)
TURBO = ImageModel("onlysq/flux-turbo", "Turbo", price=3)
TOPAZ = ImageModel("oxen/topaz-upscale", "Topaz", price=9)
ODD = ImageModel("oxen/a.b[c]", "Odd", price=9)


def priced(by_name: Mapping[str, int | str]) -> list[tuple[str, int]]:
    return prices_of(Prices(by_name))


def prices_of(prices: Prices) -> list[tuple[str, int]]:
    return [(model.title, model.price) for model in prices.applied([FLUX, TURBO, TOPAZ, ODD])]


def written(file: Path, text: str) -> Path:
    """The file with this text, of another time than before however fast that goes."""
    before = file.stat().st_mtime_ns if file.exists() else 0
    file.write_text(text)
    os.utime(file, ns=(before + 10**9, before + 10**9))
    return file


def test_what_is_not_named_keeps_its_price() -> None:
    assert priced({}) == [("Flux", 3), ("Turbo", 3), ("Topaz", 9), ("Odd", 9)]
    assert priced({"onlysq/flux": 0}) == [("Flux", 0), ("Turbo", 3), ("Topaz", 9), ("Odd", 9)]


@pytest.mark.parametrize("turned", [False, True])
def test_the_most_exact_name_counts_wherever_it_stands(turned: bool) -> None:
    names: list[tuple[str, int | str]] = [("*", 7), ("onlysq/*", 1), ("onlysq/flux*", 2), ("onlysq/flux", 5)]
    by_name = dict(reversed(names) if turned else names)
    assert priced(by_name) == [("Flux", 5), ("Turbo", 2), ("Topaz", 7), ("Odd", 7)]


def test_models_can_be_hidden_and_shown_again_by_a_more_exact_name() -> None:
    assert priced({"oxen/*": "off"}) == [("Flux", 3), ("Turbo", 3)]
    assert priced({"*": "off", "oxen/topaz-upscale": 4}) == [("Topaz", 4)]


def test_only_the_star_stands_for_something() -> None:
    assert priced({"oxen/a.b[c]": 1, "onlysq.flux": 8, "ONLYSQ/flux": 8})[3] == ("Odd", 1)
    assert priced({"oxen/*topaz*scale": 1})[2] == ("Topaz", 1)
    assert priced({"oxen/topaz": 1})[2] == ("Topaz", 9)


def test_what_was_set_in_the_chat_counts_over_every_name_of_the_file() -> None:
    prices = Prices({"onlysq/flux": 5, "oxen/*": "off"}).under({"onlysq/flux": 8, "oxen/topaz-upscale": 0})
    assert prices_of(prices) == [("Flux", 8), ("Turbo", 3), ("Topaz", 0)]
    assert (prices.of(FLUX), prices.of(TURBO)) == ((8, "onlysq/flux"), (3, None))
    assert (prices.ruled("oxen/gone"), prices.ruled("gone/gone")) == (("off", "oxen/*"), None)


def test_a_file_of_prices_is_read(tmp_path: Path) -> None:
    text = '# ours\n"onlysq/*" = 1\n"oxen/topaz*" = "off"\n'
    assert prices_of(read_prices(written(tmp_path / "p.toml", text))) == [("Flux", 1), ("Turbo", 1), ("Odd", 9)]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('"a/b" = 1\n"a/c" = "cheap"\n', "line 2: a/c has no price"),
        ('"a/b" = -1\n', "line 1: a/b has no price"),
        ('"a/b" = true\n', "line 1: a/b has no price"),
        ('"a/b" = 1.5\n', "line 1: a/b has no price"),
        ('"a/b" = 1000001\n', "line 1: a/b has no price"),
        ('\n["a/b"]\nprice = 1\n', "line 2: a/b has no price"),
        ("a/b = 1\n", "at line 1"),
        ('"a/b" = 1\n"a/b" = 2\n', "at line 2"),
        ('"a/b"\n', "at line 1"),
        (f'"a/b" = {"9" * 5000}\n', "digits"),
        (f'"a/b" = {"[" * 5000}\n', "recursion"),
    ],
)
def test_a_broken_file_is_told_in_one_sentence_with_its_line(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(SettingsError) as caught:
        PriceFile(written(tmp_path / "p.toml", text))
    said = str(caught.value)
    assert said.startswith("PRICES_FILE: ")
    assert says in said
    assert 'a line looks like "onlysq/flux" = 2' in said
    assert "\n" not in said


def test_what_is_no_text_and_what_is_no_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "p.toml").write_bytes(b"\xff\xfe")
    for file in (tmp_path / "p.toml", tmp_path):
        with pytest.raises(SettingsError, match="PRICES_FILE"):
            PriceFile(file)


def test_a_file_that_is_missing_is_a_mistake_only_where_it_was_named(tmp_path: Path) -> None:
    assert prices_of(PriceFile(tmp_path / "p.toml").prices) == prices_of(Prices())
    with pytest.raises(SettingsError, match="cannot be read"):
        PriceFile(tmp_path / "p.toml", required=True)


def test_an_edit_counts_at_the_next_look(tmp_path: Path) -> None:
    prices = PriceFile(tmp_path / "p.toml")
    assert not prices.look()
    written(tmp_path / "p.toml", '"*" = 4')
    assert prices.look()
    assert not prices.look()
    assert prices_of(prices.prices)[0] == ("Flux", 4)
    (tmp_path / "p.toml").unlink()
    assert prices.look()
    assert prices_of(prices.prices)[0] == ("Flux", 3)


def test_a_broken_edit_changes_nothing_until_it_is_mended(tmp_path: Path) -> None:
    prices = PriceFile(written(tmp_path / "p.toml", '"*" = 4'))
    written(tmp_path / "p.toml", '"*" = ')
    assert not prices.look()
    assert prices_of(prices.prices)[0] == ("Flux", 4)
    written(tmp_path / "p.toml", '"*" = 5')
    assert prices.look()
    assert prices_of(prices.prices)[0] == ("Flux", 5)
