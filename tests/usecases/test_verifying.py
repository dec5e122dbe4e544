"""The decision attached to a document, against what this office recorded and against the letter's words."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

import pytest

from clerk_app.domain.decision import Outcome
from clerk_app.domain.errors import ClerkError, Disposition, ErrorCode
from clerk_app.domain.signature import VerificationReport
from clerk_app.domain.verdict import DecisionCheck, Reason, Verdict
from clerk_app.usecases.verifying import Verifying
from tests.usecases.house import House, summary

MARK = b"\n%FACTS "


def attached(pdf: bytes) -> bytes | None:
    """The stand-in for a PDF's attachment: what follows a mark."""
    return pdf.split(MARK, 1)[1] if MARK in pdf else None


def judge(verdict: Verdict = Verdict.VALID) -> Any:
    """A verifier that finds one signature and whatever is attached."""

    def verify(pdf: bytes) -> VerificationReport:
        import hashlib

        content = attached(pdf)
        signatures = () if verdict is Verdict.NOT_SIGNED else (summary(verdict),)
        return VerificationReport(
            verdict,
            hashlib.sha256(pdf).hexdigest(),
            len(pdf),
            (),
            signatures,
            attached_decision=json.loads(content) if content else None,
            decision_check=DecisionCheck.NOT_COMPARED if content else DecisionCheck.NOT_ATTACHED,
        )

    return verify


def signed_here(house: House) -> tuple[bytes, str]:
    """A decision this office has signed and queued, and its reference."""
    case_id = house.arrives()
    facts: dict[str, Any] = {}
    row = house.desk.reads.row(case_id)
    assert row is not None
    facts["caseReference"] = row.case_reference
    facts["outcome"] = "granted"
    tail = MARK + json.dumps(facts).encode()
    plain = house.letters.sign

    def sign(pdf: bytes, key: str | None, ask: Any, demand: Any) -> Any:
        signed, found = plain(pdf, key, ask, demand)
        return signed + tail, found

    house.letters.sign = sign  # type: ignore[method-assign, assignment]
    draft = house.desk.deciding.draft(case_id, Outcome.GRANTED)
    queued = house.desk.deciding.sign(draft, lambda: None)
    return queued.pdf, row.case_reference


def at(house: House, **changes: Any) -> Verifying:
    """The use case at this house's desk."""
    made = Verifying(judge(), attached, None, house.desk.reads, house.desk.ledger, house.store.documents())
    return dataclasses.replace(made, **changes)


def test_the_document_that_was_signed_here(house: House) -> None:
    pdf, _reference = signed_here(house)
    report = at(house).verify(pdf)
    assert (report.verdict, report.decision_check) == (Verdict.VALID, DecisionCheck.AS_RECORDED)
    assert report.decision_matches is True


def test_the_same_decision_in_another_document(house: House) -> None:
    pdf, _reference = signed_here(house)
    report = at(house).verify(b"another copy " + pdf)
    assert report.decision_check is DecisionCheck.AS_RECORDED


def test_another_decision_for_the_same_case(house: House) -> None:
    pdf, reference = signed_here(house)
    forged = (
        pdf.split(MARK)[0] + MARK + json.dumps({"caseReference": reference, "outcome": "refused"}).encode()
    )
    report = at(house).verify(forged)
    assert (report.verdict, report.reasons) == (Verdict.INVALID, (Reason.DECISION_DIFFERS,))
    assert (report.decision_check, report.decision_matches) == (DecisionCheck.DIFFERS_FROM_RECORD, False)
    untouched = at(house, verifier=judge(Verdict.MODIFIED)).verify(forged)
    assert untouched.verdict is Verdict.MODIFIED  # a worse finding is not covered up


def test_a_case_of_another_office_is_judged_by_its_words(house: House) -> None:
    signed_here(house)
    foreign = b"letter" + MARK + json.dumps({"caseReference": "AZ 7", "outcome": "granted"}).encode()
    good = at(house, text_of=lambda _pdf: "Aktenzeichen AZ 7\nIhrem Antrag wird entsprochen.").verify(foreign)
    assert (good.decision_check, good.verdict) == (DecisionCheck.AS_PRINTED, Verdict.VALID)
    bad = at(house, text_of=lambda _pdf: "Aktenzeichen AZ 7\nDer Antrag wird abgelehnt.").verify(foreign)
    assert (bad.verdict, bad.reasons) == (
        Verdict.INDETERMINATE,
        (Reason.DECISION_CONTRADICTS_LETTER,),
    )
    assert bad.decision_differences == ("outcome",)


def test_without_text_and_without_office() -> None:
    foreign = b"letter" + MARK + json.dumps({"caseReference": "AZ 7"}).encode()
    assert Verifying(judge(), attached).verify(foreign).decision_check is DecisionCheck.NOT_COMPARED

    def refuses(_pdf: bytes) -> str:
        raise ClerkError(ErrorCode.PREVIEW_REFUSED, {"reason": "format"}, Disposition.GIVE_UP)

    report = Verifying(judge(), attached, refuses).verify(foreign)
    assert (report.verdict, report.decision_check) == (Verdict.VALID, DecisionCheck.NOT_COMPARED)


@pytest.mark.parametrize("pdf", [b"letter", b"letter" + MARK + b'{"caseReference": 3}'])
def test_what_names_no_case_is_left_alone(house: House, pdf: bytes) -> None:
    report = at(house, text_of=lambda _pdf: "Wort").verify(pdf)
    assert report.verdict is Verdict.VALID


def test_an_unsigned_document_is_not_compared(house: House) -> None:
    pdf, _reference = signed_here(house)
    report = at(house, verifier=judge(Verdict.NOT_SIGNED)).verify(pdf)
    assert report.decision_check is DecisionCheck.NOT_COMPARED
