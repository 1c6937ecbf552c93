"""Everybody, everywhere, by every kind of update: what is allowed is done, what is not is refused, nothing else.

The rule is in `tests/authority.py`; here each of its cells is asked of the bot itself, from the inbox to what is said.
"""

import os
import random
from collections import Counter
from pathlib import Path

import pytest

from tests.authority import ACTORS, CHATS, DONE, PHRASES, SILENT, STATES, WORDS, Cell, cells, expected
from tests.doorway import Said, opened
from tests.forgery import Forger
from tests.town import Town
from tests.virtual import run

ONLY = os.environ.get("CELL", "")
PRESSES = int(os.environ.get("PRESSES") or os.environ.get("FORGED") or "10000")
# After so many presses everything begins anew: what the forgers may do fills their chats.
AFRESH = 500
# How it can be seen that a command was carried out.
SIGNS = {
    "start": "start-hello",
    "help": "help-draw-title",
    "privacy": "privacy-kept-title",
    "terms": "terms-use-title",
    "paysupport": "paysupport-title",
    "language": "settings-choose-language",
    "presets": "presets-title",
    "me": "quota-spent",
    "broadcast": "broadcast-preview",
    "allow": "admin-here-allowed",
    "panel": "panel-title",
    "find somebody": "panel-is-member",
    "price": "price-from-now-on",
    "preset": "look-new",
    "maintenance": "panel-opened",
    "decisions": "panel-no-decisions",
    "doctor": "doctor-looking",
    "ban somebody": "panel-ban-yes",
    "disallow somebody": "panel-let-out-yes",
    "why": "why-title",
}


class Judge:
    """Tells what came of a cell: whether it was done, only talked about, or neither."""

    def __init__(self, town: Town) -> None:
        self.town = town

    def __call__(self, cell: Cell, said: list[Said], before: object) -> str:
        changed = self.town.kept() != before
        if self._is_done(cell, said, changed=changed):
            return DONE
        if changed:
            return "changed"
        return WORDS if said else SILENT

    def _is_done(self, cell: Cell, said: list[Said], *, changed: bool) -> bool:
        words = " ".join(each.words for each in said)
        refused = any(refusal in words for refusal in self.town.refusals)
        if cell.update == "callback_query":
            return bool(said) and not refused
        if cell.update in ("inline_query", "guest_message"):
            return '"draw:' in words
        return changed or self._shows(cell, words) or any(each.method == "sendPhoto" for each in said)

    def _shows(self, cell: Cell, words: str) -> bool:
        if cell.what in SIGNS:
            sign = self.town.t(SIGNS[cell.what], **({"spent": 0} if cell.what == "me" else {}))
            return sign.splitlines()[0] in words
        if cell.what == "forget":
            return any(self.town.t(key) in words for key in ("forget-title", "forget-nothing", "forget-in-private"))
        if cell.what.startswith("settings"):
            return any(self.town.t(key) in words for key in ("settings-title", "chats-title", "chats-intro-afar"))
        return any(self.town.t(empty) in words for empty in ("history-empty", "favorites-empty"))


async def _wrong(data_dir: Path, access: str) -> tuple[list[str], Counter[str]]:
    """Every cell that came out otherwise than the rule says, and how many came out how."""
    wrong: list[str] = []
    found: Counter[str] = Counter()
    async with opened(data_dir, access=access, admin_ids=(ACTORS["admin"],)) as door:
        town = Town(door)
        await town.build()
        judge = Judge(town)
        for cell in cells():
            if cell.access == access and ONLY in str(cell):
                result = await _asked(town, judge, cell)
                found[result] += 1
                if result != (rule := expected(cell)):
                    wrong.append(f"CELL={cell}: {result}, not {rule}")
    return wrong, found


async def _asked(town: Town, judge: Judge, cell: Cell) -> str:
    town.door.database.restore()
    if cell.chat in CHATS and cell.chat != "private":
        town.door.database.do("UPDATE chats SET allowed = ? WHERE chat_id = ?", STATES[cell.state], CHATS[cell.chat])
    before, crashes = town.kept(), town.door.crashes
    said = await town.bring(cell)
    return "crash" if town.door.crashes > crashes else judge(cell, said, before)


@pytest.mark.parametrize("access", ["members", "public"])
def test_everybody_may_do_what_the_rule_says_and_nothing_else(data_dir: Path, access: str) -> None:
    wrong, found = run(_wrong(data_dir, access))
    print(f"{access}: {found.total()} cells, {dict(found)}")
    assert not wrong, f"{len(wrong)} cells:\n" + "\n".join(wrong)
    assert ONLY or found.total() >= 3000


async def _unasked(data_dir: Path) -> set[str]:
    async with opened(data_dir, access="public", admin_ids=(ACTORS["admin"],)) as door:
        said = {words.split()[0].removeprefix("/").partition("@")[0] for words in PHRASES.values()}
        return set(door.commands - said)


def test_the_table_has_a_row_for_every_command(data_dir: Path) -> None:
    assert run(_unasked(data_dir)) == set()


async def _forged(data_dir: Path, seed: int, access: str) -> list[str]:
    """Presses that went wrong, with the seed that repeats them."""
    wrong: list[str] = []
    async with opened(data_dir, access=access, admin_ids=(ACTORS["admin"],)) as door:
        town = Town(door)
        await town.build()
        forger = Forger(town, seed)
        await forger.prepare()
        before = forger.victims()
        for _ in range(PRESSES // 2):
            press = forger.press()
            said = await door.bring([press])
            wrong += [
                f"SEED={seed} press {forger.made}: {what}: {press}" for what in forger.faults(press, said, before)
            ]
            if forger.made % AFRESH == 0:
                door.database.restore()
    return wrong


@pytest.mark.parametrize("access", ["members", "public"])
def test_no_forged_foreign_stale_or_replayed_button_is_obeyed_or_left_unanswered(data_dir: Path, access: str) -> None:
    seed = int(os.environ.get("SEED", random.SystemRandom().getrandbits(32)))
    print(f"repeat with SEED={seed} PRESSES={PRESSES}")
    wrong = run(_forged(data_dir, seed, access))
    assert not wrong, f"{len(wrong)} presses:\n" + "\n".join(wrong[:20])


async def _misplaced(data_dir: Path) -> list[str]:
    """What is done when a forger presses, under the owner's picture, buttons that are about their own."""
    async with opened(data_dir, access="members", admin_ids=(ACTORS["admin"],)) as door:
        town = Town(door)
        await town.build()
        forger = Forger(town, 0)
        await forger.prepare()
        presses = forger.own_buttons_under_the_owners_picture()
        return [said.method for press in presses for said in await door.bring([press])]


def test_a_button_about_an_own_picture_does_not_change_the_message_of_somebody_else(data_dir: Path) -> None:
    assert set(run(_misplaced(data_dir))) == {"answerCallbackQuery"}
