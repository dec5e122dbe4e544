"""Fristen: days a clerk enters, reminders, what is due, and the log of days that changed (Fristenbuch)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import uuid4

from clerk_app.domain.case import CaseFile, CaseOrder, CaseQuery, CaseStatus, CaseView, HistoryEvent
from clerk_app.domain.case_dates import (
    DATE_ACTS,
    OF_ENTRY,
    ONE_PER_CASE,
    REMINDERS,
    SENT_STATES,
    CaseDate,
    DateKind,
    DateLogLine,
    DueLine,
    as_of,
    dates_of,
    sent_on_of,
    standing_decision,
)
from clerk_app.domain.deadlines import Deadline, DeadlineKind, office_day, office_zone
from clerk_app.domain.errors import ClerkError, ErrorCode
from clerk_app.domain.ids import CaseId, EntryId
from clerk_app.domain.ledger import Act, ActKind
from clerk_app.domain.outbox import OutboxEntry
from clerk_app.domain.sheet import Sheet
from clerk_app.domain.wording import tidy
from clerk_app.usecases.case_work import readable_case
from clerk_app.usecases.ports import Assessor, CaseReads, Clock, Ledger, LetterOffice, SheetWriter

PORTAL_ACTOR = "portal"
MOST_CASES = 500
_WITH_REASON = frozenset({DateKind.MANUAL, DateKind.EXTENSION})
_OF_OFFICE = frozenset(DeadlineKind) - {DeadlineKind.APPEAL, DeadlineKind.NOTIFICATION}
_ONE_TICK = timedelta(microseconds=1)


@dataclass(frozen=True)
class KeepingDates:
    """What a clerk does with days. Nothing is overwritten: each change is an act with the old day."""

    reads: CaseReads
    ledger: Ledger
    assessor: Assessor
    clock: Clock
    letters: LetterOffice
    sheets: SheetWriter

    # entering

    def enter(
        self,
        case_id: CaseId,
        kind: DateKind,
        on: date,
        text: str = "",
        *,
        entry_id: EntryId | None = None,
        date_id: str | None = None,
    ) -> CaseDate:
        """Records a day, or changes it: the one with ``date_id``, the entry's or the case's only one.

        Days of an entry belong to ``entry_id``, without it to the decision that stands.

        Raises ClerkError CASE_UNKNOWN, CASE_NOT_READABLE, DATE_REASON_MISSING, DUE_IN_PAST (a reminder before
        today), DATE_IMPOSSIBLE (params ``on``, ``earliest``, ``latest``), NOTHING_SENT, NO_FICTION,
        DATE_UNKNOWN.
        """
        case = readable_case(self.reads, case_id)
        reason = tidy(text)
        if kind in _WITH_REASON and not reason:
            raise ClerkError(ErrorCode.DATE_REASON_MISSING, {"kind": kind.value})
        entry = _sent_entry(case, entry_id) if kind in OF_ENTRY else None
        self._require_possible(case, kind, on, entry)
        there = {each.date_id: each for each in dates_of(case.history)}
        wanted = _date_id(case_id, kind, entry, date_id)
        before = there.get(wanted)
        if date_id is not None and (before is None or before.kind is not kind or before.done):
            raise ClerkError(ErrorCode.DATE_UNKNOWN, {"date": date_id})
        made = CaseDate(wanted, kind, on, reason, entry.entry_id if entry else None)
        if made != before:
            payload: dict[str, object] = {
                "date_id": wanted,
                "kind": kind.value,
                "on": on.isoformat(),
                "text": reason,
                "was": before.on.isoformat() if before else None,
            }
            self._record(ActKind.DATE_SET, case_id, payload, made.entry_id)
        return made

    def follow_up(self, case_id: CaseId, on: date, text: str = "") -> CaseDate:
        """Sets a Wiedervorlage. Raises as ``enter``."""
        return self.enter(case_id, DateKind.FOLLOW_UP, on, text)

    def remove(self, case_id: CaseId, date_id: str, why: str = "") -> None:
        """Takes an entered day out again; the log keeps it. Raises ClerkError CASE_UNKNOWN,
        CASE_NOT_READABLE, DATE_UNKNOWN.
        """
        found = self._existing(case_id, date_id)
        self._record(ActKind.DATE_REMOVED, case_id, _gone(found) | {"text": tidy(why)}, found.entry_id)

    def done(self, case_id: CaseId, date_id: str) -> None:
        """A reminder was dealt with. Raises as ``remove``."""
        found = self._existing(case_id, date_id)
        if found.kind not in REMINDERS or found.done:
            raise ClerkError(ErrorCode.DATE_UNKNOWN, {"date": date_id})
        self._record(ActKind.DATE_DONE, case_id, _gone(found), None)

    # reading

    def today(self) -> date:
        """The office's day."""
        return office_day(self.clock.now())

    def of_case(self, case_id: CaseId) -> tuple[CaseFile, tuple[Deadline, ...], tuple[CaseDate, ...]]:
        """The case, its deadlines with their derivation, and the days entered.

        Raises ClerkError CASE_UNKNOWN, CASE_NOT_READABLE.
        """
        case = readable_case(self.reads, case_id)
        return case, self.assessor.deadlines(case, self.clock.now()), dates_of(case.history)

    def target_on(self, case_id: CaseId) -> date | None:
        """The office's target with its pauses; None when there is none or the case cannot be read."""
        case = self.reads.case_file(case_id)
        if case is None or case.row.status is CaseStatus.QUARANTINED or not case.applications:
            return None
        return next((d.due_on for d in self._deadlines(case) if d.kind is DeadlineKind.PROCESSING), None)

    def due(self, until: date) -> tuple[DueLine, ...]:
        """What is overdue or due up to ``until``, earliest first; see ``due_cases``."""
        return in_order(self.due_of(self.due_cases(until), until))

    def due_cases(self, until: date) -> tuple[CaseId, ...]:
        """The cases in which something may be due: open ones (at most ``MOST_CASES``, the most urgent
        first), and those with a reminder.
        """
        query = CaseQuery(
            view=CaseView.OPEN,
            order=CaseOrder.DUE,
            due_before=until + timedelta(days=1),
            limit=MOST_CASES,
        )
        ids = dict.fromkeys(row.case_id for row in self.reads.list(query))
        ids.update(dict.fromkeys(each.case_id for each in self.reads.open_dates(until)))
        return tuple(ids)

    def due_of(self, case_ids: Iterable[CaseId], until: date) -> tuple[DueLine, ...]:
        """What is due in these cases. Takes a few milliseconds a case: a window asks for some at a time."""
        today, found = self.today(), []
        for case_id in case_ids:
            case = self.reads.case_file(case_id)
            if case is None or case.row.status is CaseStatus.QUARANTINED or not case.applications:
                continue
            found += _due_lines(case, self._deadlines(case), until, today)
        return tuple(found)

    def log(self, on: date) -> tuple[DateLogLine, ...]:
        """Fristenbuch of a day: what clerks entered, and every deadline that came, changed or went by what
        happened that day. Computed from the ledger and the portal's word; nothing is kept twice.
        """
        return logged_in_order(self.log_of(self.log_cases(on), on))

    def log_cases(self, on: date) -> tuple[CaseId, ...]:
        """The cases in which something was done or arrived on that day."""
        return tuple(self.reads.touched(*_span(on)))

    def log_of(self, case_ids: Iterable[CaseId], on: date) -> tuple[DateLogLine, ...]:
        """The log of that day as far as these cases go."""
        since, until = _span(on)
        lines: list[DateLogLine] = []
        for case_id in case_ids:
            case = self.reads.case_file(case_id)
            if case is None or case.row.status is CaseStatus.QUARANTINED:
                continue
            lines += _entered(case, since, until)
            lines += self._followed(case, since, until)
        return tuple(lines)

    def printed(self, sheet: Sheet) -> bytes:
        """A list as an accessible PDF under the office's letterhead. Raises ClerkError GLYPH_MISSING."""
        now = self.clock.now()
        return self.letters.render(self.sheets.sheet(sheet, now), now)

    # inside

    def _followed(self, case: CaseFile, since: datetime, until: datetime) -> list[DateLogLine]:
        before = _by_key(self._deadlines_as_of(case, since - _ONE_TICK))
        after = _by_key(self._deadlines_as_of(case, until - _ONE_TICK))
        at, actor = _last_act(case, since, until)
        lines = []
        for key in dict.fromkeys((*before, *after)):
            old, new = before.get(key), after.get(key)
            old_on, new_on = old.due_on if old else None, new.due_on if new else None
            if old_on != new_on:
                lines.append(
                    DateLogLine(
                        at, actor, case.row.case_id, case.row.case_reference, key[0], old_on, new_on,
                        deadline=new or old,
                    )
                )  # fmt: skip
        return lines

    def _deadlines_as_of(self, case: CaseFile, at: datetime) -> Sequence[Deadline]:
        earlier = as_of(case, at)
        return () if earlier is None else self._deadlines(earlier)

    def _deadlines(self, case: CaseFile) -> Sequence[Deadline]:
        return self.assessor.deadlines(case, self.clock.now())

    def _require_possible(self, case: CaseFile, kind: DateKind, on: date, entry: OutboxEntry | None) -> None:
        today = self.today()
        if kind in REMINDERS or kind is DateKind.EXTENSION:
            if on < today:
                raise ClerkError(ErrorCode.DUE_IN_PAST, {"due_on": on})
            if kind is DateKind.EXTENSION:
                self._require_fiction(case, on)
            return
        earliest = sent_on_of(entry) if entry is not None else office_day(case.first.submitted_at)
        if not earliest <= on <= today:
            raise ClerkError(
                ErrorCode.DATE_IMPOSSIBLE, {"on": on, "earliest": min(earliest, today), "latest": today}
            )

    def _require_fiction(self, case: CaseFile, on: date) -> None:
        fiction = next((d for d in self._deadlines(case) if d.kind is DeadlineKind.FICTION), None)
        put_off = any(each.kind is DateKind.EXTENSION for each in dates_of(case.history))
        if fiction is None or put_off:
            raise ClerkError(ErrorCode.NO_FICTION)
        if on <= fiction.due_on:
            raise ClerkError(
                ErrorCode.DATE_IMPOSSIBLE, {"on": on, "earliest": fiction.due_on + timedelta(days=1)}
            )

    def _existing(self, case_id: CaseId, date_id: str) -> CaseDate:
        case = readable_case(self.reads, case_id)
        for each in dates_of(case.history):
            if each.date_id == date_id:
                return each
        raise ClerkError(ErrorCode.DATE_UNKNOWN, {"date": date_id})

    def _record(
        self, kind: ActKind, case_id: CaseId, payload: dict[str, object], entry_id: EntryId | None
    ) -> None:
        with self.ledger.transaction(kind.value) as transaction:
            transaction.append(Act(kind, case_id, entry_id, payload))


