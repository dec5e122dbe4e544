"""Verdicts in words: every verdict and reason has them, in both languages, and none says too much."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime

import pytest

from clerk_app.domain.signature import Revocation, SignatureSummary, VerificationReport
from clerk_app.domain.verdict import (
    Change,
    DecisionCheck,
    Modification,
    Reason,
    StampKind,
    TimeStamp,
    Verdict,
)
from clerk_app.texts import set_language
from clerk_app.texts.verdict_checks import checked_points
from clerk_app.texts.verdict_reasons import CHANGES, REASONS
from clerk_app.texts.verdicts import (
    claims_words,
    decision_words,
    facts,
    paragraphs,
    stamp_words,
    verdict_sentence,
    verdict_word,
)

AT = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
SIGNATURE = SignatureSummary(
    field_name="Sig1",
    subject="{Siegel} <b>Musterhausen</b>",
    issuer="Testwurzel",
    serial="1f",
    valid_from=AT,
    valid_to=AT,
    signing_at=AT,
    level="B-T",
    algorithm="sha256_rsa/sha256",
    intact=True,
    covers_whole_document=True,
    modification=Modification.OTHER,
    trusted=True,
    expired=False,
    verdict=Verdict.VALID,
    reasons=tuple(Reason),
    claimed_level="B-LT",
    proven_at=AT,
    revocation=Revocation.REVOKED,
    revoked_at=AT,
    changes=tuple(Change),
    certification=2,
    chain=("Testwurzel",),
    time_stamps=(TimeStamp(StampKind.SIGNATURE, AT, "Stempel", intact=True, trusted=False),),
)


def report(verdict: Verdict, *reasons: Reason) -> VerificationReport:
    """A report with one signature that has everything."""
    return VerificationReport(
        verdict, "00", 5, reasons, (SIGNATURE,), decision_differences=("outcome", "fees", "other")
    )


@pytest.fixture(params=["de", "en"], autouse=True)
def _language(request: pytest.FixtureRequest) -> object:
    set_language(request.param)
    yield
    set_language("de")


def test_every_verdict_has_a_word_and_a_sentence() -> None:
    words = {verdict_word(verdict) for verdict in Verdict}
    assert len(words) == len(Verdict)
    for verdict in Verdict:
        sentence = verdict_sentence(report(verdict))
        assert sentence.endswith(".")
        assert "{" not in sentence.replace("{Siegel}", "")


@pytest.mark.parametrize("reason", list(Reason))
def test_every_reason_says_what_it_means(reason: Reason) -> None:
    (paragraph,) = paragraphs(report(Verdict.INVALID, reason))
    assert paragraph.found
    assert paragraph.means
    assert "{" not in paragraph.text.replace("{Siegel}", "")
    assert "None" not in paragraph.text


@pytest.mark.parametrize("verdict", [Verdict.NOT_SIGNED, Verdict.NOT_A_PDF])
def test_a_verdict_without_a_reason_is_explained_too(verdict: Verdict) -> None:
    (paragraph,) = paragraphs(VerificationReport(verdict, "", 0))
    assert paragraph.found
    assert paragraph.means
    assert paragraph.todo
    assert paragraph.reason is verdict


def test_points_of_every_kind_of_signature() -> None:
    whole = report(Verdict.VALID)
    assert len(checked_points(whole)) == 6
    broken = dataclasses.replace(SIGNATURE, intact=False, trusted=False, reasons=(Reason.DIGEST_MISMATCH,))
    points = checked_points(dataclasses.replace(whole, signatures=(broken,), attached_decision={"a": 1}))
    assert [point.level for point in points] == ["bad", "info", "info", "bad", "info", "info", "info"]
    good = dataclasses.replace(
        SIGNATURE, reasons=(), revocation=Revocation.GOOD, claimed_level="B-T", changes=()
    )
    told = dataclasses.replace(
        whole, signatures=(good,), attached_decision={"a": 1}, decision_check=DecisionCheck.AS_RECORDED
    )
    assert {point.level for point in checked_points(told)} == {"ok"}
    assert checked_points(VerificationReport(Verdict.NOT_SIGNED, "", 0)) == ()


def test_what_speaks_against_a_document_says_what_to_do() -> None:
    notes = list(Reason)[list(Reason).index(Reason.REVOKED_LATER) :]
    for reason in Reason:
        assert REASONS[reason].todo or reason in notes, reason


def test_nothing_claims_what_a_program_cannot_know() -> None:
    said = [verdict_word(verdict) + verdict_sentence(report(verdict)) for verdict in Verdict]
    said += [paragraph.text for paragraph in paragraphs(report(Verdict.INVALID, *Reason))]
    said += [f"{label} {value}" for label, value in facts(SIGNATURE)]
    assert not [words for words in said if "qualifi" in words.lower()]


def test_particulars_stand_as_they_are() -> None:
    shown = dict(facts(SIGNATURE))
    assert SIGNATURE.subject in shown.values()
    assert any("B-T" in value and "B-LT" in value for value in shown.values())
    assert set(CHANGES) == set(Change)
    assert "Stempel" in stamp_words(SIGNATURE.time_stamps[0])
    assert all(
        decision_words(VerificationReport(Verdict.VALID, "", 0, decision_check=c)) for c in DecisionCheck
    )
    assert claims_words(VerificationReport(Verdict.VALID, "", 0, pdfa_claim="3a", pdfua_claim="1")) == (
        "PDF/A-3a, PDF/UA-1"
    )
