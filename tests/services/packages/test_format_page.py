"""The format's page cannot drift from what the program reads: its examples are read, and its limits are the
program's."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pytest

from clerk_app.domain.package import FaultReason
from clerk_app.services.packages.files import (
    LARGEST_FILE_BYTES,
    LARGEST_PACKAGE_BYTES,
    MOST_FILES,
    TOML_FILES,
)
from clerk_app.services.packages.findings import Findings
from clerk_app.services.packages.shape import format_schema, judge_shape
from clerk_app.services.rules.language import parse_rule
from clerk_app.services.state_profile import load_state
from clerk_app.services.toml_values import resources_folder

PAGE = (resources_folder("packages") / "FORMAT.md").read_text("utf-8")
_SECTION = re.compile(r"^## \d+\. (.*)$", re.M)
_TOML = re.compile(r"^```toml\n(.*?)^```$", re.M | re.S)
_FILE = re.compile(r"`([a-z]+\.toml)`")


def examples() -> Iterator[tuple[str, str]]:
    """Each example with the file it belongs to: the one its section names at that place."""
    starts = [*(found.start() for found in _SECTION.finditer(PAGE)), len(PAGE)]
    for start, end in pairwise(starts):
        section = PAGE[start:end]
        title = section.partition("\n")[0]
        files = _FILE.findall(title)
        for number, text in enumerate(_TOML.findall(section)):
            yield files[min(number, len(files) - 1)], text


EXAMPLES = list(examples())


def test_every_file_of_a_package_has_an_example() -> None:
    assert {file for file, _text in EXAMPLES} == set(TOML_FILES)


@pytest.mark.parametrize(("file", "text"), EXAMPLES, ids=[file for file, _text in EXAMPLES])
def test_an_example_is_valid(file: str, text: str) -> None:
    findings = Findings({file: text})
    judge_shape({file: tomllib.loads(text)}, findings)
    assert findings.all() == ()


@pytest.mark.parametrize(("file", "text"), EXAMPLES, ids=[file for file, _text in EXAMPLES])
def test_the_rules_of_an_example_can_be_read(file: str, text: str) -> None:
    for rule in _rules(tomllib.loads(text)):
        parse_rule(rule)


@pytest.mark.parametrize("file", TOML_FILES)
def test_the_page_shows_every_key_of_a_file(file: str) -> None:
    """A key nobody can learn of might as well not exist."""
    text = "".join(text for each, text in EXAMPLES if each == file)
    schema = format_schema()
    for key in _keys(schema, schema["properties"][file]):
        assert re.search(rf"\b{re.escape(key)}\b", text), key


def test_the_limits_of_the_page_are_the_programs() -> None:
    assert f"Grenzen: {MOST_FILES} Dateien" in PAGE
    assert f"{LARGEST_FILE_BYTES // 1_000_000} MB je Datei" in PAGE
    assert f"{LARGEST_PACKAGE_BYTES // 1_000_000} MB im Ganzen" in PAGE


def test_the_page_names_everything_of_the_base() -> None:
    base = tomllib.loads((resources_folder("packages") / "base.toml").read_text("utf-8"))
    section = PAGE[PAGE.index("\nPrüfpunkte der Grundlage") :]
    named = set(re.findall(r"`([a-z-]+)`", section.partition("\n\n")[0]))
    tables = ("check", "id"), ("evidence", "key"), ("template", "name"), ("legal_basis", "key")
    assert named - {"warnings"} == {item[key] for table, key in tables for item in base[table]}


def test_the_page_names_the_defaults_of_the_base() -> None:
    base = tomllib.loads((resources_folder("packages") / "base.toml").read_text("utf-8"))
    text = " ".join(PAGE.split())
    for key, value in {**base["procedure"], **base["deadlines"]}.items():
        shown = {"True": "true", "False": "false"}.get(str(value), str(value))
        assert f"`{key} = {shown if not isinstance(value, str) else json.dumps(value)}`" in text, key


def test_the_page_names_every_appeal() -> None:
    start = PAGE.index("\n`appeal`: ")
    named = set(re.findall(r"`([a-z-]+)`", PAGE[start:].partition("\n\n")[0])) - {"appeal"}
    for land in ("BW", "SN"):
        assert named == {each.kind for each in load_state(land).appeals}


def test_an_example_with_a_mistake_would_be_found() -> None:
    file, text = EXAMPLES[0]
    text = text.replace('version = "', 'vershion = "', 1)
    findings = Findings({file: text})
    judge_shape({file: tomllib.loads(text)}, findings)
    line = 1 + text[: text.index("vershion")].count("\n")
    assert {(fault.reason, fault.line) for fault in findings.all()} == {
        (FaultReason.KEY_UNKNOWN, line),
        (FaultReason.KEY_MISSING, None),
    }


def _rules(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        for key, value in node.items():
            if key in ("rule", "when") and isinstance(value, str):
                yield value
            else:
                yield from _rules(value)
    elif isinstance(node, list):
        for value in node:
            yield from _rules(value)


def _keys(schema: Any, node: Any) -> Iterator[str]:
    """The names of all properties below a schema, through its references."""
    if isinstance(node, list):
        for each in node:
            yield from _keys(schema, each)
    if not isinstance(node, dict):
        return
    if "$ref" in node:
        yield from _keys(schema, schema["$defs"][node["$ref"].rpartition("/")[2]])
    for name, value in node.get("properties", {}).items():
        yield name
        yield from _keys(schema, value)
    for word in ("items", "additionalProperties", "allOf", "anyOf"):
        yield from _keys(schema, node.get(word))
