"""Asking for documents, and the clerk's hand on what leaves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import QDate, Qt
from PySide6.QtWidgets import QFileDialog

from clerk_app.domain.case import CaseStatus
from clerk_app.domain.changes import ChangeSet
from clerk_app.domain.decision import Outcome
from clerk_app.domain.gaps import GapItem, GapOrigin, GapState
from clerk_app.domain.outbox import OutboxEntry, OutboxKind, OutboxState
from clerk_app.ui.commands import Screen
from clerk_app.ui.request_model import wished_items
from clerk_app.ui.saving import safe_name
from clerk_app.ui.sidebar import Area
from tests.ui.conftest import Pilot, question
from tests.ui.fake_store import FakeOffice, case_id_of, deliver
from tests.ui.fakes import open_desk

Key = Qt.Key


def entry(office: FakeOffice, kind: OutboxKind) -> OutboxEntry:
    return next(e for e in office.entries.values() if e.kind is kind)


def ask(pilot: Pilot, number: int) -> None:
    pilot.desk.list.select_case(case_id_of(number))
    pilot.calm()
    pilot.ctrl(Key.Key_R)
    pilot.calm()
    assert pilot.shows(Screen.REQUEST)


def test_ticks_and_lines_become_a_request(pilot: Pilot) -> None:
    ask(pilot, 1)
    page = pilot.desk.request
    reason = pilot.desk.window.commands.reason("request.send")
    assert reason is not None
    assert page.due.date() == QDate(2026, 12, 8)
    page.ticks[1][0].setChecked(True)
    page.more.setPlainText("Foto des Stellplatzes\n\n  Foto   des Stellplatzes \nVollmacht")
    pilot.until(lambda: page.preview.pages.shown)
    pilot.ctrl(Key.Key_Return)
    pilot.calm()
    sent = entry(pilot.office, OutboxKind.DOCUMENT_REQUEST)
    items = pilot.office.outgoing[sent.entry_id].structured["items"]
    assert items == [
        {"text": "Mietvertrag oder Wohnungsgeberbestätigung", "origin": "evidence", "key": "lease"},
        {"text": "Foto des Stellplatzes"},
        {"text": "Vollmacht"},
    ]
    assert pilot.office.outgoing[sent.entry_id].due_on == date(2026, 12, 8)
    assert pilot.office.case_status(pilot.office.seeds[case_id_of(1)]) is CaseStatus.REQUESTED


def test_an_open_check_point_ticks_what_would_clear_it(pilot: Pilot) -> None:
    ask(pilot, 2)
    assert [tick.isChecked() for tick, _text in pilot.desk.request.ticks] == [True, False, False]


def test_a_day_in_the_past_is_refused_before_sending(pilot: Pilot) -> None:
    ask(pilot, 1)
    page = pilot.desk.request
    page.ticks[0][0].setChecked(True)
    page.due.setDate(QDate(2026, 11, 1))
    pilot.ctrl(Key.Key_Return)
    pilot.calm()
    assert not pilot.office.entries
    assert "01.11.2026" in pilot.desk.window.toast.words.text()


def test_by_post_is_said_with_its_reason(pilot: Pilot) -> None:
    ask(pilot, 4)
    assert "Post" in pilot.desk.request.form.way.words.text()
    assert "keinen elektronischen Rückweg" in pilot.desk.request.form.way.words.text()


def test_an_answer_brings_the_case_back(pilot: Pilot) -> None:
    desk_side = open_desk(pilot.office)
    desk_side.cases.open(case_id_of(3))
    desk_side.requesting.request(case_id_of(3), ["Impfpass"])
    pilot.calm()
    assert pilot.desk.list.model.rowCount() == 6
    pilot.office.clock.advance(86_400)
    pilot.office.answer(case_id_of(3))
    pilot.calm()
    assert pilot.desk.list.model.rowCount() == 7


def test_typed_lines_are_cleaned() -> None:
    item = GapItem(GapOrigin.EVIDENCE, "a", "a", GapState.MISSING)
    assert wished_items([item], " b \n\nA\n c  d") == (item, "b", "c d")


def signed(pilot: Pilot, number: int) -> OutboxEntry:
    side = open_desk(pilot.office)
    side.deciding.sign(side.deciding.draft(case_id_of(number), Outcome.GRANTED), lambda: None)
    pilot.calm()
    pilot.desk.show_area(Area.OUTBOX)
    pilot.calm()
    return entry(pilot.office, OutboxKind.DECISION)


def state_words(pilot: Pilot) -> str:
    return str(pilot.desk.outbox.model.index(0, 0).data())


def test_an_entry_waits_with_its_time_and_can_be_taken_back(pilot: Pilot) -> None:
    found = signed(pilot, 1)
    assert state_words(pilot) == "wartet noch 1 Min. 00 Sek."
    pilot.office.clock.advance(18)
    pilot.desk.outbox._tick()
    assert state_words(pilot) == "wartet noch 42 Sek."
    pilot.desk.window.commands.run("outbox.withdraw")
    pilot.calm()
    assert pilot.office.entries[found.entry_id].state is OutboxState.WITHDRAWN
    assert state_words(pilot) == "zurückgeholt"
    reason = pilot.desk.window.commands.reason("outbox.withdraw")
    assert reason is not None
    assert "erledigt" in reason


def test_a_receipt_is_shown(pilot: Pilot) -> None:
    found = signed(pilot, 1)
    deliver(pilot.office, found.entry_id)
    pilot.calm()
    assert state_words(pilot) == "zugestellt"
    assert "Beleg des Portals vom 24.11.2026" in pilot.desk.outbox.details.why.text()


def returned(pilot: Pilot, number: int) -> OutboxEntry:
    found = signed(pilot, number)
    with pilot.office.lock:
        pilot.office.entries[found.entry_id] = replace(
            found, state=OutboxState.RETURNED, problems=("mailbox-unknown",)
        )
    pilot.office.publish(ChangeSet(outbox=frozenset({found.entry_id}), changed=frozenset({found.case_id})))
    pilot.calm()
    return found


def test_a_returned_entry_can_go_by_post_and_be_marked_as_posted(pilot: Pilot) -> None:
    found = returned(pilot, 1)
    assert state_words(pilot) == "zurückgekommen"
    assert "mailbox-unknown" in pilot.desk.outbox.details.why.text()
    pilot.desk.window.commands.run("outbox.post")
    pilot.calm()
    assert state_words(pilot) == "zur Post"
    pilot.desk.window.commands.run("outbox.posted")
    dialog = question(pilot)
    pilot.press(Key.Key_Return)
    pilot.until(lambda: not dialog.isVisible())
    pilot.calm()
    assert pilot.office.entries[found.entry_id].state is OutboxState.POSTED
    assert pilot.office.entries[found.entry_id].posted_on == date(2026, 11, 24)
    assert state_words(pilot) == "zur Post gegeben"


def test_a_returned_entry_can_be_sent_again(pilot: Pilot) -> None:
    found = returned(pilot, 1)
    pilot.desk.window.commands.run("outbox.retry")
    pilot.calm()
    assert pilot.office.entries[found.entry_id].state is OutboxState.QUEUED
    assert pilot.office.syncs_asked == 1


def test_the_signed_letter_can_be_saved(
    pilot: Pilot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    signed(pilot, 1)
    target = tmp_path / "Bescheid.pdf"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_args: (str(target), ""))
    pilot.desk.window.commands.run("outbox.save")
    pilot.calm()
    assert target.read_bytes().endswith(b"%SIGNED")
    assert [path.name for path in tmp_path.iterdir()] == ["Bescheid.pdf"]
    target = tmp_path / "missing" / "Bescheid.pdf"
    pilot.desk.window.commands.run("outbox.save")
    pilot.calm()
    assert pilot.desk.window.messages.isVisible()


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("../../etc/passwd", "_.._etc_passwd"),
        ("a\x00\nb.pdf", "a__b.pdf"),
        ("", "Dokument"),
        (" . ", "Dokument"),
    ],
)
def test_a_citizens_file_name_leads_nowhere(name: str, safe: str) -> None:
    assert safe_name(name) == safe


def test_it_is_too_late_once_the_portal_has_it(pilot: Pilot) -> None:
    found = signed(pilot, 1)
    deliver(pilot.office, found.entry_id)
    pilot.desk.flow.withdraw(found.entry_id)
    pilot.calm()
    assert "zurückholen" in pilot.desk.window.messages.words.text()
    assert not pilot.desk.window.messages.retry.isVisible()


def test_no_way_out_without_a_selection(open_pilot: Callable[..., Pilot]) -> None:
    pilot = open_pilot(FakeOffice())
    pilot.desk.show_area(Area.OUTBOX)
    pilot.calm()
    for command_id in ("outbox.withdraw", "outbox.retry", "outbox.posted", "outbox.post", "outbox.save"):
        assert pilot.desk.window.commands.reason(command_id) == "Es ist kein Eintrag ausgewählt."
    assert "leer" in pilot.desk.outbox.empty.title.text()
