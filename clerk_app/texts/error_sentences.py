"""The sentences behind the error codes, as parts: what happened · why · what now.

A part is a text, or alternatives from the most to the least specific: the first whose blanks can be filled is
taken. A part whose blanks cannot be filled is left out.
"""

from __future__ import annotations

from typing import TypeAlias

from clerk_app.domain.errors import ErrorCode as E
from clerk_app.texts.catalogue import N_

Part: TypeAlias = str | tuple[str, ...]

_KEPT = N_("Nichts ist verloren; die Arbeit wartet im Postausgang und wird von selbst erneut versucht.")
_SUPPORT = N_("Bleibt es dabei, hilft die Systembetreuung mit „clerk-app doctor“ weiter.")
_QUARANTINE = N_("Die Einreichung liegt unverändert in der Quarantäne; gelöscht wird nichts.")
_BACKUP = N_(
    "Bitte die Systembetreuung hinzuziehen und nichts löschen: Das Original bleibt für die Rettung liegen."
)

SENTENCES: dict[E, tuple[Part, ...]] = {
    # portal: the other side or the way to it
    E.PORTAL_UNREACHABLE: (
        (N_("Das Portal {host} ist nicht erreichbar."), N_("Das Portal ist nicht erreichbar.")),
        N_("Der Rechner ist offline, oder das Netz lässt die Verbindung nicht zu."),
        _KEPT,
    ),
    E.PORTAL_SLOW: (
        (N_("Das Portal {host} antwortet nicht rechtzeitig."), N_("Das Portal antwortet nicht rechtzeitig.")),
        N_("Die Verbindung steht, aber eine Antwort blieb aus."),
        _KEPT,
    ),
    E.PORTAL_DISTURBED: (
        (
            N_("Das Portal meldet eine eigene Störung (HTTP {status})."),
            N_("Das Portal meldet eine eigene Störung."),
        ),
        N_("Die Ursache liegt beim Portal, nicht an diesem Rechner."),
        _KEPT,
    ),
    E.PORTAL_BUSY: (
        N_("Das Portal bittet um eine Pause: Es hat gerade zu viele Anfragen."),
        (N_("Der nächste Versuch folgt in {seconds} Sekunden."), N_("Der nächste Versuch folgt von selbst.")),
        _KEPT,
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
    E.PROXY_SIGN_IN: (
        N_("Der Proxy verlangt eine Anmeldung."),
        N_("Ohne sie kommt kein Aufruf beim Portal an."),
        N_("Bitte den Proxy im Profil ([network] proxy) mit Zugangsdaten angeben."),
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
        _KEPT,
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
    # what was received
    E.JWE_REJECTED: (
        N_("Die Einreichung lässt sich nicht entschlüsseln."),
        N_("Sie ist beschädigt, unzulässig verschlüsselt oder für einen anderen Schlüssel bestimmt."),
        _QUARANTINE,
    ),
    E.KEY_UNKNOWN: (
        (
            N_("Für den Schlüssel {kid} liegt hier kein privater Schlüssel."),
            N_("Für diese Einreichung liegt hier kein passender privater Schlüssel."),
        ),
        N_("Vermutlich wurde der Schlüssel des Zustellpunkts gewechselt."),
        N_(
            "Bitte den fehlenden Schlüssel im Profil unter decryption_keys ergänzen; dann wird erneut "
            "versucht."
        ),
        _QUARANTINE,
    ),
    E.HASH_MISMATCH: (
        (
            N_("Eine Prüfsumme stimmt nicht ({part})."),
            N_("Eine Prüfsumme der Einreichung stimmt nicht."),
        ),
        N_("Der Inhalt ist nicht der, den die absendende Stelle angekündigt hat."),
        _QUARANTINE,
    ),
    E.TAG_MISMATCH: (
        N_("Was geladen wurde, ist nicht das, was laut Ereignisprotokoll eingereicht wurde."),
        N_("Die Authentifizierungsmarken weichen voneinander ab."),
        _QUARANTINE,
    ),
    E.EVENT_LOG_FORGED: (
        N_("Das Ereignisprotokoll des Vorgangs ist nicht echt."),
        N_("Mindestens eine Unterschrift darin lässt sich nicht bestätigen."),
        N_("Der Vorgang wird nicht weiterbearbeitet; bitte die Systembetreuung hinzuziehen."),
        _QUARANTINE,
    ),
    E.EVENT_LOG_DISORDERED: (
        N_("Das Ereignisprotokoll des Vorgangs ist widersprüchlich."),
        N_("Ereignisse fehlen oder stehen in unmöglicher Reihenfolge."),
        N_("Beim nächsten Abgleich wird erneut geprüft."),
        _QUARANTINE,
    ),
    E.METADATA_INVALID: (
        (
            N_("Die Begleitdaten der Einreichung entsprechen nicht dem Standard ({where})."),
            N_("Die Begleitdaten der Einreichung entsprechen nicht dem Standard."),
        ),
        N_("Die absendende Stelle hat sie fehlerhaft erzeugt."),
        _QUARANTINE,
    ),
    E.METADATA_UNKNOWN_VERSION: (
        (
            N_("Die Begleitdaten haben die Version {version}, die dieses Programm noch nicht kennt."),
            N_("Die Begleitdaten haben eine Version, die dieses Programm noch nicht kennt."),
        ),
        N_("Ein neueres Programm kann sie lesen; abgelehnt wird sie deshalb nicht."),
        _QUARANTINE,
    ),
    E.ATTACHMENT_MISSING: (
        (
            N_("Die Anlage {attachment} wurde angekündigt, aber nicht geliefert."),
            N_("Eine angekündigte Anlage wurde nicht geliefert."),
        ),
        N_("Die Einreichung ist unvollständig."),
        _QUARANTINE,
    ),
    E.CONTENT_MALFORMED: (
        (
            N_("Der Inhalt lässt sich nicht lesen ({where})."),
            N_("Der Inhalt lässt sich nicht lesen."),
        ),
        N_("Er ist kein gültiges JSON oder XML oder sprengt die zulässige Tiefe."),
        N_("Das Original bleibt unverändert gespeichert."),
    ),
    E.DECOMPRESSION_BOMB: (
        N_("Der Inhalt würde beim Entpacken übermäßig groß; das Entpacken wurde abgebrochen."),
        N_("So etwas entsteht kaum aus Versehen."),
        _QUARANTINE,
    ),
    # what the clerk asked for
    E.CASE_UNKNOWN: (
        (N_("Einen Vorgang {case} gibt es hier nicht."), N_("Diesen Vorgang gibt es hier nicht.")),
        N_("Die Nummer ist vertippt, oder der Vorgang wurde noch nicht abgeholt."),
        N_("„clerk-app cases“ zeigt alle Vorgänge, „clerk-app sync --once“ holt neue."),
    ),
    E.CASE_AMBIGUOUS: (
        (
            N_("{case} passt auf {count} Vorgänge."),
            N_("{case} passt auf mehrere Vorgänge."),
            N_("Die Angabe passt auf mehrere Vorgänge."),
        ),
        N_("Bitte die Nummer vollständig angeben."),
    ),
    E.ATTACHMENT_UNKNOWN: (
        (
            N_("Eine Anlage {attachment} hat dieser Vorgang nicht."),
            N_("Diese Anlage hat der Vorgang nicht."),
        ),
        N_("„clerk-app case“ mit der Vorgangsnummer zeigt, welche es gibt."),
    ),
    E.ENTRY_UNKNOWN: (
        (
            N_("Mit {entry} beginnen {count} Einträge des Postausgangs; bitte mehr Zeichen angeben."),
            N_("Einen Eintrag {entry} gibt es im Postausgang nicht."),
            N_("Diesen Eintrag gibt es im Postausgang nicht."),
        ),
        N_("„clerk-app outbox“ zeigt alle Einträge."),
    ),
    E.ENTRY_NOT_WITHDRAWABLE: (
        (
            N_("Der Eintrag lässt sich nicht mehr zurückholen (Stand: {state})."),
            N_("Der Eintrag lässt sich nicht mehr zurückholen."),
        ),
        N_("Er ist schon an das Portal übergeben oder erledigt."),
        N_("Ein zugestellter Bescheid wird durch einen Änderungs- oder Aufhebungsbescheid berichtigt."),
    ),
    E.ENTRY_NOT_RETRYABLE: (
        (
            N_("Der Eintrag lässt sich nicht erneut senden (Stand: {state})."),
            N_("Der Eintrag lässt sich nicht erneut senden."),
        ),
        N_("Er ist schon unterwegs, erledigt oder zurückgeholt."),
        N_("Es ist nichts weiter zu tun."),
    ),
    E.ENTRY_NOT_TO_POST: (
        (
            N_("Der Eintrag wartet nicht auf den Versand mit der Post (Stand: {state})."),
            N_("Der Eintrag wartet nicht auf den Versand mit der Post."),
        ),
        N_("Nur Schreiben ohne elektronischen Rückweg werden als „zur Post gegeben“ vermerkt."),
        N_(
            "Elektronisch Zugestelltes braucht keinen Vermerk. Ein schon vermerkter Tag lässt sich "
            "berichtigen: „Versandtag berichtigen …“ im Postausgang oder „outbox posted ID --on DATUM“."
        ),
    ),
    E.POSTED_ON_WRONG: (
        (
            N_("Am {posted_on} kann das Schreiben nicht zur Post gegeben worden sein."),
            N_("An diesem Tag kann das Schreiben nicht zur Post gegeben worden sein."),
        ),
        (
            N_("Es wurde am {earliest} erstellt, und heute ist der {latest}."),
            N_("Der Tag liegt in der Zukunft oder vor der Erstellung des Schreibens."),
        ),
        N_("Bitte einen Tag dazwischen angeben."),
    ),
    E.CASE_ALREADY_DECIDED: (
        (
            N_("Über den Vorgang {case} ist schon entschieden."),
            N_("Über diesen Vorgang ist schon entschieden."),
        ),
        N_("Ein zweiter Bescheid würde dem ersten widersprechen."),
        N_("Vor der Übergabe an das Portal lässt sich der erste im Postausgang zurückholen."),
    ),
    E.CASE_ALREADY_FORWARDED: (
        (
            N_("Der Vorgang {case} ist schon an {authority} abgegeben."),
            N_("Der Vorgang {case} ist schon an eine andere Stelle abgegeben."),
        ),
        N_("Hier wird nichts mehr entschieden und nichts mehr angefordert."),
        N_("Solange die Abgabenachricht im Postausgang liegt, lässt sich die Abgabe dort zurückholen."),
    ),
    E.CASE_NOT_FORWARDED: (
        N_("Der Vorgang {case} ist nicht abgegeben."),
        N_("Ein Übergabepaket gibt es nur für abgegebene Vorgänge."),
        N_("Zuerst abgeben („clerk-app forward“), oder den Vorgang als E-Akte ausgeben."),
    ),
    E.FORWARD_TARGET_MISSING: (
        N_("Es fehlt, an welche Stelle abgegeben wird."),
        N_("Bitte die zuständige Stelle wählen oder mit Namen und Anschrift eintragen."),
    ),
    E.FORWARD_TARGET_UNKNOWN: (
        (
            N_("„{authority}“ passt auf {count} Stellen im Verzeichnis."),
            N_("Im Verzeichnis steht keine Stelle „{authority}“."),
        ),
        N_("Bitte den vollen Namen oder den Regionalschlüssel (ARS) angeben."),
        N_("Eine Stelle außerhalb des Verzeichnisses nimmt „--address“ mit ihrer Anschrift."),
    ),
    E.FORWARD_TO_SELF: (
        N_("An die eigene Stelle kann nicht abgegeben werden."),
        N_("Bitte eine andere Stelle wählen."),
    ),
    E.FORWARD_REASON_MISSING: (
        N_("Der Grund der Abgabe fehlt."),
        N_("Er steht in der Nachricht an die Antragstellerin oder den Antragsteller und geht mit."),
        N_("Bitte in einem Satz sagen, warum eine andere Stelle zuständig ist."),
    ),
    E.FORWARD_DRAFT_WAITING: (
        N_("Zum Vorgang {case} wartet noch ein Bescheid in der Unterschriftsmappe oder zur Mitzeichnung."),
        N_("Wer abgibt, entscheidet nicht mehr."),
        N_("Bitte den Bescheid zuerst aus der Mappe nehmen; der Text bleibt erhalten."),
    ),
    E.FIRST_RECEIVED_WRONG: (
        N_("Am {on} kann der erste Eingang nicht gewesen sein."),
        N_("Hier ist der Antrag am {latest} eingegangen; der erste Eingang liegt nicht danach."),
        N_("Bitte einen früheren Tag angeben, oder keinen."),
    ),
    E.CASE_NOT_READABLE: (
        (
            N_("Der Vorgang {case} liegt in der Quarantäne und ist nicht lesbar."),
            N_("Der Vorgang liegt in der Quarantäne und ist nicht lesbar."),
        ),
        (N_("Der Grund: {reason}."),),
        N_(
            "Solange sein Inhalt nicht feststeht, ist keine Entscheidung möglich; das Original bleibt "
            "erhalten."
        ),
    ),
    E.CASE_CHANGED: (
        N_("Der Vorgang hat sich seit dem Entwurf geändert."),
        N_("Es ist etwas Neues eingegangen, das der Entwurf nicht kennt."),
        N_("Bitte das Neue ansehen und den Entwurf bestätigen oder anpassen."),
    ),
    E.HELD_CASE_CHANGED: (
        N_("Das Schreiben ist nicht hinausgegangen."),
        N_("Seit es fertiggestellt wurde, ist in diesem Vorgang etwas Neues eingegangen."),
        N_("Bitte das Neue ansehen und dann entscheiden: trotzdem senden oder zurückholen."),
    ),
    E.REASONS_MISSING: (
        N_("Die Begründung fehlt."),
        N_("Eine Ablehnung oder teilweise Bewilligung muss begründet werden (§ 39 VwVfG)."),
        N_("Bitte die Begründung ergänzen (--reasons)."),
    ),
    E.HEARING_MISSING: (
        (
            N_("Die Anhörung läuft noch bis {due_on}."),
            N_("Vor dieser Entscheidung muss die betroffene Person angehört werden."),
        ),
        N_("Sie darf sich zu den Tatsachen äußern, bevor in ihre Rechte eingegriffen wird (§ 28 VwVfG)."),
        N_("Bitte die Anhörung senden oder abwarten, oder begründen, warum keine nötig ist (--no-hearing)."),
    ),
    E.ITEMS_MISSING: (
        N_("Es ist nicht angegeben, was nachgereicht werden soll."),
        N_("Eine Nachforderung nennt mindestens eine Unterlage."),
        N_("Bitte mindestens eine Unterlage angeben (--item)."),
    ),
    E.DUE_IN_PAST: (
        (N_("Die Frist {due_on} liegt nicht in der Zukunft."), N_("Die Frist liegt nicht in der Zukunft.")),
        N_("Niemand könnte sie noch einhalten."),
        N_("Bitte einen späteren Tag wählen."),
    ),
    E.DUE_NOT_MEANT: (
        N_("In dieses Schreiben gehört keine Frist."),
        N_("Es verlangt nichts von der antragstellenden Person und kündigt keinen Tag an."),
        N_("Bitte die Frist weglassen (--due) oder eine andere Art von Schreiben wählen."),
    ),
    E.LANGUAGE_NOT_OFFERED: (
        (
            N_("In der Sprache „{language}“ schreibt diese Behörde nicht."),
            N_("In dieser Sprache schreibt diese Behörde nicht."),
        ),
        N_("Amtssprache ist Deutsch; daneben bietet das Landesprofil nur an, was das Landesrecht vorsieht."),
        N_("Bitte ohne --language schreiben; Übersetzungen können als Anlage beigelegt werden."),
    ),
    E.DATE_IMPOSSIBLE: (
        (N_("Am {on} kann das nicht gewesen sein."), N_("An diesem Tag kann das nicht gewesen sein.")),
        (
            N_("Möglich sind Tage vom {earliest} bis zum {latest}."),
            N_("Möglich sind Tage ab dem {earliest}."),
        ),
        N_("Bitte einen anderen Tag angeben; eingetragen wurde nichts."),
    ),
    E.DATE_UNKNOWN: (
        N_("Dieses Datum gibt es in dem Vorgang nicht, oder es ist schon erledigt."),
        N_("Bitte die Fristen des Vorgangs neu ansehen („clerk-app deadlines“)."),
    ),
    E.DATE_REASON_MISSING: (
        N_("Für dieses Datum fehlt die Begründung."),
        N_("Wer eine Frist von Hand setzt oder verlängert, hält den Grund fest."),
        N_("Bitte den Grund angeben; eingetragen wurde nichts."),
    ),
    E.GAP_UNKNOWN: (
        (N_("„{item}“ steht in diesem Vorgang nicht auf der Liste."), N_("Das steht nicht auf der Liste.")),
        (N_("Auf der Liste stehen: {known}."), N_("Auf der Liste dieses Vorgangs steht nichts.")),
        N_("Bitte eine Bezeichnung aus „clerk-app gaps“ angeben; geändert wurde nichts."),
    ),
    E.GAP_REASON_MISSING: (
        N_("Für den Verzicht fehlt der Grund."),
        N_("Worauf verzichtet wird und warum, gehört in die Akte."),
        N_("Bitte den Grund angeben; geändert wurde nichts."),
    ),
    E.NOTHING_SENT: (
        (
            N_("Im Vorgang {case} ist kein Bescheid versandt."),
            N_("In diesem Vorgang ist kein Bescheid versandt."),
        ),
        N_("Ein Zugang oder Abruf lässt sich erst eintragen, wenn etwas das Haus verlassen hat."),
        N_("Ein Brief gilt als versandt, sobald er im Postausgang als „zur Post gegeben“ vermerkt ist."),
    ),
    E.NO_FICTION: (
        N_("Hier gibt es keine Genehmigungsfiktion, die sich verlängern ließe."),
        N_(
            "Das Recht dieser Leistung kennt keine, die Unterlagen sind noch nicht vollständig, oder sie "
            "wurde schon einmal verlängert (§ 42a Absatz 2 VwVfG)."
        ),
        N_("Eingetragen wurde nichts."),
    ),
    E.TEMPLATE_UNKNOWN: (
        (
            N_("Eine Vorlage „{template}“ gibt es für diese Leistung nicht."),
            N_("Diese Vorlage gibt es für diese Leistung nicht."),
        ),
        (N_("Vorhanden sind: {known}."),),
        N_("Ohne --template wird die zur Entscheidung passende Vorlage genommen."),
    ),
    E.PREFLIGHT_FAILED: (
        (
            N_("Die Prüfung vor dem Unterschreiben hat etwas gefunden: {finding} ({blank})."),
            N_("Die Prüfung vor dem Unterschreiben hat etwas gefunden: {finding}."),
            N_("Die Prüfung vor dem Unterschreiben hat etwas gefunden."),
        ),
        N_("So darf der Bescheid nicht hinausgehen."),
        N_("Bitte beheben und erneut versuchen; der Entwurf bleibt erhalten."),
    ),
    E.DRAFT_UNKNOWN: (
        (
            N_("Mit {entry} beginnen {count} Entwürfe der Unterschriftsmappe; bitte mehr Zeichen angeben."),
            N_("Einen Entwurf {entry} gibt es in der Unterschriftsmappe nicht."),
            N_("Diesen Entwurf gibt es in der Unterschriftsmappe nicht."),
        ),
        N_("„clerk-app folder“ und „clerk-app review“ zeigen, was dort liegt."),
    ),
    E.DRAFT_ALREADY_WAITING: (
        (
            N_("Zu {case} liegt schon ein Bescheid zur Mitzeichnung oder in der Unterschriftsmappe."),
            N_("Zu diesem Vorgang liegt schon ein Bescheid zur Mitzeichnung oder in der Unterschriftsmappe."),
        ),
        N_("Zwei Entwürfe nebeneinander könnten zu zwei Bescheiden werden."),
        N_("Bitte den anderen erst herausnehmen; sein Text bleibt als Entwurf erhalten."),
    ),
    E.DRAFT_NOT_WAITING: (
        N_("Dieser Bescheid liegt nicht mehr in der Unterschriftsmappe."),
        N_("Er wurde inzwischen signiert, zurückgegeben oder herausgenommen."),
        N_("Bitte im Vorgang nachsehen; dort steht, was geschehen ist."),
    ),
    E.DRAFT_NOT_SEEN: (
        N_("Dieser Bescheid wurde noch nicht angesehen."),
        N_("Signiert oder freigegeben wird nur, was in genau dieser Fassung angezeigt worden ist."),
        N_("Bitte den Bescheid ansehen (clerk-app folder seen) und es noch einmal versuchen."),
    ),
    E.DRAFT_CHANGED: (
        N_("Der Entwurf wurde geändert, seit der Bescheid in der Unterschriftsmappe liegt."),
        N_("Signiert würde sonst ein überholter Text."),
        N_("Bitte den geänderten Entwurf neu in die Mappe legen."),
    ),
    E.REVIEW_MISSING: (
        (
            N_("Der Bescheid zu {case} braucht vor der Signatur eine Mitzeichnung."),
            N_("Dieser Bescheid braucht vor der Signatur eine Mitzeichnung."),
        ),
        N_("Für diese Leistung oder diese Behörde gilt das Vier-Augen-Prinzip."),
        N_(
            "Bitte zur Mitzeichnung geben (clerk-app review submit); freigeben muss ihn jemand, der nicht "
            "daran geschrieben hat. Freigegebenes liegt in der Unterschriftsmappe (clerk-app folder)."
        ),
    ),
    E.REVIEW_OWN_DRAFT: (
        N_("Den eigenen Entwurf kann niemand freigeben."),
        N_("Beim Vier-Augen-Prinzip zählt jede Person nur einmal, auch wer nur etwas geändert hat."),
        N_("Bitte jemand anderen um die Mitzeichnung bitten."),
    ),
    E.REVIEW_OUTDATED: (
        N_("Die Mitzeichnung gilt nicht mehr."),
        N_("Vorgang oder Entwurf haben sich seither geändert; freigegeben war eine bestimmte Fassung."),
        N_("Bitte den Entwurf prüfen und neu zur Mitzeichnung geben."),
    ),
    E.REVIEW_REASON_MISSING: (
        N_("Es fehlt, warum der Entwurf zurückgeht."),
        N_("Wer ihn geschrieben hat, muss wissen, was zu ändern ist."),
        N_("Bitte einen Grund angeben (--reason)."),
    ),
    E.NO_DISPLAY: (
        N_("Hier lässt sich kein Fenster öffnen."),
        N_("Es gibt keine Anzeige (DISPLAY und WAYLAND_DISPLAY sind leer)."),
        N_(
            "Bitte an einem Arbeitsplatz mit Bildschirm starten, oder einen Befehl angeben: clerk-app --help."
        ),
    ),
    E.PACKAGE_FAULTY: (
        (
            N_("Das Leistungspaket ist fehlerhaft: {detail}. (Fehler insgesamt: {count})"),
            N_("Das Leistungspaket ist fehlerhaft: {file}, Zeile {line} (Fehler insgesamt: {count})."),
            N_("Das Leistungspaket ist fehlerhaft: {file} (Fehler insgesamt: {count})."),
            N_("Das Leistungspaket ist fehlerhaft."),
        ),
        N_("„clerk-app package lint“ nennt jeden Fehler mit Datei, Zeile und Grund."),
        N_("Es wurde nichts eingespielt; bitte beim Herausgeber eine berichtigte Fassung anfordern."),
    ),
    E.USAGE: (
        (
            N_("Der Aufruf ist unvollständig oder falsch: {detail}."),
            N_("Der Aufruf ist unvollständig oder falsch."),
        ),
        (N_("„{value}“ gilt hier nicht; erwartet wird {expected}."),),
        N_("„clerk-app --help“ zeigt alle Befehle."),
    ),
    E.OUTPUT_NOT_WRITABLE: (
        (N_("{path} lässt sich nicht schreiben."), N_("Die Zieldatei lässt sich nicht schreiben.")),
        N_("Der Ordner fehlt, ist schreibgeschützt oder voll."),
        N_("Bitte einen anderen Ort angeben (--output)."),
    ),
    E.OUTPUT_EXISTS: (
        (N_("{path} gibt es schon."), N_("Die Zieldatei gibt es schon.")),
        N_("Vorhandene Dateien werden nicht überschrieben."),
        N_("Bitte einen anderen Namen angeben oder die Datei vorher entfernen."),
    ),
    E.PROOF_NO_DECISION: (
        (N_("Im Vorgang {case} gibt es noch keinen Bescheid."), N_("Es gibt noch keinen Bescheid.")),
        N_("Ein Zustellnachweis braucht etwas, das zugestellt wird."),
        N_("Bitte erst entscheiden; für andere Schreiben gibt es den Nachweis im Postausgang."),
    ),
    E.PROOF_NOTHING_SENT: (
        (
            N_("Im Vorgang {case} hat das Schreiben das Haus noch nicht verlassen (Zustand {state})."),
            N_("Das Schreiben hat das Haus noch nicht verlassen."),
        ),
        N_("Solange nichts abgesandt ist, gibt es keine Zustellung zu belegen."),
        N_("Bitte senden („Jetzt abgleichen“) oder als zur Post gegeben vermerken und dann wiederholen."),
    ),
    E.EXPORT_EMPTY: (
        (
            N_("Von {count} Vorgängen lässt sich keiner als E-Akte ausgeben."),
            N_("Für diese Auswahl gibt es keinen Vorgang, der sich als E-Akte ausgeben lässt."),
        ),
        N_("Vorgänge in der Quarantäne und beschädigte Vorgänge werden ausgelassen."),
        N_("Es wurde keine Datei geschrieben; bitte die Auswahl prüfen."),
    ),
    E.EXPORT_INCOMPLETE: (
        (
            N_("Bei der Ausgabe ausgelassen: {count} ({cases})."),
            N_("Bei der Ausgabe wurden Vorgänge ausgelassen."),
        ),
        N_("Vorgänge in der Quarantäne und beschädigte Vorgänge lassen sich nicht als E-Akte ausgeben."),
        N_("Die übrigen stehen im Paket; was den ausgelassenen fehlt, zeigt der einzelne Vorgang."),
    ),
    E.EXPORT_TOO_LARGE: (
        N_("Das Paket würde größer als {limit} oder enthielte mehr als {count} Dateien."),
        N_("Solche Pakete lesen nicht alle Systeme."),
        N_("Es wurde keine Datei geschrieben; bitte die Auswahl in mehreren Teilen ausgeben."),
    ),
    # service packages
    E.PACKAGE_UNREADABLE: (
        (N_("{path} ist kein lesbares Leistungspaket."), N_("Das ist kein lesbares Leistungspaket.")),
        (N_("Grund: {reason}."), N_("Die Datei ist beschädigt oder etwas anderes als ein Paket.")),
        N_("Eingespielt wurde nichts; bitte die Datei beim Herausgeber neu beziehen."),
    ),
    E.PACKAGE_UNSIGNED: (
        (
            N_("Das Leistungspaket {package} {version} ist nicht signiert."),
            N_("Das Leistungspaket ist nicht signiert."),
        ),
        N_("Unsignierte Pakete nimmt nur ein Übungsbüro: Niemand bürgt für ihren Inhalt."),
        N_("Eingespielt wurde nichts; bitte die signierte Fassung beim Herausgeber anfordern."),
    ),
    E.PACKAGE_SIGNATURE_BROKEN: (
        (
            N_("Die Signatur des Leistungspakets {package} {version} passt nicht zu seinem Inhalt."),
            N_("Die Signatur des Leistungspakets passt nicht zu seinem Inhalt."),
        ),
        (
            N_("Nach dem Signieren wurde etwas geändert oder beschädigt: {file}."),
            N_("Nach dem Signieren wurde etwas geändert oder beschädigt."),
        ),
        N_("Eingespielt wurde nichts; bitte die Datei beim Herausgeber neu beziehen und den Vorfall melden."),
    ),
    E.PACKAGE_SIGNER_UNKNOWN: (
        (
            N_("Wer das Leistungspaket {package} {version} signiert hat, ist hier nicht anerkannt."),
            N_("Wer das Leistungspaket signiert hat, ist hier nicht anerkannt."),
        ),
        (N_("Kennung des Schlüssels: {signer}."), N_("Das Profil nennt den Schlüssel nicht.")),
        N_("Anerkannte Herausgeber stehen im Profil unter [packages] trusted; eingespielt wurde nichts."),
    ),
    E.PACKAGE_INCOMPATIBLE: (
        (
            N_("Das Leistungspaket {package} {version} geht nicht mit dieser Programmfassung ({app})."),
            N_("Das Leistungspaket geht nicht mit dieser Programmfassung."),
        ),
        (
            N_("Es ist für Fassungen ab {first} und vor {before} geschrieben."),
            N_("Es ist für Fassungen ab {first} geschrieben."),
        ),
        N_("Eingespielt wurde nichts; bitte das Programm aktualisieren oder eine passende Fassung nehmen."),
    ),
    E.PACKAGE_OLDER: (
        (
            N_("Das Leistungspaket {package} {version} ist älter als das geltende ({newer})."),
            N_("Das Leistungspaket ist älter als das geltende."),
        ),
        N_("Neue Vorgänge gingen dann nach alten Regeln."),
        N_("Ist das gewollt, spielt „--older“ es trotzdem ein; geändert wurde nichts."),
    ),
    E.PACKAGE_VERSION_TAKEN: (
        (
            N_("Das Leistungspaket {package} {version} ist schon mit anderem Inhalt eingespielt."),
            N_("Diese Fassung ist schon mit anderem Inhalt eingespielt."),
        ),
        N_("Eine Fassung bezeichnet genau einen Inhalt, sonst wäre unklar, nach welchem ein Vorgang geht."),
        N_("Bitte im Paket die Version erhöhen; eingespielt wurde nichts."),
    ),
    E.PACKAGE_KEY_TAKEN: (
        (
            N_("Die Leistung {leika_key} beschreibt schon ein anderes Leistungspaket ({other})."),
            N_("Die Leistung beschreibt schon ein anderes Leistungspaket."),
        ),
        N_("Ein Paket übernimmt eine Leistung nur, wenn es unter „replaces“ sagt, von wem."),
        N_("Eingespielt wurde nichts; bitte mit dem Herausgeber klären, welches gelten soll."),
    ),
    E.PACKAGE_UNKNOWN: (
        (
            N_("Das Leistungspaket {package} ist hier nicht in der Fassung {version} eingespielt."),
            N_("Ein Leistungspaket „{package}“ ist hier nicht eingespielt."),
            N_("Das Leistungspaket ist hier nicht eingespielt."),
        ),
        N_("„clerk-app package list“ zeigt, was eingespielt ist."),
    ),
    E.PACKAGE_MISSING: (
        (
            N_("Das eingespielte Leistungspaket {package} {version} fehlt oder ist beschädigt."),
            N_("Ein eingespieltes Leistungspaket fehlt oder ist beschädigt."),
        ),
        N_(
            "Vorgänge, die danach gehen, werden nicht mit anderen Regeln gezeigt; sie selbst sind unversehrt."
        ),
        N_("Bitte dieselbe Fassung noch einmal einspielen („clerk-app package install“)."),
    ),
    E.PACKAGE_MOVE_IMPOSSIBLE: (
        (
            N_("Der Vorgang {case} lässt sich nicht umstellen: {reason}."),
            N_("Der Vorgang lässt sich nicht umstellen."),
        ),
        N_("Er geht weiter nach der Fassung, mit der er begonnen hat."),
    ),
    # letters and signatures
    E.GLYPH_MISSING: (
        (
            N_("Der Schrift der Briefe fehlen Zeichen: {code_points}."),
            N_("Ein Zeichen fehlt in der Schrift der Briefe."),
        ),
        N_("Sie würden im Bescheid als leere Kästchen erscheinen."),
        N_("Bitte die Zeichen ersetzen; Namen nach DIN 91379 sind immer darstellbar."),
    ),
    E.LETTER_INCOMPLETE: (
        (N_("Im Schreiben fehlt: {missing}."), N_("Im Schreiben fehlt noch etwas.")),
        N_("Ein unvollständiger Bescheid wäre angreifbar."),
        N_("Bitte die Angabe ergänzen."),
    ),
    E.SIGNING_KEY_MISSING: (
        (
            N_("Der Signaturschlüssel {key} ist nicht da."),
            N_("Es ist kein Signaturschlüssel eingerichtet."),
        ),
        (N_("Grund: {reason}."), N_("Ohne ihn kann kein Bescheid unterschrieben werden.")),
        N_("Bitte im Profil [signing] key setzen, --sign angeben oder die Karte einstecken."),
    ),
    E.SIGNING_PASSWORD_WRONG: (
        N_("Das Kennwort oder die PIN des Signaturschlüssels ist falsch."),
        (N_("Stand der Karte: {tries}."),),
        N_("Bitte erneut eingeben; der Entwurf bleibt erhalten."),
    ),
    E.SIGNING_PASSWORD_NEEDED: (
        N_("Der Signaturschlüssel ist mit einem Kennwort geschützt."),
        N_("Es wurde keines angegeben."),
        N_("Bitte das Kennwort oder die PIN eingeben."),
    ),
    E.SIGNING_KEY_UNSUITABLE: (
        (
            N_("Der Signaturschlüssel {key} ist für Unterschriften nicht geeignet: {reason}."),
            N_("Der Signaturschlüssel ist für Unterschriften nicht geeignet."),
        ),
        N_("Eine Unterschrift damit würde niemand anerkennen."),
        N_("Bitte einen Signatur- oder Siegelschlüssel einrichten."),
    ),
    E.SIGNING_PIN_LOCKED: (
        N_("Die PIN der Signaturkarte ist gesperrt."),
        N_("Sie wurde zu oft falsch eingegeben; die Karte nimmt keine PIN mehr an."),
        N_(
            "Bitte die Karte mit der PUK oder der Software des Kartenherausgebers entsperren oder mit einem "
            "anderen Schlüssel unterschreiben; der Entwurf bleibt erhalten."
        ),
    ),
    E.SIGNING_SERVICE_UNAVAILABLE: (
        (
            N_("Der Signaturdienst {host} steht nicht zur Verfügung: {reason}."),
            N_("Der Signaturdienst steht nicht zur Verfügung: {reason}."),
            N_("Der Signaturdienst steht nicht zur Verfügung."),
        ),
        N_("Der Schlüssel liegt dort; ohne den Dienst kann nicht unterschrieben werden."),
        N_(
            "Es wurde nichts unterschrieben und nichts versandt; der Entwurf bleibt erhalten. Bitte später "
            "erneut versuchen oder mit einem anderen Schlüssel unterschreiben."
        ),
    ),
    E.SIGNATURE_LEVEL_UNREACHABLE: (
        (
            N_("Die Signaturstufe {level} ist mit diesem Profil nicht erreichbar: {reason}."),
            N_("Die verlangte Signaturstufe ist mit diesem Profil nicht erreichbar."),
        ),
        N_("Die Leistung oder die Behörde verlangt diese Stufe."),
        N_("Bitte im Profil [signing] timestamp_url und trust setzen; der Entwurf bleibt erhalten."),
    ),
    E.TIMESTAMP_UNAVAILABLE: (
        (
            N_("Der Zeitstempeldienst {host} hat keinen Zeitstempel gegeben: {reason}."),
            N_("Der Zeitstempeldienst hat keinen Zeitstempel gegeben: {reason}."),
            N_("Der Zeitstempeldienst hat keinen Zeitstempel gegeben."),
        ),
        (
            N_("Für diesen Bescheid ist die Signaturstufe {level} verlangt; sie braucht einen Zeitstempel."),
            N_("Die verlangte Signaturstufe braucht einen Zeitstempel."),
        ),
        N_(
            "Es wurde nichts unterschrieben und nichts versandt; der Entwurf bleibt erhalten. Bitte erneut "
            "unterschreiben, sobald das Netz und der Dienst da sind."
        ),
    ),
    E.REVOCATION_UNAVAILABLE: (
        N_("Ob das Signaturzertifikat gesperrt ist, ließ sich nicht feststellen."),
        (
            N_("Für diesen Bescheid ist die Signaturstufe {level} verlangt; sie braucht diesen Nachweis."),
            N_("Die verlangte Signaturstufe braucht diesen Nachweis."),
        ),
        N_(
            "Es wurde nichts unterschrieben und nichts versandt; der Entwurf bleibt erhalten. Bitte erneut "
            "unterschreiben, sobald der Auskunftsdienst der Zertifizierungsstelle erreichbar ist."
        ),
    ),
    E.CERTIFICATE_REVOKED: (
        (
            N_("Das Signaturzertifikat ist seit {revoked_on} gesperrt."),
            N_("Das Signaturzertifikat ist gesperrt."),
        ),
        N_("Eine Unterschrift damit wäre ungültig."),
        N_("Bitte ein neues Zertifikat einrichten; es wurde nichts unterschrieben, der Entwurf bleibt."),
    ),
    E.CERTIFICATE_UNTRUSTED: (
        N_("Das Signaturzertifikat führt zu keiner Zertifizierungsstelle, der dieses Profil vertraut."),
        N_("Für die verlangte Signaturstufe muss die Kette bis dorthin belegt sein."),
        N_("Bitte im Profil [signing] trust um die Zertifizierungsstelle ergänzen; der Entwurf bleibt."),
    ),
    E.CERTIFICATE_EXPIRED: (
        (
            N_("Das Signaturzertifikat gilt nur von {valid_from} bis {valid_to}."),
            N_("Das Signaturzertifikat ist abgelaufen oder noch nicht gültig."),
        ),
        N_("Eine Unterschrift damit wäre heute ungültig."),
        N_("Bitte ein neues Zertifikat einrichten; der Entwurf bleibt erhalten."),
    ),
    E.SIGNING_FAILED: (
        N_("Das Unterschreiben ist fehlgeschlagen."),
        (N_("Ursache: {reason}."),),
        N_("Es wurde nichts versandt; der Entwurf bleibt erhalten. Bitte erneut versuchen."),
    ),
    E.SIGNATURE_INVALID: (
        (
            N_("Die Signatur von {path} ist ungültig."),
            N_("Die Signatur ist ungültig."),
        ),
        N_("Das Dokument wurde nach dem Unterschreiben verändert, oder die Signatur ist beschädigt."),
        N_("Das Dokument nicht verwenden; versandt wird es nicht."),
    ),
    E.NOT_A_PDF: (
        (
            N_("{path} lässt sich nicht lesen: {reason}."),
            N_("{path} ist kein lesbares PDF."),
            N_("Das ist kein lesbares PDF."),
        ),
        N_("Eine Datei kann fehlen, beschädigt sein oder ein anderes Format haben."),
        N_("Bitte die Originaldatei verwenden."),
    ),
    E.NOT_SIGNED: (
        (N_("{path} trägt keine Signatur."), N_("Das Dokument trägt keine Signatur.")),
        N_("Herkunft und Unversehrtheit lassen sich deshalb nicht bestätigen."),
        N_("Bitte das unterschriebene Original verwenden."),
    ),
    # profile, settings, this machine
    E.PROFILE_MISSING: (
        (N_("Das Behördenprofil {path} gibt es nicht."), N_("Es ist kein Behördenprofil angegeben.")),
        N_("Ohne Profil ist nicht bekannt, für welche Stelle gearbeitet wird."),
        N_("Bitte mit --profile eine Profildatei angeben; die Anleitung zeigt ein Muster."),
    ),
    E.PROFILE_UNREADABLE: (
        (
            N_("Das Behördenprofil {path} ist in Zeile {line} nicht lesbar."),
            N_("Das Behördenprofil {path} ist nicht lesbar."),
            N_("Das Behördenprofil ist nicht lesbar."),
        ),
        (N_("Gemeldet wird: {detail}."), N_("Die Datei ist kein gültiges TOML.")),
        N_("Bitte die Datei berichtigen."),
    ),
    E.PROFILE_KEY_MISSING: (
        (
            N_("Im Behördenprofil fehlt der Schlüssel „{key}“ ({path}, Zeile {line})."),
            N_("Im Behördenprofil fehlt der Schlüssel „{key}“ ({path})."),
            N_("Im Behördenprofil fehlt der Schlüssel „{key}“."),
        ),
        (N_("Erwartet wird: {expected}."),),
        N_("Bitte ergänzen; die Anleitung zeigt ein Muster."),
    ),
    E.PROFILE_KEY_UNKNOWN: (
        (
            N_("Den Schlüssel „{key}“ kennt das Behördenprofil nicht ({path}, Zeile {line})."),
            N_("Den Schlüssel „{key}“ kennt das Behördenprofil nicht."),
        ),
        (N_("Ist „{suggestion}“ gemeint?"), N_("Vermutlich ein Tippfehler.")),
        N_("Bitte berichtigen oder die Zeile entfernen."),
    ),
    E.PROFILE_VALUE_WRONG: (
        (
            N_("Der Wert von „{key}“ im Behördenprofil ist nicht brauchbar ({path}, Zeile {line})."),
            N_("Der Wert von „{key}“ im Behördenprofil ist nicht brauchbar."),
        ),
        (N_("Erwartet wird: {expected}."),),
        N_("Bitte berichtigen."),
    ),
    E.PARAMETERS_MISSING: (
        (
            N_("Die Datei mit den Behördenparametern {path} gibt es nicht."),
            N_("Die Datei mit den Behördenparametern gibt es nicht."),
        ),
        N_("Das Behördenprofil nennt sie unter [authority] als parameters."),
        N_("Bitte die Datei dorthin legen oder den Eintrag im Profil berichtigen."),
    ),
    E.PARAMETERS_UNREADABLE: (
        (
            N_("Die Behördenparameter {path} sind in Zeile {line} nicht lesbar."),
            N_("Die Behördenparameter {path} sind nicht lesbar."),
            N_("Die Behördenparameter sind nicht lesbar."),
        ),
        (N_("Gemeldet wird: {detail}."), N_("Die Datei ist kein gültiges TOML.")),
        N_("Bitte die Datei berichtigen."),
    ),
    E.PARAMETERS_KEY_MISSING: (
        (
            N_("In den Behördenparametern fehlt der Schlüssel „{key}“ ({path}, Zeile {line})."),
            N_("In den Behördenparametern fehlt der Schlüssel „{key}“."),
        ),
        (N_("Erwartet wird: {expected}."),),
        N_("Bitte ergänzen; BEHOERDE.md zeigt ein Muster."),
    ),
    E.PARAMETERS_KEY_UNKNOWN: (
        (
            N_("Den Schlüssel „{key}“ kennen die Behördenparameter nicht ({path}, Zeile {line})."),
            N_("Den Schlüssel „{key}“ kennen die Behördenparameter nicht."),
        ),
        (N_("Ist „{suggestion}“ gemeint?"), N_("Vermutlich ein Tippfehler.")),
        N_("Bitte berichtigen oder die Zeile entfernen."),
    ),
    E.PARAMETERS_VALUE_WRONG: (
        (
            N_("Der Wert von „{key}“ in den Behördenparametern ist nicht brauchbar ({path}, Zeile {line})."),
            N_("Der Wert von „{key}“ in den Behördenparametern ist nicht brauchbar."),
        ),
        (N_("Erwartet wird: {expected}."),),
        N_("Bitte berichtigen."),
    ),
    E.PROFILE_OTHER_OFFICE: (
        (
            N_("Dieser Arbeitsordner gehört nicht zu diesem Profil: {reason}."),
            N_("Dieser Arbeitsordner gehört nicht zu diesem Profil."),
        ),
        (N_("Arbeitsordner: {home_office}; Profil: {profile_office}."),),
        N_("Übungsbestand und echte Vorgänge sowie die Akten zweier Stellen werden nie vermischt."),
        N_("Bitte mit --home einen eigenen Ordner für dieses Profil angeben."),
    ),
    E.SECRET_MISSING: (
        (
            N_("Das Geheimnis {reference} ist nicht da."),
            N_("Ein im Profil genanntes Geheimnis ist nicht da."),
        ),
        N_("Das Profil nennt es, aber an dem genannten Ort steht nichts."),
        N_("Bitte dort hinterlegen oder den Verweis im Profil berichtigen."),
    ),
    E.KEY_FILE_INVALID: (
        (
            N_("Die Schlüsseldatei {path} ist nicht brauchbar: {reason}."),
            N_("Die Schlüsseldatei {path} ist nicht brauchbar."),
            N_("Der Schlüssel {key} ist nicht brauchbar."),
            N_("Eine Schlüsseldatei ist nicht brauchbar."),
        ),
        N_("Erwartet wird ein privater Schlüssel in der Form, die das Profil nennt (JWK oder PKCS#12)."),
        N_("Bitte die Datei aus der Schlüsselverwaltung neu ausgeben."),
    ),
    E.KEYRING_UNSAFE: (
        (
            N_("Der Schlüsselbund dieses Rechners ist nicht sicher ({backend})."),
            N_("Der Schlüsselbund dieses Rechners ist nicht sicher."),
        ),
        N_("Er würde Schlüssel unverschlüsselt ablegen oder verlieren."),
        N_(
            "Bitte den Schlüsselbund des Betriebssystems einrichten (Windows-Anmeldeinformationen, GNOME "
            "Keyring, KWallet)."
        ),
    ),
    E.KEYRING_UNAVAILABLE: (
        N_("Der Schlüsselbund dieses Rechners antwortet nicht."),
        N_("Er ist gesperrt, nicht gestartet oder nicht eingerichtet."),
        N_(
            "Bitte den Schlüsselbund entsperren und das Programm neu starten; die Daten bleiben "
            "verschlüsselt erhalten."
        ),
    ),
    E.DATA_KEY_MISSING: (
        N_("Der Datenschlüssel zu diesem Arbeitsordner fehlt."),
        N_(
            "Es gibt verschlüsselte Daten, aber im Schlüsselbund steht ihr Schlüssel nicht; ein neuer wird "
            "nicht angelegt."
        ),
        N_(
            "Bitte denselben Anmeldenamen verwenden oder mit dem Wiederherstellungsschlüssel der Kommune "
            "öffnen."
        ),
    ),
    E.DATA_KEY_WRONG: (
        N_("Der Datenschlüssel passt nicht zu diesem Arbeitsordner."),
        N_("Er gehört zu anderen Daten, oder die Schlüsseldatei ist beschädigt."),
        N_("Es wurde nichts gelöscht; bitte den richtigen Schlüssel wiederherstellen."),
    ),
    E.INSTANCE_RUNNING: (
        (
            N_("Mit diesem Arbeitsordner arbeitet schon ein Programm (Prozess {pid})."),
            N_("Mit diesem Arbeitsordner arbeitet schon ein Programm."),
        ),
        N_("Zwei zugleich könnten dieselbe Entscheidung zweimal senden."),
        N_("Bitte das offene Fenster verwenden oder es vorher schließen."),
    ),
    E.HOME_NOT_WRITABLE: (
        (
            N_("Der Arbeitsordner {path} ist nicht brauchbar: {reason}."),
            N_("Der Arbeitsordner ist nicht brauchbar: {reason}."),
            N_("In den Arbeitsordner {path} lässt sich nicht schreiben."),
            N_("In den Arbeitsordner lässt sich nicht schreiben."),
        ),
        N_("Ohne ihn kann nichts sicher gespeichert werden."),
        N_("Bitte mit --home einen eigenen, beschreibbaren Ordner auf einem örtlichen Laufwerk angeben."),
    ),
    E.DISK_FULL: (
        N_("Der Datenträger ist voll."),
        N_("Bereits Gespeichertes ist unversehrt, Neues wird nicht angenommen."),
        N_("Bitte Platz schaffen; danach geht es von selbst weiter."),
    ),
    E.CACHE_DAMAGED: (
        N_("Der Zwischenspeicher der Portaldaten ist beschädigt."),
        N_("Er wird beiseitegelegt und aus den gespeicherten Originalen neu aufgebaut."),
        N_("Eigene Entscheidungen und Vermerke sind nicht betroffen."),
    ),
    E.LEDGER_DAMAGED: (
        (
            N_("Das Buch der eigenen Handlungen (ledger.db) ist nicht in Ordnung: {reason}."),
            N_("Das Buch der eigenen Handlungen (ledger.db) ist beschädigt."),
        ),
        N_("Weitergearbeitet wird damit nicht, und es wurde nichts verändert."),
        N_(
            "Bitte die Systembetreuung hinzuziehen: ledger.db aus der Sicherung zurückspielen."
            " Nichts löschen."
        ),
    ),
    E.LEDGER_OLDER: (
        (
            N_(
                "Das Buch der eigenen Handlungen (ledger.db) ist ein älterer Stand: Eintrag {sequence} fehlt."
            ),
            N_("Das Buch der eigenen Handlungen (ledger.db) ist ein älterer Stand."),
        ),
        N_("Vielleicht sind Bescheide schon hinausgegangen, von denen hier nichts mehr steht."),
        N_(
            "Bitte vor neuen Bescheiden den neueren Stand zurückspielen; gibt es keinen, beim "
            "Portal nachsehen und den älteren Stand mit „clerk-app doctor --begin-ledger“ übernehmen."
        ),
    ),
    E.DOCUMENT_DAMAGED: (
        (
            N_("Das gespeicherte Dokument {document_id} ist beschädigt."),
            N_("Ein gespeichertes Dokument ist beschädigt."),
        ),
        N_("Sein Inhalt stimmt nicht mehr mit seiner Prüfsumme überein und wird nicht angezeigt."),
        _BACKUP,
    ),
    E.DOCUMENT_MISSING: (
        (
            N_("Das gespeicherte Dokument {document_id} fehlt."),
            N_("Ein gespeichertes Dokument fehlt."),
        ),
        N_("Die Datei wurde außerhalb des Programms entfernt oder verschoben."),
        _BACKUP,
    ),
    E.STORE_TOO_NEW: (
        (
            N_(
                "Der Arbeitsordner stammt aus einer neueren Fassung des Programms (Stand {found}, bekannt "
                "bis {known})."
            ),
            N_("Der Arbeitsordner stammt aus einer neueren Fassung des Programms."),
        ),
        N_("Diese Fassung würde ihn falsch verstehen und ändert deshalb nichts."),
        N_("Bitte die neuere Fassung verwenden."),
    ),
    E.SQLITE_TOO_OLD: (
        (
            N_("Die Datenbankbibliothek ist zu alt ({found}, nötig ist {needed})."),
            N_("Die Datenbankbibliothek ist zu alt."),
        ),
        N_("Ältere Fassungen können Daten beschädigen."),
        N_("Bitte das Programm vollständig neu installieren."),
    ),
    E.PREVIEW_REFUSED: (
        (
            N_("Diese Datei wird nicht angezeigt: {reason}."),
            N_("Diese Datei wird nicht angezeigt."),
        ),
        N_("Fremde Dateien werden nur in geprüften Formaten und in abgeschotteter Umgebung dargestellt."),
        N_("Speichern lässt sie sich trotzdem unverändert."),
    ),
    E.PREVIEW_FAILED: (
        (
            N_("Die Vorschau ist abgebrochen: {reason}."),
            N_("Die Vorschau ist abgebrochen."),
        ),
        N_("Die Datei ist beschädigt oder zu aufwendig; das Programm selbst ist nicht betroffen."),
        N_("Speichern lässt sie sich trotzdem unverändert."),
    ),
    E.INTERNAL: (
        (
            N_("Im Programm ist ein Fehler aufgetreten ({detail})."),
            N_("Im Programm ist ein Fehler aufgetreten."),
        ),
        N_("Die Ursache liegt im Programm, nicht an der Bedienung; Gespeichertes ist nicht betroffen."),
        _SUPPORT,
    ),
}

#: What a code-like param means in words: (error code or None for all, param) → value → text.
VALUE_LABELS: dict[tuple[E | None, str], dict[str, str]] = {
    (E.PREVIEW_REFUSED, "reason"): {
        "format": N_("das Format wird nicht dargestellt"),
        "encrypted": N_("sie ist mit einem Kennwort verschlüsselt"),
        "too-large": N_("sie ist zu groß"),
        "too-many-pages": N_("sie hat zu viele Seiten"),
        "no-such-page": N_("diese Seite gibt es nicht"),
        "empty": N_("sie ist leer"),
    },
    (E.SIGNING_KEY_UNSUITABLE, "reason"): {
        "too-short": N_("er ist zu kurz"),
        "algorithm": N_("sein Verfahren wird nicht unterstützt"),
        "not-pem": N_("er steht nicht in einer PEM-Datei"),
        "key-usage": N_("sein Zertifikat erlaubt keine Signaturen"),
        "no-private-key": N_("der private Schlüssel fehlt"),
        "no-certificate": N_("das Zertifikat fehlt"),
        "mismatch": N_("Schlüssel und Zertifikat passen nicht zusammen"),
        "disabled": N_("der Signaturdienst hat ihn gesperrt"),
        "not-a-seal": N_("verlangt ist das Siegel der Behörde, nicht die Signatur einer Person"),
        "not-personal": N_("verlangt ist die Signatur einer Person, nicht das Siegel der Behörde"),
    },
    (E.SIGNING_KEY_MISSING, "reason"): {
        "no-file": N_("die Datei gibt es nicht"),
        "no-module": N_("die Bibliothek der Karte lässt sich nicht laden"),
        "no-token": N_("die Karte steckt nicht, oder sie heißt anders"),
        "token-gone": N_("die Karte wurde während des Signierens entfernt"),
        "no-such-key": N_("auf der Karte gibt es keinen Schlüssel dieses Namens"),
        "no-credential": N_("der Signaturdienst kennt diesen Schlüssel nicht"),
    },
    (E.SIGNING_PASSWORD_WRONG, "tries"): {
        "plenty": N_("die Karte zählt keine Fehlversuche"),
        "low": N_("mindestens ein Fehlversuch ist verbraucht"),
        "final": N_("der nächste Fehlversuch sperrt die Karte"),
        "locked": N_("die Karte ist gesperrt"),
    },
    (E.SIGNING_SERVICE_UNAVAILABLE, "reason"): {
        "unreachable": N_("er ist nicht erreichbar"),
        "slow": N_("er antwortet nicht rechtzeitig"),
        "broken": N_("er meldet eine eigene Störung"),
        "not-itself": N_("statt seiner antwortet etwas anderes"),
        "refused": N_("er nimmt die Anmeldung des Programms nicht an"),
        "no-signature": N_("er hat keine Signatur geliefert"),
        "wrong-signature": N_("seine Signatur passt nicht zum Zertifikat"),
        "no-network": N_("dieses Programm hat keinen Weg ins Netz"),
    },
    (E.SIGNATURE_LEVEL_UNREACHABLE, "reason"): {
        "timestamp_url": N_("es nennt keinen Zeitstempeldienst"),
        "trust": N_("es nennt keine Zertifizierungsstelle, der vertraut wird"),
    },
    (E.TIMESTAMP_UNAVAILABLE, "reason"): {
        "unreachable": N_("er ist nicht erreichbar"),
        "slow": N_("er antwortet nicht rechtzeitig"),
        "broken": N_("er meldet eine eigene Störung"),
        "not-itself": N_("statt seiner antwortet etwas anderes"),
        "refused": N_("er hat die Anfrage abgelehnt"),
        "wrong-stamp": N_("sein Zeitstempel gilt etwas anderem"),
        "not-trusted": N_("sein Zertifikat führt zu keiner Stelle, der dieses Profil vertraut"),
    },
    (E.SIGNING_FAILED, "reason"): {
        "card-in-use": N_("ein anderes Programm verwendet gerade die Karte"),
        "library": N_("die Signaturbibliothek hat abgebrochen"),
        "already-signed": N_("das Dokument ist schon signiert"),
        "no-field": N_("im Dokument ist kein Feld für die Signatur"),
    },
    (E.PREFLIGHT_FAILED, "finding"): {
        "appeal-notice-missing": N_("die Rechtsbehelfsbelehrung fehlt"),
        "recipient-missing": N_("die Empfängerin oder der Empfänger fehlt"),
        "blank-unfilled": N_("eine Lücke der Vorlage ist nicht ausgefüllt"),
        "recipient-differs": N_("er ist nicht an die antragstellende Person gerichtet"),
        "appeal-notice-wrong": N_("die Rechtsbehelfsbelehrung entspricht nicht der heute geltenden"),
        "signer-kind-wrong": N_("für diese Leistung muss ein anderer Schlüssel signieren"),
    },
    (E.NOT_A_PDF, "reason"): {
        "missing": N_("die Datei gibt es nicht"),
        "unreadable": N_("die Datei ist ein Ordner oder nicht freigegeben"),
    },
    (E.LEDGER_DAMAGED, "reason"): {
        "missing": N_("die Datei fehlt (gibt es keine Sicherung: clerk-app doctor --begin-ledger)"),
        "page": N_("ein Teil der Datei ist beschädigt"),
        "first-page": N_("der Anfang der Datei ist beschädigt"),
        "chain": N_("die Prüfkette ist unterbrochen"),
        "projection": N_("Einträge und Stand widersprechen sich"),
        "rollback": N_("es ist ein älterer Stand als der zuletzt geschriebene"),
        "payload": N_("ein Eintrag hat nicht mehr den Inhalt, mit dem er festgehalten wurde"),
    },
    (E.LETTER_INCOMPLETE, "missing"): {
        "text": N_("was Sie mitteilen (--text)"),
        "authority": N_("die zuständige Stelle mit Anschrift (--to)"),
        "due_on": N_("der Tag (--due)"),
        "recipient": N_("die Empfängerin oder der Empfänger"),
        "sender": N_("der Name der Behörde"),
        "appeal notice": N_("die Rechtsbehelfsbelehrung"),
        "translation": N_("die Übersetzung"),
        "document": N_("das Dokument"),
    },
    (None, "state"): {
        "QUEUED": N_("wartet hier"),
        "ANNOUNCED": N_("angekündigt"),
        "UPLOADED": N_("hochgeladen"),
        "IN_DOUBT": N_("wird geklärt"),
        "SUBMITTED": N_("übergeben"),
        "DELIVERED": N_("zugestellt"),
        "RETURNED": N_("zurückgekommen"),
        "TO_POST": N_("zur Post"),
        "POSTED": N_("zur Post gegeben"),
        "WITHDRAWN": N_("zurückgeholt"),
    },
    (None, "part"): {
        "metadata": N_("Begleitdaten"),
        "data": N_("Fachdaten"),
        "attachment": N_("Anlage"),
    },
    (None, "where"): {
        "metadata": N_("Begleitdaten"),
        "data": N_("Fachdaten"),
        "submission": N_("Einreichung"),
    },
    (E.PREVIEW_FAILED, "reason"): {
        "crashed": N_("der Darstellungsprozess ist abgestürzt"),
        "timeout": N_("die Darstellung dauerte zu lange"),
        "memory": N_("die Darstellung brauchte zu viel Speicher"),
        "damaged": N_("die Datei ist beschädigt"),
    },
    (E.PACKAGE_MOVE_IMPOSSIBLE, "reason"): {
        "finished": N_("über ihn ist entschieden, oder er ist abgegeben"),
        "unreadable": N_("er liegt in der Quarantäne"),
        "other-service": N_("dieses Paket beschreibt seine Leistung nicht"),
        "no-package": N_("seine Leistung beschreibt kein Paket"),
        "newest": N_("er geht schon nach dieser Fassung"),
    },
    (E.HOME_NOT_WRITABLE, "reason"): {
        "no-wal": N_("das Laufwerk taugt nicht für Datenbanken"),
        "network": N_("er liegt auf einem Netzlaufwerk"),
        "permission": N_("die Berechtigung fehlt"),
        "not-a-directory": N_("er ist kein Ordner"),
        "read-only": N_("er ist schreibgeschützt"),
        "too-open": N_("andere Benutzer können ihn lesen"),
    },
    (E.PROFILE_OTHER_OFFICE, "reason"): {
        "practice-home": N_("er ist ein Übungsbestand, das Profil ist ein echtes"),
        "real-home": N_("er enthält echte Vorgänge, das Profil ist ein Übungsprofil"),
        "other-office": N_("er gehört einer anderen Stelle"),
    },
    (E.KEY_FILE_INVALID, "reason"): {
        "unusable": N_("er lässt sich nicht verwenden"),
        "missing": N_("sie fehlt"),
        "unreadable": N_("sie ist nicht lesbar"),
        "not-json": N_("sie enthält kein JSON"),
        "not-rsa": N_("sie enthält keinen RSA-Schlüssel"),
        "not-private": N_("sie enthält keinen privaten Schlüssel"),
        "inconsistent": N_("ihre Teile passen nicht zusammen"),
        "too-short": N_("der Schlüssel ist zu kurz"),
    },
    (None, "expected"): {
        "uuid": N_("eine UUID wie 7a2c8d1e-0f34-4b56-9a78-bc90de12f345"),
        "url": N_("eine Adresse mit https://"),
        "https": N_("eine Adresse mit https://"),
        "ars": N_("ein Regionalschlüssel aus 12 Ziffern"),
        "land": N_("das Kürzel eines Landes, zum Beispiel BW oder SN"),
        "land_of_ars": N_("das Kürzel des Landes, zu dem der Regionalschlüssel gehört"),
        "url_version": N_("eine Adresse ohne /v1 oder /v2 am Ende; die Version steht in api_version"),
        "portal": N_("service-bw, amt24 oder fit-connect"),
        "api_version": N_("1 oder 2"),
        "text": N_("ein nicht leerer Text"),
        "table": N_("ein Abschnitt"),
        "table_list": N_("ein oder mehrere Abschnitte mit doppelten Klammern, zum Beispiel [[mailbox]]"),
        "reference_list": N_('eine Liste von Verweisen wie "file:keys/enc.jwk"'),
        "reference": N_('ein Verweis wie "keyring:NAME", "env:NAME" oder "file:PFAD"'),
        "boolean": N_("true oder false"),
        "four_eyes": N_('true, false oder "services" (was die Leistung verlangt)'),
        "sentence_words": N_("eine ganze Zahl von 10 bis 100 (Wörter)"),
        "take_back_s": N_("eine ganze Zahl von 0 bis 900 (Sekunden)"),
        "timeout_s": N_("eine Zahl von 1 bis 600 (Sekunden)"),
        "practice_only": N_('ein echter Schlüssel; "practice" gilt nur mit [practice] enabled = true'),
        "signing_key": N_('"pkcs12:PFAD", "pkcs11:MODUL?token=NAME" oder "csc:ADRESSE?credential=NAME"'),
        "signature_level": N_("B-B, B-T, B-LT oder B-LTA"),
        "web_url": N_("eine Adresse mit http:// oder https://"),
        "certificate_list": N_('eine Liste von Dateien wie "file:keys/ca.pem"'),
        "postcode": N_("eine Postleitzahl aus 5 Ziffern"),
        "email": N_("eine E-Mail-Adresse"),
        "unique": N_("ein Wert, der im Profil nur einmal vorkommt"),
        "parameters_format": N_("1, das Format dieser Programmversion"),
        "ars_of_profile": N_("der Regionalschlüssel aus dem Behördenprofil"),
        "text_list": N_("eine Liste nicht leerer Texte"),
        "postcode_list": N_("eine Liste von Postleitzahlen aus 5 Ziffern"),
        "date": N_("ein Datum ohne Anführungszeichen wie 2026-01-31"),
        "after_valid_from": N_("ein Tag nach valid_from"),
        "euros": N_('ein Betrag in Euro wie "12.50"'),
        "parameter_value": N_("eine Zahl, ein Text oder ein Datum"),
        "number": N_("eine Zahl ohne Anführungszeichen"),
        "parameter_name": N_("ein Name aus Kleinbuchstaben, Ziffern, Punkt und Bindestrich"),
        "once": N_("ein Eintrag, den es in der Datei nur einmal gibt"),
        "unit_of_file": N_("der Name einer Organisationseinheit aus [[unit]]"),
        "leika_key": N_("ein LeiKa-Schlüssel aus 14 Ziffern, beginnend mit 99"),
        "package_id": N_("die Kennung eines Pakets wie de.amtsstube.hundesteuer"),
        "iban": N_("eine IBAN mit richtiger Prüfziffer"),
        "bic": N_("eine BIC aus 8 oder 11 Zeichen"),
        "days_of_a_year": N_("eine ganze Zahl von 1 bis 365 (Tage)"),
        "duration": N_("eine ganze Zahl von 1 bis 9999"),
        "least_duration": N_("eine ganze Zahl von 1 bis maxDuration"),
        "duration_unit": N_("year, month, week, day, workday, hour, minute oder second"),
        "proxy": N_("eine Proxy-Adresse wie http://proxy.example:3128"),
    },
}
