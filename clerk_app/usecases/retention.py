"""Aussonderung: what must not be kept any longer is offered to the archive, then destroyed for good."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from clerk_app.domain.case import CaseFile, CaseQuery, CaseStatus
from clerk_app.domain.deadlines import office_day
from clerk_app.domain.errors import ClerkError, Disposition, ErrorCode
from clerk_app.domain.ids import CaseId
from clerk_app.domain.ledger import ActKind
from clerk_app.domain.outbox import FINAL_STATES
from clerk_app.domain.retention import RetentionLine, kept_until
from clerk_app.usecases.filing import closed_on
from clerk_app.usecases.ports import CaseReads, Clock

UNKNOWN_CLASS = "permanent"
"""What a case without a package is kept as: nothing is destroyed that nobody has classed."""


class Destroyer(Protocol):
    """Takes a case out of everything this home holds."""

    def destroy(self, case_id: CaseId, why: Mapping[str, object]) -> None:
        """Raises ClerkError RETENTION_TEAM, DISK_FULL, HOME_NOT_WRITABLE."""

    def finish(self) -> int:
        """What an interruption left undone."""

    def settle(self) -> None:
        """Nothing of it is left in logs of the databases."""


@dataclass(frozen=True)
class Destroyed:
    """What a run did; ``left`` with why: ``not-due``, ``not-offered``, ``not-closed``, ``letters``."""

    case_ids: tuple[CaseId, ...]
    left: tuple[tuple[CaseId, str], ...]
    finished: int


@dataclass(frozen=True)
class Retention:
    """The end of a file's life. ``class_of`` names the retention class its service package gives a case;
    ``least_years`` is what the machine's policy asks for, whatever the class says."""

    reads: CaseReads
    destroyer: Destroyer
    class_of: Callable[[CaseFile], str | None]
    clock: Clock
    least_years: int = 0

    def today(self) -> date:
        """The office's day."""
        return office_day(self.clock.now())

    def lines(self, *, due_only: bool = True) -> list[RetentionLine]:
        """Closed cases with the end of their period, the earliest first."""
        today = self.today()
        found = []
        for row in self.reads.list(CaseQuery(status=CaseStatus.CLOSED)):
            line = self.line(row.case_id)
            if line is not None and (line.is_due(today) or not due_only):
                found.append(line)
        return sorted(found, key=lambda line: (line.until or date.max, line.case_reference))

    def line(self, case_id: CaseId) -> RetentionLine | None:
        """One case; None when it is unknown or not closed."""
        case = self.reads.case_file(case_id)
        ended = None if case is None else closed_on(case)
        if case is None or ended is None:
            return None
        retention = (self.class_of(case) if case.applications else None) or UNKNOWN_CLASS
        return RetentionLine(
            case_id,
            case.row.case_reference,
            case.row.service,
            retention,
            ended,
            kept_until(retention, ended, self.least_years),
            _offered_at(case, ended),
            sum(entry.state not in FINAL_STATES for entry in case.outgoing),
        )

    def destroy(self, case_ids: Sequence[CaseId]) -> Destroyed:
        """Destroys those of ``case_ids`` that are due, were offered after they were closed, and have no
        letter under way; the others are named. What an earlier run left undone is finished first.

        Raises ClerkError RETENTION_NONE when there is nothing at all to destroy, and what the store says:
        then the cases before that one are gone and the next run goes on.
        """
        finished = self.destroyer.finish()
        done: list[CaseId] = []
        left: list[tuple[CaseId, str]] = []
        for case_id in dict.fromkeys(case_ids):
            line = self.line(case_id)
            reason = self._why_not(line)
            if line is None or line.until is None or line.offered_at is None or reason is not None:
                left.append((case_id, reason or "not-closed"))
                continue
            why = {
                "retention": line.retention,
                "until": line.until.isoformat(),
                "closed_on": line.closed_on.isoformat(),
                "offered_at": line.offered_at.isoformat(),
            }
            self.destroyer.destroy(case_id, why)
            done.append(case_id)
        self.destroyer.settle()
        if not done and not finished and not left:
            raise ClerkError(ErrorCode.RETENTION_NONE, {}, Disposition.ASK_CLERK)
        return Destroyed(tuple(done), tuple(left), finished)

    def _why_not(self, line: RetentionLine | None) -> str | None:
        if line is None:
            return "not-closed"
        if not line.is_due(self.today()):
            return "not-due"
        if line.open_entries:
            return "letters"
        return "not-offered" if line.offered_at is None else None


def _offered_at(case: CaseFile, ended: date) -> datetime | None:
    times = [
        event.at
        for event in case.history
        if event.kind == ActKind.EXPORTED.value and office_day(event.at) >= ended
    ]
    return max(times, default=None)
