"""The catalogues: complete, fresh, and what German does without one."""

from __future__ import annotations

import csv
import importlib.util
import re
import subprocess
import sys
from gettext import c2py
from pathlib import Path
from types import ModuleType

import pytest
from babel import Locale

from clerk_app.texts import LANGUAGES, N_, _, language, ngettext, set_language
from clerk_app.texts.catalogue import catalogue_dir

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture(scope="module")
def tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location(
        "translations", ROOT / "packaging" / "setup" / "translations.py"
    )
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_catalogues_are_complete_and_compiled(tool: ModuleType) -> None:
    assert tool.check() == []


def test_the_check_finds_what_it_is_for(
    tool: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    original = tool.po_path
    for lang in ("en", "hsb"):
        folder = tmp_path / "translations" / lang / "LC_MESSAGES"
        folder.mkdir(parents=True)
        for suffix in (".po", ".mo"):
            source = original(lang).with_suffix(suffix)
            (folder / source.name).write_bytes(source.read_bytes())
    template = tool.extract()
    monkeypatch.setattr(tool, "ROOT", tmp_path)
    monkeypatch.setattr(tool, "extract", lambda: template)
    assert tool.check() == []
    path = tool.po_path("en")
    good = path.read_text(encoding="utf-8")
    damages = {
        'msgstr "yesterday"': ('msgstr ""', "missing 'gestern'"),
        'msgid "gestern"\nmsgstr': ('#, fuzzy\nmsgid "gestern"\nmsgstr', "missing 'gestern'"),
        'msgstr "{count} bytes"': ('msgstr "{size} bytes"', "placeholder"),
        'msgid "gestern"': ('msgid "vorgestern"', "stale"),
    }
    for old, (new, finding) in damages.items():
        assert old in good
        path.write_text(good.replace(old, new), encoding="utf-8")
        assert any(finding in problem for problem in tool.check()), new
    path.write_text(good.replace('msgstr "yesterday"', 'msgstr "the day before"'), encoding="utf-8")
    assert tool.check() == ["en: not compiled, run make translations"]


def test_german_needs_no_catalogue() -> None:
    assert language() == "de"
    assert _("heute") == "heute"
    assert _("kein Eintrag im Katalog") == "kein Eintrag im Katalog"
    assert _("") == ""
    assert N_("heute") == "heute"
    assert [ngettext("{n} Anlage", "{n} Anlagen", n) for n in (0, 1, 2)] == [
        "{n} Anlagen",
        "{n} Anlage",
        "{n} Anlagen",
    ]


def test_english_is_found_and_falls_back_to_german() -> None:
    assert set_language("en_GB.UTF-8") == "en"
    assert _("heute") == "today"
    assert _("kein Eintrag im Katalog") == "kein Eintrag im Katalog"
    assert [ngettext("{n} Anlage", "{n} Anlagen", n) for n in (0, 1)] == ["{n} attachments", "{n} attachment"]
    assert ngettext("{n} Unbekanntes", "{n} Unbekannte", 1) == "{n} Unbekanntes"


@pytest.mark.parametrize("code", ["fr", "", "../en", "xx_YY"])
def test_a_language_nobody_translated_is_german(code: str) -> None:
    assert set_language(code) == "de"


def test_upper_sorbian_is_begun() -> None:
    assert set_language("hsb") == "hsb"
    assert _("heute") == "dźensa"
    assert _("Der Abgleich läuft im Hintergrund.") == "Der Abgleich läuft im Hintergrund.", (
        "German until then"
    )
    assert [ngettext("{n} Anlage", "{n} Anlagen", n) for n in (1, 5)] == ["{n} Anlage", "{n} Anlagen"]


SORBIAN_FORMS = {
    0: "stronow", 1: "strona", 2: "stronje", 3: "strony", 4: "strony", 5: "stronow", 11: "stronow",
    101: "strona", 102: "stronje", 103: "strony", 105: "stronow", 111: "stronow", 202: "stronje",
}  # fmt: skip


def test_sorbian_has_its_four_forms_by_the_last_two_digits(tool: ModuleType) -> None:
    set_language("hsb")
    told = {n: ngettext("{n} Seite", "{n} Seiten", n).format(n=n) for n in SORBIAN_FORMS}
    assert told == {n: f"{n} {form}" for n, form in SORBIAN_FORMS.items()}
    order = ("one", "two", "few", "other")
    cldr = Locale("hsb").plural_form
    compiled = tool.load("hsb")
    assert compiled.num_plurals == len(order)
    rule = c2py(compiled.plural_expr)
    assert [rule(n) for n in range(1000)] == [order.index(cldr(n)) for n in range(1000)]


def test_no_words_hide_inside_formatted_strings() -> None:
    """Python 3.11 shows the extractor a formatted string as a whole: what is inside stays German for ever."""
    hidden = re.compile(r"""\{[^{}"]*\b(_|ngettext)\('""")
    found = [
        f"{path.name}: {line.strip()}"
        for path in (ROOT / "clerk_app").rglob("*.py")
        for line in path.read_text(encoding="utf-8").splitlines()
        if hidden.search(line)
    ]
    assert not found


def test_no_date_is_ever_written_short() -> None:
    short = re.compile(
        r"ShortFormat|NarrowFormat|%y\b|%x\b|%D\b|format=[\"']short|\byy\.|[\"']dd?\.MM?\.yy[\"']"
    )
    found = [
        f"{path.relative_to(ROOT)}: {line.strip()}"
        for path in (ROOT / "clerk_app").rglob("*.py")
        for line in path.read_text(encoding="utf-8").splitlines()
        if short.search(line)
    ]
    assert not found


def test_every_language_has_a_name_and_its_folder() -> None:
    for code, name in LANGUAGES.items():
        assert name
        assert code == "de" or (catalogue_dir() / code / "LC_MESSAGES" / "clerk_app.mo").is_file()


def test_looking_up_texts_imports_no_babel() -> None:
    code = (
        "import sys; from clerk_app.texts import _, set_language; set_language('en'); _('heute');"
        "from clerk_app.texts import errors, formats, statuses, derivations;"
        "sys.exit(any(name.split('.')[0] in ('babel', 'PySide6') for name in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


def glossary() -> list[dict[str, str]]:
    with (ROOT / "translations" / "glossary.csv").open(encoding="utf-8", newline="") as source:
        return list(csv.DictReader(source))


def test_the_glossary_is_unambiguous() -> None:
    entries = glossary()
    for column in ("german", "code", "english"):
        values = [entry[column].casefold() for entry in entries]
        assert all(values)
        assert sorted(set(values)) == sorted(values), column


#: Terms of the design whose code comes with a later issue.
NOT_YET = {
    *("StandIn", "Competence", "Hearing", "TextBlock", "AncillaryProvision", "Obligation", "Objection"),
    *("FourEyesRule", "Seal", "FollowUp", "DecisionNotice", "Municipality", "Note"),
}


def test_the_code_uses_the_glossarys_names() -> None:
    source = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "clerk_app").rglob("*.py"))
    codes = {entry["code"] for entry in glossary()}
    assert codes >= NOT_YET
    assert not {code for code in codes - NOT_YET if code not in source}


@pytest.mark.parametrize(
    ("german", "english"),
    [
        ("Die Begründung fehlt.", "reasons"),
        ("Eine Nachforderung nennt mindestens eine Unterlage.", "document request"),
        ("Die Einreichung ist unvollständig.", "submission"),
        ("Diesen Vorgang gibt es hier nicht.", "case"),
        ("Diesen Eintrag gibt es im Postausgang nicht.", "outbox"),
        ("Das Behördenprofil ist nicht lesbar.", "authority profile"),
        ("Der Datenschlüssel zu diesem Arbeitsordner fehlt.", "data key"),
        ("Der Datenschlüssel zu diesem Arbeitsordner fehlt.", "home folder"),
        ("die Rechtsbehelfsbelehrung fehlt", "appeal notice"),
        ("Das Portal verweigert den Zugang zum Zustellpunkt.", "destination"),
        ("Ein unvollständiger Bescheid wäre angreifbar.", "decision notice"),
    ],
)
def test_english_uses_the_glossarys_words(german: str, english: str) -> None:
    set_language("en")
    assert english in _(german).casefold()
