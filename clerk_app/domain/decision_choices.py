"""Was zur Wahl steht, when a decision is written: templates with their fees, and languages."""

from __future__ import annotations

from dataclasses import dataclass

from clerk_app.domain.correspondence import LetterLanguages
from clerk_app.domain.decision import FeeItem, Outcome
from clerk_app.domain.localized import Localized

_GERMAN_ONLY = LetterLanguages()


@dataclass(frozen=True)
class TemplateChoice:
    """A template of the service and what it charges on the day; ``fees`` None: it says nothing of fees."""

    name: str
    title: Localized
    outcome: Outcome
    fees: tuple[FeeItem, ...] | None = None


@dataclass(frozen=True)
class DecisionChoices:
    """Everything a clerk may choose from for one case. The first template of an outcome is its default."""

    templates: tuple[TemplateChoice, ...] = ()
    languages: LetterLanguages = _GERMAN_ONLY

    def of(self, outcome: Outcome) -> tuple[TemplateChoice, ...]:
        """The templates for that outcome."""
        return tuple(template for template in self.templates if template.outcome is outcome)

    def template(self, outcome: Outcome, name: str | None) -> TemplateChoice | None:
        """The template of that name, else the default of the outcome; None when there is none."""
        found = self.of(outcome)
        return next((each for each in found if each.name == name), found[0] if found else None)
