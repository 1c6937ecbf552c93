"""Bots die between the plan of a post and its channel. Each post is there once, or its person is asked to look."""

import os
import random
import signal
import sqlite3
from contextlib import closing
from pathlib import Path

from bot.sandbox.model import Role
from bot.sandbox.people import Person, Talk
from bot.sandbox.views import Seen
from tests.crash.lives import World, open_world

LIVES = int(os.environ.get("KILLS", "12"))
DRAFTS = 3
PATIENCE = 60.0


async def planned(world: World, talk: Talk) -> None:
    """As many drafts, each planned for later; then the bot is killed, and later has come."""
    for number in range(DRAFTS):
        await talk.say(f"/post fox {number}")
    life = await world.born()
    await talk.until(lambda chat: len(_drafts(chat)) == DRAFTS, PATIENCE)
    for draft in _drafts(talk):
        await _plan(talk, draft)
    await talk.until(lambda _: world.count("SELECT COUNT(*) FROM posts WHERE state = 'planned'") == DRAFTS, PATIENCE)
    assert await life.end(signal.SIGKILL) == "signal 9"
    with closing(sqlite3.connect(world.data_dir / "imagine.sqlite3")) as connection, connection:
        connection.execute("UPDATE posts SET due_at = due_at - 3600")
        connection.execute("UPDATE jobs SET due_at = due_at - 3600 WHERE kind = 'post-later'")


def _drafts(talk: Talk) -> list[Seen]:
    return [one for one in talk.answers if one.photo and one.button("Schedule")]


async def _plan(talk: Talk, draft: Seen) -> None:
    await talk.press("Schedule", draft)
    await talk.until(lambda chat: chat.message(draft.message_id).button("In 1 hour"), PATIENCE)
    await talk.press("In 1 hour", draft)


async def test_a_planned_post_is_in_its_channel_once_whenever_the_bot_is_killed(tmp_path: Path) -> None:
    seed = int(os.environ.get("SEED", random.SystemRandom().getrandbits(32)))
    print(f"repeat with SEED={seed}")
    async with open_world(tmp_path / "data", seed, people=1) as world:
        [talk] = world.talks
        anna = Person(world.sandbox.world, talk.user)
        channel = world.sandbox.channel("News", anna)
        world.sandbox.set_role(channel, talk.bot(), Role.ADMINISTRATOR)
        await planned(world, talk)
        for _ in range(LIVES):
            await world.short_life(1.2, signal.SIGKILL)
        assert await world.quiet_life(patience=120) == "exit 0"
        sent = len(anna.at(channel).messages)
        known = world.count("SELECT COUNT(*) FROM posts WHERE state = 'published'")
        unsure = world.count("SELECT COUNT(*) FROM posts WHERE state = 'unsure'")
        print(f"{sent} in the channel, {known} known to be, {unsure} unsure")
        assert known + unsure == DRAFTS
        assert known <= sent <= DRAFTS
        asked = [one for one in talk.answers if one.text.startswith("Telegram did not say")]
        assert len(asked) == unsure
        assert world.sandbox.violations == []
