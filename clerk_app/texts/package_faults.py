"""What is wrong with a service package, in words: one set for window and command line."""

from __future__ import annotations

from collections.abc import Mapping

from clerk_app.domain.package import FaultReason as R
from clerk_app.domain.package import PackageFault
from clerk_app.texts.catalogue import N_
from clerk_app.texts.catalogue import gettext as _
from clerk_app.texts.package_misfits import form_words, misfit_sentence, reader_sentence

_SENTENCES: Mapping[str, str] = {
    # the files
    R.PACKAGE_UNREADABLE: N_("Hier liegt kein lesbares Leistungspaket. {detail}"),
    R.PACKAGE_TOO_LARGE: N_("Das Paket ist zu groß; erlaubt sind {most} Bytes."),
    R.TOO_MANY_FILES: N_("Das Paket hat zu viele Dateien; erlaubt sind {most}."),
    R.ARCHIVE_DAMAGED: N_("Das ist kein ZIP, oder es ist beschädigt."),
    R.ARCHIVE_NOT_AS_BUILT: N_(
        "Das Paket ist nicht so, wie „package build“ es geschrieben hat; es wurde danach verändert."
    ),
    R.CONTENTS_WRONG: N_(
        "Diese Datei passt nicht zur Prüfsumme in contents.json; sie wurde nach dem Bauen verändert."
    ),
    R.PATH_LEADS_OUT: N_("Der Dateiname führt aus dem Paket hinaus."),
    R.NAME_NOT_UTF8: N_("Der Dateiname ist nicht in UTF-8 geschrieben."),
    R.FILE_UNKNOWN: N_("Diese Datei gehört nicht in ein Leistungspaket."),
    R.FILE_MISSING: N_("Die Datei {name} fehlt."),
    R.FILE_UNUSED: N_("Diese Datei wird nirgends genannt."),
    R.FILE_TWICE: N_("Diese Datei ist zweimal da; Groß- und Kleinschreibung unterscheidet keine Namen."),
    R.FILE_IS_LINK: N_("Das ist ein Verweis auf eine andere Datei; ein Paket enthält nur Dateien selbst."),
    R.FILE_ENCRYPTED: N_("Diese Datei ist verschlüsselt."),
    R.FILE_TOO_LARGE: N_("Diese Datei ist zu groß; erlaubt sind {most} Bytes."),
    R.FILE_ONLY_IN_ARCHIVE: N_(
        "Diese Datei schreibt „package build“ ins ZIP; im Ordner hat sie nichts verloren."
    ),
    R.COMPRESSION_UNKNOWN: N_("Diese Datei ist auf unbekannte Art verdichtet."),
    R.NOT_UTF8: N_("Der Text ist nicht in UTF-8 geschrieben."),
    R.NOT_TOML: N_("Das ist kein gültiges TOML: {detail}"),
    R.NOT_JSON: N_("Das ist kein gültiges JSON: {detail}"),
    # the shape
    R.KEY_UNKNOWN: N_("Den Schlüssel „{key}“ kennt das Format hier nicht."),
    R.KEY_MISSING: N_("Der Schlüssel „{key}“ fehlt."),
    R.KEY_MALFORMED: N_("Der Name „{key}“ ist hier nicht erlaubt; verlangt ist: {wanted}."),
    R.GERMAN_MISSING: N_("Deutsch (de) fehlt."),
    R.TYPE_WRONG: N_("Hier steht eine andere Art von Wert als erwartet: {expected}."),
    R.DATE_WRONG: N_("Hier muss ein Datum stehen, ohne Anführungszeichen: 2026-01-31."),
    R.VALUE_NOT_ALLOWED: N_("„{value}“ ist hier nicht erlaubt; möglich sind: {allowed}."),
    R.VALUE_MALFORMED: N_("„{value}“ hat nicht die verlangte Form: {wanted}."),
    R.TEXT_EMPTY: N_("Der Text ist leer."),
    R.TEXT_TOO_LONG: N_("Der Text ist zu lang; erlaubt sind {wanted} Zeichen."),
    R.LIST_EMPTY: N_("Die Liste ist leer."),
    R.LIST_REPEATS: N_("In der Liste steht etwas zweimal."),
    R.NUMBER_OUT_OF_RANGE: N_("Die Zahl {value} ist hier zu klein oder zu groß (Grenze: {wanted})."),
    R.ENTRY_UNUSABLE: N_("Dieser Eintrag ist nicht zu gebrauchen: {detail}"),
    # the meaning
    R.APP_INCOMPATIBLE: N_(
        "Das Paket geht nicht mit dieser Programmversion ({version}); es verlangt ab {first}, vor {before}."
    ),
    R.RANGE_EMPTY: N_("Keine Programmversion liegt ab {first} und vor {before}."),
    R.DUPLICATE: N_("Den Namen „{name}“ gibt es schon."),
    R.LANGUAGE_UNDECLARED: N_("Die Sprache {language} steht nicht unter languages."),
    R.LANGUAGE_MISSING: N_("Der Text fehlt in der Sprache {language}, die das Paket unter languages nennt."),
    R.REPLACES_ITSELF: N_("Das Paket kann sich nicht selbst ersetzen."),
    R.APPEAL_UNKNOWN: N_(
        "Den Rechtsbehelf „{value}“ kennen die Landesprofile nicht; möglich sind: {allowed}."
    ),
    R.SCHEMA_INVALID: N_("Das ist kein gültiges JSON-Schema ({at}): {detail}"),
    R.SCHEMA_TOO_LARGE: N_("Ein Beispiel mit diesem Schema zu vergleichen, dauert zu lange."),
    R.EVIDENCE_UNKNOWN: N_("Den Nachweis „{name}“ gibt es nicht (Prüfpunkt {check})."),
    R.LEGAL_BASIS_UNKNOWN: N_(
        "Die Rechtsgrundlage „{name}“ gibt es nicht; ohne Norm mit Geltungszeit kein Brief."
    ),
    R.LEGAL_BASIS_NOT_IN_LAND: N_("Die Rechtsgrundlage „{name}“ hat keine Fassung für {land}."),
    R.FEE_UNKNOWN: N_("Die Gebühr „{name}“ gibt es nicht."),
    R.FEE_NOT_IN_LAND: N_("Die Gebühr „{name}“ hat keine Fassung für {land}."),
    R.DATES_REVERSED: N_("Das Ende ({until}) liegt nicht nach dem Anfang ({first})."),
    R.DATES_OVERLAP: N_("Für „{name}“ gelten ab {first} zwei Fassungen zugleich."),
    R.DATES_GAP: N_("Für „{name}“ gilt von {until} bis {first} keine Fassung."),
    R.BLANK_UNKNOWN: N_(
        "Die Lücke {blank} füllt niemand: Sie ist weder ein bekannter Name noch ein Pfad eines Formulars."
    ),
    R.BLANK_MALFORMED: N_("Geschweifte Klammern stehen nur um den Namen einer Lücke: {text}"),
    R.PATH_UNKNOWN: N_("Die Angabe „{field}“ kommt in keinem Schema und keinem Beispiel vor."),
    R.LABEL_MISSING: N_("Die Angabe „{field}“ steht im Bescheid und hat keine Bezeichnung."),
    # the samples
    R.SAMPLES_TOO_FEW: N_("Ein Paket braucht mindestens {least} Beispiele; hier: {count}."),
    R.SAMPLE_NOT_VALID: N_("Das Beispiel „{sample}“ passt nicht zum Schema (bei {at}): {detail}"),
    R.SAMPLE_WARNINGS: N_(
        "Das Beispiel „{sample}“ ({land}) weist auf anderes hin. Erwartet: {expected}; ist: {found}."
    ),
    R.SAMPLE_MISSING: N_(
        "Beim Beispiel „{sample}“ ({land}) fehlt anderes. Erwartet: {expected}; ist: {found}."
    ),
    R.SAMPLE_TEMPLATE_UNKNOWN: N_("Die Vorlage „{name}“ des Beispiels „{sample}“ gibt es nicht."),
    R.SAMPLE_CHECK_UNKNOWN: N_("„{name}“ im Beispiel „{sample}“ ist kein Prüfpunkt und kein Nachweis."),
    R.SAMPLE_BLANK: N_("Im Bescheid zum Beispiel „{sample}“ ({land}) bleibt die Lücke {blank} offen."),
    R.SAMPLE_FAILED: N_("Das Beispiel „{sample}“ ({land}) ließ sich nicht ausführen: {detail}"),
    # worth a second look
    R.CHECK_SILENT: N_("Der Prüfpunkt „{name}“ hat in keinem Beispiel ein Ergebnis."),
    R.CHECK_NEVER_OPEN: N_("Der Prüfpunkt „{name}“ weist in keinem Beispiel auf etwas hin."),
    R.LIST_IN_ONE_LAND: N_(
        "„{name}“ gilt nur in {land}, und eine Regel fragt danach; im anderen Land ist sie unbekannt."
    ),
    R.BURDEN_WITHOUT_HEARING: N_("Die Vorlage „{name}“ belastet, und niemand wird vorher angehört."),
    # the rules
    "rule-empty": N_("Hier steht keine Regel."),
    "rule-too-long": N_("Die Regel ist zu lang; erlaubt sind 500 Zeichen."),
    "rule-too-deep": N_("Die Regel ist zu tief verschachtelt; erlaubt ist Tiefe {most} (Zeichen {column})."),
    "rule-unexpected": N_("Mit „{found}“ geht die Regel hier nicht weiter (Zeichen {column})."),
    "rule-unfinished": N_("Die Regel ist nicht zu Ende geschrieben (Zeichen {column})."),
    "rule-text-open": N_("Ein Text in Anführungszeichen ist nicht geschlossen (Zeichen {column})."),
    "rule-no-date": N_("„{found}“ ist kein Tag des Kalenders (Zeichen {column})."),
    "rule-number-too-large": N_("Die Zahl {found} ist zu lang (Zeichen {column})."),
    "rule-unknown-function": N_(
        "Den Aufruf „{found}“ kennt die Sprache der Regeln nicht (Zeichen {column})."
    ),
    "rule-argument-count": N_(
        "„{function}“ braucht mindestens {least} und höchstens {most} Angaben (Zeichen {column})."
    ),
    "rule-argument-missing": N_("„{function}“ braucht mindestens eine Angabe (Zeichen {column})."),
    "rule-wrong-kind": N_("Hier gehört {wanted} hin, nicht {found} (Zeichen {column})."),
    "rule-wrong-word": N_("„{found}“ ist hier nicht erlaubt; möglich sind: {allowed} (Zeichen {column})."),
    "rule-element-outside": N_("„{found}“ steht außerhalb von every und some (Zeichen {column})."),
    "rule-nested-too-deep": N_("every und some stehen mehr als {most}-fach ineinander (Zeichen {column})."),
    "rule-unknown-rule": N_("Eine Regel „{name}“ gibt es nicht."),
    "rule-unknown-check": N_("Einen Prüfpunkt „{name}“ gibt es nicht."),
    "rule-unknown-evidence": N_("Einen Nachweis „{name}“ gibt es nicht."),
    "rule-unknown-list": N_("Eine Werteliste „{name}“ gibt es nicht."),
    "rule-unknown-limit": N_("Eine Zahl „{name}“ gibt es nicht."),
    "rule-cycle": N_("Diese Regeln fragen einander im Kreis: {names}."),
    "rule-chain-too-long": N_("Zu viele Regeln fragen hintereinander: {names}."),
    "rule-too-many-steps": N_("Die Regel könnte {steps} Schritte brauchen; erlaubt sind {most}."),
    "rule-too-many-rules": N_("Das Paket hat {count} Regeln; erlaubt sind {most}."),
}
_KINDS: Mapping[str, str] = {
    "truth": N_("ja oder nein"),
    "number": N_("eine Zahl"),
    "date": N_("ein Datum"),
    "text": N_("ein Text"),
    "value": N_("eine Angabe"),
    "path": N_("ein Pfad"),
    "rule": N_("eine Regel"),
    "count": N_("eine ganze Zahl"),
    "name": N_("ein Name in Anführungszeichen"),
    "word": N_("ein Wort in Anführungszeichen"),
}
_SUGGESTION = N_("Ist „{suggestion}“ gemeint?")
_TYPES: Mapping[str, str] = {
    "string": N_("ein Text"),
    "object": N_("eine Tabelle, etwa {{ name = … }}"),
    "words-by-language": N_('ein Text je Sprache, etwa {{ de = "…", en = "…" }}'),
    "array": N_("eine Liste"),
    "integer": N_("eine ganze Zahl"),
    "boolean": N_("true oder false"),
    "boolean-or-rule": N_("true, false oder eine Regel"),
}


