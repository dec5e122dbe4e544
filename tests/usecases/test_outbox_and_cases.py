"""The clerk's hand on the outbox, and acts that send nothing."""

from __future__ import annotations

import threading
from datetime import date

import pytest

from clerk_app.domain.case import CaseQuery, CaseRow, CaseStatus
from clerk_app.domain.decision import Outcome, Wording
from clerk_app.domain.errors import ClerkError, ErrorCode
from clerk_app.domain.ids import CaseId, EntryId
from clerk_app.domain.ledger import ActKind
from clerk_app.domain.outbox import OutboxState
from clerk_app.usecases.case_work import resolve_case
from tests.usecases.house import UNKNOWN, House, code_of

S = OutboxState
NONE = EntryId("00000000-0000-4000-8000-000000000000")


def decided(house: House, case_id: CaseId | None = None) -> EntryId:
    draft = house.desk.deciding.draft(case_id or house.arrives(), Outcome.GRANTED)
    return house.desk.deciding.sign(draft, lambda: None).entry_id


def companion(house: House, entry_id: EntryId) -> EntryId:
    return next(e.entry_id for e in house.outbox() if e.accompanies == entry_id)


def test_taking_back_takes_the_status_line_along(house: House) -> None:
    case_id = house.arrives()
    entry = decided(house, case_id)
    other = decided(house)

    assert house.desk.outbox.withdraw(entry).state is S.WITHDRAWN
    assert house.state(companion(house, entry)) is S.WITHDRAWN
    assert {house.state(other), house.state(companion(house, other))} == {S.QUEUED}
    assert house.status(case_id) is CaseStatus.NEW
    assert house.machine.open_entries()[0].entry_id == other


def test_what_has_left_cannot_be_taken_back(house: House) -> None:
    entry = decided(house)
    for state in (S.ANNOUNCED, S.UPLOADED, S.SUBMITTED, S.DELIVERED):
        house.goes(entry, state)
        assert code_of(lambda: house.desk.outbox.withdraw(entry)) is ErrorCode.ENTRY_NOT_WITHDRAWABLE
        assert house.state(entry) is state


def test_of_a_take_back_and_an_announcement_at_once_exactly_one_wins(house: House) -> None:
    for _ in range(10):
        entry = decided(house)
        start = threading.Barrier(2, timeout=20)
        won: list[str] = []
        lost: list[ErrorCode] = []

        def clerk(
            entry: EntryId = entry,
            start: threading.Barrier = start,
            won: list[str] = won,
            lost: list[ErrorCode] = lost,
        ) -> None:
            desk = house.another_desk("other")
            start.wait()
            try:
                desk.outbox.withdraw(entry)
                won.append("clerk")
            except ClerkError as error:
                lost.append(error.code)
            finally:
                desk.close()

        thread = threading.Thread(target=clerk)
        thread.start()
        start.wait()
        if house.machine.move(entry, S.ANNOUNCED, expected=S.QUEUED):
            won.append("machine")
        thread.join(20)
        assert len(won) == 1
        assert lost == ([] if won == ["clerk"] else [ErrorCode.ENTRY_NOT_WITHDRAWABLE])
        assert house.state(entry) is (S.WITHDRAWN if won == ["clerk"] else S.ANNOUNCED)


def test_a_returned_entry_may_be_sent_again_by_post_or_taken_back(house: House) -> None:
    again, by_post, back = decided(house), decided(house), decided(house)
    for entry in (again, by_post, back):
        house.goes(entry, S.ANNOUNCED, S.RETURNED)
    assert not {e.entry_id for e in house.machine.open_entries()} & {again, by_post, back}

    assert house.desk.outbox.retry(again).state is S.QUEUED
    fresh = next(e for e in house.machine.open_entries() if e.entry_id == again)
    assert (fresh.remote, fresh.problems, fresh.next_try_at) == (None, (), None), "a fresh start"
    assert house.desk.outbox.send_by_post(by_post).state is S.TO_POST
    assert house.desk.outbox.mark_posted(by_post).state is S.POSTED
    assert house.desk.outbox.withdraw(back).state is S.WITHDRAWN
    assert house.state(companion(house, back)) is S.WITHDRAWN


