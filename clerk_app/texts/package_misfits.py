"""What does not fit a schema, and what is no TOML or JSON, in words: for the authors of service packages."""

from __future__ import annotations

import re
from collections.abc import Mapping

from clerk_app.texts.catalogue import N_
from clerk_app.texts.catalogue import gettext as _

#: The forms the format's schema asks for, by its pattern.
_FORMS: Mapping[str, str] = {
    "^99[0-9]{12}$": N_("14 Ziffern, beginnend mit 99"),
    "^[a-z][a-z0-9+.-]*:[^\\s]+$": N_("eine Adresse wie https://… oder urn:…"),
    "^schemas/[A-Za-z0-9][A-Za-z0-9._-]{0,99}\\.json$": N_("eine Datei unter schemas/, die auf .json endet"),
    "^samples/[A-Za-z0-9][A-Za-z0-9._-]{0,99}\\.json$": N_("eine Datei unter samples/, die auf .json endet"),
    "^[a-z]+/[a-z0-9.+-]+$": N_("ein Medientyp wie application/pdf"),
    "^(0|[1-9][0-9]{0,8})\\.[0-9]{2}$": N_('ein Betrag als Text mit Punkt und zwei Stellen, etwa "12.50"'),
    "^-?(0|[1-9][0-9]{0,11})(\\.[0-9]{1,6})?$": N_('eine Zahl als Text, mit Punkt, etwa "22300" oder "0.5"'),
    "^[0-9a-f]{64}$": N_("64 Zeichen aus 0–9 und a–f"),
    "^[A-Za-z0-9+/]{86}==$": N_("eine Signatur in Base64"),
    "^[a-z0-9]+([.-][a-z0-9]+)*$": N_("Kleinbuchstaben und Ziffern, dazwischen Punkt oder Bindestrich"),
    "^(0|[1-9][0-9]{0,5})\\.(0|[1-9][0-9]{0,5})\\.(0|[1-9][0-9]{0,5})$": N_("drei Zahlen wie 1.0.0"),
    "^[a-z0-9]+([._-][a-z0-9]+)*$": N_(
        "Kleinbuchstaben und Ziffern, dazwischen Punkt, Bindestrich oder Unterstrich"
    ),
    "^[a-z]{2,3}$": N_("ein Sprachkürzel wie de, en, hsb"),
    "^[0-9]{4}-[0-9]{2}-[0-9]{2}$": N_("ein Datum wie 2026-01-31"),
    "^[^\\s]+$": N_("ein Pfad ohne Leerzeichen"),
}
#: What a value breaks, by the word of JSON Schema.
_PROBLEMS: Mapping[str, str] = {
    "type": N_("„{value}“ ist von anderer Art als verlangt: {wanted}."),
    "required": N_("Es fehlt: {wanted}."),
    "enum": N_("„{value}“ ist nicht erlaubt; möglich sind: {wanted}."),
    "const": N_("„{value}“ ist nicht erlaubt; verlangt ist: {wanted}."),
    "pattern": N_("„{value}“ hat nicht die Form {wanted}."),
    "format": N_("„{value}“ hat nicht die Form „{wanted}“."),
    "additionalProperties": N_("Im Schema kommt nicht vor: {value}."),
    "unevaluatedProperties": N_("Im Schema kommt nicht vor: {value}."),
    "propertyNames": N_("Der Name „{value}“ ist nicht erlaubt."),
    "minItems": N_("Die Liste hat {value} Einträge; mindestens {wanted} sind verlangt."),
    "maxItems": N_("Die Liste hat {value} Einträge; höchstens {wanted} sind erlaubt."),
    "uniqueItems": N_("In der Liste steht etwas zweimal."),
    "contains": N_("In der Liste fehlt ein Eintrag der verlangten Art."),
    "minProperties": N_("Hier stehen {value} Angaben; mindestens {wanted} sind verlangt."),
    "maxProperties": N_("Hier stehen {value} Angaben; höchstens {wanted} sind erlaubt."),
    "minLength": N_("„{value}“ ist zu kurz; mindestens {wanted} Zeichen sind verlangt."),
    "maxLength": N_("„{value}“ ist zu lang; höchstens {wanted} Zeichen sind erlaubt."),
    "minimum": N_("{value} ist zu klein; mindestens {wanted}."),
    "maximum": N_("{value} ist zu groß; höchstens {wanted}."),
    "exclusiveMinimum": N_("{value} ist zu klein; größer als {wanted}."),
    "exclusiveMaximum": N_("{value} ist zu groß; kleiner als {wanted}."),
    "multipleOf": N_("{value} ist kein Vielfaches von {wanted}."),
    "oneOf": N_("Der Wert passt zu keiner oder zu mehreren der Möglichkeiten des Schemas."),
    "anyOf": N_("Der Wert passt zu keiner der Möglichkeiten des Schemas."),
    "not": N_("Der Wert ist vom Schema ausgeschlossen."),
    "if": N_("Der Wert erfüllt die Bedingung des Schemas nicht."),
    "dependentRequired": N_("Zu einer Angabe fehlt eine andere, die das Schema dann verlangt."),
    "foreign": N_("„{value}“ führt aus der Datei hinaus; abgerufen wird nichts."),
    "": N_("Das Schema ist zu tief verschachtelt."),
}
_KINDS: Mapping[str, str] = {
    "string": N_("ein Text"),
    "object": N_("eine Gruppe"),
    "array": N_("eine Liste"),
    "integer": N_("eine ganze Zahl"),
    "number": N_("eine Zahl"),
    "boolean": N_("true oder false"),
    "null": N_("leer (null)"),
}
#: How the readers of TOML and JSON begin what they say.
_READERS: Mapping[str, str] = {
    "Expected '=' after": N_("Nach dem Schlüssel fehlt „=“."),
    "Expected newline or end of document": N_(
        "Nach dem Wert geht die Zeile weiter; fehlen Anführungszeichen?"
    ),
    "Expected ']]'": N_("Der Kopf der Tabelle endet nicht mit „]]“."),
    "Expected ']'": N_("Der Kopf der Tabelle endet nicht mit „]“."),
    "Cannot overwrite": N_("Diesen Schlüssel gibt es in dieser Tabelle schon."),
    "Cannot declare": N_("Diese Tabelle gibt es schon."),
    "Cannot mutate": N_("Diese Tabelle ist schon abgeschlossen."),
    "Duplicate inline table key": N_("Diesen Schlüssel gibt es in dieser Tabelle schon."),
    "Invalid initial character": N_(
        "So beginnt kein Schlüssel; Namen mit Umlaut stehen in Anführungszeichen."
    ),
    "Invalid statement": N_(
        "Hier beginnt weder ein Schlüssel noch eine Tabelle; Namen mit Umlaut stehen in Anführungszeichen."
    ),
    "Invalid value": N_("Hier steht kein Wert; Texte stehen in Anführungszeichen."),
    "Invalid date": N_("Diesen Tag gibt es nicht."),
    "Unclosed array": N_("Die Liste ist nicht mit „]“ geschlossen, oder ein Komma fehlt."),
    "Unclosed inline table": N_("Die Tabelle ist nicht mit „}}“ geschlossen, oder ein Komma fehlt."),
    "Unterminated string": N_("Ein Text in Anführungszeichen ist nicht geschlossen."),
    'Expected "\'"': N_("Ein Text in Anführungszeichen ist nicht geschlossen."),
    "Illegal character": N_("Dieses Zeichen ist hier nicht erlaubt; ist ein Text nicht geschlossen?"),
    "Found invalid character": N_("Dieses Zeichen ist hier nicht erlaubt."),
    "Unescaped": N_("Ein „\\“ in doppelten Anführungszeichen wird „\\\\“ geschrieben."),
    "Expecting value": N_("Hier fehlt ein Wert."),
    "Expecting ',' delimiter": N_("Hier fehlt ein Komma oder das Ende."),
    "Expecting ':' delimiter": N_("Hier fehlt ein Doppelpunkt."),
    "Expecting property name": N_(
        "Hier fehlt ein Name in doppelten Anführungszeichen; ist ein Komma zu viel?"
    ),
    "Illegal trailing comma": N_("Vor dem Ende steht ein Komma zu viel."),
    "Invalid control character": N_("In einem Text steht ein Zeilenumbruch oder Steuerzeichen."),
    "Invalid \\": N_("In einem Text steht ein „\\“, dem nichts Bekanntes folgt."),
    "Extra data": N_("Nach dem Ende steht noch etwas."),
}
_PLACE = re.compile(r"\s*\(at (?:line \d+, column (\d+)|end of document)\)$")


def form_words(pattern: str) -> str:
    """A form of the format's schema in words; the pattern itself where there are none."""
    return _(_FORMS[pattern]) if pattern in _FORMS else pattern


def misfit_sentence(params: Mapping[str, str]) -> str:
    """What does not fit a schema, out of a fault's ``problem``, ``wanted`` and ``value``."""
    problem, wanted = params.get("problem", ""), params.get("wanted", "")
    if problem not in _PROBLEMS:
        return params.get("detail", "")
    if problem == "type":
        wanted = ", ".join(_(_KINDS[kind]) if kind in _KINDS else kind for kind in wanted.split(", "))
    words = _(_PROBLEMS[problem])
    return words.replace("{wanted}", wanted).replace("{value}", params.get("value", ""))


def reader_sentence(detail: str) -> str:
    """What the reader of TOML or JSON met, with the column where it tells one; its own words at worst."""
    found = _PLACE.search(detail)
    said = detail[: found.start()] if found else detail
    for start, words in _READERS.items():
        if said.startswith(start):
            said = _(words).replace("}}", "}")
            break
    column = found.group(1) if found else None
    return _("{said} (Zeichen {column})").format(said=said, column=column) if column else said
