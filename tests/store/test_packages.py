"""The shelf of service packages: archives by hash, the register as the ledger has it."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from clerk_app.domain.case import CaseFile
from clerk_app.domain.errors import ClerkError, ErrorCode
from clerk_app.domain.ids import CaseId
from clerk_app.domain.ledger import Act, ActKind
from clerk_app.domain.package import PackageMark, PackageSource, PackageVersion
from clerk_app.store import sealed
from clerk_app.store.home import HomePaths, Store
from tests.store.making import MAILBOX, SteppingClock, make_opened, page

DOG = "99102013104000"
FIRST = PackageMark("de.example.dog", PackageVersion(1, 0, 0), "a" * 64)
SECOND = PackageMark("de.example.dog", PackageVersion(1, 1, 0), "b" * 64)


def install(store: Store, mark: PackageMark) -> None:
    ledger = store.ledger("clerk")
    with ledger.transaction("install package") as write:
        write.append(
            Act(
                ActKind.PACKAGE_INSTALLED,
                payload={
                    "package_id": mark.package_id,
                    "version": str(mark.version),
                    "sha256": mark.sha256,
                    "title": {"de": "Hundesteuer"},
                    "leika_keys": [DOG],
                    "source": "file",
                    "signer": None,
                },
            )
        )


def move(store: Store, case_id: CaseId, mark: PackageMark, target_on: str | None = None) -> None:
    payload = {
        "package_id": mark.package_id,
        "to": str(mark.version),
        "sha256": mark.sha256,
        "target_on": target_on,
    }
    with store.ledger("clerk").transaction("move case") as write:
        write.append(Act(ActKind.PACKAGE_MOVED, case_id, payload=payload))


@pytest.fixture
def case_id(store: Store) -> CaseId:
    opened, facts = make_opened()
    store.intake().store(MAILBOX, page((opened, facts)))
    return opened.original.waiting.case_id


def file_of(store: Store, case_id: CaseId) -> CaseFile:
    found = store.reads().case_file(case_id)
    assert found is not None
    return found


def test_what_the_ledger_installed_is_in_the_register_in_order(store: Store, clock: SteppingClock) -> None:
    shelf = store.packages()
    assert shelf.register().installed == ()
    install(store, FIRST)
    install(store, SECOND)
    first, second = shelf.register().installed
    assert (first.mark, second.mark) == (FIRST, SECOND)
    assert first.at < second.at <= clock.at
    assert (first.actor, first.source, first.signer) == ("clerk", PackageSource.FILE, None)
    assert str(first.title) == "Hundesteuer"
    assert first.leika_keys == (DOG,)


def test_the_register_is_read_again_only_when_something_was_installed(store: Store) -> None:
    shelf = store.packages()
    install(store, FIRST)
    once = shelf.register()
    assert shelf.register() is once
    install(store, SECOND)
    assert len(shelf.register().installed) == 2


def test_an_archive_is_kept_by_the_hash_of_its_content(store: Store, paths: HomePaths) -> None:
    shelf = store.packages()
    assert not shelf.holds(FIRST)
    shelf.keep(FIRST, b"zip")
    assert shelf.holds(FIRST)
    assert shelf.archive(FIRST) == b"zip"
    assert [path.name for path in paths.packages.iterdir()] == [f"{'a' * 64}.zip"]
    shelf.keep(FIRST, b"zip again")  # a damaged one is replaced
    assert shelf.archive(FIRST) == b"zip again"


def test_a_lost_archive_says_which(store: Store) -> None:
    with pytest.raises(ClerkError) as caught:
        store.packages().archive(SECOND)
    assert caught.value.code is ErrorCode.PACKAGE_MISSING
    assert caught.value.params == {"package": "de.example.dog", "version": "1.1.0"}


def test_a_hash_is_never_a_way_out_of_the_folder(store: Store) -> None:
    with pytest.raises(ValueError, match="SHA-256"):
        store.packages().holds(PackageMark("x", PackageVersion(1, 0, 0), "../ledger"))


def test_content_is_synced_before_the_name_and_the_name_before_it_is_promised(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []

    def noting(word: str, step: Callable[..., object]) -> Callable[..., object]:
        def noted(*arguments: object) -> object:
            done.append(word)
            return step(*arguments)

        return noted

    shelf = store.packages()
    sealed.private_directory(store.paths.packages)
    monkeypatch.setattr(sealed, "sync_directory", lambda _path: done.append("folder"))
    monkeypatch.setattr(os, "fsync", noting("content", os.fsync))
    monkeypatch.setattr(Path, "replace", noting("name", Path.replace))
    shelf.keep(FIRST, b"zip")
    assert done == ["content", "name", "folder"]


def test_a_full_disk_leaves_nothing_behind(
    store: Store, paths: HomePaths, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_descriptor: int) -> None:
        raise OSError(28, "no space")

    shelf = store.packages()
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(ClerkError) as caught:
        shelf.keep(FIRST, b"zip")
    assert caught.value.code is ErrorCode.DISK_FULL
    assert not shelf.holds(FIRST)
    assert list(paths.temp.glob("*.part")) == []


def test_a_moved_case_names_its_version_and_is_another_case_to_decide(store: Store, case_id: CaseId) -> None:
    before = file_of(store, case_id)
    assert before.moved_to is None
    move(store, case_id, SECOND, "2027-01-15")
    after = file_of(store, case_id)
    assert after.moved_to == SECOND
    assert after.change_token != before.change_token
    assert str(after.row.due_on) == "2027-01-15"
    move(store, case_id, FIRST)
    assert file_of(store, case_id).moved_to == FIRST
    assert file_of(store, case_id).row.due_on == before.row.due_on


def test_the_ledger_alone_makes_register_and_moves_again(
    store: Store, open_store: Callable[[], Store], case_id: CaseId
) -> None:
    install(store, FIRST)
    install(store, SECOND)
    move(store, case_id, SECOND)
    assert store.ledger("clerk").verify_chain() == 3
    register = store.packages().register()
    store.close()
    again = open_store()
    assert again.packages().register() == register
    assert file_of(again, case_id).moved_to == SECOND


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE installed_package SET sha256 = 'c'",
        "DELETE FROM installed_package",
        "UPDATE case_package SET version = '9.0.0'",
    ],
)
def test_a_register_that_says_other_than_the_ledger_is_noticed(
    store: Store, case_id: CaseId, change: str
) -> None:
    install(store, FIRST)
    move(store, case_id, FIRST)
    ledger = store.ledger("clerk")
    with ledger.connection.transaction("tampering"):
        ledger.connection.execute(change)
    with pytest.raises(ClerkError) as caught:
        ledger.verify_chain()
    assert caught.value.code is ErrorCode.LEDGER_DAMAGED
    assert caught.value.params["cause"] == "projection"
