"""A whole office in memory: the real use cases over fake stores, letters and renderer."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import cast

from clerk_app.domain.application import Application
from clerk_app.domain.case import (
    CaseFile,
)
from clerk_app.domain.case_dates import REMINDERS, dates_of
from clerk_app.domain.competence import Competence, CompetenceReason, Forwarded, OfficeAddress, Proposal
from clerk_app.domain.correspondence import Correspondence, LetterLanguages
from clerk_app.domain.deadlines import (
    Deadline,
    DeadlineKind,
    DerivationStep,
    ProcedureLaw,
    StepKind,
    chosen,
    office_day,
)
from clerk_app.domain.decision import FeeItem, Outcome, Wording
from clerk_app.domain.decision_choices import DecisionChoices, TemplateChoice
from clerk_app.domain.differences import FormDifference
from clerk_app.domain.document_request import DocumentRequest
from clerk_app.domain.errors import ClerkError, ErrorCode
from clerk_app.domain.gaps import GapList
from clerk_app.domain.ids import CaseId, DestinationId, SubmissionId
from clerk_app.domain.inspection import InspectionHead, InspectionPart, PageImage, Placed
from clerk_app.domain.letter import (
    AppealNotice,
    Letter,
    LetterKind,
    LetterSender,
    NumberedList,
    Paragraph,
    SignaturePlace,
)
from clerk_app.domain.letter_templates import HearingDuty, TextBlock
from clerk_app.domain.localized import Localized
from clerk_app.domain.outbox import SignedLog
from clerk_app.domain.package import Manifest, PackageMark, PackageVersion
from clerk_app.domain.post import PostalLetter
from clerk_app.domain.review_basis import EvidenceMatch, ReviewBasis
from clerk_app.domain.service_package import (
    CheckLevel,
    CheckResult,
    EvidenceKind,
    FormGroup,
    FormRow,
    FormView,
    ServiceDescription,
)
from clerk_app.domain.sheet import Sheet
from clerk_app.domain.signature import (
    NO_DEMAND,
    SigningDemand,
)
from clerk_app.domain.wording_hints import USUAL_WORDING, WordingHint
from clerk_app.efile.inspection import GermanInspectionWords
from clerk_app.efile.package import XdomeaPacker
from clerk_app.efile.proof import ProofBundler
from clerk_app.services.case_differences import case_differences
from clerk_app.services.deadlines import CaseDeadlines
from clerk_app.services.form_difference import FormSide
from clerk_app.services.form_tree import read_form
from clerk_app.services.gaps import GapMatter, gap_list
from clerk_app.services.letter_matter import LetterHead
from clerk_app.services.raw_text import readable_text
from clerk_app.services.review_basis import evidence_match
from clerk_app.services.sheets import sheet_letter
from clerk_app.services.state_profile import HolidayCalendar, load_state
from clerk_app.services.wording_help import service_hints
from clerk_app.usecases.case_versions import CaseVersions
from clerk_app.usecases.case_work import CaseWork
from clerk_app.usecases.corresponding import Corresponding
from clerk_app.usecases.county import County
from clerk_app.usecases.dates import KeepingDates
from clerk_app.usecases.deciding import Deciding
from clerk_app.usecases.desk import Desk
from clerk_app.usecases.filed_documents import FiledDocuments
from clerk_app.usecases.filing import Filing
from clerk_app.usecases.fixed_drafts import FixedDrafts
from clerk_app.usecases.forwarding import Forwarding
from clerk_app.usecases.forwarding_ports import EnclosedDocument
from clerk_app.usecases.gaps import Gaps
from clerk_app.usecases.handing_over import HandingOver
from clerk_app.usecases.inspecting import Inspecting, InspectionWords
from clerk_app.usecases.outbox_watch import OutboxWatch
from clerk_app.usecases.outbox_work import OutboxWork
from clerk_app.usecases.packages import Packages
from clerk_app.usecases.post_work import PostWork
from clerk_app.usecases.printing import Printing
from clerk_app.usecases.proving import Proving
from clerk_app.usecases.requesting import Requesting
from clerk_app.usecases.reviewing import Reviewing
from clerk_app.usecases.sending import TakeBack
from clerk_app.usecases.signature_folder import SignatureFolder
from clerk_app.usecases.standing_in import StandingIn
from clerk_app.usecases.taking_over import TakingOver
from clerk_app.usecases.two_decisions import Comparing
from clerk_app.usecases.verifying import Verifying
from clerk_app.usecases.wording_help import WordingHelp
from tests.ui.fake_letters import FakeLetterOffice, fake_pdf
from tests.ui.fake_packages import FakeBench, FakeShelf
from tests.ui.fake_store import NOW, FakeDocuments, FakeJournal, FakeLedger, FakeOffice, FakeReads

__all__ = ["FakeLetterOffice", "fake_pdf"]


def no_county() -> County:
    raise ClerkError(ErrorCode.TEAM_NOT_CONFIGURED)


class FakeWriter:
    """LetterWriter with one template for everything."""

    def _letter(self, case: CaseFile, kind: LetterKind, subject: str, *blocks: object) -> Letter:
        return Letter(
            kind,
            subject,
            LetterSender("Stadt Musterhausen", street="Marktplatz 1", postcode="00000", city="Musterhausen"),
            (case.row.applicant, "Musterweg 5 a", "00000 Musterhausen"),
            case.row.case_reference,
            office_day(NOW),
            subject,
            blocks,  # type: ignore[arg-type]
            salutation="Guten Tag,",
            practice=True,
        )

    def decision(self, case: CaseFile, outcome: Outcome, wording: Wording, at: datetime) -> Letter:
        words = {Outcome.GRANTED: "wird bewilligt", Outcome.REFUSED: "wird abgelehnt"}.get(
            outcome, "wird teilweise bewilligt"
        )
        return self._letter(
            case,
            LetterKind.DECISION_GRANTED,
            f"{case.row.service}: Bescheid",
            NumberedList((f"Ihr Antrag vom 24.11.2026 {words}.", "Es wird keine Gebühr erhoben.")),
            Paragraph(wording.reasons),
            AppealNotice("Gegen diesen Bescheid kann innerhalb eines Monats Widerspruch erhoben werden."),
            SignaturePlace(),
        )

    def document_request(self, case: CaseFile, wanted: DocumentRequest, at: datetime) -> Letter:
        return self._letter(
            case,
            LetterKind.DOCUMENT_REQUEST,
            f"{case.row.service}: Bitte um Unterlagen",
            Paragraph(f"bitte reichen Sie bis {wanted.due_on:%d.%m.%Y} nach:"),
            NumberedList(tuple(item.text for item in wanted.items)),
        )

    def notice(self, case: CaseFile, wanted: Correspondence, at: datetime) -> Letter:
        if wanted.kind is LetterKind.HEARING and not wanted.text:
            raise ClerkError(ErrorCode.LETTER_INCOMPLETE, {"missing": "text"})
        return self._letter(
            case, wanted.kind, f"{case.row.service}: Schreiben", Paragraph(wanted.text or "–")
        )

    def languages(self, case: CaseFile, at: datetime) -> LetterLanguages:
        return LetterLanguages(("hsb",))

    def choices(self, case: CaseFile, at: datetime) -> DecisionChoices:
        fee = (FeeItem("Bearbeitung", Decimal("10.20"), "GebOSt Nr. 399"),)
        templates = (
            TemplateChoice("standard", Localized({"de": "Bewilligung"}), Outcome.GRANTED, fee),
            TemplateChoice("short", Localized({"de": "Bewilligung, kurz"}), Outcome.GRANTED),
            TemplateChoice("refusal", Localized({"de": "Ablehnung"}), Outcome.REFUSED),
        )
        return DecisionChoices(templates, self.languages(case, at))

    def hearing_duty(self, case: CaseFile, outcome: Outcome, wording: Wording, at: datetime) -> HearingDuty:
        return HearingDuty.NONE

    def signing_demand(self, case: CaseFile) -> SigningDemand:
        return NO_DEMAND

    def sheet(self, sheet: Sheet, at: datetime) -> Letter:
        return sheet_letter(LetterHead("Stadt Musterhausen", "081110000000", "BW"), sheet, office_day(at))

    def message_text(self, letter: Letter) -> str:
        return "\n\n".join(text for text in letter.texts() if text)


class FakeCovers:
    """Address and reference, nothing else."""

    def cover_sheet(self, letter: PostalLetter, at: datetime) -> Letter:
        sender = LetterSender(
            "Stadt Musterhausen", street="Marktplatz 1", postcode="00000", city="Musterhausen"
        )
        return Letter(
            LetterKind.RECEIPT,
            "Anschriftenblatt",
            sender,
            letter.address,
            letter.case_reference,
            office_day(NOW),
            "Anschriftenblatt",
            (Paragraph(letter.filename),),
        )


class FakePress:
    """Joins fake documents by their lines."""

    def __init__(self, letters: FakeLetterOffice) -> None:
        self._letters = letters

    def page_count(self, pdf: bytes) -> int:
        return int(str(_read_fake(pdf)["pages"]))

    def bundle(self, letters: Sequence[tuple[Letter, bytes]], at: datetime) -> bytes:
        lines: list[str] = []
        pages = 0
        for cover, pdf in letters:
            for part in (self._letters.render(cover, at), pdf):
                body = _read_fake(part)
                assert isinstance(body["lines"], list)
                lines += body["lines"]
                pages += int(str(body["pages"]))
        return fake_pdf("Druckauftrag", lines, pages)

    def joined(self, parts: Sequence[bytes]) -> bytes:
        read = [_read_fake(part) for part in parts]
        lines = [line for body in read for line in cast("list[str]", body["lines"])]
        return fake_pdf("Druckauftrag", lines, sum(int(str(body["pages"])) for body in read))


class FakeDueDates:
    def today(self, now: datetime) -> date:
        return office_day(now)

    def request_due_on(self, case: CaseFile, now: datetime) -> date:
        return office_day(now) + timedelta(days=14)


def _described(evidence: tuple[EvidenceKind, ...]) -> ServiceDescription:
    return ServiceDescription(
        "99", Localized({"de": "Leistung"}), ProcedureLaw.VWVFG, 28, 14, evidence=evidence
    )


class FakeAssessor:
    """Reads the form by its own keys; warnings come from the seed."""

    def __init__(self, office: FakeOffice) -> None:
        self._office = office

    def form(self, case: CaseFile, application: Application) -> FormView:
        raw = application.content.decode("utf-8", "replace")
        try:
            content = json.loads(raw)
        except ValueError:
            return FormView((), raw, ErrorCode.CONTENT_MALFORMED.value)
        groups = tuple(
            FormGroup(
                title, tuple(FormRow(f"{title}.{k}", k, str(v)) for k, v in values.items()), title.lower()
            )
            for title, values in content.items()
        )
        return FormView(groups, json.dumps(content, ensure_ascii=False, indent=2))

    def basis(self, case: CaseFile, now: datetime) -> ReviewBasis:
        mark = PackageMark("de.amtsstube.parken", PackageVersion(1, 0, 0), "0" * 64)
        usual = ReviewBasis(Localized({"de": case.row.service}), mark, "s", ("s",))
        return self._office.bases.get(case.row.case_id, usual)

    def matched(self, case: CaseFile) -> EvidenceMatch:
        kinds = tuple(
            replace(kind, keywords=(kind.title.text(),), required=kind.key == "photo")
            for kind in self.evidence(case)
        )
        return evidence_match(_described(kinds), kinds, case.attachments)

    def raw_text(self, application: Application) -> str:
        return readable_text(application.content, application.content_media_type)

    def differences(self, case: CaseFile) -> tuple[FormDifference, ...]:
        def read(application: Application) -> FormSide:
            tree = read_form(application.content, application.content_media_type)
            return FormSide(tree, self.form(case, application))

        return case_differences(case.applications, read)

    def checks(self, case: CaseFile) -> tuple[CheckResult, ...]:
        if case.row.case_id in self._office.results:
            return self._office.results[case.row.case_id]
        seed = self._office.seeds[case.row.case_id]
        found = [
            CheckResult("competence", CheckLevel.OK, Localized({"de": "Zuständigkeit: Stadt Musterhausen"})),
            CheckResult("complete", CheckLevel.OK, Localized({"de": "Alle Pflichtangaben sind da"})),
        ]
        found += [
            CheckResult(check_id, CheckLevel.WARN, Localized({"de": text}), None, "registration")
            for check_id, text in seed.warnings.items()
        ]
        return tuple(found)

    def deadlines(self, case: CaseFile, now: datetime) -> tuple[Deadline, ...]:
        reminders = tuple(
            chosen(DeadlineKind(each.kind.value), each.on, each.text, each.date_id)
            for each in dates_of(case.history)
            if each.kind in REMINDERS and not each.done
        )
        due_on = self._office.seeds[case.row.case_id].due_on
        if due_on is None:
            return reminders
        arrived = DerivationStep(StepKind.ARRIVED, office_day(case.row.arrived_at))
        steps = (arrived, DerivationStep(StepKind.DAYS, due_on, 7))
        target = Deadline(DeadlineKind.PROCESSING, due_on, steps)
        warning = Deadline(
            DeadlineKind.WARNING,
            due_on - timedelta(days=3),
            (*steps, DerivationStep(StepKind.BEFORE, due_on - timedelta(days=3), 3)),
        )
        return (target, *reminders, warning)

    def gaps(self, case: CaseFile, now: datetime) -> GapList:
        matter = GapMatter(case, _described(self.evidence(case)), self.checks(case), frozenset(), {})
        deadlines = CaseDeadlines(load_state("BW"), HolidayCalendar("BW"))
        return gap_list(matter, deadlines, office_day(now))

    def request_blocks(self, case: CaseFile, at: datetime) -> tuple[TextBlock, ...]:
        return ()

    def evidence(self, case: CaseFile) -> tuple[EvidenceKind, ...]:
        return (
            _evidence("registration", "Fahrzeugschein", "Kopie des Fahrzeugscheins (Teil I), beide Seiten"),
            _evidence("lease", "Mietvertrag", "Mietvertrag oder Wohnungsgeberbestätigung"),
            _evidence("photo", "Lichtbild", "Ein biometrisches Lichtbild"),
        )


class FakeRules(FakeAssessor, FakeWriter, FakeDueDates):
    """CaseRules: the newer the version of the package, the more it checks."""

    def four_eyes(self, case: CaseFile) -> bool:
        return self._office.four_eyes

    def manifest(self, case: CaseFile) -> Manifest | None:
        return None

    def package(self, case: CaseFile) -> PackageMark | None:
        found = self._office.register.of_case(case)
        return None if found is None else found.mark

    def checks(self, case: CaseFile) -> tuple[CheckResult, ...]:
        mark = self.package(case)
        newer = mark is not None and mark.version > PackageVersion(1, 0, 0)
        words = Localized({"de": "Kennzeichen gehört zum Landkreis"})
        more = (CheckResult("plate", CheckLevel.OK, words),) if newer else ()
        return (*super().checks(case), *more)


class FakeCompetence:
    """Who asks from another town is another town's; the directory has two authorities."""

    MUELLHEIM = OfficeAddress("Stadt Müllheim", "083150074074", "Bismarckstraße 3", "79379", "Müllheim")
    LANDRATSAMT = OfficeAddress(
        "Landratsamt Musterkreis", "081110000999", "Hauptstraße 1", "70998", "Musterkreis"
    )

    own_office = OfficeAddress("Stadt Musterhausen", "081110000000")

    def competence(self, case: CaseFile) -> Competence:
        if b"79379" not in case.first.content:
            return Competence(True, "00000 Musterhausen")
        detail = "79379 Müllheim"
        return Competence(False, detail, (Proposal(self.MUELLHEIM, CompetenceReason.POSTCODE, detail),))

    def offices_like(self, text: str) -> Sequence[OfficeAddress]:
        everyone = (self.MUELLHEIM, self.LANDRATSAMT)
        return [each for each in everyone if text.casefold() in each.name.casefold()]

    def handover_letter(
        self, case: CaseFile, forwarded: Forwarded, enclosed: Sequence[EnclosedDocument], at: datetime
    ) -> Letter:
        return FakeWriter().notice(case, Correspondence(LetterKind.NOTIFICATION, forwarded.reason), at)


