"""Outbox entries as rows, sentences and evidence. No Qt here."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from clerk_app.domain.outbox import FINAL_STATES, OutboxState
from clerk_app.sync.status import SyncStatus
from clerk_app.texts import N_, _, formats
from clerk_app.texts.errors import sentence_for
from clerk_app.texts.outbox_words import (
    age_words,
    entry_words,
    event_name,
    is_held_back,
    pressing_words,
    state_word,
)
from clerk_app.texts.statuses import actor_label
from clerk_app.ui import labels
from clerk_app.ui.history import event_sentence
from clerk_app.ui.rows_model import Cell, Line
from clerk_app.usecases.outbox_watch import EntryStory, Watched


class OutboxFilter(StrEnum):
    """Which entries the table shows."""

    CURRENT = "current"
    OPEN = "open"
    ATTENTION = "attention"
    POST = "post"
    FINISHED = "finished"
    ALL = "all"


FILTERS: dict[OutboxFilter, str] = {
    OutboxFilter.CURRENT: N_("Aktuell"),
    OutboxFilter.OPEN: N_("Noch nicht angekommen"),
    OutboxFilter.ATTENTION: N_("Zu erledigen"),
    OutboxFilter.POST: N_("Zur Post"),
    OutboxFilter.FINISHED: N_("Erledigt"),
    OutboxFilter.ALL: N_("Alle"),
}
_RECENT = timedelta(days=7)


def needs_a_clerk(each: Watched) -> bool:
    """Whether nothing will happen, or not in time, unless somebody does something."""
    if each.entry.state in FINAL_STATES:
        return False
    waits_for_somebody = each.entry.state in (OutboxState.RETURNED, OutboxState.TO_POST)
    return waits_for_somebody or is_held_back(each.entry) or bool(each.pressing)


def _rank(each: Watched) -> int:
    entry = each.entry
    if entry.state in FINAL_STATES:
        return 6
    if each.pressing:
        return 0
    if entry.state is OutboxState.RETURNED or is_held_back(entry):
        return 1
    order = {OutboxState.TO_POST: 2, OutboxState.IN_DOUBT: 3, OutboxState.SUBMITTED: 5}
    return order.get(entry.state, 4)


def in_order(watched: Iterable[Watched]) -> list[Watched]:
    """What needs somebody first, then what is under way, then what is finished; each group newest first."""
    return sorted(watched, key=_rank)


def shown(watched: Iterable[Watched], which: OutboxFilter, text: str, now: datetime) -> list[Watched]:
    """Those of the filter whose recipient, reference or title holds every word of ``text``. CURRENT is what
    is open, and what was finished within a week."""
    words = text.casefold().split()
    return [each for each in watched if _fits(each, which, now) and _names(each, words)]


def _fits(each: Watched, which: OutboxFilter, now: datetime) -> bool:
    finished = each.entry.state in FINAL_STATES
    match which:
        case OutboxFilter.CURRENT:
            return not finished or now - each.entry.changed_at < _RECENT
        case OutboxFilter.OPEN:
            return not finished
        case OutboxFilter.ATTENTION:
            return needs_a_clerk(each)
        case OutboxFilter.POST:
            return each.entry.state in (OutboxState.TO_POST, OutboxState.POSTED)
        case OutboxFilter.FINISHED:
            return finished
        case _:
            return True


def _names(each: Watched, words: Sequence[str]) -> bool:
    entry = each.entry
    held = f"{entry.recipient_name} {entry.case_reference} {entry.title}".casefold()
    return all(word in held for word in words)


def entry_line(each: Watched, now: datetime) -> Line:
    """One row of the table."""
    entry = each.entry
    icon, role = look(each)
    way = labels.short_channel(entry.channel)
    next_try = ""
    if entry.next_try_at is not None and entry.state not in FINAL_STATES and not is_held_back(entry):
        next_try = formats.relative_moment(entry.next_try_at, now)
    return Line(
        entry.entry_id,
        (
            Cell(state_word(entry, now), icon, role, bold=needs_a_clerk(each)),
            Cell(age_words(entry, now), role="muted"),
            Cell(entry.recipient_name),
            Cell(entry.case_reference, role="muted"),
            Cell(labels.kind(entry.kind)),
            Cell(way if entry.channel is None else f"{way} · {entry.portal}", role="muted"),
            Cell(str(entry.attempts) if entry.attempts else "", role="muted"),
            Cell(next_try, role="muted"),
        ),
        each,
    )


def look(each: Watched) -> tuple[str, str]:
    """Icon and colour role of an entry's state."""
    if each.entry.state in FINAL_STATES:
        return labels.STATE_LOOKS[each.entry.state]
    if each.pressing:
        return "warning", "bad"
    if is_held_back(each.entry):
        return "report", "bad"
    return labels.STATE_LOOKS[each.entry.state]


