"""A wish through its life. Pure: no I/O, no clock."""

import hashlib
import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.errors import Cause, NotNow, NotSent, ProviderError, Refused, Unknown
from bot.images import AspectRatio, ImageModel
from bot.presets.rules import Preset, negative_of, prompt_of

# Seconds after its first start during which a generation is tried again when the service is busy.
PATIENCE = 15 * 60
# Claims within which an unknown outcome is asked again, where that costs nothing.
TRIES = 3
# Claims after which something must be wrong with the generation itself.
MOST_ATTEMPTS = 40
# Seconds that a picture waits on the shelf for someone to press Show, or to come back.
READY_KEPT = 24 * 3600
# What keeps a picture from being shown now, and may be over tomorrow.
MAY_COME_BACK = frozenset({Cause.CHAT_CLOSED, Cause.PICTURES_BARRED})
# Seconds that a delivered picture's file is kept for the Original button and for links, unless the operator says else.
SHELF_KEPT = 72 * 3600
# Days that the words of a picture are kept once it has ended, unless the operator says else.
WORDS_KEPT = 30
# Seconds for which Telegram lets a bot take back its messages.
DELETABLE = 48 * 3600
# Seconds of waiting from which on the note says so.
TELL_AFTER = 8
# Seconds that a wish waits for someone to say yes.
WISH_KEPT = 90 * 24 * 3600
# Seconds within which a second press of the same button is the same press.
DOUBLE_TAP = 3
# Seconds after which a message is asked about before it is drawn.
STALE = 15 * 60
# A seed that every service takes: it fits a signed 32-bit number.
SEEDS = 2**31

# Pictures that one wish can change.
MOST_SOURCES = 2
# Bytes of each: Telegram gives bots no larger files.
SOURCE_BYTES = 20 * 1024 * 1024

LONGEST_WAIT = 300

# A service that refuses for these reasons refuses everybody, and for free: another one may draw.
CLOSED = frozenset({Cause.KEY_REFUSED, Cause.NO_FUNDS, Cause.MODEL_GONE, Cause.SERVICE_GONE, Cause.SPENT_TODAY})

# Said to the service behind the prompt, one for each press of Vary; the seed stays. English is what models know best.
PHRASES = (
    "alternative composition",
    "seen from another angle",
    "different lighting",
    "fresh interpretation",
    "closer view",
    "wider view",
    "different mood",
    "more detail",
)


class Status(StrEnum):
    """Where a generation is. Moved only from the expected one.

    QUEUED → DRAWING → READY → DELIVERED, or FAILED · CANCELLED · EXPIRED from any of the first three.
    """

    QUEUED = "queued"
    DRAWING = "drawing"
    READY = "ready"
    DELIVERED = "delivered"
    FAILED = "failed"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


class LinkNews(StrEnum):
    """What became of a public link: each value has one sentence `link-<value>`."""

    PUBLISHED = "published"
    NOT_PUBLISHED = "not-published"
    GONE = "gone"
    WITHDRAWN = "withdrawn"
    NOT_WITHDRAWN = "not-withdrawn"


UNFINISHED = (Status.QUEUED, Status.DRAWING, Status.READY)


@dataclass(frozen=True, slots=True)
class Wish:
    """What was typed, before defaults. Only the prompt must be there.

    `sources` are pictures to change, by their file ids at Telegram; `shape` is that of the first, where it is known: it
    counts where no `ratio` was typed. `preset` is the name of a look; `style` is what it stood for when it was taken.
    """

    prompt: str
    negative: str | None = None
    ratio: AspectRatio | None = None
    model: str | None = None
    count: int = 1
    seed: int | None = None
    sources: tuple[str, ...] = ()
    shape: AspectRatio | None = None
    preset: str | None = None
    style: Preset | None = None


@dataclass(frozen=True, slots=True)
class Wished:
    """What was asked for and is drawn otherwise; None where it is drawn as asked. It is said under the picture.

    `model` by its key: it cannot do this, is gone, or was busy. `ratio`: the model that draws has none like it.
    `seed` as typed is kept also while it is taken: a model that draws in the end may not take it.
    """

    model: str | None = None
    ratio: AspectRatio | None = None
    seed: int | None = None


AS_WISHED = Wished()


