"""Who may do what, where and how: the rule, in words of its own, and every cell of the table that follows from it.

Written from what the bot promises, without a look at how it decides: nothing here calls the bot.
"""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from itertools import product

DONE, WORDS, SILENT = "done", "words", "silent"

ACTORS = {
    "admin": 1001,
    "member": 1002,
    "stranger": 1003,
    "banned": 1004,
    "leader": 1005,  # a member who is an admin of every chat
    "anonymous": 1087968824,  # an admin who speaks as the group
    "channel": 136817688,  # somebody who speaks as a channel of theirs
    "linked": 777000,  # a post of the linked channel, brought by Telegram
    "robot": 1009,
    "moderator": 1012,  # a member whom an admin of the bot named
}
PEOPLE = ("admin", "member", "stranger", "banned", "leader", "moderator")
INVITED = frozenset({"admin", "member", "leader", "moderator"})
STAFF = frozenset({"admin", "moderator"})
OWNER = "member"

CHATS = {
    "private": 0,
    "group": -5001,
    "supergroup": -1_000_000_005_002,
    "topic": -1_000_000_005_003,
    "general": -1_000_000_005_004,
    "discussion": -1_000_000_005_005,
    "broadcast": -1_000_000_005_006,
}
GROUPS = ("group", "supergroup", "topic", "general", "discussion")
STATES = {"let in": 1, "unknown": None, "turned out": 0}

# What is said, by what it is called here.
PHRASES = {
    "imagine": "/imagine a red fox",
    "imagine@us": "/imagine@imagine_test_bot a red fox",
    "imagine@other": "/imagine@other_bot a red fox",
    "me": "/me",
    "help": "/help",
    "start": "/start",
    "privacy": "/privacy",
    "terms": "/terms",
    "paysupport": "/paysupport",
    "forget": "/forget",
    "forget@other": "/forget@other_bot",
    "history": "/history",
    "favorites": "/favorites",
    "favourites": "/favourites",
    "language": "/language",
    "presets": "/presets",
    "settings": "/settings",
    "settings of a group": "/settings -1000000005002",
    "allow somebody": "/allow 1003",
    "allow": "/allow",
    "disallow somebody": "/disallow 1002",
    "disallow": "/disallow",
    "grant somebody": "/grant 1002 50",
    "grant": "/grant 50",
    "doctor": "/doctor",
    "block": "/block a red fox",
    "unblock": "/unblock purple prose",
    "limit somebody": "/limit 1002 7",
    "name a moderator": "/moderator 1002",
    "price": "/price sketch/default 5",
    "preset": "/preset oils in oils",
    "maintenance": "/maintenance off",
    "decisions": "/audit",
    "panel": "/admin",
    "find somebody": "/find 1002",
    "ban somebody": "/ban 1002",
    "unban somebody": "/unban 1004",
    "why": "/why draftAAAAAAA",
    "broadcast": "/broadcast a red fox",
    "post": "/post a red fox",
    "post there": "/post -1000000005006 a red fox",
    "stats": "/stats",
    "providers": "/providers",
    "no command": "/nonsense",
    "mention": "@imagine_test_bot a red fox",
    "reply": "a red fox as an answer",
    "talk": "a red fox",
}
UNHEARD = frozenset({"imagine@other", "forget@other", "no command", "talk"})
WISHES = frozenset({"imagine", "imagine@us", "mention", "reply"})
ALWAYS = frozenset({"privacy", "terms", "paysupport", "forget"})
FOR_ALL = ALWAYS | {"me", "help", "start", "language", "presets"}
OWN_PICTURES = frozenset({"history", "favorites", "favourites"})
ABOUT_SOMEBODY = frozenset(
    {"allow somebody", "disallow somebody", "grant somebody", "limit somebody", "name a moderator"}
)
ABOUT_THE_BOT = frozenset({"maintenance", "decisions"})
FOR_STAFF = frozenset({"panel", "find somebody", "ban somebody", "unban somebody", "why"})
ABOUT_HERE = frozenset({"allow", "disallow", "grant"})
FIGURES = frozenset({"stats", "providers"})
DRAFTS = frozenset({"post", "post there"})

WAYS = ("self", "forwarded", "through a bot", "through us")

TAPS = (
    *("again", "vary", "edit", "ratios", "ratio", "models", "model", "back", "original", "info", "delete", "delete2"),
    *("like", "unlike", "public", "public2", "private", "cancel", "status", "show", "bring"),
)
FOR_ADMINS = ("stats", "csv", "board", "switch")
GALLERY = ("hist", "older", "newer", "hask", "hlike", "hless", "hdel")
PANEL = {
    "panel": STAFF,
    "unban": STAFF,
    "forgive": STAFF,
    "gift": {"admin"},
    "let out": {"admin"},
    "reopen": {"admin"},
    "name": {"admin"},
    "offers": {"admin"},
    "star": {"admin"},
    "price step": {"admin"},
    "price ask": {"admin"},
    "preset card": {"admin"},
}
LOOKS = {"review": STAFF, "blocked": {"admin"}}
# Where alone a button is obeyed, and whose.
PLACED = {
    "draw": ("inline", {OWNER}),
    "wish": ("private", {OWNER}),
    "forget": ("private", {OWNER}),
    **{what: ("private", whose) for what, whose in (PANEL | LOOKS).items()},
}
WRITTEN = ("post", "pick", "cast", "news")
OWN = ("wish", "draw", "chat", "set", "forget")
BUTTONS = (*TAPS, *GALLERY, *OWN, *PANEL, *LOOKS, *WRITTEN, "report", "old", *FOR_ADMINS)
LED = frozenset({"delete", "delete2", "back"})


