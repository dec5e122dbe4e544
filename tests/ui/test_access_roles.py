"""Parts Qt says nothing of, and a scroll area that is asked for a bar that has just gone."""

from __future__ import annotations

import subprocess
import sys

import pytest
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from clerk_app.ui.access_roles import install_roles
from clerk_app.ui.bar_chart import BarChart
from clerk_app.ui.page_view import PageView
from clerk_app.ui.settings import MemorySettings
from clerk_app.ui.theme import Theme

ASKED = """
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QApplication, QLabel
from clerk_app.ui.access_roles import install_roles
from clerk_app.ui.reflow import ScrollingColumn
app = QApplication([])
install_roles()
area = ScrollingColumn(QLabel("kurz"))
area.resize(300, 300)
area.show()
interface = QAccessible.queryAccessibleInterface(area)
assert interface.child(0) is not None
assert [interface.child(gone) for gone in (interface.childCount(), 9)] == [None, None]
print(interface.role().name)
"""


def test_a_part_that_has_gone_is_nothing_and_no_crash() -> None:
    """In a process of its own: Qt's own interface ends it here."""
    done = subprocess.run([sys.executable, "-c", ASKED], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.strip()) == (0, "Client"), done.stderr


@pytest.mark.parametrize(
    ("kind", "role"), [("chart", QAccessible.Role.Chart), ("page", QAccessible.Role.Graphic)]
)
def test_pictures_say_that_they_are_pictures(
    qtbot: QtBot, qapp: QApplication, kind: str, role: QAccessible.Role
) -> None:
    install_roles()
    theme = Theme(qapp, MemorySettings())
    part: QWidget = BarChart(theme, "Eingänge", ["2026"]) if kind == "chart" else PageView(theme)
    qtbot.addWidget(part)
    interface = QAccessible.queryAccessibleInterface(part)
    assert interface is not None
    assert interface.role() is role
    assert interface.text(QAccessible.Text.Name)
