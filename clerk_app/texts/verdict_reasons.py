"""Reasons of a verification in words: what was found · what it means · what to do."""

from __future__ import annotations

from dataclasses import dataclass

from clerk_app.domain.verdict import Change, Reason, Verdict
from clerk_app.texts.catalogue import N_


@dataclass(frozen=True)
class ReasonWords:
    """Three sentences about one finding, as source strings with blanks."""

    found: str
    means: str
    todo: str = ""


_ASK_SENDER = N_("Bitte das Dokument nicht verwenden und beim Absender ein unverändertes Exemplar anfordern.")
_ASK_FOR_FILE = N_("Bitte die Datei noch einmal beim Absender anfordern.")

REASONS: dict[Reason, ReasonWords] = {
    Reason.CERTIFICATE_UNKNOWN: ReasonWords(
        N_("Das Zertifikat von {who} führt zu keiner Stelle, der hier vertraut wird (Aussteller: {issuer})."),
        N_("Wer signiert hat, ist damit nicht bewiesen."),
        N_(
            "Ist der Aussteller bekannt, kann die Systembetreuung sein Zertifikat im Profil unter "
            "[signing] trust eintragen. Sonst bitte beim Absender nachfragen."
        ),
    ),
    Reason.CERTIFICATE_SELF_SIGNED: ReasonWords(
        N_("{who} hat sich das Zertifikat selbst ausgestellt."),
        N_("Jeder kann ein solches Zertifikat auf jeden Namen ausstellen; der Name beweist nichts."),
        N_("Bitte beim Absender nachfragen, ob die Signatur von ihm stammt."),
    ),
    Reason.CERTIFICATE_EXPIRED: ReasonWords(
        N_("Das Zertifikat von {who} ist seit {valid_to} abgelaufen."),
        N_(
            "Kein anerkannter Zeitstempel beweist, dass vorher signiert wurde. Die Signatur kann gültig "
            "gewesen sein; heute lässt es sich nicht mehr feststellen."
        ),
        N_("Hängt etwas davon ab, bitte beim Absender ein neu signiertes Exemplar anfordern."),
    ),
    Reason.CERTIFICATE_NOT_YET_VALID: ReasonWords(
        N_("Das Zertifikat von {who} gilt erst ab {valid_from}."),
        N_("Die Signatur liegt vor dem Beginn des Zertifikats, oder die Uhr dieses Rechners geht falsch."),
        N_("Bitte die Uhr des Rechners prüfen; geht sie richtig, beim Absender nachfragen."),
    ),
    Reason.CERTIFICATE_UNSUITABLE: ReasonWords(
        N_("Das Zertifikat von {who} ist nicht zum Signieren von Dokumenten ausgestellt."),
        N_("Es gehört einer Person oder Stelle, darf aber nur anders verwendet werden."),
        N_("Bitte beim Absender ein mit dem richtigen Zertifikat signiertes Exemplar anfordern."),
    ),
    Reason.CERTIFICATE_REVOKED: ReasonWords(
        N_("Das Zertifikat von {who} wurde am {revoked_at} gesperrt."),
        N_(
            "Kein anerkannter Zeitstempel beweist, dass vorher signiert wurde. Nach einer Sperre kann jeder "
            "signiert haben, der an den Schlüssel gelangt ist."
        ),
        N_("Bitte das Dokument nicht verwenden und beim Absender ein neu signiertes Exemplar anfordern."),
    ),
    Reason.ALGORITHM_WEAK: ReasonWords(
        N_("Die Signatur verwendet ein Verfahren, das heute zu schwach ist ({algorithm})."),
        N_("Sie ließe sich fälschen und beweist deshalb nichts mehr."),
        N_("Bitte beim Absender ein Exemplar mit zeitgemäßer Signatur anfordern."),
    ),
    Reason.DIGEST_MISMATCH: ReasonWords(
        N_("Der Inhalt passt nicht zur Signatur: Im signierten Teil wurde etwas verändert."),
        N_("Was hier steht, ist nicht das, was signiert wurde. Wo es abweicht, ist nicht zu erkennen."),
        _ASK_SENDER,
    ),
    Reason.SIGNATURE_BROKEN: ReasonWords(
        N_("Die Signatur wurde nicht mit dem Schlüssel des angegebenen Zertifikats erzeugt."),
        N_("Sie ist beschädigt oder von einem anderen Dokument hierher übertragen worden."),
        _ASK_SENDER,
    ),
    Reason.SIGNATURE_UNREADABLE: ReasonWords(
        N_("Die Signatur ist nicht lesbar."),
        N_("Sie ist beschädigt, oder sie hat eine Form, die dieses Programm nicht kennt."),
        _ASK_SENDER,
    ),
    Reason.CHANGED_AFTER_SIGNING: ReasonWords(
        N_("Nach der Signatur wurde das Dokument verändert: {changes}."),
        N_("Der signierte Stand ist unversehrt, aber angezeigt wird ein anderer."),
        _ASK_SENDER,
    ),
    Reason.NOT_WHOLE_DOCUMENT: ReasonWords(
        N_("Die Signatur deckt nicht den ganzen signierten Stand ab."),
        N_("In der Lücke kann etwas stehen, das niemand signiert hat."),
        _ASK_SENDER,
    ),
    Reason.TIME_STAMP_BROKEN: ReasonWords(
        N_("Ein Zeitstempel gehört nicht zu dieser Signatur oder ist beschädigt."),
        N_("Er wurde nachträglich verändert oder aus einem anderen Dokument übernommen."),
        _ASK_SENDER,
    ),
    Reason.DOCUMENT_UNREADABLE: ReasonWords(
        N_("Die Datei beginnt wie ein PDF, lässt sich aber nicht als PDF lesen."),
        N_("Sie ist beschädigt; ob sie signiert war, ist nicht mehr festzustellen."),
        _ASK_FOR_FILE,
    ),
    Reason.DOCUMENT_TRUNCATED: ReasonWords(
        N_("Der Datei fehlt das Ende."),
        N_("Sie wurde unvollständig übertragen oder gespeichert."),
        _ASK_FOR_FILE,
    ),
    Reason.DOCUMENT_EMPTY: ReasonWords(
        N_("Die Datei ist leer."),
        N_("Beim Übertragen oder Speichern ist der Inhalt verloren gegangen."),
        _ASK_FOR_FILE,
    ),
    Reason.DOCUMENT_ENCRYPTED: ReasonWords(
        N_("Das Dokument ist mit einem Passwort geschützt."),
        N_("Ohne Passwort lassen sich Inhalt und Signaturen nicht prüfen."),
        N_("Bitte beim Absender ein Exemplar ohne Passwort anfordern."),
    ),
    Reason.DOCUMENT_IS_CONTAINER: ReasonWords(
        N_("Die Datei ist ein ZIP-Archiv, kein PDF; vielleicht ein signierter ASiC-Container."),
        N_("Dieses Programm prüft Signaturen in PDF-Dokumenten."),
        N_("Bitte das Archiv öffnen und ein enthaltenes PDF einzeln prüfen."),
    ),
    Reason.DOCUMENT_TOO_LARGE: ReasonWords(
        N_("Das Dokument ist mit {size} zu groß für die Prüfung."),
        N_("Geprüft wird bis 256 MB, damit der Rechner bedienbar bleibt."),
        N_("Bitte beim Absender eine kleinere Fassung anfordern."),
    ),
    Reason.DOCUMENT_TAKES_TOO_LONG: ReasonWords(
        N_("Die Prüfung wurde abgebrochen, weil sie zu lange dauerte."),
        N_("Das Dokument ist ungewöhnlich aufgebaut, vielleicht mit Absicht."),
        _ASK_SENDER,
    ),
    Reason.DECISION_DIFFERS: ReasonWords(
        N_("Die beigefügte maschinenlesbare Entscheidung ist nicht die, die hier festgehalten wurde."),
        N_("Das Dokument ist nicht der Bescheid, der in diesem Vorgang signiert wurde."),
        N_("Bitte den Bescheid aus dem Postausgang verwenden und den Vorfall melden."),
    ),
    Reason.DECISION_CONTRADICTS_LETTER: ReasonWords(
        N_(
            "Die beigefügte maschinenlesbare Entscheidung sagt etwas anderes als das Schreiben: "
            "{differences}."
        ),
        N_("Welche der beiden Fassungen gilt, lässt sich aus dem Dokument nicht entnehmen."),
        N_("Bitte beim Absender nachfragen, bevor eine der beiden verwendet wird."),
    ),
    Reason.REVOKED_LATER: ReasonWords(
        N_("Das Zertifikat von {who} wurde am {revoked_at} gesperrt, nach der Signatur."),
        N_("Ein Zeitstempel beweist, dass schon am {proven_at} signiert war; die Sperre berührt das nicht."),
    ),
    Reason.EXPIRED_SINCE: ReasonWords(
        N_("Das Zertifikat von {who} ist inzwischen abgelaufen ({valid_to})."),
        N_("Ein Zeitstempel beweist, dass schon am {proven_at} signiert war; damals galt es."),
    ),
    Reason.REVOCATION_NOT_CHECKED: ReasonWords(
        N_("Ob das Zertifikat von {who} gesperrt ist, wurde nicht geprüft."),
        N_("Das Dokument enthält keine Auskunft darüber, und niemand hat geantwortet."),
        N_("Mit Netz lässt sich der Aussteller fragen: „Sperre erfragen“, auf der Befehlszeile --online."),
    ),
    Reason.LEVEL_INCOMPLETE: ReasonWords(
        N_("Die Signatur ist wie {claimed_level} aufgebaut, erreicht aber nur {level}."),
        N_("Angaben zur Sperrung oder Zertifikate fehlen, sind veraltet oder passen nicht."),
        N_("Für die Aufbewahrung bitte ein vollständiges Exemplar anfordern."),
    ),
    Reason.TIME_STAMP_UNTRUSTED: ReasonWords(
        N_("Der Zeitstempel stammt von einer Stelle, der hier nicht vertraut wird ({stamped_by})."),
        N_("Er ist unversehrt, beweist hier aber keinen Zeitpunkt."),
    ),
    Reason.CHANGED_AS_PERMITTED: ReasonWords(
        N_("Nach der Signatur wurde ausgefüllt oder ergänzt, was die Signatur ausdrücklich zulässt."),
        N_("Solche Einträge sind nicht signiert; der übrige Inhalt ist unverändert."),
    ),
    Reason.TIME_STAMP_ONLY: ReasonWords(
        N_("Das Dokument trägt nur einen Zeitstempel, keine Signatur."),
        N_("Bewiesen ist, dass es zu dieser Zeit so vorlag, aber nicht, von wem es stammt."),
    ),
}

