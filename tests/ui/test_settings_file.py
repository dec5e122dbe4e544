"""What a person set is kept; a damaged file costs the place in the window, never the start."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from clerk_app.ui.settings import FileSettings
from clerk_app.ui.theme import Theme


def test_what_was_set_is_there_at_the_next_start(tmp_path: Path) -> None:
    file = tmp_path / "window.json"
    FileSettings(file).set("theme", "dark")
    FileSettings(file).set("quiet_hours", "18:00-07:00")
    found = FileSettings(file)
    assert (found.get("theme"), found.get("quiet_hours"), found.get("other", 3)) == ("dark", "18:00-07:00", 3)
    assert [each.name for each in tmp_path.iterdir()] == ["window.json"]


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"\xff\xfe", b"null", b"[" * 100_000, b'{"a":' * 9000])
def test_a_damaged_file_is_survived(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "window.json"
    file.write_bytes(content)
    found = FileSettings(file)
    assert found.get("theme") is None
    found.set("theme", "light")
    assert FileSettings(file).get("theme") == "light"


@pytest.mark.parametrize("value", [None, 7, -1.0, "fr", [], {}, True, 1e300, "NaN"])
def test_any_value_is_survived_by_the_look(tmp_path: Path, qapp: QApplication, value: object) -> None:
    file = tmp_path / "window.json"
    file.write_text(json.dumps({"theme": value, "font_scale": value, "language": value}))
    theme = Theme(qapp, FileSettings(file))
    theme.refresh()
    assert 1 <= theme.px(10) <= 30


def test_where_nothing_can_be_written_the_window_goes_on(tmp_path: Path) -> None:
    settings = FileSettings(tmp_path / "absent" / "window.json")
    settings.set("theme", "dark")
    assert settings.get("theme") == "dark"
