"""A list as a document of the office: under its letterhead, tagged, with the page count a letter has."""

from __future__ import annotations

from datetime import date

from clerk_app.domain.letter import Block, Letter, LetterKind, Paragraph, Table
from clerk_app.domain.sheet import Sheet
from clerk_app.services.letter_matter import LetterHead


def sheet_letter(head: LetterHead, sheet: Sheet, on: date) -> Letter:
    """The sheet, ready to be set. Nobody signs it."""
    block: Block = Paragraph(sheet.empty)
    if sheet.rows:
        block = Table(sheet.header, sheet.rows, widths=sheet.widths, summary=sheet.summary)
    return Letter(
        kind=LetterKind.NOTIFICATION,
        title=sheet.title,
        sender=head.sender,
        recipient=(sheet.filed,),
        reference=sheet.reference,
        date_on=on,
        subject=sheet.subject,
        blocks=(block,),
        language=sheet.language,
        practice=head.practice,
    )
