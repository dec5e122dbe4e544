"""Status, lists, counts: one truth, however it is asked for."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from clerk_app.domain.case import CaseOrder, CaseQuery, CaseRow, CaseStatus, CaseView
from clerk_app.domain.ids import CaseId
from clerk_app.domain.ledger import Act, ActKind
from clerk_app.domain.outbox import OutboxKind, OutboxState, RemoteRef
from clerk_app.store.home import Store
from clerk_app.store.overlay import JOINED, VIEW_STATUSES
from clerk_app.store.reads import _ROW
from tests.store.making import MAILBOX, START, SteppingClock, make_opened, make_outgoing, page

S = OutboxState
REMOTE = RemoteRef("r", "c")


class Desk:
    """A clerk and a portal on one store."""

    def __init__(self, store: Store, clock: SteppingClock) -> None:
        self.store = store
        self.clock = clock
        self.reads = store.reads()
        self.intake = store.intake()
        self.ledger = store.ledger("anna")

    def arrive(
        self, case_id: str | None = None, due_on: date | None = None, applicant: str = "Anna"
    ) -> CaseId:
        at = self.clock.now()
        opened, facts = make_opened(case_id=case_id, at=at, due_on=due_on, applicant=applicant)
        object.__setattr__(opened.original, "fetched_at", at)
        self.intake.store(MAILBOX, page((opened, facts)))
        return opened.application.case_id

    def act(self, kind: ActKind, case_id: CaseId) -> None:
        with self.ledger.transaction("act") as write:
            write.append(Act(kind, case_id))

    def queue(self, case_id: CaseId, kind: OutboxKind, *states: OutboxState) -> None:
        outgoing = make_outgoing(case_id, kind=kind, at=self.clock.now())
        with self.ledger.transaction("queue") as write:
            write.queue(outgoing, self.clock.now())
            for state in states:
                write.move(outgoing.entry_id, state)

    def decide(self, case_id: CaseId, *states: OutboxState) -> None:
        self.queue(case_id, OutboxKind.DECISION, *states)

    def ask(self, case_id: CaseId, *states: OutboxState) -> None:
        self.queue(case_id, OutboxKind.DOCUMENT_REQUEST, *states)

    def look(self, case_id: CaseId) -> tuple[CaseStatus, bool]:
        row = self.reads.row(case_id)
        assert row is not None
        return row.status, row.unread


@pytest.fixture
def desk(store: Store, clock: SteppingClock) -> Desk:
    return Desk(store, clock)


def test_looking_makes_a_case_in_review_and_marking_makes_it_new(desk: Desk) -> None:
    case_id = desk.arrive()
    assert desk.look(case_id) == (CaseStatus.NEW, True)
    desk.act(ActKind.OPENED, case_id)
    assert desk.look(case_id) == (CaseStatus.IN_REVIEW, False)
    desk.act(ActKind.NOTED, case_id)
    assert desk.look(case_id) == (CaseStatus.IN_REVIEW, False)
    desk.act(ActKind.UNREAD, case_id)
    assert desk.look(case_id) == (CaseStatus.NEW, True)


def test_a_request_waits_until_an_answer_arrives(desk: Desk) -> None:
    case_id = desk.arrive()
    desk.act(ActKind.OPENED, case_id)
    desk.ask(case_id)
    assert desk.look(case_id) == (CaseStatus.REQUESTED, False)
    desk.arrive(case_id)
    assert desk.look(case_id) == (CaseStatus.ANSWERED, True)
    desk.act(ActKind.OPENED, case_id)
    assert desk.look(case_id) == (CaseStatus.ANSWERED, False)
    desk.ask(case_id)
    assert desk.look(case_id) == (CaseStatus.REQUESTED, False)


def test_a_withdrawn_request_never_happened(desk: Desk) -> None:
    case_id = desk.arrive()
    desk.act(ActKind.OPENED, case_id)
    desk.ask(case_id, S.WITHDRAWN)
    assert desk.look(case_id) == (CaseStatus.IN_REVIEW, False)


def test_something_unasked_is_an_answer_until_it_was_looked_at(desk: Desk) -> None:
    case_id = desk.arrive()
    desk.act(ActKind.OPENED, case_id)
    desk.arrive(case_id)
    assert desk.look(case_id) == (CaseStatus.ANSWERED, True)
    desk.act(ActKind.OPENED, case_id)
    assert desk.look(case_id) == (CaseStatus.IN_REVIEW, False)


@pytest.mark.parametrize(
    ("states", "expected"),
    [
        ((), CaseStatus.DECIDED),
        ((S.ANNOUNCED,), CaseStatus.DECIDED),
        ((S.ANNOUNCED, S.IN_DOUBT), CaseStatus.DECIDED),
        ((S.ANNOUNCED, S.UPLOADED, S.SUBMITTED), CaseStatus.DECIDED),
        ((S.ANNOUNCED, S.DELIVERED), CaseStatus.CLOSED),
        ((S.TO_POST,), CaseStatus.DECIDED),
        ((S.TO_POST, S.POSTED), CaseStatus.CLOSED),
        ((S.RETURNED,), CaseStatus.RETURNED),
        ((S.WITHDRAWN,), CaseStatus.REQUESTED),
        ((S.RETURNED, S.WITHDRAWN), CaseStatus.REQUESTED),
    ],
)
def test_the_decision_counts_before_whose_turn_it_is(
    desk: Desk, states: tuple[OutboxState, ...], expected: CaseStatus
) -> None:
    case_id = desk.arrive()
    desk.ask(case_id)
    desk.decide(case_id, *states)
    assert desk.look(case_id)[0] is expected


def test_reopening_a_closed_case_brings_it_back(desk: Desk) -> None:
    case_id = desk.arrive()
    desk.decide(case_id, S.ANNOUNCED, S.DELIVERED)
    desk.intake.synced(MAILBOX, START)
    assert list(desk.reads.ids(CaseQuery(view=CaseView.OPEN))) == []
    desk.act(ActKind.REOPENED, case_id)
    assert desk.look(case_id)[0] is CaseStatus.IN_REVIEW
    assert [row.case_id for row in desk.reads.list(CaseQuery(view=CaseView.OPEN))] == [case_id]
    assert desk.reads.list(CaseQuery(view=CaseView.ARCHIVE)) == []
    assert desk.reads.counts(START.date()).by_view[CaseView.OPEN] == 1


TODAY = date(2026, 12, 1)


@pytest.fixture
def busy(desk: Desk) -> Desk:
    """Sixty cases in every state, part of them handed to the cache as closed."""
    chance = random.Random(7)
    endings = [
        (),
        (S.WITHDRAWN,),
        (S.RETURNED,),
        (S.TO_POST,),
        (S.TO_POST, S.POSTED),
        (S.ANNOUNCED, S.DELIVERED),
    ]
    for number in range(60):
        due = chance.choice([None, TODAY - timedelta(days=2), TODAY, TODAY + timedelta(days=2)])
        case_id = desk.arrive(due_on=due, applicant=chance.choice(["Đorđević", "Müller", "Zöller", "Abel"]))
        if chance.random() < 0.7:
            desk.act(ActKind.OPENED, case_id)
        if chance.random() < 0.3:
            desk.ask(case_id)
            if chance.random() < 0.5:
                desk.arrive(case_id)
        if chance.random() < 0.5:
            desk.decide(case_id, *chance.choice(endings))
        if number == 30:
            desk.intake.synced(MAILBOX, START)
        if chance.random() < 0.1:
            desk.act(ActKind.REOPENED, case_id)
    return desk


def test_counts_and_lists_agree_with_the_rows(busy: Desk) -> None:
    rows = busy.reads.list(CaseQuery())
    assert len(rows) == 60
    by_status = Counter(row.status for row in rows)
    assert len(by_status) >= 7, "the mixture should hold nearly every status"
    counts = busy.reads.counts(TODAY, "anna")
    for view, statuses in VIEW_STATUSES.items():
        expected = [row for row in rows if row.status in statuses]
        if view is CaseView.MINE:
            expected = [row for row in expected if row.assigned_to == "anna"]
            assert expected
        assert busy.reads.list(CaseQuery(view=view, actor="anna")) == expected
        assert counts.by_view[view] == len(expected)
    for status in CaseStatus:
        expected = [row for row in rows if row.status is status]
        assert busy.reads.list(CaseQuery(status=status)) == expected
        assert busy.reads.list(CaseQuery(text=f"status:{status.value}")) == expected
        assert busy.reads.list(CaseQuery(text=f"-status:{status.value}")) == [
            row for row in rows if row.status is not status
        ]
    still_open = [row for row in rows if row.status in VIEW_STATUSES[CaseView.OPEN] and row.due_on]
    overdue = [row for row in still_open if row.due_on and row.due_on < TODAY]
    assert counts.overdue == len(overdue)
    assert counts.due_today == sum(row.due_on == TODAY for row in still_open)
    busy.clock.at = busy.clock.at.replace(year=TODAY.year, month=TODAY.month, day=TODAY.day)
    assert busy.reads.list(CaseQuery(text="frist:überfällig")) == overdue
    assert busy.reads.list(CaseQuery(text="-frist:überfällig")) == [r for r in rows if r not in overdue]


def test_every_order_and_filter_of_every_view(busy: Desk) -> None:
    for view in CaseView:
        check_orders_and_filters(busy, view)


def check_orders_and_filters(busy: Desk, view: CaseView) -> None:
    rows = busy.reads.list(CaseQuery(view=view))
    assert rows == sorted(rows, key=lambda row: row.arrived_at, reverse=True)
    by_due = busy.reads.list(CaseQuery(view=view, order=CaseOrder.DUE))
    assert by_due == sorted(rows, key=lambda row: (row.due_on is None, row.due_on or TODAY, row.row_id))
    by_name = busy.reads.list(CaseQuery(view=view, order=CaseOrder.APPLICANT))
    names = {"Abel": 0, "Đorđević": 1, "Müller": 2, "Zöller": 3}
    assert by_name == sorted(rows, key=lambda row: (names[row.applicant], row.row_id))
    keys: dict[CaseOrder, Callable[[CaseRow], Any]] = {
        CaseOrder.NEWEST: lambda row: -row.row_id,
        CaseOrder.SERVICE: lambda row: row.service,
        CaseOrder.MUNICIPALITY: lambda row: row.municipality,
        CaseOrder.REFERENCE: lambda row: row.case_reference,
        CaseOrder.STATUS: lambda row: list(CaseStatus).index(row.status),
        CaseOrder.ATTACHMENTS: lambda row: row.attachment_count,
        CaseOrder.PORTAL: lambda row: row.portal,
    }
    for order, key in keys.items():
        assert busy.reads.list(CaseQuery(view=view, order=order)) == sorted(rows, key=key)
        turned = busy.reads.list(CaseQuery(view=view, order=order, reverse=True))
        assert turned == sorted(rows, key=key, reverse=True) or order is not CaseOrder.NEWEST
        assert [key(row) for row in turned] == sorted(map(key, rows), reverse=True)
    for reverse in (False, True):
        held = busy.reads.list(CaseQuery(view=view, order=CaseOrder.ASSIGNED, reverse=reverse))
        names_held = [row.assigned_to for row in held if row.assigned_to is not None]
        assert names_held == sorted(names_held, reverse=reverse)
        assert all(row.assigned_to is None for row in held[len(names_held) :]), "nobody's come last"
        late = busy.reads.list(CaseQuery(view=view, order=CaseOrder.DUE, reverse=reverse))
        assert {row.row_id for row in late} == {row.row_id for row in rows}
        days = [row.due_on for row in late if row.due_on is not None]
        assert days == sorted(days, reverse=reverse)
    assert busy.reads.list(CaseQuery(view=view, limit=4)) == rows[:4]
    assert busy.reads.list(CaseQuery(view=view, unread_only=True)) == [row for row in rows if row.unread]
    assert busy.reads.list(CaseQuery(view=view, text="ist:ungelesen")) == [row for row in rows if row.unread]
    assert busy.reads.list(CaseQuery(view=view, due_before=TODAY)) == [
        row for row in rows if row.due_on and row.due_on < TODAY
    ]
    assert busy.reads.list(CaseQuery(view=view, text="mueller")) == [
        row for row in rows if row.applicant == "Müller"
    ]
    assert busy.reads.list(CaseQuery(view=view, with_attachments_only=True)) == [
        row for row in rows if row.attachment_count
    ]


def test_a_rows_reminder_is_looked_up_in_its_case_not_among_all_of_its_day(busy: Desk) -> None:
    row = f"EXPLAIN QUERY PLAN SELECT {_ROW} FROM {JOINED} WHERE c.id IN (1, 2)"
    plan = [str(step[3]) for step in busy.reads._connection.rows(row)]
    assert [step for step in plan if " d " in step] == [
        "SEARCH d USING INDEX case_date_by_case (case_id=?)"
    ], plan


def test_rows_come_in_the_order_asked_and_lost_ones_are_left_out(busy: Desk) -> None:
    ids = list(busy.reads.ids(CaseQuery()))
    wanted = [ids[5], 12345, ids[2], ids[40]]
    assert [row.row_id for row in busy.reads.rows(wanted)] == [ids[5], ids[2], ids[40]]


def test_finding_by_id_and_reference(busy: Desk) -> None:
    row = busy.reads.list(CaseQuery())[7]
    for text in (row.case_id, row.case_id.upper(), row.case_reference, f" {row.case_reference.lower()} "):
        assert busy.reads.find(text) == [row.case_id]
    assert busy.reads.find(row.case_id[:13]) == [row.case_id]
    assert busy.reads.find(row.case_reference[:9].lower()) == [row.case_id]
    assert len(busy.reads.find("2026-")) == 10, "ambiguous: at most ten"
    for nothing in ("", " ", "%", "' OR 1=1 --", "müller", "zzzz", "_"):
        assert busy.reads.find(nothing) == []


def test_the_outbox_is_counted_by_what_it_needs(desk: Desk) -> None:
    for states in (
        (),
        (S.ANNOUNCED,),
        (S.RETURNED,),
        (S.TO_POST,),
        (S.WITHDRAWN,),
        (S.ANNOUNCED, S.DELIVERED),
    ):
        desk.decide(desk.arrive(), *states)
    counts = desk.reads.counts(TODAY)
    assert (counts.outbox_waiting, counts.outbox_attention) == (2, 2)
    entries = desk.reads.outbox()
    assert [entry.state for entry in entries] == [
        S.DELIVERED, S.WITHDRAWN, S.TO_POST, S.RETURNED, S.ANNOUNCED, S.QUEUED,
    ]  # fmt: skip
    assert len(desk.reads.outbox(include_final=False)) == 4


def test_the_change_token_follows_what_a_decision_rests_on(desk: Desk) -> None:
    case_id = desk.arrive()

    def token() -> str:
        found = desk.reads.case_file(case_id)
        assert found is not None
        return found.change_token

    first = token()
    for kind in (ActKind.OPENED, ActKind.NOTED, ActKind.CHECKED, ActKind.DRAFTED):
        desk.act(kind, case_id)
    assert token() == first
    desk.ask(case_id)
    asked = token()
    assert asked != first
    desk.arrive(case_id)
    answered = token()
    assert answered not in (first, asked)
    desk.decide(case_id)
    assert token() not in (first, asked, answered)


def test_the_timeline_holds_both_words_in_order(desk: Desk) -> None:
    case_id = desk.arrive()
    desk.act(ActKind.OPENED, case_id)
    desk.ask(case_id)
    desk.arrive(case_id)
    desk.decide(case_id)
    found = desk.reads.case_file(case_id)
    assert found is not None
    assert [event.kind for event in found.history] == [
        "portal:submit-submission", "opened", "queued", "portal:submit-submission", "queued",
    ]  # fmt: skip
    assert found.history[2].details["kind"] == "document-request"
    assert [entry.kind.value for entry in found.outgoing] == ["document-request", "decision"]
    assert [document.kind for document in found.issued] == ["document-request", "decision"]
    assert desk.reads.case_file(CaseId("unknown")) is None
