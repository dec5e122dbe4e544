"""Tables that say how things stand now, made from ledger entries and from nothing else.

``apply`` runs in the transaction that appends the entry; ``Replay`` plays all entries into temporary tables
and names the tables that differ.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from typing import cast

from clerk_app.domain.case_dates import DATE_ACTS, REMINDERS
from clerk_app.domain.ledger import ActKind, LedgerEntry
from clerk_app.store import draft_projection, forward_projection, package_projection, team_projection
from clerk_app.store.connection import Connection, Row
from clerk_app.store.encoding import stored_time, to_json

TABLES = (
    "outbox_state",
    "case_state",
    "case_date",
    *draft_projection.TABLES,
    *package_projection.TABLES,
    *team_projection.TABLES,
)
# In the order all desktops of a team share; what has no number there yet comes last. Alone: our own order.
IN_TEAM_ORDER = (
    "LEFT JOIN placed p ON p.sequence = e.sequence {where} ORDER BY p.number IS NULL, p.number, e.sequence"
)
SECOND_DECISION = "DECIDED_ELSEWHERE"
REMINDER_KINDS = "(" + ", ".join(f"'{kind.value}'" for kind in sorted(REMINDERS)) + ")"
_IN_OFFICE_OR_FINAL = "state IN ('DELIVERED', 'POSTED')"


def apply(connection: Connection, entry: LedgerEntry, schema: str = "main") -> None:
    """Brings the projections up to date with ``entry``. Raises ClerkError INTERNAL when an index forbids it
    (a second decision in a case)."""
    act = entry.act
    case_id = act.case_id
    draft_projection.apply(connection, entry, schema)
    package_projection.apply(connection, entry, schema)
    forward_projection.apply(connection, entry, schema)
    team_projection.apply(connection, entry, schema)
    if act.kind is ActKind.QUEUED:
        _queued(connection, entry, schema)
    elif act.kind is ActKind.MOVED:
        _moved(connection, entry, schema)
    elif act.kind is ActKind.POSTED_CORRECTED:
        connection.execute(
            f"UPDATE {schema}.outbox_state SET posted_on = ?, changed_at = ? WHERE entry_id = ?",  # noqa: S608
            (act.payload["posted_on"], stored_time(entry.at), act.subject_id),
        )
    elif act.kind is ActKind.SENT_NEVERTHELESS:
        connection.execute(
            f"UPDATE {schema}.outbox_state SET basis = ? WHERE entry_id = ?",  # noqa: S608
            (to_json(act.payload["basis"]), act.subject_id),
        )
    elif case_id is None:
        return
    elif act.kind is ActKind.OPENED and act.payload.get("marked"):
        # read by a mark: nobody has worked on it, and it is nobody's by that
        review = 1 if act.payload.get("review") else 0
        connection.execute(
            f"INSERT INTO {schema}.case_state(case_id, opened, looked_at) VALUES (?1, ?2, ?3) "  # noqa: S608
            "ON CONFLICT(case_id) DO UPDATE SET opened = max(opened, ?2), looked_at = excluded.looked_at",
            (case_id, review, stored_time(entry.at)),
        )
    elif act.kind is ActKind.OPENED:
        connection.execute(
            f"INSERT INTO {schema}.case_state(case_id, opened, looked_at, target_on, assigned_to) "  # noqa: S608
            "VALUES (?, 1, ?, ?, ?) "
            "ON CONFLICT(case_id) DO UPDATE SET opened = 1, looked_at = excluded.looked_at, "
            "target_on = coalesce(excluded.target_on, target_on), "
            "assigned_to = coalesce(assigned_to, excluded.assigned_to)",
            (case_id, stored_time(entry.at), act.payload.get("target_on"), entry.actor),
        )
    elif act.kind is ActKind.ASSIGNED:
        connection.execute(
            f"INSERT INTO {schema}.case_state(case_id, assigned_to) VALUES (?, ?) "  # noqa: S608
            "ON CONFLICT(case_id) DO UPDATE SET assigned_to = excluded.assigned_to",
            (case_id, act.payload.get("to")),
        )
    elif act.kind is ActKind.UNREAD:
        connection.execute(
            f"UPDATE {schema}.case_state SET opened = min(opened, ?), looked_at = NULL WHERE case_id = ?",  # noqa: S608
            (1 if act.payload.get("marked") else 0, case_id),
        )
    elif act.kind is ActKind.GAP_SETTLED:
        connection.execute(
            f"INSERT INTO {schema}.case_state(case_id, settled_at) VALUES (?, ?) "  # noqa: S608
            "ON CONFLICT(case_id) DO UPDATE SET settled_at = excluded.settled_at",
            (case_id, None if act.payload.get("awaits") else stored_time(entry.at)),
        )
    elif act.kind is ActKind.DESTROYED:
        forget_case(connection, case_id, schema)
    elif act.kind is ActKind.REOPENED:
        _reopened(connection, entry, schema)
    elif act.kind in DATE_ACTS:
        _dated(connection, entry, schema)


def _queued(connection: Connection, entry: LedgerEntry, schema: str) -> None:
    payload = entry.act.payload
    outgoing = cast("Mapping[str, object]", payload["outgoing"])
    at = stored_time(entry.at)
    second = outgoing["kind"] == "decision" and _is_decided(connection, schema, entry, None)
    connection.execute(
        f"INSERT INTO {schema}.outbox_state(entry_id, queued_sequence, case_id, kind, channel, "  # noqa: S608
        "portal, state, created_at, changed_at, hold_until, case_reference, recipient_name, title, "
        "accompanies, payload_sha256, basis, due_on, problems) "
        "VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
        (
            entry.act.subject_id,
            entry.sequence,
            entry.act.case_id,
            outgoing["kind"],
            outgoing["channel"],
            outgoing["portal"],
            "RETURNED" if second else payload["state"],
            outgoing["created_at"],
            at,
            payload["hold_until"],
            outgoing["case_reference"],
            outgoing["recipient_name"],
            outgoing["title"],
            outgoing["accompanies"],
            payload_hash(outgoing),
            to_json(outgoing["basis"]) if outgoing.get("basis") else None,
            outgoing.get("due_on"),
            to_json([SECOND_DECISION] if second else []),
        ),
    )
    _refresh_case(connection, str(entry.act.case_id), schema, entry.sequence)


def payload_hash(outgoing: Mapping[str, object]) -> str:
    """SHA-256 of the frozen content in its canonical spelling."""
    return hashlib.sha256(to_json(outgoing).encode()).hexdigest()


def _is_decided(connection: Connection, schema: str, entry: LedgerEntry, but: str | None) -> bool:
    """Whether the case has a decision that counts, other than ``but``. Two desktops may have decided without
    knowing of each other: the earlier in the team's order counts, the later one comes back to its clerk."""
    return (
        connection.one(
            f"SELECT 1 FROM {schema}.outbox_state WHERE case_id = ? AND kind = 'decision' "  # noqa: S608
            "AND state NOT IN ('WITHDRAWN', 'RETURNED') AND superseded = 0 AND entry_id IS NOT ?",
            (entry.act.case_id, but),
        )
        is not None
    )


