"""Whatever was promised survives a kill at every statement, sync and rename of a writer."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from clerk_app.domain.case import CaseQuery
from clerk_app.domain.ids import SubmissionId
from clerk_app.domain.outbox import OutboxState
from clerk_app.store.home import HomePaths, Store
from clerk_app.sync.ports import IntakeState
from tests.conftest import ROOT
from tests.store.killed import ATTACHMENT, CASE, ENTRY, JWE, SUBMISSIONS
from tests.store.making import DATA_KEY, MAILBOX, make_opened, make_original, page

pytestmark = [
    pytest.mark.kill,
    pytest.mark.skipif(not hasattr(os, "fork"), reason="kills a forked child"),
]


def killed_homes(scenario: str, directory: Path) -> list[tuple[HomePaths, list[str]]]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.store.killed", scenario, str(directory)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    promised = json.loads(done.stdout)
    return [(HomePaths(directory / f"{n}"), said) for n, said in enumerate(promised, start=1)]


@contextmanager
def reopened(paths: HomePaths) -> Iterator[Store]:
    store = Store.open(paths, DATA_KEY, create=False)
    try:
        yield store
    finally:
        store.close()


UNFINISHED = 8  # a killed writer leaves what its threads were writing; swept when an hour old


def leftovers(paths: HomePaths) -> list[Path]:
    return list(paths.home.rglob("*.part"))


def test_acts_are_whole_or_absent(tmp_path: Path) -> None:
    homes = killed_homes("note", tmp_path)
    assert len(homes) > 15
    seen = set()
    for paths, said in homes:
        with reopened(paths) as store:
            count = store.ledger("check").verify_chain()
        assert count % 2 == 0, "half a transaction"
        assert count >= 2 * len(said)
        seen.add(count)
    assert seen == {0, 2, 4}


def test_a_promised_decision_is_never_lost_and_never_sent_blindly(tmp_path: Path) -> None:
    homes = killed_homes("decide", tmp_path)
    assert len(homes) > 40
    states = set()
    for paths, said in homes:
        with reopened(paths) as store:
            store.ledger("check").verify_chain()
            entry = store.reads().outbox_entry(ENTRY)
            states.add(None if entry is None else entry.state)
            files = sorted(path.name for path in paths.outbox.glob("*.sealed"))
        if "queued" in said:
            assert entry is not None
        if "announced" in said:
            assert entry is not None
            assert entry.state is OutboxState.DELIVERED or entry.remote is not None
        if entry is not None and entry.remote is None:
            assert entry.state is OutboxState.QUEUED
        open_entry = entry is not None and entry.state is not OutboxState.DELIVERED
        assert files == ([f"{ENTRY}.sealed"] if open_entry else [])
        assert len(leftovers(paths)) <= UNFINISHED
    assert {None, OutboxState.QUEUED, OutboxState.DELIVERED} <= states


def test_a_stored_submission_has_its_original_and_storing_again_completes(tmp_path: Path) -> None:
    homes = killed_homes("intake", tmp_path)
    assert len(homes) > 40
    numbers = set()
    for paths, said in homes:
        with reopened(paths) as store:
            intake = store.intake()
            known = intake.known([SubmissionId(submission_id) for submission_id in SUBMISSIONS])
            numbers.add(len(known))
            assert set(said) <= set(known), "a promised submission is gone"
            for submission_id in known:
                assert known[submission_id].state is IntakeState.STORED
                kept = store.original(CASE, submission_id)
                assert kept.attachments == {ATTACHMENT: JWE}
            for listed in SUBMISSIONS:  # the portal still lists what was not accepted
                original = make_original(CASE, submission_id=listed, attachments={ATTACHMENT: JWE})
                intake.store(MAILBOX, page(make_opened(original)))
            (row,) = store.reads().list(CaseQuery(text="müller"))
            assert (row.case_id, row.attachment_count) == (CASE, 2)
        assert len(leftovers(paths)) <= UNFINISHED
    assert numbers == {0, 1, 2}
