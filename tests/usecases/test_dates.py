"""Days a clerk enters: what is possible, what follows, what lists show, and the log of the day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from clerk_app.domain.case import CaseOrder, CaseQuery, CaseStatus, CaseView
from clerk_app.domain.case_dates import DateKind, DateLogLine, dates_of
from clerk_app.domain.deadlines import DeadlineKind
from clerk_app.domain.decision import Outcome, Wording
from clerk_app.domain.errors import ClerkError, ErrorCode
from clerk_app.domain.ids import CaseId, EntryId
from tests.usecases.house import House

TODAY = date(2026, 11, 24)  # where the house begins: a Tuesday
TARGET = date(2026, 12, 22)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    house = House(tmp_path / "home")
    yield house
    house.close()


def day(number: int, month: int = 11) -> date:
    return date(2026, month, number)


def posted(house: House, on: date | None = None) -> tuple[CaseId, EntryId]:
    """A case whose decision went to the post."""
    case_id = house.arrives(channel=None)
    draft = house.desk.deciding.draft(case_id, Outcome.GRANTED, Wording())
    entry_id = house.desk.deciding.sign(draft, lambda: None).entry_id
    house.desk.outbox.mark_posted(entry_id, on)
    return case_id, entry_id


def due(house: House, case_id: CaseId, kind: DeadlineKind) -> date | None:
    _case, deadlines, _dates = house.desk.dates.of_case(case_id)
    return next((each.due_on for each in deadlines if each.kind is kind), None)


def listed(house: House, case_id: CaseId) -> date | None:
    return house.file(case_id).row.due_on


def reminded(house: House, case_id: CaseId) -> tuple[date | None, DeadlineKind | None]:
    row = house.file(case_id).row
    return row.remind_on, row.remind_kind


def refused(code: ErrorCode) -> pytest.RaisesExc[ClerkError]:
    return pytest.RaisesExc(ClerkError, check=lambda error: error.code is code)


def test_a_follow_up_stands_until_it_is_done(house: House) -> None:
    case_id = house.arrives()
    made = house.desk.dates.follow_up(case_id, day(27), "  nach\x00fragen ")
    assert made.text == "nachfragen"
    assert due(house, case_id, DeadlineKind.FOLLOW_UP) == day(27)
    assert listed(house, case_id) == TARGET, "a reminder is no deadline"
    assert reminded(house, case_id) == (day(27), DeadlineKind.FOLLOW_UP)
    house.desk.dates.done(case_id, made.date_id)
    assert due(house, case_id, DeadlineKind.FOLLOW_UP) is None
    assert reminded(house, case_id) == (None, None)
    with refused(ErrorCode.DATE_UNKNOWN):
        house.desk.dates.done(case_id, made.date_id)


def test_a_reminder_can_be_moved_and_removed_and_the_earliest_counts(house: House) -> None:
    case_id = house.arrives()
    first = house.desk.dates.follow_up(case_id, day(30))
    house.desk.dates.enter(case_id, DateKind.MANUAL, day(26), "Ratssitzung")
    assert reminded(house, case_id) == (day(26), DeadlineKind.MANUAL)
    moved = house.desk.dates.enter(case_id, DateKind.FOLLOW_UP, day(25), date_id=first.date_id)
    assert moved.date_id == first.date_id
    assert reminded(house, case_id) == (day(25), DeadlineKind.FOLLOW_UP)
    house.desk.dates.remove(case_id, first.date_id, "erledigt sich")
    assert reminded(house, case_id) == (day(26), DeadlineKind.MANUAL)
    assert [each.kind for each in dates_of(house.file(case_id).history)] == [DateKind.MANUAL]
    assert house.store.ledger("auditor").verify_chain() > 0


def test_a_reminder_brings_its_case_up_and_hides_no_deadline(house: House) -> None:
    plain, warned = house.arrives(), house.arrives()
    for query in (CaseQuery(), CaseQuery(view=CaseView.OPEN)):
        assert {row.due_on for row in house.desk.reads.list(query)} == {TARGET}
    house.desk.dates.follow_up(warned, day(27))

    for view in (CaseView.ALL, CaseView.OPEN):
        by_due = house.desk.reads.list(CaseQuery(view=view, order=CaseOrder.DUE))
        assert [row.case_id for row in by_due] == [warned, plain]
    counts = house.desk.reads.counts(day(26))
    assert (counts.due_today, counts.overdue, counts.reminded) == (0, 0, 0)
    house.clock.pass_(days=4)
    assert [each.row.case_id for each in house.desk.dates.due(day(28))] == [warned]
    counts = house.desk.reads.counts(TARGET)
    assert (counts.due_today, counts.reminded) == (2, 0), "each case counts once"


def test_the_same_day_again_is_no_act(house: House) -> None:
    case_id = house.arrives()
    made = house.desk.dates.follow_up(case_id, day(30), "x")
    before = len(house.file(case_id).history)
    house.desk.dates.enter(case_id, DateKind.FOLLOW_UP, day(30), "x", date_id=made.date_id)
    assert len(house.file(case_id).history) == before


@pytest.mark.parametrize("kind", [DateKind.FOLLOW_UP, DateKind.WARNING, DateKind.MANUAL])
def test_a_reminder_lies_ahead(house: House, kind: DateKind) -> None:
    case_id = house.arrives()
    house.desk.dates.enter(case_id, kind, TODAY, "heute geht noch")
    with refused(ErrorCode.DUE_IN_PAST):
        house.desk.dates.enter(case_id, kind, day(23), "gestern nicht")


def test_a_day_set_by_hand_wants_its_reason(house: House) -> None:
    case_id = house.arrives()
    with refused(ErrorCode.DATE_REASON_MISSING):
        house.desk.dates.enter(case_id, DateKind.MANUAL, day(30), " ")


def test_a_real_arrival_moves_the_appeal_and_must_be_possible(house: House) -> None:
    case_id, entry_id = posted(house)
    assert due(house, case_id, DeadlineKind.NOTIFICATION) == day(30)  # AO: the fourth day, Saturday, moves
    house.clock.pass_(days=20)
    made = house.desk.dates.enter(case_id, DateKind.RECEIVED, day(10, 12))
    assert made.entry_id == entry_id
    assert due(house, case_id, DeadlineKind.NOTIFICATION) == day(10, 12)
    assert due(house, case_id, DeadlineKind.APPEAL) == date(2027, 1, 11)
    for impossible in (day(23), day(15, 12)):
        with refused(ErrorCode.DATE_IMPOSSIBLE):
            house.desk.dates.enter(case_id, DateKind.RECEIVED, impossible)
    again = house.desk.dates.enter(case_id, DateKind.RECEIVED, day(11, 12))
    assert again.date_id == made.date_id
    house.desk.dates.enter(case_id, DateKind.UNINSTRUCTED, day(12, 12))
    assert due(house, case_id, DeadlineKind.APPEAL) == date(2027, 12, 13)
    house.desk.dates.remove(case_id, made.date_id)
    assert due(house, case_id, DeadlineKind.NOTIFICATION) == day(30)


def test_nothing_is_fetched_before_it_is_sent(house: House) -> None:
    case_id = house.arrives()
    with refused(ErrorCode.NOTHING_SENT):
        house.desk.dates.enter(case_id, DateKind.RETRIEVED, TODAY)
    draft = house.desk.deciding.draft(case_id, Outcome.GRANTED, Wording())
    entry_id = house.desk.deciding.sign(draft, lambda: None).entry_id
    with refused(ErrorCode.NOTHING_SENT):
        house.desk.dates.enter(case_id, DateKind.RETRIEVED, TODAY, entry_id=entry_id)
    with refused(ErrorCode.ENTRY_UNKNOWN):
        house.desk.dates.enter(case_id, DateKind.RETRIEVED, TODAY, entry_id=EntryId("no-such"))


def test_no_fiction_is_put_off_where_the_law_knows_none(house: House) -> None:
    case_id = house.arrives()
    with refused(ErrorCode.NO_FICTION):
        house.desk.dates.enter(case_id, DateKind.EXTENSION, day(30), "schwierig")
    house.desk.dates.enter(case_id, DateKind.COMPLETE, TODAY)
    with refused(ErrorCode.DATE_IMPOSSIBLE):
        house.desk.dates.enter(case_id, DateKind.COMPLETE, day(25))


def test_unknown_days_and_cases_are_told(house: House) -> None:
    case_id, quarantined = house.arrives(), house.arrives_unreadable()
    with refused(ErrorCode.DATE_UNKNOWN):
        house.desk.dates.remove(case_id, "no-such")
    with refused(ErrorCode.DATE_UNKNOWN):
        house.desk.dates.enter(case_id, DateKind.FOLLOW_UP, day(30), date_id="no-such")
    with refused(ErrorCode.CASE_UNKNOWN):
        house.desk.dates.follow_up(CaseId("no-such"), day(30))
    with refused(ErrorCode.CASE_NOT_READABLE):
        house.desk.dates.follow_up(quarantined, day(30))
    assert house.desk.dates.target_on(quarantined) is None
    assert house.desk.dates.target_on(CaseId("no-such")) is None


def test_lists_follow_request_answer_and_a_second_look(house: House) -> None:
    case_id, other = house.arrives(), house.arrives()
    house.desk.cases.open(case_id)
    house.clock.pass_(days=1)
    house.desk.requesting.request(case_id, ["Nachweis"])
    assert house.status(case_id) is CaseStatus.REQUESTED
    assert listed(house, case_id) == day(9, 12)
    by_due = CaseQuery(view=CaseView.OPEN, order=CaseOrder.DUE)
    assert [row.case_id for row in house.desk.reads.list(by_due)] == [case_id, other]
    house.clock.pass_(days=10)
    house.arrives(case_id)
    assert listed(house, case_id) == TARGET  # early, until somebody looks
    house.desk.cases.open(case_id)
    assert due(house, case_id, DeadlineKind.PROCESSING) == date(2027, 1, 4)  # ten days later is New Year
    assert listed(house, case_id) == date(2027, 1, 4)
    assert [row.case_id for row in house.desk.reads.list(by_due)] == [other, case_id]
    assert house.desk.reads.counts(TARGET).due_today == 1
    assert house.store.ledger("auditor").verify_chain() > 0


def test_searches_know_deadline_and_reminder_and_only_a_deadline_is_missed(house: House) -> None:
    case_id, other = house.arrives(), house.arrives()
    house.desk.dates.follow_up(case_id, day(27))

    def found(text: str) -> set[CaseId]:
        return {row.case_id for row in house.desk.reads.list(CaseQuery(text=text))}

    assert found("frist:27.11.2026") == {case_id}
    assert found("frist:<7t") == {case_id}
    assert found("-frist:<7t") == {other}
    assert found("frist:22.12.2026") == {case_id, other}
    house.clock.pass_(days=4)
    assert found("frist:überfällig") == set()
    assert house.desk.reads.list(CaseQuery(due_before=day(28))) == []
    counts = house.desk.reads.counts(day(28))
    assert (counts.due_today, counts.overdue, counts.reminded) == (0, 0, 1)


def test_what_is_due_names_open_cases_and_reminders_of_all(house: House) -> None:
    closed, _entry = posted(house)
    open_case = house.arrives()
    house.desk.dates.follow_up(closed, day(26), "Gebühr eingegangen?")
    assert [(line.row.case_id, line.deadline.kind) for line in house.desk.dates.due(day(30))] == [
        (closed, DeadlineKind.FOLLOW_UP)
    ]
    lines = house.desk.dates.due(TARGET)
    assert [line.row.case_id for line in lines] == [closed, open_case]
    assert not lines[1].warned
    house.clock.pass_(days=21)  # 15 December: a week before the target
    (target,) = [each for each in house.desk.dates.due(TARGET) if each.row.case_id == open_case]
    assert target.warned


def log(house: House, on: date) -> list[tuple[str, date | None, date | None]]:
    return [(str(line.what), line.old, line.new) for line in house.desk.dates.log(on)]


def test_the_log_of_a_day_names_every_day_that_came_changed_or_went(house: House) -> None:
    case_id = house.arrives()
    made = house.desk.dates.follow_up(case_id, day(26), "anrufen")
    house.clock.pass_(minutes=1)
    house.desk.dates.enter(case_id, DateKind.FOLLOW_UP, day(27), "anrufen", date_id=made.date_id)
    assert set(log(house, TODAY)) == {
        ("follow-up", None, day(26)),
        ("follow-up", day(26), day(27)),
        ("processing", None, TARGET),
    }
    first = next(line for line in house.desk.dates.log(TODAY) if line.what is DateKind.FOLLOW_UP)
    assert (first.actor, first.text) == ("clerk", "anrufen")
    house.clock.pass_(days=1)
    house.desk.requesting.request(case_id, ["Nachweis"])
    lines = house.desk.dates.log(day(25))
    assert [(str(line.what), line.old, line.new) for line in lines] == [
        ("processing", TARGET, date(2027, 1, 5)),
        ("answer", None, day(9, 12)),
    ]
    assert all(line.deadline is not None and line.actor == "clerk" for line in lines)
    assert ("processing", None, TARGET) in log(house, TODAY)  # yesterday stays as it was
    assert log(house, day(23)) == []


def test_the_log_follows_a_decision_to_the_post_and_the_arrival_entered_later(house: House) -> None:
    case_id, _entry = posted(house)
    kinds = {(str(line.what), line.new) for line in house.desk.dates.log(TODAY)}
    assert kinds == {("notification", day(30)), ("appeal", day(30, 12))}
    house.clock.pass_(days=14)
    house.desk.dates.enter(case_id, DateKind.RECEIVED, day(7, 12))
    assert log(house, day(8, 12)) == [
        ("received", None, day(7, 12)),
        ("notification", day(30), day(7, 12)),
        ("appeal", day(30, 12), date(2027, 1, 7)),
    ]
    house.clock.pass_(days=1)
    house.desk.dates.remove(case_id, f"received:{_entry}", "verwechselt")
    (removed, *followed) = house.desk.dates.log(day(9, 12))
    assert isinstance(removed, DateLogLine)
    assert (removed.old, removed.new, removed.text) == (day(7, 12), None, "verwechselt")
    assert [line.new for line in followed] == [day(30), day(30, 12)]


def test_deadlines_and_the_log_follow_a_corrected_day_of_posting(house: House) -> None:
    case_id = house.arrives(channel=None)
    draft = house.desk.deciding.draft(case_id, Outcome.GRANTED, Wording())
    entry_id = house.desk.deciding.sign(draft, lambda: None).entry_id
    house.clock.pass_(days=3)
    house.desk.outbox.mark_posted(entry_id, day(27))
    assert due(house, case_id, DeadlineKind.NOTIFICATION) == day(1, 12)
    house.clock.pass_(days=1)
    house.desk.outbox.correct_posted(entry_id, day(25))

    assert due(house, case_id, DeadlineKind.NOTIFICATION) == day(30)
    assert ("notification", day(1, 12), day(30)) in log(house, day(28))
    assert ("notification", None, day(1, 12)) in log(house, day(27)), "the day before stays as it was"


def test_the_offices_midnight_divides_the_days(house: House) -> None:
    case_id = house.arrives()
    house.clock.time = house.clock.time.replace(hour=22, minute=59)  # 23:59 here
    house.desk.dates.follow_up(case_id, day(30), "spät")
    house.clock.pass_(minutes=2)
    house.desk.dates.follow_up(case_id, day(30), "früh")
    assert [line.text for line in house.desk.dates.log(TODAY) if line.what is DateKind.FOLLOW_UP] == ["spät"]
    assert [line.text for line in house.desk.dates.log(TODAY + timedelta(days=1))] == ["früh"]
