"""Rules of the house that no linter knows."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TOP_LEVEL = {
    "clerk_app", "resources", "translations", "packaging", "pyproject.toml", "tests", "README.md",
    "Makefile", "LICENSE", "CHANGELOG.md",
}  # fmt: skip


def _tracked() -> list[str]:
    result = subprocess.run(
        ["git", "ls-files"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if result.returncode != 0:
        pytest.skip("not a git checkout: nothing is tracked")
    return result.stdout.splitlines()


def test_the_top_level_stays_tidy() -> None:
    top = {path.split("/", 1)[0] for path in _tracked()}

    assert {name for name in top if not name.startswith(".")} <= TOP_LEVEL


def test_locks_carry_hashes_and_no_addresses() -> None:
    locks = sorted((ROOT / "packaging" / "locks").glob("*.txt"))
    assert [lock.name for lock in locks] == ["build.txt", "dev.txt", "runtime.txt"]
    for lock in locks:
        text = lock.read_text()
        assert "--hash=sha256:" in text
        assert not re.search(r"://|index-url|find-links", text), lock.name


def test_no_lock_format_that_records_addresses() -> None:
    assert not {"uv.lock", "pylock.toml", "poetry.lock"} & {Path(p).name for p in _tracked()}


def test_nothing_unfinished_is_marked_in_the_code() -> None:
    marks = re.compile(r"\b(TODO|FIXME|XXX|NotImplementedError)\b")
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in (ROOT / "clerk_app").rglob("*.py")
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if marks.search(line)
    ]

    assert found == []


# Tables, not logic: one entry per code, one per name.
TABLES = {"clerk_app/sandbox/generator/names.py"}


def test_rooms_stay_small_enough_to_know() -> None:
    large = {
        str(path.relative_to(ROOT)): count
        for path in (ROOT / "clerk_app").rglob("*.py")
        if (count := len(path.read_text().splitlines())) > 450
    }

    assert large.keys() - TABLES == set()


def test_the_pinned_qt_is_the_one_that_runs() -> None:
    import PySide6

    assert PySide6.__version__ == "6.11.3"


def test_names_say_what_they_mean() -> None:
    """Words to avoid as whole names (design, section 2)."""
    vague = {"data", "info", "manager", "helper", "helpers", "utils", "util", "process", "handle"}
    modules = {path.stem for path in (ROOT / "clerk_app").rglob("*.py")}

    assert modules & vague == set()
