"""The list of screens is whole, and each of them can be reached from any other."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QDialog

from clerk_app.ui.commands import Screen
from clerk_app.ui.pages import MAKERS
from clerk_app.ui.settings import MemorySettings
from tests.ui.conftest import Pilot
from tests.ui.screens import SCREENS, filled_office, front, home, ready, visit


def test_every_screen_of_the_window_is_in_the_list(open_pilot: Callable[..., Pilot]) -> None:
    pilot = open_pilot(filled_office(), MemorySettings({"theme": "light"}))
    ready(pilot)
    shown, dialogs = set[Screen](), 0
    for name in SCREENS:
        seen = visit(pilot, name)
        assert seen.isVisible(), name
        assert not pilot.desk.window.messages.isVisible() or name == "message", name
        dialogs += isinstance(seen, QDialog)
        shown.add(pilot.desk.window.shown)
    assert shown >= {Screen.BROWSE, *MAKERS}, "a page without an entry in SCREENS"
    assert dialogs >= 7
    home(pilot)
    assert front(pilot) is pilot.desk.window
