"""Whether a machine-readable decision says what the letter around it says in words.

Without the record of the office that signed, the letter itself is the only witness: what the attached file
names must stand in the text. Only what can be found in words is compared; a file from elsewhere that names
none of it is not compared at all.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation

_MONTHS = (
    "Januar Februar März April Mai Juni Juli August September Oktober November Dezember".split()  # noqa: SIM905
)
_REFUSAL = re.compile(r"abgelehnt|ablehn|versagt|nicht\s+entsprochen")
_PARTLY = re.compile(r"teilweise|im\s+übrigen|zum\s+teil")
_REASONS = re.compile(r"\n\s*begründung\s*\n")
_MOST_TEXTS = 200


def differences(decision: Mapping[str, object], text: str) -> tuple[str, ...] | None:
    """Names of the members that the letter's ``text`` does not bear out; empty when all do.

    None when there is nothing to compare: no text, or no member known here.
    """
    if not text.strip():
        return None
    compared = dict(_compared(decision, _Words(text)))
    return tuple(name for name, fits in compared.items() if not fits) if compared else None


class _Words:
    """The letter's text, read three ways."""

    def __init__(self, text: str) -> None:
        self.plain = unicodedata.normalize("NFC", text).replace("\u00ad", "").replace("\f", "\n").casefold()
        self.spaced = " ".join(self.plain.split())
        self.squashed = _squash(text)

    def hold(self, wanted: str) -> bool:
        """Whether these words stand in the text; a page may end in the midst of them."""
        squashed = _squash(wanted)
        if squashed in self.squashed:
            return True
        low, high = 0, len(squashed)
        while low < high:  # the longest beginning that stands there
            middle = (low + high + 1) // 2
            low, high = (middle, high) if squashed[:middle] in self.squashed else (low, middle - 1)
        head, tail = squashed[:low], squashed[low:]
        return len(head) > 10 and tail in self.squashed[self.squashed.find(head) + len(head) :]

    def hold_date(self, on: date) -> bool:
        """Whether a date stands there, short or long."""
        month = _MONTHS[on.month - 1].casefold()
        forms = (rf"0?{on.day}\.\s?0?{on.month}\.\s?{on.year}", rf"0?{on.day}\.\s?{month}\s?{on.year}")
        return any(re.search(rf"(?<!\d){form}(?!\d)", self.spaced) for form in forms)

    def hold_amount(self, euros: Decimal) -> bool:
        """Whether an amount stands there as German letters write it."""
        digits = f"{euros:,.2f}".replace(",", " ").replace(".", ",").replace(" ", ".")
        forms = {digits, digits.replace(".", "")}
        return any(re.search(rf"(?<![\d.,]){re.escape(form)}(?![\d])", self.spaced) for form in forms)

    def fit_outcome(self, outcome: str) -> bool:
        """Whether the operative part grants or refuses as the outcome says; the reasons may name both."""
        operative = _REASONS.split(self.plain, maxsplit=1)[0]
        refuses = _REFUSAL.search(operative) is not None
        partly = _PARTLY.search(operative) is not None
        if outcome == "granted":
            return not refuses
        return refuses if outcome == "refused" else refuses or partly


def _compared(decision: Mapping[str, object], words: _Words) -> Iterator[tuple[str, bool]]:
    reference = _first(decision, "caseReference", "case_reference")
    if isinstance(reference, str) and reference:
        yield "caseReference", words.hold(reference)
    outcome = decision.get("outcome")
    if outcome in ("granted", "refused", "partly-granted"):
        yield "outcome", words.fit_outcome(str(outcome))
    authority = decision.get("authority")
    name = authority.get("name") if isinstance(authority, Mapping) else None
    if isinstance(name, str) and name:
        yield "authority", words.hold(name)
    for member in ("issuedOn", "dueOn"):
        on = _date(decision.get(member))
        if on is not None:
            yield member, words.hold_date(on)
    amounts = list(_amounts(_first(decision, "fees", "fee")))
    if amounts:
        yield "fees", all(words.hold_amount(euros) for euros in amounts)
    for member in ("subject", "operative", "provisions", "enclosures"):
        texts = list(_texts(decision.get(member)))
        if texts:
            yield member, all(words.hold(each) for each in texts)


def _first(decision: Mapping[str, object], *names: str) -> object:
    return next((decision[name] for name in names if name in decision), None)


def _texts(value: object) -> Iterator[str]:
    listed: Sequence[object] = value if isinstance(value, list) else [value]
    yield from (each for each in listed[:_MOST_TEXTS] if isinstance(each, str) and each.strip())


def _amounts(value: object) -> Iterator[Decimal]:
    """Amounts in a fee, a list of fees, or fees with their sum."""
    if isinstance(value, Mapping):
        if isinstance(value.get("items"), list):
            items = value["items"]
            yield from _amounts(items)
            if items:
                yield from _amounts({"euros": value.get("sum")})
            return
        amount = _first(value, "euros", "amount")
        if isinstance(amount, str | int):
            try:
                euros = Decimal(amount)
            except InvalidOperation:
                return
            if euros.is_finite() and abs(euros) < 10**12:
                yield euros
    elif isinstance(value, list):
        for each in value[:_MOST_TEXTS]:
            yield from _amounts(each)


def _date(value: object) -> date | None:
    if not isinstance(value, str):
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


def _squash(text: str) -> str:
    """Without anything a line break, a hyphenation or a page break changes."""
    folded = unicodedata.normalize("NFC", text).casefold()
    return "".join(character for character in folded if not character.isspace() and character != "\u00ad")
