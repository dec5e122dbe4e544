"""Projections of what a team does together: who sends an entry, who stands in for whom, what the county
directs, who looked at a case."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from clerk_app.domain.ledger import ActKind, LedgerEntry
from clerk_app.store.connection import Connection
from clerk_app.store.encoding import stored_time, to_json

TABLES = ("stand_in", "case_looked")


def apply(connection: Connection, entry: LedgerEntry, schema: str) -> None:
    """Brings the projections up to date with ``entry``."""
    step = _STEPS.get(entry.act.kind)
    if step is not None:
        step(connection, entry, schema)


def _taken_over(connection: Connection, entry: LedgerEntry, schema: str) -> None:
    connection.execute(
        f"UPDATE {schema}.outbox_state SET keeper = ? WHERE entry_id = ?",  # noqa: S608
        (entry.act.payload["desktop"], entry.act.subject_id),
    )


def _stand_in_set(connection: Connection, entry: LedgerEntry, schema: str) -> None:
    payload = entry.act.payload
    connection.execute(
        f"INSERT INTO {schema}.stand_in VALUES (?,?,?,?,?,?,?,?,?,NULL) ON CONFLICT DO NOTHING",  # noqa: S608
        (
            payload["stand_in_id"], payload["absent"], payload["stand_in"], payload["from_on"],
            payload["until_on"], to_json(payload["services"]), int(bool(payload["may_sign"])), entry.actor,
            stored_time(entry.at),
        ),
    )  # fmt: skip


def _stand_in_ended(connection: Connection, entry: LedgerEntry, schema: str) -> None:
    connection.execute(
        f"UPDATE {schema}.stand_in SET ended_at = coalesce(ended_at, ?) WHERE stand_in_id = ?",  # noqa: S608
        (stored_time(entry.at), entry.act.payload["stand_in_id"]),
    )


def _triaged(connection: Connection, entry: LedgerEntry, schema: str) -> None:
    direction = {
        **entry.act.payload,
        "by": entry.actor,
        "at": stored_time(entry.at),
        "id": entry.act.subject_id,
    }
    connection.execute(
        f"INSERT INTO {schema}.case_state(case_id, direction) VALUES (?, ?) "  # noqa: S608
        "ON CONFLICT(case_id) DO UPDATE SET direction = excluded.direction",
        (entry.act.case_id, to_json(direction)),
    )


def _triage_undone(connection: Connection, entry: LedgerEntry, schema: str) -> None:
    connection.execute(
        f"UPDATE {schema}.case_state SET direction = NULL "  # noqa: S608
        "WHERE case_id = ? AND direction ->> '$.id' = ?",
        (entry.act.case_id, entry.act.subject_id),
    )


def _looked(connection: Connection, entry: LedgerEntry, schema: str) -> None:
    if entry.act.case_id is None:
        return
    looked_at = None if entry.act.kind is ActKind.UNREAD else stored_time(entry.at)
    connection.execute(
        f"INSERT INTO {schema}.case_looked VALUES (?, ?, ?) "  # noqa: S608
        "ON CONFLICT(case_id, actor) DO UPDATE SET looked_at = excluded.looked_at",
        (entry.act.case_id, entry.actor, looked_at),
    )


_STEPS: Mapping[ActKind, Callable[[Connection, LedgerEntry, str], None]] = {
    ActKind.TAKEN_OVER: _taken_over,
    ActKind.STAND_IN_SET: _stand_in_set,
    ActKind.STAND_IN_ENDED: _stand_in_ended,
    ActKind.TRIAGED: _triaged,
    ActKind.TRIAGE_UNDONE: _triage_undone,
    ActKind.OPENED: _looked,
    ActKind.UNREAD: _looked,
    ActKind.REOPENED: _looked,
}
