"""Brings a database to the newest schema: numbered files, each applied whole or not at all."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files

from sqlcipher3 import dbapi2

from clerk_app.domain.errors import ClerkError, Disposition, ErrorCode
from clerk_app.store.connection import Connection, Role

_NAME = re.compile(r"(\d{4})_[a-z0-9_]+\.sql")
APPLICATION_IDS = {Role.CACHE: 0x414D5443, Role.LEDGER: 0x414D544C}  # "AMTC", "AMTL"


@dataclass(frozen=True)
class Migration:
    """One step; ``version`` is the ``user_version`` afterwards."""

    version: int
    sql: str


def migrations(role: Role) -> list[Migration]:
    """All steps for ``role`` in order, numbered from 1 without a gap."""
    found = []
    for item in (files("clerk_app.store") / "schema" / role.value).iterdir():
        match = _NAME.fullmatch(item.name)
        if match:
            found.append(Migration(int(match[1]), item.read_text("utf-8")))
    found.sort(key=lambda step: step.version)
    if [step.version for step in found] != list(range(1, len(found) + 1)):
        raise ClerkError(ErrorCode.INTERNAL, {"cause": "migration-numbers"}, Disposition.BUG)
    return found


def migrate(connection: Connection, steps: list[Migration] | None = None) -> int:
    """Applies what is missing; the version reached. Raises ClerkError STORE_TOO_NEW, changing nothing, when
    the database was written by a newer program."""
    wanted = migrations(connection.role) if steps is None else steps
    newest = wanted[-1].version
    version = int(connection.value("PRAGMA user_version"))
    if version > newest:
        raise ClerkError(
            ErrorCode.STORE_TOO_NEW,
            {"store": connection.role.value, "found": version, "known": newest},
            Disposition.GIVE_UP,
        )
    for step in wanted:
        if step.version <= version:
            continue
        with connection.transaction(f"migration {step.version}"):
            if int(connection.value("PRAGMA user_version")) >= step.version:
                continue  # another process was faster
            if step.version == 1:
                connection.execute(f"PRAGMA application_id={APPLICATION_IDS[connection.role]}")
            for statement in statements(step.sql):
                connection.execute(statement)
            connection.execute(f"PRAGMA user_version={step.version}")
    return newest


def statements(sql: str) -> Iterator[str]:
    """Single statements of a script. ``executescript`` is no use here: it commits first."""
    held = ""
    for line in sql.splitlines(keepends=True):
        held += line
        if line.rstrip().endswith(";") and dbapi2.complete_statement(held):
            yield held.strip()
            held = ""
    if held.strip() and not all(line.strip().startswith("--") for line in held.splitlines() if line.strip()):
        raise ClerkError(ErrorCode.INTERNAL, {"cause": "migration-incomplete"}, Disposition.BUG)


def schema_text(connection: Connection) -> str:
    """The schema as SQLite holds it, for comparison with the committed snapshot."""
    rows = connection.rows(
        "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT GLOB 'sqlite_*' "
        "AND name NOT GLOB 'case_fts_*' AND name NOT GLOB 'reference_fts_*' ORDER BY type, name"
    )
    return "".join(f"{row[0].strip()};\n\n" for row in rows)
