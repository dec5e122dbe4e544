"""A forwarded case in lists, counts and searches, and what a replay makes of the acts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from clerk_app.domain.case import CaseOrder, CaseQuery, CaseStatus, CaseView
from clerk_app.domain.ids import CaseId, EntryId
from clerk_app.domain.ledger import Act, ActKind
from clerk_app.domain.outbox import OutboxState
from clerk_app.store.overlay import VIEW_STATUSES
from tests.usecases.house import MUELLHEIM, House

REASON = "Dort wohnhaft."


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    made = House(tmp_path / "home")
    yield made
    made.close()


def forwarded(house: House, case_id: CaseId) -> EntryId:
    return house.desk.forwarding.forward(case_id, MUELLHEIM, REASON).notice.entry_id


def order(house: House, **query: object) -> list[CaseId]:
    return [row.case_id for row in house.desk.reads.list(CaseQuery(**query))]  # type: ignore[arg-type]


def test_every_status_has_a_place_in_the_lists() -> None:
    placed = set().union(*(found for view, found in VIEW_STATUSES.items() if view is not CaseView.ALL))
    assert placed == set(CaseStatus)


def test_in_every_order_and_by_its_reminder(house: House) -> None:
    first, second = house.arrives(), house.arrives()
    forwarded(house, first)
    for each in CaseOrder:
        assert set(order(house, order=each)) == {first, second}
        assert order(house, order=each, view=CaseView.ARCHIVE) == [first]
    by_day = house.desk.reads.list(CaseQuery(order=CaseOrder.DUE))
    found = by_day[0]
    assert (found.case_id, found.due_on, found.remind_on) == (first, None, date(2026, 11, 25))
    assert order(house, text="frist:überfällig") == []
    assert order(house, text="status:archiv") == [first]


def test_a_notice_that_came_back_leaves_the_case_forwarded(house: House) -> None:
    case_id = house.arrives()
    notice = forwarded(house, case_id)
    house.goes(notice, OutboxState.ANNOUNCED, OutboxState.RETURNED)
    assert house.status(case_id) is CaseStatus.FORWARDED
    house.desk.outbox.send_by_post(notice)
    assert house.status(case_id) is CaseStatus.FORWARDED
    house.desk.outbox.withdraw(notice)
    assert house.status(case_id) is CaseStatus.NEW
    assert house.desk.ledger.verify_chain() > 0


def test_forwarded_again_after_taking_back(house: House) -> None:
    case_id = house.arrives()
    house.desk.outbox.withdraw(forwarded(house, case_id))
    again = forwarded(house, case_id)
    found = house.file(case_id).forwarded
    assert found is not None
    assert found.notice_id == again
    assert house.desk.ledger.verify_chain() > 0


def test_handing_over_a_case_of_ours_changes_nothing(house: House) -> None:
    case_id = house.arrives()
    with house.desk.ledger.transaction("wrong") as transaction:
        transaction.append(Act(ActKind.HANDED_OVER, case_id, None, {"authority": "Amt"}))
    assert house.status(case_id) is CaseStatus.NEW
    assert house.file(case_id).forwarded is None
    assert house.desk.ledger.verify_chain() > 0


def test_a_line_nobody_can_read_is_left_out(house: House) -> None:
    case_id = house.arrives()
    forwarded(house, case_id)
    with house.desk.ledger.transaction("damaged") as transaction:
        transaction.append(Act(ActKind.FORWARDED, case_id, EntryId("x"), {"first_received_on": "gestern"}))
    found = house.file(case_id).forwarded
    assert found is not None
    assert found.office == MUELLHEIM
