"""Urteil über eine Signatur: integrity, what came after it, its certificate, its time, its level."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from asn1crypto import x509 as asn1_x509
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.status import SignatureCoverageLevel

from clerk_app.domain.signature import DOCUMENT_TIME_STAMP, Revocation, SignatureSummary
from clerk_app.domain.verdict import Change, Modification, Reason, Verdict
from clerk_app.signing.evidence import Proofs
from clerk_app.signing.extent import Extent, extent_of
from clerk_app.signing.level_reached import NO_LEVEL, Evidence, level_reached
from clerk_app.signing.names import text_of
from clerk_app.signing.pdf_reading import changes_since, member
from clerk_app.signing.time_stamps import (
    DOCUMENT_STAMP,
    JudgedStamp,
    earliest,
    judge_signature_stamps,
    unreadable_token,
)
from clerk_app.signing.trust import Finding, Trust

_LOG = logging.getLogger(__name__)
_OF_A_SIGNATURE = frozenset({Change.OTHER, Change.METADATA})
_KNOWN = frozenset({"/ETSI.CAdES.detached", "/adbe.pkcs7.detached", "/ETSI.RFC3161"})


@dataclass(frozen=True)
class Surroundings:
    """What a signature is judged with: the document around it and the moment."""

    found: Sequence[EmbeddedPdfSignature]
    stamps: dict[int, JudgedStamp]  # archive time stamps by their place in ``found``
    proofs: Proofs
    roots: Sequence[asn1_x509.Certificate]
    at: datetime
    trailing: bool = False  # bytes behind the last revision

    @property
    def ends_signed(self) -> bool:
        """Whether the last signature covers the document to its end, or only proofs follow it."""
        try:
            return extent_of(self.found[-1]).proofs_only
        except Exception:  # noqa: BLE001 - unreadable is not covering
            return False


def judge(place: int, around: Surroundings) -> SignatureSummary:
    """The summary of one signature; one the library cannot read is INVALID, not an error."""
    try:
        return _Judgement(place, around).summary()
    except Exception as error:  # noqa: BLE001 - hostile or unknown structures
        _LOG.info("signature not readable: %s", type(error).__name__)
        return _unreadable(around.found[place])


class _Judgement:
    """What is found out about one signature."""

    def __init__(self, place: int, around: Surroundings) -> None:
        self._embedded = embedded = around.found[place]
        self._around = around
        self._archive = embedded.sig_object_type == DOCUMENT_STAMP
        self._own = around.stamps.get(place)
        revision = embedded.signed_revision
        self._later = [each for each in around.stamps.values() if (each.revision or 0) > revision]
        self._proofs = around.proofs.with_embedded(embedded.signer_info["signed_attrs"])
        self._trust = Trust(around.roots, self._proofs)
        self._stamps = (
            [] if self._archive else judge_signature_stamps(embedded, self._later, self._trust, around.at)
        )
        self._proven_at = earliest([*self._stamps, *self._later])
        self._certificate = embedded.signer_cert
        self._reasons: list[Reason] = []
        self._notes: list[Reason] = []

    def summary(self) -> SignatureSummary:
        """Everything about it. Raises what pyHanko raises for structures it does not know."""
        embedded, certificate = self._embedded, self._certificate
        if member(embedded.sig_object, "/SubFilter") not in _KNOWN:
            return _unreadable(embedded)
        extent = extent_of(embedded)
        finding = self._finding()
        unchanged = self._unchanged(extent)
        revocation, revoked_at = Revocation.NOT_CHECKED, None
        if finding.sound and not self._archive:
            revocation, revoked_at = self._trust.revocation(
                embedded.signed_data, self._proven_at or self._around.at
            )
        level, claimed = self._levels()
        self._say_integrity(finding, extent, unchanged)
        trusted = self._say_trust(finding, revoked_at)
        if revocation is Revocation.GOOD and not trusted:
            revocation = Revocation.NOT_CHECKED  # said by an authority that is not believed
        self._say_proofs(finding, level, claimed, revocation, trusted=trusted)
        mechanism = embedded.signer_info["signature_algorithm"]["algorithm"].native
        return SignatureSummary(
            field_name=embedded.field_name or "",
            subject=text_of(certificate.subject),
            issuer=text_of(certificate.issuer),
            serial=f"{certificate.serial_number:x}",
            valid_from=certificate.not_valid_before,
            valid_to=certificate.not_valid_after,
            signing_at=_aware(embedded.self_reported_timestamp)
            if self._own is None
            else self._own.stamp.stamped_at,
            level=level,
            algorithm=f"{mechanism}/{embedded.md_algorithm}",
            intact=finding.sound,
            covers_whole_document=extent.reaches_end,
            modification=extent.modification,
            trusted=trusted,
            expired=not certificate.not_valid_before <= self._around.at <= certificate.not_valid_after,
            verdict=self._verdict(finding),
            reasons=tuple(self._reasons),
            notes=tuple(self._notes),
            claimed_level=claimed,
            proven_at=self._proven_at if finding.sound else None,
            revocation=revocation,
            revoked_at=revoked_at,
            changes=() if unchanged else changes_since(embedded.reader, embedded.signed_revision),
            certification=extent.certification,
            chain=tuple(text_of(each.subject) for each in finding.chain),
            time_stamps=tuple(
                each.stamp for each in ([self._own] if self._own is not None else self._stamps)
            ),
        )

    def _finding(self) -> Finding:
        embedded = self._embedded
        if self._archive:
            control = earliest(self._later) or self._around.at
            return self._trust.of_stamp(embedded.signed_data, embedded.compute_digest, control)
        moment = self._proven_at or self._around.at
        return self._trust.of_signature(embedded.signed_data, embedded.compute_digest(), moment)

    def _unchanged(self, extent: Extent) -> bool:
        """Whether nothing but proofs came later, what the certification allows, or a further signature."""
        if extent.coverage is SignatureCoverageLevel.ENTIRE_FILE:
            return True
        if self._around.trailing:
            return False
        if extent.proofs_only or extent.permitted:
            return True
        further = extent.modification is Modification.FORM_FILLING and extent.certification != 1
        if not further or self._embedded is self._around.found[-1] or not self._around.ends_signed:
            return False
        # A further signature is no licence to fill in what the first one has signed empty.
        return set(changes_since(self._embedded.reader, self._embedded.signed_revision)) <= _OF_A_SIGNATURE

    def _levels(self) -> tuple[str, str]:
        """The level its proofs reach, and the one it looks like."""
        if self._archive:
            return DOCUMENT_TIME_STAMP, DOCUMENT_TIME_STAMP
        if member(self._embedded.sig_object, "/SubFilter") != "/ETSI.CAdES.detached":
            return NO_LEVEL, NO_LEVEL
        return level_reached(
            Evidence(self._embedded, self._proofs, self._around.roots, self._stamps, self._later)
        )

    def _say_integrity(self, finding: Finding, extent: Extent, unchanged: bool) -> None:
        if not finding.sound:
            self._reasons.append(Reason.SIGNATURE_BROKEN if finding.intact else Reason.DIGEST_MISMATCH)
        if not unchanged:
            self._reasons.append(Reason.CHANGED_AFTER_SIGNING)
        elif extent.permitted:
            self._notes.append(Reason.CHANGED_AS_PERMITTED)
        if extent.coverage < SignatureCoverageLevel.ENTIRE_REVISION or not extent.whole:
            self._reasons.append(Reason.NOT_WHOLE_DOCUMENT)
        broken = any(not each.stamp.intact for each in self._stamps) or unreadable_token(self._embedded)
        if finding.sound and not self._archive and broken:
            self._reasons.append(Reason.TIME_STAMP_BROKEN)
        if any(each.stamp.intact and not each.stamp.trusted for each in self._stamps):
            self._notes.append(Reason.TIME_STAMP_UNTRUSTED)

    def _say_trust(self, finding: Finding, revoked_at: datetime | None) -> bool:
        """Adds what speaks against the certificate; whether the signer is established."""
        certificate, at, proven_at = self._certificate, self._around.at, self._proven_at
        if not finding.sound:
            return False
        if self._archive:
            if not finding.trusted:
                self._notes.append(Reason.TIME_STAMP_UNTRUSTED)
            return finding.trusted
        gone_at = finding.revoked_at or revoked_at
        if gone_at is not None:
            if proven_at is None or proven_at >= gone_at:
                self._reasons.append(Reason.CERTIFICATE_REVOKED)
                return False
            self._notes.append(Reason.REVOKED_LATER)
        if finding.weak:
            self._reasons.append(Reason.ALGORITHM_WEAK)
            return False
        moment = proven_at or at
        if moment > certificate.not_valid_after:
            self._reasons.append(Reason.CERTIFICATE_EXPIRED)
        elif moment < certificate.not_valid_before:
            self._reasons.append(Reason.CERTIFICATE_NOT_YET_VALID)
        elif not finding.trusted:
            self._reasons.append(_distrust(certificate))
        elif at > certificate.not_valid_after:
            self._notes.append(Reason.EXPIRED_SINCE)
        return finding.trusted

    def _say_proofs(
        self, finding: Finding, level: str, claimed: str, revocation: Revocation, *, trusted: bool
    ) -> None:
        if self._archive or not finding.sound:
            return
        if level != claimed:
            self._notes.append(Reason.LEVEL_INCOMPLETE)
        if trusted and revocation is Revocation.NOT_CHECKED:
            self._notes.append(Reason.REVOCATION_NOT_CHECKED)

    def _verdict(self, finding: Finding) -> Verdict:
        against = set(self._reasons)
        if not finding.sound or Reason.CERTIFICATE_REVOKED in against:
            return Verdict.INVALID
        if against & {Reason.CHANGED_AFTER_SIGNING, Reason.NOT_WHOLE_DOCUMENT, Reason.TIME_STAMP_BROKEN}:
            return Verdict.MODIFIED
        doubts = {Reason.CERTIFICATE_EXPIRED, Reason.CERTIFICATE_NOT_YET_VALID, Reason.ALGORITHM_WEAK}
        if against & doubts:
            return Verdict.INDETERMINATE
        return Verdict.VALID_UNTRUSTED if against else Verdict.VALID


def _distrust(certificate: asn1_x509.Certificate) -> Reason:
    usage = certificate.key_usage_value
    if usage is not None and not usage.native & {"digital_signature", "non_repudiation"}:
        return Reason.CERTIFICATE_UNSUITABLE
    return Reason.CERTIFICATE_SELF_SIGNED if certificate.self_issued else Reason.CERTIFICATE_UNKNOWN


def _aware(at: datetime | None) -> datetime | None:
    """A PDF date may leave its zone out."""
    return at.replace(tzinfo=UTC) if at is not None and at.tzinfo is None else at


def _unreadable(embedded: EmbeddedPdfSignature) -> SignatureSummary:
    return SignatureSummary(
        field_name=str(embedded.field_name or ""),
        subject="",
        issuer="",
        serial="",
        valid_from=None,
        valid_to=None,
        signing_at=None,
        level=NO_LEVEL,
        algorithm="",
        intact=False,
        covers_whole_document=False,
        modification=Modification.OTHER,
        trusted=False,
        expired=False,
        verdict=Verdict.INVALID,
        reasons=(Reason.SIGNATURE_UNREADABLE,),
        changes=(Change.OTHER,),
    )
