"""Searching and starting with 100,000 cases."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from clerk_app.domain.case import CaseQuery, CaseView
from clerk_app.store.connection import Connection, Role
from clerk_app.store.home import HomePaths, Store
from tests.benchmarks.caseload import KEY, filled_store
from tests.benchmarks.limits import middle_s, report

CASES = int(os.environ.get("CLERK_BENCH_CASES", "100000"))
PAGE = 50


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("caseload")
    filled_store(path, CASES).close()
    return path


#: What is typed, and the same question put to the index by hand (the search form of what is typed).
TYPED = {
    "one letter": ("m", '"m"*'),
    "half a name": ("muell", '"muell"*'),
    "name": ("mueller9 zoe", '"mueller9"* AND "zoe"*'),
    "frequent word": ("musterhausen", '"musterhausen"*'),
    "rare word in attachments": ("zechensiedlung", '"zechensiedlung"*'),
    "words here and there": ("yildiz mietvertrag", '"yildiz"* AND "mietvertrag"*'),
    "part of a number": ("2026-7", '"2026-7"*'),
    "exclusion": ("wohngeld -zoe", '("wohngeld"*) NOT ("zoe"*)'),
    "alternatives": ("krawc ODER liepina", '"krawc"* OR "liepina"*'),
    "in attachments": ("inhalt:nachweis", '{attachments} : "nachweis"*'),
    "nothing": ("gibtesnicht", '"gibtesnicht"*'),
}


@pytest.fixture(scope="module")
def store(folder: Path) -> Iterator[Store]:
    opened = Store.open(HomePaths(folder), KEY)
    yield opened
    opened.close()


@pytest.mark.parametrize("name", TYPED)
def test_search_as_you_type(store: Store, name: str) -> None:
    """First page with all its columns, against the bare full-text query of as many row numbers."""
    typed, bare = TYPED[name]
    reads = store.reads()
    connection: Connection = store._writer(Role.CACHE)
    sql = f"SELECT rowid FROM case_fts WHERE case_fts MATCH ? ORDER BY rowid DESC LIMIT {PAGE}"
    query = CaseQuery(text=typed, limit=PAGE)
    found = reads.list(query)
    assert len(found) == len(connection.rows(sql, (bare,)))
    ours = middle_s(lambda: reads.list(query), 20)
    limit = middle_s(lambda: connection.rows(sql, (bare,)), 20)
    report(f"search, {name}, {CASES}: first page / raw FTS5", ours * 1000, limit * 1000, "ms")
    store.release(connection)
    reads.close()


@pytest.mark.parametrize(
    "text", ["muell", "ist:ungelesen", "frist:<2026-03-01", "status:neu ODER krawc", "az:7K"]
)
def test_search_among_open_cases(store: Store, text: str) -> None:
    """As the window asks: in one area, with the clerk's word laid over it. The limit walks open cases."""
    reads = store.reads()
    connection: Connection = store._writer(Role.CACHE)
    query = CaseQuery(text=text, view=CaseView.OPEN, limit=PAGE)
    reads.list(query)
    ours = middle_s(lambda: reads.list(query), 10)
    limit = middle_s(lambda: connection.rows("SELECT id FROM cases WHERE closed = 0 ORDER BY id DESC"), 10)
    name = f"search “{text}” among the open tenth of {CASES}: first page / walk of its ids"
    report(name, ours * 1000, limit * 1000, "ms")
    store.release(connection)
    reads.close()


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
