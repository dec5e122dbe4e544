"""What happened in a case, as sentences. No Qt here."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from clerk_app.domain.case import HistoryEvent
from clerk_app.domain.case_dates import DATE_ACTS
from clerk_app.domain.decision import Outcome
from clerk_app.domain.errors import ErrorCode
from clerk_app.domain.folder import EndReason
from clerk_app.domain.ledger import ActKind
from clerk_app.domain.letter import LetterKind
from clerk_app.domain.outbox import OutboxKind, OutboxState
from clerk_app.texts import N_, _, formats
from clerk_app.texts.dates import date_act_sentence
from clerk_app.texts.folder_words import end_reason_label
from clerk_app.texts.gap_words import gap_act_sentence
from clerk_app.texts.statuses import outbox_state_label
from clerk_app.ui import labels

_ACTS: Mapping[str, str] = {
    ActKind.OPENED.value: N_("Vorgang angesehen"),
    ActKind.UNREAD.value: N_("Als ungelesen gekennzeichnet"),
    ActKind.NOTED.value: N_("Vermerk: {text}"),
    ActKind.QUEUED.value: N_("{kind} in den Postausgang gelegt"),
    ActKind.MOVED.value: N_("{kind}: {to}"),
    ActKind.REOPENED.value: N_("Vorgang wieder geöffnet"),
    ActKind.RETRY_ASKED.value: N_("Erneuter Versand verlangt"),
    ActKind.POSTED_CORRECTED.value: N_("Versandtag berichtigt"),
    ActKind.PRINTED.value: N_("Für die Post gedruckt"),
    ActKind.SENT_NEVERTHELESS.value: N_("Versand trotz neuer Eingänge angeordnet"),
    ActKind.DESTROYED.value: N_("Am Ende der Aufbewahrung vernichtet"),
    ActKind.EXPORTED.value: N_("Als E-Akte ausgegeben (xdomea)"),
    ActKind.INSPECTED.value: N_("Für die Akteneinsicht zusammengestellt ({sheets} Blatt)"),
    ActKind.PROVED.value: N_("Zustellnachweis gespeichert (Prüfsumme {hash})"),
    ActKind.FOLDER_ADDED.value: N_("Bescheid in die Unterschriftsmappe gelegt"),
    ActKind.REVIEW_SUBMITTED.value: N_("Bescheid zur Mitzeichnung gegeben"),
    ActKind.DRAFT_SEEN.value: N_("Bescheid vor Signatur oder Freigabe angesehen"),
    ActKind.REVIEW_RELEASED.value: N_("Bescheid mitgezeichnet und zur Signatur freigegeben"),
    ActKind.REVIEW_RETURNED.value: N_("Bescheid ohne Freigabe zurückgegeben: {text}"),
    ActKind.RECONCILED.value: N_("Entwurf von {who} angesehen und mit dem eigenen zusammengeführt"),
    ActKind.LETTER_DRAFTED.value: N_("Entwurf gespeichert: {kind}"),
    ActKind.HEARING_WAIVED.value: N_("Von einer Anhörung abgesehen: {reason}"),
    ActKind.INTAKE_REFUSED.value: N_("Eine Einreichung wurde aus technischen Gründen zurückgewiesen"),
    ActKind.PACKAGE_INSTALLED.value: N_("Leistungspaket eingespielt: {package} {to_version}"),
    ActKind.PACKAGE_MOVED.value: N_("Auf Leistungspaket {package} {to_version} umgestellt"),
    ActKind.FORWARDED.value: N_("An die zuständige Stelle abgegeben: {authority}. Grund: {reason}"),
    ActKind.HANDED_OVER.value: N_("Unterlagen übergeben an: {authority}"),
    ActKind.TAKEN_OVER.value: N_("Versand übernommen: {text}"),
    ActKind.TRIAGED.value: N_("Landkreis: weiter an {authority}. {text}"),
    ActKind.TRIAGE_UNDONE.value: N_("Landkreis: Verteilung zurückgenommen. {text}"),
}

_WITHDRAWN = OutboxState.WITHDRAWN.value
_PORTAL: Mapping[str, str] = {
    "create-submission": N_("Einreichung angekündigt"),
    "submit-submission": N_("Antrag eingereicht"),
    "notify-submission": N_("Eingang angekündigt"),
    "forward-submission": N_("Antrag weitergeleitet"),
    "accept-submission": N_("Annahme gemeldet"),
    "reject-submission": N_("Zurückweisung gemeldet"),
    "delete-submission": N_("Beim Portal gelöscht"),
    "create-reply": N_("Antwort angekündigt"),
    "submit-reply": N_("Antwort eingereicht"),
    "accept-reply": N_("Antwort angenommen"),
    "reject-reply": N_("Antwort zurückgewiesen"),
}


def event_sentence(event: HistoryEvent) -> str:
    """One line of the timeline."""
    details = event.details
    if event.kind.startswith("portal:"):
        name = event.kind.removeprefix("portal:")
        return _(_PORTAL[name]) if name in _PORTAL else _("Portal meldet: {event}").format(event=name)
    if event.kind == ActKind.OPENED.value and details.get("marked"):
        return _("Als gelesen gekennzeichnet")
    if event.kind == ActKind.ASSIGNED.value:
        return _assigned(details)
    if event.kind == ActKind.CHECKED.value:
        return _checked(details)
    if event.kind == ActKind.GAP_SETTLED.value:
        return gap_act_sentence(details)
    if event.kind == ActKind.DRAFTED.value:
        return _("Entwurf gespeichert: {outcome}").format(outcome=_outcome(details.get("outcome")))
    posted_on = _day(details, "posted_on")
    if event.kind == ActKind.POSTED_CORRECTED.value and posted_on is not None:
        return _posted_corrected(details, posted_on)
    if event.kind == ActKind.MOVED.value and posted_on is not None:
        return _("{kind}: am {day} zur Post gegeben").format(kind=_kind(details), day=formats.day(posted_on))
    if event.kind == ActKind.DRAFT_GIVEN_BACK.value:
        why = end_reason_label(str(details.get("reason", "")))
        if details.get("reason") == EndReason.ALREADY_DECIDED.value:
            return _("Wartender Bescheid gegenstandslos: {why}").format(why=why)
        return _("Bescheid wieder Entwurf: {why}").format(why=why)
    if event.kind in DATE_ACTS:
        return date_act_sentence(event.kind, details)
    if event.kind == ActKind.MOVED.value:
        return _moved(details)
    if event.kind == ActKind.TAKEN_OVER.value and not details.get("text"):
        return _("Versand übernommen, zusammen mit dem Schreiben")
    words = _ACTS.get(event.kind)
    if words is None:
        return event.kind
    return _(words).format_map(
        {
            "text": str(details.get("text", "")),
            "reason": str(details.get("reason", "")),
            "who": str(details.get("with", "")),
            "kind": _kind(details),
            "to": _state(details.get("to")),
            "package": str(details.get("title") or details.get("package_id", "")),
            "to_version": str(details.get("to", details.get("version", ""))),
            "authority": str(details.get("authority", "")),
            "sheets": str(details.get("sheets", "")),
            "hash": str(details.get("manifest_sha256", "")),
        }
    )


def _moved(details: Mapping[str, object]) -> str:
    """One step of an outgoing entry. The second hand-over is the service's event that proves the first."""
    kind, to = _kind(details), _state(details.get("to"))
    problems = details.get("problems")
    if isinstance(problems, list | tuple) and ErrorCode.HELD_CASE_CHANGED.value in problems:
        return _("{kind}: zurückgehalten, im Vorgang ist Neues eingegangen").format(kind=kind)
    if details.get("from") == details.get("to") == OutboxState.SUBMITTED.value:
        return _("{kind}: Übergabe durch das Ereignisprotokoll bestätigt").format(kind=kind)
    if details.get("letter") == LetterKind.FORWARDING_NOTICE and details.get("to") == _WITHDRAWN:
        return _("Abgabenachricht zurückgeholt: Der Vorgang liegt wieder hier")
    if details.get("cause") == "restored":
        return _("{kind}: {to} (aus der versiegelten Zweitschrift)").format(kind=kind, to=to)
    return _("{kind}: {to}").format(kind=kind, to=to)


