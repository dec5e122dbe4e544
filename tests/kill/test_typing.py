"""Killed at random moments while somebody types: at most two seconds of it are missing, and never a draft.

``CLERK_TYPING_KILLS`` sets how many kills there are.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from clerk_app.bootstrap.premises import open_premises
from clerk_app.domain.typed import TypedPlace
from clerk_app.sandbox.keys import KeyRing
from tests.kill.office import PracticePortal, Trials

pytestmark = [
    pytest.mark.kill,
    pytest.mark.xdist_group("typing"),
    pytest.mark.skipif(not hasattr(os, "fork"), reason="trials run in forked children"),
]

KILLS = int(os.environ.get("CLERK_TYPING_KILLS", "6"))
MEMORY = Path("/dev/shm")
MOST_MISSING_S = 2.0


class Typist:
    """The server that types; see ``tests.kill.typist``."""

    def __init__(self) -> None:
        environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.kill.typist"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            text=True, env=environment,
        )  # fmt: skip

    def types(
        self, home: tuple[Path, Path], seed: int, *, least_s: float = 0.0, most_s: float, journal: bool = True
    ) -> dict[str, Any]:
        order = {
            "home": str(home[0]),
            "profile": str(home[1]),
            "seed": seed,
            "least_s": least_s,
            "most_s": most_s,
        }
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        print(json.dumps({**order, "journal": journal}), file=self._process.stdin, flush=True)
        answer: dict[str, Any] = json.loads(self._process.stdout.readline())
        return answer

    def close(self) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(30)
        self._process.stdout.close()


@pytest.fixture(scope="module")
def typist() -> Iterator[Typist]:
    """One server for all trials."""
    served = Typist()
    yield served
    served.close()


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory, cache_dir: Path) -> Iterator[tuple[Path, Path]]:
    """An office with a case, and its profile."""
    with TemporaryDirectory(
        prefix="typing-", dir=MEMORY if MEMORY.is_dir() else tmp_path_factory.mktemp("typing")
    ) as made:
        directory = Path(made) / "portal"
        directory.mkdir()
        KeyRing(directory / "keys").make_missing(cache_dir / "keys")
        portal = PracticePortal(directory)
        try:
            portal.file(1)
            trials = Trials(portal, Path(made) / "home")
            assert trials.in_child(trials.sync)[0] == 0
            yield trials.home, Path(portal.ready["profiles"][0])
        finally:
            portal.close()


def missing(home: Path, profile: Path, answer: dict[str, Any]) -> float:
    """How many typed seconds are missing after a kill; the chain of the ledger is whole."""
    log = answer["log"]
    with open_premises(home, profile, lock=True) as premises:
        premises.store.ledger("judge").verify_chain()
        journal = premises.store.journal("judge")
        found = [state for state in journal.unfinished() if state.place is TypedPlace.DECISION]
        kept = str(found[0].fields["reasons"]) if found else log[0][1]
        journal.close()
    texts = [text for _at, text in log]
    assert kept in texts, "what was kept was never typed"
    reached: float = max(at for at, text in log if text == kept)
    return float(log[-1][0] - reached)


def test_at_most_two_seconds_are_missing_and_never_a_draft(home: tuple[Path, Path], typist: Typist) -> None:
    worst, kills, typed = 0.0, 0, 0
    before = ""
    for seed in range(KILLS):
        answer = typist.types(home, seed, most_s=0.8)
        assert answer["code"] == 137, "the client ended by itself"
        kills += 1
        log = answer["log"]
        assert len(log) > 0
        if before and log[0][1] != before:
            pytest.fail(f"the form did not come back: {log[0][1][-30:]!r} for {before[-30:]!r}")
        worst = max(worst, missing(*home, answer))
        typed += len(log)
        with open_premises(*home, lock=True) as premises:
            journal = premises.store.journal("judge")
            found = [state for state in journal.unfinished() if state.place is TypedPlace.DECISION]
            before = str(found[0].fields["reasons"]) if found else ""
            journal.close()
    print(f"\n{kills} kills while {typed} keys were typed: at most {worst:.2f} s of typing missing")
    assert kills == KILLS
    assert typed > 5 * KILLS, "too little was typed to mean anything"
    assert worst <= MOST_MISSING_S


def test_a_client_without_its_journal_is_caught(home: tuple[Path, Path], typist: Typist) -> None:
    """A harness that catches no broken client is blind."""
    for seed in range(4):
        answer = typist.types(home, seed, least_s=2.5, most_s=3.0, journal=False)
        if len(answer["log"]) > 20 and missing(*home, answer) > MOST_MISSING_S:
            return
    pytest.fail("the broken client went unnoticed")
