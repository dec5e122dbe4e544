"""Schreiben: a letter as data. What it says, in which order; nothing about paper, fonts or PDF.

Everything is plain text. No markup is interpreted anywhere: what a citizen or a clerk typed appears as typed.
A line feed inside a text starts a new line.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from types import MappingProxyType

from clerk_app.domain.errors import ClerkError, Disposition, ErrorCode


class LetterKind(StrEnum):
    """What a letter is for; decides nothing about its looks."""

    DECISION_GRANTED = "decision-granted"  # Bewilligungsbescheid
    DECISION_REFUSED = "decision-refused"  # Ablehnungsbescheid
    DECISION_PARTLY_GRANTED = "decision-partly-granted"  # Teilbewilligung
    DOCUMENT_REQUEST = "document-request"  # Nachforderung
    HEARING = "hearing"  # Anhörung, § 28 VwVfG
    INTERIM_NOTICE = "interim-notice"  # Zwischennachricht
    FORWARDING_NOTICE = "forwarding-notice"  # Abgabenachricht: another authority is competent
    RECEIPT = "receipt"  # Eingangsbestätigung
    NOTIFICATION = "notification"  # any other message to the applicant

    @property
    def is_decision(self) -> bool:
        """Whether the letter is an administrative act that needs reasons and an appeal notice."""
        return self in _DECISIONS


_DECISIONS = frozenset(
    {LetterKind.DECISION_GRANTED, LetterKind.DECISION_REFUSED, LetterKind.DECISION_PARTLY_GRANTED}
)


class Align(StrEnum):
    """Ausrichtung of a table column; sums stand right."""

    LEFT = "left"
    RIGHT = "right"


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Absatz."""

    text: str


@dataclass(frozen=True, slots=True)
class Heading:
    """Zwischenüberschrift, second level (the subject is the first)."""

    text: str


@dataclass(frozen=True, slots=True)
class NumberedList:
    """Nummerierte Liste, above all the operative part (Tenor) of a decision."""

    items: tuple[str, ...]
    start: int = 1


