"""The services' rules as one authority applies them: reads forms, finds deadlines, writes letters."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from clerk_app.domain.application import Application, CaseFacts
from clerk_app.domain.case import CaseFile
from clerk_app.domain.deadlines import Deadline, DeadlineKind, ProcedureLaw, office_day
from clerk_app.domain.decision import Outcome
from clerk_app.domain.letter import Letter
from clerk_app.domain.service_package import (
    CheckResult,
    EvidenceKind,
    FormGroup,
    FormRow,
    FormView,
    LetterTemplate,
    Localized,
    ServiceDescription,
)
from clerk_app.services.letters import Addressee, LetterComposer, LetterHead, LetterMatter, message_text


def _template(outcome: Outcome, operative: str) -> LetterTemplate:
    return LetterTemplate(outcome.value, Localized({"de": outcome.value}), outcome, "Bescheid: {service}", (operative,))


GENERIC = ServiceDescription(
    None,
    Localized({"de": "Antrag"}),
    ProcedureLaw.VWVFG,
    90,
    14,
    templates=(
        _template(Outcome.GRANTED, "Ihrem Antrag wird entsprochen."),
        _template(Outcome.REFUSED, "Ihr Antrag wird abgelehnt."),
        _template(Outcome.PARTLY_GRANTED, "Ihrem Antrag wird teilweise entsprochen."),
    ),
)


@dataclass(frozen=True)
class OfficeRules:
    """Implements Assessor, RequestDueDates, LetterWriter and ApplicationReader for one authority."""

    head: LetterHead

    def facts(self, application: Application) -> CaseFacts:
        person = self._name(application)
        return CaseFacts(
            application.service_name or "Antrag", application.leika_key, person, person.upper(), self.head.name,
            office_day(application.submitted_at) + timedelta(days=90),
            " ".join(value for _, value in self._values(application)),
        )

    def form(self, application: Application) -> FormView:
        rows = tuple(FormRow(path, path, value) for path, value in self._values(application))
        return FormView((FormGroup("", rows),), application.content.decode("utf-8", "replace"))

    def checks(self, case: CaseFile) -> tuple[CheckResult, ...]:
        return ()

    def evidence(self, case: CaseFile) -> tuple[EvidenceKind, ...]:
        return ()

    def deadlines(self, case: CaseFile, now: datetime) -> tuple[Deadline, ...]:
        if case.row.due_on is None:
            return ()
        return (Deadline(DeadlineKind.PROCESSING, case.row.due_on, ()),)

    def today(self, now: datetime) -> date:
        return office_day(now)

    def request_due_on(self, case: CaseFile, now: datetime) -> date:
        return office_day(now) + timedelta(days=14)

    def decision(self, case: CaseFile, outcome: str, reasons: str, template: str | None, at: datetime) -> Letter:
        return self._composer().decision(self._matter(case, at), Outcome(outcome), reasons, template)

    def document_request(self, case: CaseFile, items: Sequence[str], due_on: date, at: datetime) -> Letter:
        return self._composer().document_request(self._matter(case, at), items, due_on)

    def message_text(self, letter: Letter) -> str:
        return message_text(letter)

    def _composer(self) -> LetterComposer:
        def appeal(description: ServiceDescription, on: date) -> str:
            return f"Gegen diesen Bescheid kann innerhalb eines Monats nach Bekanntgabe Widerspruch bei {self.head.place} erhoben werden."

        return LetterComposer(self.head, appeal, lambda d: f"{d:%d.%m.%Y}", lambda d: f"{d:%d.%m.%Y}", str)

    def _matter(self, case: CaseFile, at: datetime) -> LetterMatter:
        name = self._name(case.first)
        applied = case.first.applied_on or office_day(case.first.submitted_at)
        values = dict(self._values(case.first)) | {
            "applicant": name, "service": case.row.service, "applied_on": f"{applied:%d.%m.%Y}",
            "reference": case.row.case_reference,
        }
        return LetterMatter(
            case, GENERIC, Addressee(name, (name,), f"Guten Tag {name},"), applied, office_day(at), values
        )

    def _name(self, application: Application) -> str:
        values = dict(self._values(application))
        found = [v for k, v in values.items() if k.rsplit(".")[-1].lower() in ("nachname", "familienname")][:1]
        found += [v for k, v in values.items() if k.rsplit(".")[-1].lower() == "vorname"][:1]
        return ", ".join(found) or "Unbekannt"

    def _values(self, application: Application) -> Iterator[tuple[str, str]]:
        try:
            tree = json.loads(application.content)
        except (ValueError, RecursionError):
            return
        yield from _leaves(tree, "")


def _leaves(node: object, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(node, dict):
        for key, value in node.items():
            yield from _leaves(value, f"{path}.{key}" if path else str(key))
    elif isinstance(node, list):
        for number, value in enumerate(node):
            yield from _leaves(value, f"{path}.{number}" if path else str(number))
    elif node is not None:
        yield path, str(node)
