"""An office and a practice portal for whole journeys."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from clerk_app.bootstrap.entrance import main
from clerk_app.sandbox.server import RunningSandbox


@dataclass
class Said:
    """What a command said and how it ended."""

    exit_code: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        return json.loads(self.out)


@dataclass
class Office:
    """``clerk-app`` with this office's home and profile."""

    home: Path
    profile: Path

    def __call__(self, *argv: str, profile: bool = True) -> Said:
        out, err = io.StringIO(), io.StringIO()
        named = ["--profile", str(self.profile)] if profile else []
        with redirect_stdout(out), redirect_stderr(err):
            code = main(["--home", str(self.home), *named, *argv])
        return Said(code, out.getvalue(), err.getvalue())

    def json(self, *argv: str) -> Any:
        """The document of a command that must succeed."""
        said = self(*argv, "--json")
        assert said.exit_code == 0, said.err
        return said.document

    def case_by(self, channel: str | None, **wanted: object) -> dict[str, Any]:
        """The newest new case that offered this way back."""
        rows = self.json("cases", "--status", "new")
        found: dict[str, Any] = next(
            row
            for row in rows
            if row["channel"] == channel and all(row[key] == value for key, value in wanted.items())
        )
        return found


@pytest.fixture(scope="session")
def key_cache(cache_dir: Path) -> Path:
    return cache_dir / "keys"


StartPortal = Callable[..., RunningSandbox]


@pytest.fixture
def start_portal(tmp_path: Path, key_cache: Path) -> Iterator[StartPortal]:
    """Starts a practice portal; it is stopped after the test."""
    running: list[RunningSandbox] = []

    def start(applications: int = 0, **options: Any) -> RunningSandbox:
        directory = tmp_path / f"portal-{len(running)}"
        sandbox = RunningSandbox(directory, applications=applications, key_cache=key_cache, **options)
        sandbox.__enter__()
        running.append(sandbox)
        return sandbox

    yield start
    for sandbox in reversed(running):
        sandbox.__exit__(None, None, None)


@pytest.fixture
def portal(start_portal: StartPortal) -> RunningSandbox:
    """A portal with applications of every kind and none defective."""
    return start_portal(24, defective=0)


@pytest.fixture
def office(portal: RunningSandbox, tmp_path: Path) -> Office:
    return Office(tmp_path / "home", portal.profiles[0])
