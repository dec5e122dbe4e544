"""Row 19: the change of a data key, stopped at every sync, rename and at any moment, and gone on with."""

from __future__ import annotations

import os
import random
import shutil
import signal
import sys
import traceback
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from clerk_app.bootstrap.premises import finish_rotation
from clerk_app.domain.errors import ClerkError
from clerk_app.domain.ids import CaseId, SubmissionId
from clerk_app.store.home import Store
from clerk_app.store.resealing import reseal
from clerk_app.system import key_rotation
from clerk_app.system.data_key import obtain
from clerk_app.system.office_home import claim_home
from clerk_app.system.paths import Home, open_home
from tests.kill.points import KILLED, Points, install
from tests.matrix import record, trials
from tests.store.making import MAILBOX, START, make_opened, make_outgoing, new_id, page
from tests.system.test_data_key import REAL

ROW = "19 key change killed anywhere"
MEMORY = Path("/dev/shm")
ODD_CASE = CaseId("keine-uuid:7")

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="trials run in forked children")


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    with TemporaryDirectory(prefix="keys-", dir=MEMORY if MEMORY.is_dir() else tmp_path) as made:
        yield Path(made)


def filled(home: Home) -> tuple[list[tuple[CaseId, SubmissionId]], list[str]]:
    """A practice office with cases (one with an id that is no UUID), notes and letters that wait."""
    claim_home(home, replace(REAL, practice=True))
    store = Store.open(home, obtain(home, True, create=True))
    try:
        opened = [make_opened(text="x" * 20_000) for _ in range(8)] + [make_opened(case_id=ODD_CASE)]
        store.intake().store(MAILBOX, page(*opened))
        letters = [make_outgoing(new_id()) for _ in range(3)]
        for letter in letters:
            with store.ledger("anna").transaction("queue") as write:
                write.queue(letter, START)
    finally:
        store.close()
    cases = [(each.original.waiting.case_id, each.original.waiting.submission_id) for each, _facts in opened]
    return cases, [letter.entry_id for letter in letters]


def missing(home: Home, cases: list[tuple[CaseId, SubmissionId]], letters: list[str]) -> list[str]:
    """What cannot be read any more once the change was gone on with."""
    found: list[str] = []
    try:
        finish_rotation(home)
        store = Store.open(home, obtain(home, True, create=False))
    except ClerkError as error:
        return [f"does not open: {error.code}"]
    try:
        machine = store.outbox()
        machine.verify_chain()
        if {entry.entry_id for entry in machine.open_entries()} != set(letters):
            found.append("letters")
        if store.needs_rebuild or store.ledger_was_lost or store.missing_from_cache():
            found.append("damaged")
        for case_id, submission_id in cases:
            store.original(case_id, submission_id)
        sealed = {kept.entry_id for kept in store._files.all()}
        if sealed != set(letters):
            found.append("sealed copies")
        found += [f"{role}: {faults}" for role, faults in store.faults().items() if faults]
    except ClerkError as error:
        found.append(str(error.code))
    finally:
        store.close()
    return found


def _rotate(home: Home) -> None:
    key_rotation.rotate(home, lambda old, new: reseal(home, old, new))


def in_child(
    home: Home, kill_at: int | None, after_s: float | None, mutant: Callable[[], None] | None
) -> int:
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            if mutant is not None:
                mutant()
            points = Points(kill_at)
            install(points)
            if after_s is not None:
                signal.signal(signal.SIGALRM, signal.SIG_DFL)  # ends the process where it is
                signal.setitimer(signal.ITIMER_REAL, after_s)
            _rotate(home)
            code = 0
        except BaseException:  # noqa: BLE001 - a child must never return into pytest
            traceback.print_exc(file=sys.stderr)
        os._exit(code)
    _pid, status = os.waitpid(pid, 0)
    return os.waitstatus_to_exitcode(status)


def killed_anywhere(
    folder: Path, tries: int, mutant: Callable[[], None] | None = None, *, stop_early: bool = False
) -> tuple[int, list[str]]:
    """Trials, each on a copy of one home: half at numbered points, half at any moment of the work."""
    home = open_home(folder / "office", {})
    cases, letters = filled(home)
    rng, found, kills, point = random.Random(7), [], 0, 0
    for number in range(tries * 3):
        if kills >= tries:
            break
        copy = Home(folder / f"copy-{number}")
        shutil.copytree(home.root, copy.root)
        point += 1
        at_point = number % 2 == 0
        code = in_child(
            copy, point if at_point else None, None if at_point else rng.uniform(1e-4, 0.06), mutant
        )
        if at_point and code == 0:
            point = 0  # past the last one
        elif code in (KILLED, -signal.SIGALRM):
            kills += 1
            if number % 3 == 0:  # and the one who goes on is killed as well
                in_child(copy, rng.randrange(1, 9), None, mutant)
        elif code != 0:
            found.append(f"{number}: the change failed with {code} instead of being killed")
        found += [f"{number}: {each}" for each in missing(copy, cases, letters)]
        shutil.rmtree(copy.root)
        if found and stop_early:
            break
    return kills, found


def test_killed_anywhere_everything_opens_afterwards(folder: Path) -> None:
    kills, found = killed_anywhere(folder, trials(60, 10_000))
    record(ROW, kills, len(found))
    assert found == []
    assert kills >= trials(60, 10_000)


def test_the_old_key_opens_nothing_any_more(folder: Path) -> None:
    home = open_home(folder / "office", {})
    cases, letters = filled(home)
    old = obtain(home, True, create=False)
    _rotate(home)
    assert missing(home, cases, letters) == []
    assert obtain(home, True, create=False) != old
    with pytest.raises(ClerkError):
        Store.open(home, old)
    leftovers = [path.name for path in home.keys.iterdir()]
    assert sorted(leftovers) == ["data-key.check", "practice.key"]


def _takes_the_new_key_first() -> None:
    careful = key_rotation.KeyPlaces.keep_next

    def careless(self: key_rotation.KeyPlaces, key: bytes) -> None:
        careful(self, key)
        self.take_next(key)

    key_rotation.KeyPlaces.keep_next = careless  # type: ignore[method-assign]


def _keeps_the_new_key_last() -> None:
    kept: list[bytes] = []
    careful = key_rotation.KeyPlaces.take_next

    def take(self: key_rotation.KeyPlaces, key: bytes) -> None:
        del key
        careful(self, kept[0])

    key_rotation.KeyPlaces.keep_next = lambda self, key: kept.append(key)  # type: ignore[method-assign]
    key_rotation.KeyPlaces.next = lambda self: kept[0] if kept else None  # type: ignore[method-assign]
    key_rotation.KeyPlaces.take_next = take  # type: ignore[method-assign]


@pytest.mark.parametrize("mutant", [_takes_the_new_key_first, _keeps_the_new_key_last])
def test_a_change_in_another_order_is_caught(folder: Path, mutant: Callable[[], None]) -> None:
    _kills, found = killed_anywhere(folder, 60, mutant, stop_early=True)
    assert found != []
