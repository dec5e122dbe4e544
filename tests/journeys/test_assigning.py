"""Whose case it is, on real stores: who opens it first, until somebody says otherwise."""

from __future__ import annotations

from clerk_app.domain.case import CaseQuery, CaseView
from tests.journeys.conftest import Office


def test_cover_for_a_colleague_and_give_it_back(office: Office) -> None:
    office.json("sync")
    one, two, three = [row["case_id"] for row in office.json("cases")[:3]]
    assert {row["assigned_to"] for row in office.json("cases")} == {None}
    office.json("assign", one, two, "--to", "Jana Brand")
    assert {row["case_id"] for row in office.json("cases", "--query", "person:jana")} == {one, two}
    assert {row["case_id"] for row in office.json("cases", "--query", "zuständig:niemand")} >= {three}

    answer = office.json("assign", one, two, three, "--me")
    assert {each["case_id"]: each["was"] for each in answer["changed"]} == {
        one: "Jana Brand",
        two: "Jana Brand",
        three: None,
    }
    assert len(office.json("cases", "--query", "person:ich")) == 3
    assert office.json("cases", "--query", "-person:ich person:jana") == []
    assert office.json("assign", one, "--me")["changed"] == []
    office.json("assign", one, "--nobody")
    row = office.json("case", one)
    assert [event["kind"] for event in row["history"]][-3:] == ["assigned"] * 3
    assert office.json("audit", "verify")
    assert office("assign", one).exit_code == 2


def test_who_opens_a_case_first_has_it(office: Office) -> None:
    from clerk_app.bootstrap.desk_side import open_desk
    from clerk_app.bootstrap.premises import open_premises

    office.json("sync")
    with open_premises(office.home, office.profile, lock=True) as premises:
        desk = open_desk(premises)
        try:
            row = desk.reads.list(CaseQuery(limit=1))[0]
            actor = desk.ledger.actor
            mine = CaseQuery(view=CaseView.MINE, actor=actor)
            assert desk.reads.list(mine) == []
            desk.cases.open(row.case_id)
            assert [each.case_id for each in desk.reads.list(mine)] == [row.case_id]
            assert desk.reads.counts(row.arrived_at.date(), actor).by_view[CaseView.MINE] == 1
            assert desk.reads.counts(row.arrived_at.date(), "somebody").by_view[CaseView.MINE] == 0
            was = desk.cases.assign([row.case_id], "Brand")
            assert desk.reads.list(mine) == []
            assert desk.reads.actors() == sorted(["Brand", actor])
            desk.cases.reassign(was)
            assert desk.reads.row(row.case_id).assigned_to == actor  # type: ignore[union-attr]
        finally:
            desk.close()
