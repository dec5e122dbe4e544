"""The state profiles that ship: what the schema says, and that at most one entry holds at a time."""

from __future__ import annotations

import json
import tomllib
from collections import defaultdict
from copy import deepcopy
from datetime import date
from itertools import pairwise
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from clerk_app.services.letter_law import load_letter_law
from clerk_app.services.toml_values import resources_folder

FOLDER = resources_folder("states")
LANDS = ("bw", "sn", "de")
SCHEMA = json.loads((resources_folder("schemas") / "state-profile-1.schema.json").read_text("utf-8"))
VALIDATOR = Draft202012Validator(SCHEMA, format_checker=FormatChecker())
NAMED_BY = {
    "notification": ("law", "way"),
    "appeal": ("kind",),
    "fiction": (),
    "act": ("law",),
    "hearing": ("law",),
    "court": ("ars",),
    "supervision": ("ars",),
    "language": ("code",),
}


def profile(land: str) -> dict[str, Any]:
    """A profile as JSON knows it: days are text."""
    tree = tomllib.loads((FOLDER / f"{land}.toml").read_text("utf-8"))
    found: dict[str, Any] = json.loads(json.dumps(tree, default=lambda day: day.isoformat()))
    return found


def overlaps(tree: dict[str, Any]) -> list[str]:
    """Entries of one kind that hold on the same day."""
    found = []
    for section, keys in NAMED_BY.items():
        times: dict[tuple[str, ...], list[tuple[date, date]]] = defaultdict(list)
        for item in tree.get(section, ()):
            first = date.fromisoformat(item["valid_from"])
            until = date.fromisoformat(item["valid_until"]) if "valid_until" in item else date.max
            times[tuple(item[key] for key in keys)].append((first, until))
        for name, spans in times.items():
            spans.sort()
            found += [f"{section} {name}" for (_, end), (begin, _) in pairwise(spans) if begin < end]
            found += [f"{section} {name}: ends before it begins" for begin, end in spans if end <= begin]
    return found


def test_every_section_is_looked_at() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    assert set(NAMED_BY) == set(SCHEMA["properties"]) - {"name", "ways"}
    documented = (FOLDER / "README.md").read_text("utf-8")
    assert all(f"| `[[{section}]]` |" in documented for section in NAMED_BY)
    assert {path.stem for path in FOLDER.glob("*.toml")} == set(LANDS)


@pytest.mark.parametrize("land", LANDS)
def test_the_profiles_are_what_the_schema_says_and_do_not_overlap(land: str) -> None:
    tree = profile(land)
    VALIDATOR.validate(tree)
    assert overlaps(tree) == []


@pytest.mark.parametrize(
    ("section", "changes"),
    [
        ("notification", {"day": 0}),
        ("notification", {"way": "pigeon"}),
        ("notification", {"basis": "irgendwo"}),
        ("notification", {"months": 1}),
        ("notification", {"valid_from": "1.1.1977"}),
        ("appeal", {"months": -1}),
        ("appeal", {"text": ""}),
        ("appeal", {"surprise": 1}),
        ("hearing", {"refusal": "maybe"}),
        ("court", {"ars": "X"}),
        ("act", {"name": ""}),
    ],
)
def test_the_schema_refuses_what_it_does_not_describe(section: str, changes: dict[str, object]) -> None:
    tree = profile("bw")
    tree[section][0].update(changes)
    assert not VALIDATOR.is_valid(tree)


def test_an_overlap_is_found() -> None:
    tree = profile("sn")
    twice = deepcopy(tree["notification"][1])
    twice["valid_from"] = "2025-06-01"
    tree["notification"].append(twice)
    assert overlaps(tree) == ["notification ('VwVfG', 'letter')"]
    tree["notification"][-1]["valid_until"] = "2025-05-01"
    assert any("ends before" in each for each in overlaps(tree))


@pytest.mark.parametrize("land", ["BW", "SN"])
def test_both_laender_name_act_court_and_supervision_for_their_authorities(land: str) -> None:
    law = load_letter_law(land)
    on, ars = date(2026, 3, 1), {"BW": "081110000000", "SN": "146250999000"}[land]
    court, supervision = law.court(ars, on), law.supervision(ars, on)
    assert court is not None
    assert supervision is not None
    assert (court.assumed, supervision.assumed) == (True, True)
    assert (
        supervision.place
        == {
            "BW": "Regierungspräsidium Stuttgart mit Sitz in Stuttgart",
            "SN": "Landesdirektion Sachsen mit Sitz in Chemnitz",
        }[land]
    )
    assert law.supervision("091110000000", on) is None
    assert all(item.name for item in law.acts)
