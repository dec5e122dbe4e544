"""The reading mode: a whole case in one document, with headings one can walk."""

from __future__ import annotations

from PySide6.QtCore import Qt

from clerk_app.ui.access_walk import complaints
from clerk_app.ui.commands import Screen
from tests.ui.conftest import Pilot

Key = Qt.Key
SHIFT = Qt.KeyboardModifier.ShiftModifier


def test_a_case_from_top_to_bottom(pilot: Pilot) -> None:
    pilot.press(Key.Key_Return)
    pilot.calm()
    pilot.press(Key.Key_F9)
    pilot.calm()
    page = pilot.desk.reading.page()
    assert pilot.shows(Screen.READING)
    assert page.text.hasFocus()
    assert complaints(pilot.desk.window) == []
    dossier = pilot.desk.flow.dossier
    assert dossier is not None
    text = page.text.toPlainText()
    for form in dossier.forms:  # every value of the form, every attachment, every event
        for row in form.rows():
            assert f"{row.label}: {row.value}" in text
    for item in dossier.case.attachments:
        assert str(item.attachment.filename) in text
    assert text.count("\n") + 1 == page.text.document().blockCount()
    levels = {page.text.document().findBlockByNumber(at).blockFormat().headingLevel() for at in range(200)}
    assert {0, 1, 2, 3} <= levels

    names = [heading.text for heading in page.text.headings()]
    pilot.press(Key.Key_H)
    assert page.text.textCursor().block().text() == names[1]
    assert page.outline.currentIndex().row() == 1
    pilot.press(Key.Key_H)
    pilot.press(Key.Key_H, SHIFT)
    assert page.text.textCursor().block().text() == names[1]
    page.outline.setCurrentIndex(page.model.index(len(names) - 1, 0))
    page.outline.setFocus()
    pilot.press(Key.Key_Return)
    assert page.text.textCursor().block().text() == names[-1]
    assert page.text.hasFocus()

    place = page.text.textCursor().position()
    pilot.desk.flow.note("Ein Vermerk, während gelesen wird")
    pilot.calm()
    assert "Ein Vermerk, während gelesen wird" in page.text.toPlainText()
    assert page.text.textCursor().position() == place
    pilot.press(Key.Key_Escape)
    assert pilot.shows(Screen.REVIEW)
