"""The search field's language: free words, "phrases", -exclusions, and keys such as ``name:`` or ``frist:``.

Any text is a valid search: what cannot be understood is looked for as words, and named in ``hints``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from clerk_app.domain.case import OPEN_STATUSES, CaseStatus
from clerk_app.store.din91379 import folded, search_form
from clerk_app.store.encoding import clean_text
from clerk_app.store.overlay import DUE, REMIND, STATUS, UNREAD, status_list

_MAX_TERMS = 32
_TERM = re.compile(r"""(?P<minus>-)?(?:(?P<key>[^\W\d_]+):)?(?:"(?P<phrase>[^"]*)"?|(?P<word>[^\s"]+))""")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]+")

_COLUMNS: Mapping[str, str] = {
    "name": "applicant",
    "leistung": "service",
    "service": "service",
    "gemeinde": "municipality",
    "municipality": "municipality",
}
_STATUSES: Mapping[str, frozenset[CaseStatus]] = {
    **{status.value: frozenset({status}) for status in CaseStatus},
    "neu": frozenset({CaseStatus.NEW}),
    "bearbeitung": frozenset({CaseStatus.IN_REVIEW}),
    "in-bearbeitung": frozenset({CaseStatus.IN_REVIEW}),
    "review": frozenset({CaseStatus.IN_REVIEW}),
    "nachgefordert": frozenset({CaseStatus.REQUESTED}),
    "beantwortet": frozenset({CaseStatus.ANSWERED}),
    "entschieden": frozenset({CaseStatus.DECIDED}),
    "abgeschlossen": frozenset({CaseStatus.CLOSED}),
    "archiv": frozenset({CaseStatus.CLOSED, CaseStatus.FORWARDED}),
    "abgegeben": frozenset({CaseStatus.FORWARDED}),
    "zurückgekommen": frozenset({CaseStatus.RETURNED}),
    "quarantäne": frozenset({CaseStatus.QUARANTINED}),
}
_PERSON = frozenset({"person", "zuständig", "assigned"})
_OVERDUE = frozenset({"überfällig", "ueberfaellig", "overdue"})
_TODAY = frozenset({"heute", "today"})


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
    """A parsed search. ``match`` is the full-text expression, or None; ``statuses`` are those asked for."""

    match: str | None = None
    conditions: tuple[Condition, ...] = ()
    statuses: frozenset[CaseStatus] = frozenset(CaseStatus)
    hints: tuple[str, ...] = field(default=())  # terms that were not understood as meant

    @property
    def overlaid(self) -> bool:
        """Whether any condition needs the ledger."""
        return any(condition.overlaid for condition in self.conditions)


def parse(text: str, today: date, actor: str = "") -> SearchPlan:
    """Understands ``text``. Never raises, whatever is typed. ``actor`` is who "ich" is."""
    positive: list[str] = []
    conditions: list[Condition] = []
    hints: list[str] = []
    statuses = frozenset(CaseStatus)
    cleaned = _CONTROL.sub(" ", clean_text(text))
    for found in list(_TERM.finditer(cleaned))[:_MAX_TERMS]:
        key = (found["key"] or "").lower()
        value = found["phrase"] if found["phrase"] is not None else found["word"]
        exact = found["phrase"] is not None
        negative = found["minus"] is not None
        asked = _STATUSES.get(value.strip().lower()) if key == "status" else None
        if asked is not None:
            statuses -= asked if negative else frozenset(CaseStatus) - asked
            continue
        if key in _PERSON:
            whose = _assigned(value.strip(), actor)
            conditions.append(_negated(whose) if negative else whose)
            continue
        reader = _KEYS.get(key)
        if reader is not None:
            condition = reader(value.strip(), today)
            if condition is None:
                hints.append(found[0])
            elif negative:
                conditions.append(_negated(condition))
            else:
                conditions.append(condition)
                statuses &= condition.statuses
            continue
        column = _COLUMNS.get(key)
        if key and column is None:  # an unknown key is words: "foo:bar"
            value = f"{key} {value}"
        expression = _expression(value, column, exact=exact)
        if expression is None:
            if column is not None or exact:
                hints.append(found[0])
        elif negative:
            conditions.append(
                Condition("c.id NOT IN (SELECT rowid FROM case_fts WHERE case_fts MATCH ?)", (expression,))
            )
        else:
            positive.append(expression)
    return SearchPlan(" AND ".join(positive) or None, tuple(conditions), statuses, tuple(hints))


def _expression(value: str, column: str | None, *, exact: bool) -> str | None:
    """Words as quoted full-text terms (nothing in them is syntax), each as typed and in search form."""
    if exact:
        return _term(value, column, prefix=False)
    terms = [_term(word, column, prefix=True) for word in value.split()]
    kept = [term for term in terms if term is not None]
    return " AND ".join(kept) or None


def _term(value: str, column: str | None, *, prefix: bool) -> str | None:
    if not any(c.isalnum() for c in value):
        return None
    spellings = dict.fromkeys((folded(value), search_form(value).lower()))
    star = "*" if prefix else ""
    scope = f"{{{column}}} : " if column else ""
    quoted = [f'{scope}"{spelling.replace(chr(34), chr(34) * 2)}"{star}' for spelling in spellings]
    return quoted[0] if len(quoted) == 1 else f"({' OR '.join(quoted)})"


def _negated(condition: Condition) -> Condition:
    return Condition(f"NOT ifnull({condition.sql}, 0)", condition.parameters, condition.overlaid)


def _reference(value: str, _today: date) -> Condition | None:
    wanted = value.upper()
    if not any(c.isalnum() for c in wanted):
        return None
    if len(wanted) < 3:  # the trigram index knows nothing shorter
        return Condition("c.case_reference LIKE ? ESCAPE '\\'", (f"%{_like(wanted)}%",))
    quoted = wanted.replace('"', '""')
    return Condition(
        "c.id IN (SELECT rowid FROM reference_fts WHERE reference_fts MATCH ?)", (f'"{quoted}"',)
    )


def _assigned(value: str, actor: str) -> Condition:
    """Whose case it is: oneself, nobody, or a name that begins so."""
    if value.lower() in ("ich", "me", "mir"):
        return Condition("s.assigned_to = ?", (actor,), overlaid=True)
    if value.lower() in ("niemand", "nobody", "keine"):
        return Condition("s.assigned_to IS NULL", overlaid=True)
    return Condition("s.assigned_to LIKE ? ESCAPE '\\'", (f"{_like(value)}%",), overlaid=True)


def _like(text: str) -> str:
    return re.sub(r"([\\%_])", r"\\\1", text)


def _unknown_status(_value: str, _today: date) -> Condition | None:
    return None


def _arrival(value: str, today: date) -> Condition | None:
    # arrival days are compared as UTC days: the stored spelling sorts, and an index of it is not needed
    return _dated("substr(c.arrived_at, 1, 10)", value, today)


def _deadline(value: str, today: date) -> Condition | None:
    if value.lower() in _OVERDUE:
        late = f"{DUE} < ? AND ({STATUS}) IN {status_list(OPEN_STATUSES)}"  # what is decided is not late
        return Condition(late, (today.isoformat(),), True, OPEN_STATUSES)
    found, reminder = _dated(DUE, value, today), _dated(REMIND, value, today)
    if found is None or reminder is None:
        return None
    # who looks for a day wants what comes up on it, be it a reminder
    either = f"({found.sql} OR {reminder.sql})"
    return Condition(either, (*found.parameters, *reminder.parameters), overlaid=True)


def _dated(column: str, value: str, today: date) -> Condition | None:
    operator, _, rest = _split_operator(value)
    if rest.lower() in _TODAY:
        return Condition(f"{column} {operator} ?", (today.isoformat(),))
    days = re.fullmatch(r"(\d{1,4})[td]", rest.lower())
    if days:
        limit = _shifted(today, int(days[1]))
        return None if limit is None else Condition(f"{column} {operator} ?", (limit.isoformat(),))
    if re.fullmatch(r"\d{4}(-\d{2}){0,2}", rest, re.ASCII):
        if operator == "=":  # a year, a month or a day
            return Condition(f"substr({column}, 1, {len(rest)}) = ?", (rest,))
        return Condition(f"substr({column}, 1, {len(rest)}) {operator} ?", (rest,))
    german = re.fullmatch(r"(\d{1,2})\.(\d{1,2})\.(\d{4})", rest, re.ASCII)
    if german:
        day, month, year = (int(part) for part in german.groups())
        try:
            return Condition(f"{column} {operator} ?", (date(year, month, day).isoformat(),))
        except ValueError:
            return None
    return None


def _split_operator(value: str) -> tuple[str, str, str]:
    for operator in ("<=", ">=", "<", ">", "="):
        if value.startswith(operator):
            return operator, "", value.removeprefix(operator)
    return "=", "", value


def _shifted(today: date, days: int) -> date | None:
    try:
        return today + timedelta(days=days)
    except OverflowError:
        return None


def _is(value: str, _today: date) -> Condition | None:
    if value.lower() in ("ungelesen", "unread"):
        return Condition(UNREAD, overlaid=True)
    return None


def _has(value: str, _today: date) -> Condition | None:
    if value.lower() in ("anlage", "anlagen", "attachment", "attachments"):
        return Condition("c.attachment_count > 0")
    return None


_KEYS: Mapping[str, Callable[[str, date], Condition | None]] = {
    "az": _reference,
    "ref": _reference,
    "reference": _reference,
    "status": _unknown_status,
    "eingang": _arrival,
    "arrived": _arrival,
    "frist": _deadline,
    "due": _deadline,
    "ist": _is,
    "is": _is,
    "hat": _has,
    "has": _has,
}
