"""The outbox page with an entry in every state: word, age, why, what now, and the clerk's hand on each."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import QDate, Qt
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QApplication

from clerk_app.domain.errors import ClerkError, Disposition, ErrorCode
from clerk_app.domain.outbox import FINAL_STATES, OutboxState
from clerk_app.ui.ask_dialog import DayDialog
from clerk_app.ui.settings import MemorySettings
from clerk_app.ui.sidebar import Area
from tests.ui.conftest import Pilot, question
from tests.ui.fake_store import FakeOffice, FakeReads
from tests.ui.outbox_seeds import PEOPLE, entry_id_of, fill_outbox

Key, Modifier = Qt.Key, Qt.KeyboardModifier
S = OutboxState


@pytest.fixture
def full() -> FakeOffice:
    made = FakeOffice()
    fill_outbox(made)
    return made


@pytest.fixture
def pilot(open_pilot: Callable[..., Pilot], full: FakeOffice) -> Pilot:
    made = open_pilot(full)
    made.desk.show_area(Area.OUTBOX)
    made.calm()
    return made


def choose(pilot: Pilot, name: str) -> None:
    assert pilot.desk.outbox.choose(entry_id_of(name)), name
    pilot.calm()


def words(pilot: Pilot) -> dict[str, str]:
    """Recipient to state word, in the table's order."""
    model = pilot.desk.outbox.model
    return {str(model.index(at, 2).data()): str(model.index(at, 0).data()) for at in range(model.rowCount())}


def reason(pilot: Pilot, command_id: str) -> str | None:
    return pilot.desk.window.commands.reason(command_id)


def test_every_state_has_its_word_and_what_needs_somebody_comes_first(pilot: Pilot) -> None:
    told = words(pilot)
    assert {PEOPLE[name]: word for name, word in {
        "held": "wartet noch 42 Sek.",
        "queued": "wartet hier",
        "trying": "wartet auf neuen Versuch",
        "announced": "angekündigt",
        "uploaded": "hochgeladen",
        "doubt": "wird geklärt",
        "submitted": "übergeben",
        "delivered": "zugestellt",
        "overtaken": "zurückgehalten",
        "rejected": "zurückgewiesen",
        "to-post": "zur Post",
        "posted": "zur Post gegeben",
        "withdrawn": "zurückgeholt",
    }.items()} == told  # fmt: skip
    order = [next(name for name, person in PEOPLE.items() if person == found) for found in told]
    assert order[:4] == ["trying", "overtaken", "rejected", "to-post"]
    assert set(order[-3:]) == {"delivered", "posted", "withdrawn"}


def test_every_entry_says_why_and_what_now_and_shows_its_steps(pilot: Pilot) -> None:
    details = pilot.desk.outbox.details
    for name, person in PEOPLE.items():
        choose(pilot, name)
        assert details.why.text(), name
        assert details.what_next.text(), name
        assert person in details.facts.text()
        assert details.steps.rowCount() >= 1, name
        finished = pilot.office.entries[entry_id_of(name)].state in FINAL_STATES
        assert (details.what_next.text() == "Es ist nichts zu tun.") is finished, name


def test_a_date_in_danger_is_told_on_the_page_in_the_status_bar_and_in_the_case(pilot: Pilot) -> None:
    choose(pilot, "trying")
    page = pilot.desk.outbox
    assert "Bearbeitung bis 24.11.2026" in page.details.warning.words.text()
    assert "1 Frist in Gefahr" in pilot.desk.window.status.outbox.text()
    pilot.desk.show_area(Area.DECIDED)
    pilot.calm()
    pilot.desk.list.select_case(pilot.office.entries[entry_id_of("trying")].case_id)
    pilot.calm()
    assert "Frist ist näher" in pilot.desk.page._stuck.words.text()


