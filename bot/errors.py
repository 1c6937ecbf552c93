"""What can go wrong, named by what may be done next.

BotError
├── SettingsError          the operator must change a setting; the message says which and how
├── StorageError           the database cannot be used as it is
│   ├── StorageNotNow        nothing was changed; trying again later may help
│   │   ├── StorageBusy        another process holds the lock
│   │   ├── StorageFull        no room left; nothing new is accepted until there is
│   │   └── StorageFailing     the disk did not take it, or did not give it back, this time
│   ├── StorageDamaged       the file fails its check; restore a backup
│   └── StorageTooNew        written by a newer version of the bot
├── UserError              said to the person in their language; the transaction is rolled back
├── Errand                 Telegram must be asked something first; the transaction is rolled back, then begun anew
├── ProviderError          a service did not draw; `cause` names the sentence, `detail` is for the log only
│   ├── Refused              asking again the same way cannot help
│   ├── NotNow               not accepted now; the same request is free to repeat after `retry_after`
│   ├── NotSent              never reached the service; free to repeat
│   └── Unknown              may have been carried out and billed; repeated only where that costs nothing
└── DeliveryError          Telegram did not take the result
    ├── DeliveryRefused      this chat will not take it (blocked, gone, not allowed)
    ├── DeliveryNotNow       later, at `retry_at`
    └── DeliveryUnknown      something new was sent and may have arrived; it is never sent again by itself
"""

from collections.abc import Awaitable, Callable
from enum import StrEnum


class Cause(StrEnum):
    """Why there is no picture. In every language each has a sentence `failure-<value>`, words `stats-cause-<value>`."""

    BAD_REQUEST = "bad-request"
    PROMPT_REFUSED = "prompt-refused"
    PROMPT_TOO_LONG = "prompt-too-long"
    KEY_REFUSED = "key-refused"
    NO_FUNDS = "no-funds"
    MODEL_GONE = "model-gone"
    RATE_LIMITED = "rate-limited"
    UNAVAILABLE = "unavailable"
    UNREACHABLE = "unreachable"
    TIMED_OUT = "timed-out"
    TOO_SLOW = "too-slow"
    CUT_OFF = "cut-off"
    SERVICE_ERROR = "service-error"
    REDIRECTED = "redirected"
    BROKEN_ANSWER = "broken-answer"
    NO_PICTURE = "no-picture"
    NOT_A_PICTURE = "not-a-picture"
    PICTURE_TOO_LARGE = "picture-too-large"
    PICTURE_GONE = "picture-gone"
    ADDRESS_REFUSED = "address-refused"
    SERVICE_GONE = "service-gone"
    SPENT_TODAY = "spent-today"
    SOURCE_GONE = "source-gone"
    SOURCE_UNFIT = "source-unfit"
    PICTURE_UNSENDABLE = "picture-unsendable"
    CHAT_CLOSED = "chat-closed"
    PICTURES_BARRED = "pictures-barred"
    HELD = "held"
    NOT_SHOWN = "not-shown"
    NOT_LOOKED_AT = "not-looked-at"
    INTERRUPTED = "interrupted"
    RESTORED = "restored"
    STORAGE_FULL = "storage-full"
    INTERNAL = "internal"


class BotError(Exception):
    """The root of everything below; never raised itself."""


class SettingsError(BotError):
    """A setting is missing or wrong. The message is one sentence for the operator."""


class StorageError(BotError):
    """The database cannot be used as it is. The message is one sentence for the operator."""


class StorageNotNow(StorageError):
    """Nothing was changed, and trying again later may help."""


class StorageBusy(StorageNotNow):
    """Another process holds the lock."""


class StorageFull(StorageNotNow):
    """The disk or the page limit is full."""


class StorageFailing(StorageNotNow):
    """The disk failed this time: an input/output error."""


class StorageDamaged(StorageError):
    """The database file fails its integrity check."""


class StorageTooNew(StorageError):
    """The database was written by a newer version of this program."""


class UserError(BotError):
    """Something the person can mend.

    `text` is a key of the catalogue, `values` its variables. Behind a button a `mild` one passes by; others wait to be
    closed.
    """

    mild = False

    def __init__(self, text: str, /, **values: str | int) -> None:
        super().__init__(text)
        self.text = text
        self.values = values


class Errand(BotError):
    """Something must be known that only Telegram can tell, and it is not asked while a transaction is open.

    Nothing counts that was done so far. `run` is awaited outside, and the update is handled from its beginning.
    """

    def __init__(self, run: Callable[[], Awaitable[None]]) -> None:
        super().__init__("asked outside")
        self.run = run


class ProviderError(BotError):
    """A service did not draw. `detail` may hold foreign text: it goes to the log, redacted, never to a chat.

    `status` is the HTTP status that said so, None where there was none. `link` is where the operator can fill the
    account again, when the service named a page of its own.
    """

    status: int | None = None
    link: str | None = None

    def __init__(self, cause: Cause, detail: str = "") -> None:
        super().__init__()
        self.cause = cause
        self.retell(detail)

    def retell(self, detail: str) -> None:
        """Say the same with this detail."""
        self.detail = detail
        self.args = (f"{self.cause}: {detail}" if detail else str(self.cause),)


class Refused(ProviderError):
    """The service understood and will not: the same request cannot succeed."""


class NotNow(ProviderError):
    """Not accepted now (429, 503, breaker open). `retry_after` in seconds where the service said so."""

    def __init__(self, cause: Cause, detail: str = "", retry_after: float | None = None) -> None:
        super().__init__(cause, detail)
        self.retry_after = retry_after


class NotSent(ProviderError):
    """The request never reached the service."""


class Unknown(ProviderError):
    """The request reached the service and its outcome is not known: it may be billed."""


class DeliveryError(BotError):
    """Telegram did not take the result."""


class DeliveryRefused(DeliveryError):
    """Never in this chat. `cause` is CHAT_CLOSED, PICTURES_BARRED, PICTURE_UNSENDABLE, or what is wrong with it."""

    def __init__(self, cause: Cause, detail: str = "") -> None:
        super().__init__(f"{cause}: {detail}" if detail else str(cause))
        self.cause = cause
        self.detail = detail


class DeliveryNotNow(DeliveryError):
    """Later: `retry_at` in Unix seconds."""

    def __init__(self, retry_at: int, detail: str = "") -> None:
        super().__init__(detail or f"not before {retry_at}")
        self.retry_at = retry_at


class DeliveryUnknown(DeliveryError):
    """A new message was sent and its fate is unknown."""
