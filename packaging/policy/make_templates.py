"""Make what admins need of the policy, from its one table: ADMX and ADML for group policies, a commented TOML
file, and the table of the manual. ``--check`` changes nothing and fails when something here is older than the
table.

    python packaging/policy/make_templates.py [--check]
"""

from __future__ import annotations

import sys
from pathlib import Path
from xml.etree import ElementTree as ET

from clerk_app.system.policy import LINUX_FILE, WINDOWS_KEY
from clerk_app.system.policy_keys import KEYS, Kind, PolicyKey
from clerk_app.texts import _, set_language
from clerk_app.texts.policy_words import KEYS as WORDS
from clerk_app.texts.policy_words import SECTIONS, UNITS, choice_words

HERE = Path(__file__).resolve().parent
README = HERE.parents[1] / "README.md"
BEGIN, END = "<!-- policy keys: begin -->", "<!-- policy keys: end -->"
NAMESPACE = "http://schemas.microsoft.com/GroupPolicy/2006/07/PolicyDefinitions"
LANGUAGES = {"de-DE": "de", "en-US": "en"}


def files() -> dict[Path, str]:
    """Everything that is made, by its place."""
    made = {HERE / "Amtsstube.admx": admx()}
    for culture, language in LANGUAGES.items():
        set_language(language)
        made[HERE / culture / "Amtsstube.adml"] = adml(culture)
    set_language("de")
    made[HERE / "policy.toml"] = toml()
    text = README.read_text(encoding="utf-8")
    before, _begin, rest = text.partition(BEGIN)
    _old, _end, after = rest.partition(END)
    made[README] = f"{before}{BEGIN}\n{table()}{END}{after}"
    return made


def admx() -> str:
    """The definitions; words are references into the ADML files."""
    root = ET.Element("policyDefinitions", {"revision": "1.0", "schemaVersion": "1.0", "xmlns": NAMESPACE})
    spaces = ET.SubElement(root, "policyNamespaces")
    ET.SubElement(spaces, "target", {"prefix": "amtsstube", "namespace": "Amtsstube.Policies"})
    ET.SubElement(spaces, "using", {"prefix": "windows", "namespace": "Microsoft.Policies.Windows"})
    ET.SubElement(root, "resources", {"minRequiredRevision": "1.0"})
    supported = ET.SubElement(ET.SubElement(root, "supportedOn"), "definitions")
    ET.SubElement(supported, "definition", {"name": "Any", "displayName": "$(string.Any)"})
    categories = ET.SubElement(root, "categories")
    ET.SubElement(categories, "category", {"name": "Amtsstube", "displayName": "$(string.Amtsstube)"})
    for section in SECTIONS:
        category = ET.SubElement(
            categories, "category", {"name": section, "displayName": f"$(string.{section})"}
        )
        ET.SubElement(category, "parentCategory", {"ref": "Amtsstube"})
    policies = ET.SubElement(root, "policies")
    for key in KEYS:
        _define(policies, key)
    return _document(root)


def _define(policies: ET.Element, key: PolicyKey) -> None:
    name = _id(key)
    facts = {
        "name": name,
        "class": "Machine",
        "displayName": f"$(string.{name})",
        "explainText": f"$(string.{name}_Help)",
        "key": f"{WINDOWS_KEY}\\{key.section}",
    }
    if key.kind is Kind.SWITCH:
        facts["valueName"] = key.short
    else:
        facts["presentation"] = f"$(presentation.{name})"
    policy = ET.SubElement(policies, "policy", facts)
    ET.SubElement(policy, "parentCategory", {"ref": key.section})
    ET.SubElement(policy, "supportedOn", {"ref": "Any"})
    if key.kind is Kind.SWITCH:
        for tag, number in (("enabledValue", "1"), ("disabledValue", "0")):
            ET.SubElement(ET.SubElement(policy, tag), "decimal", {"value": number})
        return
    elements = ET.SubElement(policy, "elements")
    common = {"id": name, "valueName": key.short, "required": "true"}
    match key.kind:
        case Kind.WHOLE:
            bounds = {"minValue": str(key.least), "maxValue": str(key.most)}
            ET.SubElement(elements, "decimal", common | bounds)
        case Kind.CHOICE:
            choices = ET.SubElement(elements, "enum", common)
            for at, choice in enumerate(key.choices):
                item = ET.SubElement(choices, "item", {"displayName": f"$(string.{name}_{at})"})
                ET.SubElement(ET.SubElement(item, "value"), "string").text = str(choice)
        case Kind.TEXT:
            ET.SubElement(elements, "text", common | {"maxLength": "1023"})
        case Kind.TEXTS:
            ET.SubElement(elements, "multiText", common)


