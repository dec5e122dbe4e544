"""A small valid package to be broken one way at a time."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from clerk_app.domain.package import PackageVersion
from clerk_app.services.packages.files import PackageFiles, read_package

APP = PackageVersion.parse("0.1.0")
FORM = {
    "antragsteller": {
        "nachname": "Mustermann",
        "vorname": "Max",
        "geburtsdatum": "1975-11-02",
        "anschrift": {"strasse": "Weg", "hausnummer": "1", "plz": "79999", "ort": "Musterstadt"},
    },
    "stand": {"art": "Imbiss", "flaeche": 12, "tage": [{"am": "2026-05-01"}, {"am": "2026-05-02"}]},
    "erklaerung": {"richtigkeit": True},
}
SCHEMA = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "type": "object",
    "properties": {
        "antragsteller": {"type": "object"},
        "stand": {
            "type": "object",
            "properties": {
                "art": {"type": "string"},
                "flaeche": {"type": "integer"},
                "strom": {"type": "boolean"},
                "tage": {"type": "array", "items": {"properties": {"am": {"type": "string"}}}},
            },
            "required": ["art"],
        },
    },
    "required": ["stand"],
}
PACKAGE = """\
format = 1
id = "de.beispiel.marktstand"
version = "1.0.0"
title = { de = "Marktstand", en = "Market stall" }
leika_keys = ["99012345678901"]
languages = ["de", "en"]
publisher = "Beispiel"
changes = "Erste Fassung."
app = { from = "0.1.0", before = "1.0.0" }
retention = "file-5"

[[schema]]
uri = "https://beispiel.example/marktstand-1.0.schema.json"
media_type = "application/json"
file = "schemas/marktstand.json"

[procedure]
law = "VwVfG"

[deadlines]
processing_days = 28

[[legal_basis]]
key = "markt"
text = "§ 70 der Gewerbeordnung"
valid_from = 1999-01-01

[[legal_basis]]
key = "satzung"
text = "§ 1 der Marktsatzung"
land = "BW"
valid_from = 2000-01-01
valid_until = 2020-01-01

[[legal_basis]]
key = "satzung"
text = "§ 2 der Marktsatzung"
land = "BW"
valid_from = 2020-01-01

[[legal_basis]]
key = "satzung"
text = "§ 3 der Marktsatzung"
land = "SN"
valid_from = 2000-01-01
"""
FORM_VIEW = """\
order = ["antragsteller", "stand"]
letter_facts = ["stand.art", "stand.flaeche"]

[labels]
"stand.art" = { de = "Art", en = "Kind" }
"stand.flaeche" = { de = "Fläche", en = "Area" }

[groups]
stand = { de = "Stand", en = "Stall" }
"""
CHECKS = """\
[[check]]
id = "plan"
rule = 'attached("plan")'
ok = { de = "Plan liegt vor.", en = "Plan is there." }
warning = { de = "Plan fehlt.", en = "Plan is missing." }
evidence = "plan"

[[check]]
id = "kind"
rule = 'stand.art in ("Imbiss", "Blumen")'
ok = { de = "Art: {value}.", en = "Kind: {value}." }
warning = { de = "Art {value} prüfen.", en = "Check kind {value}." }
"""
EVIDENCE = """\
[[evidence]]
key = "plan"
title = { de = "Lageplan", en = "Plan" }
request = { de = "Lageplan des Standes", en = "A plan of the stall" }
keywords = ["plan"]
required = true
"""
LETTERS = """\
[[template]]
name = "zusage"
title = { de = "Zusage", en = "Granted" }
outcome = "granted"
subject = "Ihr Marktstand"
operative = ["Sie erhalten einen Stand von {stand.flaeche} m² ({stand.art})."]
legal_basis = ["markt", "satzung"]
fees = ["stand"]

[[block]]
key = "strom"
title = { de = "Strom", en = "Electricity" }
place = "provisions"
text = "Strom nur aus dem Kasten der Kommune."
valid_from = 2020-01-01
"""
FEES = """\
[[fee]]
key = "stand"
text = "Standgebühr"
euros = "12.50"
basis = "§ 4 der Marktsatzung"
valid_from = 2024-01-01
"""
LISTS = """\
[[list]]
name = "kinds"
values = ["Imbiss", "Blumen"]
valid_from = 2000-01-01

[[number]]
name = "largest"
value = "40"
unit = "m²"
valid_from = 2000-01-01
"""
SAMPLES = """\
[[sample]]
name = "ganz"
form = "samples/ganz.json"
arrived_on = 2026-03-02
attachments = [{ filename = "plan.pdf", media_type = "application/pdf" }]
warnings = []
missing = []
template = "zusage"

[[sample]]
name = "halb"
form = "samples/halb.json"
arrived_on = 2026-03-02
warnings = ["plan", "kind"]
missing = ["plan"]
template = "ablehnung"
"""


def small_files() -> dict[str, str]:
    """The files by name."""
    other = {**FORM, "stand": {"art": "Schmuck", "flaeche": 60, "strom": True}}
    return {
        "package.toml": PACKAGE,
        "form.toml": FORM_VIEW,
        "checks.toml": CHECKS,
        "evidence.toml": EVIDENCE,
        "letters.toml": LETTERS,
        "fees.toml": FEES,
        "lists.toml": LISTS,
        "samples.toml": SAMPLES,
        "samples/ganz.json": json.dumps(FORM, indent=1),
        "samples/halb.json": json.dumps(other, indent=1),
        "schemas/marktstand.json": json.dumps(SCHEMA, indent=1),
    }


def write(folder: Path, files: Mapping[str, str]) -> PackageFiles:
    """The package read back from a folder."""
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    return read_package(folder)


def line_of(text: str, part: str, nth: int = 1) -> int:
    """On which line ``part`` stands for the ``nth`` time."""
    at = -1
    for _ in range(nth):
        at = text.index(part, at + 1)
    return text.count("\n", 0, at) + 1
