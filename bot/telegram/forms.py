"""In which form a picture goes out: a photo where it fits, else a file, with its caption unless that is refused."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from bot.images import GeneratedImage, ImageFormat
from bot.telegram.api import CallRefused
from bot.telegram.limits import DOCUMENT_BYTES, fits_photo
from bot.telegram.upload import Upload

# How Telegram says that this is no photo for it.
NO_PHOTO = (
    "image_process_failed",
    "photo_invalid_dimensions",
    "photo_save_file_invalid",
    "photo_ext_invalid",
    "photo_crop_size_small",
    "wrong file type",
    "file is too big",
    "too big for a photo",
    "not enough rights to send photos",
    "chat_send_photos_forbidden",
)
# ... and that not even a file may come.
NO_FILE = ("not enough rights to send documents", "chat_send_docs_forbidden")
# ... and that it minds the words below.
NO_CAPTION = ("caption is too long", "media_caption_too_long", "can't parse entities", "entity_", "entities")

ATTACHED = "picture"


@dataclass(frozen=True, slots=True)
class Card:
    """Everything around a picture, as plain JSON. `markup` makes its buttons as a `photo` or as a `document`."""

    caption: str
    entities: list[dict[str, Any]]
    markup: Callable[[str], dict[str, Any]]
    thread_id: int | None = None
    reply_to: int | None = None
    spoiler: bool = False


@dataclass(frozen=True, slots=True)
class Form:
    """One way to show a picture."""

    photo: bool
    caption: bool = True

    @property
    def kind(self) -> str:
        """What Telegram calls it."""
        return "photo" if self.photo else "document"


def first_form(picture: GeneratedImage, *, as_file: bool) -> Form | None:
    """The form that is tried first; None for what Telegram takes in no form."""
    if picture.size > DOCUMENT_BYTES:
        return None
    return Form(photo=not as_file and fits_photo(picture.width, picture.height, picture.size))


def next_form(form: Form, error: CallRefused) -> Form | None:
    """What to try after a refusal; None when nothing is left."""
    if form.photo and (error.code == 413 or error.says(*NO_PHOTO)):
        return replace(form, photo=False)
    if form.caption and error.says(*NO_CAPTION):
        return replace(form, caption=False)
    return None


def edit_params(chat_id: int, note_id: int, card: Card, form: Form) -> dict[str, Any]:
    """The params of the editMessageMedia that turns a note into the picture."""
    media = {"type": form.kind, "media": f"attach://{ATTACHED}", **_words(card, form)}
    media |= _veil(card) if form.photo else {"disable_content_type_detection": True}
    return {"chat_id": chat_id, "message_id": note_id, "media": media, "reply_markup": card.markup(form.kind)}


def send_call(chat_id: int, card: Card, form: Form) -> tuple[str, dict[str, Any]]:
    """Name and params of the call that sends the picture as a new message."""
    params = {"chat_id": chat_id, form.kind: f"attach://{ATTACHED}", **_words(card, form)}
    params["reply_markup"] = card.markup(form.kind)
    if card.thread_id is not None:
        params["message_thread_id"] = card.thread_id
    if card.reply_to is not None:
        params["reply_parameters"] = {"message_id": card.reply_to, "allow_sending_without_reply": True}
    if form.photo:
        return "sendPhoto", {**params, **_veil(card)}
    return "sendDocument", {**params, "disable_content_type_detection": True}


def upload_of(picture: GeneratedImage, form: Form) -> dict[str, Upload]:
    """The file that the params speak of; as a document it is the original. Raises FileNotFoundError."""
    path = picture.path if form.photo or picture.original is None else picture.original
    suffix = picture.format.suffix if path == picture.path else path.suffix
    kind = next(each.value for each in ImageFormat if each.suffix == suffix)
    return {ATTACHED: Upload.of(path, f"picture{suffix}", picture.key, f"image/{kind}")}


def file_in(message: Mapping[str, Any]) -> tuple[str, str]:
    """The file's id at Telegram, and whether it is a `photo` or a `document`. Raises KeyError for neither."""
    if sizes := message.get("photo"):
        return sizes[-1]["file_id"], "photo"
    return message["document"]["file_id"], "document"


def _veil(card: Card) -> dict[str, Any]:
    """Only photos can be veiled."""
    return {"has_spoiler": True} if card.spoiler else {}


def _words(card: Card, form: Form) -> dict[str, Any]:
    return {"caption": card.caption, "caption_entities": card.entities} if form.caption else {}
