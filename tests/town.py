"""Chats of every kind, and everybody who might want something: what each cell of `tests/authority.py` looks like."""

from collections.abc import Callable, Mapping
from typing import Any

from bot.imagine.rules import model_ref
from bot.sandbox.methods.chats import member_wire
from bot.sandbox.model import Role
from bot.texts import Texts, Translator
from tests.authority import ACTORS, CHATS, GROUPS, OWNER, PHRASES, Cell
from tests.doorway import BOT_ID, NAME, Doorway, Said, now

THREAD, NOTE, TYPED = 7, 500, "a red fox"
DRAFT = "draft" + "A" * 7
CAST, LETTER = "castcastcast", '{"method": "sendMessage", "params": {"text": "a red fox"}}'

Update = dict[str, Any]

# What is said to whoever may not do what they try to do, or names what is not theirs.
REFUSALS = (
    "gate-not-invited",
    "gate-nobody",
    "gate-banned",
    "chats-not-let-in",
    "chats-admins-decide",
    "imagine-not-yours",
    "imagine-deleted-before",
    "imagine-old-button",
    "imagine-wish-gone",
    "imagine-only-words",
    "settings-not-yours",
    "forget-not-yours",
    "stats-not-yours",
    "post-not-your-channel",
    "post-no-channel",
    "post-in-private",
    "history-gone",
    "history-in-private",
    "admin-needs-id",
    "panel-not-yours",
    "broadcast-not-yours",
    "broadcast-needs-reply",
    "review-own",
)
KEPT = """
SELECT group_concat(generation_id || status || coalesce(deleted_at, '') || coalesce(favorite_at, '') || ratio) AS a,
  (SELECT group_concat(chat_id || coalesce(allowed, '') || spoiler || coalesce(pot_id, '')) FROM chats) AS b,
  (SELECT group_concat(user_id || member || banned || moderator || coalesce(daily, '') || as_file
    || coalesce(model, '')) FROM users
    WHERE user_id <> 1003 OR member) AS c,
  (SELECT group_concat(post_id || state || caption) FROM posts) AS e,
  (SELECT group_concat(source || kind) FROM entries WHERE source NOT LIKE 'day%') AS d,
  (SELECT group_concat(subject) FROM jobs WHERE kind = 'report') AS reports,
  (SELECT group_concat(name || state) FROM provider_switches) AS switched,
  (SELECT group_concat(model) FROM own_prices) AS priced,
  (SELECT group_concat(name) FROM own_presets) AS presets,
  (SELECT group_concat(rule) FROM blocked) AS blocked,
  (SELECT group_concat(generation_id || coalesce(verdict, '')) FROM reviews) AS reviews
FROM generations
"""


