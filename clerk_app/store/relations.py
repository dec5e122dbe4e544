"""Finds other cases that have something in common with one, and pairs that may be one application twice."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations, groupby

from clerk_app.domain.case import OPEN_STATUSES, CaseRow
from clerk_app.domain.relations import (
    COUNTED_UP_TO,
    DoublePair,
    DoublePairs,
    RelatedCases,
    Relation,
    RelationKind,
    TooCommon,
    related_case,
    same_service,
    says_double,
    weight,
)
from clerk_app.store.connection import Connection
from clerk_app.store.relation_keys import KeyKind, RelationKey, relations_between

MOST_CASES = {KeyKind.ATTACHMENT: 10, KeyKind.ORGANISATION: 200}
MOST_FAMILIES = 2
MOST_DATELESS = 4
"""Limits beyond which a thing in common says nothing: cases with one document or organisation, family names
at one address (more is a block of flats), cases with one name and no date of birth. Assumed 2026-11;
decision 0038 has the figures."""

PERSONS_LEFT = "persons-below"
"""Note: applications stored before there were keys, from this key downwards, are still to be read again."""

_SHOWN = 50
_RANKED = 1000  # rows read for ranking: the strongest
_PAGE = 500
_COMMON_KINDS = {
    KeyKind.ATTACHMENT: RelationKind.SAME_ATTACHMENT,
    KeyKind.ORGANISATION: RelationKind.SAME_ORGANISATION,
}

Rows = Callable[[Sequence[int]], Sequence[CaseRow]]


@dataclass
class _Candidates:
    """Cases to look at more closely. ``telling`` are keys of names that a single person has here."""

    cases: set[int] = field(default_factory=set)
    telling: set[str] = field(default_factory=set)
    common: dict[TooCommon, None] = field(default_factory=dict)

    def add(self, connection: Connection, key: RelationKey) -> None:
        if key.kind is KeyKind.PERSON:
            self._add_namesakes(connection, key)
        elif key.kind is KeyKind.ADDRESS:
            self._add_neighbours(connection, key)
        elif _tells(connection, key):
            self.cases.update(_sharing(connection, key))
        else:
            number = _cases_with(connection, key)
            self.common[TooCommon(_COMMON_KINDS[key.kind], key.written, number)] = None

    def _add_namesakes(self, connection: Connection, key: RelationKey) -> None:
        known, dateless = _beside(connection, key)
        if key.beside:
            self.cases.update(_sharing(connection, key, key.beside))
        if known <= 1 and dateless <= MOST_DATELESS:
            self.telling.add(key.key)
            self.cases.update(_sharing(connection, key, "") if key.beside else _sharing(connection, key))
        elif dateless > (0 if key.beside else 1) or not key.beside:
            self.common[TooCommon(RelationKind.SAME_NAME, key.written)] = None

    def _add_neighbours(self, connection: Connection, key: RelationKey) -> None:
        if _beside(connection, key)[0] <= MOST_FAMILIES:
            self.cases.update(_sharing(connection, key))
        else:
            number = _cases_with(connection, key)
            self.common[TooCommon(RelationKind.SAME_ADDRESS, key.written, number)] = None


def related(connection: Connection, rows: Rows, own: CaseRow) -> RelatedCases:
    """Cases that share something telling with ``own``; ``rows`` reads rows by key."""
    mine = _keys_of(connection, [own.row_id]).get(own.row_id, [])
    candidates = _Candidates()
    for key in mine:
        candidates.add(connection, key)
    candidates.cases.discard(own.row_id)
    telling = frozenset(candidates.telling)
    reasons: dict[int, tuple[Relation, ...]] = {}
    for case_key, theirs in _keys_of(connection, sorted(candidates.cases)).items():
        if relations := relations_between(mine, theirs, telling):
            reasons[case_key] = relations
    strongest = sorted(reasons, key=lambda case_key: (weight(reasons[case_key]), case_key), reverse=True)
    found = [related_case(own, row, reasons[row.row_id]) for row in rows(strongest[:_RANKED])]
    found.sort(key=lambda case: not case.possibly_double)  # stable: by weight and newest within
    return RelatedCases(
        tuple(found[:_SHOWN]), len(reasons), tuple(candidates.common), _is_complete(connection)
    )


def double_pairs(connection: Connection, rows: Rows, limit: int) -> DoublePairs:
    """All pairs of open cases of one service that may be one application; the newest ``limit`` of them."""
    wanted = list(_suspected(connection))
    keys = _keys_of(connection, sorted({case_key for pair in wanted for case_key in pair}))
    reasons = {}
    for first, second in wanted:
        relations = relations_between(keys[first], keys[second], frozenset())
        if says_double(relations):
            reasons[first, second] = relations
    involved = {row.row_id: row for row in rows(sorted({each for pair in reasons for each in pair}))}
    pairs = [
        DoublePair(involved[first], involved[second], reasons[first, second])
        for first, second in sorted(reasons, key=lambda pair: (pair[1], pair[0]), reverse=True)
        if {involved[first].status, involved[second].status} <= OPEN_STATUSES
        and same_service(involved[first], involved[second])
    ]
    return DoublePairs(tuple(pairs[:limit]), len(pairs), _is_complete(connection))


def _suspected(connection: Connection) -> set[tuple[int, int]]:
    """Pairs of keys of cases that are not closed, of one service, that share a name or a document. Walks
    the keys of those cases only: most cases of an office are closed."""
    found: set[tuple[int, int]] = set()
    rows = connection.each(
        "SELECT k.kind, k.key, k.beside, k.case_key, ifnull(c.leika_key, c.service) FROM cases c "
        "CROSS JOIN relation_key k INDEXED BY relation_key_by_case ON k.case_key = c.id "
        "WHERE c.closed = 0 AND k.kind IN (?, ?) ORDER BY 1, 2",
        (KeyKind.PERSON.value, KeyKind.ATTACHMENT.value),
    )
    for (kind, key), shared in groupby(rows, key=lambda row: (row[0], row[1])):
        services: dict[str, list[tuple[str, int]]] = {}
        for _kind, _key, beside, case_key, service in shared:
            services.setdefault(service, []).append((beside, case_key))
        if all(len(cases) == 1 for cases in services.values()):
            continue
        if kind == KeyKind.PERSON or _tells(connection, RelationKey(KeyKind(kind), key, "")):
            found.update(_pairs(services))
    return found


def _tells(connection: Connection, key: RelationKey) -> bool:
    most = MOST_CASES[key.kind]
    return _cases_with(connection, key, most + 1) <= most


def _pairs(group: Mapping[str, Sequence[tuple[str, int]]]) -> Iterator[tuple[int, int]]:
    """Pairs within one service whose dates of birth do not differ; the older case first."""
    for cases in group.values():
        for (birth_on, one), (other_birth_on, other) in combinations(cases, 2):
            if one != other and (not birth_on or not other_birth_on or birth_on == other_birth_on):
                yield min(one, other), max(one, other)


def _keys_of(connection: Connection, case_keys: Sequence[int]) -> dict[int, list[RelationKey]]:
    found: dict[int, list[RelationKey]] = {}
    for start in range(0, len(case_keys), _PAGE):
        part = case_keys[start : start + _PAGE]
        marks = ",".join("?" * len(part))
        for case_key, kind, *key in connection.rows(
            "SELECT case_key, kind, key, written, beside FROM relation_key INDEXED BY relation_key_by_case "  # noqa: S608
            f"WHERE case_key IN ({marks}) ORDER BY case_key, kind, key, beside",
            part,
        ):
            found.setdefault(case_key, []).append(RelationKey(KeyKind(kind), *key))
    return found


def _sharing(connection: Connection, key: RelationKey, beside: str | None = None) -> Iterator[int]:
    """Cases with the same key; of a name, with this date of birth (empty: none) only, unless None."""
    born = "" if beside is None else " AND beside = ?"
    parameters = (key.kind.value, key.key) if beside is None else (key.kind.value, key.key, beside)
    for (case_key,) in connection.rows(
        f"SELECT case_key FROM relation_key WHERE kind = ? AND key = ?{born}",  # noqa: S608
        parameters,
    ):
        yield case_key


def _cases_with(connection: Connection, key: RelationKey, up_to: int = COUNTED_UP_TO) -> int:
    return int(
        connection.value(
            "SELECT count(*) FROM (SELECT 1 FROM relation_key WHERE kind = ? AND key = ? LIMIT ?)",
            (key.kind.value, key.key, up_to),
        )
    )


def _beside(connection: Connection, key: RelationKey) -> tuple[int, int]:
    """How many dates of birth a name has here (families an address), and in how many cases it has none."""
    row = connection.one(
        "SELECT count(DISTINCT nullif(beside, '')), ifnull(sum(beside = ''), 0) FROM relation_key "
        "WHERE kind = ? AND key = ?",
        (key.kind.value, key.key),
    )
    return (0, 0) if row is None else (int(row[0]), int(row[1]))


def _is_complete(connection: Connection) -> bool:
    return connection.value("SELECT 1 FROM note WHERE name = ?", (PERSONS_LEFT,)) is None
