"""Vorprüfung: what can stand against a letter before it is signed or sent."""

from __future__ import annotations

import re

from clerk_app.domain.case import CaseFile
from clerk_app.domain.decision import Finding, FindingLevel
from clerk_app.domain.errors import ClerkError, ErrorCode
from clerk_app.domain.letter import Letter, block_texts
from clerk_app.usecases.sending import Way
from clerk_app.usecases.signing_preflight import key_error

_BLANK = re.compile(r"\{[a-z][\w.]*\}")
_FEWEST_ADDRESS_LINES = 3  # name, street, town


def unfilled_blanks(letter: Letter) -> tuple[str, ...]:
    """Blanks of a template that nobody could fill, as they stand in the letter."""
    texts = (text for block in letter.blocks for text in block_texts(block))
    found = {blank for text in (letter.subject, *texts) for blank in _BLANK.findall(text)}
    return tuple(sorted(found))


def incomplete_findings(letter: Letter) -> list[Finding]:
    """What no letter may go out with: an open blank, nobody to send it to."""
    block = FindingLevel.BLOCK
    findings = [Finding("blank-unfilled", block, (("blank", blank),)) for blank in unfilled_blanks(letter)]
    if not any(line.strip() for line in letter.recipient):
        findings.append(Finding("recipient-missing", block))
    return findings


def forwarded_findings(case: CaseFile) -> list[Finding]:
    """What only the competent authority may do stands against an office that handed the case to it."""
    forwarded = case.forwarded
    if forwarded is None:
        return []
    return [Finding("already-forwarded", FindingLevel.BLOCK, (("authority", forwarded.office.name),))]


def translation_findings(letter: Letter) -> list[Finding]:
    """What a clerk should know of the text in a second language."""
    translation = letter.translation
    if translation is None:
        return []
    language = (("language", translation.language),)
    told = (
        ("translation-incomplete", not translation.complete),
        ("translation-unreviewed", not translation.reviewed),
    )
    return [Finding(code, FindingLevel.WARN, language) for code, holds in told if holds]


def post_findings(letter: Letter, way: Way, by_post: str = "by-post") -> list[Finding]:
    """What a clerk should know when it goes by post."""
    if way.channel is not None:
        return []
    findings = [Finding(by_post, FindingLevel.WARN, (("reason", way.reason),))]
    if len([line for line in letter.recipient if line.strip()]) < _FEWEST_ADDRESS_LINES:
        findings.append(Finding("postal-address-incomplete", FindingLevel.WARN))
    return findings


def worst_first(findings: list[Finding]) -> tuple[Finding, ...]:
    """Blocking ones first, else in their order."""
    return tuple(sorted(findings, key=lambda finding: finding.level is not FindingLevel.BLOCK))


def as_error(finding: Finding, case: CaseFile) -> ClerkError:
    """A blocking finding as what signing or sending raises."""
    known = {
        "already-decided": ErrorCode.CASE_ALREADY_DECIDED,
        "already-forwarded": ErrorCode.CASE_ALREADY_FORWARDED,
        "case-changed": ErrorCode.CASE_CHANGED,
        "reasons-missing": ErrorCode.REASONS_MISSING,
        "hearing-missing": ErrorCode.HEARING_MISSING,
        "hearing-open": ErrorCode.HEARING_MISSING,
        "stand-in-may-not-sign": ErrorCode.STAND_IN_MAY_NOT_SIGN,
    }
    code = known.get(finding.code) or key_error(finding) or ErrorCode.PREFLIGHT_FAILED
    params = {"case": case.row.case_reference, "finding": finding.code, **dict(finding.params)}
    return ClerkError(code, params)
