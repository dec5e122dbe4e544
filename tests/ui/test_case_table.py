"""The list as a table: columns as the clerk wants them, sorted by any, one row one sentence; kept."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from clerk_app.domain.case import CaseOrder
from clerk_app.ui.case_columns import COLUMNS, USUAL, look_from
from clerk_app.ui.case_list_model import ROW_ROLE
from clerk_app.ui.columns_dialog import ColumnsDialog
from clerk_app.ui.settings import MemorySettings
from clerk_app.ui.sidebar import Area
from tests.ui.conftest import Pilot
from tests.ui.fake_store import FakeOffice
from tests.ui.screens import front

ALT = Qt.KeyboardModifier.AltModifier


def cells(pilot: Pilot, row: int = 0) -> dict[str, str]:
    model = pilot.desk.list.model
    return {name: model.index(row, at).data() for at, name in enumerate(model.columns)}


def headings(pilot: Pilot) -> list[str]:
    model = pilot.desk.list.model
    return [str(model.headerData(at, Qt.Orientation.Horizontal)) for at in range(model.columnCount())]


def test_cards_and_table_show_the_same_rows(open_pilot: Callable[..., Pilot], office: FakeOffice) -> None:
    settings = MemorySettings()
    pilot = open_pilot(office, settings)
    desk, view, model = pilot.desk, pilot.desk.list.view, pilot.desk.list.model
    desk.show_area(Area.OPEN)
    pilot.calm()
    desk.list.select(2)
    chosen = desk.list.current()
    assert chosen is not None
    pilot.ctrl(Qt.Key.Key_T)
    assert model.columns == USUAL
    assert desk.window.panes.orientation() is Qt.Orientation.Vertical
    now = desk.list.current()
    assert now is not None
    assert now.case_id == chosen.case_id, "the same case stays chosen"
    assert not view.horizontalHeader().isHidden()
    assert headings(pilot)[:4] == ["Neu", "Eingang", "Frist", "Leistung"]
    shown = cells(pilot, 2)
    assert shown["reference"] == chosen.case_reference
    assert shown["applicant"] == chosen.applicant
    said = model.index(2, 0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert chosen.applicant in said
    assert chosen.case_reference in said, "the first cell speaks for the row"
    assert model.index(2, 3).data(ROW_ROLE) == model.index(2, 0).data(ROW_ROLE)

    # rows are what is chosen: the cursor stays in the first column
    view.setFocus()
    pilot.press(Qt.Key.Key_Right)
    assert view.currentIndex().column() == 0
    pilot.press(Qt.Key.Key_End)
    assert view.currentIndex().row() == model.rowCount() - 1
    pilot.press(Qt.Key.Key_Home)
    assert view.currentIndex().row() == 0

    # it is kept, for this list and for lists nobody has looked at yet
    again = open_pilot(office, settings)
    assert again.desk.list.table
    assert again.desk.window.panes.orientation() is Qt.Orientation.Vertical
    again.desk.list.looks.toggle_table()
    assert model.columnCount() == len(USUAL)
    assert again.desk.list.model.columnCount() == 1
    assert again.desk.window.panes.orientation() is Qt.Orientation.Horizontal


def test_any_column_sorts_and_the_other_way_round(pilot: Pilot) -> None:
    desk, looks = pilot.desk, pilot.desk.list.looks
    desk.show_area(Area.OPEN)
    looks.toggle_table()
    pilot.calm()
    heading = desk.list.view.horizontalHeader()
    for name in USUAL:
        at = desk.list.model.columns.index(name)
        heading.sectionClicked.emit(at)
        pilot.calm()
        assert desk.list.query().order is COLUMNS[name].order
        reverse = desk.list.query().reverse
        heading.sectionClicked.emit(at)
        pilot.calm()
        assert desk.list.query().reverse is not reverse
        shown = heading.sortIndicatorSection()
        assert COLUMNS[desk.list.model.columns[shown]].order is COLUMNS[name].order
    desk.show_area(Area.NEW)
    assert desk.list.query().order is CaseOrder.NEWEST
    desk.show_area(Area.OPEN)
    assert desk.list.query().order is CaseOrder.ATTACHMENTS, "every list keeps its own order"


def test_columns_are_chosen_and_moved_by_keyboard(pilot: Pilot) -> None:
    desk = pilot.desk
    desk.window.commands.run("view.columns")
    pilot.until(lambda: isinstance(front(pilot), ColumnsDialog))
    dialog = front(pilot)
    assert isinstance(dialog, ColumnsDialog)
    dialog.list.setCurrentRow(1)
    QTest.keyClick(dialog.list, Qt.Key.Key_Down, ALT)
    assert dialog.list.currentRow() == 2
    assert dialog.chosen[:3] == ("unread", "due", "arrived")
    dialog.list.setCurrentRow(0)
    QTest.keyClick(dialog.list, Qt.Key.Key_Space)
    assert "unread" not in dialog.chosen
    for at in range(dialog.list.count()):
        dialog.list.item(at).setCheckState(Qt.CheckState.Unchecked)
    assert not dialog.button.isEnabled(), "one column at least"
    dialog.list.item(1).setCheckState(Qt.CheckState.Checked)
    dialog.list.item(3).setCheckState(Qt.CheckState.Checked)
    dialog.accept()
    pilot.until(lambda: front(pilot) is desk.window)
    assert desk.list.model.columns == ("due", "service")
    heading = desk.list.view.horizontalHeader()
    heading.resizeSection(0, 222)
    assert desk.list.looks.look.width("due") == 222
    pilot.until(lambda: not desk.list.looks._widened.isActive())
    assert desk.list.looks.of(Area.NEW.value).width("due") == 222


def test_what_was_kept_and_makes_no_sense_is_as_usual() -> None:
    for data in (None, 7, {}, {"columns": "all", "widths": 3, "order": "sideways", "table": 1}):
        look = look_from(data)
        assert (look.columns, look.table, look.order) == (USUAL, False, CaseOrder.NEWEST)
    odd = look_from({"columns": ["gone", "due", "due"], "widths": {"due": 9999, "gone": 5}, "table": True})
    assert (odd.columns, odd.widths, odd.table) == (("due",), {}, True)
    assert look_from(odd.as_data()) == odd
