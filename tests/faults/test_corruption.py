# ruff: noqa: E501 - one line for one thing that is shown
"""Rows 5 and 6: damage to any file of a home is noticed before anything of it is shown, whatever is lost the
outbox is complete afterwards, and nothing is deleted unasked."""

from __future__ import annotations

import hashlib
import random
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from sqlcipher3 import dbapi2

from clerk_app.domain.case import CaseQuery
from clerk_app.domain.errors import ClerkError
from clerk_app.domain.ids import CaseId, SubmissionId
from clerk_app.domain.ledger import Act, ActKind
from clerk_app.store.home import HomePaths, Store
from tests.matrix import record, trials
from tests.store.making import DATA_KEY, MAILBOX, START, SteppingClock, make_opened, make_outgoing, page

MEMORY = Path("/dev/shm")
PAGE = 4096
Damage = Callable[[bytearray, random.Random], None]


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    with TemporaryDirectory(prefix="damage-", dir=MEMORY if MEMORY.is_dir() else tmp_path) as made:
        yield Path(made)


def flip(content: bytearray, rng: random.Random) -> None:
    content[rng.randrange(len(content))] ^= 1 << rng.randrange(8)


def zero(content: bytearray, rng: random.Random) -> None:
    at = rng.randrange(0, len(content), PAGE)
    content[at : at + PAGE] = bytes(len(content[at : at + PAGE]))


