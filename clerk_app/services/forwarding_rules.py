"""Who is competent, and what that authority is told: implements CompetenceRules and HandoverLetterWriter."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from clerk_app.domain.application import Application
from clerk_app.domain.authority import AuthorityParameters
from clerk_app.domain.case import CaseFile
from clerk_app.domain.competence import Competence, Forwarded, OfficeAddress
from clerk_app.domain.deadlines import office_day
from clerk_app.domain.letter import Block, Letter, LetterKind, LetterWords, Paragraph, Table
from clerk_app.domain.service_package import ServiceDescription
from clerk_app.services.applicant import read_applicant
from clerk_app.services.competence import OwnArea, competence, offices_like
from clerk_app.services.form_tree import MalformedFormError, Members, Node, read_form
from clerk_app.services.letter_matter import LetterHead
from clerk_app.services.letter_writing import service_name
from clerk_app.services.words import day
from clerk_app.usecases.forwarding_ports import EnclosedDocument

_PRACTICE = LetterWords(
    practice_notice="Übungsschreiben: Dieses Dokument stammt aus einem Übungsbüro und ist nicht rechtsgültig."
)
_HALF_DIGEST = 32


@dataclass(frozen=True)
class ForwardingRules:
    """The forms' places by one authority's directory, and its letters to other authorities."""

    head: LetterHead
    description: Callable[[CaseFile], ServiceDescription]
    parameters: AuthorityParameters

    @property
    def own_office(self) -> OfficeAddress:
        """The authority of the letterhead."""
        head = self.head
        return OfficeAddress(head.name, head.ars, head.street, head.postcode, head.city, head.email)

    def competence(self, case: CaseFile) -> Competence:
        """See CompetenceRules. A form that cannot be read says nothing."""
        own = OwnArea(self.head.name, self.head.city, self.parameters)
        return competence(_tree(case.first), self.description(case).person, own)

    def offices_like(self, text: str) -> Sequence[OfficeAddress]:
        """See CompetenceRules."""
        return offices_like(text, self.parameters.directory)

    def handover_letter(
        self, case: CaseFile, forwarded: Forwarded, enclosed: Sequence[EnclosedDocument], at: datetime
    ) -> Letter:
        """See HandoverLetterWriter. German: an authority writes to an authority."""
        head, first, on = self.head, case.first, office_day(at)
        description = self.description(case)
        service = service_name(first, description)
        subject = f"Abgabe wegen örtlicher Unzuständigkeit: {service}"
        return Letter(
            kind=LetterKind.NOTIFICATION,
            title=f"{subject} ({case.row.case_reference})",
            sender=head.sender,
            recipient=forwarded.office.lines,
            reference=case.row.case_reference,
            date_on=on,
            subject=subject,
            salutation="Guten Tag,",
            blocks=tuple(self._blocks(case, forwarded, service, enclosed)),
            closing="Mit freundlichen Grüßen",
            signatory=head.name,
            info=(("Aktenzeichen", case.row.case_reference), ("Datum", day(on))),
            practice=head.practice,
            words=_PRACTICE,
        )

    def _blocks(
        self, case: CaseFile, forwarded: Forwarded, service: str, enclosed: Sequence[EnclosedDocument]
    ) -> list[Block]:
        first = case.first
        received_on = office_day(first.submitted_at)
        person = read_applicant(_tree(first), self.description(case).person)
        facts = (
            ("Leistung", service),
            ("Leistungsschlüssel (LeiKa)", case.row.leika_key or "nicht bekannt"),
            ("Antragsteller/in", ", ".join(person.address_lines) or "im Antrag nicht genannt"),
            ("Antrag vom", day(first.applied_on or received_on)),
            ("Tag des ersten Eingangs", day(forwarded.first_received_on)),
            ("Eingang bei uns", day(received_on)),
            ("Unser Aktenzeichen", case.row.case_reference),
        )
        rows = tuple((each.title, _in_two(each.sha256)) for each in enclosed)
        return [
            Paragraph(
                "wir geben den folgenden Antrag an Sie ab. Nach unserer Prüfung sind Sie dafür zuständig."
            ),
            Table(("Angabe", "Wert"), facts, widths=(2, 3), summary="Angaben zum abgegebenen Antrag"),
            Paragraph(f"Grund der Abgabe: {forwarded.reason}"),
            Paragraph(
                f"Der Antrag ist zuerst am {day(forwarded.first_received_on)} bei einer Behörde eingegangen. "
                "Bitte legen Sie diesen Tag zugrunde, wo es auf den Eingang ankommt. Die Antragstellerin "
                "oder der Antragsteller hat von uns eine Nachricht über die Abgabe."
            ),
            Paragraph("Beigefügt sind die folgenden Unterlagen, jede mit ihrer Prüfsumme (SHA-256):"),
            Table(("Unterlage", "SHA-256"), rows, widths=(2, 3), summary="Beigefügte Unterlagen"),
        ]


def _in_two(digest: str) -> str:
    """A digest on two lines, so that a narrow column holds it."""
    return f"{digest[:_HALF_DIGEST]}\n{digest[_HALF_DIGEST:]}"


def _tree(application: Application) -> Node:
    try:
        return read_form(application.content, application.content_media_type)
    except MalformedFormError:
        return Members(())
