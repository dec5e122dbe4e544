"""Every kind of fault is found with its file, its line and its reason, and none hides another."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from clerk_app.cli.package_samples import sample_document, sample_lines
from clerk_app.domain.package import FaultReason as R
from clerk_app.domain.package import PackageFault, PackageFaultyError
from clerk_app.services.catalogue import ServiceCatalogue, resources_folder
from clerk_app.services.packages.files import PackageFiles, read_package
from clerk_app.services.packages.lint import lint
from clerk_app.services.packages.samples import run_samples
from clerk_app.services.packages.shape import format_schema
from clerk_app.texts.errors import sentence
from clerk_app.texts.package_faults import fault_line
from clerk_app.texts.package_misfits import form_words
from tests.services.packages.small import APP, line_of, small_files, write


def found(files: PackageFiles) -> list[tuple[str, int | None, str]]:
    return [(fault.file, fault.line, fault.reason) for fault in lint(files, APP)]


def test_the_small_package_is_without_fault(tmp_path: Path) -> None:
    assert lint(write(tmp_path, small_files()), APP) == ()


@pytest.mark.parametrize("folder", [path.name for path in ServiceCatalogue().packages()])
def test_what_ships_is_without_fault(folder: str) -> None:
    files = read_package(resources_folder("packages") / folder)
    assert [fault_line(fault) for fault in lint(files, APP) if not fault.warning] == []


# file, what is replaced, by what, where the fault is (the first line that holds this text), its reason
BROKEN = [
    ("package.toml", "format = 1", "format = 2", "format", R.VALUE_NOT_ALLOWED),
    ("package.toml", 'id = "de.', 'id = "De.', "id = ", R.VALUE_MALFORMED),
    ("package.toml", 'version = "1.0.0"', 'version = "1.0"', "version", R.VALUE_MALFORMED),
    ("package.toml", 'version = "1.0.0"', 'version = "1.0.0\\n"', "version", R.VALUE_MALFORMED),
    ("package.toml", 'version = "1.0.0"', "version = 1.0", "version", R.TYPE_WRONG),
    ("package.toml", '"99012345678901"', '"9901234567890"', "leika_keys", R.VALUE_MALFORMED),
    ("package.toml", '"99012345678901"', '"12012345678901"', "leika_keys", R.VALUE_MALFORMED),
    ("package.toml", '["99012345678901"]', "[]", "leika_keys", R.LIST_EMPTY),
    ("package.toml", '["de", "en"]', '["en"]', "languages", R.GERMAN_MISSING),
    ("package.toml", '["de", "en"]', '["de", "en", "de"]', "languages", R.LIST_REPEATS),
    ("package.toml", 'publisher = "Beispiel"\n', "", None, R.KEY_MISSING),
    ("package.toml", 'publisher = "Beispiel"', 'publisher = ""', "publisher", R.TEXT_EMPTY),
    ("package.toml", "changes = ", "chnges = ", "chnges", R.KEY_UNKNOWN),
    ("package.toml", '"0.1.0", before', '"0.2.0", before', "app =", R.APP_INCOMPATIBLE),
    ("package.toml", 'before = "1.0.0"', 'before = "0.1.0"', "app =", R.RANGE_EMPTY),
    ("package.toml", '"file-5"', '"file-7"', "retention", R.VALUE_NOT_ALLOWED),
    ("package.toml", "retention =", 'unreviewed = ["hsb"]\nretention =', "unreviewed", R.LANGUAGE_UNDECLARED),
    (
        "package.toml",
        "retention =",
        'replaces = ["de.beispiel.alt", "de.beispiel.marktstand"]\nretention =',
        "replaces",
        R.REPLACES_ITSELF,
    ),
    ("package.toml", "schemas/marktstand.json", "schemas/other.json", "schemas/other", R.FILE_MISSING),
    ("package.toml", '"application/json"', '"text/plain"', "media_type", R.VALUE_NOT_ALLOWED),
    ("package.toml", 'law = "VwVfG"', 'law = "VwVfg"', "law =", R.VALUE_NOT_ALLOWED),
    ("package.toml", 'law = "VwVfG"', 'appeal = "duel"', "appeal", R.APPEAL_UNKNOWN),
    ("package.toml", "processing_days = 28", "processing_days = 0", "processing", R.NUMBER_OUT_OF_RANGE),
    ("package.toml", "processing_days = 28", "processing_days = true", "processing", R.TYPE_WRONG),
    ("package.toml", "valid_from = 1999-01-01", 'valid_from = "1999-01-01"', '"1999', R.DATE_WRONG),
    ("package.toml", "valid_from = 1999-01-01", "valid_from = 1999-01-01T00:00:00", "1999-", R.DATE_WRONG),
    ("package.toml", "valid_from = 1999-01-01", "valid_from = 1999-13-01", "1999-13", R.NOT_TOML),
    ("package.toml", "valid_from = 1999-01-01\n", "", "[[legal_basis]]", R.KEY_MISSING),
    ("package.toml", "valid_until = 2020-01-01", "valid_until = 2000-01-01", "until =", R.DATES_REVERSED),
    ("package.toml", "valid_until = 2020-01-01", "valid_until = 2020-01-02", "from = 2020", R.DATES_OVERLAP),
    ("package.toml", "valid_until = 2020-01-01\n", "", "from = 2020", R.DATES_OVERLAP),
    ("package.toml", "valid_until = 2020-01-01", "valid_until = 2019-12-31", "from = 2020", R.DATES_GAP),
    ("package.toml", 'land = "SN"', 'land = "BY"', 'land = "BY"', R.VALUE_NOT_ALLOWED),
    ("package.toml", '"§ 70 der Gewerbeordnung"', '"§ 70 {stand.art}"', "§ 70", R.BLANK_UNKNOWN),
    ("form.toml", '{ de = "Art", en = "Kind" }', '{ de = "Art" }', '"stand.art" =', R.LANGUAGE_MISSING),
    ("form.toml", '{ de = "Art", en = "Kind" }', '{ en = "Kind" }', '"stand.art" =', R.GERMAN_MISSING),
    ("form.toml", '{ de = "Art", en = "Kind" }', '"Art"', '"stand.art" =', R.TYPE_WRONG),
    ("form.toml", '"stand.art" =', '"stand.farbe" =', '"stand.farbe" =', R.PATH_UNKNOWN),
    ("form.toml", '["stand.art", ', '["stand.farbe", ', "letter_facts", R.PATH_UNKNOWN),
    ("form.toml", '"stand"]', '"gestell"]', "order", R.PATH_UNKNOWN),
    ("form.toml", "[groups]", '[formats]\n"stand.art" = "bold"\n[groups]', '= "bold"', R.VALUE_NOT_ALLOWED),
    ("form.toml", "[groups]", '[person]\nname = ["x"]\n[groups]', "name =", R.KEY_UNKNOWN),
    (
        "form.toml",
        "[groups]",
        '[values."stand.art"]\nImbiss = { de = "Imbiss" }\n[groups]',
        "Imbiss =",
        R.LANGUAGE_MISSING,
    ),
    ("checks.toml", 'id = "kind"', 'id = "plan"', 'id = "plan"', R.DUPLICATE),
    ("checks.toml", 'evidence = "plan"', 'evidence = "plans"', "evidence", R.EVIDENCE_UNKNOWN),
    ("checks.toml", ', en = "Plan is there."', "", "ok = ", R.LANGUAGE_MISSING),
    ("checks.toml", "Art: {value}.", "Art: {art}.", "{art}", R.BLANK_UNKNOWN),
    ("checks.toml", "Art: {value}.", "Art: {value.", "Art:", R.BLANK_MALFORMED),
    ("checks.toml", 'id = "kind"\n', "", "[[check]]", R.KEY_MISSING),
    ("checks.toml", "[[check]]", "[[chek]]", "[[chek]]", R.KEY_UNKNOWN),
    ("checks.toml", 'attached("plan")', 'atached("plan")', "atached", "rule-unknown-function"),
    ("checks.toml", 'attached("plan")', "", "rule = ", R.TEXT_EMPTY),
    ("checks.toml", 'attached("plan")', 'rule("plan")', 'rule("plan")', "rule-unknown-rule"),
    ("checks.toml", 'attached("plan")', 'check("plans")', 'check("plans")', "rule-unknown-check"),
    ("checks.toml", 'attached("plan")', 'attached("plans")', 'attached("plans")', "rule-unknown-evidence"),
    ("checks.toml", 'in ("Imbiss", "Blumen")', 'in list("kind")', 'list("kind")', "rule-unknown-list"),
    ("checks.toml", 'attached("plan")', 'limit("most") > 1', 'limit("most")', "rule-unknown-limit"),
    ("checks.toml", 'attached("plan")', 'true or check("plan")', 'check("plan")', "rule-cycle"),
    ("checks.toml", 'evidence = "plan"', "when = 'check(\"plan\")'", "when", "rule-cycle"),
    (
        "checks.toml",
        'attached("plan")',
        f"every(stand.tage, some(., {' or '.join(['.am = 1'] * 20)}))",
        "every(",
        "rule-too-many-steps",
    ),
    ("evidence.toml", "required = true", "required = 'rule(\"none\")'", "required", "rule-unknown-rule"),
    ("checks.toml", 'attached("plan")', "stand.art in (", "stand.art in (", "rule-unfinished"),
    ("checks.toml", "stand.art in", "stand.farbe in", "stand.farbe", R.PATH_UNKNOWN),
    ("checks.toml", 'evidence = "plan"', "when = 'stand.'", "when", "rule-unexpected"),
    ("checks.toml", 'attached("plan")', "a = 1 and " * 60 + "a = 1", "a = 1", R.TEXT_TOO_LONG),
    ("evidence.toml", "required = true", "required = 'age(1)'", "required", "rule-wrong-kind"),
    ("evidence.toml", 'keywords = ["plan"]', "keywords = []", "keywords", R.LIST_EMPTY),
    ("evidence.toml", "required = true", "required = 1", "required", R.TYPE_WRONG),
    ("evidence.toml", ', en = "A plan of the stall"', "", "request", R.LANGUAGE_MISSING),
    ("letters.toml", '"markt", "satzung"', '"markt", "satz"', "legal_basis", R.LEGAL_BASIS_UNKNOWN),
    ("letters.toml", 'fees = ["stand"]', 'fees = ["platz"]', "fees", R.FEE_UNKNOWN),
    ("letters.toml", 'outcome = "granted"', 'outcome = "yes"', "outcome", R.VALUE_NOT_ALLOWED),
    ("letters.toml", "{stand.art}", "{stand.artt}", "operative", R.BLANK_UNKNOWN),
    ("letters.toml", "{stand.art}", "{Stand.Art}", "operative", R.BLANK_MALFORMED),
    ("letters.toml", "{stand.art}", "{due_on}", "operative", R.BLANK_UNKNOWN),
    ("letters.toml", "{stand.art}", "{stand.art", "operative", R.BLANK_MALFORMED),
    ("letters.toml", "valid_from = 2020-01-01", "", "[[block]]", R.KEY_MISSING),
    ("letters.toml", '"provisions"', '"somewhere"', "place", R.VALUE_NOT_ALLOWED),
    (
        "letters.toml",
        "[[block]]",
        '[[notice]]\nkind = "receipt"\nsubject = "S"\nopening = ["{due_on}"]\n\n[[block]]',
        "opening",
        R.BLANK_UNKNOWN,
    ),
    ("fees.toml", '"12.50"', '"12,50"', "euros", R.VALUE_MALFORMED),
    ("fees.toml", '"12.50"', "12.5", "euros", R.TYPE_WRONG),
    ("fees.toml", "valid_from", 'land = "BW"\nvalid_from', "fees = ", R.FEE_NOT_IN_LAND),
    ("fees.toml", 'basis = "§ 4 der Marktsatzung"\n', "", "[[fee]]", R.KEY_MISSING),
    ("lists.toml", 'name = "largest"', 'name = "kinds"', 'name = "kinds"', R.DUPLICATE),
    ("lists.toml", '"40"', '"vierzig"', "value =", R.VALUE_MALFORMED),
    ("samples.toml", "samples/halb.json", "samples/viertel.json", "viertel", R.FILE_MISSING),
    ("samples.toml", 'name = "halb"', 'name = "ganz"', 'name = "ganz"', R.DUPLICATE),
    ("samples.toml", '["plan", "kind"]', '["plan", "king"]', 'warnings = ["plan', R.SAMPLE_CHECK_UNKNOWN),
    ("samples.toml", '"ablehnung"', '"ablenung"', '"ablenung"', R.SAMPLE_TEMPLATE_UNKNOWN),
    ("samples.toml", '["plan", "kind"]', '["plan"]', 'warnings = ["plan', R.SAMPLE_WARNINGS),
    ("samples.toml", "warnings = []", 'warnings = ["kind"]', "warnings", R.SAMPLE_WARNINGS),
    ("samples.toml", "missing = []", 'missing = ["plan"]', "missing", R.SAMPLE_MISSING),
    ("samples.toml", '"plan.pdf"', '"bild.pdf"', "missing", R.SAMPLE_MISSING),
    ("samples.toml", "arrived_on = 2026-03-02", "arrived_on = 2026", "arrived_on", R.DATE_WRONG),
    (
        "samples.toml",
        'template = "ablehnung"',
        'places = ["Anderswo"]',
        'warnings = ["plan',
        R.SAMPLE_WARNINGS,
    ),
    ("samples/halb.json", '"art": "Schmuck",', '"art": "Schmuck"', '"flaeche"', R.NOT_JSON),
    ("schemas/marktstand.json", '"type": "object"', '"type": "objekt"', None, R.SCHEMA_INVALID),
]


@pytest.mark.parametrize(("file", "old", "new", "at", "reason"), BROKEN)
def test_a_fault_is_named_with_file_line_and_reason(
    tmp_path: Path, file: str, old: str, new: str, at: str | None, reason: str
) -> None:
    files = small_files()
    assert old in files[file]
    files[file] = files[file].replace(old, new, 1)
    where = "letters.toml" if reason is R.FEE_NOT_IN_LAND else file
    nth = files[where].count(at) if at and reason is R.DUPLICATE else 1
    if at == "[[check]]" or (at == "[[legal_basis]]" and reason is R.KEY_MISSING):
        nth = 2 if file == "checks.toml" else 1
    line = None if at is None else line_of(files[where], at, nth)
    assert (where, line, str(reason)) in found(write(tmp_path, files))


def test_a_norm_without_a_version_for_a_land_is_told(tmp_path: Path) -> None:
    files = small_files()
    head, _, _tail = files["package.toml"].rpartition("[[legal_basis]]")
    files["package.toml"] = head
    faults = lint(write(tmp_path, files), APP)
    assert [(fault.file, fault.reason, dict(fault.params)) for fault in faults] == [
        ("letters.toml", R.LEGAL_BASIS_NOT_IN_LAND, {"land": "SN", "name": "satzung"})
    ]


def test_a_sample_that_does_not_fit_its_schema_is_told(tmp_path: Path) -> None:
    files = small_files()
    files["samples/halb.json"] = files["samples/halb.json"].replace('"flaeche": 60', '"flaeche": "60"')
    (fault,) = lint(write(tmp_path, files), APP)
    assert fault.file == "samples/halb.json"
    assert fault.reason == R.SAMPLE_NOT_VALID
    assert dict(fault.params)["at"] == "stand.flaeche"
    assert fault_line(fault) == (
        "samples/halb.json: Das Beispiel „halb“ passt nicht zum Schema (bei stand.flaeche): "
        "„60“ ist von anderer Art als verlangt: eine ganze Zahl."
    )


def test_a_blank_a_sample_leaves_open_is_told(tmp_path: Path) -> None:
    files = small_files()
    files["samples/ganz.json"] = files["samples/ganz.json"].replace('"flaeche": 12,', "")
    faults = lint(write(tmp_path, files), APP)
    assert [(fault.reason, dict(fault.params)["land"]) for fault in faults] == [(R.SAMPLE_BLANK, "BW, SN")]
    files["samples.toml"] = files["samples.toml"].replace('name = "ganz"', 'name = "ganz"\nland = "SN"')
    (fault,) = lint(write(tmp_path, files), APP)
    assert dict(fault.params)["land"] == "SN"


def test_a_sample_brings_places_and_parameters(tmp_path: Path) -> None:
    files = small_files()
    files["checks.toml"] += """
