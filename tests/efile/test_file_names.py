"""Names of files: what citizens choose cannot lead anywhere."""

from __future__ import annotations

import re
from pathlib import PurePosixPath, PureWindowsPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clerk_app.efile.file_names import extension_of, package_file_name, safe_text, stem

ID = "11111111-1111-4111-8111-111111111111"


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Mietvertrag", "Mietvertrag"),
        ("Đorđević Straße 5", "Đorđević_Straße_5"),
        ("../../etc/passwd", "etc_passwd"),
        ("C:\\Windows\\system32", "C_Windows_system32"),
        ("gpj.\u202egnp", "gpj_gnp"),
        ("a\x00b", "a_b"),
        ("CON", "CON"),
        ("NUL.txt:stream", "NUL_txt_stream"),
        ("םולש", ""),
        ("…", ""),
        ("\ud800", ""),
        ("", ""),
        ("x" * 300, "x" * 80),
    ],
)
def test_only_harmless_letters_are_kept(text: str, kept: str) -> None:
    assert safe_text(text) == kept


def test_the_uuid_stands_first_so_that_no_name_is_reserved() -> None:
    assert package_file_name(ID, "CON", "pdf") == f"{ID}_CON.pdf"
    assert package_file_name(ID, "", "bin") == f"{ID}.bin"


@pytest.mark.parametrize(
    ("name", "before", "extension"),
    [
        ("a.pdf", "a", "pdf"),
        ("a.tar.GZ", "a.tar", "gz"),
        (".profile", ".profile", "profile"),
        ("a.p/df", "a", None),
        ("a.", "a", None),
        ("no", "no", None),
    ],
)
def test_name_and_extension(name: str, before: str, extension: str | None) -> None:
    assert (stem(name), extension_of(name)) == (before, extension)


@given(st.text(st.characters(exclude_categories=())))
def test_any_text_makes_one_plain_name(text: str) -> None:
    name = package_file_name(ID, text, "pdf")

    assert re.fullmatch(rf"{ID}(_[0-9A-Za-zÀ-ɏ_-]*[0-9A-Za-zÀ-ɏ])?\.pdf", name), name
    assert PurePosixPath(name).name == PureWindowsPath(name).name == name
    assert len(name.encode()) < 250
