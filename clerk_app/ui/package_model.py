"""What the dialog about another version of a package says. No Qt here."""

from __future__ import annotations

from dataclasses import dataclass

from clerk_app.domain.package import InstalledPackage
from clerk_app.domain.rehearsal import CaseRehearsal
from clerk_app.texts import _, language, ngettext
from clerk_app.texts.package_words import change_lines


@dataclass(frozen=True)
class MovePreview:
    """The question, the changes as plain text, and what a clerk should know before saying yes."""

    words: str
    changes: str
    afterwards: str


def move_preview(found: CaseRehearsal, newer: InstalledPackage) -> MovePreview:
    """The dialog's words."""
    was = "–" if found.goes_by is None else str(found.goes_by.version)
    count = len(found.changes)
    words = ngettext(
        "{title}: Fassung {new} statt {old}. In diesem Vorgang ändert sich {n} Punkt.",
        "{title}: Fassung {new} statt {old}. In diesem Vorgang ändern sich {n} Punkte.",
        count,
    ).format(title=newer.title.text(language()), new=newer.mark.version, old=was, n=count)
    lines = [line for change in found.changes for line in change_lines(change)]
    return MovePreview(
        words,
        "\n".join(lines) or _("Nichts, was diesen Vorgang betrifft."),
        _(
            "Was schon verschickt ist, bleibt, wie es ist. Ein Bescheid, der auf Signatur oder Mitzeichnung "
            "wartet, wird wieder Entwurf."
        ),
    )
