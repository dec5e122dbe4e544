"""Turns a decision, a request or any other wish into a letter, by the service's templates and the law in
force that day, in German and where it is asked for in a second language beside it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date

from clerk_app.domain.correspondence import Correspondence
from clerk_app.domain.decision import Outcome, Wording
from clerk_app.domain.document_request import DocumentRequest
from clerk_app.domain.errors import ClerkError, ErrorCode
from clerk_app.domain.letter import (
    Block,
    Letter,
    LetterKind,
    LetterWords,
    Paragraph,
    SignaturePlace,
    Translation,
)
from clerk_app.domain.letter_templates import LetterTemplate, NoticeTemplate
from clerk_app.domain.service_package import ServiceDescription
from clerk_app.services import letter_facts
from clerk_app.services.letter_decision import (
    Appeal,
    DecisionParts,
    decision_blocks,
    enclosure_blocks,
    fees_of,
    operative_part,
)
from clerk_app.services.letter_head import footer, information
from clerk_app.services.letter_matter import LetterHead, LetterMatter, PackageFees, Pen, paragraphs_of
from clerk_app.services.letter_request import request_blocks, request_subject
from clerk_app.services.tongue import GERMAN, Tongue

DECISION_KINDS = {
    Outcome.GRANTED: LetterKind.DECISION_GRANTED,
    Outcome.REFUSED: LetterKind.DECISION_REFUSED,
    Outcome.PARTLY_GRANTED: LetterKind.DECISION_PARTLY_GRANTED,
}


_SIGNED = LetterWords()
_UNSIGNED = LetterWords(
    practice_notice="Übungsschreiben: Dieses Dokument stammt aus einem Übungsbüro und ist nicht rechtsgültig."
)


@dataclass(frozen=True)
class LetterComposer:
    """Schreiben. ``appeal`` gives the remedy for a description and a day; ``day`` and ``euros`` write short
    dates and sums as letters do."""

    head: LetterHead
    tongues: Mapping[str, Tongue] = field(hash=False)
    appeal: Callable[[ServiceDescription, date], Appeal]
    day: Callable[[date], str]
    euros: Callable[[object], str]
    fees: PackageFees

    def decision(
        self, matter: LetterMatter, template: LetterTemplate, wording: Wording, language: str | None
    ) -> Letter:
        """Bescheid, with a second ``language`` beside the German text."""
        fees = fees_of(template, wording, matter.date_on, self.fees)
        appeal = self.appeal(matter.description, matter.date_on)
        parts = DecisionParts(template, wording, fees, appeal, self.head.bank)
        german = Pen(self.tongues[GERMAN], matter)
        facts = letter_facts.decision_facts(
            parts,
            operative_part(german, parts, self.euros),
            german.law(template.legal_basis),
            matter.case.row.case_reference,
        )

        def write(pen: Pen) -> tuple[str, tuple[Block, ...]]:
            subject = pen.fill(pen.pick(template.words, template.translations).subject)
            return subject, decision_blocks(pen, parts, self.euros)

        return self._letter(german, DECISION_KINDS[template.outcome], write, facts, language)

    def document_request(self, matter: LetterMatter, wanted: DocumentRequest, language: str | None) -> Letter:
        """Nachforderung (VwVfG § 26 (2), AO § 90, SGB X § 21)."""
        wish = Correspondence(
            LetterKind.DOCUMENT_REQUEST, wanted.note, wanted.due_on, enclosures=wanted.enclosures
        )
        facts: dict[str, object] = {"items": [{"text": item.text} for item in wanted.items]}
        if wanted.received:
            facts["received"] = list(wanted.received)
        return self._notice(matter, wish, language, facts, wanted)

    def notice(self, matter: LetterMatter, wanted: Correspondence, language: str | None) -> Letter:
        """Any letter that decides nothing. Raises ClerkError LETTER_INCOMPLETE (params ``missing``) when the
        template needs what the clerk did not give, DUE_NOT_MEANT for a date the letter has no place for."""
        return self._notice(matter, wanted, language, {}, None)

    def _notice(
        self,
        matter: LetterMatter,
        wanted: Correspondence,
        language: str | None,
        facts: Mapping[str, object],
        request: DocumentRequest | None,
    ) -> Letter:
        template = matter.description.notices.get(wanted.kind)
        if template is None:
            raise ClerkError(ErrorCode.TEMPLATE_UNKNOWN, {"template": wanted.kind.value})
        _require_given(template, wanted)
        german = Pen(self.tongues[GERMAN], matter)
        told = letter_facts.notice_facts(
            paragraphs_of(wanted.text),
            german.law(template.legal_basis),
            wanted.enclosures,
            due_on=wanted.due_on,
            authority=wanted.authority,
            first_received_on=matter.days.get("first_received_on"),
        )

        def write(pen: Pen) -> tuple[str, tuple[Block, ...]]:
            words = pen.pick(template.words, template.translations)
            added = pen.typed(paragraphs_of(wanted.text))
            due = words.with_due if wanted.due_on is not None else ()
            subject = pen.fill(words.subject)
            if request is None:
                blocks: list[Block] = [Paragraph(text) for text in pen.all(words.opening)]
            else:
                subject = request_subject(pen, subject, request.reminder)
                blocks = request_blocks(pen, words, request)
            texts = (*added, *pen.all((*due, *words.closing)), *pen.law(template.legal_basis))
            blocks += [Paragraph(text) for text in texts]
            if pen.is_german:
                blocks += [SignaturePlace()] * template.signed
                blocks += enclosure_blocks(pen, wanted.enclosures)
            return subject, tuple(blocks)

        return self._letter(german, wanted.kind, write, {**told, **facts}, language)

    def _letter(
        self,
        german: Pen,
        kind: LetterKind,
        write: Callable[[Pen], tuple[str, tuple[Block, ...]]],
        facts: Mapping[str, object],
        language: str | None,
    ) -> Letter:
        matter, head = german.matter, self.head
        row = matter.case.row
        subject, blocks = write(german)
        translation = None
        if language is not None and language in self.tongues and language != GERMAN:
            translation = self._translation(Pen(self.tongues[language], matter), write)
        languages = [GERMAN, *([translation.language] if translation is not None else [])]
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
            closing=german.word("closing"),
            signatory=head.name,
            info=information(head, row.case_reference, self.day(matter.date_on)),
            footer=footer(head, row.case_reference),
            facts={**letter_facts.common_facts(head, matter, kind, subject, languages), **facts},
            facts_name=letter_facts.FILE_NAMES.get(kind, letter_facts.DECISION_FILE_NAME),
            practice=head.practice,
            words=_SIGNED if any(isinstance(block, SignaturePlace) for block in blocks) else _UNSIGNED,
            translation=translation,
        )

    def _translation(self, pen: Pen, write: Callable[[Pen], tuple[str, tuple[Block, ...]]]) -> Translation:
        subject, blocks = write(pen)
        named = bool(pen.matter.addressee.name)
        return Translation(
            language=pen.tongue.language,
            notice=pen.word("notice"),
            subject=subject,
            blocks=blocks,
            salutation=pen.word("salutation" if named else "salutation_unnamed"),
            closing=pen.word("closing"),
            complete=pen.complete,
            reviewed=pen.tongue.reviewed,
        )


def _require_given(template: NoticeTemplate, wanted: Correspondence) -> None:
    given = {"text": wanted.text, "due_on": wanted.due_on, "authority": wanted.authority}
    missing = [name for name in template.needs if not given[name]]
    if missing:
        raise ClerkError(ErrorCode.LETTER_INCOMPLETE, {"missing": ", ".join(missing)})
    if wanted.due_on is not None and not template.takes_due_date:
        raise ClerkError(ErrorCode.DUE_NOT_MEANT, {"detail": wanted.kind.value})