def in_order(lines: Iterable[DueLine]) -> tuple[DueLine, ...]:
    """What is due, earliest first."""
    return tuple(sorted(lines, key=lambda line: (line.deadline.due_on, line.row.case_reference)))


def logged_in_order(lines: Iterable[DateLogLine]) -> tuple[DateLogLine, ...]:
    """A log in the order things happened."""
    return tuple(sorted(lines, key=lambda line: (line.at, line.case_reference)))


def _span(on: date) -> tuple[datetime, datetime]:
    """The moments an office's day begins and ends."""
    following = on + timedelta(days=1)
    zone = office_zone()
    return (
        datetime(on.year, on.month, on.day, tzinfo=zone),
        datetime(following.year, following.month, following.day, tzinfo=zone),
    )


def _sent_entry(case: CaseFile, entry_id: EntryId | None) -> OutboxEntry:
    if entry_id is None:
        entry = standing_decision(case)
    else:
        entry = next((each for each in case.outgoing if each.entry_id == entry_id), None)
        if entry is None:
            raise ClerkError(ErrorCode.ENTRY_UNKNOWN, {"entry": entry_id})
    if entry is None or entry.state not in SENT_STATES:
        raise ClerkError(ErrorCode.NOTHING_SENT, {"case": case.row.case_reference})
    return entry


