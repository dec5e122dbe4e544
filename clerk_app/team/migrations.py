"""Schema of the team's server: numbered files, each applied whole or not at all.

What a wire-compatible distributed database must have for it: row-level security, triggers in PL/pgSQL,
``SELECT … FOR UPDATE``, ``sha256``; ``LISTEN``/``NOTIFY`` and advisory locks are hints only and may be
without effect there (decision record 0056).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from importlib.resources import files

import psycopg

from clerk_app.domain.errors import ClerkError, Disposition, ErrorCode
from clerk_app.team.failures import translated

SCHEMA = "amtsstube"
ROLES = ("amtsstube_clerk", "amtsstube_reviewer", "amtsstube_intake", "amtsstube_triage", "amtsstube_auditor")
OLDEST_SERVER = 150000
"""``server_version_num``: PostgreSQL 15."""
_NAME = re.compile(r"(\d{4})_[a-z0-9_]+\.sql")
_LOCK = 0x414D5453  # "AMTS": two admins who upgrade at once


@dataclass(frozen=True)
class Migration:
    """One step; ``version`` is the newest row of ``schema_version`` afterwards."""

    version: int
    sql: str


@dataclass(frozen=True)
class SchemaState:
    """What a server holds. ``found`` is 0 where there is nothing yet."""

    found: int
    known: int
    server: int


def migrations() -> list[Migration]:
    """All steps in order, numbered from 1 without a gap."""
    found = []
    for item in (files("clerk_app.team") / "schema").iterdir():
        if match := _NAME.fullmatch(item.name):
            found.append(Migration(int(match[1]), item.read_text("utf-8")))
    found.sort(key=lambda step: step.version)
    if [step.version for step in found] != list(range(1, len(found) + 1)):
        raise ClerkError(ErrorCode.INTERNAL, {"cause": "migration-numbers"}, Disposition.BUG)
    return found


def state(connection: psycopg.Connection[tuple[object, ...]]) -> SchemaState:
    """What the server holds. Raises ClerkError as ``translated``."""
    with translated(), connection.transaction():
        present = connection.execute(
            "SELECT to_regclass('amtsstube.schema_version') IS NOT NULL"
        ).fetchone() == (True,)
        found = 0
        if present:
            row = connection.execute("SELECT max(version) FROM amtsstube.schema_version").fetchone()
            found = int(str(row[0])) if row is not None and row[0] is not None else 0
    return SchemaState(found, migrations()[-1].version, connection.info.server_version)


def upgrade(connection: psycopg.Connection[tuple[object, ...]]) -> SchemaState:
    """Applies what is missing, in one transaction; what the server holds afterwards.

    Needs a login that may create the schema and, the first time, roles. Raises ClerkError TEAM_TOO_NEW when a
    newer program has been here, TEAM_SERVER_OLD, TEAM_FORBIDDEN.
    """
    steps = migrations()
    if connection.info.server_version < OLDEST_SERVER:
        raise ClerkError(
            ErrorCode.TEAM_SERVER_OLD, {"found": connection.info.server_version // 10000, "needed": 15}
        )
    with translated(), connection.transaction():
        connection.execute("SELECT pg_advisory_xact_lock(%s)", (_LOCK,))
        before = state(connection)
        if before.found > before.known:
            raise too_new(before)
        if before.found == 0:
            _roles(connection)
            connection.execute(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}")
        connection.execute(f"SET LOCAL search_path = {SCHEMA}")
        for step in steps:
            if step.version > before.found:
                connection.execute(step.sql.encode())
                connection.execute("INSERT INTO schema_version (version) VALUES (%s)", (step.version,))
        return state(connection)


def too_new(found: SchemaState) -> ClerkError:
    """The error for a schema that a newer program made."""
    params = {"found": found.found, "known": found.known}
    return ClerkError(ErrorCode.TEAM_TOO_NEW, params, Disposition.GIVE_UP)


def _roles(connection: psycopg.Connection[tuple[object, ...]]) -> None:
    for role in ROLES:
        exists = connection.execute("SELECT FROM pg_roles WHERE rolname = %s", (role,)).fetchone()
        if exists is None:
            connection.execute(f"CREATE ROLE {role} NOLOGIN")
    connection.execute("GRANT amtsstube_clerk TO amtsstube_reviewer")
