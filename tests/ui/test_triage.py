"""The board: four columns of any length, by keyboard and by letting cases fall, with the same commands."""

from __future__ import annotations

from PySide6.QtCore import QMimeData, QPointF, Qt
from PySide6.QtGui import QDropEvent

from clerk_app.domain.case import CaseStatus
from clerk_app.ui.commands import Screen
from clerk_app.ui.sidebar import Area
from clerk_app.ui.triage_page import Lane as L
from clerk_app.ui.triage_page import LaneColumn, TriagePage
from tests.ui.conftest import Pilot


def board(pilot: Pilot) -> TriagePage:
    pilot.desk.show_area(Area.TRIAGE)
    pilot.calm()
    assert pilot.shows(Screen.TRIAGE)
    return pilot.desk.triage


def sizes(page: TriagePage) -> dict[L, int]:
    return {lane: found.model.rowCount() for lane, found in page.lanes.items()}


def assign(pilot: Pilot, name: str) -> None:
    pilot.until(lambda: pilot.desk.assigning.dialog is not None)
    dialog = pilot.desk.assigning.dialog
    assert dialog is not None
    dialog.name.setText(name)
    dialog.accept()
    pilot.calm()


def test_cases_go_from_column_to_column_by_keyboard(pilot: Pilot) -> None:
    page = board(pilot)
    before = sizes(page)
    assert before[L.UNCLEAR] > 2
    unclear, assigned = page.lanes[L.UNCLEAR], page.lanes[L.ASSIGNED]
    assert unclear.view.hasFocus(), "the first column that holds something"
    first = pilot.desk.flow.row
    assert first is not None
    assert first.assigned_to is None
    pilot.press(Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    assign(pilot, "M. Brand")
    after = sizes(page)
    assert (after[L.UNCLEAR], after[L.ASSIGNED]) == (before[L.UNCLEAR] - 1, before[L.ASSIGNED] + 1)
    pilot.desk.window.activateWindow()
    pilot.until(pilot.desk.window.isActiveWindow)
    unclear.take_focus()
    pilot.press(Qt.Key.Key_Right)
    assert assigned.view.hasFocus()
    pilot.press(Qt.Key.Key_Left)
    assert unclear.view.hasFocus()
    pilot.desk.window.commands.run("app.undo")
    pilot.calm()
    assert sizes(page) == before

    # several at once, one step back
    unclear.view.selectAll()
    pilot.desk.window.commands.run("case.take")
    pilot.calm()
    assert sizes(page)[L.UNCLEAR] == 0
    assert unclear.empty.isVisible()
    pilot.desk.window.commands.run("app.undo")
    pilot.calm()
    assert sizes(page) == before


def test_letting_a_case_fall_is_the_same_as_the_command(pilot: Pilot) -> None:
    page = board(pilot)
    before = sizes(page)
    page.lanes[L.UNCLEAR].take_focus(1)
    pilot.calm()
    drop(page.lanes[L.ASSIGNED])
    assign(pilot, "M. Brand")
    assert sizes(page)[L.ASSIGNED] == before[L.ASSIGNED] + 1
    pilot.desk.window.activateWindow()
    pilot.until(pilot.desk.window.isActiveWindow)
    page.lanes[L.ASSIGNED].take_focus()
    pilot.calm()
    drop(page.lanes[L.UNCLEAR])
    pilot.calm()
    assert sizes(page)[L.ASSIGNED] == before[L.ASSIGNED]


def drop(lane: LaneColumn) -> None:
    actions, buttons = Qt.DropAction.MoveAction, Qt.MouseButton.LeftButton
    mime = QMimeData()
    lane.dropEvent(QDropEvent(QPointF(5, 5), actions, mime, buttons, Qt.KeyboardModifier.NoModifier))


def test_the_board_is_narrowed_and_a_mistake_changes_nothing(pilot: Pilot) -> None:
    page = board(pilot)
    everything = sizes(page)
    page.filter.setText("zdemir")
    pilot.until(lambda: sum(sizes(page).values()) < sum(everything.values()))
    pilot.calm()
    narrowed = sizes(page)
    page.filter.setText("zdemir frist:bald")
    pilot.until(lambda: page._hint.isVisible())
    assert "ist kein Tag" in page._hint.text()
    assert sizes(page) == narrowed
    page.filter.setText("gibtesnicht")
    pilot.until(lambda: sum(sizes(page).values()) == 0)
    page.filter.setText("")
    pilot.until(lambda: sizes(page) == everything)
    overdue = page.lanes[L.OVERDUE].model
    for at in range(overdue.rowCount()):
        row = overdue.row_at(at)
        assert row is not None
        assert row.status is not CaseStatus.CLOSED
    page.filter.setText("zdemir")
    pilot.calm()
    pilot.until(lambda: page.text == "zdemir")
    pilot.desk.window.commands.run("triage.table")
    pilot.calm()
    assert pilot.desk.list.table
    assert (pilot.desk.list.area, pilot.desk.list.bar.text) == (Area.OPEN, "zdemir")
