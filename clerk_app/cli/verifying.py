"""``verify PDF…``: what the signatures of documents are worth, in words and as JSON."""

from __future__ import annotations

import argparse
from pathlib import Path

from clerk_app.cli import exits
from clerk_app.cli.answer import Answer
from clerk_app.cli.entrance import Entrance, GlobalOptions
from clerk_app.cli.output import error_body, say_error
from clerk_app.domain.errors import ClerkError, Disposition, ErrorCode
from clerk_app.domain.signature import SignatureSummary, VerificationReport
from clerk_app.domain.verdict import Verdict
from clerk_app.texts import _
from clerk_app.texts.verdicts import (
    claims_words,
    decision_words,
    facts,
    level_words,
    paragraphs,
    revocation_words,
    stamp_words,
    verdict_sentence,
    verdict_word,
)
from clerk_app.texts.verification_report import report_document

LARGEST_READ = 1_000_000_000  # bytes; the verifier itself says what it takes, this only guards the memory
_MARKS = {Verdict.VALID: "✓", Verdict.VALID_UNTRUSTED: "○", Verdict.NOT_SIGNED: "–"}


def verify(entrance: Entrance, options: GlobalOptions, args: argparse.Namespace) -> Answer:
    """``verify PDF…``: exit 6 as soon as one document is not intact and signed, or cannot be read; the others
    are judged all the same."""
    answer = Answer()
    documents: list[dict[str, object]] = []
    for path in args.pdfs:
        try:
            content = _read(path)
        except ClerkError as error:
            if len(args.pdfs) == 1:
                raise
            say_error(error, as_json=False)
            documents.append({"path": str(path), "error": error_body(error)})
            answer.exit_code = exits.NOT_VERIFIED
            continue
        report = entrance.verify(options, content, online=args.online, trust=args.trust)
        documents.append({"path": str(path), **report_document(report)})
        answer.lines += _lines(str(path), report, everything=options.verbose)
        if not report.ok:
            answer.exit_code = exits.NOT_VERIFIED
    answer.document = (
        {**documents[0], "documents": documents} if len(documents) == 1 else {"documents": documents}
    )
    return answer


def _read(path: Path) -> bytes:
    try:
        if path.exists() and not path.is_file():  # a device never ends
            raise OSError
        if path.stat().st_size > LARGEST_READ:
            raise ClerkError(
                ErrorCode.NOT_A_PDF, {"path": str(path), "reason": "too-large"}, Disposition.GIVE_UP
            )
        return path.read_bytes()
    except OSError as error:
        reason = "missing" if isinstance(error, FileNotFoundError) else "unreadable"
        raise ClerkError(
            ErrorCode.NOT_A_PDF, {"path": str(path), "reason": reason}, Disposition.GIVE_UP
        ) from error


def _lines(name: str, report: VerificationReport, *, everything: bool) -> list[str]:
    mark = _MARKS.get(report.verdict, "✗")
    lines = [f"{mark} {name}: {verdict_word(report.verdict)}", f"  {verdict_sentence(report)}"]
    for paragraph in paragraphs(report):
        lines.append(f"  {'·' if paragraph.note else '!'} {paragraph.text}")
    for signature in report.signatures:
        lines += _signature_lines(signature, everything=everything)
    if report.attached_decision is not None:
        lines.append(_("  Entscheidung: {words}").format(words=decision_words(report)))
    if report.signatures or everything:
        lines.append(_("  Das Dokument nennt sich: {words}").format(words=claims_words(report)))
    return lines


def _signature_lines(signature: SignatureSummary, *, everything: bool) -> list[str]:
    if everything:
        shown = [f"  {signature.field_name}: {verdict_word(signature.verdict)}"]
        shown += [f"    {label}: {value}" for label, value in facts(signature)]
    else:
        subject = signature.subject or _("unbekannt")
        what = f"{level_words(signature)}, {subject}"
        if not signature.is_time_stamp:
            what = _("{what}, Sperre: {words}").format(what=what, words=revocation_words(signature))
        shown = [f"  {signature.field_name}: {what}"]
    return shown + [f"    {stamp_words(stamp)}" for stamp in signature.time_stamps]
