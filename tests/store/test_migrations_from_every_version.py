"""Every schema number there ever was reaches today's schema with all that was in it, also after a stop at any
statement."""

from __future__ import annotations

from pathlib import Path

import pytest

from clerk_app.domain.case import CaseQuery
from clerk_app.domain.errors import ClerkError
from clerk_app.store.connection import Connection, Role
from clerk_app.store.home import HomePaths, Store
from clerk_app.store.migrations import Migration, migrate, migrations, schema_text, statements
from tests.store import earlier
from tests.store.making import DATA_KEY, SteppingClock

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


def versions(role: Role) -> list[int]:
    return [step.version for step in migrations(role)]


def reopened(paths: HomePaths) -> Store:
    return Store.open(paths, DATA_KEY, clock=SteppingClock())


@pytest.mark.parametrize("version", versions(Role.LEDGER))
def test_what_clerks_did_survives_from_every_version(tmp_path: Path, version: int) -> None:
    paths = HomePaths(tmp_path / "home")
    store = reopened(paths)
    earlier.play_ledger(store, version)
    outbox = store.outbox()
    sent = {entry.entry_id: outbox.outgoing(entry.entry_id) for entry in outbox.open_entries()}
    drafts = store.reads().waiting_drafts()
    store.close()
    before = earlier.rows_of(paths.ledger_db, Role.LEDGER)
    assert len(before["entry"]) > 20
    assert len(sent) == 2

    earlier.put_back_to(paths.ledger_db, Role.LEDGER, version)
    assert len(earlier.rows_of(paths.ledger_db, Role.LEDGER)["entry"]) == len(before["entry"])
    store = reopened(paths)
    outbox = store.outbox()
    assert outbox.verify_chain() == len(before["entry"])
    assert {entry.entry_id: outbox.outgoing(entry.entry_id) for entry in outbox.open_entries()} == sent
    assert [entry.last_error for entry in outbox.open_entries()] == [None] * len(sent)
    assert store.reads().waiting_drafts() == drafts
    assert (store.ledger_is_older, store.ledger_was_lost) == (None, False)
    store.close()
    assert earlier.rows_of(paths.ledger_db, Role.LEDGER) == before


@pytest.mark.parametrize("version", versions(Role.CACHE))
def test_what_the_portal_said_survives_from_every_version(tmp_path: Path, version: int) -> None:
    paths = HomePaths(tmp_path / "home")
    store = reopened(paths)
    earlier.play_cache(store)
    listed = store.reads().list(CaseQuery())
    files = [store.reads().case_file(row.case_id) for row in listed]
    store.close()
    before = earlier.rows_of(paths.cache_db, Role.CACHE)
    assert len(listed) == 2

    earlier.put_back_to(paths.cache_db, Role.CACHE, version)
    store = reopened(paths)
    assert store.needs_rebuild is False, "brought up to date, not made anew"
    reads = store.reads()
    assert reads.list(CaseQuery()) == listed
    assert [reads.case_file(row.case_id) for row in listed] == files
    for text, found in (("zofia", 1), ("ozturk", 1), ("hauptstraße", 2), ("niemand", 0)):
        assert len(reads.list(CaseQuery(text=text))) == found, text
    store.close()
    after = earlier.rows_of(paths.cache_db, Role.CACHE)
    if version < 4:  # the language an application asks for is read again by the exchange
        after["note"].remove(("languages-below", "4"))
    if version == 1:  # whom other cases are found by is read again by the exchange, a little at a time
        assert ("persons-below", "4") in after.pop("note")
        assert after.pop("relation_key") == []
        before = {name: rows for name, rows in before.items() if name in after}
    assert after == before
