"""The buttons under a note and under a picture. Pure: what is there in, keyboard out.

A button carries `action:id[:arg]`, so it works for months and over restarts; whose it is, is asked of the database.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from aiogram.enums import ButtonStyle
from aiogram.types import CopyTextButton, ForceReply, InlineKeyboardButton, InlineKeyboardMarkup

from bot.errors import Cause
from bot.images import AspectRatio, ImageModel
from bot.imagine.browsing import Shown, leading_to
from bot.imagine.grammar import WishError
from bot.imagine.rules import NO_EXTRAS, Extras, Generation, Status, model_ref
from bot.providers import Service
from bot.texts import Translator, cut_utf16, utf16_len

CHOSEN = "✓ "
RATIO_COLUMNS = 3
MODEL_COLUMNS = 2

# Telegram copies at most this many characters at a press.
MOST_COPIED = 256
# ... and puts at most so many behind its name in the input line.
MOST_TYPED = 255

# The same request would end the same way, so trying again is not offered.
HOPELESS = frozenset(
    {
        Cause.BAD_REQUEST,
        Cause.PROMPT_REFUSED,
        Cause.PROMPT_TOO_LONG,
        Cause.KEY_REFUSED,
        Cause.NO_FUNDS,
        Cause.MODEL_GONE,
        Cause.REDIRECTED,
        Cause.ADDRESS_REFUSED,
    }
)

# Below a picture in a group, for everybody but its owner.
REPORT = "report"

# No model can help but the person alone, with another picture or other words.
FINAL = frozenset({Cause.SOURCE_GONE, Cause.SOURCE_UNFIT, Cause.NOT_SHOWN})


@dataclass(frozen=True, slots=True)
class Tap:
    """What a pressed button says: `subject` is the id of a generation or of a kept wish."""

    action: str
    subject: str
    arg: str = ""

    @classmethod
    def read(cls, data: str | None) -> "Tap | None":
        """From the data of a press; None where it is none of ours."""
        action, _, rest = (data or "").partition(":")
        subject, _, arg = rest.partition(":")
        return cls(action, subject, arg) if subject else None

    @property
    def data(self) -> str:
        """What the button carries: at most 64 bytes."""
        return f"{self.action}:{self.subject}" + (f":{self.arg}" if self.arg else "")

    @property
    def ratio(self) -> AspectRatio | None:
        """The ratio that a button names as `16x9`."""
        typed = self.arg.replace("x", ":")
        return AspectRatio(typed) if typed in set(AspectRatio) else None

    @property
    def price(self) -> int | None:
        """What somebody was shown who pressed, in credits: the last word of `arg`, where that says any."""
        word = self.arg.rpartition(".")[2]
        return int(word) if word.isascii() and word.isdecimal() else None


def stacked(*rows: Iterable[InlineKeyboardButton]) -> InlineKeyboardMarkup:
    """A keyboard of these rows, less those that are empty."""
    return InlineKeyboardMarkup(inline_keyboard=[row for row in map(list, rows) if row])


def note(t: Translator, generation: Generation) -> InlineKeyboardMarkup | None:
    """What can be done with a generation whose picture is not in the chat."""
    if generation.status in (Status.QUEUED, Status.DRAWING):
        # In groups a note is hardly ever edited, so there it can be asked.
        status = [] if generation.private else [_tap(t("imagine-status"), "status", generation)]
        return stacked([_tap(t("imagine-cancel"), "cancel", generation), *status])
    if generation.held:
        return stacked([_tap(t("imagine-cancel"), "cancel", generation)])
    if generation.unsure:
        return stacked([_tap(t("imagine-show"), "show", generation, style=ButtonStyle.PRIMARY)])
    if generation.status in (Status.FAILED, Status.CANCELLED, Status.EXPIRED):
        return stacked(_second_chance(t, generation))
    return None


def picture(t: Translator, generation: Generation, extras: Extras = NO_EXTRAS) -> InlineKeyboardMarkup:
    """Everything that can be done with a picture in the chat; with one in an inline message its words can be taken."""
    if generation.inline_id:
        words = cut_utf16(generation.prompt, MOST_TYPED)
        return stacked([InlineKeyboardButton(text=t("imagine-take-words"), switch_inline_query_current_chat=words)])
    edit = [_tap(t("imagine-edit"), "edit", generation)] if extras.edits else []
    ratio = [_tap(t("imagine-ratio"), "ratios", generation)] if extras.shapes else []
    original = [] if generation.shown_as == "document" else [_tap(t("imagine-original"), "original", generation)]
    return stacked(
        [_tap(t("imagine-again"), "again", generation), _tap(t("imagine-vary"), "vary", generation)],
        [*edit, *ratio, _tap(t("imagine-model"), "models", generation)],
        [*original, _tap(t("imagine-info"), "info", generation)],
        [_favorite(t, generation), _tap(t("imagine-delete"), "delete", generation)],
        [_tap(t("link-button"), "public", generation)] if extras.publishes else [],
        [_tap(t("review-report"), REPORT, generation)] if extras.reports and not generation.private else [],
    )


def home(t: Translator, generation: Generation, extras: Extras = NO_EXTRAS) -> InlineKeyboardMarkup | None:
    """The first view of the buttons: those of the picture, or of the note where there is none."""
    if generation.status is Status.DELIVERED:
        return picture(t, generation, extras)
    return note(t, generation)


def ratios(t: Translator, generation: Generation, model: ImageModel) -> InlineKeyboardMarkup:
    """Every ratio of the model; the one of this picture is marked."""
    buttons = [
        _choice(each, "ratio", generation, each.replace(":", "x"), each == generation.ratio)
        for each in map(str, model.ratios)
    ]
    return stacked(*_columns(buttons, RATIO_COLUMNS), [_back(t, generation)])


def models(t: Translator, generation: Generation, shown: Shown) -> InlineKeyboardMarkup:
    """The services, or models with their prices; the one of this picture is marked."""
    services = [[_service(t, generation, service)] for service in shown.services]
    buttons = [_model(t, generation, model) for model in shown.models]
    around = ((sign, page) for sign, page in (("←", shown.before), ("→", shown.after)) if page is not None)
    turn = [_tap(sign, "models", generation, page) for sign, page in around]
    back = _back(t, generation) if shown.up is None else _tap(t("imagine-back"), "models", generation, shown.up)
    return stacked(*services, *_columns(buttons, MODEL_COLUMNS), turn, [back])


def sure(t: Translator, generation: Generation) -> InlineKeyboardMarkup:
    """Asked once before a picture is deleted."""
    yes = _tap(t("imagine-delete-yes"), "delete2", generation, style=ButtonStyle.DANGER)
    return stacked([yes, _tap(t("imagine-delete-no"), "back", generation)])


def sure_public(t: Translator, generation: Generation) -> InlineKeyboardMarkup:
    """Asked once before a picture is shown to everybody."""
    return stacked([_tap(t("link-yes"), "public2", generation)], [_tap(t("link-no"), "back", generation)])


def link(t: Translator, generation: Generation) -> InlineKeyboardMarkup | None:
    """Under a public link: copies it and takes it back; None where there is none."""
    if not generation.public_link:
        return None
    copied = InlineKeyboardButton(text=t("link-copy"), copy_text=CopyTextButton(text=generation.public_link))
    copies = utf16_len(generation.public_link) <= MOST_COPIED
    return stacked([copied] if copies else [], [_tap(t("link-remove"), "private", generation)])


def copy(t: Translator, command: str) -> InlineKeyboardMarkup | None:
    """A button that copies the command; None where it is longer than Telegram copies."""
    if utf16_len(command) > MOST_COPIED:
        return None
    return stacked([InlineKeyboardButton(text=t("imagine-copy"), copy_text=CopyTextButton(text=command))])


def mended(t: Translator, error: WishError, wish_id: str) -> InlineKeyboardMarkup:
    """Draws the nearest wish that can be drawn."""
    label = t("imagine-mended", fix=error.fix) if error.fix else t("imagine-mended-without")
    return _wish(label, wish_id, str(error.values.get("price", "")))


def dearer(t: Translator, wish_id: str, model: ImageModel) -> InlineKeyboardMarkup:
    """Draws such a wish for what it costs by now."""
    return _wish(t("imagine-model-priced", model=model.title, price=model.price), wish_id, str(model.price))


def still_wanted(t: Translator, wish_id: str) -> InlineKeyboardMarkup:
    """Draws what waited while the bot was away."""
    return _wish(t("imagine-stale-yes"), wish_id)


def missed(t: Translator, generation: Generation) -> InlineKeyboardMarkup:
    """Brings a picture that its person was not there for."""
    label = t("imagine-missed-show", price=generation.price)
    return stacked([_tap(label, "bring", generation, style=ButtonStyle.PRIMARY)])


def ask(t: Translator) -> ForceReply:
    """Opens the keyboard for the words; in a group, of the person who asked only."""
    return ForceReply(selective=True, input_field_placeholder=t("imagine-ask-placeholder"))


def ask_change(t: Translator, *, private: bool) -> ForceReply:
    """The same for what should change in a picture. In private the question may answer the bot's own picture."""
    return ForceReply(selective=not private, input_field_placeholder=t("imagine-change-placeholder"))


