"""What goes in comes out, through the public face of the store."""

from __future__ import annotations

from collections.abc import Callable

from clerk_app.domain.case import CaseQuery, CaseStatus
from clerk_app.domain.ledger import Act, ActKind
from clerk_app.domain.outbox import OutboxState
from clerk_app.store.home import Store
from tests.store.making import MAILBOX, START, make_opened, make_outgoing, page


def test_an_application_comes_back_as_it_was_stored(open_store: Callable[[], Store]) -> None:
    opened, facts = make_opened()
    store = open_store()
    store.intake().store(MAILBOX, page((opened, facts)))
    store.close()

    reads = open_store().reads()
    case_id = opened.application.case_id
    (row,) = reads.list(CaseQuery())
    found = reads.case_file(case_id)
    assert found is not None
    assert found.row == row
    assert found.first == opened.application
    assert (row.applicant, row.channel, row.status) == ("Anna Müller", "idBundDeMailbox", CaseStatus.NEW)


def test_a_queued_decision_comes_back_as_it_was_frozen(open_store: Callable[[], Store]) -> None:
    opened, facts = make_opened()
    store = open_store()
    store.intake().store(MAILBOX, page((opened, facts)))
    outgoing = make_outgoing(opened.application.case_id)
    with store.ledger("anna").transaction("decide") as write:
        write.append(Act(ActKind.OPENED, outgoing.case_id))
        write.queue(outgoing, START)
    store.close()

    store = open_store()
    (entry,) = store.outbox().open_entries()
    assert store.outbox().outgoing(outgoing.entry_id) == outgoing
    assert (entry.entry_id, entry.state) == (outgoing.entry_id, OutboxState.QUEUED)
    row = store.reads().row(outgoing.case_id)
    assert row is not None
    assert row.status is CaseStatus.DECIDED
