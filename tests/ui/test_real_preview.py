"""The window's renderer protocol is the one of the preview room, with its real child process."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import pytest
from PySide6.QtCore import QRectF, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from clerk_app.preview.renderer import Renderer as PreviewRenderer
from clerk_app.ui.application import open_window
from clerk_app.ui.attachment_viewer import AttachmentViewer
from clerk_app.ui.commands import Screen
from clerk_app.ui.page_view import PICTURES_KEPT_BYTES
from clerk_app.ui.rendering import Renderer
from tests.ui.conftest import Pilot, shell_of
from tests.ui.fake_store import FakeOffice, case_id_of
from tests.ui.seeds import fill


@dataclass(frozen=True)
class PagePixels:
    """A page as the child sends it."""

    page_count: int
    width: int
    height: int
    rgba: bytes


def png() -> bytes:
    from PIL import Image

    out = io.BytesIO()
    Image.new("RGB", (120, 80), (200, 30, 30)).save(out, "PNG")
    return out.getvalue()


@pytest.fixture
def real_pilot(qtbot: QtBot, qapp: QApplication, office: FakeOffice) -> Iterator[Pilot]:
    fill(office)
    seed = office.seeds[case_id_of(1)]
    office.contents[seed.attachments[0].attachment.attachment_id] = png()
    open_renderer: Callable[[], Renderer] = PreviewRenderer
    desk = open_window(replace(shell_of(office), open_renderer=open_renderer), qapp)
    desk.window.activateWindow()
    pilot = Pilot(qtbot, office, desk)
    pilot.calm()
    yield pilot
    desk.window.close()
    desk.bench.close()
    desk.window.deleteLater()
    QApplication.processEvents()


def test_a_picture_travels_from_the_child_to_the_screen(real_pilot: Pilot) -> None:
    desk = real_pilot.desk
    desk.open_case()
    pages = desk.review.viewer.pane.pages
    real_pilot.until(lambda: pages.shown)
    real_pilot.calm()
    image = pages.viewport().grab().toImage()
    centre = image.pixelColor(image.width() // 2, pages._rect(0).center().y())
    assert (centre.red(), centre.green(), centre.blue()) == (200, 30, 30)
    desk.review.viewer.step(1)
    real_pilot.calm()
    assert not pages.shown  # the fake documents are none: refused, said in words
    assert pages.page_count == 0


def lease() -> bytes:
    """Two pages of text; the second lies on its side."""
    from reportlab.pdfgen.canvas import Canvas

    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(595, 842))
    canvas.drawString(60, 780, "Mietvertrag zwischen Krawc und Görlitz")
    canvas.drawString(60, 760, "Die Miete beträgt 640 Euro; die Miete ist am Ersten fällig.")
    canvas.showPage()
    canvas.setPageSize((842, 595))
    canvas.drawString(60, 500, "Zweite Seite über die MIETE")
    canvas.save()
    return out.getvalue()


def opened(pilot: Pilot, content: bytes) -> AttachmentViewer:
    seed = pilot.office.seeds[case_id_of(1)]
    pilot.office.contents[seed.attachments[0].attachment.attachment_id] = content
    pilot.desk.open_case()
    viewer = pilot.desk.review.viewer
    pilot.until(lambda: viewer.pane.pages.shown)
    pilot.calm()
    return viewer


def test_words_are_found_and_marked_where_they_stand(real_pilot: Pilot) -> None:
    viewer = opened(real_pilot, lease())
    pages = viewer.pane.pages
    both = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    real_pilot.press(Qt.Key.Key_F, both)
    assert viewer.finder.field.hasFocus()
    real_pilot.type_into(viewer.finder.field, "miete")
    real_pilot.calm()
    real_pilot.until(lambda: len(viewer.finding._hits) == 3)
    assert viewer.finding._hits == [(0, 0), (0, 1), (1, 0)]
    real_pilot.until(lambda: pages._mark is not None)
    assert len(pages._marks[0]) == 2
    first, second = pages._marks[0]
    assert first.top() == pytest.approx(second.top())
    assert first.right() < second.left()
    assert 0.08 < first.top() < 0.12, "a tenth down the page"
    real_pilot.press(Qt.Key.Key_Return)
    real_pilot.press(Qt.Key.Key_Return)
    real_pilot.until(lambda: 1 in pages._marks)
    assert pages.current_page() == 1
    viewer.pane.show_text(True)
    assert len(viewer.pane.words.extraSelections()) == 3
    viewer.pane.show_text(False)
    real_pilot.press(Qt.Key.Key_Escape)
    assert not viewer.finder.isVisible()
    assert pages._marks == {}
    assert real_pilot.desk.window.shown is Screen.REVIEW, "the first Esc closes the search only"


def test_turning_zooming_and_small_pages(real_pilot: Pilot) -> None:
    viewer = opened(real_pilot, lease())
    pages = viewer.pane.pages
    pages.setFocus()
    upright = pages._rect(0)
    assert upright.height() > upright.width()
    real_pilot.press(Qt.Key.Key_R)
    real_pilot.until(lambda: pages.shown)
    real_pilot.calm()
    assert pages._rect(0).height() < pages._rect(0).width()
    mark = pages._turned(QRectF(0.1, 0.2, 0.3, 0.05))
    assert (mark.left(), mark.top(), mark.width(), mark.height()) == pytest.approx((0.75, 0.1, 0.05, 0.3))
    viewer.step(1)
    real_pilot.calm()
    viewer.step(-1)
    real_pilot.until(lambda: pages.shown and viewer._page[1] == 2)
    real_pilot.calm()
    assert pages.turns == 1, "it stays turned while the case is open"
    for _quarter in range(3):
        viewer.turn()
    assert pages.turns == 0

    real_pilot.press(Qt.Key.Key_Plus)
    assert pages.zoom() == 1.25
    real_pilot.press(Qt.Key.Key_Minus)
    real_pilot.press(Qt.Key.Key_G)
    assert pages._rect(0).height() <= pages.viewport().height()
    real_pilot.press(Qt.Key.Key_B)
    assert pages.zoom() == 1.0

    assert not viewer.thumbnails.isVisible()
    real_pilot.press(Qt.Key.Key_S)
    small = viewer.thumbnails
    assert small.isVisible()
    model = small.model()
    assert model.rowCount() == 2
    assert model.index(1, 0).data(Qt.ItemDataRole.AccessibleTextRole) == "Seite 2 von 2"
    small.setFocus()
    real_pilot.press(Qt.Key.Key_Down)
    real_pilot.until(lambda: pages.current_page() == 1)
    real_pilot.until(lambda: len(small._pages._icons) == 2)


def test_what_cannot_be_shown_says_why_and_what_can_be_done(real_pilot: Pilot) -> None:
    viewer = real_pilot.desk.review.viewer
    seed = real_pilot.office.seeds[case_id_of(1)]
    heic = b"\x00\x00\x00\x18ftyphevc" + b"\x00" * 40
    real_pilot.office.contents[seed.attachments[0].attachment.attachment_id] = heic
    real_pilot.desk.open_case()
    real_pilot.until(viewer._ways.isVisible)
    said = viewer.pane.pages._words
    assert "JPEG-Fassung" in said
    assert viewer._save.isVisible()
    viewer._ask.click()
    real_pilot.calm()
    assert real_pilot.desk.window.shown is Screen.REQUEST
    real_pilot.desk.go_back()
    real_pilot.office.contents[seed.attachments[0].attachment.attachment_id] = lease()
    viewer.show_at(0)
    real_pilot.until(lambda: viewer.pane.pages.shown)
    assert not viewer._ways.isVisible()


def many_pages(count: int) -> bytes:
    """Pages with a number on each."""
    from reportlab.pdfgen.canvas import Canvas

    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(595, 842))
    for number in range(count):
        canvas.drawString(60, 780, f"Blatt {number + 1}")
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def test_of_five_hundred_pages_only_those_in_sight_are_made(real_pilot: Pilot) -> None:
    viewer = opened(real_pilot, many_pages(500))
    pages = viewer.pane.pages
    assert pages.page_count == 500
    pages.setFocus()
    real_pilot.press(Qt.Key.Key_End)
    real_pilot.until(lambda: 499 in pages._pictures)
    assert pages.current_page() == 499
    assert len(pages._pictures) < 8
    pages.go_to(250)
    assert pages.current_page() == 250
    assert pages._rect(250).top() == pages._gap
    assert pages._rect(251).top() == pages._rect(250).top() + pages._height(250) + pages._gap
    real_pilot.until(lambda: 250 in pages._pictures)
    real_pilot.calm()

    side = 3_000
    sheet = PagePixels(500, side, side, b"\xff" * (side * side * 4))
    for number in range(100, 108):
        pages.show_page(number, sheet)
    assert 107 in pages._pictures
    assert 100 not in pages._pictures
    assert PICTURES_KEPT_BYTES // 2 < pages.kept_bytes <= PICTURES_KEPT_BYTES


def test_a_scan_says_that_it_has_no_text(real_pilot: Pilot) -> None:
    viewer = opened(real_pilot, png())
    viewer.pane.show_text(True)
    real_pilot.until(lambda: "kein lesbarer Text" in viewer.pane.words.toPlainText())
    assert "Scan" in viewer.pane.words.toPlainText()
    viewer.pane.show_text(False)


def test_a_locked_document_is_opened_with_its_password_and_nothing_of_it_is_kept(
    qtbot: QtBot, qapp: QApplication, office: FakeOffice
) -> None:
    import pikepdf

    fill(office)
    seed = office.seeds[case_id_of(1)]
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(lease())) as document:
        document.save(out, encryption=pikepdf.Encryption(user="Geheim-7", owner="x"))
    office.contents[seed.attachments[0].attachment.attachment_id] = out.getvalue()
    open_renderer: Callable[[], Renderer] = PreviewRenderer
    desk = open_window(replace(shell_of(office), open_renderer=open_renderer), qapp)
    desk.window.activateWindow()
    pilot = Pilot(qtbot, office, desk)
    pilot.calm()
    desk.open_case()
    viewer = desk.review.viewer
    line = viewer.password
    pilot.until(line.isVisible)
    assert "mit einem Kennwort verschlüsselt" in viewer.pane.pages._words
    assert viewer._save.isVisible()
    line.field.setFocus()
    pilot.type_into(line.field, "falsch")
    pilot.press(Qt.Key.Key_Return)
    pilot.until(line.said.isVisible)
    assert "Das Kennwort passt nicht" in line.said.text()
    assert line.field.text() == ""
    assert line.field.hasFocus()
    pilot.type_into(line.field, "Geheim-7")
    pilot.press(Qt.Key.Key_Return)
    pilot.until(lambda: viewer.pane.pages.shown)
    assert not line.isVisible()
    assert not viewer._ways.isVisible()
    assert viewer.pane.pages.page_count == 2
    viewer.step(1)
    viewer.step(-1)
    pilot.until(lambda: viewer.pane.pages.shown)  # for as long as the window is open
    assert not [act for _at, act in office.acts if "Geheim" in str(act.payload)]
    desk.window.close()
    desk.bench.close()
    desk.window.deleteLater()
    QApplication.processEvents()


def test_small_pictures_turn_with_the_pages(real_pilot: Pilot) -> None:
    desk = real_pilot.desk
    desk.open_case()
    viewer = desk.review.viewer
    real_pilot.until(lambda: viewer.pane.pages.shown)
    viewer.thumbnails_shown(True)
    model = viewer.thumbnails.model()

    def size() -> tuple[int, int]:
        icon = model.index(0, 0).data(Qt.ItemDataRole.DecorationRole)
        (shown,) = icon.availableSizes()
        return shown.width(), shown.height()

    real_pilot.until(lambda: size()[0] > size()[1])
    viewer.turn()
    real_pilot.until(lambda: size()[0] < size()[1])
    real_pilot.calm()
    assert size()[1] / size()[0] == pytest.approx(1.5, rel=0.05), "the picture, not a blank sheet"
