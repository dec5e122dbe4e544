"""Entries travel between desktops over a real server; everybody ends with the same."""

from __future__ import annotations

import threading

import pytest

from clerk_app.domain.errors import ClerkError, ErrorCode
from clerk_app.domain.ids import CaseId
from clerk_app.domain.ledger import Act, ActKind
from clerk_app.domain.outbox import OutboxState
from tests.store.making import START, make_outgoing, new_id
from tests.team.office_server import CountyServer, DesktopMaker, TeamDesktopPlace


def note(place: TeamDesktopPlace, case_id: str, text: str) -> None:
    with place.ledger.transaction("note") as write:
        write.append(Act(ActKind.NOTED, CaseId(case_id), None, {"text": text}))


def content(place: TeamDesktopPlace) -> set[tuple[object, ...]]:
    return {
        tuple(row)
        for row in place.ledger.connection.rows(
            "SELECT entry_id, at, actor, kind, case_id, subject_id, payload FROM entry"
        )
    }


def settle(*places: TeamDesktopPlace) -> None:
    for _ in range(2):
        for place in places:
            place.exchange().run()


def test_a_note_reaches_the_colleague_with_its_author_and_time(desktop: DesktopMaker) -> None:
    brand, ito = desktop("brand"), desktop("ito")
    case_id = new_id()
    note(brand, case_id, "Bitte zuerst die Meldebescheinigung prüfen")
    assert brand.exchange().run().sent == 1
    assert ito.exchange().run().taken_in == 1
    (entry,) = ito.ledger.entries(CaseId(case_id))
    assert entry.actor == "brand"
    assert entry.act.payload == {"text": "Bitte zuerst die Meldebescheinigung prüfen"}
    assert content(ito) == content(brand)
    assert ito.ledger.verify_chain() == brand.ledger.verify_chain() == 1
    assert not brand.exchange().run().moved
    assert not ito.exchange().run().moved


def test_both_write_offline_in_one_case_and_end_with_the_same_view(desktop: DesktopMaker) -> None:
    brand, ito = desktop("brand"), desktop("ito")
    case_id = CaseId(new_id())
    for place, to in ((brand, "brand"), (ito, "ito")):
        with place.ledger.transaction("assign") as write:
            write.append(Act(ActKind.ASSIGNED, case_id, None, {"to": to, "was": None}))
    settle(brand, ito)

    def assigned(place: TeamDesktopPlace) -> object:
        return place.ledger.connection.value(
            "SELECT assigned_to FROM case_state WHERE case_id = ?", (case_id,)
        )

    assert assigned(brand) == assigned(ito) == "ito"  # later in the team's order
    assert brand.ledger.verify_chain() == ito.ledger.verify_chain() == 2


def test_of_two_decisions_the_first_in_the_teams_order_counts_everywhere(desktop: DesktopMaker) -> None:
    brand, ito = desktop("brand"), desktop("ito")
    case_id = new_id()
    decisions = {}
    for place in (ito, brand):
        outgoing = make_outgoing(case_id)
        decisions[place.actor] = outgoing.entry_id
        with place.ledger.transaction("queue") as write:
            write.queue(outgoing, START)
    settle(brand, ito)  # brand's goes out first
    for place in (brand, ito):
        assert place.ledger.state_of(decisions["brand"]) is OutboxState.QUEUED
        assert place.ledger.state_of(decisions["ito"]) is OutboxState.RETURNED
        found = place.reads.outbox_entry(decisions["ito"])
        assert found is not None
        assert found.problems == (ErrorCode.DECIDED_ELSEWHERE.value,)
        place.ledger.verify_chain()
    assert brand.shared.is_ours_to_send(decisions["brand"])
    assert not ito.shared.is_ours_to_send(decisions["ito"])
    assert not ito.shared.is_ours_to_send(decisions["brand"])
    assert [entry.entry_id for entry in ito.ledger.open_entries()] == []


