"""An older ledger that is put back is noticed, and nothing else is."""

from __future__ import annotations

import shutil
from collections.abc import Callable

import pytest

from clerk_app.domain.errors import ClerkError, ErrorCode
from clerk_app.domain.ids import CaseId
from clerk_app.domain.ledger import Act, ActKind
from clerk_app.store.home import HomePaths, Store
from tests.store.making import DATA_KEY, new_id

CASE = CaseId("22222222-2222-4222-8222-222222222222")


def act(store: Store) -> None:
    with store.ledger("anna").transaction("note") as write:
        write.append(Act(ActKind.NOTED, CASE, None, {"text": new_id()}))


def restore(paths: HomePaths) -> None:
    for suffix in ("-wal", "-shm"):
        paths.home.joinpath(f"ledger.db{suffix}").unlink(missing_ok=True)
    shutil.copy(paths.home / "old.db", paths.ledger_db)


@pytest.fixture
def with_backup(open_store: Callable[[], Store], paths: HomePaths) -> Callable[[], Store]:
    """A home whose ledger was saved after its first entry and went on."""
    store = open_store()
    act(store)
    store.close()
    shutil.copy(paths.ledger_db, paths.home / "old.db")
    store = open_store()
    act(store)
    store.close()
    return open_store


def test_an_older_ledger_is_told_until_a_person_takes_it(
    with_backup: Callable[[], Store], paths: HomePaths
) -> None:
    restore(paths)
    for _ in range(2):
        store = with_backup()
        assert store.ledger_is_older == 2
        act(store)  # goes its own way from here on
        act(store)
        with pytest.raises(ClerkError) as caught:
            store.ledger("anna").verify_chain()
        assert caught.value.code is ErrorCode.LEDGER_OLDER
        store.close()
    store = Store.open(paths, DATA_KEY, accept_ledger=True)
    assert store.ledger_is_older is None
    act(store)
    store.close()
    assert with_backup().ledger_is_older is None


def test_a_ledger_that_goes_on_is_no_older_one(with_backup: Callable[[], Store]) -> None:
    store = with_backup()
    assert store.ledger_is_older is None
    assert store.ledger("anna").verify_chain() == 2


@pytest.mark.parametrize("content", [None, b"", b"2", b"2 abc def", b"\xff"])
def test_a_marker_that_is_gone_or_was_cut_off_claims_nothing(
    with_backup: Callable[[], Store], paths: HomePaths, content: bytes | None
) -> None:
    marker = paths.home / "ledger.head"
    assert marker.exists()
    marker.unlink()
    if content is not None:
        marker.write_bytes(content)
    restore(paths)
    store = with_backup()
    assert store.ledger_is_older is None
    act(store)
    store.close()
    assert with_backup().ledger_is_older is None


def test_a_kill_between_commit_and_marker_is_no_older_ledger(
    with_backup: Callable[[], Store], paths: HomePaths
) -> None:
    marker = paths.home / "ledger.head"
    before = marker.read_bytes()
    store = with_backup()
    act(store)
    store.close()
    marker.write_bytes(before)  # as if the write had never been done

    assert with_backup().ledger_is_older is None