def test_a_returned_decision_is_not_revived_beside_a_newer_one(house: House) -> None:
    case_id = house.arrives()
    first = decided(house, case_id)
    house.goes(first, S.ANNOUNCED, S.RETURNED)
    decided(house, case_id)

    assert code_of(lambda: house.desk.outbox.retry(first)) is ErrorCode.CASE_ALREADY_DECIDED
    assert code_of(lambda: house.desk.outbox.send_by_post(first)) is ErrorCode.CASE_ALREADY_DECIDED
    assert house.state(first) is S.RETURNED
    house.desk.outbox.withdraw(first)


def test_a_letter_is_marked_with_the_day_it_went_to_the_post(house: House) -> None:
    entry = decided(house, house.arrives(channel=None))
    other = decided(house, house.arrives(channel=None))
    house.clock.pass_(days=3)

    assert house.desk.outbox.mark_posted(entry, date(2026, 11, 25)).posted_on == date(2026, 11, 25)
    assert house.desk.outbox.mark_posted(other).posted_on == date(2026, 11, 27), "today when nothing is said"
    found = house.desk.reads.outbox_entry(entry)
    assert found is not None
    assert found.posted_on == date(2026, 11, 25)
    last = house.file(found.case_id).history[-1].details
    assert (last["to"], last["posted_on"]) == ("POSTED", "2026-11-25")
    house.desk.ledger.verify_chain()


def test_a_wrong_day_of_posting_is_corrected_and_the_old_one_kept(house: House) -> None:
    entry = decided(house, house.arrives(channel=None))
    box = house.desk.outbox
    assert code_of(lambda: box.correct_posted(entry, date(2026, 11, 24))) is ErrorCode.ENTRY_NOT_TO_POST
    house.clock.pass_(days=3)
    marked = box.mark_posted(entry, date(2026, 11, 27))
    house.clock.pass_(hours=1)

    corrected = box.correct_posted(entry, date(2026, 11, 25))
    assert (corrected.state, corrected.posted_on) == (S.POSTED, date(2026, 11, 25))
    assert corrected.changed_at > marked.changed_at, "the day was entered now"
    found = house.desk.reads.outbox_entry(entry)
    assert found == corrected
    last = house.file(corrected.case_id).history[-1]
    assert (last.kind, last.details["was"], last.details["posted_on"]) == (
        ActKind.POSTED_CORRECTED.value,
        "2026-11-27",
        "2026-11-25",
    )
    assert (last.details["kind"], last.details["entry_id"]) == ("decision", entry)
    count = len(house.file(corrected.case_id).history)
    assert box.correct_posted(entry, date(2026, 11, 25)) == corrected
    assert len(house.file(corrected.case_id).history) == count, "the same day is no correction"
    for wrong in (date(2026, 11, 23), date(2026, 11, 28)):
        assert code_of(lambda day=wrong: box.correct_posted(entry, day)) is ErrorCode.POSTED_ON_WRONG  # type: ignore[misc]
    assert code_of(lambda: box.correct_posted(NONE, date(2026, 11, 25))) is ErrorCode.ENTRY_UNKNOWN
    house.desk.ledger.verify_chain()


@pytest.mark.parametrize(
    ("day", "right"),
    [
        (date(2026, 11, 23), False),
        (date(2026, 11, 24), True),
        (date(2026, 11, 25), True),
        (date(2026, 11, 26), False),
        (date(1, 1, 1), False),
        (date(9999, 12, 31), False),
    ],
)
def test_nobody_posts_tomorrow_or_before_the_letter_was_made(house: House, day: date, right: bool) -> None:
    entry = decided(house, house.arrives(channel=None))
    house.clock.pass_(hours=15, minutes=30)  # 23:30 UTC: it is the 25th in the office already
    if right:
        assert house.desk.outbox.mark_posted(entry, day).posted_on == day
        return
    assert code_of(lambda: house.desk.outbox.mark_posted(entry, day)) is ErrorCode.POSTED_ON_WRONG
    assert house.state(entry) is S.TO_POST


