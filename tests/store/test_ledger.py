"""The clerk's word: appended, chained, never changed."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlcipher3 import dbapi2

from clerk_app.domain.changes import ChangeSet
from clerk_app.domain.errors import ClerkError, ErrorCode
from clerk_app.domain.ids import CaseId, EntryId
from clerk_app.domain.ledger import Act, ActKind
from clerk_app.domain.outbox import OutboxKind, OutboxState, Outgoing, Receipt, RemoteRef, SignedLog
from clerk_app.store.connection import raw_key
from clerk_app.store.home import HomePaths, Store
from clerk_app.store.keys import StoreKeys
from clerk_app.store.ledger import LedgerStore
from tests.store.making import DATA_KEY, START, SteppingClock, make_outgoing, new_id

CASE = CaseId("22222222-2222-4222-8222-222222222222")
REMOTE = RemoteRef("remote-1", "case-1")


@pytest.fixture
def ledger(store: Store) -> LedgerStore:
    return store.ledger("anna")


def queue(ledger: LedgerStore, outgoing: Outgoing, state: OutboxState = OutboxState.QUEUED) -> EntryId:
    with ledger.transaction("queue") as write:
        write.queue(outgoing, START + timedelta(minutes=1), state)
    return outgoing.entry_id


def step(ledger: LedgerStore, entry_id: EntryId, to: OutboxState) -> None:
    with ledger.transaction("step") as write:
        write.move(entry_id, to)


def refused(action: Callable[[], object]) -> ErrorCode:
    with pytest.raises(ClerkError) as caught:
        action()
    return caught.value.code


def plain(paths: HomePaths) -> dbapi2.Connection:
    """An attacker with the key and no manners."""
    connection = dbapi2.connect(str(paths.ledger_db), isolation_level=None)
    connection.execute(f'PRAGMA key="{raw_key(StoreKeys.from_data_key(DATA_KEY).database)}"')
    return connection


def test_entries_form_a_chain(ledger: LedgerStore, clock: SteppingClock) -> None:
    with ledger.transaction("two") as write:
        first = write.append(Act(ActKind.OPENED, CASE))
        second = write.append(Act(ActKind.NOTED, CASE, payload={"text": "Rückruf erbeten"}))
    assert (first.sequence, second.sequence) == (1, 2)
    assert second.previous_hash == first.entry_hash
    assert second.at == clock.at
    assert ledger.verify_chain() == 2


def test_a_transaction_that_fails_leaves_nothing_and_tells_nobody(store: Store, paths: HomePaths) -> None:
    told: list[ChangeSet] = []
    store.bus.subscribe(told.append)
    ledger = store.ledger("anna")
    outgoing = make_outgoing(CASE)

    def half() -> None:
        with ledger.transaction("half") as write:
            write.queue(outgoing, START)
            write.move(EntryId(new_id()), OutboxState.ANNOUNCED)

    assert refused(half) is ErrorCode.ENTRY_UNKNOWN
    assert told == []
    assert ledger.verify_chain() == 0
    assert [path.suffix for path in paths.outbox.iterdir()] == [".abandoned"]
    assert ledger.unseal_missing() == 0, "what failed must not come back by itself"


def test_changes_are_published_after_commit(store: Store) -> None:
    told: list[ChangeSet] = []
    reads = store.reads()
    outgoing = make_outgoing(CASE)

    def listener(changes: ChangeSet) -> None:
        assert reads.outbox_entry(outgoing.entry_id) is not None, "told before it could be read"
        told.append(changes)

    store.bus.subscribe(listener)
    queue(store.ledger("anna"), outgoing)
    assert told == [ChangeSet(changed=frozenset({CASE}), outbox=frozenset({outgoing.entry_id}))]


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE entry SET actor = 'bert'",
        "DELETE FROM entry WHERE sequence = 1",
        "INSERT OR REPLACE INTO entry SELECT * FROM entry WHERE sequence = 1",
        "UPDATE OR REPLACE entry SET sequence = 9",
        "INSERT INTO entry SELECT 9, 'x', at, actor, kind, '', '', payload, entry_hash, 'h' FROM entry",
        "INSERT INTO entry SELECT 2, 'x', at, actor, kind, '', '', payload, 'wrong', 'h' FROM entry",
    ],
)
def test_the_database_itself_refuses_changes(ledger: LedgerStore, paths: HomePaths, sql: str) -> None:
    with ledger.transaction("one") as write:
        write.append(Act(ActKind.OPENED, CASE))
    attacker = plain(paths)
    try:
        attacker.execute("PRAGMA recursive_triggers=ON")
        with pytest.raises(dbapi2.IntegrityError):
            attacker.execute(sql)
    finally:
        attacker.close()
    assert ledger.verify_chain() == 1


@pytest.mark.parametrize(
    "sql",
    [
        "DROP TRIGGER entry_never_deleted",
        "DROP TABLE entry",
        "PRAGMA writable_schema=ON",
        "ATTACH ':memory:' AS x",
    ],
)
def test_the_writer_cannot_take_the_guards_away(ledger: LedgerStore, sql: str) -> None:
    assert refused(lambda: ledger.connection.execute(sql)) is ErrorCode.INTERNAL


@pytest.mark.parametrize(
    ("sql", "sequence"),
    [
        ('UPDATE entry SET payload = \'{"text":"anders"}\' WHERE sequence = 2', 2),
        ("UPDATE entry SET actor = 'bert' WHERE sequence = 3", 3),
        ("UPDATE entry SET at = '2020-01-01T00:00:00.000000+00:00' WHERE sequence = 1", 1),
        ("DELETE FROM entry WHERE sequence = 2", 2),
        ("UPDATE entry SET sequence = CASE sequence WHEN 2 THEN 33 WHEN 3 THEN 2 ELSE sequence END", 2),
        ("UPDATE case_state SET opened = 0", 3),
        ("DELETE FROM case_state", 3),
    ],
)
def test_tampering_is_found_and_located(
    ledger: LedgerStore, paths: HomePaths, sql: str, sequence: int
) -> None:
    with ledger.transaction("three") as write:
        for number in range(3):
            write.append(Act(ActKind.OPENED, CASE, payload={"n": number}))
    attacker = plain(paths)
    for trigger in ("entry_never_updated", "entry_never_deleted", "entry_only_appended"):
        attacker.execute(f"DROP TRIGGER {trigger}")
    attacker.execute(sql)
    attacker.close()
    with pytest.raises(ClerkError) as caught:
        ledger.verify_chain()
    assert caught.value.code is ErrorCode.LEDGER_DAMAGED
    assert caught.value.params["sequence"] == sequence


def test_cutting_off_the_end_is_found_by_the_head_in_a_sealed_file(
    ledger: LedgerStore, paths: HomePaths
) -> None:
    with ledger.transaction("acts") as write:
        write.append(Act(ActKind.OPENED, CASE))
        write.append(Act(ActKind.NOTED, CASE, payload={"text": "x"}))
    queue(ledger, make_outgoing(CASE))
    attacker = plain(paths)
    attacker.execute("DROP TRIGGER entry_never_deleted")
    attacker.execute("DELETE FROM entry WHERE sequence > 1")
    attacker.execute("DELETE FROM outbox_state")
    attacker.execute("UPDATE case_state SET decision_state = NULL")
    attacker.close()
    with pytest.raises(ClerkError) as caught:
        ledger.verify_chain()
    assert caught.value.params["cause"] == "rollback"


def test_two_threads_keep_one_chain(store: Store) -> None:
    errors: list[BaseException] = []

    def write_acts(name: str) -> None:
        try:
            ledger = store.ledger(name)
            for number in range(40):
                with ledger.transaction("acts") as write:
                    write.append(Act(ActKind.NOTED, CASE, payload={"text": f"{name} {number}"}))
                    write.append(Act(ActKind.OPENED, CASE))
        except BaseException as error:  # noqa: BLE001 - reported by the test
            errors.append(error)

    threads = [threading.Thread(target=write_acts, args=(name,)) for name in ("anna", "machine")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert errors == []
    assert store.ledger("check").verify_chain() == 160


def test_only_allowed_steps_are_taken(ledger: LedgerStore) -> None:
    entry_id = queue(ledger, make_outgoing(CASE))
    assert refused(lambda: step(ledger, entry_id, OutboxState.DELIVERED)) is ErrorCode.REMOTE_CONFLICT
    step(ledger, entry_id, OutboxState.WITHDRAWN)
    assert refused(lambda: step(ledger, entry_id, OutboxState.QUEUED)) is ErrorCode.REMOTE_CONFLICT
    assert refused(lambda: step(ledger, EntryId(new_id()), OutboxState.QUEUED)) is ErrorCode.ENTRY_UNKNOWN


def test_the_machine_gives_way_to_a_faster_clerk(store: Store) -> None:
    clerk, machine = store.ledger("anna"), store.outbox()
    entry_id = queue(clerk, make_outgoing(CASE))
    step(clerk, entry_id, OutboxState.WITHDRAWN)
    assert not machine.move(entry_id, OutboxState.ANNOUNCED, expected=OutboxState.QUEUED, remote=REMOTE)
    assert machine.open_entries() == []


def test_a_case_has_one_decision_at_a_time(ledger: LedgerStore) -> None:
    first = queue(ledger, make_outgoing(CASE))
    assert refused(lambda: queue(ledger, make_outgoing(CASE))) is ErrorCode.CASE_ALREADY_DECIDED
    queue(ledger, make_outgoing(CASE, kind=OutboxKind.DOCUMENT_REQUEST))
    step(ledger, first, OutboxState.RETURNED)
    second = queue(ledger, make_outgoing(CASE))
    assert refused(lambda: step(ledger, first, OutboxState.QUEUED)) is ErrorCode.CASE_ALREADY_DECIDED
    step(ledger, second, OutboxState.WITHDRAWN)
    step(ledger, first, OutboxState.QUEUED)
    with ledger.transaction("look") as write:
        decision = write.decision_of(CASE)
    assert decision is not None
    assert decision.entry_id == first
    ledger.verify_chain()


def test_a_reopened_case_may_be_decided_again(ledger: LedgerStore) -> None:
    first = queue(ledger, make_outgoing(CASE), OutboxState.TO_POST)
    step(ledger, first, OutboxState.POSTED)
    assert refused(lambda: queue(ledger, make_outgoing(CASE))) is ErrorCode.CASE_ALREADY_DECIDED
    with ledger.transaction("reopen") as write:
        write.append(Act(ActKind.REOPENED, CASE))
    queue(ledger, make_outgoing(CASE))
    ledger.verify_chain()


def test_each_step_keeps_what_belongs_to_it(store: Store) -> None:
    machine = store.outbox()
    outgoing = make_outgoing(CASE)
    entry_id = queue(machine, outgoing)
    receipt = Receipt(
        "https://events/accept-submission", "jti-1", datetime(2026, 11, 21, 9, tzinfo=UTC), "a.b.c"
    )
    machine.postpone(entry_id, 3, START + timedelta(hours=2), ErrorCode.PORTAL_BUSY)
    (waiting,) = machine.open_entries()
    assert (waiting.attempts, waiting.last_error) == (3, "PORTAL_BUSY")
    assert waiting.next_try_at == START + timedelta(hours=2)
    assert machine.move(entry_id, OutboxState.ANNOUNCED, expected=OutboxState.QUEUED, remote=REMOTE)
    assert machine.move(entry_id, OutboxState.SUBMITTED, expected=OutboxState.ANNOUNCED)
    assert machine.move(
        entry_id, OutboxState.DELIVERED, expected=OutboxState.SUBMITTED, receipt=receipt, problems=["urn:p"]
    )
    entry = store.reads().outbox_entry(entry_id)
    assert entry is not None
    assert (entry.state, entry.remote, entry.receipt) == (OutboxState.DELIVERED, REMOTE, receipt)
    assert (entry.problems, entry.attempts, entry.next_try_at) == (("urn:p",), 0, None)
    assert machine.outgoing(entry_id) == outgoing
    machine.verify_chain()


def test_the_log_that_proves_a_step_is_kept_in_the_chain_and_not_in_the_timeline(store: Store) -> None:
    ledger, outgoing = store.outbox(), make_outgoing(CASE)
    entry_id = queue(ledger, outgoing)
    log = SignedLog(("a.b.c",), {"service:k": {"kty": "RSA"}}, START)
    ledger.move(entry_id, OutboxState.ANNOUNCED, expected=OutboxState.QUEUED, remote=REMOTE)
    ledger.move(entry_id, OutboxState.DELIVERED, expected=OutboxState.ANNOUNCED, log=log)

    last = ledger.entries(outgoing.case_id)[-1]
    assert last.act.payload["log"] == {
        "tokens": ["a.b.c"],
        "keys": {"service:k": {"kty": "RSA"}},
        "fetched_at": "2026-11-20T08:00:00.000000+00:00",
    }
    first = ledger.entries(outgoing.case_id)[0]
    assert (first.act.kind, first.entry_hash) == (
        ActKind.QUEUED,
        ledger.entries(outgoing.case_id)[1].previous_hash,
    )
    assert ledger.verify_chain() == 3


def test_going_back_to_the_start_forgets_the_abandoned_announcement(store: Store) -> None:
    machine = store.outbox()
    entry_id = queue(machine, make_outgoing(CASE))
    machine.move(entry_id, OutboxState.ANNOUNCED, expected=OutboxState.QUEUED, remote=REMOTE)
    machine.move(entry_id, OutboxState.QUEUED, expected=OutboxState.ANNOUNCED)
    (entry,) = machine.open_entries()
    assert entry.remote is None
    assert machine.unseal_missing() == 0
    (entry,) = machine.open_entries()
    assert entry.state is OutboxState.QUEUED, "its old announcement must not put it in doubt again"


def test_unstorable_characters_are_replaced_in_acts(ledger: LedgerStore) -> None:
    with ledger.transaction("note") as write:
        entry = write.append(Act(ActKind.NOTED, CASE, payload={"text": "a\ud800b", "pair": "\ud83d\ude00"}))
    assert entry.act.payload == {"text": "a\ufffdb", "pair": "\U0001f600"}
    assert ledger.verify_chain() == 1


def test_an_altered_frozen_payload_is_never_sent(ledger: LedgerStore, paths: HomePaths) -> None:
    entry_id = queue(ledger, make_outgoing(CASE))
    attacker = plain(paths)
    attacker.execute("DROP TRIGGER entry_never_updated")
    attacker.execute("UPDATE entry SET payload = replace(payload, 'granted', 'refused')")
    attacker.close()
    assert refused(lambda: ledger.outgoing(entry_id)) is ErrorCode.LEDGER_DAMAGED