def _posted_corrected(details: Mapping[str, object], posted_on: date) -> str:
    was, kind, new = _day(details, "was"), _kind(details), formats.day(posted_on)
    if was is None:
        return _("{kind}: Versandtag berichtigt auf den {new}").format(kind=kind, new=new)
    words = _("{kind}: Versandtag berichtigt, {new} statt {old}")
    return words.format(kind=kind, new=new, old=formats.day(was))


def _day(details: Mapping[str, object], name: str) -> date | None:
    try:
        return date.fromisoformat(str(details.get(name, "")))
    except ValueError:
        return None


def _checked(details: Mapping[str, object]) -> str:
    reason = str(details.get("reason", ""))
    if details.get("accepted") is not True:
        return _("Prüfpunkt wieder geöffnet")
    return _("Prüfpunkt geprüft: {reason}").format(reason=reason) if reason else _("Prüfpunkt geprüft")


def _assigned(details: Mapping[str, object]) -> str:
    to, was, why = details.get("to"), details.get("was"), details.get("text")
    if not to:
        words = _("Niemandem mehr zugewiesen (vorher {was})").format(was=was or "–")
    elif was:
        words = _("Zugewiesen an {to}, vorher {was}").format(to=to, was=was)
    else:
        words = _("Zugewiesen an {to}").format(to=to)
    return f"{words}: {why}" if why else words


def _outcome(value: object) -> str:
    try:
        return labels.outcome(Outcome(str(value)))
    except ValueError:
        return str(value or "")


def _kind(details: Mapping[str, object]) -> str:
    try:
        if letter := details.get("letter"):
            return labels.letter(LetterKind(str(letter)))
        return labels.kind(OutboxKind(str(details.get("kind"))))
    except ValueError:
        return _("Eintrag")


def _state(value: object) -> str:
    try:
        return outbox_state_label(OutboxState(str(value)))
    except ValueError:
        return str(value or "")
