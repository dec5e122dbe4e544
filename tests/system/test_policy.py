"""The machine's policy: read whole or not at all, and what means nothing is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from clerk_app.system.policy import MachinePolicy, file_policy


def policy(tmp_path: Path, text: str | bytes) -> MachinePolicy:
    file = tmp_path / "policy.toml"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return file_policy(file)


def test_no_file_is_no_policy(tmp_path: Path) -> None:
    assert file_policy(tmp_path / "none.toml") == MachinePolicy()


def test_values_and_what_means_nothing(tmp_path: Path) -> None:
    found = policy(tmp_path, '[window]\ntheme = "contrast"\nfont_scale = 1.2\nodd = [1]\n[other]\nx = 1\n')
    assert found.values == {"theme": "contrast", "font_scale": 1.2}
    assert found.unknown == ("other", "window.odd")
    assert (found.source, found.fault) == (str(tmp_path / "policy.toml"), "")
    assert found.changed_at is not None


@pytest.mark.parametrize("text", ["[window", b"\xff\xfe", "window = 3", "x = '" + "y" * 70_000 + "'"])
def test_a_broken_policy_locks_nothing_and_is_told(tmp_path: Path, text: str | bytes) -> None:
    found = policy(tmp_path, text)
    assert (found.values, found.fault) == ({}, "syntax")


def test_a_policy_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    found = file_policy(tmp_path)  # a folder
    assert (found.values, found.fault) == ({}, "unreadable")