[[check]]
id = "fits"
rule = 'ours("Anderswo") and stand.flaeche <= parameter("largest")'
ok = { de = "Passt.", en = "Fits." }
warning = { de = "Passt nicht.", en = "Does not fit." }
"""
    more = 'places = ["Anderswo", "Musterstadt"]\nparameters = { largest = "20" }\n'
    files["samples.toml"] = files["samples.toml"].replace("warnings", f"{more}warnings")
    faults = lint(write(tmp_path, files), APP)
    assert {dict(fault.params)["found"] for fault in faults} == {"fits, kind, plan"}
    files["samples.toml"] = files["samples.toml"].replace('["plan", "kind"]', '["plan", "kind", "fits"]')
    assert lint(write(tmp_path, files), APP) == ()


def test_needed_files_and_two_samples(tmp_path: Path) -> None:
    files = small_files()
    del files["form.toml"]
    files["samples.toml"] = files["samples.toml"].split("\n\n")[0] + "\n"
    faults = found(write(tmp_path, files))
    assert ("form.toml", None, R.FILE_MISSING) in faults
    assert ("samples.toml", 1, R.SAMPLES_TOO_FEW) in faults
    assert ("samples/halb.json", None, R.FILE_UNUSED) in faults
    assert found(PackageFiles({}))[:1] == [("form.toml", None, R.FILE_MISSING)]


def test_no_fault_hides_another_and_they_are_in_order(tmp_path: Path) -> None:
    """All that were found one at a time are found together, as far as they do not touch the same text."""
    files = small_files()
    changes = [
        ("package.toml", 'version = "1.0.0"', 'version = "1"'),
        ("package.toml", 'law = "VwVfG"', 'appeal = "duel"'),
        ("package.toml", "valid_until = 2020-01-01", "valid_until = 2000-01-01"),
        ("form.toml", '{ de = "Art", en = "Kind" }', '"Art"'),
        ("form.toml", '{ de = "Fläche", en = "Area" }', '{ de = "Fläche" }'),
        ("checks.toml", 'evidence = "plan"', 'evidence = "plans"'),
        ("letters.toml", 'fees = ["stand"]', 'fees = ["platz"]'),
        ("lists.toml", '"40"', "40"),
        ("evidence.toml", "[[evidence]]", "[[evidence"),
    ]
    for file, old, new in changes:
        files[file] = files[file].replace(old, new, 1)
    faults = lint(write(tmp_path, files), APP)
    assert list(faults) == sorted(faults, key=lambda fault: fault.place)
    reasons = [(fault.file, fault.reason) for fault in faults]
    for wanted in [
        ("package.toml", R.VALUE_MALFORMED),
        ("package.toml", R.APPEAL_UNKNOWN),
        ("package.toml", R.DATES_REVERSED),
        ("form.toml", R.TYPE_WRONG),
        ("form.toml", R.LANGUAGE_MISSING),
        ("letters.toml", R.FEE_UNKNOWN),
        ("lists.toml", R.TYPE_WRONG),
        ("evidence.toml", R.NOT_TOML),
    ]:
        assert wanted in reasons


@pytest.mark.parametrize(
    "content",
    [
        b"[[[[",
        b"a = " + b"[" * 5000,
        *(b"a = " + b"[" * deep + b"]" * deep for deep in (13, 200, 480, 495)),
        b".".join([b"a"] * 300) + b" = 1",
        b"\xef\xbb\xbfformat = 1",
        b"a = 1\na = 2",
        b"x" * 100_000,
        b"a = " + b"9" * 5_000,
    ],
    ids=lambda content: repr(content[:12]),
)
@pytest.mark.parametrize("file", ["package.toml", "checks.toml", "samples.toml"])
def test_garbage_is_a_fault_and_no_crash(tmp_path: Path, file: str, content: bytes) -> None:
    files = write(tmp_path, small_files()).with_file(file, content)
    assert (file, R.NOT_TOML) in [(name, reason) for name, _line, reason in found(files)]


def test_every_shape_of_value_anywhere_is_a_fault_and_no_crash(tmp_path: Path) -> None:
    """Each value of each file replaced by another kind of value, one after the other."""
    plain = small_files()
    files = write(tmp_path, plain)
    for name, text in plain.items():
        if not name.endswith(".toml"):
            continue
        lines = text.split("\n")
        for number, line in enumerate(lines):
            key, equals, _value = line.partition(" = ")
            value = ("7", "{}", "[[]]", "2026-01-01", '""')[number % 5]
            if equals:
                changed = "\n".join([*lines[:number], f"{key} = {value}", *lines[number + 1 :]])
                lint(files.with_file(name, changed.encode()), APP)


def test_a_base_that_came_along_is_judged_too(tmp_path: Path) -> None:
    base = (resources_folder("packages") / "base.toml").read_text("utf-8")
    files = write(tmp_path, small_files())
    assert found(files.with_file("base.toml", base.encode())) == []
    broken = base.replace("processing_days = 90", "processing_days = 0")
    line = line_of(broken, "processing_days = 0")
    assert found(files.with_file("base.toml", broken.encode())) == [
        ("base.toml", line, R.NUMBER_OUT_OF_RANGE)
    ]


def test_a_schema_that_asks_for_others_is_not_fetched(tmp_path: Path) -> None:
    files = small_files()
    schema = json.loads(files["schemas/marktstand.json"])
    schema["properties"]["antragsteller"] = {"$ref": "https://beispiel.example/person.json"}
    files["schemas/marktstand.json"] = json.dumps(schema)
    faults = found(write(tmp_path, files))
    assert ("schemas/marktstand.json", None, R.SCHEMA_INVALID) in faults


@pytest.mark.parametrize(
    ("file", "old", "new", "reason"),
    [
        ("checks.toml", "stand.art in (", "stand.art in [", "rule-unexpected"),
        ("evidence.toml", "required = true", "required = 'age('", "rule-unfinished"),
        ("evidence.toml", ', en = "A plan of the stall"', "", R.LANGUAGE_MISSING),
        ("letters.toml", 'title = { de = "Zusage", en = "Granted" }', 'title = "Zusage"', R.TYPE_WRONG),
    ],
)
def test_one_mistake_is_one_fault(tmp_path: Path, file: str, old: str, new: str, reason: str) -> None:
    """Samples, rules and check points that name the broken entry make no second mistake."""
    files = small_files()
    assert old in files[file]
    files[file] = files[file].replace(old, new, 1)
    files["checks.toml"] += """
