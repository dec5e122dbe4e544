"""Served = signed: what leaves is what was signed, on the case as it still stands."""

from __future__ import annotations

from dataclasses import replace

import pytest

from clerk_app.domain.errors import ErrorCode
from clerk_app.domain.ids import EntryId
from clerk_app.domain.outbox import OutboxKind, OutboxState
from clerk_app.sync.ports import RemoteState
from tests.sync.test_push import S, World

HELD = ErrorCode.HELD_CASE_CHANGED.value


@pytest.fixture
def world() -> World:
    return World()


def test_an_overtaken_entry_is_held_before_anything_is_announced(world: World) -> None:
    entry, other = world.outbox.queue(), world.outbox.queue()
    status = world.outbox.queue(OutboxKind.STATUS, accompanies=entry)
    world.outbox.overtaken = {entry}

    tally = world.pusher.push(force=True)

    assert world.outbox.path[entry] == [S.QUEUED, S.RETURNED]
    assert world.outbox.entries[entry].problems == (HELD,)
    assert world.service.submissions == [other]
    assert world.state(status) is S.QUEUED, "the account must not say that it is decided"
    assert tally.failures == {}, "the way to the portal is not to blame"


def test_an_answer_that_comes_while_we_announce_is_noticed_in_the_step_that_commits(world: World) -> None:
    entry = world.outbox.queue()

    def the_applicant_writes(entry_id: EntryId, to: OutboxState) -> None:
        if to is S.ANNOUNCED:
            world.outbox.overtaken.add(entry_id)

    world.outbox.before_move = the_applicant_writes
    world.pusher.push()

    assert world.outbox.path[entry] == [S.QUEUED, S.RETURNED]
    assert world.outbox.entries[entry].problems == (HELD,)
    assert world.service.uploads == []
    assert world.service.submissions == []


def test_an_answer_that_comes_while_we_upload_still_stops_the_decision(world: World) -> None:
    entry = world.outbox.queue()

    def the_applicant_writes(entry_id: EntryId, to: OutboxState) -> None:
        if to is S.UPLOADED:
            world.outbox.overtaken.add(entry_id)

    world.outbox.before_move = the_applicant_writes
    world.pusher.push()

    assert world.outbox.path[entry] == [S.QUEUED, S.ANNOUNCED, S.UPLOADED, S.RETURNED]
    assert world.service.submissions == []


@pytest.mark.parametrize("arrived", [False, True])
def test_what_may_have_been_handed_over_is_neither_sent_again_nor_called_returned(
    world: World, arrived: bool
) -> None:
    """The answer to the hand-over was lost, then the applicant wrote: only the portal's log may tell."""
    world.service.accept_at_once = False
    world.service.lose = {"submit"}
    entry = world.outbox.queue()
    world.pusher.push()
    assert world.state(entry) is S.IN_DOUBT
    (remote_id,) = world.service.state
    world.outbox.overtaken = {entry}
    sent_before = list(world.service.submissions)
    if not arrived:
        world.service.state[remote_id] = RemoteState.INCOMPLETE

    world.pusher.push(force=True)
    if arrived:
        assert world.state(entry) is S.SUBMITTED
        return
    assert world.state(entry) is S.IN_DOUBT
    assert world.outbox.entries[entry].last_error == HELD
    assert world.service.submissions == sent_before

    del world.service.state[remote_id]  # the service deletes what was never submitted
    world.clock.pass_(days=1, seconds=1)
    world.pusher.push(force=True)
    assert world.state(entry) is S.RETURNED
    assert world.outbox.entries[entry].problems == (HELD,)
    assert world.service.submissions == sent_before


@pytest.mark.parametrize("content", [b"%PDG", b"%PD", b"%PDF ", b""])
def test_a_document_that_is_not_the_signed_one_never_leaves(world: World, content: bytes) -> None:
    entry = world.outbox.queue()
    world.outbox.content = content

    world.pusher.push()

    assert world.outbox.path[entry] == [S.QUEUED, S.RETURNED]
    assert world.outbox.entries[entry].problems == ("DOCUMENT_DAMAGED",)
    assert world.service.state == {}, "not even announced"


@pytest.mark.parametrize("digest", ["sha256", "sha512"])
def test_either_digest_alone_closes_the_lock(world: World, digest: str) -> None:
    entry = world.outbox.queue()
    frozen = world.outbox.frozen[entry]
    (document,) = frozen.documents
    forged = replace(document, **{digest: "0" * 64})  # type: ignore[arg-type]
    world.outbox.frozen[entry] = replace(frozen, documents=(forged,))

    world.pusher.push()

    assert world.state(entry) is S.RETURNED
    assert world.service.state == {}


def test_a_document_exchanged_after_the_upload_is_not_handed_over(world: World) -> None:
    entry = world.outbox.queue()

    def exchanged(_entry_id: EntryId, to: OutboxState) -> None:
        if to is S.UPLOADED:
            world.outbox.content = b"%PDX"

    world.outbox.before_move = exchanged
    world.pusher.push()

    assert world.state(entry) is S.RETURNED
    assert world.service.submissions == []