class FakeAdviser:
    """The real help, without a service's own texts."""

    def wording_hints(self, text: str, on: date, case: CaseFile | None) -> tuple[WordingHint, ...]:
        return service_hints(text, on, USUAL_WORDING, None)


def _evidence(key: str, title: str, request: str) -> EvidenceKind:
    return EvidenceKind(key, Localized({"de": title}), Localized({"de": request}))


class FakeArrivals:
    """Every submission came with one event."""

    def arrival_log(self, case_id: CaseId, submission_id: SubmissionId) -> SignedLog:
        return SignedLog(("e30.e30.c2ln",), {}, datetime(2026, 11, 20, tzinfo=UTC))


class FakePages:
    """Every document has two pages."""

    def pages(self, content: bytes, media_type: str) -> Iterator[PageImage]:
        for _number in range(2):
            yield PageImage(10, 14, b"jpeg", "Text")


class FakeSheetPress:
    """Two sheets for whatever is shown, behind an index of one."""

    def bundle(
        self,
        parts: Iterator[InspectionPart],
        index: Callable[[Sequence[Placed]], bytes],
        manifest: Callable[[Sequence[Placed]], bytes],
        head: InspectionHead,
        words: InspectionWords,
    ) -> tuple[bytes, tuple[Placed, ...], int]:
        placed, at = [], 1
        for part in parts:
            if part.document.withheld:
                placed.append(Placed(part.document))
            else:
                placed.append(Placed(part.document, at + 1, at + 2))
                at += 2
        lines = [words.bookmark(each.document) for each in placed]
        return fake_pdf(head.reference, lines, at), tuple(placed), at


