"""Schemas out of packages are followed within bounds, and the fields they know are found."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from clerk_app.domain.package import FaultReason as R
from clerk_app.services.packages.lint import lint
from clerk_app.services.packages.paths import KnownPaths
from clerk_app.services.packages.schema_copies import SchemaTooLargeError, form_errors, schema_error
from tests.services.packages.small import APP, small_files, write

DIALECT = "https://json-schema.org/draft/2020-12/schema"
#: Each asks the next twice: 2^40 looks at one value.
DOUBLING = {
    "$schema": DIALECT,
    "$ref": "#/$defs/d0",
    "$defs": {
        **{f"d{n}": {"allOf": [{"$ref": f"#/$defs/d{n + 1}"}] * 2} for n in range(40)},
        "d40": {"type": "object"},
    },
}
ENDLESS = {"$schema": DIALECT, "allOf": [{"$ref": "#"}, {"$ref": "#"}]}


@pytest.mark.parametrize("schema", [DOUBLING, ENDLESS])
def test_a_schema_that_multiplies_is_given_up(schema: Any) -> None:
    assert schema_error(schema) is None
    with pytest.raises(SchemaTooLargeError):
        form_errors(schema, {})
    assert not KnownPaths((), [schema])


def test_a_package_with_such_a_schema_is_refused(tmp_path: Path) -> None:
    files = small_files()
    own = json.loads(files["schemas/marktstand.json"])
    files["schemas/marktstand.json"] = json.dumps({**own, **DOUBLING})
    faults = lint(write(tmp_path, files), APP)
    assert {(fault.file, fault.reason) for fault in faults} == {
        ("schemas/marktstand.json", R.SCHEMA_TOO_LARGE)
    }


def test_a_pattern_that_takes_for_ever_is_not_tried() -> None:
    schema = {"type": "object", "properties": {"a": {"type": "string", "pattern": "^(a+)+$"}}}
    assert form_errors(schema, {"a": "a" * 5_000 + "!"}) == []
    keys = {"patternProperties": {"^(a+)+$": {"type": "string"}}}
    assert form_errors(keys, {"a" * 5_000 + "!": 1}) == []
    plain = {"properties": {"a": {"pattern": "^[0-9]{5}$"}}}
    assert [each.at for each in form_errors(plain, {"a": "1"})] == ["a"]


def test_references_within_a_schema_are_followed() -> None:
    schema = {
        "$schema": DIALECT,
        "$id": "https://beispiel.example/x.json",
        "properties": {"a": {"$ref": "#/$defs/a"}, "liste": {"items": {"$ref": "#/$defs/a"}}},
        "$defs": {"a": {"type": "object", "properties": {"tag": {"format": "date", "type": "string"}}}},
    }
    assert schema_error(schema) is None
    assert form_errors(schema, {"a": {"tag": "2026-01-31"}}) == []
    wrong = form_errors(schema, {"a": {"tag": "31.1.2026"}, "liste": [{}, {"tag": 1}]})
    assert [each.at for each in wrong] == ["a.tag", "liste.1.tag"]
    paths = KnownPaths((), [schema])
    assert all(map(paths.has, ("a.tag", "liste.tag", "liste.*.tag", "liste.0.tag", "**.tag", "A.TAG")))
    assert not any(map(paths.has, ("tag", "a.b", "**.b")))
    assert paths.has_exactly("a.tag")
    assert not paths.has_exactly("A.Tag")


@pytest.mark.parametrize(
    ("schema", "at"),
    [
        ({"type": "objekt"}, "type"),
        ({"properties": {"a": {"pattern": "("}}}, "properties/a/pattern"),
        ({"$ref": "https://beispiel.example/other.json"}, "$ref"),
        ([], ""),
    ],
)
def test_what_is_no_schema_of_its_own_is_told(schema: Any, at: str) -> None:
    error = schema_error(schema)
    assert error is not None
    assert error.at == at
