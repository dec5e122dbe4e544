"""Anhörung before an adverse decision (VwVfG § 28, AO § 91, SGB X § 24): was the applicant heard?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from clerk_app.domain.case import CaseFile
from clerk_app.domain.decision import Finding, FindingLevel, Wording
from clerk_app.domain.ledger import ActKind
from clerk_app.domain.letter_templates import HearingDuty
from clerk_app.domain.outbox import OutboxEntry, OutboxKind, OutboxState

HEARING_KIND = "hearing"
"""``kind`` in the machine-readable form of a hearing letter."""

_ARRIVED = frozenset({OutboxState.DELIVERED, OutboxState.POSTED})
_GONE = frozenset({OutboxState.WITHDRAWN, OutboxState.RETURNED})


@dataclass(frozen=True)
class Hearing:
    """One hearing letter of a case and until when the applicant may answer."""

    entry: OutboxEntry
    due_on: date

    def answered(self, case: CaseFile) -> bool:
        """Whether anything came from the applicant after it was written."""
        return bool(case.answers_to(self.entry))

    def over(self, today: date) -> bool:
        """Whether it reached the applicant and its period has ended."""
        return self.entry.state in _ARRIVED and self.due_on < today


def hearings_of(case: CaseFile) -> Iterator[Hearing]:
    """The hearing letters of a case that were neither taken back nor returned."""
    entries = {entry.entry_id: entry for entry in case.outgoing if entry.kind is OutboxKind.LETTER}
    for event in case.history:
        entry = entries.get(event.details.get("entry_id"))  # type: ignore[call-overload]  # an id or nothing
        if event.kind != ActKind.QUEUED.value or entry is None or entry.state in _GONE:
            continue
        structured = event.details.get("structured")
        due_on = _day(event.details.get("due_on"))
        if isinstance(structured, dict) and structured.get("kind") == HEARING_KIND and due_on is not None:
            yield Hearing(entry, due_on)  # every hearing names a day: its template needs one


def hearing_findings(case: CaseFile, duty: HearingDuty, wording: Wording, today: date) -> list[Finding]:
    """What the duty to hear says of a decision made today.

    A duty without a hearing blocks unless the clerk says why none was needed (§ 28 (2) and (3) VwVfG);
    where a hearing is only advised, the clerk is told.
    """
    if duty is HearingDuty.NONE:
        return []
    hearings = list(hearings_of(case))
    if any(hearing.answered(case) or hearing.over(today) for hearing in hearings):
        return []
    if wording.no_hearing_reason:
        return [Finding("hearing-waived", FindingLevel.WARN)]
    waiting = max((hearing.due_on for hearing in hearings), default=None)
    level = FindingLevel.BLOCK if duty is HearingDuty.REQUIRED else FindingLevel.WARN
    if waiting is not None:
        return [Finding("hearing-open", level, (("due_on", waiting.isoformat()),))]
    return [Finding("hearing-missing" if duty is HearingDuty.REQUIRED else "hearing-advised", level)]


def _day(value: object) -> date | None:
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        return None
