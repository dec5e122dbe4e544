"""Two clients race for the same case: whatever leaves is signed, one, and made on what had arrived."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from clerk_app.domain.case import CaseFile
from clerk_app.domain.decision import DraftDecision
from clerk_app.domain.errors import ErrorCode
from clerk_app.domain.outbox import OutboxState
from clerk_app.sync.signed_lock import SignedLock
from clerk_app.usecases.case_work import readable_case
from clerk_app.usecases.deciding import Deciding
from tests.usecases.race import Race
from tests.usecases.turns import Turns

ROUNDS = 200
SEED = 20261125


MEMORY = Path("/dev/shm")  # where there is one, thousands of commits need not wait for a disk


@pytest.fixture
def race(tmp_path: Path) -> Iterator[Race]:
    beside = MEMORY if MEMORY.is_dir() else tmp_path
    with TemporaryDirectory(prefix="race-", dir=beside) as folder:
        made = Race(Path(folder) / "home", SEED)
        yield made
        made.close()


def test_in_200_races_no_unsigned_doubled_or_stale_decision_leaves(race: Race) -> None:
    race.run(ROUNDS)

    assert race.verdict() == []
    # and the races were races: much left, much was refused, for every reason there is
    assert len(race.street.left) > ROUNDS // 4
    for code in (ErrorCode.CASE_CHANGED, ErrorCode.CASE_ALREADY_DECIDED, ErrorCode.DRAFT_ALREADY_WAITING):
        assert race.codes[code] > 5, race.codes
    held = [entry for entry in race.house.outbox() if "HELD_CASE_CHANGED" in entry.problems]
    withdrawn = [entry for entry in race.house.outbox() if entry.state is OutboxState.WITHDRAWN]
    assert len(held) > 5
    assert len(withdrawn) > len(held)
    race.house.desk.ledger.verify_chain()


def test_let_loose_without_an_order_they_do_no_harm_either(race: Race) -> None:
    race.turns.free = True
    for _ in range(
        10
    ):  # how much leaves depends on who is quick; enough must, for the judge to see something
        race.run(40)
        if len(race.street.left) > 10:
            break

    assert race.verdict() == []
    assert len(race.street.left) > 10
    race.house.desk.ledger.verify_chain()


@dataclass(frozen=True)
class LooksAway(Deciding):
    """A client that never looks whether the case has moved on."""

    def unblocked(self, draft: DraftDecision) -> CaseFile:
        return readable_case(self.reads, draft.case_id)


def looks_away(race: Race, _patch: pytest.MonkeyPatch) -> None:
    for desk in race.desks.values():
        race.use_deciding(desk, LooksAway(**vars(desk.deciding)))


def sends_what_was_overtaken(_race: Race, patch: pytest.MonkeyPatch) -> None:
    patch.setattr(SignedLock, "check", lambda self: None)
    _deaf_to(patch, _race, "unless_overtaken")


def sends_what_was_taken_back(race: Race, patch: pytest.MonkeyPatch) -> None:
    move = race.pusher.outbox.move

    def deaf(*args: Any, **kwargs: Any) -> bool:
        move(*args, **kwargs)
        return True  # "nobody took it back"

    patch.setattr(race.pusher.outbox, "move", deaf, raising=False)


def sends_unsigned(race: Race, _patch: pytest.MonkeyPatch) -> None:
    race.letters.broken = True


def _deaf_to(patch: pytest.MonkeyPatch, race: Race, name: str) -> None:
    move = race.pusher.outbox.move
    patch.setattr(
        race.pusher.outbox,
        "move",
        lambda *args, **kwargs: move(*args, **{k: v for k, v in kwargs.items() if k != name}),
        raising=False,
    )


@pytest.mark.parametrize(
    ("breaks", "complaint"),
    [
        (looks_away, "is stale"),
        (sends_what_was_overtaken, "is stale"),
        (sends_what_was_taken_back, "taken back"),
        (sends_unsigned, "left unsigned"),
    ],
)
def test_the_judge_catches_a_broken_client(
    race: Race,
    monkeypatch: pytest.MonkeyPatch,
    breaks: Callable[[Race, pytest.MonkeyPatch], None],
    complaint: str,
) -> None:
    breaks(race, monkeypatch)
    for _ in range(10):
        race.run(10)
        if any(complaint in said for said in race.verdict()):
            return
    raise AssertionError("a broken client went unnoticed")


def test_the_same_seed_draws_the_same_order() -> None:
    def order() -> list[str]:
        said: list[str] = []
        turns = Turns(7, ("a", "b", "c"))

        def work(name: str) -> Callable[[], None]:
            def steps() -> None:
                for _ in range(20):
                    turns.seam()
                    said.append(name)

            return steps

        turns.run({name: work(name) for name in "abc"})
        turns.close()
        return said

    first = order()
    assert first == order()
    assert sorted(first) == sorted("abc" * 20)
    assert first != sorted(first), "they take turns"
