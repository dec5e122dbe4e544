"""What differs between two packages is told value by value, and nothing else is."""

from __future__ import annotations

from pathlib import Path

import pytest

from clerk_app.domain.differences import ChangeKind as K
from clerk_app.domain.package_changes import PackageChange
from clerk_app.domain.package_changes import PackagePart as P
from clerk_app.services.packages.archive import build, complete
from clerk_app.services.packages.difference import difference
from clerk_app.services.packages.files import PackageFiles, read_package
from clerk_app.texts.package_changes import change_line
from tests.services.packages.small import small_files, write


@pytest.fixture
def small(tmp_path: Path) -> PackageFiles:
    return write(tmp_path, small_files())


def changed(files: PackageFiles, file: str, old: str, new: str) -> PackageFiles:
    text = files.text(file)
    assert old in text
    return files.with_file(file, text.replace(old, new, 1).encode())


def test_a_package_does_not_differ_from_itself_built_or_not(small: PackageFiles) -> None:
    assert difference(small, small) == ()
    assert difference(small, read_package(build(small))) == ()


def test_the_order_of_entries_is_no_difference(small: PackageFiles) -> None:
    first, _, second = small.text("checks.toml").partition("\n[[check]]")
    turned = f"[[check]]{second}\n{first}\n"
    assert difference(small, small.with_file("checks.toml", turned.encode())) == ()


CASES = [
    (
        "package.toml",
        'version = "1.0.0"',
        'version = "1.1.0"',
        [PackageChange(P.MANIFEST, "version", K.CHANGED, "", "1.0.0", "1.1.0")],
    ),
    (
        "package.toml",
        'en = "Market stall"',
        'en = "Stall"',
        [PackageChange(P.MANIFEST, "title", K.CHANGED, "en", "Market stall", "Stall")],
    ),
    (
        "package.toml",
        'app = { from = "0.1.0", before = "1.0.0" }',
        'app = { from = "0.1.0" }',
        [PackageChange(P.MANIFEST, "app", K.REMOVED, "before", "1.0.0", "")],
    ),
    (
        "package.toml",
        "processing_days = 28",
        "processing_days = 21",
        [PackageChange(P.DEADLINES, "processing_days", K.CHANGED, "", "28", "21")],
    ),
    (
        "package.toml",
        'law = "VwVfG"',
        'law = "VwVfG"\nfour_eyes = true',
        [PackageChange(P.PROCEDURE, "four_eyes", K.ADDED, "", "", "true")],
    ),
    (
        "package.toml",
        "valid_until = 2020-01-01",
        "valid_until = 2020-02-01",
        [
            PackageChange(
                P.LEGAL_BASIS, "satzung, BW, 2000-01-01", K.CHANGED, "valid_until", "2020-01-01", "2020-02-01"
            )
        ],
    ),
    (
        "form.toml",
        'de = "Fläche"',
        'de = "Größe"',
        [PackageChange(P.LABEL, "stand.flaeche", K.CHANGED, "de", "Fläche", "Größe")],
    ),
    (
        "form.toml",
        '"stand.flaeche" = {',
        '"stand.platz" = {',
        [
            PackageChange(P.LABEL, "stand.flaeche", K.REMOVED, before="Fläche"),
            PackageChange(P.LABEL, "stand.platz", K.ADDED, after="Fläche"),
        ],
    ),
    (
        "form.toml",
        '["antragsteller", "stand"]',
        '["stand"]',
        [PackageChange(P.VIEW, "order", K.CHANGED, "", "antragsteller\nstand", "stand")],
    ),
    (
        "checks.toml",
        "'attached(\"plan\")'",
        "'attached(\"plan\", 2)'",
        [PackageChange(P.CHECK, "plan", K.CHANGED, "rule", 'attached("plan")', 'attached("plan", 2)')],
    ),
    (
        "checks.toml",
        'id = "kind"',
        'id = "sort"',
        [
            PackageChange(P.CHECK, "kind", K.REMOVED, before="Art {value} prüfen."),
            PackageChange(P.CHECK, "sort", K.ADDED, after="Art {value} prüfen."),
        ],
    ),
    (
        "evidence.toml",
        "required = true",
        "required = false",
        [PackageChange(P.EVIDENCE, "plan", K.CHANGED, "required", "true", "false")],
    ),
    (
        "letters.toml",
        "Sie erhalten",
        "Ihnen wird",
        [
            PackageChange(
                P.TEMPLATE,
                "zusage",
                K.CHANGED,
                "operative",
                "Sie erhalten einen Stand von {stand.flaeche} m² ({stand.art}).",
                "Ihnen wird einen Stand von {stand.flaeche} m² ({stand.art}).",
            )
        ],
    ),
    (
        "fees.toml",
        '"12.50"',
        '"13.00"',
        [PackageChange(P.FEE, "stand, 2024-01-01", K.CHANGED, "euros", "12.50", "13.00")],
    ),
    (
        "lists.toml",
        '"Imbiss", ',
        "",
        [PackageChange(P.LIST, "kinds, 2000-01-01", K.CHANGED, "values", "Imbiss\nBlumen", "Blumen")],
    ),
    ("samples/ganz.json", '"Max"', '"Mia"', [PackageChange(P.FILE, "samples/ganz.json", K.CHANGED)]),
]


