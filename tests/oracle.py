"""What must be true after every conversation, whatever happened in it."""

import json
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from bot.chats.rules import ZONES
from bot.imagine.rules import UNFINISHED, Status
from bot.presets.rules import SHIPPED
from bot.privacy.export import NAME as EXPORTED
from bot.sandbox.calls import Record
from bot.sandbox.model import Message
from bot.sandbox.server import Sandbox
from bot.storage.database import Database
from bot.users.rules import FORGOTTEN
from tests.test_architecture import ROOT
from tests.vaults import opened

# Shorter words are found by chance.
LONG_ENOUGH = 5
WORD = re.compile(r"[^\W\d_]{3,}")
CODE = re.compile(r"\b[0-9a-f]{8}\b")  # by which an admin finds the reason in the log

# Words that are no sentences: names of what can be chosen and typed, and what an entity may show.
NAMES = {
    "onlysq",
    "flux",
    "openai",
    "gpt",
    "image",
    "mini",
    "sketch",
    "default",
    "test",
    "http",
    "https",
    "jpg",
    "jpeg",
    "png",
}
NAMES |= {word.casefold() for zone in ZONES for word in re.split("[/_]", zone)}


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a conversation left behind. `secrets` must be nowhere in it; in the chat `storage` may lie stray copies."""

    sandbox: Sandbox
    database: Database
    data_dir: Path
    log: str
    secrets: tuple[str, ...]
    storage: int | None = None


async def examine(evidence: Evidence) -> list[str]:
    """Everything that is wrong; empty when all is well."""
    return [
        *await _books(evidence.database),
        *await _holds(evidence.database),
        *await _owners(evidence.database, evidence.data_dir),
        *await _pictures(evidence),
        *_violations(evidence.sandbox),
        *await _foreign_words(evidence),
        *_secrets(evidence),
        *await _words_in_the_log(evidence),
        *await _words_on_the_disk(evidence),
    ]


async def _rows(database: Database, sql: str) -> list[dict[str, object]]:
    async with database.read() as tx:
        return await opened(tx, await tx.fetch(sql, {}))


SIGNS = {"grant": (1, 0), "release": (1, -1), "hold": (-1, 1), "settle": (0, -1), "revoke": (-1, 0)}


async def _books(database: Database) -> list[str]:
    """Balances are what the entries add up to, in each pocket."""
    wanted: dict[object, Counter[str]] = {}
    for entry in await _rows(database, "SELECT * FROM entries"):
        free, held = SIGNS[str(entry["kind"])]
        balance = wanted.setdefault(entry["user_id"], Counter())
        daily, kept = int(str(entry["daily"])), int(str(entry["kept"]))
        balance.update({"daily": free * daily, "kept": free * kept, "held": held * (daily + kept)})
    found = {row["user_id"]: row for row in await _rows(database, "SELECT * FROM balances")}
    return [
        f"balance of {user_id}: {found.get(user_id)} instead of {dict(balance)}"
        for user_id, balance in wanted.items()
        if any(found.get(user_id, {}).get(pocket, 0) != balance[pocket] for pocket in ("daily", "kept", "held"))
    ]


async def _holds(database: Database) -> list[str]:
    """Credits are held for exactly the generations that have not ended; only delivered ones are paid."""
    ends = {str(row["source"]): str(row["kind"]) for row in await _rows(database, ENDS)}
    held = {str(row["source"]) for row in await _rows(database, "SELECT source FROM entries WHERE kind = 'hold'")}
    paid = {str(row["source"]): row["paid"] for row in await _rows(database, PAID)}
    wrong = []
    for row in await _rows(database, "SELECT generation_id, status, price FROM generations"):
        generation_id, status = str(row["generation_id"]), Status(str(row["status"]))
        if not row["price"]:
            held.discard(generation_id)
            continue
        wanted = None if status in UNFINISHED else "settle" if status is Status.DELIVERED else "release"
        if generation_id not in held or ends.get(generation_id) != wanted:
            wrong.append(f"{status} generation {generation_id} has end {ends.get(generation_id)}")
        if wanted == "settle" and paid.get(generation_id) != row["price"]:
            wrong.append(f"generation {generation_id} is worth {row['price']} and {paid.get(generation_id)} was paid")
        held.discard(generation_id)
    return [*wrong, *(f"hold without generation: {source}" for source in held)]


PAID = "SELECT source, daily + kept AS paid FROM entries WHERE kind = 'settle'"
ENDS = "SELECT source, kind FROM entries WHERE kind IN ('settle', 'release')"

LETTERS = "SELECT letter FROM broadcasts"

ORPHANS = {
    "broadcast that nobody sends": """SELECT broadcast_id AS what FROM broadcasts WHERE state = 'running'
        AND broadcast_id NOT IN (SELECT subject FROM jobs WHERE kind = 'broadcast')""",
    "people of a broadcast that is over": """SELECT DISTINCT broadcast_id AS what FROM broadcast_people
        WHERE broadcast_id NOT IN (SELECT subject FROM jobs WHERE kind = 'broadcast')""",
    "post that nobody publishes": """SELECT post_id AS what FROM posts
        WHERE state IN ('planned', 'sending', 'begun') AND post_id NOT IN (SELECT subject FROM jobs)""",
    "job without a post on its way": """SELECT subject AS what FROM jobs WHERE kind IN ('post', 'post-later')
        AND subject NOT IN (SELECT post_id FROM posts WHERE state IN ('planned', 'sending', 'begun'))""",
    "job without unfinished generation": """SELECT subject AS what FROM jobs WHERE subject NOT IN
        (SELECT generation_id FROM generations WHERE status IN ('queued', 'drawing', 'ready'))
        AND kind NOT IN ('post', 'post-later')
        AND kind NOT IN ('take-away', 'broadcast', 'report', 'export', 'forget', 'review')""",
    "unfinished generation without job": """SELECT generation_id AS what FROM generations
        WHERE status IN ('queued', 'drawing', 'ready') AND generation_id NOT IN (SELECT subject FROM jobs)""",
    "picture that nobody is asked to look at": """SELECT generation_id AS what FROM reviews WHERE verdict IS NULL
        AND generation_id IN (SELECT generation_id FROM generations WHERE deleted_at IS NULL
          AND (status = 'delivered' OR (status = 'ready' AND cause = 'held')))
        AND generation_id NOT IN (SELECT subject FROM jobs WHERE kind = 'review')""",
    "shelf without generation": """SELECT generation_id AS what FROM shelf WHERE generation_id NOT IN
        (SELECT generation_id FROM generations)""",
    "shelf kept for ever": """SELECT generation_id AS what FROM shelf WHERE kept_until IS NULL AND generation_id NOT IN
        (SELECT generation_id FROM generations WHERE status = 'ready')""",
    "update that nobody ended": "SELECT update_id AS what FROM inbox WHERE state = 'new'",
    "update that could not be handled": "SELECT update_id AS what FROM inbox WHERE state = 'set_aside'",
    "words of a handled update": "SELECT update_id AS what FROM inbox WHERE state = 'done' AND raw <> ''",
    "message that was not sent": "SELECT outbox_id AS what FROM outbox WHERE attempts >= 0 AND method <> ''",
}


async def _owners(database: Database, data_dir: Path) -> list[str]:
    """Nothing is left that nobody would ever come back to."""
    found = [f"{what}: {row['what']}" for what, sql in ORPHANS.items() for row in await _rows(database, sql)]
    rows = await _rows(database, "SELECT file, original FROM shelf")
    known = {str(row[name]) for row in rows for name in ("file", "original") if row[name]}
    on_disk = {path.name for path in (data_dir / "shelf").iterdir()}
    return [
        *found,
        *(f"file without row: {name}" for name in sorted(on_disk - known)),
        *(f"row without file: {name}" for name in sorted(known - on_disk)),
        *(f"left in the spool: {path.name}" for path in (data_dir / "spool").iterdir()),
    ]


async def _pictures(evidence: Evidence) -> list[str]:
    """What was charged was in its chat, once, and no picture came from nowhere."""
    every = await _rows(evidence.database, "SELECT * FROM generations")
    # Where the pictures of the forgotten were, nobody knows any more; they stay in their chats.
    ended = [row for row in every if int(str(row["user_id"])) > FORGOTTEN]
    delivered = [_where(row) for row in ended if row["status"] == Status.DELIVERED]
    files = {row[name] for row in ended for name in ("file_id", "original_id") if row[name]}
    files |= {json.loads(str(row["letter"]))["params"].get("photo") for row in await _rows(evidence.database, LETTERS)}
    now = {
        ("inline", message.inline_id) if message.inline_id else (message.chat.chat_id, message.message_id): message
        for message in _by_bots(evidence.sandbox)
    }
    shown: set[tuple[object, object]] = {where for where, message in now.items() if message.media}
    # A picture that was put there and that a person deleted since is paid for all the same.
    edits = evidence.sandbox.calls_of("editMessageMedia")
    shown |= {_edited(record) for record in edits if record.ok}
    chats = (message for message in now.values() if message.chat.chat_id != evidence.storage)
    media = ((message, message.media.file) for message in chats if message.media)
    strangers = [message for message, file in media if file.file_id not in files and not _is_for_staff(file.name)]
    if len(ended) < len(every):
        strangers = []
    return [
        *(f"charged and not in the chat: {where}" for where in delivered if where not in shown),
        *(f"one message for several pictures: {where}" for where, count in Counter(delivered).items() if count > 1),
        *(f"a picture from nowhere: message {message.message_id}" for message in strangers),
    ]


def _is_for_staff(name: str) -> bool:
    """Whether a file holds figures, a picture to be looked at before it is shown, or what is kept about somebody."""
    return name.startswith(("figures-", "held.")) or name == EXPORTED


def _where(row: dict[str, object]) -> tuple[object, object]:
    return ("inline", row["inline_id"]) if row["inline_id"] else (row["chat_id"], row["note_id"])


def _edited(record: Record) -> tuple[object, object]:
    inline_id = record.values.get("inline_message_id")
    return ("inline", inline_id) if inline_id else (record.chat_id, record.values["message_id"])


def _violations(sandbox: Sandbox) -> list[str]:
    return [f"{record.method} is no such call: {record.description} {record.values}" for record in sandbox.violations]


async def _foreign_words(evidence: Evidence) -> list[str]:
    """Every word that was shown is in the catalogue, or was typed by a person, or is the id of a picture."""
    sandbox, rows = evidence.sandbox, await _rows(evidence.database, "SELECT generation_id FROM generations")
    known = {word.casefold() for word in WORD.findall(_catalogue())} | NAMES
    typed = (*_typed(sandbox), *(str(row["generation_id"]) for row in rows))
    known |= {word.casefold() for text in typed for word in WORD.findall(text)}
    strange = {
        text: words
        for text in _shown(sandbox)
        if (words := {word for word in WORD.findall(CODE.sub("", text)) if word.casefold() not in known})
    }
    return [f"words from nowhere {sorted(words)} in {text!r}" for text, words in strange.items()]


def _catalogue() -> str:
    """Sentences, and the presets that the bot comes with, which admins see as they are."""
    presets = (f"{preset.words} {preset.negative}" for preset in SHIPPED)
    return "\n".join([*(path.read_text("utf-8") for path in ROOT.glob("locales/*/*.ftl")), *presets])


def _typed(sandbox: Sandbox) -> Iterable[str]:
    for chat in sandbox.world.chats.values():
        yield chat.title
        for message in chat.messages.values():
            if message.via is None and (message.author is None or not message.author.is_bot):
                yield from (message.text, *message.past)
    yield from (asked.query for asked in sandbox.world.asked.values())
    for person in sandbox.world.people.values():
        yield person.first_name


def _shown(sandbox: Sandbox) -> Iterable[str]:
    for message in _by_bots(sandbox):
        yield from (message.text, *message.past)
        for row in (message.markup or {}).get("inline_keyboard", []):
            yield from (button["text"] for button in row)
    for query in sandbox.world.queries.values():
        yield str((query.answer or {}).get("text", ""))


def _by_bots(sandbox: Sandbox) -> Iterable[Message]:
    for chat in sandbox.world.chats.values():
        yield from (each for each in chat.messages.values() if each.via or (each.author and each.author.is_bot))


def _secrets(evidence: Evidence) -> list[str]:
    places = {"the log": evidence.log.encode()}
    places |= {f"{path.name}": path.read_bytes() for path in evidence.data_dir.rglob("*") if path.is_file()}
    places["a message"] = "\n".join(_shown(evidence.sandbox)).encode()
    return [
        f"a secret is in {place}"
        for place, content in places.items()
        if any(s.encode() in content for s in evidence.secrets)
    ]


async def _words_in_the_log(evidence: Evidence) -> list[str]:
    """What people ask for is nobody's business but theirs."""
    rows = await _rows(evidence.database, "SELECT DISTINCT prompt FROM generations")
    prompts = [json.dumps(row["prompt"])[1:-1] for row in rows if row["prompt"]]
    return [f"words of a person are in the log: {prompt}" for prompt in prompts if prompt in evidence.log]


async def _words_on_the_disk(evidence: Evidence) -> list[str]:
    """Nor does whoever has the database read it, or the pictures at Telegram."""
    rows = await _rows(evidence.database, "SELECT prompt, file_id FROM generations")
    words = {str(text) for row in rows for text in row.values() if text and len(str(text)) >= LONG_ENOUGH}
    files = {path.name: path.read_bytes() for path in evidence.data_dir.glob("imagine.sqlite3*")}
    return [
        f"readable in {name}: {text}" for name, content in files.items() for text in words if text.encode() in content
    ]
