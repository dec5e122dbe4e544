"""Everything the rules say of one case, as comparable lines: what screens show and what letters would say.

The rules are asked exactly as review page, request and decision ask them; nothing is worked out here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

from clerk_app.domain.case import CaseFile
from clerk_app.domain.deadlines import Deadline
from clerk_app.domain.decision import Wording
from clerk_app.domain.document_request import DocumentRequest
from clerk_app.domain.errors import ClerkError
from clerk_app.domain.letter import Letter
from clerk_app.domain.localized import Localized
from clerk_app.domain.rehearsal import CasePicture, PictureArea, PictureLine
from clerk_app.domain.service_package import CheckLevel, CheckResult
from clerk_app.usecases.package_ports import CaseRules

LEVEL_MARKS = {CheckLevel.OK: "✓", CheckLevel.WARN: "!"}


def picture(case: CaseFile, rules: CaseRules, now: datetime) -> CasePicture:
    """The case as the rules see it at ``now``. Raises ClerkError PACKAGE_MISSING when they are lost."""
    checks = rules.checks(case)
    return CasePicture(
        (
            *map(_check, checks),
            *_deadlines(rules.deadlines(case, now)),
            *_evidence(case, rules, checks),
            *_request(case, rules, now, checks),
            *_decisions(case, rules, now),
            *_duties(case, rules, now),
        )
    )


def _check(result: CheckResult) -> PictureLine:
    text = f"{LEVEL_MARKS.get(result.level, '?')} {result.text}"
    return PictureLine(PictureArea.CHECK, result.check_id, result.text, text)


def _deadlines(deadlines: tuple[Deadline, ...]) -> Iterator[PictureLine]:
    numbers: dict[str, int] = {}
    for each in deadlines:
        name = each.date_id or each.entry_id
        key = f"{each.kind.value} {name}".strip()
        numbers[key] = numbers.get(key, 0) + 1
        key = key if numbers[key] == 1 else f"{key} {numbers[key]}"
        steps = " → ".join(_step(each, number) for number in range(len(each.steps)))
        basis = f" ({each.basis})" if each.basis else ""
        text = f"{each.due_on.isoformat()}{basis}: {steps}"
        yield PictureLine(PictureArea.DEADLINE, key, Localized({"de": each.kind.value}), text)


def _step(deadline: Deadline, number: int) -> str:
    step = deadline.steps[number]
    amount = "" if step.amount is None else f" {step.amount}"
    return f"{step.kind.value}{amount} {step.on.isoformat()}"


def _evidence(case: CaseFile, rules: CaseRules, checks: tuple[CheckResult, ...]) -> Iterator[PictureLine]:
    missing = {check.evidence for check in checks if check.level is CheckLevel.WARN and check.evidence}
    for kind in rules.evidence(case):
        mark = "!" if kind.key in missing else "·"
        yield PictureLine(PictureArea.EVIDENCE, kind.key, kind.title, f"{mark} {kind.request_text}")


def _request(
    case: CaseFile, rules: CaseRules, now: datetime, checks: tuple[CheckResult, ...]
) -> Iterator[PictureLine]:
    """The letter that asks for everything the check points miss; none when nothing is missing."""
    missing = {check.evidence for check in checks if check.level is CheckLevel.WARN and check.evidence}
    items = tuple(str(kind.request_text) for kind in rules.evidence(case) if kind.key in missing)
    if items:
        wanted = DocumentRequest(items, rules.request_due_on(case, now))
        text = _written(rules, lambda: rules.document_request(case, wanted, now))
        yield PictureLine(PictureArea.REQUEST, "letter", Localized({"de": "Nachforderung"}), text)


def _decisions(case: CaseFile, rules: CaseRules, now: datetime) -> Iterator[PictureLine]:
    for choice in rules.choices(case, now).templates:
        wording = Wording(template=choice.name)
        text = _written(rules, lambda: rules.decision(case, choice.outcome, wording, now))  # noqa: B023
        duty = rules.hearing_duty(case, choice.outcome, wording, now)
        key = f"{choice.outcome.value}/{choice.name}"
        yield PictureLine(PictureArea.DECISION, key, choice.title, text)
        yield PictureLine(PictureArea.DUTY, f"hearing/{key}", choice.title, duty.value)


def _duties(case: CaseFile, rules: CaseRules, now: datetime) -> Iterator[PictureLine]:
    del now
    demand = rules.signing_demand(case)
    signer = "any" if demand.signer is None else demand.signer.value
    words = Localized({"de": "Signatur"})
    yield PictureLine(PictureArea.DUTY, "signature", words, f"{demand.level.value}, {signer}")
    four_eyes = "required" if rules.four_eyes(case) else "none"
    yield PictureLine(PictureArea.DUTY, "four-eyes", Localized({"de": "Vier-Augen"}), four_eyes)


def _written(rules: CaseRules, write: Callable[[], Letter]) -> str:
    """The letter's words; where it cannot be written, why not: that is a difference too."""
    try:
        return rules.message_text(write())
    except ClerkError as error:
        return f"({error.code.value})"
