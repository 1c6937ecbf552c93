"""Texts written in HTML or Markdown, turned into words and entities as the official server does it.

Errors name the place in bytes, in the official words.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from html import unescape
from typing import Any, NoReturn

from bot.sandbox.errors import wrong_call
from bot.sandbox.texts import Entity, utf16_len

# Which text goes with which list of entities, wherever they stand.
PAIRS = (("text", "entities"), ("caption", "caption_entities"), ("message_text", "entities"))

TAGS = {
    **dict.fromkeys(("b", "strong"), "bold"),
    **dict.fromkeys(("i", "em"), "italic"),
    **dict.fromkeys(("u", "ins"), "underline"),
    **dict.fromkeys(("s", "strike", "del"), "strikethrough"),
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "a": "text_link",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "tg-emoji": "custom_emoji",
}
TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9-]*)((?:\s+[\w-]+(?:\s*=\s*(?:\"[^\"]*\"|'[^']*'|[^\s>]+))?)*)\s*>")
ATTRIBUTE = re.compile(r"([\w-]+)(?:\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s>]+)))?")
LETTER = re.compile(r"&(?:lt|gt|amp|quot|#\d+|#x[0-9a-fA-F]+);")

MARKS = {"*": "bold", "_": "italic", "__": "underline", "~": "strikethrough", "||": "spoiler"}
RESERVED = frozenset("_*[]()~`>#+-=|{}.!")
CODE = re.compile(r"```(?:([\w+-]+)\n|\n?)((?:\\.|[^\\])*?)```|`((?:\\.|[^`\\])*)`", re.DOTALL)
LINK = re.compile(r"\]\(((?:\\.|[^)\\])*)\)")
MARK = re.compile(r"\|\||__|[*_~]")


@dataclass(slots=True)
class Written:
    """What has been read so far; `open` are the entities that wait for their end."""

    source: str
    text: str = ""
    entities: list[Entity] = field(default_factory=list)
    open: list[tuple[str, Entity, int]] = field(default_factory=list)

    def begin(self, name: str, entity: Entity, at: int) -> None:
        """An entity begins; `at` is where it was written."""
        self.open.append((name, {**entity, "offset": utf16_len(self.text)}, at))

    def end(self, extra: Mapping[str, Any] | None = None) -> None:
        """The newest open entity ends; one without words is left out."""
        _, entity, _ = self.open.pop()
        entity |= {"length": utf16_len(self.text) - entity["offset"], **(extra or {})}
        if entity["length"] and entity["type"] != "none":
            self.entities.append(entity)

    def byte(self, at: int) -> int:
        """A place in the source in bytes."""
        return len(self.source[:at].encode("utf-8", "surrogatepass"))

    def fail(self, words: str) -> NoReturn:
        """Raise ApiError."""
        raise wrong_call(f"can't parse entities: {words}")


def resolved(values: Mapping[str, Any]) -> dict[str, Any]:
    """The same parameters with entities in the place of a mode. Raises ApiError for markup that is wrong."""
    mode = values.get("parse_mode")
    kept = {name: value for name, value in values.items() if name != "parse_mode"}
    if not mode:
        return kept
    read = MODES.get(str(mode).casefold())
    if read is None:
        raise wrong_call("unsupported parse_mode")
    for words, entities in PAIRS:
        if isinstance(kept.get(words), str):
            written = read(kept[words])
            kept[words] = written.text
            kept[entities] = sorted(written.entities, key=lambda one: (one["offset"], -one["length"]))
    return kept


def read_html(source: str) -> Written:
    """Words and entities of a text in HTML."""
    written, at = Written(source), 0
    while at < len(source):
        if source[at] == "<":
            at = _tag(written, at)
        elif found := LETTER.match(source, at):
            written.text += unescape(found[0])
            at = found.end()
        else:
            written.text += source[at]
            at += 1
    if written.open:
        written.fail(f'Can\'t find end tag corresponding to start tag "{written.open[-1][0]}"')
    return written


def _tag(written: Written, at: int) -> int:
    found = TAG.match(written.source, at)
    if found is None:
        word = re.match(r"</?([^\s>]*)", written.source[at:])
        written.fail(f'Unsupported start tag "{word[1] if word else ""}" at byte offset {written.byte(at)}')
    name = found[2].lower()
    if found[1]:
        _end_tag(written, name, at)
    else:
        _start_tag(written, name, found[3], at)
    return found.end()


def _end_tag(written: Written, name: str, at: int) -> None:
    if not written.open:
        written.fail(f"Unexpected end tag at byte offset {written.byte(at)}")
    opened = written.open[-1][0]
    if opened != name:
        place = written.byte(at)
        written.fail(f'Unmatched end tag at byte offset {place}, expected "</{opened}>", found "</{name}>"')
    written.end()


def _start_tag(written: Written, name: str, rest: str, at: int) -> None:
    given = {one[1].lower(): unescape(one[2] or one[3] or one[4] or "") for one in ATTRIBUTE.finditer(rest)}
    if name not in TAGS or (name == "span" and given.get("class") != "tg-spoiler"):
        written.fail(f'Unsupported start tag "{name}" at byte offset {written.byte(at)}')
    written.begin(name, _entity(written, name, given), at)


def _entity(written: Written, name: str, given: Mapping[str, str]) -> Entity:
    match name:
        case "a":
            return link(given["href"]) if given.get("href") else {"type": "none"}
        case "tg-emoji":
            return {"type": "custom_emoji", "custom_emoji_id": given.get("emoji-id", "")}
        case "blockquote" if "expandable" in given:
            return {"type": "expandable_blockquote"}
        case "code" if written.open and written.open[-1][0] == "pre" and "class" in given:
            written.open[-1][1]["language"] = given["class"].removeprefix("language-")
            return {"type": "none"}
    return {"type": TAGS[name]}


def link(address: str) -> Entity:
    """A link, which may lead to a person or stand for an emoji."""
    if user := re.fullmatch(r"tg://user\?id=(\d+)", address):
        return {"type": "text_mention", "user": {"id": int(user[1]), "is_bot": False, "first_name": "?"}}
    if emoji := re.fullmatch(r"tg://emoji\?id=(\d+)", address):
        return {"type": "custom_emoji", "custom_emoji_id": emoji[1]}
    return {"type": "text_link", "url": address}


def read_markdown(source: str) -> Written:
    """Words and entities of a text in MarkdownV2."""
    written, at = Written(source), 0
    while at < len(source):
        at = _step(written, at)
    while written.open and written.open[-1][0] == ">":
        written.end()
    if written.open:
        _, entity, place = written.open[-1]
        kind = entity["type"].replace("_", " ").title().replace(" ", "")
        written.fail(f"Can't find end of {kind} entity at byte offset {written.byte(place)}")
    return written


def _step(written: Written, at: int) -> int:
    """Read what stands at one place; returns the next."""
    source, letter = written.source, written.source[at]
    if letter == "\\" and at + 1 < len(source):
        written.text += source[at + 1]
        return at + 2
    if letter == "`" and (found := CODE.match(source, at)):
        return _code(written, found)
    if letter in ">\n":
        return _quote(written, at)
    if letter == "[" or source.startswith("![", at):
        written.begin("[", {"type": "text_link"}, at)
        return at + (1 if letter == "[" else 2)
    if letter == "]" and written.open and written.open[-1][0] == "[" and (found := LINK.match(source, at)):
        written.end(link(re.sub(r"\\(.)", r"\1", found[1])))
        return found.end()
    if found := MARK.match(source, at):
        return _mark(written, found)
    if letter in RESERVED:
        written.fail(f"Character '{letter}' is reserved and must be escaped with the preceding '\\'")
    written.text += letter
    return at + 1


def _code(written: Written, found: re.Match[str]) -> int:
    written.begin("`", {"type": "code" if found[3] is not None else "pre"}, found.start())
    written.text += re.sub(r"\\([`\\])", r"\1", found[3] if found[3] is not None else found[2])
    written.end({"language": found[1]} if found[1] else None)
    return found.end()


def _quote(written: Written, at: int) -> int:
    """A line that begins with > belongs to a quote, which goes on as long as its lines do; `||` at its end folds it."""
    source = written.source
    quoted = bool(written.open) and written.open[-1][0] == ">"
    if source[at] == "\n":
        if quoted and not source.startswith(">", at + 1):
            written.end()
        written.text += "\n"
        return at + 1
    if at and source[at - 1] != "\n":
        written.fail("Character '>' is reserved and must be escaped with the preceding '\\'")
    if not quoted:
        written.begin(">", {"type": "blockquote"}, at)
    return at + 1


def _mark(written: Written, found: re.Match[str]) -> int:
    mark, at = found[0], found.start()
    names = [name for name, _, _ in written.open]
    if mark == "||" and names and names[-1] == ">" and re.match(r"\|\|(\n(?!>)|$)", written.source[at:]):
        written.end({"type": "expandable_blockquote"})
        return found.end()
    if names and names[-1] == mark:
        written.end()
    else:
        written.begin(mark, {"type": MARKS[mark]}, at)
    return found.end()


def read_old_markdown(source: str) -> Written:
    """Words and entities of a text in the first Markdown, in which nothing lies inside of anything else."""
    written, at = Written(source), 0
    one = re.compile(
        r"\\([_*`\[])|```(?:(\w+)\n)?(.*?)```|`([^`]*)`|\*([^*]*)\*|_([^_]*)_|\[([^]]*)\]\(([^)]*)\)", re.DOTALL
    )
    while at < len(source):
        found = one.match(source, at)
        if found is None and source[at] in "_*`[":
            written.fail(f"Can't find end of the entity starting at byte offset {written.byte(at)}")
        if found is None or found[1]:
            written.text += found[1] if found else source[at]
        else:
            _old_entity(written, found)
        at = found.end() if found else at + 1
    return written


def _old_entity(written: Written, found: re.Match[str]) -> None:
    kinds = {3: "pre", 4: "code", 5: "bold", 6: "italic", 7: "text_link"}
    group = next(number for number in kinds if found[number] is not None)
    written.begin("", {"type": kinds[group]}, found.start())
    written.text += found[group]
    extra = link(found[8]) if group == 7 else {"language": found[2]} if found[2] else None
    written.end(extra)


MODES: Mapping[str, Callable[[str], Written]] = {
    "html": read_html,
    "markdownv2": read_markdown,
    "markdown": read_old_markdown,
}
