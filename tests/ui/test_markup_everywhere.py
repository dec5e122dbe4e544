"""Row 16: a hundred strings in every text a citizen or a clerk may write, on every screen that shows them."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QTextDocument
from PySide6.QtWidgets import QLabel, QTextEdit, QWidget

import clerk_app.ui
from clerk_app.ui.desk_window import DeskWindow
from tests.faults.markup import STRINGS
from tests.matrix import record
from tests.ui.conftest import Pilot
from tests.ui.fake_store import FakeOffice, case_id_of
from tests.ui.fakes import open_desk
from tests.ui.seeds import seed

ROW = "16 markup strings in widgets"
_RICH = re.compile(r"</?[A-Za-z!]")  # what Qt takes for the beginning of markup, and more
SOURCES = Path(clerk_app.ui.__file__).parent
AREAS = ("open", "requests", "outbox", "dates", "folder")


def takes_for_markup(window: QWidget) -> list[str]:
    """Every widget that would show one of its texts as anything but letters."""
    found = []
    for label in window.findChildren(QLabel):
        if label.text() and label.textFormat() is not Qt.TextFormat.PlainText:
            found.append(f"label: {label.text()[:60]}")
    for shown in window.findChildren(QTextEdit):
        blocks = shown.document().toPlainText()
        if _RICH.search(blocks) and "<img" in shown.document().toHtml():
            found.append("text: picture")
    for widget in (window, *window.findChildren(QWidget)):
        tip = widget.toolTip()
        if _RICH.search(tip) and not tip.startswith("<qt>"):
            found.append(f"tooltip: {tip[:60]}")
    return found


def tour(pilot: Pilot, numbers: list[int]) -> tuple[int, list[str]]:
    """Every screen with every case; how many widgets' texts were looked at, and what was found."""
    desk: DeskWindow = pilot.desk
    looked, found = 0, []

    def look() -> None:
        nonlocal looked
        pilot.calm()
        desk.window.grab()
        looked += len(desk.window.findChildren(QWidget))
        found.extend(takes_for_markup(desk.window))

    for area in AREAS:
        desk.window.commands.run(f"area.{area}")
        look()
    for number in numbers:
        desk.window.commands.run("area.open")
        desk.go_to_case(case_id_of(number))
        look()
        if number % 5 == 0:
            for tab in range(desk.page.tabs.count()):
                desk.page.tabs.setCurrentIndex(tab)
                desk.window.grab()
            desk.open_case()
            look()
            desk.ask()
            look()
    return looked, found


def office_of(strings: tuple[str, ...]) -> FakeOffice:
    office = FakeOffice()
    for number, text in enumerate(strings, 1):
        form = {text: {text: text}}
        office.add(seed(number, text, text, files=(text,), warnings={"w": text}, form=form))
    side = open_desk(office)
    for number, text in enumerate(strings, 1):
        side.cases.note(case_id_of(number), text)
        if number % 3 == 0:
            side.requesting.request(case_id_of(number), [text])
    return office


def test_a_hundred_strings_stay_strings(
    open_pilot: Callable[..., Pilot], monkeypatch: pytest.MonkeyPatch
) -> None:
    loads: list[str] = []
    load = QTextDocument.loadResource

    def counted(self: QTextDocument, kind: int, name: QUrl | str) -> object:
        loads.append(str(name))
        return load(self, kind, name)

    monkeypatch.setattr(QTextDocument, "loadResource", counted)
    assert len(STRINGS) >= 100
    pilot = open_pilot(office_of(STRINGS))
    looked, found = tour(pilot, list(range(1, len(STRINGS) + 1)))
    record(ROW, len(STRINGS), len(found) + len(loads))
    assert found == []
    assert loads == []
    assert looked > 10_000
    assert not pilot.desk.window.messages.isVisible()


@pytest.mark.parametrize("mutant", ["label", "tooltip", "text"])
def test_a_widget_that_guesses_is_caught(open_pilot: Callable[..., Pilot], mutant: str) -> None:
    pilot = open_pilot(office_of(STRINGS[:3]))
    if mutant == "label":
        QLabel("<b>x</b>", pilot.desk.window)
    elif mutant == "tooltip":
        QWidget(pilot.desk.window).setToolTip("<b>x</b>")
    else:
        QTextEdit(pilot.desk.window).setHtml("&lt;b&gt;x <img src='x'>")
    assert takes_for_markup(pilot.desk.window) != []


def _calls() -> list[tuple[str, int, ast.Call]]:
    return [
        (path.name, node.lineno, node)
        for path in sorted(SOURCES.glob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
    ]


def test_no_widget_is_given_a_format_that_guesses() -> None:
    """AutoText, RichText, MarkdownText, and widgets that guess by themselves."""
    forbidden = {"AutoText", "MarkdownText", "RichText", "setMarkdown", "QErrorMessage", "QTextBrowser"}
    found = [
        f"{path.name}:{node.lineno}"
        for path in sorted(SOURCES.glob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if (isinstance(node, ast.Attribute) and node.attr in forbidden)
        or (isinstance(node, ast.Name) and node.id in forbidden)
    ]
    assert found == []


def test_addresses_are_opened_in_no_place_that_nobody_knows() -> None:
    """A link of a citizen's leads nowhere: what opens an address stands in this list."""
    known: set[str] = set()
    opening = {
        name
        for name, _line, call in _calls()
        if isinstance(call.func, ast.Attribute) and call.func.attr in ("openUrl", "setOpenExternalLinks")
    }
    assert opening <= known