def open_desk(office: FakeOffice) -> Desk:
    """A Desk with the real use cases over this office."""
    reads, ledger, documents = FakeReads(office), FakeLedger(office), FakeDocuments(office)
    letters, writer, take_back = FakeLetterOffice(office), FakeWriter(), TakeBack(office.facts.take_back_s)

    def deliverable(kind: str | None, _destination: DestinationId, _address: Mapping[str, object]) -> bool:
        return kind in ("idBundDeMailbox", "fitConnect")

    deciding = Deciding(
        reads, ledger, documents, letters, writer, deliverable, office.clock, take_back,
        lambda case: office.four_eyes,
    )  # fmt: skip
    drafts = FixedDrafts(reads, ledger, documents, deciding)

    def close() -> None:
        office.closed += 1

    assessor = FakeAssessor(office)
    corresponding = Corresponding(
        reads, ledger, documents, letters, writer, FakeDueDates(), deliverable, office.clock, take_back
    )
    contents = FiledDocuments(documents, documents, FakeArrivals(), ledger)
    filing = Filing(reads, ledger, contents, XdomeaPacker(), office.facts.name, office.clock)
    competent = FakeCompetence()
    rules, shelf = FakeRules(office), FakeShelf(office)
    versions = CaseVersions(reads, ledger, shelf, rules, office.clock)
    return Desk(
        office=office.facts,
        reads=reads,
        ledger=ledger,
        journal=FakeJournal(office),
        cases=CaseWork(reads, ledger),
        requesting=Requesting(
            reads,
            ledger,
            documents,
            letters,
            writer,
            FakeDueDates(),
            deliverable,
            office.clock,
            take_back,
            assessor,
        ),
        gaps=Gaps(reads, ledger, assessor, FakeDueDates(), office.clock),
        corresponding=corresponding,
        deciding=deciding,
        drafts=drafts,
        folder=SignatureFolder(drafts, deciding, letters),
        reviewing=Reviewing(drafts),
        outbox=OutboxWork(reads, ledger, office.clock),
        dates=KeepingDates(reads, ledger, assessor, office.clock, letters, writer),
        filing=filing,
        printing=Printing(
            reads, assessor, letters, writer, office.clock, office.facts.actor, FakePress(letters)
        ),
        inspecting=Inspecting(
            reads,
            ledger,
            filing,
            assessor,
            FakePages(),
            letters,
            writer,
            FakeSheetPress(),
            GermanInspectionWords(),
            office.clock,
        ),
        forwarding=Forwarding(
            reads,
            ledger,
            corresponding,
            competent,
            office.clock,
            take_back,
            lambda to: f"Abgabe an {to.name}",
        ),
        handing_over=HandingOver(reads, ledger, documents, letters, competent, filing, office.clock),
        watch=OutboxWatch(reads, ledger, FakeAssessor(office), office.clock),
        county=lambda: office.county or no_county(),
        standing_in=StandingIn(reads, ledger, lambda: office.clock.now().date()),
        comparing=Comparing(reads, ledger),
        taking_over=TakingOver(reads, ledger),
        post=PostWork(reads, ledger, documents, FakeCovers(), FakePress(letters), office.clock),
        proving=Proving(
            reads,
            ledger,
            documents,
            letters,
            FakeArrivals(),
            ProofBundler(),
            office.facts.name,
            office.facts.practice,
        ),
        attachments=documents,
        documents=documents,
        letters=letters,
        verifying=Verifying(
            letters.verify, lambda _pdf: None, None, reads, ledger, documents, letters.verify_online
        ),
        assessor=assessor,
        packages=Packages(
            ledger, shelf, FakeBench(), lambda _content: rules, versions, PackageVersion(0, 1, 0), True
        ),
        versions=versions,
        wording=WordingHelp(reads, FakeAdviser(), FakeDueDates(), office.clock),
        close=close,
    )


