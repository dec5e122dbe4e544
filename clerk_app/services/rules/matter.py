"""What rules are asked of, and how far they may go."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from clerk_app.domain.rules import Rule
from clerk_app.domain.service_package import CheckPoint
from clerk_app.services.form_tree import Node

MOST_STEPS = 50_000
"""Steps one rule may take, with everything it asks."""
MOST_ELEMENTS = 200
"""Elements of a list that ``every``, ``some``, ``count`` and ``sum`` look at."""
MOST_INNER_ELEMENTS = 20
"""The same within ``every`` and ``some``."""
LONGEST_CHAIN = 8
"""How often a rule may ask a rule that asks a rule …"""
MOST_VALUES = 300_000
"""Values of the form that all rules of one case may look at together."""
SIGNS_OF_A_VALUE = 100
"""A long text costs as much as one short value for each so many characters."""


class RuleTooLongError(Exception):
    """The rule could not be evaluated within its bounds; nothing follows from that."""


@dataclass(frozen=True)
class RuleMatter:
    """What rules are asked of. ``attached`` counts attachments by kind of evidence; ``lists`` and ``limits``
    are those in force on the day of arrival; ``parameter`` gives the authority's value of that name.
    """

    tree: Node
    attached: Mapping[str, int]
    arrived_on: date
    applied_on: date
    places: tuple[str, ...] = ()
    lists: Mapping[str, Collection[str]] = field(default_factory=dict)
    limits: Mapping[str, Decimal] = field(default_factory=dict)
    parameter: Callable[[str], Decimal | str | None] | None = None
    rules: Mapping[str, Rule] = field(default_factory=dict)
    checks: Mapping[str, CheckPoint] = field(default_factory=dict)
