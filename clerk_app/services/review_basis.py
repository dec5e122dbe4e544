"""By what a case is read, and which evidence its attachments seem to be."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from clerk_app.domain.application import Application
from clerk_app.domain.case import AttachmentKey, CaseAttachment
from clerk_app.domain.review_basis import EvidenceMatch, ReviewBasis
from clerk_app.domain.service_package import EvidenceKind, ServiceDescription
from clerk_app.services.checks import attached_kinds


def review_basis(
    description: ServiceDescription, newest: ServiceDescription, application: Application, arrived_on: date
) -> ReviewBasis:
    """``newest`` are the rules an application arriving now would go by."""
    manifest = description.manifest
    newer = newest.package if newest.package != description.package else None
    return ReviewBasis(
        title=description.title,
        package=description.package,
        schema_uri=application.schema_uri,
        accepted=tuple(schema.uri for schema in description.accepted),
        assumed=tuple(dict.fromkeys(_assumed(description, arrived_on))),
        unreviewed=manifest.unreviewed if manifest is not None else (),
        newer=newer,
    )


def _assumed(description: ServiceDescription, on: date) -> Iterator[str]:
    for number in description.limits:
        if number.assumed and number.holds(on):
            yield number.basis or number.name
    for values in description.lists:
        if values.assumed and values.holds(on):
            yield values.name
    for basis in description.legal_bases:
        if basis.assumed and basis.holds(on):
            yield basis.text


def evidence_match(
    description: ServiceDescription, kinds: Sequence[EvidenceKind], attachments: Sequence[CaseAttachment]
) -> EvidenceMatch:
    """``kinds`` say what is required in this case."""
    found = {}
    for item in attachments:
        keys = attached_kinds(description, (item.attachment,))
        place = AttachmentKey(item.submission_id, item.attachment.attachment_id)
        found[place] = tuple(kind for kind in kinds if kind.key in keys)
    there = {kind.key for each in found.values() for kind in each}
    missing = tuple(kind for kind in kinds if kind.required is True and kind.key not in there)
    return EvidenceMatch(found, missing, bool(kinds))
