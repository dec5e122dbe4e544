"""Words for statuses, states, kinds and ways: one set for window, command line and reports."""

from __future__ import annotations

from collections.abc import Mapping

from clerk_app.domain.application import ReplyChannelKind
from clerk_app.domain.case import CaseStatus
from clerk_app.domain.outbox import OutboxKind, OutboxState
from clerk_app.texts import N_, _

_CASE_STATUSES: Mapping[CaseStatus, str] = {
    CaseStatus.NEW: N_("Neu"),
    CaseStatus.IN_REVIEW: N_("In Prüfung"),
    CaseStatus.REQUESTED: N_("Wartet auf Antwort"),
    CaseStatus.ANSWERED: N_("Antwort eingegangen"),
    CaseStatus.DECIDED: N_("Signiert"),
    CaseStatus.CLOSED: N_("Abgeschlossen"),
    CaseStatus.RETURNED: N_("Zurückgekommen"),
    CaseStatus.FORWARDED: N_("Abgegeben"),
    CaseStatus.QUARANTINED: N_("Nicht lesbar"),
}

_OUTBOX_STATES: Mapping[OutboxState, str] = {
    OutboxState.QUEUED: N_("wartet hier"),
    OutboxState.ANNOUNCED: N_("angekündigt"),
    OutboxState.UPLOADED: N_("hochgeladen"),
    OutboxState.IN_DOUBT: N_("wird geklärt"),
    OutboxState.SUBMITTED: N_("übergeben"),
    OutboxState.DELIVERED: N_("zugestellt"),
    OutboxState.RETURNED: N_("zurückgekommen"),
    OutboxState.TO_POST: N_("zur Post"),
    OutboxState.POSTED: N_("zur Post gegeben"),
    OutboxState.WITHDRAWN: N_("zurückgeholt"),
}


_OUTBOX_KINDS: Mapping[OutboxKind, str] = {
    OutboxKind.DECISION: N_("Bescheid"),
    OutboxKind.DOCUMENT_REQUEST: N_("Nachforderung"),
    OutboxKind.LETTER: N_("Schreiben"),
    OutboxKind.STATUS: N_("Statusmeldung"),
}

_CHANNELS: Mapping[str, str] = {
    ReplyChannelKind.MAILBOX: N_("Postfach im Nutzerkonto (BundID)"),
    ReplyChannelKind.FIT_CONNECT: N_("Antwort über das Portal (FIT-Connect)"),
    ReplyChannelKind.EMAIL: N_("E-Mail"),
    ReplyChannelKind.DE_MAIL: N_("De-Mail"),
    ReplyChannelKind.ELSTER: N_("Mein ELSTER"),
    ReplyChannelKind.FINK: N_("FINK-Postfach"),
}


#: Actors of the ledger that are no people. Shorter than in the e-file, where nobody knows this program.
_ACTORS: Mapping[str, str] = {"portal": N_("Zustelldienst"), "machine": N_("selbsttätig")}


def case_status_label(status: CaseStatus) -> str:
    """The word for a case's status."""
    return _(_CASE_STATUSES[status])


def outbox_state_label(state: OutboxState) -> str:
    """The words for an entry's state."""
    return _(_OUTBOX_STATES[state])


def outbox_kind_label(value: OutboxKind) -> str:
    """The word for what leaves."""
    return _(_OUTBOX_KINDS[value])


def short_channel_label(kind: str | None) -> str:
    """The way to the citizen in a word, for lists."""
    short: Mapping[str | None, str] = {
        None: _("Post"),
        ReplyChannelKind.MAILBOX: _("Postfach"),
        ReplyChannelKind.FIT_CONNECT: _("Portal"),
    }
    return short.get(kind) or channel_label(kind)


def channel_label(kind: str | None) -> str:
    """How something reaches the citizen, in words."""
    if kind is None:
        return _("Brief mit der Post")
    return _(_CHANNELS[kind]) if kind in _CHANNELS else kind


def actor_label(actor: str) -> str:
    """Who did something: a person's account as it is, or the word for what acts by itself."""
    return _(_ACTORS[actor]) if actor in _ACTORS else actor
