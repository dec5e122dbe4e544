"""A rehearsed change in words a clerk reads."""

from __future__ import annotations

import pytest

from clerk_app.domain.differences import ChangeKind
from clerk_app.domain.localized import Localized
from clerk_app.domain.package import PackageSource
from clerk_app.domain.rehearsal import KeptTerm, PictureArea, RehearsedChange
from clerk_app.texts.package_words import area_label, change_label, change_lines, kept_line, source_label


def change(area: PictureArea, key: str, before: str, after: str) -> RehearsedChange:
    return RehearsedChange(area, key, Localized({"de": "Name"}), ChangeKind.CHANGED, before, after)


def test_everything_has_words() -> None:
    words = [*map(area_label, PictureArea), *map(change_label, ChangeKind), *map(source_label, PackageSource)]
    assert all(words)


@pytest.mark.parametrize(
    ("found", "lines"),
    [
        (
            change(PictureArea.DEADLINE, "processing", "2026-12-22: a", "2026-12-08: b"),
            ["Di 22.12.2026", "Di 08.12.2026"],
        ),
        (change(PictureArea.DEADLINE, "processing", "2026-12-22: a", "2026-12-22: b"), ["22: a", "22: b"]),
        (
            change(
                PictureArea.DEADLINE,
                "processing",
                "2026-12-22 (§ 1): arrived 2026-12-13 → days 9 2026-12-22",
                "2026-12-22 (§ 1): arrived 2026-12-13 → days 7 2026-12-20 → holiday 2026-12-22 (Fest)",
            ),
            [
                "- eingegangen So 13.12.2026 → 9 Tage: Di 22.12.2026 (§ 1)",
                "+ eingegangen So 13.12.2026 → 7 Tage: So 20.12.2026 → Fest, also Di 22.12.2026 (§ 1)",
            ],
        ),
        (
            change(PictureArea.DUTY, "signature", "B-B, any", "B-T, seal"),
            ["- B-B, Signatur oder Siegel", "+ B-T, Siegel der Behörde"],
        ),
        (change(PictureArea.GAP, "evidence:x", "missing: Ausweis", "arrived: Ausweis"), ["fehlt: Ausweis"]),
        (change(PictureArea.DUTY, "hearing/granted/x", "none", "required"), ["Anhörung", "vorgeschrieben"]),
        (change(PictureArea.DECISION, "granted/x", "Gleich\nAlt", "Gleich\nNeu"), ["- Alt", "+ Neu"]),
    ],
)
def test_only_what_differs_is_shown(found: RehearsedChange, lines: list[str]) -> None:
    said = "\n".join(change_lines(found))
    assert all(line in said for line in lines), said
    assert "Gleich" not in said


@pytest.mark.parametrize("term", ["processing-days", "answer-days", "four-eyes", "fee", "limit"])
def test_what_the_office_keeps_is_told(term: str) -> None:
    said = kept_line(KeptTerm(term, "stand"))
    assert "Behördenparameter" in said
    assert ("stand" in said) == (term in ("fee", "limit"))


def test_a_long_line_is_cut() -> None:
    found = change(PictureArea.DECISION, "granted/x", "", "x" * 5_000)
    assert max(map(len, change_lines(found))) < 500
