"""The search form of names is the official one."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clerk_app.store.din91379 import folded, form_where_different, search_form


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("Müller", "MUELLER"), ("GROẞ", "GROSS"), ("groß", "GROSS"), ("Đorđević", "DORDEVIC"),
        ("Šołćina", "SOLCINA"), ("Nguyễn Thị", "NGUYEN THI"), ("Øystein", "OEYSTEIN"), ("Æsa", "AESA"),
        ("O'Neill-von der Höh", "O'NEILL-VON DER HOEH"), ("", ""), ("plain ASCII 1", "PLAIN ASCII 1"),
        ("Mu\u0308ller", "MUELLER"), ("K͟hān", "KHAN"),
    ],
)  # fmt: skip
def test_known_names(name: str, form: str) -> None:
    assert search_form(name) == form


def test_every_letter_and_sequence_of_the_standard(shared_dir: Path) -> None:
    lines = (shared_dir / "reference" / "din91379" / "search-form-1.3.txt").read_text("utf-8").splitlines()
    checked = 0
    for line in filter(None, lines):
        members = [member.strip() for member in line.split(";")]
        letter = "".join(chr(int(code, 16)) for code in members[2].split())
        assert search_form(letter) == members[6], members[3]
        assert search_form(unicodedata.normalize("NFD", letter)) == members[6], members[3]
        checked += 1
    assert checked == 649


@settings(max_examples=300, deadline=None, database=None)
@given(st.text(max_size=30))
def test_it_is_idempotent_and_total(text: str) -> None:
    form = search_form(text)
    assert search_form(form) == form


def test_only_lines_that_differ_are_kept() -> None:
    assert form_where_different("Anna Müller\nReisepass\nJosé Núñez\nGroß") == "anna mueller\ngross"
    assert folded("José MÜLLER") == "jose muller"
