"""A backup made while others write holds every document its ledger names, and opens with its own key only."""

from __future__ import annotations

import io
import os
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest

from clerk_app.domain.errors import ClerkError, ErrorCode
from clerk_app.domain.ids import CaseId, DocumentId
from clerk_app.domain.ledger import Act, ActKind
from clerk_app.store import backup, restoring, sealed
from clerk_app.store.connection import Role
from clerk_app.store.home import HomePaths, Store
from clerk_app.store.resealing import reseal
from tests.store import earlier
from tests.store.making import DATA_KEY, SteppingClock, new_id

KEY, OTHER = b"k" * 32, b"o" * 32
MADE_AT = datetime(2026, 11, 27, tzinfo=UTC)
NAMED = {
    "made_at": MADE_AT,
    "program": "0.1.0",
    "home": new_id(),
    "office": "Stadt Musterhausen",
    "practice": False,
}


def write_one(store: Store, case_id: CaseId) -> None:
    document_id = store.documents().keep(case_id, b"%PDF Anlage", "Vermerk")
    ledger = store.ledger("brand")
    with ledger.transaction("note") as write:
        write.append(Act(ActKind.NOTED, case_id, None, {"text": "x", "document_id": document_id}))
    store.release(ledger.connection)


def made(paths: HomePaths, place: Path) -> backup.Backup:
    content = io.BytesIO()
    backup.write(content, paths, KEY, NAMED, {})
    place.write_bytes(content.getvalue())
    return backup.Backup(place)


def test_beside_a_writer_every_named_document_is_in(tmp_path: Path) -> None:
    paths = HomePaths(tmp_path / "home")
    store = Store.open(paths, KEY)
    done = threading.Event()

    def write_on() -> None:
        while not done.is_set():
            write_one(store, CaseId(new_id()))

    writer = threading.Thread(target=write_on)
    writer.start()
    try:
        for round_ in range(8):
            found = made(paths, tmp_path / f"{round_}.zip")
            found.check(KEY)
            folder = tmp_path / f"again-{round_}"
            found.unpack(folder)
            for tree in backup.TREES:
                (folder / tree).mkdir(exist_ok=True)
            with_it = Store.open(HomePaths(folder), KEY)
            ledger = with_it.ledger("x")
            ids = [row[0] for row in ledger.connection.rows("SELECT case_id FROM entry")]
            entries = [entry for each in ids for entry in ledger.entries(CaseId(each))]
            assert len(entries) == found.manifest.head.entries
            for entry in entries:
                document_id = DocumentId(str(entry.act.payload["document_id"]))
                assert entry.act.case_id is not None
                assert with_it.documents().read(entry.act.case_id, document_id) == b"%PDF Anlage"
            with_it.close()
    finally:
        done.set()
        writer.join()
        store.close()


def test_another_key_neither_proves_nor_opens_it_until_it_is_sealed_anew(tmp_path: Path) -> None:
    paths = HomePaths(tmp_path / "home")
    store = Store.open(paths, KEY)
    case_id = CaseId(new_id())
    write_one(store, case_id)
    store.close()
    found = made(paths, tmp_path / "a.zip")
    with pytest.raises(ClerkError) as caught:
        found.check(OTHER)
    assert caught.value.code is ErrorCode.DATA_KEY_WRONG
    found.check(None)
    folder = tmp_path / "again"
    found.unpack(folder)
    for tree in backup.TREES:
        (folder / tree).mkdir(exist_ok=True)
    reseal(HomePaths(folder), KEY, OTHER)
    head = found.manifest.head
    assert backup.holds(folder / backup.LEDGER, OTHER, head)
    assert not backup.holds(folder / backup.LEDGER, OTHER, backup.Head(head.entries + 1, head.hash))
    again = Store.open(HomePaths(folder), OTHER)
    assert again.ledger("x").verify_chain() == head.entries
    again.close()


def test_a_file_that_vanishes_meanwhile_is_said(tmp_path: Path) -> None:
    paths = HomePaths(tmp_path / "home")
    store = Store.open(paths, KEY)
    for _ in range(3):
        write_one(store, CaseId(new_id()))
    store.close()

    def vanish(done: int, _total: int) -> None:
        if done == 1:
            for path in paths.documents.rglob("*"):
                if path.is_file():
                    path.unlink()

    with pytest.raises(ClerkError) as caught:
        backup.write(io.BytesIO(), paths, KEY, NAMED, {}, vanish)
    assert caught.value.code is ErrorCode.BACKUP_DISTURBED
    assert not list(paths.temp.glob("backup-*"))


