"""What a broadcast looks like: the letter as people see it, and the panel of its admin."""

from collections.abc import Sequence
from typing import Any

from aiogram.methods import EditMessageText, SendMessage, SendPhoto
from aiogram.types import InlineKeyboardMarkup, Message, MessageEntity
from aiogram.utils.formatting import Bold, Text, as_list

from bot.broadcast import keyboards
from bot.broadcast.rules import A_SECOND, Audience, Broadcast, Letter, State, minutes
from bot.errors import UserError
from bot.texts import Language, Translator, utf16_len

# What a bot may send with a picture; people who pay for their app may write more.
CAPTION = 1024

# What a bot may not send on as it came; only one whose name was bought at Fragment may. The draft says so.
UNSENDABLE = frozenset({"custom_emoji"})

View = tuple[Text, InlineKeyboardMarkup | None]


def own_letter(message: Message) -> Letter:
    """What stands behind the command, in a message or below a picture. Raises UserError for nothing."""
    said = message.text or message.caption or ""
    words = said.partition(" ")[2].strip() if " " in said.split("\n")[0] else said.partition("\n")[2].strip()
    if not words:
        raise UserError("broadcast-needs-reply")
    # A command and the blanks around it are characters of one unit each.
    begins, ends = said.index(words), said.index(words) + utf16_len(words)
    marks = [
        each.model_copy(update={"offset": each.offset - begins})
        for each in message.entities or message.caption_entities or ()
        if begins <= each.offset and each.offset + each.length <= ends
    ]
    fields = {"text": words, "entities": marks} if message.text else {"caption": words, "caption_entities": marks}
    return letter_of(message.model_copy(update=fields))


def letter_of(message: Message) -> Letter:
    """The words or the picture of a message, to be sent to others. Raises UserError for what is neither."""
    if message.text and not message.media_group_id:
        told = {
            "text": message.text,
            "entities": _entities(message.entities),
            "link_preview_options": _preview(message),
        }
        return Letter("sendMessage", told, _is_plainer(message.entities))
    if not message.photo or message.media_group_id:
        raise UserError("broadcast-needs-reply")
    caption = message.caption or ""
    if utf16_len(caption) > CAPTION:
        raise UserError("broadcast-too-long", most=CAPTION)
    shown = {"has_spoiler": message.has_media_spoiler, "show_caption_above_media": message.show_caption_above_media}
    plainer = _is_plainer(message.caption_entities)
    marks = {"caption": caption, "caption_entities": _entities(message.caption_entities)}
    return Letter("sendPhoto", {"photo": message.photo[-1].file_id, **shown, **(marks if caption else {})}, plainer)


def letter(letter: Letter, chat_id: int, t: Translator) -> SendMessage | SendPhoto:
    """The letter as this person sees it."""
    made = SendMessage if letter.method == "sendMessage" else SendPhoto
    return made(chat_id=chat_id, reply_markup=keyboards.letter(t), **letter.params)


def draft(
    t: Translator, broadcast: Broadcast, languages: Sequence[Language], people: int | None, unmet: int = 0
) -> View:
    """Whom it would reach and whom not, and what else could be chosen. `people` is None while they are counted."""
    aim = [_aim(t, broadcast.audience, languages, people)]
    aim += [Text(t("broadcast-unmet", people=unmet))] if unmet else []
    plainer = [t("broadcast-plainer")] if broadcast.letter.plainer else []
    text = as_list(t("broadcast-preview"), *plainer, as_list(*aim), sep="\n\n")
    return text, keyboards.Panel(t, broadcast.broadcast_id).draft(broadcast.audience, languages, people)


def question(t: Translator, broadcast: Broadcast, languages: Sequence[Language], people: int, now: int) -> View:
    """Whether it is really meant."""
    lasts = t("broadcast-question", people=people, minutes=minutes(people, A_SECOND))
    text = as_list(_aim(t, broadcast.audience, languages, people), lasts, sep="\n\n")
    return text, keyboards.Panel(t, broadcast.broadcast_id).question(people, now)


def progress(t: Translator, broadcast: Broadcast) -> View:
    """How it goes, or how it went."""
    counts = broadcast.counts
    title = t(f"broadcast-{broadcast.state}", passed=counts.all, total=max(broadcast.total, counts.all))
    lines = [
        t("broadcast-delivered", people=counts.delivered),
        t("broadcast-blocked", people=counts.blocked),
        *([t("broadcast-failed", people=counts.failed)] if counts.failed else []),
        *([t("broadcast-unknown", people=counts.unknown)] if counts.unknown else []),
    ]
    panel = keyboards.Panel(t, broadcast.broadcast_id)
    return as_list(Bold(title), *lines), panel.running() if broadcast.state is State.RUNNING else None


def panel(broadcast: Broadcast, view: View) -> EditMessageText:
    """The message of its admin, changed. It names no message where nobody knows yet which that is."""
    content, buttons = view
    text, entities = content.render()
    return EditMessageText(
        chat_id=broadcast.admin_id, message_id=broadcast.panel_id, text=text, entities=entities, reply_markup=buttons
    )


def dropped(t: Translator) -> View:
    """What is left of a draft that nobody wants."""
    return Text(t("broadcast-dropped")), None


def _aim(t: Translator, audience: Audience, languages: Sequence[Language], people: int | None) -> Text:
    days = t("broadcast-active", days=audience.days) if audience.days else t("broadcast-everybody")
    names = [each.name for each in languages if each.tag == audience.language]
    count = t("broadcast-counting") if people is None else t("broadcast-people", people=people)
    return Text(Bold(" · ".join([days, *names])), "\n", count)


def _preview(message: Message) -> dict[str, Any] | None:
    options = message.link_preview_options
    return options.model_dump(exclude_unset=True) if options else None


def _is_plainer(entities: Sequence[MessageEntity] | None) -> bool:
    return any(each.type in UNSENDABLE for each in entities or ())


def _entities(entities: Sequence[MessageEntity] | None) -> list[dict[str, Any]]:
    kept = (each for each in entities or () if each.type not in UNSENDABLE)
    return [each.model_dump(exclude_unset=True) for each in kept]
