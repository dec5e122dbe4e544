"""Fristen of a case: the pure functions of the domain fed with the service's and the Land's values, and with
what really happened.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from clerk_app.domain.case import CaseFile, HistoryEvent
from clerk_app.domain.case_dates import (
    REMINDERS,
    SENT_STATES,
    CaseDate,
    DateKind,
    dates_of,
    of_entry,
    of_kind,
    sent_on_of,
    standing_decision,
)
from clerk_app.domain.deadlines import (
    Deadline,
    DeadlineKind,
    DerivationStep,
    DispatchWay,
    FictionRule,
    Pause,
    StepKind,
    WorkingDays,
    answer_due,
    appeal_end,
    appeal_end_uninstructed,
    chosen,
    early_warning,
    fiction_end,
    is_open,
    notification_rule,
    notified,
    office_day,
    paused_target,
    processing_due,
    undelivered,
)
from clerk_app.domain.gaps import all_settled_at, gap_words, request_items
from clerk_app.domain.ids import EntryId
from clerk_app.domain.ledger import ActKind
from clerk_app.domain.outbox import OutboxEntry, OutboxKind, OutboxState
from clerk_app.domain.service_package import OwnTerm, ServiceDescription
from clerk_app.services.state_profile import StateProfile

_GONE = frozenset({OutboxState.WITHDRAWN, OutboxState.RETURNED})
_REMINDER_KINDS = {
    DateKind.MANUAL: DeadlineKind.MANUAL,
    DateKind.WARNING: DeadlineKind.WARNING,
    DateKind.FOLLOW_UP: DeadlineKind.FOLLOW_UP,
}
_WARNED = frozenset({DeadlineKind.PROCESSING, DeadlineKind.FICTION, DeadlineKind.HEARING})
# ``letter``, else ``kind``, in the structured form of a letter
HEARING = "hearing"
MESSAGE = "notification"


@dataclass(frozen=True)
class Wait:
    """A document request with the time the office waits for its answer."""

    entry_id: EntryId
    pause: Pause
    answered: bool


@dataclass(frozen=True)
class CaseDeadlines:
    """Derives every deadline of a case, each with the way it was found."""

    state: StateProfile
    days: WorkingDays

    def processing(self, description: ServiceDescription, arrived_on: date) -> Deadline:
        """The office's own target for an application that arrived on that day."""
        made = processing_due(arrived_on, description.processing_days, self.days)
        return _sourced(made, OwnTerm.PROCESSING_DAYS in description.own_terms)

    def request_due(self, description: ServiceDescription, asked_on: date) -> Deadline:
        """The day to propose for a document request sent on that day."""
        made = answer_due(asked_on, description.answer_days, self.days)
        return _sourced(made, OwnTerm.ANSWER_DAYS in description.own_terms)

    def of_case(
        self, case: CaseFile, description: ServiceDescription, *, abroad: bool = False
    ) -> tuple[Deadline, ...]:
        """What matters now: answer, target and fiction while undecided, the periods once sent; then the days
        a clerk set and the early warnings. ``abroad``: letters go to another country.
        """
        dates = dates_of(case.history)
        decision = standing_decision(case)
        found: list[Deadline]
        if case.forwarded is not None:  # another authority's time runs now
            found = []
        elif decision is not None and decision.state in SENT_STATES:
            found = list(self._sent(decision, description, dates, abroad=abroad))
        elif decision is not None:
            found = list(self._fiction(case, description, dates))
        else:
            found = [
                *self._answers(case, description),
                self._target(case, description),
                *self._fiction(case, description, dates),
            ]
        found += [
            chosen(_REMINDER_KINDS[each.kind], each.on, each.text, each.date_id)
            for each in dates
            if each.kind in REMINDERS and not each.done
        ]
        return (*found, *self._warnings(found, description))

    # once a decision is out

    def _sent(
        self,
        entry: OutboxEntry,
        description: ServiceDescription,
        dates: tuple[CaseDate, ...],
        *,
        abroad: bool,
    ) -> Iterator[Deadline]:
        sent_on = sent_on_of(entry)
        way = self.state.way(None if entry.state is OutboxState.POSTED else entry.channel)
        if way is DispatchWay.LETTER and abroad:
            way = DispatchWay.LETTER_ABROAD
        rule = notification_rule(self.state.notification, description.procedure_law, sent_on, way)
        received = of_entry(dates, DateKind.RECEIVED, entry.entry_id)
        retrieved = of_entry(dates, DateKind.RETRIEVED, entry.entry_id)
        notification = notified(
            sent_on,
            rule,
            self.days,
            received_on=received.on if received else None,
            retrieved_on=retrieved.on if retrieved else None,
        )
        if came_back := of_entry(dates, DateKind.UNDELIVERED, entry.entry_id):
            notification = undelivered(sent_on, rule, came_back.on)
        if entry.state is OutboxState.SUBMITTED:  # handed over; that it is there is not proven yet
            first = replace(notification.steps[0], assumed=True)
            notification = replace(notification, steps=(first, *notification.steps[1:]), assumed=True)
        notification = replace(notification, entry_id=entry.entry_id)
        yield notification
        if is_open(notification):
            return
        appeal = self.state.appeal(description.appeal, sent_on)
        if of_entry(dates, DateKind.UNINSTRUCTED, entry.entry_id) and appeal.uninstructed_months:
            end = appeal_end_uninstructed(
                notification, appeal.uninstructed_months, self.days, appeal.uninstructed_basis
            )
        elif appeal.months:
            months = (abroad and appeal.months_abroad) or appeal.months
            end = appeal_end(notification, months, self.days, appeal.basis)
        else:
            return
        yield replace(end, entry_id=entry.entry_id)

    # while undecided

    def _answers(self, case: CaseFile, description: ServiceDescription) -> Iterator[Deadline]:
        """What the applicant was asked for and did not answer yet: the newest request, message with a day,
        and hearing."""
        messages = [
            entry
            for entry in case.outgoing
            if entry.kind is OutboxKind.LETTER
            and entry.state not in _GONE
            and _structured_kind(case.history, entry) == MESSAGE
            and _own_due_on(case.history, entry) is not None
        ]
        message = max(messages, key=lambda entry: entry.created_at, default=None)
        for asked in (_latest(case, OutboxKind.DOCUMENT_REQUEST), message):
            if asked is not None and _answered_on(case, asked) is None:
                yield self._asked(case, asked, description, DeadlineKind.ANSWER)
        hearings = [
            entry
            for entry in case.outgoing
            if entry.state not in _GONE and _structured_kind(case.history, entry) == HEARING
        ]
        hearing = max(hearings, key=lambda entry: entry.created_at, default=None)
        if hearing is not None and _answered_on(case, hearing) is None:
            yield self._asked(case, hearing, description, DeadlineKind.HEARING)

    def _asked(
        self, case: CaseFile, entry: OutboxEntry, description: ServiceDescription, kind: DeadlineKind
    ) -> Deadline:
        asked_on = office_day(entry.created_at)
        on = _chosen_due_on(case.history, entry)
        if on is None:
            made = answer_due(asked_on, description.answer_days, self.days, kind)
            made = _sourced(made, OwnTerm.ANSWER_DAYS in description.own_terms)
        else:
            steps = (DerivationStep(StepKind.SENT, asked_on), DerivationStep(StepKind.CHOSEN, on))
            made = Deadline(kind, on, steps)
        return replace(made, entry_id=entry.entry_id)

    def _target(self, case: CaseFile, description: ServiceDescription) -> Deadline:
        arrived_on = office_day(case.first.submitted_at)
        pauses = [wait.pause for wait in self.waits(case, description)]
        made = paused_target(arrived_on, description.processing_days, pauses, description.pause, self.days)
        return _sourced(made, OwnTerm.PROCESSING_DAYS in description.own_terms)

    def waits(self, case: CaseFile, description: ServiceDescription) -> tuple[Wait, ...]:
        """From each document request to its answer, at the latest to the day the answer was due."""
        found = []
        for entry in case.outgoing:
            if entry.kind is not OutboxKind.DOCUMENT_REQUEST or entry.state in _GONE:
                continue
            asked_on = office_day(entry.created_at)
            until = self._asked(case, entry, description, DeadlineKind.ANSWER).due_on
            answered_on = _answered_on(case, entry)
            if answered_on is not None:
                until = min(until, answered_on)
            pause = Pause(asked_on, max(asked_on, until))
            found.append(Wait(entry.entry_id, pause, answered=answered_on is not None))
        return tuple(found)

    def _fiction(
        self, case: CaseFile, description: ServiceDescription, dates: tuple[CaseDate, ...]
    ) -> Iterator[Deadline]:
        """VwVfG § 42a where the service says so. It does not run while documents are outstanding."""
        if not description.fiction_months:
            return
        arrived_on = office_day(case.first.submitted_at)
        confirmed = of_kind(dates, DateKind.COMPLETE)
        complete_on = confirmed.on if confirmed else _complete_on(case, arrived_on)
        if complete_on is None:
            return
        rule = replace(self.state.fiction(arrived_on), months=description.fiction_months)
        yield _fiction_end(
            rule, complete_on, arrived_on, confirmed, of_kind(dates, DateKind.EXTENSION), self.days
        )

    def _warnings(self, found: list[Deadline], description: ServiceDescription) -> list[Deadline]:
        if not description.warning_days:
            return []
        return [
            early_warning(deadline, description.warning_days, self.days)
            for deadline in found
            if deadline.kind in _WARNED
        ]


