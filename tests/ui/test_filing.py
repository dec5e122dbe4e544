"""Proof of delivery and e-file from the window: in the background, to a place the clerk chooses."""

from __future__ import annotations

import threading
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QFileDialog

from clerk_app.domain.decision import Outcome
from clerk_app.domain.errors import ClerkError, ErrorCode
from clerk_app.domain.ids import CaseId
from clerk_app.domain.ledger import ActKind
from clerk_app.domain.outbox import OutboxKind, OutboxState
from clerk_app.ui.commands import Screen
from clerk_app.ui.sidebar import Area
from tests.ui.conftest import Pilot
from tests.ui.fake_store import FakeOffice, case_id_of, deliver
from tests.ui.fakes import open_desk

Key = Qt.Key
Choose = Callable[[Path | None], None]


@pytest.fixture
def choose(monkeypatch: pytest.MonkeyPatch) -> Choose:
    """What the file dialog will answer; None is "cancel"."""

    def chosen(path: Path | None) -> None:
        answer = ("" if path is None else str(path), "")
        monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_args: answer)

    return chosen


def run(pilot: Pilot, command_id: str) -> None:
    pilot.desk.window.commands.run(command_id)


def finished(pilot: Pilot) -> None:
    filing = pilot.desk.filing
    pilot.until(lambda: filing.idle)
    pilot.calm()


def decided(office: FakeOffice, number: int) -> None:
    desk = open_desk(office)
    draft = desk.deciding.draft(case_id_of(number), Outcome.GRANTED)
    desk.deciding.sign(draft, lambda: "1234", at_once=True)


def decision(office: FakeOffice) -> str:
    return next(e.entry_id for e in office.entries.values() if e.kind is OutboxKind.DECISION)


def acts(office: FakeOffice) -> list[ActKind]:
    return [act.kind for _at, act in office.acts]


def test_a_case_becomes_an_e_file_and_a_toast_says_where(
    pilot: Pilot, tmp_path: Path, choose: Choose
) -> None:
    pilot.desk.list.select_case(case_id_of(1))
    pilot.calm()
    target = tmp_path / "akte.zip"
    choose(target)
    run(pilot, "case.export")
    finished(pilot)

    with zipfile.ZipFile(target) as archive:
        assert [name for name in archive.namelist() if name.endswith("Abgabe.Abgabe.0401.xml")]
    assert str(target)[-40:] in pilot.desk.window.toast.words.text()
    assert acts(pilot.office)[-1] is ActKind.EXPORTED
    assert pilot.desk.window.progress.isHidden()
    assert [path.name for path in tmp_path.iterdir()] == ["akte.zip"]


def test_nothing_happens_when_no_place_is_chosen(pilot: Pilot, choose: Choose) -> None:
    pilot.desk.list.select_case(case_id_of(1))
    pilot.calm()
    choose(None)
    run(pilot, "case.export")
    pilot.calm()
    assert ActKind.EXPORTED not in acts(pilot.office)
    assert pilot.desk.window.commands.reason("case.export") is None


