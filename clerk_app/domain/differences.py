"""Unterschiede: what changed between two forms of one case, or between two readings of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class ChangeKind(StrEnum):
    """How something differs from before."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One statement of the form that differs. ``before`` and ``after`` are as the screen shows them; empty
    where there was or is none."""

    path: str
    label: str
    kind: ChangeKind
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class FormDifference:
    """What a later submission says differently. Empty ``changes`` and ``attachments``: nothing else changed.

    ``attachments`` are file names whose content came newly or differs (compared by SHA-512); ``same`` counts
    attachments sent once more unchanged. ``comparable`` is False when one of the forms could not be taken
    apart: then nothing may be concluded.
    """

    changes: tuple[FieldChange, ...] = ()
    attachments: tuple[str, ...] = ()
    same: int = 0
    comparable: bool = True
