"""Days a clerk enters in a case: what really happened, reminders, days with a reason."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from clerk_app.domain.case import CaseFile, CaseRow, HistoryEvent
from clerk_app.domain.deadlines import Deadline, DeadlineKind, office_day
from clerk_app.domain.forwarding import forwarded_in
from clerk_app.domain.ids import CaseId, EntryId
from clerk_app.domain.ledger import ActKind
from clerk_app.domain.outbox import OutboxEntry, OutboxKind, OutboxState


class DateKind(StrEnum):
    """Art eines eingetragenen Datums. The value is written to disk and never changes its meaning."""

    RETRIEVED = "retrieved"  # abgerufen am: the applicant fetched the notice; belongs to an outgoing entry
    RECEIVED = "received"  # zugegangen am: it really arrived; belongs to an outgoing entry
    UNDELIVERED = "undelivered"  # it came back: not notified; belongs to an outgoing entry
    UNINSTRUCTED = "uninstructed"  # the appeal notice was missing or wrong; belongs to an outgoing entry
    COMPLETE = "complete"  # the documents were complete (VwVfG § 42a II)
    EXTENSION = "extension"  # the fiction was put off to this day, once (§ 42a II 3); text: the reason
    MANUAL = "manual"  # a day a clerk set; text: the reason
    WARNING = "warning"  # Vorfrist; text: for what
    FOLLOW_UP = "follow-up"  # Wiedervorlage; text: for what


OF_ENTRY = frozenset({DateKind.RETRIEVED, DateKind.RECEIVED, DateKind.UNDELIVERED, DateKind.UNINSTRUCTED})
"""Days that belong to an outgoing entry; one of each kind per entry."""

ONE_PER_CASE = frozenset({DateKind.COMPLETE, DateKind.EXTENSION})
"""Days of which a case has one."""

REMINDERS = frozenset({DateKind.MANUAL, DateKind.WARNING, DateKind.FOLLOW_UP})
"""Days that stand until they are done; lists are sorted by the earliest."""

SENT_STATES = frozenset({OutboxState.SUBMITTED, OutboxState.DELIVERED, OutboxState.POSTED})
"""States in which an entry has left the office."""

DATE_ACTS = frozenset({ActKind.DATE_SET, ActKind.DATE_REMOVED, ActKind.DATE_DONE})


@dataclass(frozen=True)
class CaseDate:
    """Eingetragenes Datum as it stands. ``done``: a reminder somebody dealt with."""

    date_id: str
    kind: DateKind
    on: date
    text: str = ""
    entry_id: EntryId | None = None
    done: bool = False


@dataclass(frozen=True)
class OpenDate:
    """A reminder that is not done, with the case it belongs to."""

    case_id: CaseId
    date: CaseDate


def dates_of(history: Iterable[HistoryEvent]) -> tuple[CaseDate, ...]:
    """The days of a case as they stand, in the order they were first set. What cannot be read is left out."""
    found: dict[str, CaseDate] = {}
    for event in history:
        if event.kind not in DATE_ACTS:
            continue
        date_id = str(event.details.get("date_id", ""))
        if event.kind == ActKind.DATE_SET:
            made = read_date(event)
            if made is not None:
                found[date_id] = made
        elif event.kind == ActKind.DATE_REMOVED:
            found.pop(date_id, None)
        elif date_id in found:
            found[date_id] = replace(found[date_id], done=True)
    return tuple(found.values())


def read_date(event: HistoryEvent) -> CaseDate | None:
    """The day an act set, or None when the line cannot be read."""
    details = event.details
    try:
        entry_id = details.get("entry_id")
        return CaseDate(
            date_id=str(details["date_id"]),
            kind=DateKind(str(details["kind"])),
            on=date.fromisoformat(str(details["on"])),
            text=str(details.get("text", "")),
            entry_id=None if entry_id is None else EntryId(str(entry_id)),
        )
    except (KeyError, ValueError):
        return None


def of_entry(dates: Iterable[CaseDate], kind: DateKind, entry_id: EntryId | None) -> CaseDate | None:
    """The day of that kind that belongs to an outgoing entry, or None."""
    return next((each for each in dates if each.kind is kind and each.entry_id == entry_id), None)


def of_kind(dates: Iterable[CaseDate], kind: DateKind) -> CaseDate | None:
    """The first day of that kind, or None."""
    return next((each for each in dates if each.kind is kind), None)


@dataclass(frozen=True)
class DateLogLine:
    """Eintrag im Fristenbuch: a day that was entered, changed or dropped, when and by whom.

    ``what`` is the kind of what a clerk entered, or of the deadline that followed. ``old`` None: new; ``new``
    None: dropped. ``deadline`` holds the derivation of what followed.
    """

    at: datetime
    actor: str
    case_id: CaseId
    case_reference: str
    what: DateKind | DeadlineKind
    old: date | None
    new: date | None
    text: str = ""
    deadline: Deadline | None = None


@dataclass(frozen=True)
class DueLine:
    """A day that is due, with its case. ``warned``: its early warning has been reached."""

    row: CaseRow
    deadline: Deadline
    warned: bool = False


def sent_on_of(entry: OutboxEntry) -> date:
    """The day a sent entry left: the day a clerk gave it to the post, else the receipt's day (the delivery
    service's clock is not ours to set), else the day it was handed over.
    """
    if entry.state is OutboxState.POSTED:
        return entry.posted_on or office_day(entry.changed_at)
    return office_day(entry.receipt.issued_at if entry.receipt is not None else entry.changed_at)


def standing_decision(case: CaseFile) -> OutboxEntry | None:
    """The decision that stands: neither withdrawn nor returned, nor left behind by a case opened again."""
    reopened_at = max((e.at for e in case.history if e.kind == ActKind.REOPENED.value), default=None)
    entries = [
        entry
        for entry in case.outgoing
        if entry.kind is OutboxKind.DECISION
        and entry.state not in (OutboxState.WITHDRAWN, OutboxState.RETURNED)
    ]
    found = max(entries, key=lambda entry: entry.created_at, default=None)
    if found is not None and reopened_at is not None and found.created_at <= reopened_at:
        return None
    return found


def as_of(case: CaseFile, at: datetime) -> CaseFile | None:
    """The case as it was at ``at``, as far as deadlines care; None before the application arrived.

    Later applications, acts and entries are left out; entries stand in the state they had. ``row`` stays as
    it is now.
    """
    applications = tuple(each for each in case.applications if each.submitted_at <= at)
    if not applications:
        return None
    history = tuple(event for event in case.history if event.at <= at)
    outgoing = tuple(_entry_as_of(entry, history) for entry in case.outgoing if entry.created_at <= at)
    return replace(
        case,
        applications=applications,
        history=history,
        outgoing=outgoing,
        forwarded=forwarded_in(case.row.case_id, history),
    )


def _entry_as_of(entry: OutboxEntry, history: tuple[HistoryEvent, ...]) -> OutboxEntry:
    state, changed_at = OutboxState.QUEUED, entry.created_at
    posted_on: date | None = None
    for event in history:
        if event.details.get("entry_id") != entry.entry_id:
            continue
        if event.kind == ActKind.QUEUED:
            state = OutboxState(str(event.details.get("state", state)))
        elif event.kind == ActKind.MOVED:
            state, changed_at = OutboxState(str(event.details.get("to", state))), event.at
        if event.kind in (ActKind.MOVED, ActKind.POSTED_CORRECTED) and event.details.get("posted_on"):
            posted_on = date.fromisoformat(str(event.details["posted_on"]))
    if state is entry.state:  # the day it went to the post may have been corrected since
        return entry if posted_on in (None, entry.posted_on) else replace(entry, posted_on=posted_on)
    return replace(entry, state=state, changed_at=changed_at, posted_on=None, receipt=None)
