"""Deciding: nothing leaves that is unchecked, unsigned, doubled or about a case that has moved on."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest

from clerk_app.domain.case import CaseStatus
from clerk_app.domain.decision import DraftDecision, FindingLevel, Outcome, Wording
from clerk_app.domain.errors import ClerkError, ErrorCode
from clerk_app.domain.ids import CaseId
from clerk_app.domain.letter import AppealNotice, Paragraph
from clerk_app.domain.outbox import OutboxKind, OutboxState
from clerk_app.domain.signature import Verdict
from tests.usecases.house import FORM, UNKNOWN, House, code_of

S = OutboxState


def no_password() -> str | None:
    return None


def sign(house: House, draft: DraftDecision) -> object:
    return house.desk.deciding.sign(draft, no_password)


def with_blocks(draft: DraftDecision, *more: Paragraph) -> DraftDecision:
    return replace(draft, letter=replace(draft.letter, blocks=(*draft.letter.blocks, *more)))


def test_a_signed_decision_waits_with_its_status_line_and_everything_it_needs(house: House) -> None:
    case_id = house.arrives()
    draft = house.desk.deciding.draft(case_id, Outcome.GRANTED)
    assert house.outbox() == [], "a draft queues nothing"

    queued = house.desk.deciding.sign(draft, no_password)

    status, decision = house.outbox()
    assert (decision.kind, status.kind) == (OutboxKind.DECISION, OutboxKind.STATUS)
    assert (decision.state, status.state) == (S.QUEUED, S.QUEUED)
    assert status.accompanies == decision.entry_id == queued.entry_id == draft.entry_id
    assert (decision.hold_until - house.clock.now()).total_seconds() == 60
    frozen = house.desk.ledger.outgoing(queued.entry_id)
    (document,) = frozen.documents
    assert house.store.documents().read(case_id, document.document_id) == queued.pdf
    assert document.sha256 == queued.sha256
    assert frozen.structured["outcome"] == "granted"
    assert house.status(case_id) is CaseStatus.DECIDED
    assert house.letters.asked == ["render", "sign"], "signing has checked its own signature already"


def test_what_cannot_be_read_cannot_be_decided(house: House) -> None:
    unreadable = house.arrives_unreadable()

    assert code_of(lambda: house.desk.deciding.draft(unreadable, Outcome.GRANTED)) is (
        ErrorCode.CASE_NOT_READABLE
    )
    assert code_of(lambda: house.desk.deciding.draft(UNKNOWN, Outcome.GRANTED)) is ErrorCode.CASE_UNKNOWN
    wording = Wording(template="none")
    assert code_of(lambda: house.desk.deciding.draft(house.arrives(), Outcome.GRANTED, wording)) is (
        ErrorCode.TEMPLATE_UNKNOWN
    )


def test_pasted_reasons_lose_what_no_letter_shows(house: House) -> None:
    wording = Wording(reasons="\x1b[1mEins\r\n\r\nZwei\x00 ")
    draft = house.desk.deciding.draft(house.arrives(), Outcome.REFUSED, wording)

    assert draft.wording.reasons == "[1mEins\n\nZwei"
    paragraphs = [block.text for block in draft.letter.blocks if isinstance(block, Paragraph)]
    assert {"[1mEins", "Zwei"} <= set(paragraphs)


@pytest.mark.parametrize("outcome", [Outcome.REFUSED, Outcome.PARTLY_GRANTED])
@pytest.mark.parametrize("reasons", ["", "  \n\t ", "\x00\x1b"])
def test_a_refusal_is_never_signed_without_reasons(house: House, outcome: Outcome, reasons: str) -> None:
    draft = house.desk.deciding.draft(house.arrives(), outcome, Wording(reasons=reasons))

    assert code_of(lambda: sign(house, draft)) is ErrorCode.REASONS_MISSING
    assert house.letters.asked == [], "said before anybody types a PIN"
    assert house.outbox() == []


def test_findings_come_worst_first_and_the_first_block_is_what_signing_says(house: House) -> None:
    case_id = house.arrives(channel=None)
    draft = house.desk.deciding.draft(case_id, Outcome.REFUSED)
    house.arrives(case_id, channel=None)
    blocks = tuple(each for each in draft.letter.blocks if not isinstance(each, AppealNotice))
    letter = replace(draft.letter, recipient=("", " "), blocks=(*blocks, Paragraph("bis {frist}")))
    draft = replace(draft, letter=letter)

    found = house.desk.deciding.preflight(draft)

    assert [item.code for item in found] == [
        "case-changed",
        "reasons-missing",
        "appeal-notice-missing",
        "blank-unfilled",
        "recipient-missing",
        "hearing-advised",
        "by-post",
        "postal-address-incomplete",
    ]
    assert [item.level for item in found] == [FindingLevel.BLOCK] * 5 + [FindingLevel.WARN] * 3
    assert dict(found[3].params) == {"blank": "{frist}"}
    assert code_of(lambda: sign(house, draft)) is ErrorCode.CASE_CHANGED


@pytest.mark.parametrize("reasons", ["Nach {grund} abgelehnt", "{a.b}"])
def test_a_blank_nobody_filled_blocks_wherever_it_stands(house: House, reasons: str) -> None:
    draft = house.desk.deciding.draft(house.arrives(), Outcome.REFUSED, Wording(reasons=reasons))

    with pytest.raises(ClerkError) as caught:
        sign(house, draft)
    assert caught.value.code is ErrorCode.PREFLIGHT_FAILED
    assert caught.value.params["finding"] == "blank-unfilled"
    assert str(caught.value.params["blank"]) in reasons
    assert house.outbox() == []


def test_looking_and_noting_leave_a_draft_signable(house: House) -> None:
    case_id = house.arrives()
    draft = house.desk.deciding.draft(case_id, Outcome.GRANTED)

    house.desk.cases.open(case_id)
    house.desk.cases.note(case_id, "Rückruf erbeten")
    house.desk.cases.check(case_id, "address", accepted=True, reason="bekannt")
    house.desk.cases.save_draft(case_id, Outcome.GRANTED, Wording())
    house.desk.cases.mark_unread(case_id)

    assert house.desk.deciding.preflight(draft) == ()
    sign(house, draft)


def test_an_answer_a_request_or_a_withdrawal_makes_a_draft_stale(house: House) -> None:
    for change in (
        lambda case_id: house.arrives(case_id),
        lambda case_id: house.desk.requesting.request(case_id, ["Nachweis"]),
    ):
        case_id = house.arrives()
        draft = house.desk.deciding.draft(case_id, Outcome.GRANTED)
        change(case_id)
        assert code_of(lambda draft=draft: sign(house, draft)) is ErrorCode.CASE_CHANGED  # type: ignore[misc]
        sign(house, house.desk.deciding.draft(case_id, Outcome.GRANTED))

    case_id = house.arrives()
    request = house.desk.requesting.request(case_id, ["Nachweis"])
    draft = house.desk.deciding.draft(case_id, Outcome.GRANTED)
    house.desk.outbox.withdraw(request.entry_id)
    assert code_of(lambda: sign(house, draft)) is ErrorCode.CASE_CHANGED


def test_the_machine_moving_a_request_on_does_not_make_a_draft_stale(house: House) -> None:
    case_id = house.arrives()
    request = house.desk.requesting.request(case_id, ["Nachweis"])
    draft = house.desk.deciding.draft(case_id, Outcome.GRANTED)

    house.goes(request.entry_id, S.ANNOUNCED, S.UPLOADED, S.SUBMITTED, S.DELIVERED)

    sign(house, draft)


def test_an_answer_that_arrives_while_the_pin_is_typed_stops_the_decision(house: House) -> None:
    case_id = house.arrives()
    draft = house.desk.deciding.draft(case_id, Outcome.GRANTED)
    house.letters.while_signing = lambda: house.arrives(case_id)  # type: ignore[assignment]

    assert code_of(lambda: sign(house, draft)) is ErrorCode.CASE_CHANGED
    assert house.outbox() == []


@pytest.mark.parametrize(
    "failure", [ErrorCode.SIGNING_PASSWORD_WRONG, ErrorCode.CERTIFICATE_EXPIRED, ErrorCode.SIGNING_FAILED]
)
def test_when_signing_fails_nothing_is_queued_and_it_can_be_tried_again(
    house: House, failure: ErrorCode
) -> None:
    case_id = house.arrives()
    draft = house.desk.deciding.draft(case_id, Outcome.GRANTED)
    house.letters.fail = ClerkError(failure)

    assert code_of(lambda: sign(house, draft)) is failure
    assert house.outbox() == []
    assert house.status(case_id) is CaseStatus.NEW

    house.letters.fail = None
    sign(house, draft)


@pytest.mark.parametrize("verdict", [Verdict.INVALID, Verdict.MODIFIED, Verdict.NOT_SIGNED])
def test_a_signature_of_ours_that_does_not_verify_never_leaves(house: House, verdict: Verdict) -> None:
    draft = house.desk.deciding.draft(house.arrives(), Outcome.GRANTED)
    house.letters.verdict = verdict

    assert code_of(lambda: sign(house, draft)) is ErrorCode.SIGNATURE_INVALID
    assert house.outbox() == []


def test_a_case_is_decided_once_until_the_decision_is_taken_back_or_returned(house: House) -> None:
    case_id = house.arrives()
    sign(house, house.desk.deciding.draft(case_id, Outcome.GRANTED))
    again = house.desk.deciding.draft(case_id, Outcome.GRANTED)
    assert code_of(lambda: sign(house, again)) is ErrorCode.CASE_ALREADY_DECIDED

    house.desk.outbox.withdraw(house.outbox()[-1].entry_id)
    assert code_of(lambda: sign(house, again)) is ErrorCode.CASE_CHANGED, "made before the withdrawal"
    second = house.desk.deciding.sign(house.desk.deciding.draft(case_id, Outcome.GRANTED), no_password)
    house.goes(second.entry_id, S.ANNOUNCED, S.RETURNED)
    assert house.status(case_id) is CaseStatus.RETURNED
    sign(house, house.desk.deciding.draft(case_id, Outcome.GRANTED))


def test_two_desks_that_sign_at_once_make_one_decision(house: House) -> None:
    case_id = house.arrives()
    both_signed = threading.Barrier(2, timeout=20)
    house.letters.while_signing = lambda: both_signed.wait() and None  # type: ignore[assignment]
    results: list[str] = []

    def decide(actor: str) -> None:
        desk = house.another_desk(actor)
        draft = desk.deciding.draft(case_id, Outcome.GRANTED)
        try:
            desk.deciding.sign(draft, no_password)
            results.append("queued")
        except ClerkError as error:
            results.append(error.code.value)

    threads = [threading.Thread(target=decide, args=(name,)) for name in ("one", "two")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    assert len(results) == 2
    assert results.count("queued") == 1
    assert set(results) - {"queued"} <= {"CASE_ALREADY_DECIDED", "CASE_CHANGED"}
    assert [e.kind for e in house.outbox()].count(OutboxKind.DECISION) == 1
    assert house.desk.ledger.verify_chain() > 0


@pytest.mark.parametrize("text", ["{frist}", "<b>x</b>", "A" * 200, "\u202eترس\u202c"])
def test_whatever_a_citizen_is_called_the_letter_is_made_from_it_and_nothing_is_filled_twice(
    house: House, text: str
) -> None:
    person = {**FORM["antragsteller"], "nachname": text}
    case_id: CaseId = house.arrives(form={**FORM, "antragsteller": person})

    draft = house.desk.deciding.draft(case_id, Outcome.GRANTED)

    assert any(text in line for line in draft.letter.recipient)
    assert house.desk.deciding.preflight(draft) is not None
