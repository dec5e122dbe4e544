"""The request page: what is missing, what was asked for, what has come."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget

from clerk_app.domain.gaps import GapState
from clerk_app.domain.ledger import ActKind
from clerk_app.domain.outbox import OutboxKind
from clerk_app.ui.commands import Screen
from clerk_app.ui.gap_model import GapGroup
from clerk_app.ui.gap_rows import GapRow
from clerk_app.ui.reason_dialog import ReasonDialog
from clerk_app.ui.request_page import RequestPage
from clerk_app.ui.sidebar import Area
from tests.ui.conftest import Pilot
from tests.ui.fake_store import case_id_of
from tests.ui.fakes import open_desk

Key = Qt.Key
CASE = case_id_of(2)
REGISTRATION = "Kopie des Fahrzeugscheins (Teil I), beide Seiten"


def asked(pilot: Pilot, *items: str) -> None:
    """The clerk asked for these some days ago."""
    side = open_desk(pilot.office)
    side.cases.open(CASE)
    side.requesting.request(CASE, items)
    pilot.calm()
    pilot.office.clock.advance(3 * 86_400)


def choose(pilot: Pilot) -> None:
    pilot.desk.show_area(Area.OPEN)
    pilot.calm()
    pilot.desk.list.select_case(CASE)
    pilot.calm()


def open_request(pilot: Pilot) -> RequestPage:
    choose(pilot)
    pilot.ctrl(Key.Key_R)
    pilot.calm()
    assert pilot.shows(Screen.REQUEST)
    return pilot.desk.request


def groups(page: RequestPage) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for each in page.rows.rows:
        found.setdefault(each.line.group.name, []).append(each.line.title)
    return found


def row_of(page: RequestPage, title: str) -> GapRow:
    return next(each for each in page.rows.rows if each.line.title == title)


def words_in(widget: QWidget) -> str:
    return " | ".join(each.text() for each in widget.findChildren(QLabel) if each.isVisibleTo(widget))


def press_button(widget: QWidget, words: str) -> None:
    next(each for each in widget.findChildren(QPushButton) if each.text() == words).click()


def answered_with(reason: str) -> Callable[[], None]:
    """Types into the dialog that asks for a reason, once it is there."""

    def type_it() -> None:
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, ReasonDialog)
        dialog.field.setPlainText(reason)
        dialog.button.click()

    return type_it


def test_three_groups_and_the_next_draft_after_an_answer_in_part(pilot: Pilot) -> None:
    asked(pilot, REGISTRATION, "Impfpass", "Kaufvertrag", "Foto")
    page = open_request(pilot)
    assert groups(page) == {GapGroup.AWAITED.name: ["Fahrzeugschein", "Impfpass", "Kaufvertrag", "Foto"]}
    assert not any(box.isChecked() for box, _item in page.ticks), "the applicant's turn"
    assert "ist angefordert" in page.form.stand.text()
    assert "Frist ruht seit" in page.form.pauses.text()
    pilot.press(Key.Key_Escape)

    pilot.office.answer(CASE, ("a.pdf", REGISTRATION), ("b.pdf", "Impfpass"), ("c.pdf", "Kaufvertrag"))
    pilot.calm()
    page = open_request(pilot)
    assert groups(page) == {
        GapGroup.MISSING.name: ["Foto"],
        GapGroup.HERE.name: ["Fahrzeugschein", "Impfpass", "Kaufvertrag"],
    }
    assert [item.text for box, item in page.ticks if box.isChecked()] == ["Foto"]
    assert "nächste Nachforderung ist vorbereitet" in page.form.stand.text()
    assert "a.pdf" in words_in(row_of(page, "Fahrzeugschein"))
    assert page._summary.text() == "3 von 4 da; 1 fehlt noch"

    pilot.until(lambda: page.preview.pages.shown)
    pilot.ctrl(Key.Key_Return)
    pilot.calm()
    last = max(
        (e for e in pilot.office.entries.values() if e.kind is OutboxKind.DOCUMENT_REQUEST),
        key=lambda entry: entry.created_at,
    )
    assert pilot.office.outgoing[last.entry_id].structured["items"] == [{"text": "Foto"}]


def test_by_keyboard_an_item_is_ticked_settled_and_missing_again(pilot: Pilot) -> None:
    asked(pilot, REGISTRATION, "Impfpass", "Kaufvertrag")
    page = open_request(pilot)
    first = row_of(page, "Impfpass")
    page.rows.focus(first.line.item.gap_id)
    assert first.tick is not None
    pilot.press(Key.Key_Space)
    assert first.tick.isChecked()

    pilot.press(Key.Key_E, Qt.KeyboardModifier.AltModifier)
    pilot.calm()
    settled = row_of(page, "Impfpass")
    assert (settled.line.group, settled.line.item.state) == (GapGroup.HERE, GapState.SETTLED)
    assert settled.isAncestorOf(QApplication.focusWidget() or page), "the focus stays with the item"
    assert pilot.desk.window.commands.reason("request.settle") == "Das ist schon erledigt."

    pilot.press(Key.Key_O, Qt.KeyboardModifier.AltModifier)
    pilot.calm()
    assert row_of(page, "Impfpass").line.item.state is GapState.ASKED
    acts = [
        event
        for event in open_desk(pilot.office).ledger.entries(CASE)
        if event.act.kind is ActKind.GAP_SETTLED
    ]
    assert [each.act.payload["state"] for each in acts] == ["settled", "missing"]


def test_an_early_reminder_and_what_is_there_are_said_before_sending(pilot: Pilot) -> None:
    asked(pilot, REGISTRATION, "Impfpass")
    page = open_request(pilot)
    assert not page.before.isVisibleTo(page)
    tick = row_of(page, "Impfpass").tick
    assert tick is not None
    tick.setChecked(True)
    pilot.until(lambda: page.before.isVisibleTo(page))
    assert "Dieses Schreiben wäre eine Erinnerung." in page.before.words.text()
    page.more.setPlainText("Foto")
    pilot.until(lambda: not page.before.isVisibleTo(page))
    page.more.clear()
    pilot.until(lambda: page.before.isVisibleTo(page))
    pilot.ctrl(Key.Key_Return)
    pilot.calm()
    requests = [e for e in pilot.office.entries.values() if e.kind is OutboxKind.DOCUMENT_REQUEST]
    assert len(requests) == 2, "a reminder on purpose goes out"


def test_what_is_done_without_needs_a_reason_and_shows_it(pilot: Pilot) -> None:
    asked(pilot, "Impfpass", "Kaufvertrag")
    page = open_request(pilot)
    page.rows.focus(row_of(page, "Kaufvertrag").line.item.gap_id)
    QTimer.singleShot(0, answered_with("liegt schon vor"))
    pilot.press(Key.Key_Z, Qt.KeyboardModifier.AltModifier)
    pilot.calm()
    assert "Verzichtet: liegt schon vor" in words_in(row_of(page, "Kaufvertrag"))


def test_an_attachment_that_fits_nothing_is_given_to_an_item_by_a_person(pilot: Pilot) -> None:
    asked(pilot, "Impfpass", "Kaufvertrag")
    pilot.office.answer(CASE, ("scan.pdf", ""))
    pilot.calm()
    page = open_request(pilot)
    assert groups(page) == {GapGroup.MISSING.name: ["Fahrzeugschein", "Impfpass", "Kaufvertrag"]}
    (button,) = page.rows._loose
    menu = button.menu()
    assert menu is not None
    assert button.accessibleName() == "scan.pdf passt zu …"
    menu.actions()[2].trigger()
    pilot.calm()
    given = row_of(page, "Kaufvertrag")
    assert given.line.item.state is GapState.SETTLED
    assert "scan.pdf" in words_in(given)
    assert page.rows._loose == []


def test_a_wrong_match_is_unticked_and_asked_for_again(pilot: Pilot) -> None:
    asked(pilot, "Impfpass")
    pilot.office.answer(CASE, ("falsch.pdf", "Impfpass"))
    pilot.calm()
    page = open_request(pilot)
    press_button(row_of(page, "Impfpass"), "Fehlt doch")
    pilot.calm()
    again = row_of(page, "Impfpass")
    assert again.line.group is GapGroup.MISSING
    assert again.tick is not None
    assert again.tick.isChecked()


def test_nothing_missing_is_said_and_something_else_may_be_asked_for(pilot: Pilot) -> None:
    pilot.desk.list.select_case(case_id_of(1))
    pilot.calm()
    pilot.ctrl(Key.Key_R)
    pilot.calm()
    page = pilot.desk.request
    assert page.form.stand.text() == "Es fehlt nichts."
    assert [item.key for _box, item in page.ticks] == ["registration", "lease", "photo"]
    assert pilot.desk.window.commands.reason("request.send") is not None
    page.more.setPlainText("Vollmacht")
    assert pilot.desk.window.commands.reason("request.send") is None


def test_the_clerks_own_text_goes_with_the_request(pilot: Pilot) -> None:
    page = open_request(pilot)
    page.form.insert("Bitte keine Originale.")
    page.form.insert("Kopien genügen.")
    wish = page.wish()
    assert wish is not None
    assert wish.note == "Bitte keine Originale.\n\nKopien genügen."
    pilot.ctrl(Key.Key_Return)
    pilot.calm()
    assert not page.form.blocks.isVisible(), "this service has no text blocks"


def test_the_clerks_own_text_is_looked_through_for_plain_wording(pilot: Pilot) -> None:
    page = open_request(pilot)
    page.form.note.setPlainText("Der Antragsteller muss kommen.")
    page.wording.look()
    pilot.calm()
    assert page.wording.hints
    assert pilot.desk.window.commands.reason("wording.next") is None


def test_the_review_page_says_how_far_things_are_and_that_the_clock_stands(pilot: Pilot) -> None:
    asked(pilot, "Impfpass")
    choose(pilot)
    pilot.press(Key.Key_Return)
    pilot.calm()
    assert pilot.shows(Screen.REVIEW)
    panel = pilot.desk.review.gaps
    assert panel.words.text() == "0 von 2 da; 1 fehlt noch; 1 angefordert"
    assert panel.pause.text() == "Antwort bis 08.12.2026 erbeten"
    assert "ruht seit" in pilot.desk.review.header._pause.text()


def test_an_answer_that_arrives_is_ticked_off_and_told_while_the_page_is_open(pilot: Pilot) -> None:
    asked(pilot, REGISTRATION)
    page = open_request(pilot)
    page.more.setPlainText("Lichtbild, biometrisch")
    line = row_of(page, "Fahrzeugschein").line
    page.want({line.item.key})
    pilot.calm()
    pilot.office.answer(CASE, ("Fahrzeugschein.pdf", REGISTRATION))
    pilot.calm()
    assert page.news.notice.words.text().startswith("Nachgereicht am ")
    assert "Bitte erst ansehen" in (pilot.desk.window.commands.reason("request.send") or "")
    assert line.item.is_open
    assert not row_of(page, "Fahrzeugschein").line.item.is_open
    assert line.item.gap_id not in {item.gap_id for box, item in page.ticks if box.isChecked()}
    assert page.more.toPlainText() == "Lichtbild, biometrisch"
    page.news.notice.button.click()
    pilot.until(lambda: pilot.shows(Screen.REVIEW))
    pilot.ctrl(Key.Key_R)
    pilot.calm()
    assert page.more.toPlainText() == "Lichtbild, biometrisch"
    assert pilot.desk.window.commands.reason("request.send") is None


def test_what_a_colleague_asked_for_meanwhile_is_told(pilot: Pilot) -> None:
    page = open_request(pilot)
    office = pilot.office
    office.actor, me = "M. Brand", office.actor
    side = open_desk(office)
    side.requesting.request(CASE, (REGISTRATION,))
    office.actor = me
    pilot.until(lambda: page.news.pending)
    assert "M. Brand hat inzwischen Unterlagen nachgefordert." in page.news.notice.words.text()
