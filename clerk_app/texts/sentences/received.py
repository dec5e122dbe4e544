"""What was received and cannot be used."""

from __future__ import annotations

from clerk_app.domain.errors import ErrorCode as E
from clerk_app.texts.catalogue import N_
from clerk_app.texts.sentences.shared import QUARANTINE, Part

RECEIVED: dict[E, tuple[Part, ...]] = {
    E.JWE_REJECTED: (
        N_("Die Einreichung lässt sich nicht entschlüsseln."),
        N_("Sie ist beschädigt, unzulässig verschlüsselt oder für einen anderen Schlüssel bestimmt."),
        QUARANTINE,
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
        QUARANTINE,
    ),
    E.HASH_MISMATCH: (
        (
            N_("Eine Prüfsumme stimmt nicht ({part})."),
            N_("Eine Prüfsumme der Einreichung stimmt nicht."),
        ),
        N_("Der Inhalt ist nicht der, den die absendende Stelle angekündigt hat."),
        QUARANTINE,
    ),
    E.TAG_MISMATCH: (
        N_("Was geladen wurde, ist nicht das, was laut Ereignisprotokoll eingereicht wurde."),
        N_("Die Authentifizierungsmarken weichen voneinander ab."),
        QUARANTINE,
    ),
    E.EVENT_LOG_FORGED: (
        N_("Das Ereignisprotokoll des Vorgangs ist nicht echt."),
        N_("Mindestens eine Unterschrift darin lässt sich nicht bestätigen."),
        N_("Der Vorgang wird nicht weiterbearbeitet; bitte die Systembetreuung hinzuziehen."),
        QUARANTINE,
    ),
    E.EVENT_LOG_DISORDERED: (
        N_("Das Ereignisprotokoll des Vorgangs ist widersprüchlich."),
        N_("Ereignisse fehlen oder stehen in unmöglicher Reihenfolge."),
        N_("Beim nächsten Abgleich wird erneut geprüft."),
        QUARANTINE,
    ),
    E.METADATA_INVALID: (
        (
            N_("Die Begleitdaten der Einreichung entsprechen nicht dem Standard ({where})."),
            N_("Die Begleitdaten der Einreichung entsprechen nicht dem Standard."),
        ),
        N_("Die absendende Stelle hat sie fehlerhaft erzeugt."),
        QUARANTINE,
    ),
    E.METADATA_UNKNOWN_VERSION: (
        (
            N_("Die Begleitdaten haben die Version {version}, die dieses Programm noch nicht kennt."),
            N_("Die Begleitdaten haben eine Version, die dieses Programm noch nicht kennt."),
        ),
        N_("Ein neueres Programm kann sie lesen; abgelehnt wird sie deshalb nicht."),
        QUARANTINE,
    ),
    E.ATTACHMENT_MISSING: (
        (
            N_("Die Anlage {attachment} wurde angekündigt, aber nicht geliefert."),
            N_("Eine angekündigte Anlage wurde nicht geliefert."),
        ),
        N_("Die Einreichung ist unvollständig."),
        QUARANTINE,
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
        QUARANTINE,
    ),
}
