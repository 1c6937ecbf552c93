"""What stands in notes and captions. Pure: what is there in, text with its entities out."""

from collections.abc import Iterable
from datetime import UTC, datetime

from aiogram.types import ForceReply, InlineKeyboardMarkup, MessageEntity, User
from aiogram.utils.formatting import (
    BlockQuote,
    Bold,
    Code,
    DateTime,
    ExpandableBlockQuote,
    Text,
    TextLink,
    TextMention,
    as_list,
)

from bot.images import ImageModel
from bot.imagine import keyboards
from bot.imagine.grammar import command
from bot.imagine.rules import Generation, LinkNews, Status, Wish
from bot.imagine.signs import Standing
from bot.presets.rules import Preset
from bot.providers import Sign
from bot.texts import Translator, cut_utf16, utf16_len

View = tuple[str, list[MessageEntity], InlineKeyboardMarkup | None]
Question = tuple[str, list[MessageEntity], ForceReply]

CAPTION = 1024  # UTF-16 units that Telegram takes
TEXT = 4096
IN_NOTE = 160  # of the prompt, in a note
IN_CAPTION = 60  # of what should not be there, under a picture

# From here on a prompt is folded under its picture.
FOLD_UNITS = 240
FOLD_LINES = 4

AT_ONCE = 2  # seconds within which the next one usually starts

BAR = 10  # boxes of the bar

# The beginning of an address that is never asked for anything: it carries what a question is about.
CARRIER = "https://t.me/#change-"

# How Telegram writes a date: a long date and a short time, in the zone of the reader.
DATE = "Dt"

HOUR = 3600
DAY = 24 * HOUR


def note(t: Translator, generation: Generation, standing: Standing) -> View:
    """The note in the present state of the generation."""
    lines = _lines(t, generation, standing)
    text, entities = as_list(*lines, *_in_short(generation.prompt)).render()
    return text, entities, None if generation.posted else keyboards.note(t, generation)


def status(t: Translator, generation: Generation, standing: Standing) -> str:
    """The same in a few words, for the answer to a press."""
    text, _ = as_list(*_lines(t, generation, standing)).render()
    return text


def caption(
    t: Translator,
    generation: Generation,
    model: ImageModel | None,
    credits_left: int | None,
    wished: ImageModel | None = None,
) -> tuple[str, list[MessageEntity]]:
    """What stands under the picture; `credits_left` is not said where it is None, as in groups.

    `model` drew it, `wished` is the one that was asked for instead; None where nobody remembers them.

    The prompt is cut so that everything fits; the rest can be read behind Info.
    """
    tail = [_facts(t, generation, model)]
    if changed := " · ".join(_changed(t, generation, _title(generation, model), wished)):
        tail.append(Text(changed))
    if credits_left is not None:
        tail.append(Text(t("imagine-credits-left", credits=credits_left)))
    room = CAPTION - utf16_len(as_list("", *tail).render()[0])
    quoted = [_quoted(cut_utf16(generation.prompt, room))] if generation.prompt else []
    text, entities = as_list(*quoted, *tail).render()
    return text, entities


def info(t: Translator, generation: Generation, model: ImageModel | None, days: int) -> View:
    """Everything about a picture, and the command that draws it again while its words are kept, for so many days."""
    facts = [Bold(_title(generation, model)), *_details(t, generation)]
    if not generation.prompt:
        return *as_list(*facts, "", t("imagine-words-gone", days=days)).render(), None
    again = command(
        Wish(
            generation.prompt,
            generation.negative,
            generation.ratio,
            generation.model,
            seed=generation.seed,
            preset=generation.style.name if generation.style else None,
        )
    )
    room = TEXT - utf16_len(as_list(*facts, "", "").render()[0])
    text, entities = as_list(*facts, "", Code(cut_utf16(again, room))).render()
    return text, entities, keyboards.copy(t, again)


