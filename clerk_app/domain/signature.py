"""Signatur: what is known about an electronic signature on a letter, as plain values.

The values are made by ``clerk_app.signing`` and shown by the window and the command line; they live here so
that use cases can carry them without knowing any PDF library. Nothing here says "qualified": a program can
prove that a signature is intact and whose certificate made it, never that the certificate is a qualified one.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from clerk_app.domain.verdict import (
    Change,
    DecisionCheck,
    Modification,
    Reason,
    StampKind,
    TimeStamp,
    Verdict,
)

__all__ = [
    "Change",
    "DecisionCheck",
    "KeyReport",
    "Modification",
    "PinTries",
    "Reason",
    "Revocation",
    "SignatureLevel",
    "SignatureSummary",
    "SignerKind",
    "StampKind",
    "TimeStamp",
    "Verdict",
    "VerificationReport",
    "worst",
]


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


@dataclass(frozen=True, slots=True)
class SigningOutlook:
    """Aussicht: how a letter would be signed now, before anybody types a PIN."""

    level: SignatureLevel  # the higher of the office's and the letter's
    key: KeyReport
    others: tuple[KeyReport, ...] = ()  # further keys of the office that could sign instead
    missing: str | None = None  # the profile's key without which the level cannot be reached
    offline: bool = False  # the level needs a service that does not answer now


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
    notes: tuple[Reason, ...] = ()  # worth knowing; they do not lower the verdict
    claimed_level: str = ""  # what it looks like; ``level`` is what its proofs reach
    proven_at: datetime | None = None  # a trusted time stamp proves that it existed then
    revocation: Revocation = Revocation.NOT_CHECKED
    revoked_at: datetime | None = None
    changes: tuple[Change, ...] = ()  # what differs from the signed revision
    certification: int | None = None  # DocMDP: 1 no changes, 2 filling in, 3 also annotations allowed
    chain: tuple[str, ...] = ()  # the signer's authorities, nearest first
    time_stamps: tuple[TimeStamp, ...] = ()

    @property
    def is_time_stamp(self) -> bool:
        """Whether this is an archive time stamp and nobody's signature."""
        return self.level == DOCUMENT_TIME_STAMP

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
            "notes": [note.value for note in self.notes],
            "claimed_level": self.claimed_level or self.level,
            "proven_at": _iso(self.proven_at),
            "revocation": self.revocation.value,
            "revoked_at": _iso(self.revoked_at),
            "changes": [change.value for change in self.changes],
            "certification": self.certification,
            "chain": list(self.chain),
            "time_stamps": [stamp.to_json() for stamp in self.time_stamps],
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
    decision_check: DecisionCheck = DecisionCheck.NOT_ATTACHED
    decision_differences: tuple[str, ...] = ()  # members of the decision that do not fit
    notes: tuple[Reason, ...] = ()  # worth knowing; they do not lower the verdict
    checked_at: datetime | None = None  # the moment it was judged at
    authorities_believed: int = 0  # how many roots it was judged with

    @property
    def signed(self) -> bool:
        """Whether somebody signed the document, whatever the signature is worth."""
        return any(not signature.is_time_stamp for signature in self.signatures)

    def against_decision(self, reason: Reason, differences: tuple[str, ...] = ()) -> VerificationReport:
        """The same report with the attached decision speaking against the document.

        One that differs from the record is INVALID; one that only contradicts the printed words leaves it
        open which of the two was meant.
        """
        lowered = Verdict.INVALID if reason is Reason.DECISION_DIFFERS else Verdict.INDETERMINATE
        verdict = lowered if self.ok else self.verdict
        reasons = tuple(dict.fromkeys((*self.reasons, reason)))
        return dataclasses.replace(
            self, verdict=verdict, reasons=reasons, decision_matches=False, decision_differences=differences
        )

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
        """The signature that decides: the worst one, the latest among equals; None when unsigned.

        An archive time stamp decides only where it is worse than every signature.
        """
        found: SignatureSummary | None = None
        for signature in sorted(self.signatures, key=lambda each: not each.is_time_stamp):
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
            "claimed_level": (best.claimed_level or best.level) if best else None,
            "notes": [note.value for note in self.notes],
            "revocation": best.revocation.value if best else None,
            "proven_at": _iso(best.proven_at) if best else None,
            "changes": [change.value for change in best.changes] if best else [],
            "time_stamps": [
                stamp.to_json() for signature in self.signatures for stamp in signature.time_stamps
            ],
        }
        return head | {
            "pdfa_claim": self.pdfa_claim,
            "pdfua_claim": self.pdfua_claim,
            "attached_decision": dict(self.attached_decision) if self.attached_decision is not None else None,
            "decision_matches": self.decision_matches,
            "decision_check": self.decision_check.value,
            "decision_differences": list(self.decision_differences),
            "checked_at": _iso(self.checked_at),
            "authorities_believed": self.authorities_believed,
            "sha256": self.sha256,
            "size": self.size,
            "signatures": [signature.to_json() for signature in self.signatures],
        }


_RANK = {
    Verdict.VALID: 0,
    Verdict.VALID_UNTRUSTED: 1,
    Verdict.INDETERMINATE: 2,
    Verdict.NOT_SIGNED: 3,
    Verdict.MODIFIED: 4,
    Verdict.INVALID: 5,
    Verdict.NOT_A_PDF: 6,
}

DOCUMENT_TIME_STAMP = "ETSI.RFC3161"
"""The ``level`` of a summary that is an archive time stamp."""


def worst(verdicts: tuple[Verdict, ...]) -> Verdict:
    """The verdict of a document with these signatures; NOT_SIGNED for none."""
    return max(verdicts, key=_RANK.__getitem__, default=Verdict.NOT_SIGNED)


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at is not None else None
