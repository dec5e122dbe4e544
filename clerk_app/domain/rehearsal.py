"""Probe: what another version of a service package would change in a case, before it is in force."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from clerk_app.domain.differences import ChangeKind
from clerk_app.domain.ids import CaseId
from clerk_app.domain.localized import Localized
from clerk_app.domain.package import PackageMark


class PictureArea(StrEnum):
    """What a line of a case's picture is about."""

    CHECK = "check"
    DEADLINE = "deadline"
    EVIDENCE = "evidence"  # what may be asked for
    GAP = "gap"  # what is missing, and how far each item has come
    REQUEST = "request"  # the letter that would ask for what is missing
    DECISION = "decision"  # the letter of one decision template, as it would be today
    DUTY = "duty"  # what a decision needs: signature, second clerk, hearing


@dataclass(frozen=True, slots=True)
class PictureLine:
    """One thing the rules say of a case. ``key`` names it within its area (a check's id, a template's name);
    ``text`` is everything they say, so that equal texts are equal in effect."""

    area: PictureArea
    key: str
    label: Localized
    text: str


@dataclass(frozen=True)
class CasePicture:
    """Everything a version of the rules says of one case at one moment."""

    lines: tuple[PictureLine, ...] = ()

    def changes_to(self, later: CasePicture) -> tuple[RehearsedChange, ...]:
        """What differs in ``later``: by area, there in its order, what is gone last."""
        before = {(line.area, line.key): line for line in self.lines}
        after = {(line.area, line.key): line for line in later.lines}
        found = []
        for place, line in {**after, **before}.items():
            old, new = before.get(place), after.get(place)
            if old is None:
                found.append(_change(new or line, ChangeKind.ADDED, "", line.text))
            elif new is None:
                found.append(_change(old, ChangeKind.REMOVED, old.text, ""))
            elif old.text != new.text:
                found.append(_change(new, ChangeKind.CHANGED, old.text, new.text))
        areas = list(PictureArea)
        return tuple(sorted(found, key=lambda change: areas.index(change.area)))


@dataclass(frozen=True, slots=True)
class RehearsedChange:
    """One thing that would differ. ``before`` and ``after`` are empty where there was or would be nothing."""

    area: PictureArea
    key: str
    label: Localized
    kind: ChangeKind
    before: str
    after: str


@dataclass(frozen=True)
class CaseRehearsal:
    """One case under the other version. ``goes_by`` is what it goes by now (None: a description that ships
    and is not registered yet, or the generic one); ``after`` the whole picture it would have."""

    case_id: CaseId
    case_reference: str
    goes_by: PackageMark | None
    changes: tuple[RehearsedChange, ...]
    after: CasePicture


@dataclass(frozen=True, slots=True)
class KeptTerm:
    """Something the version sets otherwise, and which stays all the same: this authority set it itself.
    ``term`` is processing-days, answer-days, four-eyes, fee or limit; ``name`` which fee or limit."""

    term: str
    name: str = ""


@dataclass(frozen=True)
class Rehearsal:
    """A version tried on the cases of this office. ``open_cases`` counts all it could govern, of which the
    newest were tried; ``kept`` is what the authority's parameters keep as it is in any of them."""

    mark: PackageMark
    cases: tuple[CaseRehearsal, ...]
    open_cases: int
    kept: tuple[KeptTerm, ...] = ()

    @property
    def changed(self) -> tuple[CaseRehearsal, ...]:
        """The cases in which something would differ."""
        return tuple(case for case in self.cases if case.changes)

    def totals(self) -> Mapping[tuple[PictureArea, ChangeKind], int]:
        """How many changes of each sort, over all cases."""
        found: dict[tuple[PictureArea, ChangeKind], int] = {}
        for case in self.cases:
            for change in case.changes:
                place = (change.area, change.kind)
                found[place] = found.get(place, 0) + 1
        return found


def _change(line: PictureLine, kind: ChangeKind, before: str, after: str) -> RehearsedChange:
    return RehearsedChange(line.area, line.key, line.label, kind, before, after)
