"""Prüfen: what a document's signatures are worth. Offline, without a profile, on any PDF from anywhere.

Every tool tried calls a document with a page added after signing "valid" somewhere on its output; here the
one word for it is MODIFIED. Certificates are judged at the present moment: a baseline B-B signature carries
no trusted time, so an expired certificate proves nothing about when it was used.
"""

from __future__ import annotations

import hashlib
import io
import json
import logging
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from asn1crypto import x509 as asn1_x509
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.crypt import AuthStatus
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.validation.pdf_embedded import (
    EmbeddedPdfSignature,
    async_validate_pdf_signature,
    async_validate_pdf_timestamp,
)
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from clerk_app.domain.signature import (
    Modification,
    Reason,
    SignatureSummary,
    Verdict,
    VerificationReport,
    worst,
)
from clerk_app.signing.blocking import finished

_LOG = logging.getLogger(__name__)
_MAX_ATTACHMENT = 4 << 20
_MAX_XMP = 1 << 20
_MAX_SIGNATURES = 50
_PDFA_PART = re.compile(r"pdfaid:part\s*(?:=\s*[\"']|>)\s*(\d)")
_PDFA_LEVEL = re.compile(r"pdfaid:conformance\s*(?:=\s*[\"']|>)\s*([A-Za-z])")
_PDFUA_PART = re.compile(r"pdfuaid:part\s*(?:=\s*[\"']|>)\s*(\d)")
_HEADER_WITHIN = 1024  # ISO 32000-1, annex H: readers accept the header in the first 1024 bytes
_MODIFICATIONS = {
    ModificationLevel.NONE: Modification.NONE,
    ModificationLevel.LTA_UPDATES: Modification.LTA_UPDATES,
    ModificationLevel.FORM_FILLING: Modification.FORM_FILLING,
    ModificationLevel.ANNOTATIONS: Modification.ANNOTATIONS,
    ModificationLevel.OTHER: Modification.OTHER,
}
_USAGE = KeyUsageConstraints(key_usage={"digital_signature", "non_repudiation"}, match_all_key_usages=False)


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
) -> VerificationReport:
    """Everything that can be said about this document.

    ``trust_roots``: DER certificates of authorities that are believed. ``at``: the moment to judge at (now).
    ``facts_sha256``: the expected hash of the attached decision. Never raises for what a document contains.
    """
    sha256 = hashlib.sha256(pdf).hexdigest()
    if b"%PDF-" not in pdf[:_HEADER_WITHIN]:
        reason = () if pdf.strip() else (Reason.DOCUMENT_EMPTY,)
        return VerificationReport(Verdict.NOT_A_PDF, sha256, len(pdf), reason)
    try:
        return _report(pdf, sha256, trust_roots, at or datetime.now(UTC), facts_sha256)
    except Exception as error:  # noqa: BLE001 - damaged and hostile documents break the libraries anywhere
        _LOG.info("document not readable: %s", type(error).__name__)
        return VerificationReport(Verdict.NOT_A_PDF, sha256, len(pdf), (Reason.DOCUMENT_UNREADABLE,))


def _report(
    pdf: bytes, sha256: str, trust_roots: Sequence[bytes], at: datetime, facts_sha256: str | None
) -> VerificationReport:
    reader = _reader(pdf)
    if reader.encrypted and not _opened(reader):
        return VerificationReport(Verdict.INVALID, sha256, len(pdf), (Reason.DOCUMENT_ENCRYPTED,))
    if not isinstance(_member(reader.root, "/Pages"), generic.DictionaryObject):
        return VerificationReport(Verdict.NOT_A_PDF, sha256, len(pdf), (Reason.DOCUMENT_UNREADABLE,))
    roots = [asn1_x509.Certificate.load(der) for der in trust_roots]
    found = reader.embedded_signatures[:_MAX_SIGNATURES]
    judged = [_Judgement(signature, found, roots, at, _long_term_level(reader, found)) for signature in found]
    summaries = tuple(judgement.summary() for judgement in judged)
    verdict = worst(tuple(summary.verdict for summary in summaries))
    reasons = list(dict.fromkeys(reason for summary in summaries for reason in summary.reasons))
    attachment = _attachment(reader)
    matches = None if facts_sha256 is None else _sha256(attachment) == facts_sha256
    if matches is False:
        reasons.append(Reason.DECISION_DIFFERS)
        if verdict in (Verdict.VALID, Verdict.VALID_UNTRUSTED):
            verdict = Verdict.INVALID
    pdfa, pdfua = _claims(reader)
    return VerificationReport(
        verdict=verdict,
        sha256=sha256,
        size=len(pdf),
        reasons=tuple(reasons),
        signatures=summaries,
        pdfa_claim=pdfa,
        pdfua_claim=pdfua,
        attached_decision=_decision(attachment),
        decision_matches=matches,
    )


def _reader(pdf: bytes) -> PdfFileReader:
    """Strict first: leniency is for documents made elsewhere with small faults."""
    try:
        reader = PdfFileReader(io.BytesIO(pdf), strict=True)
        reader.root  # noqa: B018 - reading it is the test
        return reader
    except Exception:  # noqa: BLE001 - judged by the second attempt
        return PdfFileReader(io.BytesIO(pdf), strict=False)


