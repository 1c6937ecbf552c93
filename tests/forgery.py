"""Buttons that nobody was shown, from a seed: of others, cut, random, of long ago, pressed twice.

An app may send any data for any message of the bot that its person can see, so that is what forgers do.
"""

import random
import string
from collections.abc import Iterator, Mapping
from typing import Any

from tests.authority import ACTORS, BUTTONS, CHATS, GROUPS, OWNER, Cell
from tests.doorway import Said, now
from tests.town import NOTE, Town, Update, buttons

FORGERS = ("stranger", "forger", "banned")
FORGER = 1011
DELETED = "deletedAAAAAAAAA"
VICTIM = ACTORS[OWNER]
# A message of the bot that shows a picture of the forger, and one with the settings of the owner.
THEIRS, PLAIN = NOTE + 7, NOTE + 1

MINE = """
SELECT group_concat(generation_id || status || coalesce(deleted_at, '') || coalesce(favorite_at, '') || ratio) AS a,
  (SELECT group_concat(user_id || as_file || coalesce(model, '') || coalesce(ratio, '')) FROM users
    WHERE user_id = ?1) AS b,
  (SELECT group_concat(chat_id || spoiler || coalesce(pot_id, '') || coalesce(allowed, '')) FROM chats) AS c,
  (SELECT group_concat(post_id || state || caption) FROM posts WHERE user_id = ?1) AS e,
  (SELECT group_concat(source) FROM entries WHERE user_id = ?1 AND kind <> 'grant') AS d
FROM generations WHERE user_id = ?1
"""
TWICE = "SELECT count(*) AS n FROM generations WHERE request_key = ?"