def _second_chance(t: Translator, generation: Generation) -> list[InlineKeyboardButton]:
    retry = _tap(t("imagine-retry"), "again", generation, style=ButtonStyle.PRIMARY)
    if generation.status is not Status.FAILED:
        return [retry]
    if generation.cause in FINAL:
        return []
    other = _tap(t("imagine-other-model"), "models", generation)
    return [other] if generation.cause in HOPELESS else [retry, other]


def _service(t: Translator, generation: Generation, service: Service) -> InlineKeyboardButton:
    label = t("imagine-service", service=service.title, count=len(service.models))
    chosen = generation.model.partition("/")[0] == service.key
    return _choice(label, "models", generation, leading_to(service), chosen)


def _model(t: Translator, generation: Generation, model: ImageModel) -> InlineKeyboardButton:
    label = t("imagine-model-priced", model=model.title, price=model.price)
    arg = f"{model_ref(model.key)}.{model.price}"
    return _choice(label, "model", generation, arg, model.key == generation.model)


def _favorite(t: Translator, generation: Generation) -> InlineKeyboardButton:
    """Says which way it goes, so that a second press of the same button changes nothing."""
    if generation.favorite_at:
        return _tap(t("imagine-favorite-on"), "unlike", generation)
    return _tap(t("imagine-favorite"), "like", generation)


def _choice(text: str, action: str, generation: Generation, arg: str, chosen: bool) -> InlineKeyboardButton:
    style = ButtonStyle.PRIMARY if chosen else None
    return _tap(CHOSEN + text if chosen else text, action, generation, arg, style)


def _back(t: Translator, generation: Generation) -> InlineKeyboardButton:
    return _tap(t("imagine-back"), "back", generation)


def _wish(label: str, wish_id: str, price: str = "") -> InlineKeyboardMarkup:
    data = Tap("wish", wish_id, price).data
    return stacked([InlineKeyboardButton(text=label, callback_data=data, style=ButtonStyle.PRIMARY)])


def _tap(
    text: str, action: str, generation: Generation, arg: str = "", style: ButtonStyle | None = None
) -> InlineKeyboardButton:
    data = Tap(action, generation.generation_id, arg).data
    return InlineKeyboardButton(text=text, callback_data=data, style=style)


def _columns(buttons: Sequence[InlineKeyboardButton], width: int) -> Iterable[Sequence[InlineKeyboardButton]]:
    return (buttons[start : start + width] for start in range(0, len(buttons), width))
