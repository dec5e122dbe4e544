"""The search field's language, read once for everybody: the list, the chips below the field, its hints.

Free words, "phrases", exclusions (``-``), keys (``name:``, ``frist:<7t``) and ``ODER``. Terms beside each
other must all be true; ``ODER`` joins its two neighbours and binds closer than that, as people know it from
the web.
Any text can be read: what is not understood is named in ``Search.problems`` and left out of ``groups``.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from clerk_app.domain.case import OPEN_STATUSES, CaseStatus
from clerk_app.domain.languages import NAMES as LANGUAGES
from clerk_app.domain.languages import LanguageWish, language_wish

MOST_TERMS = 32
_TERM = re.compile(
    r"""(?P<minus>-)?(?:(?P<key>[^\W\d_]+):)?(?:"(?P<phrase>[^"]*)(?P<close>"?)|(?P<word>[^\s"]+)|)"""
)
_CONTROL = re.compile(r"[\x00-\x1f\x7f]+")
_OR = frozenset({"ODER", "OR"})


class SearchKey(StrEnum):
    """What a term looks at; the value is its German key."""

    WORDS = ""
    NAME = "name"
    REFERENCE = "az"
    SERVICE = "leistung"
    MUNICIPALITY = "gemeinde"
    STATUS = "status"
    PERSON = "person"
    HAS = "hat"
    IS = "ist"
    DUE = "frist"
    ARRIVED = "eingang"
    CONTENT = "inhalt"  # the text of attachments
    NOTE = "vermerk"
    LANGUAGE = "sprache"


#: Every spelling of a key.
KEYS: Mapping[str, SearchKey] = {
    **{key.value: key for key in SearchKey if key is not SearchKey.WORDS},
    "ref": SearchKey.REFERENCE,
    "reference": SearchKey.REFERENCE,
    "aktenzeichen": SearchKey.REFERENCE,
    "service": SearchKey.SERVICE,
    "municipality": SearchKey.MUNICIPALITY,
    "ort": SearchKey.MUNICIPALITY,
    "zuständig": SearchKey.PERSON,
    "assigned": SearchKey.PERSON,
    "has": SearchKey.HAS,
    "is": SearchKey.IS,
    "due": SearchKey.DUE,
    "arrived": SearchKey.ARRIVED,
    "content": SearchKey.CONTENT,
    "anlage": SearchKey.CONTENT,
    "note": SearchKey.NOTE,
    "notiz": SearchKey.NOTE,
    "lang": SearchKey.LANGUAGE,
    "language": SearchKey.LANGUAGE,
}

#: Every spelling of a status, German ones first.
STATUSES: Mapping[str, frozenset[CaseStatus]] = {
    "neu": frozenset({CaseStatus.NEW}),
    "in-bearbeitung": frozenset({CaseStatus.IN_REVIEW}),
    "nachgefordert": frozenset({CaseStatus.REQUESTED}),
    "beantwortet": frozenset({CaseStatus.ANSWERED}),
    "entschieden": frozenset({CaseStatus.DECIDED}),
    "abgeschlossen": frozenset({CaseStatus.CLOSED}),
    "archiv": frozenset({CaseStatus.CLOSED, CaseStatus.FORWARDED}),
    "abgegeben": frozenset({CaseStatus.FORWARDED}),
    "zurückgekommen": frozenset({CaseStatus.RETURNED}),
    "quarantäne": frozenset({CaseStatus.QUARANTINED}),
    "offen": OPEN_STATUSES,
    "open": OPEN_STATUSES,
    "bearbeitung": frozenset({CaseStatus.IN_REVIEW}),
    "review": frozenset({CaseStatus.IN_REVIEW}),
    **{status.value: frozenset({status}) for status in CaseStatus},
}


class Whose(StrEnum):
    """Kinds of answer to "whose case"."""

    MINE = "ich"
    NOBODY = "niemand"


class Flag(StrEnum):
    """What a case can be or have."""

    UNREAD = "ungelesen"
    CHANGED = "geändert"
    OVERDUE = "überfällig"
    ATTACHMENT = "anlage"
    NOTE = "vermerk"


_WHOSE = {"ich": Whose.MINE, "me": Whose.MINE, "mir": Whose.MINE}
_WHOSE |= dict.fromkeys(("niemand", "nobody", "keine"), Whose.NOBODY)
_IS = {"ungelesen": Flag.UNREAD, "unread": Flag.UNREAD}
_IS |= dict.fromkeys(("geändert", "geaendert", "changed"), Flag.CHANGED)
_IS |= dict.fromkeys(("überfällig", "ueberfaellig", "overdue"), Flag.OVERDUE)
_HAS = dict.fromkeys(("anlage", "anlagen", "attachment", "attachments"), Flag.ATTACHMENT)
_HAS |= dict.fromkeys(("vermerk", "vermerke", "notiz", "note", "notes"), Flag.NOTE)
_NAMED_DAYS = {"heute": 0, "today": 0, "morgen": 1, "tomorrow": 1, "gestern": -1, "yesterday": -1}

#: What may stand behind a key, for completion; German.
VALUES: Mapping[SearchKey, tuple[str, ...]] = {
    SearchKey.STATUS: tuple(list(STATUSES)[:11]),
    SearchKey.PERSON: (Whose.MINE.value, Whose.NOBODY.value),
    SearchKey.HAS: (Flag.ATTACHMENT.value, Flag.NOTE.value),
    SearchKey.IS: (Flag.UNREAD.value, Flag.CHANGED.value, Flag.OVERDUE.value),
    SearchKey.DUE: ("überfällig", "heute", "<7t", "<14t"),
    SearchKey.ARRIVED: ("heute", "gestern", ">-7t", ">-30t"),
    SearchKey.LANGUAGE: tuple(names[0] for names in LANGUAGES.values()),
}


@dataclass(frozen=True)
class Days:
    """A span of days; ``first`` and ``last`` belong to it, None is open."""

    first: date | None = None
    last: date | None = None


#: What a value means. None: it is words.
Meaning = frozenset[CaseStatus] | Whose | Flag | Days | LanguageWish | None


@dataclass(frozen=True)
class SearchTerm:
    """One condition. ``written`` is how it stands in the field (a quotation that was left open is closed),
    ``value`` without key, quotes and minus; ``exact`` phrases must stand so. ``start``, ``end``: its place.
    """

    key: SearchKey
    value: str
    written: str
    exact: bool = False
    negative: bool = False
    meaning: Meaning = None
    start: int = field(default=0, compare=False)
    end: int = field(default=0, compare=False)


class ProblemKind(StrEnum):
    """Why a part of a search was left out."""

    UNKNOWN_KEY = "unknown-key"  # searched for as words all the same
    EMPTY = "empty"
    UNKNOWN_VALUE = "unknown-value"
    UNREADABLE_DAY = "unreadable-day"
    NOTHING_TO_FIND = "nothing-to-find"  # only punctuation
    LONELY_OR = "lonely-or"
    TOO_MANY = "too-many"


@dataclass(frozen=True)
class Problem:
    """``written`` from ``start`` to ``end``; ``suggestion`` is what may have been meant, or empty."""

    kind: ProblemKind
    written: str
    start: int
    end: int
    key: SearchKey = SearchKey.WORDS
    suggestion: str = ""

    @property
    def blocks(self) -> bool:
        """Whether the search says something else than the clerk means as long as this stands there."""
        return self.kind not in (ProblemKind.UNKNOWN_KEY, ProblemKind.TOO_MANY)


@dataclass(frozen=True)
class Search:
    """All ``groups`` must be true, of each at least one term."""

    groups: tuple[tuple[SearchTerm, ...], ...] = ()
    problems: tuple[Problem, ...] = ()

    @property
    def terms(self) -> tuple[SearchTerm, ...]:
        """Every term as they stand in the field."""
        return tuple(term for group in self.groups for term in group)

    @property
    def usable(self) -> bool:
        """Whether nothing stands in the field that could not be understood."""
        return not any(problem.blocks for problem in self.problems)

    def text(self) -> str:
        """The search as text again."""
        return " ".join(" ODER ".join(term.written for term in group) for group in self.groups)

    def without(self, place: int) -> Search:
        """The search without its ``place``-th term."""
        found, at = [], 0
        for group in self.groups:
            kept = tuple(term for number, term in enumerate(group, at) if number != place)
            at += len(group)
            if kept:
                found.append(kept)
        return Search(tuple(found))

    def holds(self, written: str) -> int | None:
        """Where a term stands that must be true by itself, or None."""
        at = 0
        for group in self.groups:
            if len(group) == 1 and group[0].written.casefold() == written.casefold():
                return at
            at += len(group)
        return None


@dataclass
class _Reading:
    """What was read so far."""

    today: date
    groups: list[list[SearchTerm]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def problem(self, kind: ProblemKind, piece: _Piece, suggestion: str = "") -> None:
        self.problems.append(Problem(kind, piece.written, piece.start, piece.end, piece.key, suggestion))


@dataclass(frozen=True)
class _Piece:
    written: str
    spelled_key: str
    key: SearchKey
    value: str
    exact: bool
    negative: bool
    start: int
    end: int


def parse(text: str, today: date) -> Search:
    """Reads a search. Never raises, whatever is typed. ``today`` is what ``heute`` and ``<7t`` count from."""
    reading = _Reading(today)
    joining = False
    pending: _Piece | None = None  # an ODER whose right side has not come yet
    for number, piece in enumerate(_pieces(_CONTROL.sub(" ", text))):
        if number >= MOST_TERMS:
            reading.problem(ProblemKind.TOO_MANY, piece)
            break
        if piece.written in _OR:
            if joining or number == 0:
                reading.problem(ProblemKind.LONELY_OR, piece)
            joining, pending = True, piece
            continue
        term = _term(piece, reading)
        if term is not None:
            if joining and reading.groups and pending is not None:
                reading.groups[-1].append(term)
            else:
                reading.groups.append([term])
        joining, pending = False, None
    if pending is not None and not any(problem.start == pending.start for problem in reading.problems):
        reading.problem(ProblemKind.LONELY_OR, pending)
    return Search(tuple(map(tuple, reading.groups)), tuple(reading.problems))


def _pieces(text: str) -> Iterator[_Piece]:
    for found in _TERM.finditer(text):
        if not found[0]:
            continue
        spelled = found["key"] or ""
        key = KEYS.get(spelled.lower(), SearchKey.WORDS)
        exact = found["phrase"] is not None
        value = found["phrase"] if exact else found["word"] or ""
        written = found[0] if not exact or found["close"] else found[0] + '"'
        yield _Piece(
            written,
            spelled,
            key,
            value.strip(),
            exact,
            found["minus"] is not None,
            found.start(),
            found.end(),
        )


def _term(piece: _Piece, reading: _Reading) -> SearchTerm | None:
    value, key = piece.value, piece.key
    if piece.spelled_key and key is SearchKey.WORDS:
        if not value and not piece.exact:
            value = piece.spelled_key
        else:
            near = difflib.get_close_matches(piece.spelled_key.lower(), KEYS, 1)
            reading.problem(ProblemKind.UNKNOWN_KEY, piece, near[0] if near else "")
            value = f"{piece.spelled_key} {value}"
    if not value:
        if key is not SearchKey.WORDS or piece.exact:
            reading.problem(ProblemKind.EMPTY, piece)
        return None
    meaning: Meaning = None
    reader = _READERS.get(key)
    if reader is not None:
        meaning = reader(value, reading.today)
        if meaning is None and key is not SearchKey.PERSON:
            dated = key in (SearchKey.DUE, SearchKey.ARRIVED)
            kind = ProblemKind.UNREADABLE_DAY if dated else ProblemKind.UNKNOWN_VALUE
            near = difflib.get_close_matches(value.lower(), VALUES.get(key, ()), 1)
            reading.problem(kind, piece, near[0] if near else "")
            return None
    elif not any(c.isalnum() for c in value):
        if key is not SearchKey.WORDS or piece.exact:
            reading.problem(ProblemKind.NOTHING_TO_FIND, piece)
        return None
    return SearchTerm(key, value, piece.written, piece.exact, piece.negative, meaning, piece.start, piece.end)


def _status(value: str, _today: date) -> Meaning:
    return STATUSES.get(value.lower())


def _whose(value: str, _today: date) -> Meaning:
    return _WHOSE.get(value.lower())


def _is(value: str, _today: date) -> Meaning:
    return _IS.get(value.lower()) or STATUSES.get(value.lower())


def _has(value: str, _today: date) -> Meaning:
    return _HAS.get(value.lower())


def _due(value: str, today: date) -> Meaning:
    return Flag.OVERDUE if _IS.get(value.lower()) is Flag.OVERDUE else _days(value, today)


def _language(value: str, _today: date) -> Meaning:
    return language_wish(value)


def _days(value: str, today: date) -> Meaning:
    operator, rest = _operator(value.lower())
    span = _span(rest, today)
    if span is None:
        return None
    first, last = span
    try:
        return {
            "=": lambda: Days(first, last),
            "<": lambda: Days(None, first - timedelta(days=1)),
            "<=": lambda: Days(None, last),
            ">": lambda: Days(last + timedelta(days=1), None),
            ">=": lambda: Days(first, None),
        }[operator]()
    except OverflowError:  # before the first or after the last day there is
        return None


def _operator(value: str) -> tuple[str, str]:
    for operator in ("<=", ">=", "<", ">", "="):
        if value.startswith(operator):
            return operator, value.removeprefix(operator)
    return "=", value


def _span(text: str, today: date) -> tuple[date, date] | None:
    """First and last day of a day, a month or a year."""
    counted = re.fullmatch(r"([+-]?\d{1,4})[td]", text, re.ASCII)
    try:
        if text in _NAMED_DAYS or counted:
            day = today + timedelta(days=_NAMED_DAYS[text] if counted is None else int(counted[1]))
            return day, day
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text, re.ASCII):
            day = date.fromisoformat(text)
            return day, day
        if re.fullmatch(r"\d{4}-\d{2}", text, re.ASCII):
            first = date.fromisoformat(f"{text}-01")
            return first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
        if re.fullmatch(r"\d{4}", text, re.ASCII):
            return date(int(text), 1, 1), date(int(text), 12, 31)
        german = re.fullmatch(r"(\d{1,2})\.(\d{1,2})\.(\d{4})?", text, re.ASCII)
        if german:
            day = date(int(german[3] or today.year), int(german[2]), int(german[1]))
            return day, day
    except (ValueError, OverflowError):
        return None
    return None


_READERS: Mapping[SearchKey, Callable[[str, date], Meaning]] = {
    SearchKey.STATUS: _status,
    SearchKey.PERSON: _whose,
    SearchKey.IS: _is,
    SearchKey.HAS: _has,
    SearchKey.DUE: _due,
    SearchKey.ARRIVED: _days,
    SearchKey.LANGUAGE: _language,
}
