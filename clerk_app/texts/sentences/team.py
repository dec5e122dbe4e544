"""Sentences of the team: server, desktops, colleagues."""

from __future__ import annotations

from clerk_app.domain.errors import ErrorCode as E
from clerk_app.texts.catalogue import N_
from clerk_app.texts.sentences.shared import Part

TEAM: dict[E, tuple[Part, ...]] = {
    E.TEAM_UNREACHABLE: (
        N_("Der Team-Server ist nicht erreichbar."),
        N_("Alles bleibt hier gespeichert und wird ausgetauscht, sobald er wieder antwortet."),
    ),
    E.TEAM_SIGN_IN: (
        N_("Der Team-Server hat die Anmeldung abgelehnt."),
        N_("Bitte das Kennwort im Schlüsselbund erneuern oder die Administration fragen."),
    ),
    E.TEAM_UNTRUSTED: (
        N_("Dem Zertifikat des Team-Servers wird nicht vertraut."),
        N_("Es wurde nichts gesendet. Bitte die Administration benachrichtigen."),
    ),
    E.TEAM_FORBIDDEN: (
        N_("Der Team-Server erlaubt das nicht."),
        N_(
            "Für dieses Konto ist das Recht in dieser Dienststelle nicht eingetragen. Bitte "
            "die Administration fragen."
        ),
    ),
    E.TEAM_SERVER_FULL: (
        N_("Der Team-Server hat keinen Platz mehr."),
        N_("Alles bleibt hier gespeichert. Bitte die Administration benachrichtigen."),
    ),
    E.TEAM_SERVER_OLD: (
        N_("PostgreSQL {found} ist zu alt, nötig ist mindestens {needed}."),
        N_("Bitte den Server erneuern."),
    ),
    E.TEAM_TOO_NEW: (
        N_("Der Team-Server wurde von einer neueren Programmversion eingerichtet."),
        N_("Bitte dieses Programm aktualisieren; bis dahin wird nur hier gearbeitet."),
    ),
    E.TEAM_NEWER: (
        N_("Eine Kollegin oder ein Kollege arbeitet mit einer neueren Programmversion."),
        N_("Ihr Eintrag „{name}“ ist hier noch unbekannt."),
        N_("Bitte dieses Programm aktualisieren; bis dahin ruht der Austausch."),
    ),
    E.TEAM_NOT_SET_UP: (
        N_("Der Team-Server ist noch nicht eingerichtet oder veraltet."),
        N_("Die Administration richtet ihn mit „clerk-app team init“ oder „team upgrade“ ein."),
    ),
    E.TEAM_NOT_CONFIGURED: (
        N_("Im Behördenprofil steht kein Team-Server."),
        N_("Er wird im Abschnitt [team] eingetragen."),
    ),
    E.TEAM_NOT_JOINED: (
        N_("Dieser Arbeitsplatz gehört noch zu keinem Team."),
        N_("Beitreten mit „clerk-app team join“."),
    ),
    E.TEAM_NOT_ADMITTED: (
        N_("Dieser Arbeitsplatz ist noch nicht zugelassen."),
        N_("Bitte jemandem im Team den Fingerabdruck {fingerprint} vorlesen."),
        N_("Zugelassen wird er an einem anderen Arbeitsplatz mit „clerk-app team admit“."),
    ),
    E.TEAM_OTHER_OFFICE: (
        N_("Dieser Arbeitsplatz gehört schon zum Team von {name}."),
        N_("Für eine andere Dienststelle bitte ein eigenes Verzeichnis (--home) verwenden."),
    ),
    E.TEAM_REVOKED: (
        N_("Der Arbeitsplatz „{desktop}“ wurde gesperrt."),
        N_(
            "Seine bisherigen Einträge gelten weiter, neue nimmt das Team nicht an. Bitte "
            "die Administration fragen."
        ),
    ),
    E.TEAM_KEY_WRONG: (
        N_("Der Schlüssel des Teams lässt sich hier nicht öffnen."),
        N_("Bitte mit „clerk-app team join“ neu beitreten und zulassen lassen."),
    ),
    E.TEAM_KEY_MISSING: (
        N_("Es fehlt der Schlüssel Nr. {generation} des Teams."),
        N_("Bitte jemanden im Team „clerk-app team admit“ für diesen Arbeitsplatz ausführen lassen."),
    ),
    E.TEAM_DAMAGED: (
        N_("Auf dem Team-Server ist etwas beschädigt oder fehlt."),
        N_("Hier ist nichts verloren. Bitte die Administration benachrichtigen: „clerk-app team check“."),
    ),
    E.TEAM_DESKTOP_UNKNOWN: (
        N_("Einen Arbeitsplatz „{desktop}“ gibt es in diesem Team nicht, oder es gibt mehrere."),
        N_("„clerk-app team status“ zeigt alle."),
    ),
    E.TEAM_FINGERPRINT_WRONG: (
        N_("Der Fingerabdruck passt nicht zum Arbeitsplatz „{desktop}“."),
        N_("Er wurde nicht zugelassen. Bitte noch einmal vorlesen lassen."),
    ),
    E.TEAM_OFFICE_UNKNOWN: (
        N_("Eine Dienststelle „{name}“ ist auf dem Team-Server nicht eingetragen."),
        N_("Die Administration trägt sie mit „clerk-app team office“ ein."),
    ),
    E.ENTRY_ELSEWHERE: (
        N_("Diesen Eintrag versendet ein anderer Arbeitsplatz."),
        N_("Wer ihn übernehmen will, tut das im Postausgang mit einem Grund."),
    ),
    E.DECIDED_ELSEWHERE: (
        N_("Über diesen Vorgang wurde inzwischen an einem anderen Arbeitsplatz entschieden."),
        N_("Der eigene Bescheid ist nicht abgegangen. Bitte beide vergleichen und den eigenen zurücknehmen."),
    ),
    E.TAKE_OVER_REASON_MISSING: (
        N_("Es fehlt der Grund."),
        N_("Wer etwas von anderen übernimmt, sagt warum; der Grund steht im Protokoll."),
    ),
    E.STAND_IN_WRONG: (
        N_("So lässt sich keine Vertretung eintragen."),
        N_("Sie braucht zwei verschiedene Personen und ein Ende, das nicht vor dem Beginn liegt."),
    ),
    E.STAND_IN_MAY_NOT_SIGN: (
        (
            N_("In Vorgängen von {who} darf die Vertretung nicht signieren."),
            N_("In diesem Vorgang darf die Vertretung nicht signieren."),
        ),
        N_("Bitte zur Mitzeichnung geben oder die Vertretung mit Zeichnungsrecht eintragen lassen."),
    ),
    E.STAND_IN_UNKNOWN: (
        N_("Diese Vertretung gibt es nicht (mehr)."),
        N_("„clerk-app stand-in list“ zeigt alle."),
    ),
}
