"""What can be taken back, newest first. No Qt here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Undoable:
    """One named step that can be undone."""

    name: str
    undo: Callable[[], None]
    key: str = ""


class UndoStack:
    """Rückgängig: named steps. A step that can no longer be undone is dropped by its key."""

    def __init__(self, most: int = 50) -> None:
        self._steps: list[Undoable] = []
        self._most = most

    def push(self, step: Undoable) -> None:
        """Remembers a step."""
        self._steps.append(step)
        del self._steps[: -self._most]

    def top(self) -> Undoable | None:
        """The step that would be undone next."""
        return self._steps[-1] if self._steps else None

    def pop(self) -> Undoable | None:
        """Takes the newest step."""
        return self._steps.pop() if self._steps else None

    def drop(self, key: str) -> None:
        """Forgets steps with this key: it is too late for them."""
        self._steps = [step for step in self._steps if step.key != key]
