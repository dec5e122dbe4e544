"""Sentences only the command line says."""

from __future__ import annotations

from clerk_app.cli.entrance import DoctorFinding
from clerk_app.domain.errors import ClerkError, ErrorCode
from clerk_app.texts import _
from clerk_app.texts.errors import sentence


def doctor_sentence(finding: DoctorFinding) -> str:
    """A finding of the self-check in one sentence."""
    areas = {
        "home": _("Ablage"),
        "profile": _("Profil"),
        "parameters": _("Behördenparameter"),
        "data-key": _("Datenschlüssel"),
        "cache": _("Portaldaten (cache.db)"),
        "ledger": _("Protokoll (ledger.db)"),
        "packages": _("Leistungspakete"),
        "signing-key": _("Signaturschlüssel"),
        "mailbox-keys": _("Schlüssel der Zustellpunkte"),
        "portal": _("Portal"),
        "clock": _("Uhr"),
        "disk": _("Speicherplatz"),
        "last-sync": _("Letzter Abgleich"),
        "latency": _("Antwortzeiten"),
        "policy": _("Richtlinie"),
        "updates": _("Aktualisierung"),
    }
    area = areas.get(finding.area, finding.area)
    if finding.code == "PACKAGE_CASES_WAIT":
        words = _(
            "in Ordnung ({count}). {waiting} laufende Vorgänge gehen nach einer älteren Fassung; "
            "„clerk-app package move“ stellt sie um."
        )
        return f"{area}: {words.format_map(finding.params)}"
    if finding.code == "SLOW_AT_TIMES":
        words = _(
            "{blocks} mal stand das Fenster länger als 0,1 s (längstens {worst_block_ms} ms), {queries} "
            "Abfragen dauerten über 0,02 s (längstens {worst_query_ms} ms); am häufigsten bei {place}."
        )
        return f"{area}: {words.format_map(finding.params)}"
    if finding.code == "UPDATE_AVAILABLE":
        words = _("Fassung {newest} ist erschienen; hier läuft {detail}. Die Administration verteilt sie.")
        return f"{area}: {words.format_map(finding.params)}"
    if finding.ok:
        detail = str(finding.params.get("detail", "")) if finding.params else ""
        words = _("{area}: in Ordnung").format(area=area) + (f" ({detail})" if detail else "")
        return words + _assumed(finding)
    if finding.code in ErrorCode.__members__:
        return f"{area}: {sentence(ClerkError(ErrorCode(finding.code), finding.params))}"
    own = {
        "POLICY_FAULT": "{detail}",
        "POLICY_STRANGE": _("{detail} in {source}; sie zählen nicht. „clerk-app policy“ zeigt, was gilt."),
        "PARAMETERS_OUTDATED": _(
            "abgelaufen und ohne Nachfolger: {outdated}. Bitte in {detail} einen neuen Eintrag mit eigenem "
            "valid_from ergänzen."
        ),
        "OWN_VALUES_UNKNOWN": _(
            "eigene Gebühren oder Zahlen, die kein Paket kennt: {unknown}. Sie würden nie gelten. Bitte in "
            "{detail} mit fees.toml und lists.toml des Pakets vergleichen."
        ),
        "NEVER_SYNCED": _("noch nie abgeglichen. „clerk-app sync“ holt, was wartet."),
        "LAST_SYNC_TOO_OLD": _(
            "{detail}, vor mehr als drei Tagen. Der Zustelldienst weist Anträge zurück, die 14 Tage lang "
            "niemand abholt. Bitte die Verbindung prüfen."
        ),
        "CLOCK_WRONG": _(
            "weicht um {detail} von der des Portals ab. Ereignisse würden zurückgewiesen. Bitte die Uhrzeit "
            "des Rechners richtigstellen."
        ),
        "ENCRYPTION_KEY_NOT_HELD": _(
            "Bürger verschlüsseln für den Schlüssel {kid}, der im Profil fehlt. Ihre Anträge blieben in der "
            "Quarantäne. Bitte den Schlüssel unter decryption_keys ergänzen."
        ),
        "SIGNING_KEY_NOT_PUBLISHED": _(
            "Der Zustelldienst kennt den Signaturschlüssel des Zustellpunkts nicht; Empfangsbestätigungen "
            "würden abgelehnt. Bitte signing_key im Profil oder den Zustellpunkt berichtigen."
        ),
    }
    words = own.get(finding.code, finding.code)
    return f"{area}: {words.format_map({'detail': '', 'kid': '', **finding.params})}" + _assumed(finding)


def _assumed(finding: DoctorFinding) -> str:
    """What nobody confirmed is told whether all else is well or not."""
    assumed = finding.params.get("assumed")
    return " " + _("Nur angenommen, bitte prüfen: {names}.").format(names=assumed) if assumed else ""
