"""Outbox entries as words."""

from __future__ import annotations

from datetime import datetime

from clerk_app.domain.outbox import OutboxEntry
from clerk_app.sync.status import SyncStatus
from clerk_app.texts import _, formats
from clerk_app.texts.errors import sentence_for
from clerk_app.ui import labels
from clerk_app.ui.rows_model import Cell, Line


def entry_line(entry: OutboxEntry, now: datetime) -> Line:
    """One row of the table."""
    word, icon, role = labels.entry_state(entry, now)
    return Line(
        entry.entry_id,
        (
            Cell(word, icon, role),
            Cell(labels.kind(entry.kind)),
            Cell(entry.recipient_name),
            Cell(entry.case_reference, role="muted"),
            Cell(labels.channel(entry.channel), role="muted"),
            Cell(formats.relative_moment(entry.changed_at, now), role="muted"),
        ),
        entry,
    )


def entry_details(entry: OutboxEntry) -> str:
    """What is known of one entry, a fact a line."""
    lines = [
        _("Angelegt {moment}").format(moment=formats.moment(entry.created_at)),
        _("Zuletzt bewegt {moment}").format(moment=formats.moment(entry.changed_at)),
    ]
    if entry.attempts:
        lines.append(_("Versuche: {n}").format(n=entry.attempts))
    if entry.next_try_at is not None:
        lines.append(_("Nächster Versuch {moment}").format(moment=formats.moment(entry.next_try_at)))
    if entry.remote is not None:
        lines.append(_("Kennung beim Portal: {id}").format(id=entry.remote.remote_id))
    if entry.receipt is not None:
        receipt = entry.receipt
        lines.append(_("Quittung vom {moment}").format(moment=formats.moment(receipt.issued_at)))
        lines.append(_("Ereignis {event}, Nummer {id}").format(event=receipt.event, id=receipt.event_id))
    return "\n".join(lines)


def failure_words(status: SyncStatus) -> str:
    """One line for each mailbox that could not be read in the last round."""
    return "\n".join(
        f"{failure.mailbox.portal}: {sentence_for(failure.code, failure.params)}"
        for failure in status.failures
    )
