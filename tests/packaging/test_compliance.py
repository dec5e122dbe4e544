"""What is said to officers can be looked up: every test and file named there exists."""

from __future__ import annotations

import importlib.util
import re
from email.message import Message
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAPERS = sorted((ROOT / "packaging" / "compliance").glob("*.md"))


@pytest.mark.parametrize("paper", PAPERS, ids=lambda path: path.name)
def test_what_is_named_is_there(paper: Path) -> None:
    text = paper.read_text(encoding="utf-8")
    named = set(re.findall(r"`((?:tests|resources|packaging|clerk_app)/[\w./-]+)`", text))
    assert sorted(name for name in named if not (ROOT / name).exists()) == []
    beside = set(re.findall(r"`([\w-]+\.(?:md|sh))`", text))
    assert sorted(name for name in beside if not (paper.parent / name).exists()) == []


def test_every_threat_names_its_test() -> None:
    text = (ROOT / "packaging/compliance/threat-model.md").read_text(encoding="utf-8")
    rows = [line for line in text.splitlines() if line.startswith("| ") and not line.startswith("| Wer |")]
    assert len(rows) >= 10
    assert [row for row in rows if "`tests/" not in row] == []


def test_the_report_names_every_package_and_breaks_the_build_when_one_is_not_allowed() -> None:
    place = ROOT / "packaging/compliance/report.py"
    spec = importlib.util.spec_from_file_location("report", place)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)

    class Made:
        """A package as its metadata tells of it."""

        version, files = "1.0", ()

        def __init__(self, name: str, expression: str) -> None:
            self.metadata = Message()
            self.metadata["Name"] = name
            if expression:
                self.metadata["License-Expression"] = expression

    text, wrong = module.report([Made("httpx", "BSD-3-Clause")], "3.11.9")
    assert wrong == []
    assert re.search(r"\| httpx \| 1.0 \| BSD-3-Clause \| [1-9]\d* \|", text)
    _text, wrong = module.report(
        [Made("httpx", "AGPL-3.0-only"), Made("cryptography", ""), Made("evil", "MIT")], "x"
    )
    assert [each.partition(":")[0] for each in wrong] == ["httpx", "cryptography", "evil"]


def test_commands_named_there_exist() -> None:
    from clerk_app.cli.commands import COMMANDS

    words = {
        command
        for paper in PAPERS
        for command in re.findall(r"`clerk-app ([a-z-]+)", paper.read_text(encoding="utf-8"))
    }
    assert words <= set(COMMANDS)
