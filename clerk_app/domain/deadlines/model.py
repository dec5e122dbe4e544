"""The words of a deadline: what it is about, the way it was found, the calendar it was found with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Protocol


class ProcedureLaw(StrEnum):
    """Verfahrensrecht: which act governs the procedure (VwVfG § 2 leaves taxes and social matters out)."""

    VWVFG = "VwVfG"
    AO = "AO"
    SGB_X = "SGB X"


class DeadlineKind(StrEnum):
    """What a deadline is about."""

    PROCESSING = "processing"  # the office's own target
    ANSWER = "answer"  # what the applicant is asked for
    HEARING = "hearing"  # until when the applicant may comment (Anhörung, § 28 VwVfG)
    FICTION = "fiction"  # the application counts as granted afterwards (§ 42a VwVfG)
    NOTIFICATION = "notification"  # Bekanntgabe, deemed or real
    APPEAL = "appeal"  # Widerspruch, Einspruch or Klage
    WARNING = "warning"  # Vorfrist
    FOLLOW_UP = "follow-up"  # Wiedervorlage
    MANUAL = "manual"  # a day a clerk set, with the reason


class StepKind(StrEnum):
    """One step of a derivation."""

    ARRIVED = "arrived"
    SENT = "sent"
    POSTED = "posted"  # handed to the post
    PROVIDED = "provided"  # made available in a mailbox
    RETRIEVED = "retrieved"  # fetched from the mailbox
    RECEIVED = "received"  # really arrived
    ARRIVAL_NEEDED = "arrival-needed"  # the law presumes no day: someone must enter the real one
    NOT_RETRIEVED = "not-retrieved"  # the time to fetch it is over: notify in another way
    CAME_BACK = "came-back"  # the post could not deliver it: not notified
    NOTIFIED = "notified"
    NEXT_DAY = "next-day"  # the day after retrieval
    NTH_DAY = "nth-day"  # amount: the n-th day after sending
    DAY_COUNTS = "day-counts"  # the first day counts (BGB § 187 II)
    DAYS = "days"  # amount: days added
    OWN_DAYS = "own-days"  # amount: days added, as many as the authority itself set (its parameters)
    WEEKS = "weeks"  # amount: weeks added
    MONTHS = "months"  # amount: months added
    YEARS = "years"  # amount: years added
    UNINSTRUCTED = "uninstructed"  # amount: months, because the appeal notice was missing or wrong
    MONTH_END = "month-end"  # the month has no such day: its last day (BGB § 188 III)
    WEEKEND = "weekend"  # moved on over a weekend
    HOLIDAY = "holiday"  # moved on over a public holiday; note: its name
    NO_HOLIDAY = "no-holiday"  # a holiday in some municipalities of the Land, not in this one; note: its name
    FIXED = "fixed"  # a day that was named stays, whatever day it is (VwVfG § 31 III 2, V)
    CHOSEN = "chosen"  # a clerk set the day; note: the reason
    PAUSED = "paused"  # the clock stands from this day
    RESUMED = "resumed"  # the clock runs again; amount: the days it stood
    STRETCHED = "stretched"  # amount: days added for the pauses
    COMPLETE = "complete"  # the last document arrived: the period begins
    EXTENDED = "extended"  # extended once; note: the reason
    BEFORE = "before"  # amount: days earlier
    BACK = "back"  # moved back to the working day before


@dataclass(frozen=True, slots=True)
class DerivationStep:
    """One step: what was done and the day it led to. ``assumed``: rests on something nobody confirmed."""

    kind: StepKind
    on: date
    amount: int | None = None
    note: str | None = None
    assumed: bool = False


@dataclass(frozen=True, slots=True)
class Deadline:
    """A day with its derivation.

    ``basis`` names the rule applied, ``assumed`` says it is not confirmed. ``date_id`` is set for a day a
    clerk entered, ``text`` then holds the reason. ``paused_until`` is the day until which the clock stands,
    if it stands now or stood; ``entry_id`` the outgoing entry it belongs to.
    """

    kind: DeadlineKind
    due_on: date
    steps: tuple[DerivationStep, ...]
    basis: str = ""
    assumed: bool = False
    text: str = ""
    date_id: str = ""
    entry_id: str = ""
    paused_until: date | None = None


class WorkingDays(Protocol):
    """The calendar of a Land or municipality."""

    def holiday_name(self, on: date) -> str | None:
        """The public holiday on that day, or None."""

    def doubtful_name(self, on: date) -> str | None:
        """A holiday that holds in some municipalities of the Land and that nobody confirmed or denied for
        this one; else None. ``holiday_name`` does not count it.
        """
