"""Prüfpunkte: simple comparisons a description asks for. They warn; they never decide."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from clerk_app.domain.application import Attachment
from clerk_app.domain.deadlines import add_months
from clerk_app.domain.localized import Localized
from clerk_app.domain.service_package import (
    CheckKind,
    CheckLevel,
    CheckPoint,
    CheckResult,
    EvidenceKind,
    ServiceDescription,
)
from clerk_app.services.form_tree import Node, find_text, folded_name

_TEXT_LIMIT = 80


@dataclass(frozen=True)
class CheckMatter:
    """What is checked: the form, everything attached so far, the day it arrived, the office's places."""

    tree: Node
    attachments: tuple[Attachment, ...]
    arrived_on: date
    places: tuple[str, ...] = ()


def run_checks(description: ServiceDescription, matter: CheckMatter) -> tuple[CheckResult, ...]:
    """Every check point applied, warnings first, otherwise in the order of the description."""
    results = [_run(point, description, matter) for point in description.check_points]
    found = [result for result in results if result is not None]
    return tuple(sorted(found, key=lambda result: result.level is not CheckLevel.WARN))


def attached_kinds(description: ServiceDescription, attachments: Iterable[Attachment]) -> frozenset[str]:
    """Which kinds of evidence the attachments seem to be, by file name and description."""
    labels = [
        folded_name(f"{item.filename or ''} {item.description or ''}").replace(" ", "")
        for item in attachments
    ]
    return frozenset(kind.key for kind in description.evidence if any(_fits(kind, label) for label in labels))


def _fits(kind: EvidenceKind, label: str) -> bool:
    return any(folded_name(word).replace(" ", "") in label for word in kind.keywords)


def _run(point: CheckPoint, description: ServiceDescription, matter: CheckMatter) -> CheckResult | None:
    path, value = find_text(matter.tree, point.paths) or (None, "")
    match point.kind:
        case CheckKind.EVIDENCE_PRESENT:
            fine: bool | None = point.evidence in attached_kinds(description, matter.attachments)
        case CheckKind.FIELD_PRESENT:
            fine = bool(value)
        case _ if not value:
            return None  # nothing to compare: another point says that it is missing
        case CheckKind.FIELD_EQUALS:
            fine = value.casefold() in {wanted.casefold() for wanted in point.values}
        case CheckKind.DATE_NOT_FUTURE:
            on = _as_date(value)
            fine = None if on is None else on <= matter.arrived_on
        case CheckKind.AGE_AT_LEAST:
            born = _as_date(value)
            years = int(point.number or 0)
            fine = None if born is None else add_months(born, years * 12) <= matter.arrived_on
        case CheckKind.NUMBER_AT_MOST:
            number = _as_number(value)
            fine = None if number is None or point.number is None else number <= point.number
        case CheckKind.MUNICIPALITY_MATCHES:
            fine = _is_ours(value, matter.places) if matter.places else None
    if fine is None:
        return None
    words = point.ok if fine else point.warning
    filled = Localized({code: _filled(text, value) for code, text in words.by_language.items()})
    level = CheckLevel.OK if fine else CheckLevel.WARN
    return CheckResult(point.check_id, level, filled, path, "" if fine else point.evidence)


def _filled(text: str, value: str) -> str:
    shown = value if len(value) <= _TEXT_LIMIT else value[:_TEXT_LIMIT] + "…"
    return text.replace("{value}", shown)


def _as_date(value: str) -> date | None:
    try:
        return date.fromisoformat(value[:10])
    except ValueError:
        return None


def _as_number(value: str) -> Decimal | None:
    try:
        number = Decimal(value)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _is_ours(place: str, ours: tuple[str, ...]) -> bool:
    wanted = place.casefold()
    return any(wanted in own.casefold() or own.casefold() in wanted for own in ours if own)
