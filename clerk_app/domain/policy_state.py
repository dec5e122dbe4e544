"""What is in force on this machine: a value per key, and who settled it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class PolicyLine:
    """One key. ``source``: ``policy``, ``profile`` or ``default``; ``value`` None: nothing is limited.
    ``unit`` names what a count counts (``s``, ``min``, ``d``, ``a``)."""

    name: str
    value: object
    source: str
    locked: bool
    unit: str = ""


@dataclass(frozen=True)
class PolicyState:
    """Richtlinienstand. ``place`` is where the policy stands, empty without one; ``fault``, ``line``,
    ``unknown`` and ``invalid`` as in ``system.policy.MachinePolicy``; ``profile`` is the profile's file."""

    lines: tuple[PolicyLine, ...]
    place: str = ""
    fault: str = ""
    line: int | None = None
    unknown: tuple[str, ...] = ()
    invalid: tuple[str, ...] = ()
    changed_at: datetime | None = None
    profile: str = ""

    @property
    def well(self) -> bool:
        """Whether everything an admin wrote counts."""
        return not (self.fault or self.unknown or self.invalid)

    def source_of(self, line: PolicyLine) -> str:
        """The file or registry key behind a line; empty for the program's own default."""
        return {"policy": self.place, "profile": self.profile}.get(line.source, "")
