"""Every schema number there ever was reaches today's schema, also after a stop at any statement."""

from __future__ import annotations

from pathlib import Path

import pytest

from clerk_app.domain.errors import ClerkError
from clerk_app.store.connection import Connection, Role
from clerk_app.store.migrations import Migration, migrate, migrations, schema_text, statements

KEY = b"k" * 32
EARLIER = [(role, step.version) for role in Role for step in migrations(role)[:-1]]
NEXT = [(role, step) for role in Role for step in migrations(role)]


def fresh_schema(path: Path, role: Role) -> str:
    connection = Connection(path, KEY, role)
    migrate(connection)
    text = schema_text(connection)
    connection.close()
    return text


@pytest.mark.parametrize(("role", "version"), EARLIER)
def test_an_earlier_schema_becomes_todays(tmp_path: Path, role: Role, version: int) -> None:
    old = Connection(tmp_path / "old.db", KEY, role)
    migrate(old, migrations(role)[:version])
    old.close()
    opened = Connection(tmp_path / "old.db", KEY, role)
    assert opened.value("PRAGMA user_version") == version
    assert migrate(opened) == migrations(role)[-1].version
    assert schema_text(opened) == fresh_schema(tmp_path / "fresh.db", role)
    opened.close()


@pytest.mark.parametrize(("role", "step"), NEXT)
def test_a_stop_at_any_statement_leaves_the_version_before(
    tmp_path: Path, role: Role, step: Migration
) -> None:
    database = tmp_path / "stopped.db"
    before = migrations(role)[: step.version - 1]
    parts = list(statements(step.sql))
    for done in range(len(parts) + 1):
        broken = Migration(step.version, "\n".join([*parts[:done], "INSERT INTO nowhere VALUES (1);"]))
        connection = Connection(database, KEY, role)
        with pytest.raises(ClerkError):
            migrate(connection, [*before, broken])
        connection.close()
        again = Connection(database, KEY, role)
        assert again.value("PRAGMA user_version") == step.version - 1
        again.close()
    last = Connection(database, KEY, role)
    migrate(last)
    assert schema_text(last) == fresh_schema(tmp_path / "fresh.db", role)
    last.close()
