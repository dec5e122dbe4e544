"""Related cases beside the form: explained, opened with Enter, left with Alt+Left, and never in the way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from clerk_app.domain.case import CaseRow, CaseStatus
from clerk_app.domain.changes import ChangeSet
from clerk_app.domain.errors import ClerkError, ErrorCode
from clerk_app.domain.ids import CaseId
from clerk_app.domain.relations import RelatedCase, RelatedCases, Relation, RelationKind, TooCommon
from clerk_app.ui.commands import Screen
from clerk_app.ui.related_model import footer, reasons, related_lines, tab_words
from clerk_app.ui.related_panel import RelatedPanel
from clerk_app.ui.review_side import ReviewPart
from tests.ui.conftest import Pilot
from tests.ui.fake_store import FakeOffice, FakeReads, case_id_of

Key = Qt.Key
HERE, DOUBLE, OLD = case_id_of(1), case_id_of(3), case_id_of(5)
PERSON = Relation(RelationKind.SAME_PERSON, "Heide-Šołćina, Žaneta", date(1991, 3, 14))
ADDRESS = Relation(RelationKind.SAME_ADDRESS, "Musterweg 5a, 00000 Musterhausen")
CONTRACT = Relation(RelationKind.SAME_ATTACHMENT, "mietvertrag.pdf")
SHEET = TooCommon(RelationKind.SAME_ATTACHMENT, "merkblatt.pdf", 312)


def row_of(office: FakeOffice, case_id: CaseId) -> CaseRow:
    found = FakeReads(office).row(case_id)
    assert found is not None
    return found


def relate(office: FakeOffice) -> None:
    """The first case has a double and some history; the double knows the first."""
    first, double, old = (row_of(office, each) for each in (HERE, DOUBLE, OLD))
    old = replace(old, status=CaseStatus.CLOSED)
    office.related[HERE] = RelatedCases(
        (
            RelatedCase(double, (PERSON, CONTRACT), same_service=True, possibly_double=True),
            RelatedCase(old, (ADDRESS,), same_service=False),
        ),
        2,
        (SHEET,),
    )
    office.related[DOUBLE] = RelatedCases((RelatedCase(first, (PERSON,), True, True),), 1)


@pytest.fixture
def review(open_pilot: Callable[..., Pilot], office: FakeOffice) -> Pilot:
    relate(office)
    pilot = open_pilot(office)
    pilot.desk.open_case()
    pilot.calm()
    return pilot


def at_hand(pilot: Pilot) -> CaseId:
    assert pilot.desk.flow.row is not None
    return pilot.desk.flow.row.case_id


def panel_of(pilot: Pilot) -> RelatedPanel:
    found = pilot.desk.review.side.panel(ReviewPart.RELATED)
    assert isinstance(found, RelatedPanel)
    return found


def badge(pilot: Pilot) -> str:
    shown = [each.text() for each in pilot.desk.review.header.findChildren(QLabel) if each.isVisible()]
    return "vielleicht doppelt" if "vielleicht doppelt" in shown else ""


def alt(pilot: Pilot, key: Qt.Key) -> None:
    pilot.press(key, Qt.KeyboardModifier.AltModifier)


def test_the_list_says_why_in_words(review: Pilot) -> None:
    alt(review, Key.Key_3)
    panel = panel_of(review)
    assert panel.view.hasFocus()
    double, old = (line for line in panel.view.lines.lines if line.row is not None)
    assert [line.words for line in panel.view.lines.lines if line.row is None] == [
        "Vielleicht doppelt gestellt",
        "Verlauf und Umfeld",
    ]
    assert [reason.words for reason in double.reasons] == [
        "gleiche Person: Heide-Šołćina, Žaneta, geb. 14.03.1991",
        "gleiche Anlage: mietvertrag.pdf",
    ]
    assert [reason.words for reason in old.reasons] == ["gleiche Anschrift: Musterweg 5a, 00000 Musterhausen"]
    spoken = panel.view.lines.index(1).data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken == (
        "Đorđević, Nikola; Hundesteueranmeldung; Eingang 23.11.2026; Neu; 2026-7KQ4-M003; "
        "gleiche Person: Heide-Šołćina, Žaneta, geb. 14.03.1991; gleiche Anlage: mietvertrag.pdf"
    )
    side = review.desk.review.side
    assert side.tabs.tabText(ReviewPart.RELATED) == "Bezüge (2)"
    assert side.tabs.tabToolTip(ReviewPart.RELATED) == "2 Bezüge, vielleicht doppelt"
    assert badge(review)
    assert "312 Vorgängen" in footer(review.office.related[HERE])


def test_enter_opens_and_alt_left_comes_back_to_the_line(review: Pilot) -> None:
    acts = len(review.office.acts)
    alt(review, Key.Key_3)
    review.press(Key.Key_Return)
    review.calm()
    assert review.shows(Screen.REVIEW)
    assert at_hand(review) == DOUBLE
    assert review.desk.review.side.tabs.currentIndex() == ReviewPart.CHECKS
    assert len(review.office.acts) == acts  # looking at it is not taking it up
    alt(review, Key.Key_Left)
    review.calm()
    assert at_hand(review) == HERE
    assert review.desk.review.side.tabs.currentIndex() == ReviewPart.RELATED
    panel = panel_of(review)
    assert panel.view.hasFocus()
    found = panel.view.current_row()
    assert found is not None
    assert found.case_id == DOUBLE
    alt(review, Key.Key_Left)
    assert review.shows(Screen.BROWSE)


def test_the_way_back_goes_case_by_case_and_ends_when_one_goes_elsewhere(review: Pilot) -> None:
    desk = review.desk
    desk.relating.open(row_of(review.office, DOUBLE))
    review.calm()
    desk.relating.open(row_of(review.office, OLD))
    review.calm()
    assert [row.case_id for row in desk.relating.trail] == [HERE, DOUBLE]
    desk.go_back()
    review.calm()
    assert [row.case_id for row in desk.relating.trail] == [HERE]
    desk.step(1)
    review.calm()
    assert desk.relating.trail == []


def test_a_case_that_is_in_no_list_opens_as_well(review: Pilot) -> None:
    desk = review.desk
    place = desk.list.position()
    closed = replace(row_of(review.office, OLD), row_id=4711)  # the list does not know it
    desk.bench.reads.row = lambda case_id: closed  # type: ignore[method-assign]
    desk.relating.open(closed)
    review.calm()
    assert at_hand(review) == OLD
    assert desk.list.position() == place


def test_another_case_shows_nothing_of_the_one_before(review: Pilot) -> None:
    alt(review, Key.Key_3)
    review.desk.step(1)
    panel = panel_of(review)
    assert panel.view.lines.lines == ()  # at once, while the answer is on its way
    assert not badge(review)
    review.calm()
    assert not panel.view.isVisible()
    assert panel.empty.title.text() == "Keine Bezüge zu anderen Vorgängen."
    assert review.desk.review.side.tabs.tabText(ReviewPart.RELATED) == "Bezüge"


def test_a_double_that_arrives_now_is_told_now(open_pilot: Callable[..., Pilot], office: FakeOffice) -> None:
    pilot = open_pilot(office)
    pilot.desk.open_case()
    pilot.calm()
    assert not badge(pilot)
    relate(office)
    office.publish(ChangeSet(arrived=frozenset({DOUBLE})))
    pilot.until(lambda: bool(badge(pilot)))
    assert pilot.desk.flow.why_not_decide() is None  # it never stands in the way


def test_what_cannot_be_read_is_said_there_and_blocks_nothing(
    open_pilot: Callable[..., Pilot], office: FakeOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_reads: FakeReads, _case_id: CaseId) -> RelatedCases:
        raise ClerkError(ErrorCode.CACHE_DAMAGED)

    monkeypatch.setattr(FakeReads, "related", broken)
    pilot = open_pilot(office)
    pilot.desk.open_case()
    pilot.calm()
    panel = panel_of(pilot)
    assert panel.empty.title.text() == "Die Bezüge ließen sich nicht lesen."
    assert pilot.desk.flow.why_not_decide() is None
    monkeypatch.undo()
    relate(office)
    alt(pilot, Key.Key_3)
    assert panel.empty.button.hasFocus()
    pilot.press(Key.Key_Space)
    pilot.calm()
    assert panel.view.lines.rowCount() == 4


def test_the_command_says_why_it_is_grey(review: Pilot) -> None:
    commands = review.desk.window.commands
    assert commands.reason("related.open") == "Es ist kein Bezug ausgewählt (Alt+3)."
    alt(review, Key.Key_3)
    assert commands.action("related.open").isEnabled()
    commands.run("related.open")
    review.calm()
    assert at_hand(review) == DOUBLE


def test_headings_are_passed_over(review: Pilot) -> None:
    alt(review, Key.Key_3)
    panel = panel_of(review)
    review.press(Key.Key_Down)
    found = panel.view.current_row()
    assert found is not None
    assert found.case_id == OLD
    review.press(Key.Key_Up)
    review.press(Key.Key_Up)
    found = panel.view.current_row()
    assert found is not None
    assert found.case_id == DOUBLE


def test_words_for_many(office: FakeOffice) -> None:
    relate(office)
    case = office.related[HERE][1]
    many = RelatedCases((case,) * 50, 1234, complete=False)
    assert tab_words(many) == ("1.234", "1.234 Bezüge")
    assert footer(many).splitlines() == [
        "50 von 1.234 gezeigt, die stärksten Bezüge zuerst.",
        "Ältere Vorgänge werden noch eingelesen; es können weitere dazukommen.",
    ]
    assert [line.row for line in related_lines(RelatedCases())] == []
    assert [each.words for each in reasons((CONTRACT,) * 6)][-1] == "und 2 weitere Gemeinsamkeiten"
