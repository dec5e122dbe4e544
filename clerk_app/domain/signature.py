"""Signatur: what is known about an electronic signature on a letter, as plain values.

The values are made by ``clerk_app.signing`` and shown by the window and the command line; they live here so
that use cases can carry them without knowing any PDF library. Nothing here says "qualified": a program can
prove that a signature is intact and whose certificate made it, never that the certificate is a qualified one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Verdict(StrEnum):
    """The one word a person needs about a document's signatures; the worst signature decides."""

    VALID = "VALID"  # intact, nothing changed since, certificate chains to a trusted authority and is in date
    VALID_UNTRUSTED = "VALID_UNTRUSTED"  # intact, nothing changed since; who signed is not established
    MODIFIED = "MODIFIED"  # the signed part is intact, but something was added or replaced afterwards
    INVALID = "INVALID"  # the signed bytes differ from what was signed, or the signature itself is broken
    NOT_SIGNED = "NOT_SIGNED"
    NOT_A_PDF = "NOT_A_PDF"


class Reason(StrEnum):
    """Why a verdict is not simply VALID. Sentences for people belong to ``clerk_app.texts``."""

    CERTIFICATE_UNKNOWN = "CERTIFICATE_UNKNOWN"  # no chain to a trusted authority
    CERTIFICATE_SELF_SIGNED = "CERTIFICATE_SELF_SIGNED"
    CERTIFICATE_EXPIRED = "CERTIFICATE_EXPIRED"
    CERTIFICATE_NOT_YET_VALID = "CERTIFICATE_NOT_YET_VALID"
    CERTIFICATE_UNSUITABLE = "CERTIFICATE_UNSUITABLE"  # its key usage does not allow signing documents
    DIGEST_MISMATCH = "DIGEST_MISMATCH"  # signed bytes were altered
    SIGNATURE_BROKEN = "SIGNATURE_BROKEN"  # the signature value does not belong to the certificate
    SIGNATURE_UNREADABLE = "SIGNATURE_UNREADABLE"
    CHANGED_AFTER_SIGNING = "CHANGED_AFTER_SIGNING"
    NOT_WHOLE_DOCUMENT = (
        "NOT_WHOLE_DOCUMENT"  # bytes inside the signed revision are left out of the signature
    )
    DOCUMENT_UNREADABLE = "DOCUMENT_UNREADABLE"  # begins like a PDF, cannot be read as one
    DOCUMENT_EMPTY = "DOCUMENT_EMPTY"
    DOCUMENT_ENCRYPTED = "DOCUMENT_ENCRYPTED"
    DECISION_DIFFERS = "DECISION_DIFFERS"  # the attached decision is not the expected one


class SignatureLevel(StrEnum):
    """Stufe of a PAdES baseline signature (ETSI EN 319 142-1), lowest first."""

    B_B = "B-B"  # signed
    B_T = "B-T"  # with a time stamp
    B_LT = "B-LT"  # with certificates and revocation data
    B_LTA = "B-LTA"  # with an archive time stamp: can be checked offline for years

    def at_least(self, other: SignatureLevel) -> bool:
        """Whether this level gives everything ``other`` gives."""
        order = list(SignatureLevel)
        return order.index(self) >= order.index(other)


class SignerKind(StrEnum):
    """Who signs: a person (VwVfG § 3a (2)) or the authority with its seal (VwVfG § 3a (3) no. 3)."""

    PERSONAL = "personal"
    SEAL = "seal"


@dataclass(frozen=True, slots=True)
class SigningDemand:
    """What a letter asks of its signature: the least level, and who must sign (None: either may)."""

    level: SignatureLevel = SignatureLevel.B_B
    signer: SignerKind | None = None


NO_DEMAND = SigningDemand()


class PinTries(StrEnum):
    """What a card tells of its PIN counter; few cards give a number."""

    PLENTY = "plenty"
    LOW = "low"  # at least one wrong PIN since the last right one
    FINAL = "final"  # one try left
    LOCKED = "locked"
    UNKNOWN = "unknown"  # not a card, or it does not say


class Revocation(StrEnum):
    """Sperrstatus of a certificate."""

    GOOD = "good"
    REVOKED = "revoked"
    UNKNOWN = "unknown"  # asked, no believable answer
    NOT_CHECKED = "not-checked"  # offline, or nobody to ask


@dataclass(frozen=True, slots=True)
class KeyReport:
    """What is known of a signing key before it is used; made without a PIN."""

    reference: str
    kind: SignerKind
    subject: str = ""  # empty: the certificate can be read only with the PIN
    issuer: str = ""
    valid_from: datetime | None = None
    valid_to: datetime | None = None
    pin_tries: PinTries = PinTries.UNKNOWN
    needs_pin: bool = False
    pin_for_each: bool = False  # the card wants the PIN for every signature (CKA_ALWAYS_AUTHENTICATE)
    revocation: Revocation = Revocation.NOT_CHECKED
    problem: str | None = None  # an ErrorCode value when the key cannot sign now


