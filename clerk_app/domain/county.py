"""Verteilung im Landkreis: what a county sees of the cases of its offices, and how urgent each is.

Routing facts only: service, municipality, days and state. No person stands in any of this.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum

from clerk_app.domain.ids import CaseId

AGE_BOUNDS = (3, 7, 14, 30, 60)
"""Upper ends of the heat map's classes in days; the last class is open."""
AT_RISK_WITHIN = timedelta(days=7)


class Lane(StrEnum):
    """Spalte of the board. A case stands in the first that fits, from the bottom up."""

    UNCLEAR = "unclear"
    ASSIGNED = "assigned"
    FORWARDED = "forwarded"
    OVERDUE = "overdue"


class Direction(StrEnum):
    """What the county directs: that an office keeps a case at work, or that it goes to the competent one."""

    ASSIGN = "assign"
    FORWARD = "forward"


class CountyOrder(StrEnum):
    """Reihenfolge of the table."""

    PRIORITY = "priority"
    DUE = "due"
    AGE = "age"
    OFFICE = "office"


@dataclass(frozen=True)
class CaseKey:
    """A case is known by its office and its id."""

    office_id: str
    case_id: CaseId


@dataclass(frozen=True)
class PriorityRule:
    """Punkte for every case that meets all conditions given; None: no condition.

    ``due_within_days``: the deadline is at most so many days away (negative: so many days over);
    ``older_than_days``: received longer ago; ``leika_prefix``: the service's key begins so; ``unassigned``.
    """

    points: int
    due_within_days: int | None = None
    older_than_days: int | None = None
    leika_prefix: str | None = None
    unassigned: bool | None = None

    def meets(self, facts: CountyFacts, today: date) -> bool:
        """Whether the rule speaks of these facts today."""
        due = self.due_within_days is None or (
            facts.due_on is not None and facts.due_on <= today + timedelta(days=self.due_within_days)
        )
        age = self.older_than_days is None or facts.first_received_on < today - timedelta(
            days=self.older_than_days
        )
        service = self.leika_prefix is None or facts.leika_key.startswith(self.leika_prefix)
        free = self.unassigned is None or facts.assigned is not self.unassigned
        return due and age and service and free


USUAL_RULES: tuple[PriorityRule, ...] = (
    PriorityRule(100, due_within_days=-1),
    PriorityRule(50, due_within_days=3),
    PriorityRule(20, due_within_days=7),
    PriorityRule(15, older_than_days=30),
    PriorityRule(10, older_than_days=14),
    PriorityRule(10, unassigned=True),
)
"""Until the county says otherwise (``[team] priorities``)."""


@dataclass(frozen=True)
class CountyFacts:
    """What the county knows of a case."""

    key: CaseKey
    office_name: str
    case_reference: str
    leika_key: str
    service: str
    municipality: str
    portal: str
    arrived_at: datetime
    first_received_on: date
    due_on: date | None
    status: str
    assigned: bool
    proposal: str = ""
    proposal_reason: str = ""
    direction: Direction | None = None
    directed_to: str | None = None
    directed_reason: str = ""
    directed_by: str | None = None
    directed_at: datetime | None = None
    points: int = 0

    def lane(self, today: date) -> Lane:
        """Where it stands on the board."""
        if self.due_on is not None and self.due_on < today:
            return Lane.OVERDUE
        if self.direction is Direction.FORWARD or self.status == "forwarded":
            return Lane.FORWARDED
        if self.direction is Direction.ASSIGN or self.assigned:
            return Lane.ASSIGNED
        return Lane.UNCLEAR

    def age_days(self, today: date) -> int:
        """Days since an authority first received it."""
        return max(0, (today - self.first_received_on).days)


@dataclass(frozen=True)
class CountyQuery:
    """What the table shows. ``text`` is looked for in reference, service and municipality."""

    lane: Lane | None = None
    office_id: str | None = None
    text: str = ""
    at_risk: bool = False
    order: CountyOrder = CountyOrder.PRIORITY
    limit: int = 200
    offset: int = 0


@dataclass(frozen=True)
class OfficeLoad:
    """Auslastung of an office. ``ages``: open cases by the classes of ``AGE_BOUNDS``."""

    office_id: str
    name: str
    open: int
    unassigned: int
    overdue: int
    at_risk: int
    ages: tuple[int, ...]


@dataclass(frozen=True)
class Placed:
    """A case with the direction it had, so that undoing restores exactly that."""

    key: CaseKey
    direction: Direction | None
    to: str | None
    reason: str


@dataclass(frozen=True)
class Batch:
    """One act of the county on one or many cases. ``before``: what each had."""

    batch_id: str
    direction: Direction
    to: str
    reason: str
    before: Sequence[Placed]


@dataclass(frozen=True)
class Preview:
    """Was würde es bewirken: open cases of each office now and after it, and what stands against it (by case
    reference, as codes: ``same-office``, ``closed``, ``decided``)."""

    loads: Mapping[str, tuple[int, int]]
    obstacles: Mapping[str, str] = field(default_factory=dict)


def points(facts: CountyFacts, rules: Sequence[PriorityRule], today: date) -> int:
    """How urgent a case is: the sum over all rules that speak of it."""
    return sum(rule.points for rule in rules if rule.meets(facts, today))


def preview(
    chosen: Sequence[CountyFacts], direction: Direction, to: str, loads: Sequence[OfficeLoad]
) -> Preview:
    """What directing ``chosen`` would do to the offices' open cases."""
    obstacles = {}
    change: dict[str, int] = {}
    for facts in chosen:
        if facts.status in ("closed", "decided"):
            obstacles[facts.case_reference] = facts.status
        elif direction is Direction.FORWARD and facts.key.office_id == to:
            obstacles[facts.case_reference] = "same-office"
        elif direction is Direction.FORWARD:
            change[facts.key.office_id] = change.get(facts.key.office_id, 0) - 1
            change[to] = change.get(to, 0) + 1
    before = {load.office_id: load.open for load in loads}
    touched = sorted({*change, to})
    return Preview(
        {each: (before.get(each, 0), before.get(each, 0) + change.get(each, 0)) for each in touched},
        obstacles,
    )


def age_class(days: int) -> int:
    """Index of the heat map's class."""
    return next((index for index, bound in enumerate(AGE_BOUNDS) if days <= bound), len(AGE_BOUNDS))
