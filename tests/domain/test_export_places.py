"""Files go only where the machine's policy allows it, wherever links lead."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from clerk_app.cli.output_path import pour, write_whole
from clerk_app.domain.errors import ClerkError, ErrorCode
from clerk_app.domain.export_places import first_place, limit_exports, require_allowed
from clerk_app.ui import saving


@pytest.fixture
def allowed(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "Ausgabe"
    folder.mkdir()
    limit_exports([str(folder)], "/etc/amtsstube/policy.toml")
    yield folder
    limit_exports(None, "")


def test_below_the_folder_and_nowhere_else(allowed: Path, tmp_path: Path) -> None:
    (allowed / "2026").mkdir()
    (allowed / "hinaus").symlink_to(tmp_path, target_is_directory=True)
    require_allowed(allowed / "bescheid.pdf")
    require_allowed(allowed / "2026" / "bescheid.pdf")
    for outside in (
        tmp_path / "bescheid.pdf",
        allowed / ".." / "bescheid.pdf",
        allowed / "hinaus" / "bescheid.pdf",
        tmp_path / "Ausgabe2" / "bescheid.pdf",
    ):
        with pytest.raises(ClerkError) as caught:
            require_allowed(outside)
        assert caught.value.code is ErrorCode.POLICY_FORBIDS
        assert caught.value.params["key"] == "files.export_folders"
    assert first_place() == allowed


def test_command_line_and_window_ask(allowed: Path, tmp_path: Path) -> None:
    write_whole(allowed / "a.bin", lambda sink: pour(b"a", sink))
    saving.write_whole(allowed / "b.bin", b"b")
    with pytest.raises(ClerkError):
        write_whole(tmp_path / "a.bin", lambda sink: pour(b"a", sink))
    with pytest.raises(ClerkError):
        saving.write_whole(tmp_path / "b.bin", b"b")
    assert sorted(each.name for each in tmp_path.rglob("*") if each.is_file()) == ["a.bin", "b.bin"]


def test_without_a_rule_everywhere(tmp_path: Path) -> None:
    require_allowed(tmp_path / "a.bin")
    assert first_place() is None
