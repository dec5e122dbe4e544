"""The verification page: every state, by keyboard, without ever holding the window up."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QFileDialog

from clerk_app.domain.correspondence import Correspondence
from clerk_app.domain.decision import Outcome
from clerk_app.domain.letter import LetterKind, Paragraph, SignaturePlace
from clerk_app.domain.outbox import OutboxKind
from clerk_app.domain.signature import VerificationReport
from clerk_app.domain.verdict import DecisionCheck, Reason, Verdict
from clerk_app.ui.access_walk import complaints
from clerk_app.ui.commands import Screen
from clerk_app.ui.settings import MemorySettings
from clerk_app.ui.sidebar import Area
from clerk_app.ui.verify_model import LOOKS
from tests.texts.test_verdicts import SIGNATURE
from tests.ui.conftest import Pilot
from tests.ui.fake_store import FakeOffice, case_id_of
from tests.ui.fakes import fake_pdf, open_desk
from tests.ui.seeds import fill

Key = Qt.Key
AT = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
DOCUMENT = fake_pdf("Stadt", ["Bescheid"])


def report(verdict: Verdict, *reasons: Reason, notes: tuple[Reason, ...] = ()) -> VerificationReport:
    """What the fake office finds."""
    unsigned = verdict in (Verdict.NOT_SIGNED, Verdict.NOT_A_PDF)
    return VerificationReport(
        verdict,
        "0" * 64,
        len(DOCUMENT),
        reasons,
        () if unsigned else (SIGNATURE,),
        attached_decision={"caseReference": "AZ <b>1</b>", "outcome": "granted", "fees": [{"euros": "1.00"}]},
        decision_check=DecisionCheck.AS_PRINTED,
        notes=notes,
        checked_at=AT,
    )


@pytest.fixture
def letter(tmp_path: Path) -> Path:
    """A document on this machine."""
    path = tmp_path / "bescheid.pdf"
    path.write_bytes(DOCUMENT)
    return path


def choose(monkeypatch: pytest.MonkeyPatch, path: Path | None) -> None:
    """What the clerk picks in the file dialog."""
    chosen = str(path) if path else ""
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_args: (chosen, ""))


def test_a_file_is_opened_with_one_key(pilot: Pilot, letter: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pilot.office.reports[DOCUMENT] = report(Verdict.VALID, notes=(Reason.REVOCATION_NOT_CHECKED,))
    choose(monkeypatch, letter)
    pilot.ctrl(Key.Key_O)
    assert pilot.shows(Screen.VERIFY)
    page = pilot.desk.verify
    assert page.running
    assert pilot.desk.window.commands.reason("verify.save") == "Die Prüfung läuft noch."
    pilot.calm()
    assert page.card.word.text() == "Gültig"
    assert page.stack.currentWidget() is page.splitter
    assert len([notice for notice in page._notices if not notice.isHidden()]) == 1
    pilot.until(lambda: page.preview.pages.shown)
    pilot.press(Key.Key_Escape)
    assert pilot.shows(Screen.BROWSE)


@pytest.mark.parametrize("verdict", list(Verdict))
def test_every_verdict_has_icon_word_and_sentence(pilot: Pilot, letter: Path, verdict: Verdict) -> None:
    pilot.office.reports[DOCUMENT] = report(verdict, Reason.CHANGED_AFTER_SIGNING)
    pilot.desk.verifying.open_path(letter)
    pilot.calm()
    page = pilot.desk.verify
    assert page.card.word.text()
    assert page.card.sentence.text().endswith(".")
    assert page.card.property("level") == LOOKS[verdict].level
    assert len({look.icon for look in LOOKS.values()}) == len(Verdict)
    assert page.points.isVisible() is (verdict not in (Verdict.NOT_SIGNED, Verdict.NOT_A_PDF))


def test_issuers_are_asked_only_when_a_clerk_says_so(pilot: Pilot, letter: Path) -> None:
    pilot.office.reports[DOCUMENT] = report(Verdict.VALID, notes=(Reason.REVOCATION_NOT_CHECKED,))
    pilot.desk.verifying.open_path(letter)
    pilot.calm()
    page = pilot.desk.verify
    assert page.checked is not None
    assert pilot.office.asked_online == []
    pilot.desk.window.commands.run("verify.online")
    pilot.calm()
    assert pilot.office.asked_online == [DOCUMENT]
    pilot.office.reports[DOCUMENT] = report(Verdict.NOT_SIGNED)
    pilot.desk.verifying.open_path(letter)
    pilot.calm()
    assert pilot.desk.window.commands.reason("verify.online") == "Das Dokument ist nicht signiert."


def test_nothing_opened_and_nothing_chosen(pilot: Pilot, monkeypatch: pytest.MonkeyPatch) -> None:
    choose(monkeypatch, None)
    pilot.ctrl(Key.Key_O)
    page = pilot.desk.verify
    assert page.stack.currentWidget() is page.empty
    assert pilot.desk.window.commands.reason("verify.save") == "Es ist kein Dokument geprüft."
    assert QApplication.focusWidget() is page.empty.button


def test_a_file_that_is_gone_says_so_and_can_be_tried_again(pilot: Pilot, letter: Path) -> None:
    content = letter.read_bytes()
    letter.unlink()
    pilot.desk.verifying.open_path(letter)
    pilot.calm()
    page = pilot.desk.verify
    assert "gibt es nicht" in page.empty.details.text()
    letter.write_bytes(content)
    pilot.office.reports[DOCUMENT] = report(Verdict.NOT_SIGNED)
    page.empty.button.click()
    pilot.calm()
    assert page.card.word.text() == "Nicht signiert"


def test_a_dropped_file(pilot: Pilot, letter: Path) -> None:
    pilot.office.reports[DOCUMENT] = report(Verdict.VALID)
    carried = QMimeData()
    carried.setUrls([QUrl.fromLocalFile(str(letter))])
    window, buttons = pilot.desk.window, Qt.MouseButton.LeftButton
    none = Qt.KeyboardModifier.NoModifier
    enters = QDragEnterEvent(QPoint(9, 9), Qt.DropAction.CopyAction, carried, buttons, none)
    window.dragEnterEvent(enters)
    assert enters.isAccepted()
    window.dropEvent(QDropEvent(QPointF(9, 9), Qt.DropAction.CopyAction, carried, buttons, none))
    pilot.calm()
    assert pilot.shows(Screen.VERIFY)
    assert pilot.desk.verify.card.word.text() == "Gültig"
    carried.setUrls([QUrl("https://example.invalid/a.pdf")])
    foreign = QDragEnterEvent(QPoint(9, 9), Qt.DropAction.CopyAction, carried, buttons, none)
    foreign.ignore()
    window.dragEnterEvent(foreign)
    assert not foreign.isAccepted()


def test_the_document_of_an_outbox_entry(pilot: Pilot) -> None:
    side = open_desk(pilot.office)
    side.deciding.sign(side.deciding.draft(case_id_of(6), Outcome.GRANTED), lambda: None)
    side.requesting.request(case_id_of(4), ["Lageplan"])
    desk = pilot.desk
    desk.show_area(Area.OUTBOX)
    pilot.calm()
    entries = {entry.kind: entry.entry_id for entry in pilot.office.entries.values()}
    desk.outbox.choose(entries[OutboxKind.DOCUMENT_REQUEST])
    assert desk.window.commands.reason("outbox.verify") == "Nachforderungen tragen keine Signatur."
    desk.outbox.choose(entries[OutboxKind.DECISION])
    assert desk.window.commands.reason("outbox.verify") is None
    desk.window.commands.run("outbox.verify")
    pilot.calm()
    assert pilot.shows(Screen.VERIFY)
    assert desk.verify.checked is not None
    assert desk.verify.checked.content.endswith(b"%SIGNED")
    pilot.press(Key.Key_Escape)
    assert pilot.shows(Screen.OUTBOX)


def test_a_letter_without_a_signature_is_not_offered_for_verification(pilot: Pilot) -> None:
    work = open_desk(pilot.office).corresponding
    plain = work.draft(case_id_of(4), Correspondence(LetterKind.NOTIFICATION, "Ihr Antrag ist hier."))
    sealed = work.draft(case_id_of(5), Correspondence(LetterKind.NOTIFICATION, "Ihr Antrag ist hier."))
    sealed = replace(sealed, letter=replace(sealed.letter, blocks=(Paragraph("x"), SignaturePlace())))
    work.send(plain, lambda: None)
    work.send(sealed, lambda: None)
    outbox = pilot.desk.outbox
    pilot.desk.show_area(Area.OUTBOX)
    pilot.calm()
    button = outbox._buttons["outbox.verify"]
    outbox.choose(plain.entry_id)
    pilot.calm()
    reason = pilot.desk.window.commands.reason("outbox.verify")
    assert reason == "Dieses Schreiben trägt keine Signatur."
    assert button.isHidden()
    outbox.choose(sealed.entry_id)
    pilot.calm()
    assert pilot.desk.window.commands.reason("outbox.verify") is None
    assert not button.isHidden()


def test_the_notice_of_a_case(pilot: Pilot) -> None:
    desk = pilot.desk
    desk.list.select_case(case_id_of(6))
    pilot.calm()
    assert desk.window.commands.reason("case.verify") == "In diesem Vorgang gibt es noch keinen Bescheid."
    side = open_desk(pilot.office)
    side.deciding.sign(side.deciding.draft(case_id_of(6), Outcome.GRANTED), lambda: None)
    desk.show_area(Area.DECIDED)
    pilot.calm()
    desk.list.select_case(case_id_of(6))
    pilot.calm()
    assert desk.flow.row is not None
    assert desk.flow.row.case_id == case_id_of(6)
    assert desk.window.commands.reason("case.verify") is None
    desk.window.commands.run("case.verify")
    pilot.calm()
    assert desk.verify.checked is not None
    assert desk.verify.checked.content.endswith(b"%SIGNED")


def test_the_report_is_kept_for_people_and_for_programs(
    pilot: Pilot, letter: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pilot.office.reports[DOCUMENT] = report(Verdict.MODIFIED, Reason.CHANGED_AFTER_SIGNING)
    pilot.desk.verifying.open_path(letter)
    pilot.calm()
    target = tmp_path / "bericht.txt"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_args: (str(target), ""))
    pilot.ctrl(Key.Key_S)
    pilot.calm()
    words = target.read_text(encoding="utf-8")
    assert "Verändert" in words
    assert "Bitte das Dokument nicht verwenden" in words
    told = json.loads((tmp_path / "bericht.json").read_text(encoding="utf-8"))
    assert (told["verdict"], told["document"]) == ("MODIFIED", "bescheid.pdf")
    assert told["findings"][0]["reason"] == "CHANGED_AFTER_SIGNING"


def test_the_decision_stands_as_a_table_beside_the_letter(pilot: Pilot, letter: Path) -> None:
    pilot.office.reports[DOCUMENT] = report(Verdict.VALID)
    pilot.desk.verifying.open_path(letter)
    pilot.calm()
    page = pilot.desk.verify
    page.tabs.setCurrentIndex(2)
    model = page.decision.model()
    section = model.index(1, 0)
    rows = {
        model.index(at, 0, section).data(): model.index(at, 1, section).data()
        for at in range(model.rowCount(section))
    }
    assert rows == {"Aktenzeichen": "AZ <b>1</b>", "Ergebnis": "bewilligt", "fees 1.euros": "1.00"}


@pytest.mark.parametrize(("width", "height", "scale"), [(1280, 800, 1.0), (940, 600, 1.0), (1280, 800, 2.0)])
def test_everything_is_named_and_nothing_is_clipped(
    open_pilot: Callable[..., Pilot], letter: Path, width: int, height: int, scale: float
) -> None:
    office = FakeOffice(practice=True)
    fill(office)
    pilot = open_pilot(office, MemorySettings({"theme": "light", "font_scale": scale}))
    pilot.desk.window.resize(width, height)
    found = {}
    office.reports[DOCUMENT] = report(
        Verdict.MODIFIED,
        Reason.CHANGED_AFTER_SIGNING,
        Reason.DECISION_CONTRADICTS_LETTER,
        notes=(Reason.EXPIRED_SINCE,),
    )
    pilot.desk.verifying._show()
    pilot.calm()
    found["empty"] = complaints(pilot.desk.window)
    pilot.desk.verifying.open_path(letter)
    pilot.calm()
    for tab in range(3):
        pilot.desk.verify.tabs.setCurrentIndex(tab)
        pilot.calm()
        found[f"tab {tab}"] = complaints(pilot.desk.window)
    assert not {name: issues for name, issues in found.items() if issues}
