"""A service of the operator's choice that says whether words may be drawn, in the words of OpenAI's `/moderations`.

It is asked outside of any transaction, before anything is held, and what it said is remembered for a while: the update
begins anew and finds it. A crash between both asks once more, which costs nothing and charges nobody.
"""

import hashlib
from collections import OrderedDict
from collections.abc import Sequence
from enum import Enum

import structlog
from pydantic import BaseModel, ConfigDict, Field

from bot.clock import Clock
from bot.errors import ProviderError
from bot.http import Http, Network, Spool
from bot.moderation.rules import Judging
from bot.providers.breaker import Breaker

# Seconds that somebody waits for its word at most, and for which that word, or its silence, is remembered.
DEADLINE = 10.0
KEPT = 600.0
AWAY_KEPT = 30.0
MOST_KEPT = 1000
# A category with this in its name is never drawn for somebody to look at.
NEVER = "minors"
# Bytes of an answer: a dozen categories with their scores.
ROOM = 64 * 1024

log = structlog.get_logger()


class Opinion(Enum):
    """What it thinks of some words. DOUBTFUL: it is not sure. AWAY: it did not say."""

    FINE = "fine"
    DOUBTFUL = "doubtful"
    REFUSED = "refused"
    AWAY = "away"


class _Result(BaseModel):
    # A score that is no number is below every limit: it must not count as one that is low.
    model_config = ConfigDict(allow_inf_nan=False)

    flagged: bool
    category_scores: dict[str, float | None] = Field(default_factory=dict)

    def opinion(self, judging: Judging) -> Opinion:
        """What it flags is refused. Between the two limits somebody has to look, but at nothing with children."""
        if self.flagged:
            return Opinion.REFUSED
        scores = {name: score for name, score in self.category_scores.items() if score is not None}
        limits = {name: judging.look_from if NEVER in name else judging.refuse_from for name in scores}
        if any(score >= limits[name] for name, score in scores.items()):
            return Opinion.REFUSED
        return Opinion.DOUBTFUL if any(score >= judging.look_from for score in scores.values()) else Opinion.FINE


class _Said(BaseModel):
    """POST /moderations."""

    results: list[_Result] = Field(min_length=1)


class Judge:
    """Asks about words and remembers, by their hash and in memory only, what it was told."""

    def __init__(self, judging: Judging, network: Network, spool: Spool, clock: Clock) -> None:
        headers = {"Authorization": f"Bearer {judging.key}"} if judging.key else {}
        self._http = Http(network, spool, judging.url, headers, DEADLINE)
        self._judging = judging
        self._clock = clock
        self._breaker = Breaker(clock)
        self._known: OrderedDict[str, tuple[Opinion, float]] = OrderedDict()
        self.waits = judging.waits

    def opinion(self, texts: Sequence[str]) -> Opinion | None:
        """What it said about them lately; None: it has to be asked."""
        opinion, until = self._known.get(_name(texts), (None, 0.0))
        return opinion if self._clock.monotonic() < until else None

    async def ask(self, texts: Sequence[str]) -> None:
        """Learn what it thinks. Nothing is raised: that it did not say is remembered, too, for a short while."""
        opinion = await self._ask([text for text in texts if text])
        kept = AWAY_KEPT if opinion is Opinion.AWAY else KEPT
        name = _name(texts)
        self._known[name] = opinion, self._clock.monotonic() + kept
        self._known.move_to_end(name)
        while len(self._known) > MOST_KEPT:
            self._known.popitem(last=False)

    async def _ask(self, texts: Sequence[str]) -> Opinion:
        question = {"model": self._judging.model, "input": list(texts)}
        try:
            with self._breaker.watched():
                said = await self._http.post("/moderations", question, _Said)
        except ProviderError as error:
            log.warning("judge_away", cause=error.cause)  # its words could repeat those of a person
            return Opinion.AWAY
        opinions = {each.opinion(self._judging) for each in said.results}
        return next(each for each in (Opinion.REFUSED, Opinion.DOUBTFUL, Opinion.FINE) if each in opinions)


def _name(texts: Sequence[str]) -> str:
    return hashlib.sha256("\0".join(texts).encode("utf-8", "surrogatepass")).hexdigest()
