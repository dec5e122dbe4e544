"""Prüfpunkte: rules a description asks of a case. They warn; they never decide."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from functools import lru_cache

from clerk_app.domain.application import Attachment
from clerk_app.domain.localized import Localized
from clerk_app.domain.rules import Rule
from clerk_app.domain.service_package import (
    CheckLevel,
    CheckPoint,
    CheckResult,
    EvidenceKind,
    ServiceDescription,
)
from clerk_app.services.form_tree import Node, folded_name
from clerk_app.services.rules.evaluate import Evaluator, RuleMatter, RuleTooLongError

_TEXT_LIMIT = 80
_UNDECIDED = {
    "de": "Bitte selbst prüfen, das Programm konnte es hier nicht auswerten. Zu warnen wäre vor: {warning}",
    "en": "Please check yourself, the program could not evaluate it here. It would warn of: {warning}",
}


@dataclass(frozen=True)
class CheckMatter:
    """What is checked: the form, everything attached so far, when it arrived and was applied for (None: on
    the day it arrived), the office's places, the authority's parameters as they are in force on the day of
    arrival. ``settled`` are kinds of evidence a clerk says are there, ``wrong`` attachments a clerk says are
    not of that kind.
    """

    tree: Node
    attachments: tuple[Attachment, ...]
    arrived_on: date
    places: tuple[str, ...] = ()
    applied_on: date | None = None
    parameter: Callable[[str], Decimal | str | None] | None = None
    settled: frozenset[str] = frozenset()
    wrong: Mapping[str, tuple[Attachment, ...]] = field(default_factory=dict, hash=False)


def run_checks(description: ServiceDescription, matter: CheckMatter) -> tuple[CheckResult, ...]:
    """Every check point that applies, open ones first, otherwise in the order of the description."""
    evaluator = Evaluator(rule_matter(description, matter))
    results = [_run(point, evaluator) for point in description.check_points]
    found = [result for result in results if result is not None]
    return tuple(sorted(found, key=lambda result: result.level is CheckLevel.OK))


def rule_matter(description: ServiceDescription, matter: CheckMatter) -> RuleMatter:
    """What the rules of a description are asked of."""
    on = matter.arrived_on
    return RuleMatter(
        tree=matter.tree,
        attached=_attached(description, matter),
        arrived_on=on,
        applied_on=matter.applied_on or on,
        places=matter.places,
        lists={each.name: each.values for each in description.lists if each.holds(on)},
        limits={each.name: each.value for each in description.limits if each.holds(on)},
        parameter=matter.parameter,
        rules=description.rules,
        checks={point.check_id: point for point in description.check_points},
    )


def _attached(description: ServiceDescription, matter: CheckMatter) -> Mapping[str, int]:
    """What is attached, by the look of it and by a clerk's word, which counts more."""
    found = Counter(attached_counts(description, matter.attachments))
    for key, files in matter.wrong.items():
        found[key] -= attached_counts(description, files).get(key, 0)
    for key in matter.settled:
        found[key] = max(found[key], 1)
    return +found


def catalogue_of_evidence(description: ServiceDescription, matter: CheckMatter) -> tuple[EvidenceKind, ...]:
    """The kinds of evidence, each said to be required or not in this case. Where that cannot be evaluated it
    is, so that a person decides; where it is unknown it is not.
    """
    evaluator = Evaluator(rule_matter(description, matter))
    return tuple(
        kind
        if isinstance(kind.required, bool)
        else replace(kind, required=_required(kind.required, evaluator))
        for kind in description.evidence
    )


def _required(rule: Rule, evaluator: Evaluator) -> bool:
    try:
        return evaluator.holds(rule) is True
    except RuleTooLongError:
        return True


def attached_kinds(description: ServiceDescription, attachments: Iterable[Attachment]) -> frozenset[str]:
    """Which kinds of evidence the attachments seem to be, by file name and description."""
    return frozenset(attached_counts(description, attachments))


def attached_counts(description: ServiceDescription, attachments: Iterable[Attachment]) -> Mapping[str, int]:
    """How many attachments seem to be of each kind of evidence; one may seem to be of several."""
    labels = [
        folded_name(f"{item.filename or ''} {item.description or ''}").replace(" ", "")
        for item in attachments
    ]
    return Counter(kind.key for label in labels for kind in description.evidence if _fits(kind, label))


def _fits(kind: EvidenceKind, label: str) -> bool:
    return any(word in label for word in _folded_keywords(kind.keywords))


@lru_cache(maxsize=512)
def _folded_keywords(words: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(folded_name(word).replace(" ", "") for word in words)


def _run(point: CheckPoint, evaluator: Evaluator) -> CheckResult | None:
    try:
        fine = evaluator.applies(point)
        if fine is None:
            return None  # nothing to compare: another point says that it is missing
        path, value = evaluator.shown(point.rule) or (None, "")
    except RuleTooLongError:
        words = {code: _UNDECIDED.get(code, _UNDECIDED["de"]) for code in point.warning.by_language}
        warning = _filled(point.warning, "…").by_language
        text = {code: words[code].format(warning=said) for code, said in warning.items()}
        return _open(point, CheckLevel.UNDECIDED, Localized(text), None)
    if fine:
        return CheckResult(point.check_id, CheckLevel.OK, _filled(point.ok, value), path)
    return _open(point, CheckLevel.WARN, _filled(point.warning, value), path)


def _open(point: CheckPoint, level: CheckLevel, text: Localized, path: str | None) -> CheckResult:
    return CheckResult(point.check_id, level, text, path, point.evidence, point.advice, point.ask)


def _filled(words: Localized, value: str) -> Localized:
    for text in words.by_language.values():
        if "{value}" in text:
            break
    else:
        return words
    shown = value if len(value) <= _TEXT_LIMIT else value[:_TEXT_LIMIT] + "…"
    return Localized({code: text.replace("{value}", shown) for code, text in words.by_language.items()})
