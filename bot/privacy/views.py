"""The pages about what is kept, what is agreed on and what is forgotten. Pure: texts in, entities out."""

from aiogram.utils.formatting import Bold, Text, as_list

from bot.privacy.rules import Holdings, Policy
from bot.texts import Translator


def privacy(t: Translator, policy: Policy) -> Text:
    """The page of /privacy."""
    words = t("privacy-words-days", days=policy.days) if policy.days else t("privacy-words")
    services = ", ".join(policy.services) or "–"
    judged = [t("privacy-judged")] if policy.judged else []
    return as_list(
        _section(t("privacy-kept-title"), t("privacy-kept")),
        _section(t("privacy-time-title"), words, t("privacy-pictures", hours=policy.hours), t("privacy-times")),
        _section(t("privacy-sealed-title"), t("privacy-sealed")),
        _section(t("privacy-shared-title"), t("privacy-services", services=services), *judged, t("privacy-shared")),
        _section(t("privacy-removed-title"), t("privacy-removed")),
        *_closing(t, policy, policy.privacy_url),
        sep="\n\n",
    )


def terms(t: Translator, policy: Policy) -> Text:
    """The page of /terms."""
    return as_list(
        _section(t("terms-use-title"), t("terms-use")),
        _section(t("terms-pictures-title"), t("terms-pictures")),
        _section(t("terms-credits-title"), t("terms-credits")),
        _section(t("terms-end-title"), t("terms-end")),
        *_closing(t, policy, policy.terms_url),
        sep="\n\n",
    )


def paysupport(t: Translator, policy: Policy) -> Text:
    """The page of /paysupport."""
    return as_list(
        Bold(t("paysupport-title")),
        t("paysupport-free"),
        t("paysupport-back"),
        t("paysupport-id", button=t("imagine-info"), contact=_contact(t, policy)),
        sep="\n\n",
    )


def forget(t: Translator, has: Holdings, policy: Policy, *, is_admin: bool) -> Text:
    """What goes, what stays, and what others must do."""
    goes = t("forget-goes", pictures=has.pictures, favorites=has.favorites, drafts=has.drafts, credits=has.credits)
    under_way = [t("forget-under-way", count=has.unfinished)] if has.unfinished else []
    back = [t("forget-let-in")] if not policy.public and not is_admin else []
    return as_list(
        Bold(t("forget-title")), goes, *under_way, t("forget-stays"), t("forget-telegram"), *back, sep="\n\n"
    )


def _closing(t: Translator, policy: Policy, url: str) -> list[str]:
    more = [t("privacy-more", url=url)] if url else []
    return [*more, t("privacy-contact", contact=_contact(t, policy))]


def _contact(t: Translator, policy: Policy) -> str:
    return policy.contact or t("privacy-operator")


def _section(title: str, *lines: str) -> Text:
    return as_list(Bold(title), *lines)
