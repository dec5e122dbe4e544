"""What statistics may know of the cases: services, places and days, never a person."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from functools import lru_cache

from clerk_app.domain.case import OPEN_STATUSES
from clerk_app.domain.deadlines import office_day
from clerk_app.domain.statistics import CaseFact
from clerk_app.store.connection import Connection
from clerk_app.store.encoding import read_optional_date
from clerk_app.store.overlay import JOINED, STATUS

_HOUR = len("2026-11-26T12")  # the office's day changes with an hour of UTC
_DECIDED = """(
    SELECT coalesce(o.posted_on, substr(o.created_at, 1, 13)) FROM ledger.outbox_state o
    WHERE o.case_id = c.case_id AND o.kind = 'decision' AND o.superseded = 0
    AND o.state NOT IN ('WITHDRAWN', 'RETURNED') ORDER BY o.queued_sequence DESC LIMIT 1
)"""
_OPEN = frozenset(status.value for status in OPEN_STATUSES)


def case_facts(connection: Connection) -> Iterator[CaseFact]:
    """Every readable case. The deadline is the office's target; what the applicant is asked for does not
    count against it."""
    sql = (
        f"SELECT c.service, c.municipality, substr(c.arrived_at, 1, {_HOUR}), "  # noqa: S608
        f"CASE WHEN s.decision_state IS NULL THEN NULL ELSE {_DECIDED} END, "
        f"coalesce(s.target_on, c.due_on), {STATUS} FROM {JOINED} WHERE NOT c.quarantined"
    )
    for service, municipality, arrived, decided, due, status in connection.each(sql):
        yield CaseFact(
            service,
            municipality,
            _day(arrived),
            None if decided is None else _day(decided),
            read_optional_date(due),
            status in _OPEN,
        )


@lru_cache(maxsize=100_000)
def _day(text: str) -> date:
    """The office's day of an hour of UTC, or of a day as it is."""
    if len(text) < _HOUR:
        return date.fromisoformat(text)
    return office_day(datetime.strptime(text, "%Y-%m-%dT%H").replace(tzinfo=UTC))
