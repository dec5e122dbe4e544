"""Deadlines as words for tables. No Qt widgets here."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from enum import StrEnum

from clerk_app.domain.case_dates import DateLogLine, DueLine
from clerk_app.domain.deadlines import Deadline, DeadlineKind
from clerk_app.texts import N_, _, formats
from clerk_app.texts.catalogue import ngettext
from clerk_app.texts.dates import date_label, log_change, log_ground, log_who
from clerk_app.texts.derivations import deadline_label, derivation
from clerk_app.ui.rows_model import Cell, Line

#: What a clerk set stands with their words: a name, not the beginning of a sentence that ends in a day.
_NAMES: Mapping[DeadlineKind, str] = {
    DeadlineKind.FOLLOW_UP: N_("Wiedervorlage"),
    DeadlineKind.MANUAL: N_("Termin"),
}
_ROOM = 36  # characters of a reminder that a table shows; the rest stands below it


class Span(StrEnum):
    """How far ahead one looks."""

    OVERDUE = "overdue"
    TODAY = "today"
    WEEK = "week"
    FORTNIGHT = "fortnight"
    MONTH = "month"


SPANS: dict[Span, tuple[str, int]] = {
    Span.OVERDUE: (N_("Überfällig"), -1),
    Span.TODAY: (N_("Bis heute"), 0),
    Span.WEEK: (N_("Nächste 7 Tage"), 7),
    Span.FORTNIGHT: (N_("Nächste 14 Tage"), 14),
    Span.MONTH: (N_("Nächste 30 Tage"), 30),
}


def until(span: Span, today: date) -> date:
    """The last day of a span."""
    return today + timedelta(days=SPANS[span][1])


def standing(deadline: Deadline, today: date, *, warned: bool) -> tuple[str, str, str]:
    """How urgent a day is, as (word, icon, colour role)."""
    late = (today - deadline.due_on).days
    if late > 0:
        words = ngettext("seit {n} Tag überfällig", "seit {n} Tagen überfällig", late)
        return words.format(n=late), "error", "bad"
    if late == 0:
        return _("heute"), "schedule", "warn"
    if deadline.paused_until is not None and deadline.paused_until > today:
        return _("ruht bis {day}").format(day=formats.day(deadline.paused_until)), "hourglass_empty", "muted"
    if warned:
        return _("Vorfrist erreicht"), "warning", "warn"
    return ngettext("in {n} Tag", "in {n} Tagen", -late).format(n=-late), "", "muted"


def due_line(line: DueLine, today: date) -> Line:
    """One row of what is due."""
    deadline = line.deadline
    word, icon, role = standing(deadline, today, warned=line.warned)
    key = f"{line.row.case_id}/{deadline.kind.value}/{deadline.entry_id}/{deadline.date_id}"
    return Line(
        key,
        (
            Cell(formats.weekday_day(deadline.due_on), bold=role == "bad"),
            Cell(word, icon, role),
            Cell(_named(deadline)),
            Cell(line.row.applicant),
            Cell(line.row.case_reference, role="muted"),
        ),
        line,
    )


def _named(deadline: Deadline) -> str:
    """What it is; of a reminder also for what, as far as there is room."""
    name = _(_NAMES[deadline.kind]) if deadline.kind in _NAMES else deadline_label(deadline.kind)
    if not deadline.text:
        return name
    words = deadline.text if len(deadline.text) <= _ROOM else deadline.text[: _ROOM - 1] + "…"
    return f"{name}: {words}"


def due_details(line: DueLine) -> str:
    """What is known of one day: the sum, and what a clerk wrote."""
    return ground(line.deadline)


def ground(deadline: Deadline) -> str:
    """The way a day was found; for a day a clerk set, their words."""
    if deadline.date_id:
        return deadline.text or _("Ohne Vermerk.")
    return derivation(deadline)


def log_line(number: int, line: DateLogLine) -> Line:
    """One row of the log of a day."""
    return Line(
        f"{number}",
        (
            Cell(log_who(line)),
            Cell(line.case_reference, role="muted"),
            Cell(date_label(line.what)),
            Cell(log_change(line)),
            Cell(log_ground(line), role="muted"),
        ),
        line,
    )
