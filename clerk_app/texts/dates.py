"""Entered days and the log of days in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from clerk_app.domain.case_dates import DateKind, DateLogLine
from clerk_app.domain.deadlines import DeadlineKind
from clerk_app.domain.ledger import ActKind
from clerk_app.domain.sheet import Sheet
from clerk_app.texts.catalogue import N_, language
from clerk_app.texts.catalogue import gettext as _
from clerk_app.texts.derivations import deadline_label, derivation
from clerk_app.texts.formats import clock_time, day, day_long, weekday_day

_KINDS: Mapping[DateKind, str] = {
    DateKind.RETRIEVED: N_("abgerufen am"),
    DateKind.RECEIVED: N_("zugegangen am"),
    DateKind.UNDELIVERED: N_("unzustellbar zurück am"),
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


def log_who(line: DateLogLine) -> str:
    """When and by whom: ``08:14, K. Beispiel``."""
    who = _("Portal") if line.actor == "portal" else line.actor
    return f"{clock_time(line.at)}, {who}"


def log_sheet(on: date, lines: Sequence[DateLogLine]) -> Sheet:
    """Fristenbuch of a day, to be printed and filed."""
    title = _("Fristenbuch vom {day}").format(day=day_long(on))
    return Sheet(
        title=title,
        subject=title,
        filed=_("Zu den Akten"),
        reference=_("Fristenbuch {day}").format(day=day(on)),
        header=(_("Wann, wer"), _("Vorgang"), _("Frist"), _("alt → neu"), _("Rechenweg oder Grund")),
        rows=tuple(
            (
                log_who(line),
                line.case_reference,
                date_label(line.what),
                log_change(line),
                log_ground(line) or "–",
            )
            for line in lines
        ),
        summary=_("Alle Fristen und Termine, die an diesem Tag entstanden, geändert oder entfallen sind."),
        empty=_("An diesem Tag ist keine Frist entstanden, geändert worden oder entfallen."),
        widths=(12, 19, 16, 19, 34),
        language="en-GB" if language() == "en" else "de-DE",
    )


def _day(value: object) -> str:
    try:
        return weekday_day(date.fromisoformat(str(value)))
    except ValueError:
        return ""