def _moved(connection: Connection, entry: LedgerEntry, schema: str) -> None:
    payload = entry.act.payload
    if payload["to"] not in ("WITHDRAWN", "RETURNED") and _would_be_second(connection, schema, entry):
        return  # returned in the team's order before this step; it was made without knowing
    connection.execute(
        f"UPDATE {schema}.outbox_state SET state = ?, changed_at = ?, remote = coalesce(?, remote), "  # noqa: S608
        "receipt = coalesce(?, receipt), problems = coalesce(?, problems), "
        "posted_on = coalesce(?, posted_on) WHERE entry_id = ?",
        (
            payload["to"],
            stored_time(entry.at),
            *(None if payload.get(key) is None else to_json(payload[key]) for key in _STEP_MEMBERS),
            payload.get("posted_on"),
            entry.act.subject_id,
        ),
    )
    if payload["to"] == "QUEUED":  # starts afresh: an abandoned announcement's id must not be used again
        connection.execute(
            f"UPDATE {schema}.outbox_state SET remote = NULL, problems = '[]' WHERE entry_id = ?",  # noqa: S608
            (entry.act.subject_id,),
        )
    _refresh_case(connection, str(entry.act.case_id), schema, entry.sequence)


def _would_be_second(connection: Connection, schema: str, entry: LedgerEntry) -> bool:
    found = connection.one(
        f"SELECT kind, state FROM {schema}.outbox_state WHERE entry_id = ?",  # noqa: S608
        (entry.act.subject_id,),
    )
    if found is None or found != ("decision", "RETURNED"):
        return False
    return _is_decided(connection, schema, entry, entry.act.subject_id)


