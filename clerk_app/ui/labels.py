"""Words the window has for statuses, areas, states, findings and events. No Qt here."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from clerk_app.domain.case import CaseRow, CaseStatus
from clerk_app.domain.decision import Finding, Outcome
from clerk_app.domain.letter import LetterKind
from clerk_app.domain.outbox import OutboxKind, OutboxState
from clerk_app.domain.signature import SignerKind
from clerk_app.texts import N_, _, formats, ngettext
from clerk_app.texts.derivations import deadline_label
from clerk_app.texts.findings import finding_sentence, signer_kind_label
from clerk_app.texts.outbox_words import post_reason_words
from clerk_app.texts.statuses import (
    case_status_label,
    channel_label,
    outbox_kind_label,
    short_channel_label,
)

#: Status to the colour role of its badge; the words stand in ``texts.statuses``.
_STATUS_ROLES: Mapping[CaseStatus, str] = {
    CaseStatus.NEW: "info",
    CaseStatus.IN_REVIEW: "neu",
    CaseStatus.REQUESTED: "warn",
    CaseStatus.ANSWERED: "info",
    CaseStatus.DECIDED: "ok",
    CaseStatus.CLOSED: "neu",
    CaseStatus.RETURNED: "bad",
    CaseStatus.FORWARDED: "neu",
    CaseStatus.QUARANTINED: "bad",
}

OUTCOMES: Mapping[Outcome, str] = {
    Outcome.GRANTED: N_("Bewilligung"),
    Outcome.REFUSED: N_("Ablehnung"),
    Outcome.PARTLY_GRANTED: N_("Teilweise Bewilligung"),
}

#: Outbox state to (icon, colour role); the words stand in ``texts.statuses``.
STATE_LOOKS: Mapping[OutboxState, tuple[str, str]] = {
    OutboxState.QUEUED: ("schedule", "warn"),
    OutboxState.ANNOUNCED: ("sync", "info"),
    OutboxState.UPLOADED: ("sync", "info"),
    OutboxState.IN_DOUBT: ("help", "warn"),
    OutboxState.SUBMITTED: ("cloud_done", "info"),
    OutboxState.DELIVERED: ("check_circle", "ok"),
    OutboxState.RETURNED: ("error", "bad"),
    OutboxState.TO_POST: ("mail", "warn"),
    OutboxState.POSTED: ("check_circle", "ok"),
    OutboxState.WITHDRAWN: ("undo", "muted"),
}

LETTERS: Mapping[LetterKind, str] = {
    LetterKind.HEARING: N_("Anhörung"),
    LetterKind.INTERIM_NOTICE: N_("Zwischennachricht"),
    LetterKind.FORWARDING_NOTICE: N_("Abgabenachricht"),
    LetterKind.RECEIPT: N_("Eingangsbestätigung"),
    LetterKind.NOTIFICATION: N_("Mitteilung"),
    LetterKind.DOCUMENT_REQUEST: N_("Nachforderung"),
    LetterKind.DECISION_GRANTED: N_("Bescheid"),
    LetterKind.DECISION_REFUSED: N_("Bescheid"),
    LetterKind.DECISION_PARTLY_GRANTED: N_("Bescheid"),
}


def letter(value: LetterKind) -> str:
    """The word for a kind of letter."""
    return _(LETTERS[value])


def status(value: CaseStatus) -> tuple[str, str]:
    """The word and the badge colour of a status."""
    return case_status_label(value), _STATUS_ROLES[value]


def outcome(value: Outcome) -> str:
    """The word for an outcome."""
    return _(OUTCOMES[value])


def short_channel(kind: str | None) -> str:
    """The way to the citizen in a word, for lists."""
    return short_channel_label(kind)


def channel(kind: str | None) -> str:
    """How something reaches the citizen, in words."""
    return channel_label(kind)


def finding(item: Finding) -> str:
    """A pre-flight finding as a sentence."""
    return finding_sentence(item)


def signer_kind(value: SignerKind) -> str:
    """Who signs, in words."""
    return signer_kind_label(value)


def kind(value: OutboxKind) -> str:
    """The word for what leaves."""
    return outbox_kind_label(value)


def post_reason(code: str) -> str:
    """Why it goes by post."""
    return post_reason_words(code)


def due(row: CaseRow, today: date) -> tuple[str, str, str]:
    """The due date of a row as (words, icon or nothing, colour role)."""
    if row.due_on is None or row.status in (CaseStatus.CLOSED, CaseStatus.DECIDED, CaseStatus.FORWARDED):
        return "", "", "muted"
    days = (row.due_on - today).days
    if days < 0:
        words = ngettext("Überfällig {n} Tag", "Überfällig {n} Tage", -days).format(n=-days)
        return words, "warning", "bad"
    if days == 0:
        return _("Frist heute"), "schedule", "warn"
    if days == 1:
        return _("Frist morgen"), "schedule", "warn"
    return _("Frist {day}").format(day=short_day(row.due_on, today)), "", "muted"


def due_day(row: CaseRow, today: date) -> str:
    """The due date for a column that is headed so: the day alone, or that it is late."""
    words = due(row, today)[0]
    if not words or row.due_on is None or row.due_on < today:
        return words
    named = {0: _("heute"), 1: _("morgen")}
    return named.get((row.due_on - today).days) or short_day(row.due_on, today)


def reminder(row: CaseRow, today: date) -> tuple[str, str, str]:
    """The earliest open reminder of a row as (its own word, its short day, colour role)."""
    if row.remind_on is None or row.remind_kind is None:
        return "", "", "muted"
    role = "warn" if row.remind_on <= today else "muted"
    return deadline_label(row.remind_kind), short_day(row.remind_on, today), role


def days_left(on: date, today: date) -> str:
    """How many calendar days are left."""
    days = (on - today).days
    return ngettext("noch {n} Tag", "noch {n} Tage", days).format(n=days)


def short_day(on: date, today: date) -> str:
    """``01.12.`` within this year and the next months, else with the year."""
    if abs((on - today).days) < 180:
        text = formats.day(on)
        return text[: -len(str(on.year))].rstrip()
    return formats.day(on)


def attachments(count: int) -> str:
    """Number of attachments in words."""
    if count == 0:
        return _("keine Anlagen")
    return ngettext("{n} Anlage", "{n} Anlagen", count).format(n=formats.number(count))


def cases(count: int) -> str:
    """Number of cases in words."""
    return ngettext("{n} Vorgang", "{n} Vorgänge", count).format(n=formats.number(count))


def row_sentence(row: CaseRow, now: datetime, today: date) -> str:
    """One row as one sentence, for screen readers."""
    words = [row.applicant or _("Name unbekannt"), row.service, status(row.status)[0]]
    if row.changed:
        words.append(_("geändert, ungelesen"))
    elif row.unread and row.status is not CaseStatus.NEW:
        words.append(_("ungelesen"))
    words.append(_("Eingang {when}").format(when=formats.relative_moment(row.arrived_at, now)))
    due_words = due(row, today)[0]
    if due_words:
        words.append(due_words)
    reminded, on, _role = reminder(row, today)
    if reminded:
        words.append(f"{reminded} {on}")
    words += [attachments(row.attachment_count), row.case_reference]
    return ", ".join(words)


def mark(row: CaseRow) -> str:
    """The sign in the column of what is new: a point for a case nobody has seen, a delta where something
    came to a case that was worked on before."""
    if row.changed:
        return "Δ"
    return "•" if row.unread else ""


def entries(count: int) -> str:
    """Number of outgoing entries in words."""
    return ngettext("{n} Eintrag", "{n} Einträge", count).format(n=formats.number(count))
