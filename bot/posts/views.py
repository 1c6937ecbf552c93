"""What is said about drafts. Pure: what is there in, text with its entities out."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from aiogram.types import ForceReply, InlineKeyboardMarkup, MessageEntity
from aiogram.utils.formatting import DateTime, Text, TextLink, as_list

from bot.imagine.views import DATE
from bot.posts import keyboards
from bot.posts.rules import CAPTION, SIGNATURE, Asked, News, Post
from bot.texts import Translator

Said = tuple[str, list[MessageEntity]]
Question = tuple[str, list[MessageEntity], ForceReply]

# The beginning of an address that is never asked for anything: it carries what a question is about.
CARRIER = "https://t.me/#post-"


def words(post: Post) -> Said:
    """What stands below the picture, here and in the channel."""
    caption, entities = post.words
    return caption, [MessageEntity.model_validate(each) for each in entities]


def news(t: Translator, post: Post, what: News) -> Said:
    """What became of it."""
    said = t(f"post-news-{what}", channel=post.title)
    return (f"{said}\n{post.link}" if what is News.PUBLISHED and post.link else said), []


def planned(t: Translator, post: Post, zone: ZoneInfo) -> Said:
    """When it will be published; apps show the time in the zone of their reader."""
    at = post.due_at or 0
    written = f"{datetime.fromtimestamp(at, zone):%Y-%m-%d %H:%M} {zone.key}"
    return Text(
        t("post-planned", channel=post.title), " ", DateTime(written, unix_time=at, date_time_format=DATE)
    ).render()


def question(
    t: Translator, post: Post, wanted: Asked, now: int, zone: ZoneInfo
) -> tuple[str, list[MessageEntity], ForceReply]:
    """Asks for words. Behind its first sign is what it is about: Telegram gives it back with each answer."""
    example = f"{datetime.fromtimestamp(now, UTC).astimezone(zone):%Y-%m-%d} 18:30"
    values = {"most": str(CAPTION if wanted is Asked.CAPTION else SIGNATURE), "zone": zone.key, "example": example}
    mark = TextLink("✏️", url=f"{CARRIER}{wanted}-{post.post_id}")
    text, entities = Text(mark, " ", t(f"post-ask-{wanted}", channel=post.title, **values)).render()
    return text, entities, keyboards.question(t, wanted)


def asked_behind(entity: MessageEntity) -> tuple[Asked, str] | None:
    """What such a question asked for, and the id of the draft that it was about."""
    url = entity.url or ""
    if entity.type != "text_link" or not url.startswith(CARRIER):
        return None
    wanted, _, post_id = url.removeprefix(CARRIER).partition("-")
    return (Asked(wanted), post_id) if wanted in set(Asked) and post_id else None


def how(t: Translator) -> Said:
    """How a draft is begun."""
    return as_list(t("post-how"), t("post-how-named"), sep="\n\n").render()


def markup(t: Translator, post: Post) -> InlineKeyboardMarkup | None:
    """Its buttons as they are now."""
    return keyboards.asked(t, post) if post.asked else keyboards.home(t, post)
