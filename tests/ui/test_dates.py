"""Deadlines in the window: what is due, follow-ups by key, days in the case, the log of a day."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QDate, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QLabel, QPushButton, QTabBar, QWidget
from pytestqt.qtbot import QtBot

from clerk_app.domain.case_dates import DateKind, dates_of
from clerk_app.domain.deadlines import DeadlineKind
from clerk_app.domain.errors import ClerkError, ErrorCode
from clerk_app.ui import labels
from clerk_app.ui.case_header import CaseHeader
from clerk_app.ui.commands import Screen
from clerk_app.ui.date_dialog import DateDialog
from clerk_app.ui.reflow import WrappingRow
from clerk_app.ui.sidebar import Area, NavButton
from tests.ui.conftest import Pilot
from tests.ui.fake_store import FakeReads, case_id_of

Key = Qt.Key


def dialog(pilot: Pilot) -> DateDialog:
    pilot.until(lambda: pilot.desk.dating.dialog is not None)
    found = pilot.desk.dating.dialog
    assert found is not None
    return found


def enter(pilot: Pilot, on: date, text: str = "") -> None:
    shown = dialog(pilot)
    shown.on.setDate(QDate(on.year, on.month, on.day))
    shown.text.setText(text)
    QTest.keyClick(shown, Key.Key_Return)
    pilot.calm()
    pilot.desk.window.activateWindow()  # a screen without a window manager does not give it back
    pilot.until(pilot.desk.window.isActiveWindow)


def today(pilot: Pilot) -> date:
    return pilot.desk.bench.today()


def entered(pilot: Pilot, number: int) -> list[tuple[DateKind, date, str, bool]]:
    case = FakeReads(pilot.office).case_file(case_id_of(number))
    assert case is not None
    return [(each.kind, each.on, each.text, each.done) for each in dates_of(case.history)]


def choose(pilot: Pilot, number: int) -> None:
    pilot.desk.list.select_case(case_id_of(number))
    pilot.calm()


def shown_words(part: QWidget) -> set[str]:
    return {each.text() for each in part.findChildren(QLabel) if each.isVisible()}


def to_dates(pilot: Pilot) -> None:
    pilot.desk.show_area(Area.DATES)
    pilot.calm()
    assert pilot.shows(Screen.DATES)


def kinds(pilot: Pilot) -> list[DeadlineKind]:
    due = pilot.desk.dates.due
    return [due.line(at).subject.deadline.kind for at in range(due.rowCount())]  # type: ignore[union-attr]


def test_insert_sets_a_follow_up_for_the_case_at_hand(pilot: Pilot) -> None:
    choose(pilot, 1)
    pilot.press(Key.Key_Insert)
    soon = today(pilot) + timedelta(days=2)
    enter(pilot, soon, "anrufen")
    assert entered(pilot, 1) == [(DateKind.FOLLOW_UP, soon, "anrufen", False)]


def test_a_follow_up_stands_beside_the_deadline_by_its_own_name(pilot: Pilot) -> None:
    choose(pilot, 1)
    header = next(each for each in pilot.desk.window.findChildren(CaseHeader) if each.isVisible())
    deadline = "Frist 01.12.2026 (noch 7 Tage)"
    assert shown_words(header) & {deadline} == {deadline}
    assert not any("Wiedervorlage" in words for words in shown_words(header))
    for days, role in ((2, "muted"), (0, "warn")):
        pilot.press(Key.Key_Insert)
        on = today(pilot) + timedelta(days=days)
        enter(pilot, on)
        words = f"Wiedervorlage am {on:%d.%m.}"
        pilot.until(lambda words=words: words in shown_words(header))  # type: ignore[misc]
        assert deadline in shown_words(header)
        row = pilot.desk.flow.row
        assert row is not None
        assert labels.reminder(row, today(pilot))[2] == role
        sentence = labels.row_sentence(row, pilot.desk.bench.now(), today(pilot))
        assert f"Frist 01.12., {words}" in sentence, "a screen reader hears both"
    area = next(each for each in pilot.desk.window.findChildren(NavButton) if each.text() == "Fristen")
    pilot.until(lambda: area.accessibleName() == "Fristen, 3")  # one late, one today, and this
    pilot.desk.open_case()
    pilot.calm()
    assert {deadline, words} <= shown_words(pilot.desk.review.header)
    assert "Bearbeitung bis Di 01.12.2026" in " ".join(shown_words(pilot.desk.review))


def test_a_day_with_a_reason_waits_for_the_reason(pilot: Pilot) -> None:
    choose(pilot, 1)
    pilot.ctrl(Key.Key_D)
    shown = dialog(pilot)
    assert shown.kind.currentData() == DateKind.MANUAL
    assert not shown.enter.isEnabled()
    QTest.keyClick(shown, Key.Key_Escape)
    pilot.calm()
    assert pilot.desk.dating.dialog is None
    assert entered(pilot, 1) == []


def test_what_cannot_be_is_said_and_nothing_is_entered(pilot: Pilot) -> None:
    choose(pilot, 1)
    pilot.ctrl(Key.Key_D)
    shown = dialog(pilot)
    shown.kind.setCurrentIndex(shown.kind.findData(DateKind.RECEIVED.value))
    enter(pilot, today(pilot))
    pilot.until(lambda: pilot.desk.window.messages.isVisible())
    assert entered(pilot, 1) == []


def test_what_is_due_is_listed_with_its_sum_and_can_be_done_by_key(pilot: Pilot) -> None:
    choose(pilot, 1)
    pilot.press(Key.Key_Insert)
    enter(pilot, today(pilot), "anrufen")
    to_dates(pilot)
    page = pilot.desk.dates
    pilot.until(lambda: page.due.rowCount() > 0)
    names = [page.due.line(at).cells[2].text for at in range(page.due.rowCount())]  # type: ignore[union-attr]
    assert "Wiedervorlage: anrufen" in names, "a name, not half a sentence"
    at = kinds(pilot).index(DeadlineKind.FOLLOW_UP)
    page.due_view.setCurrentIndex(page.due.index(at, 0))
    line = page.current()
    assert line is not None
    assert line.row.case_id == case_id_of(1)
    assert page.due.line(at).cells[1].text == "heute"  # type: ignore[union-attr]
    before = page.due.rowCount()
    pilot.ctrl(Key.Key_Return)
    pilot.until(lambda: page.due.rowCount() == before - 1)
    assert entered(pilot, 1)[0][3] is True
    page.due_view.setCurrentIndex(page.due.index(0, 0))
    assert kinds(pilot)[0] is DeadlineKind.PROCESSING
    assert "eingegangen" in page._ground.text()
    reason = pilot.desk.window.commands.reason("dates.done")
    assert reason is not None
    assert "von selbst" in reason


def test_a_shorter_period_shows_less_and_enter_opens_the_case(pilot: Pilot) -> None:
    to_dates(pilot)
    page = pilot.desk.dates
    page.span.setCurrentIndex(4)
    pilot.calm()
    many = page.due.rowCount()
    assert many > 0
    days = [page.due.line(at).subject.deadline.due_on for at in range(many)]  # type: ignore[union-attr]
    assert days == sorted(days)
    page.span.setCurrentIndex(0)
    pilot.until(lambda: page.due.rowCount() < many)
    page.span.setCurrentIndex(4)
    pilot.until(lambda: page.due.rowCount() == many)
    page.due_view.setCurrentIndex(page.due.index(0, 0))
    wanted = page.current_case_id()
    page.focus_content()
    pilot.press(Key.Key_Return)
    pilot.calm()
    assert pilot.shows(Screen.BROWSE)
    assert pilot.desk.flow.row is not None
    assert pilot.desk.flow.row.case_id == wanted


def test_the_log_of_a_day_is_shown_and_saved(
    pilot: Pilot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    choose(pilot, 1)
    pilot.press(Key.Key_Insert)
    enter(pilot, today(pilot) + timedelta(days=2), "anrufen")
    to_dates(pilot)
    page = pilot.desk.dates
    page.tabs.setCurrentIndex(1)
    pilot.until(lambda: page.log.rowCount() > 0)
    words = [cell.text for at in range(page.log.rowCount()) for cell in page.log.line(at).cells]  # type: ignore[union-attr]
    assert "Wiedervorlage am" in words
    assert "anrufen" in words
    target = tmp_path / "log.pdf"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_args: (str(target), ""))
    pilot.ctrl(Key.Key_S)
    pilot.until(target.exists)
    page.day.setDate(QDate(2020, 1, 2))
    pilot.until(lambda: page.log.rowCount() == 0)
    assert page.empty.isVisible()


def test_a_failed_read_is_told_and_can_be_tried_again(pilot: Pilot, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_args: object) -> object:
        raise ClerkError(ErrorCode.CACHE_DAMAGED)

    with monkeypatch.context() as patch:
        patch.setattr(FakeReads, "open_dates", broken)
        to_dates(pilot)
        page = pilot.desk.dates
        pilot.until(lambda: page.empty.button.isVisible())
    page.empty.button.click()
    pilot.until(lambda: page.due.rowCount() > 0)


def test_the_case_shows_each_deadline_with_its_sum(pilot: Pilot) -> None:
    choose(pilot, 1)
    pilot.press(Key.Key_Insert)
    enter(pilot, today(pilot) + timedelta(days=2), "<b>anrufen</b>")
    page = pilot.desk.page
    page.tabs.setCurrentIndex(4)
    pilot.calm()

    def words() -> list[str]:
        return [each.text() for each in page.dates.findChildren(QLabel) if each.isVisible()]

    pilot.until(lambda: "<b>anrufen</b>" in words())
    assert any(text.startswith("eingegangen ") for text in words())
    assert all(each.textFormat() is Qt.TextFormat.PlainText for each in page.dates.findChildren(QLabel))
    done = next(b for b in page.dates.findChildren(QPushButton) if b.text() == "Erledigt")
    assert "Wiedervorlage" in done.accessibleName()
    done.click()
    pilot.until(lambda: "<b>anrufen</b>" not in words())
    assert entered(pilot, 1)[0][3] is True


def middle(part: QWidget) -> int:
    return part.mapTo(part.window(), part.rect().center()).y()


def test_what_stands_in_one_line_stands_in_its_middle(pilot: Pilot) -> None:
    choose(pilot, 1)
    pilot.press(Key.Key_Insert)
    enter(pilot, today(pilot), "anrufen")
    to_dates(pilot)
    page = pilot.desk.dates
    pilot.until(lambda: page.due.rowCount() > 0)
    (title,) = (each for each in page.findChildren(QLabel) if each.text() == "Fristen")
    (count,) = (each for each in page.findChildren(QLabel) if each.text().endswith(" Einträge"))
    assert len({title.height(), count.height(), page.span.height()}) > 1
    assert max(abs(middle(each) - middle(page.span)) for each in (title, count)) <= 1

    pilot.desk.show_area(Area.OPEN)
    choose(pilot, 1)
    bar = next(
        each
        for each in pilot.desk.window.findChildren(QTabBar)
        if each.isVisible() and "Verlauf" in [each.tabText(at) for at in range(each.count())]
    )
    bar.setCurrentIndex([bar.tabText(at) for at in range(bar.count())].index("Fristen"))
    pilot.calm()
    words = next(
        each
        for each in pilot.desk.window.findChildren(QLabel)
        if each.isVisible() and each.text().startswith("Wiedervorlage am Di ")
    )
    block = words.parentWidget()
    assert block is not None
    for button in block.findChildren(QPushButton):
        assert abs(middle(button) - middle(words)) <= 1, button.text()


@pytest.mark.parametrize(("between", "second"), [(None, 30 + 18), (4, 30 + 4)])
def test_a_line_that_wraps_keeps_its_distance(qtbot: QtBot, between: int | None, second: int) -> None:
    part = QWidget()
    qtbot.addWidget(part)
    line = WrappingRow((0, 0, 0, 0), 18, between=between)
    boxes = [QWidget() for _number in range(3)]
    for box, height in zip(boxes, (10, 30, 20), strict=True):
        box.setFixedSize(100, height)
        line.addWidget(box)
    part.setLayout(line)
    part.resize(240, 200)
    part.show()
    places = [(box.x(), box.y()) for box in boxes]
    assert places == [(0, 10), (118, 0), (0, second)], "the second is the highest of its line"
    assert line.heightForWidth(240) == second + 20
