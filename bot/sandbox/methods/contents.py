"""What sending and editing share: texts, pictures and keyboards, checked and made ready."""

from dataclasses import dataclass, field
from typing import Any

from bot.sandbox.calls import Call
from bot.sandbox.errors import bad_request, wrong_call
from bot.sandbox.files import File
from bot.sandbox.markup import resolved
from bot.sandbox.model import Media, Message, Wire
from bot.sandbox.texts import Entity, clean

ROW_BUTTONS = 8
ALL_BUTTONS = 100
NOT_AN_ACTION = frozenset({"text", "style", "icon_custom_emoji_id"})
ADDRESSES = ("http://", "https://", "tg://", "ton://")


@dataclass(slots=True)
class Content:
    """The part of a message that its author wrote."""

    text: str = ""
    entities: list[Entity] = field(default_factory=list)
    media: Media | None = None
    caption_above: bool = False
    preview: Wire | None = None

    @classmethod
    def of(cls, message: Message) -> "Content":
        """What a message holds now."""
        return cls(message.text, list(message.entities), message.media, message.caption_above, message.preview)


def text_of(call: Call) -> Content:
    """The content of a text message. Raises ApiError when nothing is left of the text."""
    text, entities = clean(call.values.get("text", ""), call.get("entities", []))
    if not text:
        raise wrong_call("text must be non-empty" if call.get("text") else "message text is empty")
    return Content(text, entities, preview=call.get("link_preview_options"))


def caption_of(values: Any) -> Content:
    """The content of a caption, which may be empty."""
    values = resolved(values)
    text, entities = clean(values.get("caption", ""), values.get("caption_entities", []))
    return Content(text, entities, caption_above=values.get("show_caption_above_media", False))


def media_of(call: Call, kind: str, reference: str, *, spoiler: bool = False) -> Media:
    """The photo or file that a parameter stands for: an upload, or the id of an earlier one."""
    return Media(kind, _file(call, kind, reference), spoiler)


def input_media(call: Call, item: Wire) -> Content:
    """The content that an InputMedia object describes."""
    content = caption_of(item)
    content.media = media_of(call, item["type"], item["media"], spoiler=item.get("has_spoiler", False))
    return content


def keyboard_of(call: Call) -> Wire | None:
    """The keyboard that was sent along. Raises ApiError for buttons that Telegram refuses."""
    markup: Wire | None = call.get("reply_markup")
    if markup is None or "inline_keyboard" not in markup:
        return markup
    return check_keyboard(markup)


def check_keyboard(markup: Wire) -> Wire | None:
    """An inline keyboard without its empty rows; None when nothing is left. Raises ApiError as `keyboard_of`."""
    rows = [row for row in markup["inline_keyboard"] if row]
    for row in rows:
        for button in row:
            _check_button(button)
    if any(len(row) > ROW_BUTTONS for row in rows) or sum(map(len, rows)) > ALL_BUTTONS:
        raise wrong_call("REPLY_MARKUP_TOO_LONG")
    return {**markup, "inline_keyboard": rows} if rows else None


def _check_button(button: Wire) -> None:
    actions = button.keys() - NOT_AN_ACTION
    if not button["text"].strip():
        raise wrong_call("can't parse inline keyboard button: text must be non-empty")
    if not actions:
        raise wrong_call("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
    if len(actions) > 1:
        raise wrong_call("can't parse inline keyboard button: exactly one action is expected")
    if "url" in button and not button["url"].startswith(ADDRESSES):
        raise wrong_call(f"inline keyboard button URL '{button['url']}' is invalid: Wrong HTTP URL")


def _file(call: Call, kind: str, reference: str) -> File:
    upload = call.upload(reference)
    if upload is None:
        if "://" in reference:
            raise bad_request("failed to get HTTP URL content")
        return call.world.files.get(reference, kind)
    if kind == "photo":
        return call.world.files.add_photo(upload)
    return call.world.files.add_document(upload, kind)