def _opened(reader: PdfFileReader) -> bool:
    try:
        return reader.decrypt("").status is not AuthStatus.FAILED
    except Exception:  # noqa: BLE001 - certificate encryption, unknown handlers
        return False


class _Judgement:
    """What is found out about one signature."""

    def __init__(
        self,
        signature: EmbeddedPdfSignature,
        all_signatures: Sequence[EmbeddedPdfSignature],
        roots: list[asn1_x509.Certificate],
        at: datetime,
        long_term_level: str | None,
    ) -> None:
        self._signature = signature
        self._last = signature is all_signatures[-1]
        self._last_covers_file = _covers_file(all_signatures[-1])
        self._roots = roots
        self._at = at
        self._long_term_level = long_term_level

    def summary(self) -> SignatureSummary:
        """The summary; a signature the library cannot read is INVALID, not an error."""
        try:
            return self._judged()
        except Exception as error:  # noqa: BLE001 - hostile or unknown structures
            _LOG.info("signature not readable: %s", type(error).__name__)
            return self._unreadable()

    def _judged(self) -> SignatureSummary:
        signature = self._signature
        status = self._validate()
        coverage = status.coverage
        level = status.modification_level
        modification = Modification.NONE if level is None else _MODIFICATIONS[level]
        if coverage is not SignatureCoverageLevel.ENTIRE_FILE and level is None:
            modification = Modification.OTHER  # the comparison itself refused the changes
        intact = bool(status.intact and status.valid)
        certificate = signature.signer_cert
        begins, ends = certificate.not_valid_before, certificate.not_valid_after
        unchanged = self._is_unchanged(status, modification)
        whole = _range_is_whole(signature) and (
            coverage is SignatureCoverageLevel.ENTIRE_FILE
            or (
                coverage is SignatureCoverageLevel.ENTIRE_REVISION
                and modification is Modification.LTA_UPDATES
            )
        )
        reasons: list[Reason] = []
        if not intact:
            reasons.append(Reason.SIGNATURE_BROKEN if status.intact else Reason.DIGEST_MISMATCH)
        if not unchanged:
            reasons.append(Reason.CHANGED_AFTER_SIGNING)
        if coverage < SignatureCoverageLevel.ENTIRE_REVISION or not _range_is_whole(signature):
            reasons.append(Reason.NOT_WHOLE_DOCUMENT)
        if intact and not status.trusted:
            reasons.append(self._distrust(certificate))
        if not intact:
            verdict = Verdict.INVALID
        elif not unchanged or Reason.NOT_WHOLE_DOCUMENT in reasons:
            verdict = Verdict.MODIFIED
        else:
            verdict = Verdict.VALID if status.trusted else Verdict.VALID_UNTRUSTED
        return SignatureSummary(
            field_name=signature.field_name or "",
            subject=_text_of(certificate.subject),
            issuer=_text_of(certificate.issuer),
            serial=f"{certificate.serial_number:x}",
            valid_from=begins,
            valid_to=ends,
            signing_at=_aware(signature.self_reported_timestamp),
            level=self._level(),
            algorithm=f"{status.pkcs7_signature_mechanism}/{status.md_algorithm}",
            intact=intact,
            covers_whole_document=whole,
            modification=modification,
            trusted=intact and bool(status.trusted),
            expired=not begins <= self._at <= ends,
            verdict=verdict,
            reasons=tuple(reasons),
        )

    def _validate(self) -> Any:
        context = ValidationContext(
            trust_roots=self._roots, moment=self._at, allow_fetching=False, revocation_mode="soft-fail"
        )
        if self._signature.sig_object_type == "/DocTimeStamp":
            return finished(async_validate_pdf_timestamp(self._signature, context))
        return finished(async_validate_pdf_signature(self._signature, context, key_usage_settings=_USAGE))

    def _is_unchanged(self, status: Any, modification: Modification) -> bool:
        """Whether nothing but proofs came later, or a further signature that itself covers everything."""
        if status.coverage is SignatureCoverageLevel.ENTIRE_FILE:
            return True
        if status.docmdp_ok is False:  # None: a time stamp sets no rules
            return False
        if modification in (Modification.NONE, Modification.LTA_UPDATES):
            return True
        return modification is Modification.FORM_FILLING and not self._last and self._last_covers_file

    def _distrust(self, certificate: asn1_x509.Certificate) -> Reason:
        if self._at > certificate.not_valid_after:
            return Reason.CERTIFICATE_EXPIRED
        if self._at < certificate.not_valid_before:
            return Reason.CERTIFICATE_NOT_YET_VALID
        usage = certificate.key_usage_value
        if usage is not None and not usage.native & {"digital_signature", "non_repudiation"}:
            return Reason.CERTIFICATE_UNSUITABLE
        if certificate.self_issued:
            return Reason.CERTIFICATE_SELF_SIGNED
        return Reason.CERTIFICATE_UNKNOWN

    def _level(self) -> str:
        signature = self._signature
        if signature.sig_object_type == "/DocTimeStamp":
            return "ETSI.RFC3161"
        if _member(signature.sig_object, "/SubFilter") != "/ETSI.CAdES.detached":
            return "other"
        kinds = {attribute["type"].native for attribute in signature.signer_info["unsigned_attrs"] or ()}
        if "signature_time_stamp_token" not in kinds:
            return "B-B"
        return self._long_term_level or "B-T"

    def _unreadable(self) -> SignatureSummary:
        return SignatureSummary(
            field_name=str(self._signature.field_name or ""),
            subject="",
            issuer="",
            serial="",
            valid_from=None,
            valid_to=None,
            signing_at=None,
            level="other",
            algorithm="",
            intact=False,
            covers_whole_document=False,
            modification=Modification.OTHER,
            trusted=False,
            expired=False,
            verdict=Verdict.INVALID,
            reasons=(Reason.SIGNATURE_UNREADABLE,),
        )


