"""A home survives wrong keys, damage and full disks, and tells nobody what is in it."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from clerk_app.domain.case import CaseQuery
from clerk_app.domain.errors import ClerkError, Disposition, ErrorCode
from clerk_app.domain.ids import DocumentId
from clerk_app.domain.ledger import Act, ActKind
from clerk_app.domain.outbox import OutboxState
from clerk_app.store.home import HomePaths, Store
from tests.conftest import ROOT
from tests.store.making import DATA_KEY, MAILBOX, START, make_opened, make_outgoing, new_id, page

WRONG_KEY = b"w" * 32


def code_of(action: Callable[[], object]) -> ErrorCode:
    with pytest.raises(ClerkError) as caught:
        action()
    return caught.value.code


def fill(store: Store, number: int = 30) -> None:
    store.intake().store(
        MAILBOX, page(*(make_opened(at=START + timedelta(hours=hour)) for hour in range(number)))
    )


def flip(path: Path, place: int) -> None:
    raw = bytearray(path.read_bytes())
    raw[place] ^= 1
    path.write_bytes(raw)


def contents(paths: HomePaths) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in paths.home.rglob("*") if path.is_file()}


def test_a_wrong_key_is_refused_and_nothing_is_touched(
    open_store: Callable[[], Store], paths: HomePaths
) -> None:
    store = open_store()
    fill(store)
    store.close()
    before = contents(paths)
    with pytest.raises(ClerkError) as caught:
        Store.open(paths, WRONG_KEY)
    assert (caught.value.code, caught.value.disposition) == (ErrorCode.DATA_KEY_WRONG, Disposition.SIGN_IN)
    assert contents(paths) == before


@pytest.mark.parametrize("also_gone", ["nothing", "cache.db", "ledger.db", "*.db"])
def test_a_wrong_key_is_refused_without_its_proof(
    open_store: Callable[[], Store], paths: HomePaths, also_gone: str
) -> None:
    store = open_store()
    fill(store, 1)
    store.close()
    (paths.home / "key.proof").unlink()
    for path in paths.home.glob(f"{also_gone}*"):
        path.unlink()
    before = contents(paths)
    assert code_of(lambda: Store.open(paths, WRONG_KEY)) is ErrorCode.DATA_KEY_WRONG
    after = contents(paths)
    assert {name: after[name] for name in before} == before
    assert set(after) - set(before) <= {
        f"{paths.home}/{db}-{kind}" for db in ("cache.db", "ledger.db") for kind in ("wal", "shm")
    }
    open_store().close()  # the right key still opens, and proves itself again
    assert (paths.home / "key.proof").exists()


def test_a_key_of_the_wrong_length_is_refused(paths: HomePaths) -> None:
    assert code_of(lambda: Store.open(paths, b"short")) is ErrorCode.DATA_KEY_WRONG


def test_no_store_is_made_unasked(paths: HomePaths) -> None:
    assert code_of(lambda: Store.open(paths, DATA_KEY, create=False)) is ErrorCode.DATA_KEY_MISSING
    assert not paths.home.exists()


def test_a_ledger_that_is_gone_is_reported(open_store: Callable[[], Store], paths: HomePaths) -> None:
    store = open_store()
    fill(store, 1)
    store.close()
    store = open_store()
    assert not store.ledger_was_lost
    store.close()
    paths.ledger_db.write_bytes(b"")
    assert open_store().ledger_was_lost


@pytest.mark.parametrize("damage", ["first page", "garbage", "cut", "empty"])
def test_a_damaged_cache_is_set_aside_and_the_ledger_stays(
    open_store: Callable[[], Store], paths: HomePaths, damage: str
) -> None:
    store = open_store()
    fill(store)
    outgoing = make_outgoing(new_id())
    with store.ledger("anna").transaction("queue") as write:
        write.queue(outgoing, START)
    store.close()
    raw = paths.cache_db.read_bytes()
    if damage == "first page":
        flip(paths.cache_db, 100)
    elif damage == "garbage":
        paths.cache_db.write_bytes(os.urandom(len(raw)))
    elif damage == "empty":
        paths.cache_db.write_bytes(b"")
    else:
        paths.cache_db.write_bytes(raw[:2000])
    damaged = paths.cache_db.read_bytes()
    ledger = paths.ledger_db.read_bytes()

    store = open_store()
    assert store.needs_rebuild
    aside = [path.read_bytes() for path in paths.home.glob("cache.db.damaged-*")]
    assert aside == ([damaged] if damaged else []), "set aside, never deleted"
    assert len(list(store.intake().originals())) == 30
    assert [entry.entry_id for entry in store.outbox().open_entries()] == [outgoing.entry_id]
    store.close()
    assert paths.ledger_db.read_bytes() == ledger


@pytest.mark.parametrize("page_number", [1, 2, 5, 9, 14])
def test_a_flipped_bit_in_the_cache_is_noticed(
    open_store: Callable[[], Store], paths: HomePaths, page_number: int
) -> None:
    store = open_store()
    fill(store, 200)
    store.close()
    flip(paths.cache_db, page_number * 4096 + 1234)
    store = open_store()
    assert store.needs_rebuild or store.faults()["cache"], "a damaged page went unnoticed"
    assert store.faults()["ledger"] == []


def test_damage_met_while_reading_heals_at_the_next_start(
    open_store: Callable[[], Store], paths: HomePaths
) -> None:
    store = open_store()
    fill(store, 200)
    expected = store.reads().list(CaseQuery())
    store.close()
    healthy = paths.cache_db.read_bytes()
    met = 0
    for page_number in range(1, len(healthy) // 4096, 5):
        paths.cache_db.write_bytes(healthy)
        flip(paths.cache_db, page_number * 4096 + 77)
        store = open_store()
        try:
            rows = store.reads().list(CaseQuery()) if not store.needs_rebuild else expected
        except ClerkError as error:
            assert error.code is ErrorCode.CACHE_DAMAGED  # noqa: PT017 - any page, wrong rows in none
            met += 1
            store.close()
            store = open_store()
            assert store.needs_rebuild
        else:
            assert rows == expected
        store.close()
        for path in paths.home.glob("cache.db-*"):
            path.unlink()
    assert met, "no page that is read was hit"


def test_without_the_lock_a_damaged_cache_is_left_to_whoever_holds_it(
    open_store: Callable[[], Store], paths: HomePaths
) -> None:
    store = open_store()
    fill(store, 1)
    store.close()
    flip(paths.cache_db, 100)
    assert code_of(lambda: Store.open(paths, DATA_KEY, exclusive=False)) is ErrorCode.CACHE_DAMAGED
    assert list(paths.home.glob("*.damaged-*")) == []


def test_an_older_copy_of_the_cache_is_found_out(open_store: Callable[[], Store], paths: HomePaths) -> None:
    store = open_store()
    fill(store, 2)
    store.close()
    older = paths.cache_db.read_bytes()
    store = open_store()
    assert not store.needs_rebuild
    fill(store, 1)
    store.close()
    paths.cache_db.write_bytes(older)

    assert Store.open(paths, DATA_KEY, exclusive=False).needs_rebuild
    store = open_store()
    assert store.needs_rebuild
    assert store.missing_from_cache() == 1
    store.rebuilt()
    store.close()
    assert not open_store().needs_rebuild, "once is enough"


def test_a_lost_write_ahead_log_is_found_by_the_doctor(
    open_store: Callable[[], Store], paths: HomePaths
) -> None:
    store = open_store()
    fill(store, 3)
    assert store.missing_from_cache() == 0
    copied = paths.cache_db.read_bytes()  # as a careless backup would
    store.close()
    paths.cache_db.write_bytes(copied)
    assert open_store().missing_from_cache() == 3


def test_damage_of_the_ledger_is_not_blamed_on_the_cache(
    open_store: Callable[[], Store], paths: HomePaths
) -> None:
    store = open_store()
    fill(store, 1)
    with store.ledger("anna").transaction("notes") as write:
        for number in range(200):
            write.append(Act(ActKind.NOTED, make_outgoing(new_id()).case_id, payload={"n": number}))
            write.queue(make_outgoing(new_id()), START)
    store.close()
    for place in range(5 * 4096 + 9, paths.ledger_db.stat().st_size, 4096):
        flip(paths.ledger_db, place)
    with pytest.raises(ClerkError) as caught:
        open_store()
    assert caught.value.code is ErrorCode.LEDGER_DAMAGED
    assert not Path(f"{paths.cache_db}.condemned").exists()


def test_a_damaged_ledger_is_reported_and_never_touched(
    open_store: Callable[[], Store], paths: HomePaths
) -> None:
    store = open_store()
    with store.ledger("anna").transaction("note") as write:
        write.append(Act(ActKind.OPENED))
    store.close()
    flip(paths.ledger_db, 100)
    before = paths.ledger_db.read_bytes()
    for _ in range(2):
        assert code_of(lambda: Store.open(paths, DATA_KEY)) is ErrorCode.LEDGER_DAMAGED
    assert paths.ledger_db.read_bytes() == before


@pytest.mark.parametrize("name", ["cache.db", "ledger.db"])
def test_a_newer_store_is_refused(open_store: Callable[[], Store], paths: HomePaths, name: str) -> None:
    store = open_store()
    writer = store.intake()._connection if name == "cache.db" else store.ledger("x").connection
    writer.execute("PRAGMA user_version=99")
    store.close()
    assert code_of(lambda: Store.open(paths, DATA_KEY)) is ErrorCode.STORE_TOO_NEW
    assert list(paths.home.glob("*.damaged-*")) == []


def test_no_file_of_the_home_tells_a_name(open_store: Callable[[], Store], paths: HomePaths) -> None:
    secret = "Zyprzewski"
    store = open_store()
    opened, facts = make_opened(
        applicant=f"Xaver {secret}", text=f"{secret}straße 7", municipality=f"{secret}hausen"
    )
    original = replace(opened.original, submission=f'{{"x":"{secret}"}}'.encode())
    store.intake().store(MAILBOX, page((replace(opened, original=original), facts)))
    case_id = opened.application.case_id
    document_id = store.documents().keep(case_id, f"Bescheid für {secret}".encode(), f"{secret}.pdf")
    outgoing = replace(make_outgoing(case_id), recipient_name=secret, text=f"Sehr geehrter Herr {secret}")
    with store.ledger("anna").transaction("queue") as write:
        write.append(Act(ActKind.NOTED, case_id, payload={"text": secret}))
        write.queue(outgoing, START)
    reads = store.reads()
    assert len(reads.list(CaseQuery(text=secret))) == 1
    assert store.documents().read(case_id, document_id).decode().endswith(secret)
    assert store.documents().labels(case_id) == {document_id: f"{secret}.pdf"}
    while_open = contents(paths)
    store.close()
    for name, raw in (while_open | contents(paths)).items():
        for spelling in (secret, secret.lower(), secret.upper()):
            for encoding in ("utf-8", "utf-16-le"):
                assert spelling.encode(encoding) not in raw, name
                assert spelling not in name
    if os.name != "nt":
        assert all(path.stat().st_mode & 0o077 == 0 for path in paths.documents.rglob("*"))


def test_forgetting_a_case_leaves_nothing_to_read(store: Store, paths: HomePaths) -> None:
    first, second = new_id(), new_id()
    documents = store.documents()
    kept = {
        case: documents.keep(make_outgoing(case).case_id, b"content", "label") for case in (first, second)
    }
    copies = [(path, path.read_bytes()) for path in (paths.documents / first).glob("*.document")]
    documents.forget(make_outgoing(first).case_id)
    for path, raw in copies:  # even from a backup of the sealed files alone
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(raw)
    assert (
        code_of(lambda: documents.read(make_outgoing(first).case_id, kept[first]))
        is ErrorCode.DOCUMENT_MISSING
    )
    assert documents.read(make_outgoing(second).case_id, kept[second]) == b"content"
    assert code_of(lambda: documents.read(make_outgoing(second).case_id, DocumentId("x"))) is (
        ErrorCode.DOCUMENT_MISSING
    )


def test_two_threads_agree_on_the_key_of_a_case(store: Store, paths: HomePaths) -> None:
    from clerk_app.store.documents import Documents

    case_id = make_outgoing(new_id()).case_id
    key = b"k" * 32
    offices = [Documents(paths.documents, key) for _ in range(4)]  # as several processes would
    kept: list[DocumentId] = []
    barrier = threading.Barrier(len(offices))

    def keep(documents: Documents) -> None:
        barrier.wait(10)
        kept.append(documents.keep(case_id, b"content", "label"))

    threads = [threading.Thread(target=keep, args=(documents,)) for documents in offices]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert len(kept) == len(offices)
    fresh = Documents(paths.documents, key)
    assert [fresh.read(case_id, document_id) for document_id in kept] == [b"content"] * len(offices)


FULL = """
import json, resource, signal, sys
from pathlib import Path
from clerk_app.domain.errors import ClerkError
from clerk_app.store.home import HomePaths, Store
from tests.store.making import DATA_KEY, MAILBOX, START, make_opened, make_outgoing, new_id, page
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
store = Store.open(HomePaths(Path(sys.argv[1])), DATA_KEY)
resource.setrlimit(resource.RLIMIT_FSIZE, (900_000, 900_000))
intake, ledger, documents = store.intake(), store.ledger("anna"), store.documents()
said = {"cases": [], "entries": [], "codes": []}
def attempt(action, kind, ident):
    try:
        action()
        said[kind].append(ident)
    except ClerkError as error:
        said["codes"].append(error.code.value)
