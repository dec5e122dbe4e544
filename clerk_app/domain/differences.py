"""Unterschiede: what changed between two forms of one case, or between two readings of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class ChangeKind(StrEnum):
    """How something differs from before."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


class ComparedAs(StrEnum):
    """What could be compared, and so what may be concluded."""

    SAME_FORM = "same-form"  # everything: what is not named did not change
    OTHER_FORM = "other-form"  # an answer form: what it says itself; what it leaves out means nothing
    UNREADABLE = "unreadable"  # one of them could not be taken apart: attachments alone


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One statement of the form that differs. ``before`` and ``after`` are as the screen shows them; empty
    where there was or is none. ``path`` is the later form's, the earlier one's for what is gone."""

    path: str
    label: str
    kind: ChangeKind
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class AttachmentChange:
    """An attachment whose content had not come before: ADDED, or CHANGED when one of that name had."""

    filename: str
    kind: ChangeKind


@dataclass(frozen=True, slots=True)
class FormDifference:
    """What a later submission says differently from an earlier one of its case.

    No ``changes`` and no ``attachments``: nothing else changed, as far as ``compared`` reaches. Attachments
    are compared by SHA-512 with everything that came before; ``repeated`` names those sent once more
    unchanged.
    """

    earlier_at: datetime
    later_at: datetime
    compared: ComparedAs = ComparedAs.SAME_FORM
    changes: tuple[FieldChange, ...] = ()
    attachments: tuple[AttachmentChange, ...] = ()
    repeated: tuple[str, ...] = ()

    @property
    def comparable(self) -> bool:
        """Whether the statements could be compared at all."""
        return self.compared is not ComparedAs.UNREADABLE

    @property
    def count(self) -> int:
        """How many things differ."""
        return len(self.changes) + len(self.attachments)
