"""Auswertung: how much came, how much is open, how long it took, whether deadlines were kept.

Nothing here knows a person. Small numbers are suppressed, and so is what a small number could be computed
from (``suppress``).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from statistics import median_low

#: Fewer cases than this are not shown (k-anonymity). A staff council or a data protection officer may want
#: more; it is one parameter.
LEAST_CASES = 5
AGE_BOUNDS = (7, 14, 28, 56, 91, 182)  # days; the last class is open


class Span(StrEnum):
    """Zeitraum that can be chosen: whole months, quarters and years, so that two periods that differ by a day
    cannot be subtracted from each other."""

    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


@dataclass(frozen=True, order=True)
class Period:
    """From ``first`` to ``last``, both included; days of the office."""

    first: date
    last: date

    def __contains__(self, on: date | None) -> bool:
        return on is not None and self.first <= on <= self.last

    def months(self) -> tuple[Period, ...]:
        """The months in it, in order."""
        found, at = [], self.first.replace(day=1)
        while at <= self.last:
            after = (at.replace(day=28) + timedelta(days=4)).replace(day=1)
            found.append(Period(at, after - timedelta(days=1)))
            at = after
        return tuple(found)


def period(span: Span, today: date, back: int = 0) -> Period:
    """The month, quarter or year ``today`` lies in, or one ``back`` as many before."""
    months = {Span.MONTH: 1, Span.QUARTER: 3, Span.YEAR: 12}[span]
    index = (today.year * 12 + today.month - 1) // months - back
    first, after = _month(index * months), _month((index + 1) * months)
    return Period(first, after - timedelta(days=1))


def before(current: Period) -> Period:
    """The period of the same kind just before."""
    months = len(current.months())
    index = current.first.year * 12 + current.first.month - 1
    return Period(_month(index - months), current.first - timedelta(days=1))


def _month(index: int) -> date:
    return date(index // 12, index % 12 + 1, 1)


@dataclass(frozen=True)
class CaseFact:
    """What statistics may know of one case. ``decided_on`` is the day the decision was signed, ``due_on`` the
    office's deadline; ``open`` says whether it waits for the office or the applicant now."""

    service: str
    municipality: str
    arrived_on: date
    decided_on: date | None
    due_on: date | None
    open: bool


@dataclass(frozen=True)
class StatisticsQuery:
    """What is asked for; empty ``service`` or ``municipality`` means all."""

    period: Period
    service: str = ""
    municipality: str = ""

    def wants(self, fact: CaseFact) -> bool:
        """Whether a case belongs to the chosen services and municipalities."""
        return self.service in ("", fact.service) and self.municipality in ("", fact.municipality)


@dataclass(frozen=True)
class Figures:
    """The numbers of one line. None: too few cases to say. Days are calendar days; ``kept_percent`` of the
    decisions with a deadline."""

    name: str
    arrivals: int | None
    decided: int | None
    open: int | None
    cycle_days: int | None  # median from arrival to decision
    cycle_most_days: int | None  # eight of ten decisions took at most so long
    age_days: int | None  # median of the open ones
    kept_percent: int | None


@dataclass(frozen=True)
class MonthBar:
    """Arrivals and decisions of a month."""

    month: Period
    arrivals: int | None
    decided: int | None


@dataclass(frozen=True)
class Statistics:
    """An evaluation. ``ages`` count the open cases by the classes of ``AGE_BOUNDS``; ``previous`` are the
    figures of the period before."""

    query: StatisticsQuery
    today: date
    total: Figures
    previous: Figures
    services: tuple[Figures, ...]
    municipalities: tuple[Figures, ...]
    months: tuple[MonthBar, ...]
    ages: tuple[int | None, ...]
    all_services: tuple[str, ...]
    all_municipalities: tuple[str, ...]
    least: int = LEAST_CASES

    @property
    def too_few(self) -> bool:
        """Whether there is nothing to show at all."""
        total = self.total
        return not (total.arrivals or total.decided or total.open)


@dataclass
class Counts:
    """What is counted for one line."""

    arrivals: int = 0
    open: int = 0
    cycles: list[int] = field(default_factory=list)
    ages: list[int] = field(default_factory=list)
    kept: int = 0
    bound: int = 0

    def add(self, fact: CaseFact, within: Period, today: date) -> None:
        """Counts a case."""
        if fact.arrived_on in within:
            self.arrivals += 1
        if fact.decided_on is not None and fact.decided_on in within:
            self.cycles.append(max(0, (fact.decided_on - fact.arrived_on).days))
            if fact.due_on is not None:
                self.bound += 1
                self.kept += fact.decided_on <= fact.due_on
        if fact.open:
            self.open += 1
            self.ages.append(max(0, (today - fact.arrived_on).days))


