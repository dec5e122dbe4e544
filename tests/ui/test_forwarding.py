"""Not competent here, with the keys a clerk has: two steps, the notice beside them, the papers afterwards."""

from __future__ import annotations

import json
import zipfile
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import QDate, Qt
from PySide6.QtWidgets import QApplication, QFileDialog

from clerk_app.domain.case import CaseStatus
from clerk_app.domain.case_dates import dates_of
from clerk_app.domain.competence import Competence, CompetenceReason, OfficeAddress, Proposal
from clerk_app.domain.ids import CaseId
from clerk_app.domain.ledger import ActKind
from clerk_app.domain.outbox import OutboxKind
from clerk_app.ui.commands import Screen
from clerk_app.ui.forward_dialog import ForwardDialog
from clerk_app.ui.forward_model import ForwardFrame
from tests.ui.conftest import Pilot
from tests.ui.fake_store import FakeOffice, case_id_of
from tests.ui.fakes import FakeCompetence, open_desk

Key = Qt.Key
MUELLHEIM = FakeCompetence.MUELLHEIM
REASON = "Der Hund lebt dort."


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the clerk saves."""
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *args: (str(tmp_path / args[2]), ""))
    return tmp_path


def elsewhere(office: FakeOffice, number: int) -> CaseId:
    """The applicant lives in another town."""
    seed = office.seeds[case_id_of(number)]
    form = json.loads(seed.applications[0].content)
    form["Wohnung"] = {"PLZ": "79379", "Ort": "Müllheim"}
    seed.applications[0] = replace(seed.applications[0], content=json.dumps(form).encode())
    return seed.case_id


def dialog(pilot: Pilot) -> ForwardDialog:
    """The dialog in front."""
    pilot.until(lambda: any(d.isVisible() for d in pilot.desk.window.findChildren(ForwardDialog)))
    (found,) = (d for d in pilot.desk.window.findChildren(ForwardDialog) if d.isVisible())
    pilot.calm()
    return found


def begin(pilot: Pilot, case_id: CaseId) -> ForwardDialog:
    pilot.desk.list.select_case(case_id)
    pilot.calm()
    pilot.ctrl(Key.Key_L)
    return dialog(pilot)


def step_two(pilot: Pilot, shown: ForwardDialog, reason: str = REASON) -> None:
    pilot.press(Key.Key_Return)
    assert shown.pages.currentIndex() == 1
    if reason:
        pilot.type_into(shown.notice.reason, reason)
        pilot.until(lambda: not shown.why_not())


def sent(pilot: Pilot) -> None:
    pilot.until(lambda: not any(d.isVisible() for d in pilot.desk.window.findChildren(ForwardDialog)))
    pilot.until(lambda: pilot.desk.filing.idle)
    pilot.desk.window.activateWindow()  # a display's window manager does that
    pilot.until(pilot.desk.window.isActiveWindow)
    pilot.calm()


def status(pilot: Pilot, case_id: CaseId) -> CaseStatus:
    return pilot.office.case_status(pilot.office.seeds[case_id])


def test_two_steps_by_keyboard_alone(pilot: Pilot, folder: Path) -> None:
    case_id = elsewhere(pilot.office, 1)
    shown = begin(pilot, case_id)
    assert shown.targets.search.hasFocus()
    assert "Postleitzahl im Antrag: 79379 Müllheim" in shown.targets.heading.text()
    assert shown.targets.found.item(0).text().startswith("Stadt Müllheim\n")
    assert shown.targets.office() == MUELLHEIM, "the form speaks for it: it is chosen already"
    step_two(pilot, shown)
    assert shown.notice.preview.content.startswith(b"%PDF")
    pilot.ctrl(Key.Key_Return)
    sent(pilot)

    assert status(pilot, case_id) is CaseStatus.FORWARDED
    (letter,) = (e for e in pilot.office.entries.values() if e.kind is OutboxKind.LETTER)
    assert letter.case_id == case_id
    toast = pilot.desk.window.toast.words.text()
    assert "Stadt Müllheim" in toast
    assert "Paket gespeichert" in toast, "and the way back stays in sight"
    reference = pilot.office.seeds[case_id].reference
    with zipfile.ZipFile(folder / f"Abgabe-{reference}.zip") as archive:
        assert any(name.endswith("Abgabe.Abgabe.0401.xml") for name in archive.namelist())
    assert (folder / f"Abgabeschreiben-{reference}.pdf").is_file()
    forwarded = pilot.office.forwarded(case_id)
    assert forwarded is not None
    assert forwarded.handed_over_at is not None


def test_taking_it_back_makes_the_case_ours_again(pilot: Pilot, folder: Path) -> None:
    case_id = elsewhere(pilot.office, 1)
    before = status(pilot, case_id)
    shown = begin(pilot, case_id)
    step_two(pilot, shown)
    shown.notice.package.setChecked(False)
    pilot.ctrl(Key.Key_Return)
    sent(pilot)
    assert list(folder.iterdir()) == []
    case = open_desk(pilot.office).reads.case_file(case_id)
    assert case is not None
    assert [each.text for each in dates_of(case.history)] == ["Abgabe an Stadt Müllheim"]

    pilot.ctrl(Key.Key_Z)
    pilot.calm()
    assert status(pilot, case_id) in (before, CaseStatus.IN_REVIEW)
    case = open_desk(pilot.office).reads.case_file(case_id)
    assert case is not None
    assert (case.forwarded, dates_of(case.history)) == (None, ())


def test_escape_goes_back_and_then_out_and_nothing_was_done(pilot: Pilot) -> None:
    case_id = elsewhere(pilot.office, 1)
    shown = begin(pilot, case_id)
    step_two(pilot, shown)
    pilot.press(Key.Key_Escape)
    assert shown.pages.currentIndex() == 0
    assert shown.isVisible()
    pilot.press(Key.Key_Return)
    assert shown.notice.reason.toPlainText() == REASON, "what was typed is still there"
    pilot.press(Key.Key_Escape)
    pilot.press(Key.Key_Escape)
    pilot.until(lambda: not shown.isVisible())
    assert status(pilot, case_id) is not CaseStatus.FORWARDED
    assert pilot.office.entries == {}


def test_a_search_and_the_arrows_choose_from_the_directory(pilot: Pilot) -> None:
    shown = begin(pilot, case_id_of(2))
    assert shown.targets.office() is None, "nothing in the form speaks for anybody else"
    assert not shown.forward.isEnabled()
    assert shown.forward.toolTip() == shown.why_not() != ""
    pilot.press(Key.Key_Return)
    assert shown.pages.currentIndex() == 0
    pilot.press(Key.Key_Down)
    assert shown.targets.office() == MUELLHEIM
    pilot.press(Key.Key_Down)
    assert shown.targets.office() == FakeCompetence.LANDRATSAMT
    pilot.type_into(shown.targets.search, "landrat")
    pilot.calm()
    assert shown.targets.found.count() == 1
    pilot.type_into(shown.targets.search, "xyz")
    pilot.calm()
    assert shown.targets.office() is None
    assert shown.targets.nothing.text() == "Nichts gefunden."
    pilot.press(Key.Key_Escape)


def test_any_other_authority_may_be_typed(pilot: Pilot, folder: Path) -> None:
    case_id = case_id_of(2)
    shown = begin(pilot, case_id)
    shown.targets.other.setFocus()
    pilot.type_into(shown.targets.other, "Amt Anderswo")
    assert shown.targets.office() == OfficeAddress("Amt Anderswo", "")
    pilot.ctrl(Key.Key_Return)
    assert shown.pages.currentIndex() == 1
    assert "Amt Anderswo" in shown.notice.target.text()
    pilot.type_into(shown.notice.reason, REASON)
    pilot.until(lambda: not shown.why_not())
    shown.notice.earlier.setChecked(True)
    shown.notice.first_on.setDate(QDate(2026, 11, 2))
    pilot.until(lambda: not shown.why_not())
    pilot.ctrl(Key.Key_Return)
    sent(pilot)
    forwarded = pilot.office.forwarded(case_id)
    assert forwarded is not None
    assert (forwarded.office.name, forwarded.first_received_on) == ("Amt Anderswo", date(2026, 11, 2))


def test_without_a_reason_it_says_what_is_missing(pilot: Pilot) -> None:
    shown = begin(pilot, elsewhere(pilot.office, 1))
    step_two(pilot, shown, "")
    assert not shown.forward.isEnabled()
    assert shown.why_not() == "Bitte den Grund der Abgabe eintragen."
    pilot.ctrl(Key.Key_Return)
    pilot.calm()
    assert pilot.office.entries == {}
    pilot.press(Key.Key_Escape)
    pilot.press(Key.Key_Escape)


def test_an_error_is_told_in_the_dialog_and_nothing_typed_is_lost(pilot: Pilot) -> None:
    case_id = elsewhere(pilot.office, 1)
    shown = begin(pilot, case_id)
    step_two(pilot, shown)
    other = open_desk(pilot.office)
    other.forwarding.forward(case_id, MUELLHEIM, "Jemand war schneller.")
    pilot.ctrl(Key.Key_Return)
    pilot.until(lambda: shown.trouble.isVisible())
    assert "abgegeben" in shown.trouble.words.text()
    assert shown.notice.reason.toPlainText() == REASON
    pilot.press(Key.Key_Escape)
    pilot.press(Key.Key_Escape)
    pilot.calm()


def test_a_forwarded_case_says_so_and_greys_what_is_not_ours(pilot: Pilot, folder: Path) -> None:
    case_id = elsewhere(pilot.office, 1)
    pilot.desk.list.select_case(case_id)
    pilot.calm()
    reason = pilot.desk.window.commands.reason
    assert reason("case.hand_over") == "Der Vorgang ist nicht abgegeben."
    pilot.desk.open_case()
    pilot.calm()
    line = pilot.desk.review.competence
    assert line.isVisible()
    assert line.words.text().startswith("Zuständig: wohl Stadt Müllheim")
    open_desk(pilot.office).forwarding.forward(case_id, MUELLHEIM, REASON)
    pilot.calm()
    pilot.until(lambda: pilot.desk.review.forwarded.isVisible())

    for command in ("case.forward", "case.approve", "case.request", "case.refuse", "case.decide"):
        assert reason(command) == "Der Vorgang ist an eine andere Stelle abgegeben."
    assert reason("case.hand_over") is None
    words = pilot.desk.review.forwarded.words.text()
    assert "Stadt Müllheim" in words
    assert "noch nicht übergeben" in words
    pilot.desk.window.commands.run("case.hand_over")
    pilot.until(lambda: ActKind.HANDED_OVER in [act.kind for _at, act in pilot.office.acts])
    pilot.until(lambda: "Unterlagen übergeben am" in pilot.desk.review.forwarded.words.text())

    pilot.office.clock.advance(3600)
    pilot.office.answer(case_id)
    pilot.until(lambda: "Neues eingegangen" in pilot.desk.review.forwarded.words.text())
    assert status(pilot, case_id) is CaseStatus.ANSWERED
    pilot.office.clock.advance(60)
    pilot.desk.window.commands.run("case.handed_over")
    pilot.until(lambda: status(pilot, case_id) is CaseStatus.FORWARDED)
    pilot.calm()


def test_a_case_of_ours_says_so_quietly(pilot: Pilot) -> None:
    pilot.desk.list.select_case(case_id_of(2))
    pilot.calm()
    pilot.desk.open_case()
    pilot.calm()
    assert pilot.shows(Screen.REVIEW)
    assert pilot.desk.review.competence.words.text() == "Zuständig: Stadt Musterhausen (00000 Musterhausen)"
    assert pilot.desk.review.forwarded.isHidden()


def test_proposals_come_first_with_their_reason() -> None:
    proposal = Proposal(MUELLHEIM, CompetenceReason.SIMILAR_PLACE, "Mulheim")
    other = FakeCompetence.LANDRATSAMT
    frame = ForwardFrame(
        case_id_of(1),
        "Stadt A",
        Competence(None, "Mulheim", (proposal,)),
        (other, MUELLHEIM),
        date(2026, 1, 1),
    )
    first, second = frame.choices(frame.directory)
    assert (first.office, first.words) == (MUELLHEIM, "Stadt Müllheim\nähnlicher Ort im Antrag: Mulheim")
    assert second.words == "Landratsamt Musterkreis\nHauptstraße 1, 70998 Musterkreis"
    assert frame.choices([other]) == (second,)
    assert frame.choices([]) == ()


@pytest.mark.parametrize("size", [(940, 600), (1280, 800)])
def test_the_dialog_fits_the_window(pilot: Pilot, size: tuple[int, int], folder: Path) -> None:
    pilot.desk.window.resize(*size)
    QApplication.processEvents()
    shown = begin(pilot, elsewhere(pilot.office, 1))
    for _step in range(2):
        assert shown.width() <= size[0]
        assert shown.height() <= size[1]
        assert shown.forward.isVisible()
        if shown.pages.currentIndex() == 0:
            step_two(pilot, shown)
    pilot.press(Key.Key_Escape)
    pilot.press(Key.Key_Escape)
