"""Vertretung: who works in whose cases, from when until when, with or without the right to sign."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True)
class StandIn:
    """Vertretung. Both days count. ``services``: LeiKa keys; empty: all. It ends by itself after
    ``until_on``, or when somebody ends it (``ended_at``)."""

    stand_in_id: str
    absent: str
    stand_in: str
    from_on: date
    until_on: date
    services: tuple[str, ...]
    may_sign: bool
    set_by: str
    set_at: datetime
    ended_at: datetime | None = None

    def holds(self, today: date) -> bool:
        """Whether it is in force."""
        return self.ended_at is None and self.from_on <= today <= self.until_on

    def is_over(self, today: date) -> bool:
        """Whether it has come to its end, by itself or by somebody."""
        return self.ended_at is not None or self.until_on < today

    def covers(self, leika_key: str | None) -> bool:
        """Whether it speaks of this service."""
        return not self.services or leika_key in self.services


@dataclass(frozen=True)
class Covered:
    """Whose cases somebody sees as their own. ``services`` None: all; else these only."""

    absent: str
    services: frozenset[str] | None
    may_sign: bool


def covered_by(who: str, all_: Iterable[StandIn], today: date) -> Sequence[Covered]:
    """Everybody ``who`` stands in for today, chains included: when A stands in for B and B for C, A works for
    C too, in what both say, and signs only where every link lets them. Circles end where they began."""
    in_force = [each for each in all_ if each.holds(today)]
    found: dict[str, Covered] = {}
    waiting = [Covered(who, None, may_sign=True)]
    while waiting:
        link = waiting.pop()
        for each in in_force:
            if each.stand_in != link.absent or each.absent in (who, each.stand_in):
                continue
            reached = Covered(
                each.absent,
                _both(link.services, frozenset(each.services) or None),
                link.may_sign and each.may_sign,
            )
            known = found.get(each.absent)
            wider = reached if known is None else _wider(known, reached)
            if wider != known:
                found[each.absent] = wider
                waiting.append(wider)
    return [found[name] for name in sorted(found)]


def may_sign(
    who: str, whose: str | None, leika_key: str | None, all_: Iterable[StandIn], today: date
) -> bool:
    """Whether ``who`` may sign in a case of ``whose``: always, unless they work in it only as a stand-in
    without that right."""
    if whose is None or whose == who:
        return True
    mine = [each for each in covered_by(who, all_, today) if each.absent == whose]
    return all(each.may_sign for each in mine if each.services is None or (leika_key or "") in each.services)


def _both(one: frozenset[str] | None, other: frozenset[str] | None) -> frozenset[str] | None:
    if one is None:
        return other
    return one if other is None else one & other


def _wider(one: Covered, other: Covered) -> Covered:
    services = None if one.services is None or other.services is None else one.services | other.services
    return Covered(one.absent, services, one.may_sign or other.may_sign)