class Town:
    """Chats of every kind with a picture of the owner in each, and everybody who might want something."""

    def __init__(self, door: Doorway) -> None:
        self.door = door
        self.t: Translator = Texts.load("en").negotiate("en")
        self.refusals = [self.t(key) for key in REFUSALS]
        self.pictures: dict[str, str] = {}
        self.wish = ""
        self._numbers = 0

    async def build(self) -> None:
        """Let everybody in who is to be let in, draw the pictures, and remember it all."""
        door, do = self.door, self.door.database.do
        door.ears.leads = frozenset({ACTORS["leader"]})
        for name, member, banned in (("admin", 0, 0), ("member", 1, 0), ("banned", 1, 1), ("leader", 1, 0)):
            sql = "INSERT INTO users (user_id, member, banned, client_language, created_at) VALUES (?, ?, ?, 'en', 0)"
            do(sql, ACTORS[name], member, banned)
        sql = "INSERT INTO users (user_id, member, moderator, client_language, created_at) VALUES (?, 1, 1, 'en', 0)"
        do(sql, ACTORS["moderator"])
        pot = CHATS["broadcast"]
        do("INSERT INTO chats (chat_id, allowed, pot_id) VALUES (?, 1, ?)", pot, pot)
        do("INSERT INTO balances (user_id, day, daily, kept, held) VALUES (?, '', 0, 1000, 0)", pot)
        for chat in GROUPS:
            do("INSERT INTO chats (chat_id, allowed) VALUES (?, 1)", CHATS[chat])
        for chat in ("private", *GROUPS):
            self.pictures[chat] = await self._drawn(chat)
        self._begin_draft()
        [asked] = await self.bring(Cell("", "inline_query", "inline", "", OWNER, "self", "typed"))
        self.wish = asked.params["results"][0]["id"]
        cast = "INSERT INTO broadcasts (broadcast_id, admin_id, letter, days, language, state, created_at)"
        do(cast + " VALUES (?, ?, ?, 0, '', 'draft', 0)", CAST, ACTORS["admin"], LETTER)
        do("INSERT INTO blocked (rule, places, admin_id, at) VALUES ('purple prose', 'private', 0, 0)")
        reported = "INSERT INTO reviews (generation_id, reporter_id, reported_at) VALUES (?, 0, 0)"
        do(reported, self.pictures["discussion"])
        for table in ("inbox", "outbox", "jobs"):
            do(f"DELETE FROM {table}")
        door.database.keep()

    def _begin_draft(self) -> None:
        """A picture of the owner that is a draft for the channel."""
        do = self.door.database.do
        [row] = do("SELECT * FROM generations WHERE generation_id = ?", self.pictures["private"])
        row = {**row, "generation_id": DRAFT, "request_key": "draft", "note_id": NOTE + 20}
        do(f"INSERT INTO generations ({', '.join(row)}) VALUES ({', '.join('?' * len(row))})", *row.values())
        draft = "INSERT INTO posts (post_id, user_id, chat_id, title, caption, state, created_at, changed_at)"
        do(f"{draft} VALUES (?, ?, ?, 'Broadcast', '', 'draft', 0, 0)", DRAFT, ACTORS[OWNER], CHATS["broadcast"])

    async def _drawn(self, chat: str) -> str:
        await self.bring(Cell("", "message", chat, "", OWNER, "self", "imagine"))
        do = self.door.database.do
        [row] = do("SELECT generation_id FROM generations WHERE status = 'queued'")
        drawn = (
            "UPDATE generations SET status = 'delivered', note_id = ?, file_id = 'f', shown_as = 'photo', ended_at = ?"
        )
        do(drawn + " WHERE status = 'queued'", NOTE, now())
        return str(row["generation_id"])

    async def bring(self, cell: Cell) -> list[Said]:
        """Let it happen."""
        self._numbers += 1
        return await self.door.bring([{cell.update: MAKERS[cell.update](self, cell)}])

    def kept(self) -> object:
        """What nobody may change who is refused."""
        return self.door.database.do(KEPT)

    def message(self, cell: Cell) -> Update:
        """What somebody says."""
        text = PHRASES[cell.what]
        first = text.split()[0]
        kind = {"/": "bot_command", "@": "mention"}.get(text[0])
        said: Update = {
            **self.place(cell),
            **speaker(cell),
            "message_id": 10_000 + self._numbers,
            "date": now(),
            "text": text,
            "entities": [{"type": kind, "offset": 0, "length": len(first)}] if kind else [],
        }
        if cell.what == "reply":
            said["reply_to_message"] = self.shown(cell)
        return {**said, **came(cell.way)}

    def place(self, cell: Cell) -> Update:
        """The chat of a message, with its topic."""
        chat_id = chat_of(cell)
        kind = {"private": "private", "group": "group", "broadcast": "channel"}.get(cell.chat, "supergroup")
        chat: Update = {"id": chat_id, "type": kind, "title": cell.chat, "is_forum": cell.chat in ("topic", "general")}
        topic = {"message_thread_id": THREAD, "is_topic_message": True} if cell.chat == "topic" else {}
        return {"chat": chat, **topic}

    def shown(self, cell: Cell) -> Update:
        """The message of the bot with the owner's picture."""
        bot = {"id": BOT_ID, "is_bot": True, "first_name": "Imagine", "username": NAME}
        return {**self.place(cell), "message_id": NOTE, "date": now(), "from": bot, "caption": "a picture"}

    def press(self, cell: Cell) -> Update:
        """A button under the owner's picture."""
        query = {"id": f"q{self._numbers}", "chat_instance": "1", "data": self.data(cell), **speaker(cell)}
        if cell.chat == "inline":
            return {**query, "inline_message_id": f"inline-{self._numbers}"}
        # The settings of a chat are a message of their own.
        number = NOTE + int(cell.what == "chat")
        return {**query, "message": {**self.shown(cell), "message_id": number, **buttons(query["data"])}}

    def data(self, cell: Cell) -> str:
        """What the button carries."""
        picture = self.pictures["private" if cell.chat in ("inline", "broadcast") else cell.chat]
        chat_id = CHATS["supergroup"] if cell.chat in ("private", "inline") else CHATS[cell.chat]
        made = {
            "ratio": f"ratio:{picture}:16x9",
            "model": f"model:{picture}:none",
            "older": f"older:{picture}",
            "newer": f"newer:{picture}",
            "wish": self.wish.replace("draw", "wish").rpartition(":")[0],
            "draw": self.wish,
            "chat": f"chat:{chat_id}:spoiler:1",
            "set": f"set:{ACTORS[OWNER]}:as_file:1",
            "forget": f"forget:keep:{ACTORS[OWNER]}:{now()}",
            "post": f"post:{DRAFT}:publish",
            "cast": f"cast:{CAST}:days:7",
            "news": "news:0",
            "review": f"review:{self.pictures['discussion']}:allow",
            "blocked": "blocked:0",
            "pick": f"pick:{self.wish.split(':')[1]}:{CHATS['broadcast']}",
            "panel": "adm:home::",
            "unban": f"adm:unban:{ACTORS['banned']}:",
            "forgive": f"adm:forgive:{ACTORS['banned']}:",
            "gift": f"adm:grant:{ACTORS[OWNER]}:50-1800000000",
            "let out": f"adm:disallow:{ACTORS[OWNER]}:",
            "reopen": "adm:open::",
            "name": f"adm:name:{ACTORS[OWNER]}:",
            "offers": "offer:models::0",
            "star": f"offer:prefer:{model_ref('sketch/default')}:0",
            "price step": f"price:at:{model_ref('sketch/default')}:9:0",
            "price ask": f"price:ask:{model_ref('sketch/default')}:9:0",
            "preset card": f"look:card:{model_ref('ink')}:0",
            "old": "gone-for-good:1",
            "stats": "stats:show:week",
            "csv": "stats:csv:day",
            "board": "board:show:",
            "switch": "board:prefer:sketch",
        }
        if cell.what in ("hist", "hask", "hlike", "hless", "hdel"):
            return f"{cell.what}:{picture}:{picture}"
        return made.get(cell.what, f"{cell.what}:{picture}")

    def typed(self, cell: Cell) -> Update:
        """Words behind the bot's name."""
        return {"id": f"i{self._numbers}", "query": TYPED, "offset": "", **speaker(cell)}

    def chosen(self, cell: Cell) -> Update:
        """A result that was chosen."""
        known = {"result_id": self.wish, "query": TYPED, "inline_message_id": f"inline-{self._numbers}"}
        return {**known, **speaker(cell)}

    def reaction(self, cell: Cell) -> Update:
        """A reaction on the owner's picture."""
        given = [{"type": "emoji", "emoji": cell.what}]
        where = {"chat": self.place(cell)["chat"], "message_id": NOTE, "date": now()}
        return {**where, "user": speaker(cell)["from"], "old_reaction": [], "new_reaction": given}

    def guest(self, cell: Cell) -> Update:
        """The bot is called into a chat of others."""
        return {**self.message(cell), "guest_query_id": f"g{self._numbers}"}

    def membership(self, cell: Cell) -> Update:
        """Somebody brings the bot, promotes it, takes its rights away or throws it out."""
        us = {"id": BOT_ID, "is_bot": True, "first_name": "Imagine", "username": NAME}
        was, became = BECOMES[cell.what]
        before, after = {**standing(was), "user": us}, {**standing(became), "user": us}
        return {
            "chat": self.place(cell)["chat"],
            "date": now(),
            **speaker(cell),
            "old_chat_member": before,
            "new_chat_member": after,
        }


