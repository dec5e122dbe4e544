"""What the county directs about a case, above it."""

from __future__ import annotations

from collections.abc import Mapping

from clerk_app.domain.case import CaseFile
from clerk_app.domain.county import Direction
from clerk_app.domain.ledger import ActKind
from clerk_app.texts import _
from clerk_app.ui.commands import Commands
from clerk_app.ui.notice import Notice
from clerk_app.ui.theme import Theme


def direction_of(case: CaseFile) -> tuple[str, Mapping[str, object]] | None:
    """The county's last word that still holds: who said it, and what."""
    standing: tuple[str, Mapping[str, object]] | None = None
    for event in sorted(case.history, key=lambda each: each.at):
        if event.kind == ActKind.TRIAGED.value:
            standing = (event.actor, {**event.details, "at": event.at})
        elif event.kind == ActKind.TRIAGE_UNDONE.value:
            standing = None
    return standing


def direction_words(case: CaseFile) -> str:
    """One sentence; empty when nothing is directed or the case went there already."""
    found = direction_of(case)
    if found is None or case.forwarded is not None:
        return ""
    who, details = found
    if details.get("direction") == Direction.FORWARD.value:
        words = _("Der Landkreis ({who}) bittet, den Vorgang an {authority} abzugeben. {reason}")
    else:
        words = _("Der Landkreis ({who}) hat den Vorgang {authority} zugewiesen. {reason}")
    return words.format(
        who=who, authority=details.get("authority", ""), reason=details.get("text", "")
    ).strip()


class DirectionNotice(Notice):
    """Verteilung: what is asked, with the way to do it."""

    def __init__(self, theme: Theme, commands: Commands) -> None:
        super().__init__(theme)
        self.acted.connect(lambda: commands.run("case.forward"))

    def show_case(self, case: CaseFile) -> None:
        """Hidden when the county says nothing about the case."""
        words = direction_words(case)
        found = direction_of(case)
        forward = found is not None and found[1].get("direction") == Direction.FORWARD.value
        self.show_words("info", words, _("Abgeben …") if words and forward else "")
