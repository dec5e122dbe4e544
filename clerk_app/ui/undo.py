"""What can be taken back, newest first, and done again. No Qt here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Undoable:
    """One named step that can be undone, and done again where ``redo`` is given. ``key`` names what it is
    about, so that it can be dropped."""

    name: str
    undo: Callable[[], None]
    key: str = ""
    redo: Callable[[], None] | None = None


class UndoStack:
    """Rückgängig: named steps. A step that can no longer be undone is dropped by its key."""

    def __init__(self, most: int = 50) -> None:
        self._steps: list[Undoable] = []
        self._undone: list[Undoable] = []
        self._most = most

    def push(self, step: Undoable) -> None:
        """Remembers a step; what was undone before cannot be done again after it."""
        self._steps.append(step)
        self._undone.clear()
        del self._steps[: -self._most]

    def top(self) -> Undoable | None:
        """The step that would be undone next."""
        return self._steps[-1] if self._steps else None

    def pop(self) -> Undoable | None:
        """Takes the newest step."""
        if not self._steps:
            return None
        step = self._steps.pop()
        if step.redo is not None:
            self._undone.append(step)
        else:
            self._undone.clear()  # what was undone before it would be done again on top of something else
        return step

    def next_redo(self) -> Undoable | None:
        """The step that would be done again."""
        return self._undone[-1] if self._undone else None

    def again(self) -> Undoable | None:
        """Takes it back onto the stack."""
        if not self._undone:
            return None
        step = self._undone.pop()
        self._steps.append(step)
        return step

    def drop(self, key: str) -> None:
        """Forgets steps with this key: it is too late for them."""
        self._steps = [step for step in self._steps if step.key != key]
