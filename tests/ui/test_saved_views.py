"""Searches kept under a name: in the sidebar, in the palette, over a restart; and cases by their number."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from clerk_app.domain.case import CaseOrder
from clerk_app.domain.saved_view import SavedView, from_data
from clerk_app.ui.case_columns import ListLook
from clerk_app.ui.command_palette import CommandPalette
from clerk_app.ui.commands import Screen
from clerk_app.ui.sidebar import Area
from tests.ui.conftest import Pilot
from tests.ui.fake_store import FakeOffice
from tests.ui.screens import front

BOTH = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier


def keep(pilot: Pilot, name: str) -> None:
    pilot.press(Qt.Key.Key_F, BOTH)
    dialog = pilot.desk.viewing.dialog
    assert dialog is not None
    pilot.until(dialog.field.hasFocus)
    dialog.field.clear()
    assert not dialog.button.isEnabled(), "a view has a name"
    pilot.type_into(dialog.field, name)
    pilot.press(Qt.Key.Key_Return)
    pilot.until(lambda: pilot.desk.viewing.dialog is None)
    pilot.calm()


def names(pilot: Pilot) -> list[str]:
    return list(pilot.desk.window.sidebar._views)


def test_a_search_is_kept_found_again_renamed_and_deleted(
    open_pilot: Callable[..., Pilot], office: FakeOffice
) -> None:
    pilot = open_pilot(office)
    desk, commands = pilot.desk, pilot.desk.window.commands
    assert commands.reason("views.keep") == "Erst suchen: gemerkt wird, was im Suchfeld steht."
    assert commands.reason("views.delete") == "Erst links eine gemerkte Ansicht wählen."
    desk.show_area(Area.OPEN)
    desk.list.set_order(CaseOrder.DUE)
    desk.list.search_for("zdemir ist:ungelesen")
    pilot.calm()
    keep(pilot, "  Meine   Suche ")
    assert names(pilot) == ["Meine Suche"]
    assert desk.window.sidebar.view() == "Meine Suche"
    assert desk.window.area() is Area.OPEN

    desk.show_area(Area.NEW)
    assert (desk.list.bar.text, desk.window.sidebar.view()) == ("", None)
    desk.window.sidebar._views["Meine Suche"].click()
    pilot.calm()
    assert (desk.list.bar.text, desk.list.area) == ("zdemir ist:ungelesen", Area.OPEN)
    assert desk.list.query().order is CaseOrder.DUE
    assert "zdemir" in desk.list.search.text()

    commands.run("views.rename")
    dialog = desk.viewing.dialog
    assert dialog is not None
    dialog.field.setText("Anna")
    dialog.accept()
    pilot.until(lambda: front(pilot) is desk.window)
    pilot.calm()
    assert names(pilot) == ["Anna"]
    commands.run("app.undo")
    assert names(pilot) == ["Meine Suche"]
    commands.run("app.redo")
    assert names(pilot) == ["Anna"]

    # from the palette, from anywhere
    desk.show_area(Area.OUTBOX)
    commands.run("app.palette")
    pilot.until(lambda: isinstance(front(pilot), CommandPalette))
    palette = front(pilot)
    assert isinstance(palette, CommandPalette)
    pilot.type_into(palette.field, "anna")
    QTest.keyClick(palette.field, Qt.Key.Key_Return)
    pilot.until(lambda: desk.window.sidebar.view() == "Anna")
    assert desk.window.shown is Screen.BROWSE

    # over a restart
    pilot.calm()
    second = open_pilot(office)
    assert names(second) == ["Anna"]
    second.desk.viewing.show("Anna")
    second.desk.window.commands.run("views.delete")
    assert names(second) == []
    assert second.desk.window.area() is Area.OPEN
    assert second.desk.list.bar.text == "zdemir ist:ungelesen", "the list stays"
    second.calm()


def test_what_was_kept_and_is_no_view_does_no_harm(
    open_pilot: Callable[..., Pilot], office: FakeOffice
) -> None:
    good = {"name": "Gut", "text": "frist:<7t", "area": "gone", "order": "newest"}
    office.kept["K. Beispiel", "views"] = [good, 7, {"name": "Halb"}, {**good, "order": "sideways"}]
    pilot = open_pilot(office)
    assert names(pilot) == ["Gut"]
    pilot.desk.viewing.show("Gut")
    assert pilot.desk.list.area is Area.OPEN


def test_the_palette_finds_a_case_by_a_part_of_its_number(pilot: Pilot) -> None:
    row = pilot.desk.list.model.row_at(2)
    assert row is not None
    pilot.ctrl(Qt.Key.Key_K)
    pilot.until(lambda: isinstance(front(pilot), CommandPalette))
    palette = front(pilot)
    assert isinstance(palette, CommandPalette)
    pilot.type_into(palette.field, row.case_reference[-4:])
    pilot.until(lambda: palette.hits.count() == 1)
    assert row.case_reference in palette.hits.item(0).text()
    pilot.press(Qt.Key.Key_Return)
    pilot.until(lambda: front(pilot) is pilot.desk.window)
    pilot.calm()
    assert pilot.desk.flow.row is not None
    assert pilot.desk.flow.row.case_id == row.case_id


def test_a_view_keeps_its_columns_and_an_old_one_looks_as_the_list_does(
    open_pilot: Callable[..., Pilot], office: FakeOffice
) -> None:
    pilot = open_pilot(office)
    desk = pilot.desk
    desk.show_area(Area.OPEN)
    table = ListLook(True, ("due", "applicant"), {"due": 140}, CaseOrder.APPLICANT, True)
    desk.list.looks.take(table)
    desk.list.search_for("heide")
    pilot.calm()
    keep(pilot, "Als Tabelle")
    desk.list.looks.choose(ListLook())
    pilot.calm()
    assert not desk.list.table
    desk.window.sidebar._views["Als Tabelle"].click()
    pilot.calm()
    shown = desk.list.looks.look
    assert replace(shown, widths={}) == replace(table, widths={})
    assert shown.width("due") == 140
    assert desk.list.query().order is CaseOrder.APPLICANT
    desk.show_area(Area.OPEN)
    assert not desk.list.table, "the list itself is as it was"
    old = {"name": "Alt", "text": "heide", "area": "open", "order": "due"}
    assert from_data([old, {**old, "look": "no look"}]) == (
        SavedView("Alt", "heide", "open", CaseOrder.DUE),
        SavedView("Alt", "heide", "open", CaseOrder.DUE),
    )