def why_words(each: Watched, now: datetime) -> tuple[str, str]:
    """(why it is so, what comes next)."""
    words = entry_words(each.entry, now, post_reason=each.post_reason, arrivals=each.arrivals)
    return words.why, words.what_next


def warning(each: Watched) -> tuple[str, str]:
    """What must be said above the sentences, as (level, words)."""
    words = pressing_words(each.pressing)
    if words:
        return "bad", words
    if each.arrivals and each.entry.state not in FINAL_STATES:
        return "warn", _(
            "Seit dieses Schreiben fertig ist, hat die antragstellende Person erneut geschrieben."
        )
    return "info", ""


def stuck_notice(watched: Iterable[Watched]) -> tuple[str, str]:
    """What a case page says above its content when one of its letters needs somebody: (level, words)."""
    for each in watched:
        level, words = warning(each)
        if is_held_back(each.entry):
            why, what_next = why_words(each, each.entry.changed_at)
            return "bad", f"{labels.kind(each.entry.kind)}: {why} {what_next}"
        if words:
            return level, f"{labels.kind(each.entry.kind)}: {words}"
    return "info", ""


def facts(story: EntryStory) -> str:
    """What is known of one entry, a fact a line."""
    entry = story.watched.entry
    lines = [
        _("An {name} · Az {reference}").format(name=entry.recipient_name, reference=entry.case_reference),
        labels.channel(entry.channel)
        if entry.channel is None
        else f"{labels.channel(entry.channel)} · {entry.portal}",
    ]
    if entry.remote is not None:
        lines.append(_("Kennung beim Portal: {id}").format(id=entry.remote.remote_id))
    if entry.receipt is not None:
        words = _("Quittung: {event} vom {moment}, Nummer {id}")
        receipt = entry.receipt
        lines.append(
            words.format(
                event=event_name(receipt.event), moment=formats.moment(receipt.issued_at), id=receipt.event_id
            )
        )
    if story.filename:
        size = formats.size(story.size_bytes)
        lines.append(_("Dokument: {name} ({size})").format(name=story.filename, size=size))
        lines.append(_("Prüfsumme (SHA-256): {digest}").format(digest=_grouped(story.sha256)))
    return "\n".join(lines)


def _grouped(digest: str) -> str:
    """In groups of eight: a line may break between them, and people can compare them."""
    return " ".join(digest[at : at + 8] for at in range(0, len(digest), 8))


def step_lines(story: EntryStory) -> list[Line]:
    """The ledger's steps about an entry, oldest first."""
    return [
        Line(
            str(at),
            (
                Cell(formats.moment(step.at), role="muted"),
                Cell(event_sentence(step)),
                Cell(actor_label(step.actor), role="muted"),
            ),
        )
        for at, step in enumerate(story.steps)
    ]


def evidence(story: EntryStory, now: datetime) -> str:
    """Proof and journal on one sheet, as plain text: what it was, each step, the receipt's own words."""
    entry = story.watched.entry
    why, _what_next = why_words(story.watched, now)
    lines = [
        f"{labels.kind(entry.kind)}: {entry.title}",
        facts(story),
        "",
        f"{state_word(entry, now)}: {why}",
        "",
        *(
            f"{formats.moment(step.at)}  {event_sentence(step)}  ({actor_label(step.actor)})"
            for step in story.steps
        ),
    ]
    if entry.receipt is not None:
        lines += ["", _("Quittung im Wortlaut (signiert):"), entry.receipt.token]
    return "\n".join(lines)


def failure_words(status: SyncStatus) -> str:
    """One line for each mailbox that could not be read in the last round."""
    return "\n".join(
        f"{failure.mailbox.portal}: {sentence_for(failure.code, failure.params)}"
        for failure in status.failures
    )
