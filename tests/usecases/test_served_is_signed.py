"""A decision the case has overtaken does not leave until a clerk has seen what arrived."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from clerk_app.domain.case import CaseStatus
from clerk_app.domain.errors import ErrorCode
from clerk_app.domain.ids import CaseId, EntryId
from clerk_app.domain.ledger import ActKind
from clerk_app.domain.outbox import OutboxState, RemoteRef
from clerk_app.store import case_file
from tests.store.making import new_id
from tests.usecases.house import House, code_of
from tests.usecases.test_outbox_and_cases import decided

S = OutboxState


def announce(house: House, entry: EntryId) -> bool:
    return house.machine.move(
        entry, S.ANNOUNCED, expected=S.QUEUED, remote=RemoteRef(new_id(), new_id()), unless_overtaken=True
    )


def overtaken(house: House) -> tuple[CaseId, EntryId]:
    case_id = house.arrives()
    entry = decided(house, case_id)
    house.clock.pass_(minutes=5)
    house.arrives(case_id)
    return case_id, entry


def test_the_look_at_the_case_and_the_announcement_are_one_step(house: House) -> None:
    untouched = decided(house)
    case_id, entry = overtaken(house)

    assert not house.machine.is_overtaken(untouched)
    assert house.machine.is_overtaken(entry)
    assert announce(house, untouched)
    assert not announce(house, entry)

    assert house.state(untouched) is S.ANNOUNCED
    found = next(e for e in house.outbox() if e.entry_id == entry)
    assert (found.state, found.problems, found.remote) == (S.RETURNED, ("HELD_CASE_CHANGED",), None)
    assert house.status(case_id) is CaseStatus.RETURNED, "it is among the open ones again"
    house.desk.ledger.verify_chain()


def test_the_clerk_is_shown_what_arrived_and_when(house: House) -> None:
    case_id, entry = overtaken(house)
    found = next(e for e in house.outbox() if e.entry_id == entry)

    (arrival,) = house.desk.outbox.arrived_since(found)
    newest = house.file(case_id).applications[-1]
    assert (arrival.submission_id, arrival.at) == (newest.submission_id, newest.submitted_at)


def test_what_cannot_be_read_counts_as_well(house: House) -> None:
    case_id = house.arrives()
    entry = decided(house, case_id)
    house.arrives_unreadable(case_id)

    assert house.machine.is_overtaken(entry)
    (arrival,) = house.desk.outbox.arrived_since(house.file(case_id).outgoing[0])
    assert arrival.at is None


def test_sending_nevertheless_is_an_act_that_covers_what_was_seen(house: House) -> None:
    case_id, entry = overtaken(house)
    announce(house, entry)
    box = house.desk.outbox
    assert code_of(lambda: box.retry(entry)) is ErrorCode.HELD_CASE_CHANGED
    seen = [a.submission_id for a in box.arrived_since(house.file(case_id).outgoing[0])]
    assert code_of(lambda: box.send_nevertheless(entry, [])) is ErrorCode.HELD_CASE_CHANGED

    assert box.send_nevertheless(entry, seen).state is S.QUEUED
    act = next(e for e in house.file(case_id).history if e.kind == ActKind.SENT_NEVERTHELESS.value)
    assert act.actor == "clerk"
    assert set(seen) <= set(act.details["basis"])  # type: ignore[call-overload]
    assert announce(house, entry)

    house.desk.ledger.verify_chain()


def test_what_arrives_after_that_holds_it_again(house: House) -> None:
    case_id, entry = overtaken(house)
    announce(house, entry)
    house.desk.outbox.send_nevertheless(entry)
    house.arrives(case_id)

    assert not announce(house, entry)
    assert house.state(entry) is S.RETURNED


def test_instead_the_decision_may_be_withdrawn_and_made_anew(house: House) -> None:
    case_id, entry = overtaken(house)
    announce(house, entry)

    assert house.desk.outbox.withdraw(entry).state is S.WITHDRAWN
    fresh = decided(house, case_id)
    assert announce(house, fresh)


def test_only_what_is_held_can_be_sent_nevertheless(house: House) -> None:
    entry = decided(house)
    assert code_of(lambda: house.desk.outbox.send_nevertheless(entry)) is ErrorCode.ENTRY_NOT_RETRYABLE
    _case_id, gone = overtaken(house)
    house.desk.outbox.withdraw(gone)
    assert code_of(lambda: house.desk.outbox.send_nevertheless(gone)) is ErrorCode.ENTRY_NOT_RETRYABLE


def test_a_request_is_held_as_well(house: House) -> None:
    case_id = house.arrives()
    entry = house.desk.requesting.request(case_id, ["Impfpass"]).entry_id
    house.arrives(case_id)

    assert not announce(house, entry)
    assert house.state(entry) is S.RETURNED


@pytest.mark.parametrize("round_", range(20))
def test_of_a_decision_and_an_arrival_at_once_no_stale_decision_goes_on(house: House, round_: int) -> None:
    """Whichever comes first: an arrival stored before the look is seen by it; one stored after it is seen
    before the hand-over."""
    case_id = house.arrives()
    entry = decided(house, case_id)
    start = threading.Barrier(2, timeout=20)
    answers: list[bool] = []

    def machine() -> None:
        own = house.store.outbox()
        start.wait()
        remote = RemoteRef(new_id(), new_id())
        answers.append(own.move(entry, S.ANNOUNCED, expected=S.QUEUED, remote=remote, unless_overtaken=True))
        own.close()

    thread = threading.Thread(target=machine)
    thread.start()
    start.wait()
    house.arrives(case_id)
    thread.join(20)
    assert house.machine.is_overtaken(entry)
    assert house.state(entry) is (S.ANNOUNCED if answers == [True] else S.RETURNED)


def test_a_case_is_read_as_it_stood_at_one_moment(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """What arrives while a case is read is in all of it or in none: else a decision made on the old
    applications would stand on the new ones, and nothing would ever call it overtaken."""
    case_id = house.arrives()
    before = house.file(case_id)
    read_applications = case_file._applications

    def and_then_something_arrives(*args: Any) -> Any:
        found = read_applications(*args)
        monkeypatch.setattr(case_file, "_applications", read_applications)
        house.arrives(case_id)
        return found

    monkeypatch.setattr(case_file, "_applications", and_then_something_arrives)
    torn = house.file(case_id)
    after = house.file(case_id)

    assert (len(torn.applications), len(after.applications)) == (1, 2)
    assert set(torn.basis) == {each.submission_id for each in torn.applications}
    assert torn.change_token == before.change_token
    assert after.change_token != before.change_token
