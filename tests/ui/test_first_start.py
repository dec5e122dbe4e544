"""The first start: from nothing to an office in five steps, by Enter alone once the profile is named."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from clerk_app.domain.errors import ClerkError, ErrorCode
from clerk_app.ui.access_walk import clipped, unnamed
from clerk_app.ui.first_start import ExaminedPart, FirstStart, FirstStartDoors
from clerk_app.ui.rows_model import RowsModel
from clerk_app.ui.settings import MemorySettings
from clerk_app.ui.theme import Theme

GOOD, BROKEN = Path("/profiles/stadt.toml"), Path("/profiles/kaputt.toml")
PARTS = [
    ExaminedPart("home", "Ablage: in Ordnung", True),
    ExaminedPart("portal", "Portal: nicht erreichbar.", False),
    ExaminedPart("signing-key", "Signaturschlüssel: in Ordnung", True),
]


class Outside:
    """What lies outside, as the steps see it."""

    def __init__(self) -> None:
        self.practised = 0
        self.fails: ClerkError | None = None

    def read_profile(self, path: Path) -> str:
        if path != GOOD:
            raise ClerkError(ErrorCode.PROFILE_KEY_MISSING, {"path": str(path), "key": "authority.name"})
        return "Stadt Musterhausen"

    def examine(self, _path: Path) -> Sequence[ExaminedPart]:
        if self.fails is not None:
            raise self.fails
        return PARTS

    def practise(self) -> None:
        self.practised += 1


@pytest.fixture(params=[1.0, 2.0], ids=["usual", "large"])
def steps(
    request: pytest.FixtureRequest, qtbot: QtBot, qapp: QApplication
) -> Iterator[tuple[FirstStart, Outside]]:
    outside = Outside()
    settings = MemorySettings({"theme": "light", "font_scale": request.param})
    theme = Theme(qapp, settings)
    theme.refresh()
    doors = FirstStartDoors(outside.read_profile, outside.examine, outside.practise, "/home/amt")
    dialog = FirstStart(theme, settings, doors)
    dialog.show()
    qtbot.waitExposed(dialog)
    yield dialog, outside
    dialog.reject()
    dialog.deleteLater()
    QApplication.processEvents()


def faults(dialog: FirstStart) -> list[str]:
    QApplication.processEvents()
    return clipped(dialog) + unnamed(dialog)


def words(model: RowsModel) -> list[str]:
    found = (model.line(at) for at in range(model.rowCount()))
    return [" ".join(cell.text for cell in line.cells) for line in found if line is not None]


def test_five_steps_by_enter(steps: tuple[FirstStart, Outside], qtbot: QtBot) -> None:
    dialog, _outside = steps
    assert dialog._step.text() == "Schritt 1 von 5"
    complaints = faults(dialog)
    QTest.keyClick(dialog, Qt.Key.Key_Return)
    assert dialog.step == 1
    assert not dialog.forth.isEnabled(), "without an authority there is nothing to work for"
    dialog.go_to(3)
    assert dialog.step == 1
    dialog.path.setText(str(BROKEN))
    assert "authority.name" in dialog.told.words.text()
    assert not dialog.forth.isEnabled()
    dialog.path.setText(str(GOOD))
    assert dialog.told.words.text() == "Behörde: Stadt Musterhausen"
    complaints += faults(dialog)
    QTest.keyClick(dialog, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: dialog.portal_rows.rowCount() == 2)
    assert words(dialog.portal_rows)[1] == "zu erledigen Portal: nicht erreichbar."
    complaints += faults(dialog)
    QTest.keyClick(dialog, Qt.Key.Key_Return)
    assert words(dialog.signing_rows) == ["in Ordnung Signaturschlüssel: in Ordnung"]
    QTest.keyClick(dialog, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    assert dialog.step == 2
    QTest.keyClick(dialog, Qt.Key.Key_Return)
    QTest.keyClick(dialog, Qt.Key.Key_Return)
    assert dialog.step == 4
    assert dialog._open.text() == "1 Punkt ist noch offen."
    complaints += faults(dialog)
    assert dialog.forth.text() == "Amtsstube öffnen"
    QTest.keyClick(dialog, Qt.Key.Key_Return)
    assert dialog.result() == FirstStart.DialogCode.Accepted
    assert dialog.profile == GOOD
    assert not complaints


def test_practising_first_and_an_examination_that_fails(
    steps: tuple[FirstStart, Outside], qtbot: QtBot
) -> None:
    dialog, outside = steps
    dialog.go_to(1)
    dialog.practise()
    qtbot.waitUntil(lambda: dialog.told.words.text() == "Das Übungsamt ist offen.")
    assert outside.practised == 1
    outside.fails = ClerkError(ErrorCode.HOME_NOT_WRITABLE, {"path": "/home/amt", "reason": "read-only"})
    dialog.path.setText(str(GOOD))
    dialog.go_on()
    qtbot.waitUntil(lambda: words(dialog.portal_rows)[0].startswith("zu erledigen"))
    outside.fails = None
    dialog.examine()
    qtbot.waitUntil(lambda: dialog.portal_rows.rowCount() == 2)


def test_language_and_look_are_chosen_here(steps: tuple[FirstStart, Outside]) -> None:
    dialog, _outside = steps
    dialog.language.activated.emit(1)
    dialog.colours.activated.emit(2)
    assert dialog._settings.get("language") == "en"
    assert dialog._settings.get("theme") == "dark"
