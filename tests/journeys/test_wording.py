"""The wording help on the command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.journeys.conftest import Office

TEXT = "Guten Tag,\nder Antragsteller hat gem. § 28 VwVfG Zeit.\n"


def test_a_text_is_looked_through_with_line_and_column(office: Office, tmp_path: Path) -> None:
    text = tmp_path / "text.txt"
    text.write_text(TEXT, encoding="utf-8")
    done = office("wording", str(text))
    assert done.exit_code == 0
    lines = done.out.splitlines()
    assert lines[0].startswith("2:5: „Antragsteller“")
    assert lines[1] == "2:23: „gem.“: Abkürzung, nirgends erklärt  → gemäß"
    assert len(lines) == 3
    found = office.json("wording", str(text))
    assert [each["kind"] for each in found] == ["neutral", "abbreviation", "abbreviation"]
    assert TEXT[found[1]["start"] : found[1]["end"]] == "gem."


@pytest.mark.parametrize("content", [b"\xff\xfe\xff", b"x" * 1_000_001])
def test_a_file_that_is_no_text_is_refused(office: Office, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "text.txt"
    path.write_bytes(content)
    done = office("wording", str(path))
    assert done.exit_code == 2
    assert "keine lesbare Textdatei" in done.err