def test_only_the_desktop_that_queued_an_entry_moves_it_until_another_takes_it_over(
    desktop: DesktopMaker,
) -> None:
    brand, ito = desktop("brand"), desktop("ito")
    outgoing = make_outgoing(new_id())
    with brand.ledger.transaction("queue") as write:
        write.queue(outgoing, START)
    settle(brand, ito)
    with pytest.raises(ClerkError) as caught, ito.ledger.transaction("withdraw") as write:
        write.move(outgoing.entry_id, OutboxState.WITHDRAWN)
    assert caught.value.code is ErrorCode.ENTRY_ELSEWHERE
    with ito.ledger.transaction("take over") as write:
        write.append(
            Act(ActKind.TAKEN_OVER, outgoing.case_id, outgoing.entry_id,
                {"desktop": ito.desktop_id, "text": "Laptop verloren"})
        )  # fmt: skip
    settle(ito, brand)
    assert ito.shared.is_ours_to_send(outgoing.entry_id)
    assert not brand.shared.is_ours_to_send(outgoing.entry_id)
    assert brand.ledger.open_entries() == []
    for place in (brand, ito):
        place.ledger.unseal_missing()  # neither holds back nor brings back anything
        entry = place.reads.outbox_entry(outgoing.entry_id)
        assert entry is not None
        assert entry.last_error is None
        place.ledger.verify_chain()


def test_a_document_comes_with_the_entry_that_names_it(desktop: DesktopMaker) -> None:
    brand, ito = desktop("brand"), desktop("ito")
    case_id = CaseId(new_id())
    document_id = brand.store.documents().keep(case_id, b"%PDF-1.7 Bescheid", "Bescheid")
    with brand.ledger.transaction("draft") as write:
        write.append(Act(ActKind.NOTED, case_id, None, {"text": "x", "document_id": document_id}))
    settle(brand, ito)
    assert ito.store.documents().read(case_id, document_id) == b"%PDF-1.7 Bescheid"
    assert ito.store.documents().label(case_id, document_id) == "Bescheid"


def test_numbers_have_no_gap_and_appear_in_order_while_two_write_at_once(
    desktop: DesktopMaker, county: CountyServer
) -> None:
    """A transaction that is still open holds the later ones back: whoever reads in between misses nothing."""
    brand, ito = desktop("brand"), desktop("ito")
    settle(brand, ito)
    case_id = new_id()
    note(brand, case_id, "one")
    note(ito, case_id, "two")
    entries = [entry for _sequence, entry in brand.shared.unplaced(10)]
    with county.admin() as slow, slow.transaction():
        slow.execute(
            "SELECT FROM counter WHERE office_id = %s AND stream = 'entry' FOR UPDATE", (brand.office,)
        )
        waiting = threading.Thread(target=brand.server.place, args=(entries,))
        waiting.start()
        _wait_for_lock(county)
        assert ito.server.entries_after(ito.shared.cursor(), 10).entries == []
    waiting.join()
    settle(ito, brand)
    with county.admin() as connection:
        rows = connection.execute("SELECT number FROM entry ORDER BY number").fetchall()
    assert [row[0] for row in rows] == [1, 2]
    assert content(brand) == content(ito)


def _wait_for_lock(county: CountyServer) -> None:
    with county.admin() as watcher:
        while not watcher.execute(
            "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
        ).fetchone():
            pass


def test_a_server_put_back_gets_everything_again_from_those_who_hold_it(
    desktop: DesktopMaker, county: CountyServer
) -> None:
    brand, ito = desktop("brand"), desktop("ito")
    case_id = new_id()
    for n in range(5):
        note(brand, case_id, f"before {n}")
    settle(brand, ito)
    for n in range(3):
        note(ito, case_id, f"after {n}")
    settle(ito, brand)
    everything = content(brand)
    with county.admin() as connection:  # what a restore from last night's backup leaves
        connection.execute("DELETE FROM entry WHERE number > 5")
        connection.execute(
            "UPDATE counter c SET number = 5, chain = (SELECT chain FROM entry WHERE number = 5) "
            "WHERE stream = 'entry' AND office_id = %s",
            (brand.office,),
        )
    ito.close()  # its notes come back from the colleague's desktop
    done = brand.exchange().run()
    assert done.went_back
    assert done.sent == 3
    assert content(brand) == everything
    third = desktop("weber")
    settle(third, brand)
    assert content(third) == everything
    assert {entry.actor for entry in third.ledger.entries(CaseId(case_id))} == {"brand", "ito"}
    for place in (brand, third):
        place.ledger.verify_chain()


def test_a_server_that_went_on_differently_after_a_restore_is_noticed(
    desktop: DesktopMaker, county: CountyServer
) -> None:
    """As many entries as before, but others: only the chain tells."""
    brand, ito = desktop("brand"), desktop("ito")
    case_id = new_id()
    note(brand, case_id, "lost")
    settle(brand)
    with county.admin() as connection:
        connection.execute("DELETE FROM entry")
        connection.execute("UPDATE counter SET number = 0, chain = ''")
    note(ito, case_id, "other")
    settle(ito)
    assert brand.exchange().run().went_back
    settle(ito, brand)
    assert content(brand) == content(ito)
    assert len(content(ito)) == 2