[[check]]
id = "both"
rule = 'check("kind") and attached("plan")'
ok = { de = "Beides.", en = "Both." }
warning = { de = "Nicht beides.", en = "Not both." }
"""
    files["samples.toml"] = files["samples.toml"].replace('["plan", "kind"]', '["plan", "kind", "both"]')
    files["samples.toml"] = files["samples.toml"].replace('"ablehnung"', '"zusage"')
    assert [(fault.file, fault.reason) for fault in lint(write(tmp_path, files), APP)] == [(file, reason)]


def test_samples_show_what_a_clerk_would_see(tmp_path: Path) -> None:
    files = small_files()
    files["checks.toml"] += """
[[check]]
id = "power"
rule = 'stand.strom = false'
ok = { de = "Kein Strom.", en = "No power." }
warning = { de = "Strom gewünscht.", en = "Power wanted." }
"""
    runs = run_samples(write(tmp_path, files))
    assert [(run.sample, run.land) for run in runs] == [
        ("ganz", "BW"), ("halb", "BW"), ("ganz", "SN"), ("halb", "SN"),
    ]  # fmt: skip
    whole, half = runs[:2]
    assert (whole.warnings, whole.missing, whole.blanks) == ((), (), ())
    assert "power" in whole.silent
    assert set(half.warnings) == {"plan", "kind", "power"}
    assert half.missing == ("plan",)
    text = "\n".join(sample_lines(half))
    assert "Beispiel „halb“ (BW)" in text
    assert "offen: kind – Art Schmuck prüfen." in text
    assert "Nachweise, die fehlen: plan" in text
    assert "wird abgelehnt" in text
    assert "kein Ergebnis: power" in "\n".join(sample_lines(whole))
    document = sample_document(whole)
    assert document["without_result"] == whole.silent
    assert json.loads(json.dumps(document))["letter"]["subject"] == "Ihr Marktstand"


def test_check_points_no_sample_tries_are_worth_a_look(tmp_path: Path) -> None:
    files = small_files()
    for name, rule in (("quiet", "days(stand.art, arrival()) > 1"), ("fine", "stand.flaeche > 0")):
        files["checks.toml"] += f"""