def test_what_arrived_meanwhile_is_shown_and_a_clerk_may_send_nevertheless(pilot: Pilot) -> None:
    choose(pilot, "overtaken")
    assert "24.11.2026, 08:14" in pilot.desk.outbox.details.why.text()
    refusal = reason(pilot, "outbox.retry")
    assert refusal is not None
    assert "Trotzdem senden" in refusal

    pilot.press(Key.Key_Return, Modifier.ControlModifier | Modifier.ShiftModifier)
    dialog = question(pilot)
    assert "24.11.2026, 08:14" in dialog.words.text()
    pilot.press(Key.Key_Return)  # the default changes nothing
    pilot.until(lambda: not dialog.isVisible())
    pilot.calm()
    entry = pilot.office.entries[entry_id_of("overtaken")]
    assert entry.state is S.RETURNED

    pilot.desk.window.commands.run("outbox.nevertheless")
    question(pilot).act.click()
    pilot.calm()
    entry = pilot.office.entries[entry_id_of("overtaken")]
    assert entry.state is S.QUEUED
    assert len(entry.basis) == 2
    assert pilot.office.syncs_asked == 1


def test_a_held_case_says_so_above_its_content(pilot: Pilot) -> None:
    pilot.desk.show_area(Area.OPEN)
    pilot.calm()
    pilot.desk.list.select_case(pilot.office.entries[entry_id_of("overtaken")].case_id)
    pilot.calm()
    assert "nicht hinausgegangen" in pilot.desk.page._stuck.words.text()


def test_the_day_of_posting_is_asked_for_and_must_be_possible(pilot: Pilot) -> None:
    choose(pilot, "to-post")
    pilot.ctrl(Key.Key_D)
    dialog = question(pilot)
    assert isinstance(dialog, DayDialog)
    made_on = pilot.office.entries[entry_id_of("to-post")].created_at.date()
    assert dialog.day.minimumDate() == QDate(made_on.year, made_on.month, made_on.day)
    assert dialog.day.maximumDate() == QDate(2026, 11, 24)
    dialog.day.setDate(QDate(2026, 12, 24))
    assert dialog.chosen() == date(2026, 11, 24), "a day in the future cannot be chosen"
    dialog.day.setDate(dialog.day.minimumDate())
    pilot.press(Key.Key_Return)
    pilot.until(lambda: not dialog.isVisible())
    pilot.calm()
    entry = pilot.office.entries[entry_id_of("to-post")]
    assert (entry.state, entry.posted_on) == (S.POSTED, made_on)


def test_a_wrong_day_of_posting_can_be_corrected(pilot: Pilot) -> None:
    choose(pilot, "posted")
    was = pilot.office.entries[entry_id_of("posted")]
    assert was.posted_on is not None
    refusal = reason(pilot, "outbox.posted")
    assert refusal is not None
    assert "Versandtag berichtigen" in refusal
    pilot.press(Key.Key_D, Modifier.ControlModifier | Modifier.ShiftModifier)
    dialog = question(pilot)
    assert isinstance(dialog, DayDialog)
    assert dialog.chosen() == was.posted_on, "the day that is to be corrected"
    right = QDate(2026, 11, 24) if was.posted_on != date(2026, 11, 24) else dialog.day.minimumDate()
    dialog.day.setDate(right)
    pilot.press(Key.Key_Return)
    pilot.until(lambda: not dialog.isVisible())
    pilot.calm()
    entry = pilot.office.entries[entry_id_of("posted")]
    assert (entry.state, entry.posted_on) == (S.POSTED, right.toPython())
    assert entry.posted_on != was.posted_on
    steps = pilot.desk.outbox.details.steps
    told = str(steps.index(steps.rowCount() - 1, 1).data())
    assert "Versandtag berichtigt" in told
    choose(pilot, "to-post")
    assert reason(pilot, "outbox.correct_posted") == "Für den Eintrag ist noch kein Versandtag vermerkt."


def test_taking_back_by_key_within_the_minute(pilot: Pilot) -> None:
    choose(pilot, "held")
    pilot.press(Key.Key_Delete)
    pilot.calm()
    assert pilot.office.entries[entry_id_of("held")].state is S.WITHDRAWN
    choose(pilot, "doubt")
    refusal = reason(pilot, "outbox.withdraw")
    assert refusal is not None
    assert "schon übergeben" in refusal


def test_the_seconds_run_down_in_sight(pilot: Pilot) -> None:
    pilot.office.clock.advance(12)
    pilot.desk.outbox._tick()
    assert words(pilot)[PEOPLE["held"]] == "wartet noch 30 Sek."
    assert pilot.desk.outbox._ticker.isActive()
    pilot.office.clock.advance(31)
    pilot.desk.outbox._tick()
    assert words(pilot)[PEOPLE["held"]] == "wartet hier"
    assert not pilot.desk.outbox._ticker.isActive()


