"""Everything one case page shows, gathered on the command worker. No Qt here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from clerk_app.domain.application import Application
from clerk_app.domain.case import CaseFile, CaseStatus
from clerk_app.domain.competence import Competence
from clerk_app.domain.correspondence import Correspondence
from clerk_app.domain.deadlines import Deadline
from clerk_app.domain.decision import Outcome, Wording
from clerk_app.domain.decision_choices import DecisionChoices
from clerk_app.domain.differences import FormDifference
from clerk_app.domain.errors import ClerkError, ErrorCode
from clerk_app.domain.gaps import GapList, GapState
from clerk_app.domain.ids import CaseId
from clerk_app.domain.ledger import ActKind
from clerk_app.domain.letter_templates import TextBlock
from clerk_app.domain.outbox import OutboxKind
from clerk_app.domain.review_basis import EvidenceMatch, ReviewBasis
from clerk_app.domain.service_package import CheckLevel, CheckResult, EvidenceKind, FormView
from clerk_app.domain.typed import TypedPlace, TypedState
from clerk_app.usecases.case_versions import NO_PACKAGE, CasePackage
from clerk_app.usecases.desk import Desk
from clerk_app.usecases.outbox_watch import Watched
from clerk_app.usecases.recovering import typed_of
from clerk_app.usecases.sending import Way


@dataclass(frozen=True)
class CheckLine:
    """Prüfpunkt with what a clerk said about it."""

    result: CheckResult
    accepted: bool = False
    reason: str = ""

    @property
    def wants_person(self) -> bool:
        """A warning, or what could not be evaluated: a person says something about it."""
        return self.result.level is not CheckLevel.OK

    @property
    def is_open(self) -> bool:
        """A person should have said something and nobody has."""
        return self.wants_person and not self.accepted

    @property
    def leads_somewhere(self) -> bool:
        """Whether it is about a field or a document that could be looked at."""
        return bool(self.result.path or self.result.evidence)


@dataclass(frozen=True)
class SavedDraft:
    """Entwurf as last kept."""

    outcome: Outcome
    wording: Wording


@dataclass(frozen=True)
class RawForm:
    """A form as it arrived: ``text`` laid out for reading, ``sha512`` and ``size_bytes`` of the original."""

    text: str
    sha512: str
    size_bytes: int
    media_type: str
    schema_uri: str | None
    arrived_at: datetime


@dataclass(frozen=True)
class Dossier:
    """One case, read by the rules of its service. ``forms`` stand in the order of the applications, ``stuck``
    are letters of the case that wait and why that matters.
    """

    case: CaseFile
    forms: tuple[FormView, ...] = ()
    checks: tuple[CheckLine, ...] = ()
    deadlines: tuple[Deadline, ...] = ()
    evidence: tuple[EvidenceKind, ...] = ()
    way: Way | None = None
    draft: SavedDraft | None = None
    choices: DecisionChoices = field(default_factory=DecisionChoices)
    stuck: tuple[Watched, ...] = ()
    letter_draft: Correspondence | None = None
    raws: tuple[RawForm, ...] = ()
    differences: tuple[FormDifference, ...] = ()
    gaps: GapList = field(default_factory=GapList)
    request_blocks: tuple[TextBlock, ...] = ()
    competence: Competence | None = None
    basis: ReviewBasis | None = None
    matched: EvidenceMatch = field(default_factory=EvidenceMatch)
    package: CasePackage = NO_PACKAGE
    typed: Mapping[TypedPlace, TypedState] = field(default_factory=dict)  # newer than any draft
    why_not_move: ClerkError | None = None  # to the version of its package that is in force now

    @property
    def readable(self) -> bool:
        """Whether there is something a clerk can work with."""
        return self.case.row.status is not CaseStatus.QUARANTINED and bool(self.case.applications)

    @property
    def open_checks(self) -> tuple[CheckLine, ...]:
        """Warnings that still need a tick or a reason."""
        return tuple(line for line in self.checks if line.is_open)

    @property
    def decided(self) -> bool:
        """Whether a decision stands."""
        return self.case.row.status in (CaseStatus.DECIDED, CaseStatus.CLOSED)


def load_dossier(desk: Desk, case_id: CaseId) -> Dossier:
    """Gathers a case. Raises ClerkError CASE_UNKNOWN."""
    case = desk.reads.case_file(case_id)
    if case is None:
        raise ClerkError(ErrorCode.CASE_UNKNOWN, {"case": case_id})
    bare = Dossier(case)
    if not bare.readable:
        return bare
    gaps = desk.gaps.of(case)
    return Dossier(
        case,
        tuple(desk.assessor.form(case, application) for application in case.applications),
        _with_acceptance(case, desk.assessor.checks(case), gaps),
        desk.assessor.deadlines(case, desk.deciding.clock.now()),
        desk.assessor.evidence(case),
        desk.deciding.way(case_id),
        _last_draft(case),
        desk.deciding.choices(case_id),
        desk.watch.of_case(case),
        _last_letter_draft(case),
        raws=tuple(_raw(desk, application) for application in case.applications),
        differences=desk.assessor.differences(case),
        gaps=gaps,
        request_blocks=desk.gaps.blocks(case),
        basis=desk.assessor.basis(case, desk.deciding.clock.now()),
        matched=desk.assessor.matched(case),
        competence=desk.forwarding.competence(case_id),
        package=desk.versions.of_case(case),
        typed=typed_of(desk.journal, case),
        why_not_move=desk.versions.why_not_move(case),
    )


def _raw(desk: Desk, application: Application) -> RawForm:
    return RawForm(
        desk.assessor.raw_text(application),
        application.content_sha512,
        len(application.content),
        application.content_media_type,
        application.schema_uri,
        application.submitted_at,
    )


def _with_acceptance(
    case: CaseFile, results: tuple[CheckResult, ...], gaps: GapList
) -> tuple[CheckLine, ...]:
    """What is done without needs no second reason at its check point."""
    waived = {item.key: item.reason for item in gaps.items if item.state is GapState.WAIVED}
    said: dict[str, tuple[bool, str]] = {
        each.check_id: (True, waived[each.evidence or each.check_id])
        for each in results
        if (each.evidence or each.check_id) in waived
    }
    for event in case.history:
        if event.kind == ActKind.CHECKED.value:
            details = event.details
            said[str(details.get("check_id", ""))] = (
                details.get("accepted") is True,
                str(details.get("reason", "")),
            )
    return tuple(CheckLine(result, *said.get(result.check_id, (False, ""))) for result in results)


def _last_draft(case: CaseFile) -> SavedDraft | None:
    for event in reversed(case.history):
        if event.kind == ActKind.DRAFTED.value:
            try:
                outcome = Outcome(str(event.details.get("outcome", "")))
            except ValueError:
                return None
            return SavedDraft(outcome, Wording.from_payload(event.details))
    return None


def _last_letter_draft(case: CaseFile) -> Correspondence | None:
    """What was typed of a letter and not sent since."""
    for event in reversed(case.history):
        if event.kind == ActKind.QUEUED.value and event.details.get("kind") == OutboxKind.LETTER.value:
            return None
        if event.kind == ActKind.LETTER_DRAFTED.value:
            return Correspondence.from_payload(event.details)
    return None
