"""Anlagen and the evidence they seem to be, in words. No Qt here."""

from __future__ import annotations

from clerk_app.domain.case import AttachmentKey, CaseAttachment
from clerk_app.domain.review_basis import EvidenceMatch
from clerk_app.texts import _, language


def kind_words(matched: EvidenceMatch, item: CaseAttachment) -> str:
    """Which evidence an attachment seems to be; empty where the service names none at all."""
    if not matched.catalogued:
        return ""
    place = AttachmentKey(item.submission_id, item.attachment.attachment_id)
    kinds = matched.kinds.get(place, ())
    return ", ".join(kind.title.text(language()) for kind in kinds) or _("nicht zugeordnet")


def missing_words(matched: EvidenceMatch) -> tuple[str, ...]:
    """What is required and not there."""
    return tuple(kind.title.text(language()) for kind in matched.missing)


def first_of_kind(matched: EvidenceMatch, items: tuple[CaseAttachment, ...], key: str) -> int | None:
    """The place of the newest attachment that seems to be of this kind; None when there is none."""
    for at in range(len(items) - 1, -1, -1):
        place = AttachmentKey(items[at].submission_id, items[at].attachment.attachment_id)
        if any(kind.key == key for kind in matched.kinds.get(place, ())):
            return at
    return None
