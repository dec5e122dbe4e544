"""Landesprofil: what differs from Land to Land, dated: fiction of notification, appeal notices, holidays."""

from __future__ import annotations

import threading
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from clerk_app.domain.deadlines import DispatchWay, FictionRule, NotificationRule, ProcedureLaw
from clerk_app.services.toml_values import CatalogueError, resources_folder

_T = TypeVar("_T")
FALLBACK_LAND = "de"  # federal values for Länder without a profile of their own


LETTER_KEYS = frozenset({"act", "hearing", "court", "supervision", "language"})  # read by ``letter_law``


@dataclass(frozen=True)
class AppealRule:
    """Rechtsbehelf: months after notification (0: no period) and the notice, in force for decisions from
    ``valid_from`` to before ``valid_until``. ``addressee`` says where it is lodged: ``authority`` (blank
    ``{place}``: its name and address) or ``court`` (blank ``{court}``: its name and seat, VwGO § 58).

    ``months_abroad`` (0: as at home) is for recipients abroad, ``uninstructed_months`` for a notice that was
    missing or wrong. ``text`` is empty in a rule that is there for its period alone.
    """

    kind: str
    months: int
    text: str
    basis: str
    valid_from: date
    valid_until: date | None = None
    months_abroad: int = 0
    uninstructed_months: int = 0
    uninstructed_basis: str = ""
    addressee: str = "authority"
    translations: Mapping[str, str] = field(default_factory=dict, hash=False)

    def holds(self, on: date) -> bool:
        """Whether a decision of that day carries this notice."""
        return self.valid_from <= on and (self.valid_until is None or on < self.valid_until)


@dataclass(frozen=True)
class DatedFiction:
    """Genehmigungsfiktion (VwVfG § 42a) in force from ``valid_from`` to before ``valid_until``."""

    rule: FictionRule
    valid_from: date
    valid_until: date | None = None

    def holds(self, on: date) -> bool:
        """Whether it governs an application of that day."""
        return self.valid_from <= on and (self.valid_until is None or on < self.valid_until)


@dataclass(frozen=True)
class StateProfile:
    """What holds in one Land. ``assumed`` values are marked in the rules themselves."""

    land: str
    name: str
    notification: tuple[NotificationRule, ...]
    appeals: tuple[AppealRule, ...]
    fictions: tuple[DatedFiction, ...] = ()
    ways: Mapping[str, DispatchWay] = field(default_factory=dict)

    def appeal(self, kind: str, on: date) -> AppealRule:
        """The appeal rule of that kind for a decision of that day.

        :raises LookupError: the profile has none: it is incomplete
        """
        for rule in self.appeals:
            if rule.kind == kind and rule.holds(on):
                return rule
        raise LookupError(f"no appeal rule {kind} for {on.isoformat()} in {self.land}")

    def fiction(self, on: date) -> FictionRule:
        """The fiction rule for an application of that day.

        :raises LookupError: the profile has none
        """
        for dated in self.fictions:
            if dated.holds(on):
                return dated.rule
        raise LookupError(f"no fiction rule for {on.isoformat()} in {self.land}")

    def way(self, channel: str | None) -> DispatchWay:
        """The way of dispatch a channel is; None is a letter, an unknown one an electronic transmission."""
        if channel is None:
            return DispatchWay.LETTER
        return self.ways.get(channel, DispatchWay.ELECTRONIC)


def load_state(land: str, folder: Path | None = None) -> StateProfile:
    """The profile of a Land (``BW``, ``SN``); one without its own file gets the federal values.

    :raises CatalogueError: the file is not usable; names the file, the entry and what is wrong with it
    """
    folder = folder if folder is not None else resources_folder("states")
    path = folder / f"{land.lower()}.toml"
    if not path.is_file():
        path = folder / f"{FALLBACK_LAND}.toml"
    try:
        with path.open("rb") as source:
            tree = tomllib.load(source)
    except (OSError, ValueError) as error:
        raise CatalogueError(f"{path.name}: {error}") from error
    unknown = set(tree) - {"name", "ways", "notification", "appeal", "fiction", *LETTER_KEYS}
    if unknown or "name" not in tree:
        raise CatalogueError(f"{path.name}: unknown or missing keys {sorted(unknown) or ['name']}")
    return StateProfile(
        land=land.upper(),
        name=str(tree["name"]),
        notification=_entries(path, tree, "notification", _notification),
        appeals=_entries(path, tree, "appeal", _appeal),
        fictions=_entries(path, tree, "fiction", _fiction),
        ways=_ways(path, tree.get("ways", {})),
    )


def _entries(path: Path, tree: Mapping[str, Any], name: str, read: Callable[[_Entry], _T]) -> tuple[_T, ...]:
    found = []
    for number, item in enumerate(tree.get(name, ()), 1):
        try:
            entry = _Entry(dict(item))
            made = read(entry)
            entry.nothing_left()
        except (KeyError, TypeError, ValueError) as error:
            named = item.get("kind") or " ".join(
                str(item[key]) for key in ("law", "way", "valid_from") if key in item
            )
            raise CatalogueError(f"{path.name}: {name} {number} ({named}): {_words(error)}") from error
        found.append(made)
    return tuple(found)


