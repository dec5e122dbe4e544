"""Served = signed: what leaves is what was frozen, made on the case as it still stands."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from clerk_app.domain.errors import ClerkError, Disposition, ErrorCode
from clerk_app.domain.outbox import Outgoing
from clerk_app.sync.ports import OutboxStore


@dataclass(frozen=True)
class SignedLock:
    """Checked before an entry is announced and again before it is submitted.

    ``perhaps_submitted``: an earlier run may have handed the entry over without hearing the answer. Then a
    closed lock says nothing about the entry's fate: it is neither sent again nor called returned, and waits
    until the portal's log shows that it arrived or that its announcement lapsed.
    """

    outbox: OutboxStore
    outgoing: Outgoing
    perhaps_submitted: bool

    def check(self) -> None:
        """Raises ClerkError DOCUMENT_DAMAGED, DOCUMENT_MISSING or HELD_CASE_CHANGED when it must not leave.

        Compares every document with both digests frozen at the signature, and the case with the submissions
        it held then.
        """
        try:
            for document in self.outgoing.documents:
                content = self.outbox.read_document(self.outgoing.case_id, document.document_id)
                as_frozen = (
                    len(content) == document.size_bytes
                    and hashlib.sha256(content).hexdigest() == document.sha256
                    and hashlib.sha512(content).hexdigest() == document.sha512
                )
                if not as_frozen:
                    raise ClerkError(ErrorCode.DOCUMENT_DAMAGED, {"document_id": document.document_id})
            if self.outbox.is_overtaken(self.outgoing.entry_id):
                raise ClerkError(ErrorCode.HELD_CASE_CHANGED, {"entry": self.outgoing.entry_id})
        except ClerkError as error:
            final = error.disposition in (Disposition.ASK_CLERK, Disposition.GIVE_UP)
            if not (self.perhaps_submitted and final):
                raise
            raise ClerkError(error.code, error.params, Disposition.RETRY) from error
