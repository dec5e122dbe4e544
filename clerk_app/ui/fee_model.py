"""A fee as it is being typed. No Qt here."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from clerk_app.domain.decision import FeeItem
from clerk_app.texts import N_, _
from clerk_app.texts.amounts import read_euros


class FeeProblem(Enum):
    """What is wrong with a typed fee: what, why, what now."""

    TEXT_MISSING = N_("Bei dieser Gebühr steht nicht, wofür sie ist. Bitte eintragen oder entfernen.")
    AMOUNT_MISSING = N_("Bei dieser Gebühr fehlt der Betrag. Bitte eintragen, zum Beispiel 12,50.")
    AMOUNT_UNCLEAR = N_(
        "Dieser Betrag ist nicht eindeutig. Bitte Cent mit Komma schreiben, zum Beispiel 12,50 oder 1.234,50."
    )

    def words(self) -> str:
        """The sentence in the language of the screen."""
        return _(self.value)


@dataclass(frozen=True)
class TypedFee:
    """What stands in the fields."""

    text: str
    euros: str
    basis: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether nothing was typed: such a row counts for nothing."""
        return not (self.text or self.euros or self.basis)

    def fee(self) -> FeeItem | None:
        """The item, when it is whole."""
        euros = read_euros(self.euros)
        return FeeItem(self.text, euros, self.basis) if self.text and euros is not None else None


def fee_problem(typed: TypedFee) -> FeeProblem | None:
    """What is wrong, or None."""
    if typed.is_empty or typed.fee() is not None:
        return None
    if not typed.euros:
        return FeeProblem.AMOUNT_MISSING
    return FeeProblem.AMOUNT_UNCLEAR if read_euros(typed.euros) is None else FeeProblem.TEXT_MISSING
