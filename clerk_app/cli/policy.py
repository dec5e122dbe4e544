"""``clerk-app policy``: what the machine's admin has settled, and what therefore is in force."""

from __future__ import annotations

import argparse

from clerk_app.cli import exits
from clerk_app.cli.answer import Answer
from clerk_app.cli.entrance import Entrance, GlobalOptions
from clerk_app.texts import _
from clerk_app.texts.policy_words import KEYS, fault_words, line_words, source_words, strange_words


def policy(entrance: Entrance, options: GlobalOptions, args: argparse.Namespace) -> Answer:
    """Exit 5 when something in the policy counts for nothing."""
    state = entrance.policy(options)
    document = {
        "policy": state.place or None,
        "fault": state.fault or None,
        "line": state.line,
        "unknown": list(state.unknown),
        "invalid": list(state.invalid),
        "changed_at": state.changed_at.isoformat() if state.changed_at is not None else None,
        "profile": state.profile or None,
        "keys": [
            {
                "key": line.name,
                "value": list(line.value) if isinstance(line.value, tuple) else line.value,
                "source": line.source,
                "locked": line.locked,
            }
            for line in state.lines
        ],
    }
    place = (
        _("Richtlinie: {file}").format(file=state.place) if state.place else _("Es gibt keine Richtlinie.")
    )
    lines = [place, *(words for words in (fault_words(state), strange_words(state)) if words), ""]
    for line in state.lines:
        mark = _(" (gesperrt)") if line.locked else ""
        lines.append(f"{line.name}: {line_words(line)}{mark}")
        lines.append(f"    {_(KEYS[line.name][0])}; {source_words(state, line)}")
    return Answer(document, lines, exits.DONE if state.well else exits.CLERK_MUST_DECIDE)
