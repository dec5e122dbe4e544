"""The board: four columns of any length, by keyboard and by letting cases fall, with the same commands."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import QDrag, QDragEnterEvent, QDropEvent, QMouseEvent
from PySide6.QtWidgets import QApplication, QWidget

from clerk_app.domain.case import CaseStatus
from clerk_app.ui.commands import Screen
from clerk_app.ui.sidebar import Area
from clerk_app.ui.triage_page import CASES_MIME, LaneColumn, TriagePage
from clerk_app.ui.triage_page import Lane as L
from tests.ui.conftest import Pilot

MOVE, LEFT = Qt.DropAction.MoveAction, Qt.MouseButton.LeftButton
NONE = Qt.KeyboardModifier.NoModifier


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


def test_a_case_is_carried_with_the_mouse_from_column_to_column(pilot: Pilot) -> None:
    """The drag itself is the system's; what begins it, what it carries and where it may fall is ours."""
    page = board(pilot)
    before = sizes(page)
    unclear, assigned = page.lanes[L.UNCLEAR], page.lanes[L.ASSIGNED]
    carried: list[bytes] = []

    def carry(drag: QDrag) -> None:
        mime = drag.mimeData()
        carried.append(bytes(mime.data(CASES_MIME).data()))
        enter = QDragEnterEvent(QPoint(5, 5), MOVE, mime, LEFT, NONE)
        enter.ignore()
        assigned.dragEnterEvent(enter)
        assert enter.isAccepted()
        assigned.dropEvent(QDropEvent(QPointF(5, 5), MOVE, mime, LEFT, NONE))

    unclear.view.carry = carry
    unclear.take_focus(1)  # as a click gives it
    pilot.calm()
    at = unclear.view.visualRect(unclear.model.index(1, 0)).center()
    row = unclear.model.row_at(1)
    assert row is not None
    viewport = unclear.view.viewport()
    mouse(viewport, QEvent.Type.MouseButtonPress, at)
    for step in (1, QApplication.startDragDistance() + 5, QApplication.startDragDistance() + 15):
        mouse(viewport, QEvent.Type.MouseMove, at + QPoint(step, 0))
    mouse(viewport, QEvent.Type.MouseButtonRelease, at)
    assert carried == [row.case_id.encode()]
    assign(pilot, "M. Brand")
    assert sizes(page)[L.ASSIGNED] == before[L.ASSIGNED] + 1
    pilot.desk.window.commands.run("app.undo")
    pilot.calm()
    assert sizes(page) == before


def test_what_is_no_case_does_not_fall_into_a_column(pilot: Pilot) -> None:
    lane = board(pilot).lanes[L.ASSIGNED]
    mime = QMimeData()
    mime.setText("something else")
    enter = QDragEnterEvent(QPoint(5, 5), MOVE, mime, LEFT, NONE)
    enter.ignore()
    lane.dragEnterEvent(enter)
    assert not enter.isAccepted()


def mouse(target: QWidget, kind: QEvent.Type, at: QPoint) -> None:
    where = QPointF(at)
    pressed = Qt.MouseButton.NoButton if kind is QEvent.Type.MouseButtonRelease else LEFT
    button = Qt.MouseButton.NoButton if kind is QEvent.Type.MouseMove else LEFT
    event = QMouseEvent(kind, where, target.mapToGlobal(where), button, pressed, NONE)
    QApplication.sendEvent(target, event)


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
