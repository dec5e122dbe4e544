"""Vertrauen: whether a signed value is good, and whether its certificate was, at a given moment.

Moments are handed in: a signature is judged at the time a time stamp proves, a time stamp at the time the
next one proves, and the last of the chain now (PAdES long-term validation, ETSI TS 102 778-4 annex A; the
stages of ETSI EN 319 102-1, 5.6.3). pyHanko's own ``ades_lta_validation`` reads the machine's clock in places
and so cannot judge at another moment; a test holds the two against each other.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from asn1crypto import cms
from asn1crypto import x509 as asn1_x509
from pyhanko.sign.ades.report import AdESIndeterminate
from pyhanko.sign.validation.generic_cms import (
    cms_basic_validation,
    extract_certs_for_validation,
    validate_tst_signed_data,
)
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.policy_decl import (
    NO_REVOCATION,
    CertRevTrustPolicy,
    RevocationCheckingPolicy,
    RevocationCheckingRule,
)

from clerk_app.domain.signature import Revocation
from clerk_app.signing.blocking import finished
from clerk_app.signing.evidence import Proofs

SIGNING = KeyUsageConstraints(key_usage={"digital_signature", "non_repudiation"}, match_all_key_usages=False)
STAMPING = KeyUsageConstraints(extd_key_usage={"time_stamping"}, explicit_extd_key_usage_required=True)
_UNASKED = NO_REVOCATION
_REQUIRED = RevocationCheckingPolicy(
    RevocationCheckingRule.CHECK_IF_DECLARED, RevocationCheckingRule.CHECK_IF_DECLARED
)
_OF_SIGNER = RevocationCheckingPolicy(
    RevocationCheckingRule.CHECK_IF_DECLARED_SOFT, RevocationCheckingRule.NO_CHECK
)
_OF_AUTHORITIES = RevocationCheckingPolicy(
    RevocationCheckingRule.NO_CHECK, RevocationCheckingRule.CHECK_IF_DECLARED_SOFT
)
_MAX_MOMENTS = 16
_WEAK = frozenset(
    {AdESIndeterminate.CRYPTO_CONSTRAINTS_FAILURE, AdESIndeterminate.CRYPTO_CONSTRAINTS_FAILURE_NO_POE}
)
Imprint = Callable[[str], bytes]


@dataclass(frozen=True)
class Finding:
    """What one judgement of a signed value at one moment found."""

    intact: bool  # the digest is that of the content
    valid: bool  # the value was made with the certificate's key
    certified: bool  # its certificate chains to a believed authority and was good at the moment
    weak: bool
    revoked_at: datetime | None
    chain: tuple[asn1_x509.Certificate, ...]  # from the issuer upwards; empty when none was found

    @property
    def sound(self) -> bool:
        """Whether value and content belong together."""
        return self.intact and self.valid

    @property
    def trusted(self) -> bool:
        """Whether value, content and certificate are all good."""
        return self.sound and self.certified


class Trust:
    """Judges signed values with the authorities that are believed and the proofs at hand."""

    def __init__(self, roots: Sequence[asn1_x509.Certificate], proofs: Proofs) -> None:
        self._roots = list(roots)
        self._proofs = proofs

    def of_signature(self, signed: cms.SignedData, digest: bytes, moment: datetime) -> Finding:
        """A signature over content with this digest; whether it was revoked is for ``revocation``.

        Raises what pyHanko raises for malformed values.
        """
        found = finished(
            cms_basic_validation,
            signed,
            raw_digest=digest,
            validation_context=self._context(self._roots, moment, _UNASKED),
            key_usage_settings=SIGNING,
        )
        return _finding(found)

    def of_stamp(self, signed: cms.SignedData, imprint: Imprint, moment: datetime) -> Finding:
        """A time stamp token over what ``imprint`` digests. Raises what pyHanko raises."""
        found = finished(
            validate_tst_signed_data, signed, self._context(self._roots, moment, _UNASKED), imprint
        )
        finding = _finding(found)
        gone_at = self._revoked_at(signed, moment, STAMPING)
        if gone_at is None or gone_at > moment:
            return finding
        return dataclasses.replace(finding, certified=False, revoked_at=gone_at)

    def revocation(self, signed: cms.SignedData, moment: datetime) -> tuple[Revocation, datetime | None]:
        """What the proofs say of the signer's certificate: its status at ``moment``, and when it was revoked.

        Proofs made after ``moment`` count: tomorrow's answer tells more about today than yesterday's.
        """
        if not self._proofs.tell_of_revocation:
            return Revocation.NOT_CHECKED, None
        gone_at = self._revoked_at(signed, moment, SIGNING)
        if gone_at is not None:
            return Revocation.REVOKED, gone_at
        if not _declares(extract_certs_for_validation(signed).signer_cert):
            return Revocation.NOT_CHECKED, None
        found = self._certificate_alone(signed, moment, _REQUIRED, SIGNING)
        good = found is not None and found.certified
        return (Revocation.GOOD if good else Revocation.NOT_CHECKED), None

    def _revoked_at(
        self, signed: cms.SignedData, moment: datetime, usage: KeyUsageConstraints
    ) -> datetime | None:
        """Looks at the moment and at those at which each proof was fresh."""
        if not self._proofs.tell_of_revocation:
            return None
        certificate = extract_certs_for_validation(signed).signer_cert
        moments = {moment, *self._proofs.fresh_at()[-_MAX_MOMENTS:]}
        for at in sorted({min(each, certificate.not_valid_after) for each in moments}):
            if at < certificate.not_valid_before:
                continue
            for rule in (_OF_SIGNER, _OF_AUTHORITIES):
                found = self._certificate_alone(signed, at, rule, usage)
                if found is not None and found.revoked_at is not None:
                    return found.revoked_at
        return None

    def complete(self, signed: cms.SignedData, moment: datetime, *, stamping: bool = False) -> bool:
        """Whether the proofs are all there for judging without a network, whoever is believed (B-LT)."""
        found = self._certificate_alone(signed, moment, _REQUIRED, STAMPING if stamping else SIGNING)
        return found is not None and (found.certified or found.revoked_at is not None)

    def _certificate_alone(
        self,
        signed: cms.SignedData,
        moment: datetime,
        policy: RevocationCheckingPolicy,
        usage: KeyUsageConstraints,
    ) -> Finding | None:
        """Judges nothing but the certificate, with whatever stands at the top of its chain believed."""
        held = extract_certs_for_validation(signed)
        everything = [*self._roots, *self._proofs.certificates, *held.other_certs]
        tops = [*self._roots, *(each for each in everything if each.ca and _is_top(each, everything))]
        try:
            found = finished(
                cms_basic_validation,
                signed,
                raw_digest=None if _encapsulates(signed) else b"",
                validation_context=self._context(tops, moment, policy),
                key_usage_settings=usage,
            )
        except Exception:  # noqa: BLE001 - what cannot be judged is not complete
            return None
        return _finding(found)

    def _context(
        self, roots: Sequence[asn1_x509.Certificate], moment: datetime, policy: RevocationCheckingPolicy
    ) -> ValidationContext:
        return ValidationContext(
            trust_roots=list(roots),
            other_certs=self._proofs.certificates,
            moment=moment,
            crls=self._proofs.lists,
            ocsps=self._proofs.answers,
            allow_fetching=False,
            revinfo_policy=CertRevTrustPolicy(policy, retroactive_revinfo=True),
        )


def _finding(found: dict[str, Any]) -> Finding:
    problem = found["trust_problem_indic"]
    details = found["revocation_details"]
    path = found["validation_path"]
    valid, intact = bool(found["valid"]), bool(found["intact"])
    chain = () if path is None else tuple(reversed(list(path.iter_certs(include_root=True))[:-1]))
    return Finding(
        intact=intact,
        valid=valid,
        certified=valid and problem is None and path is not None,
        weak=problem in _WEAK,
        revoked_at=details.revocation_date if details is not None else None,
        chain=chain,
    )


def _declares(certificate: asn1_x509.Certificate) -> bool:
    return bool(certificate.ocsp_urls or certificate.crl_distribution_points)


def _is_top(certificate: asn1_x509.Certificate, among: Sequence[asn1_x509.Certificate]) -> bool:
    if certificate.self_issued:
        return True
    return not any(each.subject == certificate.issuer for each in among)


def _encapsulates(signed: cms.SignedData) -> bool:
    return bool(signed["encap_content_info"]["content"].native is not None)
