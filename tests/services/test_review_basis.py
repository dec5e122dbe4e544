"""By what a case is read, and which evidence its attachments seem to be."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from clerk_app.domain.application import Application, Attachment
from clerk_app.domain.case import AttachmentKey, CaseAttachment
from clerk_app.domain.ids import AttachmentId, DocumentId, SubmissionId
from clerk_app.domain.localized import Localized
from clerk_app.domain.package import LegalBasis, PackageMark, PackageVersion
from clerk_app.domain.service_package import DatedList, DatedNumber, EvidenceKind
from clerk_app.services.catalogue import ServiceCatalogue
from clerk_app.services.review_basis import evidence_match, review_basis
from tests.services.test_form_difference import AT, attached, filed

DAY = date(2026, 11, 24)
DOG = ServiceCatalogue("BW").find("99102013104000")
GENERIC = ServiceCatalogue("BW").find(None)


def application(schema: str | None) -> Application:
    return replace(filed(0, {}), schema_uri=schema)


def test_the_package_says_which_forms_it_knows() -> None:
    known = DOG.accepted[0].uri
    basis = review_basis(DOG, DOG, application(known), DAY)
    assert basis.knows_form
    assert basis.package == DOG.package
    assert basis.newer is None
    other = review_basis(DOG, DOG, application("https://schema.example/hund/9"), DAY)
    assert not other.knows_form
    assert known in other.accepted
    assert not review_basis(DOG, DOG, application(None), DAY).knows_form


def test_nobody_described_service_has_no_package() -> None:
    basis = review_basis(GENERIC, GENERIC, application("s"), DAY)
    assert basis.package is None
    assert not basis.knows_form


def test_another_version_for_new_cases_is_said() -> None:
    assert DOG.package is not None
    mark = PackageMark(DOG.package.package_id, PackageVersion(9, 0, 0), "f" * 64)
    newest = replace(DOG, package=mark)
    assert review_basis(DOG, newest, application(None), DAY).newer == mark


def test_what_is_assumed_on_that_day_is_named_once() -> None:
    first, later = date(2020, 1, 1), date(2027, 1, 1)
    description = replace(
        DOG,
        limits=(
            DatedNumber("a", Decimal(1), first, assumed=True, basis="§ 1"),
            DatedNumber("b", Decimal(1), later, assumed=True, basis="§ 2"),
            DatedNumber("c", Decimal(1), first, assumed=False, basis="§ 3"),
            DatedNumber("d", Decimal(1), first, assumed=True),
        ),
        lists=(DatedList("Rassen", ("x",), first, assumed=True), DatedList("alt", (), first, first, True)),
        legal_bases=(
            LegalBasis("k", "§ 4", first, assumed=True),
            LegalBasis("k", "§ 4", first, assumed=True, land="SN"),
        ),
    )
    assert review_basis(description, DOG, application(None), DAY).assumed == ("§ 1", "d", "Rassen", "§ 4")


def kind(key: str, *words: str, required: bool = False) -> EvidenceKind:
    title = Localized({"de": key})
    return EvidenceKind(key, title, title, words, required)


def came(name: str) -> CaseAttachment:
    item: Attachment = replace(attached(name, name), attachment_id=AttachmentId(name))
    return CaseAttachment(item, SubmissionId("s"), DocumentId(name), AT)


def test_attachments_are_matched_and_what_is_missing_is_named() -> None:
    kinds = (
        kind("lease", "miet", required=True),
        kind("photo", "bild", required=True),
        kind("other", "sonst"),
    )
    description = replace(GENERIC, evidence=kinds)
    match = evidence_match(description, kinds, (came("Mietvertrag.pdf"), came("scan.pdf")))
    named = {place.attachment_id: tuple(each.key for each in found) for place, found in match.kinds.items()}
    assert named == {"Mietvertrag.pdf": ("lease",), "scan.pdf": ()}
    assert all(isinstance(place, AttachmentKey) for place in match.kinds)
    assert [each.key for each in match.missing] == ["photo"]
    assert match.catalogued


def test_without_a_catalogue_nothing_can_be_said() -> None:
    match = evidence_match(GENERIC, (), (came("a.pdf"),))
    assert not match.catalogued
    assert match.missing == ()
