"""Row 21: what was destroyed at the end of retention is gone, from databases, logs, freed pages, the
full-text index and documents, even for whoever has the data key; and the chain still holds."""

from __future__ import annotations

import hashlib
import os
import random
import traceback
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from sqlcipher3 import dbapi2

from clerk_app.domain.application import CaseFacts
from clerk_app.domain.attachment_text import AttachmentText, TextState
from clerk_app.domain.errors import ClerkError, ErrorCode
from clerk_app.domain.ids import CaseId, EntryId
from clerk_app.domain.ledger import Act, ActKind
from clerk_app.domain.outbox import OutboxState
from clerk_app.domain.retention import kept_until
from clerk_app.store.connection import Role
from clerk_app.store.erasing import Eraser
from clerk_app.store.home import HomePaths, Store
from clerk_app.store.keys import StoreKeys
from clerk_app.store.outbox_files import SealedEntry
from clerk_app.sync.ports import Opened
from clerk_app.usecases.retention import Retention
from tests.faults.raw_pages import pages
from tests.kill.points import KILLED, Points, install
from tests.matrix import record, trials
from tests.store.making import (
    DATA_KEY,
    MAILBOX,
    START,
    SteppingClock,
    make_opened,
    make_outgoing,
    new_id,
    page,
)

ROW = "21 records destroyed at the end of retention"
MEMORY = Path("/dev/shm")
LATER = datetime(2032, 1, 1, 9, tzinfo=UTC)
GONE, STAYS = "Verflossenq", "Bleibtq"


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    with TemporaryDirectory(prefix="retention-", dir=MEMORY if MEMORY.is_dir() else tmp_path) as made:
        yield Path(made)


def name(stem: str, number: int) -> str:
    return f"{stem}{number:05d}"


def case_of(stem: str) -> tuple[Opened, CaseFacts]:
    """A case with the name in everything; the same bytes lie in no other case."""
    opened, facts = make_opened(applicant=f"Anna {stem}", text=f"{stem} " * 40 + f"{stem}straße 7")
    assert opened.application is not None
    own = tuple(
        replace(each, sha512=hashlib.sha512(stem.encode()).hexdigest(), filename=f"{stem}.pdf")
        for each in opened.application.attachments
    )
    return replace(opened, application=replace(opened.application, attachments=own)), facts


def filled(paths: HomePaths, count: int, stays: int) -> tuple[list[CaseId], list[CaseId]]:
    """Closed cases that are due and offered, with form, attachment text, notes, drafts and letters; and some
    that stay."""
    clock = SteppingClock()
    store = Store.open(paths, DATA_KEY, clock=clock)
    try:
        stems = [name(GONE, number) for number in range(count)] + [name(STAYS, n) for n in range(stays)]
        random.Random(3).shuffle(stems)
        made = {stem: case_of(stem) for stem in stems}
        intake, everything = store.intake(), list(made.values())
        for at in range(0, len(everything), 50):
            intake.store(MAILBOX, page(*everything[at : at + 50]))
        ledger = store.ledger("anna")
        gone: list[CaseId] = []
        kept: list[CaseId] = []
        for stem, (opened, _facts) in made.items():
            case_id = opened.original.waiting.case_id
            (gone if stem.startswith(GONE) else kept).append(case_id)
            letter = make_outgoing(case_id)
            document = store.documents().keep(case_id, f"Bescheid {stem}".encode(), f"bescheid {stem}")
            with ledger.transaction("work") as write:
                write.append(Act(ActKind.OPENED, case_id))
                write.append(Act(ActKind.NOTED, case_id, None, {"text": f"{stem} rief an"}))
                write.append(Act(ActKind.DRAFTED, case_id, None, {"reasons": f"{stem} {document}"}))
                write.queue(letter, START)
            with ledger.transaction("post") as write:
                write.move(letter.entry_id, OutboxState.TO_POST)
                write.move(letter.entry_id, OutboxState.POSTED, {"posted_on": "2026-11-27"})
                write.append(Act(ActKind.EXPORTED, case_id, None, {"recipient": f"Archiv {stem}"}))
        texts = store.texts()
        names = {hashlib.sha512(stem.encode()).hexdigest(): stem for stem in stems}
        for want in texts.wanted(10_000):
            texts.put(want.sha512, AttachmentText(TextState.READ, (f"{names[want.sha512]} anlage",)))
        while texts.take_notes():
            pass
    finally:
        store.close()
    return gone, kept


