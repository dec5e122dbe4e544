"""The gap list: nothing asked for is ever forgotten, nothing is ticked off silently wrong."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from clerk_app.domain.application import Application, Attachment
from clerk_app.domain.case import AttachmentKey, CaseAttachment, CaseFile, CaseRow, CaseStatus, HistoryEvent
from clerk_app.domain.deadlines import PauseRule, ProcedureLaw
from clerk_app.domain.gaps import (
    GapItem,
    GapList,
    GapOrigin,
    GapState,
    RequestItem,
    evidence_said,
    reminder_level,
)
from clerk_app.domain.ids import AttachmentId, CaseId, DestinationId, DocumentId, EntryId, SubmissionId
from clerk_app.domain.localized import Localized
from clerk_app.domain.outbox import OutboxEntry, OutboxKind, OutboxState
from clerk_app.domain.service_package import (
    CheckLevel,
    CheckPoint,
    CheckResult,
    EvidenceKind,
    ServiceDescription,
)
from clerk_app.services.deadlines import CaseDeadlines
from clerk_app.services.gaps import GapMatter, gap_list
from clerk_app.services.rules.language import parse_rule
from clerk_app.services.state_profile import HolidayCalendar, load_state

ARRIVED = datetime(2026, 2, 2, 9, tzinfo=UTC)
CASE = CaseId("c")
DEADLINES = CaseDeadlines(load_state("SN"), HolidayCalendar("SN"))
TODAY = date(2026, 2, 12)
M, A, R, S, W = GapState.MISSING, GapState.ASKED, GapState.ARRIVED, GapState.SETTLED, GapState.WAIVED


def words(text: str) -> Localized:
    return Localized({"de": text})


def kind(key: str, *keywords: str, required: bool = True) -> EvidenceKind:
    return EvidenceKind(key, words(key.title()), words(f"Bitte: {key}"), keywords or (key,), required)


CHIP = CheckPoint(
    "chip",
    parse_rule("present(hund.chip)"),
    words("da"),
    words("Die Chipnummer fehlt."),
    ask=words("Chipnummer?"),
)
SERVICE = ServiceDescription(
    "99",
    words("Leistung"),
    ProcedureLaw.VWVFG,
    processing_days=28,
    answer_days=14,
    evidence=(
        kind("lease", "mietvertrag"),
        kind("pay", "lohn", "gehalt"),
        kind("id", "ausweis"),
        kind("photo"),
    ),
    check_points=(CHIP,),
)
ALL = frozenset({"lease", "pay", "id", "photo"})


def at(day: int, month: int = 2) -> datetime:
    return datetime(2026, month, day, 9, tzinfo=UTC)


def application(when: datetime, *names: str, said: Any = None) -> Application:
    submission = SubmissionId(when.isoformat())
    attachments = tuple(
        Attachment(AttachmentId(f"{submission}/{name}"), name, "application/pdf", 1, "0" * 128)
        for name in names
    )
    content = json.dumps({} if said is None else {"nachreichung": {"unterlagen": said}}).encode()
    return Application(
        submission, CASE, DestinationId("d"), "amt24", None, None, None, content, "application/json",
        "0" * 128, {}, attachments, when,
    )  # fmt: skip


class Story:
    """A case as it goes on."""

    def __init__(self, *names: str) -> None:
        self.applications = [application(ARRIVED, *names)]
        self.outgoing: list[OutboxEntry] = []
        self.history: list[HistoryEvent] = []
        self.required = ALL
        self.checks: tuple[CheckResult, ...] = ()
        self.told: dict[str, frozenset[SubmissionId]] = {}

    def asks(
        self,
        when: datetime,
        *items: RequestItem | GapItem | str,
        state: OutboxState = OutboxState.DELIVERED,
        due: date | None = None,
        basis: bool = True,
    ) -> EntryId:
        key = EntryId(f"r{len(self.outgoing)}")
        seen = tuple(each.submission_id for each in self.applications) if basis else ()
        frozen = [
            (
                RequestItem(i)
                if isinstance(i, str)
                else i
                if isinstance(i, RequestItem)
                else RequestItem.of(i)
            ).frozen()
            for i in items
        ]
        self.outgoing.append(
            OutboxEntry(
                key, CASE, OutboxKind.DOCUMENT_REQUEST, None, "amt24", state, when, when, when, basis=seen
            )
        )
        details = {"entry_id": key, "structured": {"items": frozen}, "due_on": due and due.isoformat()}
        self.history.append(HistoryEvent(when, "clerk", "queued", details))
        return key

    def answers(self, when: datetime, *names: str, said: Any = None) -> Application:
        self.applications.append(application(when, *names, said=said))
        return self.applications[-1]

    def says(self, when: datetime, name: str, state: GapState, reason: str = "", text: str = "") -> None:
        origin, _, key = name.partition(":")
        seen = [each.submission_id for each in self.applications]
        details = {
            "origin": origin,
            "key": key,
            "state": state.value,
            "reason": reason,
            "text": text,
            "seen": seen,
        }
        self.history.append(HistoryEvent(when, "Petra", "gap-settled", details))

    def case(self) -> CaseFile:
        row = CaseRow(
            1, CASE, "ref", "s", None, "a", "m", ARRIVED, None, CaseStatus.NEW, "amt24", None, 0, True
        )
        attachments = tuple(
            CaseAttachment(item, each.submission_id, DocumentId("x"), each.submitted_at)
            for each in self.applications
            for item in each.attachments
        )
        return CaseFile(
            row, tuple(self.applications), attachments, tuple(self.history), tuple(self.outgoing), (), "t"
        )

    def list(self, today: date = TODAY, service: ServiceDescription = SERVICE) -> GapList:
        matter = GapMatter(self.case(), service, self.checks, self.required, self.told)
        return gap_list(matter, DEADLINES, today)

    def states(self) -> dict[str, GapState]:
        return {item.gap_id: item.state for item in self.list().items}


def missing_chip() -> tuple[CheckResult, ...]:
    return (CheckResult("chip", CheckLevel.WARN, words("Die Chipnummer fehlt.")),)


def test_what_the_service_wants_and_nobody_sent_is_missing_in_its_order() -> None:
    story = Story("Mietvertrag.pdf")
    story.checks = missing_chip()

    found = story.list()

    assert [(item.gap_id, item.state) for item in found.items] == [
        ("evidence:lease", R),
        ("evidence:pay", M),
        ("evidence:id", M),
        ("evidence:photo", M),
        ("statement:chip", M),
    ]
    assert [item.text for item in found.open_items] == [
        "Bitte: pay",
        "Bitte: id",
        "Bitte: photo",
        "Chipnummer?",
    ]
    assert found.received == (), "nobody had asked for the lease"


def test_an_answer_with_three_of_four_leaves_one_and_the_next_letter_names_exactly_it() -> None:
    story = Story()
    first = story.asks(at(3), *story.list().open_items)
    assert set(story.states().values()) == {A}
    assert all(item.is_awaited for item in story.list().items)

    story.answers(
        at(10),
        "nachweis-1.pdf", "gehalt.pdf", "Ausweis vorne.pdf",
        said=[{"angefordert": "Bitte: lease", "dateiname": "nachweis-1.pdf"}],
    )  # fmt: skip

    found = story.list()
    (left,) = found.open_items
    assert (left.gap_id, left.state, left.left_out, left.asked_by) == ("evidence:photo", A, True, (first,))
    assert [item.state for item in found.here] == [R, R, R]
    assert [item.gap_id for item in found.received] == ["evidence:lease", "evidence:pay", "evidence:id"]
    assert found.loose == ()
    assert reminder_level(found.open_items) == 1


def test_what_fits_nothing_is_offered_not_assumed() -> None:
    story = Story()
    story.asks(at(3), *story.list().open_items)
    answer = story.answers(at(10), "scan0001.pdf", "mietvertrag und ausweis.pdf")
    scan, both = (AttachmentKey(answer.submission_id, each.attachment_id) for each in answer.attachments)

    found = story.list()

    assert set(story.states().values()) == {A}, "nothing is ticked off"
    assert found.loose == (scan,)
    assert {item.gap_id: item.offered for item in found.items if item.offered} == {
        "evidence:lease": (both,),
        "evidence:id": (both,),
    }


def test_the_senders_word_counts_more_than_a_file_name() -> None:
    story = Story()
    story.asks(at(3), *story.list().open_items)
    story.answers(
        at(10), "mietvertrag.pdf", said=[{"angefordert": "Bitte: id", "dateiname": "mietvertrag.pdf"}]
    )

    assert story.states() | {} == {
        "evidence:lease": A, "evidence:pay": A, "evidence:id": R, "evidence:photo": A
    }  # fmt: skip


def test_what_was_there_when_it_was_asked_for_does_not_answer() -> None:
    for basis in (True, False):
        story = Story("mietvertrag.pdf")
        assert story.states()["evidence:lease"] is R
        story.asks(at(3), *(item for item in story.list().items if item.key == "lease"), basis=basis)
        assert story.states()["evidence:lease"] is A
        story.answers(at(5), "mietvertrag neu.pdf")
        assert story.states()["evidence:lease"] is R


def test_a_withdrawn_request_leaves_its_items_missing_and_a_returned_one_says_so() -> None:
    story = Story()
    items = story.list().open_items
    story.asks(at(3), *items, "Foto der Garage", state=OutboxState.WITHDRAWN)
    assert set(story.states().values()) == {M}
    assert "Foto der Garage" in [item.text for item in story.list().items], "what was typed is not lost"
    assert not any(item.came_back or item.asked_by for item in story.list().items)

    story.asks(at(4), *items, state=OutboxState.RETURNED)
    found = story.list()
    assert [item.came_back for item in found.items] == [True] * 4 + [False]
    assert {item.state for item in found.items} == {M}

    story.asks(at(5), *items)
    assert not any(item.came_back for item in story.list().items)


def test_a_clerk_ticks_does_without_and_takes_it_back() -> None:
    story = Story()
    story.asks(at(3), *story.list().open_items)
    story.says(at(4), "evidence:lease", S)
    story.says(at(4), "evidence:pay", W, "liegt der Wohngeldstelle vor")
    found = story.list()
    assert (found.items[0].state, found.items[0].decided_by) == (S, "Petra")
    assert (found.items[1].state, found.items[1].reason) == (W, "liegt der Wohngeldstelle vor")
    assert [item.gap_id for item in found.received] == ["evidence:lease"], "nobody thanks for what never came"

    story.says(at(5), "evidence:lease", M)
    assert story.states()["evidence:lease"] is A, "the request still stands"

    story.asks(at(6), *(item for item in story.list().items if item.key == "pay"))
    assert story.states()["evidence:pay"] is A, "asked for after all"


def test_what_was_matched_wrongly_can_be_unticked_and_only_something_new_answers() -> None:
    story = Story()
    story.asks(at(3), *story.list().open_items)
    story.answers(at(5), "mietvertrag.pdf")
    story.says(at(6), "evidence:lease", M)
    found = story.list()
    assert (found.items[0].state, found.items[0].left_out) == (A, True)

    story.answers(at(7), "mietvertrag richtig.pdf")
    (key,) = story.list().items[0].attachments
    assert story.states()["evidence:lease"] is R
    assert key.submission_id == at(7).isoformat()


def test_evidence_of_the_application_itself_can_be_unticked() -> None:
    story = Story("mietvertrag.pdf")
    story.says(at(3), "evidence:lease", M)
    assert story.states()["evidence:lease"] is M


def test_a_statement_arrives_with_a_later_form() -> None:
    story = Story()
    story.required = frozenset()
    story.checks = missing_chip()
    story.asks(at(3), *story.list().open_items)
    assert story.states() == {"statement:chip": A}
    answer = story.answers(at(5))
    story.told = {"chip": frozenset({answer.submission_id})}
    assert story.states() == {"statement:chip": R}
    story.asks(at(6), *story.list().items)
    assert story.states() == {"statement:chip": A}, "it was not good enough"


def test_requests_from_before_items_had_keys_are_told_apart_by_their_words() -> None:
    story = Story()
    story.asks(at(3), "bitte:  LEASE", "Foto der Garage")
    found = {item.gap_id: item for item in story.list().items}
    assert found["evidence:lease"].state is A
    (typed,) = (item for item in found.values() if item.origin is GapOrigin.TYPED)
    assert typed.text == "Foto der Garage"
    story.answers(at(5), "x.pdf", said=[{"angefordert": "Foto der Garage", "dateiname": "x.pdf"}])
    assert story.states()[typed.gap_id] is R


def test_an_accepted_check_point_is_done_without() -> None:
    story = Story()
    story.required = frozenset()
    story.checks = (CheckResult("lease", CheckLevel.WARN, words("fehlt"), None, "lease"),)
    assert story.states() == {"evidence:lease": M}
    story.history.append(
        HistoryEvent(at(3), "Petra", "checked", {"check_id": "lease", "accepted": True, "reason": "bekannt"})
    )
    (item,) = story.list().items
    assert (item.state, item.reason, item.decided_by) == (W, "bekannt", "Petra")


def test_an_item_the_service_no_longer_knows_stays() -> None:
    story = Story()
    story.asks(at(3), *story.list().open_items)
    bare = replace(SERVICE, evidence=())
    story.required = frozenset()
    assert [item.text for item in story.list(service=bare).items] == [
        "Bitte: lease", "Bitte: pay", "Bitte: id", "Bitte: photo"
    ]  # fmt: skip


# -- the clock ---------------------------------------------------------------------------------------------


def test_the_target_stands_while_the_applicant_is_asked_and_runs_on_with_the_answer() -> None:
    story = Story()
    plain = story.list().target
    assert plain is not None
    assert plain.due_on == date(2026, 3, 2)
    story.asks(at(9), *story.list().open_items, due=date(2026, 2, 23))

    (pause,) = story.list(date(2026, 2, 12)).pauses
    assert (pause.since, pause.until, pause.latest) == (date(2026, 2, 9), None, date(2026, 2, 23))
    assert pause.days(date(2026, 2, 12)) == 3
    assert story.list(date(2026, 2, 12)).waiting
    assert story.list(date(2026, 2, 12)).answer_due_on == date(2026, 2, 23)

    (over,) = story.list(date(2026, 2, 23)).pauses
    assert (over.until, over.days(date(2026, 5, 1))) == (date(2026, 2, 23), 14), "not longer than it was due"

    story.answers(at(16), "mietvertrag.pdf")
    found = story.list(date(2026, 2, 17))
    (pause,) = found.pauses
    assert (pause.until, pause.days(date(2026, 2, 17)), found.waiting) == (date(2026, 2, 16), 7, False)
    assert found.target is not None
    assert found.target.due_on == date(2026, 3, 9)
    assert found.answer_due_on is None

    story.asks(at(18), *found.open_items, due=date(2026, 2, 25))
    found = story.list(date(2026, 2, 20))
    assert [(each.since, each.until) for each in found.pauses] == [
        (date(2026, 2, 9), date(2026, 2, 16)),
        (date(2026, 2, 18), None),
    ]


def test_an_answer_ends_the_pause_though_the_portals_clock_is_behind() -> None:
    """Events tell whole seconds of another clock: an answer may seem older than what it answers."""
    story = Story()
    story.asks(at(10), *story.list().open_items)
    assert story.list(date(2026, 2, 10)).waiting
    story.answers(at(10) - timedelta(milliseconds=700), "mietvertrag.pdf")
    assert not story.list(date(2026, 2, 10)).waiting


def test_days_of_the_pauses_are_the_days_the_target_moved() -> None:
    story = Story()
    story.asks(at(9), "x", due=date(2026, 2, 20))
    story.asks(at(11), "y", due=date(2026, 2, 24))
    found = story.list(date(2026, 2, 28))
    assert found.target is not None
    assert [each.days(date(2026, 2, 28)) for each in found.pauses] == [15], "no day counts twice"
    assert found.pauses[0].requests == (EntryId("r0"), EntryId("r1"))
    assert found.target.due_on == date(2026, 3, 17)


def test_a_service_whose_clock_runs_on_has_no_pauses() -> None:
    story = Story()
    story.asks(at(9), "x")
    assert story.list(service=replace(SERVICE, pause=PauseRule.NONE)).pauses == ()


# -- whatever happens --------------------------------------------------------------------------------------

NAMES = ("mietvertrag.pdf", "gehalt.pdf", "ausweis.pdf", "photo.jpg", "scan.pdf", "mietvertrag ausweis.pdf")
TEXTS = ("Bitte: lease", "Bitte: pay", "Bitte: id", "Bitte: photo", "Foto der Garage", "Chipnummer?")
STEPS = st.one_of(
    st.tuples(
        st.just("ask"),
        st.lists(st.sampled_from(TEXTS), min_size=1, max_size=4),
        st.sampled_from(
            [OutboxState.DELIVERED, OutboxState.WITHDRAWN, OutboxState.RETURNED, OutboxState.QUEUED]
        ),
    ),
    st.tuples(
        st.just("answer"),
        st.lists(st.tuples(st.sampled_from(NAMES), st.sampled_from(("", *TEXTS))), max_size=3),
        st.none(),
    ),
    st.tuples(st.just("say"), st.sampled_from(TEXTS), st.sampled_from([S, W, M])),
)


@given(st.lists(STEPS, max_size=12))
def test_no_item_ever_disappears(steps: Sequence[Any]) -> None:
    story, asked, when = Story(), set[str](), ARRIVED
    for what, first, second in steps:
        when += timedelta(hours=7)
        if what == "ask":
            story.asks(when, *dict.fromkeys(first), state=second)
            asked |= set(first)
        elif what == "answer":
            said = [{"angefordert": text, "dateiname": name} for name, text in first if text]
            story.answers(when, *dict.fromkeys(name for name, _text in first), said=said)
        elif (item := story.list().worded(first)) is not None:
            story.says(when, item.gap_id, second, "weil", item.text)
            after = story.list().item(item.gap_id)
            assert after is not None
            assert after.is_open == (second is M), "a clerk's word is the last"

        found = story.list()
        names = [each.gap_id for each in found.items]
        assert len(names) == len(set(names))
        assert asked <= {each.text for each in found.items}
        assert set(found.open_items) | set(found.here) == set(found.items)
        taken = {key for each in found.items for key in (*each.attachments, *each.offered)}
        assert not taken & set(found.loose)
        came = {
            AttachmentKey(each.submission_id, a.attachment_id)
            for each in story.applications
            for a in each.attachments
        }
        assert taken | set(found.loose) <= came


@given(st.sets(st.sampled_from(sorted(ALL)), max_size=4))
def test_what_an_answer_leaves_out_is_exactly_the_next_letter(left: set[str]) -> None:
    story = Story()
    items = story.list().open_items
    story.asks(at(3), *items)
    sent = [item for item in items if item.key not in left]
    names = [f"datei-{n}.pdf" for n, _item in enumerate(sent)]
    said = [{"angefordert": i.text, "dateiname": n} for i, n in zip(sent, names, strict=True)]
    story.answers(at(9), *names, said=said)

    found = story.list()

    assert {item.key for item in found.open_items} == left
    assert {item.key for item in found.received} == ALL - left
    assert all(item.left_out for item in found.open_items)


def test_what_comes_on_paper_ends_the_pause_when_the_last_item_is_ticked_off() -> None:
    story = Story()
    story.asks(
        at(9), *(item for item in story.list().items if item.key in ("lease", "id")), due=date(2026, 2, 23)
    )
    story.says(at(11), "evidence:lease", S, text="Bitte: lease")
    assert story.list(date(2026, 2, 12)).waiting
    story.says(at(12), "evidence:id", W, "bekannt")
    found = story.list(date(2026, 2, 13))
    assert [(each.until, each.days(date(2026, 2, 13))) for each in found.pauses] == [(date(2026, 2, 12), 3)]
    assert (found.waiting, found.answer_due_on) == (False, None)

    story.says(at(13), "evidence:id", M)
    assert story.list(date(2026, 2, 14)).waiting


def test_check_points_hear_what_a_clerk_said_of_evidence() -> None:
    story = Story("mietvertrag.pdf")
    first = story.applications[0].submission_id
    assert evidence_said(story.history) == (frozenset(), {})
    story.says(at(3), "evidence:lease", M)
    story.says(at(3), "evidence:pay", S)
    story.says(at(3), "statement:pay", M)
    assert evidence_said(story.history) == (frozenset({"pay"}), {"lease": frozenset({first})})
    story.says(at(4), "evidence:lease", W, "egal")
    story.asks(at(5), *(item for item in story.list().items if item.key == "pay"))
    assert evidence_said(story.history) == (frozenset(), {})
