"""Scrolling, jumping and sorting very many cases, against a bare table over a model that knows nothing."""

from __future__ import annotations

import random
import resource
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from statistics import median
from typing import Any

import pytest
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QApplication, QTableView

from clerk_app.domain.case import CaseOrder, CaseQuery
from clerk_app.store.connection import Role
from clerk_app.store.home import Store
from clerk_app.ui import labels
from clerk_app.ui.case_columns import COLUMNS, USUAL
from clerk_app.ui.case_delegate import CaseDelegate
from clerk_app.ui.case_list_model import CaseListModel
from clerk_app.ui.case_table import CaseTable, TableDelegate
from clerk_app.ui.settings import MemorySettings
from clerk_app.ui.theme import Theme
from tests.benchmarks.limits import at_a_million, cpu_s, middle_s, report

FRAMES = 300
NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
TODAY = date(2026, 11, 26)
Index = QModelIndex | QPersistentModelIndex


class BareModel(QAbstractTableModel):
    """As little as a model can do."""

    def __init__(self, rows: int) -> None:
        super().__init__()
        self._rows = rows

    def rowCount(self, _parent: Index = QModelIndex()) -> int:  # noqa: B008
        return self._rows

    def columnCount(self, _parent: Index = QModelIndex()) -> int:  # noqa: B008
        return len(USUAL)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        return f"{index.row()} {index.column()}" if role == Qt.ItemDataRole.DisplayRole else None


def frames(app: QApplication, view: QTableView, places: list[int]) -> tuple[float, float]:
    """CPU milliseconds of a frame: the middle one and the slowest."""
    bar, used = view.verticalScrollBar(), []
    for place in places:
        began = cpu_s()
        bar.setValue(place)
        view.viewport().repaint()
        app.processEvents()
        used.append((cpu_s() - began) * 1000)
    return median(used), max(used)


def moves(view: QTableView) -> dict[str, list[int]]:
    """Wheel steps from the middle, and jumps anywhere."""
    most = view.verticalScrollBar().maximum()
    step = max(1, view.rowHeight(0) * 3 // (1 if view.verticalScrollMode().value else view.rowHeight(0)))
    rng = random.Random(1)
    wheel = [min(most, most // 2 + at * step) for at in range(FRAMES)]
    return {"a wheel step": wheel, "a jump": [rng.randrange(most) for _ in range(FRAMES)]}


def test_scrolling(qapp: QApplication, store: Store, cases: int) -> None:
    bare = QTableView()
    bare.setVerticalScrollMode(QTableView.ScrollMode.ScrollPerPixel)
    bare.verticalHeader().setDefaultSectionSize(28)
    bare.setModel(BareModel(cases))
    limits = {}
    for view in (bare,):
        view.resize(1000, 700)
        view.show()
        qapp.processEvents()
        limits = {name: frames(qapp, view, places) for name, places in moves(view).items()}
    bare.hide()
    theme = Theme(qapp, MemorySettings())
    reads = store.reads()
    before_kb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    model = CaseListModel(
        reads.rows,
        lambda row: labels.row_sentence(row, NOW, TODAY),
        lambda row, name: COLUMNS[name].cell(row, NOW, TODAY),
        lambda name: name,
    )
    model.start(reads.ids(CaseQuery()))
    assert model.rowCount() == cases
    for kind in ("cards", "table"):
        view = CaseTable()
        view.setModel(model)
        model.set_columns(USUAL if kind == "table" else ())
        cells = TableDelegate(theme, lambda: TODAY, model.cell, view)
        cells.columns = model.columns
        cards = CaseDelegate(theme, lambda: NOW, lambda: TODAY, view)
        view.setItemDelegate(cells if kind == "table" else cards)
        view.verticalHeader().setDefaultSectionSize(28 if kind == "table" else 74)
        view.show_table([COLUMNS[name].width for name in model.columns], None, reverse=False)
        view.resize(1000 if kind == "table" else 384, 700)
        view.show()
        qapp.processEvents()
        for name, places in moves(view).items():
            ours, slowest = frames(qapp, view, places)
            limit, slowest_bare = limits[name]
            what = f"scrolling {cases} cases as {kind}, {name}: CPU of a frame / bare table"
            report(
                what,
                ours,
                limit,
                "ms",
                goal=at_a_million(cases),
                slowest_ms=round(slowest, 1),
                slowest_bare_ms=round(slowest_bare, 1),
            )
        view.hide()
    more_mb = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before_kb) / 1024
    report(f"memory of the list of {cases} cases / 80 MB", more_mb, 80.0, "MB", goal=1.0)
    reads.close()


@pytest.mark.parametrize("order", list(CaseOrder))
def test_sorting(store: Store, cases: int, order: CaseOrder) -> None:
    """All ids in another order, as the table asks for them, against SQLite sorting a bare column."""
    column = {
        CaseOrder.SERVICE: "service",
        CaseOrder.MUNICIPALITY: "municipality",
        CaseOrder.REFERENCE: "case_reference",
        CaseOrder.PORTAL: "portal",
        CaseOrder.ATTACHMENTS: "attachment_count",
    }.get(order, "applicant_sort_key")
    reads = store.reads()
    connection = store._writer(Role.CACHE)
    bare = f"SELECT id, +{column} FROM cases NOT INDEXED ORDER BY 2, 1 DESC"

    def timed(work: Callable[[], object]) -> float:
        work()
        return middle_s(work, 3)

    ours = timed(lambda: reads.ids(CaseQuery(order=order)))
    began = time.perf_counter()
    first = reads.ids(CaseQuery(order=order, limit=60))
    page_ms = (time.perf_counter() - began) * 1000
    assert len(first) == min(60, cases)
    limit = timed(lambda: connection.rows(bare))
    what = f"sorting {cases} cases by {order.value}: all ids / bare sort of a column"
    report(what, ours * 1000, limit * 1000, "ms", goal=at_a_million(cases), first_screen_ms=round(page_ms, 1))
    store.release(connection)
    reads.close()