def test_the_shown_list_leaves_and_what_was_left_out_is_told(
    pilot: Pilot, tmp_path: Path, choose: Choose, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = pilot.office
    listed = pilot.desk.bench.reads.list(pilot.desk.list.query())
    damaged = next(row for row in listed if row.attachment_count)
    documents = type(open_desk(office).attachments)
    write_to = documents.write_to

    def fails(self: object, case_id: CaseId, *rest: object) -> None:
        if case_id == damaged.case_id:
            raise ClerkError(ErrorCode.DOCUMENT_DAMAGED)
        write_to(self, case_id, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(documents, "write_to", fails)
    choose(tmp_path / "auswahl.zip")
    run(pilot, "list.export")
    finished(pilot)

    exported = acts(office).count(ActKind.EXPORTED)
    assert exported == len(listed) - 1 > 1
    assert pilot.desk.window.toast.words.text().startswith(f"{exported} ")
    assert damaged.case_reference in pilot.desk.window.messages.words.text()


def test_an_export_can_be_stopped_and_leaves_nothing(
    pilot: Pilot, tmp_path: Path, choose: Choose, monkeypatch: pytest.MonkeyPatch
) -> None:
    going, may_go_on = threading.Event(), threading.Event()
    documents = type(open_desk(pilot.office).attachments)

    def slow(self: object, case_id: str, submission: str, attachment: str, sink: BinaryIO) -> None:
        going.set()
        assert may_go_on.wait(10)
        sink.write(b"x")

    monkeypatch.setattr(documents, "write_to", slow)
    choose(tmp_path / "auswahl.zip")
    run(pilot, "list.export")
    pilot.until(going.is_set)
    pilot.until(pilot.desk.window.progress.isVisible)
    for command_id in ("case.export", "list.export"):
        reason = pilot.desk.window.commands.reason(command_id)
        assert reason is not None
        assert "gerade schon" in reason
    # the clerk's other work goes on meanwhile
    pilot.desk.list.select_case(case_id_of(1))
    pilot.until(lambda: pilot.desk.flow.dossier is not None)
    pilot.desk.window.progress.button.click()
    assert not pilot.desk.window.progress.button.isEnabled()
    may_go_on.set()
    finished(pilot)

    assert list(tmp_path.iterdir()) == []
    assert ActKind.EXPORTED not in acts(pilot.office)
    assert "abgebrochen" in pilot.desk.window.toast.words.text()
    assert pilot.desk.window.progress.isHidden()


def test_a_place_that_cannot_be_written_is_told(pilot: Pilot, tmp_path: Path, choose: Choose) -> None:
    pilot.desk.list.select_case(case_id_of(1))
    pilot.calm()
    choose(tmp_path / "missing" / "akte.zip")
    run(pilot, "case.export")
    finished(pilot)
    assert pilot.desk.window.messages.isVisible()
    assert pilot.desk.window.progress.isHidden()
    assert ActKind.EXPORTED not in acts(pilot.office)


def test_a_proof_needs_a_decision_that_has_left(pilot: Pilot, tmp_path: Path, choose: Choose) -> None:
    commands = pilot.desk.window.commands
    pilot.desk.list.select_case(case_id_of(1))
    pilot.calm()
    assert "noch keinen Bescheid" in str(commands.reason("case.proof"))
    decided(pilot.office, 1)
    pilot.desk.flow.load()
    pilot.calm()
    assert "noch nicht verlassen" in str(commands.reason("case.proof"))
    deliver(pilot.office, decision(pilot.office))  # type: ignore[arg-type]
    pilot.desk.flow.load()
    pilot.calm()
    assert commands.reason("case.proof") is None

    target = tmp_path / "nachweis.zip"
    choose(target)
    run(pilot, "case.proof")
    finished(pilot)
    with zipfile.ZipFile(target) as archive:
        assert {"pruefen.py", "manifest.json", "SHA256SUMS", "README.txt"} <= set(archive.namelist())
    assert "Zustellnachweis gespeichert" in pilot.desk.window.toast.words.text()
    assert acts(pilot.office)[-1] is ActKind.PROVED


def test_the_outbox_proves_the_entry_at_hand(pilot: Pilot, tmp_path: Path, choose: Choose) -> None:
    decided(pilot.office, 1)
    pilot.desk.show_area(Area.OUTBOX)
    pilot.calm()
    assert pilot.shows(Screen.OUTBOX)
    entry_id = decision(pilot.office)
    pilot.desk.outbox.choose(entry_id)
    assert "noch nicht verlassen" in str(pilot.desk.window.commands.reason("outbox.proof"))
    deliver(pilot.office, entry_id)  # type: ignore[arg-type]
    pilot.calm()
    pilot.until(lambda: pilot.office.entries[entry_id].state is OutboxState.DELIVERED)  # type: ignore[index]
    pilot.desk.outbox.choose(entry_id)
    choose(tmp_path / "nachweis.zip")
    run(pilot, "outbox.proof")
    finished(pilot)
    assert (tmp_path / "nachweis.zip").exists()


def test_closing_the_window_stops_an_export(pilot: Pilot, tmp_path: Path, choose: Choose) -> None:
    choose(tmp_path / "auswahl.zip")
    run(pilot, "list.export")
    pilot.desk.window.close()
    QApplication.processEvents()
    assert pilot.desk.filing.idle
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]