_STEP_MEMBERS = ("remote", "receipt", "problems")


def _reopened(connection: Connection, entry: LedgerEntry, schema: str) -> None:
    connection.execute(
        f"UPDATE {schema}.outbox_state SET superseded = 1 "  # noqa: S608
        f"WHERE case_id = ? AND kind = 'decision' AND {_IN_OFFICE_OR_FINAL}",
        (entry.act.case_id,),
    )
    connection.execute(
        f"INSERT INTO {schema}.case_state(case_id, opened, looked_at, reopened) VALUES (?, 1, ?, 1) "  # noqa: S608
        "ON CONFLICT(case_id) DO UPDATE SET opened = 1, reopened = 1, looked_at = excluded.looked_at",
        (entry.act.case_id, stored_time(entry.at)),
    )
    _refresh_case(connection, str(entry.act.case_id), schema, entry.sequence)


def _dated(connection: Connection, entry: LedgerEntry, schema: str) -> None:
    act, case_id = entry.act, entry.act.case_id
    date_id = str(act.payload["date_id"])
    if act.kind is ActKind.DATE_SET:
        connection.execute(
            f"INSERT INTO {schema}.case_date VALUES (?,?,?,?,?,?,0) ON CONFLICT(date_id) DO UPDATE SET "  # noqa: S608
            "on_day = excluded.on_day, text = excluded.text, done = 0",
            (
                *(date_id, case_id, act.payload["kind"], act.payload["on"], act.payload["text"]),
                act.subject_id,
            ),
        )
    elif act.kind is ActKind.DATE_REMOVED:
        connection.execute(f"DELETE FROM {schema}.case_date WHERE date_id = ?", (date_id,))  # noqa: S608
    else:
        connection.execute(f"UPDATE {schema}.case_date SET done = 1 WHERE date_id = ?", (date_id,))  # noqa: S608
    connection.execute(
        f"INSERT INTO {schema}.case_state(case_id) VALUES (?) ON CONFLICT DO NOTHING",  # noqa: S608
        (case_id,),
    )
    connection.execute(
        f"UPDATE {schema}.case_state SET next_on = (SELECT min(on_day) FROM {schema}.case_date d "  # noqa: S608
        f"WHERE d.case_id = ?1 AND d.done = 0 AND d.kind IN {REMINDER_KINDS}) WHERE case_id = ?1",
        (case_id,),
    )


def _refresh_case(connection: Connection, case_id: str, schema: str, sequence: int) -> None:
    connection.execute(
        f"INSERT INTO {schema}.case_state(case_id) VALUES (?) ON CONFLICT DO NOTHING",  # noqa: S608
        (case_id,),
    )
    connection.execute(
        f"""
        UPDATE {schema}.case_state SET
            requested_at = (
                SELECT max(created_at) FROM {schema}.outbox_state o
                WHERE o.case_id = ?1 AND o.state <> 'WITHDRAWN' AND (
                    o.kind = 'document-request' OR o.kind = 'letter' AND (
                        SELECT e.payload ->> '$.outgoing.due_on' FROM main.entry e
                        WHERE e.sequence = o.queued_sequence
                    ) IS NOT NULL
                )
            ),
            answer_on = (
                SELECT due_on FROM {schema}.outbox_state o
                WHERE o.case_id = ?1 AND o.kind = 'document-request' AND o.state <> 'WITHDRAWN'
                ORDER BY o.rowid DESC LIMIT 1
            ),
            decision_state = (
                SELECT state FROM {schema}.outbox_state o
                WHERE o.case_id = ?1 AND o.kind = 'decision' AND o.state <> 'WITHDRAWN' AND o.superseded = 0
                ORDER BY o.state = 'RETURNED', o.rowid DESC LIMIT 1
            )
        WHERE case_id = ?1
        """,  # noqa: S608 - the schema's name is ours
        (case_id,),
    )
    connection.execute(
        f"UPDATE {schema}.case_state SET closed_sequence = CASE "  # noqa: S608
        "WHEN decision_state IN ('DELIVERED', 'POSTED') THEN coalesce(closed_sequence, ?2) END "
        "WHERE case_id = ?1",
        (case_id, sequence),
    )