@dataclass(frozen=True, slots=True)
class Extras:
    """What can be done with a picture depends on the services.

    `edits`: a model can change pictures; `publishes`: the service that drew it can show it to everybody; `shapes`: its
    model has more than one ratio; `reports`: in a group others can ask for a look at it.
    """

    edits: bool = False
    publishes: bool = False
    shapes: bool = True
    reports: bool = False


NO_EXTRAS = Extras()


@dataclass(frozen=True, slots=True)
class Place:
    """Where a wish was spoken: the chat, the topic in it (None outside forums), the message to reply to.

    `inline_id` names an inline message, in a chat that nobody tells us; `chat_id` is then that of the person.
    """

    chat_id: int
    thread_id: int | None = None
    message_id: int | None = None
    inline_id: str | None = None


@dataclass(frozen=True, slots=True)
class Generation:
    """One picture from wish to end: one hold, one note, one picture. Times in Unix seconds, `draw_ms` in milliseconds.

    `seed` is the one drawn with (None where the model takes none); `variation` counts presses of Vary.
    `model` is the one that draws; `wished` what was asked for instead. `sources` are pictures to change, by their file
    ids at Telegram. `note_id` is the note that becomes the picture. `error_id` is what the admin searches the log for.
    `public_link` is where everybody can see the picture, once that was asked for; `public_id` takes it back.
    `fenced`: a new message with the picture was begun to be sent, so it is never sent again by itself.
    `shown_as` is `photo` or `document`, `file_id` its file at Telegram, `original_id` that of the original file.
    `favorite_at`: since when its owner likes it.
    `interrupted`: a process died while it was drawn, and it was begun once more.
    `payer_id` is the account that pays where it is not the person's own: a pot. `spoiler`: shown veiled.
    `inline_id` is the inline message that is note and picture, in a chat that nobody tells us. `chat_id` is then that
    of the person, and only says in whose order calls are made.
    `style` is the preset as it was when this was asked for.
    """

    generation_id: str
    user_id: int
    chat_id: int
    thread_id: int | None
    message_id: int | None
    note_id: int | None
    parent_id: str | None
    action: str | None
    model: str
    prompt: str
    negative: str | None
    ratio: AspectRatio
    seed: int | None
    variation: int
    price: int
    status: Status
    cause: Cause | None
    error_id: str | None
    fenced: bool
    created_at: int
    started_at: int | None
    ended_at: int | None
    draw_ms: int | None
    shown_as: str | None
    file_id: str | None
    original_id: str | None
    width: int | None
    height: int | None
    wished: Wished = AS_WISHED
    sources: tuple[str, ...] = ()
    public_link: str | None = None
    public_id: str | None = None
    interrupted: bool = False
    inline_id: str | None = None
    payer_id: int | None = None
    favorite_at: int | None = None
    spoiler: bool = False
    style: Preset | None = None

    @property
    def private(self) -> bool:
        """Spoken in a private chat with us: Telegram gives people positive ids and groups negative ones."""
        return self.chat_id > 0 and self.inline_id is None

    @property
    def posted(self) -> bool:
        """Asked for by a channel, where nobody is the one whom its buttons obey."""
        return self.user_id < 0

    @property
    def held(self) -> bool:
        """Ready, but somebody has to look at it before it is shown."""
        return self.status is Status.READY and self.cause is Cause.HELD

    @property
    def missed(self) -> bool:
        """Drawn, and not shown only because its person was away, or pictures were barred there."""
        return self.status is Status.FAILED and self.cause in MAY_COME_BACK

    @property
    def unsure(self) -> bool:
        """Ready, but its sending had an unknown end: it waits for a press of Show."""
        return self.status is Status.READY and self.fenced


HEART, THUMB_DOWN = "\N{HEAVY BLACK HEART}", "\N{THUMBS DOWN SIGN}"
REACTIONS = frozenset({HEART, THUMB_DOWN})
"""What a person puts on their picture: a heart makes it a favorite, the other deletes it."""


def lane(user_id: int) -> str:
    """Jobs of one lane are done one at a time: each person has one."""
    return f"user:{user_id}"


def model_ref(key: str) -> str:
    """A model in a button: eight characters, because keys can be longer than a button holds."""
    return hashlib.sha256(key.encode()).hexdigest()[:8]


