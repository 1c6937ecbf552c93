"""What Telegram says about the bot: its token, rights, webhook, clock, and the chats that it needs."""

from collections.abc import AsyncIterator, Mapping
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

from bot.clock import Clock
from bot.config import Settings
from bot.doctor.rules import Finding, note, well, wrong
from bot.telegram.api import Answer, Api, CallError, CallRefused, read
from bot.telegram.inline import may_post

SKEW = 5  # seconds between two clocks that are nobody's fault
FAR = 60  # seconds from which deadlines, days and pauses are wrong
MANY = 100  # updates that wait; more do not fit into one answer
LATELY = 3600  # seconds in which an error of the webhook is news
LONGEST_REASON = 120

Wire = Mapping[str, Any]


class AtTelegram:
    """Asks only what changes nothing and leaves no message behind."""

    def __init__(self, api: Api, settings: Settings, clock: Clock) -> None:
        self._api = api
        self._settings = settings
        self._clock = clock

    async def look(self) -> AsyncIterator[Finding]:
        """The token first: without one that counts there is nothing else to ask."""
        try:
            answer = await self._api.exchange("getMe", {})
            me = _mapping(read(answer))
        except CallError as error:
            yield self._refused(error)
            return
        yield well("token", "doctor-token", name=str(me.get("username", "")))
        for finding in _rights(me):
            yield finding
        yield self._time(answer)
        yield await self._updates()
        yield await self._storage(inline=bool(me.get("supports_inline_queries")))
        if not self._settings.admin_ids:
            yield note("admins", "doctor-admins-none")
        for admin_id in self._settings.admin_ids:
            if strange := await self._admin(admin_id):
                yield strange

    def _refused(self, error: CallError) -> Finding:
        if isinstance(error, CallRefused) and error.code in (401, 404):
            return wrong("token", "doctor-token-refused")
        host = urlsplit(self._settings.telegram_api_base).hostname or ""
        return wrong("token", "doctor-telegram-silent", host=host, reason=_short(error))

    def _time(self, answer: Answer) -> Finding:
        try:
            theirs = int(parsedate_to_datetime(answer.date).timestamp())
        except ValueError:
            return note("clock", "doctor-clock-unknown")
        apart = abs(self._clock.now() - theirs)
        if apart <= SKEW:
            return well("clock", "doctor-clock")
        return (wrong if apart >= FAR else note)("clock", "doctor-clock-off", seconds=apart)

    async def _updates(self) -> Finding:
        """How updates come in, and whether they do."""
        try:
            info = _mapping(await self._api.call("getWebhookInfo"))
        except CallError as error:
            return wrong("updates", "doctor-call-failed", method="getWebhookInfo", reason=_short(error))
        waiting, url = _number(info, "pending_update_count"), str(info.get("url") or "")
        if url != self._settings.webhook_url:
            return self._elsewhere(url)
        if url and (failed := self._failed(info)):
            return failed
        if waiting > MANY:
            return note("updates", "doctor-updates-wait", waiting=waiting)
        return well("updates", "doctor-webhook" if url else "doctor-polling", waiting=waiting)

    def _elsewhere(self, url: str) -> Finding:
        """Only the host is named: a path may be a secret of somebody's."""
        if not url:
            return wrong("updates", "doctor-webhook-missing")
        text = "doctor-webhook-moved" if self._settings.webhook_url else "doctor-webhook-in-the-way"
        return wrong("updates", text, host=urlsplit(url).hostname or "")

    def _failed(self, info: Wire) -> Finding | None:
        age = self._clock.now() - _number(info, "last_error_date")
        if age > LATELY:
            return None
        reason, minutes = str(info.get("last_error_message", ""))[:LONGEST_REASON], max(0, age // 60)
        state = wrong if info.get("pending_update_count") else note
        return state("updates", "doctor-webhook-fails", minutes=minutes, reason=reason)

    async def _storage(self, *, inline: bool) -> Finding:
        """Whether pictures for other chats can be brought to their chat; nothing is posted there."""
        chat_id = self._settings.storage_chat_id
        if chat_id is None:
            return well("storage", "doctor-storage-none")
        if await may_post(self._api, self._api.bot_id, chat_id) is False:
            return wrong("storage", "doctor-storage-closed", chat=str(chat_id))
        return well("storage", "doctor-storage") if inline else note("storage", "doctor-storage-unused")

    async def _admin(self, admin_id: int) -> Finding | None:
        """Whoever never wrote to the bot hears nothing of it."""
        try:
            await self._api.call("getChat", chat_id=admin_id)
        except CallRefused:
            return note("admins", "doctor-admin-unmet", admin=str(admin_id))
        except CallError:
            return None  # nobody's fault, and the other lines tell of it
        return None


def _rights(me: Wire) -> list[Finding]:
    """What @BotFather can switch. None of it is wrong: the bot does without."""
    groups, hears_all = me.get("can_join_groups"), me.get("can_read_all_group_messages")
    inline, guest = me.get("supports_inline_queries"), me.get("supports_guest_queries")
    return [
        well("groups", "doctor-groups") if groups else note("groups", "doctor-groups-off"),
        note("privacy", "doctor-privacy-off") if hears_all else well("privacy", "doctor-privacy"),
        well("inline", "doctor-inline") if inline else note("inline", "doctor-inline-off"),
        well("guest", "doctor-guest" if guest else "doctor-guest-off"),
        well("topics", "doctor-topics" if me.get("has_topics_enabled") else "doctor-topics-off"),
    ]


def _mapping(told: Any) -> Wire:
    return told if isinstance(told, dict) else {}


def _number(told: Wire, name: str) -> int:
    value = told.get(name)
    return value if isinstance(value, int) else 0


def _short(error: CallError) -> str:
    return str(error)[:LONGEST_REASON]
