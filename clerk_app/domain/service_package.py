"""Leistung: what an office knows of one service, and what reading a case by these rules gives.

A description is data: labels, order, evidence, check points, letter texts, dated legal parameters. It never
runs code, and a form nobody described is shown whole all the same. The words of letters stand in
``letter_templates``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from clerk_app.domain.deadlines import PauseRule, ProcedureLaw
from clerk_app.domain.decision import Outcome
from clerk_app.domain.letter import LetterKind
from clerk_app.domain.letter_templates import HearingDuty, LetterTemplate, NoticeTemplate, TextBlock
from clerk_app.domain.localized import Localized
from clerk_app.domain.package import AcceptedSchema, LegalBasis, Manifest, PackageMark
from clerk_app.domain.rules import Rule
from clerk_app.domain.signature import SignatureLevel, SignerKind


@dataclass(frozen=True, slots=True)
class FormRow:
    """One value of the form. ``path`` is where it stands (``antragsteller.vorname``, ``kinder.0.name``)."""

    path: str
    label: str
    value: str
    described: bool = True  # False: the label was made from the field's own name


@dataclass(frozen=True, slots=True)
class FormGroup:
    """A section of the form with its rows in order. ``title`` is empty for values at the top."""

    title: str
    rows: tuple[FormRow, ...]
    path: str = ""
    depth: int = 0


@dataclass(frozen=True, slots=True)
class FormView:
    """Formular: everything the applicant filed, labelled and in order; nothing is left out.

    ``problem`` is an ErrorCode value when the content could not be taken apart; then ``raw`` alone holds it.
    """

    groups: tuple[FormGroup, ...]
    raw: str = ""
    problem: str | None = None

    def rows(self) -> tuple[FormRow, ...]:
        """All rows in reading order."""
        return tuple(row for group in self.groups for row in group.rows)


@dataclass(frozen=True, slots=True)
class EvidenceKind:
    """Art eines Nachweises. ``request_text`` is what the applicant reads when it is asked for.

    ``keywords`` recognise an attachment of this kind by its file name or description.
    """

    key: str
    title: Localized
    request_text: Localized
    keywords: tuple[str, ...] = ()
    required: bool | Rule = False  # a rule: when it holds
    accepts: tuple[str, ...] = ()  # media types; empty: any


@dataclass(frozen=True, slots=True)
class CheckPoint:
    """Prüfpunkt: ``ok`` is said when ``rule`` holds, ``warning`` when it does not; blanks ``{value}`` are
    filled. It only applies where ``when`` holds (None: always).

    ``advice`` is what to do about a warning. ``evidence`` names the document that would clear it, ``ask`` is
    the sentence of a request where no document but a statement is missing.
    """

    check_id: str
    rule: Rule
    ok: Localized
    warning: Localized
    when: Rule | None = None
    advice: Localized | None = None
    ask: Localized | None = None
    evidence: str = ""


class CheckLevel(StrEnum):
    """Ergebnis eines Prüfpunkts. A warning never decides; a person does."""

    OK = "ok"
    WARN = "warn"
    UNDECIDED = "undecided"  # the rule could not be evaluated within its bounds: nobody checked this yet


@dataclass(frozen=True, slots=True)
class CheckResult:
    """One check point applied to one case. ``evidence``, ``advice`` and ``ask`` say how to clear it, and are
    empty where nothing is to clear."""

    check_id: str
    level: CheckLevel
    text: Localized
    path: str | None = None
    evidence: str = ""
    advice: Localized | None = None
    ask: Localized | None = None


@dataclass(frozen=True, slots=True)
class DatedList:
    """Werteliste, in force from ``valid_from`` to before ``valid_until``."""

    name: str
    values: tuple[str, ...]
    valid_from: date
    valid_until: date | None = None
    assumed: bool = False

    def holds(self, on: date) -> bool:
        """Whether it is in force on that day."""
        return self.valid_from <= on and (self.valid_until is None or on < self.valid_until)


@dataclass(frozen=True, slots=True)
class DatedNumber:
    """A number of the law (Einkommensgrenze), in force from ``valid_from`` to before ``valid_until``."""

    name: str
    value: Decimal
    valid_from: date
    valid_until: date | None = None
    assumed: bool = False
    unit: str = ""
    basis: str = ""

    def holds(self, on: date) -> bool:
        """Whether it is in force on that day."""
        return self.valid_from <= on and (self.valid_until is None or on < self.valid_until)


@dataclass(frozen=True, slots=True)
class PersonPaths:
    """Where a form keeps the applicant: for each part, paths in order of preference."""

    given_names: tuple[str, ...] = ()
    family_name: tuple[str, ...] = ()
    full_name: tuple[str, ...] = ()
    organisation: tuple[str, ...] = ()
    birth_on: tuple[str, ...] = ()
    street: tuple[str, ...] = ()
    house_number: tuple[str, ...] = ()
    postcode: tuple[str, ...] = ()
    city: tuple[str, ...] = ()
    country: tuple[str, ...] = ()
    email: tuple[str, ...] = ()
    title: tuple[str, ...] = ()  # Doktorgrad
    salutation: tuple[str, ...] = ()


class OwnTerm(StrEnum):
    """What an authority may set itself for a service; named after the fields of its description."""

    PROCESSING_DAYS = "processing-days"
    ANSWER_DAYS = "answer-days"
    FOUR_EYES = "four-eyes"


@dataclass(frozen=True, slots=True)
class ServiceDescription:
    """Leistungsbeschreibung. ``leika_key`` is None for the generic one that serves every unknown service."""

    leika_key: str | None
    title: Localized
    procedure_law: ProcedureLaw
    processing_days: int
    answer_days: int
    version: str = "0"
    labels: Mapping[str, Localized] = field(default_factory=dict, hash=False)
    groups: Mapping[str, Localized] = field(default_factory=dict, hash=False)
    order: tuple[str, ...] = ()
    person: PersonPaths = PersonPaths()
    evidence: tuple[EvidenceKind, ...] = ()
    check_points: tuple[CheckPoint, ...] = ()
    rules: Mapping[str, Rule] = field(default_factory=dict, hash=False)  # named ones, for check points to ask
    templates: tuple[LetterTemplate, ...] = ()
    notices: Mapping[LetterKind, NoticeTemplate] = field(default_factory=dict, hash=False)
    letter_facts: tuple[str, ...] = ()  # paths a decision repeats as a table, as far as the form has them
    signature_level: SignatureLevel = SignatureLevel.B_B  # the least a decision's signature must reach
    signer: SignerKind | None = None  # who must sign decisions; None: either may
    appeal: str = "objection"  # kind of appeal notice in the state profile
    pause: PauseRule = PauseRule.SUSPEND  # what an open document request does to the office's target
    warning_days: int = 7  # Vorfrist: how long before the office's own dates one wants to be warned; 0: never
    fiction_months: int = 0  # the law has it granted after so many months (VwVfG § 42a); 0: it does not
    four_eyes: bool = False  # decisions need a second clerk (the office's instructions, no statute: assumed)
    hearing: HearingDuty | None = None  # before a refusal; None: as the Land's profile has it
    language_paths: tuple[str, ...] = ()  # where a form names the language of the answers
    formats: Mapping[str, str] = field(default_factory=dict, hash=False)  # path -> euros, date, iban …
    values: Mapping[str, Mapping[str, Localized]] = field(default_factory=dict, hash=False)
    lists: tuple[DatedList, ...] = ()
    limits: tuple[DatedNumber, ...] = ()
    blocks: tuple[TextBlock, ...] = ()
    legal_bases: tuple[LegalBasis, ...] = ()  # everything the letters may refer to, with its time
    accepted: tuple[AcceptedSchema, ...] = ()  # forms it understands
    package: PackageMark | None = None  # None: the generic description
    manifest: Manifest | None = None
    own_terms: frozenset[OwnTerm] = frozenset()  # what the authority's parameters set instead of the package

    @property
    def known(self) -> bool:
        """Whether somebody described this service."""
        return self.leika_key is not None

    def label(self, path: str) -> Localized | None:
        """The label of a field by its path (without list numbers), else by its name alone."""
        return self.labels.get(path) or self.labels.get(path.rpartition(".")[2])

    def template(self, outcome: Outcome, name: str | None = None) -> LetterTemplate | None:
        """The template of that name, or the first for that outcome; None when there is none."""
        for template in self.templates:
            if template.outcome is outcome and name in (None, template.name):
                return template
        return None
