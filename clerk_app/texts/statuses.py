"""Words for statuses and states: one set for window, command line and reports."""

from __future__ import annotations

from collections.abc import Mapping

from clerk_app.domain.case import CaseStatus
from clerk_app.domain.outbox import OutboxState
from clerk_app.texts import N_, _

_CASE_STATUSES: Mapping[CaseStatus, str] = {
    CaseStatus.NEW: N_("Neu"),
    CaseStatus.IN_REVIEW: N_("In Prüfung"),
    CaseStatus.REQUESTED: N_("Wartet auf Antwort"),
    CaseStatus.ANSWERED: N_("Antwort eingegangen"),
    CaseStatus.DECIDED: N_("Signiert"),
    CaseStatus.CLOSED: N_("Abgeschlossen"),
    CaseStatus.RETURNED: N_("Zurückgekommen"),
    CaseStatus.QUARANTINED: N_("Nicht lesbar"),
}

_OUTBOX_STATES: Mapping[OutboxState, str] = {
    OutboxState.QUEUED: N_("wartet hier"),
    OutboxState.ANNOUNCED: N_("angekündigt"),
    OutboxState.UPLOADED: N_("hochgeladen"),
    OutboxState.IN_DOUBT: N_("wird geklärt"),
    OutboxState.SUBMITTED: N_("übergeben"),
    OutboxState.DELIVERED: N_("zugestellt"),
    OutboxState.RETURNED: N_("zurückgekommen"),
    OutboxState.TO_POST: N_("zur Post"),
    OutboxState.POSTED: N_("zur Post gegeben"),
    OutboxState.WITHDRAWN: N_("zurückgeholt"),
}


def case_status_label(status: CaseStatus) -> str:
    """The word for a case's status."""
    return _(_CASE_STATUSES[status])


def outbox_state_label(state: OutboxState) -> str:
    """The words for an entry's state."""
    return _(_OUTBOX_STATES[state])