def test_finished_entries_stay_finished(house: House) -> None:
    entry = decided(house, house.arrives(channel=None))
    box = house.desk.outbox
    assert code_of(lambda: box.retry(entry)) is ErrorCode.ENTRY_NOT_RETRYABLE, "a letter is not sent"
    assert code_of(lambda: box.send_by_post(entry)) is ErrorCode.ENTRY_NOT_RETRYABLE
    box.mark_posted(entry)
    assert code_of(lambda: box.mark_posted(entry)) is ErrorCode.ENTRY_NOT_TO_POST
    assert code_of(lambda: box.withdraw(entry)) is ErrorCode.ENTRY_NOT_WITHDRAWABLE
    assert code_of(lambda: box.retry(entry)) is ErrorCode.ENTRY_NOT_RETRYABLE
    for act in (box.withdraw, box.retry, box.mark_posted, box.send_by_post):
        assert code_of(lambda act=act: act(NONE)) is ErrorCode.ENTRY_UNKNOWN  # type: ignore[misc]


def test_an_entry_is_named_by_the_beginning_of_its_id(house: House) -> None:
    entry = decided(house)
    resolve = house.desk.outbox.resolve

    assert resolve(f" {entry[:13].upper()} ") == entry
    for text in ("", " ", "zzz", "%", entry + "0"):
        assert code_of(lambda text=text: resolve(text)) is ErrorCode.ENTRY_UNKNOWN  # type: ignore[misc]
    shared = [e.entry_id[:1] for e in house.outbox()]
    while len(set(shared)) == len(shared):
        decided(house)
        shared = [e.entry_id[:1] for e in house.outbox()]
    doubled = next(letter for letter in shared if shared.count(letter) > 1)
    with pytest.raises(ClerkError) as caught:
        resolve(doubled)
    assert caught.value.code is ErrorCode.ENTRY_UNKNOWN
    assert caught.value.params["count"] == shared.count(doubled)


def test_opening_is_recorded_once_until_something_new_arrives(house: House) -> None:
    case_id = house.arrives()
    acts = len(house.file(case_id).history)
    house.clock.pass_(seconds=1)
    house.desk.cases.open(case_id)
    house.desk.cases.open(case_id)
    opened = house.file(case_id)
    assert (opened.row.status, opened.row.unread) == (CaseStatus.IN_REVIEW, False)
    assert len(opened.history) == acts + 1

    house.clock.pass_(seconds=1)
    house.arrives(case_id)
    assert house.file(case_id).row.unread
    house.clock.pass_(seconds=1)
    house.desk.cases.open(case_id)
    assert not house.file(case_id).row.unread
    house.desk.cases.mark_unread(case_id)
    assert house.file(case_id).row.unread


def test_changed_is_what_came_to_a_case_that_was_worked_on(house: House) -> None:
    twice, worked = house.arrives(), house.arrives()

    def changed() -> set[CaseId]:
        found = {row.case_id for row in house.desk.reads.list(CaseQuery(text="ist:geändert"))}
        assert found == {case_id for case_id in (twice, worked) if house.file(case_id).row.changed}
        return found

    house.clock.pass_(seconds=1)
    house.arrives(twice)
    assert changed() == set(), "nobody has seen it yet: it is new"
    house.desk.cases.open(worked)
    house.clock.pass_(seconds=1)
    house.arrives(worked)
    assert changed() == {worked}
    assert house.file(worked).row.unread
    house.clock.pass_(seconds=1)
    house.desk.cases.open(worked)
    assert changed() == set()
    house.desk.cases.mark_unread(worked)
    assert changed() == set(), "marked by hand: nothing came"


