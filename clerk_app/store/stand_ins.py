"""Stand-ins as the ledger tells them, and whose cases are somebody's own because of them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from typing import cast

from clerk_app.domain.stand_in import StandIn, covered_by
from clerk_app.store.connection import Connection
from clerk_app.store.encoding import from_json, read_optional_time, read_time
from clerk_app.store.search import Condition

_COVERED = (
    "EXISTS (SELECT 1 FROM json_each({mark}) k WHERE k.value ->> 0 = s.assigned_to "
    "AND (k.value ->> 1 IS NULL OR EXISTS "
    "(SELECT 1 FROM json_each(k.value, '$[1]') j WHERE j.value = c.leika_key)))"
)


def stand_ins(connection: Connection) -> list[StandIn]:
    """All of them, newest first."""
    rows = connection.rows(
        "SELECT stand_in_id, absent, stand_in, from_on, until_on, services, may_sign, set_by, set_at, "
        "ended_at FROM ledger.stand_in ORDER BY set_at DESC, stand_in_id"
    )
    return [
        StandIn(
            row[0],
            row[1],
            row[2],
            date.fromisoformat(row[3]),
            date.fromisoformat(row[4]),
            tuple(cast("Sequence[str]", from_json(row[5]))),
            bool(row[6]),
            row[7],
            read_time(row[8]),
            read_optional_time(row[9]),
        )
        for row in rows
    ]


def mine(connection: Connection, actor: str, today: date, mark: str = "?") -> Condition:
    """Cases of ``actor`` and of those they stand in for today. ``mark`` is how the parameter is spelled."""
    found = covered_by(actor, stand_ins(connection), today)
    if not found:
        return Condition(f"s.assigned_to = {mark}", (actor,), overlaid=True)
    pairs = [[actor, None], *([each.absent, _services(each.services)] for each in found)]
    return Condition(_COVERED.format(mark=mark), (json.dumps(pairs),), overlaid=True)


def _services(found: frozenset[str] | None) -> list[str] | None:
    return None if found is None else sorted(found)
