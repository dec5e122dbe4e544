"""Anschriftenblatt: the sheet whose address stands in the window of the envelope."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from clerk_app.domain.deadlines import office_day
from clerk_app.domain.letter import Letter, LetterKind, Paragraph, Table
from clerk_app.domain.post import PostalLetter
from clerk_app.services.letter_matter import LetterHead
from clerk_app.services.toml_values import resources_folder


@cache
def _words() -> dict[str, str]:
    content = tomllib.loads((resources_folder("post") / "cover_sheet.toml").read_text("utf-8"))
    return {name: value for name, value in content.items() if isinstance(value, str)}


@dataclass(frozen=True)
class CoverSheets:
    """Implements ``usecases.post_work.CoverWriter`` for one authority. The wording stands in
    ``resources/post/cover_sheet.toml`` and is assumed."""

    head: LetterHead

    def cover_sheet(self, letter: PostalLetter, at: datetime) -> Letter:
        """The sheet for one letter, as DIN 5008 form B has it."""
        words = _words()
        extent = words["sheets_one" if letter.pages == 1 else "sheets_many"]
        digest = " ".join(letter.sha256[at_ : at_ + 8] for at_ in range(0, len(letter.sha256), 8))
        table = Table(
            header=(words["heading"], ""),
            rows=(
                (words["reference"], letter.case_reference),
                (words["content"], letter.title),
                (words["sheets"], extent.format(sheets=letter.pages, pages=letter.pages)),
                (words["document"], letter.filename),
                (words["digest"], digest),
            ),
            widths=(0.32, 0.68),
            summary=words["heading"],
        )
        return Letter(
            kind=LetterKind.RECEIPT,
            title=f"{words['subject']} {letter.case_reference}",
            sender=self.head.sender,
            recipient=letter.address,
            reference=letter.case_reference,
            date_on=office_day(at),
            subject=words["subject"],
            blocks=(table, Paragraph(words["note"]), Paragraph(words["fold"])),
            practice=self.head.practice,
        )
