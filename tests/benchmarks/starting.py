"""How long a process of its own takes to a painted window."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

START_SCRIPT = """
import os, sys, time
began = time.perf_counter()
if sys.argv[1] == "bare":
    from PySide6.QtWidgets import QApplication, QTableView
    from PySide6.QtGui import QStandardItemModel
    app = QApplication([])
    view = QTableView()
    view.setModel(QStandardItemModel(0, 10))
    view.resize(1280, 800)
    view.show()
    app.processEvents()
    view.grab()
else:
    from tests.benchmarks.first_paint import first_painted_list
    first_painted_list(sys.argv[2])
print(time.perf_counter() - began)
os._exit(0)
"""


def start_s(kind: str, folder: Path) -> float:
    """Seconds to the first painted list of the home in ``folder``; of a bare window with ``kind`` "bare"."""
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # an installed program has its bytecode
    result = subprocess.run(
        [sys.executable, "-c", START_SCRIPT, kind, str(folder)],
        capture_output=True, text=True, check=True, env=environment,
    )  # fmt: skip
    return float(result.stdout.splitlines()[-1])


def middle_start_s(kind: str, folder: Path, repeats: int = 7) -> float:
    """The middle one of several, after one that fills the caches."""
    start_s(kind, folder)
    return sorted(start_s(kind, folder) for _ in range(repeats))[repeats // 2]
