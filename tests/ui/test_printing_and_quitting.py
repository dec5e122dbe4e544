"""Letters out of the printer, and a window that says what waits before it goes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest
from PySide6.QtCore import Qt
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QFileDialog

from clerk_app.domain.outbox import OutboxState
from clerk_app.domain.post import PrintJob
from clerk_app.ui.printing import PagePrinter, office_printer
from clerk_app.ui.quit_guard import quit_words, waiting_here
from clerk_app.ui.sidebar import Area
from tests.ui.conftest import Pilot, question
from tests.ui.fake_store import FakeOffice, deliver
from tests.ui.fakes import fake_pdf
from tests.ui.outbox_seeds import PEOPLE, entry_id_of, fill_outbox

Key, Modifier = Qt.Key, Qt.KeyboardModifier
S = OutboxState


@pytest.fixture
def full() -> FakeOffice:
    made = FakeOffice(practice=True)
    fill_outbox(made)
    return made


@pytest.fixture
def pilot(open_pilot: Callable[..., Pilot], full: FakeOffice) -> Pilot:
    made = open_pilot(full)
    made.desk.show_area(Area.OUTBOX)
    made.calm()
    return made


def test_a_print_job_can_be_saved_and_marks_nothing_as_posted(
    pilot: Pilot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "Druck.pdf"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_args: (str(target), ""))
    pilot.press(Key.Key_P, Modifier.ControlModifier | Modifier.ShiftModifier)
    pilot.calm()
    dialog = question(pilot)
    assert "1 Schreiben mit Anschriftenblatt, 3 Seiten." in dialog.words.text()
    save = next(b for b in dialog._buttons.buttons() if b.text().startswith("Als PDF"))
    save.click()
    pilot.calm()
    content = target.read_bytes()
    assert content.startswith(b"%PDF-FAKE")
    assert PEOPLE["to-post"].encode() in content
    assert pilot.office.entries[entry_id_of("to-post")].state is S.TO_POST


def test_pages_are_painted_at_300_dots_to_the_edge_of_the_sheet(pilot: Pilot, tmp_path: Path) -> None:
    printer = office_printer()
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "out.pdf"))
    job = PrintJob(fake_pdf("Brief", ["Zeile"], pages=3), 3, (entry_id_of("to-post"),))
    printed: list[bool] = []
    PagePrinter(pilot.desk.window, pilot.desk.bench, printer, job).start(lambda: printed.append(True))
    pilot.until(lambda: bool(printed))
    with pikepdf.open(tmp_path / "out.pdf") as document:
        assert len(document.pages) == 3
        for page in document.pages:
            width, height = (float(value) for value in page.mediabox[2:])
            assert (round(width / 72 * 25.4), round(height / 72 * 25.4)) == (210, 297)
        pictures = [
            int(item.Height)
            for item in document.objects
            if isinstance(item, pikepdf.Stream) and item.get("/Subtype") == "/Image"
        ]
        assert max(pictures) >= 3500, "300 dots per inch"


def test_a_page_that_cannot_be_made_ends_the_job_with_a_reason(pilot: Pilot, tmp_path: Path) -> None:
    printer = office_printer()
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "out.pdf"))
    job = PrintJob(b"no pdf at all", 1, ())
    PagePrinter(pilot.desk.window, pilot.desk.bench, printer, job).start(lambda: None)
    pilot.until(pilot.desk.window.messages.isVisible)


def test_closing_says_what_waits_and_stays_by_default(pilot: Pilot) -> None:
    pilot.desk.window.commands.run("app.quit")
    dialog = question(pilot)
    words = dialog.words.text()
    assert "3 Schreiben warten hier, 3 sind mitten in der Übertragung." in words
    assert "und 1 weitere" in words
    assert "Verloren geht nichts" in words
    pilot.press(Key.Key_Return)
    pilot.until(lambda: not dialog.isVisible())
    assert pilot.desk.window.isVisible()
    assert not pilot.desk.quit_guard.agreed

    before = dict(pilot.office.entries)
    pilot.desk.window.close()
    question(pilot).act.click()
    pilot.until(lambda: not pilot.desk.window.isVisible())
    assert pilot.office.entries == before, "closing changes nothing"


def test_asking_twice_is_one_question(pilot: Pilot) -> None:
    pilot.desk.window.close()
    pilot.desk.window.close()
    question(pilot).stay.click()


def test_nothing_waiting_means_no_question(open_pilot: Callable[..., Pilot]) -> None:
    office = FakeOffice()
    fill_outbox(office)
    for name in ("held", "queued", "trying", "announced", "uploaded", "doubt"):
        deliver(office, entry_id_of(name))
    pilot = open_pilot(office)
    pilot.desk.window.close()
    assert not pilot.desk.window.isVisible()


def test_the_end_of_the_session_is_not_held_up(pilot: Pilot) -> None:
    pilot.desk.window.close()
    dialog = question(pilot)
    pilot.desk.quit_guard.session_ends()
    pilot.until(lambda: not dialog.isVisible())
    pilot.desk.window.close()
    assert not pilot.desk.window.isVisible()


def test_letters_for_the_post_and_what_the_portal_has_do_not_hold_the_window(full: FakeOffice) -> None:
    entries = list(full.entries.values())
    states = {each.state for each in waiting_here(entries)}
    assert states == {S.QUEUED, S.ANNOUNCED, S.UPLOADED, S.IN_DOUBT}
    one = [each for each in entries if each.state is S.IN_DOUBT]
    assert quit_words(one, full.clock.now()).startswith("1 ist mitten in der Übertragung.")
