"""What county staff do: look over all offices, direct cases, undo, pass figures on."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol, cast

from clerk_app.domain.county import (
    Batch,
    CaseKey,
    CountyFacts,
    CountyQuery,
    Direction,
    OfficeLoad,
    Placed,
    Preview,
    preview,
)
from clerk_app.domain.errors import ClerkError, Disposition, ErrorCode
from clerk_app.domain.ids import CaseId
from clerk_app.domain.wording import tidy
from clerk_app.usecases.journal import Journal
from clerk_app.usecases.ports import CaseReads


class CountyServer(Protocol):
    """The county's view of the server. Raises ClerkError TEAM_…"""

    def is_open(self) -> bool:
        """Whether the line still stands."""
        ...

    def page(self, query: CountyQuery, today: date) -> Sequence[CountyFacts]: ...

    def cases(self, keys: Sequence[CaseKey]) -> Sequence[CountyFacts]: ...

    def count(self, query: CountyQuery, today: date) -> int: ...

    def loads(self, today: date) -> Sequence[OfficeLoad]: ...

    def direct(self, keys: Sequence[CaseKey], direction: Direction, to: str, reason: str) -> Batch:
        """One transaction: the county's word reaches the offices as entries, the board shows it."""
        ...

    def undo(self, batch: Batch) -> None:
        """Restores what each case had before ``batch``, exactly. Raises CASE_CHANGED when somebody directed
        one of them anew since."""
        ...


@dataclass(frozen=True)
class County:
    """Verteilung. Directing decides nothing in a case: the office that holds its key does it."""

    server: CountyServer
    today: Callable[[], date]

    def page(self, query: CountyQuery) -> Sequence[CountyFacts]:
        """A page of the table or of a lane."""
        return self.server.page(query, self.today())

    def count(self, query: CountyQuery) -> int:
        """How many cases there are for ``query``."""
        return self.server.count(query, self.today())

    def loads(self) -> Sequence[OfficeLoad]:
        """Every office with its open cases and their age."""
        return self.server.loads(self.today())

    def preview(self, keys: Sequence[CaseKey], direction: Direction, to: str) -> Preview:
        """What directing them would do. Raises ClerkError TEAM_OFFICE_UNKNOWN."""
        loads = self.loads()
        if to not in {load.office_id for load in loads}:
            raise ClerkError(ErrorCode.TEAM_OFFICE_UNKNOWN, {"name": to}, Disposition.ASK_CLERK)
        return preview(self.server.cases(keys), direction, to, loads)

    def direct(self, keys: Sequence[CaseKey], direction: Direction, to: str, reason: str) -> Batch:
        """Directs those of ``keys`` nothing stands against. Raises ClerkError TEAM_OFFICE_UNKNOWN,
        FORWARD_REASON_MISSING, CASE_UNKNOWN when none is left."""
        words = tidy(reason)
        if direction is Direction.FORWARD and not words:
            raise ClerkError(ErrorCode.FORWARD_REASON_MISSING, {}, Disposition.ASK_CLERK)
        obstacles = self.preview(keys, direction, to).obstacles
        wanted = [facts.key for facts in self.server.cases(keys) if facts.case_reference not in obstacles]
        if not wanted:
            raise ClerkError(ErrorCode.CASE_UNKNOWN, {"case": ""}, Disposition.ASK_CLERK)
        return self.server.direct(wanted, direction, to, words)

    def undo(self, batch: Batch) -> None:
        """Takes a batch back. Raises ClerkError CASE_CHANGED."""
        self.server.undo(batch)


_KEPT, _MOST_KEPT = "county-batches", 50


@dataclass(frozen=True)
class DirectedBatches:
    """What this person directed, newest last, kept so that it can be taken back even after a restart."""

    reads: CaseReads
    journal: Journal
    actor: str

    def direct(
        self, county: County, keys: Sequence[CaseKey], direction: Direction, to: str, reason: str
    ) -> Batch:
        """Directs and keeps. Raises as ``County.direct``."""
        batch = county.direct(keys, direction, to, reason)
        self.journal.remember(_KEPT, [*self._kept(), _as_data(batch)][-_MOST_KEPT:])
        return batch

    def take_back(self, county: County) -> Batch:
        """Undoes the newest one that is left. Raises ClerkError CASE_UNKNOWN when there is none, CASE_CHANGED
        when somebody directed one of its cases anew: then it is given up."""
        kept = self._kept()
        if not kept:
            raise ClerkError(ErrorCode.CASE_UNKNOWN, {"case": ""}, Disposition.ASK_CLERK)
        batch = _from_data(kept[-1])
        self.journal.remember(_KEPT, kept[:-1] or None)
        county.undo(batch)
        return batch

    def _kept(self) -> list[object]:
        found = self.reads.kept(self.actor, _KEPT)
        return found if isinstance(found, list) else []


def _as_data(batch: Batch) -> dict[str, object]:
    return {
        "batch_id": batch.batch_id,
        "direction": batch.direction.value,
        "to": batch.to,
        "reason": batch.reason,
        "before": [
            [
                each.key.office_id, each.key.case_id, each.direction.value if each.direction else None,
                each.to, each.reason,
            ]
            for each in batch.before
        ],
    }  # fmt: skip


def _from_data(data: object) -> Batch:
    members = cast("Mapping[str, Any]", data)
    return Batch(
        members["batch_id"],
        Direction(members["direction"]),
        members["to"],
        members["reason"],
        [
            Placed(CaseKey(row[0], CaseId(row[1])), Direction(row[2]) if row[2] else None, row[3], row[4])
            for row in members["before"]
        ],
    )
