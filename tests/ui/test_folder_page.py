"""The signature folder in the window: with the keyboard, unseen is unsigned, runs end and go on."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QDialog

from clerk_app.domain.case import HistoryEvent
from clerk_app.domain.decision import Outcome, Wording
from clerk_app.domain.errors import ClerkError, ErrorCode
from clerk_app.domain.folder import DraftPlace
from clerk_app.domain.ids import EntryId
from clerk_app.domain.ledger import ActKind
from clerk_app.domain.outbox import OutboxKind
from clerk_app.ui.commands import Screen
from clerk_app.ui.folder_page import FolderPage
from clerk_app.ui.history import event_sentence
from clerk_app.ui.notice import Notice
from clerk_app.ui.reason_dialog import ReasonDialog
from clerk_app.ui.sidebar import Area
from clerk_app.ui.sign_dialog import SignDialog
from tests.ui.conftest import Pilot
from tests.ui.fake_store import PIN, FakeOffice, case_id_of
from tests.ui.fakes import open_desk
from tests.ui.seeds import fill
from tests.ui.test_sign_dialog import answer, asked, words_of

Key, Mod = Qt.Key, Qt.KeyboardModifier
CASES = (1, 2, 3, 5, 6)


def lay(office: FakeOffice, *cases: int, review_by: str = "") -> list[EntryId]:
    """Drafts in the folder; with ``review_by`` submitted by that clerk."""
    side, own = open_desk(office), office.actor
    office.actor = review_by or own
    laid = []
    for number in cases:
        draft = side.deciding.draft(case_id_of(number), Outcome.GRANTED)
        fixed = side.reviewing.submit(draft) if review_by else side.folder.add(draft)
        laid.append(fixed.draft_id)
    office.actor = own
    return laid


def shown(pilot: Pilot) -> None:
    """Until the chosen paper stands on the screen, has been recorded as seen, and is told in the table."""
    for _step in range(3):
        pilot.calm()


def folder(pilot: Pilot) -> FolderPage:
    pilot.desk.show_area(Area.FOLDER)
    shown(pilot)
    return pilot.desk.folder


def states(page: FolderPage) -> list[str]:
    return [str(page.list.model.index(at, 3).data()) for at in range(page.list.model.rowCount())]


def walk(pilot: Pilot, page: FolderPage) -> None:
    """Down through the rows, so that each is shown."""
    page.focus_content()
    for _row in range(page.list.model.rowCount()):
        shown(pilot)
        pilot.press(Key.Key_Down)
    shown(pilot)


def signed(office: FakeOffice) -> set[EntryId]:
    return {each.entry_id for each in office.entries.values() if each.kind is OutboxKind.DECISION}


def test_laid_in_with_one_key_walked_through_and_signed_with_another(pilot: Pilot) -> None:
    office, desk = pilot.office, pilot.desk
    for number in (1, 3):
        desk.list.select_case(case_id_of(number))
        pilot.calm()
        desk.decide(Outcome.GRANTED)
        pilot.calm()
        pilot.press(Key.Key_Return, Mod.ControlModifier | Mod.ShiftModifier)
        pilot.calm()
        assert not pilot.shows(Screen.DECISION), "on to the next case"
    assert "Unterschriftsmappe" in desk.window.toast.words.text()
    assert {draft.place for draft in office.drafts.waiting()} == {DraftPlace.FOLDER}

    page = folder(pilot)
    assert page.list.tabs.tabText(0) == "Zum Signieren (2)"
    assert states(page) == ["gesehen", "ungesehen"], "the first one is on the screen"
    assert page.bar.confirm.text().strip() == "1 Dokument signieren"
    walk(pilot, page)
    assert states(page) == ["gesehen", "gesehen"]
    assert page.list.model.index(0, 4).data() == "B-B"
    assert page.bar.confirm.text().strip() == "2 Dokumente signieren"
    pilot.ctrl(Key.Key_Return)
    pilot.calm()

    assert len(signed(office)) == 2
    assert states(page) == ["signiert", "signiert"], "the results stand in the table"
    assert "2 von 2" in page.notice.words.text()
    assert "Postausgang" in page.notice.words.text()
    folder(pilot)
    assert page.list.empty.isVisible()
    assert "leer" in page.list.empty.title.text()


@pytest.mark.parametrize(("width", "shown_columns"), [(940, {0, 1, 3, 4}), (1280, {0, 1, 2, 3, 4})])
def test_the_name_stands_first_and_the_focus_goes_around_what_is_shown(
    open_pilot: Callable[..., Pilot], office: FakeOffice, width: int, shown_columns: set[int]
) -> None:
    lay(office, 1)
    pilot = open_pilot(office)
    pilot.desk.window.resize(width, 600 if width < 1000 else 800)
    page = folder(pilot)
    view, model = page.list.view, page.list.model
    name, title = (str(model.index(0, at).data()) for at in (0, 1))
    assert name == office.drafts.waiting()[0].recipient_name
    assert name in page.list.model.index(0, 0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert title in page.list.model.index(0, 0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert title in model.index(0, 1).data(Qt.ItemDataRole.ToolTipRole)
    assert {at for at in range(7) if not view.isColumnHidden(at)} == shown_columns

    page.focus_content()
    view.setCurrentIndex(model.index(0, 0))
    pilot.calm()
    last = view.visualRect(model.index(0, max(shown_columns)))
    image = view.viewport().grab().toImage()
    focus = pilot.desk.bench.theme.color("focus").name()
    assert image.pixelColor(last.right(), last.center().y()).name() == focus


def test_what_is_not_shown_cannot_be_signed(open_pilot: Callable[..., Pilot], office: FakeOffice) -> None:
    lay(office, *CASES)
    pilot = open_pilot(office)
    page = folder(pilot)
    pilot.ctrl(Key.Key_Return)
    pilot.calm()
    assert len(signed(office)) == 1
    assert states(page).count("ungesehen") == 4


def test_a_row_that_is_unticked_stays(open_pilot: Callable[..., Pilot], office: FakeOffice) -> None:
    laid = lay(office, 1, 2, 3)
    pilot = open_pilot(office)
    page = folder(pilot)
    walk(pilot, page)
    page.list.view.selectRow(1)
    pilot.press(Key.Key_Space)
    assert page.list.model.index(1, 0).data(Qt.ItemDataRole.CheckStateRole) == Qt.CheckState.Unchecked
    assert "nicht angekreuzt" in page.list.model.index(1, 0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert page.bar.confirm.text().strip() == "2 Dokumente signieren"
    pilot.ctrl(Key.Key_A)
    assert page.bar.confirm.text().strip() == "3 Dokumente signieren"
    pilot.ctrl(Key.Key_A)
    assert "angesehen" in str(pilot.desk.window.commands.reason("folder.confirm"))
    pilot.press(Key.Key_Space)
    pilot.ctrl(Key.Key_Return)
    pilot.calm()
    assert signed(office) == {laid[1]}


def test_the_dialog_says_how_many_one_pin_signs_and_a_wrong_one_costs_one_try(
    open_pilot: Callable[..., Pilot],
) -> None:
    office = FakeOffice(needs_password=True)
    fill(office)
    lay(office, 1, 2, 3)
    pilot = open_pilot(office)
    page = folder(pilot)
    walk(pilot, page)
    pilot.ctrl(Key.Key_Return)
    dialog = asked(pilot)
    words = words_of(dialog)
    for expected in ("3 Bescheide mit einer PIN signieren", "Jörg Schäfer", "B-B", "PIN-Versuche"):
        assert expected in words
    answer(pilot, dialog, "999999")
    assert office.wrong_pins == 1, "not tried again with the next document"
    assert not signed(office)
    assert page.notice.words.text().startswith("Das Kennwort oder die PIN des Signaturschlüssels ist falsch.")
    assert "Die übrigen liegen noch in der Mappe." in page.notice.words.text()


def answer_dialogs(monkeypatch: pytest.MonkeyPatch, *pins: str | None) -> list[str | None]:
    given = list(pins)

    def open_(dialog: SignDialog) -> None:
        pin = given.pop(0)
        if pin is None:
            dialog.reject()
        else:
            dialog.submitted.emit("practice", pin)

    monkeypatch.setattr(SignDialog, "open", open_)
    return given


def test_a_wrong_pin_ends_the_run_and_the_right_one_goes_on(
    open_pilot: Callable[..., Pilot], monkeypatch: pytest.MonkeyPatch
) -> None:
    office = FakeOffice(needs_password=True)
    fill(office)
    lay(office, 1, 2, 3)
    left = answer_dialogs(monkeypatch, None, "000000", PIN)
    pilot = open_pilot(office)
    page = folder(pilot)
    walk(pilot, page)

    pilot.ctrl(Key.Key_Return)
    pilot.calm()
    assert len(left) == 2
    assert not page.run.running, "thought better of it"
    pilot.ctrl(Key.Key_Return)
    pilot.calm()
    assert "Kennwort" in page.notice.words.text()
    assert "0 von 3" in page.notice.words.text()
    assert states(page) == ["nicht signiert", "nicht erreicht", "nicht erreicht"]

    page.notice.button.click()
    pilot.calm()
    assert left == []
    assert len(signed(office)) == 3
    assert states(page) == ["signiert"] * 3


def test_a_run_can_be_stopped_between_two_documents(
    open_pilot: Callable[..., Pilot], office: FakeOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    lay(office, *CASES)
    pilot = open_pilot(office)
    page = folder(pilot)
    walk(pilot, page)

    def after_two(done: int, _total: int, _result: object) -> None:
        if done == 2:
            page.run.stop()

    page.run._step.connect(after_two, Qt.ConnectionType.DirectConnection)  # before the third begins
    pilot.ctrl(Key.Key_Return)
    pilot.calm()
    assert len(signed(office)) == 2
    assert "Angehalten" in page.notice.words.text()
    assert states(page).count("nicht erreicht") == 3
    assert page.notice.button.isVisible()


def test_a_case_that_moved_on_is_shown_as_overtaken(
    open_pilot: Callable[..., Pilot], office: FakeOffice
) -> None:
    lay(office, 1, 2)
    pilot = open_pilot(office)
    page = folder(pilot)
    walk(pilot, page)
    office.answer(case_id_of(1))
    pilot.calm()
    assert sorted(states(page)) == ["gesehen", "überholt"]
    pilot.ctrl(Key.Key_Return)
    pilot.calm()
    assert len(signed(office)) == 1


def test_what_happens_to_one_document_is_told_at_its_row(
    open_pilot: Callable[..., Pilot], office: FakeOffice
) -> None:
    lay(office, 1, 2)
    pilot = open_pilot(office)
    page = folder(pilot)
    walk(pilot, page)
    office.fail_next = ClerkError(ErrorCode.CASE_CHANGED)
    pilot.ctrl(Key.Key_Return)
    pilot.until(lambda: states(page) == ["nicht signiert", "signiert"] and not page.run.running)
    pilot.calm()
    page.list.view.selectRow(0)
    pilot.calm()
    assert "geändert" in page.paper.remark.words.text()
    assert "1 von 2" in page.notice.words.text()


def test_taken_out_it_is_a_draft_again(open_pilot: Callable[..., Pilot], office: FakeOffice) -> None:
    (laid,) = lay(office, 1)
    pilot = open_pilot(office)
    page = folder(pilot)
    page.focus_content()
    pilot.press(Key.Key_Delete)
    pilot.calm()
    assert office.drafts.known[laid].place is DraftPlace.ENDED
    assert page.list.empty.isVisible()
    assert "ausgewählt" in str(pilot.desk.window.commands.reason("folder.take_out"))


def review_tab(pilot: Pilot) -> FolderPage:
    page = folder(pilot)
    page.list.tabs.setCurrentIndex(1)
    shown(pilot)
    return page


def test_a_second_clerk_releases_what_was_shown(open_pilot: Callable[..., Pilot], office: FakeOffice) -> None:
    (theirs,) = lay(office, 1, review_by="B. Zweit")
    pilot = open_pilot(office)
    page = review_tab(pilot)
    assert page.list.tabs.tabText(1) == "Zur Mitzeichnung (1)"
    assert states(page) == ["gesehen"]
    assert page.bar.confirm.text().strip() == "Freigeben"
    pilot.ctrl(Key.Key_Return)
    pilot.calm()
    assert office.drafts.known[theirs].released_by == "K. Beispiel"
    assert "Freigegeben" in pilot.desk.window.toast.words.text()
    page.list.tabs.setCurrentIndex(0)
    pilot.calm()
    assert "Mitgezeichnet von K. Beispiel" in page.paper._facts.text()


def test_ones_own_draft_says_why_it_cannot_be_released(
    open_pilot: Callable[..., Pilot], office: FakeOffice
) -> None:
    lay(office, 1, review_by="K. Beispiel")
    pilot = open_pilot(office)
    page = review_tab(pilot)
    assert states(page) == ["eigener Entwurf"]
    for command in ("folder.confirm", "folder.send_back"):
        assert "eigenen Entwurf" in str(pilot.desk.window.commands.reason(command))
    assert "eigenen Entwurf" in page.paper.remark.words.text()
    assert not page.bar.confirm.isEnabled()


def test_it_is_returned_with_a_reason_or_not_at_all(
    open_pilot: Callable[..., Pilot], office: FakeOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    (theirs,) = lay(office, 1, review_by="B. Zweit")
    typed = ["", "Die Frist fehlt"]

    def exec_(dialog: ReasonDialog) -> int:
        assert not dialog.button.isEnabled(), "no reason, no return"
        text = typed.pop(0)
        dialog.field.setPlainText(text)
        assert dialog.button.isEnabled() is bool(text)
        return QDialog.DialogCode.Accepted if text else QDialog.DialogCode.Rejected

    monkeypatch.setattr(ReasonDialog, "exec", exec_)
    pilot = open_pilot(office)
    review_tab(pilot)
    pilot.press(Key.Key_R, Mod.ControlModifier | Mod.ShiftModifier)
    pilot.calm()
    assert office.drafts.known[theirs].place is DraftPlace.REVIEW
    pilot.press(Key.Key_R, Mod.ControlModifier | Mod.ShiftModifier)
    pilot.calm()
    assert office.drafts.known[theirs].remark == "Die Frist fehlt"


def test_with_four_eyes_the_third_step_is_the_review(pilot: Pilot) -> None:
    pilot.office.four_eyes = True
    pilot.desk.list.select_case(case_id_of(1))
    pilot.calm()
    pilot.desk.decide(Outcome.GRANTED)
    pilot.calm()
    page = pilot.desk.decision
    assert page._sign_button.text().strip() == "Zur Mitzeichnung geben"
    assert "Vier-Augen" in str(page.why_not_lay())
    pilot.ctrl(Key.Key_Return)
    pilot.calm()
    (draft,) = pilot.office.drafts.waiting()
    assert (draft.place, draft.edited_by) == (DraftPlace.REVIEW, None)
    assert "Mitzeichnung" in pilot.desk.window.toast.words.text()
    assert not signed(pilot.office)


def test_the_editor_tells_of_a_colleagues_paper_and_the_timeline_of_its_end(
    open_pilot: Callable[..., Pilot], office: FakeOffice
) -> None:
    (theirs,) = lay(office, 1, review_by="B. Zweit")
    pilot = open_pilot(office)
    pilot.desk.list.select_case(case_id_of(1))
    pilot.calm()
    pilot.desk.decide(Outcome.GRANTED)
    pilot.calm()
    (hint,) = [hint for hint in pilot.desk.decision.findings.hints if "Mitzeichnung" in hint.words]
    assert hint.level == "warn"
    assert "(von B. Zweit)" in hint.words
    pilot.desk.window.resize(940, 600)
    pilot.calm()
    notice = pilot.desk.decision.findings.findChildren(Notice)[0]
    assert notice.visibleRegion().boundingRect().height() == notice.height(), "whole in a short window too"
    assert office.drafts.known[theirs].place is DraftPlace.REVIEW, "looking ends nothing"
    pilot.ctrl(Key.Key_Return)
    pilot.calm()
    ended = [act for _at, act in office.acts if act.kind is ActKind.DRAFT_GIVEN_BACK]
    assert [(act.subject_id, act.payload["reason"]) for act in ended] == [(theirs, "already-decided")]
    words = event_sentence(HistoryEvent(office.clock.now(), "", ended[0].kind.value, ended[0].payload))
    assert words == "Wartender Bescheid gegenstandslos: über den Vorgang ist schon entschieden"


def test_a_text_typed_just_before_is_in_what_is_laid_in_and_does_not_void_it(pilot: Pilot) -> None:
    pilot.desk.list.select_case(case_id_of(1))
    pilot.calm()
    pilot.desk.decide(Outcome.REFUSED)
    pilot.calm()
    page = pilot.desk.decision
    page.reasons.setPlainText("Kein Anspruch")
    pilot.until(lambda: page.why_not_lay() is None)
    pilot.press(Key.Key_Return, Mod.ControlModifier | Mod.ShiftModifier)
    pilot.calm()
    QApplication.processEvents()
    (draft,) = pilot.office.drafts.waiting()
    assert draft.edited_by is None
    assert pilot.office.drafts.frozen[draft.draft_id].draft.wording == Wording("Kein Anspruch")
