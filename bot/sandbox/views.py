"""What a person sees of a chat, frozen at the moment of looking."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from bot.sandbox.files import File, picture_size
from bot.sandbox.model import Chat, Message, User


@dataclass(frozen=True, slots=True)
class Button:
    """A button below a message."""

    text: str
    data: str | None
    url: str | None
    style: str | None
    disabled: bool


@dataclass(frozen=True, slots=True)
class Attachment:
    """A photo or a file in a message. `content` is empty once it had to make room."""

    content: bytes
    name: str
    mime: str
    width: int
    height: int
    file_id: str


@dataclass(frozen=True, slots=True)
class Seen:
    """One message. `text` holds the caption when there is a picture; `past` the texts before each edit.

    `via_bot`: a person sent it, out of what a bot offered in inline mode.
    """

    message_id: int
    sender: str
    text: str
    entities: tuple[dict[str, Any], ...]
    photo: Attachment | None
    document: Attachment | None
    keyboard: tuple[tuple[Button, ...], ...]
    reply_to: int | None
    thread_id: int | None
    album_id: str | None
    by_bot: bool
    edits: int
    past: tuple[str, ...]
    date: int
    reactions: tuple[str, ...]
    via_bot: bool

    @property
    def buttons(self) -> tuple[Button, ...]:
        """All buttons, row by row."""
        return tuple(button for row in self.keyboard for button in row)

    @property
    def labels(self) -> tuple[str, ...]:
        """What stands on the buttons, row by row."""
        return tuple(button.text for button in self.buttons)

    @property
    def picture(self) -> Attachment | None:
        """The photo, or the file when that is a picture."""
        if self.photo is not None:
            return self.photo
        return self.document if self.document is not None and self.document.width else None

    def button(self, label: str) -> Button | None:
        """The button with this label, or the only one whose label holds these words."""
        exact = [button for button in self.buttons if button.text == label]
        near = [button for button in self.buttons if label.casefold() in button.text.casefold()]
        return exact[0] if exact else near[0] if len(near) == 1 else None


def look(message: Message) -> Seen:
    """A message as people see it now."""
    media = message.media
    return Seen(
        message_id=message.message_id,
        sender=message.sender.first_name if message.sender else message.chat.title,
        text=message.text,
        entities=tuple(message.entities),
        photo=_attachment(media.file) if media and media.kind == "photo" else None,
        document=_attachment(media.file) if media and media.kind != "photo" else None,
        keyboard=_keyboard(message),
        reply_to=message.reply_to.message_id if message.reply_to else None,
        thread_id=message.thread_id,
        album_id=message.album_id,
        by_bot=message.author is not None and message.author.is_bot,
        edits=message.edits,
        past=tuple(message.past),
        date=message.date,
        reactions=tuple(one["emoji"] for given in message.reactions.values() for one in given if "emoji" in one),
        via_bot=message.via is not None,
    )


def ordered(chat: Chat, thread_id: int | None = None, viewer: User | None = None) -> list[Message]:
    """The messages of a chat, or of one topic in it, oldest first; with `viewer` those that this person may see."""
    found: Iterable[Message] = chat.messages.values()
    if viewer is not None:
        found = (message for message in found if viewer in (message.receiver or viewer, message.sender))
    if thread_id is not None:
        found = (message for message in found if message.thread_id == thread_id)
    return list(found)


def _keyboard(message: Message) -> tuple[tuple[Button, ...], ...]:
    rows = (message.markup or {}).get("inline_keyboard", [])
    return tuple(tuple(_button(button) for button in row) for row in rows)


def _button(wire: dict[str, Any]) -> Button:
    return Button(wire["text"], wire.get("callback_data"), wire.get("url"), wire.get("style"), "disabled" in wire)


def _attachment(file: File) -> Attachment:
    content = file.content or b""
    width, height = (file.width, file.height) if file.width else picture_size(content) or (0, 0)
    return Attachment(content, file.name, file.mime, width, height, file.file_id)