def test_marking_several_is_no_looking_and_is_taken_back_exactly(house: House) -> None:
    new, reviewed, answered = house.arrives(), house.arrives(), house.arrives()
    house.clock.pass_(seconds=1)
    house.desk.cases.open(reviewed)
    house.desk.cases.open(answered)
    house.clock.pass_(seconds=1)
    house.arrives(answered)
    locked = house.arrives_unreadable()
    every = [new, reviewed, answered, locked]
    cases = house.desk.cases

    def rows() -> list[CaseRow]:
        return [house.file(case_id).row for case_id in every]

    before = rows()
    house.clock.pass_(seconds=1)
    was = cases.mark(every, unread=False)
    assert was == {new: CaseStatus.NEW, answered: CaseStatus.ANSWERED}
    marked = rows()
    assert [row.unread for row in marked[:3]] == [False] * 3
    assert (marked[0].status, marked[0].assigned_to) == (CaseStatus.NEW, None), "nobody has worked on it"
    assert house.file(new).history[-1].details["marked"] is True
    assert marked[1] == before[1]
    assert marked[3] == before[3]
    cases.unmark(was, unread=True)
    assert rows() == before

    house.clock.pass_(seconds=1)
    was = cases.mark(every, unread=True)
    assert was == {reviewed: CaseStatus.IN_REVIEW}
    assert (rows()[1].status, rows()[1].unread) == (CaseStatus.NEW, True)
    cases.unmark(was, unread=False)
    assert rows() == before
    entries = house.desk.ledger.verify_chain()
    assert cases.mark([], unread=True) == cases.mark([locked], unread=False) == {}
    assert code_of(lambda: cases.mark([new, UNKNOWN], unread=False)) is ErrorCode.CASE_UNKNOWN
    assert house.desk.ledger.verify_chain() == entries, "all of them or none"


def test_notes_and_checks_stand_in_the_history_and_blank_ones_do_not(house: House) -> None:
    case_id = house.arrives()
    house.desk.cases.note(case_id, "  \n")
    house.desk.cases.note(case_id, " Rückruf <b>heute</b> \x00 ")
    house.desk.cases.check(case_id, "address", accepted=True, reason=" bekannt ")

    noted, checked = (event for event in house.file(case_id).history if event.actor == "clerk")
    assert noted.details["text"] == "Rückruf <b>heute</b>"
    assert checked.details == {"check_id": "address", "accepted": True, "reason": "bekannt"}


def test_nothing_is_written_about_a_case_that_is_not_there(house: House) -> None:
    before = house.desk.ledger.verify_chain()
    cases = house.desk.cases
    for act in (
        lambda: cases.open(UNKNOWN),
        lambda: cases.mark_unread(UNKNOWN),
        lambda: cases.note(UNKNOWN, "x"),
        lambda: cases.check(UNKNOWN, "c", accepted=True),
        lambda: cases.save_draft(UNKNOWN, Outcome.GRANTED, Wording()),
    ):
        assert code_of(act) is ErrorCode.CASE_UNKNOWN
    assert house.desk.ledger.verify_chain() == before


def test_a_case_is_meant_by_its_id_its_reference_or_the_beginning_of_either(house: House) -> None:
    one, _two = house.arrives(), house.arrives()
    reference = house.file(one).row.case_reference
    for text in (one, one[:12], one.upper(), reference, reference.lower(), f"  {reference[:11]} "):
        assert resolve_case(house.desk.reads, text) == one
    for text in ("", "  ", "%", "_", "' OR 1=1 --", "\x00", "ä", "9" * 5000):
        assert code_of(lambda text=text: resolve_case(house.desk.reads, text)) is ErrorCode.CASE_UNKNOWN  # type: ignore[misc]
    assert code_of(lambda: resolve_case(house.desk.reads, "2026")) is ErrorCode.CASE_AMBIGUOUS
