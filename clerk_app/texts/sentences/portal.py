"""The other side, or the way to it."""

from __future__ import annotations

from clerk_app.domain.errors import ErrorCode as E
from clerk_app.texts.catalogue import N_
from clerk_app.texts.sentences.shared import KEPT, Part

PORTAL: dict[E, tuple[Part, ...]] = {
    E.PORTAL_UNREACHABLE: (
        (N_("Das Portal {host} ist nicht erreichbar."), N_("Das Portal ist nicht erreichbar.")),
        N_("Der Rechner ist offline, oder das Netz lässt die Verbindung nicht zu."),
        KEPT,
    ),
    E.PORTAL_SLOW: (
        (N_("Das Portal {host} antwortet nicht rechtzeitig."), N_("Das Portal antwortet nicht rechtzeitig.")),
        N_("Die Verbindung steht, aber eine Antwort blieb aus."),
        KEPT,
    ),
    E.PORTAL_DISTURBED: (
        (
            N_("Das Portal meldet eine eigene Störung (HTTP {status})."),
            N_("Das Portal meldet eine eigene Störung."),
        ),
        N_("Die Ursache liegt beim Portal, nicht an diesem Rechner."),
        KEPT,
    ),
    E.PORTAL_BUSY: (
        N_("Das Portal bittet um eine Pause: Es hat gerade zu viele Anfragen."),
        (N_("Der nächste Versuch folgt in {seconds} Sekunden."), N_("Der nächste Versuch folgt von selbst.")),
        KEPT,
    ),
    E.PORTAL_NOT_ITSELF: (
        (
            N_("Unter {host} antwortet nicht das Portal, sondern etwas anderes."),
            N_("Unter der Adresse des Portals antwortet etwas anderes."),
        ),
        N_("Häufig ist das die Anmeldeseite eines WLANs oder Proxys, oder die Antwort kam verstümmelt an."),
        N_("Bitte die Netzverbindung prüfen; danach wird von selbst erneut abgeglichen."),
    ),
    E.PORTAL_REFUSED: (
        (
            N_("Das Portal hat den Aufruf abgelehnt (HTTP {status}: {title})."),
            N_("Das Portal hat den Aufruf abgelehnt (HTTP {status})."),
            N_("Das Portal hat den Aufruf abgelehnt."),
        ),
        N_("Ein unveränderter neuer Versuch hilft nicht."),
        N_("Bitte den Eintrag prüfen oder die Systembetreuung hinzuziehen."),
    ),
    E.PORTAL_UNTRUSTED: (
        (
            N_("Das Zertifikat von {host} ist nicht vertrauenswürdig; die Verbindung wurde abgebrochen."),
            N_("Das Zertifikat des Portals ist nicht vertrauenswürdig; die Verbindung wurde abgebrochen."),
        ),
        N_("Es ist abgelaufen, gilt für eine andere Adresse oder stammt von einer unbekannten Stelle."),
        N_(
            "Prüft ein Proxy verschlüsselte Verbindungen, gehört seine Zertifizierungsstelle ins Profil "
            "([network] ca_file)."
        ),
    ),
    E.PORTAL_FORBIDDEN: (
        (
            N_("Das Portal verweigert den Zugang zum Zustellpunkt {destination}."),
            N_("Das Portal verweigert den Zugang zum Zustellpunkt."),
        ),
        N_("Das Zugangskonto ist mit diesem Zustellpunkt nicht verbunden."),
        N_("Bitte Zustellpunkt und Zugangskonto im Profil mit dem Self-Service-Portal vergleichen."),
    ),
    E.PROXY_SCRIPT_UNUSABLE: (
        (
            N_("Die automatische Proxy-Konfiguration {place} ist nicht brauchbar."),
            N_("Die automatische Proxy-Konfiguration ist nicht brauchbar."),
        ),
        N_("Sie ist nicht erreichbar, fehlerhaft, oder sie nennt nur Wege, die dieses Programm nicht kennt."),
        N_("Bitte die Administration die PAC-Datei prüfen lassen oder einen festen Proxy eintragen."),
    ),
    E.PROXY_SIGN_IN: (
        N_("Der Proxy verlangt eine Anmeldung."),
        N_("Ohne sie kommt kein Aufruf beim Portal an."),
        N_("Bitte den Proxy im Profil ([network] proxy) mit Zugangsdaten angeben."),
    ),
    E.PRACTICE_NOT_OPENED: (
        (
            N_("Das Übungsamt ließ sich nicht öffnen: {reason}"),
            N_("Das Übungsamt ließ sich nicht öffnen."),
        ),
        N_("Es ist ein eigenes Programm mit eigenen Daten; hier hat sich nichts verändert."),
        N_("Bitte noch einmal versuchen; hilft das nicht, den Wortlaut an die Administration geben."),
    ),
    E.PRACTICE_STAYS_HERE: (
        (
            N_("Das Übungsamt wollte {host} erreichen; das wurde verhindert."),
            N_("Das Übungsamt wollte einen anderen Rechner erreichen; das wurde verhindert."),
        ),
        N_("Ein Übungsamt spricht nur mit dem Übungsportal auf diesem Rechner; nichts ist hinausgegangen."),
        N_("Bitte die Adressen im Profil prüfen; für echte Arbeit ein eigenes Profil nehmen."),
    ),
    E.SIGN_IN_FAILED: (
        (N_("Die Anmeldung bei {host} wurde abgelehnt."), N_("Die Anmeldung beim Portal wurde abgelehnt.")),
        N_("client_id oder client_secret stimmen nicht (mehr)."),
        N_("Bitte die Zugangsdaten im Profil erneuern; bis dahin bleibt alle Arbeit hier liegen."),
    ),
    E.SIGN_IN_EXPIRED: (
        N_("Die Anmeldung ist abgelaufen, und eine frische wurde nicht angenommen."),
        N_("Häufig geht die Uhr des Rechners falsch, oder der Zugang wurde gesperrt."),
        N_("Bitte Uhrzeit und Zugangsdaten prüfen."),
    ),
    E.TRANSFER_INCOMPLETE: (
        N_("Die Übertragung brach vor dem Ende ab."),
        N_("Das unvollständige Stück wurde verworfen."),
        KEPT,
    ),
    E.REMOTE_GONE: (
        N_("Das Portal kennt diesen Gegenstand nicht mehr."),
        N_("Er wurde dort schon angenommen, abgelehnt oder nach Ablauf der Frist gelöscht."),
        N_("Was hier gespeichert ist, bleibt erhalten."),
    ),
    E.REMOTE_CONFLICT: (
        N_("Beim Portal ist der Stand ein anderer als erwartet."),
        N_("Jemand anderes hat den Vorgang inzwischen weiterbearbeitet."),
        N_("Bitte den Vorgang neu abgleichen und dann entscheiden."),
    ),
    E.LIMIT_EXCEEDED: (
        (
            N_("Die Größe überschreitet die Grenze von {limit}."),
            N_("Die Größe überschreitet die Grenze, die der Standard erlaubt."),
        ),
        N_("So nimmt das Portal die Sendung nicht an."),
        N_("Bitte Anlagen verkleinern oder auf mehrere Sendungen verteilen."),
    ),
    E.TEXT_TOO_LONG: (
        (
            N_("Die Angabe „{key}“ ist länger als die {limit} Zeichen, die das Postfach annimmt."),
            N_("Eine Angabe ist länger, als das Postfach annimmt."),
        ),
        N_("Gekürzt würde sie etwas anderes sagen, deshalb ist nichts hinausgegangen."),
        N_("Bitte die Angabe kürzen lassen (Profil, Abschnitt [zbp]) oder das Schreiben per Post senden."),
    ),
}
