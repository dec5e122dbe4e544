"""Getipptes: what stands in a form before anybody made an act of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from clerk_app.domain.ids import CaseId

KEEP_AFTER_S = 1.0
"""What was typed is written down at the latest so long after the first key that is not yet: with the writing
itself it is on the disk within two seconds."""


_NO_WORDS = frozenset({"outcome", "template", "language", "letter", "due_on", "first_received_on", "ticked"})


class TypedPlace(StrEnum):
    """Where it was typed. The value is written to disk."""

    DECISION = "decision"
    LETTER = "letter"
    REQUEST = "request"
    NOTE = "note"


@dataclass(frozen=True)
class TypedState:
    """Everything that stood in a form at a moment. ``fields`` is JSON: what the form needs to show it again.
    ``ended``: it was sent or kept since."""

    sequence: int
    case_id: CaseId
    place: TypedPlace
    at: datetime
    actor: str
    fields: Mapping[str, object]
    ended: bool = False


def typed_lines(fields: Mapping[str, object]) -> tuple[str, ...]:
    """The words of a state, line by line, in the order of the form; settings that are no words are left
    out."""
    lines: list[str] = []

    def walk(value: object) -> None:
        if isinstance(value, str):
            lines.extend(line for line in value.splitlines() if line.strip())
        elif isinstance(value, Mapping):
            for each in value.values():
                walk(each)
        elif isinstance(value, list | tuple):
            for each in value:
                walk(each)

    for name, value in fields.items():
        if name not in _NO_WORDS:
            walk(value)
    return tuple(lines)
