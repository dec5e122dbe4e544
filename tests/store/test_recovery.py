"""The outbox survives the loss of its ledger, and an old ledger sends nothing twice."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from clerk_app.domain.errors import ClerkError, ErrorCode
from clerk_app.domain.ids import CaseId
from clerk_app.domain.ledger import Act, ActKind
from clerk_app.domain.outbox import OutboxKind, OutboxState, Outgoing, RemoteRef
from clerk_app.store import connection
from clerk_app.store.encoding import stored_time
from clerk_app.store.home import HomePaths, Store
from clerk_app.store.keys import StoreKeys
from clerk_app.store.outbox_files import OutboxFiles, SealedEntry
from clerk_app.store.outgoing import outgoing_members
from tests.store.making import DATA_KEY, START, make_outgoing, new_id

REMOTE = RemoteRef("remote-1", "case-1")


def queue(store: Store, outgoing: Outgoing) -> None:
    with store.ledger("anna").transaction("queue") as write:
        write.queue(outgoing, START)


def lose_ledger(paths: HomePaths) -> None:
    for path in paths.home.glob("ledger.db*"):
        path.unlink()


def test_lost_rows_come_back_as_they_were_queued(open_store: Callable[[], Store], paths: HomePaths) -> None:
    store = open_store()
    letters = [make_outgoing(new_id()) for _ in range(5)]
    for outgoing in letters:
        queue(store, outgoing)
    store.close()
    lose_ledger(paths)

    store = open_store()
    machine = store.outbox()
    entries = machine.open_entries()
    assert {entry.entry_id for entry in entries} == {outgoing.entry_id for outgoing in letters}
    assert {entry.state for entry in entries} == {OutboxState.QUEUED}
    assert [machine.outgoing(outgoing.entry_id) for outgoing in letters] == letters
    assert all(entry.hold_until == START for entry in entries)
    machine.verify_chain()
    assert machine.unseal_missing() == 0


def test_what_was_announced_comes_back_in_doubt(open_store: Callable[[], Store], paths: HomePaths) -> None:
    store = open_store()
    outgoing = make_outgoing(new_id())
    queue(store, outgoing)
    store.outbox().move(outgoing.entry_id, OutboxState.ANNOUNCED, expected=OutboxState.QUEUED, remote=REMOTE)
    store.close()
    lose_ledger(paths)

    for _ in range(2):  # and stays so when it is lost again
        store = open_store()
        (entry,) = store.outbox().open_entries()
        assert (entry.state, entry.remote) == (OutboxState.IN_DOUBT, REMOTE)
        store.close()
        lose_ledger(paths)


def test_what_is_final_has_no_copy_and_does_not_come_back(
    open_store: Callable[[], Store], paths: HomePaths
) -> None:
    store = open_store()
    outgoing = make_outgoing(new_id())
    queue(store, outgoing)
    with store.ledger("anna").transaction("withdraw") as write:
        write.move(outgoing.entry_id, OutboxState.WITHDRAWN)
    store.close()
    assert list(paths.outbox.iterdir()) == []
    lose_ledger(paths)
    assert open_store().outbox().open_entries() == []


def test_an_older_ledger_learns_of_the_announcement_from_the_sealed_file(
    open_store: Callable[[], Store], paths: HomePaths
) -> None:
    store = open_store()
    outgoing = make_outgoing(new_id())
    queue(store, outgoing)
    store.close()
    shutil.copy(paths.ledger_db, paths.home / "old.db")
    store = open_store()
    store.outbox().move(outgoing.entry_id, OutboxState.ANNOUNCED, expected=OutboxState.QUEUED, remote=REMOTE)
    store.close()
    lose_ledger(paths)
    shutil.copy(paths.home / "old.db", paths.ledger_db)

    (entry,) = open_store().outbox().open_entries()
    assert (entry.state, entry.remote) == (OutboxState.IN_DOUBT, REMOTE)


def test_an_older_ledger_does_not_send_what_may_have_been_delivered(
    open_store: Callable[[], Store], paths: HomePaths
) -> None:
    store = open_store()
    outgoing = make_outgoing(new_id())
    queue(store, outgoing)
    store.close()
    shutil.copy(paths.ledger_db, paths.home / "old.db")
    store = open_store()
    machine = store.outbox()
    machine.move(outgoing.entry_id, OutboxState.ANNOUNCED, expected=OutboxState.QUEUED, remote=REMOTE)
    machine.move(outgoing.entry_id, OutboxState.DELIVERED, expected=OutboxState.ANNOUNCED)
    store.close()
    lose_ledger(paths)
    shutil.copy(paths.home / "old.db", paths.ledger_db)

    store = open_store()
    (entry,) = store.outbox().open_entries()
    assert entry.last_error == ErrorCode.LEDGER_DAMAGED
    assert entry.next_try_at is not None
    assert entry.next_try_at.year == 9999
    with store.ledger("anna").transaction("retry") as write:  # a clerk looked and wants it sent
        write.append(Act(ActKind.RETRY_ASKED, outgoing.case_id, outgoing.entry_id))
    store.close()
    (entry,) = open_store().outbox().open_entries()
    assert (entry.next_try_at, entry.last_error) == (None, None)


def test_a_damaged_copy_is_kept_and_does_not_stop_the_others(
    open_store: Callable[[], Store], paths: HomePaths
) -> None:
    store = open_store()
    letters = [make_outgoing(new_id()) for _ in range(2)]
    for outgoing in letters:
        queue(store, outgoing)
    store.close()
    lose_ledger(paths)
    damaged = paths.outbox / f"{letters[0].entry_id}.sealed"
    raw = bytearray(damaged.read_bytes())
    raw[-1] ^= 1
    damaged.write_bytes(raw)

    (entry,) = open_store().outbox().open_entries()
    assert entry.entry_id == letters[1].entry_id
    assert damaged.read_bytes() == raw


@pytest.mark.parametrize("state", [OutboxState.QUEUED, OutboxState.TO_POST])
def test_a_second_decision_of_a_case_stays_sealed(
    open_store: Callable[[], Store], paths: HomePaths, state: OutboxState
) -> None:
    case_id = CaseId(new_id())
    store = open_store()
    first = make_outgoing(case_id)
    queue(store, first)
    store.close()
    lose_ledger(paths)
    (paths.home / "ledger.head").unlink()  # nothing tells that there has been another ledger
    hidden = paths.home / "hidden"
    (paths.outbox / f"{first.entry_id}.sealed").rename(hidden)
    store = open_store()
    second = make_outgoing(case_id)
    with store.ledger("anna").transaction("decide again") as write:
        write.queue(second, START, state)
    hidden.rename(paths.outbox / f"{first.entry_id}.sealed")
    assert store.outbox().unseal_missing() == 0
    assert (paths.outbox / f"{first.entry_id}.sealed").exists()
    store.outbox().verify_chain()


def pending(store: Store, outgoing: Outgoing) -> None:
    """Leaves what a kill between the sealed copy and COMMIT leaves."""
    ledger = store.ledger("anna")
    files = OutboxFiles(store.paths.outbox, StoreKeys.from_data_key(DATA_KEY).outbox)
    with ledger.transaction("note") as write:
        write.append(Act(ActKind.OPENED, outgoing.case_id))
        entry = write.append(Act(ActKind.NOTED, outgoing.case_id))
    files.prepare(
        SealedEntry(
            outgoing.entry_id,
            outgoing_members(outgoing),
            "QUEUED",
            stored_time(START),
            "anna",
            entry.sequence,
            entry.entry_hash,
        )
    )


def test_what_was_never_committed_does_not_come_back(
    open_store: Callable[[], Store], paths: HomePaths
) -> None:
    store = open_store()
    outgoing = make_outgoing(new_id())
    pending(store, outgoing)
    store.close()
    assert open_store().outbox().open_entries() == []
    assert [path.name for path in paths.outbox.iterdir()] == [f"{outgoing.entry_id}.abandoned"]


def test_of_two_entries_that_were_never_committed_none_comes_back(
    open_store: Callable[[], Store], paths: HomePaths, tmp_path: Path
) -> None:
    """A decision and its status line: killed before COMMIT, the citizen is told neither."""
    store = open_store()
    queue(store, make_outgoing(new_id()))
    decision = make_outgoing(new_id())
    status = replace(make_outgoing(decision.case_id, kind=OutboxKind.STATUS), accompanies=decision.entry_id)
    with store.ledger("anna").transaction("queue") as write:
        write.append(Act(ActKind.OPENED, decision.case_id))
        write.queue(decision, START)
        write.queue(status, START)
        shutil.copytree(paths.home, tmp_path / "as killed")
    store.close()

    killed = Store.open(HomePaths(tmp_path / "as killed"), DATA_KEY)
    states = [entry.entry_id for entry in killed.outbox().open_entries()]
    killed.close()
    assert not {decision.entry_id, status.entry_id} & set(states)
    assert len(states) == 1
    assert len(list((tmp_path / "as killed" / "outbox").glob("*.abandoned"))) == 2


def test_a_pending_copy_on_a_lost_ledger_may_have_been_promised_and_comes_back(
    open_store: Callable[[], Store], paths: HomePaths
) -> None:
    store = open_store()
    outgoing = make_outgoing(new_id())
    pending(store, outgoing)
    store.close()
    lose_ledger(paths)
    (entry,) = open_store().outbox().open_entries()
    assert entry.entry_id == outgoing.entry_id


def test_another_process_does_not_disturb_a_write_under_way(
    open_store: Callable[[], Store], paths: HomePaths
) -> None:
    store = open_store()
    outgoing = make_outgoing(new_id())
    with store.ledger("anna").transaction("decide") as write:
        write.queue(outgoing, START)
        visitor = Store.open(paths, DATA_KEY, exclusive=False)  # a reading command beside the window
        assert visitor.reads().outbox() == []
        visitor.close()
    assert [path.name for path in paths.outbox.iterdir()] == [f"{outgoing.entry_id}.sealed"]
    assert store.outbox().unseal_missing() == 0
    (entry,) = store.outbox().open_entries()
    assert entry.last_error is None


def test_repair_waits_for_a_write_under_way(
    open_store: Callable[[], Store], paths: HomePaths, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = open_store()
    outgoing = make_outgoing(new_id())
    monkeypatch.setattr(connection, "BUSY_TIMEOUT_S", 0.01)
    other = store.outbox()
    with store.ledger("anna").transaction("decide") as write:
        write.queue(outgoing, START)
        with pytest.raises(ClerkError) as caught:
            other.unseal_missing()
        assert caught.value.code is ErrorCode.INSTANCE_RUNNING
    assert [path.name for path in paths.outbox.iterdir()] == [f"{outgoing.entry_id}.sealed"]
