"""Group policy templates and the sample file: made from the one table, whole, and read back as they are
meant."""

from __future__ import annotations

import importlib.util
import re
import tomllib
from pathlib import Path
from types import ModuleType
from xml.etree import ElementTree as ET

import pytest

from clerk_app.system.policy import WINDOWS_KEY, policy_of
from clerk_app.system.policy_keys import KEYS

HERE = Path(__file__).resolve().parents[2] / "packaging" / "policy"
NS = {"p": "http://schemas.microsoft.com/GroupPolicy/2006/07/PolicyDefinitions"}
CULTURES = ("de-DE", "en-US")


@pytest.fixture(scope="module")
def maker() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_templates", HERE / "make_templates.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def admx() -> ET.Element:
    return ET.parse(HERE / "Amtsstube.admx").getroot()


def adml(culture: str) -> ET.Element:
    return ET.parse(HERE / culture / "Amtsstube.adml").getroot()


def test_nothing_is_older_than_the_table(maker: ModuleType) -> None:
    stale = [path.name for path, text in maker.files().items() if path.read_text(encoding="utf-8") != text]
    assert stale == [], "run packaging/policy/make_templates.py"


@pytest.mark.parametrize("culture", CULTURES)
def test_every_reference_leads_somewhere(admx: ET.Element, culture: str) -> None:
    words = adml(culture)
    strings = {each.get("id") for each in words.iterfind(".//p:string", NS)}
    shapes = {each.get("id"): each for each in words.iterfind(".//p:presentation", NS)}
    text = (HERE / "Amtsstube.admx").read_text(encoding="utf-8")
    assert set(re.findall(r"\$\(string\.(\w+)\)", text)) == strings
    assert set(re.findall(r"\$\(presentation\.(\w+)\)", text)) == set(shapes)
    categories = {each.get("name") for each in admx.iterfind(".//p:category", NS)}
    assert {each.get("ref") for each in admx.iterfind(".//p:parentCategory", NS)} <= categories
    for policy in admx.iterfind(".//p:policy", NS):
        inside = [each.get("id") for each in policy.iterfind("p:elements/*", NS)]
        shape = shapes.get(policy.get("name"))
        assert inside == ([] if shape is None else [each.get("refId") for each in shape])
        order = [each.tag.rpartition("}")[2] for each in policy]
        assert order == [each for each in _ORDER if each in order], "the schema wants this order"


_ORDER = ("parentCategory", "supportedOn", "enabledValue", "disabledValue", "elements")


def test_german_and_english_differ() -> None:
    german, english = (
        {each.get("id"): each.text for each in adml(culture).iterfind(".//p:string", NS)}
        for culture in CULTURES
    )
    assert german["review_four_eyes"] == "Vier-Augen-Prinzip"
    assert english["review_four_eyes"] == "Four-eyes principle"
    helps = [name for name in german if name and name.endswith("_Help")]
    assert len(helps) == len(KEYS)
    assert [name for name in helps if german[name] == english[name]] == []


def test_what_a_group_policy_writes_is_what_the_program_reads(admx: ET.Element) -> None:
    tree: dict[str, dict[str, object]] = {}
    for policy in admx.iterfind(".//p:policy", NS):
        place = policy.get("key", "")
        assert place.startswith(f"{WINDOWS_KEY}\\")
        section = tree.setdefault(place.rpartition("\\")[2], {})
        name = policy.get("valueName")
        if name is not None:
            value = policy.find("p:disabledValue/p:decimal", NS)
            assert value is not None
            section[name] = int(value.get("value", ""))
        for element in policy.iterfind("p:elements/*", NS):
            section[element.get("valueName", "")] = _written(element)
    found = policy_of(tree, "registry")
    assert (found.unknown, found.invalid) == ((), ())
    assert set(found.values) == {key.name for key in KEYS}


_TEXTS = {
    "office_profile": r"C:\ProgramData\Amtsstube\profil.toml",
    "office_mailboxes": ["7a2c8d1e-0f34-4b56-9a78-bc90de12f345"],
    "files_export_folders": [r"C:\Ausgabe", r"\\server\ablage"],
    "network_proxy": "http://proxy.example:3128",
    "network_pac": "https://proxy.example/proxy.pac",
    "network_ca_file": r"C:\ProgramData\Amtsstube\ca.pem",
    "updates_url": "https://updates.example",
    "updates_root": r"C:\ProgramData\Amtsstube\root.json",
    "window_quiet_hours": "18:00-07:00",
}


def _written(element: ET.Element) -> object:
    """What Windows puts into the registry for the last choice or the largest number."""
    match element.tag.rpartition("}")[2]:
        case "decimal":
            return int(element.get("maxValue", ""))
        case "enum":
            *_others, last = element.iterfind("p:item/p:value/p:string", NS)
            return last.text
        case _:
            return _TEXTS[element.get("id", "")]


def test_the_sample_file_settles_nothing_and_everything_in_it_is_possible() -> None:
    text = (HERE / "policy.toml").read_text(encoding="utf-8")
    assert policy_of(tomllib.loads(text), "file").values == {}
    settled = policy_of(tomllib.loads(re.sub(r"(?m)^# (\w+ = )", r"\1", text)), "file")
    assert (settled.unknown, settled.invalid) == ((), ())
    assert set(settled.values) == {key.name for key in KEYS}
