"""What a letter is about, and the pen that writes it in one language."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

from clerk_app.domain.authority import BankAccount, ContactPerson
from clerk_app.domain.case import CaseFile
from clerk_app.domain.letter import LetterSender
from clerk_app.domain.letter_templates import DatedFee, DatedText, LetterTemplate
from clerk_app.domain.service_package import ServiceDescription
from clerk_app.services.tongue import GERMAN, Tongue

PackageFees = Callable[[LetterTemplate, date], tuple[DatedFee, ...]]
"""The fees of a template in force on a day, for one service of one authority."""

_BLANK = re.compile(r"\{([a-z][\w.]*)\}")
_T = TypeVar("_T")


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
    # from the authority's parameters
    addition: str = ""  # of the address: floor, courtyard
    contact: ContactPerson | None = None
    opening_hours: tuple[str, ...] = ()
    bank: BankAccount | None = None
    privacy_policy_url: str = ""
    post_lines: tuple[str, ...] = ()  # where post goes, if elsewhere

    @property
    def sender(self) -> LetterSender:
        """The letterhead."""
        return LetterSender(
            self.name, self.unit, self.street, self.postcode, self.city, self.phone, self.email
        )

    @property
    def has_particulars(self) -> bool:
        """Whether the authority supplies more than its profile says."""
        return bool(
            self.contact or self.opening_hours or self.bank or self.privacy_policy_url or self.post_lines
        )

    @property
    def town(self) -> str:
        """Postcode and city."""
        return f"{self.postcode} {self.city}".strip()

    @property
    def place(self) -> str:
        """The authority with its address, as an appeal notice names it."""
        address = ", ".join(part for part in (self.street, self.town) if part)
        return f"{self.name}, {address}" if address else self.name


@dataclass(frozen=True)
class Addressee:
    """Who a letter goes to: ``lines`` for the window, ``salutation`` for the first line."""

    name: str
    lines: tuple[str, ...]
    salutation: str


@dataclass(frozen=True)
class LetterMatter:
    """What a letter is about, gathered from the case: ``values`` and ``days`` fill the templates' blanks;
    days are spelled in the letter's language."""

    case: CaseFile
    description: ServiceDescription
    addressee: Addressee
    days: Mapping[str, date] = field(hash=False)  # date_on, applied_on, received_on, perhaps due_on
    values: Mapping[str, str] = field(hash=False)

    @property
    def date_on(self) -> date:
        """The day on the letter."""
        return self.days["date_on"]


class Pen:
    """Writes one version of a letter. ``complete`` turns False when words were missing in its language and
    German ones stand in their place."""

    def __init__(self, tongue: Tongue, matter: LetterMatter) -> None:
        self.tongue = tongue
        self.matter = matter
        self.complete = True

    @property
    def is_german(self) -> bool:
        """Whether this is the binding version."""
        return self.tongue.language == GERMAN

    def fill(self, text: str, extra: Mapping[str, str] | None = None) -> str:
        """Blanks nobody can fill stay as they are; the pre-flight check finds them and blocks signing."""

        def value(found: re.Match[str]) -> str:
            name = found.group(1)
            if extra is not None and name in extra:
                return extra[name]
            if name in self.matter.days:
                return self.tongue.day_long(self.matter.days[name])
            return self.matter.values.get(name, found.group(0))

        return _BLANK.sub(value, text)

    def all(self, texts: Sequence[str]) -> tuple[str, ...]:
        """Each text filled."""
        return tuple(self.fill(text) for text in texts)

    def word(self, key: str, extra: Mapping[str, str] | None = None) -> str:
        """One of the letter's own words, filled."""
        return self.fill(self.tongue.words[key], extra)

    def pick(self, german: _T, translations: Mapping[str, _T]) -> _T:
        """The words in this language, else the German ones."""
        if self.is_german:
            return german
        found = translations.get(self.tongue.language)
        if found is None:
            self.complete = False
            return german
        return found

    def typed(self, texts: Sequence[str]) -> tuple[str, ...]:
        """What a clerk typed: German, in every version."""
        if texts and not self.is_german:
            self.complete = False
        return tuple(texts)

    def law(self, texts: Sequence[DatedText]) -> tuple[str, ...]:
        """Words of law in force on the letter's day under the procedure law of its service. A norm becomes a
        sentence; what is a sentence already stays one."""
        on, law = self.matter.date_on, self.matter.description.procedure_law
        found = (self.fill(self.pick(text.text, text.translations)) for text in texts if text.holds(on, law))
        return tuple(
            text if text.endswith(".") else self.word("legal_basis", {"norm": text}) for text in found
        )


def paragraphs_of(typed: str) -> tuple[str, ...]:
    """A clerk's text as paragraphs: blank lines part them."""
    return tuple(part.strip() for part in re.split(r"\n\s*\n", typed) if part.strip())
