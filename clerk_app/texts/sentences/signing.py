"""Letters and signatures."""

from __future__ import annotations

from clerk_app.domain.errors import ErrorCode as E
from clerk_app.texts.catalogue import N_
from clerk_app.texts.sentences.shared import Part

SIGNING: dict[E, tuple[Part, ...]] = {
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
}
