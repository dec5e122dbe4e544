"""The signature folder as words. No Qt here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from clerk_app.domain.errors import ErrorCode
from clerk_app.domain.folder import DraftPlace, EndReason, FolderRun, PaperResult, PaperState, WaitingDraft
from clerk_app.domain.ids import EntryId
from clerk_app.domain.signature import SignatureLevel
from clerk_app.texts import _, formats, ngettext
from clerk_app.texts.errors import sentence_for
from clerk_app.texts.folder_words import end_reason_label, paper_state_label, result_sentence
from clerk_app.ui.rows_model import Cell, Line
from clerk_app.usecases.fixed_drafts import why_worthless
from clerk_app.usecases.ports import CaseReads

_RESULT_LOOKS = {
    PaperState.SIGNED: ("check_circle", "ok"),
    PaperState.SKIPPED: ("warning", "warn"),
    PaperState.FAILED: ("error", "bad"),
    PaperState.NOT_REACHED: ("hourglass_empty", "muted"),
}


@dataclass(frozen=True)
class FolderItem:
    """A fixed draft, and why it is worth nothing any more, if so."""

    draft: WaitingDraft
    problem: EndReason | None = None

    @property
    def key(self) -> EntryId:
        """Names it in the table."""
        return self.draft.draft_id


def read_folder(reads: CaseReads) -> tuple[FolderItem, ...]:
    """Everything that waits, with what has overtaken it."""
    return tuple(
        FolderItem(draft, why_worthless(draft, reads.change_token(draft.case_id)))
        for draft in reads.waiting_drafts()
    )


def folder_line(
    item: FolderItem, actor: str, now: datetime, result: PaperResult | None, level: SignatureLevel | None
) -> Line:
    """One row of the table."""
    draft = item.draft
    return Line(
        draft.draft_id,
        (
            Cell(draft.recipient_name, whole=True),
            Cell(draft.title, whole=True),
            Cell(draft.case_reference, role="muted"),
            _state(item, actor, result),
            Cell("…" if level is None else level.value, role="muted"),
            Cell(draft.frozen_by, role="muted"),
            Cell(formats.relative_moment(draft.frozen_at, now), role="muted"),
        ),
        item,
    )


def _state(item: FolderItem, actor: str, result: PaperResult | None) -> Cell:
    if result is not None:
        return Cell(paper_state_label(result.state), *_RESULT_LOOKS[result.state])
    if item.problem is not None:
        return Cell(_("überholt"), "error", "bad")
    if item.draft.place is DraftPlace.REVIEW and actor in item.draft.authors:
        return Cell(_("eigener Entwurf"), "assignment_ind", "muted")
    if actor in item.draft.seen_by:
        return Cell(_("gesehen"), "check_circle", "ok")
    return Cell(_("ungesehen"), "mark_email_unread", "info")


def facts(item: FolderItem) -> str:
    """What is known of a draft, a fact a line."""
    draft = item.draft
    lines = [
        f"{draft.service} · {draft.recipient_name} · {draft.case_reference}",
        _("Erstellt von {who}, {when}").format(who=draft.frozen_by, when=formats.moment(draft.frozen_at)),
    ]
    if draft.released_by is not None and draft.released_at is not None:
        words = _("Mitgezeichnet von {who}, {when}")
        lines.append(words.format(who=draft.released_by, when=formats.moment(draft.released_at)))
    return "\n".join(lines)


def remark(item: FolderItem, actor: str, result: PaperResult | None) -> tuple[str, str]:
    """What must be said about a draft, as (level, words); no words when there is nothing."""
    if result is not None:
        level = {PaperState.SIGNED: "ok", PaperState.FAILED: "bad"}.get(result.state, "warn")
        return level, _sentence(result_sentence(result))
    if item.problem is not None:
        words = _("Überholt: {why}. So wird er nicht mehr signiert; er geht als Entwurf zurück.")
        return "bad", words.format(why=end_reason_label(item.problem))
    if item.draft.place is DraftPlace.REVIEW and actor in item.draft.authors:
        return "info", sentence_for(ErrorCode.REVIEW_OWN_DRAFT)
    return "info", ""


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:]


def sign_words(count: int) -> str:
    """What the button says."""
    return ngettext("{n} Dokument signieren", "{n} Dokumente signieren", count).format(
        n=formats.number(count)
    )


def progress_words(done: int, total: int) -> str:
    """How far a run is."""
    return _("{done} von {total} signiert …").format(done=done, total=total)


def run_words(run: FolderRun) -> tuple[str, str, bool]:
    """What a run came to: (level, words, whether there is something to go on with)."""
    total, signed = len(run.results), run.count(PaperState.SIGNED)
    words = ngettext(
        "{n} von {total} Bescheid signiert.", "{n} von {total} Bescheiden signiert.", total
    ).format(n=signed, total=total)
    if run.stopped is not None:
        rest = _("Die übrigen liegen noch in der Mappe.")
        return "bad", f"{sentence_for(run.stopped, run.stopped_params)} {words} {rest}", bool(run.rest)
    if run.cancelled:
        ended = _("Angehalten.")
        return "info", f"{ended} {words}", bool(run.rest)
    if signed == total:
        where = _("Sie liegen im Postausgang.")
        return "ok", f"{words} {where}", False
    look = _("Was mit den übrigen ist, steht in der Zeile.")
    return "warn", f"{words} {look}", False


def as_results(run: FolderRun) -> Mapping[EntryId, PaperResult]:
    """By draft."""
    return {result.draft_id: result for result in run.results}
