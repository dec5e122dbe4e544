"""Settings: found by any word, effective at once, one step back, kept for the next start."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt

from clerk_app.ui.access_walk import complaints
from clerk_app.ui.commands import Screen
from clerk_app.ui.setting_rows import SETTINGS
from clerk_app.ui.settings import MemorySettings
from clerk_app.ui.settings_page import SettingRow
from clerk_app.ui.sidebar import Area
from tests.ui.conftest import Pilot
from tests.ui.fake_store import FakeOffice

Key = Qt.Key


def row(pilot: Pilot, name: str) -> SettingRow:
    return next(each for each in pilot.desk.setting.page().rows if each.setting.name == name)


def set_to(pilot: Pilot, name: str, value: object) -> None:
    at = [choice.value for choice in row(pilot, name).setting.choices()].index(value)
    row(pilot, name).box.activated.emit(at)


def test_a_setting_counts_at_once_and_can_be_taken_back(pilot: Pilot) -> None:
    desk, settings = pilot.desk, pilot.desk.bench.settings
    pilot.press(Key.Key_Comma, Qt.KeyboardModifier.ControlModifier)
    pilot.calm()
    page = desk.setting.page()
    assert pilot.shows(Screen.SETTINGS)
    assert page.search.hasFocus()
    assert complaints(desk.window) == []

    ground = desk.bench.theme.hex("bg")
    set_to(pilot, "theme", "dark")
    assert desk.bench.theme.hex("bg") != ground
    top = desk.flow.undo_stack.top()
    assert top is not None
    assert top.name == "Einstellung Farben"
    desk.flow.undo()
    assert desk.bench.theme.hex("bg") == ground
    assert row(pilot, "theme").box.currentText() == "Hell"
    desk.flow.redo()
    assert desk.bench.theme.hex("bg") != ground
    row(pilot, "theme").usual.click()
    assert settings.get("theme") == "system"
    assert not row(pilot, "theme").usual.isEnabled()

    set_to(pilot, "font_scale", 1.3)
    assert desk.bench.theme.scale == 1.3
    desk.window.commands.run("view.normal")  # set elsewhere, shown here
    assert row(pilot, "font_scale").box.currentText() == "100 %"
    set_to(pilot, "single_keys", False)
    assert not desk.window.commands.single_keys_on
    said: list[str] = []
    desk.bench.said.connect(said.append)
    set_to(pilot, "language", "en")
    assert settings.get("language") == "en"
    assert said == ["Gespeichert. Gilt ab dem nächsten Start."]


def test_found_by_any_word_and_nothing_is_said_plainly(pilot: Pilot) -> None:
    pilot.desk.window.commands.run("app.settings")
    page = pilot.desk.setting.page()
    assert page._count.text() == f"{len(SETTINGS)} Einstellungen"
    page.search.setText("hoher kontrast")
    assert [each.setting.name for each in page.rows if each.isVisible()] == ["theme"]
    page.search.setText("gibtesnicht")
    assert page._empty.isVisible()
    page._empty.acted.emit()
    assert all(each.isVisible() for each in page.rows)


def test_the_window_begins_where_it_was_told(open_pilot: Callable[..., Pilot], office: FakeOffice) -> None:
    settings = MemorySettings({"theme": "light", "start_area": "open", "session": {"area": "archive"}})
    assert open_pilot(office, settings).desk.window.area() is Area.OPEN
