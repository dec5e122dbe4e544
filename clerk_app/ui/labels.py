"""Words the window has for statuses, areas, states, findings and events. No Qt here."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from clerk_app.domain.application import ReplyChannelKind
from clerk_app.domain.case import CaseRow, CaseStatus
from clerk_app.domain.decision import Finding, Outcome
from clerk_app.domain.letter import LetterKind
from clerk_app.domain.outbox import OutboxKind, OutboxState
from clerk_app.domain.signature import SignerKind
from clerk_app.texts import N_, _, formats, ngettext
from clerk_app.texts.outbox_words import post_reason_words
from clerk_app.texts.statuses import case_status_label

#: Status to the colour role of its badge; the words stand in ``texts.statuses``.
_STATUS_ROLES: Mapping[CaseStatus, str] = {
    CaseStatus.NEW: "info",
    CaseStatus.IN_REVIEW: "neu",
    CaseStatus.REQUESTED: "warn",
    CaseStatus.ANSWERED: "info",
    CaseStatus.DECIDED: "ok",
    CaseStatus.CLOSED: "neu",
    CaseStatus.RETURNED: "bad",
    CaseStatus.QUARANTINED: "bad",
}

OUTCOMES: Mapping[Outcome, str] = {
    Outcome.GRANTED: N_("Bewilligung"),
    Outcome.REFUSED: N_("Ablehnung"),
    Outcome.PARTLY_GRANTED: N_("Teilweise Bewilligung"),
}

_CHANNELS: Mapping[str, str] = {
    ReplyChannelKind.MAILBOX: N_("Postfach im Nutzerkonto (BundID)"),
    ReplyChannelKind.FIT_CONNECT: N_("Antwort über das Portal (FIT-Connect)"),
    ReplyChannelKind.EMAIL: N_("E-Mail"),
    ReplyChannelKind.DE_MAIL: N_("De-Mail"),
    ReplyChannelKind.ELSTER: N_("Mein ELSTER"),
    ReplyChannelKind.FINK: N_("FINK-Postfach"),
}

_FINDINGS: Mapping[str, str] = {
    "already-decided": N_("Über diesen Vorgang ist schon entschieden."),
    "case-changed": N_("Der Vorgang hat sich seit dem Entwurf geändert. Bitte das Neue ansehen."),
    "reasons-missing": N_("Die Begründung fehlt (§ 39 VwVfG). Bitte ergänzen."),
    "appeal-notice-missing": N_("Die Rechtsbehelfsbelehrung fehlt in der Vorlage."),
    "blank-unfilled": N_("In der Vorlage ist die Stelle {blank} offen; diese Angabe fehlt im Antrag."),
    "recipient-missing": N_("Der Bescheid hat keine Empfängerin und keinen Empfänger."),
    "recipient-differs": N_(
        "Der Bescheid ist nicht an die Antragstellerin oder den Antragsteller gerichtet."
    ),
    "appeal-notice-wrong": N_("Die Rechtsbehelfsbelehrung entspricht nicht der heute geltenden."),
    "letter-date-past": N_("Der Bescheid trägt ein früheres Datum als heute."),
    "key-missing": N_("Der Signaturschlüssel ist nicht da oder lässt sich nicht öffnen."),
    "key-usage": N_("Der Signaturschlüssel ist für Unterschriften nicht geeignet."),
    "certificate-expired": N_("Das Signaturzertifikat ist abgelaufen oder noch nicht gültig."),
    "certificate-expiring": N_("Das Signaturzertifikat läuft am {valid_to} ab."),
    "certificate-revoked": N_("Das Signaturzertifikat ist gesperrt."),
    "pin-final-try": N_("Die nächste falsche PIN sperrt die Karte."),
    "pin-locked": N_("Die PIN der Karte ist gesperrt. Bitte mit der PUK entsperren."),
    "signer-kind-wrong": N_("Für diese Leistung muss ein anderer Schlüssel signieren: {signer}."),
    "level-not-reachable": N_("Die Signaturstufe {level} ist mit diesem Profil nicht erreichbar."),
    "level-offline": N_(
        "Der Zeitstempeldienst antwortet gerade nicht; ohne ihn lässt sich die Stufe {level} nicht erreichen."
    ),
    "signing-service-offline": N_("Der Signaturdienst antwortet gerade nicht."),
    "by-post": N_("Der Bescheid geht mit der Post."),
    "postal-address-incomplete": N_("Die Postanschrift ist unvollständig."),
    "letter-by-post": N_("Das Schreiben geht mit der Post."),
    "hearing-missing": N_("Vor dieser Entscheidung muss angehört werden (§ 28 VwVfG); das fehlt noch."),
    "hearing-open": N_(
        "Die Anhörung läuft noch bis {due_on}. Bitte die Antwort oder das Ende der Frist abwarten."
    ),
    "hearing-advised": N_("Noch nicht angehört. Vor einer Ablehnung ist eine Anhörung ratsam (§ 28 VwVfG)."),
    "hearing-waived": N_("Ohne Anhörung: Der Grund wird im Protokoll festgehalten."),
    "translation-incomplete": N_(
        "Nicht alles liegt in der zweiten Sprache vor; diese Stellen bleiben deutsch."
    ),
    "translation-unreviewed": N_("Die Übersetzung der Vorlage hat noch niemand fachlich geprüft."),
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

_KINDS: Mapping[OutboxKind, str] = {
    OutboxKind.DECISION: N_("Bescheid"),
    OutboxKind.DOCUMENT_REQUEST: N_("Nachforderung"),
    OutboxKind.LETTER: N_("Schreiben"),
    OutboxKind.STATUS: N_("Statusmeldung"),
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
    short: Mapping[str | None, str] = {
        None: _("Post"),
        ReplyChannelKind.MAILBOX: _("Postfach"),
        ReplyChannelKind.FIT_CONNECT: _("Portal"),
    }
    return short.get(kind) or channel(kind)


def channel(kind: str | None) -> str:
    """How something reaches the citizen, in words."""
    if kind is None:
        return _("Brief mit der Post")
    return _(_CHANNELS[kind]) if kind in _CHANNELS else kind


def post_reason(code: str) -> str:
    """Why it goes by post."""
    return post_reason_words(code)


_DAYS = frozenset({"valid_to", "due_on"})  # params of findings that are ISO days


def finding(item: Finding) -> str:
    """A pre-flight finding as a sentence."""
    params = dict(item.params)
    sentence = _(_FINDINGS[item.code]) if item.code in _FINDINGS else item.code
    for day in _DAYS & params.keys():
        params[day] = formats.day(date.fromisoformat(params[day]))
    if "signer" in params:
        params["signer"] = signer_kind(SignerKind(params["signer"]))
    for name, value in params.items():  # not format(): a blank of the template may stand in the value
        sentence = sentence.replace(f"{{{name}}}", value)
    reason = params.get("reason", "")
    return f"{sentence} {post_reason_words(reason)}" if reason else sentence


def signer_kind(value: SignerKind) -> str:
    """Who signs, in words."""
    return _("Siegel der Behörde") if value is SignerKind.SEAL else _("Signatur einer Person")


def kind(value: OutboxKind) -> str:
    """The word for what leaves."""
    return _(_KINDS[value])


def due(row: CaseRow, today: date) -> tuple[str, str, str]:
    """The due date of a row as (words, icon or nothing, colour role)."""
    if row.due_on is None or row.status in (CaseStatus.CLOSED, CaseStatus.DECIDED):
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
    if row.unread and row.status is not CaseStatus.NEW:
        words.append(_("ungelesen"))
    words.append(_("Eingang {when}").format(when=formats.relative_moment(row.arrived_at, now)))
    due_words = due(row, today)[0]
    if due_words:
        words.append(due_words)
    words += [attachments(row.attachment_count), row.case_reference]
    return ", ".join(words)


def entries(count: int) -> str:
    """Number of outgoing entries in words."""
    return ngettext("{n} Eintrag", "{n} Einträge", count).format(n=formats.number(count))
