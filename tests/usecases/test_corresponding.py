"""Letters that decide nothing: drafted, checked, frozen, queued; and what they do to the case."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from clerk_app.domain.case import CaseStatus
from clerk_app.domain.correspondence import CORRESPONDENCE_KINDS, Correspondence, QueuedLetter
from clerk_app.domain.decision import FindingLevel, Outcome
from clerk_app.domain.errors import ClerkError, ErrorCode
from clerk_app.domain.ids import CaseId
from clerk_app.domain.letter import LetterKind, Paragraph, SignaturePlace
from clerk_app.domain.outbox import OutboxKind, OutboxState
from clerk_app.domain.signature import Verdict
from tests.usecases.house import UNKNOWN, House, code_of

S = OutboxState
SENT = (S.ANNOUNCED, S.UPLOADED, S.SUBMITTED, S.DELIVERED)
STATUSES = {
    LetterKind.HEARING: "ACTION_REQUIRED",
    LetterKind.INTERIM_NOTICE: "PROCESSING",
    LetterKind.FORWARDING_NOTICE: "PROCESSING",
    LetterKind.RECEIPT: "RECEIVED",
    LetterKind.NOTIFICATION: None,
}


def wish(kind: LetterKind, **changes: Any) -> Correspondence:
    authority = "Landratsamt Musterkreis" if kind is LetterKind.FORWARDING_NOTICE else ""
    return replace(Correspondence(kind, "Es fehlt am Wohnsitz.", authority=authority), **changes)


def send(house: House, case_id: CaseId, kind: LetterKind, **changes: Any) -> QueuedLetter:
    work = house.desk.corresponding
    return work.send(work.draft(case_id, wish(kind, **changes)))


@pytest.mark.parametrize("kind", CORRESPONDENCE_KINDS)
def test_a_letter_is_frozen_queued_and_told_in_the_account(house: House, kind: LetterKind) -> None:
    case_id = house.arrives()
    queued = send(house, case_id, kind)

    *status, entry = house.outbox()
    assert (entry.kind, entry.state, entry.channel) == (OutboxKind.LETTER, S.QUEUED, "idBundDeMailbox")
    assert entry.entry_id == queued.entry_id
    told = [house.desk.ledger.outgoing(each.entry_id).account_status for each in status]
    assert told == [STATUSES[kind]] if STATUSES[kind] else told == []
    outgoing = house.desk.ledger.outgoing(queued.entry_id)
    assert outgoing.structured["letter"] == kind.value
    assert "Es fehlt am Wohnsitz." in outgoing.text
    (document,) = outgoing.documents
    assert house.store.documents().read(case_id, document.document_id) == queued.pdf
    (issued,) = house.file(case_id).issued
    assert (issued.kind, issued.filename) == ("letter", document.filename)
    event = house.file(case_id).history[-2 if STATUSES[kind] else -1]
    assert (event.kind, event.details["letter"]) == ("queued", kind.value)
    assert house.letters.asked == ["render"], "a notice is not signed"


@pytest.mark.parametrize("kind", CORRESPONDENCE_KINDS)
def test_only_a_letter_that_asks_makes_the_case_wait(house: House, kind: LetterKind) -> None:
    case_id = house.arrives()
    before = house.status(case_id)
    queued = send(house, case_id, kind)

    asks = kind is LetterKind.HEARING
    assert house.status(case_id) is (CaseStatus.REQUESTED if asks else before)
    assert (queued.due_on is not None) is asks
    house.desk.outbox.withdraw(queued.entry_id)
    assert house.status(case_id) is before
    assert {e.state for e in house.outbox()} == {S.WITHDRAWN}


def test_a_notification_with_a_day_waits_and_an_interim_notice_promises(house: House) -> None:
    due = date(2026, 12, 15)
    asked, promised = house.arrives(), house.arrives()
    send(house, asked, LetterKind.NOTIFICATION, due_on=due)
    promise = send(house, promised, LetterKind.INTERIM_NOTICE, due_on=due)

    assert house.status(asked) is CaseStatus.REQUESTED
    assert house.status(promised) is CaseStatus.NEW
    outgoing = house.desk.ledger.outgoing(promise.entry_id)
    assert (outgoing.due_on, outgoing.structured["dueOn"]) == (None, "2026-12-15")
    assert house.desk.ledger.verify_chain() > 0, "the projections follow from the chain alone"


def test_a_hearing_waits_until_the_answer_comes(house: House) -> None:
    case_id = house.arrives()
    queued = send(house, case_id, LetterKind.HEARING)
    assert queued.due_on == date(2026, 12, 8), "the service's answer days"
    house.goes(queued.entry_id, *SENT)
    assert house.status(case_id) is CaseStatus.REQUESTED

    house.clock.pass_(days=3)
    house.arrives(case_id)
    assert house.status(case_id) is CaseStatus.ANSWERED


def test_a_letter_without_an_electronic_way_goes_to_the_post(house: House) -> None:
    case_id = house.arrives(channel=None)
    work = house.desk.corresponding
    draft = work.draft(case_id, wish(LetterKind.RECEIPT))

    assert [(f.code, f.level) for f in work.preflight(draft)] == [("letter-by-post", FindingLevel.WARN)]
    queued = work.send(draft)
    assert (queued.channel, house.state(queued.entry_id)) == (None, S.TO_POST)


def test_what_cannot_be_written_says_why(house: House) -> None:
    case_id = house.arrives()
    draft = house.desk.corresponding.draft

    assert code_of(lambda: draft(UNKNOWN, wish(LetterKind.RECEIPT))) is ErrorCode.CASE_UNKNOWN
    assert code_of(lambda: draft(case_id, wish(LetterKind.HEARING, text=" \x00"))) is (
        ErrorCode.LETTER_INCOMPLETE
    )
    past = wish(LetterKind.HEARING, due_on=date(2026, 11, 23))
    assert code_of(lambda: draft(case_id, past)) is ErrorCode.DUE_IN_PAST
    due = wish(LetterKind.RECEIPT, due_on=date(2026, 12, 15))
    assert code_of(lambda: draft(case_id, due)) is ErrorCode.DUE_NOT_MEANT
    unreadable = house.arrives_unreadable()
    assert code_of(lambda: draft(unreadable, wish(LetterKind.RECEIPT))) is ErrorCode.CASE_NOT_READABLE
    with pytest.raises(ValueError, match="decision"):
        draft(case_id, wish(LetterKind.DECISION_GRANTED))
    assert house.outbox() == []


@pytest.mark.parametrize("kind", CORRESPONDENCE_KINDS)
def test_after_a_decision_only_what_speaks_of_it_may_follow(house: House, kind: LetterKind) -> None:
    case_id = house.arrives()
    draft = house.desk.corresponding.draft(case_id, wish(kind))
    house.desk.deciding.sign(house.desk.deciding.draft(case_id, Outcome.GRANTED), lambda: None)

    if kind in (LetterKind.RECEIPT, LetterKind.NOTIFICATION):
        house.desk.corresponding.send(draft)
    else:
        assert code_of(lambda: house.desk.corresponding.send(draft)) is ErrorCode.CASE_ALREADY_DECIDED


def test_a_hearing_rests_on_what_was_seen(house: House) -> None:
    case_id = house.arrives()
    work = house.desk.corresponding
    hearing, receipt = (work.draft(case_id, wish(k)) for k in (LetterKind.HEARING, LetterKind.RECEIPT))
    house.arrives(case_id)

    assert code_of(lambda: work.send(hearing)) is ErrorCode.CASE_CHANGED
    assert [f.code for f in work.preflight(hearing)] == ["case-changed"]
    sent = work.send(receipt)
    assert house.desk.ledger.outgoing(sent.entry_id).basis == (), "a receipt says what is true all the same"


def test_an_open_blank_blocks(house: House) -> None:
    work = house.desk.corresponding
    draft = work.draft(house.arrives(), wish(LetterKind.NOTIFICATION, text="Zimmer {zimmer}"))
    with pytest.raises(ClerkError) as caught:
        work.send(draft)
    assert caught.value.code is ErrorCode.PREFLIGHT_FAILED
    assert caught.value.params["blank"] == "{zimmer}"


def test_a_letter_with_a_signature_place_is_signed_and_checked(house: House) -> None:
    work = house.desk.corresponding
    plain = work.draft(house.arrives(), wish(LetterKind.NOTIFICATION))
    draft = replace(plain, letter=replace(plain.letter, blocks=(Paragraph("x"), SignaturePlace())))
    house.letters.verdict = Verdict.INVALID
    assert code_of(lambda: work.send(draft)) is ErrorCode.SIGNATURE_INVALID
    assert house.outbox() == []

    house.letters.verdict = Verdict.VALID
    house.letters.asked.clear()
    assert work.send(draft).pdf.endswith(b" signed")
    assert house.letters.asked == ["render", "sign"], "signing has checked its own signature already"
