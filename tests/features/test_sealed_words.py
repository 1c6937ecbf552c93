"""Whoever gets hold of the disk reads no words and no ids of pictures, at whichever moment the process was killed."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot import steps
from bot.ops.backup import Backups
from bot.sandbox.model import Chat, Role
from bot.sandbox.people import Person, Talk
from bot.sandbox.server import Sandbox
from bot.storage.vault import SEALED
from tests.features.inlines import chosen
from tests.features.test_chats import tap
from tests.features.test_editing import photo
from tests.features.test_imagine import drawn
from tests.features.test_panel import pressed, said
from tests.features.test_posts import draft, reply
from tests.house import ADMIN, House

# A word that is in all that is said, and nowhere else; and what ids of files look like.
READABLE = (re.compile(rb"[Kk]estrel"), re.compile(rb"AgAC[0-9a-f]{40}"), re.compile(rb"BQAC[0-9a-f]{40}"))


class Thief:
    """Looks through everything on the disk at each step of the bot: before and after each commit, each call."""

    def __init__(self, data_dir: Path) -> None:
        self._data_dir = data_dir
        self._seen: dict[Path, tuple[int, int]] = {}
        self.looks = 0
        self.found: set[str] = set()

    def look(self, moment: str) -> None:
        """What can be read now."""
        self.looks += 1
        for path in self._data_dir.rglob("*"):
            if path.parent.name != "spool" and path.is_file():
                self._search(path, moment)

    def _search(self, path: Path, moment: str) -> None:
        try:
            stat = path.stat()
            if self._seen.get(path) == (stat.st_mtime_ns, stat.st_size):
                return
            content = path.read_bytes()
        except FileNotFoundError:  # it has just gone
            return
        self._seen[path] = stat.st_mtime_ns, stat.st_size
        self.found |= {f"{one[0]!r} in {path.name} {moment}" for kind in READABLE for one in kind.finditer(content)}


@contextmanager
def thief_in(data_dir: Path) -> Iterator[Thief]:
    """Somebody who looks as long as this lasts."""
    thief = Thief(data_dir)
    steps.LISTENERS.append(thief.look)
    try:
        yield thief
    finally:
        steps.LISTENERS.remove(thief.look)


async def talked(house: House, anna: Person, group: Chat, channel: Chat) -> None:
    """Words in private, in a group, below a photo, in inline mode, in a draft."""
    chat = anna.private(house.bot)
    picture = await drawn(chat, '/imagine a kestrel --no "another kestrel" --ar 16:9')
    await chat.press("Again", picture)
    await chat.press("☆", picture)
    await chat.press("Original", picture)
    await drawn(anna.at(group), "/imagine a kestrel for all")
    await chat.send_photo(photo(), "/imagine a kestrel at night")
    await chosen(house, anna.at(group), "a kestrel typed")
    await house.quiet()
    message = await draft(chat, "/post a kestrel posted")
    await tap(chat, message, "Edit caption")
    await reply(chat, "Kestrels are back")


async def test_at_no_moment_can_words_or_ids_of_pictures_be_read_on_the_disk(
    house: House, sandbox: Sandbox, anna: Person, storage: Chat
) -> None:
    boss = sandbox.person("Olga", language="en", user_id=ADMIN).private(house.bot)
    group = sandbox.group("Friends", anna, house.bot)
    channel = sandbox.channel("Kestrels", anna)
    with thief_in(house.data_dir) as thief:
        await house.start(storage_chat_id=storage.chat_id)
        sandbox.set_role(channel, house.bot, Role.ADMINISTRATOR)
        await house.quiet()
        await talked(house, anna, group, channel)
        backups = Backups(house.data_dir, house.app.ground.clock, 2)
        await backups.keep_up()
        await said(boss, f"/ban {anna.user_id} 1h a kestrel was too many", "Shut")
        await pressed(boss, "Shut out", "Reason")
        await house.quiet()
    assert sorted(thief.found) == []
    assert thief.looks > 100
    copies = (house.data_dir / "backups").glob("imagine-*.sqlite3")
    assert [SEALED.encode() in copy.read_bytes() for copy in copies] == [True]


async def aged(house: House, days: int) -> None:
    """So many days pass, and what is due then is done."""
    await house.quiet()
    async with house.database.write() as tx:
        changed = "UPDATE generations SET created_at = created_at - :age, ended_at = ended_at - :age"
        await tx.execute(changed, {"age": days * 24 * 3600})
    await house.app.ops.chores.sweep()


async def test_an_old_picture_says_kindly_that_its_words_are_not_kept(running: House, chat: Talk) -> None:
    picture = await drawn(chat, "/imagine a kestrel")
    await aged(running, 31)
    for label in ("Again", "Vary"):
        answer = await chat.press(label, picture)
        assert answer
        assert "I keep the words of a picture for 30 days" in answer.text
    await chat.press("Info", picture)
    info = await chat.until(lambda chat: [one.text for one in chat.answers if "for 30 days" in one.text])
    assert "/imagine" not in info[0]
    await chat.say("/history")
    await running.quiet()
    assert "Sketch" in chat.answers[-1].text
    assert "kestrel" not in chat.answers[-1].text
    assert chat.message(picture.message_id).text.startswith("a kestrel")


async def test_an_old_picture_can_still_be_changed(running: House, chat: Talk) -> None:
    picture = await drawn(chat, "/imagine a kestrel")
    await aged(running, 31)
    await chat.press("Edit", picture)
    question = await chat.until(lambda chat: next((one for one in chat.answers if "✏️" in one.text), None))
    await chat.say("make it night", reply_to=question)
    await chat.until(lambda chat: [one for one in chat.answers if one.photo and "make it night" in one.text])


async def test_a_favorite_keeps_its_words(running: House, chat: Talk) -> None:
    picture = await drawn(chat, "/imagine a kestrel")
    await chat.press("☆", picture)
    await aged(running, 1000)
    await chat.press("Again", picture)
    await chat.until(lambda chat: len([one for one in chat.answers if one.photo]) == 2)
