"""The decision being made, as it stands between two keystrokes. No Qt here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from clerk_app.domain.decision import DraftDecision, Finding, FindingLevel, Outcome, Wording
from clerk_app.domain.ids import CaseId
from clerk_app.texts import _
from clerk_app.ui import labels
from clerk_app.usecases.desk import Desk
from clerk_app.usecases.sending import Way

NOTHING_ADDED = Wording()


@dataclass(frozen=True)
class Wish:
    """What the clerk has chosen and typed."""

    case_id: CaseId
    outcome: Outcome
    wording: Wording = NOTHING_ADDED


@dataclass(frozen=True)
class Prepared:
    """A wish made into a letter: exactly this is what would be signed."""

    wish: Wish
    draft: DraftDecision
    pdf: bytes
    findings: tuple[Finding, ...]
    way: Way
    review_due: bool = False  # a second clerk must release it before it is signed

    @property
    def blocking(self) -> tuple[Finding, ...]:
        """What stands against signing."""
        return tuple(found for found in self.findings if found.level is FindingLevel.BLOCK)


def prepare(desk: Desk, wish: Wish, *, keep: bool) -> Prepared:
    """Keeps what was typed (``keep``), then makes letter, findings and PDF from the case as it stands.

    The draft is made last, so that keeping it is not taken for a change of the case by somebody else.
    """
    if keep:
        desk.cases.save_draft(wish.case_id, wish.outcome, wish.wording)
    draft = desk.deciding.draft(wish.case_id, wish.outcome, wish.wording)
    pdf = desk.deciding.preview(draft)
    return Prepared(
        wish,
        draft,
        pdf,
        desk.deciding.preflight(draft),
        desk.deciding.way(wish.case_id),
        desk.deciding.needs_review(wish.case_id),
    )


def why_not_sign(
    wish: Wish | None,
    prepared: Prepared | None,
    problems: Sequence[str] = (),
    *,
    signing: bool,
    keeping: bool = False,
) -> str | None:
    """Why the letter cannot be signed now, or None.

    ``problems``: what was typed and cannot become part of the letter. ``keeping``: the draft is being kept,
    so that the letter shown is about to be outdated.
    """
    if wish is None:
        return _("Es ist kein Vorgang ausgewählt.")
    if signing:
        return _("Es wird gerade signiert.")
    if problems:
        return problems[0]
    if prepared is None or keeping or prepared.wish != wish:
        return _("Die Vorschau wird noch erstellt: Signiert wird nur, was zu sehen war.")
    if prepared.blocking:
        return labels.finding(prepared.blocking[0])
    return None
