"""Lists as a document of the office: under its letterhead, tagged, with the page count a letter has."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from clerk_app.domain.letter import Block, Heading, Letter, LetterKind, Paragraph, Table
from clerk_app.domain.sheet import Sheet
from clerk_app.services.letter_matter import LetterHead


def sheet_letter(head: LetterHead, sheet: Sheet, on: date) -> Letter:
    """The sheet, ready to be set. Nobody signs it."""
    return Letter(
        kind=LetterKind.NOTIFICATION,
        title=sheet.title,
        sender=head.sender,
        recipient=(sheet.filed,),
        reference=sheet.reference,
        date_on=on,
        subject=sheet.subject,
        blocks=tuple(_blocks(sheet)),
        language=sheet.language,
        practice=head.practice,
    )


def _blocks(sheet: Sheet) -> Iterator[Block]:
    if sheet.rows:
        yield Table(sheet.header, sheet.rows, widths=sheet.widths, summary=sheet.summary)
    else:
        yield Paragraph(sheet.empty)
    for table in sheet.tables:
        if table.rows or table.empty:
            yield Heading(table.heading)
        if table.rows:
            yield Table(table.header, table.rows, widths=table.widths, summary=table.summary)
        elif table.empty:
            yield Paragraph(table.empty)
    for note in sheet.notes:
        yield Paragraph(note)
