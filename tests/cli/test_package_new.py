"""``package new``: what it writes is without fault at once, and nothing there is touched."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

import pytest

from clerk_app.cli.package_tools import new_package, program_version
from clerk_app.domain.errors import ClerkError, ErrorCode
from clerk_app.services.packages.files import read_package
from clerk_app.services.packages.lint import lint
from clerk_app.services.packages.reading import manifest_of


@pytest.mark.parametrize("title", ["Straßen-Sondernutzung, Erlaubnis", 'Mit "Zeichen" \\ und Łužica', "§§"])
def test_a_new_package_is_without_fault(tmp_path: Path, title: str) -> None:
    folder = tmp_path / "neu"
    new_package(Namespace(folder=folder, leika="99108009001000", title=title))
    files = read_package(folder)
    assert lint(files, program_version()) == ()
    manifest = manifest_of(files)
    assert str(manifest.title) == title
    assert manifest.leika_keys == ("99108009001000",)


def test_what_is_there_stays(tmp_path: Path) -> None:
    (tmp_path / "package.toml").write_text("mine", "utf-8")
    with pytest.raises(ClerkError) as caught:
        new_package(Namespace(folder=tmp_path, leika="99108009001000", title="Neu"))
    assert caught.value.code is ErrorCode.USAGE
    assert [path.name for path in tmp_path.iterdir()] == ["package.toml"]
    assert (tmp_path / "package.toml").read_text("utf-8") == "mine"


@pytest.mark.parametrize(
    ("leika", "title"), [("12", "Neu"), ("99108009001000", " "), ("12108009001000", "Neu")]
)
def test_a_wrong_key_or_no_title_is_refused(tmp_path: Path, leika: str, title: str) -> None:
    with pytest.raises(ClerkError) as caught:
        new_package(Namespace(folder=tmp_path / "neu", leika=leika, title=title))
    assert caught.value.code is ErrorCode.USAGE
    assert not (tmp_path / "neu").exists()
