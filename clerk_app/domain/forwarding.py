"""Abgabe: what a ledger says of a case that went to the competent authority, and what is about to go."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from clerk_app.domain.case import CaseFile, CaseStatus, HistoryEvent
from clerk_app.domain.competence import Forwarded, OfficeAddress
from clerk_app.domain.correspondence import DraftLetter, QueuedLetter
from clerk_app.domain.efile import Filed
from clerk_app.domain.ids import CaseId, EntryId
from clerk_app.domain.ledger import ActKind
from clerk_app.domain.outbox import OutboxState

_OFFICE_MEMBERS = ("name", "ars", "street", "postcode", "city", "email")


@dataclass(frozen=True)
class DraftForwarding:
    """Entwurf of an Abgabe: the notice as it would go out, and where the case would go."""

    notice: DraftLetter
    office: OfficeAddress
    reason: str
    first_received_on: date


@dataclass(frozen=True)
class QueuedForwarding:
    """What was done, and the notice that waits in the outbox."""

    forwarded: Forwarded
    notice: QueuedLetter


@dataclass(frozen=True)
class HandedOver:
    """Papers for the competent authority: the package that was written, and the cover letter, which stands in
    it too."""

    filed: Filed
    cover: bytes
    cover_name: str


def reminder_of(notice_id: EntryId) -> str:
    """The id of the reminder that the papers must still go to the competent authority."""
    return f"handover:{notice_id}"


def forwarded_payload(office: OfficeAddress, reason: str, first_received_on: date) -> dict[str, object]:
    """What the act keeps; ``forwarded_in`` reads it back."""
    return {
        "authority": office.name,
        "ars": office.ars,
        "office": {name: getattr(office, name) for name in _OFFICE_MEMBERS},
        "reason": reason,
        "first_received_on": first_received_on.isoformat(),
    }


def forwarded_in(case_id: CaseId, history: Iterable[HistoryEvent]) -> Forwarded | None:
    """The forwarding that stands: the last one whose notice was not withdrawn."""
    found: Forwarded | None = None
    for event in history:
        if event.kind == ActKind.FORWARDED.value:
            found = _read(case_id, event) or found
        elif found is None:
            continue
        elif event.kind == ActKind.MOVED.value:
            withdrawn = event.details.get("to") == OutboxState.WITHDRAWN.value
            if withdrawn and event.details.get("entry_id") == found.notice_id:
                found = None
        elif event.kind == ActKind.HANDED_OVER.value:
            found = replace(found, handed_over_at=event.at)
    return found


def arrived_since_forwarding(case: CaseFile) -> bool:
    """Whether something came for the other authority after the papers went there: it must follow them."""
    forwarded = case.forwarded
    return forwarded is not None and case.row.status is CaseStatus.ANSWERED


def _read(case_id: CaseId, event: HistoryEvent) -> Forwarded | None:
    details, office = event.details, event.details.get("office")
    members: Mapping[str, object] = (
        office if isinstance(office, Mapping) else {"name": details.get("authority")}
    )
    try:
        return Forwarded(
            case_id,
            OfficeAddress(**{name: str(members.get(name) or "") for name in _OFFICE_MEMBERS}),
            str(details.get("reason") or ""),
            date.fromisoformat(str(details["first_received_on"])),
            EntryId(str(details["entry_id"])),
            event.at,
        )
    except (KeyError, ValueError):
        return None
