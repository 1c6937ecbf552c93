"""The oracle sees: each kind of damage, planted on purpose, is found."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from bot.sandbox.people import Talk
from tests.house import KEY, House
from tests.oracle import Evidence, examine
from tests.vaults import TOKEN

DAMAGE = {
    "balance of": "UPDATE balances SET daily = daily + 1",
    "has end settle": "UPDATE generations SET status = 'failed'",
    "has end None": "DELETE FROM entries WHERE kind = 'settle'",
    "hold without generation": "DELETE FROM generations",
    "unfinished generation without job": "UPDATE generations SET status = 'ready'",
    "job without unfinished generation": "INSERT INTO jobs (kind, subject, lane, due_at) VALUES ('x', 'y', 'z', 1)",
    "file without row": "DELETE FROM shelf",
    "row without file": "UPDATE shelf SET file = 'elsewhere.jpg'",
    "shelf kept for ever": "UPDATE shelf SET kept_until = NULL",
    "update that nobody ended": "UPDATE inbox SET state = 'new'",
    "update that could not be handled": "UPDATE inbox SET state = 'set_aside'",
    "words of a handled update": "UPDATE inbox SET raw = 'a secret wish'",
    "message that was not sent": "INSERT INTO outbox (chat_id, method, payload, created_at) VALUES (1, 'x', '{}', 1)",
    "a secret is in": f"UPDATE generations SET prompt = '{KEY}'",
}


@pytest.fixture
async def evidence(chat: Talk, running: House) -> AsyncIterator[Evidence]:
    """What one finished picture leaves, which is nothing to complain about."""
    await chat.say("a heron")
    await chat.until(lambda chat: chat.answers and chat.answers[0].photo)
    await running.quiet()
    yield Evidence(running.sandbox, running.database, running.data_dir, running.log.getvalue(), (TOKEN, KEY))
    running.unfinished = True  # what was planted is never worked off
    await running.stop()


async def test_a_sound_conversation_passes(evidence: Evidence) -> None:
    assert await examine(evidence) == []


@pytest.mark.parametrize("complaint", DAMAGE)
async def test_damage_to_the_rows_is_seen(evidence: Evidence, complaint: str) -> None:
    async with evidence.database.write() as tx:
        await tx.execute(DAMAGE[complaint], {})
    found = await examine(evidence)
    assert [line for line in found if complaint in line], found


async def test_a_picture_that_was_charged_and_is_not_in_the_chat_is_seen(evidence: Evidence) -> None:
    chat = next(chat for chat in evidence.sandbox.world.chats.values() if chat.pair)
    chat.messages.clear()
    evidence.sandbox.calls.clear()
    assert any("not in the chat" in line for line in await examine(evidence))


async def test_words_that_nobody_wrote_are_seen(evidence: Evidence) -> None:
    chat = next(chat for chat in evidence.sandbox.world.chats.values() if chat.pair)
    next(message for message in chat.messages.values() if message.media).text = "Traceback (most recent call last)"
    assert any("words from nowhere" in line for line in await examine(evidence))


async def test_a_secret_in_the_log_is_seen(evidence: Evidence) -> None:
    leaky = replace(evidence, log=f"GET /bot{TOKEN}/getMe")
    assert "a secret is in the log" in await examine(leaky)


async def test_words_of_a_person_in_the_log_are_seen(evidence: Evidence) -> None:
    leaky = replace(evidence, log='{"event": "delivered", "prompt": "a heron"}')
    assert any("words of a person" in line for line in await examine(leaky))