@dataclass(frozen=True, slots=True)
class Cell:
    """One question to the bot. `what` is a phrase, a button or the like, as `update` says."""

    access: str
    update: str
    chat: str
    state: str
    actor: str
    way: str
    what: str

    def __str__(self) -> str:
        return "/".join(str(getattr(self, each.name)) for each in fields(self))

    @property
    def is_served(self) -> bool:
        """Whether the bot works in this chat."""
        if self.chat in ("private", "inline"):
            return True
        return self.state == "let in" or (self.access == "public" and self.state == "unknown")

    @property
    def is_invited(self) -> bool:
        """Whether this person may use the bot at all."""
        return self.actor in INVITED or (self.access == "public" and self.actor == "stranger")


def expected(cell: Cell) -> str:
    """What must come of it: it is done, or refused with words, or nobody says anything."""
    return RULES[cell.update](cell)


def _message(cell: Cell) -> str:
    if cell.chat == "private":
        return _in_private(cell)
    if cell.what in UNHEARD:
        return SILENT
    if cell.what in ALWAYS and cell.actor in PEOPLE:
        return SILENT if cell.way == "through us" else DONE
    if not cell.is_served:
        return _at_the_door(cell)
    if cell.actor in ("anonymous", "channel"):
        return WORDS
    if not _is_heard(cell):
        return SILENT
    return _in_group(cell)


def _is_heard(cell: Cell) -> bool:
    return cell.actor in PEOPLE and cell.actor != "banned" and cell.is_invited and cell.way != "through us"


def _at_the_door(cell: Cell) -> str:
    """In a group that nobody let in only an admin is heard, and only commands."""
    if cell.actor != "admin" or not PHRASES[cell.what].startswith("/"):
        return SILENT
    if cell.what == "allow":
        return DONE if cell.way == "self" else SILENT
    return SILENT if cell.what == "allow somebody" else WORDS


def _in_private(cell: Cell) -> str:
    if cell.actor not in PEOPLE or cell.way == "through us":
        return SILENT
    if cell.what in ALWAYS:
        return DONE
    if not cell.is_invited:  # also who is banned
        return WORDS
    if cell.what in ABOUT_THE_BOT:
        return DONE if cell.actor == "admin" and cell.way == "self" else WORDS
    if cell.what in FOR_STAFF:
        return DONE if cell.actor in STAFF and cell.way == "self" else WORDS
    if cell.what in ABOUT_SOMEBODY | {"doctor", "broadcast", "block", "unblock", "price", "preset"}:
        return DONE if cell.actor == "admin" and cell.way == "self" else WORDS
    if cell.what in DRAFTS | {"settings of a group"}:
        return DONE if cell.actor == "leader" else WORDS
    if cell.what in FIGURES:
        return DONE if cell.actor == "admin" and cell.way == "self" else WORDS
    return WORDS if cell.what in ABOUT_HERE | {"imagine@other", "forget@other", "no command"} else DONE


def _in_group(cell: Cell) -> str:
    if cell.what in ("mention", "reply"):
        return DONE if cell.way == "self" else SILENT
    if cell.what in WISHES | FOR_ALL:
        return DONE
    if cell.what in OWN_PICTURES | DRAFTS:
        return WORDS
    if cell.what in ("settings", "settings of a group"):
        return DONE if cell.actor == "leader" else WORDS
    return DONE if cell.what in ABOUT_HERE and cell.actor == "admin" and cell.way == "self" else SILENT


def _post(cell: Cell) -> str:
    """Only the admins of a channel post in it; the one thing that they can ask for there is a picture."""
    return DONE if cell.is_served and cell.what in ("imagine", "imagine@us") else SILENT


def _press(cell: Cell) -> str:
    if not cell.is_served:
        return WORDS
    if cell.actor not in PEOPLE:
        return SILENT
    if not cell.is_invited or cell.what == "old" or _is_out_of_place(cell):
        return WORDS
    if cell.what in WRITTEN:
        return _press_of_author(cell)
    if cell.what in PLACED:
        where, whose = PLACED[cell.what]
        return DONE if cell.chat == where and cell.actor in whose else WORDS
    if cell.what == "report":  # of a picture of somebody else, where others see it, too
        return DONE if cell.actor != OWNER and cell.chat in GROUPS else WORDS
    if cell.what == "chat":
        return DONE if cell.actor == "leader" and cell.chat != "inline" else WORDS
    if cell.chat == "inline" and cell.what in TAPS:
        return WORDS  # what they name is in another message
    if cell.actor == "leader" and cell.what in LED and cell.chat in GROUPS:
        return DONE
    return DONE if cell.actor == ("admin" if cell.what in FOR_ADMINS else OWNER) else WORDS


