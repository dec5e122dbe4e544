"""Schema steps: whole or not at all, and their sum is the committed schema."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import pytest

from clerk_app.domain.errors import ClerkError, ErrorCode
from clerk_app.domain.ledger import GENESIS_HASH
from clerk_app.store.connection import Connection, Role
from clerk_app.store.encoding import stored_time, to_json
from clerk_app.store.ledger_write import ENTRY_ROW, ledger_entry
from clerk_app.store.migrations import Migration, migrate, migrations, schema_text, statements
from clerk_app.store.outgoing import as_entry, entry_query, outgoing_from, outgoing_members
from clerk_app.store.projections import Replay, payload_hash
from tests.store.making import make_outgoing, new_id

KEY = b"k" * 32


@pytest.fixture(params=list(Role))
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Connection]:
    connection = Connection(tmp_path / "a.db", KEY, request.param)
    yield connection
    connection.close()


def test_replayed_steps_equal_the_committed_schema(database: Connection) -> None:
    """After a change of a step, write the printed text to ``schema/<role>.sql``: a review sees the sum."""
    migrate(database)
    committed = (files("clerk_app.store") / "schema" / f"{database.role.value}.sql").read_text("utf-8")
    assert schema_text(database) == committed


def test_migrating_again_changes_nothing(database: Connection) -> None:
    version = migrate(database)
    before = schema_text(database)
    assert migrate(database) == version
    assert schema_text(database) == before


def test_an_interrupted_step_leaves_no_trace(database: Connection) -> None:
    steps = [
        Migration(1, "CREATE TABLE one (x TEXT);\n"),
        Migration(2, "CREATE TABLE two (x TEXT);\nINSERT INTO nowhere VALUES (1);\n"),
    ]
    with pytest.raises(ClerkError):
        migrate(database, steps)
    assert database.value("PRAGMA user_version") == 1
    assert [row[0] for row in database.rows("SELECT name FROM sqlite_master")] == ["one"]
    repaired = [steps[0], Migration(2, "CREATE TABLE two (x TEXT);\n")]
    assert migrate(database, repaired) == 2


def test_a_newer_store_is_left_alone(database: Connection) -> None:
    migrate(database)
    database.execute("PRAGMA user_version=9999")
    before = schema_text(database)
    with pytest.raises(ClerkError) as caught:
        migrate(database)
    assert caught.value.code is ErrorCode.STORE_TOO_NEW
    assert caught.value.params["found"] == 9999
    assert schema_text(database) == before


def test_steps_are_numbered_without_gaps() -> None:
    for role in Role:
        assert [step.version for step in migrations(role)] == list(range(1, len(migrations(role)) + 1))


def test_a_script_is_cut_into_statements_with_triggers_whole() -> None:
    script = (
        "-- words; with a semicolon\nCREATE TABLE a (x);\n"
        "CREATE TRIGGER t AFTER INSERT ON a\nBEGIN\n    SELECT 1;\n    SELECT 2;\nEND;\n"
    )
    first, second = statements(script)
    assert first.endswith("(x);")
    assert second.count("SELECT") == 2
    with pytest.raises(ClerkError):
        list(statements("CREATE TABLE a (x"))


def test_entries_of_the_first_version_read_and_replay_as_before(tmp_path: Path) -> None:
    connection = Connection(tmp_path / "a.db", KEY, Role.LEDGER)
    steps = migrations(Role.LEDGER)
    migrate(connection, steps[:1])
    outgoing = make_outgoing(new_id())
    members = outgoing_members(outgoing)
    del members["basis"]
    hold_until, at = stored_time(outgoing.created_at), stored_time(outgoing.created_at)
    payload = to_json({"outgoing": members, "hold_until": hold_until, "state": "QUEUED"})
    row = (1, "e", at, "clerk", "queued", outgoing.case_id, outgoing.entry_id, payload, GENESIS_HASH, "h")
    connection.execute(f"INSERT INTO entry({ENTRY_ROW}) VALUES (?,?,?,?,?,?,?,?,?,?)", row)
    connection.execute(
        "INSERT INTO outbox_state VALUES (?,1,?,'decision',?,?,'QUEUED',?,?,?,NULL,NULL,'[]',?,?,?,NULL,?,0)",
        (
            *(outgoing.entry_id, outgoing.case_id, outgoing.channel, outgoing.portal),
            *(members["created_at"], at, hold_until),
            *(outgoing.case_reference, outgoing.recipient_name, outgoing.title, payload_hash(members)),
        ),
    )
    connection.execute(
        "INSERT INTO case_state(case_id, decision_state) VALUES (?, 'QUEUED')", (outgoing.case_id,)
    )

    migrate(connection)

    found = as_entry(connection.rows(entry_query("1"))[0])
    assert (found.entry_id, found.basis, found.posted_on) == (outgoing.entry_id, (), None)
    assert outgoing_from(members) == outgoing
    replay = Replay(connection)
    replay.apply(ledger_entry(row))
    assert replay.differing() == []
    connection.close()