def _sourced(made: Deadline, own: bool) -> Deadline:
    """The same, its derivation saying where the days come from when the authority set them itself."""
    if not own:
        return made
    steps = (
        replace(step, kind=StepKind.OWN_DAYS) if step.kind is StepKind.DAYS else step for step in made.steps
    )
    return replace(made, steps=tuple(steps))


def _fiction_end(
    rule: FictionRule,
    complete_on: date,
    arrived_on: date,
    confirmed: CaseDate | None,
    extension: CaseDate | None,
    days: WorkingDays,
) -> Deadline:
    plain = fiction_end(complete_on, rule, days, arrived_on=arrived_on, confirmed=confirmed is not None)
    if (
        extension is None or extension.on < plain.due_on
    ):  # documents completed later than the extension thought
        return plain
    return fiction_end(
        complete_on,
        rule,
        days,
        arrived_on=arrived_on,
        confirmed=confirmed is not None,
        extended_to=extension.on,
        reason=extension.text,
    )


def _latest(case: CaseFile, kind: OutboxKind) -> OutboxEntry | None:
    entries = [entry for entry in case.outgoing if entry.kind is kind and entry.state not in _GONE]
    return max(entries, key=lambda entry: entry.created_at, default=None)


def _answered_on(case: CaseFile, entry: OutboxEntry) -> date | None:
    """The day of the first submission after an entry was made, or the day a clerk had ticked off all it asked
    for: what comes on paper is an answer too."""
    later = [each.submitted_at for each in case.answers_to(entry)]
    if entry.kind is OutboxKind.DOCUMENT_REQUEST:
        items = request_items(_structured(case.history, entry))
        settled_at = all_settled_at(items, entry.created_at, gap_words(case.history))
        later += [] if settled_at is None else [settled_at]
    return office_day(min(later)) if later else None


