"""Turns a decision or a request into a letter, by the service's templates and the law in force that day."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from clerk_app.domain.case import CaseFile
from clerk_app.domain.decision import Outcome, Wording
from clerk_app.domain.errors import ClerkError, ErrorCode
from clerk_app.domain.letter import (
    AppealNotice,
    Block,
    BulletList,
    Enclosures,
    Heading,
    Letter,
    LetterKind,
    LetterSender,
    NumberedList,
    Paragraph,
    SignaturePlace,
    Table,
)
from clerk_app.domain.service_package import DatedFee, DatedText, LetterTemplate, ServiceDescription

_BLANK = re.compile(r"\{([a-z][\w.]*)\}")
_KINDS = {
    Outcome.GRANTED: LetterKind.DECISION_GRANTED,
    Outcome.REFUSED: LetterKind.DECISION_REFUSED,
    Outcome.PARTLY_GRANTED: LetterKind.DECISION_PARTLY_GRANTED,
}


@dataclass(frozen=True)
class LetterHead:
    """The authority as its letters show it; ``ars`` and ``land`` choose the law that applies."""

    name: str
    ars: str
    land: str
    unit: str = ""
    street: str = ""
    postcode: str = ""
    city: str = ""
    phone: str = ""
    email: str = ""
    practice: bool = False

    @property
    def sender(self) -> LetterSender:
        """The letterhead."""
        return LetterSender(
            self.name, self.unit, self.street, self.postcode, self.city, self.phone, self.email
        )

    @property
    def place(self) -> str:
        """The authority with its address, as an appeal notice names it."""
        address = ", ".join(part for part in (self.street, f"{self.postcode} {self.city}".strip()) if part)
        return f"{self.name}, {address}" if address else self.name


@dataclass(frozen=True)
class Addressee:
    """Who a letter goes to: ``lines`` for the window, ``salutation`` for the first line."""

    name: str
    lines: tuple[str, ...]
    salutation: str


@dataclass(frozen=True)
class LetterMatter:
    """What a letter is about, gathered from the case: ``values`` fill the templates' blanks."""

    case: CaseFile
    description: ServiceDescription
    addressee: Addressee
    applied_on: date
    date_on: date
    values: Mapping[str, str]


