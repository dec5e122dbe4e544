"""Prüfen: what a document's signatures are worth. Offline, without a profile, on any PDF from anywhere.

Every tool tried calls a document with a page added after signing "valid" somewhere on its output; here the
one word for it is MODIFIED. A certificate is judged at the moment a believed time stamp proves; without one
it is judged now: a baseline B-B signature carries no trusted time, so an expired certificate proves nothing
about when it was used.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Sequence
from datetime import UTC, datetime

from asn1crypto import x509 as asn1_x509
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature

from clerk_app.domain.signature import SignatureSummary, VerificationReport, worst
from clerk_app.domain.verdict import DecisionCheck, Reason, Verdict
from clerk_app.signing.bounds import LARGEST_PDF, TooLongError, bounded
from clerk_app.signing.evidence import Fetch, Proofs, fetch_proofs, read_proofs
from clerk_app.signing.judgement import Surroundings, judge
from clerk_app.signing.pdf_reading import (
    attachment,
    claims,
    decision_of,
    member,
    open_pdf,
    opened,
    trailing_bytes,
)
from clerk_app.signing.salvage import damaged_signature
from clerk_app.signing.time_stamps import judge_document_stamps
from clerk_app.signing.trust import Trust

_LOG = logging.getLogger(__name__)
_MAX_SIGNATURES = 50
_HEADER_WITHIN = 1024  # ISO 32000-1, annex H: readers accept the header in the first 1024 bytes
_END_WITHIN = 1024  # and the end-of-file marker in the last 1024
LONGEST_S = 60.0


def silence_libraries() -> None:
    """Keep the libraries' own log lines off stderr and out of our logs."""
    for name in ("pyhanko", "pyhanko_certvalidator"):
        logger = logging.getLogger(name)
        logger.propagate = False
        logger.setLevel(logging.CRITICAL + 1)


silence_libraries()


def verify(
    pdf: bytes,
    *,
    trust_roots: Sequence[bytes] = (),
    at: datetime | None = None,
    facts_sha256: str | None = None,
    fetch: Fetch | None = None,
    longest_s: float = LONGEST_S,
) -> VerificationReport:
    """Everything that can be said about this document.

    ``trust_roots``: DER certificates of authorities that are believed. ``at``: the moment to judge at (now).
    ``facts_sha256``: the expected hash of the attached decision. ``fetch``: asks the authorities online
    whether certificates were revoked; without it nothing leaves this machine. Never raises for what a
    document contains, and gives up after ``longest_s``.
    """
    sha256 = hashlib.sha256(pdf).hexdigest()
    at = at or datetime.now(UTC)
    hopeless = _hopeless(pdf)
    if hopeless is not None:
        verdict, reasons = hopeless
        return VerificationReport(verdict, sha256, len(pdf), reasons, checked_at=at)
    try:
        with bounded(longest_s):
            return _report(pdf, sha256, trust_roots, at, facts_sha256, fetch)
    except TooLongError:
        reason = Reason.DOCUMENT_TAKES_TOO_LONG
        return VerificationReport(Verdict.INVALID, sha256, len(pdf), (reason,), checked_at=at)
    except Exception as error:  # noqa: BLE001 - damaged and hostile documents break the libraries anywhere
        _LOG.info("document not readable: %s", type(error).__name__)
        return _unreadable(pdf, sha256, at)


def _unreadable(pdf: bytes, sha256: str, at: datetime) -> VerificationReport:
    """What can still be said of a document that cannot be read as a PDF."""
    cut = b"%%EOF" not in pdf[-_END_WITHIN:]
    reason = Reason.DOCUMENT_TRUNCATED if cut else Reason.DOCUMENT_UNREADABLE
    damaged = None if cut else damaged_signature(pdf, at)
    if damaged is None:
        return VerificationReport(Verdict.NOT_A_PDF, sha256, len(pdf), (reason,), checked_at=at)
    reasons = (Reason.DIGEST_MISMATCH, reason)
    return VerificationReport(Verdict.INVALID, sha256, len(pdf), reasons, (damaged,), checked_at=at)


