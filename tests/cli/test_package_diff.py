"""``package diff``: two versions compared, from folders or archives, without an office."""

from __future__ import annotations

import argparse
from pathlib import Path

import pytest

from clerk_app.cli.package_tools import diff_packages
from clerk_app.domain.errors import ClerkError, ErrorCode
from clerk_app.services.packages.archive import build
from clerk_app.services.packages.files import read_package
from tests.services.packages.small import small_files, write


def diff(old: Path, new: Path) -> tuple[list[str], list[dict[str, object]]]:
    answer = diff_packages(argparse.Namespace(old=old, new=new, json=False))
    assert answer.exit_code == 0
    document = answer.document
    assert isinstance(document, dict)
    return list(answer.lines), document["changes"]


def test_versions_are_compared_in_words_and_as_data(tmp_path: Path) -> None:
    files = small_files()
    write(tmp_path / "old", files)
    files["fees.toml"] = files["fees.toml"].replace("12.50", "13.00")
    files["package.toml"] = files["package.toml"].replace('"1.0.0"', '"1.1.0"', 1)
    archive = tmp_path / "new.zip"
    archive.write_bytes(build(write(tmp_path / "new", files)))
    lines, changes = diff(tmp_path / "old", archive)
    assert lines == [
        "Paket „version“: „1.0.0“ → „1.1.0“",
        "Gebühr „stand, 2024-01-01“, Euro: „12.50“ → „13.00“",
    ]
    assert [(change["part"], change["field"], change["after"]) for change in changes] == [
        ("manifest", "", "1.1.0"),
        ("fee", "euros", "13.00"),
    ]
    assert diff(archive, archive) == (["Kein Unterschied."], [])
    assert len(read_package(archive)) > 10


def test_what_is_no_package_is_told(tmp_path: Path) -> None:
    write(tmp_path / "old", small_files())
    with pytest.raises(ClerkError) as caught:
        diff(tmp_path / "old", tmp_path / "none.zip")
    assert caught.value.code is ErrorCode.PACKAGE_NOT_FOUND
