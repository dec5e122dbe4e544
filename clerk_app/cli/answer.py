"""What a command answers."""

from __future__ import annotations

from dataclasses import dataclass, field

from clerk_app.cli import exits


@dataclass
class Answer:
    """``document`` for ``--json``, ``lines`` for people, and the exit code."""

    document: object = None
    lines: list[str] = field(default_factory=list)
    exit_code: int = exits.DONE
    silent: bool = False  # the command has said everything itself