class Forger:
    """Makes presses one after the other, the same for the same seed, and looks what came of each."""

    def __init__(self, town: Town, seed: int) -> None:
        self.town = town
        self.made = 0
        self._chances = random.Random(seed)
        self._before: list[Update] = []
        self._own = ""

    async def prepare(self) -> None:
        """Let the forger in and give them a picture of their own in a group, and one that was deleted."""
        do = self.town.door.database.do
        do("INSERT INTO users (user_id, member, client_language, created_at) VALUES (?, 1, 'en', 0)", FORGER)
        sample = "SELECT * FROM generations WHERE chat_id = ?"
        [row] = do(sample, CHATS["supergroup"])
        self._own = "forgersOwn" + "A" * 6
        changes = {"generation_id": self._own, "request_key": "own", "user_id": FORGER, "note_id": THEIRS}
        self._insert({**row, **changes})
        self._insert({**row, "generation_id": DELETED, "request_key": "gone", "note_id": NOTE + 9, "deleted_at": now()})
        self.town.door.database.keep()

    def _insert(self, row: Mapping[str, Any]) -> None:
        marks = ", ".join("?" * len(row))
        sql = f"INSERT INTO generations ({', '.join(row)}) VALUES ({marks})"
        self.town.door.database.do(sql, *row.values())

    def victims(self) -> object:
        """What belongs to the owner and to the chats, and nobody here may change."""
        return self.town.door.database.do(MINE, ACTORS[OWNER])

    def press(self) -> Update:
        """The next one."""
        self.made += 1
        if self._before and self._chances.random() < 0.15:
            return self._chances.choice(self._before)
        who = self._chances.choices(FORGERS, (3, 6, 1))[0]
        sender = {"id": ACTORS.get(who, FORGER), "is_bot": False, "first_name": who, "language_code": "en"}
        query: Update = {"id": f"f{self.made}", "from": sender, "chat_instance": "1", "data": self._data()}
        press = {"callback_query": {**query, **self._under()}}
        self._before = [*self._before[-50:], press]
        return press

    def own_buttons_under_the_owners_picture(self) -> Iterator[Update]:
        """Each button that would change the message above it."""
        under = self.town.shown(Cell("", "callback_query", "supergroup", "", OWNER, "self", "again"))
        sender = {"id": FORGER, "is_bot": False, "first_name": "Forger", "language_code": "en"}
        own = self._own
        panel = {**under, "message_id": PLAIN, **self._keyboard("supergroup", PLAIN)}
        for data in (f"set:{FORGER}:home:", f"models:{own}", f"delete2:{own}", f"chat:{CHATS['supergroup']}:home:"):
            query = {"id": f"panel {data}", "from": sender, "chat_instance": "1", "data": data, "message": panel}
            yield {"callback_query": query}
        for data in (
            f"delete2:{own}",
            f"models:{own}",
            f"hist:{own}:{own}",
            f"hdel:{own}:{own}",
            f"set:{FORGER}:home:",
        ):
            query = {"id": data, "from": sender, "chat_instance": "1", "data": data, "message": under}
            yield {"callback_query": query}

    def _under(self) -> Update:
        """The message that is said to be pressed: of anybody, of long ago, or one sent by inline mode."""
        chances = self._chances
        if chances.random() < 0.1:
            return {"inline_message_id": chances.choice(("inline-1", "", "x" * 40))}
        chat = chances.choice(GROUPS)
        shown = self.town.shown(Cell("", "callback_query", chat, "", OWNER, "self", "again"))
        shown["message_id"] = chances.choice((NOTE, NOTE, THEIRS, PLAIN, NOTE + 9, 1))
        shown |= self._keyboard(chat, shown["message_id"])
        return {"message": {**shown, "date": 0} if chances.random() < 0.1 else shown}

    def _keyboard(self, chat: str, number: int) -> Update:
        """What really stands below a message: buttons of a picture, or the settings of the owner, open in a group."""
        known = {NOTE: f"again:{self.town.pictures[chat]}", THEIRS: f"again:{self._own}", PLAIN: f"set:{VICTIM}:home:"}
        return buttons(known[number]) if number in known else {}

    def _data(self) -> str:
        chances = self._chances
        genuine = self._genuine()
        kinds = (
            lambda: genuine,
            lambda: genuine[: chances.randint(0, len(genuine))],
            lambda: genuine + ":" * chances.randint(1, 3) + chances.choice(("", "1", "none", "' OR 1=1 --")),
            lambda: genuine.swapcase(),
            lambda: "".join(chances.choices(string.printable + "é\u202e\x00🦊", k=chances.randint(0, 64))),
            lambda: chances.randbytes(chances.randint(1, 32)).decode("latin-1"),
            lambda: chances.choice(("menu", "img", "draw_again", "v1", "page")) + ":" + self._subject(),
            lambda: f"{chances.choice(BUTTONS)}:{self._subject()}:{self._subject()}",
        )
        return chances.choices(kinds, (8, 2, 2, 1, 1, 1, 1, 4))[0]()

    def _genuine(self) -> str:
        """The data of a button that there is, or could be."""
        what = self._chances.choice(BUTTONS)
        cell = Cell("", "callback_query", self._chances.choice(("private", *GROUPS)), "", OWNER, "self", what)
        data = self.town.data(cell)
        theirs = self.town.pictures[cell.chat]
        return data.replace(theirs, self._subject()) if self._chances.random() < 0.5 else data

    def _subject(self) -> str:
        """Whose picture it is about."""
        strange = "".join(self._chances.choices(string.ascii_letters + string.digits + "-_", k=16))
        victim = self._chances.choice(list(self.town.pictures.values()))
        return self._chances.choice((self._own, self._own, victim, DELETED, strange))

    def faults(self, press: Update, said: list[Said], before: object) -> Iterator[str]:
        """What is wrong with what came of it."""
        query = press["callback_query"]
        answers = [each for each in said if each.method == "answerCallbackQuery"]
        answered = [each.params.get("callback_query_id") for each in answers]
        if answered != [query["id"]]:
            yield f"answered {answered}"
        if self.victims() != before:
            yield "something of the owner changed"
        if self.town.door.crashes:
            yield "a handler failed"
        if self.town.door.database.do(TWICE, f"tap:{query['id']}")[0]["n"] > 1:
            yield "drawn twice"
        yield from (f"{each.method} on a message of the owner" for each in said if self._touches(each))

    def _touches(self, said: Said) -> bool:
        changes = said.method.startswith(("edit", "delete"))
        return changes and said.params.get("message_id") in (NOTE, PLAIN)
