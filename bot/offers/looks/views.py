"""What the card of a preset and the question about it say. Pure: what is so in, text out."""

from aiogram.utils.formatting import Bold, Code, Text, as_line, as_list

from bot.offers.looks.rules import Look, is_shipped, typed
from bot.offers.pricing.views import Who, set_here
from bot.presets.rules import Preset
from bot.texts import Translator, cut_utf16

# Letters that one preset takes of a message: two of them stand in a question.
ROOM = 1500


def card(t: Translator, look: Look, who: Who, *, off: bool, file: bool) -> Text:
    """A preset, and who wrote it."""
    if look.now is None:
        return Text(t("look-not-there", preset=look.name))
    return as_list(
        Text(Bold(look.name), *([" – ", _about(t, look.now)] if _about(t, look.now) else [])),
        _code(look.now),
        _source(t, look, who, file=file),
        *([t("look-comes-back", before=look.name)] if look.own and look.without else []),
        *([t("look-turned-off")] if off else []),
    )


def question(t: Translator, before: Look, wanted: Preset, *, off: bool, unsure: str) -> Text:
    """What would change; of a new one, how it will ask. `unsure` says what was wrong with what was typed."""
    if before.now:
        change = [Bold(before.name), _code(before.now), Text("→"), _code(wanted)]
    else:
        example = wanted.around(t("look-example"))
        change = [Text(t("look-new"), " ", Bold(wanted.name)), _code(wanted)]
        change += [as_line(t("look-asks", words=t("look-example")), " ", Code(cut_utf16(example, ROOM)), end="")]
    lines = [t("look-turned-off")] if off else []
    return as_list(*([unsure] if unsure else []), *change, *lines)


def deletion(t: Translator, before: Look) -> Text:
    """What would be gone, and what comes back."""
    after = [t("look-then-back"), _code(before.without)] if before.without else []
    now = [_code(before.now)] if before.now else []
    return as_list(t("look-delete-sure", preset=before.name), *now, *after, t("look-pictures-stay"))


def nearest(t: Translator, unsure: str, view: Text) -> Text:
    """A card that only comes near to what was typed."""
    return as_list(t("look-nearest", preset=unsure), view) if unsure else view


def _about(t: Translator, preset: Preset) -> str:
    return t(f"preset-about-{preset.name}") if is_shipped(preset) else preset.about


def _code(preset: Preset) -> Text:
    return Code(cut_utf16(typed(preset), ROOM))


def _source(t: Translator, look: Look, who: Who, *, file: bool) -> str:
    if look.own:
        return set_here(t, look.own.at, look.own.by, who)
    return t("look-from-file" if file else "look-shipped")
