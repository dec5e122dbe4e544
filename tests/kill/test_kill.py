"""Killed at every commit, sync, rename and call of intake and push: nothing lost, nothing sent twice.

``CLERK_KILLS`` sets how many kills there are at least (300 unless told otherwise).
"""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from clerk_app.domain.errors import ClerkError
from clerk_app.sandbox.keys import KeyRing
from tests.kill.mutants import MUTANTS
from tests.kill.office import PracticePortal, Trials, violations
from tests.matrix import record

pytestmark = [
    pytest.mark.kill,
    pytest.mark.skipif(not hasattr(os, "fork"), reason="trials run in forked children"),
]

MEMORY = Path("/dev/shm")
#: Every case of a home is looked at in each trial: a new home now and then keeps a kill cheap.
KILLS_PER_HOME = 30
KILLS = int(os.environ.get("CLERK_KILLS", "300"))


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """Where office and portal live: a process that ends loses nothing the system was given, disk or not."""
    with TemporaryDirectory(prefix="kill-", dir=MEMORY if MEMORY.is_dir() else tmp_path) as made:
        yield Path(made)


@pytest.fixture
def portal(folder: Path, cache_dir: Path) -> Iterator[PracticePortal]:
    directory = folder / "portal"
    directory.mkdir()
    KeyRing(directory / "keys").make_missing(cache_dir / "keys")
    running = PracticePortal(directory)
    yield running
    running.close()


def _points_of_one_job(trials: Trials, *, careful: bool = True) -> tuple[list[dict[str, Any]], list[str]]:
    """What was filed, and the points one whole job passes in a home that already exists."""
    filed: list[dict[str, Any]] = []
    passed: list[str] = []
    filed += trials.portal.file(1)
    trials.warm_up()
    for _ in range(2):
        filed += trials.portal.file(1)
        code, passed = trials.in_child(trials.whole_job)
        assert code == 0 or not careful
    return filed, passed


@pytest.mark.parametrize("half", [0, 1])
def test_killed_anywhere_nothing_is_lost_and_nothing_is_sent_twice(
    portal: PracticePortal, folder: Path, half: int
) -> None:
    kills, point = 0, half - 1  # one half dies at the odd points, the other at the even ones
    while kills < KILLS // 2:
        trials = Trials(portal, folder / f"home-{kills}")
        filed, passed = _points_of_one_job(trials)
        assert len(passed) > 60, "the job has fewer points than it must have"
        kinds = {name.split(" ", 1)[1] for name in passed}
        assert kinds == {"fsync", "rename", "commit", "call"}
        while trials.kills < min(KILLS_PER_HOME, KILLS // 2 - kills):
            point = (point + 2) % (len(passed) + 21)
            filed += portal.file(1)
            trials.killed(trials.whole_job, point)
            if trials.kills % 3 == 0:  # restarts follow kills, and kills follow kills
                code, _passed = trials.in_child(trials.sync)
                assert code == 0
        for _ in range(4):  # let everything still under way come to its end
            code, _passed = trials.in_child(trials.whole_job)
            assert code == 0
        found = violations(trials, filed)
        record("1 kill -9 at numbered points of intake, request, decision, push", trials.kills, len(found))
        assert found == []
        kills += trials.kills


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.__name__)
def test_a_broken_client_is_caught(portal: PracticePortal, folder: Path, mutant: Callable[[], None]) -> None:
    """A harness that catches no broken client is blind. Some rules are broken only at some points."""
    trials = Trials(portal, folder / "home", mutant, longest_s=30)
    filed, passed = _points_of_one_job(trials, careful=False)
    by_kind = {name: [at for at, each in enumerate(passed, 1) if each == name] for name in passed}
    after_calls = by_kind.pop("after call")  # where a client and the portal know different things
    others = [at for turn in itertools.zip_longest(*by_kind.values()) for at in turn if at is not None]
    order = [*after_calls, *others]
    for count, point in enumerate(order, 1):
        filed += portal.file(1)
        trials.in_child(trials.whole_job, point)
        if count % 3 == 0:
            for _ in range(2):
                trials.in_child(trials.whole_job)
            if _caught(trials, filed):
                return
    pytest.fail("the broken client went unnoticed")


def _caught(trials: Trials, filed: list[dict[str, Any]]) -> bool:
    """A client that cannot open its own home any more is caught too."""
    try:
        return bool(violations(trials, filed))
    except ClerkError:
        return True
