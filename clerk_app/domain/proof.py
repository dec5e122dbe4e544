"""Zustellnachweis: everything that shows what was sent, signed by whom, and what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from clerk_app.domain.ids import CaseId, EntryId, SubmissionId
from clerk_app.domain.ledger import LedgerEntry
from clerk_app.domain.outbox import OutboxEntry, OutgoingDocument, SignedLog
from clerk_app.domain.signature import VerificationReport


@dataclass(frozen=True)
class ProvenDocument:
    """One document of the entry as it was frozen, its bytes, and what its signature is worth."""

    described: OutgoingDocument
    content: bytes
    report: VerificationReport


@dataclass(frozen=True)
class ProofTimes:
    """When what happened.

    ``signed_at`` is what the signer's clock says; ``queued_at`` and ``handed_over_at`` are this office's;
    ``delivered_at`` is the time in the receipt. ``posted_on`` is the day ``posted_by`` entered for a letter.
    """

    signed_at: datetime | None
    queued_at: datetime | None
    handed_over_at: datetime | None
    delivered_at: datetime | None
    posted_on: date | None
    posted_by: str | None


@dataclass(frozen=True)
class ProofMatter:
    """What a proof bundle is made of. ``ledger`` holds the entries about this one outgoing entry."""

    office: str
    practice: bool
    service: str
    entry: OutboxEntry
    documents: tuple[ProvenDocument, ...]
    times: ProofTimes
    delivery: SignedLog | None
    arrivals: Mapping[SubmissionId, SignedLog]
    ledger: tuple[LedgerEntry, ...]


@dataclass(frozen=True)
class Proof:
    """A bundle that was made. Whoever knows ``manifest_sha256`` can tell a changed one."""

    case_id: CaseId
    entry_id: EntryId
    manifest_sha256: str
    delivered: bool
    files: int
