"""Who works for whom: chains, circles, services, the right to sign, the days."""

from __future__ import annotations

from datetime import UTC, date, datetime

from hypothesis import given
from hypothesis import strategies as st

from clerk_app.domain.stand_in import StandIn, covered_by, may_sign

TODAY = date(2026, 12, 2)
NOW = datetime(2026, 12, 1, tzinfo=UTC)


def stand_in(
    absent: str,
    by: str,
    *services: str,
    first: int = 1,
    last: int = 12,
    signs: bool = True,
    ended: bool = False,
) -> StandIn:
    return StandIn(
        f"{absent}-{by}-{first}", absent, by, date(2026, 12, first), date(2026, 12, last), services, signs,
        "chef", NOW, NOW if ended else None,
    )  # fmt: skip


def names(who: str, *all_: StandIn, today: date = TODAY) -> list[str]:
    return [each.absent for each in covered_by(who, all_, today)]


def test_both_days_count_and_it_ends_by_itself() -> None:
    one = stand_in("brand", "ito", first=2, last=4)
    found = [names("ito", one, today=date(2026, 12, day)) for day in (1, 2, 4, 5)]
    assert found == [[], ["brand"], ["brand"], []]
    assert names("ito", stand_in("brand", "ito", ended=True)) == []


def test_chains_reach_through_and_circles_end() -> None:
    chain = [stand_in("brand", "ito"), stand_in("ito", "weber"), stand_in("weber", "brand")]
    assert names("weber", *chain[:2]) == ["brand", "ito"]
    assert names("weber", *chain) == ["brand", "ito"]
    assert names("ito", *chain[:2]) == ["brand"]


def test_a_chain_gives_only_what_every_link_gives() -> None:
    links = [stand_in("brand", "ito", "A", "B"), stand_in("ito", "weber", "B", "C", signs=False)]
    found = {each.absent: each for each in covered_by("weber", links, TODAY)}
    assert found["brand"].services == frozenset("B")
    assert not found["brand"].may_sign
    assert found["ito"].services == frozenset("BC")


def test_two_ways_to_the_same_person_add_up() -> None:
    found = covered_by(
        "ito", [stand_in("brand", "ito", "A", signs=False), stand_in("brand", "ito", "B", first=2)], TODAY
    )
    assert found[0].services == frozenset("AB")
    assert found[0].may_sign


def test_only_who_stands_in_without_the_right_may_not_sign() -> None:
    without = stand_in("brand", "ito", signs=False)
    assert not may_sign("ito", "brand", "A", [without], TODAY)
    assert may_sign("ito", "ito", "A", [without], TODAY)
    assert may_sign("ito", None, "A", [without], TODAY)
    assert may_sign("weber", "brand", "A", [without], TODAY)  # a colleague, not a stand-in
    assert may_sign("ito", "brand", "B", [stand_in("brand", "ito", "A", signs=False)], TODAY)


@given(st.lists(st.tuples(st.sampled_from("abcd"), st.sampled_from("abcd")), max_size=8))
def test_nobody_covers_themselves_and_it_always_ends(pairs: list[tuple[str, str]]) -> None:
    all_ = [stand_in(absent, by) for absent, by in pairs]
    for who in "abcd":
        found = names(who, *all_)
        assert who not in found
        assert len(found) == len(set(found))
