"""The results above the input line. Pure: what is there in, results out."""

from aiogram.types import (
    InlineQueryResultArticle,
    InlineQueryResultCachedDocument,
    InlineQueryResultCachedPhoto,
    InputTextMessageContent,
    LinkPreviewOptions,
)
from aiogram.utils.formatting import BlockQuote, Code, Text, as_list

from bot.inline import keyboards
from bot.inline.rules import OWN, Found
from bot.inline.service import Offer
from bot.texts import Translator, cut_utf16
from bot.users.rules import Person

IN_TITLE = 80  # UTF-16 units
# The title of a picture whose words are not kept any more.
WORDLESS = "🖼"
IN_NOTE = 160

Own = InlineQueryResultCachedPhoto | InlineQueryResultCachedDocument


def drawing(t: Translator, offer: Offer, person: Person, left: int) -> InlineQueryResultArticle:
    """Draw this: its price, and the message that becomes the picture. `left` are the credits of the person."""
    facts = (
        offer.model.title,
        t("imagine-credits", credits=offer.model.price),
        t("imagine-credits-left", credits=left),
        *([t("inline-single")] if offer.clipped else []),
    )
    words = as_list(t("inline-waiting"), BlockQuote(cut_utf16(offer.wish.prompt, IN_NOTE)))
    return InlineQueryResultArticle(
        id=keyboards.tap(offer, person).data,
        title=t("inline-draw", words=cut_utf16(offer.wish.prompt, IN_TITLE)),
        description=" · ".join(facts),
        input_message_content=_said(words),
        reply_markup=keyboards.draw(t, offer, person),
    )


def own(picture: Found) -> Own:
    """A picture that is there already, sent as it is and without the words that it was drawn from."""
    title, number = cut_utf16(picture.prompt, IN_TITLE) or WORDLESS, f"{OWN}:{picture.generation_id}"
    if picture.shown_as == "document":
        return InlineQueryResultCachedDocument(id=number, title=title, document_file_id=picture.file_id)
    return InlineQueryResultCachedPhoto(id=number, title=title, photo_file_id=picture.file_id)


def sentence(text: str) -> InlineQueryResultArticle:
    """Something to read. Whoever chooses it says it."""
    return InlineQueryResultArticle(id="said", title=text, input_message_content=_said(Text(text)))


def stranger(t: Translator, user_id: int) -> InlineQueryResultArticle:
    """Whom to ask to be let in."""
    words = t("gate-not-invited")
    said = _said(Text(words, " ", Code(str(user_id))))
    return InlineQueryResultArticle(id="stranger", title=words, description=str(user_id), input_message_content=said)


def _said(words: Text) -> InputTextMessageContent:
    text, entities = words.render()
    preview = LinkPreviewOptions(is_disabled=True)
    return InputTextMessageContent(message_text=text, entities=entities or None, link_preview_options=preview)
