"""What a verification looked at, point by point: each with its outcome in words."""

from __future__ import annotations

from dataclasses import dataclass

from clerk_app.domain.signature import Revocation, SignatureSummary, VerificationReport
from clerk_app.domain.verdict import DecisionCheck, Reason
from clerk_app.texts.catalogue import gettext as _
from clerk_app.texts.formats import moment
from clerk_app.texts.verdicts import changes_words, decision_words, level_words, revocation_words

GOOD, DOUBT, BAD, UNASKED = "ok", "warn", "bad", "info"


@dataclass(frozen=True)
class CheckedPoint:
    """One point. ``level`` is ok, warn, bad or info (not examined)."""

    level: str
    label: str
    words: str


def checked_points(report: VerificationReport) -> tuple[CheckedPoint, ...]:
    """The points for the signature that decides, then the attached decision; none for unsigned documents."""
    signature = report.signature
    if signature is None:
        return ()
    points = [
        _content(signature),
        _afterwards(signature),
        _certificate(signature),
        _revocation(signature),
        _time(signature),
        _level(signature),
    ]
    if report.attached_decision is not None:
        points.append(CheckedPoint(_decision_level(report), _("Entscheidung"), decision_words(report)))
    return tuple(points)


def _content(signature: SignatureSummary) -> CheckedPoint:
    words = _("wie er signiert wurde") if signature.intact else _("nicht der, der signiert wurde")
    return CheckedPoint(GOOD if signature.intact else BAD, _("Signierter Inhalt"), words)


def _afterwards(signature: SignatureSummary) -> CheckedPoint:
    label = _("Seit der Signatur")
    if Reason.CHANGED_AFTER_SIGNING in signature.reasons:
        return CheckedPoint(BAD, label, _("verändert: {changes}").format(changes=changes_words(signature)))
    if not signature.intact:
        return CheckedPoint(UNASKED, label, _("nicht zu beurteilen"))
    if Reason.NOT_WHOLE_DOCUMENT in signature.reasons:
        return CheckedPoint(BAD, label, _("nicht alles ist signiert"))
    if Reason.CHANGED_AS_PERMITTED in signature.notes:
        return CheckedPoint(DOUBT, label, _("ausgefüllt oder ergänzt, wie es die Signatur zulässt"))
    return CheckedPoint(GOOD, label, _("nichts verändert"))


def _certificate(signature: SignatureSummary) -> CheckedPoint:
    label = _("Zertifikat")
    if signature.trusted:
        return CheckedPoint(GOOD, label, _("von einer Stelle, der hier vertraut wird"))
    if not signature.intact:
        return CheckedPoint(UNASKED, label, _("nicht zu beurteilen"))
    if signature.expired and Reason.CERTIFICATE_EXPIRED in signature.reasons:
        return CheckedPoint(DOUBT, label, _("abgelaufen"))
    return CheckedPoint(DOUBT, label, _("von keiner Stelle, der hier vertraut wird"))


def _revocation(signature: SignatureSummary) -> CheckedPoint:
    level = {Revocation.GOOD: GOOD, Revocation.REVOKED: BAD}.get(signature.revocation, UNASKED)
    if Reason.REVOKED_LATER in signature.notes:
        level = DOUBT
    return CheckedPoint(level, _("Sperre"), revocation_words(signature))


def _time(signature: SignatureSummary) -> CheckedPoint:
    label = _("Zeitpunkt")
    if not signature.intact:
        return CheckedPoint(UNASKED, label, _("nicht zu beurteilen"))
    if Reason.TIME_STAMP_BROKEN in signature.reasons:
        return CheckedPoint(BAD, label, _("Zeitstempel beschädigt oder fremd"))
    if signature.proven_at is not None:
        words = _("bewiesen: {moment}").format(moment=moment(signature.proven_at))
        return CheckedPoint(GOOD, label, words)
    if signature.signing_at is None:
        return CheckedPoint(UNASKED, label, _("nicht angegeben"))
    words = _("nur angegeben: {moment}").format(moment=moment(signature.signing_at))
    return CheckedPoint(UNASKED, label, words)


def _level(signature: SignatureSummary) -> CheckedPoint:
    if not signature.intact:
        return CheckedPoint(UNASKED, _("Stufe"), _("nicht zu beurteilen"))
    missing = Reason.LEVEL_INCOMPLETE in signature.notes
    return CheckedPoint(DOUBT if missing else GOOD, _("Stufe"), level_words(signature))


def _decision_level(report: VerificationReport) -> str:
    return {
        DecisionCheck.AS_RECORDED: GOOD,
        DecisionCheck.AS_PRINTED: GOOD,
        DecisionCheck.DIFFERS_FROM_RECORD: BAD,
        DecisionCheck.DIFFERS_FROM_PRINT: BAD,
    }.get(report.decision_check, UNASKED)
