"""The deadlines of a case follow from what really happened in it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from clerk_app.domain.application import Application
from clerk_app.domain.case import CaseFile, CaseRow, CaseStatus, HistoryEvent
from clerk_app.domain.case_dates import as_of
from clerk_app.domain.deadlines import Deadline, DeadlineKind, PauseRule, ProcedureLaw, StepKind
from clerk_app.domain.ids import CaseId, DestinationId, EntryId, SubmissionId
from clerk_app.domain.localized import Localized
from clerk_app.domain.outbox import OutboxEntry, OutboxKind, OutboxState, Receipt
from clerk_app.domain.service_package import ServiceDescription
from clerk_app.services.deadlines import CaseDeadlines
from clerk_app.services.state_profile import HolidayCalendar, load_state

ARRIVED = datetime(2026, 2, 2, 9, tzinfo=UTC)
SERVICE = ServiceDescription(
    "99", Localized({"de": "Leistung"}), ProcedureLaw.VWVFG, processing_days=28, answer_days=14
)
SAXONY = CaseDeadlines(load_state("SN"), HolidayCalendar("SN"))
MAILBOX = "idBundDeMailbox"


def at(day: int, month: int = 2) -> datetime:
    return datetime(2026, month, day, 9, tzinfo=UTC)


def application(when: datetime) -> Application:
    return Application(
        SubmissionId(when.isoformat()), CaseId("c"), DestinationId("d"), "amt24", None, None, None, b"{}",
        "application/json", "0" * 128, {}, (), when,
    )  # fmt: skip


def case(*answers: datetime, outgoing: Any = (), history: Any = ()) -> CaseFile:
    row = CaseRow(
        1, CaseId("c"), "ref", "s", None, "a", "m", ARRIVED, None, CaseStatus.NEW, "amt24", None, 0, True
    )
    applications = tuple(application(when) for when in (ARRIVED, *answers))
    return CaseFile(row, applications, (), tuple(history), tuple(outgoing), (), "token")


def entry(
    kind: OutboxKind, state: OutboxState, when: datetime, key: str = "e", channel: str | None = MAILBOX
) -> OutboxEntry:
    return OutboxEntry(EntryId(key), CaseId("c"), kind, channel, "amt24", state, when, when, when)


def request(when: datetime, state: OutboxState = OutboxState.DELIVERED, key: str = "r") -> OutboxEntry:
    return entry(OutboxKind.DOCUMENT_REQUEST, state, when, key)


def said(
    kind: str, on: str, *, entry_id: str | None = None, date_id: str = "x", text: str = ""
) -> HistoryEvent:
    details = {"date_id": date_id, "kind": kind, "on": on, "text": text}
    return HistoryEvent(at(20), "clerk", "date-set", details | ({"entry_id": entry_id} if entry_id else {}))


def found(
    kind: DeadlineKind, shown: CaseFile, service: ServiceDescription = SERVICE, **more: Any
) -> Deadline | None:
    every = [each for each in SAXONY.of_case(shown, service, **more) if each.kind is kind]
    return every[0] if every else None


def due(
    kind: DeadlineKind, shown: CaseFile, service: ServiceDescription = SERVICE, **more: Any
) -> date | None:
    deadline = found(kind, shown, service, **more)
    return None if deadline is None else deadline.due_on


TARGET, NOTIFIED, APPEAL = DeadlineKind.PROCESSING, DeadlineKind.NOTIFICATION, DeadlineKind.APPEAL


def test_the_target_waits_for_the_answer_as_long_as_it_took() -> None:
    assert due(TARGET, case()) == date(2026, 3, 2)
    shown = case(at(16), outgoing=[request(at(9))])
    assert due(TARGET, shown) == date(2026, 3, 9)
    assert found(TARGET, shown).paused_until == date(2026, 2, 16)  # type: ignore[union-attr]


def test_it_waits_no_longer_than_the_applicant_had_time() -> None:
    silent, late = case(outgoing=[request(at(9))]), case(at(30, 3), outgoing=[request(at(9))])
    assert due(TARGET, silent) == due(TARGET, late) == date(2026, 3, 16)


def test_a_service_may_begin_anew_or_run_on() -> None:
    shown = case(at(16), outgoing=[request(at(9))])
    assert due(TARGET, shown, replace(SERVICE, pause=PauseRule.RESTART)) == date(2026, 3, 16)
    assert due(TARGET, shown, replace(SERVICE, pause=PauseRule.NONE)) == date(2026, 3, 2)


@pytest.mark.parametrize("state", [OutboxState.WITHDRAWN, OutboxState.RETURNED])
def test_what_never_reached_the_applicant_stops_no_clock(state: OutboxState) -> None:
    assert due(TARGET, case(outgoing=[request(at(9), state)])) == date(2026, 3, 2)
    assert due(DeadlineKind.ANSWER, case(outgoing=[request(at(9), state)])) is None


def test_the_way_it_went_decides_when_it_is_notified() -> None:
    posted = replace(
        entry(OutboxKind.DECISION, OutboxState.POSTED, at(5), channel=None), posted_on=date(2026, 2, 2)
    )
    assert found(NOTIFIED, case(outgoing=[posted])).steps[0].kind is StepKind.POSTED  # type: ignore[union-attr]
    assert due(NOTIFIED, case(outgoing=[posted])) == date(2026, 2, 6)
    receipt = Receipt("accept", "j", datetime(2026, 2, 2, 23, 30, tzinfo=UTC), "t")  # half past midnight here
    delivered = replace(entry(OutboxKind.DECISION, OutboxState.DELIVERED, at(5)), receipt=receipt)
    shown = found(NOTIFIED, case(outgoing=[delivered]))
    assert shown is not None
    assert (shown.steps[0].kind, shown.due_on) == (StepKind.PROVIDED, date(2026, 2, 7))
    assert shown.entry_id == "e"
    reply = replace(delivered, channel="fitConnect")
    assert found(NOTIFIED, case(outgoing=[reply])).steps[0].kind is StepKind.SENT  # type: ignore[union-attr]


def test_handed_over_but_not_proven_is_an_assumption() -> None:
    submitted = entry(OutboxKind.DECISION, OutboxState.SUBMITTED, at(2))
    deadlines = SAXONY.of_case(case(outgoing=[submitted]), SERVICE)
    assert [each.assumed for each in deadlines] == [True, True]


def test_what_went_by_post_after_all_is_a_letter() -> None:
    posted = replace(entry(OutboxKind.DECISION, OutboxState.POSTED, at(5)), posted_on=date(2026, 2, 9))
    assert found(NOTIFIED, case(outgoing=[posted])).basis == "§ 41 Absatz 2 VwVfG"  # type: ignore[union-attr]


def test_a_clerk_knows_better_when_it_was_fetched_or_arrived() -> None:
    posted = replace(
        entry(OutboxKind.DECISION, OutboxState.POSTED, at(2), channel=None), posted_on=date(2026, 2, 2)
    )
    late = case(outgoing=[posted], history=[said("received", "2026-02-16", entry_id="e")])
    assert (due(NOTIFIED, late), due(APPEAL, late)) == (date(2026, 2, 16), date(2026, 3, 16))
    early = case(outgoing=[posted], history=[said("received", "2026-02-04", entry_id="e")])
    assert due(NOTIFIED, early) == date(2026, 2, 6)
    other = case(outgoing=[posted], history=[said("received", "2026-02-16", entry_id="another")])
    assert due(NOTIFIED, other) == date(2026, 2, 6)
    delivered = entry(OutboxKind.DECISION, OutboxState.DELIVERED, at(2))
    fetched = case(outgoing=[delivered], history=[said("retrieved", "2026-02-03", entry_id="e")])
    assert due(NOTIFIED, fetched) == date(2026, 2, 3)
    assert found(NOTIFIED, fetched).assumed  # type: ignore[union-attr]


def test_without_a_correct_appeal_notice_it_is_a_year() -> None:
    posted = replace(
        entry(OutboxKind.DECISION, OutboxState.POSTED, at(2), channel=None), posted_on=date(2026, 2, 2)
    )
    shown = case(outgoing=[posted], history=[said("uninstructed", "2026-02-20", entry_id="e")])
    assert due(APPEAL, shown) == date(2027, 2, 8)
    assert found(APPEAL, shown).basis == "§ 58 Absatz 2 VwGO"  # type: ignore[union-attr]
    certificate = replace(SERVICE, appeal="civil-status")
    assert due(APPEAL, shown, certificate) is None


def test_a_letter_abroad_waits_for_its_real_arrival() -> None:
    posted = replace(
        entry(OutboxKind.DECISION, OutboxState.POSTED, at(2), channel=None), posted_on=date(2026, 2, 2)
    )
    shown = case(outgoing=[posted])
    assert found(NOTIFIED, shown, abroad=True).steps[-1].kind is StepKind.ARRIVAL_NEEDED  # type: ignore[union-attr]
    assert due(APPEAL, shown, abroad=True) is None
    arrived = case(outgoing=[posted], history=[said("received", "2026-02-20", entry_id="e")])
    assert due(APPEAL, arrived, abroad=True) == date(2026, 3, 20)
    social = replace(SERVICE, procedure_law=ProcedureLaw.SGB_X, appeal="social-objection")
    assert due(APPEAL, arrived, social, abroad=True) == date(2026, 5, 20)
    tax = replace(SERVICE, procedure_law=ProcedureLaw.AO, appeal="tax-objection")
    assert due(NOTIFIED, shown, tax, abroad=True) == date(2026, 3, 2)


def test_a_letter_the_post_brought_back_notified_nobody() -> None:
    posted = replace(
        entry(OutboxKind.DECISION, OutboxState.POSTED, at(2), channel=None), posted_on=date(2026, 2, 2)
    )
    shown = case(outgoing=[posted], history=[said("undelivered", "2026-02-10", entry_id="e")])
    assert found(NOTIFIED, shown).steps[-1].kind is StepKind.CAME_BACK  # type: ignore[union-attr]
    assert due(APPEAL, shown) is None


def test_a_decision_that_came_back_or_was_left_behind_notifies_nobody() -> None:
    returned = entry(OutboxKind.DECISION, OutboxState.RETURNED, at(9))
    assert due(NOTIFIED, case(outgoing=[returned])) is None
    assert due(TARGET, case(outgoing=[returned])) == date(2026, 3, 2)
    posted = entry(OutboxKind.DECISION, OutboxState.POSTED, at(9), channel=None)
    reopened = HistoryEvent(at(12), "clerk", "reopened", {})
    assert due(NOTIFIED, case(outgoing=[posted], history=[reopened])) is None
    again = entry(OutboxKind.DECISION, OutboxState.POSTED, at(16), "e2", None)
    assert due(NOTIFIED, case(outgoing=[posted, again], history=[reopened])) == date(2026, 2, 20)


def test_fiction_only_where_the_service_says_so_and_only_from_complete_documents() -> None:
    fiction, service = DeadlineKind.FICTION, replace(SERVICE, fiction_months=3)
    assert due(fiction, case()) is None
    assert due(fiction, case(), service) == date(2026, 5, 2)
    assert found(fiction, case(), service).assumed  # type: ignore[union-attr]
    assert due(fiction, case(outgoing=[request(at(9))]), service) is None
    assert due(fiction, case(at(16), outgoing=[request(at(9))]), service) == date(2026, 5, 16)
    confirmed = case(history=[said("complete", "2026-02-10")])
    assert due(fiction, confirmed, service) == date(2026, 5, 10)
    put_off = case(history=[said("extension", "2026-06-15", text="schwierig")])
    assert due(fiction, put_off, service) == date(2026, 6, 15)
    too_early = case(history=[said("extension", "2026-03-15", text="schwierig")])
    assert due(fiction, too_early, service) == date(2026, 5, 2)
    on_its_way = case(outgoing=[entry(OutboxKind.DECISION, OutboxState.QUEUED, at(9))])
    assert due(fiction, on_its_way, service) == date(2026, 5, 2)  # a clerk must see it coming
    assert due(TARGET, on_its_way, service) is None


def test_a_hearing_has_its_day_and_stops_no_clock() -> None:
    asked = entry(OutboxKind.DOCUMENT_REQUEST, OutboxState.DELIVERED, at(9), "h")
    hearing = replace(asked, kind=OutboxKind.LETTER)
    details = {"entry_id": "h", "due_on": "2026-02-25", "structured": {"kind": "hearing"}}
    queued = HistoryEvent(at(9), "clerk", "queued", details)
    shown = case(outgoing=[hearing], history=[queued])
    assert due(DeadlineKind.HEARING, shown) == date(2026, 2, 25)
    assert due(TARGET, shown) == date(2026, 3, 2)
    assert (
        due(DeadlineKind.HEARING, replace(shown, applications=(*shown.applications, application(at(16)))))
        is None
    )


@pytest.mark.parametrize(
    ("kind", "due_on", "expected"),
    [
        ("notification", "2026-02-25", date(2026, 2, 25)),
        ("notification", None, None),
        ("interimNotice", None, None),
        ("receipt", None, None),
    ],
)
def test_a_message_with_a_day_waits_for_its_answer(
    kind: str, due_on: str | None, expected: date | None
) -> None:
    letter = replace(
        entry(OutboxKind.DOCUMENT_REQUEST, OutboxState.DELIVERED, at(9), "m"), kind=OutboxKind.LETTER
    )
    details = {"entry_id": "m", "due_on": due_on, "structured": {"kind": kind}}
    shown = case(outgoing=[letter], history=[HistoryEvent(at(9), "clerk", "queued", details)])
    assert due(DeadlineKind.ANSWER, shown) == expected
    assert due(TARGET, shown) == date(2026, 3, 2)
    answered = replace(shown, applications=(*shown.applications, application(at(16))))
    assert due(DeadlineKind.ANSWER, answered) is None


def test_a_clerks_own_days_stand_until_they_are_done() -> None:
    history = [said("follow-up", "2026-03-01", text="nachfragen"), said("manual", "2026-02-27", date_id="y")]
    shown = case(history=history)
    follow_up = found(DeadlineKind.FOLLOW_UP, shown)
    assert follow_up is not None
    assert (follow_up.due_on, follow_up.text, follow_up.date_id) == (date(2026, 3, 1), "nachfragen", "x")
    assert due(DeadlineKind.MANUAL, shown) == date(2026, 2, 27)
    done = HistoryEvent(at(21), "clerk", "date-done", {"date_id": "x"})
    removed = HistoryEvent(at(21), "clerk", "date-removed", {"date_id": "y"})
    assert due(DeadlineKind.FOLLOW_UP, case(history=[*history, done])) is None
    assert due(DeadlineKind.MANUAL, case(history=[*history, removed])) is None
    broken = HistoryEvent(at(21), "clerk", "date-set", {"date_id": "z", "kind": "no-such", "on": "?"})
    assert due(DeadlineKind.FOLLOW_UP, case(history=[*history, broken])) == date(2026, 3, 1)


def test_early_warnings_stand_before_the_offices_own_dates() -> None:
    warnings = [each.due_on for each in SAXONY.of_case(case(), SERVICE) if each.kind is DeadlineKind.WARNING]
    assert warnings == [date(2026, 2, 23)]
    assert due(DeadlineKind.WARNING, case(), replace(SERVICE, warning_days=0)) is None


def test_a_case_can_be_seen_as_it_was() -> None:
    posted = replace(
        entry(OutboxKind.DECISION, OutboxState.POSTED, at(9), channel=None),
        changed_at=at(11),
        posted_on=date(2026, 2, 10),
    )
    history = [
        HistoryEvent(at(9), "clerk", "queued", {"entry_id": "e", "state": "TO_POST"}),
        HistoryEvent(at(11), "clerk", "moved", {"entry_id": "e", "to": "POSTED"}),
    ]
    shown = case(at(16), outgoing=[posted], history=history)
    before = as_of(shown, at(8))
    waiting = as_of(shown, at(10))
    assert before is not None
    assert waiting is not None
    assert (len(before.applications), before.outgoing, before.history) == (1, (), ())
    assert waiting.outgoing[0].state is OutboxState.TO_POST
    assert due(NOTIFIED, waiting) is None
    assert as_of(shown, at(12)) == replace(shown, applications=shown.applications[:1])
    assert as_of(shown, ARRIVED - timedelta(seconds=1)) is None
