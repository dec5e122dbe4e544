"""Writing letters that decide nothing, with the keys a clerk has."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from PySide6.QtCore import QDate, Qt
from PySide6.QtWidgets import QApplication, QLabel

from clerk_app.domain.case import CaseStatus
from clerk_app.domain.correspondence import CORRESPONDENCE_KINDS, Correspondence
from clerk_app.domain.ledger import Act, ActKind
from clerk_app.domain.letter import LetterKind
from clerk_app.domain.outbox import OutboxEntry, OutboxKind, OutboxState
from clerk_app.ui.access_walk import complaints
from clerk_app.ui.commands import Screen
from clerk_app.ui.letter_model import KINDS
from clerk_app.ui.settings import MemorySettings
from clerk_app.ui.sidebar import Area
from tests.ui.conftest import Pilot
from tests.ui.fake_store import FakeLedger, FakeOffice, case_id_of
from tests.ui.seeds import fill

Key = Qt.Key


def write(pilot: Pilot, number: int, kind: LetterKind | None = None) -> None:
    pilot.desk.list.select_case(case_id_of(number))
    pilot.calm()
    pilot.press(Key.Key_B, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    pilot.calm()
    assert pilot.shows(Screen.LETTER)
    if kind is not None:
        pilot.desk.letter.form.choose(kind)
        pilot.calm()


def letters(office: FakeOffice) -> list[OutboxEntry]:
    return [entry for entry in office.entries.values() if entry.kind is OutboxKind.LETTER]


def send(pilot: Pilot) -> None:
    pilot.until(lambda: pilot.desk.window.commands.reason("letter.send") is None)
    pilot.ctrl(Key.Key_Return)
    pilot.calm()


def test_a_hearing_is_written_seen_and_sent(pilot: Pilot) -> None:
    write(pilot, 1)
    page = pilot.desk.letter
    assert QApplication.focusWidget() is page.form.kind
    assert page.form.wanted().kind is LetterKind.HEARING
    assert "spricht" in (pilot.desk.window.commands.reason("letter.send") or "")
    assert page.form.due.date() == QDate(2026, 12, 8), "proposed"
    pilot.type_into(page.form.text, "Sie wohnen nicht in der Zone.")
    pilot.until(lambda: page.preview.pages.shown)
    send(pilot)

    (sent,) = letters(pilot.office)
    outgoing = pilot.office.outgoing[sent.entry_id]
    assert outgoing.due_on == date(2026, 12, 8)
    assert outgoing.structured["letter"] == "hearing"
    assert pilot.office.case_status(pilot.office.seeds[case_id_of(1)]) is CaseStatus.REQUESTED
    assert not pilot.shows(Screen.LETTER), "on to the next case: this one waits"
    assert "Anhörung an" in pilot.desk.window.toast.words.text()
    pilot.ctrl(Key.Key_Z)
    pilot.calm()
    assert letters(pilot.office)[0].state is OutboxState.WITHDRAWN
    assert "Das Schreiben" in pilot.desk.window.toast.words.text()


def test_after_a_letter_that_asks_nothing_the_case_stays_at_hand(pilot: Pilot) -> None:
    pilot.desk.list.select_case(case_id_of(1))
    pilot.calm()
    pilot.desk.open_case()
    pilot.calm()
    write(pilot, 1, LetterKind.RECEIPT)
    send(pilot)

    assert pilot.shows(Screen.REVIEW)
    assert pilot.desk.flow.row is not None
    assert pilot.desk.flow.row.case_id == case_id_of(1)
    (sent,) = letters(pilot.office)
    assert pilot.office.outgoing[sent.entry_id].due_on is None


@pytest.mark.parametrize("kind", CORRESPONDENCE_KINDS)
def test_only_what_a_letter_takes_is_asked_for(pilot: Pilot, kind: LetterKind) -> None:
    write(pilot, 1, kind)
    form = pilot.desk.letter.form
    assert form.authority.isVisible() is (kind is LetterKind.FORWARDING_NOTICE)
    assert form.due.isVisible() is bool(KINDS[kind].due)
    assert form.with_due.isVisible() is (bool(KINDS[kind].due) and KINDS[kind].due_optional)
    assert form.wanted().due_on == (date(2026, 12, 8) if kind is LetterKind.HEARING else None)


def test_a_day_is_named_only_when_it_is_wanted(pilot: Pilot) -> None:
    write(pilot, 1, LetterKind.INTERIM_NOTICE)
    form = pilot.desk.letter.form
    assert not form.due.isEnabled()
    form.with_due.setChecked(True)
    form.due.setDate(QDate(2027, 1, 15))
    assert form.wanted().due_on == date(2027, 1, 15)
    form.choose(LetterKind.RECEIPT)
    assert form.wanted().due_on is None


def test_a_day_that_is_over_is_refused_before_sending(pilot: Pilot) -> None:
    write(pilot, 1)
    pilot.desk.letter.form.text.setPlainText("Grund")
    pilot.desk.letter.form.due.setDate(QDate(2026, 11, 1))
    pilot.ctrl(Key.Key_Return)
    pilot.calm()
    assert not letters(pilot.office)
    assert "01.11.2026" in pilot.desk.window.toast.words.text()


def test_what_is_missing_is_said_where_the_preview_would_be(pilot: Pilot) -> None:
    write(pilot, 1, LetterKind.FORWARDING_NOTICE)
    page = pilot.desk.letter
    pilot.until(lambda: "zuständige Stelle" in page.preview.words.toPlainText())
    page.form.authority.setPlainText("Landratsamt Musterkreis")
    pilot.until(lambda: page.preview.pages.shown)


def test_sent_is_what_was_seen(pilot: Pilot) -> None:
    write(pilot, 1, LetterKind.RECEIPT)
    pilot.until(lambda: pilot.desk.window.commands.reason("letter.send") is None)
    pilot.desk.letter.form.text.setPlainText("Noch ein Satz")
    reason = pilot.desk.window.commands.reason("letter.send")
    assert reason is not None
    assert "Vorschau" in reason
    send(pilot)
    (sent,) = letters(pilot.office)
    assert "Noch ein Satz" in pilot.office.outgoing[sent.entry_id].text


def test_what_was_typed_waits_when_one_looks_at_the_case_again(pilot: Pilot) -> None:
    write(pilot, 1)
    pilot.desk.letter.form.text.setPlainText("Angefangen")
    pilot.press(Key.Key_Escape)
    pilot.calm()
    write(pilot, 1)
    assert pilot.desk.letter.form.text.toPlainText() == "Angefangen"
    pilot.press(Key.Key_Escape)
    write(pilot, 3)
    assert pilot.desk.letter.form.text.toPlainText() == ""


def test_what_was_typed_is_there_after_a_restart_until_it_is_sent(
    open_pilot: Callable[..., Pilot], office: FakeOffice
) -> None:
    first = open_pilot(office)
    write(first, 1, LetterKind.FORWARDING_NOTICE)
    form = first.desk.letter.form
    form.text.setPlainText("Angefangen")
    first.until(lambda: any(act.kind is ActKind.LETTER_DRAFTED for _at, act in office.acts))
    form.enclosures.setPlainText("Plan")
    first.desk.window.close()
    first.calm()

    second = open_pilot(office)
    write(second, 1)
    form = second.desk.letter.form
    wanted = form.wanted()
    assert (wanted.kind, wanted.text, wanted.enclosures) == (
        LetterKind.FORWARDING_NOTICE,
        "Angefangen",
        ("Plan",),
    )
    form.authority.setPlainText("Landratsamt Musterkreis")
    send(second)
    second.desk.show_area(Area.OPEN)
    second.calm()
    write(second, 1)
    assert second.desk.letter.form.text.toPlainText() == ""


def test_looking_at_the_page_keeps_nothing(pilot: Pilot) -> None:
    write(pilot, 1)
    pilot.press(Key.Key_Escape)
    pilot.calm()
    assert not [act for _at, act in pilot.office.acts if act.kind is ActKind.LETTER_DRAFTED]


def test_by_post_is_said_with_its_reason(pilot: Pilot) -> None:
    write(pilot, 4)
    words = pilot.desk.letter._way.words.text()
    assert "Post" in words
    assert "keinen elektronischen Rückweg" in words


def test_news_of_the_case_make_the_letter_anew(pilot: Pilot) -> None:
    write(pilot, 1)
    pilot.desk.letter.form.text.setPlainText("Grund")
    pilot.until(lambda: pilot.desk.window.commands.reason("letter.send") is None)
    pilot.office.clock.advance(60)
    pilot.office.answer(case_id_of(1))
    pilot.calm()
    news = pilot.desk.letter.news
    assert news.notice.words.text().startswith("Nachgereicht am ")
    assert "Bitte erst die Unterschiede ansehen" in (pilot.desk.window.commands.reason("letter.send") or "")
    news.notice.button.click()
    pilot.until(lambda: pilot.shows(Screen.REVIEW))
    pilot.press(Key.Key_B, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    pilot.calm()
    assert pilot.desk.letter.form.text.toPlainText() == "Grund"
    send(pilot)
    assert len(letters(pilot.office)) == 1


def colleague_writes(pilot: Pilot, wanted: Correspondence) -> None:
    office = pilot.office
    office.actor, me = "M. Brand", office.actor
    with FakeLedger(office).transaction("colleague") as writing:
        writing.append(Act(ActKind.LETTER_DRAFTED, case_id_of(1), None, wanted.payload()))
    office.actor = me
    pilot.calm()


def test_a_colleagues_letter_is_shown_field_by_field(pilot: Pilot) -> None:
    """Own words stay until the clerk chooses; the choice is recorded, and taken back in one step."""
    write(pilot, 1, LetterKind.HEARING)
    page = pilot.desk.letter
    page.form.text.setPlainText("Von mir")
    pilot.until(lambda: pilot.desk.window.commands.reason("letter.send") is None)
    pilot.calm()
    assert not page.news.pending, "what is kept from here is no news"
    colleague_writes(
        pilot,
        Correspondence(LetterKind.HEARING, "Von ihr", date(2026, 12, 24), enclosures=("Merkblatt",)),
    )
    pilot.until(lambda: page.news.pending)
    words = page.news.notice.words.text()
    assert "M. Brand hat inzwischen einen Entwurf gespeichert; anders sind: Text, Frist, Anlagen" in words
    assert page.form.text.toPlainText() == "Von mir"
    page.news.notice.button.click()
    pilot.calm()
    told = [each.text() for each in page.news._fields.findChildren(QLabel)]
    assert {"Von mir", "Von ihr", "Merkblatt", "24.12.2026"} <= set(told)
    page.news._there.click()
    page.news._done.click()
    pilot.calm()
    assert page.form.text.toPlainText() == "Von ihr"
    assert page.form.wanted().due_on == date(2026, 12, 24)
    (kept,) = [act.payload for _at, act in pilot.office.acts if act.kind is ActKind.RECONCILED]
    assert kept["with"] == "M. Brand"
    pilot.desk.window.commands.run("app.undo")
    pilot.calm()
    assert page.form.text.toPlainText() == "Von mir"


@pytest.mark.parametrize(("width", "height", "scale"), [(1280, 800, 1.0), (940, 600, 1.0), (1280, 800, 2.0)])
def test_every_kind_is_named_and_nothing_is_clipped(
    open_pilot: Callable[..., Pilot], width: int, height: int, scale: float
) -> None:
    office = FakeOffice(practice=True)
    fill(office)
    pilot = open_pilot(office, MemorySettings({"theme": "light", "font_scale": scale}))
    pilot.desk.window.resize(width, height)
    pilot.calm()
    for kind in CORRESPONDENCE_KINDS:
        write(pilot, 4, kind)
        assert complaints(pilot.desk.window) == [], kind
        pilot.press(Key.Key_Escape)
        pilot.calm()
