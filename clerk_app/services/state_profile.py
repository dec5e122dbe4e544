"""Landesprofil: what differs from Land to Land, dated: fiction of notification, appeal notices, holidays."""

from __future__ import annotations

import threading
import tomllib
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from clerk_app.domain.deadlines import NotificationRule, ProcedureLaw
from clerk_app.services.catalogue import CatalogueError, resources_folder

FALLBACK_LAND = "de"  # federal values for Länder without a profile of their own


@dataclass(frozen=True)
class AppealRule:
    """Rechtsbehelf: months after notification (0: no period) and the notice, in force for decisions from
    ``valid_from`` to before ``valid_until``. The blank ``{place}`` is the authority with its address."""

    kind: str
    months: int
    text: str
    basis: str
    valid_from: date
    valid_until: date | None = None

    def holds(self, on: date) -> bool:
        """Whether a decision of that day carries this notice."""
        return self.valid_from <= on and (self.valid_until is None or on < self.valid_until)


@dataclass(frozen=True)
class StateProfile:
    """What holds in one Land. ``assumed`` values are marked in the rules themselves."""

    land: str
    name: str
    notification: tuple[NotificationRule, ...]
    appeals: tuple[AppealRule, ...]

    def appeal(self, kind: str, on: date) -> AppealRule:
        """The appeal rule of that kind for a decision of that day.

        :raises LookupError: the profile has none: it is incomplete
        """
        for rule in self.appeals:
            if rule.kind == kind and rule.holds(on):
                return rule
        raise LookupError(f"no appeal rule {kind} for {on.isoformat()} in {self.land}")


def load_state(land: str, folder: Path | None = None) -> StateProfile:
    """The profile of a Land (``BW``, ``SN``); one without its own file gets the federal values."""
    folder = folder if folder is not None else resources_folder("states")
    path = folder / f"{land.lower()}.toml"
    if not path.is_file():
        path = folder / f"{FALLBACK_LAND}.toml"
    try:
        with path.open("rb") as source:
            tree = tomllib.load(source)
        return StateProfile(
            land=land.upper(),
            name=str(tree["name"]),
            notification=tuple(_notification(item) for item in tree["notification"]),
            appeals=tuple(_appeal(item) for item in tree["appeal"]),
        )
    except (OSError, KeyError, TypeError, ValueError) as error:
        raise CatalogueError(f"{path.name}: {error!r}") from error


def _notification(item: dict[str, Any]) -> NotificationRule:
    return NotificationRule(
        law=ProcedureLaw(item["law"]),
        valid_from=item["valid_from"],
        valid_until=item.get("valid_until"),
        day=int(item["day"]),
        moves_to_working_day=bool(item.get("moves_to_working_day", False)),
        basis=str(item["basis"]),
        assumed=bool(item.get("assumed", False)),
    )


def _appeal(item: dict[str, Any]) -> AppealRule:
    return AppealRule(
        kind=str(item["kind"]),
        months=int(item["months"]),
        text=str(item["text"]).strip(),
        basis=str(item["basis"]),
        valid_from=item["valid_from"],
        valid_until=item.get("valid_until"),
    )


class HolidayCalendar:
    """Public holidays of a Land, by the ``holidays`` package. Safe for several threads.

    Some holidays hold in single municipalities only (Fronleichnam in parts of Sachsen, Mariä Himmelfahrt in
    Bayern): they count with ``catholic``.
    """

    def __init__(self, land: str, *, catholic: bool = False) -> None:
        self._land = land.upper()
        self._catholic = catholic
        self._names: dict[int, dict[date, str]] = {}
        self._lock = threading.Lock()

    def holiday_name(self, on: date) -> str | None:
        """The German name of the public holiday on that day, or None."""
        with self._lock:
            if on.year not in self._names:
                self._names[on.year] = self._year(on.year)
            return self._names[on.year].get(on)

    def _year(self, year: int) -> dict[date, str]:
        from holidays import country_holidays  # slow to import; needed only when a deadline is derived
        from holidays.constants import CATHOLIC, PUBLIC

        categories = (PUBLIC, CATHOLIC) if self._catholic else (PUBLIC,)
        days = country_holidays("DE", subdiv=self._land, years=year, categories=categories, language="de")
        return {on: str(name) for on, name in days.items()}