@pytest.mark.parametrize(("file", "old", "new", "told"), CASES)
def test_each_change_is_told(
    small: PackageFiles, file: str, old: str, new: str, told: list[PackageChange]
) -> None:
    other = changed(small, file, old, new)
    assert list(difference(small, other)) == told
    back = difference(other, small)
    assert len(back) == len(told)
    assert {(change.part, change.before, change.after) for change in back} == {
        (change.part, change.after, change.before) for change in told
    }


def test_files_come_and_go(small: PackageFiles) -> None:
    other = small.without("samples/halb.json", "lists.toml").with_file("schemas/neu.json", b"{}")
    assert [(change.part, change.name, change.kind) for change in difference(small, other)] == [
        (P.LIST, "kinds, 2000-01-01", K.REMOVED),
        (P.NUMBER, "largest, 2000-01-01", K.REMOVED),
        (P.FILE, "samples/halb.json", K.REMOVED),
        (P.FILE, "schemas/neu.json", K.ADDED),
    ]


def test_a_change_of_the_base_is_told_as_such(small: PackageFiles) -> None:
    base = complete(small).text("base.toml")
    other = base.replace("processing_days = 90", "processing_days = 91").replace(
        'title = { de = "Antrag"', 'title = { de = "Anliegen"'
    )
    other = other.replace('de = "Ausweiskopie"', 'de = "Ausweis"', 1)
    assert list(difference(small, small.with_file("base.toml", other.encode()))) == [
        PackageChange(P.MANIFEST, "title", K.CHANGED, "de", "Antrag", "Anliegen", True),
        PackageChange(P.DEADLINES, "processing_days", K.CHANGED, "", "90", "91", True),
        PackageChange(P.EVIDENCE, "identity", K.CHANGED, "title.de", "Ausweiskopie", "Ausweis", True),
    ]


def test_every_change_has_words(small: PackageFiles) -> None:
    for file, old, new, _told in CASES:
        for change in difference(small, changed(small, file, old, new)):
            words = change_line(change)
            assert change.name.partition(",")[0] in words or change.part is P.MANIFEST, words
            assert "{part}" not in words
    line = change_line(PackageChange(P.CHECK, "plan", K.CHANGED, "warning.de", "Alt.", "Neu."))
    assert line == "Prüfpunkt „plan“, Hinweis (de): „Alt.“ → „Neu.“"
    assert (
        change_line(PackageChange(P.FEE, "stand", K.ADDED, after="Gebühr"))
        == "Gebühr „stand“: neu („Gebühr“)"
    )
    gone = change_line(PackageChange(P.LABEL, "a.b", K.REMOVED, before="B", of_base=True))
    assert gone == "Grundlage: Bezeichnung „a.b“: entfällt („B“)"
