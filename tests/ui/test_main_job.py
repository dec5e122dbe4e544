"""Open newest → check → approve → sign → next: by keyboard, in three keystrokes."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from clerk_app.domain.ledger import ActKind
from clerk_app.domain.outbox import OutboxKind, OutboxState
from clerk_app.ui.commands import Screen
from clerk_app.ui.sidebar import Area
from tests.ui.conftest import Pilot
from tests.ui.fake_store import FakeOffice, case_id_of

Key = Qt.Key


def decisions(office: FakeOffice) -> list[OutboxState]:
    return [e.state for e in office.entries.values() if e.kind is OutboxKind.DECISION]


def to_preview(pilot: Pilot) -> None:
    pilot.press(Key.Key_Return)
    pilot.until(lambda: pilot.desk.flow.dossier is not None)
    pilot.calm()
    pilot.ctrl(Key.Key_Return)
    pilot.calm()
    assert pilot.shows(Screen.DECISION)


def test_three_keystrokes_and_the_next_case_is_there(pilot: Pilot) -> None:
    desk = pilot.desk
    assert desk.flow.row is not None
    assert desk.flow.row.applicant.startswith("von der Heide")

    pilot.press(Key.Key_Return)
    pilot.calm()
    assert pilot.shows(Screen.REVIEW)
    assert desk.review.viewer.pane.pages.shown

    pilot.ctrl(Key.Key_Return)
    pilot.calm()
    assert pilot.shows(Screen.DECISION)
    assert desk.decision.preview.pages.shown

    pilot.ctrl(Key.Key_Return)
    pilot.calm()

    assert pilot.keystrokes == 3
    assert decisions(pilot.office) == [OutboxState.QUEUED]
    assert pilot.shows(Screen.REVIEW)
    assert desk.flow.row.applicant.startswith("Özdemir")
    assert desk.window.toast.isVisible()
    assert "1 Min. 00 Sek." in desk.window.toast.words.text()


def test_an_open_check_point_wants_a_tick_first(pilot: Pilot) -> None:
    desk = pilot.desk
    desk.list.select_case(case_id_of(2))
    pilot.calm()
    pilot.press(Key.Key_Return)
    pilot.calm()
    pilot.ctrl(Key.Key_Return)
    pilot.calm()
    assert pilot.shows(Screen.REVIEW)
    assert "weicht vom Melderegister ab" in desk.window.toast.words.text()

    assert QApplication.focusWidget() is desk.review.checks.rows()[2].tick
    pilot.press(Key.Key_Space)
    pilot.calm()
    acts = [act for _at, act in pilot.office.acts if act.kind is ActKind.CHECKED]
    assert acts[-1].payload == {"check_id": "address", "accepted": True, "reason": ""}
    pilot.ctrl(Key.Key_Return)
    pilot.calm()
    assert pilot.shows(Screen.DECISION)


def test_the_key_for_the_old_screen_never_acts_on_the_new_one(pilot: Pilot) -> None:
    pilot.press(Key.Key_Return)
    pilot.calm()
    pilot.ctrl(Key.Key_Return)
    pilot.calm()
    pilot.ctrl(Key.Key_Return, settle=False)
    pilot.calm()
    assert decisions(pilot.office) == []
    pilot.office.clock.monotonic_s += 0.41
    pilot.ctrl(Key.Key_Return, settle=False)
    pilot.calm()
    assert decisions(pilot.office) == [OutboxState.QUEUED]


def test_a_key_held_down_decides_once(pilot: Pilot) -> None:
    to_preview(pilot)
    pilot.office.clock.monotonic_s += 1
    window = pilot.desk.window.windowHandle()
    control = Qt.KeyboardModifier.ControlModifier

    def held() -> None:
        for _repeat in range(3):
            QTest.simulateEvent(window, True, Key.Key_Return, control, "\r", True)
        pilot.calm()

    held()
    assert decisions(pilot.office) == [], "held since the screen before"
    QTest.simulateEvent(window, True, Key.Key_Return, control, "\r", False)
    held()
    assert decisions(pilot.office) == [OutboxState.QUEUED], "once, and the next case not at all"
    moves = pilot.desk.window.commands._shortcuts["Alt+Down"]
    assert moves.autoRepeat(), "going through a list may be held"


def test_signing_waits_for_the_preview(pilot: Pilot) -> None:
    pilot.press(Key.Key_Return)
    pilot.calm()
    pilot.desk.decision.reasons.setPlainText("noch etwas")
    to_preview_reason = pilot.desk.window.commands.reason("decision.sign")
    assert to_preview_reason is not None
    pilot.ctrl(Key.Key_Return)
    pilot.calm()
    pilot.desk.decision.reasons.setPlainText("Neue Begründung")
    reason = pilot.desk.window.commands.reason("decision.sign")
    assert reason is not None
    assert "Vorschau" in reason
    pilot.until(lambda: pilot.desk.window.commands.reason("decision.sign") is None)

    def drafted() -> list[dict[str, object]]:
        return [dict(act.payload) for _at, act in pilot.office.acts if act.kind is ActKind.DRAFTED]

    pilot.until(lambda: bool(drafted()))
    assert drafted()[-1]["outcome"] == "granted"
    assert drafted()[-1]["reasons"] == "Neue Begründung"


def test_a_refusal_wants_reasons(pilot: Pilot) -> None:
    desk = pilot.desk
    pilot.press(Key.Key_Return)
    pilot.calm()
    desk.window.commands.run("case.refuse")
    pilot.calm()
    assert QApplication.focusWidget() is desk.decision.reasons
    reason = desk.window.commands.reason("decision.sign")
    assert reason is not None
    assert "Begründung" in reason
    pilot.type_into(desk.decision.reasons, "Die Wohnung liegt nicht im Bereich.")
    pilot.until(lambda: desk.window.commands.reason("decision.sign") is None)


def test_ctrl_z_takes_a_signed_decision_back(pilot: Pilot) -> None:
    to_preview(pilot)
    pilot.ctrl(Key.Key_Return)
    pilot.calm()
    assert decisions(pilot.office) == [OutboxState.QUEUED]
    pilot.ctrl(Key.Key_Z)
    pilot.calm()
    assert decisions(pilot.office) == [OutboxState.WITHDRAWN]
    companions = [e.state for e in pilot.office.entries.values() if e.kind is OutboxKind.STATUS]
    assert companions == [OutboxState.WITHDRAWN]
    assert "Zurückgeholt" in pilot.desk.window.toast.words.text()


def test_a_case_that_changed_meanwhile_is_not_signed_blindly(pilot: Pilot) -> None:
    to_preview(pilot)
    with pilot.office.lock:
        seed = pilot.office.seeds[case_id_of(1)]
        seed.applications.append(seed.applications[0])
    pilot.ctrl(Key.Key_Return)
    pilot.calm()
    assert decisions(pilot.office) == []
    assert "geändert" in pilot.desk.window.messages.words.text()


def test_after_the_last_case_the_list_is_back(pilot: Pilot) -> None:
    office, desk = pilot.office, pilot.desk
    for number in range(2, 8):
        office.seeds.pop(case_id_of(number))
    desk.list.reload()
    pilot.calm()
    to_preview(pilot)
    pilot.ctrl(Key.Key_Return)
    pilot.calm()
    assert decisions(office) == [OutboxState.QUEUED]
    assert pilot.shows(Screen.BROWSE)
    desk.show_area(Area.DECIDED)
    pilot.calm()
    assert desk.list.model.rowCount() == 1
    desk.show_area(Area.NEW)
    pilot.calm()
    assert desk.list.model.rowCount() == 0
    assert "Nichts Neues" in desk.list.empty.title.text()
