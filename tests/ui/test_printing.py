"""What a clerk puts on paper: case sheet, letters, list, and the whole file for inspection."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog

from clerk_app.domain.ledger import ActKind
from clerk_app.ui.access_walk import complaints
from clerk_app.ui.print_dialog import INSPECTION, LIST, SHEET, PrintDialog
from tests.ui.conftest import Pilot

Key = Qt.Key


@pytest.fixture
def saved(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Where the file dialog of the system would put things."""
    path = tmp_path / "gespeichert.pdf"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_args: (str(path), ""))
    return path


def back(pilot: Pilot) -> None:
    """What a window manager does when a dialog has gone."""
    pilot.desk.window.activateWindow()
    pilot.until(pilot.desk.window.isActiveWindow)


def test_sheet_and_list_into_a_file(pilot: Pilot, saved: Path) -> None:
    printing = pilot.desk.printing

    def opened() -> PrintDialog:
        pilot.ctrl(Key.Key_P)
        assert printing.dialog is not None
        return printing.dialog

    def closed() -> bool:
        return printing.dialog is None

    dialog = opened()
    assert complaints(dialog) == []
    assert dialog.chosen() == SHEET
    dialog.save.click()
    pilot.calm()
    assert closed()
    back(pilot)
    assert b"Vorgangsblatt 2026-7KQ4-M001" in saved.read_bytes()

    dialog = opened()
    dialog.choose(LIST)
    dialog.save.click()
    pilot.calm()
    back(pilot)
    assert b"Neu: 7 Vorg" in saved.read_bytes()

    dialog = opened()
    pilot.until(lambda: QApplication.activeModalWidget() is dialog)
    QTest.keyClick(dialog, Key.Key_Escape)  # thought better of it
    assert closed()


def test_the_whole_file_for_inspection(pilot: Pilot, saved: Path) -> None:
    pilot.press(Key.Key_Return)
    pilot.calm()
    pilot.ctrl(Key.Key_P)
    assert pilot.desk.printing.dialog is not None
    pilot.desk.printing.dialog.choose(INSPECTION)
    pilot.desk.printing.dialog.print.click()
    pilot.calm()
    dialog = pilot.desk.printing.inspection
    assert dialog is not None
    assert complaints(dialog) == []
    pilot.type_into(dialog.recipient, "RA Muster")
    everything = dialog.model.rowCount()
    assert everything > 3
    dialog.view.setFocus()
    pilot.ctrl(Key.Key_A)
    assert not dialog.make.isEnabled()
    assert "kein Dokument" in dialog.make.toolTip()
    pilot.ctrl(Key.Key_A)
    pilot.press(Key.Key_Space)  # the first one is not shown
    assert len(dialog.wanted().without) == 1
    dialog.make.click()
    pilot.until(lambda: pilot.desk.filing.idle)
    pilot.calm()

    assert saved.exists()
    acts = [act for _at, act in pilot.office.acts if act.kind is ActKind.INSPECTED]
    assert acts[-1].payload["recipient"] == "RA Muster"
    assert len(acts[-1].payload["withheld"]) == 1  # type: ignore[arg-type]
    assert acts[-1].payload["documents"] == everything - 1
