"""A package's own copies of the forms' schemas, and whether a form fits one: within bounds, whoever wrote it.

Nothing is fetched. References are counted, because they can multiply what is to be looked at; patterns in
which a whole group repeats are not tried, because such ones can take for ever.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

_MOST_REFERENCES = 50_000
_MOST_ERRORS = 5
_LONGEST_SHOWN = 120
_COUNTING = frozenset({"minItems", "maxItems", "minProperties", "maxProperties"})
_REPEATED_GROUP = re.compile(r"\)[*+{]")


@dataclass(frozen=True)
class Misfit:
    """Where a value does not fit its schema, and why: ``problem`` is the schema's word for what it breaks
    (``required``, ``pattern`` …), ``wanted`` what that asks for, ``value`` what is there, ``detail`` the
    same in the checker's English, for problems nobody has words for."""

    at: str
    problem: str
    wanted: str
    value: str
    detail: str

    @property
    def params(self) -> dict[str, str]:
        """For a fault."""
        return {
            "at": self.at or "$",
            "problem": self.problem,
            "wanted": self.wanted,
            "value": self.value,
            "detail": self.detail,
        }


class SchemaTooLargeError(Exception):
    """Comparing with the schema would take too long."""


def schema_error(schema: object) -> Misfit | None:
    """Where and why this is no JSON schema of its own; None when it is one."""
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import SchemaError

    try:
        Draft202012Validator.check_schema(schema)
        foreign = next((each for each in _references(schema) if not each.startswith("#")), None)
    except SchemaError as error:
        return _misfit(error, "/")
    except RecursionError:
        return Misfit("", "", "", "", "")
    return None if foreign is None else Misfit("$ref", "foreign", "", foreign[:_LONGEST_SHOWN], "")


def form_errors(schema: Any, form: object) -> list[Misfit]:
    """Where and why a form does not fit, the first few.

    :raises SchemaTooLargeError: it would take too long to say
    """
    from jsonschema.exceptions import best_match

    try:
        found = sorted(_validator(schema).iter_errors(form), key=lambda error: list(map(str, error.path)))
        deepest = [best_match([error]) or error for error in found[:_MOST_ERRORS]]
    except RecursionError as error:
        raise SchemaTooLargeError from error
    return [_misfit(error, ".") for error in deepest]


def _misfit(error: Any, between: str) -> Misfit:
    problem, wanted, value = str(error.validator), error.validator_value, error.instance
    if problem == "required" and isinstance(value, dict):
        wanted = [key for key in wanted if key not in value]
    elif problem in ("additionalProperties", "unevaluatedProperties") and isinstance(value, dict):
        value = [key for key in value if key not in error.schema.get("properties", {})]
    elif problem in _COUNTING and isinstance(value, list | dict):
        value = len(value)
    at = between.join(map(str, error.absolute_path))
    return Misfit(at, problem, _said(wanted), _said(value), str(error.message)[:160])


def _said(value: object) -> str:
    """As it stands in JSON; several with commas."""
    if isinstance(value, list):
        text = ", ".join(map(_said, value))
    else:
        text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= _LONGEST_SHOWN else text[:_LONGEST_SHOWN] + "…"


def _validator(schema: Any) -> Any:
    from jsonschema import Draft202012Validator, FormatChecker, validators
    from referencing import Registry

    left = _MOST_REFERENCES
    plain = Draft202012Validator.VALIDATORS

    def counted(word: str) -> Any:
        def follow(validator: Any, value: Any, instance: Any, within: Any) -> Iterator[Any]:
            nonlocal left
            left -= 1
            if left < 0:
                raise SchemaTooLargeError
            yield from plain[word](validator, value, instance, within) or ()

        return follow

    def pattern(validator: Any, value: Any, instance: Any, within: Any) -> Iterator[Any]:
        if not _REPEATED_GROUP.search(value):
            yield from plain["pattern"](validator, value, instance, within) or ()

    def patterns(validator: Any, value: Any, instance: Any, within: Any) -> Iterator[Any]:
        tried = {each: below for each, below in value.items() if not _REPEATED_GROUP.search(each)}
        yield from plain["patternProperties"](validator, tried, instance, within) or ()

    words = {"$ref": counted("$ref"), "$dynamicRef": counted("$dynamicRef")}
    bounded = validators.extend(
        Draft202012Validator, {**words, "pattern": pattern, "patternProperties": patterns}
    )
    dates = FormatChecker(formats=("date",))
    return bounded(_without_dialects(schema), registry=Registry(), format_checker=dates)


def _without_dialects(node: Any) -> Any:
    """The schema without ``$schema``: naming a dialect again would choose an unbounded validator."""
    if isinstance(node, dict):
        return {
            key: _without_dialects(value)
            for key, value in node.items()
            if not (key in ("$schema", "$id") and isinstance(value, str))
        }
    return [_without_dialects(each) for each in node] if isinstance(node, list) else node


def _references(node: object) -> Iterator[str]:
    if isinstance(node, dict):
        for key, value in node.items():
            if key in ("$ref", "$dynamicRef") and isinstance(value, str):
                yield value
            yield from _references(value)
    elif isinstance(node, list):
        for value in node:
            yield from _references(value)