def run(paths: HomePaths, case_ids: list[CaseId]) -> int:
    store = Store.open(paths, DATA_KEY, clock=SteppingClock(LATER))
    try:
        eraser = store.eraser("anna")
        retention = Retention(store.reads("anna"), eraser, lambda case: "file-5", SteppingClock(LATER))
        done = retention.destroy(case_ids)
        assert [left for left in done.left if left[1] != "not-closed"] == []
        return len(done.case_ids)
    finally:
        store.close()


def found_with_key(paths: HomePaths) -> set[str]:
    """Every place where a destroyed name can still be read with the data key, or the file is still there."""
    key = StoreKeys.from_data_key(DATA_KEY).database
    found = set()
    for path in (paths.ledger_db, paths.cache_db):
        plain = b"".join(pages(path, key))
        assert b"Reisepass" in plain or path == paths.ledger_db, "the pages were opened"
        # an index keeps its words folded and cuts what it shares with its neighbour
        for stem in (GONE.encode(), GONE.lower().encode(), GONE.lower()[3:].encode()):
            if stem in plain:
                found.add(f"{path.name}: {stem.decode()}")
    return found


def documents_left(paths: HomePaths, gone: list[CaseId]) -> set[str]:
    aside = {path.name for path in paths.home.glob("cache.db.damaged-*")}
    return (
        aside
        | {path.name for path in paths.outbox.glob("*.abandoned")}
        | {case_id for case_id in gone if (paths.documents / case_id).exists()}
    )


def check(paths: HomePaths, gone: list[CaseId], kept: list[CaseId]) -> list[str]:
    found = sorted(found_with_key(paths) | documents_left(paths, gone))
    store = Store.open(paths, DATA_KEY, clock=SteppingClock(LATER))
    try:
        store.outbox().verify_chain()
        reads = store.reads("anna")
        if any(reads.row(case_id) is not None for case_id in gone):
            found.append("a destroyed case is listed")
        if any(reads.case_file(case_id) is None for case_id in kept):
            found.append("another case is gone")
        if store.needs_rebuild or store.missing_from_cache() or any(store.faults().values()):
            found.append("damaged")
        found += [
            c for c in gone if [e.act.kind for e in store.outbox().entries(c)][-1] is not ActKind.DESTROYED
        ]
    except ClerkError as error:
        found.append(f"{error.code} {error.params}")
    finally:
        store.close()
    return found


def test_nothing_of_five_hundred_records_can_be_recovered(folder: Path) -> None:
    paths = HomePaths(folder / "home")
    count = trials(500, 20_000)
    gone, kept = filled(paths, count, 20)
    (paths.home / "cache.db.damaged-20261127T000000000000").write_bytes(paths.cache_db.read_bytes())
    store = Store.open(paths, DATA_KEY)
    left = SealedEntry(EntryId(new_id()), {"case_id": gone[0]}, "QUEUED", "", "anna", 0, "0" * 64)
    store._files.prepare(left)
    store._files.abandon(left.entry_id)
    store.close()
    assert len(found_with_key(paths)) >= 4, "the search sees them while they are there"
    assert run(paths, gone) == count
    found = check(paths, gone, kept)
    record(ROW, count, len(found))
    assert found == []


def _leaves_documents(patch: pytest.MonkeyPatch) -> None:
    from clerk_app.store.documents import Documents

    patch.setattr(Documents, "forget", lambda self, case_id: None)


def _leaves_freed_pages(patch: pytest.MonkeyPatch) -> None:
    from clerk_app.store.connection import Connection

    prepare = Connection._prepare

    def careless(self: Connection, key: bytes) -> None:
        prepare(self, key)
        self.execute("PRAGMA secure_delete=OFF")

    patch.setattr(Connection, "_prepare", careless)


def _leaves_the_log(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Eraser, "settle", lambda self: None)
    close = Store.close

    def cut_off(self: Store) -> None:
        for connection in self._connections:
            connection._raw.execute("PRAGMA wal_autocheckpoint=0")
        keeper = dbapi2.connect(str(self.paths.cache_db))  # an open reader: closing must not empty the log
        keeper.execute(f"PRAGMA key=\"x'{StoreKeys.from_data_key(DATA_KEY).database.hex()}'\"")
        keeper.execute("SELECT count(*) FROM sqlite_master").fetchone()
        _KEEPERS.append(keeper)
        close(self)

    patch.setattr(Store, "close", cut_off)


def _leaves_the_index(patch: pytest.MonkeyPatch) -> None:
    patch.setattr("clerk_app.store.erasing._INDEXES", ())


def _leaves_the_ledger(patch: pytest.MonkeyPatch) -> None:
    from clerk_app.store.ledger_write import LedgerWrite

    def careless(self: LedgerWrite, case_id: CaseId, why: object) -> None:
        del why
        self.append(Act(ActKind.DESTROYED, case_id, None, {"entries": 0, "digest": ""}))

    patch.setattr(LedgerWrite, "destroy", careless)


