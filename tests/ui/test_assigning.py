"""Taking and giving cases from the window, one step to undo."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from clerk_app.ui.access_walk import complaints
from clerk_app.ui.sidebar import Area
from tests.ui.conftest import Pilot
from tests.ui.fake_store import case_id_of

Key = Qt.Key
CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


def whose(pilot: Pilot, number: int) -> str | None:
    with pilot.office.lock:
        return pilot.office.row(pilot.office.seeds[case_id_of(number)]).assigned_to


def test_the_cases_of_somebody_are_listed_by_a_plain_command(pilot: Pilot) -> None:
    pilot.desk.window.commands.run("list.person")
    pilot.until(lambda: pilot.desk.assigning.dialog is not None)
    dialog = pilot.desk.assigning.dialog
    assert dialog is not None
    assert dialog.give.text() == "Zeigen"
    dialog.name.setText("M. Brand")
    dialog.accept()
    pilot.calm()
    assert pilot.desk.list.bar.text == 'person:"M. Brand"'
    pilot.desk.window.commands.run("list.person")
    pilot.until(lambda: pilot.desk.assigning.dialog is not None)
    assert pilot.desk.assigning.dialog is not None
    pilot.desk.assigning.dialog.accept()
    pilot.calm()
    assert pilot.desk.list.bar.text == "person:niemand"


def test_give_a_case_and_take_it_back(pilot: Pilot) -> None:
    desk = pilot.desk
    pilot.press(Key.Key_A, CTRL | SHIFT)
    pilot.calm()
    dialog = desk.assigning.dialog
    assert dialog is not None
    assert complaints(dialog) == []
    assert dialog.name.hasFocus()
    QTest.keyClicks(dialog.name, "j. b")  # the rest is completed
    dialog.give.click()
    pilot.calm()
    assert whose(pilot, 1) == "J. Brand"
    assert "bei J. Brand" in [
        part.text() for part in desk.page.header.findChildren(type(desk.page.header._whose))
    ]
    top = desk.flow.undo_stack.top()
    assert top is not None
    assert top.name == "Zuweisung an J. Brand"
    assert desk.window.commands.action("app.undo").text().startswith("&Rückgängig: Zuweisung an J. Brand")
    desk.flow.undo()
    pilot.calm()
    assert whose(pilot, 1) is None
    assert desk.window.commands.reason("app.undo") is not None
    assert desk.window.commands.action("app.redo").text().startswith("Wiederholen: Zuweisung an J. Brand")
    desk.window.commands.run("app.redo")
    pilot.calm()
    assert whose(pilot, 1) == "J. Brand"
    desk.flow.undo()
    pilot.calm()
    assert whose(pilot, 1) is None
    assert desk.window.commands.reason("app.redo") is None

    desk.window.commands.run("case.take")
    pilot.calm()
    assert desk.window.commands.reason("app.redo") == "Es gibt nichts zu wiederholen."
    assert whose(pilot, 1) == "K. Beispiel"
    assert desk.window.commands.reason("case.take") == "Der Vorgang ist Ihnen schon zugewiesen."
    desk.window.activateWindow()
    pilot.until(desk.window.isActiveWindow)
    pilot.ctrl(Key.Key_2)
    pilot.calm()
    assert desk.window.area() is Area.MINE
    assert desk.list.model.rowCount() == 1


def test_the_whole_list_for_whoever_covers(pilot: Pilot) -> None:
    desk = pilot.desk
    pilot.ctrl(Key.Key_3)
    pilot.calm()
    count = desk.list.model.rowCount()
    assert count > 3
    desk.window.commands.run("list.assign")
    pilot.calm()
    assert desk.assigning.dialog is not None
    desk.assigning.dialog.name.setText("J. Brand")
    desk.assigning.dialog.accept()
    pilot.calm()
    assert [whose(pilot, number) for number in (1, 2, 3)] == ["J. Brand"] * 3
    top = desk.flow.undo_stack.top()
    assert top is not None
    assert top.name == f"Zuweisung an J. Brand ({count} Vorgänge)"
    desk.flow.undo()
    pilot.calm()
    assert [whose(pilot, number) for number in (1, 2, 3)] == [None] * 3