[[check]]
id = "{name}"
rule = '{rule}'
ok = {{ de = "Ja.", en = "Yes." }}
warning = {{ de = "Nein.", en = "No." }}
"""
    faults = lint(write(tmp_path, files), APP)
    assert [(fault.reason, dict(fault.params)["name"]) for fault in faults] == [
        (R.CHECK_SILENT, "quiet"),
        (R.CHECK_NEVER_OPEN, "fine"),
    ]
    assert all(fault.warning and fault.file == "checks.toml" and fault.line for fault in faults)


def test_a_number_of_one_land_and_an_unheard_burden_are_worth_a_look(tmp_path: Path) -> None:
    files = small_files()
    number = files["lists.toml"].replace('unit = "m²"\n', 'unit = "m²"\nland = "BW"\n')
    files["lists.toml"] = number
    assert lint(write(tmp_path / "unused", files), APP) == ()
    files["evidence.toml"] = files["evidence.toml"].replace(
        "required = true", "required = 'not (stand.flaeche > limit(\"largest\") and false)'"
    )
    files["letters.toml"] = files["letters.toml"].replace(
        'outcome = "granted"', 'outcome = "granted"\nburdening = true\nhearing = "none"'
    )
    faults = lint(write(tmp_path / "used", files), APP)
    assert [(fault.file, fault.reason, fault.warning) for fault in faults] == [
        ("letters.toml", R.BURDEN_WITHOUT_HEARING, True),
        ("lists.toml", R.LIST_IN_ONE_LAND, True),
    ]
    assert dict(faults[1].params) == {"land": "BW", "name": "largest"}


def test_every_form_the_format_asks_for_has_words() -> None:
    def patterns(node: object) -> set[str]:
        if isinstance(node, list):
            return set().union(*map(patterns, node))
        if not isinstance(node, dict):
            return set()
        own = {node["pattern"]} if isinstance(node.get("pattern"), str) else set()
        return own.union(*map(patterns, node.values()))

    forms = patterns(format_schema())
    assert len(forms) > 10
    assert [form for form in forms if form_words(form) == form] == []


def test_a_wrong_form_and_a_missing_table_say_what_is_wanted(tmp_path: Path) -> None:
    files = small_files()
    files["fees.toml"] = files["fees.toml"].replace('"12.50"', '"12,50"')
    files["form.toml"] = files["form.toml"].replace('{ de = "Art", en = "Kind" }', '"Art"')
    text = "\n".join(fault_line(fault) for fault in lint(write(tmp_path, files), APP))
    assert "„12,50“ hat nicht die verlangte Form: ein Betrag als Text mit Punkt und zwei Stellen" in text
    assert 'ein Text je Sprache, etwa { de = "…", en = "…" }' in text


def test_every_fault_has_words(tmp_path: Path) -> None:
    for number, (file, old, new, _at, reason) in enumerate(BROKEN):
        files = small_files()
        files[file] = files[file].replace(old, new, 1)
        for fault in lint(write(tmp_path / str(number), files), APP):
            words = fault_line(fault)
            assert words.startswith((f"{fault.file}", "Hinweis")), words
            if not reason.startswith("blank"):
                assert not re.search(r"\{\w", words), words
    assert fault_line(PackageFault("x", None, "newer-reason")) == "x: newer-reason"


def test_a_file_nobody_can_read_is_told_without_what_follows_from_it(tmp_path: Path) -> None:
    files = small_files()
    text = files["package.toml"]
    files["package.toml"] = re.sub(r"valid_from = [0-9-]+", "valid_from = 2009-02-31", text, count=1)
    assert files["package.toml"] != text
    (fault,) = lint(write(tmp_path, files), APP)
    place = line_of(files["package.toml"], "2009-02-31")
    assert (fault.file, fault.line, fault.reason) == ("package.toml", place, R.NOT_TOML)


def test_a_refusal_names_the_unreadable_file_and_counts_no_hints() -> None:
    hint = PackageFault("a.toml", 1, R.CHECK_SILENT, (("name", "x"),), True)
    other = PackageFault("form.toml", 2, R.TEXT_EMPTY)
    torn = PackageFault("package.toml", 3, R.NOT_TOML, (("detail", "Invalid date (at line 3, column 1)"),))
    error = PackageFaultyError((hint, other, torn))
    assert (error.first, error.params["count"]) == (torn, 2)
    assert "package.toml, Zeile 3" in sentence(error)
