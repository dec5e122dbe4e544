"""The search field: text and chips are two views of one search, and a mistake never empties the list."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from clerk_app.domain.attachment_text import HitPlace, SearchHit, TextCoverage
from clerk_app.domain.search_terms import SearchKey
from clerk_app.ui.commands import Screen
from clerk_app.ui.search_bar import SearchBar, TermChip
from clerk_app.ui.search_completer import proposals
from tests.ui.conftest import Pilot


def chips(bar: SearchBar) -> list[str]:
    return [chip.text() for chip in bar.findChildren(TermChip) if not chip.isHidden()]


def test_text_and_chips_are_two_views_of_one_search(pilot: Pilot) -> None:
    desk, bar = pilot.desk, pilot.desk.list.bar
    pilot.press(Qt.Key.Key_F3)
    pilot.type_into(bar.field, 'status:neu ODER status:beantwortet -"nicht" Heide')
    pilot.until(lambda: len(chips(bar)) == 3)
    assert chips(bar) == ["Status: neu  ×", "Status: beantwortet  ×", "nicht „nicht“  ×"]
    assert all("aus der Suche nehmen" in chip.accessibleName() for chip in bar.findChildren(TermChip))
    pilot.until(lambda: desk.list.model.rowCount() == 1)

    # by keyboard: one chip after the other, the focus stays among them, at last in the field
    bar.findChildren(TermChip)[0].setFocus()
    for key, left in ((Qt.Key.Key_Delete, 2), (Qt.Key.Key_Backspace, 1), (Qt.Key.Key_Space, 0)):
        pilot.press(key)
        pilot.until(lambda left=left: len(chips(bar)) == left)  # type: ignore[misc]
        QApplication.processEvents()
    assert bar.field.hasFocus()
    assert bar.field.text() == "Heide"
    pilot.until(lambda: desk.list.model.rowCount() == 1)

    # the quick filters are the same search as well
    desk.list.clear_search()
    unread, _soon, attached = bar._quick
    unread.click()
    assert bar.field.text() == "ist:ungelesen"
    attached.click()
    assert bar.field.text() == "ist:ungelesen hat:anlage"
    assert chips(bar) == [], "they are chips already"
    bar.field.setText("hat:anlage")
    bar.settle()
    assert (unread.isChecked(), attached.isChecked()) == (False, True)
    attached.click()
    assert bar.field.text() == ""


def test_a_mistake_is_named_and_the_list_stays(pilot: Pilot) -> None:
    desk, bar = pilot.desk, pilot.desk.list.bar
    pilot.press(Qt.Key.Key_F3)
    pilot.type_into(bar.field, "zdemir")
    pilot.until(lambda: desk.list.model.rowCount() == 1)
    pilot.type_into(bar.field, " frist:bald")
    pilot.until(lambda: bar.hint.isVisible())
    assert "„frist:bald“ ist kein Tag." in bar.hint.text()
    assert bar.hint.text().endswith("Die Liste zeigt noch die vorige Suche.")
    assert bar.field.accessibleDescription() == bar.hint.text()
    assert desk.list.model.rowCount() == 1
    pilot.press(Qt.Key.Key_Return)
    assert bar.field.hasFocus(), "there is nothing to go to yet"
    bar.field.setText("zdemir status:nue")
    bar.settle()
    assert "Gemeint sein könnte „status:neu“." in bar.hint.text()
    pilot.press(Qt.Key.Key_Escape)
    assert (bar.field.text(), bar.hint.isVisible(), bar.field.hasFocus()) == ("", False, True)
    pilot.press(Qt.Key.Key_Escape)
    assert desk.list.view.hasFocus(), "a second time leads back to the list"


def test_proposals_complete_the_word_at_the_cursor(pilot: Pilot) -> None:
    known = {SearchKey.MUNICIPALITY: ["Bad Säckingen", "Görlitz"]}
    assert proposals("mert lei", 8, known) == ["leistung:"]
    assert proposals("-sta", 4, known) == ["-status:"]
    assert proposals("gemeinde:goe", 12, known) == []
    assert proposals("gemeinde:gor", 12, known) == ["gemeinde:Görlitz"]
    assert proposals("gemeinde:säck", 13, known) == ['gemeinde:"Bad Säckingen"']
    assert proposals('name:"anna le', 13, known) == []
    assert proposals("m", 1, known) == []
    assert proposals("status:neu", 10, known) == [], "it is complete"

    bar = pilot.desk.list.bar
    pilot.press(Qt.Key.Key_F3)
    pilot.type_into(bar.field, "mert sta")
    assert bar.completer.isVisible()
    pilot.press(Qt.Key.Key_Down)
    assert bar.field.accessibleDescription() == "Vorschlag 1 von 1: status:"
    pilot.press(Qt.Key.Key_Return)
    assert bar.field.text() == "mert status:"
    pilot.type_into(bar.field, "n")
    pilot.press(Qt.Key.Key_Down)
    pilot.press(Qt.Key.Key_Down)
    pilot.press(Qt.Key.Key_Tab)
    assert (bar.field.text(), bar.field.hasFocus()) == ("mert status:nachgefordert ", True)
    assert not bar.completer.isVisible()
    pilot.type_into(bar.field, "ist:")
    assert bar.completer.isVisible()
    pilot.press(Qt.Key.Key_Escape)
    assert (bar.completer.isVisible(), bar.field.text()) == (False, "mert status:nachgefordert ist:")


def test_where_it_was_found_is_shown_and_the_attachment_is_one_step_away(pilot: Pilot) -> None:
    desk, office = pilot.desk, pilot.office
    row = desk.list.model.row_at(0)
    assert row is not None
    pilot.until(lambda: desk.flow.dossier is not None)
    dossier = desk.flow.dossier
    assert dossier is not None
    wanted = dossier.case.attachments[1].attachment
    office.hits[row.case_id] = SearchHit(
        HitPlace.ATTACHMENT,
        "… über die ",
        "Miete <b>",
        " der Wohnung …",
        "Vertrag.pdf",
        3,
        wanted.attachment_id,
    )
    office.coverage = TextCoverage(read=9, wanted=1, scans=1200)
    assert not desk.page.hit.isVisible()
    desk.list.search_for("Heide")
    pilot.until(desk.page.hit.isVisible)
    assert desk.page.hit.text == "Gefunden: Vertrag.pdf, Seite 3: … über die Miete <b> der Wohnung …"
    pilot.until(desk.list.bar.note.isVisible)
    assert desk.list.bar.note.text() == (
        "1 Anlage wird noch für die Suche gelesen. 1.200 Anlagen mit eingescannten Seiten werden nicht "
        "durchsucht: Die Texterkennung Tesseract ist nicht installiert."
    )
    desk.page.hit.button.click()
    pilot.until(lambda: pilot.shows(Screen.REVIEW))
    pilot.calm()
    shown = desk.review.viewer.current()
    assert shown is not None
    assert shown.attachment.attachment_id == wanted.attachment_id
    desk.go_back()
    desk.list.search_for("ist:ungelesen")
    pilot.until(lambda: not desk.list.bar.note.isVisible())
    desk.list.clear_search()
    pilot.until(lambda: not desk.page.hit.isVisible())