class Replay:
    """Projections made anew in temporary tables, to be compared with the ones in use."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        for table in TABLES:
            connection.execute(f"DROP TABLE IF EXISTS temp.{table}")
        for kind in ("table", "index"):
            for name, sql in connection.rows(
                "SELECT name, sql FROM main.sqlite_master WHERE type = ? "  # noqa: S608
                f"AND tbl_name IN ({','.join('?' * len(TABLES))}) AND sql IS NOT NULL",
                (kind, *TABLES),
            ):
                connection.execute(_as_temporary(str(name), str(sql)))

    def apply(self, entry: LedgerEntry) -> None:
        """Replays one entry."""
        apply(self._connection, entry, "temp")

    def differing(self) -> list[str]:
        """Names of projections whose rows are not what the entries say."""
        found = []
        for table in TABLES:
            for one, other in (("main", "temp"), ("temp", "main")):
                if self._connection.one(
                    f"SELECT * FROM {one}.{table} EXCEPT SELECT * FROM {other}.{table} LIMIT 1"  # noqa: S608
                ):
                    found.append(table)
                    break
        return found

    def adopt(self) -> None:
        """Puts the replayed rows in place of the ones in use (inside a transaction of the caller)."""
        for table in TABLES:
            order = " ORDER BY rowid" if table == "outbox_state" else ""
            self._connection.execute(f"DELETE FROM main.{table}")  # noqa: S608
            self._connection.execute(f"INSERT INTO main.{table} SELECT * FROM temp.{table}{order}")  # noqa: S608

    def close(self) -> None:
        """Drops the temporary tables."""
        for table in TABLES:
            self._connection.execute(f"DROP TABLE IF EXISTS temp.{table}")


def _as_temporary(name: str, sql: str) -> str:
    if sql.startswith("CREATE TABLE"):
        return sql.replace("CREATE TABLE", "CREATE TEMP TABLE", 1)
    return sql.replace(name, f"temp.{name}", 1)


def forget_case(connection: Connection, case_id: str, schema: str) -> None:
    """Nothing is known of the case any more."""
    drafts = f"SELECT draft_id FROM {schema}.draft_state WHERE case_id = ?"  # noqa: S608
    for table in ("draft_author", "draft_seen"):
        connection.execute(f"DELETE FROM {schema}.{table} WHERE draft_id IN ({drafts})", (case_id,))  # noqa: S608
    for table in _BY_CASE:
        connection.execute(f"DELETE FROM {schema}.{table} WHERE case_id = ?", (case_id,))  # noqa: S608


def replay_case(
    connection: Connection, case_id: str, read: Callable[[Row], LedgerEntry], columns: str
) -> None:
    """Plays one case again in the team's order (inside a transaction of the caller)."""
    forget_case(connection, case_id, "main")
    query = f"SELECT {columns} FROM entry e {IN_TEAM_ORDER.format(where='WHERE e.case_id = ?')}"  # noqa: S608
    for row in connection.rows(query, (case_id,)):
        apply(connection, read(row))


_BY_CASE = ("outbox_state", "case_state", "case_date", "case_package", "draft_state", "case_looked")


def payload_of(text: str) -> Mapping[str, object]:
    """A stored payload."""
    return cast("Mapping[str, object]", json.loads(text))