def _never_merge(paths: HomePaths) -> None:
    """An index that merges its parts by itself just then would have nothing left to find."""
    store = Store.open(paths, DATA_KEY)
    connection = store._writer(Role.CACHE)
    with connection.transaction("no merging"):
        for index in ("case_fts", "reference_fts"):
            connection.execute(f"INSERT INTO {index}({index}, rank) VALUES ('automerge', 0)")
            connection.execute(f"INSERT INTO {index}({index}, rank) VALUES ('crisismerge', 1000)")
    store.close()


_KEEPERS: list[dbapi2.Connection] = []


@pytest.mark.parametrize(
    "mutant", [_leaves_documents, _leaves_freed_pages, _leaves_the_log, _leaves_the_index, _leaves_the_ledger]
)
def test_a_careless_destruction_is_caught(
    folder: Path, mutant: Callable[[pytest.MonkeyPatch], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    # a page of the index may happen to hold only the ends of the names, so one home proves nothing
    assert any(_found_after(HomePaths(folder / f"home-{at}"), mutant, monkeypatch) for at in range(8))


def _found_after(
    paths: HomePaths, mutant: Callable[[pytest.MonkeyPatch], None], monkeypatch: pytest.MonkeyPatch
) -> bool:
    gone, _kept = filled(paths, 60, 5)
    _never_merge(paths)
    with monkeypatch.context() as patch:
        mutant(patch)
        run(paths, gone)
        found = found_with_key(paths) | documents_left(paths, gone)
    for keeper in _KEEPERS:
        keeper.close()
    _KEEPERS.clear()
    return bool(found)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="trials run in forked children")
def test_a_run_that_was_killed_is_gone_on_with(folder: Path) -> None:
    import shutil

    paths = HomePaths(folder / "home")
    gone, kept = filled(paths, 4, 2)
    found, kills, point = [], 0, 0
    while kills < trials(40, 2_000):
        point += 1
        copy = HomePaths(folder / "copy")
        shutil.copytree(paths.home, copy.home)
        pid = os.fork()
        if pid == 0:
            code = 1
            try:
                install(Points(point))
                run(copy, gone)
                code = 0
            except BaseException:  # noqa: BLE001 - a child must never return into pytest
                traceback.print_exc()
            os._exit(code)
        code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        assert code in (0, KILLED)
        kills, point = (kills + 1, point) if code == KILLED else (kills, 0)
        run(copy, gone)
        found += check(copy, gone, kept)
        shutil.rmtree(copy.home)
    record("21 destruction killed anywhere", kills, len(found))
    assert found == []


def test_only_what_is_due_and_was_offered_is_destroyed(folder: Path) -> None:
    paths = HomePaths(folder / "home")
    gone, _kept = filled(paths, 3, 0)
    store = Store.open(paths, DATA_KEY, clock=SteppingClock(LATER))
    try:
        reads, eraser = store.reads("anna"), store.eraser("anna")
        early = Retention(
            reads, eraser, lambda case: "file-5", SteppingClock(datetime(2031, 12, 31, 9, tzinfo=UTC))
        )
        assert early.lines() == []
        assert {why for _case, why in early.destroy(gone).left} == {"not-due"}
        for_good = Retention(reads, eraser, lambda case: None, SteppingClock(LATER))
        assert {why for _case, why in for_good.destroy(gone).left} == {"not-due"}
        due = Retention(reads, eraser, lambda case: "file-5", SteppingClock(LATER))
        assert [line.until for line in due.lines()] == [date(2031, 12, 31)] * 3
        with store.ledger("anna").transaction("reopen") as write:
            write.append(Act(ActKind.REOPENED, gone[0]))
        assert due.destroy([gone[0]]).left == ((gone[0], "not-closed"),)
        with pytest.raises(ClerkError) as caught:
            due.destroy([])
        assert caught.value.code is ErrorCode.RETENTION_NONE
        for sql in (
            "UPDATE entry SET payload = '{}'",
            "UPDATE entry SET payload = 'x' WHERE kind = 'noted'",
            "DELETE FROM entry",
        ):
            with pytest.raises(ClerkError):
                eraser._ledger.connection.execute(sql)
    finally:
        store.close()


def test_classes_end_with_a_year() -> None:
    assert kept_until("file-5", date(2026, 1, 1)) == date(2031, 12, 31)
    assert kept_until("tax-10", date(2026, 12, 31)) == date(2036, 12, 31)
    assert kept_until("permanent", date(2026, 1, 1)) is None
    assert kept_until("unheard-of", date(2026, 1, 1)) is None
