"""What is new and what is mine, for each person of the office."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from clerk_app.domain.case import CaseQuery, CaseView
from clerk_app.domain.errors import ClerkError, ErrorCode
from clerk_app.domain.ids import CaseId
from clerk_app.domain.ledger import Act, ActKind
from clerk_app.store.home import Store
from clerk_app.usecases.case_work import CaseWork
from clerk_app.usecases.standing_in import StandingIn
from tests.store.making import MAILBOX, START, SteppingClock, make_opened, page

TODAY = (START + timedelta(hours=1)).date()


class Person:
    def __init__(self, store: Store, name: str) -> None:
        self.reads, self.ledger = store.reads(name), store.ledger(name)
        self.cases = CaseWork(self.reads, self.ledger)
        self.standing_in = StandingIn(self.reads, self.ledger, lambda: TODAY)
        self.name = name

    def unread(self) -> int:
        return len(self.reads.list(CaseQuery(unread_only=True)))

    def mine(self) -> list[CaseId]:
        rows = self.reads.list(CaseQuery(view=CaseView.MINE, actor=self.name))
        assert self.reads.counts(TODAY, self.name).by_view[CaseView.MINE] == len(rows)
        return [row.case_id for row in rows]


@pytest.fixture
def case_id(store: Store, clock: SteppingClock) -> CaseId:
    at = clock.now()
    opened, facts = make_opened(at=at)
    object.__setattr__(opened.original, "fetched_at", at)
    store.intake().store(MAILBOX, page((opened, facts)))
    return opened.application.case_id


def test_each_person_has_marks_of_their_own(store: Store, case_id: CaseId) -> None:
    brand, ito = Person(store, "brand"), Person(store, "ito")
    brand.cases.open(case_id)
    assert (brand.unread(), ito.unread()) == (0, 1)
    assert [row.changed for row in ito.reads.list(CaseQuery())] == [False], (
        "unseen by one of us: nothing came"
    )
    ito.cases.open(case_id)
    assert (brand.unread(), ito.unread()) == (0, 0)
    brand.cases.mark_unread(case_id)
    assert (brand.unread(), ito.unread()) == (1, 0)
    assert store.ledger("brand").verify_chain() == 3


def test_a_stand_in_sees_the_cases_of_the_absent_among_their_own(store: Store, case_id: CaseId) -> None:
    brand, ito = Person(store, "brand"), Person(store, "ito")
    brand.cases.assign([case_id], "brand")
    assert ito.mine() == []
    key = ito.standing_in.enter("brand", "ito", TODAY, TODAY + timedelta(days=7))
    assert ito.mine() == brand.mine() == [case_id]
    ito.cases.note(case_id, "angerufen")
    ito.standing_in.end(key)
    assert ito.mine() == []
    (done,) = brand.standing_in.summary(brand.standing_in.find(key))
    assert done.case_id == case_id
    assert dict(done.acts) == {ActKind.NOTED.value: 1}
    assert brand.standing_in.back("brand", TODAY)
    assert store.ledger("brand").verify_chain() == 4


def test_by_service_only_these_cases_come_along(store: Store, case_id: CaseId) -> None:
    brand, ito = Person(store, "brand"), Person(store, "ito")
    brand.cases.assign([case_id], "brand")
    ito.standing_in.enter("brand", "ito", TODAY, TODAY, ["99000000000000"])
    assert ito.mine() == []
    ito.standing_in.enter("brand", "ito", TODAY, TODAY, ["99115005060000"])
    assert ito.mine() == [case_id]


@pytest.mark.parametrize(
    ("absent", "by", "first", "last"),
    [
        ("brand", "brand", 0, 1),
        ("brand", " ", 0, 1),
        ("", "ito", 0, 1),
        ("brand", "ito", 2, 1),
        ("brand", "ito", -3, -1),
    ],
)
def test_what_is_no_stand_in_is_refused(store: Store, absent: str, by: str, first: int, last: int) -> None:
    person = Person(store, "brand")
    with pytest.raises(ClerkError) as caught:
        person.standing_in.enter(absent, by, TODAY + timedelta(days=first), TODAY + timedelta(days=last))
    assert caught.value.code is ErrorCode.STAND_IN_WRONG
    assert person.standing_in.all() == []


def test_an_unknown_one_cannot_be_ended(store: Store) -> None:
    person = Person(store, "brand")
    key = person.standing_in.enter("brand", "ito", date(2026, 11, 1), TODAY)
    person.standing_in.end(key[:8])
    for text in (key, "", "ffffffff"):
        with pytest.raises(ClerkError) as caught:
            person.standing_in.end(text)
        assert caught.value.code is ErrorCode.STAND_IN_UNKNOWN


def test_older_ledgers_keep_their_marks(store: Store, case_id: CaseId) -> None:
    """The projection of marks is replayed from the entries like every other."""
    brand = Person(store, "brand")
    brand.cases.open(case_id)
    with brand.ledger.transaction("note") as write:
        write.append(Act(ActKind.NOTED, case_id, None, {"text": "x"}))
    assert brand.ledger.verify_chain() == 2