def _hopeless(pdf: bytes) -> tuple[Verdict, tuple[Reason, ...]] | None:
    """What can be said without reading a structure."""
    if not pdf.strip():
        return Verdict.NOT_A_PDF, (Reason.DOCUMENT_EMPTY,)
    if len(pdf) > LARGEST_PDF:
        return Verdict.INVALID, (Reason.DOCUMENT_TOO_LARGE,)
    if b"%PDF-" not in pdf[:_HEADER_WITHIN]:
        container = pdf.startswith(b"PK\x03\x04")
        return Verdict.NOT_A_PDF, (Reason.DOCUMENT_IS_CONTAINER,) if container else ()
    return None


def _report(
    pdf: bytes,
    sha256: str,
    trust_roots: Sequence[bytes],
    at: datetime,
    facts_sha256: str | None,
    fetch: Fetch | None,
) -> VerificationReport:
    reader = open_pdf(pdf)
    if reader.encrypted and not opened(reader):
        return VerificationReport(
            Verdict.INVALID, sha256, len(pdf), (Reason.DOCUMENT_ENCRYPTED,), checked_at=at
        )
    if not isinstance(member(reader.root, "/Pages"), generic.DictionaryObject):
        reason = Reason.DOCUMENT_UNREADABLE
        return VerificationReport(Verdict.NOT_A_PDF, sha256, len(pdf), (reason,), checked_at=at)
    summaries = _judged(reader, pdf, trust_roots, at, fetch)
    signed = [each for each in summaries if not each.is_time_stamp]
    counted = [*signed, *(each for each in summaries if each.is_time_stamp and _speaks_against(each))]
    verdict = worst(tuple(each.verdict for each in counted))
    reasons = list(dict.fromkeys(reason for each in counted for reason in each.reasons))
    notes = list(dict.fromkeys(note for each in summaries for note in each.notes))
    if summaries and not signed:
        notes.append(Reason.TIME_STAMP_ONLY)
    content = attachment(reader)
    check = DecisionCheck.NOT_ATTACHED if content is None else DecisionCheck.NOT_COMPARED
    matches = None
    if facts_sha256 is not None:
        matches = content is not None and hashlib.sha256(content).hexdigest() == facts_sha256
        check = DecisionCheck.AS_RECORDED if matches else DecisionCheck.DIFFERS_FROM_RECORD
    pdfa, pdfua = claims(reader)
    report = VerificationReport(
        verdict=verdict,
        sha256=sha256,
        size=len(pdf),
        reasons=tuple(reasons),
        signatures=summaries,
        pdfa_claim=pdfa,
        pdfua_claim=pdfua,
        attached_decision=decision_of(content),
        decision_matches=matches,
        decision_check=check,
        notes=tuple(notes),
        checked_at=at,
        authorities_believed=len(trust_roots),
    )
    return report.against_decision(Reason.DECISION_DIFFERS) if matches is False else report


def _judged(
    reader: PdfFileReader,
    pdf: bytes,
    trust_roots: Sequence[bytes],
    at: datetime,
    fetch: Fetch | None,
) -> tuple[SignatureSummary, ...]:
    roots = [asn1_x509.Certificate.load(der) for der in trust_roots]
    found = reader.embedded_signatures[:_MAX_SIGNATURES]
    if not found:
        return ()
    proofs = read_proofs(reader)
    if fetch is not None:
        _add_fetched(proofs, found, roots, fetch)
    stamps = judge_document_stamps(found, Trust(roots, proofs), at)
    around = Surroundings(found, stamps, proofs, roots, at, trailing=bool(trailing_bytes(reader, pdf)))
    return tuple(judge(place, around) for place in range(len(found)))


def _add_fetched(
    proofs: Proofs,
    found: Sequence[EmbeddedPdfSignature],
    roots: Sequence[asn1_x509.Certificate],
    fetch: Fetch,
) -> None:
    signers = [each.signer_cert for each in found]
    known = [*roots, *proofs.certificates, *(other for each in found for other in each.other_embedded_certs)]
    fetched = fetch_proofs(signers, known, fetch)
    proofs.answers += fetched.answers
    proofs.lists += fetched.lists


def _speaks_against(stamp: SignatureSummary) -> bool:
    """An archive time stamp of an unknown authority says nothing against a document; a broken one does."""
    return stamp.verdict in (Verdict.INVALID, Verdict.MODIFIED)
