# ruff: noqa: E501 - tables
"""Row 23: nothing in the program runs what it was given, and nothing is installed that nobody has named."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlcipher3 import dbapi2

from clerk_app.store.connection import OLDEST_SQLITE
from tests.matrix import record

ROOT = Path(__file__).resolve().parents[2]
SOURCES = ROOT / "clerk_app"
_MODULES = {
    "pickle",
    "marshal",
    "shelve",
    "dill",
    "cloudpickle",
    "commands",
    "pty",
    "xmlrpc",
    "telnetlib",
    "ftplib",
}
_BUILTINS = {"eval", "exec", "compile", "__import__", "input"}
_CALLS = {("os", "system"), ("os", "popen"), ("yaml", "load"), ("tempfile", "mktemp"), ("random", "seed")}
#: Who may read or write XML: expat with every entity refused, and the escaping of text.
_XML_READING = {"portal/content.py", "services/form_tree.py", "signing/finish.py"}
_XML = re.compile(r"^(xml\.(etree|dom|sax|parsers)|lxml)")
#: Who may start another program, and why.
_STARTING = {
    "preview/renderer.py",  # the preview child
    "preview/recogniser.py",  # the text recogniser, inside its limits
    "bootstrap/practice_side.py",  # a practice office in a process of its own
    "bootstrap/demo_team.py",
    "bootstrap/demo_records.py",  # the check program of a proof, as its receiver would
    "efile/check_bundle.py",  # that check program: openssl by its path
    "sandbox/database.py",  # the practice server
}


def faults(tree: ast.AST, name: str) -> Iterator[str]:
    """What stands in a module that would let data become a program."""
    for node in ast.walk(tree):
        modules: list[str] = []
        if isinstance(node, ast.Import):
            modules = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            modules = [node.module or ""]
        for module in modules:
            if module.split(".")[0] in _MODULES or (_XML.match(module) and name not in _XML_READING):
                yield f"{name}: import {module}"
            if module.split(".")[0] == "subprocess" and name not in _STARTING:
                yield f"{name}: starts programs"
        if not isinstance(node, ast.Call):
            continue
        called = node.func
        if isinstance(called, ast.Name) and called.id in _BUILTINS:
            yield f"{name}:{node.lineno}: {called.id}"
        if isinstance(called, ast.Attribute) and isinstance(called.value, ast.Name):
            if (called.value.id, called.attr) in _CALLS:
                yield f"{name}:{node.lineno}: {called.value.id}.{called.attr}"
            if called.value.id == "ssl" and called.attr == "_create_unverified_context":
                yield f"{name}:{node.lineno}: TLS without a check"
        for keyword in node.keywords:
            value = keyword.value
            if keyword.arg == "shell" and not (isinstance(value, ast.Constant) and value.value is False):
                yield f"{name}:{node.lineno}: shell"
            if keyword.arg == "verify" and isinstance(value, ast.Constant) and value.value is False:
                yield f"{name}:{node.lineno}: TLS without a check"


def test_data_never_becomes_a_program() -> None:
    paths = sorted(SOURCES.rglob("*.py"))
    found = [
        fault
        for path in paths
        for fault in faults(ast.parse(path.read_text("utf-8")), path.relative_to(SOURCES).as_posix())
    ]
    record("23 modules without eval, shell, pickle", len(paths), len(found))
    assert found == []


@pytest.mark.parametrize(
    "text",
    ["import pickle", "from pickle import loads", "eval('1')", "import os\nos.system('x')", "import subprocess",
     "run('x', shell=True)", "client(verify=False)", "from xml.etree import ElementTree", "import lxml.etree"],
)  # fmt: skip
def test_a_module_that_runs_data_is_caught(text: str) -> None:
    assert list(faults(ast.parse(text), "some/module.py")) != []


def unhashed(lock: str) -> list[str]:
    """Requirements without a hash or an exact version."""
    entries = re.split(r"\n(?=[A-Za-z0-9])", lock.replace("\\\n", " "))
    wanted = [entry for entry in entries if re.match(r"[A-Za-z0-9]", entry)]
    assert wanted
    return [
        entry.split()[0]
        for entry in wanted
        if "--hash=sha256:" not in entry or "==" not in entry.split(";")[0]
    ]


def test_every_requirement_has_a_hash() -> None:
    found, count = [], 0
    for path in sorted((ROOT / "packaging" / "locks").glob("*.txt")):
        text = path.read_text("utf-8")
        count += text.count("==")
        found += [f"{path.name}: {name}" for name in unhashed(text)]
    record("23 requirements with version and hash", count, len(found))
    assert found == []
    assert unhashed("a==1 \\\n    --hash=sha256:00\nb==2\nc>=3 \\\n    --hash=sha256:00\n") == [
        "b==2",
        "c>=3",
    ]


def test_the_linked_sqlite_has_no_known_defect() -> None:
    assert OLDEST_SQLITE >= (3, 51, 3)
    assert dbapi2.sqlite_version_info >= OLDEST_SQLITE
    record("23 SQLite at least 3.51.3", 1, 0)


def test_the_linter_watches_for_what_bandit_knows() -> None:
    """Every exception from ``S`` stands at its line with its reason; none for a whole file of the program."""
    text = (ROOT / "pyproject.toml").read_text("utf-8")
    assert re.search(r'select = \[.*"S".*\]', text)
    assert not re.search(r'"clerk_app[^"]*" = \[[^\]]*"S\d', text)
