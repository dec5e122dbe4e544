"""Projections of service packages: what is installed, and which cases were moved to another version."""

from __future__ import annotations

from clerk_app.domain.ledger import ActKind, LedgerEntry
from clerk_app.store.connection import Connection
from clerk_app.store.encoding import stored_time, to_json

TABLES = ("installed_package", "case_package")


def apply(connection: Connection, entry: LedgerEntry, schema: str) -> None:
    """Brings the projections up to date with ``entry``."""
    if entry.act.kind is ActKind.PACKAGE_INSTALLED:
        _installed(connection, entry, schema)
    elif entry.act.kind is ActKind.PACKAGE_MOVED:
        _moved(connection, entry, schema)


def _installed(connection: Connection, entry: LedgerEntry, schema: str) -> None:
    payload = entry.act.payload
    connection.execute(
        f"INSERT INTO {schema}.installed_package VALUES (?,?,?,?,?,?,?,?,?,?)",  # noqa: S608
        (
            entry.sequence,
            payload["package_id"],
            payload["version"],
            payload["sha256"],
            to_json(payload["title"]),
            to_json(payload["leika_keys"]),
            stored_time(entry.at),
            entry.actor,
            payload["source"],
            payload["signer"],
        ),
    )


def _moved(connection: Connection, entry: LedgerEntry, schema: str) -> None:
    """The office's target by the new version comes with the entry: lists show it and sort by it."""
    payload, case_id = entry.act.payload, entry.act.case_id
    connection.execute(
        f"INSERT INTO {schema}.case_package VALUES (?,?,?,?) ON CONFLICT(case_id) DO UPDATE SET "  # noqa: S608
        "package_id = excluded.package_id, version = excluded.version, sha256 = excluded.sha256",
        (case_id, payload["package_id"], payload["to"], payload["sha256"]),
    )
    connection.execute(
        f"INSERT INTO {schema}.case_state(case_id, target_on) VALUES (?, ?) "  # noqa: S608
        "ON CONFLICT(case_id) DO UPDATE SET target_on = excluded.target_on",
        (case_id, payload.get("target_on")),
    )
