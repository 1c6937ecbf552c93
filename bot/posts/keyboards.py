"""The buttons of a draft. Pure: what is there in, keyboard out.

A button carries `post:<id of the draft>:<what>`, or `pick:<id of the kept wish>:<channel>` where one is chosen.
"""

from collections.abc import Iterable, Sequence

from aiogram.enums import ButtonStyle
from aiogram.types import ForceReply, InlineKeyboardButton, InlineKeyboardMarkup

from bot.imagine.keyboards import CHOSEN, Tap, stacked
from bot.posts.rules import SOON, Asked, Post, Standing, State
from bot.texts import Translator, cut_utf16

POST, PICK = "post", "pick"
# UTF-16 units of a title or signature in a button.
IN_BUTTON = 32
HINT = 64
HOUR = 3600


def channels(wish_id: str, found: Iterable[tuple[int, Standing]]) -> InlineKeyboardMarkup:
    """Where it may go."""
    return stacked(
        *(
            [InlineKeyboardButton(text=cut_utf16(standing.title, IN_BUTTON), callback_data=_pick(wish_id, chat_id))]
            for chat_id, standing in found
        )
    )


def home(t: Translator, post: Post) -> InlineKeyboardMarkup | None:
    """What can be done with it now; None while it is on its way, and once it was discarded."""
    return HOMES[post.state](t, post) if post.state in HOMES else None


def asked(t: Translator, post: Post) -> InlineKeyboardMarkup:
    """While an answer is waited for."""
    bare = post.asked is Asked.CAPTION and post.caption
    return stacked([_tap(t("post-no-caption"), post, "bare")] if bare else [], [_tap(t("post-cancel"), post, "cancel")])


def times(t: Translator, post: Post) -> InlineKeyboardMarkup:
    """When it may be published."""
    soon = [_tap(t("post-in-hours", hours=seconds // HOUR), post, f"in{seconds}") for seconds in SOON]
    return stacked(
        soon,
        [_tap(t("post-tomorrow"), post, "morning")],
        [_tap(t("post-other-time"), post, "time")],
        [_tap(t("imagine-back"), post, "home")],
    )


def signatures(t: Translator, post: Post, name: str, own: str | None) -> InlineKeyboardMarkup:
    """What may stand below it: nothing, the name of its person, what its channel signs with, or something else."""
    named = [_choice(name, post, "name", chosen=post.signature == name)]
    shared = [_choice(own, post, "shared", chosen=post.signature == own)] if own and own != name else []
    return stacked(
        [_choice(t("post-unsigned"), post, "unsigned", chosen=post.signature is None)],
        named,
        shared,
        [_tap(t("post-other-signature"), post, "signature")],
        [_tap(t("imagine-back"), post, "home")],
    )


def question(t: Translator, wanted: Asked) -> ForceReply:
    """Makes apps answer it."""
    return ForceReply(input_field_placeholder=cut_utf16(t(f"post-hint-{wanted}"), HINT))


def _draft(t: Translator, post: Post) -> InlineKeyboardMarkup:
    publish = t("post-publish", channel=cut_utf16(post.title, IN_BUTTON))
    return stacked([_tap(publish, post, "publish", ButtonStyle.PRIMARY)], *_changes(t, post))


def _unsure(t: Translator, post: Post) -> InlineKeyboardMarkup:
    again = _tap(t("post-publish-again"), post, "publish", ButtonStyle.PRIMARY)
    return stacked([_tap(t("post-is-there"), post, "there")], [again], *_changes(t, post))


def _planned(t: Translator, post: Post) -> InlineKeyboardMarkup:
    return stacked(
        [_tap(t("post-take-back"), post, "takeback", ButtonStyle.PRIMARY)],
        [_tap(t("post-publish-now"), post, "publish"), _tap(t("post-reroll"), post, "again")],
        [_tap(t("post-caption"), post, "caption"), _tap(t("post-other-time"), post, "times")],
    )


def _published(t: Translator, post: Post) -> InlineKeyboardMarkup:
    open_it = [InlineKeyboardButton(text=t("post-open"), url=post.link)] if post.link else []
    return stacked(open_it, [_tap(t("post-reroll"), post, "again")])


def _changes(t: Translator, post: Post) -> Sequence[list[InlineKeyboardButton]]:
    return (
        [_tap(t("post-reroll"), post, "again"), _tap(t("post-caption"), post, "caption")],
        [_tap(t("post-schedule"), post, "times"), _tap(t("post-sign"), post, "sign")],
        [_tap(t("post-discard"), post, "discard")],
    )


HOMES = {State.DRAFT: _draft, State.UNSURE: _unsure, State.PLANNED: _planned, State.PUBLISHED: _published}


def _choice(text: str, post: Post, what: str, *, chosen: bool) -> InlineKeyboardButton:
    text = cut_utf16(text, IN_BUTTON)
    return _tap(CHOSEN + text if chosen else text, post, what, ButtonStyle.PRIMARY if chosen else None)


def _tap(text: str, post: Post, what: str, style: ButtonStyle | None = None) -> InlineKeyboardButton:
    return InlineKeyboardButton(text=text, callback_data=Tap(POST, post.post_id, what).data, style=style)


def _pick(wish_id: str, chat_id: int) -> str:
    return Tap(PICK, wish_id, str(chat_id)).data
