"""Killed at every commit, sync, rename and call of intake and push: nothing lost, nothing sent twice.

``CLERK_KILLS`` sets how many kills there are at least (300 unless told otherwise).
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from clerk_app.domain.outbox import OutboxState
from clerk_app.sandbox.keys import KeyRing
from tests.kill.office import PracticePortal, Trials, violations

pytestmark = [
    pytest.mark.kill,
    pytest.mark.skipif(not hasattr(os, "fork"), reason="trials run in forked children"),
]

MEMORY = Path("/dev/shm")
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


def _points_of_one_job(trials: Trials) -> tuple[list[dict[str, Any]], list[str]]:
    """What was filed, and the points one whole job passes in a home that already exists."""
    filed: list[dict[str, Any]] = []
    passed: list[str] = []
    filed += trials.portal.file(1)
    trials.warm_up()
    for _ in range(2):
        filed += trials.portal.file(1)
        code, passed = trials.in_child(trials.whole_job)
        assert code == 0
    return filed, passed


@pytest.mark.parametrize("half", [0, 1])
def test_killed_anywhere_nothing_is_lost_and_nothing_is_sent_twice(
    portal: PracticePortal, folder: Path, half: int
) -> None:
    trials = Trials(portal, folder / "home")
    filed, passed = _points_of_one_job(trials)
    assert len(passed) > 60, "the job has fewer points than it must have"
    kinds = {name.split(" ", 1)[1] for name in passed}
    assert kinds == {"fsync", "rename", "commit", "call"}

    point = half - 1  # one half dies at the odd points, the other at the even ones
    while trials.kills < KILLS // 2:
        point = (point + 2) % (len(passed) + 21)
        filed += portal.file(1)
        trials.killed(trials.whole_job, point)
        if trials.kills % 3 == 0:  # restarts follow kills, and kills follow kills
            code, _passed = trials.in_child(trials.sync)
            assert code == 0

    for _ in range(4):  # let everything still under way come to its end
        code, _passed = trials.in_child(trials.whole_job)
        assert code == 0
    assert violations(trials, filed) == []
    assert trials.kills >= KILLS // 2


def _sends_again_without_asking() -> None:
    from clerk_app.sync.push import Pusher

    def start_over(self: Pusher, entry: object, state: OutboxState, *_: object) -> OutboxState:
        self.outbox.move(entry.entry_id, OutboxState.QUEUED, expected=state)  # type: ignore[attr-defined]
        return OutboxState.QUEUED

    Pusher._settle = start_over  # type: ignore[method-assign,assignment]


def _accepts_before_storing() -> None:
    from clerk_app.sync.ports import Opened
    from clerk_app.sync.receive import Receiver

    careful = Receiver._store_and_settle

    def careless(self: Receiver, mailbox, page, tally) -> None:  # type: ignore[no-untyped-def]
        for item in page:
            if isinstance(item, Opened):
                mailbox.accept(item)
        careful(self, mailbox, page, tally)

    Receiver._store_and_settle = careless  # type: ignore[method-assign]


@pytest.mark.parametrize("mutant", [_sends_again_without_asking, _accepts_before_storing])
def test_a_broken_client_is_caught(portal: PracticePortal, folder: Path, mutant: Callable[[], None]) -> None:
    """A harness that catches no broken client is blind."""
    trials = Trials(portal, folder / "home", mutant)
    filed, passed = _points_of_one_job(trials)
    after_calls = [number for number, name in enumerate(passed, 1) if name == "after call"]
    for count, point in enumerate(after_calls, 1):
        filed += portal.file(1)
        trials.killed(trials.whole_job, point)
        if count % 4 == 0:
            for _ in range(3):
                trials.in_child(trials.whole_job)
            if violations(trials, filed):
                return
    pytest.fail("the broken client went unnoticed")