class Modification(StrEnum):
    """What came after the signature, from the comparison of the document's revisions."""

    NONE = "NONE"
    LTA_UPDATES = "LTA_UPDATES"  # only proofs for long-term validation
    FORM_FILLING = "FORM_FILLING"
    ANNOTATIONS = "ANNOTATIONS"
    OTHER = "OTHER"


@dataclass(frozen=True, slots=True)
class SignatureSummary:
    """Signatur: one signature of a document, in words a certificate can support."""

    field_name: str
    subject: str
    issuer: str
    serial: str  # hexadecimal
    valid_from: datetime | None
    valid_to: datetime | None
    signing_at: datetime | None  # as claimed by the signer's clock; nobody else vouches for it
    level: str  # "B-B", "B-T", "B-LT", "B-LTA", "ETSI.RFC3161" or "other"
    algorithm: str
    intact: bool
    covers_whole_document: bool
    modification: Modification
    trusted: bool
    expired: bool
    verdict: Verdict
    reasons: tuple[Reason, ...] = ()

    def to_json(self) -> dict[str, object]:
        """Plain values for ``json.dumps``; times as ISO 8601."""
        return {
            "field": self.field_name,
            "subject": self.subject,
            "issuer": self.issuer,
            "serial": self.serial,
            "valid_from": _iso(self.valid_from),
            "valid_to": _iso(self.valid_to),
            "signing_time": _iso(self.signing_at),
            "level": self.level,
            "algorithm": self.algorithm,
            "intact": self.intact,
            "covers_whole_document": self.covers_whole_document,
            "modification": self.modification.value,
            "trusted": self.trusted,
            "expired": self.expired,
            "verdict": self.verdict.value,
            "reasons": [reason.value for reason in self.reasons],
        }


@dataclass(frozen=True, slots=True)
class VerificationReport:
    """Prüfbericht: everything ``verify`` found out about one document."""

    verdict: Verdict
    sha256: str  # of the whole document as handed in
    size: int  # bytes
    reasons: tuple[Reason, ...] = ()
    signatures: tuple[SignatureSummary, ...] = ()
    pdfa_claim: str | None = None  # "3a": what the document says of itself, not what a validator found
    pdfua_claim: str | None = None  # "1"
    attached_decision: Mapping[str, object] | None = field(default=None, hash=False)
    decision_matches: bool | None = None  # None: nothing to compare with

    @property
    def signed(self) -> bool:
        """Whether the document carries at least one signature, whatever its worth."""
        return bool(self.signatures)

    @property
    def intact(self) -> bool:
        """Whether every signature fits the bytes it covers."""
        return self.signed and all(signature.intact for signature in self.signatures)

    @property
    def ok(self) -> bool:
        """Whether nothing speaks against the document itself; who signed may still be unknown."""
        return self.verdict in (Verdict.VALID, Verdict.VALID_UNTRUSTED)

    @property
    def signature(self) -> SignatureSummary | None:
        """The signature that decides: the worst one, the latest among equals; None when unsigned."""
        found: SignatureSummary | None = None
        for signature in self.signatures:
            if found is None or _RANK[signature.verdict] >= _RANK[found.verdict]:
                found = signature
        return found

    def to_json(self) -> dict[str, object]:
        """Plain values for ``json.dumps``. The deciding signature's members stand at the top as well."""
        best = self.signature
        head: dict[str, object] = {
            "verdict": self.verdict.value,
            "reasons": [reason.value for reason in self.reasons],
            "signed": self.signed,
            "intact": self.intact,
            "covers_whole_document": best is not None and best.covers_whole_document,
            "modification": best.modification.value if best else None,
            "subject": best.subject if best else None,
            "issuer": best.issuer if best else None,
            "serial": best.serial if best else None,
            "valid_from": _iso(best.valid_from) if best else None,
            "valid_to": _iso(best.valid_to) if best else None,
            "trusted": best is not None and best.trusted,
            "expired": best is not None and best.expired,
            "signing_time": _iso(best.signing_at) if best else None,
            "level": best.level if best else None,
        }
        return head | {
            "pdfa_claim": self.pdfa_claim,
            "pdfua_claim": self.pdfua_claim,
            "attached_decision": dict(self.attached_decision) if self.attached_decision is not None else None,
            "decision_matches": self.decision_matches,
            "sha256": self.sha256,
            "size": self.size,
            "signatures": [signature.to_json() for signature in self.signatures],
        }


_RANK = {
    Verdict.VALID: 0,
    Verdict.VALID_UNTRUSTED: 1,
    Verdict.NOT_SIGNED: 2,
    Verdict.MODIFIED: 3,
    Verdict.INVALID: 4,
    Verdict.NOT_A_PDF: 5,
}


def worst(verdicts: tuple[Verdict, ...]) -> Verdict:
    """The verdict of a document with these signatures; NOT_SIGNED for none."""
    return max(verdicts, key=_RANK.__getitem__, default=Verdict.NOT_SIGNED)


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at is not None else None
