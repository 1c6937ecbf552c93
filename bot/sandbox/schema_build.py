"""Builds `schema.json.gz` from the description of the Bot API in aiogram's source archive.

Run it when aiogram moves to a newer Bot API:

    pip download --no-binary :all: --no-deps aiogram==<version>
    python -m bot.sandbox.schema_build aiogram-<version>.tar.gz

The result keeps what a call can be checked against: names, types, what is required, and the limits and constants
that the prose states. A field is `{"type": …, "required": true, "max": 1024, "unit": "characters", "one_of": […]}`.
A type is a name, a list of names (any of them), or `{"array": type}`.
"""

import gzip
import json
import re
import sys
import tarfile
from pathlib import Path
from typing import Any

TARGET = Path(__file__).with_name("schema.json.gz")
INSIDE = ".butcher/schema/schema.json"

COUNTED = re.compile(r"\b(\d+)-(\d+) (characters|bytes|items)\b", re.IGNORECASE)
LISTED = re.compile(r"[Ll]ist of (?:at most )?(?:(\d+)-)?(\d+) ")
VALUES = re.compile(r"[Vv]alues between (\d+)-(\d+)|; (\d+)-(\d+)(?:\.|$)")
CONSTANT = re.compile(r"(?:[Tt]ype|source|state|status|origin|[Ss]cope)\b[^.]*?, (?:must be|always) '?([a-z0-9_]+)'?$")
CHOICE = re.compile(r"(?:[Mm]ust be|[Cc]an be|[Oo]ne of|either)(?: one of)? '([a-z_A-Z]+)'((?:[^.']*'[a-z_A-Z]+')+)")
ENTITY = re.compile(r"'([a-z_]+)' \(")
AT_MOST = re.compile(r"(?:[Aa]t most|[Nn]o more than) (\d+) (?:commands|results)")
MEMBER = re.compile(r"^ ?- ([A-Z]\w+)$", re.MULTILINE)


def build(archive: Path) -> dict[str, Any]:
    """The trimmed schema from a source archive (`.tar.gz`) or from its `schema.json`."""
    raw = json.loads(_text(archive))
    things = [thing for group in raw["items"] for thing in group["children"]]
    return {
        "version": raw["api"]["version"],
        "methods": {thing["name"]: _fields(thing) for thing in things if thing["category"] == "methods"},
        "types": {thing["name"]: _fields(thing) for thing in things if thing["category"] == "types"},
        "unions": {thing["name"]: members for thing in things if (members := _members(thing))},
    }


def _text(archive: Path) -> bytes:
    if archive.suffix == ".json":
        return archive.read_bytes()
    with tarfile.open(archive) as tar:
        name = next(name for name in tar.getnames() if name.endswith(INSIDE))
        found = tar.extractfile(name)
        if found is None:
            raise SystemExit(f"{name} in {archive} is not a file")
        return found.read()


def _members(thing: dict[str, Any]) -> list[str]:
    if thing["category"] != "types" or thing["annotations"]:
        return []
    return MEMBER.findall(thing["description"])


def _fields(thing: dict[str, Any]) -> dict[str, Any]:
    return {field["name"]: _field(field) for field in thing["annotations"]}


def _field(field: dict[str, Any]) -> dict[str, Any]:
    kind = _kind(field["type"])
    kept: dict[str, Any] = {"type": kind}
    if field["required"]:
        kept["required"] = True
    return kept | _limits(kind, field["description"]) | _choices(kind, field["name"], field["description"])


def _kind(words: str) -> Any:
    if words.startswith("Array of "):
        return {"array": _kind(words.removeprefix("Array of "))}
    names = re.split(r", | and | or ", words)
    return names if len(names) > 1 else words


def _limits(kind: Any, prose: str) -> dict[str, Any]:
    if kind == "String" and (found := COUNTED.search(prose)):
        return {"min": int(found[1]), "max": int(found[2]), "unit": found[3].lower()}
    if isinstance(kind, dict) and (found := LISTED.search(prose) or COUNTED.search(prose)):
        return {"min": int(found[1] or 0), "max": int(found[2]), "unit": "items"}
    if isinstance(kind, dict) and (found := AT_MOST.search(prose)):
        return {"min": 0, "max": int(found[1]), "unit": "items"}
    if kind == "Integer" and (found := VALUES.search(prose)):
        low, high = (int(number) for number in found.groups() if number is not None)
        return {"min": low, "max": high, "unit": "value"}
    return {}


def _choices(kind: Any, name: str, prose: str) -> dict[str, Any]:
    if kind != "String":
        return {}
    if prose.startswith("Type of the entity"):
        return {"one_of": ENTITY.findall(prose)}
    if name in {"type", "source", "status"} and (found := CONSTANT.search(prose)):
        return {"one_of": [found[1]]}
    if found := CHOICE.search(prose):
        return {"one_of": [found[1], *re.findall(r"'([a-z_A-Z]+)'", found[2])]}
    return {}


def main() -> None:
    """Write the schema beside this file."""
    text = json.dumps(build(Path(sys.argv[1])), separators=(",", ":"), sort_keys=True)
    TARGET.write_bytes(gzip.compress(text.encode(), compresslevel=9, mtime=0))


if __name__ == "__main__":
    main()
