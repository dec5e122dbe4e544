"""Lücken: what is missing in a case, what was asked for, what has come. One list for letter, answer and the
next letter, so that both sides always look at the same one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from clerk_app.domain.ids import AttachmentId, EntryId


class GapState(StrEnum):
    """How far one missing item has come."""

    MISSING = "missing"  # a check point found it; nobody asked yet
    ASKED = "asked"  # in a document request that stands
    ARRIVED = "arrived"  # something came that seems to be it; a clerk has not looked yet
    SETTLED = "settled"  # a clerk says it is there
    WAIVED = "waived"  # a clerk does without it, with a reason


class GapOrigin(StrEnum):
    """Where an item comes from."""

    EVIDENCE = "evidence"  # a kind of evidence of the service; ``key`` is its key
    STATEMENT = "statement"  # a statement in the form; ``key`` is the check point's id
    TYPED = "typed"  # a clerk wrote it; ``key`` is made from its words


@dataclass(frozen=True)
class GapItem:
    """One thing that is missing. ``text`` is what the applicant reads.

    ``asked_by`` are the requests that named it, oldest first; ``attachments`` what seems to answer it;
    ``decided_by`` a clerk ticked or waived it (otherwise the program matched it).
    """

    origin: GapOrigin
    key: str
    text: str
    state: GapState
    asked_by: tuple[EntryId, ...] = ()
    attachments: tuple[AttachmentId, ...] = ()
    reason: str = ""
    decided_by: str = ""

    @property
    def is_open(self) -> bool:
        """Whether the next request should name it."""
        return self.state in (GapState.MISSING, GapState.ASKED)


@dataclass(frozen=True)
class Pause:
    """Time during which the office's target waited for the applicant. ``until`` None: it still waits."""

    since: datetime
    until: datetime | None
    request: EntryId


@dataclass(frozen=True)
class GapList:
    """Everything missing in a case, in the order of the service, typed items last. ``answer_due_on`` is the
    day the latest open request named."""

    items: tuple[GapItem, ...] = ()
    pauses: tuple[Pause, ...] = ()
    answer_due_on: date | None = None

    @property
    def open_items(self) -> tuple[GapItem, ...]:
        """What the next request should name."""
        return tuple(item for item in self.items if item.is_open)

    @property
    def waiting(self) -> bool:
        """Whether the office waits for the applicant now."""
        return any(pause.until is None for pause in self.pauses)
