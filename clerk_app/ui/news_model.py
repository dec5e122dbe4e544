"""What happened to a case while somebody was writing in it. No Qt here."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from clerk_app.domain.case import HistoryEvent
from clerk_app.domain.correspondence import Correspondence
from clerk_app.domain.decision import Outcome, Wording
from clerk_app.domain.ledger import ActKind
from clerk_app.domain.letter import LetterKind
from clerk_app.domain.outbox import OutboxKind
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
    "letter": N_("Art des Schreibens"),
    "text": N_("Text"),
    "due_on": N_("Frist"),
    "authority": N_("Zuständige Stelle"),
    "first_received_on": N_("Erster Eingang"),
}
_LEFT: Mapping[str, str] = {
    OutboxKind.DOCUMENT_REQUEST.value: N_("{who} hat inzwischen Unterlagen nachgefordert."),
    OutboxKind.LETTER.value: N_("{who} hat inzwischen ein Schreiben gesendet."),
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


def letter_fields(draft: Correspondence | None) -> dict[str, object]:
    """A letter that decides nothing as plain fields, tidied as it is kept."""
    return {} if draft is None else draft.tidied().payload()


def news_lines(before: Dossier, after: Dossier, me: str) -> tuple[str, ...]:
    """What happened to the case, in sentences. ``me`` writes here: own acts are no news."""
    lines = list(_arrivals(before, after))
    if after.case.row.status is not before.case.row.status and after.decided:
        lines.append(_("Über den Vorgang wurde inzwischen entschieden."))
    if after.case.row.assigned_to not in (before.case.row.assigned_to, me):
        who = after.case.row.assigned_to or _("niemand")
        lines.append(_("Zuständig ist jetzt: {who}.").format(who=who))
    for event in after.case.history:
        if event not in before.case.history and (words := _left(event, me)):
            lines.append(words)
    return tuple(lines)


def news_of(
    before: Dossier,
    after: Dossier,
    here: Mapping[str, object],
    own: Collection[Mapping[str, object]],
    me: str = "",
) -> CaseNews:
    """What is new in ``after`` for a decision. ``here``: the draft as it is typed; ``own``: every state that
    was kept from here, the one that was begun with first."""
    there = None if after.draft is None else draft_fields(after.draft)
    # what both began with; a later state kept from here may be one the other one never saw
    common = next(iter(own), draft_fields(before.draft))
    who = _drafted_by(after, ActKind.DRAFTED)
    return _with_draft(news_lines(before, after, me), there, here, own, common, who)


def letter_news_of(
    before: Dossier,
    after: Dossier,
    here: Mapping[str, object],
    own: Collection[Mapping[str, object]],
    me: str = "",
) -> CaseNews:
    """As ``news_of``, for a letter that decides nothing."""
    there = None if after.letter_draft is None else letter_fields(after.letter_draft)
    common = next(iter(own), letter_fields(before.letter_draft))
    who = _drafted_by(after, ActKind.LETTER_DRAFTED)
    return _with_draft(news_lines(before, after, me), there, here, own, common, who)


def _with_draft(
    lines: tuple[str, ...],
    there: Mapping[str, object] | None,
    here: Mapping[str, object],
    own: Collection[Mapping[str, object]],
    common: Mapping[str, object],
    who: str,
) -> CaseNews:
    if there is None or any(there == each for each in own):
        return CaseNews(lines)
    return CaseNews(lines, differing(common, here, there), who)


def field_words(name: str) -> str:
    """A field of a draft in words."""
    return _(_FIELDS[name]) if name in _FIELDS else name


def value_words(name: str, value: object) -> str:
    """A value of a field in words; long texts as they are."""
    if value in (None, "", [], ()):
        return _("(leer)")
    if name == "outcome":
        return labels.outcome(Outcome(str(value)))
    if name == "letter":
        return labels.letter(LetterKind(str(value)))
    if name in ("due_on", "first_received_on"):
        return formats.day(date.fromisoformat(str(value)))
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


def _left(event: HistoryEvent, me: str) -> str:
    """What somebody else sent meanwhile, in words; empty for everything else."""
    if event.kind != ActKind.QUEUED.value or event.actor == me:
        return ""
    words = _LEFT.get(str(event.details.get("kind")), "")
    return _(words).format(who=event.actor) if words else ""


def _drafted_by(dossier: Dossier, kind: ActKind) -> str:
    events = (event for event in reversed(dossier.case.history) if event.kind == kind.value)
    return next((event.actor for event in events), "")
