"""What an older program stored is read again a little in each round: nothing waits for it."""

from __future__ import annotations

from pathlib import Path

from clerk_app.sync.engine import SyncEngine
from clerk_app.sync.status import StatusBoard
from tests.sync.fakes import FakeClock, FakeIntakeStore, FakeOutbox, FakeReader, FakeService


def engine(intake: FakeIntakeStore, spool: Path, *, stopping: bool = False) -> SyncEngine:
    clock = FakeClock()
    return SyncEngine(
        mailboxes=(),
        intake=intake,
        outbox=FakeOutbox(clock),
        channels=FakeService(clock),
        reader=FakeReader(),
        clock=clock,
        board=StatusBoard(),
        spool=spool,
        stopping=lambda: stopping,
    )


def test_each_round_reads_a_part(tmp_path: Path) -> None:
    intake = FakeIntakeStore(unread=4500)
    rounds = engine(intake, tmp_path / "spool")
    left = []
    for _round in range(3):
        rounds.run_once()
        left.append(intake.unread)
    assert left == [2500, 500, 0]


def test_who_stops_is_not_kept(tmp_path: Path) -> None:
    intake = FakeIntakeStore(unread=4500)
    engine(intake, tmp_path / "spool", stopping=True).run_once()
    assert intake.unread == 4500
