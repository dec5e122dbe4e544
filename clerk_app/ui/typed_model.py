"""Forms as plain fields for the journal, and back. What cannot be read is left out. No Qt here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from clerk_app.domain.decision import Outcome, Wording
from clerk_app.domain.typed import TypedState
from clerk_app.ui.dossier import SavedDraft
from clerk_app.ui.fee_model import TypedFee

Fields = dict[str, object]


def decision_fields(outcome: Outcome, wording: Wording, unfinished: Sequence[TypedFee]) -> Fields:
    """A decision as it stands in the editor, rows of fees that are none yet included."""
    fees = [{"text": fee.text, "euros": fee.euros, "basis": fee.basis} for fee in unfinished]
    return {"outcome": outcome.value, **wording.payload(), "unfinished": fees}


def read_decision(fields: Mapping[str, object]) -> tuple[SavedDraft, tuple[TypedFee, ...]] | None:
    """What ``decision_fields`` wrote."""
    try:
        outcome = Outcome(str(fields.get("outcome")))
    except ValueError:
        return None
    listed = fields.get("unfinished")
    fees = tuple(
        TypedFee(str(each.get("text", "")), str(each.get("euros", "")), str(each.get("basis", "")))
        for each in (listed if isinstance(listed, list | tuple) else ())
        if isinstance(each, Mapping)
    )
    return SavedDraft(outcome, Wording.from_payload(fields)), fees


@dataclass(frozen=True)
class TypedRequest:
    """A document request as it stands in the form. ``ticked`` are ids of items."""

    ticked: tuple[str, ...] = ()
    more: str = ""
    note: str = ""
    due_on: date | None = None

    def fields(self) -> Fields:
        """For the journal."""
        due = self.due_on.isoformat() if self.due_on is not None else None
        return {"ticked": list(self.ticked), "more": self.more, "note": self.note, "due_on": due}


def read_request(state: TypedState | None) -> TypedRequest | None:
    """What ``TypedRequest.fields`` wrote."""
    if state is None:
        return None
    listed, due = state.fields.get("ticked"), state.fields.get("due_on")
    try:
        due_on = date.fromisoformat(due) if isinstance(due, str) else None
    except ValueError:
        due_on = None
    return TypedRequest(
        tuple(map(str, listed)) if isinstance(listed, list | tuple) else (),
        str(state.fields.get("more") or ""),
        str(state.fields.get("note") or ""),
        due_on,
    )