def _is_out_of_place(cell: Cell) -> bool:
    """Figures are for admins in their private chat."""
    return cell.what in FOR_ADMINS and cell.chat != "private"


def _press_of_author(cell: Cell) -> str:
    """What is written to many is its author's, and whoever gets it decides for themselves whether they want more."""
    if cell.what in ("cast", "post"):
        return DONE if cell.actor == ("admin" if cell.what == "cast" else OWNER) and cell.chat == "private" else WORDS
    # The owner of the words of a pick may not post in the channel, and others do not own them.
    return DONE if cell.what == "news" else WORDS


def _typed(cell: Cell) -> str:
    if cell.actor not in PEOPLE or cell.actor == "banned":
        return SILENT
    return DONE if cell.is_invited else WORDS


def _chosen(cell: Cell) -> str:
    if not cell.is_invited:
        return SILENT
    return DONE if cell.actor == OWNER else WORDS


def _reaction(cell: Cell) -> str:
    return DONE if cell.actor == OWNER and cell.is_served else SILENT


def _membership(cell: Cell) -> str:
    """Whoever brought the bot into a strange group hears how to let it in, where they are the one who can.

    In a group that was let in it says hello whoever brought it; what else it becomes is answered by nothing.
    """
    if cell.chat not in GROUPS:
        return SILENT
    if cell.is_served:
        return WORDS if cell.what == "brought" else SILENT
    return WORDS if cell.actor == "admin" and cell.what != "removed" else SILENT


def _silent(_: Cell) -> str:
    return SILENT


RULES = {
    "message": _message,
    "edited_message": lambda _: SILENT,
    "channel_post": _post,
    "edited_channel_post": lambda _: SILENT,
    "callback_query": _press,
    "inline_query": _typed,
    "chosen_inline_result": _chosen,
    "message_reaction": _reaction,
    "guest_message": lambda cell: DONE if cell.is_invited and cell.way != "through us" else SILENT,
    "my_chat_member": _membership,
    "chat_member": _silent,
}

COMERS = (*PEOPLE, "anonymous")
BECOMING = ("brought", "promoted", "restricted", "demoted", "removed")
SOME = ("imagine", "me", "forget", "unban somebody", "allow somebody", "allow", "doctor", "stats", "reply")


def cells() -> Iterator[Cell]:
    """All of them."""
    for access in ("members", "public"):
        yield from (Cell(access, *each) for each in _everywhere(access))


def _everywhere(access: str) -> Iterator[tuple[str, str, str, str, str, str]]:
    """Update, chat, state of the chat, actor, way, what."""
    strange = "unknown" if access == "members" else "turned out"
    rooms = [("private", "let in"), *product(GROUPS, ("let in",)), ("group", "turned out"), ("topic", strange)]
    rooms += [("supergroup", "unknown")]
    for (chat, state), actor in product(rooms, ACTORS):
        yield from (("message", chat, state, actor, "self", what) for what in PHRASES)
    for (chat, state), actor, way in product(rooms, PEOPLE, WAYS[1:]):
        yield from (("message", chat, state, actor, way, what) for what in SOME)
    for (chat, state), actor in product(rooms, ACTORS):
        yield from (("edited_message", chat, state, actor, "self", what) for what in SOME)
    for update, state, what in product(("channel_post", "edited_channel_post"), STATES, PHRASES):
        yield update, "broadcast", state, "channel", "self", what
    pressed = [*rooms, ("inline", "let in")]
    for (chat, state), actor in product(pressed, (*PEOPLE, "robot")):
        yield from (("callback_query", chat, state, actor, "self", what) for what in BUTTONS)
    yield from _elsewhere(rooms, strange)


def _elsewhere(rooms: list[tuple[str, str]], strange: str) -> Iterator[tuple[str, str, str, str, str, str]]:
    for actor in (*PEOPLE, "robot"):
        yield "inline_query", "inline", "let in", actor, "self", "typed"
        yield "chosen_inline_result", "inline", "let in", actor, "self", "chosen"
        for chat, way in product(CHATS, ("self", "through us")):
            yield "guest_message", chat, "unknown", actor, way, "mention"
    for (chat, state), actor, what in product(rooms, (*PEOPLE, "robot"), ("👎", "❤")):
        yield "message_reaction", chat, state, actor, "self", what
    doors = [*product((*GROUPS, "broadcast"), dict.fromkeys(("let in", strange, "turned out")))]
    for update, (chat, state), actor, what in product(("my_chat_member", "chat_member"), doors, COMERS, BECOMING):
        yield update, chat, state, actor, "self", what