@dataclass(frozen=True)
class FakePage:
    """PagePicture."""

    page_count: int
    width: int
    height: int
    rgba: bytes


@dataclass(frozen=True)
class FakeLetters:
    text: str
    places: list[float]


class FakeRenderer:
    """Paints fake documents. Other content is refused, like a hostile file."""

    def page(
        self, content: bytes, media_type: str, page: int = 0, max_px: int = 1600, *, lineage: str = ""
    ) -> FakePage:
        from PySide6.QtCore import QRect, Qt
        from PySide6.QtGui import QColor, QFont, QImage, QPainter

        body = _read_fake(content)
        width, height = round(max_px / 1.4142), max_px
        image = QImage(width, height, QImage.Format.Format_RGBA8888)
        image.fill(QColor("white"))
        painter = QPainter(image)
        unit = width / 210
        font = QFont("Noto Sans")
        font.setPixelSize(max(1, round(6 * unit)))
        font.setBold(True)
        painter.setFont(font)
        painter.setPen(QColor("black"))
        margin, y = round(22 * unit), round(24 * unit)
        painter.drawText(margin, y, str(body["title"]))
        font.setPixelSize(max(1, round(4 * unit)))
        font.setBold(False)
        painter.setFont(font)
        y += round(12 * unit)
        flags = int(Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignLeft)
        lines = body["lines"]
        assert isinstance(lines, list)
        for line in lines:
            box = QRect(margin, y, width - 2 * margin, height)
            used = painter.boundingRect(box, flags, str(line) or " ")
            painter.drawText(box, flags, str(line))
            y += max(round(6 * unit), used.height())
        painter.end()
        return FakePage(int(str(body["pages"])), width, height, bytes(image.constBits()))

    def text(self, content: bytes) -> str:
        lines = _read_fake(content)["lines"]
        assert isinstance(lines, list)
        return "\n".join(lines)

    def letters(self, content: bytes, page: int) -> FakeLetters:
        text = self.text(content) if page == 0 else ""
        return FakeLetters(text, [0.1, 0.2, 0.15, 0.22] * len(text))

    def unlock(self, content: bytes, password: str) -> None:
        raise ClerkError(ErrorCode.PREVIEW_REFUSED, {"reason": "wrong-password"})

    def close(self) -> None:
        pass


def _read_fake(content: bytes) -> dict[str, object]:
    if not content.startswith(b"%PDF-FAKE\n"):
        raise ClerkError(ErrorCode.PREVIEW_REFUSED)
    found = json.loads(content.removeprefix(b"%PDF-FAKE\n").removesuffix(b"\n%SIGNED"))
    assert isinstance(found, dict)
    return found
