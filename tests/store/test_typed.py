"""The journal of what is typed: durable, newest first, no act of anybody, and never endless."""

from __future__ import annotations

from pathlib import Path

from clerk_app.domain.ids import CaseId
from clerk_app.domain.typed import TypedPlace
from clerk_app.store.home import HomePaths, Store
from clerk_app.store.typed import MOST_STATES

KEY = bytes(range(32))
ONE, TWO = CaseId("0a000000-0000-4000-8000-000000000001"), CaseId("0a000000-0000-4000-8000-000000000002")
DECISION, NOTE = TypedPlace.DECISION, TypedPlace.NOTE


def test_states_are_kept_told_and_ended(tmp_path: Path) -> None:
    store = Store.open(HomePaths(tmp_path / "home"), KEY)
    told: list[object] = []
    store.bus.subscribe(told.append)
    journal = store.journal("anna")
    journal.close()  # nothing was opened yet
    journal.keep(ONE, DECISION, {"reasons": "a"})
    journal.keep(ONE, DECISION, {"reasons": "a"})  # nothing new
    journal.keep(ONE, DECISION, {"reasons": "ab", "unfinished": [{"text": "Ĳ\ud800"}]})
    journal.keep(TWO, NOTE, {"text": "ruft an"})
    assert [state.fields["reasons"] for state in journal.states(ONE, DECISION)] == ["ab", "a"]
    assert [(state.case_id, state.place) for state in journal.unfinished()] == [(TWO, NOTE), (ONE, DECISION)]
    assert journal.unfinished(TWO)[0].actor == "anna"
    journal.end(ONE, DECISION)
    assert journal.unfinished(ONE) == []
    assert len(journal.states(ONE, DECISION)) == 2
    journal.keep(ONE, DECISION, {"reasons": "ab"})  # begun again
    assert [state.fields for state in journal.unfinished(ONE)] == [{"reasons": "ab"}]
    assert told == []  # no list is read again for it
    assert store.ledger("anna").verify_chain() == 0
    journal.close()
    store.close()

    again = Store.open(HomePaths(tmp_path / "home"), KEY)
    kept = again.journal("berta")
    assert kept.unfinished(TWO)[0].fields == {"text": "ruft an"}
    kept.close()
    again.close()


def test_small_things_are_kept_for_each_clerk(tmp_path: Path) -> None:
    store = Store.open(HomePaths(tmp_path / "home"), KEY)
    anna, berta = store.journal("anna"), store.journal("berta")
    reads = store.reads()
    assert reads.kept("anna", "views") is None
    anna.remember("views", [{"name": "Đorđević \ud800", "text": "ist:ungelesen"}])
    berta.remember("views", {"other": 1})
    assert reads.kept("anna", "views") == [{"name": "Đorđević \ufffd", "text": "ist:ungelesen"}]
    anna.remember("views", [])
    berta.remember("views", None)
    assert (reads.kept("anna", "views"), reads.kept("berta", "views")) == ([], None)
    for each in (anna, berta, reads):
        each.close()
    assert b"ungelesen" not in b"".join(p.read_bytes() for p in (tmp_path / "home").glob("ledger*"))
    store.close()


def test_a_long_day_of_typing_is_thinned_out_from_its_beginning(tmp_path: Path) -> None:
    store = Store.open(HomePaths(tmp_path / "home"), KEY)
    journal = store.journal("anna")
    for number in range(MOST_STATES + 20):
        journal.keep(ONE, DECISION, {"reasons": str(number)})
    kept = [int(str(state.fields["reasons"])) for state in journal.states(ONE, DECISION)][::-1]
    assert len(kept) <= MOST_STATES
    assert kept[0] == 0
    assert kept[-200:] == list(range(MOST_STATES - 180, MOST_STATES + 20))
    journal.close()
    store.close()
