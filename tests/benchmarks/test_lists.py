"""Searching and starting with 100,000 cases."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from clerk_app.domain.case import CaseQuery
from clerk_app.store.connection import Connection, Role
from clerk_app.store.home import Store
from tests.benchmarks.caseload import filled_store
from tests.benchmarks.limits import middle_s, report

CASES = int(os.environ.get("CLERK_BENCH_CASES", "100000"))
PAGE = 50


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("caseload")
    filled_store(path, CASES).close()
    return path


@pytest.mark.parametrize("typed", ["m", "mueller", "mueller9 zoe", "2026-7"])
def test_search_as_you_type(folder: Path, typed: str) -> None:
    from clerk_app.store.home import HomePaths
    from tests.benchmarks.caseload import KEY

    store = Store.open(HomePaths(folder), KEY)
    try:
        reads = store.reads()
        query = CaseQuery(text=typed, limit=PAGE)
        found = reads.list(query)
        assert found
        ours = middle_s(lambda: reads.list(query), 30)
        connection: Connection = store._writer(Role.CACHE)
        words = " AND ".join(f'"{word}"*' for word in typed.replace("-", " ").split())
        sql = f"SELECT rowid FROM case_fts WHERE case_fts MATCH ? ORDER BY rowid DESC LIMIT {PAGE}"
        limit = middle_s(lambda: connection.rows(sql, (words,)), 30)
        store.release(connection)
        report(f"search “{typed}” in {CASES}: first page / raw FTS5", ours * 1000, limit * 1000, "ms")
    finally:
        store.close()


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


def test_start_to_first_painted_list(folder: Path) -> None:
    def start(kind: str) -> float:
        environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
        result = subprocess.run(
            [sys.executable, "-c", START_SCRIPT, kind, str(folder)],
            capture_output=True, text=True, check=True, env=environment,
        )  # fmt: skip
        return float(result.stdout.splitlines()[-1])

    start("bare"), start("ours")
    bare = sorted(start("bare") for _ in range(5))[2]
    ours = sorted(start("ours") for _ in range(5))[2]
    report(f"start to first painted list, {CASES} cases / bare window", ours * 1000, bare * 1000, "ms")
