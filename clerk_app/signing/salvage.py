"""Reads the signature of a document that is too damaged to be read as a PDF.

One flipped bit in a compressed stream can take the whole structure away. The signed ranges stand in plain
sight all the same, and whether they are intact can still be said.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime

from asn1crypto import cms
from pyhanko.sign.validation.generic_cms import extract_certs_for_validation, extract_self_reported_ts
from pyhanko.sign.validation.utils import extract_message_digest

from clerk_app.domain.signature import SignatureSummary
from clerk_app.domain.verdict import Change, Modification, Reason, Verdict
from clerk_app.signing.names import text_of

_RANGES = re.compile(rb"/ByteRange\s*\[\s*(\d{1,12})\s+(\d{1,12})\s+(\d{1,12})\s+(\d{1,12})\s*\]")
_MOST = 20


@dataclass(frozen=True)
class _Piece:
    """One signature found in the raw bytes."""

    signed: cms.SignedData
    content: bytes


def damaged_signature(pdf: bytes, at: datetime) -> SignatureSummary | None:
    """The first signature whose signed bytes were altered; None when there is none to be found."""
    for match in list(_RANGES.finditer(pdf))[:_MOST]:
        try:
            piece = _piece(pdf, *map(int, match.groups()))
            summary = None if piece is None else _summary(piece, at)
        except Exception:  # noqa: BLE001, S112 - not a signature after all, or damaged itself
            continue
        if summary is not None:
            return summary
    return None


def _piece(pdf: bytes, start: int, length: int, start2: int, length2: int) -> _Piece | None:
    if start != 0 or start2 + length2 > len(pdf) or not start + length < start2:
        return None
    digits = pdf[start + length : start2].strip()
    if not (digits.startswith(b"<") and digits.endswith(b">")):
        return None
    signed = cms.ContentInfo.load(bytes.fromhex(digits[1:-1].decode("ascii")))["content"]
    return _Piece(signed, pdf[:length] + pdf[start2 : start2 + length2])


def _summary(piece: _Piece, at: datetime) -> SignatureSummary | None:
    signer = piece.signed["signer_infos"][0]
    name = signer["digest_algorithm"]["algorithm"].native
    if hashlib.new(name, piece.content).digest() == extract_message_digest(signer):
        return None  # the signed bytes are as they were: the damage is elsewhere
    certificate = extract_certs_for_validation(piece.signed).signer_cert
    return SignatureSummary(
        field_name="",
        subject=text_of(certificate.subject),
        issuer=text_of(certificate.issuer),
        serial=f"{certificate.serial_number:x}",
        valid_from=certificate.not_valid_before,
        valid_to=certificate.not_valid_after,
        signing_at=extract_self_reported_ts(signer),
        level="other",
        algorithm=f"{signer['signature_algorithm']['algorithm'].native}/{name}",
        intact=False,
        covers_whole_document=False,
        modification=Modification.OTHER,
        trusted=False,
        expired=not certificate.not_valid_before <= at <= certificate.not_valid_after,
        verdict=Verdict.INVALID,
        reasons=(Reason.DIGEST_MISMATCH,),
        changes=(Change.OTHER,),
    )
