"""What may be asked for: looked at before anything is held, by lists that admins keep for each kind of chat."""

from collections.abc import Collection, Sequence
from functools import partial

from bot.clock import Clock
from bot.errors import Errand, UserError
from bot.moderation import store
from bot.moderation.judge import Judge, Opinion
from bot.moderation.rules import MOST_RULES, STRIKES_COUNT, BlockList, Kind
from bot.storage.database import Database, Transaction


class NotHere(UserError):
    """Something in these words is refused. What it is, is not said: that would teach how to go round it."""

    def __init__(self) -> None:
        super().__init__("moderation-refused")


class Paused(UserError):
    """So much was refused lately that nothing is drawn for this person for a while."""

    def __init__(self, seconds: int) -> None:
        super().__init__("moderation-paused", minutes=-(-seconds // 60))


class Unsaid(UserError):
    """The service that judges words is away, and nothing is drawn without its word."""

    def __init__(self) -> None:
        super().__init__("moderation-away")


class Moderation:
    """Looks at words, and counts what was refused. All but the strikes is read in the open transaction."""

    def __init__(
        self, database: Database, clock: Clock, spared: Collection[int] = (), judge: Judge | None = None
    ) -> None:
        """`spared`: whose refusals are not counted, as they try the lists. `judge` is asked after the lists."""
        self._database = database
        self._clock = clock
        self._spared = frozenset(spared)
        self._judge = judge
        self._version = (-1, -1)
        self._lists: dict[Kind, BlockList] = {}

    async def require(self, tx: Transaction, user_id: int, kind: Kind, texts: Sequence[str], key: str) -> bool:
        """Whether a picture of this has to be looked at before it is shown: the judge is not sure.

        Raises Paused, NotHere, Unsaid; or Errand, because a refusal is counted although all else is rolled back.
        `key` names the request: the same one counts once.
        """
        await self._require_patience(tx, user_id)
        if not await self.refuses(tx, kind, texts):
            opinion = self._judged(texts)
            if opinion is not Opinion.REFUSED:
                return opinion is Opinion.DOUBTFUL
        if user_id in self._spared or await store.is_struck(tx, key):
            raise NotHere
        raise Errand(partial(self._strike_alone, user_id, key))

    async def refuses(self, tx: Transaction, kind: Kind, texts: Sequence[str]) -> bool:
        """Whether something in these texts is on the list of this kind of chat."""
        lists = await self._current(tx)
        return any(lists[kind].find(text) for text in texts)

    async def hold(self, tx: Transaction, generation_id: str) -> None:
        """Let a picture be looked at before it is shown."""
        await store.hold(tx, generation_id, self._clock.now())

    def _judged(self, texts: Sequence[str]) -> Opinion:
        """What the judge thinks of them. Raises Unsaid, and Errand where it has to be asked first."""
        if self._judge is None:
            return Opinion.FINE
        opinion = self._judge.opinion(texts)
        if opinion is None:
            raise Errand(partial(self._judge.ask, texts))
        if opinion is Opinion.AWAY and self._judge.waits:
            raise Unsaid
        return opinion

    async def strike(self, tx: Transaction, user_id: int, key: str) -> None:
        """Count a refusal, once for each `key`."""
        await store.strike(tx, user_id, key, self._clock.now(), STRIKES_COUNT)

    async def _strike_alone(self, user_id: int, key: str) -> None:
        async with self._database.write() as tx:
            await self.strike(tx, user_id, key)

    async def _require_patience(self, tx: Transaction, user_id: int) -> None:
        now = self._clock.now()
        if until := await store.paused_until(tx, user_id, now):
            raise Paused(until - now)

    async def _current(self, tx: Transaction) -> dict[Kind, BlockList]:
        """The lists as they are now; read anew only where they were changed, also by another process."""
        version = await store.version(tx)
        if version != self._version:
            found = await store.blocked(tx, 0, MOST_RULES)
            self._lists = {kind: BlockList(rule for _, rule, places in found if kind in places) for kind in Kind}
            self._version = version
        return self._lists
