"""A verification in words: one word, one sentence, and a short paragraph for each reason.

No word here says "qualified": what a program can establish is that a signature is intact and whose
certificate made it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from clerk_app.domain.signature import Revocation, SignatureSummary, VerificationReport
from clerk_app.domain.verdict import DecisionCheck, Reason, StampKind, TimeStamp, Verdict
from clerk_app.texts.catalogue import N_
from clerk_app.texts.catalogue import gettext as _
from clerk_app.texts.formats import day, moment, size
from clerk_app.texts.verdict_reasons import BARE, CHANGES, DIFFERENCES, REASONS

_WORDS: Mapping[Verdict, str] = {
    Verdict.VALID: N_("Gültig"),
    Verdict.VALID_UNTRUSTED: N_("Unversehrt, Aussteller unbekannt"),
    Verdict.INDETERMINATE: N_("Nicht bewiesen"),
    Verdict.MODIFIED: N_("Verändert"),
    Verdict.INVALID: N_("Ungültig"),
    Verdict.NOT_SIGNED: N_("Nicht signiert"),
    Verdict.NOT_A_PDF: N_("Kein lesbares PDF"),
}
_SENTENCES: Mapping[Verdict, str] = {
    Verdict.VALID: N_("Gültig signiert von {who}; nichts wurde danach verändert."),
    Verdict.VALID_UNTRUSTED: N_(
        "Unversehrt signiert von {who}; der Aussteller des Zertifikats ist hier nicht als vertrauenswürdig "
        "hinterlegt."
    ),
    Verdict.INDETERMINATE: N_(
        "Unversehrt signiert von {who}; dass die Signatur gültig war, ist nicht bewiesen."
    ),
    Verdict.MODIFIED: N_("Nach der Signatur von {who} wurde etwas hinzugefügt oder ersetzt."),
    Verdict.INVALID: N_("Der Inhalt ist nicht der, der signiert wurde."),
    Verdict.NOT_SIGNED: N_("Das Dokument ist nicht signiert."),
    Verdict.NOT_A_PDF: N_("Das ist kein lesbares PDF."),
}
_SPECIAL: Mapping[Reason, str] = {
    Reason.CERTIFICATE_REVOKED: N_("Das Zertifikat von {who} ist gesperrt."),
    Reason.DECISION_DIFFERS: N_("Die beigefügte Entscheidung ist nicht die, die hier festgehalten wurde."),
    Reason.DECISION_CONTRADICTS_LETTER: N_(
        "Die beigefügte Entscheidung sagt etwas anderes als das Schreiben."
    ),
    Reason.DOCUMENT_ENCRYPTED: N_("Nicht prüfbar: Das Dokument ist mit einem Passwort geschützt."),
    Reason.DOCUMENT_TOO_LARGE: N_("Nicht prüfbar: Das Dokument ist zu groß."),
    Reason.DOCUMENT_TAKES_TOO_LONG: N_("Nicht prüfbar: Die Prüfung dauerte zu lange."),
    Reason.SIGNATURE_UNREADABLE: N_("Eine Signatur ist nicht lesbar."),
    Reason.SIGNATURE_BROKEN: N_("Die Signatur passt nicht zum Zertifikat."),
    Reason.TIME_STAMP_BROKEN: N_("Ein Zeitstempel gehört nicht zur Signatur von {who}."),
}
_REVOCATION: Mapping[Revocation, str] = {
    Revocation.GOOD: N_("nicht gesperrt"),
    Revocation.REVOKED: N_("gesperrt"),
    Revocation.UNKNOWN: N_("unbekannt"),
    Revocation.NOT_CHECKED: N_("nicht geprüft"),
}
_DECISION: Mapping[DecisionCheck, str] = {
    DecisionCheck.NOT_ATTACHED: N_("Keine maschinenlesbare Entscheidung beigefügt."),
    DecisionCheck.NOT_COMPARED: N_("Beigefügt, mit nichts verglichen."),
    DecisionCheck.AS_RECORDED: N_("Stimmt mit dem überein, was hier beim Signieren festgehalten wurde."),
    DecisionCheck.DIFFERS_FROM_RECORD: N_("Weicht von dem ab, was hier beim Signieren festgehalten wurde."),
    DecisionCheck.AS_PRINTED: N_("Stimmt mit den Worten des Schreibens überein."),
    DecisionCheck.DIFFERS_FROM_PRINT: N_("Widerspricht den Worten des Schreibens."),
}


@dataclass(frozen=True)
class Paragraph:
    """One finding in words. ``note``: worth knowing, but nothing speaks against the document."""

    reason: Reason | Verdict  # the verdict itself where it needs no reason
    found: str
    means: str
    todo: str
    note: bool

    @property
    def text(self) -> str:
        """The sentences in a row."""
        return " ".join(part for part in (self.found, self.means, self.todo) if part)


def verdict_word(verdict: Verdict) -> str:
    """The one word (or few) beside the icon."""
    return _(_WORDS[verdict])


def verdict_sentence(report: VerificationReport) -> str:
    """A report in one sentence."""
    signature = report.signature
    who = _who(signature)
    for reason in report.reasons:
        if reason in _SPECIAL and report.verdict is not Verdict.VALID:
            return _(_SPECIAL[reason]).format(who=who)
    return _(_SENTENCES[report.verdict]).format(who=who)


def paragraphs(report: VerificationReport) -> tuple[Paragraph, ...]:
    """What was found, what it means, what to do: reasons first, then notes."""
    found = [_paragraph(report, reason, note=False) for reason in report.reasons]
    found += [_paragraph(report, note, note=True) for note in report.notes if note not in report.reasons]
    words = BARE.get(report.verdict)
    if words is not None and not found:
        found.append(Paragraph(report.verdict, _(words.found), _(words.means), _(words.todo), note=False))
    return tuple(found)


def _paragraph(report: VerificationReport, reason: Reason, *, note: bool) -> Paragraph:
    words = REASONS[reason]
    blanks = _blanks(report, _bearer(report, reason))
    found, means, todo = (
        _(part).format_map(blanks) if part else "" for part in (words.found, words.means, words.todo)
    )
    return Paragraph(reason, found, means, todo, note)


def _bearer(report: VerificationReport, reason: Reason) -> SignatureSummary | None:
    """The signature a reason is about."""
    for signature in report.signatures:
        if reason in signature.reasons or reason in signature.notes:
            return signature
    return report.signature


def _blanks(report: VerificationReport, signature: SignatureSummary | None) -> dict[str, str]:
    stamps = signature.time_stamps if signature else ()
    return {
        "who": _who(signature),
        "issuer": (signature.issuer if signature else "") or _("nicht genannt"),
        "valid_from": _day(signature.valid_from if signature else None),
        "valid_to": _day(signature.valid_to if signature else None),
        "revoked_at": _day(signature.revoked_at if signature else None),
        "proven_at": _day(signature.proven_at if signature else None),
        "algorithm": signature.algorithm if signature else "",
        "level": signature.level if signature else "",
        "claimed_level": signature.claimed_level if signature else "",
        "changes": changes_words(signature) if signature else "",
        "stamped_by": next((stamp.authority for stamp in stamps if not stamp.trusted), ""),
        "size": size(report.size),
        "differences": differences_words(report),
    }


def changes_words(signature: SignatureSummary) -> str:
    """What came after a signature, in words."""
    return ", ".join(_(CHANGES[change]) for change in signature.changes)


def revocation_words(signature: SignatureSummary) -> str:
    """Whether the certificate was revoked, in words."""
    if signature.revocation is Revocation.REVOKED and signature.revoked_at is not None:
        return _("gesperrt seit {day}").format(day=_day(signature.revoked_at))
    return _(_REVOCATION[signature.revocation])


def decision_words(report: VerificationReport) -> str:
    """What came of comparing the attached decision."""
    return _(_DECISION[report.decision_check])


def stamp_words(stamp: TimeStamp) -> str:
    """A time stamp in one line."""
    kind = _("Zeitstempel der Signatur") if stamp.kind is StampKind.SIGNATURE else _("Archivzeitstempel")
    if not stamp.intact:
        state = _("beschädigt oder fremd")
    else:
        state = _("anerkannt") if stamp.trusted else _("Aussteller unbekannt")
    return f"{kind}: {moment(stamp.stamped_at)}, {stamp.authority} ({state})"


def differences_words(report: VerificationReport) -> str:
    """The members of the attached decision that do not fit."""
    return ", ".join(_(DIFFERENCES.get(name, name)) for name in report.decision_differences)


def facts(signature: SignatureSummary) -> list[tuple[str, str]]:
    """A signature's particulars as label and value."""
    lines = [
        (_("Signiert von"), _who(signature)),
        (_("Aussteller"), signature.issuer or "–"),
        (_("Zertifikat gilt"), f"{_day(signature.valid_from)} – {_day(signature.valid_to)}"),
        (_("Sperre"), revocation_words(signature)),
        (_("Angegebene Zeit"), moment(signature.signing_at) if signature.signing_at else "–"),
        (_("Bewiesene Zeit"), moment(signature.proven_at) if signature.proven_at else _("keine")),
        (_("Stufe"), level_words(signature)),
        (_("Verfahren"), signature.algorithm or "–"),
        (_("Deckt das ganze Dokument ab"), _("ja") if signature.covers_whole_document else _("nein")),
        (_("Vertrauenskette"), " ← ".join(signature.chain) or _("keine zu einer vertrauten Stelle")),
        (_("Seriennummer"), signature.serial or "–"),
    ]
    if signature.certification is not None:
        lines.append((_("Zertifizierung"), _certification(signature.certification)))
    return lines


def level_words(signature: SignatureSummary) -> str:
    """The level reached, and the one claimed when it is another."""
    if signature.is_time_stamp:
        return _("Archivzeitstempel")
    if signature.level == "other":
        return _("keine PAdES-Stufe")
    if signature.claimed_level and signature.claimed_level != signature.level:
        return _("{level} (aufgebaut wie {claimed})").format(
            level=signature.level, claimed=signature.claimed_level
        )
    return signature.level


def claims_words(report: VerificationReport) -> str:
    """What the document says of itself (PDF/A, PDF/UA)."""
    said = [f"PDF/A-{report.pdfa_claim}"] if report.pdfa_claim else []
    said += [f"PDF/UA-{report.pdfua_claim}"] if report.pdfua_claim else []
    return ", ".join(said) or _("keine Angabe")


def _certification(permission: int) -> str:
    return {
        1: _("keine Änderung erlaubt"),
        2: _("Ausfüllen und Signieren erlaubt"),
        3: _("Ausfüllen, Signieren und Anmerken erlaubt"),
    }.get(permission, str(permission))


def _who(signature: SignatureSummary | None) -> str:
    return (signature.subject if signature else "") or _("unbekannt")


def _day(at: datetime | None) -> str:
    return day(at) if at is not None else "–"
