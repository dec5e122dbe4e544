"""The county's side of the server: routing facts of all its offices, and its directions.

Implements ``usecases.county.CountyServer``. Needs no key: nothing sealed is read.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

from psycopg import sql

from clerk_app.domain.county import (
    AGE_BOUNDS,
    AT_RISK_WITHIN,
    Batch,
    CaseKey,
    CountyFacts,
    CountyOrder,
    CountyQuery,
    Direction,
    Lane,
    OfficeLoad,
    Placed,
    PriorityRule,
)
from clerk_app.domain.errors import ClerkError, Disposition, ErrorCode
from clerk_app.domain.ids import CaseId
from clerk_app.domain.ledger import ActKind, canonical_json
from clerk_app.sync.team import SharedEntry
from clerk_app.team.connection import Rows
from clerk_app.team.failures import translated
from clerk_app.team.keys import plain_entry

_OPEN = "r.status NOT IN ('closed', 'forwarded')"
_COLUMNS = (
    "r.office_id, r.case_id, o.name, r.case_reference, r.leika_key, r.service, r.municipality, r.portal, "
    "r.arrived_at, r.first_received_on, r.due_on, r.status, r.assigned, r.proposal, r.proposal_reason, "
    "r.direction, r.directed_to, r.directed_reason, r.directed_by, r.directed_at"
)
_LANES = {
    Lane.OVERDUE: "r.due_on < %(today)s",
    Lane.FORWARDED: "(r.direction = 'forward' OR r.status = 'forwarded') "
    "AND coalesce(r.due_on >= %(today)s, true)",
    Lane.ASSIGNED: "(r.direction = 'assign' OR r.assigned) AND r.direction IS DISTINCT FROM 'forward' "
    "AND r.status <> 'forwarded' AND coalesce(r.due_on >= %(today)s, true)",
    Lane.UNCLEAR: "r.direction IS NULL AND NOT r.assigned AND r.status <> 'forwarded' "
    "AND coalesce(r.due_on >= %(today)s, true)",
}
_ORDERS = {
    CountyOrder.PRIORITY: "points DESC, r.due_on NULLS LAST, r.arrived_at, r.office_id, r.case_id",
    CountyOrder.DUE: "r.due_on NULLS LAST, r.office_id, r.case_id",
    CountyOrder.AGE: "r.arrived_at, r.office_id, r.case_id",
    CountyOrder.OFFICE: "r.office_id, r.due_on NULLS LAST, r.case_id",
}


class CountyBoard:
    """Over one connection of a login with the role ``triage``."""

    def __init__(self, connection: Rows, rules: Sequence[PriorityRule]) -> None:
        self._connection = connection
        self._points, self._values = _points(rules)

    def is_open(self) -> bool:
        """See CountyServer."""
        return not (self._connection.closed or self._connection.broken)

    def page(self, query: CountyQuery, today: date) -> Sequence[CountyFacts]:
        """See CountyServer."""
        where, values = _where(query, today)
        statement = (
            f"SELECT {_COLUMNS}, ({self._points}) AS points FROM routing r "  # noqa: S608 - texts of ours
            f"JOIN office o ON o.office_id = r.office_id WHERE {where} "
            f"ORDER BY {_ORDERS[query.order]} LIMIT %(limit)s OFFSET %(offset)s"
        )
        return self._facts(statement, {**values, **self._values})

    def cases(self, keys: Sequence[CaseKey]) -> Sequence[CountyFacts]:
        """See CountyServer."""
        statement = (
            f"SELECT {_COLUMNS}, 0 FROM unnest(%(offices)s::text[], %(cases)s::text[]) "  # noqa: S608
            "WITH ORDINALITY AS k (office_id, case_id, place) JOIN routing r USING (office_id, case_id) "
            "JOIN office o ON o.office_id = r.office_id ORDER BY k.place"
        )
        return self._facts(statement, _key_lists(keys))

    def count(self, query: CountyQuery, today: date) -> int:
        """See CountyServer."""
        where, values = _where(query, today)
        with translated():
            row = self._connection.execute(
                f"SELECT count(*) FROM routing r WHERE {where}",  # noqa: S608
                values,
            ).fetchone()
        return int(str(row[0])) if row else 0

    def loads(self, today: date) -> Sequence[OfficeLoad]:
        """See CountyServer. One pass over the open cases."""
        classes = ", ".join(
            f"count(*) FILTER (WHERE {_OPEN} AND {_age_class(index)})" for index in range(len(AGE_BOUNDS) + 1)
        )
        with translated():
            rows: list[Any] = self._connection.execute(
                f"SELECT o.office_id, o.name, count(r.case_id) FILTER (WHERE {_OPEN}), "  # noqa: S608
                f"count(*) FILTER (WHERE {_OPEN} AND NOT r.assigned AND r.direction IS NULL), "
                f"count(*) FILTER (WHERE {_OPEN} AND r.due_on < %(today)s), "
                f"count(*) FILTER (WHERE {_OPEN} AND r.due_on BETWEEN %(today)s AND %(risk)s), {classes} "
                "FROM office o LEFT JOIN routing r ON r.office_id = o.office_id "
                "WHERE o.office_id IN (SELECT county_offices()) GROUP BY o.office_id, o.name ORDER BY o.name",
                {"today": today, "risk": today + AT_RISK_WITHIN},
            ).fetchall()
        return [OfficeLoad(row[0], row[1], row[2], row[3], row[4], row[5], tuple(row[6:])) for row in rows]

    def direct(self, keys: Sequence[CaseKey], direction: Direction, to: str, reason: str) -> Batch:
        """See CountyServer."""
        batch_id = str(uuid.uuid4())
        with translated(), self._connection.transaction():
            rows: list[Any] = self._connection.execute(
                "SELECT r.office_id, r.case_id, r.direction, r.directed_to, coalesce(r.directed_reason, '') "
                "FROM routing r "
                "JOIN unnest(%(offices)s::text[], %(cases)s::text[]) AS k (office_id, case_id) "
                "USING (office_id, case_id) ORDER BY r.office_id, r.case_id FOR UPDATE OF r",
                _key_lists(keys),
            ).fetchall()
            before = [
                Placed(CaseKey(row[0], CaseId(row[1])), Direction(row[2]) if row[2] else None, row[3], row[4])
                for row in rows
            ]
            self._write([Placed(each.key, direction, to, reason) for each in before])
            name = self._office_name(to)
            payload: dict[str, object] = {
                "direction": direction.value,
                "to": to,
                "authority": name,
                "text": reason,
            }
            self._tell(ActKind.TRIAGED, batch_id, [(each.key, payload) for each in before])
        return Batch(batch_id, direction, to, reason, before)

    def undo(self, batch: Batch) -> None:
        """See CountyServer."""
        keys = [each.key for each in batch.before]
        with translated(), self._connection.transaction():
            row = self._connection.execute(
                "SELECT count(*) FROM (SELECT 1 FROM routing r "
                "JOIN unnest(%(offices)s::text[], %(cases)s::text[]) AS k (office_id, case_id) "
                "USING (office_id, case_id) WHERE r.direction = %(direction)s AND r.directed_to = %(to)s "
                "AND r.directed_reason = %(reason)s FOR UPDATE OF r) AS still",
                {
                    **_key_lists(keys), "direction": batch.direction.value, "to": batch.to,
                    "reason": batch.reason,
                },
            ).fetchone()  # fmt: skip
            if row is None or int(str(row[0])) != len(keys):
                raise ClerkError(ErrorCode.CASE_CHANGED, {}, Disposition.ASK_CLERK)
            self._write(batch.before)
            self._tell(ActKind.TRIAGE_UNDONE, batch.batch_id, [(key, {"text": ""}) for key in keys])

    def close(self) -> None:
        """Closes the connection."""
        self._connection.close()

    def _write(self, wanted: Sequence[Placed]) -> None:
        with self._connection.cursor() as cursor:
            cursor.executemany(
                "UPDATE routing SET direction = %s, directed_to = %s, directed_reason = %s "
                "WHERE office_id = %s AND case_id = %s",
                [
                    (
                        each.direction.value if each.direction else None, each.to,
                        each.reason if each.direction else None, each.key.office_id, each.key.case_id,
                    )
                    for each in wanted
                ],
            )  # fmt: skip

    def _tell(self, kind: ActKind, batch_id: str, acts: Sequence[tuple[CaseKey, dict[str, object]]]) -> None:
        """The county's word among the offices' entries: not sealed, for the county has no key; nothing in it
        names a person, unless somebody writes a name into the reason."""
        row = self._connection.execute("SELECT session_user").fetchone()
        author = str(row[0]) if row else ""
        at = datetime.now(UTC).isoformat(timespec="microseconds")
        with self._connection.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO entry (office_id, entry_id, kind, case_id, generation, sealed) "
                "VALUES (%s, %s, %s, %s, 0, %s)",
                [
                    (key.office_id, entry_id, kind.value, key.case_id, plain_entry(entry))
                    for key, payload in acts
                    for entry_id in [str(uuid.uuid4())]
                    for entry in [
                        SharedEntry(
                            entry_id, at, author, kind.value, key.case_id, batch_id,
                            canonical_json(payload), "",
                        )
                    ]
                ],
            )  # fmt: skip

    def _office_name(self, office_id: str) -> str:
        row = self._connection.execute(
            "SELECT name FROM office WHERE office_id = %s", (office_id,)
        ).fetchone()
        return str(row[0]) if row else office_id

    def _facts(self, statement: str, values: dict[str, object]) -> list[CountyFacts]:
        with translated():
            rows: list[Any] = self._connection.execute(sql.SQL(statement), values).fetchall()
        return [
            CountyFacts(
                CaseKey(row[0], CaseId(row[1])), row[2], row[3], row[4], row[5], row[6], row[7], row[8],
                row[9], row[10], row[11], row[12], row[13], row[14], Direction(row[15]) if row[15] else None,
                row[16],
                row[17] or "", row[18], row[19], row[20],
            )
            for row in rows
        ]  # fmt: skip


def _key_lists(keys: Sequence[CaseKey]) -> dict[str, object]:
    return {"offices": [key.office_id for key in keys], "cases": [key.case_id for key in keys]}


def _where(query: CountyQuery, today: date) -> tuple[str, dict[str, object]]:
    parts = ["r.office_id IN (SELECT county_offices())"]
    values: dict[str, object] = {
        "today": today, "risk": today + AT_RISK_WITHIN, "limit": query.limit, "offset": query.offset,
    }  # fmt: skip
    if query.lane is Lane.FORWARDED:
        parts.append(f"r.status <> 'closed' AND {_LANES[query.lane]}")
    else:
        parts.append(_OPEN)
        if query.lane is not None:
            parts.append(_LANES[query.lane])
    if query.office_id is not None:
        parts.append("r.office_id = %(office)s")
        values["office"] = query.office_id
    if query.at_risk:
        parts.append("r.due_on <= %(risk)s")
    for number, word in enumerate(query.text.split()):
        parts.append(
            f"(r.case_reference || ' ' || r.service || ' ' || r.municipality) ILIKE %(word{number})s"
        )
        values[f"word{number}"] = f"%{_escaped(word)}%"
    return " AND ".join(parts), values


def _escaped(word: str) -> str:
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _age_class(index: int) -> str:
    age = "(%(today)s::date - r.first_received_on)"
    low = f"{age} > {AGE_BOUNDS[index - 1]}" if index else "true"
    high = f"{age} <= {AGE_BOUNDS[index]}" if index < len(AGE_BOUNDS) else "true"
    return f"{low} AND {high}"


def _points(rules: Sequence[PriorityRule]) -> tuple[str, dict[str, object]]:
    """The rules as one SQL sum, their numbers as parameters."""
    terms, values = ["0"], {}
    for number, rule in enumerate(rules):
        tests = []
        if rule.due_within_days is not None:
            tests.append(f"r.due_on <= %(today)s::date + %(due{number})s::int")
            values[f"due{number}"] = rule.due_within_days
        if rule.older_than_days is not None:
            tests.append(f"r.first_received_on < %(today)s::date - %(old{number})s::int")
            values[f"old{number}"] = rule.older_than_days
        if rule.leika_prefix is not None:
            tests.append(f"starts_with(r.leika_key, %(leika{number})s)")
            values[f"leika{number}"] = rule.leika_prefix  # type: ignore[assignment]
        if rule.unassigned is not None:
            tests.append(f"r.assigned IS DISTINCT FROM %(free{number})s")
            values[f"free{number}"] = rule.unassigned
        values[f"points{number}"] = rule.points
        terms.append(f"CASE WHEN {' AND '.join(tests) or 'true'} THEN %(points{number})s::int ELSE 0 END")
    return " + ".join(terms), dict(values)
