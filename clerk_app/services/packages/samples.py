"""The samples of a package, run as cases are: which check points warn, what is missing, whether a decision
can be written.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

from clerk_app.domain.application import LEIKA_URN_PREFIX, Application, Attachment
from clerk_app.domain.case import CaseFile, CaseRow, CaseStatus
from clerk_app.domain.decision import Wording
from clerk_app.domain.errors import ClerkError
from clerk_app.domain.ids import AttachmentId, CaseId, DestinationId, SubmissionId
from clerk_app.domain.letter import Letter
from clerk_app.domain.package import FaultReason as R
from clerk_app.domain.package import PackageFaultyError
from clerk_app.domain.service_package import CheckLevel, CheckResult, ServiceDescription
from clerk_app.services.applicant import read_applicant
from clerk_app.services.catalogue import Descriptions
from clerk_app.services.checks import CheckMatter, attached_kinds, catalogue_of_evidence, run_checks
from clerk_app.services.form_tree import MalformedFormError, read_form
from clerk_app.services.letter_matter import LetterHead
from clerk_app.services.office_rules import OfficeRules
from clerk_app.services.packages.book import LANDS, Book, Entry
from clerk_app.services.packages.files import CHECKS, EVIDENCE, LETTERS, MANIFEST, SAMPLES, PackageFiles
from clerk_app.services.packages.hints import judge_samples_reach
from clerk_app.services.packages.reading import describe
from clerk_app.services.packages.schema_copies import SchemaTooLargeError, form_errors
from clerk_app.services.packages.trees import take_apart
from clerk_app.usecases.preflight import unfilled_blanks

_ARS = {"BW": "081110000000", "SN": "146120000000"}
_MEDIA_TYPE = "application/json"
_FAILURES = (ClerkError, MalformedFormError, LookupError, ValueError)
_NOON = time(11)  # of UTC: the same day in the office


@dataclass(frozen=True)
class SampleResult:
    """What became of one sample in one Land. ``silent`` are the check points without a result: they do not
    apply, or what they compare is not there. ``letter`` None: the sample names no template."""

    sample: str
    land: str
    checks: tuple[CheckResult, ...]
    silent: tuple[str, ...]
    missing: tuple[str, ...]
    letter: Letter | None = None

    @property
    def warnings(self) -> tuple[str, ...]:
        """The check points that are open."""
        return tuple(each.check_id for each in self.checks if each.level is not CheckLevel.OK)

    @property
    def blanks(self) -> tuple[str, ...]:
        """What nobody filled in the letter."""
        return unfilled_blanks(self.letter) if self.letter is not None else ()


def judge_sample_names(book: Book) -> None:
    """What samples name exists."""
    checks = book.named(CHECKS, "check", "id")
    evidence = book.named(EVIDENCE, "evidence", "key")
    templates = book.named(LETTERS, "template", "name")
    for entry in book.samples:
        sample = entry.item["name"]
        for key, known in (("warnings", checks), ("missing", evidence)):
            for number, name in enumerate(entry.item[key]):
                if name not in known:
                    place = entry.at(key, number)
                    book.findings.add(SAMPLES, place, R.SAMPLE_CHECK_UNKNOWN, name=name, sample=sample)
        template = entry.item.get("template")
        if template is not None and template not in templates:
            place = entry.at("template")
            book.findings.add(SAMPLES, place, R.SAMPLE_TEMPLATE_UNKNOWN, name=template, sample=sample)


def judge_samples(book: Book) -> None:
    """Every sample gives what is said of it, in every Land it is meant for. Only for packages that are sound
    otherwise."""
    for entry in book.samples:
        _valid(book, entry)
    results: list[SampleResult] = []
    for land in LANDS:
        try:
            description = describe(book.files, land)
        except PackageFaultyError as error:
            for fault in error.faults:
                book.findings.add_at(fault.file, fault.line, fault.reason, **dict(fault.params))
            return
        for entry in book.samples:
            if entry.item.get("land") in (None, land):
                results += _compare(book, entry, land, description)
    if not book.findings.refused:
        shown = (check.check_id for result in results for check in result.checks)
        judge_samples_reach(book, shown, (name for result in results for name in result.warnings))


def run_samples(files: PackageFiles) -> tuple[SampleResult, ...]:
    """What a clerk would see of every sample in every Land it is meant for, whatever was expected; samples
    that cannot be run are left out.

    :raises PackageFaultyError: the package cannot be read
    """
    found: list[SampleResult] = []
    samples = [each for each in take_apart(files)[SAMPLES].get("sample", ()) if isinstance(each, Mapping)]
    for land in LANDS:
        description = describe(files, land)
        for sample in samples:
            if sample.get("land") in (None, land):
                with suppress(*_FAILURES):
                    found.append(_run(files, sample, land, description))
    return tuple(found)


def sample_case(files: Mapping[str, bytes], sample: Mapping[str, Any], leika_key: str | None) -> CaseFile:
    """The case a sample would open. ``leika_key`` None: a service nobody names."""
    content = files[sample["form"]]
    arrived_on: date = sample["arrived_on"]
    arrived_at = datetime.combine(arrived_on, _NOON, UTC)
    case_id, submission_id = CaseId(f"sample-{sample['name']}"), SubmissionId(f"sample-{sample['name']}")
    application = Application(
        submission_id=submission_id,
        case_id=case_id,
        destination_id=DestinationId("sample"),
        portal="fit-connect",
        service_identifier=None if leika_key is None else LEIKA_URN_PREFIX + leika_key,
        service_name=None,
        schema_uri=None,
        content=content,
        content_media_type=_MEDIA_TYPE,
        content_sha512=hashlib.sha512(content).hexdigest(),
        metadata={},
        attachments=_attachments(sample.get("attachments", ())),
        submitted_at=arrived_at,
        applied_on=sample.get("applied_on"),
    )
    row = CaseRow(
        row_id=1,
        case_id=case_id,
        case_reference="2026-000001",
        service="",
        leika_key=leika_key,
        applicant="",
        municipality="",
        arrived_at=arrived_at,
        due_on=None,
        status=CaseStatus.NEW,
        portal="fit-connect",
        channel=None,
        attachment_count=len(application.attachments),
        unread=False,
    )
    return CaseFile(row, (application,), (), (), (), (), "sample", basis=(submission_id,))


def _attachments(items: Iterable[Mapping[str, str]]) -> tuple[Attachment, ...]:
    return tuple(
        Attachment(
            AttachmentId(f"sample-{number}"),
            item["filename"],
            item["media_type"],
            0,
            "",
            description=item.get("description"),
        )
        for number, item in enumerate(items)
    )


@dataclass(frozen=True)
class _Only:
    """Descriptions with one in it."""

    description: ServiceDescription

    def for_case(self, case: CaseFile) -> ServiceDescription:
        return self.description

    def for_application(self, application: Application) -> ServiceDescription:
        return self.description


def _run(
    files: PackageFiles, sample: Mapping[str, Any], land: str, description: ServiceDescription
) -> SampleResult:
    case = sample_case(files, sample, description.leika_key)
    tree = read_form(case.first.content, _MEDIA_TYPE)
    person = read_applicant(tree, description.person)
    places = tuple(sample.get("places", (person.city,) if person.city else ()))
    parameters = sample.get("parameters", {})
    matter = CheckMatter(
        tree=tree,
        attachments=case.first.attachments,
        arrived_on=sample["arrived_on"],
        places=places,
        applied_on=case.first.applied_on,
        parameter=parameters.get,
    )
    checks = run_checks(description, matter)
    shown = {each.check_id for each in checks}
    silent = tuple(each.check_id for each in description.check_points if each.check_id not in shown)
    there = attached_kinds(description, case.first.attachments)
    required = [kind.key for kind in catalogue_of_evidence(description, matter) if kind.required]
    letter = _letter(description, case, sample["template"], land, places) if "template" in sample else None
    missing = tuple(key for key in required if key not in there)
    return SampleResult(sample["name"], land, checks, silent, missing, letter)


def _letter(
    description: ServiceDescription, case: CaseFile, template: str, land: str, places: tuple[str, ...]
) -> Letter:
    outcome = next(each.outcome for each in description.templates if each.name == template)
    town = places[0] if places else "Musterstadt"
    head = LetterHead(f"Stadt {town}", _ARS[land], land, "", "Marktplatz 1", "79999", town)
    rules = OfficeRules(head, descriptions=_only(description))
    return rules.decision(case, outcome, Wording(template=template), case.first.submitted_at)


def _only(description: ServiceDescription) -> Descriptions:
    return _Only(description)


def _compare(book: Book, entry: Entry, land: str, description: ServiceDescription) -> Iterator[SampleResult]:
    told = {"sample": entry.item["name"], "land": land}
    try:
        result = _run(book.files, entry.item, land, description)
    except _FAILURES as error:
        book.findings.add(SAMPLES, entry.path, R.SAMPLE_FAILED, detail=str(error), **told)
        return
    for key, found, reason in (
        ("warnings", result.warnings, R.SAMPLE_WARNINGS),
        ("missing", result.missing, R.SAMPLE_MISSING),
    ):
        if set(entry.item[key]) != set(found):
            expected = ", ".join(sorted(entry.item[key]))
            said = ", ".join(sorted(found))
            book.findings.add(SAMPLES, entry.at(key), reason, expected=expected, found=said, **told)
    yield result
    for blank in result.blanks:
        book.findings.add(SAMPLES, entry.at("template"), R.SAMPLE_BLANK, blank=blank, **told)


def _valid(book: Book, entry: Entry) -> None:
    form = book.json[entry.item["form"]]
    file, schema = _schema_of(book, form)
    if schema is None:
        return
    try:
        errors = form_errors(schema, form)
    except SchemaTooLargeError:
        book.findings.add(file, (), R.SCHEMA_TOO_LARGE)
        return
    for misfit in errors:
        told = {"sample": entry.item["name"], **misfit.params}
        book.findings.add_at(entry.item["form"], None, R.SAMPLE_NOT_VALID, **told)


def _schema_of(book: Book, form: object) -> tuple[str, Any]:
    """The package's own copy of the schema a form names, with its file; with one copy only, that."""
    copies = {
        item.item["uri"]: (item.item["file"], book.json.get(item.item["file"]))
        for item in book.own(MANIFEST, "schema")
        if "file" in item.item
    }
    named = form.get("$schema") if isinstance(form, Mapping) else None
    if isinstance(named, str) and named in copies:
        return copies[named]
    return next(iter(copies.values())) if len(copies) == 1 and named is None else ("", None)