def swap(content: bytearray, rng: random.Random) -> None:
    size = min(PAGE, len(content) // 2)
    one, other = rng.sample(range(len(content) // size), 2)
    first, second = content[one * size : (one + 1) * size], content[other * size : (other + 1) * size]
    content[one * size : (one + 1) * size], content[other * size : (other + 1) * size] = second, first


def cut(content: bytearray, rng: random.Random) -> None:
    del content[rng.randrange(1, len(content)) :]


def rubbish(content: bytearray, rng: random.Random) -> None:
    at = rng.randrange(len(content))
    content[at : at + 64] = rng.randbytes(len(content[at : at + 64]))


KINDS: tuple[Damage, ...] = (flip, zero, swap, cut, rubbish)


class Office:
    """A home with everything in it, and what it shows when it is whole."""

    def __init__(self, paths: HomePaths) -> None:
        self.paths = paths
        store = Store.open(paths, DATA_KEY, clock=SteppingClock())
        try:
            opened = [make_opened(applicant=f"Anna {n}", text=f"Text {n} " * 300) for n in range(8)]
            store.intake().store(MAILBOX, page(*opened))
            self.cases = [each.original.waiting for each, _facts in opened]
            ledger = store.ledger("anna")
            self.documents = {}
            for waiting in self.cases:
                kept = store.documents().keep(
                    waiting.case_id, bytes(200) + waiting.case_id.encode(), "bescheid"
                )
                self.documents[waiting.case_id] = kept
                with ledger.transaction("work") as write:
                    write.append(Act(ActKind.NOTED, waiting.case_id, None, {"text": "Vermerk " * 50}))
            self.letters = [make_outgoing(waiting.case_id) for waiting in self.cases[:4]]
            for letter in self.letters:
                with ledger.transaction("queue") as write:
                    write.queue(letter, START)
        finally:
            store.close()
        self.whole = self.shown(paths)

    def shown(self, paths: HomePaths) -> dict[str, Any]:
        """What the office would put on its screens; an error in the place of what cannot be read. A cache that
        is known to be incomplete shows nothing (it is built again)."""
        found: dict[str, Any] = {}
        try:
            store = Store.open(paths, DATA_KEY, clock=SteppingClock())
        except ClerkError as error:
            return {"open": error}
        try:
            reads = store.reads("anna")
            rebuilt = store.needs_rebuild
            found["list"] = self._try(lambda: sorted(row.applicant for row in reads.list(CaseQuery())))
            if rebuilt:
                found["list"] = ClerkError
            for waiting in self.cases:
                found |= self._case(store, waiting.case_id, waiting.submission_id, rebuilt=rebuilt)
        finally:
            store.close()
        return found

    def _case(
        self, store: Store, case_id: CaseId, submission_id: SubmissionId, *, rebuilt: bool
    ) -> dict[str, Any]:
        machine, document = store.outbox(), self.documents[case_id]
        found: dict[str, Any] = {f"case {case_id}": ClerkError}
        if not rebuilt:
            found[f"case {case_id}"] = self._try(lambda: repr(store.reads("anna").case_file(case_id)))
        found[f"acts {case_id}"] = self._try(lambda: repr(machine.entries(case_id)))
        found[f"original {case_id}"] = self._try(lambda: self._original(store, case_id, submission_id))
        found[f"document {case_id}"] = self._try(lambda: store.documents().read(case_id, document))
        return found

    @staticmethod
    def _original(store: Store, case_id: CaseId, submission_id: SubmissionId) -> str:
        kept = store.original(case_id, submission_id)
        return hashlib.sha256(repr((kept.submission, kept.event_log, kept.attachments)).encode()).hexdigest()

    @staticmethod
    def _try(show: Callable[[], Any]) -> Any:
        try:
            return show()
        except ClerkError as error:
            return error

    def wrong(self, paths: HomePaths) -> list[str]:
        """What is shown that is neither what it was nor an error."""
        found = []
        for name, value in self.shown(paths).items():
            if not (isinstance(value, ClerkError) or value is ClerkError or value == self.whole.get(name)):
                found.append(name)
        return found


def damaged(office: Office, folder: Path, count: int) -> list[str]:
    """Trials, each with one damaged file in a copy of the home."""
    rng, found = random.Random(5), []
    for number in range(count):
        copy = HomePaths(folder / "copy")
        shutil.copytree(office.paths.home, copy.home)
        files = [copy.cache_db, copy.ledger_db, *sorted(p for p in copy.documents.rglob("*") if p.is_file())]
        target = files[number % 2] if rng.random() < 0.5 else rng.choice(files[2:])
        content = bytearray(target.read_bytes())
        kind = KINDS[number % len(KINDS)]
        kind(content, rng)
        target.write_bytes(content)
        what = f"{number} {kind.__name__} {target.suffix}"
        try:
            found += [f"{what}: {each}" for each in office.wrong(copy)]
        except Exception as error:  # noqa: BLE001 - rubbish got as far as our own code
            found.append(f"{what}: {type(error).__name__}")
        shutil.rmtree(copy.home)
    return found


def test_damage_is_noticed_before_anything_is_shown(folder: Path) -> None:
    count = trials(300, 50_000)
    found = damaged(Office(HomePaths(folder / "home")), folder, count)
    record("5 damaged databases and documents", count, len(found))
    assert found == []


def test_databases_without_their_check_are_caught(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A client whose databases are not authenticated shows what was never written."""
    from clerk_app.store.connection import Connection

    prepare = Connection._prepare

    def careless(self: Connection, key: bytes) -> None:
        execute = self.execute

        def without_check(sql: str, *rest: Any) -> Any:
            done = execute(sql, *rest)
            if sql.startswith("PRAGMA key"):
                execute("PRAGMA cipher_use_hmac=OFF")
            return done

        self.execute = without_check  # type: ignore[method-assign,assignment]
        prepare(self, key)
        del self.execute

    monkeypatch.setattr(Connection, "_prepare", careless)
    monkeypatch.setattr(Connection, "integrity_faults", lambda self: [])
    monkeypatch.setattr(
        Connection,
        "attach_ledger",
        lambda self, path, key: (
            self._raw.execute("PRAGMA cipher_default_use_hmac=OFF"),
            self._raw.execute(
                "ATTACH DATABASE ? AS ledger KEY ?", (f"{path.as_uri()}?mode=ro", f"x'{key.hex()}'")
            ),
        )[0],
    )
    try:
        assert damaged(Office(HomePaths(folder / "home")), folder, 120) != []
    finally:  # the default is the whole process's
        raw = dbapi2.connect(":memory:")
        raw.execute("PRAGMA cipher_default_use_hmac=ON")
        raw.close()


@pytest.mark.parametrize(
    "lost", ["ledger gone", "ledger older", "cache gone", "cache rubbish", "log of the ledger"]
)
def test_what_is_lost_comes_back(folder: Path, lost: str) -> None:
    office = Office(HomePaths(folder / "home"))
    found, count = [], trials(12, 4_000)
    for number in range(count):
        copy = HomePaths(folder / "copy")
        shutil.copytree(office.paths.home, copy.home)
        kept = {p.name for p in copy.documents.rglob("*") if p.is_file()}
        _lose(copy, lost, random.Random(number))
        store = Store.open(copy, DATA_KEY, clock=SteppingClock())
        try:
            entries = {entry.entry_id for entry in store.outbox().open_entries()}
            suspended = store.ledger_is_older is not None or store.ledger_was_lost or store.needs_rebuild
            if entries != {letter.entry_id for letter in office.letters}:
                found.append(f"{number}: {len(entries)} letters")
            if lost.startswith("cache") and not suspended:
                found.append(f"{number}: nobody is told")
        finally:
            store.close()
        if not kept <= {p.name for p in copy.documents.rglob("*") if p.is_file()}:
            found.append(f"{number}: something was deleted")
        shutil.rmtree(copy.home)
    record("6 lost or older databases", count, len(found))
    assert found == []


def _lose(paths: HomePaths, lost: str, rng: random.Random) -> None:
    if lost == "ledger gone":
        for path in paths.home.glob("ledger.*"):
            path.unlink()
    elif lost == "ledger older":
        paths.ledger_db.unlink()  # begun anew on the head of before: as old as can be
    elif lost == "cache gone":
        for path in paths.home.glob("cache.db*"):
            path.unlink()
    elif lost == "cache rubbish":
        paths.cache_db.write_bytes(rng.randbytes(paths.cache_db.stat().st_size))
    else:
        for path in paths.home.glob("ledger.db-*"):
            path.unlink()
