"""Writes the letters of one authority about its cases: implements LetterWriter."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from clerk_app.domain.application import Application
from clerk_app.domain.case import CaseFile
from clerk_app.domain.correspondence import Correspondence, LetterLanguages
from clerk_app.domain.deadlines import office_day
from clerk_app.domain.decision import Outcome, Wording
from clerk_app.domain.decision_choices import DecisionChoices, TemplateChoice
from clerk_app.domain.document_request import DocumentRequest
from clerk_app.domain.errors import ClerkError, ErrorCode
from clerk_app.domain.letter import Letter
from clerk_app.domain.letter_templates import BlockPlace, HearingDuty, LetterTemplate, TextBlock
from clerk_app.domain.service_package import ServiceDescription
from clerk_app.services.applicant import read_applicant
from clerk_app.services.catalogue import Descriptions
from clerk_app.services.form_paths import find_text
from clerk_app.services.form_tree import MalformedFormError, Members, Node, read_form
from clerk_app.services.form_view import form_values
from clerk_app.services.letter_decision import Appeal, fees_of
from clerk_app.services.letter_law import LetterLaw
from clerk_app.services.letter_matter import Addressee, LetterHead, LetterMatter, PackageFees, Pen
from clerk_app.services.letters import LetterComposer
from clerk_app.services.state_profile import StateProfile
from clerk_app.services.tongue import GERMAN, Tongue
from clerk_app.services.words import GERMAN as GERMAN_VALUES
from clerk_app.services.words import day, euros


@dataclass(frozen=True)
class LetterWriting:
    """See LetterWriter. Safe to use from several threads."""

    head: LetterHead
    descriptions: Descriptions
    state: StateProfile
    law: LetterLaw
    tongues: Mapping[str, Tongue] = field(hash=False)
    fees: Callable[[ServiceDescription, str | None], PackageFees]

    def decision(self, case: CaseFile, outcome: Outcome, wording: Wording, at: datetime) -> Letter:
        """See LetterWriter."""
        matter = self._matter(case, at, {}, {})
        template = self._template(matter.description, outcome, wording)
        language = self._language(case, at, wording.language)
        return self._composer(case).decision(matter, template, wording, language)

    def document_request(self, case: CaseFile, wanted: DocumentRequest, at: datetime) -> Letter:
        """See LetterWriter."""
        matter = self._matter(case, at, {"due_on": wanted.due_on}, {})
        return self._composer(case).document_request(
            matter, wanted, self._language(case, at, wanted.language)
        )

    def request_blocks(self, case: CaseFile, at: datetime) -> tuple[TextBlock, ...]:
        """See GapReader."""
        matter = self._matter(case, at, {}, {})
        pen = Pen(self.tongues[GERMAN], matter)
        blocks = (block for block in matter.description.blocks if block.place is BlockPlace.REQUEST)
        return tuple(
            replace(block, text=pen.fill(block.text)) for block in blocks if block.holds(matter.date_on)
        )

    def notice(self, case: CaseFile, wanted: Correspondence, at: datetime) -> Letter:
        """See LetterWriter."""
        first_received_on = wanted.first_received_on or office_day(case.first.submitted_at)
        days = {"first_received_on": first_received_on}
        if wanted.due_on is not None:
            days["due_on"] = wanted.due_on
        values = {"authority": wanted.authority} if wanted.authority else {}
        matter = self._matter(case, at, days, values)
        return self._composer(case).notice(matter, wanted, self._language(case, at, wanted.language))

    def languages(self, case: CaseFile, at: datetime) -> LetterLanguages:
        """See LetterWriter. Which language an applicant wants is read from the form; where a form says so is
        assumed (``language_paths`` of the service): no standard names such a field."""
        on = office_day(at)
        description = self.description(case)
        found = find_text(_tree(case.first), description.language_paths)
        wished = self.law.language_named(found[1], self.head.ars, on) if found else None
        return LetterLanguages(self.law.offered(self.head.ars, on), wished)

    def choices(self, case: CaseFile, at: datetime) -> DecisionChoices:
        """See LetterWriter."""
        on = office_day(at)
        fees = self._fees(case)
        templates = tuple(
            TemplateChoice(each.name, each.title, each.outcome, fees_of(each, Wording(), on, fees))
            for each in self.description(case).templates
        )
        return DecisionChoices(templates, self.languages(case, at))

    def hearing_duty(self, case: CaseFile, outcome: Outcome, wording: Wording, at: datetime) -> HearingDuty:
        """See LetterWriter."""
        description = self.description(case)
        template = self._template(description, outcome, wording)
        granted = outcome is Outcome.GRANTED
        return self.law.hearing_duty(description, template, office_day(at), granted=granted)

    def description(self, case: CaseFile) -> ServiceDescription:
        """The rules the case goes by; the generic ones for a service nobody described."""
        return self.descriptions.for_case(case)

    def _template(
        self, description: ServiceDescription, outcome: Outcome, wording: Wording
    ) -> LetterTemplate:
        chosen = description.template(outcome, wording.template)
        if chosen is None:
            name = wording.template or outcome.value
            raise ClerkError(ErrorCode.TEMPLATE_UNKNOWN, {"template": name, "outcome": outcome.value})
        return chosen

    def _language(self, case: CaseFile, at: datetime, chosen: str | None) -> str | None:
        """The language beside German. Raises ClerkError LANGUAGE_NOT_OFFERED for one a clerk chose that this
        authority may not write in."""
        languages = self.languages(case, at)
        if chosen is None:
            return languages.wished
        if chosen == GERMAN:
            return None
        if chosen not in languages.offered:
            raise ClerkError(ErrorCode.LANGUAGE_NOT_OFFERED, {"language": chosen, "land": self.head.land})
        return chosen

    def _matter(
        self, case: CaseFile, at: datetime, days: Mapping[str, date], values: Mapping[str, str]
    ) -> LetterMatter:
        first = case.first
        description = self.description(case)
        tree = _tree(first)
        person = read_applicant(tree, description.person)
        received_on, date_on = office_day(first.submitted_at), office_day(at)
        act = self.law.act(description.procedure_law, date_on)
        supervision = self.law.supervision(self.head.ars, date_on)
        filled = {
            **form_values(tree, description, GERMAN_VALUES),
            "applicant": person.full_name,
            "service": service_name(first, description),
            "reference": case.row.case_reference,
            **({"act": act} if act is not None else {}),
            **({"supervision": supervision.place} if supervision is not None else {}),
            **values,
        }
        known_days = {
            "applied_on": first.applied_on or received_on,
            "received_on": received_on,
            "date_on": date_on,
            **days,
        }
        addressee = Addressee(person.full_name, person.address_lines, person.letter_salutation)
        return LetterMatter(case, description, addressee, known_days, filled)

    def _appeal(self, description: ServiceDescription, on: date) -> Appeal:
        rule = self.state.appeal(description.appeal, on)
        court = self.law.court(self.head.ars, on)

        def filled(text: str) -> str:
            text = text.replace("{place}", self.head.place)
            return text.replace("{court}", court.place) if court is not None else text

        to_court = rule.addressee == "court"
        addressee = court.name if to_court and court is not None else self.head.name
        texts = {GERMAN: rule.text, **rule.translations}
        return Appeal(
            rule.kind,
            rule.months,
            rule.basis,
            addressee,
            {language: filled(text) for language, text in texts.items()},
        )

    def _fees(self, case: CaseFile) -> PackageFees:
        return self.fees(self.description(case), case.first.leika_key)

    def _composer(self, case: CaseFile) -> LetterComposer:
        return LetterComposer(self.head, self.tongues, self._appeal, day, euros, self._fees(case))


def service_name(application: Application, description: ServiceDescription) -> str:
    """What letters call the service: its title, else what the delivery service called it."""
    if description.known:
        return str(description.title)
    return application.service_name or application.service_identifier or str(description.title)


def _tree(application: Application) -> Node:
    try:
        return read_form(application.content, application.content_media_type)
    except MalformedFormError:
        return Members(())