def test_the_technical_line_stands_in_the_details(pilot: Pilot) -> None:
    choose(pilot, "delivered")
    details = pilot.desk.outbox.details
    assert "accept-submission" not in details.why.text()
    assert "accept-submission" in details.facts.text()
    assert "Nummer" in details.facts.text()


def test_proof_and_journal_go_to_the_clipboard(pilot: Pilot) -> None:
    choose(pilot, "delivered")
    pilot.ctrl(Key.Key_C)
    pilot.calm()
    text = QGuiApplication.clipboard().text()
    for part in (
        "Bewilligung Ihres Antrags",
        "Hanka Krawcec",
        "accept-submission",
        "eyJ0eXAi",
        "K. Beispiel",
    ):
        assert part in text


def test_filters_and_their_empty_states(pilot: Pilot) -> None:
    page = pilot.desk.outbox
    page.which.setCurrentIndex(page.which.findData("attention"))
    assert set(words(pilot)) == {PEOPLE[name] for name in ("trying", "overtaken", "rejected", "to-post")}
    page.which.setCurrentIndex(page.which.findData("post"))
    assert set(words(pilot)) == {PEOPLE["to-post"], PEOPLE["posted"]}
    page.which.setCurrentIndex(page.which.findData("finished"))
    assert set(words(pilot)) == {PEOPLE[name] for name in ("delivered", "posted", "withdrawn")}
    page.search.setText("krawcec M108")
    assert list(words(pilot)) == [PEOPLE["delivered"]]
    page.search.setText("nobody")
    assert "passt" in page.empty.title.text()
    page.empty.button.click()
    assert len(words(pilot)) == len(PEOPLE)


def test_only_what_can_be_done_stands_below(pilot: Pilot) -> None:
    shown_for = {
        "held": {"withdraw", "retry"},
        "doubt": {"retry"},
        "overtaken": {"withdraw", "nevertheless", "post"},
        "rejected": {"withdraw", "retry", "post"},
        "to-post": {"withdraw", "posted", "print"},
        "posted": {"print", "correct_posted"},
        "delivered": set(),
    }
    for name, expected in shown_for.items():
        choose(pilot, name)
        buttons = pilot.desk.outbox._buttons
        visible = {each.removeprefix("outbox.") for each, button in buttons.items() if not button.isHidden()}
        assert visible - {"save", "copy", "verify"} == expected, name
        assert {"save", "copy"} <= visible


def test_a_failed_load_says_so_and_tries_again(
    open_pilot: Callable[..., Pilot], full: FakeOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    pilot = open_pilot(full)

    def broken(_self: FakeReads, *, include_final: bool = True) -> list[object]:
        raise ClerkError(ErrorCode.CACHE_DAMAGED, {}, Disposition.GIVE_UP)

    with monkeypatch.context() as patch:
        patch.setattr(FakeReads, "outbox", broken)
        pilot.desk.show_area(Area.OUTBOX)
        pilot.calm()
        assert pilot.desk.outbox.empty.button.text() == "Erneut versuchen"
    pilot.desk.outbox.empty.button.click()
    pilot.calm()
    assert len(words(pilot)) == len(PEOPLE)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", [(1280, 800), (940, 600)])
def test_the_page_fits_and_is_painted(
    open_pilot: Callable[..., Pilot], full: FakeOffice, theme: str, size: tuple[int, int], tmp_path: Path
) -> None:
    pilot = open_pilot(full, MemorySettings({"theme": theme}))
    pilot.desk.window.resize(*size)
    pilot.desk.show_area(Area.OUTBOX)
    pilot.calm()
    page = pilot.desk.outbox
    for name in PEOPLE:
        choose(pilot, name)
        assert page.width() <= size[0]
        for button in page._buttons.values():
            if not button.isHidden():
                assert button.geometry().right() <= page.width(), (name, button.text())
        row = page.view.visualRect(page.view.currentIndex())
        assert page.view.viewport().rect().intersects(row), "the chosen entry is in sight"
    pilot.desk.window.grab().save(str(tmp_path / "outbox.png"))
    picture = QImage(str(tmp_path / "outbox.png"))
    assert (picture.width(), picture.height()) == size
    colours = {picture.pixel(x, y) for x in range(60, size[0], 7) for y in range(60, size[1], 7)}
    assert len(colours) > 20
    QApplication.processEvents()
