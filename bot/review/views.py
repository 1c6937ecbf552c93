"""What moderators read. Pure: what is there in, text with its entities out."""

from collections.abc import Sequence
from typing import Any

from aiogram.methods import SendDocument, SendPhoto
from aiogram.utils.formatting import Bold, Code, Text, as_list

from bot.imagine.rules import Generation
from bot.moderation.store import Blocked
from bot.review import keyboards
from bot.review.rules import Review
from bot.texts import Translator

Ask = SendPhoto | SendDocument


def reported(t: Translator, generation: Generation, *, doubted: bool = False) -> Text:
    """Whose picture it is and where; what was asked for is not told."""
    about = (
        t("review-about-private", person=str(generation.user_id))
        if generation.chat_id == generation.user_id
        else t("review-about", person=str(generation.user_id), chat=str(generation.chat_id))
    )
    return as_list(Bold(t("review-held" if doubted else "review-reported")), about)


def question(t: Translator, generation: Generation, review: Review, chat_id: int, file_id: str, kind: str) -> Ask:
    """The picture, veiled where it can be, for one of those who decide. `kind`: `photo` or `document`."""
    caption, entities = reported(t, generation, doubted=review.doubted).render()
    around: dict[str, Any] = {
        "chat_id": chat_id,
        "caption": caption,
        "caption_entities": entities,
        "reply_markup": keyboards.review(t, generation),
    }
    if kind == "photo":
        return SendPhoto(photo=file_id, has_spoiler=True, **around)
    return SendDocument(document=file_id, **around)


def decided(t: Translator, generation: Generation, review: Review) -> Text:
    """The same, and what was decided by whom."""
    said = t(f"review-is-{review.verdict}", moderator=str(review.moderator_id))
    return as_list(reported(t, generation, doubted=review.doubted), Bold(said))


def blocked(t: Translator, rules: Sequence[Blocked], count: int) -> Text:
    """A page of the lists."""
    lines = [
        Text(Code(str(rule)), " · ", ", ".join(t(f"moderation-in-{kind}") for kind in kinds))
        for _, rule, kinds in rules
    ]
    return as_list(Bold(t("moderation-list", rules=count)), *lines, "", t("moderation-how"))
