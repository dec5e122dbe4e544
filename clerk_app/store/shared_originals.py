"""Originals on their way to and from the team's server. Implements ``sync.team_round.OriginalCodec``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from clerk_app.domain.errors import ClerkError, ErrorCode
from clerk_app.domain.ids import AttachmentId, CaseId, SubmissionId
from clerk_app.store.originals import Originals, envelope, from_envelope
from clerk_app.sync.ports import EncryptedBody, IntakeState, Original
from clerk_app.sync.team import SharedOriginal


class SharedOriginals:
    """See the module. The submission stays encrypted as received: nothing is added that names a person."""

    def __init__(self, originals: Originals) -> None:
        self._originals = originals

    def shared(self, original: Original, state: IntakeState, at: datetime | None) -> SharedOriginal:
        """See OriginalCodec."""
        waiting = original.waiting
        return SharedOriginal(
            waiting.submission_id, waiting.case_id, waiting.destination_id, original.portal, state, at,
            envelope(original), original.attachments,
        )  # fmt: skip

    def original(self, shared: SharedOriginal, attachments: Mapping[AttachmentId, EncryptedBody]) -> Original:
        """See OriginalCodec. Raises ClerkError TEAM_DAMAGED for what is no original, or another's."""
        try:
            found = from_envelope(shared.envelope, attachments)
        except (ValueError, KeyError, TypeError) as error:
            raise ClerkError(ErrorCode.TEAM_DAMAGED, {"name": shared.submission_id}) from error
        waiting = found.waiting
        if (waiting.submission_id, waiting.case_id) != (shared.submission_id, shared.case_id):
            raise ClerkError(ErrorCode.TEAM_DAMAGED, {"name": shared.submission_id})
        return found

    def read(self, case_id: CaseId, submission_id: SubmissionId) -> Original:
        """See OriginalCodec. Raises ClerkError DOCUMENT_MISSING or DOCUMENT_DAMAGED."""
        return self._originals.read(case_id, submission_id)

    def all_names(self) -> Iterator[tuple[CaseId, SubmissionId]]:
        """See OriginalCodec."""
        return self._originals.all_names()
