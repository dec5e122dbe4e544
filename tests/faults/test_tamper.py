# ruff: noqa: E501 - tables and statements
"""Row 22: whoever holds the key and changes the ledger behind the program's back is found out."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from sqlcipher3 import dbapi2

from clerk_app.domain.errors import ClerkError, ErrorCode
from clerk_app.domain.ids import CaseId
from clerk_app.domain.ledger import Act, ActKind, chain_hash
from clerk_app.store.destroyed import DestroyedCases
from clerk_app.store.home import HomePaths, Store
from clerk_app.store.keys import StoreKeys
from tests.matrix import record, trials
from tests.store.making import DATA_KEY, START, SteppingClock, make_outgoing, new_id

ROW = "22 changes of the ledger behind its back"
MEMORY = Path("/dev/shm")
FOUND = {ErrorCode.LEDGER_DAMAGED, ErrorCode.LEDGER_OLDER}
COLUMNS = (
    "at",
    "actor",
    "kind",
    "case_id",
    "subject_id",
    "payload",
    "entry_id",
    "previous_hash",
    "entry_hash",
)
Change = Callable[[dbapi2.Connection, random.Random], None]


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    with TemporaryDirectory(prefix="tamper-", dir=MEMORY if MEMORY.is_dir() else tmp_path) as made:
        yield Path(made)


def filled(paths: HomePaths) -> None:
    """Acts of several cases, letters that wait, and one case destroyed at the end of its retention."""
    store = Store.open(paths, DATA_KEY, clock=SteppingClock())
    try:
        ledger = store.ledger("anna")
        for number in range(12):
            case_id = CaseId(new_id())
            with ledger.transaction("work") as write:
                write.append(Act(ActKind.OPENED, case_id))
                write.append(Act(ActKind.NOTED, case_id, None, {"text": f"Vermerk {number}"}))
            if number % 4 == 0:
                with ledger.transaction("queue") as write:
                    write.queue(make_outgoing(case_id), START)
            if number in (3, 7):
                with ledger.transaction("destroy") as write:
                    write.destroy(case_id, {"retention": "file-5"})
    finally:
        store.close()


def _sequence(db: dbapi2.Connection, rng: random.Random, where: str = "1") -> int:
    rows = [row[0] for row in db.execute(f"SELECT sequence FROM entry WHERE {where}")]
    return int(rng.choice(rows))


def edit(db: dbapi2.Connection, rng: random.Random) -> None:
    column = rng.choice(COLUMNS)
    number = _sequence(db, rng)
    was = db.execute(f"SELECT {column} FROM entry WHERE sequence = ?", (number,)).fetchone()[0] or ""
    other = "{}" if column == "payload" and was != "{}" and rng.random() < 0.5 else f"{was}x"
    db.execute(f"UPDATE entry SET {column} = ? WHERE sequence = ?", (other, number))


def edit_destroyed(db: dbapi2.Connection, rng: random.Random) -> None:
    """What stays of a destroyed case is no freehold either."""
    number = _sequence(db, rng, "case_id IN (SELECT case_id FROM entry WHERE kind = 'destroyed')")
    column = rng.choice(("at", "actor", "kind", "payload", "entry_id"))
    db.execute(f"UPDATE entry SET {column} = {column} || 'x' WHERE sequence = ?", (number,))


def delete(db: dbapi2.Connection, rng: random.Random) -> None:
    db.execute("DELETE FROM entry WHERE sequence = ?", (_sequence(db, rng),))


def insert(db: dbapi2.Connection, rng: random.Random) -> None:
    number = _sequence(db, rng)
    db.execute("UPDATE entry SET sequence = -sequence - 1 WHERE sequence >= ?", (number,))
    db.execute("UPDATE entry SET sequence = -sequence WHERE sequence < 0")
    db.execute(
        "INSERT INTO entry SELECT ?, ?, at, actor, kind, case_id, subject_id, payload, previous_hash, ? FROM entry LIMIT 1",
        (number, new_id(), "f" * 64),
    )


def reorder(db: dbapi2.Connection, rng: random.Random) -> None:
    number = _sequence(db, rng, "sequence < (SELECT max(sequence) FROM entry)")
    db.execute("UPDATE entry SET sequence = -1 WHERE sequence = ?", (number,))
    db.execute("UPDATE entry SET sequence = ? WHERE sequence = ?", (number, number + 1))
    db.execute("UPDATE entry SET sequence = ? WHERE sequence = -1", (number + 1,))


def truncate(db: dbapi2.Connection, rng: random.Random) -> None:
    db.execute("DELETE FROM entry WHERE sequence >= ?", (_sequence(db, rng),))


def take_words_out(db: dbapi2.Connection, rng: random.Random) -> None:
    """As the end of retention does, of a case nobody declared destroyed."""
    number = _sequence(db, rng, "payload <> '{}' AND kind <> 'destroyed'")
    db.execute("UPDATE entry SET payload = '{}' WHERE sequence = ?", (number,))


def rewrite(db: dbapi2.Connection, rng: random.Random) -> None:
    """Edits an entry and makes every hash after it right again: the heads kept elsewhere tell."""
    number = _sequence(db, rng, "kind = 'noted' AND payload <> '{}'")
    db.execute('UPDATE entry SET payload = \'{"text":"anders"}\' WHERE sequence = ?', (number,))
    rows = db.execute(
        "SELECT sequence, entry_id, at, actor, kind, case_id, subject_id, payload, entry_hash FROM entry ORDER BY 1"
    ).fetchall()
    previous = rows[number - 2][8] if number > 1 else "0" * 64
    for row in rows[number - 1 :]:
        made = chain_hash(previous, *row[1:8])
        db.execute(
            "UPDATE entry SET previous_hash = ?, entry_hash = ? WHERE sequence = ?", (previous, made, row[0])
        )
        previous = made


def state(db: dbapi2.Connection, rng: random.Random) -> None:
    """A view that says something else than the entries do."""
    db.execute(
        "UPDATE outbox_state SET state = 'DELIVERED'" if rng.random() < 0.5 else "DELETE FROM case_state"
    )


CHANGES: tuple[Change, ...] = (
    edit, edit_destroyed, delete, insert, reorder, truncate, take_words_out, rewrite, state,
)  # fmt: skip


def noticed(paths: HomePaths) -> bool:
    """Whether opening and verifying says that something is wrong."""
    try:
        store = Store.open(paths, DATA_KEY, clock=SteppingClock())
    except ClerkError as error:
        return error.code in FOUND
    try:
        if store.ledger_is_older is not None:
            return True
        store.outbox().verify_chain()
    except ClerkError as error:
        return error.code in FOUND
    finally:
        store.close()
    return False


def tampered(folder: Path, count: int, changes: tuple[Change, ...] = CHANGES) -> list[str]:
    """Changes that went unnoticed."""
    paths, rng, found = HomePaths(folder / "home"), random.Random(22), []
    filled(paths)
    assert not noticed(paths)
    for number in range(count):
        copy = HomePaths(folder / "copy")
        shutil.copytree(paths.home, copy.home)
        change = changes[number % len(changes)]
        db = dbapi2.connect(str(copy.ledger_db), isolation_level=None)
        db.execute(f"PRAGMA key=\"x'{StoreKeys.from_data_key(DATA_KEY).database.hex()}'\"")
        for (trigger,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            db.execute(f"DROP TRIGGER {trigger}")
        change(db, rng)
        db.close()
        if not noticed(copy):
            found.append(f"{number}: {change.__name__}")
        shutil.rmtree(copy.home)
    return found


def test_every_change_is_found(folder: Path) -> None:
    count = trials(900, 100_000)
    found = tampered(folder, count)
    record(ROW, count, len(found))
    assert found == []


def test_a_check_that_believes_stored_hashes_is_caught(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(DestroyedCases, "covers", lambda self, case_id, sequence: True)
    monkeypatch.setattr(DestroyedCases, "vouches", lambda self, *told: True)
    monkeypatch.setattr("clerk_app.store.projections.Replay.differing", lambda self: [])
    assert tampered(folder, 40, (take_words_out, edit_destroyed)) != []
