"""The evaluation: figures, charts one can walk, the same numbers as a table, files that are safe to open."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog

from clerk_app.texts.csv_lines import csv_bytes
from clerk_app.ui.access_walk import complaints
from clerk_app.ui.commands import Screen
from clerk_app.ui.statistics_page import StatisticsPage
from tests.ui.conftest import Pilot
from tests.ui.fake_store import NOW

Key = Qt.Key


def test_cells_that_a_spreadsheet_would_run_stay_text() -> None:
    bad = ["=HYPERLINK(1)", "+1", "-2+3", "@SUM(A1)", "\tx", " =1", "＝1"]
    last = 'Müller; "Co"\nKG'
    text = csv_bytes(("Name", "Zahl"), [*((cell, 7) for cell in bad), (last, None)]).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))
    assert rows[0] == ["Name", "Zahl"]
    for row, cell in zip(rows[1:], bad, strict=False):
        assert row == [f"'{cell}", "7"]
    assert rows[-1] == [last, ""]
    assert csv_bytes((), ()).startswith(b"\xef\xbb\xbf")


@pytest.fixture
def page(pilot: Pilot) -> StatisticsPage:
    """A year of an office with enough cases to say something, and one place with a few."""
    with pilot.office.lock:
        seed = next(iter(pilot.office.seeds.values()))
        for number in range(40):
            case_id = type(seed.case_id)(f"{number:08d}-0000-4000-8000-000000000000")
            pilot.office.seeds[case_id] = replace(
                seed,
                row_id=1000 + number,
                case_id=case_id,
                reference=f"2026-{number}",
                service="=Wohngeld" if number % 2 else "Gewerbe",
                arrived_at=NOW - timedelta(days=number * 6),
            )
    pilot.ctrl(Key.Key_8)
    pilot.calm()
    found = pilot.desk.pages.page(Screen.STATISTICS)
    assert isinstance(found, StatisticsPage)
    return found


def test_figures_charts_and_table_say_the_same(
    pilot: Pilot, page: StatisticsPage, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert pilot.shows(Screen.STATISTICS)
    assert page.period.hasFocus()
    assert page.found is not None
    assert complaints(pilot.desk.window) == []
    total = page.found.total.arrivals
    assert total is not None
    assert total > 40
    names = [page.model.index(at, 0).data() for at in range(page.model.rowCount())]
    assert names == sorted(names)

    page.months.setFocus()
    walked: list[str] = []
    for _step in range(12):
        walked.append(page.months.sentence())
        pilot.press(Key.Key_Right)
    page.tabs.setCurrentIndex(2)
    table = [
        [page.model.index(at, column).data() for column in range(3)] for at in range(page.model.rowCount())
    ]
    assert walked == [f"{month}: Eingänge {came}, entschieden {went}" for month, came, went in table]
    pilot.press(Key.Key_Home)
    assert page.months.accessibleDescription() == walked[0]

    path = tmp_path / "zahlen.csv"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_args: (str(path), ""))
    pilot.ctrl(Key.Key_E)
    pilot.calm()
    rows = list(csv.reader(io.StringIO(path.read_text("utf-8-sig"), newline=""), delimiter=";"))
    assert rows[1][2] == str(total)
    assert "'=Wohngeld" in [row[1] for row in rows]
    assert "K. Beispiel" not in path.read_text("utf-8-sig")  # no person stands in it, least of all the clerk
    assert any("Zahlen unter 5 werden nicht gezeigt" in cell for row in rows for cell in row)
    pilot.ctrl(Key.Key_P)
    pilot.calm()
    assert b"Auswertung" in path.read_bytes()


def test_too_little_to_say_and_back(pilot: Pilot, page: StatisticsPage) -> None:
    page.service.setCurrentIndex(page.service.findData("Wohngeld – Erstantrag"))
    pilot.calm()
    assert page.empty.isVisible()
    assert pilot.desk.window.commands.reason("statistics.csv") == "Es gibt zu wenig, um etwas auszuwerten."
    page.empty.acted.emit()
    pilot.calm()
    assert page.service.currentData() == ""
    assert page.view.isVisible()
    page.period.setCurrentIndex(5)
    pilot.calm()
    assert page.found is not None
    assert page.found.query.period.first.year == 2025
