"""The fault matrix: what each harness tried, and how often a promise was broken.

``record("20 canaries in files", 214, 0)`` adds to a row; rows of all test processes come together in
``.cache/matrix/matrix.json`` and in the lines that pytest prints at its end.
"""

from __future__ import annotations

import json
import os
from collections import defaultdict
from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parent.parent / ".cache" / "matrix"
_PARTS = "part-*.jsonl"


def trials(short: int, soak: int) -> int:
    """``short`` trials in each run, ``soak`` under ``CLERK_SOAK=1`` (which `make soak` sets)."""
    return soak if os.environ.get("CLERK_SOAK") == "1" else short


def record(row: str, trials: int, violations: int) -> None:
    """Add trials and violations to a row; its name begins with the number in the goal table."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with (FOLDER / f"part-{os.getpid()}.jsonl").open("a", encoding="utf-8") as part:
        part.write(json.dumps([row, trials, violations]) + "\n")


def rows() -> dict[str, tuple[int, int]]:
    """Every row of this run: (trials, violations)."""
    found: dict[str, tuple[int, int]] = defaultdict(lambda: (0, 0))
    for part in FOLDER.glob(_PARTS):
        for line in part.read_text(encoding="utf-8").splitlines():
            row, tried, broken = json.loads(line)
            found[row] = (found[row][0] + tried, found[row][1] + broken)
    return dict(sorted(found.items(), key=lambda item: (int(item[0].split()[0]), item[0])))


def pytest_sessionstart(session: pytest.Session) -> None:
    """A new run begins with an empty matrix."""
    if not hasattr(session.config, "workerinput"):
        for part in FOLDER.glob(_PARTS):
            part.unlink(missing_ok=True)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """One line for each row: row, trials, violations."""
    found = rows()
    if not found:
        return
    whole = {row: {"trials": tried, "violations": broken} for row, (tried, broken) in found.items()}
    (FOLDER / "matrix.json").write_text(json.dumps(whole, indent=1, ensure_ascii=False) + "\n", "utf-8")
    terminalreporter.section("fault matrix: row, trials, violations")
    for row, (tried, broken) in found.items():
        terminalreporter.line(f"matrix: {row}, {tried}, {broken}")