def fault_sentence(fault: PackageFault) -> str:
    """Why, as a sentence; without the place."""
    params = dict(fault.params)
    kind = params.get("expected", "")
    if fault.reason == R.TYPE_WRONG and kind in _TYPES:
        params["expected"] = _(_TYPES[kind]).replace("{{", "{").replace("}}", "}")
    if fault.reason in (R.VALUE_MALFORMED, R.KEY_MALFORMED):
        params["wanted"] = form_words(params.get("wanted", ""))
    if fault.reason in (R.SAMPLE_NOT_VALID, R.SCHEMA_INVALID):
        params["detail"] = misfit_sentence(params)
    if fault.reason in (R.NOT_TOML, R.NOT_JSON):
        params["detail"] = reader_sentence(params.get("detail", ""))
    if fault.reason == "rule-wrong-kind":
        params = {name: _(_KINDS[value]) if value in _KINDS else value for name, value in params.items()}
    if fault.reason == R.FILE_MISSING:
        params.setdefault("name", fault.file)
    sentence = _(_SENTENCES[fault.reason]) if fault.reason in _SENTENCES else fault.reason
    if params.get("suggestion"):
        sentence = f"{sentence} {_(_SUGGESTION)}"
    for name, value in params.items():  # not format(): a blank of a template may stand in the value
        sentence = sentence.replace(f"{{{name}}}", value or "–")
    return sentence.strip()


def fault_line(fault: PackageFault) -> str:
    """Where and why, as one line: ``form.toml, Zeile 3: …``."""
    place = (
        fault.file
        if fault.line is None
        else _("{file}, Zeile {line}").format(file=fault.file, line=fault.line)
    )
    text = f"{place}: {fault_sentence(fault)}"
    return _("Hinweis – {text}").format(text=text) if fault.warning else text


def known_reasons() -> frozenset[str]:
    """Every reason there are words for."""
    return frozenset(map(str, _SENTENCES))
