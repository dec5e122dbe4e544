"""Hints about wording, as sentences."""

from __future__ import annotations

from datetime import date

from clerk_app.domain.wording_hints import HintKind, WordingHint
from clerk_app.texts import _
from clerk_app.texts.formats import day

_LONGEST_QUOTE = 60


def hint_sentence(hint: WordingHint) -> str:
    """What a hint says, without its suggestions."""
    match hint.kind:
        case HintKind.NEUTRAL:
            return _("„{words}“: neutrale Wortwahl").format(words=_quoted(hint.found))
        case HintKind.PLAIN:
            return _("„{words}“: geht einfacher").format(words=_quoted(hint.found))
        case HintKind.LONG_SENTENCE:
            return _("Langer Satz ({count} Wörter): „{words}“").format(
                count=hint.detail, words=_quoted(hint.found)
            )
        case HintKind.ABBREVIATION:
            return _("„{words}“: Abkürzung, nirgends erklärt").format(words=_quoted(hint.found))
        case HintKind.OUTDATED_LAW:
            return _outdated(hint)


def _outdated(hint: WordingHint) -> str:
    which, _sep, when = hint.detail.partition(":")
    on = day(date.fromisoformat(when))
    if which == "from":
        return _("„{words}“ gilt erst ab {day}").format(words=_quoted(hint.found), day=on)
    return _("„{words}“ gilt seit {day} nicht mehr").format(words=_quoted(hint.found), day=on)


def _quoted(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= _LONGEST_QUOTE else flat[:_LONGEST_QUOTE].rstrip() + "…"