def span(t: Translator, seconds: int) -> str:
    """For how long something is kept, in whole days where it is days."""
    days, rest = divmod(seconds, DAY)
    return t("imagine-hours", hours=seconds // HOUR) if rest else t("imagine-days", days=days)


def link(t: Translator, generation: Generation, news: LinkNews, kept: int) -> View:
    """What became of a public link; where it was made, or could not be taken back, with its buttons.

    `kept`: for how many seconds files of pictures are kept.
    """
    said = t(f"link-{news}", time=span(t, kept))
    text = f"{said}\n{generation.public_link}" if news is LinkNews.PUBLISHED else said
    shown = news in (LinkNews.PUBLISHED, LinkNews.NOT_WITHDRAWN)
    return text, [], keyboards.link(t, generation) if shown else None


def missed(t: Translator, generation: Generation, said: str = "imagine-missed") -> View:
    """The offer of a picture that was drawn while its person was away, or as `said`."""
    content = as_list(Text(t(said)), *_in_short(generation.prompt))
    return *content.render(), keyboards.missed(t, generation)


def still_wanted(t: Translator, wish: Wish, asked_at: int, wish_id: str) -> View:
    """The question about words that waited while the bot was away."""
    content = as_list(Text(t("imagine-stale"), " ", _date(t, asked_at)), BlockQuote(cut_utf16(wish.prompt, IN_NOTE)))
    text, entities = content.render()
    return text, entities, keyboards.still_wanted(t, wish_id)


def ask(t: Translator, flags: str) -> Question:
    """The question what to draw, with the flags that were typed already, as far as there is room."""
    return cut_utf16(f"{t('imagine-ask')}\n{flags}".strip(), TEXT), [], keyboards.ask(t)


def change(t: Translator, wish_id: str, flags: str, whom: User | None, *, private: bool) -> Question:
    """The question what should change in a picture; `whom` it is for, in a group where it answers nobody's message.

    Behind its first sign is the id of the wish that waits for the words. Telegram gives it back with each answer.
    """
    name = [TextMention(" ".join(whom.first_name.split()), user=whom), ": "] if whom else []
    line = Text(TextLink("✏️", url=CARRIER + wish_id), " ", *name, t("imagine-change"))
    room = TEXT - utf16_len(line.render()[0]) - 1
    content = as_list(line, *([cut_utf16(flags, room)] if flags else []))
    return *content.render(), keyboards.ask_change(t, private=private)


def kept_behind(entity: MessageEntity) -> str | None:
    """The id of a wish that such a question was about."""
    url = entity.url or ""
    return url.removeprefix(CARRIER) if entity.type == "text_link" and url.startswith(CARRIER) else None


def _lines(t: Translator, generation: Generation, standing: Standing) -> Iterable[Text | str]:
    if generation.status is Status.QUEUED:
        return [_queued(t, generation, standing)]
    if generation.status is Status.DRAWING:
        sign = standing.sign
        return _signed(t, standing.elapsed, sign) if sign else _drawing(t, standing.elapsed, standing.typical)
    if generation.status is Status.FAILED:
        return _failed(t, generation)
    if generation.held:
        return [t("failure-held")]
    return [t("imagine-unsure") if generation.unsure else t(f"imagine-{SAID[generation.status]}")]


SAID = {
    Status.READY: "arriving",
    Status.DELIVERED: "delivered",
    Status.CANCELLED: "cancelled",
    Status.EXPIRED: "expired",
}


def _queued(t: Translator, generation: Generation, standing: Standing) -> str:
    if generation.cause:
        return t("imagine-waiting")
    if standing.place and standing.place > 1:
        state = t("imagine-queued", place=standing.place)
    else:
        state = t("imagine-next") if standing.elapsed > AT_ONCE else t("imagine-starting")
    return " · ".join((state, t("imagine-usually", usual=standing.typical))) if standing.typical else state


def _drawing(t: Translator, elapsed: int, typical: int | None) -> list[Text | str]:
    if not typical:
        return [t("imagine-drawing", seconds=elapsed)]
    if elapsed > 2 * typical:
        return [t("imagine-drawing-slow", seconds=elapsed)]
    return [t("imagine-drawing-of", seconds=elapsed, usual=typical), _bar(elapsed, typical)]


def _signed(t: Translator, elapsed: int, sign: Sign) -> list[Text | str]:
    """What the service itself says is nearer to the truth than how long it usually takes."""
    waits = sign.place is not None and sign.place > 0
    state = t("imagine-service-queue", place=sign.place or 0) if waits else t("imagine-drawing", seconds=elapsed)
    line = " · ".join((state, _left(t, sign.seconds))) if sign.seconds else state
    return [line, *([_bar(sign.part, 1)] if sign.part is not None else [])]


def _left(t: Translator, seconds: int) -> str:
    minutes = round(seconds / 60)
    return t("imagine-left-minutes", minutes=minutes) if minutes > 1 else t("imagine-left", seconds=seconds)


def _bar(done: float, whole: float) -> str:
    """Never quite full: only the picture itself says that it is done."""
    full = max(0, min(BAR - 1, int(BAR * done // whole)))
    return "▰" * full + "▱" * (BAR - full)


def _failed(t: Translator, generation: Generation) -> list[Text | str]:
    free = Text(t("imagine-free"), " · ", t("imagine-number"), " ", Code(generation.error_id or "–"))
    return [t(f"failure-{generation.cause}"), free]


def _facts(t: Translator, generation: Generation, model: ImageModel | None) -> Text:
    facts: list[Text | str] = [_title(generation, model), generation.ratio.value]
    if generation.style:
        facts.append(_named(t, generation.style))
    if generation.seed is not None:
        facts.append(Text(t("imagine-seed"), " ", Code(str(generation.seed))))
    if generation.negative:
        facts.append(t("imagine-without", what=cut_utf16(generation.negative, IN_CAPTION)))
    if generation.variation:
        facts.append(t("imagine-variation", number=generation.variation))
    if generation.draw_ms:
        facts.append(_took(t, generation.draw_ms))
    return as_list(*facts, sep=" · ")


def _named(t: Translator, style: Preset) -> str:
    return t("imagine-preset", name=style.name)


def _changed(t: Translator, generation: Generation, drawer: str, model: ImageModel | None) -> Iterable[str]:
    """What is otherwise than it was asked for."""
    wished = generation.wished
    if wished.model:
        # One that is gone may have been called as the one that draws: its key tells them apart.
        name = model.title if model and model.title != drawer else wished.model
        yield t("imagine-stood-in", model=drawer, wished=name)
    if wished.ratio:
        yield t("imagine-ratio-instead", ratio=generation.ratio.value, wished=wished.ratio.value)
    if wished.seed is not None and generation.seed is None:
        yield t("imagine-no-seed", model=drawer)


def _details(t: Translator, generation: Generation) -> list[Text]:
    size = f" · {generation.width} × {generation.height}" if generation.width and generation.height else ""
    found = [(t("imagine-info-size"), generation.ratio.value + size)]
    if generation.draw_ms:
        found.append((t("imagine-info-time"), _took(t, generation.draw_ms)))
    found.append((t("imagine-info-price"), t("imagine-credits", credits=generation.price)))
    if generation.style:
        found.append((t("imagine-info-preset"), generation.style.name))
    lines = [Text(name, ": ", value) for name, value in found]
    lines.append(Text(t("imagine-info-date"), ": ", _date(t, generation.created_at)))
    lines.append(Text(t("imagine-info-id"), ": ", Code(generation.generation_id)))
    return lines


def _took(t: Translator, draw_ms: int) -> str:
    return t("imagine-took", seconds=max(1, round(draw_ms / 1000)))


def _title(generation: Generation, model: ImageModel | None) -> str:
    return model.title if model else generation.model


def _in_short(prompt: str) -> list[Text]:
    """The beginning of a prompt, unless it is not known any more: there is no quote without words."""
    return [BlockQuote(cut_utf16(prompt, IN_NOTE))] if prompt else []


def _quoted(prompt: str) -> Text:
    long = utf16_len(prompt) > FOLD_UNITS or prompt.count("\n") >= FOLD_LINES
    return ExpandableBlockQuote(prompt) if long else BlockQuote(prompt)


def _date(t: Translator, at: int) -> DateTime:
    """A date that Telegram writes for each reader; older apps show ours."""
    written = datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d %H:%M")
    return DateTime(t("imagine-date", date=written), unix_time=at, date_time_format=DATE)
