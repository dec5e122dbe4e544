"""Gap letter: the blocks of a document request. Everything missing in one letter, documents and statements
apart; the next one first says what has come."""

from __future__ import annotations

from collections.abc import Sequence

from clerk_app.domain.document_request import DocumentRequest
from clerk_app.domain.gaps import GapOrigin, RequestItem
from clerk_app.domain.letter import Block, BulletList, NumberedList, Paragraph
from clerk_app.domain.letter_templates import NoticeWords
from clerk_app.domain.localized import Localized
from clerk_app.services.letter_matter import Pen

_REMINDERS = ("reminder_first", "reminder_second")


def request_subject(pen: Pen, subject: str, reminder: int) -> str:
    """The subject; from the second letter about the same on it says that it reminds."""
    if not reminder:
        return subject
    word = _REMINDERS[reminder - 1] if reminder <= len(_REMINDERS) else "reminder_further"
    return pen.word(word, {"subject": subject})


def request_blocks(pen: Pen, words: NoticeWords, wanted: DocumentRequest) -> list[Block]:
    """From the opening to the last item.

    The first letter about documents opens as the template says. What has come stands numbered: in a mailbox
    lines with a dash are what is asked for.
    """
    blocks: list[Block] = []
    fresh = not wanted.received and not wanted.reminder
    if fresh and wanted.documents:
        blocks += [Paragraph(text) for text in pen.all(words.opening)]
    elif fresh:
        blocks.append(Paragraph(pen.word("request_statements_opening")))
    elif wanted.received:
        blocks.append(Paragraph(pen.word("request_received")))
        blocks.append(NumberedList(pen.typed(wanted.received)))
    else:
        blocks.append(Paragraph(pen.word("request_again")))
    if wanted.documents:
        if not fresh:
            blocks.append(Paragraph(pen.word("request_documents")))
        blocks.append(BulletList(_texts(pen, wanted.documents)))
    if wanted.statements:
        if not fresh or wanted.documents:
            blocks.append(Paragraph(pen.word("request_statements")))
        blocks.append(BulletList(_texts(pen, wanted.statements)))
    return blocks


def _texts(pen: Pen, items: Sequence[RequestItem]) -> tuple[str, ...]:
    return tuple(_text(pen, item) for item in items)


def _text(pen: Pen, item: RequestItem) -> str:
    """The item's words; in another language the package's, as long as they still say the same."""
    if pen.is_german:
        return item.text
    known = _words_of(pen, item)
    if known is not None and str(known) == item.text and pen.tongue.language in known.by_language:
        return known.text(pen.tongue.language)
    return pen.typed((item.text,))[0]


def _words_of(pen: Pen, item: RequestItem) -> Localized | None:
    description = pen.matter.description
    if item.origin is GapOrigin.EVIDENCE:
        return next((kind.request_text for kind in description.evidence if kind.key == item.key), None)
    if item.origin is GapOrigin.STATEMENT:
        return next((point.ask for point in description.check_points if point.check_id == item.key), None)
    return None