def adml(culture: str) -> str:
    """The words in the language in force."""
    root = ET.Element(
        "policyDefinitionResources", {"revision": "1.0", "schemaVersion": "1.0", "xmlns": NAMESPACE}
    )
    ET.SubElement(root, "displayName").text = "Amtsstube"
    ET.SubElement(root, "description").text = f"Amtsstube ({culture})"
    resources = ET.SubElement(root, "resources")
    strings = ET.SubElement(resources, "stringTable")

    def say(name: str, words: str) -> None:
        ET.SubElement(strings, "string", {"id": name}).text = words

    say("Any", "Windows 10, Windows 11")
    say("Amtsstube", "Amtsstube")
    for section, words in SECTIONS.items():
        say(section, _(words))
    shapes = ET.SubElement(resources, "presentationTable")
    for key in KEYS:
        name, (title, hint) = _id(key), WORDS[key.name]
        say(name, _(title))
        say(f"{name}_Help", f"{_(hint)} ({key.name})")
        for at, choice in enumerate(key.choices):
            say(f"{name}_{at}", choice_words(key.name, choice))
        if key.kind is Kind.SWITCH:
            continue
        shape = ET.SubElement(shapes, "presentation", {"id": name})
        label = f"{_(title)} ({_(UNITS[key.unit])})" if key.unit else _(title)
        match key.kind:
            case Kind.WHOLE:
                ET.SubElement(
                    shape, "decimalTextBox", {"refId": name, "defaultValue": str(key.least)}
                ).text = label
            case Kind.CHOICE:
                ET.SubElement(shape, "dropdownList", {"refId": name, "noSort": "true"}).text = label
            case Kind.TEXT:
                ET.SubElement(ET.SubElement(shape, "textBox", {"refId": name}), "label").text = label
            case Kind.TEXTS:
                ET.SubElement(shape, "multiTextBox", {"refId": name}).text = label
    return _document(root)


def toml() -> str:
    """A file to begin with: everything explained, nothing settled."""
    lines = [
        f"# Richtlinie der Amtsstube. Nach {LINUX_FILE} legen; schreiben darf sie nur root.",
        "# Was hier steht, gilt für alle auf diesem Rechner, vor jedem Profil. Auskommentiert: frei.",
    ]
    for section, words in SECTIONS.items():
        lines += ["", f"# {words}", f"[{section}]"]
        for key in (key for key in KEYS if key.section == section):
            lines.append(f"# {WORDS[key.name][1]}")
            lines.append(f"# {key.short} = {_sample(key)}")
    return "\n".join(lines) + "\n"


def table() -> str:
    """The manual's table."""
    lines = ["| Schlüssel | Wert | Bedeutung |", "|---|---|---|"]
    lines += [f"| `{key.name}` | {_values(key)} | {WORDS[key.name][1]} |" for key in KEYS]
    return "\n".join(lines) + "\n"


def _values(key: PolicyKey) -> str:
    match key.kind:
        case Kind.SWITCH:
            return "`true`, `false`"
        case Kind.WHOLE:
            return f"{key.least} bis {key.most} ({UNITS[key.unit]})"
        case Kind.CHOICE:
            return ", ".join(f"`{choice}`" for choice in key.choices)
        case Kind.TEXT | Kind.TEXTS:
            words = {
                "file": "Pfad",
                "uuid": "UUID",
                "url": "https-Adresse",
                "proxy": "Proxy-Adresse",
                "hours": "`18:00-07:00`",
                "any": "Text",
            }[key.form.value]
            return words if key.kind is Kind.TEXT else f"Liste: {words}"


def _sample(key: PolicyKey) -> str:
    samples = {
        "file": "/etc/amtsstube/datei",
        "uuid": "7a2c8d1e-0f34-4b56-9a78-bc90de12f345",
        "url": "https://updates.example/amtsstube",
        "proxy": "http://proxy.example:3128",
        "hours": "18:00-07:00",
        "any": "",
    }
    match key.kind:
        case Kind.SWITCH:
            return "true"
        case Kind.WHOLE:
            return str(min(key.most, max(key.least, 60)))
        case Kind.CHOICE:
            return f'"{key.choices[0]}"' if isinstance(key.choices[0], str) else str(key.choices[0])
        case Kind.TEXT:
            return f'"{samples[key.form.value]}"'
        case Kind.TEXTS:
            return f'["{samples[key.form.value]}"]'


def _id(key: PolicyKey) -> str:
    return key.name.replace(".", "_")


def _document(root: ET.Element) -> str:
    ET.indent(root)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def main(argv: list[str]) -> int:
    """0 when everything is as the table says."""
    stale = [
        path
        for path, text in files().items()
        if not path.exists() or path.read_text(encoding="utf-8") != text
    ]
    if "--check" in argv:
        for path in stale:
            print(f"{path.relative_to(HERE.parents[1])} is older than the table of policy keys")
        return 1 if stale else 0
    for path in stale:
        path.parent.mkdir(exist_ok=True)
        path.write_text(files()[path], encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