def _complete_on(case: CaseFile, arrived_on: date) -> date | None:
    """The day the documents were complete, as far as one can tell; None while some are outstanding."""
    request = _latest(case, OutboxKind.DOCUMENT_REQUEST)
    return arrived_on if request is None else _answered_on(case, request)


def _structured_kind(history: Iterable[HistoryEvent], entry: OutboxEntry) -> str:
    structured = _structured(history, entry)
    return str(structured.get("letter") or structured.get("kind") or "")


def _structured(history: Iterable[HistoryEvent], entry: OutboxEntry) -> Mapping[str, object]:
    """The machine-readable form an entry was queued with."""
    for event in history:
        if event.kind == ActKind.QUEUED.value and event.details.get("entry_id") == entry.entry_id:
            structured = event.details.get("structured")
            return structured if isinstance(structured, dict) else {}
    return {}


def _own_due_on(history: tuple[HistoryEvent, ...], entry: OutboxEntry) -> date | None:
    """The day an entry itself was queued with."""
    return _chosen_due_on(
        tuple(event for event in history if event.details.get("entry_id") == entry.entry_id), entry
    )


def _chosen_due_on(history: tuple[HistoryEvent, ...], entry: OutboxEntry) -> date | None:
    for event in reversed(history):
        details = event.details
        if str(details.get("entry_id", entry.entry_id)) != entry.entry_id:
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
