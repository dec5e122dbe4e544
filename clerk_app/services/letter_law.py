"""What a Land's profile says about letters: names of acts, hearings, courts, languages. All dated data."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from clerk_app.domain.deadlines import ProcedureLaw
from clerk_app.domain.letter_templates import HearingDuty, LetterTemplate
from clerk_app.domain.service_package import ServiceDescription
from clerk_app.services.state_profile import FALLBACK_LAND
from clerk_app.services.toml_values import CatalogueError, day, optional_day, resources_folder


@dataclass(frozen=True, slots=True)
class _Dated:
    """In force from ``valid_from`` to before ``valid_until``; ``assumed``: not confirmed by a source."""

    valid_from: date
    valid_until: date | None
    assumed: bool

    def holds(self, on: date) -> bool:
        """Whether it is in force on that day."""
        return self.valid_from <= on and (self.valid_until is None or on < self.valid_until)


@dataclass(frozen=True, slots=True)
class NamedAct(_Dated):
    """How letters name the act that governs the procedure, in the genitive with its article."""

    law: ProcedureLaw
    name: str


@dataclass(frozen=True, slots=True)
class HearingRule(_Dated):
    """Anhörung: the duty before refusing what was applied for, and before a burdening act."""

    law: ProcedureLaw
    refusal: HearingDuty
    burden: HearingDuty
    basis: str


@dataclass(frozen=True, slots=True)
class Court(_Dated):
    """Verwaltungsgericht for authorities whose key begins with ``ars``."""

    ars: str
    name: str
    seat: str

    @property
    def place(self) -> str:
        """Name and seat, as an appeal notice gives them (VwGO § 58 (1))."""
        return f"{self.name} mit Sitz in {self.seat}"


@dataclass(frozen=True, slots=True)
class Supervision(_Dated):
    """Aufsichtsbehörde of authorities whose key begins with ``ars``."""

    ars: str
    name: str
    seat: str
    basis: str

    @property
    def place(self) -> str:
        """Name and seat, as letters give them."""
        return f"{self.name} mit Sitz in {self.seat}"


@dataclass(frozen=True, slots=True)
class OfferedLanguage(_Dated):
    """A language beside German for authorities whose key begins with one of ``ars``; ``names`` are what a
    form may call it, in lower case."""

    code: str
    names: tuple[str, ...]
    ars: tuple[str, ...]
    basis: str


_DATES = frozenset({"valid_from", "valid_until", "assumed"})
_MEMBERS = {
    "act": {"law", "name"},
    "hearing": {"law", "refusal", "burden", "basis"},
    "court": {"ars", "name", "seat"},
    "supervision": {"ars", "name", "seat", "basis"},
    "language": {"code", "names", "ars", "basis"},
}
_D = TypeVar("_D", bound=_Dated)


@dataclass(frozen=True)
class LetterLaw:
    """A Land's rules for letters."""

    acts: tuple[NamedAct, ...]
    hearings: tuple[HearingRule, ...]
    courts: tuple[Court, ...]
    languages: tuple[OfferedLanguage, ...]
    supervisions: tuple[Supervision, ...] = ()

    def act(self, law: ProcedureLaw, on: date) -> str | None:
        """The act's name, where the Land has one of its own."""
        return next((act.name for act in _holding(self.acts, on) if act.law is law), None)

    def court(self, ars: str, on: date) -> Court | None:
        """The court for that authority, if somebody described it."""
        return next((court for court in _holding(self.courts, on) if ars.startswith(court.ars)), None)

    def supervision(self, ars: str, on: date) -> Supervision | None:
        """Who supervises that authority, if somebody described it."""
        found = [each for each in _holding(self.supervisions, on) if ars.startswith(each.ars)]
        return max(found, key=lambda each: len(each.ars), default=None)

    def offered(self, ars: str, on: date) -> tuple[str, ...]:
        """Languages beside German that this authority may write in."""
        return tuple(item.code for item in _holding(self.languages, on) if ars.startswith(item.ars))

    def language_named(self, text: str, ars: str, on: date) -> str | None:
        """The offered language a form means by ``text`` ("Sorbisch", "hsb-DE"), or None."""
        wanted = text.strip().casefold()
        for item in _holding(self.languages, on):
            if ars.startswith(item.ars) and (
                wanted in item.names or wanted.partition("-")[0] == item.code or wanted.startswith(item.names)
            ):
                return item.code
        return None

    def hearing_duty(
        self, description: ServiceDescription, template: LetterTemplate, on: date, *, granted: bool
    ) -> HearingDuty:
        """Whether somebody must be heard before this decision: what the template says, else the service (for
        what is not granted in full), else the Land."""
        if template.hearing is not None:
            return template.hearing
        rule = next(
            (rule for rule in _holding(self.hearings, on) if rule.law is description.procedure_law), None
        )
        if template.burdening:
            return rule.burden if rule is not None else HearingDuty.REQUIRED
        if granted:
            return HearingDuty.NONE
        return description.hearing or (rule.refusal if rule is not None else HearingDuty.ADVISED)


def _holding(items: tuple[_D, ...], on: date) -> tuple[_D, ...]:
    return tuple(item for item in items if item.holds(on))


def load_letter_law(land: str, folder: Path | None = None) -> LetterLaw:
    """The rules of a Land; one without a profile of its own gets the federal ones.

    Raises CatalogueError naming the file.
    """
    folder = folder if folder is not None else resources_folder("states")
    path = folder / f"{land.lower()}.toml"
    if not path.is_file():
        path = folder / f"{FALLBACK_LAND}.toml"
    try:
        with path.open("rb") as source:
            tree = tomllib.load(source)
        for section, known in _MEMBERS.items():
            for item in tree.get(section, ()):
                if unknown := set(item) - known - _DATES:
                    raise ValueError(f"{section}: unknown keys {sorted(unknown)}")
        return LetterLaw(
            tuple(
                NamedAct(*_dates(item), law=ProcedureLaw(item["law"]), name=str(item["name"]))
                for item in tree.get("act", ())
            ),
            tuple(
                HearingRule(
                    *_dates(item),
                    law=ProcedureLaw(item["law"]),
                    refusal=HearingDuty(item["refusal"]),
                    burden=HearingDuty(item["burden"]),
                    basis=str(item["basis"]),
                )
                for item in tree.get("hearing", ())
            ),
            tuple(
                Court(*_dates(item), ars=str(item["ars"]), name=str(item["name"]), seat=str(item["seat"]))
                for item in tree.get("court", ())
            ),
            tuple(
                OfferedLanguage(
                    *_dates(item),
                    code=str(item["code"]),
                    names=tuple(item["names"]),
                    ars=tuple(item["ars"]),
                    basis=str(item["basis"]),
                )
                for item in tree.get("language", ())
            ),
            tuple(
                Supervision(
                    *_dates(item),
                    ars=str(item["ars"]),
                    name=str(item["name"]),
                    seat=str(item["seat"]),
                    basis=str(item["basis"]),
                )
                for item in tree.get("supervision", ())
            ),
        )
    except (OSError, KeyError, TypeError, ValueError) as error:
        raise CatalogueError(f"{path.name}: {error!r}") from error


def _dates(item: dict[str, Any]) -> tuple[date, date | None, bool]:
    return day(item["valid_from"]), optional_day(item.get("valid_until")), bool(item.get("assumed", False))
