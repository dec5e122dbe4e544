"""What requests and decisions share when they leave: the way to the citizen, and the frozen entry."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import uuid4

from clerk_app.domain.application import Application, ReplyChannelKind
from clerk_app.domain.case import CaseFile
from clerk_app.domain.errors import ClerkError, ErrorCode
from clerk_app.domain.ids import DestinationId, EntryId, SubmissionId
from clerk_app.domain.letter import LetterKind
from clerk_app.domain.outbox import OutboxKind, OutboxState, Outgoing, OutgoingDocument
from clerk_app.usecases.ports import LedgerTransaction

ACCOUNT_STATUS: Mapping[LetterKind, str] = {
    LetterKind.DECISION_GRANTED: "COMPLETED",
    LetterKind.DECISION_REFUSED: "COMPLETED",
    LetterKind.DECISION_PARTLY_GRANTED: "COMPLETED",
    LetterKind.DOCUMENT_REQUEST: "ACTION_REQUIRED",
    LetterKind.HEARING: "ACTION_REQUIRED",
    LetterKind.INTERIM_NOTICE: "PROCESSING",
    LetterKind.FORWARDING_NOTICE: "PROCESSING",
    LetterKind.RECEIPT: "RECEIVED",
}
"""The status of the citizen's application after a letter (ZBP status_v6); other letters change none."""


def new_entry_id() -> EntryId:
    """An id made here, before anything is sent: what makes every later step repeatable."""
    return EntryId(str(uuid4()))


Deliverable = Callable[[str | None, DestinationId, Mapping[str, object]], bool]


@dataclass(frozen=True)
class Way:
    """How the citizen will get it. ``channel`` None means by post; ``reason`` says why, as a code."""

    channel: str | None
    address: Mapping[str, object]
    reason: str = ""


def require_ours(case: CaseFile) -> None:
    """Raises ClerkError CASE_ALREADY_FORWARDED for a case that went to another authority."""
    if case.forwarded is not None:
        raise ClerkError(
            ErrorCode.CASE_ALREADY_FORWARDED,
            {"case": case.row.case_reference, "authority": case.forwarded.office.name},
        )


def is_decided(case: CaseFile) -> bool:
    """Whether a decision stands: signed, and neither withdrawn nor returned."""
    gone = (OutboxState.WITHDRAWN, OutboxState.RETURNED)
    return any(entry.kind is OutboxKind.DECISION and entry.state not in gone for entry in case.outgoing)


def way_to(case: CaseFile, deliverable: Deliverable, *, decision: bool) -> Way:
    """The channel the applicant offered last and this office can serve; else by post.

    A decision goes by post when the applicant refused an electronic one (metadata
    ``zustimmungZumDigitalenBescheid`` false; OZG § 9 presumes consent otherwise).
    """
    offered: Application | None = next(
        (a for a in reversed(case.applications) if a.reply_channel is not None), None
    )
    if offered is None or offered.reply_channel is None:
        return Way(None, {}, "no-channel-offered")
    refused = any(a.consents_to_electronic_decision is False for a in case.applications)
    if decision and refused:
        return Way(None, {}, "consent-refused")
    channel = offered.reply_channel
    # Judged for the mailbox it will leave from: an answer may have come to another one.
    if not deliverable(channel.kind, case.first.destination_id, channel.address):
        return Way(None, {}, "channel-not-served")
    return Way(channel.kind, channel.address)


@dataclass(frozen=True)
class TakeBack:
    """Rückholfrist: how long a finished entry stays here before the first network call (0 to 900 s)."""

    seconds: int = 60

    def hold_until(self, now: datetime, *, at_once: bool) -> datetime:
        """When the entry may leave."""
        return now if at_once else now + timedelta(seconds=self.seconds)


def frozen_entry(
    case: CaseFile,
    way: Way,
    *,
    entry_id: EntryId,
    kind: OutboxKind,
    title: str,
    text: str,
    created_at: datetime,
    documents: tuple[OutgoingDocument, ...],
    structured: Mapping[str, object],
    due_on: date | None = None,
    basis: tuple[SubmissionId, ...] = (),
    postal_address: tuple[str, ...] = (),
) -> Outgoing:
    """What leaves, with everything a delivery needs from the case as it stands now. ``due_on`` is the day the
    applicant's answer is due: with one the case waits for the applicant."""
    return Outgoing(
        entry_id=entry_id,
        case_id=case.row.case_id,
        kind=kind,
        channel=way.channel,
        portal=case.row.portal,
        destination_id=case.first.destination_id,
        answers_submission_id=case.applications[-1].submission_id,
        case_reference=case.row.case_reference,
        service_name=case.row.service,
        service_identifier=case.first.service_identifier,
        recipient_name=case.row.applicant,
        title=title,
        text=text,
        created_at=created_at,
        address=way.address,
        portal_application_id=case.first.portal_application_id,
        documents=documents,
        structured=structured,
        due_on=due_on,
        basis=basis,
        postal_address=postal_address,
    )


def queue_with_status(
    transaction: LedgerTransaction, outgoing: Outgoing, account_status: str | None, hold_until: datetime
) -> None:
    """Queues an entry, and beside it the status line in the citizen's account when there is one to update.

    Both stand in one transaction: the status never says more than what was really sent.
    """
    by_post = outgoing.channel is None
    transaction.queue(outgoing, hold_until, OutboxState.TO_POST if by_post else OutboxState.QUEUED)
    if account_status and outgoing.channel == ReplyChannelKind.MAILBOX and outgoing.portal_application_id:
        transaction.queue(
            Outgoing(
                entry_id=new_entry_id(),
                case_id=outgoing.case_id,
                kind=OutboxKind.STATUS,
                channel=outgoing.channel,
                portal=outgoing.portal,
                destination_id=outgoing.destination_id,
                answers_submission_id=outgoing.answers_submission_id,
                case_reference=outgoing.case_reference,
                service_name=outgoing.service_name,
                service_identifier=outgoing.service_identifier,
                recipient_name=outgoing.recipient_name,
                title=outgoing.title,
                text="",
                created_at=outgoing.created_at,
                address=outgoing.address,
                portal_application_id=outgoing.portal_application_id,
                account_status=account_status,
                accompanies=outgoing.entry_id,
                due_on=outgoing.due_on,
            ),
            hold_until,
        )
