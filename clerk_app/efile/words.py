"""German words of the file. A German authority's file is German, whatever language the screen speaks."""

from __future__ import annotations

from collections.abc import Mapping

from clerk_app.domain.case import HistoryEvent
from clerk_app.domain.efile import FiledDocument, FiledKind
from clerk_app.domain.outbox import OutboxKind, OutboxState

_KINDS: Mapping[FiledKind, str] = {
    FiledKind.APPLICATION: "Antrag",
    FiledKind.ANSWER: "Nachreichung",
    FiledKind.ATTACHMENT: "Anlage",
    FiledKind.METADATA: "Angaben zur Einreichung",
    FiledKind.EVENT_LOG: "Ereignisprotokoll",
    FiledKind.ISSUED: "Schreiben",
    FiledKind.RECEIPT: "Quittung",
}
_ISSUED: Mapping[str, str] = {
    OutboxKind.DECISION.value: "Bescheid",
    OutboxKind.DOCUMENT_REQUEST.value: "Nachforderung",
    OutboxKind.LETTER.value: "Schreiben",
    OutboxKind.STATUS.value: "Statusmeldung",
}
STATES: Mapping[OutboxState, str] = {
    OutboxState.QUEUED: "im Postausgang, noch nicht abgesandt",
    OutboxState.ANNOUNCED: "beim Zustelldienst angekündigt, noch nicht zugestellt",
    OutboxState.UPLOADED: "wird übertragen, noch nicht zugestellt",
    OutboxState.SUBMITTED: "beim Zustelldienst, noch nicht zugestellt",
    OutboxState.IN_DOUBT: "Absendung wird beim Zustelldienst geklärt, noch nicht zugestellt",
    OutboxState.DELIVERED: "zugestellt",
    OutboxState.RETURNED: "zurückgekommen, nicht zugestellt",
    OutboxState.TO_POST: "wartet auf die Post, noch nicht abgesandt",
    OutboxState.POSTED: "zur Post gegeben",
    OutboxState.WITHDRAWN: "vor dem Absenden zurückgeholt",
}
_ACTS: Mapping[str, str] = {
    "opened": "Vorgang angesehen",
    "assigned": "Zuständigkeit im Haus geändert",
    "unread": "Als ungelesen gekennzeichnet",
    "noted": "Vermerk",
    "hearing-waived": "Von einer Anhörung abgesehen",
    "checked": "Prüfpunkt beurteilt",
    "drafted": "Entwurf gespeichert",
    "reconciled": "Zwei Fassungen eines Entwurfs zusammengeführt",
    "letter-drafted": "Entwurf eines Schreibens gespeichert",
    "queued": "In den Postausgang gelegt",
    "moved": "Postausgang",
    "reopened": "Vorgang wieder geöffnet",
    "retry-asked": "Erneuter Versand verlangt",
    "sent-nevertheless": "Versand trotz neuer Eingänge angeordnet",
    "date-set": "Termin oder Frist eingetragen",
    "date-removed": "Termin oder Frist gestrichen",
    "date-done": "Wiedervorlage erledigt",
    "folder-added": "Bescheid in die Unterschriftsmappe gelegt",
    "review-submitted": "Bescheid zur Mitzeichnung gegeben",
    "draft-seen": "Bescheid vor Signatur oder Freigabe angesehen",
    "review-released": "Bescheid mitgezeichnet und zur Signatur freigegeben",
    "review-returned": "Bescheid ohne Freigabe zurückgegeben",
    "taken-over": "Versand von einem anderen Arbeitsplatz übernommen",
    "stand-in-set": "Vertretung eingetragen",
    "stand-in-ended": "Vertretung beendet",
    "triaged": "Verteilung durch den Landkreis",
    "triage-undone": "Verteilung durch den Landkreis zurückgenommen",
    "draft-given-back": "Bescheid aus der Unterschriftsmappe genommen",
    "package-installed": "Leistungspaket eingespielt",
    "package-moved": "Auf eine andere Fassung des Leistungspakets umgestellt",
    "forwarded": "An die zuständige Stelle abgegeben",
    "handed-over": "Unterlagen an die zuständige Stelle übergeben",
    "gap-settled": "Fehlende Unterlage erledigt",
    "posted-corrected": "Versandtag berichtigt",
    "printed": "Brief gedruckt",
    "intake-refused": "Einreichung technisch zurückgewiesen",
    "exported": "Als E-Akte ausgegeben",
    "inspected": "Für die Akteneinsicht zusammengestellt",
    "proof-made": "Zustellnachweis erstellt",
    "destroyed": "Am Ende der Aufbewahrung vernichtet",
}
_ACTORS: Mapping[str, str] = {"portal": "Zustelldienst", "machine": "Amtsstube (selbsttätig)"}


def type_of(document: FiledDocument) -> str:
    """What kind of document it is."""
    if document.issued_as is not None and document.kind is FiledKind.ISSUED:
        return _ISSUED.get(document.issued_as.value, _KINDS[FiledKind.ISSUED])
    return _KINDS[document.kind]


def actor(name: str) -> str:
    """Who acted."""
    return _ACTORS.get(name, name) or "unbekannt"


def action(event: HistoryEvent) -> str:
    """What was done, in few words; an act nobody knows here is named by its code."""
    if event.kind.startswith("portal:"):
        return f"Ereignis des Zustelldienstes: {event.kind.removeprefix('portal:')}"
    words = _ACTS.get(event.kind, event.kind)
    details = event.details
    kind = _ISSUED.get(str(details.get("kind")), "") if details.get("kind") else ""
    if event.kind == "moved":
        target = str(details.get("to", ""))
        known = target in OutboxState.__members__
        return f"{kind or words}: {STATES[OutboxState(target)] if known else target}"
    return f"{kind}: {words}" if event.kind in ("queued", "posted-corrected") and kind else words


def remark(event: HistoryEvent) -> str:
    """What else belongs to the line: words of the clerk, reasons, ids."""
    details = event.details
    parts = [
        str(details[name])
        for name in ("authority", "text", "title", "reason", "reasons", "code")
        if details.get(name)
    ]
    if "check_id" in details:
        judged = "in Ordnung" if details.get("accepted") else "nicht in Ordnung"
        parts.insert(0, f"{details['check_id']}: {judged}")
    if details.get("outcome"):
        parts.append(f"Ergebnis: {details['outcome']}")
    if details.get("posted_on"):
        was = f", nicht am {details['was']}" if details.get("was") else ""
        parts.append(f"zur Post am {details['posted_on']}{was}")
    problems = details.get("problems")
    if isinstance(problems, list | tuple):
        parts += [str(each) for each in problems]
    return " · ".join(parts)
