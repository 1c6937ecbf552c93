"""The service that judges words, where one is set: whether it answers."""

import tempfile
from collections.abc import AsyncIterator
from pathlib import Path

from bot.clock import Clock
from bot.config import Settings
from bot.doctor.rules import Finding, well, wrong
from bot.http import Network, Spool
from bot.moderation.judge import Judge, Opinion

# Nobody's words.
QUESTION = ("a red fox in the snow",)


async def look_at_judge(settings: Settings, clock: Clock) -> AsyncIterator[Finding]:
    """One question, asked past what the bot remembers; nothing where no service judges words."""
    if settings.judging is None:
        return
    with tempfile.TemporaryDirectory(prefix="imagine-bot-") as directory:
        async with Network(clock) as network:
            judge = Judge(settings.judging, network, Spool(Path(directory)), clock)
            await judge.ask(QUESTION)
    if judge.opinion(QUESTION) is Opinion.AWAY:
        yield wrong("judge", "doctor-judge-away", away=settings.moderation_away)
    else:
        yield well("judge", "doctor-judge")
