"""Whether the files of a package have the shape the format's JSON schema asks for."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, time
from functools import lru_cache
from typing import Any

from clerk_app.domain.package import FaultReason as R
from clerk_app.domain.toml_lines import KeyPath
from clerk_app.services.packages.findings import Findings
from clerk_app.services.toml_values import resources_folder

SCHEMA_FILE = "service-package-1.schema.json"
_DAY_KEYS = frozenset({"valid_from", "valid_until", "arrived_on", "applied_on"})
_PLAIN: Mapping[str, R] = {
    "minLength": R.TEXT_EMPTY,
    "maxLength": R.TEXT_TOO_LONG,
    "minItems": R.LIST_EMPTY,
    "uniqueItems": R.LIST_REPEATS,
    "contains": R.GERMAN_MISSING,
    "minimum": R.NUMBER_OUT_OF_RANGE,
    "maximum": R.NUMBER_OUT_OF_RANGE,
    "pattern": R.VALUE_MALFORMED,
}
_LONGEST_SHOWN = 80


def judge_shape(trees: Mapping[str, Mapping[str, Any]], findings: Findings) -> None:
    """Adds what is wrong with the shape of the TOML files, and spoils it for further judging."""
    for file, tree in trees.items():
        plain = as_json(tree)
        for error in sorted(
            _validator(file).iter_errors(plain), key=lambda error: list(map(str, error.path))
        ):
            _told(file, error, findings)
        for path, value in _days(tree, ()):
            wanted = bool(path) and path[-1] in _DAY_KEYS
            if wanted and (not isinstance(value, date) or isinstance(value, datetime)):
                findings.add(file, path, R.DATE_WRONG, value=_shown(value))
                findings.spoil(file, path)
            elif not wanted:
                findings.add(file, path, R.TYPE_WRONG, expected="string")
                findings.spoil(file, path)


def as_json(node: object) -> Any:
    """A TOML value as JSON has it: days and times become ISO texts."""
    if isinstance(node, Mapping):
        return {key: as_json(value) for key, value in node.items()}
    if isinstance(node, list):
        return [as_json(value) for value in node]
    return node.isoformat() if isinstance(node, date | time) else node


@lru_cache(maxsize=1)
def format_schema() -> Mapping[str, Any]:
    """The schema of the format."""
    text = (resources_folder("schemas") / SCHEMA_FILE).read_text("utf-8")
    schema: Mapping[str, Any] = json.loads(text)
    return schema


@lru_cache(maxsize=16)
def _validator(file: str) -> Any:
    from jsonschema import Draft202012Validator, validators  # late: it costs more than reading a package
    from jsonschema.exceptions import ValidationError
    from referencing import Registry

    def pattern(_validator: object, wanted: str, text: object, _schema: object) -> Iterator[ValidationError]:
        # "$" of Python's expressions also stands before a line break at the end; a schema's does not
        if isinstance(text, str) and (text.endswith("\n") or not re.search(wanted, text)):
            yield ValidationError(f"{text!r} does not match {wanted!r}")

    schema = format_schema()
    whole = {"$defs": schema["$defs"], **schema["properties"][file]}
    strict = validators.extend(Draft202012Validator, {"pattern": pattern})
    return strict(whole, registry=Registry())


def _told(file: str, error: Any, findings: Findings) -> None:
    path: KeyPath = tuple(error.absolute_path)
    kind, wanted, found = error.validator, error.validator_value, error.instance
    if "propertyNames" in error.absolute_schema_path:
        findings.add(file, (*path, found), R.KEY_MALFORMED, key=_shown(found), wanted=_limit(wanted))
        findings.spoil(file, (*path, found))
        return
    if kind == "required":
        for key in wanted:
            if key not in found:
                reason = R.GERMAN_MISSING if key == "de" else R.KEY_MISSING
                findings.add(file, path, reason, key=key)
        if path:  # a whole file is not given up for one key
            findings.spoil(file, path)
        return
    if kind == "additionalProperties":
        known = error.schema.get("properties", {})
        for key in found:
            if key not in known:
                _unknown_key(file, (*path, key), known, findings)
        return  # what else stands there keeps its meaning
    findings.spoil(file, path)
    if path and path[-1] in _DAY_KEYS:
        findings.add(file, path, R.DATE_WRONG, value=_shown(found))
    elif kind in ("type", "anyOf"):
        expected = wanted if kind == "type" else "boolean-or-rule"
        if "de" in error.schema.get("required", ()):
            expected = "words-by-language"
        findings.add(file, path, R.TYPE_WRONG, expected=expected)
    elif kind in ("enum", "const"):
        allowed = wanted if kind == "enum" else [wanted]
        findings.add(
            file, path, R.VALUE_NOT_ALLOWED, value=_shown(found), allowed=", ".join(map(str, allowed))
        )
    else:
        findings.add(
            file, path, _PLAIN.get(kind, R.VALUE_MALFORMED), value=_shown(found), wanted=_limit(wanted)
        )


def _unknown_key(file: str, path: KeyPath, known: Iterable[str], findings: Findings) -> None:
    key = str(path[-1])
    close = difflib.get_close_matches(key, sorted(known), 1, 0.6)
    suggestion = close[0] if close else ""
    findings.add(file, path, R.KEY_UNKNOWN, key=_shown(key), suggestion=suggestion)


def _days(node: object, path: KeyPath) -> Iterator[tuple[KeyPath, object]]:
    """What is a day or a time, or stands where a day belongs and is a text that looks like one."""
    if isinstance(node, Mapping):
        for key, value in node.items():
            yield from _days(value, (*path, key))
    elif isinstance(node, list):
        for number, value in enumerate(node):
            yield from _days(value, (*path, number))
    elif isinstance(node, date | time) or (path and path[-1] in _DAY_KEYS and isinstance(node, str)):
        yield path, node


def _limit(wanted: object) -> object:
    return wanted if isinstance(wanted, int | str) else ""


def _shown(value: object) -> str:
    text = "".join(letter if letter.isprintable() else "?" for letter in str(value))
    return text if len(text) <= _LONGEST_SHOWN else text[:_LONGEST_SHOWN] + "…"