def _range_is_whole(signature: EmbeddedPdfSignature) -> bool:
    """Whether the signed ranges leave out nothing but the signature itself, and that holds nothing else."""
    ranges = signature.byte_range
    if len(ranges) != 4 or ranges[0] != 0:
        return False
    content = signature.pkcs7_content
    if ranges[2] != ranges[1] + 2 * len(content) + 2:
        return False
    return not content[_der_length(content) :].strip(b"\0")


def _der_length(content: bytes) -> int:
    """Length of the first DER value: what follows in the reserved room must be zeros."""
    first = content[1]
    if first < 0x80:
        return 2 + first
    size = first & 0x7F
    return 2 + size + int.from_bytes(content[2 : 2 + size], "big")


def _member(dictionary: generic.DictionaryObject, name: str) -> Any:
    """A member with references followed; None when absent."""
    try:
        return dictionary[name]
    except KeyError:
        return None


def _covers_file(signature: EmbeddedPdfSignature) -> bool:
    try:
        return signature.evaluate_signature_coverage() is SignatureCoverageLevel.ENTIRE_FILE
    except Exception:  # noqa: BLE001 - unreadable is not covering
        return False


def _long_term_level(reader: PdfFileReader, found: Sequence[EmbeddedPdfSignature]) -> str | None:
    """B-LT or B-LTA when the document carries validation material; None otherwise."""
    store = _member(reader.root, "/DSS")
    if not isinstance(store, generic.DictionaryObject) or not ("/OCSPs" in store or "/CRLs" in store):
        return None
    stamped = any(signature.sig_object_type == "/DocTimeStamp" for signature in found)
    return "B-LTA" if stamped else "B-LT"


def _claims(reader: PdfFileReader) -> tuple[str | None, str | None]:
    """What the document says of itself in its XMP metadata: PDF/A part and level, PDF/UA part."""
    metadata = _member(reader.root, "/Metadata")
    if not isinstance(metadata, generic.StreamObject):
        return None, None
    xmp = metadata.data[:_MAX_XMP].decode("utf-8", "replace")
    part, level, accessible = (
        match.group(1) if (match := pattern.search(xmp)) else None
        for pattern in (_PDFA_PART, _PDFA_LEVEL, _PDFUA_PART)
    )
    return (f"{part}{(level or '').lower()}" if part else None), accessible


def _attachment(reader: PdfFileReader) -> bytes | None:
    """The first associated JSON file of the document."""
    associated = _member(reader.root, "/AF")
    if not isinstance(associated, generic.ArrayObject):
        return None
    for reference in list(associated)[:_MAX_SIGNATURES]:
        specification = reference.get_object()
        if not isinstance(specification, generic.DictionaryObject):
            continue
        name = str(_member(specification, "/UF") or _member(specification, "/F") or "")
        files = _member(specification, "/EF")
        if not name.lower().endswith(".json") or not isinstance(files, generic.DictionaryObject):
            continue
        stream = _member(files, "/F") or _member(files, "/UF")
        if isinstance(stream, generic.StreamObject) and len(stream.data) <= _MAX_ATTACHMENT:
            return bytes(stream.data)
    return None


def _decision(attachment: bytes | None) -> Mapping[str, object] | None:
    if attachment is None:
        return None
    try:
        decision = json.loads(attachment)
    except (ValueError, RecursionError):
        return None
    return decision if isinstance(decision, dict) else None


def _sha256(attachment: bytes | None) -> str | None:
    return hashlib.sha256(attachment).hexdigest() if attachment is not None else None


def _text_of(name: asn1_x509.Name) -> str:
    """A name for people: common name, organisation, country; as far as present."""
    parts = name.native
    wanted = (parts.get(key) for key in ("common_name", "organization_name", "country_name"))
    flat = (", ".join(part) if isinstance(part, list) else part for part in wanted if part)
    return ", ".join(flat) or str(name.human_friendly)


def _aware(at: datetime | None) -> datetime | None:
    return at.replace(tzinfo=UTC) if at is not None and at.tzinfo is None else at
