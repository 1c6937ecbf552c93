"""The catalogue and the code say the same: every key, every variable, every cause, in every language."""

import ast
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from fluent.runtime import FluentBundle, FluentResource
from fluent.runtime.resolver import Pattern
from fluent.runtime.types import FluentNone
from fluent.syntax import FluentParser
from fluent.syntax import ast as ftl
from fluent.syntax.visitor import Visitor

from bot.errors import Cause
from bot.start.rules import COMMANDS
from bot.texts import FALLBACK, Texts, Translator
from tests.test_architecture import FILES, ROOT, tree

LOCALES = ROOT / "locales"
LANGUAGES = sorted(folder.name for folder in LOCALES.iterdir() if any(folder.glob("*.ftl")))
OTHERS = [language for language in LANGUAGES if language != FALLBACK]
KEY = re.compile(r"[a-z]+(-[a-z0-9]+)+")

# Who says a sentence: the translator itself under its usual names, and errors that name what will be said.
SPEAKERS = re.compile(r"t|translate|[\w.]*\.t|[\w.]*Error")


class Variables(Visitor):
    """Names of the variables in a message."""

    def __init__(self) -> None:
        self.names: set[str] = set()

    def visit_VariableReference(self, node: ftl.VariableReference) -> None:  # noqa: N802  the library calls it so
        self.names.add(node.id.name)


@cache
def catalogue(language: str) -> dict[str, frozenset[str]]:
    """Variables of each message, by key."""
    return {key: variables for path in sorted((LOCALES / language).glob("*.ftl")) for key, variables in messages(path)}


def messages(path: Path) -> Iterator[tuple[str, frozenset[str]]]:
    for entry in FluentParser().parse(path.read_text("utf-8")).body:
        assert not isinstance(entry, ftl.Junk), f"{path}: {entry.content}"
        if isinstance(entry, ftl.Message):
            found = Variables()
            found.visit(entry)
            yield entry.id.name, frozenset(found.names)


def calls() -> Iterator[tuple[str, str, ast.Call]]:
    """Every sentence said in code with its key written out: where, key, call."""
    for path in FILES:
        for node in ast.walk(tree(path)):
            if not isinstance(node, ast.Call) or not node.args or not SPEAKERS.fullmatch(ast.unparse(node.func)):
                continue
            key = node.args[0]
            if isinstance(key, ast.Constant) and isinstance(key.value, str) and KEY.fullmatch(key.value):
                yield f"{path.relative_to(ROOT)}:{node.lineno}", key.value, node


def written() -> Iterator[str]:
    """Every string of the code that could be a key, and patterns of those that are put together."""
    for path in FILES:
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and KEY.fullmatch(node.value):
                yield re.escape(node.value)
            elif isinstance(node, ast.JoinedStr):
                parts = [re.escape(str(part.value)) if isinstance(part, ast.Constant) else ".+" for part in node.values]
                if re.match(r"[a-z]+\\?-", parts[0]):
                    yield "".join(parts)


@pytest.mark.parametrize("language", OTHERS)
def test_every_language_says_the_same_things(language: str) -> None:
    assert set(catalogue(language)) == set(catalogue(FALLBACK))


@pytest.mark.parametrize("language", OTHERS)
def test_every_language_uses_the_same_variables(language: str) -> None:
    ours, theirs = catalogue(FALLBACK), catalogue(language)
    assert {key: (ours[key], theirs[key]) for key in ours if key in theirs and ours[key] != theirs[key]} == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_key_is_given_twice(language: str) -> None:
    keys = [key for path in sorted((LOCALES / language).glob("*.ftl")) for key, _ in messages(path)]
    assert sorted(keys) == sorted(set(keys))


def test_every_sentence_that_is_said_is_in_the_catalogue() -> None:
    assert [(where, key) for where, key, _ in calls() if key not in catalogue(FALLBACK)] == []


def test_every_sentence_is_said_with_the_variables_it_needs() -> None:
    lacking = []
    for where, key, call in calls():
        given = {keyword.arg for keyword in call.keywords}
        if None not in given and not catalogue(FALLBACK).get(key, frozenset()) <= given:
            lacking.append((where, key, sorted(catalogue(FALLBACK)[key])))
    assert lacking == []


def test_every_sentence_in_the_catalogue_is_said() -> None:
    said = re.compile("|".join(sorted(set(written()))))
    assert [key for key in catalogue(FALLBACK) if not said.fullmatch(key)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_cause_and_command_has_its_sentence(language: str) -> None:
    wanted = {f"{of}-{cause}" for of in ("failure", "stats-cause") for cause in Cause}
    wanted |= {f"command-{name}" for name in COMMANDS}
    assert wanted - set(catalogue(language)) == set()


def test_files_of_sentences_are_named_as_features() -> None:
    names = {path.stem for path in (LOCALES / FALLBACK).glob("*.ftl")}
    for language in OTHERS:
        assert {path.stem for path in (LOCALES / language).glob("*.ftl")} == names


@pytest.mark.parametrize(
    ("wish", "language"), [("ru", "ru"), ("ru-RU", "ru"), ("en-GB", "en"), ("tlh", "en"), (None, "en")]
)
def test_a_person_is_answered_in_the_nearest_language(wish: str | None, language: str) -> None:
    assert Texts.load().negotiate(wish).language == language


def test_what_was_chosen_counts_before_what_the_app_says() -> None:
    assert Texts.load().negotiate("en", "ru").language == "en"
    assert Texts.load().negotiate(None, "ru").language == "ru"


def test_a_number_is_said_the_same_each_time() -> None:
    t = Texts.load(strict=True).translator("ru")
    first = [t("imagine-credits-left", credits=number) for number in (1, 2, 5, 99_000)]
    assert first == [t("imagine-credits-left", credits=number) for number in (1, 2, 5, 99_000)]
    assert len(set(first)) == 4


@pytest.mark.parametrize(("language", "written"), [("en", "99,000"), ("ru", "99\N{NO-BREAK SPACE}000")])
def test_numbers_are_written_as_the_language_does(language: str, written: str) -> None:
    assert written in Texts.load(strict=True).translator(language)("imagine-credits-left", credits=99_000)


class Counted(FluentBundle):
    """Notes the values of each sentence that is put together."""

    def __init__(self) -> None:
        super().__init__(["en"], use_isolating=False)
        self.asked: list[Mapping[str, Any] | None] = []

    def format_pattern(
        self, pattern: Pattern, args: dict[str, Any] | None = None
    ) -> tuple[str | FluentNone, list[Exception]]:
        self.asked.append(args)
        return super().format_pattern(pattern, args)


def test_a_sentence_with_words_of_people_is_not_remembered() -> None:
    bundle = Counted()
    bundle.add_resource(FluentResource("took = { $seconds } s\nwithout = without { $what }\n"))
    t = Translator("en", [bundle])
    for _ in range(2):
        assert (t("without", what="rain"), t("took", seconds=8)) == ("without rain", "8 s")
    assert bundle.asked == [{"what": "rain"}, {"seconds": 8}, {"what": "rain"}]
