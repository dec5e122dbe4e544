"""The text of a decision: operative part, ancillary provisions, reasons, fees, appeal notice, enclosures."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from clerk_app.domain.authority import BankAccount
from clerk_app.domain.decision import FeeItem, Outcome, Wording
from clerk_app.domain.letter import (
    Align,
    AppealNotice,
    Block,
    Enclosures,
    Heading,
    NumberedList,
    Paragraph,
    SignaturePlace,
    Table,
)
from clerk_app.domain.letter_templates import DatedFee, LetterTemplate
from clerk_app.services.letter_matter import PackageFees, Pen, paragraphs_of


@dataclass(frozen=True)
class Appeal:
    """Rechtsbehelf as one decision states it: ``months`` 0 means no period. ``texts`` by language, filled."""

    kind: str
    months: int
    basis: str
    addressee: str
    texts: Mapping[str, str] = field(hash=False)


@dataclass(frozen=True)
class DecisionParts:
    """Everything a decision is made of, before any language is chosen. ``fees`` None: nothing is said."""

    template: LetterTemplate
    wording: Wording
    fees: tuple[FeeItem, ...] | None
    appeal: Appeal
    bank: BankAccount | None = None

    @property
    def fee_sum(self) -> Decimal:
        """All fees together, in euros."""
        return sum((fee.euros for fee in self.fees or ()), Decimal(0))

    @property
    def payee(self) -> BankAccount | None:
        """Where to pay; None when nothing is to be paid, or nobody said where."""
        return self.bank if self.fee_sum else None


def fees_of(
    template: LetterTemplate, wording: Wording, on: date, fees: PackageFees
) -> tuple[FeeItem, ...] | None:
    """The clerk's items, else those in force that day (``fees``); None when neither says anything.

    An empty tuple means: a clerk, or the authority's parameters, decided that it costs nothing.
    """
    if wording.fees is not None:
        return wording.fees
    found = tuple(_item(fee) for fee in fees(template, on))
    return found or (() if any(fee.holds(on) for fee in template.fees) else None)


def _item(fee: DatedFee) -> FeeItem:
    return FeeItem(fee.text, fee.euros, fee.basis)


def operative_part(pen: Pen, parts: DecisionParts, euros: Callable[[object], str]) -> tuple[str, ...]:
    """Tenor: the template's items, and the fee decision where there is one."""
    template = parts.template
    items = pen.all(pen.pick(template.words, template.translations).operative)
    if parts.fees is None:
        return items
    if not parts.fees:
        return (*items, pen.word("no_fee_operative"))
    return (*items, pen.word("fee_operative", {"fee_sum": euros(parts.fee_sum)}))


def decision_blocks(pen: Pen, parts: DecisionParts, euros: Callable[[object], str]) -> tuple[Block, ...]:
    """The whole text. Only the German version is signed and lists the enclosures."""
    words = pen.pick(parts.template.words, parts.template.translations)
    blocks: list[Block] = [
        Paragraph(pen.word("introduction")),
        NumberedList(operative_part(pen, parts, euros)),
        *_facts(pen),
    ]
    if parts.wording.provisions:
        blocks += [Heading(pen.word("provisions")), NumberedList(pen.typed(parts.wording.provisions))]
    blocks += [
        Heading(pen.word("reasons")),
        *_reasons(pen, parts),
        *_fee_table(pen, parts, euros),
        *(Paragraph(text) for text in pen.all(words.notes)),
        AppealNotice(pen.pick(parts.appeal.texts["de"], parts.appeal.texts), pen.word("appeal")),
    ]
    if pen.is_german:
        blocks += [SignaturePlace(), *enclosure_blocks(pen, parts.wording.enclosures)]
    return tuple(blocks)


def enclosure_blocks(pen: Pen, enclosures: Sequence[str]) -> list[Block]:
    """Anlagenvermerk, where something is enclosed."""
    if not enclosures:
        return []
    return [Enclosures(tuple(enclosures), pen.word("enclosure" if len(enclosures) == 1 else "enclosures"))]


def _facts(pen: Pen) -> list[Block]:
    """What exactly was decided about, as the form has it: the vehicle, the plot, the dog."""
    description, values = pen.matter.description, pen.matter.values
    rows = tuple(
        (str(label), values[path])
        for path in description.letter_facts
        if values.get(path) and (label := description.label(path)) is not None
    )
    if not rows:
        return []
    pen.typed([label for label, _value in rows])  # labels and values of a form are German
    header = (pen.word("facts_label"), pen.word("facts_value"))
    return [Table(header, rows, widths=(1.0, 2.0), summary=pen.word("facts_summary"))]


def _reasons(pen: Pen, parts: DecisionParts) -> list[Block]:
    template = parts.template
    own = pen.typed(paragraphs_of(parts.wording.reasons))
    texts = own
    if not own or template.outcome is not Outcome.REFUSED:
        texts = (*pen.all(pen.pick(template.words, template.translations).reasons), *own)
    texts = (*texts, *pen.law(template.legal_basis))
    return [Paragraph(text) for text in texts or (pen.word("no_reasons"),)]


def _fee_table(pen: Pen, parts: DecisionParts, euros: Callable[[object], str]) -> list[Block]:
    if not parts.fees:
        return []
    pen.typed([text for fee in parts.fees for text in (fee.text, fee.basis) if text])
    rows = [(fee.text or pen.word("fee_one"), fee.basis or "–", euros(fee.euros)) for fee in parts.fees]
    rows.append((pen.word("fee_sum"), "", euros(parts.fee_sum)))
    header = (pen.word("fee_text"), pen.word("fee_basis"), pen.word("fee_amount"))
    align = (Align.LEFT, Align.LEFT, Align.RIGHT)
    return [
        Heading(pen.word("fees")),
        Table(header, tuple(rows), align, (3.0, 2.5, 1.2), pen.word("fees"), totals=1),
        *_payment(pen, parts, euros),
    ]


def _payment(pen: Pen, parts: DecisionParts, euros: Callable[[object], str]) -> list[Block]:
    """How to pay: sum, account, reference; until when only where the authority says so."""
    bank = parts.payee
    if bank is None:
        return []
    filled = {
        "fee_sum": euros(parts.fee_sum),
        "payment_days": str(bank.payment_days),
        "holder": bank.holder,
        "iban": bank.iban_in_fours,
        "bank": f" ({bank.bank})" if bank.bank else "",
    }
    asked = pen.word("payment_within" if bank.payment_days is not None else "payment", filled)
    return [Paragraph(f"{asked} {pen.word('payment_reference', filled)}")]
