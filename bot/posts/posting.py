"""The jobs that bring a post into its channel: at once, or when its time has come. Nothing is sent blindly twice.

Whoever wanted it must still be allowed to, and the bot, at that very moment. That the call begins is committed first;
if its end stays unknown, the person is told, looks into the channel, and presses again if it is not there.
"""

from collections.abc import Awaitable, Callable
from typing import Protocol

import structlog

from bot.chats import store as chats
from bot.clock import Clock
from bot.errors import DeliveryNotNow, DeliveryRefused, DeliveryUnknown, UserError
from bot.imagine import store as generations
from bot.imagine.rules import Generation, Status
from bot.jobs.runner import Lease, LeaseLost
from bot.posts import store
from bot.posts.rules import LATEST, TRIES, News, Post, Standing, State, wait_seconds
from bot.posts.standings import Standings
from bot.storage.database import Database, Transaction
from bot.storage.patience import patiently
from bot.users import store as users

log = structlog.get_logger()

Found = tuple[Post, Generation]
Begin = Callable[[], Awaitable[None]]


class Press(Protocol):
    """How a post reaches its channel, and how its person hears of it."""

    async def publish(self, post: Post, picture: Generation, username: str | None, begin: Begin) -> tuple[int, str]:
        """The number of the message in the channel, and its link. `begin` is awaited right before the call.

        Raises DeliveryRefused, DeliveryNotNow, DeliveryUnknown.
        """
        ...

    async def tell(self, tx: Transaction, post: Post, picture: Generation, news: News) -> None:
        """Add to the outbox: what became of it, and its buttons as they are now."""
        ...


class Posting:
    """The handler of `post` and `post-later` jobs; their subject is the id of a draft."""

    def __init__(
        self, database: Database, standings: Standings, press: Press, clock: Clock, *, trusted: Callable[[int], bool]
    ) -> None:
        """`trusted`: whether somebody may use the bot without being let in by name: everybody may, or they lead it."""
        self._database = database
        self._standings = standings
        self._press = press
        self._clock = clock
        self._trusted = trusted

    async def __call__(self, lease: Lease) -> None:
        """Publish one post, or give it back to its person with a sentence."""
        found = await self._found(lease)
        if found is None:
            return
        post = found[0]
        try:
            standing = await self._standings.now(post.chat_id, post.user_id)
        except UserError:
            await self._later(lease, found, self._clock.now() + wait_seconds(lease.job.attempts))
            return
        if news := _forbidden(standing):
            await self._end(lease, found, State.DRAFT, news)
        else:
            await self._publish(lease, found, standing)

    async def _found(self, lease: Lease) -> Found | None:
        """What is to be published; None where nobody wants it any more, or it must not be tried again."""
        async with self._database.write() as tx:
            post = await store.get(tx, lease.job.subject)
            if post is None or post.state not in (State.PLANNED, State.SENDING, State.BEGUN):
                await lease.done(tx)
                return None
            picture = await generations.get_owned(tx, post.post_id, post.user_id)
            if picture is None or picture.status is not Status.DELIVERED:
                await lease.done(tx)  # deleted meanwhile: nobody needs to be told
                await store.change(tx, post, self._clock.now(), state=State.DISCARDED, due_at=None)
                return None
            found = post, picture
            if post.state is State.BEGUN:
                await self._ended(tx, lease, found, State.UNSURE, News.UNSURE)
            elif news := await self._unwanted(tx, post):
                await self._ended(tx, lease, found, State.DRAFT, news)
            else:
                return found
            return None

    async def _unwanted(self, tx: Transaction, post: Post) -> News | None:
        """Why it is not published although its time has come: it came long ago, or somebody was turned out."""
        if post.due_at is not None and self._clock.now() > post.due_at + LATEST:
            return News.LATE
        person = await users.get(tx, post.user_id)
        invited = person is not None and (person.member or self._trusted(post.user_id))
        if person is not None and person.is_banned(self._clock.now()):
            invited = False
        turned_out = (await chats.get(tx, post.chat_id)).allowed is False
        return None if invited and not turned_out else News.REFUSED

    async def _publish(self, lease: Lease, found: Found, standing: Standing) -> None:
        post, picture = found
        try:
            message_id, link = await self._press.publish(
                post, picture, standing.username, lambda: self._begin(lease, post)
            )
        except DeliveryNotNow as error:
            await self._later(lease, found, error.retry_at)
        except DeliveryRefused as error:
            log.warning("not_posted", post_id=post.post_id, cause=error.cause, detail=error.detail[:200])
            await self._end(lease, found, State.DRAFT, News.REFUSED)
        except DeliveryUnknown:
            log.warning("post_unknown", post_id=post.post_id)
            await self._end(lease, found, State.UNSURE, News.UNSURE)
        else:
            await self._end(lease, found, State.PUBLISHED, News.PUBLISHED, message_id=message_id, link=link)

    async def _begin(self, lease: Lease, post: Post) -> None:
        """From here on it may be in the channel.

        Raises LeaseLost where its person took it back meanwhile, DeliveryNotNow where other words are to be sent.
        """

        async def change(tx: Transaction) -> None:
            now, fresh = self._clock.now(), await store.get(tx, post.post_id)
            await lease.hold_on(tx, now)
            if fresh is None or fresh.state is not post.state:
                raise LeaseLost
            if fresh != post or await store.change(tx, post, now, state=State.BEGUN, asked=None) is None:
                raise DeliveryNotNow(now, "changed meanwhile")

        await patiently(self._database, change)

    async def _later(self, lease: Lease, found: Found, due_at: int) -> None:
        """It surely did not arrive: it is as before, and tried again, but not for ever."""
        if lease.job.attempts >= TRIES:
            await self._end(lease, found, State.DRAFT, News.SILENCE)
            return

        async def change(tx: Transaction) -> None:
            post = await store.get(tx, found[0].post_id)
            if await lease.put_back(due_at, tx) and post and post.state is State.BEGUN:
                await store.change(tx, post, self._clock.now(), state=found[0].state)

        await patiently(self._database, change)

    async def _end(self, lease: Lease, found: Found, state: State, news: News, **changes: object) -> None:
        """Written down, however long it takes."""
        await patiently(self._database, lambda tx: self._ended(tx, lease, found, state, news, **changes))

    async def _ended(
        self, tx: Transaction, lease: Lease, found: Found, state: State, news: News, **changes: object
    ) -> None:
        """The end, the job and what is said about it: one commit."""
        now, post = self._clock.now(), await store.get(tx, found[0].post_id)
        is_ours = await lease.done(tx)
        if post is None or not (is_ours or state is State.PUBLISHED):
            return
        changed = await store.change(tx, post, now, state=state, asked=None, due_at=None, **changes)
        if changed:
            log.info("post_ended", post_id=post.post_id, state=state, news=news)
            await self._press.tell(tx, changed, found[1], news)


def _forbidden(standing: Standing) -> News | None:
    if not standing.leads:
        return News.NOT_ADMIN
    return None if standing.posts else News.NO_RIGHT
