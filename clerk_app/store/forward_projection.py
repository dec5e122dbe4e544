"""Projection of cases that were forwarded: three columns of ``case_state``."""

from __future__ import annotations

from clerk_app.domain.ledger import ActKind, LedgerEntry
from clerk_app.domain.outbox import OutboxState
from clerk_app.store.connection import Connection
from clerk_app.store.encoding import stored_time


def apply(connection: Connection, entry: LedgerEntry, schema: str) -> None:
    """Brings the columns up to date with ``entry``. A notice that is withdrawn makes the case ours again."""
    act = entry.act
    if act.kind is ActKind.FORWARDED:
        connection.execute(
            f"INSERT INTO {schema}.case_state(case_id, opened, forwarded_by, forwarded_at) VALUES (?, 0, ?, ?) "  # noqa: S608, E501
            "ON CONFLICT(case_id) DO UPDATE SET forwarded_by = excluded.forwarded_by, "
            "forwarded_at = excluded.forwarded_at, handed_over_at = NULL",
            (act.case_id, act.subject_id, stored_time(entry.at)),
        )
    elif act.kind is ActKind.HANDED_OVER:
        connection.execute(
            f"UPDATE {schema}.case_state SET handed_over_at = ? "  # noqa: S608
            "WHERE case_id = ? AND forwarded_by IS NOT NULL",
            (stored_time(entry.at), act.case_id),
        )
    elif act.kind is ActKind.MOVED and act.payload.get("to") == OutboxState.WITHDRAWN.value:
        connection.execute(
            f"UPDATE {schema}.case_state SET forwarded_by = NULL, forwarded_at = NULL, handed_over_at = NULL "  # noqa: S608
            "WHERE case_id = ? AND forwarded_by = ?",
            (act.case_id, act.subject_id),
        )
