"""Vorlagen: the words of letters as data, dated where they are law, in German and where there are in more.

Blanks such as ``{applicant}``, ``{service}``, ``{applied_on}``, ``{received_on}``, ``{reference}`` and form
paths such as ``{hund.name}`` are filled; a blank nobody can fill stands as it is and blocks signing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType

from clerk_app.domain.deadlines import ProcedureLaw
from clerk_app.domain.decision import Outcome
from clerk_app.domain.letter import LetterKind
from clerk_app.domain.localized import Localized


class HearingDuty(StrEnum):
    """Anhörungspflicht before a decision (VwVfG § 28, AO § 91, SGB X § 24)."""

    REQUIRED = "required"  # without a hearing, or a reason for none, nothing is signed
    ADVISED = "advised"  # the clerk is told
    NONE = "none"


@dataclass(frozen=True, slots=True)
class DatedText:
    """Words of law, in force from ``valid_from`` to before ``valid_until``; with ``law`` only where that
    procedure law governs. ``translations`` by language."""

    text: str
    valid_from: date
    valid_until: date | None = None
    law: ProcedureLaw | None = None
    translations: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}), hash=False)

    def holds(self, on: date, law: ProcedureLaw | None = None) -> bool:
        """Whether it is in force on that day, under that procedure law."""
        dated = self.valid_from <= on and (self.valid_until is None or on < self.valid_until)
        return dated and (self.law is None or law is None or self.law is law)


@dataclass(frozen=True, slots=True)
class DatedFee:
    """Gebühr in euros with its basis, in force from ``valid_from`` to before ``valid_until``; ``text`` says
    what for, ``key`` names it for the authority's own parameters."""

    euros: Decimal
    basis: str
    valid_from: date
    valid_until: date | None = None
    text: str = ""
    key: str = ""

    def holds(self, on: date) -> bool:
        """Whether it is in force on that day."""
        return self.valid_from <= on and (self.valid_until is None or on < self.valid_until)


@dataclass(frozen=True, slots=True)
class DecisionWords:
    """What a decision's template says in one language."""

    subject: str
    operative: tuple[str, ...]
    reasons: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()  # closing hints after the reasons


@dataclass(frozen=True, slots=True)
class LetterTemplate:
    """Vorlage of a decision. ``hearing`` overrides the duty the service and the Land set; ``burdening`` marks
    a decision that takes something away or asks for something (belastender Verwaltungsakt)."""

    name: str
    title: Localized
    outcome: Outcome
    words: DecisionWords
    legal_basis: tuple[DatedText, ...] = ()
    fees: tuple[DatedFee, ...] = ()
    translations: Mapping[str, DecisionWords] = field(
        default_factory=lambda: MappingProxyType({}), hash=False
    )
    hearing: HearingDuty | None = None
    burdening: bool = False


class BlockPlace(StrEnum):
    """Where a text block goes."""

    REASONS = "reasons"
    PROVISIONS = "provisions"  # Nebenbestimmungen
    REQUEST = "request"


@dataclass(frozen=True, slots=True)
class TextBlock:
    """Textbaustein a person may put in, in force from ``valid_from`` to before ``valid_until``. ``outcomes``
    empty: whatever is decided."""

    key: str
    title: Localized
    place: BlockPlace
    text: str
    valid_from: date
    valid_until: date | None = None
    outcomes: tuple[Outcome, ...] = ()
    legal_basis: tuple[DatedText, ...] = ()

    def holds(self, on: date) -> bool:
        """Whether it is in force on that day."""
        return self.valid_from <= on and (self.valid_until is None or on < self.valid_until)


@dataclass(frozen=True, slots=True)
class NoticeWords:
    """What the template of a letter that decides nothing says in one language.

    Order in the letter: ``opening``, what the clerk adds, ``closing``; ``with_due`` only with a due date.
    """

    subject: str
    opening: tuple[str, ...]
    closing: tuple[str, ...] = ()
    with_due: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NoticeTemplate:
    """Vorlage of a letter that decides nothing.

    ``needs`` names what the clerk must add: ``text``, ``due_on``, ``authority``. ``signed`` puts a signature
    place into it; a mere notice needs none (VwVfG § 37 (3) asks for one in acts only).
    """

    kind: LetterKind
    words: NoticeWords
    legal_basis: tuple[DatedText, ...] = ()
    translations: Mapping[str, NoticeWords] = field(default_factory=lambda: MappingProxyType({}), hash=False)
    needs: tuple[str, ...] = ()
    signed: bool = False

    @property
    def takes_due_date(self) -> bool:
        """Whether a day can be named in it."""
        return bool(self.words.with_due)