@dataclass(frozen=True, slots=True)
class BulletList:
    """Aufzählung."""

    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Tabelle with one header row. ``align`` may be shorter than the header: the rest stands left.

    ``widths`` are relative; empty means: by content. ``summary`` is read out before the table. The last
    ``totals`` rows are sums: set bold, and never on another page than the row before them.
    """

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    align: tuple[Align, ...] = ()
    widths: tuple[float, ...] = ()
    summary: str = ""
    totals: int = 0


@dataclass(frozen=True, slots=True)
class AppealNotice:
    """Rechtsbehelfsbelehrung, § 37 (6) VwVfG and the like. Kept together with its heading."""

    text: str
    heading: str = "Rechtsbehelfsbelehrung"


@dataclass(frozen=True, slots=True)
class Enclosures:
    """Anlagenvermerk (DIN 5008): what comes with the letter. Set after the signature wherever it stands."""

    items: tuple[str, ...]
    heading: str = "Anlagen"


@dataclass(frozen=True, slots=True)
class SignaturePlace:
    """Where the electronic signature or seal goes. Empty ``text``: the sentence of ``LetterWords``."""

    text: str = ""


Block = Paragraph | Heading | NumberedList | BulletList | Table | AppealNotice | Enclosures | SignaturePlace


@dataclass(frozen=True, slots=True)
class LetterSender:
    """Absender: the authority as it stands in the letterhead."""

    name: str
    unit: str = ""
    street: str = ""
    postcode: str = ""
    city: str = ""
    phone: str = ""
    email: str = ""
    return_line: str = ""  # small line above the address; empty: made of name, street and city

    @property
    def return_address(self) -> str:
        """The line a window envelope shows above the recipient."""
        if self.return_line:
            return self.return_line
        place = f"{self.postcode} {self.city}".strip()
        return " · ".join(part for part in (self.name, self.street, place) if part)


@dataclass(frozen=True, slots=True)
class LetterWords:
    """The few words a letter's layout itself says, in the letter's language."""

    page_of: str = "Seite {page} von {pages}"
    reference: str = "Aktenzeichen"
    date: str = "Datum"
    practice_mark: str = "ÜBUNG – nicht rechtsgültig"
    practice_notice: str = (
        "Übungsschreiben: Dieses Dokument stammt aus einer Übungsumgebung. Es ist mit einem Demoschlüssel "
        "signiert und nicht rechtsgültig."
    )
    signature: str = "Dieses Dokument wurde elektronisch signiert."
    signature_field: str = "Elektronische Signatur"
    attachment: str = "Maschinenlesbare Fassung dieses Schreibens"


@dataclass(frozen=True, slots=True)
class Translation:
    """Übersetzung: the letter's words once more in the applicant's language (SächsSorbG § 9).

    Stands after the German text, which alone is binding; ``notice`` says so: its first line in the letter's
    language, the rest in the translation's. Never holds a signature place of its own.

    ``complete`` False: some words exist in German only and stand here as such.
    ``reviewed`` False: nobody who knows the language has read the template's words yet.
    """

    language: str  # BCP 47, "hsb"
    notice: str
    subject: str
    blocks: tuple[Block, ...]
    salutation: str = ""
    closing: str = ""
    complete: bool = True
    reviewed: bool = True

    @property
    def can_be_set(self) -> bool:
        """Whether it can be set: language, notice, subject and text are there, tables have their cells."""
        return all(
            (
                self.language.strip(),
                self.notice.strip(),
                self.subject.strip(),
                self.blocks,
                not any(isinstance(block, SignaturePlace) for block in self.blocks),
                all(_is_rectangular(block) for block in self.blocks if isinstance(block, Table)),
            )
        )


@dataclass(frozen=True, slots=True)
class Letter:
    """Schreiben: a finished text, ready to be set.

    ``facts`` is the machine-readable decision; it travels inside the PDF as JSON, so every value must be one
    JSON knows. ``date_on`` is printed on the letter. ``practice`` marks a practice office's letters.
    """

    kind: LetterKind
    title: str  # the document's title: what a screen reader says first and a viewer shows in its title bar
    sender: LetterSender
    recipient: tuple[str, ...]
    reference: str  # Aktenzeichen
    date_on: date
    subject: str
    blocks: tuple[Block, ...]
    salutation: str = ""
    closing: str = ""
    signatory: str = ""
    language: str = "de-DE"
    info: tuple[tuple[str, str], ...] = ()
    footer: tuple[tuple[str, ...], ...] = ()  # columns of lines
    facts: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}), hash=False)
    facts_name: str = "entscheidung.json"  # file name of the attachment
    practice: bool = False
    words: LetterWords = LetterWords()
    translation: Translation | None = None

    @property
    def is_signed(self) -> bool:
        """Whether the letter has a place for a signature."""
        return any(isinstance(block, SignaturePlace) for block in self.blocks)

    def require_complete(self) -> None:
        """Raise LETTER_INCOMPLETE (params ``missing``: names of the parts) unless the letter can be set."""
        missing = [
            name
            for name, there in (
                ("title", self.title.strip()),
                ("sender", self.sender.name.strip()),
                ("recipient", any(line.strip() for line in self.recipient)),
                ("reference", self.reference.strip()),
                ("subject", self.subject.strip()),
                ("language", self.language.strip()),
                ("blocks", self.blocks),
            )
            if not there
        ]
        missing += [
            "table" for block in self.blocks if isinstance(block, Table) and not _is_rectangular(block)
        ]
        if self.translation is not None and not self.translation.can_be_set:
            missing.append("translation")
        missing += ["appeal notice"] * any(
            isinstance(block, AppealNotice) and not block.text.strip() for block in self.blocks
        )
        if sum(isinstance(block, SignaturePlace) for block in self.blocks) > 1:
            missing.append("one signature place only")
        if missing:
            raise ClerkError(
                ErrorCode.LETTER_INCOMPLETE, {"missing": ", ".join(missing)}, Disposition.ASK_CLERK
            )

    def texts(self) -> Iterator[str]:
        """Every text that will be printed, in no particular order (for glyph checks and text lint)."""
        sender = self.sender
        yield from (sender.name, sender.unit, sender.return_address)
        yield from (sender.street, sender.postcode, sender.city, sender.phone, sender.email)
        yield from (self.reference, self.subject, self.salutation, self.closing, self.signatory)
        yield from self.recipient
        for pair in self.info:
            yield from pair
        for column in self.footer:
            yield from column
        for block in self.blocks:
            yield from block_texts(block)
        if self.translation is not None:
            translation = self.translation
            yield from (translation.notice, translation.subject, translation.salutation, translation.closing)
            for block in translation.blocks:
                yield from block_texts(block)
        words = self.words
        yield from (words.page_of, words.reference, words.date, words.signature)
        if self.practice:
            yield from (words.practice_mark, words.practice_notice)

    def facts_json(self) -> bytes:
        """The machine-readable decision as canonical JSON: the same bytes for the same facts.

        Raises TypeError when a value is not one JSON knows (a defect of the caller).
        """
        return canonical_json(self.facts)


def canonical_json(facts: Mapping[str, object]) -> bytes:
    """Sorted keys, two spaces, UTF-8, a final line feed: readable for people, comparable by hash."""
    return (json.dumps(facts, ensure_ascii=False, sort_keys=True, indent=2, default=_plain) + "\n").encode()


def block_texts(block: Block) -> Iterator[str]:
    """The texts of one block in reading order."""
    match block:
        case Paragraph() | Heading() | SignaturePlace():
            yield block.text
        case AppealNotice():
            yield block.heading
            yield block.text
        case NumberedList() | BulletList():
            yield from block.items
        case Enclosures():
            yield block.heading
            yield from block.items
        case Table():
            yield block.summary
            yield from block.header
            for row in block.rows:
                yield from row


def _plain(value: object) -> object:
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"not a JSON value: {type(value).__name__}")


def _is_rectangular(table: Table) -> bool:
    columns = len(table.header)
    if not columns or any(len(row) != columns for row in table.rows):
        return False
    if not 0 <= table.totals <= len(table.rows):
        return False
    return not table.widths or (len(table.widths) == columns and all(width > 0 for width in table.widths))
