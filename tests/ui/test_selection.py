"""Several cases at once: chosen by keys and mouse, one step, undone as one step; never decided."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog

from clerk_app.domain.case import CaseStatus
from clerk_app.domain.ledger import ActKind
from clerk_app.ui.access_walk import complaints
from clerk_app.ui.commands import Scope, Screen
from clerk_app.ui.print_dialog import CHOSEN, INSPECTION, LIST, SHEETS
from clerk_app.ui.sidebar import Area
from tests.ui.conftest import Pilot
from tests.ui.fake_store import NOW
from tests.ui.seeds import seed

Key = Qt.Key
CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


@pytest.fixture(params=["cards", "table"])
def listed(pilot: Pilot, request: pytest.FixtureRequest) -> Pilot:
    """The open cases, the first one at hand."""
    pilot.desk.show_area(Area.OPEN)
    if request.param == "table":
        pilot.desk.list.looks.toggle_table()
    pilot.calm()
    pilot.desk.list.select(0)
    pilot.desk.list.view.setFocus()
    pilot.calm()
    return pilot


def chosen(pilot: Pilot) -> list[int]:
    return [at for first, last in pilot.desk.list.view.chosen_rows() for at in range(first, last + 1)]


def at_hand(pilot: Pilot) -> int:
    row = pilot.desk.flow.row
    assert row is not None
    place = pilot.desk.list.model.position_of(row.row_id)
    assert place is not None
    return place


def status_words(pilot: Pilot) -> str:
    said = pilot.desk.window.status._chosen
    return said.text() if said.isVisible() else ""


def click(pilot: Pilot, row: int, keys: Qt.KeyboardModifier) -> None:
    view = pilot.desk.list.view
    place = view.visualRect(pilot.desk.list.model.index(row, 0)).center()
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, keys, place)
    pilot.calm()


def test_shift_and_arrows_choose_a_run(listed: Pilot) -> None:
    listed.press(Key.Key_Down, SHIFT)
    listed.press(Key.Key_Down, SHIFT)
    listed.calm()
    assert chosen(listed) == [0, 1, 2]
    assert at_hand(listed) == 2
    assert status_words(listed) == "3 Vorgänge ausgewählt"
    listed.press(Key.Key_Up, SHIFT)
    assert chosen(listed) == [0, 1]
    listed.press(Key.Key_Down)
    assert chosen(listed) == [2], "a plain step lets go of what was chosen"
    assert status_words(listed) == ""


def test_ctrl_walks_beside_and_space_takes_in(listed: Pilot) -> None:
    for _step in range(2):
        listed.press(Key.Key_Down, CTRL)
    listed.calm()
    assert chosen(listed) == [0]
    assert listed.desk.list.view.currentIndex().row() == 2
    assert at_hand(listed) == 0, "what is shown and acted on is what is chosen"
    listed.press(Key.Key_Space, CTRL)
    listed.calm()
    assert chosen(listed) == [0, 2]
    assert at_hand(listed) == 2
    listed.press(Key.Key_Space, CTRL)
    listed.calm()
    assert chosen(listed) == [0]
    assert listed.desk.list.view.currentIndex().row() == 2
    assert at_hand(listed) == 0


def test_the_mouse_does_the_same(listed: Pilot) -> None:
    click(listed, 1, CTRL)
    assert chosen(listed) == [0, 1]
    click(listed, 3, CTRL)
    assert chosen(listed) == [0, 1, 3]
    click(listed, 1, CTRL)
    assert chosen(listed) == [0, 3]
    click(listed, 0, Qt.KeyboardModifier.NoModifier)
    click(listed, 2, SHIFT)
    assert chosen(listed) == [0, 1, 2]


def test_all_of_the_list_and_only_of_the_list(listed: Pilot) -> None:
    count = listed.desk.list.model.rowCount()
    listed.ctrl(Key.Key_A)
    assert listed.desk.choosing.count() == count
    assert status_words(listed) == f"{count} Vorgänge ausgewählt"
    listed.desk.open_case()
    assert status_words(listed) == "", "in the review there is one case"
    assert listed.desk.choosing.count() == 1
    listed.desk.go_back()
    assert listed.desk.choosing.count() == count
    listed.desk.list.search_for("müller")
    listed.calm()
    assert listed.desk.choosing.count() == 1, "another list begins with nothing chosen"
    assert status_words(listed) == ""


def test_ctrl_a_in_the_search_field_is_the_fields(listed: Pilot) -> None:
    field = listed.desk.list.search
    field.setText("Heide")
    field.setFocus()
    listed.ctrl(Key.Key_A)
    assert field.selectedText() == "Heide"
    assert listed.desk.choosing.count() == 1


def test_news_leave_what_is_chosen(listed: Pilot) -> None:
    listed.press(Key.Key_Down, SHIFT)
    before = [row.case_id for row in listed.desk.list.chosen(10)]
    late = seed(901, "Zuletzt, Zoe", "Meldebescheinigung", arrived_at=NOW)
    count = listed.desk.list.model.rowCount()
    listed.office.add(late, announce=True)
    listed.until(lambda: listed.desk.list.model.rowCount() == count + 1)
    assert [row.case_id for row in listed.desk.list.chosen(10)] == before
    assert late.case_id not in before
    assert status_words(listed) == "2 Vorgänge ausgewählt"


def test_what_is_about_one_case_says_so(listed: Pilot) -> None:
    listed.press(Key.Key_Down, SHIFT)
    listed.press(Key.Key_Down, SHIFT)
    listed.calm()
    commands = listed.desk.window.commands
    why = "Das geht nur bei einem Antrag; ausgewählt sind 3."
    here = [each for each in commands.all() if not each.screens or Screen.BROWSE in each.screens]
    alone = [each.command_id for each in here if each.acts_on is Scope.ONE]
    assert {"case.open", "case.approve", "case.refuse", "case.request", "case.decide", "case.note"} <= set(
        alone
    )
    for name in alone:
        assert commands.reason(name) == why, name
        assert not commands.action(name).isEnabled()
        assert why in commands.action(name).toolTip()
    for each in here:
        if each.acts_on is not Scope.ONE:
            assert commands.reason(each.command_id) != why, each.command_id
    listed.press(Key.Key_Return)
    assert listed.desk.window.shown is Screen.BROWSE, "several cases are never opened by accident"
    listed.press(Key.Key_Return, CTRL)
    assert listed.desk.window.shown is Screen.BROWSE
    listed.press(Key.Key_Down)
    listed.calm()
    assert commands.reason("case.open") is None


def test_what_decides_or_sends_is_never_for_several(pilot: Pilot) -> None:
    for each in pilot.desk.window.commands.all():
        if each.deciding:
            assert each.acts_on is not Scope.MANY, each.command_id
    many = {e.command_id for e in pilot.desk.window.commands.all() if e.acts_on is Scope.MANY}
    assert many == {
        "case.assign", "case.take", "case.unassign", "case.unread", "case.seen", "case.print", "case.export",
    }  # fmt: skip


def test_assigning_all_that_is_chosen_is_one_step(listed: Pilot) -> None:
    desk = listed.desk
    for _step in range(2):
        listed.press(Key.Key_Down, SHIFT)
    rows = desk.list.chosen(10)
    listed.press(Key.Key_A, CTRL | SHIFT)
    listed.until(lambda: desk.assigning.dialog is not None)
    dialog = desk.assigning.dialog
    assert dialog is not None
    assert complaints(dialog) == []
    dialog.name.setText("J. Brand")
    dialog.accept()
    listed.calm()

    def whose() -> set[str | None]:
        return {listed.office.row(listed.office.seeds[row.case_id]).assigned_to for row in rows}

    assert whose() == {"J. Brand"}
    top = desk.flow.undo_stack.top()
    assert top is not None
    assert top.name == "Zuweisung an J. Brand (3 Vorgänge)"
    desk.flow.undo()
    listed.calm()
    assert whose() == {row.assigned_to for row in rows}


def test_marks_are_set_together_and_taken_back_exactly(listed: Pilot) -> None:
    desk, office = listed.desk, listed.office
    desk.open_case()
    listed.calm()
    desk.go_back()
    listed.calm()
    looked = len([1 for _at, act in office.acts if act.kind is ActKind.OPENED])
    listed.ctrl(Key.Key_A)
    before = {row.case_id: row for row in desk.list.chosen(100)}
    unread = {case_id for case_id, row in before.items() if row.unread}
    assert 1 < len(unread) < len(before)
    listed.press(Key.Key_U, CTRL | SHIFT)
    listed.calm()
    marked = {case_id: office.row(office.seeds[case_id]) for case_id in before}
    assert not any(row.unread for row in marked.values())
    assert {c: r.status for c, r in marked.items()} == {c: r.status for c, r in before.items()}
    assert {c: r.assigned_to for c, r in marked.items()} == {c: r.assigned_to for c, r in before.items()}
    top = desk.flow.undo_stack.top()
    assert top is not None
    assert top.name == f"Gelesen: {len(unread)} Vorgänge"
    assert len([1 for _at, act in office.acts if act.kind is ActKind.OPENED]) == len(unread) + looked
    desk.flow.undo()
    listed.calm()
    assert {c: office.row(office.seeds[c]) for c in before} == before
    desk.window.commands.run("app.redo")
    listed.calm()
    assert not any(office.row(office.seeds[case_id]).unread for case_id in before)

    listed.press(Key.Key_U, CTRL)
    listed.calm()
    again = {case_id: office.row(office.seeds[case_id]) for case_id in before}
    able = {
        c
        for c, r in marked.items()
        if r.status in (CaseStatus.NEW, CaseStatus.IN_REVIEW, CaseStatus.ANSWERED)
    }
    assert {case_id for case_id, row in again.items() if row.unread} == able
    desk.flow.undo()
    listed.calm()
    assert {c: office.row(office.seeds[c]) for c in before} == marked


def test_sheets_and_list_of_what_is_chosen(
    listed: Pilot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    path = tmp_path / "gespeichert.pdf"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_args: (str(path), ""))
    printing = listed.desk.printing
    listed.press(Key.Key_Down, SHIFT)
    rows = listed.desk.list.chosen(10)
    for key in (SHEETS, CHOSEN):
        listed.ctrl(Key.Key_P)
        dialog = printing.dialog
        assert dialog is not None
        assert dialog._keys == [SHEETS, CHOSEN, LIST]
        assert INSPECTION not in dialog._keys
        dialog.choose(key)
        dialog.save.click()
        listed.calm()
        listed.until(path.exists)
        text = path.read_bytes().decode("utf-8", "replace")
        if key == SHEETS:
            assert all(f"Vorgangsblatt {row.case_reference}" in text for row in rows)
        else:
            assert "Ausgewählte Vorgänge: 2 Vorgänge" in text
        others = {row.case_reference for row in listed.desk.list._bench.reads.list(listed.desk.list.query())}
        assert not any(each in text for each in others - {row.case_reference for row in rows})
        path.unlink()
        listed.desk.window.activateWindow()
        listed.until(listed.desk.window.isActiveWindow)


def test_more_than_can_go_at_once_is_said(listed: Pilot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("clerk_app.ui.selection_steps.MOST_AT_ONCE", 2)
    listed.ctrl(Key.Key_A)
    commands = listed.desk.window.commands
    commands.refresh()
    for name in ("case.assign", "case.take", "case.unassign", "case.unread", "case.seen", "case.export"):
        reason = commands.reason(name)
        assert reason is not None
        assert reason.startswith("Auf einmal gehen höchstens 2 Vorgänge"), name
