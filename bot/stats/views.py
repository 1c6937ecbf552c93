"""What /stats and /providers say: figures in, messages out. Pure."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from aiogram.methods import EditMessageMedia, EditMessageText, SendDocument, SendMessage, SendPhoto
from aiogram.types import FSInputFile, InputMediaPhoto
from aiogram.utils.formatting import Bold, Text, as_list

from bot.stats import keyboards
from bot.stats.rules import Figures, Period, ServiceFigures, Standing
from bot.texts import Translator, cut_utf16

# A caption holds 1024 letters: what does not fit is in the files.
MOST_CAUSES = 5
MOST_SERVICES = 4
TITLE = 24

Titles = Mapping[str, str]


def photo(t: Translator, chat_id: int, figures: Figures, titles: Titles, path: Path) -> SendPhoto:
    """The chart as a new message."""
    text, entities = caption(t, figures, titles).render()
    return SendPhoto(
        chat_id=chat_id,
        photo=_file(path, figures.period, "png"),
        caption=text,
        caption_entities=entities,
        reply_markup=keyboards.periods(t, figures.period),
    )


def turned(
    t: Translator, chat_id: int, message_id: int, figures: Figures, titles: Titles, path: Path
) -> EditMessageMedia:
    """The chart in the place of another one."""
    text, entities = caption(t, figures, titles).render()
    media = InputMediaPhoto(media=_file(path, figures.period, "png"), caption=text, caption_entities=entities)
    markup = keyboards.periods(t, figures.period)
    return EditMessageMedia(chat_id=chat_id, message_id=message_id, media=media, reply_markup=markup)


def document(chat_id: int, period: Period, path: Path, kind: str) -> SendDocument:
    """Figures as a file; `kind` is the end of its name."""
    return SendDocument(chat_id=chat_id, document=_file(path, period, kind), disable_content_type_detection=True)


def new_board(t: Translator, chat_id: int, standings: Sequence[Standing], now: int) -> SendMessage:
    """The board as a new message."""
    text, entities = _board(t, standings, now).render()
    markup = keyboards.board(t, standings)
    return SendMessage(chat_id=chat_id, text=text, entities=entities, reply_markup=markup)


def same_board(
    t: Translator, chat_id: int, message_id: int, standings: Sequence[Standing], now: int
) -> EditMessageText:
    """The board in the place of an earlier one."""
    text, entities = _board(t, standings, now).render()
    markup = keyboards.board(t, standings)
    return EditMessageText(chat_id=chat_id, message_id=message_id, text=text, entities=entities, reply_markup=markup)


def caption(t: Translator, figures: Figures, titles: Titles) -> Text:
    """The numbers in words, under the letters of the chart."""
    delivered, failed = sum(figures.delivered), sum(figures.failed)
    causes = [
        t("stats-cause", number=number, cause=t(f"stats-cause-{cause}"), count=count)
        for number, (cause, count) in enumerate(figures.causes[:MOST_CAUSES], 1)
    ]
    services = [_service(t, each, titles) for each in figures.services[:MOST_SERVICES]]
    return as_list(
        Bold(t(f"stats-title-{figures.period}")),
        t("stats-pictures", count=delivered),
        t("stats-failures", count=failed),
        t("stats-people", count=figures.people),
        t("stats-credits", count=figures.credits),
        *((Bold(t("stats-causes")), *causes) if causes else ()),
        *((Bold(t("stats-services")), *services) if services else ()),
    )


def seconds(t: Translator, ms: int | None) -> str:
    """How long something took, as precisely as it is known."""
    if ms is None:
        return "–"
    if ms < 10_000:
        return t("stats-seconds", whole=ms // 1000, tenths=ms // 100 % 10)
    return t("stats-whole-seconds", whole=ms // 1000)


def _service(t: Translator, figures: ServiceFigures, titles: Titles) -> str:
    return t(
        "stats-service",
        service=cut_utf16(titles.get(figures.key, figures.key), TITLE),
        success="–" if figures.success is None else figures.success,
        half=seconds(t, figures.p50),
        most=seconds(t, figures.p90),
        credits=figures.spend,
    )


def _board(t: Translator, standings: Sequence[Standing], now: int) -> Text:
    lines = (line for standing in standings for line in ("", *_standing(t, standing, now)))
    return as_list(Bold(t("board-title")), *lines)


def _standing(t: Translator, standing: Standing, now: int) -> list[Text | str]:
    calls = standing.calls
    lines: list[Text | str] = [
        Text(_sign(standing), " ", Bold(standing.title), " · ", t(f"board-is-{_state(standing)}"))
    ]
    if calls.success is None:
        lines.append(t("board-no-calls"))
    else:
        times = {"half": seconds(t, calls.p50), "most": seconds(t, calls.p90)}
        lines.append(t("board-calls", count=calls.made, success=calls.success, **times))
    capped = {} if standing.cap is None else {"cap": standing.cap}
    lines.append(t("board-capped" if capped else "board-spend", credits=standing.spend, **capped))
    if standing.trouble and standing.troubled_at is not None:
        minutes = max(0, now - standing.troubled_at) // 60
        lines.append(t("board-trouble", cause=t(f"stats-cause-{standing.trouble}"), minutes=minutes))
    return lines


def _state(standing: Standing) -> str:
    if standing.off:
        return "off"
    if standing.resting:
        return "resting"
    return "preferred" if standing.preferred else "on"


def _sign(standing: Standing) -> str:
    return {"off": "⚪", "resting": "🔴", "preferred": "⭐", "on": "🟢"}[_state(standing)]


def _file(path: Path, period: Period, kind: str) -> FSInputFile:
    return FSInputFile(path, filename=f"figures-{period}.{kind}")
