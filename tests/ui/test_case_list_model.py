"""The list takes news as differences: nothing is reset, selection and scroll stay."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QPersistentModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication

from clerk_app.domain.case import CaseRow
from clerk_app.ui.case_list_model import PAGE, PAGES_KEPT, ROW_ROLE, CaseListModel
from tests.ui.conftest import Pilot
from tests.ui.fake_store import NOW, FakeOffice, case_id_of
from tests.ui.seeds import seed


def made_row(row_id: int) -> CaseRow:
    office = FakeOffice()
    return replace(office.row(seed(1, f"Person {row_id}", "Leistung")), row_id=row_id)


_TEMPLATE = made_row(0)


class Source:
    def __init__(self) -> None:
        self.reads = 0

    def rows(self, row_ids: Sequence[int]) -> list[CaseRow]:
        self.reads += 1
        return [replace(_TEMPLATE, row_id=i, applicant=f"Person {i}") for i in row_ids]


def model_of(ids: Sequence[int]) -> tuple[CaseListModel, Source]:
    source = Source()
    model = CaseListModel(source.rows, lambda row: row.applicant)
    model.start(array("q", ids))
    return model, source


def ids_of(model: CaseListModel) -> list[int]:
    found = [model.row_at(at) for at in range(model.rowCount())]
    return [row.row_id for row in found if row is not None]


lists = st.lists(st.integers(1, 60), unique=True, max_size=60)


@settings(max_examples=150, deadline=None)
@given(before=lists, after=lists, picked=st.integers(0, 59))
def test_any_difference_ends_in_the_new_list_and_places_follow_their_case(
    qapp: QApplication, before: list[int], after: list[int], picked: int
) -> None:
    model, _source = model_of(before)
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    resets: list[int] = []
    model.modelReset.connect(lambda: resets.append(1))
    place = QPersistentModelIndex(model.index(picked % len(before), 0)) if before else None
    chosen = before[picked % len(before)] if before else None

    model.update(array("q", after))

    assert ids_of(model) == after
    assert not resets
    if place is not None and chosen in after:
        # a case that merely moved is followed; one that stays keeps its place in any case
        assert not place.isValid() or place.data(ROW_ROLE).row_id == chosen
        if [i for i in before if i in after] == [i for i in after if i in before]:
            assert place.isValid()
    del tester


def test_an_arrival_at_the_top_of_a_long_list_costs_no_reading() -> None:
    model, source = model_of(range(1, 1001))
    model.row_at(0)
    reads = source.reads
    model.update(array("q", [5000, *range(1, 1001)]))
    assert model.rowCount() == 1001
    model.row_at(PAGE)
    assert source.reads <= reads + 2


def test_memory_stays_small_however_far_one_scrolls() -> None:
    model, source = model_of(range(100_000))
    for at in range(0, 100_000, PAGE):
        model.row_at(at)
    assert source.reads == 100_000 // PAGE + 1
    assert len(model._pages) == PAGES_KEPT


def test_a_million_rows_take_one_arrival_without_walking_them() -> None:
    model, source = model_of(range(1_000_000))
    inserted: list[tuple[int, int]] = []
    model.rowsInserted.connect(lambda _parent, first, last: inserted.append((first, last)))
    model.update(array("q", [2_000_000, *range(1_000_000)]))
    assert inserted == [(0, 0)]
    assert source.reads == 0


def test_the_case_at_hand_does_not_vanish_under_the_hands() -> None:
    model, _source = model_of([5, 4, 3, 2, 1])
    model.held_id = 3
    model.update(array("q", [6, 5, 4, 2, 1]))
    assert ids_of(model) == [6, 5, 4, 3, 2, 1]
    model.held_id = None
    model.update(array("q", [6, 5, 4, 2, 1]))
    assert ids_of(model) == [6, 5, 4, 2, 1]


def test_rows_that_are_gone_are_no_rows() -> None:
    model = CaseListModel(lambda _ids: [], lambda row: row.applicant)
    model.start(array("q", [1, 2]))
    assert model.row_at(0) is None
    assert model.data(model.index(0, 0)) is None
    assert model.row_at(7) is None


def test_selection_and_scroll_stay_when_applications_arrive(pilot: Pilot) -> None:
    office, desk = pilot.office, pilot.desk
    for number in range(100, 160):
        office.add(
            seed(number, f"Person {number}", "Meldebescheinigung", arrived_at=NOW - timedelta(days=20))
        )
    desk.list.reload()
    pilot.calm()
    view = desk.list.view
    desk.list.select(40)
    pilot.calm()
    chosen = desk.list.current()
    assert chosen is not None
    top = view.rowAt(0)
    anchor = desk.list.model.row_at(top)
    offset = view.rowViewportPosition(top)
    assert anchor is not None
    assert view.verticalScrollBar().value() > 0
    for number in range(200, 230):
        office.add(seed(number, f"Neu {number}", "Hundesteuer", arrived_at=NOW), announce=True)
    pilot.calm()
    assert desk.list.model.rowCount() == 97
    assert desk.list.current() == chosen
    new_top = view.rowAt(0)
    assert desk.list.model.row_at(new_top) == anchor
    assert view.rowViewportPosition(new_top) == offset


def test_one_row_is_one_sentence(pilot: Pilot) -> None:
    model = pilot.desk.list.model
    words = model.data(model.index(0, 0), Qt.ItemDataRole.AccessibleTextRole)
    assert words == (
        "von der Heide-Šołćina, Žaneta, Bewohnerparkausweis, Neu, Eingang 08:02, Frist 01.12., 2 Anlagen, "
        "2026-7KQ4-M001"
    )


def test_search_keeps_results_while_typing_and_offers_a_way_out(pilot: Pilot) -> None:
    desk = pilot.desk
    pilot.press(Qt.Key.Key_F3)
    assert desk.list.search.hasFocus()
    pilot.type_into(desk.list.search, "zdemir")
    assert desk.list.model.rowCount() == 7  # the old results stand until the new ones have come
    pilot.until(lambda: desk.list.model.rowCount() == 1)
    pilot.press(Qt.Key.Key_Return)
    pilot.calm()
    assert desk.list.view.hasFocus()
    assert desk.list.current() is not None
    desk.list.search.setText("gibtesnicht")
    pilot.until(lambda: desk.list.empty.isVisible())
    assert desk.list.empty.button.text() == "Suche löschen"
    desk.list.empty.button.click()
    pilot.until(lambda: desk.list.model.rowCount() == 7)
    assert desk.list.search.text() == ""


def test_a_failing_read_is_said_and_can_be_tried_again(pilot: Pilot) -> None:
    from clerk_app.domain.errors import ClerkError, ErrorCode
    from clerk_app.ui import case_list

    assert case_list.SKELETON_AFTER_MS > 0
    desk = pilot.desk
    desk.list._failed(ClerkError(ErrorCode.CACHE_DAMAGED))
    assert desk.list.empty.isVisible()
    assert "Cache" in desk.list.empty.details.text() or desk.list.empty.details.text()
    desk.list.empty.button.click()
    pilot.until(lambda: desk.list.view.isVisible())


def test_the_case_id_finds_its_row(pilot: Pilot) -> None:
    assert pilot.desk.list.select_case(case_id_of(3))
    current = pilot.desk.list.current()
    assert current is not None
    assert current.case_id == case_id_of(3)
    assert not pilot.desk.list.select_case("unknown")
