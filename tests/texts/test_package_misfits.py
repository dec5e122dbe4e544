"""What does not fit a schema, and what is no TOML or JSON, is told in German."""

from __future__ import annotations

import json
import tomllib
from typing import Any

import pytest

from clerk_app.services.packages.schema_copies import form_errors
from clerk_app.texts.package_misfits import misfit_sentence, reader_sentence


@pytest.mark.parametrize(
    ("schema", "value", "words"),
    [
        ({"type": ["string", "null"]}, 3, "„3“ ist von anderer Art als verlangt: ein Text, leer (null)."),
        ({"required": ["a", "b"]}, {"a": 1}, "Es fehlt: b."),
        ({"enum": ["x", "y"]}, "z", "„z“ ist nicht erlaubt; möglich sind: x, y."),
        ({"pattern": "^[0-9]{5}$"}, "1", "„1“ hat nicht die Form ^[0-9]{5}$."),
        (
            {"properties": {"a": {}}, "additionalProperties": False},
            {"a": 1, "b": 2},
            "Im Schema kommt nicht vor: b.",
        ),
        ({"minItems": 2}, [1], "Die Liste hat 1 Einträge; mindestens 2 sind verlangt."),
        ({"format": "date"}, "morgen", "„morgen“ hat nicht die Form „date“."),
        ({"minimum": 1}, 0, "0 ist zu klein; mindestens 1."),
        ({"maxLength": 1}, "ab", "„ab“ ist zu lang; höchstens 1 Zeichen sind erlaubt."),
    ],
)
def test_a_misfit_is_told_in_german(schema: Any, value: Any, words: str) -> None:
    (misfit,) = form_errors(schema, value)
    assert misfit_sentence(misfit.params) == words


def test_a_problem_without_words_keeps_the_checkers() -> None:
    assert misfit_sentence({"problem": "newer", "detail": "odd"}) == "odd"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a 1", "Nach dem Schlüssel fehlt „=“. (Zeichen 3)"),
        ("a = x", "Hier steht kein Wert; Texte stehen in Anführungszeichen. (Zeichen 5)"),
        ("a = 1\na = 2", "Diesen Schlüssel gibt es in dieser Tabelle schon."),
        ("a = 'b\n", "Ein Text in Anführungszeichen ist nicht geschlossen."),
        ("a = { b = 1", "Die Tabelle ist nicht mit „}“ geschlossen, oder ein Komma fehlt."),
        ("ä = 1", "Hier beginnt weder ein Schlüssel noch eine Tabelle;"),
    ],
)
def test_bad_toml_is_told_in_german(text: str, words: str) -> None:
    with pytest.raises(tomllib.TOMLDecodeError) as caught:
        tomllib.loads(text)
    assert reader_sentence(str(caught.value)).startswith(words)


@pytest.mark.parametrize("text", ["", "{a}", '{"a" 1}', "[1 2]", "[1] 2", '"a', "[1,]"])
def test_bad_json_is_told_in_german(text: str) -> None:
    with pytest.raises(json.JSONDecodeError) as caught:
        json.loads(text)
    assert reader_sentence(caught.value.msg) != caught.value.msg