@pytest.mark.parametrize("version", [1, 4, 9, 11])
def test_a_backup_of_an_earlier_program_is_put_back_and_brought_up_to_date(
    tmp_path: Path, version: int
) -> None:
    paths = HomePaths(tmp_path / "home")
    store = Store.open(paths, DATA_KEY, clock=SteppingClock())
    earlier.play_ledger(store, version)
    store.close()
    before = earlier.rows_of(paths.ledger_db, Role.LEDGER)
    earlier.put_back_to(paths.ledger_db, Role.LEDGER, version)
    content = io.BytesIO()
    backup.write(content, paths, DATA_KEY, NAMED, {})
    (tmp_path / "old.zip").write_bytes(content.getvalue())
    found = backup.Backup(tmp_path / "old.zip")
    assert found.manifest.schema == version

    fresh = HomePaths(tmp_path / "fresh")
    Store.open(fresh, DATA_KEY).close()
    found.unpack(tmp_path / "staged")
    for tree in backup.TREES:
        (tmp_path / "staged" / tree).mkdir(exist_ok=True)
    done = restoring.put_back(tmp_path / "staged", fresh, DATA_KEY, MADE_AT)
    assert done.uncertain is False, "an empty ledger knows nothing more"
    store = Store.open(fresh, DATA_KEY)
    waiting = store.outbox().open_entries()
    store.close()
    assert [entry.last_error for entry in waiting] == [ErrorCode.LEDGER_DAMAGED] * 2, "sent when asked for"
    after = earlier.rows_of(fresh.ledger_db, Role.LEDGER)
    assert {name: rows for name, rows in after.items() if name != "schedule"} == {
        name: rows for name, rows in before.items() if name != "schedule"
    }


def test_what_a_killed_run_left_is_swept(tmp_path: Path) -> None:
    paths = HomePaths(tmp_path / "home")
    Store.open(paths, KEY).close()
    old = paths.temp / f"backup-1.db{sealed.PART_SUFFIX}"
    old.write_bytes(b"x")
    os.utime(old, (1_000_000_000, 1_000_000_000))
    made(paths, tmp_path / "a.zip")
    assert not old.exists()


def unpacked(found: backup.Backup, folder: Path) -> Path:
    found.unpack(folder)
    for tree in backup.TREES:
        (folder / tree).mkdir(exist_ok=True)
    return folder


@pytest.fixture
def destroyed(tmp_path: Path) -> tuple[HomePaths, CaseId, backup.Backup]:
    """A home whose case was destroyed after a backup."""
    paths, case_id = HomePaths(tmp_path / "home"), CaseId(new_id())
    store = Store.open(paths, KEY)
    write_one(store, case_id)
    store.close()
    found = made(paths, tmp_path / "a.zip")
    store = Store.open(paths, KEY)
    store.eraser("brand").destroy(case_id, {"retention": "years-10", "until": "2036-12-31"})
    store.close()
    assert not list(paths.documents.glob(f"{case_id}/*"))
    return paths, case_id, found


def test_what_was_destroyed_since_is_back_and_named(
    tmp_path: Path, destroyed: tuple[HomePaths, CaseId, backup.Backup]
) -> None:
    paths, case_id, found = destroyed
    done = restoring.put_back(unpacked(found, tmp_path / "staged"), paths, KEY, MADE_AT)
    assert (done.destroyed, done.uncertain) == ([case_id], True)
    store = Store.open(paths, KEY)
    assert store.ledger_is_older is not None
    assert len(store.documents().labels(case_id)) == 1
    store.eraser("brand").destroy(case_id, {"retention": "years-10", "until": "2036-12-31"})
    store.close()
    assert not list(paths.documents.glob(f"{case_id}/*")), "and can be destroyed again"


def test_a_destroyed_case_that_began_anew_keeps_its_new_papers(
    tmp_path: Path, destroyed: tuple[HomePaths, CaseId, backup.Backup]
) -> None:
    paths, case_id, found = destroyed
    store = Store.open(paths, KEY)
    fresh = store.documents().keep(case_id, b"%PDF neu", "Antrag")
    store.close()
    restoring.put_back(unpacked(found, tmp_path / "staged"), paths, KEY, MADE_AT)
    store = Store.open(paths, KEY)
    assert store.documents().read(case_id, fresh) == b"%PDF neu"
    store.close()
    there = [path.name for path in paths.documents.glob(f"{case_id}/*.document")]
    assert there == [f"{fresh}.document"], "sealed with a key that is gone, the old ones stay out"
