"""Profile, settings, this machine."""

from __future__ import annotations

from clerk_app.domain.errors import ErrorCode as E
from clerk_app.texts.catalogue import N_
from clerk_app.texts.sentences.shared import BACKUP, SUPPORT, Part

MACHINE: dict[E, tuple[Part, ...]] = {
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
    E.POLICY_FORBIDS: (
        (
            N_("Die Richtlinie dieses Rechners erlaubt das nicht: {value} (Schlüssel „{key}“)."),
            N_("Die Richtlinie dieses Rechners erlaubt das nicht."),
        ),
        (N_("Festgelegt ist das in {source}."),),
        N_("Bitte anders wählen oder die Administration ansprechen; „clerk-app policy“ zeigt, was gilt."),
    ),
    E.POLICY_UNMET: (
        (
            N_(
                "Die Richtlinie dieses Rechners verlangt mit „{key}“ etwas, wofür im Behördenprofil {needs} "
                "fehlt."
            ),
            N_("Die Richtlinie dieses Rechners verlangt etwas, das im Behördenprofil fehlt."),
        ),
        (N_("Festgelegt ist das in {source}."),),
        N_("Bitte das Behördenprofil ergänzen lassen; „clerk-app policy“ zeigt, was gilt."),
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
    E.BACKUP_DAMAGED: (
        (
            N_("Die Sicherung {path} ist nicht brauchbar: {reason} ({name})."),
            N_("Die Sicherung {path} ist nicht brauchbar: {reason}."),
            N_("Die Sicherung ist nicht brauchbar."),
        ),
        N_(
            "Sie ist beschädigt, unvollständig oder keine Sicherung dieses Programms. Verändert wurde nichts."
        ),
        N_("Bitte eine andere Sicherung nehmen."),
    ),
    E.BACKUP_TOO_NEW: (
        N_("Die Sicherung stammt von einer neueren Fassung dieses Programms."),
        N_("Ihr Aufbau hat den Stand {found}, dieses Programm kennt {known}."),
        N_("Bitte erst das Programm aktualisieren."),
    ),
    E.BACKUP_FOREIGN: (
        N_("Die Sicherung gehört nicht zu diesem Arbeitsordner ({path})."),
        (N_("Sie ist von einem anderen Arbeitsplatz oder einer anderen Stelle: {office}."),),
        N_("Bitte mit --home den Ordner angeben, aus dem sie stammt, oder einen neuen, leeren."),
    ),
    E.BACKUP_OLDER: (
        N_("Das Protokoll hier weiß mehr als die Sicherung ({present} gegen {entries} Einträge)."),
        N_("Zurückgelegt ginge verloren, was seither geschehen ist."),
        N_("Wer das will, sagt es im Befehl dazu; das jetzige Protokoll wird dann nur beiseitegelegt."),
    ),
    E.BACKUP_DISTURBED: (
        N_("Während der Sicherung wurde im Bestand etwas gelöscht."),
        N_("Vermutlich lief eine Aussonderung."),
        N_("Bitte noch einmal sichern."),
    ),
    E.UPDATE_OFF: (
        N_("Nach Aktualisierungen wird auf diesem Rechner nicht gesehen."),
        N_("Die Richtlinie nennt keinen Kanal (updates.channel, updates.url, updates.root)."),
        N_("Neue Fassungen verteilt die Administration."),
    ),
    E.UPDATE_UNREACHABLE: (
        (
            N_("Der Aktualisierungskanal {url} ist nicht erreichbar."),
            N_("Der Aktualisierungskanal ist nicht erreichbar."),
        ),
        N_("Der Rechner ist offline, oder das Netz lässt die Verbindung nicht zu."),
        N_("Bitte später noch einmal versuchen; gearbeitet werden kann mit der vorhandenen Fassung."),
    ),
    E.UPDATE_UNTRUSTED: (
        (
            N_("Was der Aktualisierungskanal {url} liefert, ist nicht so, wie es signiert wurde ({reason})."),
            N_("Was der Aktualisierungskanal liefert, ist nicht so, wie es signiert wurde."),
        ),
        N_("Es kann gefälscht, veraltet oder beschädigt sein. Nichts davon wurde übernommen."),
        N_("Bitte die Administration verständigen."),
    ),
    E.UPDATE_NOT_FOR_HERE: (
        N_("Die Fassung {version} gibt es für diesen Rechner nicht ({platform})."),
        N_("Der Herausgeber hat für dieses Betriebssystem noch nichts veröffentlicht."),
        N_("Bitte später noch einmal versuchen."),
    ),
    E.RETENTION_NONE: (
        N_("Es ist nichts auszusondern."),
        N_("Bei keinem abgeschlossenen Vorgang ist die Aufbewahrungsfrist abgelaufen."),
        N_("„clerk-app retention list --all“ zeigt, wann die Fristen enden."),
    ),
    E.RETENTION_TEAM: (
        N_("An diesem Arbeitsplatz wird nichts ausgesondert."),
        N_("Das Team hat Abschriften des Protokolls; hier gelöscht, stünde es dort weiter."),
        N_("Bitte die Aussonderung mit der Betreuung des Team-Servers absprechen."),
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
        N_(
            "Vielleicht sind Bescheide schon hinausgegangen, von denen hier nichts mehr steht; deshalb wird "
            "nichts gesendet."
        ),
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
        BACKUP,
    ),
    E.DOCUMENT_MISSING: (
        (
            N_("Das gespeicherte Dokument {document_id} fehlt."),
            N_("Ein gespeichertes Dokument fehlt."),
        ),
        N_("Die Datei wurde außerhalb des Programms entfernt oder verschoben."),
        BACKUP,
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
        SUPPORT,
    ),
}