def _words(error: Exception) -> str:
    return f"{error.args[0]} is missing" if isinstance(error, KeyError) else str(error)


class _Entry:
    """One entry of the file; every key is taken once, with its type."""

    def __init__(self, members: dict[str, Any]) -> None:
        self._left = members

    def text(self, key: str, default: str | None = None) -> str:
        return self._take(key, str, default)

    def number(self, key: str, default: int | None = None) -> int:
        return self._take(key, int, default)

    def flag(self, key: str) -> bool:
        return self._take(key, bool, False)

    def day(self, key: str) -> date:
        return self._take(key, date, None)

    def optional_day(self, key: str) -> date | None:
        return self.day(key) if key in self._left else None

    def texts(self, key: str) -> dict[str, str]:
        return {str(name): str(text) for name, text in self._take(key, dict, {}).items()}

    def nothing_left(self) -> None:
        if self._left:
            raise ValueError(f"unknown keys {sorted(self._left)}")

    def _take(self, key: str, kind: type[_T], default: _T | None) -> _T:
        if key not in self._left and default is not None:
            return default
        value = self._left.pop(key)
        if type(value) is not kind:
            raise TypeError(f"{key} must be of type {kind.__name__}")
        return value


def _ways(path: Path, table: Mapping[str, Any]) -> dict[str, DispatchWay]:
    try:
        return {channel: DispatchWay(way) for channel, way in table.items()}
    except ValueError as error:
        raise CatalogueError(f"{path.name}: ways: {error}") from error


def _notification(entry: _Entry) -> NotificationRule:
    return NotificationRule(
        law=ProcedureLaw(entry.text("law")),
        valid_from=entry.day("valid_from"),
        valid_until=entry.optional_day("valid_until"),
        day=entry.number("day", 0),
        moves_to_working_day=entry.flag("moves_to_working_day"),
        basis=entry.text("basis"),
        assumed=entry.flag("assumed"),
        way=DispatchWay(entry.text("way")),
        months=entry.number("months", 0),
        retrieval_days=entry.number("retrieval_days", 0),
        earlier_retrieval=entry.flag("earlier_retrieval"),
    )


def _appeal(entry: _Entry) -> AppealRule:
    period_only = entry.flag("period_only")
    return AppealRule(
        kind=entry.text("kind"),
        months=entry.number("months"),
        text=entry.text("text", "" if period_only else None).strip(),
        basis=entry.text("basis"),
        valid_from=entry.day("valid_from"),
        valid_until=entry.optional_day("valid_until"),
        months_abroad=entry.number("months_abroad", 0),
        uninstructed_months=entry.number("uninstructed_months", 0),
        uninstructed_basis=entry.text("uninstructed_basis", ""),
        addressee=entry.text("addressee", "authority"),
        translations=entry.texts("translations"),
    )


def _fiction(entry: _Entry) -> DatedFiction:
    return DatedFiction(
        FictionRule(
            months=entry.number("months"),
            basis=entry.text("basis"),
            moves_to_working_day=entry.flag("moves_to_working_day"),
            assumed=entry.flag("assumed"),
        ),
        valid_from=entry.day("valid_from"),
        valid_until=entry.optional_day("valid_until"),
    )


class HolidayCalendar:
    """Public holidays of a Land, by the ``holidays`` package. Safe for several threads.

    Some holidays hold in single municipalities only: Fronleichnam in parts of Sachsen and Thüringen
    (``corpus_christi``), Mariä Himmelfahrt in parts of Bayern (``assumption_day``). None means
    that nobody said: the day then counts as a working day, and ``doubtful_name`` tells.
    """

    def __init__(
        self, land: str, *, corpus_christi: bool | None = None, assumption_day: bool | None = None
    ) -> None:
        self._land = land.upper()
        self._local = {"Fronleichnam": corpus_christi, "Mariä Himmelfahrt": assumption_day}
        self._years: dict[int, tuple[dict[date, str], dict[date, str]]] = {}
        self._lock = threading.Lock()

    def holiday_name(self, on: date) -> str | None:
        """The German name of the public holiday on that day, or None."""
        return self._of(on.year)[0].get(on)

    def doubtful_name(self, on: date) -> str | None:
        """See WorkingDays."""
        return self._of(on.year)[1].get(on)

    def _of(self, year: int) -> tuple[dict[date, str], dict[date, str]]:
        with self._lock:
            if year not in self._years:
                self._years[year] = self._year(year)
            return self._years[year]

    def _year(self, year: int) -> tuple[dict[date, str], dict[date, str]]:
        from holidays import country_holidays  # slow to import; needed only when a deadline is derived
        from holidays.constants import CATHOLIC, PUBLIC

        def names(category: str) -> dict[date, str]:
            days = country_holidays("DE", subdiv=self._land, years=year, categories=category, language="de")
            return {on: str(name) for on, name in days.items()}

        sure = names(PUBLIC)
        doubtful: dict[date, str] = {}
        for on, name in names(CATHOLIC).items():
            said = self._local.get(name)
            if on in sure or said is False:
                continue
            (sure if said else doubtful)[on] = name
        return sure, doubtful
