"""Everything the rules say of one case, as comparable lines: what screens show and what letters would say.

The rules are asked exactly as review page, request and decision ask them; nothing is worked out here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime

from clerk_app.domain.case import CaseFile
from clerk_app.domain.deadlines import Deadline
from clerk_app.domain.decision import Wording
from clerk_app.domain.document_request import DocumentRequest
from clerk_app.domain.errors import ClerkError
from clerk_app.domain.gaps import GapList, RequestItem, reminder_level
from clerk_app.domain.letter import Letter
from clerk_app.domain.localized import Localized
from clerk_app.domain.rehearsal import CasePicture, PictureArea, PictureLine
from clerk_app.domain.service_package import CheckLevel, CheckResult
from clerk_app.usecases.package_ports import CaseRules

LEVEL_MARKS = {CheckLevel.OK: "✓", CheckLevel.WARN: "!", CheckLevel.UNDECIDED: "?"}


def picture(case: CaseFile, rules: CaseRules, now: datetime) -> CasePicture:
    """The case as the rules see it at ``now``. Raises ClerkError PACKAGE_MISSING when they are lost."""
    gaps = rules.gaps(case, now)
    return CasePicture(
        (
            *map(_check, rules.checks(case)),
            *_deadlines(rules.deadlines(case, now)),
            *_evidence(case, rules, gaps),
            *_request(case, rules, now, gaps),
            *_decisions(case, rules, now),
            *_duties(case, rules),
        )
    )


def _check(result: CheckResult) -> PictureLine:
    text = f"{LEVEL_MARKS[result.level]} {result.text}"
    for more in (result.advice, result.ask):
        text += "" if more is None else f"\n{more}"
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
    note = f" ({step.note})" if step.note else ""
    return f"{step.kind.value}{amount} {step.on.isoformat()}{note}"


def _evidence(case: CaseFile, rules: CaseRules, gaps: GapList) -> Iterator[PictureLine]:
    for kind in rules.evidence(case):
        yield PictureLine(PictureArea.EVIDENCE, kind.key, kind.title, str(kind.request_text))
    for item in gaps.items:
        words = item.label or Localized({"de": item.text or item.key})
        yield PictureLine(PictureArea.GAP, item.gap_id, words, f"{item.state.value}: {item.text}")


def _request(case: CaseFile, rules: CaseRules, now: datetime, gaps: GapList) -> Iterator[PictureLine]:
    """The letter that asks for everything that is missing; none when nothing is."""
    if not gaps.open_items:
        return
    items = [RequestItem.of(item) for item in gaps.open_items]
    wanted = DocumentRequest.checked(items, rules.request_due_on(case, now), rules.today(now))
    asked_again = {item.gap_id for item in gaps.open_items}
    received = tuple(item.text for item in gaps.received if item.gap_id not in asked_again)
    wanted = replace(wanted, received=received, reminder=reminder_level(gaps.open_items))
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


def _duties(case: CaseFile, rules: CaseRules) -> Iterator[PictureLine]:
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