BARE: dict[Verdict, ReasonWords] = {  # verdicts that may come without a reason
    Verdict.NOT_SIGNED: ReasonWords(
        N_("Das Dokument trägt keine Signatur."),
        N_("Herkunft und Unversehrtheit lassen sich deshalb nicht bestätigen."),
        N_("Kommt es darauf an, bitte beim Absender das signierte Original anfordern."),
    ),
    Verdict.NOT_A_PDF: ReasonWords(
        N_("Die Datei ist kein PDF."),
        N_("Sie hat ein anderes Format, auch wenn ihr Name auf .pdf endet."),
        _ASK_FOR_FILE,
    ),
}

CHANGES: dict[Change, str] = {
    Change.PAGES: N_("Seiten hinzugefügt oder entfernt"),
    Change.PAGE_CONTENT: N_("Inhalt von Seiten"),
    Change.ANNOTATION: N_("Anmerkungen"),
    Change.ATTACHMENT: N_("beigefügte Dateien"),
    Change.FORM: N_("Formularfelder"),
    Change.METADATA: N_("Angaben zum Dokument"),
    Change.OTHER: N_("der innere Aufbau"),
}

DIFFERENCES: dict[str, str] = {  # members of the attached decision
    "caseReference": N_("Aktenzeichen"),
    "case_reference": N_("Aktenzeichen"),
    "outcome": N_("Ergebnis"),
    "authority": N_("Behörde"),
    "issuedOn": N_("Datum des Bescheids"),
    "dueOn": N_("Frist"),
    "fees": N_("Gebühren"),
    "subject": N_("Betreff"),
    "operative": N_("Tenor"),
    "provisions": N_("Nebenbestimmungen"),
    "enclosures": N_("Anlagen"),
}
