"""What the list of related cases shows: headings, cases, reasons with their icons. No Qt here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from clerk_app.domain.case import CaseRow
from clerk_app.domain.relations import RelatedCase, RelatedCases, Relation, RelationKind
from clerk_app.texts import _, formats, ngettext
from clerk_app.texts.relations import relation_sentence, too_common_sentence
from clerk_app.texts.statuses import case_status_label

_ICONS: Mapping[RelationKind, tuple[str, str]] = {
    RelationKind.SAME_PERSON: ("assignment_ind", "text"),
    RelationKind.SAME_ATTACHMENT: ("attach_file", "text"),
    RelationKind.SAME_ORGANISATION: ("account_balance", "text"),
    RelationKind.SAME_ADDRESS: ("domain", "text"),
    RelationKind.SAME_NAME: ("assignment_ind", "muted"),
}
_MOST_REASONS = 4


@dataclass(frozen=True)
class Reason:
    """One line of why, with its icon and colour role; the last one may count the rest."""

    words: str
    icon: str = ""
    role: str = "muted"


@dataclass(frozen=True)
class RelatedLine:
    """A heading (``row`` is None) or a case. ``warns``: what is below may be one application twice."""

    words: str
    row: CaseRow | None = None
    reasons: tuple[Reason, ...] = ()
    warns: bool = False

    @property
    def key(self) -> str:
        """Stays the same while the words change."""
        return self.words if self.row is None else self.row.case_id


def related_lines(found: RelatedCases) -> tuple[RelatedLine, ...]:
    """Possible doubles under their heading, then everything else under another."""
    doubles = found.possibly_double
    history = [case for case in found if not case.possibly_double]
    lines: list[RelatedLine] = []
    if doubles:
        lines.append(RelatedLine(_("Vielleicht doppelt gestellt"), warns=True))
        lines += map(_line, doubles)
    if history:
        lines.append(RelatedLine(_("Verlauf und Umfeld")))
        lines += map(_line, history)
    return tuple(lines)


def _line(case: RelatedCase) -> RelatedLine:
    row = case.row
    said = (
        row.applicant or _("Name unbekannt"),
        row.service,
        _("Eingang {day}").format(day=formats.day(row.arrived_at)),
        case_status_label(row.status),
        row.case_reference,
        *map(relation_sentence, case.relations),
    )
    return RelatedLine("; ".join(said), row, reasons(case.relations), case.possibly_double)


def reasons(relations: Sequence[Relation]) -> tuple[Reason, ...]:
    """The strongest reasons; the others are counted."""
    shown = [Reason(relation_sentence(each), *_ICONS[each.kind]) for each in relations[:_MOST_REASONS]]
    left = len(relations) - len(shown)
    if left:
        words = ngettext("und {n} weitere Gemeinsamkeit", "und {n} weitere Gemeinsamkeiten", left)
        shown.append(Reason(words.format(n=left)))
    return tuple(shown)


def footer(found: RelatedCases) -> str:
    """What was left out, and why."""
    lines = []
    if found.total > len(found):
        words = _("{shown} von {total} gezeigt, die stärksten Bezüge zuerst.")
        lines.append(words.format(shown=formats.number(len(found)), total=formats.number(found.total)))
    lines += map(too_common_sentence, found.too_common)
    if not found.complete:
        lines.append(_("Ältere Vorgänge werden noch eingelesen; es können weitere dazukommen."))
    return "\n".join(lines)


def tab_words(found: RelatedCases) -> tuple[str, str]:
    """The number beside the part's name, and what it means."""
    if not found.total:
        return "", _("keine Bezüge zu anderen Vorgängen")
    spoken = ngettext("{n} Bezug", "{n} Bezüge", found.total).format(n=formats.number(found.total))
    if doubles := double_words(found):
        spoken += f", {doubles}"
    return formats.number(found.total), spoken


def double_words(found: RelatedCases) -> str:
    """For the badge: empty when nothing looks like the same application."""
    return _("vielleicht doppelt") if found.possibly_double else ""
