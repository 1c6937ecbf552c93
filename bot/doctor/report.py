"""Findings in words: for a chat, for a shell, for scripts. No secret is in any of them."""

import json
from collections.abc import Callable, Sequence

from bot import __version__
from bot.doctor.rules import Finding, State, count
from bot.doctor.service import in_order
from bot.telegram.limits import TEXT
from bot.texts import Translator, cut_utf16

MARKS = {State.WRONG: "✗", State.NOTE: "•", State.WELL: "✓"}
WIDTH = 10  # of the names of things, in a shell

Redact = Callable[[str], str]


def for_chat(findings: Sequence[Finding], t: Translator, redact: Redact) -> str:
    """One message: how it is in all, then what is wrong, then the rest."""
    lines = [f"{MARKS[finding.state]} {t(finding.text, **finding.values)}" for finding in in_order(findings)]
    return cut_utf16(redact("\n".join([head(findings, t), "", *lines])), TEXT)


def for_shell(findings: Sequence[Finding], t: Translator, redact: Redact) -> str:
    """A line for each, in the order of the looks, and what it comes to at the end."""
    lines = [
        f"{finding.state.upper() if finding.state is State.WRONG else finding.state:<6}{finding.about:<{WIDTH}} "
        f"{t(finding.text, **finding.values)}"
        for finding in findings
    ]
    return redact("\n".join([*lines, "", head(findings, t)]))


def for_scripts(findings: Sequence[Finding], t: Translator, redact: Redact) -> str:
    """JSON: whether all is well, and for each finding what, how, which sentence, its values, and the sentence said."""
    listed = [
        {
            "about": finding.about,
            "state": finding.state,
            "key": finding.text,
            "values": dict(finding.values),
            "says": t(finding.text, **finding.values),
        }
        for finding in findings
    ]
    told = {"well": not count(findings, State.WRONG), "version": __version__, "findings": listed}
    return redact(json.dumps(told, ensure_ascii=False, indent=2))


def head(findings: Sequence[Finding], t: Translator) -> str:
    """How it is in all."""
    broken, notes = count(findings, State.WRONG), count(findings, State.NOTE)
    return t("doctor-head-wrong", broken=broken) if broken else t("doctor-head-well", notes=notes)
