"""Intake: stored before accepted, once each, and one broken submission never stops the others."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from clerk_app.domain.case import MailboxKey
from clerk_app.domain.errors import ClerkError, Disposition, ErrorCode
from clerk_app.domain.ids import AttachmentId, SubmissionId
from clerk_app.sync.ports import Intake, IntakeState, Original, StoredPage, StorePage, Waiting
from clerk_app.sync.receive import Receiver, ReceiveTally, rebuild
from tests.sync.fakes import KEY, FakeIntakeStore, FakeMailbox, FakeReader, unreachable, waiting


class World:
    def __init__(self, pool: ThreadPoolExecutor, spool: Path) -> None:
        self.mailbox = FakeMailbox()
        self.store = FakeIntakeStore()
        self.receiver = Receiver(self.store, FakeReader(), spool, pool, page_size=4)
        self.poison: dict[SubmissionId, ClerkError] = {}
        self.tried: list[SubmissionId] = []
        fetch = self.mailbox.fetch

        def fetch_or_fail(item: Waiting, spool: Path) -> Original:
            self.tried.append(item.submission_id)
            if item.submission_id in self.poison:
                raise self.poison[item.submission_id]
            return fetch(item, spool)

        self.mailbox.fetch = fetch_or_fail  # type: ignore[method-assign,assignment]

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
    items = [waiting() for _ in range(20)]
    world.mailbox.listed = list(items)
    world.mailbox.fail_fetch = {item.submission_id for item in items[6:]}

    tally = world.receive()

    assert tally.failure is not None
    assert tally.failure.code is ErrorCode.PORTAL_UNREACHABLE
    assert tally.received == 6, "the first page, and the rest of the page that broke"
    assert len(world.tried) <= 16, "a page through which nothing came ends the round"

    world.mailbox.fail_fetch = set()
    assert world.receive().received == 14


@pytest.mark.parametrize("code", [ErrorCode.LIMIT_EXCEEDED, ErrorCode.PORTAL_NOT_ITSELF])
def test_one_submission_that_cannot_be_had_keeps_no_other_away(world: World, code: ErrorCode) -> None:
    items = [waiting() for _ in range(11)]
    world.mailbox.listed = list(items)
    world.poison = {items[0].submission_id: ClerkError(code, {}, Disposition.RETRY)}

    tally = world.receive()

    assert tally.received == 10
    assert tally.failure is not None
    assert tally.failure.code is code


def test_a_full_disk_ends_the_round_and_what_came_before_is_counted(world: World) -> None:
    world.mailbox.listed = [waiting() for _ in range(12)]
    keep = world.store.store

    def full(mailbox: MailboxKey, page: StorePage) -> StoredPage:
        if len(world.store.rows) >= 4:
            raise ClerkError(ErrorCode.DISK_FULL)
        return keep(mailbox, page)

    world.store.store = full  # type: ignore[method-assign]
    tally = world.receive()
    assert (tally.received, tally.failure and tally.failure.code) == (4, ErrorCode.DISK_FULL)
    assert len(world.mailbox.accepted) == 4, "nothing is accepted that is not ours"

    world.store.store = keep  # type: ignore[method-assign]
    assert world.receive().received == 8


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


def test_an_event_whose_key_is_published_late_is_tried_again_when_it_is_there(world: World) -> None:
    item = waiting()
    world.mailbox.listed = [item]
    world.mailbox.kind = {item.submission_id: "unverified"}
    world.receive()
    assert world.receive().quarantined == 0, "not again without the key"
    assert world.mailbox.fetched == [item.submission_id] * 2, "and once more at once, as perhaps damaged"

    world.mailbox.published = {"s"}
    world.mailbox.kind = {}
    assert world.receive().received == 1


def test_a_listing_that_fails_is_told_and_touches_nothing(world: World) -> None:
    world.mailbox.fail_listing = unreachable()

    with pytest.raises(ClerkError) as caught:
        world.receive()

    assert caught.value.code is ErrorCode.PORTAL_UNREACHABLE
    assert world.store.rows == {}


def rebuilding(world: World) -> FakeIntakeStore:
    """A new cache over the same originals."""
    fresh, originals = FakeIntakeStore(), list(world.store.kept)
    fresh.originals = lambda: originals  # type: ignore[method-assign]
    return fresh


def test_the_cache_is_built_again_from_the_kept_originals(world: World) -> None:
    world.mailbox.listed = [waiting() for _ in range(3)]
    world.receive()
    fresh = rebuilding(world)

    assert rebuild(fresh, [world.mailbox], FakeReader()) == 3
    assert {row.state for row in fresh.rows.values()} == {IntakeState.STORED}
    assert fresh.synced_at.get(KEY) is None
    assert rebuild(fresh, [world.mailbox], FakeReader()) == 0, "what is there is not opened again"


@pytest.mark.parametrize("fault", ["key", "mailbox"])
def test_what_a_rebuild_cannot_open_is_shown_and_never_refused(world: World, fault: str) -> None:
    items = [waiting() for _ in range(3)]
    world.mailbox.listed = list(items)
    world.receive()
    fresh = rebuilding(world)
    world.mailbox.kind = {items[1].submission_id: "defective"}  # its key is no longer in the profile

    rebuild(fresh, [world.mailbox] if fault == "key" else [], FakeReader())

    states = [fresh.rows[item.submission_id].state for item in items]
    assert states[1] is IntakeState.QUARANTINED
    assert {states[0], states[2]} == {IntakeState.STORED if fault == "key" else IntakeState.QUARANTINED}
    world.store, world.receiver = fresh, replace(world.receiver, intake=fresh)
    world.mailbox.listed = []
    world.receive()
    assert world.mailbox.rejected == []

    world.mailbox.kind = {}
    assert rebuild(fresh, [world.mailbox], FakeReader()) == (1 if fault == "key" else 3)
    assert not {row.state for row in fresh.rows.values()} & {IntakeState.QUARANTINED}


@pytest.mark.parametrize("damage", ["defective", "unverified"])
def test_what_came_damaged_once_is_fetched_once_more_before_it_is_judged(world: World, damage: str) -> None:
    (item,) = world.mailbox.listed = [waiting()]
    world.mailbox.kind = {item.submission_id: damage}
    spooled = world.receiver.spool / "body-1.jwe"
    opened = world.mailbox.open

    def sound_the_second_time(original: Original) -> Intake:
        found = opened(original)
        world.mailbox.kind.clear()
        return found

    fetch = world.mailbox.fetch

    def with_body(item: Waiting, spool: Path) -> Original:
        original = fetch(item, spool)
        if len(world.mailbox.fetched) > 1:
            return original
        spooled.write_bytes(b"damaged")
        return replace(original, attachments={AttachmentId("a"): spooled})

    world.mailbox.open = sound_the_second_time  # type: ignore[method-assign]
    world.mailbox.fetch = with_body  # type: ignore[method-assign,assignment]
    tally = world.receive()
    assert (tally.received, tally.rejected, tally.quarantined) == (1, 0, 0)
    assert len(world.mailbox.fetched) == 2
    assert world.mailbox.rejected == []
    assert not spooled.exists(), "the damaged body is not kept"
