"""The rules every connection keeps."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from clerk_app.domain.errors import ClerkError, Disposition, ErrorCode
from clerk_app.store import connection as module
from clerk_app.store.connection import Connection, Role

KEY = b"k" * 32


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Connection]:
    connection = Connection(tmp_path / "a.db", KEY, Role.CACHE)
    connection.execute("CREATE TABLE t (x TEXT)")
    yield connection
    connection.close()


def test_it_is_set_up_for_durability_and_secrecy(database: Connection) -> None:
    assert database.value("PRAGMA journal_mode") == "wal"
    assert database.value("PRAGMA synchronous") == 2  # FULL
    assert database.value("PRAGMA secure_delete") == 1
    assert database.value("PRAGMA foreign_keys") == 1
    assert database.value("PRAGMA recursive_triggers") == 1  # else REPLACE slips past DELETE triggers
    assert database.value("PRAGMA temp_store") == 2  # memory
    assert database.value("PRAGMA cipher_version") is not None


def test_a_wrong_key_is_not_taken_for_damage(database: Connection, tmp_path: Path) -> None:
    before = (tmp_path / "a.db").read_bytes()
    with pytest.raises(ClerkError) as caught:
        Connection(tmp_path / "a.db", b"w" * 32, Role.CACHE)
    assert caught.value.code is ErrorCode.DATA_KEY_WRONG
    assert (tmp_path / "a.db").read_bytes() == before


def test_another_thread_may_not_use_it(database: Connection) -> None:
    database.value("SELECT 1")
    caught: list[ClerkError] = []

    def elsewhere() -> None:
        try:
            database.value("SELECT 1")
        except ClerkError as error:
            caught.append(error)

    thread = threading.Thread(target=elsewhere)
    thread.start()
    thread.join(10)
    (error,) = caught
    assert (error.code, error.disposition) == (ErrorCode.INTERNAL, Disposition.BUG)


def test_a_reader_cannot_write(database: Connection, tmp_path: Path) -> None:
    reader = Connection(tmp_path / "a.db", KEY, Role.CACHE, read_only=True)
    try:
        for sql in ("INSERT INTO t VALUES ('x')", "DROP TABLE t", "CREATE TABLE u (x)"):
            with pytest.raises(ClerkError) as caught:
                reader.execute(sql)
            assert caught.value.code is ErrorCode.HOME_NOT_WRITABLE
    finally:
        reader.close()


def test_a_transaction_is_whole_or_absent(database: Connection) -> None:
    with pytest.raises(ClerkError), database.transaction("test"):
        database.execute_many("INSERT INTO t VALUES (?)", [("x",), ("too", "many")])
    assert database.value("SELECT count(*) FROM t") == 0
    with database.transaction("test"):
        database.execute("INSERT INTO t VALUES ('x')")
    assert database.value("SELECT count(*) FROM t") == 1


def test_an_old_sqlite_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "OLDEST_SQLITE", (99, 0, 0))
    with pytest.raises(ClerkError) as caught:
        Connection(tmp_path / "b.db", KEY, Role.CACHE)
    assert caught.value.code is ErrorCode.SQLITE_TOO_OLD
    assert not (tmp_path / "b.db").exists()


def test_a_held_lock_ends_in_a_clear_refusal(
    database: Connection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "BUSY_TIMEOUT_S", 0.01)
    other = Connection(tmp_path / "a.db", KEY, Role.CACHE)
    try:
        with database.transaction("holds"), pytest.raises(ClerkError) as caught, other.transaction("waits"):
            pass
        assert (caught.value.code, caught.value.disposition) == (
            ErrorCode.INSTANCE_RUNNING,
            Disposition.RETRY,
        )
    finally:
        other.close()


def test_slow_transactions_are_logged_by_name(
    database: Connection, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_SLOW_S", -1.0)
    with caplog.at_level(logging.INFO), database.transaction("intake page"):
        database.execute("INSERT INTO t VALUES ('Anna Müller')")
    assert "[SLOW] cache intake page" in caplog.text
    assert "Müller" not in caplog.text


@pytest.mark.parametrize("page", [1, 2, 3])
def test_a_flipped_bit_in_a_page_is_noticed_and_named(tmp_path: Path, page: int) -> None:
    path = tmp_path / "c.db"
    connection = Connection(path, KEY, Role.LEDGER)
    connection.execute("CREATE TABLE t (x TEXT)")
    connection.execute("INSERT INTO t VALUES (hex(zeroblob(9000)))")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    raw = bytearray(path.read_bytes())
    raw[(page - 1) * 4096 + 100] ^= 4
    path.write_bytes(raw)
    assert read_everything(path) is (ErrorCode.DATA_KEY_WRONG if page == 1 else ErrorCode.LEDGER_DAMAGED)


def read_everything(path: Path) -> ErrorCode | None:
    try:
        connection = Connection(path, KEY, Role.LEDGER)
    except ClerkError as error:
        return error.code
    try:
        assert connection.integrity_faults()
        connection.rows("SELECT * FROM t")
    except ClerkError as error:
        return error.code
    finally:
        connection.close()
    return None
