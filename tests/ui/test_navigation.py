"""Getting about by keyboard, and layouts for every width."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget

from clerk_app.domain.ids import EntryId
from clerk_app.sync.status import SyncPhase, SyncStatus
from clerk_app.ui import desk_window
from clerk_app.ui.commands import Screen
from clerk_app.ui.pages import MAKERS, RARE
from clerk_app.ui.settings import MemorySettings
from clerk_app.ui.sidebar import AREAS, Area
from tests.ui.conftest import Pilot
from tests.ui.fake_store import NOW, FakeOffice, case_id_of
from tests.ui.seeds import fill

Key = Qt.Key
ALT = Qt.KeyboardModifier.AltModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


def number(pilot: Pilot) -> int:
    row = pilot.desk.flow.row
    assert row is not None
    return row.row_id


def test_letters_and_arrows_walk_the_list(pilot: Pilot) -> None:
    assert number(pilot) == 1
    pilot.press(Key.Key_J)
    assert number(pilot) == 2
    pilot.press(Key.Key_K)
    assert number(pilot) == 1
    pilot.press(Key.Key_Down, ALT)
    assert number(pilot) == 2
    pilot.press(Key.Key_Up, ALT)
    assert number(pilot) == 1
    pilot.press(Key.Key_Up, ALT)
    assert "erste" in pilot.desk.window.toast.words.text()
    pilot.press(Key.Key_N)
    assert number(pilot) == 2


def test_letters_are_letters_where_one_types(pilot: Pilot) -> None:
    pilot.ctrl(Key.Key_F)
    field = QApplication.focusWidget()
    assert field is pilot.desk.list.search
    for key in (Key.Key_J, Key.Key_K, Key.Key_N):
        pilot.press(key)
    assert pilot.desk.list.search.text() == "jkn"


def test_letters_can_be_switched_off(open_pilot: Callable[..., Pilot], office: FakeOffice) -> None:
    pilot = open_pilot(office, MemorySettings({"theme": "light", "single_keys": False}))
    pilot.press(Key.Key_J)
    assert number(pilot) == 1


def test_next_and_previous_case_in_review(pilot: Pilot) -> None:
    pilot.press(Key.Key_Return)
    pilot.calm()
    pilot.press(Key.Key_Down, ALT)
    pilot.calm()
    assert pilot.shows(Screen.REVIEW)
    assert number(pilot) == 2
    assert pilot.desk.review.header.title.full_text() == "Wohngeld – Erstantrag"


def test_areas_by_number(pilot: Pilot) -> None:
    desk = pilot.desk
    numbers = {words.number: area for area, words in AREAS.items() if words.number is not None}
    assert len(numbers) >= 7
    for at, area in numbers.items():
        pilot.ctrl(Key(Key.Key_0.value + at))
        pilot.calm()
        assert desk.window.area() is area
        assert pilot.shows(AREAS[area].screen)
    desk.window.commands.run("area.quarantine")
    pilot.calm()
    assert desk.flow.row is not None
    assert desk.flow.row.case_id == case_id_of(8)


def test_escape_goes_back_step_by_step(pilot: Pilot) -> None:
    pilot.press(Key.Key_Return)
    pilot.calm()
    pilot.ctrl(Key.Key_B)
    pilot.calm()
    assert pilot.shows(Screen.DECISION)
    pilot.press(Key.Key_Escape)
    assert pilot.shows(Screen.REVIEW)
    pilot.ctrl(Key.Key_R)
    pilot.calm()
    assert pilot.shows(Screen.REQUEST)
    pilot.press(Key.Key_Escape)
    assert pilot.shows(Screen.REVIEW)
    pilot.press(Key.Key_Escape)
    assert pilot.shows(Screen.BROWSE)
    assert pilot.desk.list.view.hasFocus()


def test_f6_walks_the_panes_and_back(pilot: Pilot) -> None:
    desk = pilot.desk

    def pane() -> QWidget | None:
        focus = QApplication.focusWidget()
        parts: tuple[QWidget, ...] = (desk.window.sidebar, desk.list, desk.page)
        return next((part for part in parts if focus and part.isAncestorOf(focus)), None)

    assert pane() is desk.list
    pilot.press(Key.Key_F6)
    assert pane() is desk.page
    pilot.press(Key.Key_F6)
    assert pane() is desk.window.sidebar
    pilot.press(Key.Key_F6)
    assert pane() is desk.list
    pilot.press(Key.Key_F6, SHIFT)
    assert pane() is desk.window.sidebar


def test_f5_asks_for_a_round(pilot: Pilot) -> None:
    pilot.press(Key.Key_F5)
    assert pilot.office.syncs_asked == 1


def test_text_size_by_key(pilot: Pilot) -> None:
    theme = pilot.desk.bench.theme
    pilot.ctrl(Key.Key_Plus)
    pilot.ctrl(Key.Key_Plus)
    assert theme.scale == pytest.approx(1.2)
    pilot.ctrl(Key.Key_Minus)
    assert theme.scale == pytest.approx(1.1)
    pilot.ctrl(Key.Key_0)
    assert theme.scale == 1.0


@pytest.mark.parametrize(
    ("width", "scale", "panes"), [(1280, 1.0, 3), (1100, 1.0, 2), (940, 1.0, 2), (1280, 1.8, 1)]
)
def test_panes_by_width(
    open_pilot: Callable[..., Pilot], office: FakeOffice, width: int, scale: float, panes: int
) -> None:
    pilot = open_pilot(office, MemorySettings({"theme": "light", "font_scale": scale}))
    desk = pilot.desk
    desk.window.resize(width, 700)
    pilot.calm()
    assert desk.list.isVisible()
    assert desk.page.isVisible() is (panes > 1)
    assert (desk.window.sidebar.width() > desk.bench.theme.px(100)) is (panes == 3)
    if panes == 1:
        pilot.press(Key.Key_F6)
        assert desk.page.isVisible()
        assert not desk.list.isVisible()
        pilot.press(Key.Key_Escape)
        assert desk.list.isVisible()


def test_attachments_by_key(pilot: Pilot) -> None:
    pilot.press(Key.Key_Return)
    pilot.calm()
    viewer = pilot.desk.review.viewer
    pilot.ctrl(Key.Key_PageDown)
    pilot.calm()
    current = viewer.current()
    assert current is not None
    assert current.attachment.filename == "Mietvertrag.pdf"
    pilot.ctrl(Key.Key_PageUp)
    pilot.calm()
    current = viewer.current()
    assert current is not None
    assert current.attachment.filename == "Fahrzeugschein.pdf"


def test_the_attachment_can_be_read_as_text_and_zoomed(pilot: Pilot) -> None:
    pilot.press(Key.Key_Return)
    pilot.calm()
    viewer = pilot.desk.review.viewer
    viewer.pane.show_text(True)
    pilot.calm()
    assert "Alte Gasse 12" in viewer.pane.words.toPlainText()
    viewer.pane.show_text(False)
    viewer.pane.pages.zoom_by(1)
    pilot.calm()
    assert viewer.pane.pages.zoom() == 1.25
    assert viewer.pane.pages.page_count == 2


def test_a_hostile_attachment_is_a_sentence_not_a_crash(pilot: Pilot) -> None:
    first = pilot.office.seeds[case_id_of(1)].attachments[0].attachment.attachment_id
    pilot.office.contents[first] = b"MZ\x90 not a document"
    pilot.press(Key.Key_Return)
    pilot.calm()
    assert not pilot.desk.review.viewer.pane.pages.shown
    pilot.office.contents.pop(first)
    pilot.desk.review.viewer.show_at(0)
    pilot.calm()
    assert not pilot.desk.review.viewer.pane.pages.shown


def test_a_quarantined_case_says_why_and_offers_nothing_to_decide(pilot: Pilot) -> None:
    pilot.desk.show_area(Area.QUARANTINE)
    pilot.calm()
    words = pilot.desk.page._quarantine.words.text()
    assert "Prüfsumme" in words
    assert "Abgelehnt wurde nichts" in words
    for command_id in ("case.approve", "case.request", "case.refuse"):
        reason = pilot.desk.window.commands.reason(command_id)
        assert reason is not None
        assert "Quarantäne" in reason


def test_an_unreadable_form_is_shown_raw(open_pilot: Callable[..., Pilot]) -> None:
    office = FakeOffice()
    fill(office)
    seed = office.seeds[case_id_of(1)]
    from dataclasses import replace

    seed.applications[0] = replace(seed.applications[0], content=b"<kein><json>")
    pilot = open_pilot(office)
    assert pilot.desk.page.raw.isVisible()
    assert "<kein><json>" in pilot.desk.page.raw.toPlainText()
    assert not pilot.desk.page.form.isVisible()


def test_offline_is_said_and_work_goes_on(pilot: Pilot) -> None:
    pilot.office.board.post(SyncStatus(SyncPhase.OFFLINE, NOW, NOW))
    pilot.until(lambda: pilot.desk.window.offline.isVisible())
    assert "08:14" in pilot.desk.window.offline.words.text()
    assert "Offline" in pilot.desk.window.status.sync.text()
    pilot.office.board.post(SyncStatus(SyncPhase.IDLE, NOW, NOW))
    pilot.until(lambda: not pilot.desk.window.offline.isVisible())


def test_marking_unread_can_be_undone(pilot: Pilot) -> None:
    pilot.press(Key.Key_Return)
    pilot.calm()
    row = pilot.desk.flow.row
    assert row is not None
    assert not row.unread
    pilot.ctrl(Key.Key_U)
    pilot.calm()
    row = pilot.desk.flow.row
    assert row is not None
    assert row.unread
    pilot.ctrl(Key.Key_Z)
    pilot.calm()
    row = pilot.desk.flow.row
    assert row is not None
    assert not row.unread


def test_the_window_remembers_its_place(open_pilot: Callable[..., Pilot], office: FakeOffice) -> None:
    settings = MemorySettings({"theme": "light"})
    pilot = open_pilot(office, settings)
    pilot.desk.show_area(Area.REQUESTS)
    pilot.desk.window.resize(950, 650)
    pilot.desk.window.close()
    again = open_pilot(office, settings)
    assert again.desk.window.area() is Area.REQUESTS
    assert again.desk.window.height() == 650


@pytest.mark.parametrize("kept", ["junk", {"geometry": "ü", "panes": "x", "area": 7}, {"panes": [1]}, 5])
def test_a_damaged_memory_costs_nothing(
    open_pilot: Callable[..., Pilot], office: FakeOffice, kept: object
) -> None:
    pilot = open_pilot(office, MemorySettings({"session": kept, "theme": 3, "font_scale": "gross"}))
    assert pilot.desk.window.area() is Area.NEW


def test_a_failing_act_is_said_and_can_be_tried_again(pilot: Pilot) -> None:
    from clerk_app.domain.errors import ClerkError, ErrorCode

    pilot.office.fail_next = ClerkError(ErrorCode.DISK_FULL)
    pilot.desk.flow.note("Vermerk")
    pilot.calm()
    messages = pilot.desk.window.messages
    assert messages.isVisible()
    assert "DISK_FULL" in messages.details()
    messages.copy.click()
    assert "DISK_FULL" in QApplication.clipboard().text()
    messages.retry.click()
    pilot.calm()
    assert not messages.isVisible()
    assert [act.payload for _at, act in pilot.office.acts] == [{"text": "Vermerk"}]


def test_unknown_entries_cannot_be_taken_back(pilot: Pilot) -> None:
    pilot.desk.flow.withdraw(EntryId("unknown"))
    pilot.calm()
    assert pilot.desk.window.messages.isVisible()


def test_the_longest_heading_of_the_list_is_whole(pilot: Pilot) -> None:
    pilot.desk.window.resize(1280, 800)
    for area in (Area.OPEN, Area.DECIDED):
        pilot.desk.show_area(area)
        pilot.calm()
        heading = pilot.desk.list._title
        assert heading.text() == heading.full_text()


def test_screens_are_made_ahead_once_the_first_list_stands(
    open_pilot: Callable[..., Pilot], office: FakeOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk_window, "PAGES_AFTER_MS", 0)
    pilot = open_pilot(office)
    pages = pilot.desk.pages
    pilot.until(lambda: all(pages.has(screen) for screen in set(MAKERS) - RARE))
    assert RARE
    assert not any(pages.has(screen) for screen in RARE)  # nobody paid for what nobody opened
