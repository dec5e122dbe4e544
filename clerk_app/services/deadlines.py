"""Fristen of a case: the pure functions of the domain fed with the service's and the Land's values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from clerk_app.domain.case import CaseFile, HistoryEvent
from clerk_app.domain.deadlines import (
    Deadline,
    DeadlineKind,
    DerivationStep,
    StepKind,
    WorkingDays,
    answer_due,
    appeal_end,
    notification_rule,
    notified,
    office_day,
    processing_due,
)
from clerk_app.domain.outbox import OutboxEntry, OutboxKind, OutboxState
from clerk_app.domain.service_package import ServiceDescription
from clerk_app.services.state_profile import StateProfile

_SENT = frozenset({OutboxState.SUBMITTED, OutboxState.DELIVERED, OutboxState.POSTED})
_GONE = frozenset({OutboxState.WITHDRAWN, OutboxState.RETURNED})


@dataclass(frozen=True)
class CaseDeadlines:
    """Derives every deadline of a case, each with the way it was found."""

    state: StateProfile
    days: WorkingDays

    def processing(self, description: ServiceDescription, arrived_on: date) -> Deadline:
        """The office's own target for an application that arrived on that day."""
        return processing_due(arrived_on, description.processing_days, self.days)

    def request_due(self, description: ServiceDescription, asked_on: date) -> Deadline:
        """The day to propose for a document request sent on that day."""
        return answer_due(asked_on, description.answer_days, self.days)

    def notification(self, description: ServiceDescription, sent_on: date) -> Deadline:
        """When a notice sent on that day is deemed notified."""
        rule = notification_rule(self.state.notification, description.procedure_law, sent_on)
        return notified(sent_on, rule, self.days)

    def appeal(self, description: ServiceDescription, sent_on: date) -> Deadline | None:
        """Until when an objection is possible; None where the law sets no period."""
        rule = self.state.appeal(description.appeal, sent_on)
        if not rule.months:
            return None
        return appeal_end(self.notification(description, sent_on), rule.months, self.days, rule.basis)

    def of_case(self, case: CaseFile, description: ServiceDescription) -> tuple[Deadline, ...]:
        """What matters now: the target while undecided, the answer while asked, the periods once sent."""
        decision = _latest(case, OutboxKind.DECISION)
        if decision is not None and decision.state in _SENT:
            sent_on = _sent_on(decision)
            found = (self.notification(description, sent_on), self.appeal(description, sent_on))
            return tuple(deadline for deadline in found if deadline is not None)
        if decision is not None:
            return ()
        target = self.processing(description, office_day(case.first.submitted_at))
        request = _latest(case, OutboxKind.DOCUMENT_REQUEST)
        if request is None or case.applications[-1].submitted_at > request.created_at:
            return (target,)
        return (self._answer(case, request, description), target)

    def _answer(self, case: CaseFile, request: OutboxEntry, description: ServiceDescription) -> Deadline:
        asked_on = office_day(request.created_at)
        chosen = _chosen_due_on(case.history, request)
        if chosen is None:
            return answer_due(asked_on, description.answer_days, self.days)
        steps = (DerivationStep(StepKind.SENT, asked_on), DerivationStep(StepKind.CHOSEN, chosen))
        return Deadline(DeadlineKind.ANSWER, chosen, steps)


def _latest(case: CaseFile, kind: OutboxKind) -> OutboxEntry | None:
    entries = [entry for entry in case.outgoing if entry.kind is kind and entry.state not in _GONE]
    return max(entries, key=lambda entry: entry.created_at, default=None)


def _sent_on(entry: OutboxEntry) -> date:
    """The receipt's day where there is one: the delivery service's clock is not ours to set."""
    at: datetime = entry.receipt.issued_at if entry.receipt is not None else entry.changed_at
    return office_day(at)


def _chosen_due_on(history: tuple[HistoryEvent, ...], request: OutboxEntry) -> date | None:
    for event in reversed(history):
        details = event.details
        if str(details.get("entry_id", request.entry_id)) != request.entry_id:
            continue
        value = details.get("due_on") or details.get("dueOn")
        if isinstance(value, date):
            return value
        if isinstance(value, str):
            try:
                return date.fromisoformat(value)
            except ValueError:
                continue
    return None
