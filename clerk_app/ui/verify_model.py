"""What the verification page shows, without widgets."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from clerk_app.domain.errors import ClerkError, Disposition, ErrorCode
from clerk_app.domain.ids import CaseId, DocumentId
from clerk_app.domain.service_package import FormGroup, FormRow, FormView
from clerk_app.domain.signature import VerificationReport
from clerk_app.domain.verdict import Verdict
from clerk_app.texts import _
from clerk_app.texts.verdicts import decision_words, differences_words, facts, stamp_words, verdict_word
from clerk_app.texts.verification_report import decision_rows, document_facts
from clerk_app.usecases.desk import Desk

LARGEST_READ = 300_000_000  # bytes; the verifier says itself that less is already too large


@dataclass(frozen=True)
class Look:
    """How a verdict looks: never by its colour alone."""

    icon: str
    level: str  # of the card: ok, warn, bad, info


LOOKS: dict[Verdict, Look] = {
    Verdict.VALID: Look("verified", "ok"),
    Verdict.VALID_UNTRUSTED: Look("gpp_maybe", "warn"),
    Verdict.INDETERMINATE: Look("help", "warn"),
    Verdict.MODIFIED: Look("edit", "bad"),
    Verdict.INVALID: Look("block", "bad"),
    Verdict.NOT_SIGNED: Look("draft", "info"),
    Verdict.NOT_A_PDF: Look("report", "bad"),
}


@dataclass(frozen=True)
class Checked:
    """A document that was looked at."""

    name: str
    content: bytes
    report: VerificationReport


Reader = Callable[[Desk], bytes]


def file_reader(path: Path) -> Reader:
    """Reads a file of this machine. Raises ClerkError NOT_A_PDF when it cannot be read."""

    def read(_desk: Desk) -> bytes:
        try:
            if not path.is_file() or path.stat().st_size > LARGEST_READ:
                raise OSError
            return path.read_bytes()
        except OSError as error:
            reason = "missing" if isinstance(error, FileNotFoundError) or not path.exists() else "unreadable"
            params = {"path": path.name, "reason": reason}
            raise ClerkError(ErrorCode.NOT_A_PDF, params, Disposition.GIVE_UP) from error

    return read


def entry_reader(case_id: CaseId, entry_id: str) -> Reader:
    """Reads the document of an outbox entry."""

    def read(desk: Desk) -> bytes:
        from clerk_app.domain.ids import EntryId

        documents = desk.ledger.outgoing(EntryId(entry_id)).documents
        if not documents:
            raise ClerkError(ErrorCode.NOT_A_PDF, {}, Disposition.GIVE_UP)
        return desk.documents.read(case_id, DocumentId(documents[0].document_id))

    return read


def check(desk: Desk, name: str, read: Reader, *, online: bool = False) -> Checked:
    """Reads and verifies a document."""
    content = read(desk)
    return Checked(name, content, desk.verifying.verify(content, online=online))


def signatures_form(checked: Checked) -> FormView:
    """Each signature with its particulars and time stamps, then the document itself."""
    groups = []
    for at, signature in enumerate(checked.report.signatures, 1):
        rows = [FormRow("", _("Ergebnis"), verdict_word(signature.verdict))]
        rows += [FormRow("", name, value) for name, value in facts(signature)]
        rows += [FormRow("", _("Zeitstempel"), stamp_words(stamp)) for stamp in signature.time_stamps]
        title = _("Signatur {at}: {name}").format(at=at, name=signature.field_name or "–")
        if signature.is_time_stamp:
            title = _("Archivzeitstempel")
        groups.append(FormGroup(title, tuple(rows)))
    about = tuple(FormRow("", name, value) for name, value in document_facts(checked.report, checked.name))
    groups.append(FormGroup(_("Dokument"), about))
    return FormView(tuple(groups))


def decision_form(checked: Checked) -> FormView:
    """The attached decision as a table, with what came of comparing it."""
    report = checked.report
    found = [FormRow("", _("Ergebnis"), decision_words(report))]
    if report.decision_differences:
        found.append(FormRow("", _("Weicht ab"), differences_words(report)))
    compared = FormGroup(_("Abgleich"), tuple(found))
    rows = tuple(FormRow(name, name, value) for name, value in decision_rows(report))
    if not rows:
        return FormView((compared,))
    return FormView((compared, FormGroup(_("Maschinenlesbare Entscheidung"), rows)))
