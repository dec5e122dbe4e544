"""What a search means in SQL: over the cache (``c``) and, for the clerk's own acts, the ledger (``s``)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from clerk_app.domain.case import OPEN_STATUSES, CaseStatus
from clerk_app.domain.languages import LanguageWish
from clerk_app.domain.search_terms import Days, Flag, Search, SearchKey, SearchTerm, Whose
from clerk_app.domain.search_terms import parse as parse_terms
from clerk_app.store.din91379 import folded, search_form
from clerk_app.store.encoding import clean_text
from clerk_app.store.overlay import CHANGED, DUE, REMIND, STATUS, UNREAD, status_list

#: Columns of the full-text index a key looks into.
_COLUMNS: Mapping[SearchKey, str | None] = {
    SearchKey.WORDS: None,
    SearchKey.NAME: "applicant",
    SearchKey.SERVICE: "service",
    SearchKey.MUNICIPALITY: "municipality",
    SearchKey.CONTENT: "attachments",
    SearchKey.NOTE: "notes",
}


@dataclass(frozen=True)
class Condition:
    """An SQL condition over ``c`` and ``s`` with its parameters. ``overlaid``: it needs the ledger.
    ``statuses``: only cases with one of these can meet it, which spares looking at the others."""

    sql: str
    parameters: tuple[object, ...] = ()
    overlaid: bool = False
    statuses: frozenset[CaseStatus] = frozenset(CaseStatus)


@dataclass(frozen=True)
class SearchPlan:
    """A search, ready to be asked. ``match`` is the full-text expression, or None; ``statuses`` are those
    asked for."""

    match: str | None = None
    conditions: tuple[Condition, ...] = ()
    statuses: frozenset[CaseStatus] = frozenset(CaseStatus)

    @property
    def overlaid(self) -> bool:
        """Whether any condition needs the ledger."""
        return any(condition.overlaid for condition in self.conditions)


def plan(text: str, today: date, actor: str = "") -> SearchPlan:
    """Understands ``text``. Never raises, whatever is typed. ``actor`` is who "ich" is."""
    return compiled(read(text, today), today, actor)


def read(text: str, today: date) -> Search:
    """The search as terms, in letters a database takes."""
    return parse_terms(clean_text(text), today)


def compiled(search: Search, today: date, actor: str = "") -> SearchPlan:
    """The plan of a search that was read."""
    positive: list[str] = []
    excluded: list[str] = []
    conditions: list[Condition] = []
    statuses = frozenset(CaseStatus)
    for group in search.groups:
        asked = [_statuses(term) for term in group]
        if all(each is not None for each in asked):
            statuses &= frozenset[CaseStatus]().union(*(each for each in asked if each is not None))
            continue
        words = [_expression(term) for term in group if _is_words(term) and not term.negative]
        if len(words) == len(group):
            kept = [each for each in words if each is not None]
            if kept:
                positive.append(kept[0] if len(kept) == 1 else f"({' OR '.join(kept)})")
            continue
        if len(group) == 1 and _is_words(group[0]):
            excluded += [each for each in (_expression(group[0]),) if each is not None]
            continue
        found = [each for each in (_condition(term, today, actor) for term in group) if each is not None]
        if found:
            conditions.append(_either(found))
            statuses &= conditions[-1].statuses
    match = " AND ".join(positive) or None
    if match is not None and excluded:  # the index can leave out itself, but only from something
        match = f"({match}) NOT ({' OR '.join(excluded)})"
    else:
        conditions += [_negated(_in_index(expression)) for expression in excluded]
    return SearchPlan(match, tuple(conditions), statuses)


def _is_words(term: SearchTerm) -> bool:
    return term.key in _COLUMNS


def _statuses(term: SearchTerm) -> frozenset[CaseStatus] | None:
    if not isinstance(term.meaning, frozenset):
        return None
    return frozenset(CaseStatus) - term.meaning if term.negative else term.meaning


def _either(found: list[Condition]) -> Condition:
    if len(found) == 1:
        return found[0]
    return Condition(
        "(" + " OR ".join(f"ifnull({each.sql}, 0)" for each in found) + ")",
        tuple(value for each in found for value in each.parameters),
        any(each.overlaid for each in found),
        frozenset[CaseStatus]().union(*(each.statuses for each in found)),
    )


def _condition(term: SearchTerm, today: date, actor: str) -> Condition | None:
    condition = _positive(term, today, actor)
    return condition if condition is None or not term.negative else _negated(condition)


def _negated(condition: Condition) -> Condition:
    return Condition(f"NOT ifnull({condition.sql}, 0)", condition.parameters, condition.overlaid)


def _in_index(expression: str) -> Condition:
    return Condition("c.id IN (SELECT rowid FROM case_fts WHERE case_fts MATCH ?)", (expression,))


def _positive(term: SearchTerm, today: date, actor: str) -> Condition | None:
    if _is_words(term):
        expression = _expression(term)
        return None if expression is None else _in_index(expression)
    if isinstance(term.meaning, frozenset):
        return Condition(f"({STATUS}) IN {status_list(term.meaning)}", (), True, term.meaning)
    if isinstance(term.meaning, Flag):
        return _FLAGS[term.meaning](today)
    if isinstance(term.meaning, Days):
        return _dated(term.key, term.meaning)
    if isinstance(term.meaning, LanguageWish):
        marks = ",".join("?" * len(term.meaning.codes))
        # what could not be read names no language, and is no application in German either
        return Condition(f"(c.language IN ({marks}) AND NOT c.quarantined)", term.meaning.codes)
    if term.key is SearchKey.PERSON:
        return _assigned(term, actor)
    return _reference(term.value)


def _expression(term: SearchTerm) -> str | None:
    """Words as quoted full-text terms (nothing in them is syntax), each as typed and in search form."""
    column = _COLUMNS[term.key]
    if term.exact:
        return _word(term.value, column, prefix=False)
    words = [_word(word, column, prefix=True) for word in term.value.split()]
    kept = [word for word in words if word is not None]
    return " AND ".join(kept) if len(kept) < 2 else f"({' AND '.join(kept)})" if kept else None


def _word(value: str, column: str | None, *, prefix: bool) -> str | None:
    if not any(c.isalnum() for c in value):
        return None
    spellings = dict.fromkeys((folded(value), search_form(value).lower()))
    star = "*" if prefix else ""
    scope = f"{{{column}}} : " if column else ""
    quoted = [f'{scope}"{spelling.replace(chr(34), chr(34) * 2)}"{star}' for spelling in spellings]
    return quoted[0] if len(quoted) == 1 else f"({' OR '.join(quoted)})"


def _reference(value: str) -> Condition:
    wanted = value.upper()
    if len(wanted) < 3:  # the trigram index knows nothing shorter
        return Condition("c.case_reference LIKE ? ESCAPE '\\'", (f"%{_like(wanted)}%",))
    quoted = wanted.replace('"', '""')
    return Condition(
        "c.id IN (SELECT rowid FROM reference_fts WHERE reference_fts MATCH ?)", (f'"{quoted}"',)
    )


def _assigned(term: SearchTerm, actor: str) -> Condition:
    """Whose case it is: oneself, nobody, or a name that begins so."""
    if term.meaning is Whose.MINE:
        return Condition("s.assigned_to = ?", (actor,), overlaid=True)
    if term.meaning is Whose.NOBODY:
        return Condition("s.assigned_to IS NULL", overlaid=True)
    return Condition("s.assigned_to LIKE ? ESCAPE '\\'", (f"{_like(term.value)}%",), overlaid=True)


def _like(text: str) -> str:
    return re.sub(r"([\\%_])", r"\\\1", text)


def _dated(key: SearchKey, days: Days) -> Condition:
    if key is SearchKey.ARRIVED:
        # arrival days are compared as UTC days: the stored spelling sorts, and an index of it is not needed
        return _within("substr(c.arrived_at, 1, 10)", days)
    due, reminder = _within(DUE, days), _within(REMIND, days)
    # who looks for a day wants what comes up on it, be it a reminder
    return Condition(f"({due.sql} OR {reminder.sql})", (*due.parameters, *reminder.parameters), overlaid=True)


def _within(column: str, days: Days) -> Condition:
    first = [] if days.first is None else [(f"{column} >= ?", days.first.isoformat())]
    last = [] if days.last is None else [(f"{column} <= ?", days.last.isoformat())]
    both = first + last
    return Condition("(" + " AND ".join(sql for sql, _day in both) + ")", tuple(day for _sql, day in both))


def _overdue(today: date) -> Condition:
    late = f"({DUE} < ? AND ({STATUS}) IN {status_list(OPEN_STATUSES)})"  # what is decided is not late
    return Condition(late, (today.isoformat(),), True, OPEN_STATUSES)


_FLAGS: Mapping[Flag, Callable[[date], Condition]] = {
    Flag.UNREAD: lambda _today: Condition(UNREAD, overlaid=True),
    Flag.CHANGED: lambda _today: Condition(CHANGED, overlaid=True),
    Flag.OVERDUE: _overdue,
    Flag.ATTACHMENT: lambda _today: Condition("c.attachment_count > 0"),
    Flag.NOTE: lambda _today: Condition(
        "EXISTS (SELECT 1 FROM ledger.entry e WHERE e.case_id = c.case_id AND e.kind = 'noted')"
    ),
}
