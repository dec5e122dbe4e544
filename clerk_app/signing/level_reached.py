"""Erreichte Stufe: the PAdES level a signature's proofs reach, whoever is believed (EN 319 142-1, 6)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from asn1crypto import x509 as asn1_x509
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature

from clerk_app.domain.signature import SignatureLevel
from clerk_app.signing.evidence import Proofs
from clerk_app.signing.time_stamps import JudgedStamp, unreadable_token
from clerk_app.signing.trust import Trust

NO_LEVEL = "other"


@dataclass(frozen=True)
class Evidence:
    """What speaks for a level. ``later``: the archive time stamps that cover the signature."""

    signature: EmbeddedPdfSignature
    proofs: Proofs
    roots: Sequence[asn1_x509.Certificate]
    stamps: Sequence[JudgedStamp]
    later: Sequence[JudgedStamp]

    @property
    def claims_proofs(self) -> bool:
        """Whether the document has a store that is not empty."""
        proofs = self.proofs
        return proofs.store_present and bool(proofs.answers or proofs.lists or proofs.certificates)

    def complete(self, stamps: Sequence[JudgedStamp], moment: datetime) -> bool:
        """Whether signer and time stamp can be judged from what the document carries alone."""
        trust = Trust(self.roots, self.proofs)
        return trust.complete(self.signature.signed_data, moment) and all(
            trust.complete(each.token, each.stamp.stamped_at, stamping=True) for each in stamps[:1]
        )


def level_reached(evidence: Evidence) -> tuple[str, str]:
    """The level the proofs reach, and the one the signature looks like."""
    stamps = evidence.stamps or [each for each in evidence.later if each.stamp.intact]
    if not stamps and not unreadable_token(evidence.signature):
        return SignatureLevel.B_B.value, SignatureLevel.B_B.value
    claimed = SignatureLevel.B_T
    if evidence.claims_proofs:
        claimed = SignatureLevel.B_LTA if evidence.later else SignatureLevel.B_LT
    intact = [each for each in stamps if each.stamp.intact]
    if not intact:
        return SignatureLevel.B_B.value, claimed.value
    moment = min(each.stamp.stamped_at for each in intact)
    if not evidence.claims_proofs or not evidence.complete(intact, moment):
        return SignatureLevel.B_T.value, claimed.value
    kept = any(each.stamp.intact for each in evidence.later)
    return (SignatureLevel.B_LTA if kept else SignatureLevel.B_LT).value, claimed.value
