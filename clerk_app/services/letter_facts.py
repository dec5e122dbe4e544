"""The machine-readable form of a letter, as ``resources/schemas/decision-1.schema.json`` describes it.

Every value is a word or number of the letter itself, so that the two can be compared.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal

from clerk_app.domain.authority import BankAccount
from clerk_app.domain.letter import LetterKind
from clerk_app.services.letter_decision import DecisionParts
from clerk_app.services.letter_matter import LetterHead, LetterMatter

SCHEMA_ID = "urn:x-amtsstube:schema:decision:1"
"""Names the schema. Registered nowhere, resolves to nothing: the file itself ships with the program."""

KINDS: Mapping[LetterKind, str] = {
    LetterKind.DECISION_GRANTED: "decision",
    LetterKind.DECISION_REFUSED: "decision",
    LetterKind.DECISION_PARTLY_GRANTED: "decision",
    LetterKind.DOCUMENT_REQUEST: "documentRequest",
    LetterKind.HEARING: "hearing",
    LetterKind.INTERIM_NOTICE: "interimNotice",
    LetterKind.FORWARDING_NOTICE: "forwardingNotice",
    LetterKind.RECEIPT: "receipt",
    LetterKind.NOTIFICATION: "notification",
}

FILE_NAMES: Mapping[LetterKind, str] = {
    LetterKind.DOCUMENT_REQUEST: "nachforderung.json",
    LetterKind.HEARING: "anhoerung.json",
    LetterKind.INTERIM_NOTICE: "zwischennachricht.json",
    LetterKind.FORWARDING_NOTICE: "abgabenachricht.json",
    LetterKind.RECEIPT: "eingangsbestaetigung.json",
    LetterKind.NOTIFICATION: "mitteilung.json",
}
DECISION_FILE_NAME = "entscheidung.json"


def common_facts(
    head: LetterHead, matter: LetterMatter, kind: LetterKind, subject: str, languages: Sequence[str]
) -> dict[str, object]:
    """What every letter's facts hold."""
    row = matter.case.row
    return {
        "schema": SCHEMA_ID,
        "kind": KINDS[kind],
        "subject": subject,
        "caseReference": row.case_reference,
        "caseId": row.case_id,
        "service": row.service,
        "leikaKey": row.leika_key,
        "authority": {"name": head.name, "ars": head.ars, "land": head.land},
        "procedureLaw": matter.description.procedure_law.value,
        "issuedOn": matter.date_on.isoformat(),
        "appliedOn": matter.days["applied_on"].isoformat(),
        "receivedOn": matter.days["received_on"].isoformat(),
        "languages": list(languages),
        "practice": head.practice,
    }


def decision_facts(
    parts: DecisionParts, operative: Sequence[str], legal_bases: Sequence[str], reference: str
) -> dict[str, object]:
    """What a decision's facts hold beside the common ones; ``reference`` goes with a payment."""
    appeal, bank = parts.appeal, parts.payee
    return {
        "outcome": parts.template.outcome.value,
        "operative": list(operative),
        "provisions": list(parts.wording.provisions),
        "legalBases": list(legal_bases),
        "fees": {
            "currency": "EUR",
            "items": [
                {"text": fee.text, "euros": _plain(fee.euros), "basis": fee.basis} for fee in parts.fees or ()
            ],
            "sum": _plain(parts.fee_sum),
        },
        **({"payment": _payment(bank, reference)} if bank is not None else {}),
        "appeal": {
            "kind": appeal.kind,
            "months": appeal.months or None,
            "addressee": appeal.addressee,
            "basis": appeal.basis,
        },
        "enclosures": list(parts.wording.enclosures),
    }


def notice_facts(
    text: Sequence[str],
    legal_bases: Sequence[str],
    enclosures: Sequence[str],
    *,
    due_on: date | None,
    authority: str,
    first_received_on: date | None = None,
) -> dict[str, object]:
    """What the facts of a letter hold that decides nothing; ``text`` is what the clerk added."""
    return {
        "text": list(text),
        "legalBases": list(legal_bases),
        "enclosures": list(enclosures),
        "dueOn": _iso(due_on),
        **({"forwardedTo": authority, "firstReceivedOn": _iso(first_received_on)} if authority else {}),
    }


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _payment(bank: BankAccount, reference: str) -> dict[str, object]:
    within = {"days": bank.payment_days} if bank.payment_days is not None else {}
    return {"holder": bank.holder, "iban": bank.iban, "reference": reference, **within}


def _plain(euros: Decimal) -> str:
    """``12.50``: cents always, no thousands separator."""
    return str(euros.quantize(Decimal("0.01"), ROUND_HALF_EVEN))
