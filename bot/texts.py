"""Every sentence the bot says, by key and language. The sentences live in `locales/<language>/<feature>.ftl`.

In the catalogue a key is `feature-thing`. English is complete by test, so it stands in wherever a language lacks a
sentence.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from pathlib import Path

import babel.core
import babel.localedata
from fluent.runtime import FluentBundle
from fluent.runtime.errors import FluentFormatError
from fluent.syntax import FluentParser
from fluent.syntax.ast import Resource

from bot.errors import BotError, SettingsError

FALLBACK = "en"

# Sentences that a translator remembers. None of them has words of people in it: at most numbers.
REMEMBERED = 512

# What sentences need of all that babel knows of a language: the rest are names of places, money, units and times.
SPOKEN = {"plural_form", "number_symbols", "default_numbering_system", "numbering_systems", "decimal_formats"}

# Joiners and selectors that would dangle when the character after them is cut off.
_DANGLING = "\u200d\ufe0e\ufe0f"


class TextMissing(BotError):
    """No language has this key, or a variable of the sentence was not given. Raised in strict mode only."""


@dataclass(frozen=True, slots=True)
class Language:
    """A language the bot speaks: its IETF tag and what its speakers call it."""

    tag: str
    name: str


class Translator:
    """Speaks one language: `t("imagine-queued", place=3)`."""

    def __init__(self, language: str, bundles: Iterable[FluentBundle], *, strict: bool = False) -> None:
        self.language = language
        self._bundles = tuple(bundles)
        self._strict = strict
        self._remembered = lru_cache(REMEMBERED)(self._find)

    def __call__(self, key: str, /, **values: str | int) -> str:
        """The sentence for `key`.

        Whole numbers are grouped as the language does (pass ids and seeds as strings).
        Raises TextMissing in strict mode; otherwise a missing sentence is said in English, or by its key.
        """
        if all(type(value) is int for value in values.values()):
            return self._remembered(key, *values.items())
        return self._find(key, *values.items())

    def _find(self, key: str, *given: tuple[str, str | int]) -> str:
        values = dict(given)
        for bundle in self._bundles:
            if bundle.has_message(key):
                return self._said(bundle, key, values)
        if self._strict:
            raise TextMissing(f"no sentence {key!r} in {self.language!r}")
        return key

    def _said(self, bundle: FluentBundle, key: str, values: dict[str, str | int]) -> str:
        pattern = bundle.get_message(key).value
        text, errors = bundle.format_pattern(pattern, values) if pattern else ("", [FluentFormatError("empty")])
        if errors and self._strict:
            raise TextMissing(f"sentence {key!r} in {self.language!r}: {errors[0]}")
        return str(text)


class Texts:
    """The whole catalogue. Make it with `Texts.load`."""

    def __init__(self, folder: Path, default_language: str, *, strict: bool) -> None:
        self._folder = folder
        self._strict = strict
        self._tags = tuple(sorted(entry.name for entry in folder.iterdir() if any(entry.glob("*.ftl"))))
        self._translators: dict[str, Translator] = {}
        self._bundles: dict[str, FluentBundle] = {}
        self.default_language = self._known(default_language) or FALLBACK

    @classmethod
    def load(cls, default_language: str = FALLBACK, *, strict: bool = False, folder: Path | None = None) -> "Texts":
        """Find the catalogue: beside the package when installed, else in the project's root.

        Raises SettingsError when there is no catalogue or `default_language` is not in it.
        """
        texts = cls(folder or _find(), default_language, strict=strict)
        if texts._known(default_language) is None:
            raise SettingsError(f"DEFAULT_LANGUAGE: {default_language!r} is none of {', '.join(texts._tags)}")
        return texts

    @cached_property
    def languages(self) -> tuple[Language, ...]:
        """What can be chosen, the default language first."""
        tags = sorted(self._tags, key=lambda tag: (tag != self.default_language, tag))
        return tuple(Language(tag, self.translator(tag)("language-name")) for tag in tags)

    def negotiate(self, *wishes: str | None) -> Translator:
        """The first wish that the bot speaks (`pt-BR` is content with `pt`), else the default language."""
        known = (self._known(wish) for wish in wishes if wish)
        return self.translator(next((tag for tag in known if tag), self.default_language))

    def translator(self, tag: str) -> Translator:
        """The translator for exactly this tag, which must be one of `languages`. Read from disk once."""
        if tag not in self._translators:
            bundles = (self._bundle(each) for each in dict.fromkeys((tag, FALLBACK)) if each in self._tags)
            self._translators[tag] = Translator(tag, bundles, strict=self._strict)
        return self._translators[tag]

    def everywhere(self, key: str) -> frozenset[str]:
        """The same sentence in every language: to recognize what the bot said itself."""
        return frozenset(self.translator(tag)(key) for tag in self._tags)

    def _known(self, wish: str) -> str | None:
        by_lower = {tag.lower(): tag for tag in self._tags}
        wish = wish.lower().replace("_", "-")
        return by_lower.get(wish) or by_lower.get(wish.partition("-")[0])

    def _bundle(self, tag: str) -> FluentBundle:
        if tag not in self._bundles:
            bundle = FluentBundle([tag], use_isolating=False)  # the marks would end up in what people copy
            _forget_unspoken()
            for file in sorted((self._folder / tag).glob("*.ftl")):
                bundle.add_resource(_sentences(file))
            self._bundles[tag] = bundle
        return self._bundles[tag]


@cache
def _sentences(file: Path) -> Resource:
    """What is in a file. Read once in a process: that takes longer than everything else at a start."""
    return FluentParser(with_spans=False).parse(file.read_text("utf-8"))


def _forget_unspoken() -> None:
    """Give back what babel fills with each language for good; its index of all languages it reads again when needed."""
    for known in babel.localedata._cache.values():  # noqa: SLF001  nothing public lets go of it
        for name in known.keys() - SPOKEN:
            del known[name]
    babel.core._global_data = None  # noqa: SLF001  as above


def utf16_len(text: str) -> int:
    """Length as Telegram counts it: in UTF-16 units, where most emoji are two."""
    return len(text) + sum(character > "\uffff" for character in text)


def cut_utf16(text: str, limit: int) -> str:
    """`text`, or as much of it as fits `limit` UTF-16 units with an ellipsis at its end."""
    if utf16_len(text) <= limit:
        return text
    kept, used = 0, 1  # one unit for the ellipsis
    for character in text:
        used += 2 if character > "\uffff" else 1
        if used > limit:
            break
        kept += 1
    return text[:kept].rstrip().rstrip(_DANGLING) + "…"


def _find() -> Path:
    package = Path(__file__).parent
    for folder in (package / "locales", package.parent / "locales"):
        if folder.is_dir():
            return folder
    raise SettingsError("the folder of sentences, locales, is missing from this installation")