def evaluate(
    facts: Iterable[CaseFact], query: StatisticsQuery, today: date, least: int = LEAST_CASES
) -> Statistics:
    """Counts and suppresses. ``facts`` are all cases, also those the query does not want: what is left when a
    part is subtracted from the whole must not be too small either."""
    wanted, rest, earlier = Counts(), Counts(), Counts()
    services: dict[str, Counts] = {}
    municipalities: dict[str, Counts] = {}
    arrived: Counter[date] = Counter()
    decided: Counter[date] = Counter()
    previous = before(query.period)
    names: tuple[set[str], set[str]] = (set(), set())
    for fact in facts:
        names[0].add(fact.service)
        names[1].add(fact.municipality)
        if not query.wants(fact):
            rest.add(fact, query.period, today)
            continue
        wanted.add(fact, query.period, today)
        earlier.add(fact, previous, today)
        services.setdefault(fact.service, Counts()).add(fact, query.period, today)
        municipalities.setdefault(fact.municipality, Counts()).add(fact, query.period, today)
        if fact.arrived_on in query.period:
            arrived[fact.arrived_on.replace(day=1)] += 1
        if fact.decided_on is not None and fact.decided_on in query.period:
            decided[fact.decided_on.replace(day=1)] += 1
    months = query.period.months()
    came = suppress([arrived[month.first] for month in months], least)
    went = suppress([decided[month.first] for month in months], least)
    return Statistics(
        query=query,
        today=today,
        total=_figures("", wanted, least, beside=rest),
        previous=_figures("", earlier, least, beside=None),
        services=_lines(services, least),
        municipalities=_lines(municipalities, least),
        months=tuple(MonthBar(m, a, d) for m, a, d in zip(months, came, went, strict=True)),
        ages=tuple(suppress(_classes(wanted.ages), least)),
        all_services=tuple(sorted(names[0])),
        all_municipalities=tuple(sorted(names[1])),
        least=least,
    )


def suppress(numbers: Sequence[int], least: int = LEAST_CASES) -> list[int | None]:
    """The numbers with those from 1 to below ``least`` taken out; and as many others, the smallest first, as
    it takes so that what was taken out cannot be computed from the sum: two at least, ``least`` in sum."""
    hidden = {at for at, number in enumerate(numbers) if 0 < number < least}
    by_size = sorted((number, at) for at, number in enumerate(numbers) if number and at not in hidden)
    for _number, at in by_size:
        if not hidden or (len(hidden) > 1 and sum(numbers[each] for each in hidden) >= least):
            break
        hidden.add(at)
    return [None if at in hidden else number for at, number in enumerate(numbers)]


def _lines(counts: Mapping[str, Counts], least: int) -> tuple[Figures, ...]:
    """One line per name, by name: never by how well somebody did."""
    names = sorted(counts)
    each = [counts[name] for name in names]
    arrivals = suppress([one.arrivals for one in each], least)
    decided = suppress([len(one.cycles) for one in each], least)
    opened = suppress([one.open for one in each], least)
    bound = suppress([one.bound for one in each], least)
    lines = []
    for at, name in enumerate(names):
        one = _figures(name, each[at], least, beside=None)
        lines.append(
            Figures(
                name,
                arrivals[at],
                decided[at],
                opened[at],
                one.cycle_days if decided[at] is not None else None,
                one.cycle_most_days if decided[at] is not None else None,
                one.age_days if opened[at] is not None else None,
                one.kept_percent if bound[at] is not None and decided[at] is not None else None,
            )
        )
    return tuple(lines)


def _figures(name: str, counts: Counts, least: int, *, beside: Counts | None) -> Figures:
    """The figures of a whole. ``beside`` is what a reader can subtract it from."""

    def shown(number: int, left: int) -> int | None:
        return None if 0 < number < least or 0 < left < least else number

    rest = beside or Counts()
    decided = shown(len(counts.cycles), len(rest.cycles))
    opened = shown(counts.open, rest.open)
    bound = shown(counts.bound, rest.bound)
    return Figures(
        name,
        shown(counts.arrivals, rest.arrivals),
        decided,
        opened,
        median_low(counts.cycles) if decided else None,
        _most(counts.cycles) if decided else None,
        median_low(counts.ages) if opened else None,
        round(100 * counts.kept / counts.bound) if bound else None,
    )


def _most(days: Sequence[int]) -> int:
    """Eight of ten took at most so long (nearest rank)."""
    ordered = sorted(days)
    return ordered[max(0, -(-len(ordered) * 8 // 10) - 1)]


def _classes(ages: Iterable[int]) -> list[int]:
    found = [0] * (len(AGE_BOUNDS) + 1)
    for age in ages:
        found[next((at for at, bound in enumerate(AGE_BOUNDS) if age < bound), len(AGE_BOUNDS))] += 1
    return found
