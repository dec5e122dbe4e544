"""What `make demo` and a bare `clerk-app` do where nobody has a screen."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from clerk_app.bootstrap.display import PLATFORM_VARIABLE, has_display


def clerk_app(home: Path, *argv: str, platform: str | None) -> subprocess.CompletedProcess[str]:
    environment = {
        name: value
        for name, value in os.environ.items()
        if name not in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    }
    environment |= {"HOME": str(home), "PYTHONUTF8": "1"}
    if platform is not None:
        environment["QT_QPA_PLATFORM"] = platform
    return subprocess.run(
        [sys.executable, "-m", "clerk_app", *argv],
        capture_output=True, text=True, env=environment, cwd=home, check=False,
    )  # fmt: skip


def test_the_demo_walks_without_a_display_and_leaves_its_proofs(tmp_path: Path) -> None:
    result = clerk_app(tmp_path, "demo", "--keep", str(tmp_path / "kept"), platform=None)

    assert result.returncode == 0, result.stdout + result.stderr
    assert "[18/18]" in result.stdout
    kept = {path.name for path in (tmp_path / "kept").iterdir()}
    assert {"bescheid.pdf", "pruefbericht.json", "quittung.jws", "zustellnachweis.zip", "e-akte.zip"} <= kept
    for screen in ("main-window", "review", "decision-preview", "folder", "dates", "outbox"):
        assert {f"{screen}-light.png", f"{screen}-dark.png"} <= kept


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere there always is a display")
@pytest.mark.parametrize("platform", [None, ""])
def test_an_empty_platform_is_no_display(monkeypatch: pytest.MonkeyPatch, platform: str | None) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", PLATFORM_VARIABLE):
        monkeypatch.delenv(name, raising=False)
    if platform is not None:
        monkeypatch.setenv(PLATFORM_VARIABLE, platform)
    assert not has_display()
    monkeypatch.setenv("DISPLAY", ":1")
    assert has_display()
    monkeypatch.setenv(PLATFORM_VARIABLE, "offscreen")
    assert not has_display()


def test_the_window_says_that_there_is_no_display(tmp_path: Path) -> None:
    result = clerk_app(tmp_path, "--home", str(tmp_path / "h"), "--profile", "p.toml", platform=None)

    assert result.returncode == 2
    assert result.stderr.startswith("NO_DISPLAY: ")