def _date_id(case_id: CaseId, kind: DateKind, entry: OutboxEntry | None, date_id: str | None) -> str:
    if entry is not None:
        return f"{kind.value}:{entry.entry_id}"
    if kind in ONE_PER_CASE:
        return f"{kind.value}:{case_id}"
    return date_id or str(uuid4())


def _gone(found: CaseDate) -> dict[str, object]:
    return {"date_id": found.date_id, "kind": found.kind.value, "was": found.on.isoformat()}


def _due_lines(case: CaseFile, deadlines: Sequence[Deadline], until: date, today: date) -> list[DueLine]:
    warnings = [
        each
        for each in deadlines
        if each.kind is DeadlineKind.WARNING and not each.date_id and each.due_on <= today
    ]
    return [
        DueLine(
            case.row,
            deadline,
            any(each.steps[: len(deadline.steps)] == deadline.steps for each in warnings),
        )
        for deadline in deadlines
        if deadline.kind in _OF_OFFICE
        and deadline.due_on <= until
        and (deadline.kind is not DeadlineKind.WARNING or deadline.date_id)
    ]


def _by_key(deadlines: Sequence[Deadline]) -> dict[tuple[DeadlineKind, str], Deadline]:
    """What a log compares: computed deadlines; entered days have lines of their own, warnings follow."""
    return {
        (each.kind, each.entry_id): each
        for each in deadlines
        if not each.date_id and each.kind is not DeadlineKind.WARNING
    }


def _entered(case: CaseFile, since: datetime, until: datetime) -> list[DateLogLine]:
    lines = []
    for event in case.history:
        if event.kind not in DATE_ACTS or not since <= event.at < until:
            continue
        try:
            what = DateKind(str(event.details.get("kind")))
        except ValueError:
            continue
        lines.append(
            DateLogLine(
                event.at,
                event.actor,
                case.row.case_id,
                case.row.case_reference,
                what,
                _day(event, "was"),
                _day(event, "on"),
                str(event.details.get("text") or ""),
            )
        )
    return lines


def _day(event: HistoryEvent, name: str) -> date | None:
    try:
        return date.fromisoformat(str(event.details.get(name)))
    except ValueError:
        return None


def _last_act(case: CaseFile, since: datetime, until: datetime) -> tuple[datetime, str]:
    """When and by whom the day's last thing that moves deadlines was done; else when the portal's came."""
    moving = (ActKind.QUEUED, ActKind.MOVED, ActKind.REOPENED, *DATE_ACTS)
    acts = [event for event in case.history if since <= event.at < until and event.kind in moving]
    if acts:
        return acts[-1].at, acts[-1].actor
    arrived = [each.submitted_at for each in case.applications if since <= each.submitted_at < until]
    return (max(arrived) if arrived else since), PORTAL_ACTOR
