"""What happened to a case while somebody was writing in it. No Qt here."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from clerk_app.domain.decision import Outcome, Wording
from clerk_app.domain.ledger import ActKind
from clerk_app.domain.three_way import FieldDifference, differing
from clerk_app.texts import N_, _, formats, ngettext
from clerk_app.ui import labels
from clerk_app.ui.dossier import Dossier, SavedDraft

_FIELDS: Mapping[str, str] = {
    "outcome": N_("Entscheidung"),
    "reasons": N_("Begründung"),
    "template": N_("Vorlage"),
    "provisions": N_("Nebenbestimmungen"),
    "fees": N_("Gebühren"),
    "enclosures": N_("Anlagen"),
    "language": N_("Sprache"),
    "no_hearing_reason": N_("Grund ohne Anhörung"),
}


@dataclass(frozen=True)
class CaseNews:
    """``lines`` say what arrived or changed; ``differences`` are fields of a draft somebody else kept."""

    lines: tuple[str, ...] = ()
    differences: tuple[FieldDifference, ...] = ()
    actor: str = ""

    def __bool__(self) -> bool:
        return bool(self.lines or self.differences)


def draft_fields(draft: SavedDraft | None) -> dict[str, object]:
    """A draft as plain fields, tidied as it is kept."""
    outcome, wording = (draft.outcome, draft.wording) if draft is not None else (None, Wording())
    fields: dict[str, object] = {"outcome": None if outcome is None else outcome.value}
    return fields | wording.tidied().payload()


def news_of(
    before: Dossier, after: Dossier, here: Mapping[str, object], own: Collection[Mapping[str, object]]
) -> CaseNews:
    """What is new in ``after``. ``here``: the draft as it is typed; ``own``: every state that was kept from
    here, the one that was begun with first."""
    lines = list(_arrivals(before, after))
    if after.case.row.status is not before.case.row.status and after.decided:
        lines.append(_("Über den Vorgang wurde inzwischen entschieden."))
    if after.case.row.assigned_to != before.case.row.assigned_to:
        who = after.case.row.assigned_to or _("niemand")
        lines.append(_("Zuständig ist jetzt: {who}.").format(who=who))
    there = draft_fields(after.draft)
    if after.draft is None or any(there == each for each in own):
        return CaseNews(tuple(lines))
    # what both began with; a later state kept from here may be one the other one never saw
    common = next(iter(own), draft_fields(before.draft))
    return CaseNews(tuple(lines), differing(common, here, there), _drafted_by(after))


def field_words(name: str) -> str:
    """A field of a draft in words."""
    return _(_FIELDS[name]) if name in _FIELDS else name


def value_words(name: str, value: object) -> str:
    """A value of a field in words; long texts as they are."""
    if value in (None, "", [], ()):
        return _("(leer)")
    if name == "outcome":
        return labels.outcome(Outcome(str(value)))
    if isinstance(value, list | tuple):
        return "\n".join(_entry_words(each) for each in value)
    return str(value)


def _entry_words(entry: object) -> str:
    if isinstance(entry, Mapping):
        return ", ".join(str(each) for each in entry.values() if each not in (None, ""))
    return str(entry)


def _arrivals(before: Dossier, after: Dossier) -> list[str]:
    known = {each.submission_id for each in before.case.applications}
    found = []
    for at, application in enumerate(after.case.applications):
        if application.submission_id in known:
            continue
        moment = formats.moment(application.submitted_at)
        words = _("Nachgereicht am {moment}").format(moment=moment)
        if 0 < at <= len(after.differences):
            count = after.differences[at - 1].count
            more = ngettext("{n} Angabe ist anders", "{n} Angaben oder Anlagen sind anders", count)
            words += ": " + more.format(n=count)
        found.append(words + ".")
    return found


def _drafted_by(dossier: Dossier) -> str:
    events = (event for event in reversed(dossier.case.history) if event.kind == ActKind.DRAFTED.value)
    return next((event.actor for event in events), "")
