"""Wie weit eine Signatur reicht: which bytes it covers, and what came after them."""

from __future__ import annotations

from dataclasses import dataclass

from pyhanko.sign.diff_analysis import DiffResult, ModificationLevel
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.status import SignatureCoverageLevel

from clerk_app.domain.verdict import Modification

_MODIFICATIONS = {
    ModificationLevel.NONE: Modification.NONE,
    ModificationLevel.LTA_UPDATES: Modification.LTA_UPDATES,
    ModificationLevel.FORM_FILLING: Modification.FORM_FILLING,
    ModificationLevel.ANNOTATIONS: Modification.ANNOTATIONS,
    ModificationLevel.OTHER: Modification.OTHER,
}
_PROOFS_ONLY = frozenset({Modification.NONE, Modification.LTA_UPDATES})
_ALLOWED = {
    1: _PROOFS_ONLY,
    2: _PROOFS_ONLY | {Modification.FORM_FILLING},
    3: _PROOFS_ONLY | {Modification.FORM_FILLING, Modification.ANNOTATIONS},
}


@dataclass(frozen=True)
class Extent:
    """How far a signature reaches and what came after it."""

    coverage: SignatureCoverageLevel
    modification: Modification
    whole: bool  # the signed ranges leave out nothing but the signature itself
    certification: int | None

    @property
    def permitted(self) -> bool:
        """Whether the changes are more than proofs, but the certifying signature allows them."""
        allowed = _ALLOWED.get(self.certification or 0, frozenset())
        return self.modification in allowed and self.modification not in _PROOFS_ONLY

    @property
    def proofs_only(self) -> bool:
        """Whether nothing came later, or nothing but proofs."""
        return self.coverage is SignatureCoverageLevel.ENTIRE_FILE or self.modification in _PROOFS_ONLY

    @property
    def reaches_end(self) -> bool:
        """Whether it covers everything but proofs."""
        return self.whole and (
            self.coverage is SignatureCoverageLevel.ENTIRE_FILE
            or (
                self.coverage is SignatureCoverageLevel.ENTIRE_REVISION
                and self.modification is Modification.LTA_UPDATES
            )
        )


def extent_of(embedded: EmbeddedPdfSignature) -> Extent:
    """Raises what pyHanko raises for structures it does not know."""
    coverage = embedded.evaluate_signature_coverage()
    modification = _modification(embedded, coverage)
    permission = embedded.docmdp_level
    return Extent(
        coverage, modification, _range_is_whole(embedded), None if permission is None else permission.value
    )


def _modification(embedded: EmbeddedPdfSignature, coverage: SignatureCoverageLevel) -> Modification:
    if coverage is SignatureCoverageLevel.ENTIRE_FILE:
        return Modification.NONE
    if coverage < SignatureCoverageLevel.ENTIRE_REVISION:
        return Modification.OTHER
    try:
        if embedded.diff_result is None:
            embedded.compute_integrity_info()  # type: ignore[no-untyped-call]
        result: object = embedded.diff_result
    except Exception:  # noqa: BLE001 - changes that break the comparison are no harmless ones
        return Modification.OTHER
    if isinstance(result, DiffResult):
        return _MODIFICATIONS[result.modification_level]
    return Modification.OTHER  # the comparison itself refused the changes


def _range_is_whole(embedded: EmbeddedPdfSignature) -> bool:
    """Whether the signed ranges leave out nothing but the signature itself, and that holds nothing else."""
    ranges = embedded.byte_range
    if len(ranges) != 4 or ranges[0] != 0:
        return False
    content = embedded.pkcs7_content
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
