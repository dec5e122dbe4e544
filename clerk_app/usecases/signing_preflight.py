"""Prüfung vor dem Signieren: key and letter, before a PIN is spent. Codes and weights only."""

from __future__ import annotations

from datetime import datetime, timedelta

from clerk_app.domain.decision import DraftDecision, Finding, FindingLevel
from clerk_app.domain.errors import ErrorCode
from clerk_app.domain.letter import AppealNotice, Letter
from clerk_app.domain.signature import KeyReport, PinTries, SigningDemand, SigningOutlook

_BLOCK, _WARN = FindingLevel.BLOCK, FindingLevel.WARN
_SOON = timedelta(days=30)
_CODES = {
    ErrorCode.CERTIFICATE_EXPIRED: "certificate-expired",
    ErrorCode.CERTIFICATE_REVOKED: "certificate-revoked",
    ErrorCode.SIGNING_KEY_UNSUITABLE: "key-usage",
    ErrorCode.SIGNING_PIN_LOCKED: "pin-locked",
}
_ERRORS = {"level-not-reachable": ErrorCode.SIGNATURE_LEVEL_UNREACHABLE}


def key_findings(outlook: SigningOutlook, demand: SigningDemand, now: datetime) -> list[Finding]:
    """What speaks against the key that would sign, or against the level being reached."""
    key = outlook.key
    findings = _of_problem(key)
    if key.valid_to is not None and now <= key.valid_to < now + _SOON:
        on = key.valid_to.date().isoformat()
        findings.append(Finding("certificate-expiring", _WARN, (("valid_to", on),)))
    if key.pin_tries is PinTries.FINAL:
        findings.append(Finding("pin-final-try", _WARN))
    if demand.signer is not None and key.subject and key.kind is not demand.signer:
        findings.append(Finding("signer-kind-wrong", _BLOCK, (("signer", demand.signer.value),)))
    level = ("level", outlook.level.value)
    if outlook.missing is not None:
        findings.append(Finding("level-not-reachable", _BLOCK, (level, ("cause", outlook.missing))))
    elif outlook.offline:
        findings.append(Finding("level-offline", _WARN, (level,)))
    return findings


def _of_problem(key: KeyReport) -> list[Finding]:
    if key.problem is None:
        return []
    if key.problem == ErrorCode.SIGNING_SERVICE_UNAVAILABLE:
        return [Finding("signing-service-offline", _WARN)]  # it may be there when the clerk signs
    known = next((code for problem, code in _CODES.items() if problem == key.problem), "key-missing")
    return [Finding(known, _BLOCK, (("key", key.reference), ("problem", key.problem)))]


def key_error(finding: Finding) -> ErrorCode | None:
    """What signing says for a finding about the key that blocks: the key's own problem where it has one."""
    problem = dict(finding.params).get("problem")
    return ErrorCode(problem) if problem is not None else _ERRORS.get(finding.code)


def letter_findings(draft: DraftDecision, fresh: Letter) -> list[Finding]:
    """How the draft's letter differs from the one that would be written now (``fresh``).

    The addressee must be the applicant of the case, and the appeal notice the one that is right on the day of
    signing (VwGO §§ 58, 70: a wrong one leaves a year for the objection).
    """
    findings = []
    own, today = _lines(draft.letter), _lines(fresh)
    if own and own != today:
        findings.append(Finding("recipient-differs", _BLOCK))
    notices, right = _appeals(draft.letter), _appeals(fresh)
    if notices and notices != right:
        findings.append(Finding("appeal-notice-wrong", _BLOCK))
    if draft.letter.date_on < fresh.date_on:
        findings.append(Finding("letter-date-past", _WARN))
    return findings


def _lines(letter: Letter) -> tuple[str, ...]:
    return tuple(line.strip() for line in letter.recipient if line.strip())


def _appeals(letter: Letter) -> tuple[str, ...]:
    return tuple(
        block.text for block in letter.blocks if isinstance(block, AppealNotice) and block.text.strip()
    )
