"""What the county may know of this office's cases: which of them changed, as routing facts."""

from __future__ import annotations

import threading
from collections.abc import Sequence

from clerk_app.domain.case import CaseQuery, CaseRow, CaseView
from clerk_app.domain.changes import ChangeSet
from clerk_app.domain.deadlines import office_day
from clerk_app.domain.ids import CaseId
from clerk_app.store.bus import ChangeBus
from clerk_app.sync.team import RoutingFacts
from clerk_app.usecases.ports import CaseReads

_AT_ONCE = 500


class RoutingSource:
    """Collects changed cases between two rounds; the first round tells of every case. The bus may be heard on
    any thread; ``due`` belongs to the thread of ``reads``."""

    def __init__(self, reads: CaseReads, bus: ChangeBus) -> None:
        self._reads = reads
        self._lock = threading.Lock()
        self._everything = True
        self._changed: set[CaseId] = set()
        self._end = bus.subscribe(self._heard)

    def due(self) -> Sequence[RoutingFacts]:
        """Facts of cases that changed since the last call. Names, addresses and forms stay here."""
        with self._lock:
            everything, changed = self._everything, self._changed
            self._everything, self._changed = False, set()
        if everything:
            ids = self._reads.ids(CaseQuery(view=CaseView.ALL))
            rows = [
                row
                for start in range(0, len(ids), _AT_ONCE)
                for row in self._reads.rows(ids[start : start + _AT_ONCE])
            ]
        else:
            rows = [row for row in map(self._reads.row, sorted(changed)) if row is not None]
        return [_facts(row) for row in rows]

    def close(self) -> None:
        """Hears no more."""
        self._end()

    def _heard(self, changes: ChangeSet) -> None:
        with self._lock:
            self._everything = self._everything or changes.everything
            self._changed |= changes.arrived | changes.changed


def _facts(row: CaseRow) -> RoutingFacts:
    return RoutingFacts(
        case_id=row.case_id,
        case_reference=row.case_reference,
        leika_key=row.leika_key or "",
        service=row.service,
        municipality=row.municipality,
        portal=row.portal,
        arrived_at=row.arrived_at,
        first_received_on=office_day(row.arrived_at).isoformat(),
        due_on=None if row.due_on is None else row.due_on.isoformat(),
        status=row.status.value,
        assigned=row.assigned_to is not None,
    )
