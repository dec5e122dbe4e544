"""A new package to begin with: small, complete, and without fault before a word of it was changed."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from clerk_app.domain.package import PackageVersion

_PACKAGE = """\
format = 1
id = "de.beispiel.@ID@"
version = "0.1.0"
title = { de = @TITLE@ }
leika_keys = ["@LEIKA@"]
languages = ["de"]
publisher = "Beispiel"
changes = "Erste Fassung."
app = { from = "@APP@" }
retention = "file-5"

[[schema]]
uri = "https://beispiel.example/@ID@-1.0.schema.json"
media_type = "application/json"
file = "schemas/formular.json"

[procedure]
law = "VwVfG"

[deadlines]
processing_days = 28

[[legal_basis]]
key = "grundlage"
text = "der für diese Leistung geltenden Vorschrift"  # hier die Norm einsetzen, je Land, wo nötig
valid_from = 2020-01-01
assumed = true
"""
_FORM = """\
order = ["antragsteller", "anliegen"]
letter_facts = ["anliegen.gegenstand"]

[labels]
"anliegen.gegenstand" = { de = "Gegenstand" }
"anliegen.beginn" = { de = "Beginn" }

[groups]
anliegen = { de = "Anliegen" }

[formats]
"anliegen.beginn" = "date"
"""
_CHECKS = """\
[[check]]
id = "subject"
rule = 'present(anliegen.gegenstand)'
ok = { de = "Gegenstand ist angegeben." }
warning = { de = "Der Gegenstand des Antrags fehlt." }
advice = { de = "Nachfragen." }
ask = { de = "Teilen Sie uns bitte mit, worum es in Ihrem Antrag geht." }

[[check]]
id = "proof"
rule = 'attached("proof")'
ok = { de = "Nachweis liegt vor." }
warning = { de = "Nachweis fehlt." }
evidence = "proof"
"""
_EVIDENCE = """\
[[evidence]]
key = "proof"
title = { de = "Nachweis" }
request = { de = "Nachweis zu Ihrem Antrag" }
keywords = ["nachweis"]
required = true
"""
_LETTERS = """\
[[template]]
name = "bewilligung"
title = { de = "Bewilligung" }
outcome = "granted"
subject = "Bescheid: {service}"
operative = ["Ihrem Antrag vom {applied_on} wird entsprochen."]
reasons = ["Die Voraussetzungen liegen vor."]
legal_basis = ["grundlage"]
"""
_SAMPLES = """\
[[sample]]
name = "vollstaendig"
form = "samples/vollstaendig.json"
arrived_on = 2026-03-02
attachments = [{ filename = "nachweis.pdf", media_type = "application/pdf" }]
warnings = []
missing = []
template = "bewilligung"

[[sample]]
name = "lueckenhaft"
form = "samples/lueckenhaft.json"
arrived_on = 2026-03-02
warnings = ["subject", "proof"]
missing = ["proof"]
template = "ablehnung"
"""
_APPLICANT = {
    "vorname": "Max",
    "nachname": "Mustermann",
    "geburtsdatum": "1975-11-02",
    "anschrift": {"strasse": "Weg", "hausnummer": "1", "plz": "79999", "ort": "Musterstadt"},
}
_SCHEMA = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "type": "object",
    "properties": {
        "antragsteller": {"type": "object"},
        "anliegen": {
            "type": "object",
            "properties": {
                "gegenstand": {"type": "string"},
                "beginn": {"type": "string", "format": "date"},
            },
        },
        "erklaerung": {"type": "object", "properties": {"richtigkeit": {"type": "boolean"}}},
    },
    "required": ["antragsteller", "anliegen"],
}
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})


def skeleton(leika_key: str, title: str, app: PackageVersion) -> Mapping[str, str]:
    """The files by name, for a service of that key and German title and this version of the program."""
    slug = re.sub("[^a-z0-9]+", "-", title.lower().translate(_UMLAUTS)).strip("-")[:60].strip("-")
    whole = {
        "antragsteller": _APPLICANT,
        "anliegen": {"gegenstand": "Beispiel", "beginn": "2026-04-01"},
        "erklaerung": {"richtigkeit": True},
    }
    manifest = _PACKAGE.replace("@ID@", slug or leika_key).replace("@LEIKA@", leika_key)
    return {
        "package.toml": manifest.replace("@APP@", str(app)).replace("@TITLE@", _quoted(title)),
        "form.toml": _FORM,
        "checks.toml": _CHECKS,
        "evidence.toml": _EVIDENCE,
        "letters.toml": _LETTERS,
        "samples.toml": _SAMPLES,
        "samples/vollstaendig.json": _json(whole),
        "samples/lueckenhaft.json": _json({**whole, "anliegen": {"beginn": "2026-04-01"}}),
        "schemas/formular.json": _json(_SCHEMA),
    }


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "")


def _json(value: object) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"
