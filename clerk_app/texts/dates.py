"""Entered days and the log of days in words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from clerk_app.domain.case_dates import DateKind, DateLogLine
from clerk_app.domain.deadlines import DeadlineKind
from clerk_app.domain.ledger import ActKind
from clerk_app.texts.catalogue import N_
from clerk_app.texts.catalogue import gettext as _
from clerk_app.texts.derivations import deadline_label, derivation
from clerk_app.texts.formats import weekday_day

_KINDS: Mapping[DateKind, str] = {
    DateKind.RETRIEVED: N_("abgerufen am"),
    DateKind.RECEIVED: N_("zugegangen am"),
    DateKind.UNINSTRUCTED: N_("Belehrung fehlerhaft, bemerkt am"),
    DateKind.COMPLETE: N_("Unterlagen vollständig am"),
    DateKind.EXTENSION: N_("Genehmigungsfiktion verlängert bis"),
    DateKind.MANUAL: N_("Termin am"),
    DateKind.WARNING: N_("Vorfrist am"),
    DateKind.FOLLOW_UP: N_("Wiedervorlage am"),
}
_ACTS: Mapping[str, str] = {
    ActKind.DATE_SET.value: N_("Eingetragen: {what} {new}"),
    ActKind.DATE_REMOVED.value: N_("Gestrichen: {what} {old}"),
    ActKind.DATE_DONE.value: N_("Erledigt: {what} {old}"),
}


def date_label(kind: DateKind | DeadlineKind) -> str:
    """What a day is about."""
    return _(_KINDS[kind]) if isinstance(kind, DateKind) else deadline_label(kind)


def date_act_sentence(act: str, details: Mapping[str, object]) -> str:
    """A line of the timeline about an entered day; ``act`` is one of the DATE acts' values."""
    try:
        what = date_label(DateKind(str(details.get("kind"))))
    except ValueError:
        what = str(details.get("kind", ""))
    old, new = _day(details.get("was")), _day(details.get("on"))
    words = _(_ACTS[act])
    if act == ActKind.DATE_SET.value and old:
        words = _("Geändert: {what} {old} → {new}")
    sentence = words.format(what=what, old=old, new=new)
    text = str(details.get("text") or "")
    return f"{sentence} ({text})" if text else sentence


def log_change(line: DateLogLine) -> str:
    """Old and new day of a log line: ``Di 01.12.2026 → Fr 04.12.2026``; a dash stands for none."""
    old, new = (weekday_day(on) if on else "–" for on in (line.old, line.new))
    return f"{old} → {new}"


def log_ground(line: DateLogLine) -> str:
    """Why: the way a deadline was found, or what the clerk wrote."""
    if line.deadline is not None and line.new is not None:
        return derivation(line.deadline)
    return line.text


def _day(value: object) -> str:
    try:
        return weekday_day(date.fromisoformat(str(value)))
    except ValueError:
        return ""