@dataclass(frozen=True)
class LetterComposer:
    """Schreiben. ``appeal_text`` gives the appeal notice for a description and a day; ``day``, ``day_long``
    and ``euros`` write dates and sums as letters do."""

    head: LetterHead
    appeal_text: Callable[[ServiceDescription, date], str]
    day: Callable[[date], str]
    day_long: Callable[[date], str]
    euros: Callable[[object], str]

    def decision(self, matter: LetterMatter, outcome: Outcome, wording: Wording) -> Letter:
        """Bescheid. Raises ClerkError TEMPLATE_UNKNOWN."""
        chosen = matter.description.template(outcome, wording.template)
        if chosen is None:
            name = wording.template or outcome.value
            raise ClerkError(ErrorCode.TEMPLATE_UNKNOWN, {"template": name, "outcome": outcome.value})
        fees = [fee for fee in chosen.fees if fee.holds(matter.date_on)]
        blocks: list[Block] = [
            Paragraph(self._fill("auf Ihren Antrag vom {applied_on} ergeht folgender Bescheid:", matter)),
            NumberedList(tuple(self._fill(text, matter) for text in chosen.operative)),
            *self._facts(matter),
            Heading("Begründung"),
            *self._reasons(chosen, matter, wording.reasons),
            *self._fees(fees),
            *(Paragraph(self._fill(text, matter)) for text in chosen.notes),
            AppealNotice(self.appeal_text(matter.description, matter.date_on)),
        ]
        subject = self._fill(chosen.subject, matter)
        return self._letter(
            matter,
            _KINDS[outcome],
            subject,
            (*blocks, SignaturePlace()),
            {
                "kind": "decision",
                "outcome": outcome.value,
                "fees": [{"euros": str(fee.euros), "basis": fee.basis} for fee in fees],
            },
        )

    def document_request(self, matter: LetterMatter, items: Sequence[str], due_on: date) -> Letter:
        """Nachforderung (VwVfG § 26 (2))."""
        template = matter.description.request
        filled = {**matter.values, "due_on": self.day_long(due_on)}
        matter = LetterMatter(
            matter.case, matter.description, matter.addressee, matter.applied_on, matter.date_on, filled
        )
        introduction = template.introduction if template else _REQUEST_INTRODUCTION
        closing = template.closing if template else _REQUEST_CLOSING
        subject = template.subject if template else "Fehlende Unterlagen zu Ihrem Antrag: {service}"
        legal = _in_force(template.legal_basis, matter.date_on) if template else ()
        blocks: list[Block] = [
            *(Paragraph(self._fill(text, matter)) for text in introduction),
            BulletList(tuple(items)),
            *(Paragraph(self._fill(text, matter)) for text in closing),
            *(Paragraph(text) for text in legal),
        ]
        facts = {
            "kind": "documentRequest",
            "dueOn": due_on.isoformat(),
            "items": [{"text": item} for item in items],
        }
        return self._letter(
            matter, LetterKind.DOCUMENT_REQUEST, self._fill(subject, matter), tuple(blocks), facts
        )

    def _facts(self, matter: LetterMatter) -> list[Block]:
        """What exactly was decided about, as the form has it: the vehicle, the plot, the dog."""
        description = matter.description
        rows = tuple(
            (str(label), matter.values[path])
            for path in description.letter_facts
            if matter.values.get(path) and (label := description.label(path)) is not None
        )
        if not rows:
            return []
        return [Table(("Angabe", "Inhalt"), rows, widths=(1.0, 2.0), summary="Angaben aus Ihrem Antrag")]

    def _reasons(self, template: LetterTemplate, matter: LetterMatter, reasons: str) -> list[Block]:
        own = [part.strip() for part in re.split(r"\n\s*\n", reasons) if part.strip()]
        blocks: list[Block] = [Paragraph(text) for text in own]
        if not own or template.outcome is not Outcome.REFUSED:
            blocks = [Paragraph(self._fill(text, matter)) for text in template.reasons] + blocks
        blocks += [Paragraph(text) for text in _in_force(template.legal_basis, matter.date_on)]
        return blocks or [Paragraph(_NO_REASONS)]

    def _fees(self, fees: Sequence[DatedFee]) -> list[Block]:
        if not fees:
            return []
        rows = tuple((fee.basis, self.euros(fee.euros)) for fee in fees)
        from clerk_app.domain.letter import Align

        return [
            Heading("Gebühren"),
            Table(("Grundlage", "Betrag"), rows, (Align.LEFT, Align.RIGHT), (3.0, 1.0), "Gebühren"),
        ]

    def _fill(self, text: str, matter: LetterMatter) -> str:
        """Blanks nobody can fill stay as they are; the pre-flight check finds them and blocks signing."""
        return _BLANK.sub(lambda found: matter.values.get(found.group(1), found.group(0)), text)

    def _letter(
        self,
        matter: LetterMatter,
        kind: LetterKind,
        subject: str,
        blocks: tuple[Block, ...],
        facts: Mapping[str, object],
    ) -> Letter:
        row = matter.case.row
        head = self.head
        contact = tuple(part for part in (head.phone, head.email) if part)
        return Letter(
            kind=kind,
            title=f"{subject} ({row.case_reference})",
            sender=head.sender,
            recipient=matter.addressee.lines,
            reference=row.case_reference,
            date_on=matter.date_on,
            subject=subject,
            salutation=matter.addressee.salutation,
            blocks=blocks,
            closing="Mit freundlichen Grüßen",
            signatory=head.name,
            info=(("Aktenzeichen", row.case_reference), ("Datum", self.day(matter.date_on))),
            footer=((head.name, head.place.removeprefix(f"{head.name}, ")), contact) if contact else (),
            facts={
                **facts,
                "schema": "https://amtsstube.example/schemas/decision/1",
                "caseReference": row.case_reference,
                "caseId": row.case_id,
                "service": row.service,
                "leikaKey": row.leika_key,
                "authority": {"name": head.name, "ars": head.ars},
                "issuedOn": matter.date_on.isoformat(),
                "appliedOn": matter.applied_on.isoformat(),
                "practice": head.practice,
            },
            facts_name="entscheidung.json" if kind.is_decision else "nachforderung.json",
            practice=head.practice,
        )


_NO_REASONS = "Dem Antrag wird in vollem Umfang entsprochen; einer weiteren Begründung bedarf es nicht."
_REQUEST_INTRODUCTION = (
    (
        "vielen Dank für Ihren Antrag vom {applied_on}. Damit wir ihn weiter bearbeiten können, fehlen uns "
        "noch folgende Unterlagen:"
    ),
)
_REQUEST_CLOSING = (
    (
        "Bitte reichen Sie die Unterlagen bis zum {due_on} nach, am einfachsten über das Portal, über das "
        "Sie "
        "den Antrag gestellt haben."
    ),
)


def _in_force(texts: Sequence[DatedText], on: date) -> tuple[str, ...]:
    return tuple(text.text for text in texts if text.holds(on))


def message_text(letter: Letter) -> str:
    """The letter's words as plain text for a mailbox; items stand as ``- `` lines."""
    lines: list[str] = [letter.salutation, ""] if letter.salutation else []
    for block in letter.blocks:
        match block:
            case Paragraph():
                lines += [block.text, ""]
            case Heading():
                lines += [block.text]
            case BulletList():
                lines += [*(f"- {item}" for item in block.items), ""]
            case NumberedList():
                lines += [*(f"{n}. {item}" for n, item in enumerate(block.items, block.start)), ""]
            case Table():
                lines += [*(": ".join(row) for row in block.rows), ""]
            case AppealNotice():
                lines += [block.heading, block.text, ""]
            case Enclosures():
                lines += [block.heading, *(f"- {item}" for item in block.items), ""]
            case SignaturePlace():
                pass
    lines += [letter.closing, letter.signatory]
    return "\n".join(lines).strip() + "\n"
