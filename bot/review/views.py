"""What moderators read. Pure: what is there in, text with its entities out."""

from collections.abc import Sequence

from aiogram.utils.formatting import Bold, Code, Text, as_list

from bot.imagine.rules import Generation
from bot.moderation.store import Blocked
from bot.review.rules import Review
from bot.texts import Translator


def reported(t: Translator, generation: Generation) -> Text:
    """Whose picture it is and where; what was asked for is not told."""
    about = t("review-about", person=str(generation.user_id), chat=str(generation.chat_id))
    return as_list(Bold(t("review-reported")), about)


def decided(t: Translator, generation: Generation, review: Review) -> Text:
    """The same, and what was decided by whom."""
    said = t(f"review-is-{review.verdict}", moderator=str(review.moderator_id))
    return as_list(reported(t, generation), Bold(said))


def blocked(t: Translator, rules: Sequence[Blocked], count: int) -> Text:
    """A page of the lists."""
    lines = [
        Text(Code(str(rule)), " · ", ", ".join(t(f"moderation-in-{kind}") for kind in kinds))
        for _, rule, kinds in rules
    ]
    return as_list(Bold(t("moderation-list", rules=count)), *lines, "", t("moderation-how"))
