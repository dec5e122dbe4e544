"""A letter and its status line are sent, or taken back, by one hand."""

from __future__ import annotations

from dataclasses import replace

import pytest

from clerk_app.domain.ids import EntryId
from clerk_app.domain.ledger import Act, ActKind
from clerk_app.domain.outbox import OutboxKind, OutboxState
from clerk_app.usecases.outbox_work import OutboxWork
from clerk_app.usecases.taking_over import TakingOver
from tests.store.making import START, make_outgoing, new_id
from tests.team.office_server import DesktopMaker, TeamDesktopPlace


def settle(*places: TeamDesktopPlace) -> None:
    for _ in range(2):
        for place in places:
            place.exchange().run()


def queue_pair(place: TeamDesktopPlace) -> tuple[EntryId, EntryId]:
    """A decision and the status line that accompanies it."""
    decision = make_outgoing(new_id())
    status = replace(
        make_outgoing(decision.case_id, kind=OutboxKind.STATUS, channel=None),
        accompanies=decision.entry_id,
        documents=(),
    )
    with place.ledger.transaction("queue") as write:
        write.queue(decision, START)
        write.queue(status, START)
    return decision.entry_id, status.entry_id


@pytest.mark.parametrize("chosen", [0, 1], ids=["the decision", "its status line"])
def test_whichever_is_taken_over_both_come(desktop: DesktopMaker, chosen: int) -> None:
    brand, ito = desktop("brand"), desktop("ito")
    pair = queue_pair(brand)
    settle(brand, ito)
    TakingOver(ito.reads, ito.ledger).take_over(pair[chosen], "Laptop verloren")
    settle(ito, brand)
    assert [ito.shared.is_ours_to_send(each) for each in pair] == [True, True]
    assert [brand.shared.is_ours_to_send(each) for each in pair] == [False, False]


def test_a_line_that_went_astray_is_taken_back_with_its_letter(desktop: DesktopMaker) -> None:
    """Earlier versions let a status line be taken over alone; ledgers keep such acts for good."""
    brand, ito = desktop("brand"), desktop("ito")
    decision, status = queue_pair(brand)
    settle(brand, ito)
    found = ito.reads.outbox_entry(status)
    assert found is not None
    with ito.ledger.transaction("take over") as write:
        payload = {"desktop": ito.desktop_id, "text": "allein"}
        write.append(Act(ActKind.TAKEN_OVER, found.case_id, status, payload))
    settle(ito, brand)
    OutboxWork(brand.reads, brand.ledger, brand.clock).withdraw(decision)
    settle(brand, ito)
    for place in (brand, ito):
        assert place.ledger.state_of(decision) is OutboxState.WITHDRAWN
        assert place.ledger.state_of(status) is OutboxState.WITHDRAWN
        place.ledger.verify_chain()
