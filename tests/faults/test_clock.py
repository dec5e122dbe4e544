"""Row 10: storms of refusals, waits asked for in every form, clocks that jump, machines that sleep."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from clerk_app.domain.case import CaseQuery
from clerk_app.sandbox.auth import TOKEN_LIFETIME_S
from clerk_app.sync.thread import INTERVAL_S
from tests.faults.calls import LONGEST_WAIT_S, Office, office
from tests.kill.office import act_on
from tests.matrix import record, trials

ROW = "10 storms, waits and clock jumps"
ROUNDS = trials(12, 200)


@pytest.fixture
def made(tmp_path: Path, cache_dir: Path) -> Iterator[Office]:
    with pytest.MonkeyPatch.context() as patch, office(tmp_path, cache_dir / "sandbox-keys", patch) as built:
        yield built


def told(made: Office, number: int) -> None:
    found = made.judged()
    record(ROW, number, len(found))
    assert found == []


STORMS = [
    "401",
    "407",
    "429",
    "429-date",
    "429-2099",
    "429-negative",
    "429-garbage",
    "503-retry-after",
    "5xx",
]


@pytest.mark.parametrize("storm", [*STORMS, "token-always-expired"])
def test_no_storm_answers_a_storm(made: Office, storm: str) -> None:
    """A minute between rounds, as the sync thread makes them, with a letter in each direction waiting."""
    made.filed += made.portal.file(1)
    with made.opened() as (_premises, engine, desk):
        made.settle(engine, desk)
        for row in desk.reads.list(CaseQuery()):
            act_on(desk, row.case_id, row.status)
        made.filed += made.portal.file(1)
        made.line.made.clear()
        most = 0
        for _ in range(ROUNDS):
            made.line.every = lambda kind, path: None if path == "/token" and "token" in storm else storm
            before = len(made.line.made)
            made.one_round(engine, desk, force=False)
            most = max(most, len(made.line.made) - before)
            now = made.hands.now()
            tries = [each.next_try_at for each in desk.reads.outbox() if each.next_try_at is not None]
            attempts = max([each.attempts for each in desk.reads.outbox()], default=0)
            if attempts == 1 and tries:
                assert max(tries) - now <= timedelta(seconds=LONGEST_WAIT_S), "the portal's word is cut"
            made.hands.forward(INTERVAL_S)
        tokens = sum(call.path == "/token" for call in made.line.made)
        refused = sum(call.status == 401 for call in made.line.made)
        made.line.calm()
        made.settle(engine, desk)
    assert most <= 10, "calls of one round"
    assert tokens <= refused + 1
    assert max(made.hands.slept, default=0.0) <= 5.0
    told(made, ROUNDS)


def test_one_token_call_for_each_expiry(made: Office) -> None:
    hours = 3
    with made.opened() as (_premises, engine, desk):
        for _ in range(hours * 60):
            made.one_round(engine, desk, force=False)
            made.hands.forward(INTERVAL_S)
    tokens = sum(call.path == "/token" for call in made.line.made)
    assert 1 < tokens <= hours * 3600 / (TOKEN_LIFETIME_S - 60) + 1
    assert len(made.line.made) == hours * 60 + tokens, "one call a round and no other"
    told(made, hours * 60)


JUMPS = [timedelta(days=3), timedelta(days=-3), timedelta(minutes=10), timedelta(minutes=-10)]


@pytest.mark.parametrize("whose", ["desktop", "portal"])
@pytest.mark.parametrize("jump", JUMPS, ids=str)
def test_clocks_jump_while_syncing(made: Office, whose: str, jump: timedelta) -> None:
    """One clock jumps at the third call of an intake; later it is set right again."""

    def turn(by: timedelta) -> None:
        if whose == "desktop":
            made.hands.wall += by
        else:
            made.hands.portal += by

    calls = iter(range(1_000_000))

    def jumps(kind: str, path: str) -> None:
        if next(calls) == 2:
            turn(jump)

    begun = made.hands.now()
    made.filed += made.portal.file(2)
    with made.opened() as (_premises, engine, desk):
        made.line.every = jumps
        for _ in range(5):
            made.one_round(engine, desk, force=False)
            made.hands.forward(INTERVAL_S)
        assert next(calls) > 3
        made.line.calm()
        turn(-jump)
        made.settle(engine, desk)
        rows = desk.reads.list(CaseQuery())
        assert len(rows) == 2
        for row in rows:
            case = desk.reads.case_file(row.case_id)
            assert case is not None
            assert abs(case.first.submitted_at - begun) < timedelta(minutes=5), "the day that counts"
            act_on(desk, row.case_id, row.status)
        tokens = sum(call.path == "/token" for call in made.line.made)
        assert tokens <= 2
        made.settle(engine, desk)
    told(made, 1)


@pytest.mark.parametrize("where", ["/attachments/", "/events", "/submissions"])
def test_the_machine_sleeps_in_the_middle_of_a_call(made: Office, where: str) -> None:
    """Eight hours: the wall clock went on, the monotonic one stood still, and the portal hung up long ago."""
    slept: list[str] = []

    def sleeps(kind: str, path: str) -> str | None:
        if where not in path or slept:
            return None
        slept.append(path)
        made.hands.wall += timedelta(hours=8)
        made.hands.portal += timedelta(hours=8)
        made.sandbox.unplug()  # connections kept alive are gone too
        made.sandbox.plug_in()
        return "truncated-body"

    made.filed += made.portal.file(2)
    with made.opened() as (_premises, engine, desk):
        made.line.every = sleeps
        for _ in range(4):
            made.one_round(engine, desk, force=False)
            made.hands.forward(INTERVAL_S)
        assert len(slept) == 1
        assert len(desk.reads.list(CaseQuery())) == 2, "it went on by itself"
        for row in desk.reads.list(CaseQuery()):
            act_on(desk, row.case_id, row.status)
        slept.clear()
        made.settle(engine, desk)
    tokens = sum(call.path == "/token" for call in made.line.made)
    assert tokens <= 4
    told(made, 1)