def negative_in_words(prompt: str, negative: str | None) -> str:
    """What should not be there, said within the prompt: for models that have no field for it."""
    return f"{prompt}, without {negative}" if negative else prompt


def said_to(model: ImageModel, asked: Wish | Generation) -> str:
    """What a model is asked for: the prompt in its preset, with what should not be there where it has no field."""
    prompt = prompt_of(asked.style, asked.prompt)
    return prompt if model.negative else negative_in_words(prompt, negative_of(asked.style, asked.negative))


# The service drew, or says so, and what came of it is of no use.
OF_NO_USE = frozenset(
    {
        Cause.NO_PICTURE,
        Cause.NOT_A_PICTURE,
        Cause.PICTURE_TOO_LARGE,
        Cause.PICTURE_GONE,
        Cause.ADDRESS_REFUSED,
    }
)


class Step(StrEnum):
    """What to do with a generation whose picture did not come."""

    LATER = "later"
    FAIL = "fail"


def passes_on(error: ProviderError) -> bool:
    """Whether another service may be asked: this one cannot now, or at all, and has surely not drawn."""
    return isinstance(error, NotNow | NotSent) or error.cause in CLOSED


def surely_not_drawn(error: ProviderError) -> bool:
    """Whether the service has billed nothing: what it drew and could not hand over counts as drawn."""
    return not isinstance(error, Unknown) and error.cause not in OF_NO_USE


def most_hopeful(failures: Sequence[ProviderError]) -> ProviderError:
    """The failure that counts when nobody drew: one after which waiting helps, else the first.

    Of several that wait the shortest wait counts. There is at least one failure.
    """
    last = failures[-1]
    if not passes_on(last):
        return last
    waiting = [error for error in failures if isinstance(error, NotNow | NotSent)]
    return min(waiting, key=lambda error: wait_seconds(error, 1), default=failures[0])


def after_error(
    error: ProviderError, generation: Generation, attempts: int, now: int, *, free: bool, patience: int = PATIENCE
) -> Step:
    """Whether to try again. `free`: asking the service once more costs nothing. `patience` in seconds, if longer.

    What never reached the service, or was not accepted, may always be tried again while patience lasts. What may
    have been carried out and billed is asked again only where that is free, and a few times at most. Whoever waited for
    as long as one picture may take does not wait as long again.
    """
    if isinstance(error, Refused) or attempts >= MOST_ATTEMPTS:
        return Step.FAIL
    if now + wait_seconds(error, attempts) > (generation.started_at or now) + max(PATIENCE, patience):
        return Step.FAIL
    if isinstance(error, Unknown) and (error.cause is Cause.TIMED_OUT or not (free and attempts < TRIES)):
        return Step.FAIL
    return Step.LATER


def wait_seconds(error: ProviderError, attempts: int) -> int:
    """Seconds until the next try: as the service said, else twice as long each time, five minutes at most."""
    asked = error.retry_after if isinstance(error, NotNow) else None
    wait = math.ceil(asked) if asked is not None else 2 ** min(attempts, 6)
    return max(1, min(wait, LONGEST_WAIT))


def interrupted_for_good(generation: Generation, attempts: int, *, free: bool) -> bool:
    """A process died while drawing, and drawing again could cost too much.

    Asking again is allowed once in its life where it may be billed twice (the first death leaves its mark), and more
    often where it is free; even then a picture that brings the process down must not do so for ever.
    """
    if generation.status is not Status.DRAWING:
        return attempts > MOST_ATTEMPTS
    return generation.interrupted and (not free or attempts > MOST_ATTEMPTS)


def drawn_as(generation: Generation, model: ImageModel) -> tuple[str, int | None]:
    """Prompt and seed as the service gets them.

    Vary keeps the seed and adds a phrase; where the model has no room for one, the next seed varies instead.
    """
    prompt, seed = said_to(model, generation), generation.seed if model.seed else None
    if not generation.variation:
        return prompt, seed
    phrase, again = PHRASES[(generation.variation - 1) % len(PHRASES)], (generation.variation - 1) // len(PHRASES)
    varied = f"{prompt}, {phrase}"
    if len(varied) > model.prompt_limit:
        varied, again = prompt, generation.variation
    return varied, None if seed is None else (seed + again) % SEEDS
