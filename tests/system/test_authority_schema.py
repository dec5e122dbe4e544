"""The parameters' schema, their page and the practice authorities' files agree with what is read."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from clerk_app.domain.errors import ClerkError
from clerk_app.sandbox.authorities import AUTHORITIES
from clerk_app.sandbox.parameters import parameters_of
from clerk_app.system.authority_file import parse_parameters
from tests.system.test_authority_file import ARS, GOOD, PATH

RESOURCES = Path(__file__).resolve().parents[2] / "resources"
PAGE = (RESOURCES / "packages" / "BEHOERDE.md").read_text("utf-8")
SCHEMA = json.loads((RESOURCES / "schemas" / "authority-parameters-1.schema.json").read_text("utf-8"))
VALIDATOR = Draft202012Validator(SCHEMA, format_checker=FormatChecker())
EXAMPLES = [
    text for text in re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL) if text.startswith("format = 1")
]


def tree_of(text: str) -> dict[str, Any]:
    """A parameters file as JSON knows it: days are text."""
    found: dict[str, Any] = json.loads(json.dumps(tomllib.loads(text), default=date.isoformat))
    return found


@pytest.mark.parametrize("text", [GOOD, *EXAMPLES])
def test_what_is_read_is_what_the_schema_says(text: str) -> None:
    VALIDATOR.validate(tree_of(text))
    assert parse_parameters(text.encode(), PATH, ARS).ars == ARS


@pytest.mark.parametrize("plan", AUTHORITIES, ids=lambda plan: plan.short)
def test_the_practice_authorities_supply_what_the_schema_says(plan: Any) -> None:
    content = parameters_of(plan.short)
    VALIDATOR.validate(tree_of(content.decode()))
    found = parse_parameters(content, PATH, plan.ars)
    assert found.outdated(date(2026, 6, 1)) == ()
    assert all("example" in each.office.email for each in found.directory), "nobody real"
    assert found.office.bank is not None
    assert found.value("dog-tax-first", date(2026, 6, 1)) in (Decimal(108), Decimal(60))


def test_the_page_shows_every_key() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    assert len(EXAMPLES) == 2
    shown = set(_keys(tree_of(EXAMPLES[0])))
    assert shown == set(_described(SCHEMA)), "the complete example is complete"


def _keys(tree: object) -> Iterator[str]:
    if isinstance(tree, dict):
        for key, value in tree.items():
            yield key
            yield from _keys(value)
    if isinstance(tree, list):
        for item in tree:
            yield from _keys(item)


def _described(schema: object) -> Iterator[str]:
    if isinstance(schema, dict):
        properties = schema.get("properties")
        if isinstance(properties, dict):
            yield from properties
        for value in schema.values():
            yield from _described(value)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("format = 1", "format = 2"),
        ('ars = "081110000000"', 'ars = "08111"'),
        ('postcodes = ["70999"]', 'postcodes = ["7099"]'),
        ('"https://musterhausen.example/impressum"', '"http://a.example"'),
        ("payment_days = 30", "payment_days = 0"),
        ('name = "parking-zones"', 'name = "Zonen"'),
        ("value = 3", "value = true"),
        ('value = "kostenfrei"', 'value = "kostenfrei"\npackage = "de.a"'),
        ("valid_until = 2027-01-01", 'valid_until = "bald"'),
        ("valid_from = 2026-01-01\nvalid_until", "valid_until"),
        ('euros = "12.50"', 'euros = "12,50"'),
        ('leika_key = "99102013104000"', 'leika_key = "9910201310400"'),
        ('unit = "week"', 'unit = "fortnight"'),
        ("maxDuration = 2", "maxDuration = 0"),
        ("answer_days = 21", "answer_days = 400"),
        ("four_eyes = true", 'four_eyes = "ja"'),
        ("destinationShortName", "destinationShortname"),
        ('houseNumber = "1"', 'housenumber = "1"'),
        ("tel = ", "phone = "),
        ("[[directory]]", "[[directroy]]"),
        ('zip = "70997"', 'zip = "1"'),
    ],
)
def test_schema_and_program_refuse_the_same(old: str, new: str) -> None:
    assert old in GOOD
    text = GOOD.replace(old, new, 1)
    assert not VALIDATOR.is_valid(tree_of(text))
    with pytest.raises(ClerkError):
        parse_parameters(text.encode(), PATH, ARS)