BECOMES = {
    "brought": (Role.LEFT, Role.MEMBER),
    "promoted": (Role.MEMBER, Role.ADMINISTRATOR),
    "restricted": (Role.MEMBER, Role.RESTRICTED),
    "demoted": (Role.ADMINISTRATOR, Role.MEMBER),
    "removed": (Role.MEMBER, Role.KICKED),
}


def standing(role: Role) -> Update:
    """What is told of a bot that is this."""
    return member_wire({}, role, frozenset({"can_send_messages"}) if role is Role.RESTRICTED else frozenset())


def buttons(*data: str) -> Update:
    """The keyboard of a message."""
    return {"reply_markup": {"inline_keyboard": [[{"text": "…", "callback_data": each} for each in data]]}}


MAKERS: Mapping[str, Callable[[Town, Cell], Update]] = {
    **dict.fromkeys(("message", "edited_message", "channel_post", "edited_channel_post"), Town.message),
    "callback_query": Town.press,
    "inline_query": Town.typed,
    "chosen_inline_result": Town.chosen,
    "message_reaction": Town.reaction,
    "guest_message": Town.guest,
    **dict.fromkeys(("my_chat_member", "chat_member"), Town.membership),
}


def chat_of(cell: Cell) -> int:
    """The number of the chat: a private one has that of the person."""
    return CHATS.get(cell.chat, 0) or ACTORS[cell.actor]


def speaker(cell: Cell) -> Update:
    """Whose update it is, as Telegram tells it."""
    if cell.chat == "broadcast" and cell.update.endswith("channel_post"):
        return {"sender_chat": {"id": CHATS["broadcast"], "type": "channel", "title": "Broadcast"}}
    masked = cell.actor in ("anonymous", "channel", "robot")
    who: Update = {"id": ACTORS[cell.actor], "is_bot": masked, "first_name": cell.actor, "language_code": "en"}
    chats = {
        "anonymous": {"id": chat_of(cell), "type": "supergroup", "title": "Here"},
        "channel": {"id": -1_000_000_007_001, "type": "channel", "title": "Theirs"},
        "linked": {"id": CHATS["broadcast"], "type": "channel", "title": "Broadcast"},
    }
    return {"from": who, **({"sender_chat": chats[cell.actor]} if cell.actor in chats else {})}


def came(way: str) -> Update:
    """How a message came about."""
    other = {"id": 1010, "is_bot": True, "first_name": "Other", "username": "other_bot"}
    us = {"id": BOT_ID, "is_bot": True, "first_name": "Imagine", "username": NAME}
    ways: dict[str, Update] = {
        "forwarded": {"forward_origin": {"type": "hidden_user", "date": now(), "sender_user_name": "Somebody"}},
        "through a bot": {"via_bot": other},
        "through us": {"via_bot": us},
    }
    return ways.get(way, {})
