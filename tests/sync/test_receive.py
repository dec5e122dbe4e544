"""Intake: stored before accepted, once each, and one broken submission never stops the others."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from clerk_app.domain.errors import ClerkError, Disposition, ErrorCode
from clerk_app.sync.ports import IntakeState
from clerk_app.sync.receive import Receiver, ReceiveTally, rebuild
from tests.sync.fakes import KEY, FakeIntakeStore, FakeMailbox, FakeReader, unreachable, waiting


class World:
    def __init__(self, pool: ThreadPoolExecutor, spool: Path) -> None:
        self.mailbox = FakeMailbox()
        self.store = FakeIntakeStore()
        self.receiver = Receiver(self.store, FakeReader(), spool, pool, page_size=4)

    def receive(self) -> ReceiveTally:
        return self.receiver.receive(self.mailbox)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with ThreadPoolExecutor(2) as pool:
        yield World(pool, tmp_path)


def test_every_waiting_submission_ends_in_exactly_one_place(world: World) -> None:
    items = [waiting() for _ in range(11)]
    world.mailbox.listed = list(items)
    world.mailbox.kind = {items[2].submission_id: "defective", items[5].submission_id: "unreadable"}

    tally = world.receive()

    assert (tally.received, tally.joined, tally.rejected, tally.quarantined) == (9, 0, 1, 1)
    assert tally.failure is None
    assert len(world.mailbox.accepted) == 9
    assert world.mailbox.rejected == [items[2].submission_id]
    assert world.store.rows[items[5].submission_id].state is IntakeState.QUARANTINED
    assert items[5] in world.mailbox.listed, "what we cannot read stays at the portal"


def test_an_answer_in_a_known_case_joins_it(world: World) -> None:
    first = waiting()
    world.mailbox.listed = [first]
    world.receive()
    world.mailbox.listed = [waiting(first.case_id)]

    tally = world.receive()

    assert (tally.received, tally.joined) == (0, 1)


def test_an_accept_whose_answer_was_lost_is_confirmed_later_without_storing_twice(world: World) -> None:
    world.mailbox.listed = [waiting()]
    world.mailbox.lose_accept_answer = True
    first = world.receive()
    assert first.received == 1
    assert first.failure is not None
    assert next(iter(world.store.rows.values())).state is IntakeState.STORED

    world.mailbox.lose_accept_answer = False
    second = world.receive()

    assert (second.received, second.failure) == (0, None)
    assert next(iter(world.store.rows.values())).state is IntakeState.ACCEPTED
    assert len(world.store.kept) == 1


def test_a_portal_restored_from_a_backup_is_settled_again_and_nothing_arrives_twice(world: World) -> None:
    world.mailbox.stale = True
    world.mailbox.listed = [waiting(), waiting()]
    world.receive()

    tally = world.receive()

    assert (tally.received, tally.joined) == (0, 0)
    assert len(world.store.kept) == 2


def test_a_submission_settled_by_somebody_else_is_kept_and_marked(world: World) -> None:
    item = waiting()
    world.mailbox.listed = [item]
    world.mailbox.rejected = [item.submission_id]  # the automatic reject after 14 days

    world.receive()

    assert world.store.rows[item.submission_id].state is IntakeState.CONTESTED


def test_what_was_received_before_the_line_broke_is_safe(world: World) -> None:
    items = [waiting() for _ in range(10)]
    world.mailbox.listed = list(items)
    world.mailbox.fail_fetch = {items[6].submission_id}

    tally = world.receive()

    assert tally.failure is not None
    assert tally.failure.code is ErrorCode.PORTAL_UNREACHABLE
    assert tally.received == 7, "the first page, and the rest of the page that broke"

    world.mailbox.fail_fetch = set()
    assert world.receive().received == 3


def test_a_submission_gone_between_listing_and_fetching_is_nobodys_fault(world: World) -> None:
    world.mailbox.listed = [waiting()]

    def gone(*_: object) -> object:
        raise ClerkError(ErrorCode.REMOTE_GONE, {}, Disposition.RETRY)

    world.mailbox.fetch = gone  # type: ignore[method-assign,assignment]
    tally = world.receive()

    assert (tally.received, tally.failure) == (0, None)


def test_quarantined_submissions_are_fetched_again_only_when_keys_changed(world: World) -> None:
    item = waiting()
    world.mailbox.listed = [item]
    world.mailbox.kind = {item.submission_id: "unreadable"}
    world.receive()
    assert world.mailbox.fetched == [item.submission_id]

    world.receive()
    assert world.mailbox.fetched == [item.submission_id], "not again with the same keys"

    world.mailbox.fingerprint = "keys-2"
    world.mailbox.kind = {}
    assert world.receive().received == 1


def test_a_listing_that_fails_is_told_and_touches_nothing(world: World) -> None:
    world.mailbox.fail_listing = unreachable()

    with pytest.raises(ClerkError) as caught:
        world.receive()

    assert caught.value.code is ErrorCode.PORTAL_UNREACHABLE
    assert world.store.rows == {}


def test_the_cache_is_built_again_from_the_kept_originals(world: World) -> None:
    world.mailbox.listed = [waiting() for _ in range(3)]
    world.receive()
    fresh = FakeIntakeStore(kept=list(world.store.kept))
    originals = list(world.store.kept)
    fresh.originals = lambda: originals  # type: ignore[method-assign]

    assert rebuild(fresh, [world.mailbox], FakeReader()) == 3
    assert {row.state for row in fresh.rows.values()} == {IntakeState.STORED}
    assert fresh.synced_at.get(KEY) is None
