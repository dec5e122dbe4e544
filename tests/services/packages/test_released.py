"""What was released under a version never changes: offices tell versions apart by their numbers."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from clerk_app.bootstrap.packages_side import shipped
from clerk_app.domain.package import PackageMark, PackageVersion
from clerk_app.services.catalogue import ServiceCatalogue

RELEASED = Path(__file__).with_name("released.json")


def unraised(marks: list[PackageMark], released: Mapping[str, Mapping[str, str]]) -> list[str]:
    """Packages whose content changed since their version was released."""
    return [
        f"{mark.package_id} {mark.version}: raise the version, its content (or base.toml) has changed"
        for mark in marks
        if released.get(mark.package_id, {}).get(str(mark.version), mark.sha256) != mark.sha256
    ]


def test_a_package_that_changed_since_its_release_has_another_version() -> None:
    """With each release of the program the marks printed here are added to ``released.json``."""
    marks = [each.mark for each in shipped(ServiceCatalogue())]
    print(json.dumps({mark.package_id: {str(mark.version): mark.sha256} for mark in marks}, indent=1))
    assert unraised(marks, json.loads(RELEASED.read_text("utf-8"))) == []


def test_other_content_under_a_released_version_is_noticed() -> None:
    mark = PackageMark("de.example.dog", PackageVersion(1, 0, 0), "a" * 64)
    assert unraised([mark], {}) == []
    assert unraised([mark], {"de.example.dog": {"1.0.0": "a" * 64, "0.9.0": "b" * 64}}) == []
    assert len(unraised([mark], {"de.example.dog": {"1.0.0": "b" * 64}})) == 1


def test_every_shipped_package_has_an_id_and_version_of_its_own() -> None:
    marks = [each.mark for each in shipped(ServiceCatalogue())]
    assert len({mark.package_id for mark in marks}) == len(marks) > 0