def decide(outgoing):
    with ledger.transaction("decide") as write:
        write.queue(outgoing, START)
for number in range(60):
    item = make_opened(text="x " * 9000)
    attempt(lambda: intake.store(MAILBOX, page(item)), "cases", item[0].application.case_id)
    outgoing = make_outgoing(new_id())
    object.__setattr__(outgoing, "text", "y" * 9000)
    attempt(lambda: decide(outgoing), "entries", outgoing.entry_id)
attempt(lambda: documents.keep(new_id(), b"z" * 2_000_000, "large"), "codes", "kept")
print(json.dumps(said))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="limits the size of files")
def test_a_full_disk_refuses_clearly_and_loses_nothing(paths: HomePaths) -> None:
    import json

    done = subprocess.run(
        [sys.executable, "-c", FULL, str(paths.home)],
        cwd=ROOT, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert said["codes"]
    assert set(said["codes"]) == {"DISK_FULL"}
    store = Store.open(paths, DATA_KEY, create=False)
    try:
        assert store.faults() == {"cache": [], "ledger": []}
        store.ledger("check").verify_chain()
        assert {row.case_id for row in store.reads().list(CaseQuery())} == set(said["cases"])
        entries = store.outbox().open_entries()
        assert {entry.entry_id for entry in entries} == set(said["entries"])
        assert {entry.state for entry in entries} == {OutboxState.QUEUED}
        assert all(entry.last_error is None for entry in entries)
        assert list(paths.home.rglob("*.part")) == []
    finally:
        store.close()
