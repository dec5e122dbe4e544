"""The services' rules as one authority applies them: reads forms, checks, finds deadlines, writes letters."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from clerk_app.domain.application import Application, Attachment, CaseFacts
from clerk_app.domain.authority import NO_PARAMETERS, AuthorityParameters
from clerk_app.domain.case import CaseFile
from clerk_app.domain.correspondence import Correspondence, LetterLanguages
from clerk_app.domain.deadlines import Deadline, WorkingDays, office_day
from clerk_app.domain.decision import Outcome, Wording
from clerk_app.domain.decision_choices import DecisionChoices
from clerk_app.domain.differences import FormDifference
from clerk_app.domain.document_request import DocumentRequest
from clerk_app.domain.gaps import GapList, evidence_said
from clerk_app.domain.ids import SubmissionId
from clerk_app.domain.languages import language_code
from clerk_app.domain.letter import Letter
from clerk_app.domain.letter_templates import HearingDuty, TextBlock
from clerk_app.domain.package import Manifest, PackageMark
from clerk_app.domain.rehearsal import KeptTerm
from clerk_app.domain.review_basis import EvidenceMatch, ReviewBasis
from clerk_app.domain.service_package import (
    CheckLevel,
    CheckResult,
    EvidenceKind,
    FormView,
    ServiceDescription,
)
from clerk_app.domain.sheet import Sheet
from clerk_app.domain.signature import SigningDemand
from clerk_app.domain.wording_hints import USUAL_WORDING, WordingHint, WordingPolicy
from clerk_app.services.applicant import Applicant, read_applicant
from clerk_app.services.case_differences import case_differences
from clerk_app.services.catalogue import Descriptions, ServiceCatalogue
from clerk_app.services.checks import CheckMatter, attached_kinds, catalogue_of_evidence, run_checks
from clerk_app.services.deadlines import CaseDeadlines
from clerk_app.services.form_difference import FormSide
from clerk_app.services.form_paths import find_text
from clerk_app.services.form_tree import MalformedFormError, Members, Node, all_texts, read_form
from clerk_app.services.form_view import ValueWords, view_form, view_tree
from clerk_app.services.gaps import GapMatter, gap_list
from clerk_app.services.letter_law import LetterLaw, load_letter_law
from clerk_app.services.letter_matter import LetterHead
from clerk_app.services.letter_text import message_text
from clerk_app.services.letter_writing import LetterWriting, service_name
from clerk_app.services.own_terms import OwnTerms
from clerk_app.services.raw_text import readable_text
from clerk_app.services.review_basis import evidence_match, review_basis
from clerk_app.services.sheets import sheet_letter
from clerk_app.services.state_profile import HolidayCalendar, StateProfile, load_state
from clerk_app.services.tongue import load_tongues
from clerk_app.services.wording_help import service_hints
from clerk_app.services.words import GERMAN

_LONGEST_SEARCH_TEXT = 200_000


@dataclass(frozen=True)
class OfficeRules:
    """Implements Assessor, RequestDueDates, LetterWriter and ApplicationReader for one authority.

    ``words`` and ``language`` are for screens; letters are German. Safe to use from several threads.
    """

    head: LetterHead
    words: ValueWords = GERMAN
    language: Callable[[], str] = lambda: "de"
    descriptions: Descriptions = field(default=None)  # type: ignore[assignment]  # made below
    state: StateProfile = field(default=None)  # type: ignore[assignment]
    days: WorkingDays = field(default=None)  # type: ignore[assignment]
    letter_law: LetterLaw = field(default=None)  # type: ignore[assignment]
    wording_policy: WordingPolicy = USUAL_WORDING
    parameters: AuthorityParameters = NO_PARAMETERS

    def __post_init__(self) -> None:
        made: dict[str, object] = {
            "descriptions": self.descriptions or ServiceCatalogue(self.head.land),
            "state": self.state or load_state(self.head.land),
            "days": self.days or HolidayCalendar(self.head.land),
            "letter_law": self.letter_law or load_letter_law(self.head.land),
        }
        for name, value in made.items():
            object.__setattr__(self, name, value)

    # -- reading -----------------------------------------------------------------------------------------

    def facts(self, application: Application) -> CaseFacts:
        """See ApplicationReader: what lists and searches need. Unreadable content gives what is left."""
        found = self.descriptions.for_application(application)
        description = self._own.applied(found, application, self.days)
        tree = _tree(application)
        person = read_applicant(tree, description.person)
        arrived_on = office_day(application.submitted_at)
        texts = [*all_texts(tree), *(text for item in application.attachments for text in _labels(item))]
        return CaseFacts(
            service=service_name(application, description),
            leika_key=application.leika_key,
            applicant=person.display,
            applicant_sort_key=person.sort_name,
            municipality=self.head.name,
            due_on=self._deadlines.processing(description, arrived_on).due_on,
            search_text="\n".join(dict.fromkeys(texts))[:_LONGEST_SEARCH_TEXT],
            person=person.facts,
            language=self._asked_language(application, description, tree),
        )

    def _asked_language(self, application: Application, description: ServiceDescription, tree: Node) -> str:
        found = find_text(tree, description.language_paths)
        if found is None:
            return ""
        on = office_day(application.submitted_at)
        # the Land knows what its own languages are called: "Sorbisch" is Upper Sorbian in Sachsen
        return self.letter_law.language_named(found[1], self.head.ars, on) or language_code(found[1])

    def form(self, case: CaseFile, application: Application) -> FormView:
        """See Assessor: the form with labels, in the language of the screen."""
        return view_form(
            application.content,
            application.content_media_type,
            self.description(case),
            self.words,
            self.language(),
        )

    def raw_text(self, application: Application) -> str:
        """See Assessor."""
        return readable_text(application.content, application.content_media_type)

    def checks(self, case: CaseFile) -> tuple[CheckResult, ...]:
        """See Assessor. Answers count: what was sent later clears what was missing."""
        return run_checks(self.description(case), self._matter(case))

    def differences(self, case: CaseFile) -> tuple[FormDifference, ...]:
        """See Assessor."""
        description = self.description(case)

        def read(application: Application) -> FormSide:
            tree = read_form(application.content, application.content_media_type)
            return FormSide(tree, view_tree(tree, description, self.words, self.language()))

        return case_differences(case.applications, read)

    def basis(self, case: CaseFile, now: datetime) -> ReviewBasis:
        """See Assessor."""
        newest = self.descriptions.for_application(replace(case.first, submitted_at=now))
        arrived_on = office_day(case.first.submitted_at)
        return review_basis(self.description(case), newest, case.first, arrived_on)

    def matched(self, case: CaseFile) -> EvidenceMatch:
        """See Assessor."""
        description = self.description(case)
        kinds = catalogue_of_evidence(description, self._matter(case))
        return evidence_match(description, kinds, case.attachments)

    def evidence(self, case: CaseFile) -> tuple[EvidenceKind, ...]:
        """See Assessor: what is not there yet first."""
        description = self.description(case)
        there = attached_kinds(description, (item.attachment for item in case.attachments))
        kinds = catalogue_of_evidence(description, self._matter(case))
        return tuple(sorted(kinds, key=lambda kind: (kind.key in there, not kind.required)))

    def deadlines(self, case: CaseFile, now: datetime) -> tuple[Deadline, ...]:
        """See Assessor."""
        del now  # deadlines follow from what happened, not from when one looks
        abroad = self.applicant(case).lives_abroad
        return self._deadlines.of_case(case, self.description(case), abroad=abroad)

    def gaps(self, case: CaseFile, now: datetime) -> GapList:
        """See GapReader."""
        description = self.description(case)
        checks = self.checks(case)
        matter = GapMatter(
            case,
            description,
            checks,
            frozenset(
                kind.key for kind in catalogue_of_evidence(description, self._matter(case)) if kind.required
            ),
            self._told(case, checks),
        )
        return gap_list(matter, self._deadlines, office_day(now))

    def _told(self, case: CaseFile, checks: tuple[CheckResult, ...]) -> Mapping[str, frozenset[SubmissionId]]:
        """Check points about statements that a later form passes, with those submissions."""
        found: dict[str, set[SubmissionId]] = {}
        points = {point.check_id for point in self.description(case).check_points if point.ask}
        open_points = {each.check_id for each in checks if each.level is CheckLevel.WARN} & points
        for answer in case.applications[1:] if open_points else ():
            told = replace(case.first, content=answer.content, content_media_type=answer.content_media_type)
            as_filed = replace(case, applications=(told,))
            for result in self.checks(as_filed):
                said = result.path is not None  # a rule may also hold because a form says nothing at all
                if said and result.check_id in open_points and result.level is CheckLevel.OK:
                    found.setdefault(result.check_id, set()).add(answer.submission_id)
        return {check_id: frozenset(where) for check_id, where in found.items()}

    def today(self, now: datetime) -> date:
        """See RequestDueDates."""
        return office_day(now)

    def request_due_on(self, case: CaseFile, now: datetime) -> date:
        """See RequestDueDates."""
        return self._deadlines.request_due(self.description(case), office_day(now)).due_on

    def applicant(self, case: CaseFile) -> Applicant:
        """Who filed it."""
        return read_applicant(_tree(case.first), self.description(case).person)

    def four_eyes(self, case: CaseFile) -> bool:
        """Whether the service wants a second clerk for its decisions."""
        return self.description(case).four_eyes

    def manifest(self, case: CaseFile) -> Manifest | None:
        """See CaseRules."""
        return self.description(case).manifest

    def package(self, case: CaseFile) -> PackageMark | None:
        """See CaseRules."""
        return self.description(case).package

    def description(self, case: CaseFile) -> ServiceDescription:
        """The rules the case goes by, with what the authority set itself; generic ones for an unknown
        service."""
        return self._own.applied(self.descriptions.for_case(case), case.first, self.days)

    def kept(self, case: CaseFile, trial: OfficeRules, on: date) -> tuple[KeptTerm, ...]:
        """What the authority's own terms keep in a case that would go by the rules on ``trial``."""
        old, new = self.descriptions.for_case(case), trial.descriptions.for_case(case)
        return tuple(self._own.kept(old, new, case.first, self.days, on))

    # -- writing -----------------------------------------------------------------------------------------

    def decision(self, case: CaseFile, outcome: Outcome, wording: Wording, at: datetime) -> Letter:
        """See LetterWriter."""
        return self._letters(case, at).decision(case, outcome, wording, at)

    def signing_demand(self, case: CaseFile) -> SigningDemand:
        """See LetterWriter."""
        description = self.description(case)
        return SigningDemand(description.signature_level, description.signer)

    def document_request(self, case: CaseFile, wanted: DocumentRequest, at: datetime) -> Letter:
        """See LetterWriter."""
        return self._letters(case, at).document_request(case, wanted, at)

    def request_blocks(self, case: CaseFile, at: datetime) -> tuple[TextBlock, ...]:
        """See GapReader."""
        return self._letters(case, at).request_blocks(case, at)

    def notice(self, case: CaseFile, wanted: Correspondence, at: datetime) -> Letter:
        """See LetterWriter."""
        return self._letters(case, at).notice(case, wanted, at)

    def languages(self, case: CaseFile, at: datetime) -> LetterLanguages:
        """See LetterWriter."""
        return self._letters(case, at).languages(case, at)

    def choices(self, case: CaseFile, at: datetime) -> DecisionChoices:
        """See LetterWriter."""
        return self._letters(case, at).choices(case, at)

    def hearing_duty(self, case: CaseFile, outcome: Outcome, wording: Wording, at: datetime) -> HearingDuty:
        """See LetterWriter."""
        return self._letters(case, at).hearing_duty(case, outcome, wording, at)

    def sheet(self, sheet: Sheet, at: datetime) -> Letter:
        """See SheetWriter."""
        return sheet_letter(self.head, sheet, office_day(at))

    def message_text(self, letter: Letter) -> str:
        """See LetterWriter."""
        return message_text(letter)

    def wording_hints(self, text: str, on: date, case: CaseFile | None) -> tuple[WordingHint, ...]:
        """See WordingAdviser."""
        description = None if case is None else self.description(case)
        return service_hints(text, on, self.wording_policy, description)

    def _matter(self, case: CaseFile) -> CheckMatter:
        settled, wrong = evidence_said(case.history)
        return CheckMatter(
            tree=_tree(case.first),
            attachments=tuple(item.attachment for item in case.attachments),
            arrived_on=office_day(case.first.submitted_at),
            places=self._own.places,
            applied_on=case.first.applied_on,
            parameter=self._own.values(case.first),
            settled=settled,
            wrong={
                key: tuple(each.attachment for each in case.attachments if each.submission_id in seen)
                for key, seen in wrong.items()
            },
        )

    @property
    def _deadlines(self) -> CaseDeadlines:
        return CaseDeadlines(self.state, self.days)

    @property
    def _own(self) -> OwnTerms:
        return OwnTerms(self.head, self.parameters)

    def _letters(self, case: CaseFile, at: datetime) -> LetterWriting:
        head = self._own.letterhead(case.first.leika_key, office_day(at))
        return LetterWriting(
            head, self.descriptions, self.state, self.letter_law, load_tongues(), self._own.fees
        )


def _tree(application: Application) -> Node:
    try:
        return read_form(application.content, application.content_media_type)
    except MalformedFormError:
        return Members(())


def _labels(attachment: Attachment) -> tuple[str, ...]:
    return tuple(text for text in (attachment.filename, attachment.description) if text)
