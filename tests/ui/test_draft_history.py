"""Nothing typed is lost: written down a second after the first key, found again, brought back, undone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt

from clerk_app.domain.typed import TypedPlace
from clerk_app.ui.access_walk import complaints
from clerk_app.ui.commands import Screen
from clerk_app.ui.draft_history import differing_lines
from clerk_app.ui.settings import MemorySettings
from tests.ui.conftest import Pilot
from tests.ui.fake_store import FakeOffice, case_id_of

Key = Qt.Key
CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


def words(office: FakeOffice, place: TypedPlace) -> list[object]:
    return [state.fields.get("reasons") for state in office.typed if state.place is place]


def test_the_clock_runs_from_the_first_key_on(pilot: Pilot) -> None:
    pilot.press(Key.Key_Return)
    pilot.calm()
    pilot.ctrl(Key.Key_B)
    pilot.calm()
    office, reasons = pilot.office, pilot.desk.decision.reasons
    for letter in "abcdef":  # never a pause that would be long enough for "when the hands rest"
        pilot.type_into(reasons, letter)
        office.clock.monotonic_s += 0.4
    pilot.calm()
    kept = words(office, TypedPlace.DECISION)
    assert kept == ["abcd"]  # at 1.2 s, and 0.8 s have passed since
    pilot.desk.decision.keep_typed()
    pilot.calm()
    assert words(office, TypedPlace.DECISION)[-1] == "abcdef"


def test_back_to_an_earlier_state_and_back_again(pilot: Pilot) -> None:
    pilot.press(Key.Key_Return)
    pilot.calm()
    pilot.ctrl(Key.Key_B)
    pilot.calm()
    page, office = pilot.desk.decision, pilot.office
    page.reasons.setPlainText("Erster Gedanke")
    page.journal.keep()
    pilot.calm()
    page.reasons.setPlainText("Zweiter Gedanke")
    pilot.ctrl(Key.Key_H)
    pilot.calm()
    dialog = pilot.desk.drafting.dialog
    assert dialog is not None
    assert complaints(dialog) == []
    first = dialog.model.index(0, 2).data()
    assert first == "Erster Gedanke"
    assert "+ Erster Gedanke" in dialog.words.toPlainText()
    assert "− Zweiter Gedanke" in dialog.words.toPlainText()
    dialog.back.click()
    pilot.calm()
    assert page.reasons.toPlainText() == "Erster Gedanke"
    assert "Zweiter Gedanke" in words(office, TypedPlace.DECISION)  # nothing disappears
    pilot.desk.flow.undo()
    assert page.reasons.toPlainText() == "Zweiter Gedanke"


def test_a_request_and_a_note_wait_where_they_were_left(pilot: Pilot) -> None:
    pilot.ctrl(Key.Key_R)
    pilot.calm()
    pilot.desk.request.form.note.setPlainText("Bitte die zweite Seite")
    pilot.press(Key.Key_Escape)
    pilot.desk.request.keep_typed()
    pilot.calm()
    pilot.desk.step(1)
    pilot.calm()
    pilot.ctrl(Key.Key_R)
    pilot.calm()
    assert pilot.desk.request.form.note.toPlainText() == ""
    pilot.press(Key.Key_Escape)
    pilot.desk.step(-1)
    pilot.calm()
    pilot.ctrl(Key.Key_R)
    pilot.calm()
    assert pilot.desk.request.form.note.toPlainText() == "Bitte die zweite Seite"
    pilot.press(Key.Key_Escape)

    pilot.press(Key.Key_V, CTRL | SHIFT)
    pilot.calm()
    note = pilot.desk.page.history.note
    pilot.type_into(note, "Rueckruf")
    pilot.desk.step(1)
    pilot.calm()
    assert note.text() == ""
    pilot.desk.step(-1)
    pilot.calm()
    assert note.text() == "Rueckruf"
    pilot.type_into(note, " erledigt")
    pilot.press(Key.Key_Return)
    pilot.calm()
    assert all(state.ended for state in pilot.office.typed if state.place is TypedPlace.NOTE)


def test_after_a_crash_one_bar_leads_to_the_words(
    open_pilot: Callable[..., Pilot], office: FakeOffice
) -> None:
    from tests.ui.fake_store import FakeJournal

    journal = FakeJournal(office)
    journal.keep(case_id_of(2), TypedPlace.LETTER, {"letter": "notification", "text": "Guten Tag"})
    journal.keep(case_id_of(3), TypedPlace.DECISION, {"outcome": "refused", "reasons": "Weil es regnet"})
    settings = MemorySettings({"theme": "light", "running": True})
    pilot = open_pilot(office, settings)
    bar = pilot.desk.window.recovery
    assert bar.isVisible()
    assert bar.words.text().startswith("Entwurf vom 24.11.2026, 08:14 wiederhergestellt: Bescheid, ")
    assert "und 1 weiterer" in bar.words.text()
    bar.button.click()
    pilot.calm()
    assert pilot.shows(Screen.DECISION)
    assert pilot.desk.decision.reasons.toPlainText() == "Weil es regnet"
    assert pilot.desk.decision.editor.outcome().value == "refused"
    assert "Schreiben, " in bar.words.text()
    pilot.press(Key.Key_H, CTRL | SHIFT)
    pilot.calm()
    assert pilot.shows(Screen.LETTER)
    assert pilot.desk.letter.form.text.toPlainText() == "Guten Tag"
    assert not bar.isVisible()
    assert settings.get("running") is True
    pilot.desk.window.closing.emit()
    assert settings.get("running") is False


@pytest.mark.parametrize("settings", [{"theme": "light"}, {"theme": "light", "running": False}])
def test_without_a_crash_nobody_is_bothered(
    open_pilot: Callable[..., Pilot], office: FakeOffice, settings: dict[str, object]
) -> None:
    from tests.ui.fake_store import FakeJournal

    FakeJournal(office).keep(case_id_of(3), TypedPlace.DECISION, {"outcome": "refused", "reasons": "x"})
    pilot = open_pilot(office, MemorySettings(settings))
    assert not pilot.desk.window.recovery.isVisible()
    assert pilot.desk.window.commands.reason("draft.recovered") is not None


def test_what_differs_is_said_with_signs() -> None:
    assert differing_lines(["a", "b"], ["a", "c"]) == ["   a", "− c", "+ b"]
