"""Not competent here: who is, the notice with the day of first receipt, the case afterwards, the papers."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest

from clerk_app.domain.case import CaseQuery, CaseStatus, CaseView
from clerk_app.domain.case_dates import dates_of
from clerk_app.domain.competence import CompetenceReason, OfficeAddress
from clerk_app.domain.correspondence import Correspondence
from clerk_app.domain.decision import FindingLevel, Outcome, Wording
from clerk_app.domain.errors import ClerkError, ErrorCode
from clerk_app.domain.folder import DraftPlace
from clerk_app.domain.forwarding import arrived_since_forwarding
from clerk_app.domain.ids import CaseId, EntryId
from clerk_app.domain.ledger import Act, ActKind
from clerk_app.domain.letter import Letter, LetterKind
from clerk_app.domain.outbox import OutboxState
from clerk_app.store.ledger_write import LedgerWrite
from tests.usecases.house import FORM, MUELLHEIM, UNKNOWN, House, code_of

S = OutboxState
SENT = (S.ANNOUNCED, S.UPLOADED, S.SUBMITTED, S.DELIVERED)
REASON = "Der Hund wird in Müllheim gehalten."
IN_MUELLHEIM: dict[str, Any] = {
    **FORM,
    "antragsteller": {
        **FORM["antragsteller"],
        "anschrift": {"strasse": "Weg", "hausnummer": "5", "plz": "79379", "ort": "Muellheim"},
    },
}


def forward(house: House, case_id: CaseId, **options: Any) -> Any:
    return house.desk.forwarding.forward(case_id, MUELLHEIM, REASON, **options)


def shown(house: House, query: CaseQuery) -> list[CaseId]:
    return [row.case_id for row in house.desk.reads.list(query)]


# -- step 1 -----------------------------------------------------------------------------------------------


def test_the_form_tells_who_is_competent(house: House) -> None:
    ours = house.desk.forwarding.competence(house.arrives())
    assert (ours.ours, ours.place, ours.proposals) == (True, "70999 Musterhausen", ())

    theirs = house.desk.forwarding.competence(house.arrives(form=IN_MUELLHEIM))
    (proposal,) = theirs.proposals
    assert (theirs.ours, proposal.office, proposal.reason) == (False, MUELLHEIM, CompetenceReason.POSTCODE)
    assert code_of(lambda: house.desk.forwarding.competence(UNKNOWN)) is ErrorCode.CASE_UNKNOWN


def test_an_authority_is_named_by_ars_name_or_part(house: House) -> None:
    named = house.desk.forwarding.office
    assert named("083150074074") == named("stadt müllheim") == named("Muellh") == MUELLHEIM
    assert code_of(lambda: named(" ")) is ErrorCode.FORWARD_TARGET_MISSING
    with pytest.raises(ClerkError) as caught:
        named("Nirgendwo")
    assert (caught.value.code, caught.value.params) == (
        ErrorCode.FORWARD_TARGET_UNKNOWN,
        {"authority": "Nirgendwo"},
    )


@pytest.mark.parametrize(
    ("text", "office"),
    [
        ("Amt A\nWeg 1\n01067 Dresden", OfficeAddress("Amt A", "", "Weg 1", "01067", "Dresden")),
        ("Amt A\nAbteilung\nWeg 1\n01067 B", OfficeAddress("Amt A", "", "Abteilung, Weg 1", "01067", "B")),
        ("  Amt  A  ", OfficeAddress("Amt A", "")),
        ("\n\n", OfficeAddress("", "")),
    ],
)  # fmt: skip
def test_an_authority_may_be_typed(text: str, office: OfficeAddress) -> None:
    assert OfficeAddress.typed(text) == office


# -- step 2 -----------------------------------------------------------------------------------------------


def test_the_applicant_is_told_and_the_case_is_another_authoritys(house: House) -> None:
    case_id = house.arrives(form=IN_MUELLHEIM)
    draft = house.desk.forwarding.draft(case_id, MUELLHEIM, f"  {REASON} ")
    assert house.desk.forwarding.preview(draft).startswith(b"%PDF")
    assert [f.level for f in house.desk.forwarding.preflight(draft)] == []
    queued = house.desk.forwarding.send(draft)

    assert house.status(case_id) is CaseStatus.FORWARDED
    outgoing = house.desk.ledger.outgoing(queued.notice.entry_id)
    assert "den 24.\xa0November 2026 mit" in outgoing.text
    assert "Stadt Müllheim\nBismarckstraße 3\n79379 Müllheim" in outgoing.text
    assert REASON in outgoing.text
    assert outgoing.structured["firstReceivedOn"] == "2026-11-24"
    assert "Sozialgesetzbuch" not in outgoing.text, "the fiction is said only where the law has it"
    forwarded = house.file(case_id).forwarded
    assert forwarded == queued.forwarded
    assert forwarded is not None
    assert (forwarded.office, forwarded.reason) == (MUELLHEIM, REASON)
    assert forwarded.first_received_on == date(2026, 11, 24)
    assert {entry.state for entry in house.outbox()} == {S.QUEUED}
    assert house.desk.ledger.verify_chain() > 0, "the projections follow from the chain alone"


def test_a_forwarded_case_leaves_the_open_lists_and_stands_in_the_archive(house: House) -> None:
    case_id, other = house.arrives(), house.arrives()
    forward(house, case_id)

    assert shown(house, CaseQuery(view=CaseView.OPEN)) == [other]
    assert shown(house, CaseQuery(view=CaseView.NEW)) == [other]
    assert shown(house, CaseQuery(view=CaseView.ARCHIVE)) == [case_id]
    assert (
        shown(house, CaseQuery("status:abgegeben"))
        == shown(house, CaseQuery("status:forwarded"))
        == [case_id]
    )
    assert shown(house, CaseQuery("-status:abgegeben")) == [other]
    assert shown(house, CaseQuery(status=CaseStatus.FORWARDED)) == [case_id]
    counts = house.desk.reads.counts(date(2030, 1, 1))
    assert (counts.by_view[CaseView.ARCHIVE], counts.by_view[CaseView.OPEN]) == (1, 1)
    assert (counts.overdue, counts.reminded) == (1, 0), "its deadline is another's now"


def test_the_offices_deadlines_end_and_only_the_reminder_is_left(house: House) -> None:
    case_id = house.arrives()
    queued = forward(house, case_id)
    case, deadlines, dates = house.desk.dates.of_case(case_id)

    assert case.row.due_on is None
    (reminder,) = dates
    assert [each.date_id for each in deadlines] == [reminder.date_id]
    assert (reminder.on, reminder.text) == (date(2026, 11, 25), "Abgabe an Stadt Müllheim")
    assert house.desk.dates.target_on(case_id) is None
    by_due = shown(house, CaseQuery("frist:2026-11-25"))
    assert by_due == [case_id], "it comes up on the reminder's day"
    house.desk.outbox.withdraw(queued.notice.entry_id)
    assert house.file(case_id).row.due_on is not None
    assert house.desk.dates.target_on(case_id) is not None


def test_an_earlier_day_of_receipt_goes_with_it(house: House) -> None:
    case_id = house.arrives()
    queued = forward(house, case_id, first_received_on=date(2026, 11, 3))

    assert queued.forwarded.first_received_on == date(2026, 11, 3)
    assert "den 3.\xa0November 2026 mit" in house.desk.ledger.outgoing(queued.notice.entry_id).text
    later = house.arrives()
    with pytest.raises(ClerkError) as caught:
        forward(house, later, first_received_on=date(2026, 11, 25))
    assert caught.value.code is ErrorCode.FIRST_RECEIVED_WRONG
    assert caught.value.params == {"on": date(2026, 11, 25), "latest": date(2026, 11, 24)}


def test_what_cannot_be_forwarded_says_why(house: House) -> None:
    case_id = house.arrives()
    draft = house.desk.forwarding.draft
    nobody = OfficeAddress(" ", "")
    ourselves = OfficeAddress("Stadt Musterhausen", "")

    assert code_of(lambda: draft(UNKNOWN, MUELLHEIM, REASON)) is ErrorCode.CASE_UNKNOWN
    assert (
        code_of(lambda: draft(house.arrives_unreadable(), MUELLHEIM, REASON)) is ErrorCode.CASE_NOT_READABLE
    )
    assert code_of(lambda: draft(case_id, nobody, REASON)) is ErrorCode.FORWARD_TARGET_MISSING
    assert code_of(lambda: draft(case_id, ourselves, REASON)) is ErrorCode.FORWARD_TO_SELF
    assert code_of(lambda: draft(case_id, MUELLHEIM, " \n")) is ErrorCode.FORWARD_REASON_MISSING
    forward(house, case_id)
    assert code_of(lambda: draft(case_id, MUELLHEIM, REASON)) is ErrorCode.CASE_ALREADY_FORWARDED


def test_a_decided_case_is_not_forwarded(house: House) -> None:
    case_id = house.arrives()
    draft = house.desk.forwarding.draft(case_id, MUELLHEIM, REASON)
    entry = house.desk.deciding.sign(house.desk.deciding.draft(case_id, Outcome.GRANTED), lambda: None)

    assert code_of(lambda: house.desk.forwarding.send(draft)) is ErrorCode.CASE_ALREADY_DECIDED
    house.goes(entry.entry_id, S.ANNOUNCED, S.RETURNED)
    assert code_of(lambda: forward(house, case_id)) is ErrorCode.CASE_ALREADY_DECIDED
    house.desk.outbox.withdraw(entry.entry_id)
    assert forward(house, case_id).forwarded.office == MUELLHEIM


def test_a_fixed_draft_stands_in_the_way_until_it_is_taken_out(house: House) -> None:
    case_id = house.arrives()
    forwarding = house.desk.forwarding.draft(case_id, MUELLHEIM, REASON)
    fixed = house.desk.drafts.fix(house.desk.deciding.draft(case_id, Outcome.GRANTED), DraftPlace.FOLDER)

    assert code_of(lambda: house.desk.forwarding.send(forwarding)) is ErrorCode.FORWARD_DRAFT_WAITING
    assert code_of(lambda: forward(house, case_id)) is ErrorCode.FORWARD_DRAFT_WAITING
    house.desk.drafts.take_out(fixed.draft_id)
    assert house.desk.forwarding.send(forwarding).forwarded.case_id == case_id


def test_an_open_request_is_told_and_does_not_block(house: House) -> None:
    case_id = house.arrives()
    house.desk.requesting.request(case_id, ["Nachweis"])
    draft = house.desk.forwarding.draft(case_id, MUELLHEIM, REASON)

    findings = [(found.code, found.level) for found in house.desk.forwarding.preflight(draft)]
    assert findings == [("answer-open", FindingLevel.WARN)]
    house.desk.forwarding.send(draft)
    assert house.status(case_id) is CaseStatus.FORWARDED


def test_what_arrived_since_the_draft_stops_it(house: House) -> None:
    case_id = house.arrives()
    draft = house.desk.forwarding.draft(case_id, MUELLHEIM, REASON)
    house.clock.pass_(minutes=10)
    house.arrives(case_id)
    assert code_of(lambda: house.desk.forwarding.send(draft)) is ErrorCode.CASE_CHANGED


# -- both or neither --------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [ActKind.QUEUED, ActKind.FORWARDED, ActKind.DATE_SET])
def test_an_interruption_leaves_nothing_half(
    house: House, kind: ActKind, monkeypatch: pytest.MonkeyPatch
) -> None:
    case_id = house.arrives()
    before = house.file(case_id)
    append: Callable[..., Any] = LedgerWrite.append

    def interrupted(self: LedgerWrite, act: Act, **options: Any) -> Any:
        done = append(self, act, **options)
        if act.kind is kind:
            raise KeyboardInterrupt
        return done

    with monkeypatch.context() as patched:
        patched.setattr(LedgerWrite, "append", interrupted)
        with pytest.raises(KeyboardInterrupt):
            forward(house, case_id)

    after = house.file(case_id)
    assert (after.forwarded, after.outgoing, after.history) == (None, (), before.history)
    assert house.status(case_id) is CaseStatus.NEW
    assert house.desk.ledger.verify_chain() == 0
    assert house.machine.unseal_missing() == 0, "no sealed copy promises what was rolled back"
    assert forward(house, case_id).forwarded.office == MUELLHEIM


def test_two_clerks_forward_once(house: House) -> None:
    case_id = house.arrives()
    other = house.another_desk("other")
    mine, theirs = (desk.forwarding.draft(case_id, MUELLHEIM, REASON) for desk in (house.desk, other))
    house.desk.forwarding.send(mine)
    assert code_of(lambda: other.forwarding.send(theirs)) is ErrorCode.CASE_ALREADY_FORWARDED


# -- taking it back ---------------------------------------------------------------------------------------


def test_taking_the_notice_back_makes_the_case_ours_again(house: House) -> None:
    case_id = house.arrives()
    house.desk.cases.open(case_id)
    queued = forward(house, case_id)
    house.desk.outbox.withdraw(queued.notice.entry_id)

    case = house.file(case_id)
    assert (case.row.status, case.forwarded) == (CaseStatus.IN_REVIEW, None)
    assert {entry.state for entry in house.outbox()} == {S.WITHDRAWN}, "the status line goes with it"
    assert dates_of(case.history) == (), "nothing is to be handed over any more"
    kinds = [event.kind for event in case.history]
    assert kinds.index(ActKind.FORWARDED) < kinds.index(ActKind.MOVED), "the history keeps both"
    assert house.desk.ledger.verify_chain() > 0
    signed = house.desk.deciding.sign(house.desk.deciding.draft(case_id, Outcome.GRANTED), lambda: None)
    assert house.state(signed.entry_id) is S.QUEUED


def test_another_entry_that_is_withdrawn_changes_nothing(house: House) -> None:
    case_id = house.arrives()
    receipt = house.desk.corresponding.send(
        house.desk.corresponding.draft(case_id, Correspondence(LetterKind.RECEIPT))
    )
    forward(house, case_id)
    house.desk.outbox.withdraw(receipt.entry_id)
    assert house.status(case_id) is CaseStatus.FORWARDED


def test_once_the_notice_has_left_the_case_stays_forwarded(house: House) -> None:
    case_id = house.arrives()
    queued = forward(house, case_id, at_once=True)
    house.goes(queued.notice.entry_id, *SENT)
    assert code_of(lambda: house.desk.outbox.withdraw(queued.notice.entry_id)) is (
        ErrorCode.ENTRY_NOT_WITHDRAWABLE
    )
    assert house.status(case_id) is CaseStatus.FORWARDED


# -- afterwards -------------------------------------------------------------------------------------------


def test_nothing_is_decided_or_asked_any_more(house: House) -> None:
    case_id = house.arrives()
    decision = house.desk.deciding.draft(case_id, Outcome.GRANTED)
    forward(house, case_id)
    desk, forwarded = house.desk, ErrorCode.CASE_ALREADY_FORWARDED

    assert code_of(lambda: desk.deciding.sign(decision, lambda: None)) is forwarded
    again = desk.deciding.draft(case_id, Outcome.REFUSED, Wording(reasons="Nein."))
    assert "already-forwarded" in [found.code for found in desk.deciding.preflight(again)]
    assert code_of(lambda: desk.drafts.fix(again, DraftPlace.FOLDER)) is forwarded
    assert code_of(lambda: desk.requesting.request(case_id, ["Nachweis"])) is forwarded

    def write(kind: LetterKind, **options: Any) -> Any:
        authority = "Amt" if kind is LetterKind.FORWARDING_NOTICE else ""
        wanted = Correspondence(kind, "Text.", authority=authority, **options)
        return desk.corresponding.send(desk.corresponding.draft(case_id, wanted))

    for kind in (LetterKind.HEARING, LetterKind.INTERIM_NOTICE, LetterKind.FORWARDING_NOTICE):
        assert code_of(lambda kind=kind: write(kind)) is forwarded  # type: ignore[misc]
    due = date(2026, 12, 15)
    assert code_of(lambda: write(LetterKind.NOTIFICATION, due_on=due)) is forwarded
    assert write(LetterKind.NOTIFICATION).kind is LetterKind.NOTIFICATION, "to tell something is allowed"


def test_a_request_that_came_back_does_not_leave_again(house: House) -> None:
    case_id = house.arrives()
    asked = house.desk.requesting.request(case_id, ["Nachweis"])
    house.goes(asked.entry_id, S.ANNOUNCED, S.RETURNED)
    notice = forward(house, case_id).notice.entry_id
    work = house.desk.outbox

    for again in (work.retry, work.send_by_post):
        assert code_of(lambda again=again: again(asked.entry_id)) is (  # type: ignore[misc]
            ErrorCode.CASE_ALREADY_FORWARDED
        )
    assert work.withdraw(asked.entry_id).state is S.WITHDRAWN
    assert house.status(case_id) is CaseStatus.FORWARDED
    house.goes(notice, S.ANNOUNCED, S.RETURNED)
    assert work.send_by_post(notice).state is S.TO_POST, "the notice may go another way"


def test_the_ledger_refuses_what_a_use_case_forgot(house: House) -> None:
    case_id = house.arrives()
    other = house.arrives()
    house.desk.requesting.request(other, ["Nachweis"])
    request = house.desk.ledger.outgoing(house.outbox()[-1].entry_id)
    forward(house, case_id)
    with (
        pytest.raises(ClerkError) as caught,
        house.desk.ledger.transaction("wrong") as transaction,
    ):
        transaction.queue(replace(request, case_id=case_id, entry_id=EntryId("x")), house.clock.now())
    assert caught.value.code is ErrorCode.CASE_ALREADY_FORWARDED


def test_what_arrives_later_is_not_lost(house: House) -> None:
    case_id = house.arrives()
    queued = forward(house, case_id)
    house.goes(queued.notice.entry_id, *SENT)
    house.clock.pass_(days=1)
    house.desk.handing_over.said(case_id)
    assert house.status(case_id) is CaseStatus.FORWARDED
    house.clock.pass_(days=1)
    house.arrives(case_id)

    case = house.file(case_id)
    assert (case.row.status, case.row.unread) == (CaseStatus.ANSWERED, True)
    assert arrived_since_forwarding(case)
    assert shown(house, CaseQuery(view=CaseView.NEW)) == [case_id]
    assert case.forwarded is not None, "it is still another authority's"
    assert code_of(lambda: house.desk.requesting.request(case_id, ["x"])) is ErrorCode.CASE_ALREADY_FORWARDED
    house.desk.cases.open(case_id)
    assert house.status(case_id) is CaseStatus.ANSWERED, "looking at it does not pass it on"
    house.clock.pass_(minutes=1)
    house.desk.handing_over.said(case_id)
    assert house.status(case_id) is CaseStatus.FORWARDED
    assert not arrived_since_forwarding(house.file(case_id))
    assert house.desk.ledger.verify_chain() > 0


def test_a_notice_that_waits_is_held_when_something_arrives(house: House) -> None:
    case_id = house.arrives()
    queued = forward(house, case_id)
    house.clock.pass_(minutes=10)
    house.arrives(case_id)
    assert house.machine.is_overtaken(queued.notice.entry_id)
    assert house.status(case_id) is CaseStatus.ANSWERED


# -- the papers -------------------------------------------------------------------------------------------


def test_the_package_holds_the_cover_letter_first_and_every_document(house: House) -> None:
    case_id = house.arrives()
    forward(house, case_id)
    sink = io.BytesIO()
    handed = house.desk.handing_over.package(case_id, sink)

    with zipfile.ZipFile(sink) as archive:
        names = archive.namelist()
        assert archive.read(names[0]) == handed.cover
        message = archive.read(next(name for name in names if name.endswith(".xml"))).decode()
    assert "Abgabeschreiben" in names[0]
    assert "<xdomea:Name>Stadt Müllheim</xdomea:Name>" in message
    assert "<xdomea:ZdA>1</xdomea:ZdA>" in message
    assert handed.filed.handover.recipient == "Stadt Müllheim"
    case = house.file(case_id)
    (reminder,) = dates_of(case.history)
    assert not reminder.done, "nobody said yet where the package is"

    house.desk.handing_over.saved(case_id, handed)
    case = house.file(case_id)
    (reminder,) = dates_of(case.history)
    assert reminder.done
    assert case.forwarded is not None
    assert case.forwarded.handed_over_at == house.clock.now()
    kept = [each for each in house.desk.filing.filed(case_id).documents if "Abgabeschreiben" in each.title]
    poured = io.BytesIO()
    kept[0].pour(poured)
    assert poured.getvalue() == handed.cover, "the cover letter stays in the file"


def test_the_cover_letter_names_everything(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    case_id = house.arrives()
    forward(house, case_id, first_received_on=date(2026, 11, 3))
    case = house.file(case_id)
    assert case.forwarded is not None
    filed = house.desk.filing.filed(case_id)
    letters: list[Any] = []

    def render(letter: Letter, created_at: datetime) -> bytes:
        letters.append(letter)
        return b"%PDF"

    monkeypatch.setattr(house.letters, "render", render)
    house.desk.handing_over.package(case_id, io.BytesIO())

    (letter,) = letters
    letter.require_complete()
    text = "\n".join(letter.texts())
    for words in (case.row.case_reference, "Hund", "Žofia Müller", "03.11.2026", "24.11.2026", REASON):
        assert words in text
    assert letter.recipient == MUELLHEIM.lines
    content = hashlib.sha256(case.first.content).hexdigest()
    assert f"{content[:32]}\n{content[32:]}" in text
    assert len(letter.blocks[-1].rows) == sum(1 + len(each.enclosures) for each in filed.documents)


def test_only_a_forwarded_case_is_handed_over(house: House) -> None:
    case_id = house.arrives()
    work = house.desk.handing_over
    assert code_of(lambda: work.package(case_id, io.BytesIO())) is ErrorCode.CASE_NOT_FORWARDED
    assert code_of(lambda: work.said(case_id)) is ErrorCode.CASE_NOT_FORWARDED


def test_a_reminder_somebody_dealt_with_is_not_ended_twice(house: House) -> None:
    case_id = house.arrives()
    forward(house, case_id)
    (reminder,) = dates_of(house.file(case_id).history)
    house.desk.dates.done(case_id, reminder.date_id)
    house.desk.handing_over.said(case_id)
    ended = [event for event in house.file(case_id).history if event.kind == ActKind.DATE_DONE]
    assert len(ended) == 1
