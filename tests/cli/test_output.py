"""What is said can be read: by a person at any terminal, and by a program always."""

from __future__ import annotations

import io
import json
import os
import socket
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from clerk_app.bootstrap.entrance import Doors, main
from clerk_app.cli.case_document import _fields
from clerk_app.cli.entrance import SandboxRequest
from clerk_app.cli.main import run
from clerk_app.cli.output import say_json, say_lines
from clerk_app.sandbox.server import RunningSandbox
from tests.services.test_office_rules import RULES, application, case


@pytest.mark.parametrize("encoding", ["utf-8", "ascii", "cp1252"])
@pytest.mark.parametrize(
    "text", ["Žofia Müller", "\ud800", "\U0001f415", "\x1b]0;x\x07", "\x9b31m", "a\u202eb"]
)
def test_every_text_can_be_said_on_every_terminal(encoding: str, text: str) -> None:
    raw = io.BytesIO()
    with io.TextIOWrapper(raw, encoding) as out:
        say_lines([text], out)
        shown = raw.getvalue().decode(encoding)
        assert not any(character in shown for character in "\x1b\x07\x9b\u202e")
        assert shown.endswith("\n")

    raw = io.BytesIO()
    with io.TextIOWrapper(raw, encoding) as out:
        say_json({"text": text}, out)
        assert json.loads(raw.getvalue().decode(encoding))["text"] == text


@dataclass
class Desk:
    assessor = RULES


@pytest.mark.parametrize(
    "content", [b'{"a": NaN}', b'{"a": -Infinity}', b'{"a":' * 900 + b"1" + b"}" * 900, b"\xff"]
)
def test_a_form_that_is_no_json_for_others_is_told_by_its_labels(content: bytes) -> None:
    fields = _fields(Desk(), case(application(content)))  # type: ignore[arg-type]

    assert isinstance(fields, dict)
    out = io.StringIO()
    say_json(fields, out)
    json.loads(out.getvalue(), parse_constant=lambda name: pytest.fail(name))


@pytest.mark.parametrize("argv", [["--version"], ["--help"], ["cases", "--json", "--profile", "none"]])
def test_a_reader_who_has_seen_enough_is_no_error(argv: list[str], tmp_path: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "wb") as closed:
        result = subprocess.run(
            [sys.executable, "-m", "clerk_app", "--home", str(tmp_path), *argv],
            stdout=closed,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert "Pipe" not in result.stderr
    assert result.returncode == (2 if "--profile" in argv else 0)


def test_a_practice_portal_that_cannot_start_says_why(
    tmp_path: Path, cache_dir: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("")
    assert main(["sandbox", "--directory", str(tmp_path / "file")]) == 2
    assert capsys.readouterr().err.startswith("OUTPUT_NOT_WRITABLE: ")
    assert main(["demo", "--headless", "--keep", str(tmp_path / "file")]) == 2
    assert capsys.readouterr().err.startswith("OUTPUT_NOT_WRITABLE: ")

    class Taken(Doors):
        def sandbox(self, request: SandboxRequest) -> int:
            keys = cache_dir / "keys"
            with RunningSandbox(request.directory, port=request.port, key_cache=keys):
                return 0

    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert run(Taken(), ["sandbox", "--directory", str(tmp_path / "p"), "--port", str(port)], "0") == 2
    said = capsys.readouterr().err
    assert said.startswith("USAGE: ")
    assert str(port) in said


def test_a_console_that_lacks_a_sign_ends_no_command(tmp_path: Path) -> None:
    """``✓`` is in no code page of a German Windows."""
    done = subprocess.run(
        [sys.executable, "-m", "clerk_app", "--home", str(tmp_path / "home"), "doctor"],
        capture_output=True,
        env={**os.environ, "PYTHONIOENCODING": "cp1252", "PYTHONUTF8": "0"},
    )
    assert done.returncode == 5, done.stderr
    assert b"\\u2717" in done.stdout
