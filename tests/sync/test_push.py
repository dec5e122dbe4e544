"""The outbox's way out: whatever breaks, nothing is lost and nothing is sent twice."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clerk_app.domain.errors import ClerkError, Disposition, ErrorCode
from clerk_app.domain.ids import EntryId
from clerk_app.domain.outbox import OutboxKind, OutboxState, Outgoing, RemoteRef
from clerk_app.sync.backoff import Backoff
from clerk_app.sync.ports import RemoteState
from clerk_app.sync.push import Pusher
from tests.sync.fakes import FakeClock, FakeOutbox, FakeService, unreachable

S = OutboxState


class World:
    """One office and one service."""

    def __init__(self) -> None:
        self.clock = FakeClock()
        self.outbox = FakeOutbox(self.clock)
        self.service = FakeService(self.clock)
        self.pusher = Pusher(self.outbox, self.service, self.clock, Backoff(lambda: 0.5))

    def state(self, entry_id: EntryId) -> OutboxState:
        return self.outbox.entries[entry_id].state


@pytest.fixture
def world() -> World:
    return World()


def refused() -> ClerkError:
    return ClerkError(ErrorCode.PORTAL_REFUSED, {"status": 422}, Disposition.GIVE_UP)


def test_a_decision_goes_out_and_its_receipt_comes_back_in_one_walk(world: World) -> None:
    entry = world.outbox.queue()

    tally = world.pusher.push()

    assert world.outbox.path[entry] == [S.QUEUED, S.ANNOUNCED, S.UPLOADED, S.SUBMITTED, S.DELIVERED]
    assert world.outbox.entries[entry].receipt is not None
    assert world.outbox.logs[entry].tokens == ("token",), "the log that proves it is kept with the step"
    assert (tally.sent, tally.delivered, tally.waiting) == (1, 1, 0)


def test_taken_back_while_the_portal_refused_it_ends_no_round(world: World) -> None:
    world.service.fail["announce"] = [refused()]
    taken_back, other = world.outbox.queue(), world.outbox.queue()
    state_of = world.outbox.state_of

    def just_then(entry_id: EntryId) -> OutboxState | None:
        if entry_id == taken_back:
            world.outbox.entries[entry_id] = replace(world.outbox.entries[entry_id], state=S.WITHDRAWN)
        return state_of(entry_id)

    world.outbox.state_of = just_then  # type: ignore[method-assign]
    world.pusher.push()

    assert (world.state(taken_back), world.state(other)) == (S.WITHDRAWN, S.DELIVERED)


def test_nothing_leaves_before_the_take_back_time_even_when_forced(world: World) -> None:
    entry = world.outbox.queue(hold_s=60)

    tally = world.pusher.push(force=True)
    assert (world.state(entry), tally.waiting, world.service.state) == (S.QUEUED, 1, {})

    world.clock.pass_(seconds=60)
    world.pusher.push()
    assert world.state(entry) is S.DELIVERED


def test_a_receipt_that_comes_later_is_found_later(world: World) -> None:
    world.service.accept_at_once = False
    entry = world.outbox.queue()
    assert world.pusher.push().sent == 1
    assert world.state(entry) is S.SUBMITTED

    (remote_id,) = world.service.state
    world.service.state[remote_id] = RemoteState.ACCEPTED
    tally = world.pusher.push()

    assert (tally.sent, tally.delivered) == (0, 1)
    assert world.state(entry) is S.DELIVERED
    assert world.service.submissions == [entry]


@pytest.mark.parametrize("step", ["announce", "upload", "submit"])
def test_an_answer_lost_after_the_step_had_effect_is_settled_by_asking(world: World, step: str) -> None:
    world.service.lose = {step}
    entry = world.outbox.queue()

    first = world.pusher.push()
    assert first.failures["service-bw"].code is ErrorCode.PORTAL_UNREACHABLE
    assert world.state(entry) is {"announce": S.QUEUED, "upload": S.ANNOUNCED, "submit": S.IN_DOUBT}[step]

    second = world.pusher.push(force=True)
    assert world.state(entry) is S.DELIVERED
    assert world.service.submissions == [entry], "sent exactly once"
    assert (second.sent, second.delivered) == (1, 1)


def test_the_back_off_is_kept_and_a_person_may_override_it(world: World) -> None:
    world.service.fail = {"announce": [unreachable(), unreachable()]}
    entry = world.outbox.queue()

    world.pusher.push()
    row = world.outbox.entries[entry]
    assert row.attempts == 1
    assert row.next_try_at is not None
    assert row.last_error == "PORTAL_UNREACHABLE"

    world.pusher.push()
    assert world.outbox.entries[entry].attempts == 1, "not due yet"

    world.clock.time = row.next_try_at
    world.pusher.push()
    assert world.outbox.entries[entry].attempts == 2

    world.pusher.push(force=True)
    assert world.state(entry) is S.DELIVERED


def test_one_blocked_way_is_tried_once_per_walk_and_other_portals_go_on(world: World) -> None:
    world.service.fail = {"announce": [unreachable()]}
    blocked = [world.outbox.queue() for _ in range(3)]
    other = world.outbox.queue(portal="amt24")

    world.pusher.push()

    assert [world.outbox.entries[e].attempts for e in blocked] == [1, 0, 0]
    assert world.state(other) is S.DELIVERED


@pytest.mark.parametrize("step", ["announce", "upload", "submit"])
def test_a_refusal_returns_the_entry_to_the_clerk(world: World, step: str) -> None:
    world.service.fail = {step: [refused()]}
    entry = world.outbox.queue()

    world.pusher.push()

    assert world.state(entry) is S.RETURNED
    assert world.outbox.entries[entry].problems == ("PORTAL_REFUSED",)


def test_a_rejected_delivery_is_returned_with_its_problems_and_receipt(world: World) -> None:
    world.service.answer = RemoteState.REJECTED
    entry = world.outbox.queue()

    tally = world.pusher.push()

    assert world.state(entry) is S.RETURNED
    assert world.outbox.entries[entry].problems == ("hash-mismatch",)
    assert (tally.sent, tally.delivered) == (1, 0)


def test_an_event_log_that_cannot_be_believed_never_returns_a_submitted_entry(world: World) -> None:
    world.service.accept_at_once = False
    forged = ClerkError(ErrorCode.EVENT_LOG_FORGED, {}, Disposition.GIVE_UP)
    world.service.fail = {"outcome": [forged, forged]}
    entry = world.outbox.queue()

    world.pusher.push()
    assert world.state(entry) is S.SUBMITTED
    world.pusher.push(force=True)
    assert world.state(entry) is S.SUBMITTED
    assert world.outbox.entries[entry].last_error == "EVENT_LOG_FORGED"


def test_a_take_back_during_the_announcement_wins(world: World) -> None:
    entry = world.outbox.queue()

    def clerk_is_faster(entry_id: EntryId, to: OutboxState) -> None:
        if to is S.ANNOUNCED:
            world.outbox.entries[entry_id] = replace(world.outbox.entries[entry_id], state=S.WITHDRAWN)

    world.outbox.before_move = clerk_is_faster
    world.pusher.push()

    assert world.state(entry) is S.WITHDRAWN
    assert world.service.submissions == []


def test_a_status_line_waits_for_the_entry_it_accompanies(world: World) -> None:
    world.service.fail = {"submit": [refused()]}
    main = world.outbox.queue()
    status = world.outbox.queue(OutboxKind.STATUS, accompanies=main)

    world.pusher.push()
    assert world.state(main) is S.RETURNED
    assert world.service.submissions == [] or status not in world.service.submissions


def test_a_returned_decision_is_never_announced_as_completed(world: World) -> None:
    world.service.fail = {"submit": [refused()]}
    main = world.outbox.queue()
    status = world.outbox.queue(OutboxKind.STATUS, accompanies=main)
    world.pusher.push()

    for _ in range(3):
        world.pusher.push(force=True)
    assert world.state(status) is S.QUEUED, "not in a later round either"

    world.outbox.move(main, S.QUEUED, expected=S.RETURNED)
    world.pusher.push(force=True)
    world.pusher.push(force=True)
    assert (world.state(main), world.state(status)) == (S.DELIVERED, S.DELIVERED)
    assert world.service.submissions == [main, status]


def test_a_status_line_follows_a_letter_once_it_is_posted(world: World) -> None:
    world.service.answer = RemoteState.REJECTED
    main = world.outbox.queue()
    status = world.outbox.queue(OutboxKind.STATUS, accompanies=main)
    world.pusher.push()
    world.service.answer = RemoteState.ACCEPTED
    world.outbox.move(main, S.TO_POST, expected=S.RETURNED)
    world.pusher.push(force=True)
    assert world.state(status) is S.QUEUED

    world.outbox.move(main, S.POSTED, expected=S.TO_POST)
    world.pusher.push(force=True)
    assert world.state(status) is S.DELIVERED


@pytest.mark.parametrize("what", ["channel", "payload"])
@pytest.mark.parametrize("reached", [S.UPLOADED, S.IN_DOUBT, S.SUBMITTED])
def test_a_fault_of_ours_never_returns_what_may_have_arrived(
    world: World, monkeypatch: pytest.MonkeyPatch, reached: OutboxState, what: str
) -> None:
    world.service.accept_at_once = False
    if reached is not S.SUBMITTED:
        world.service.lose = {"submit"}
    entry = world.outbox.queue()
    world.pusher.push()
    world.outbox.entries[entry] = replace(world.outbox.entries[entry], state=reached)

    def broken(_: object) -> object:
        raise ClerkError(ErrorCode.PROFILE_KEY_MISSING, {"key": "zbp"}, Disposition.ASK_CLERK)

    with monkeypatch.context() as patch:
        if what == "channel":
            patch.setattr(world.service, "channel_for", broken)
        else:
            patch.setattr(world.outbox, "outgoing", broken)
        world.pusher.push(force=True)
    assert world.state(entry) is reached
    assert world.outbox.entries[entry].last_error == "PROFILE_KEY_MISSING"

    for remote_id in world.service.state:
        world.service.state[remote_id] = RemoteState.ACCEPTED
    world.pusher.push(force=True)
    assert world.state(entry) is S.DELIVERED
    assert world.service.submissions == [entry]


def test_an_entry_held_back_after_damage_waits_for_a_clerk_however_often_someone_syncs(world: World) -> None:
    entry = world.outbox.queue()
    never = world.clock.time.replace(year=9999)
    world.outbox.postpone(entry, 0, never, ErrorCode.LEDGER_DAMAGED)

    world.pusher.push(force=True)
    assert world.state(entry) is S.QUEUED

    world.outbox.entries[entry] = replace(world.outbox.entries[entry], last_error=None, next_try_at=None)
    world.pusher.push()
    assert world.state(entry) is S.DELIVERED


@pytest.mark.parametrize("ahead_days", [1, 400])
def test_a_clock_that_ran_ahead_when_it_was_signed_does_not_hold_it_for_ever(
    world: World, ahead_days: int
) -> None:
    world.clock.pass_(days=ahead_days)
    signed = world.outbox.queue(hold_s=60)
    failed = world.outbox.queue()
    world.outbox.postpone(failed, 1, world.clock.time, ErrorCode.PORTAL_SLOW)
    world.clock.pass_(days=-ahead_days)
    world.outbox.entries[failed] = replace(
        world.outbox.entries[failed], next_try_at=world.clock.time.replace(year=2030)
    )

    world.pusher.push()

    assert (world.state(signed), world.state(failed)) == (S.DELIVERED, S.DELIVERED)


def test_one_entry_that_always_fails_does_not_hold_up_the_others(world: World) -> None:
    disturbed = ClerkError(ErrorCode.PORTAL_DISTURBED, {"status": 500}, Disposition.RETRY)
    poisoned = world.outbox.queue()
    good = world.outbox.queue()
    world.service.fail = {"announce": [disturbed]}
    world.pusher.push(force=True)
    assert world.state(good) is S.QUEUED, "the way might be blocked"

    def announce(
        outgoing: Outgoing, plain: Callable[[Outgoing], RemoteRef] = world.service.announce
    ) -> RemoteRef:
        if outgoing.entry_id == poisoned:
            raise disturbed
        return plain(outgoing)

    world.service.announce = announce  # type: ignore[method-assign]
    world.pusher.push(force=True)
    assert (world.state(poisoned), world.state(good)) == (S.QUEUED, S.DELIVERED)


def test_status_lines_are_not_counted(world: World) -> None:
    main = world.outbox.queue()
    status = world.outbox.queue(OutboxKind.STATUS, accompanies=main)

    tally = world.pusher.push()

    assert (tally.sent, tally.delivered, tally.waiting) == (1, 1, 0)
    assert world.state(status) is S.DELIVERED


def test_a_service_that_forgot_a_submission_is_not_answered_with_a_second_one_too_early(
    world: World,
) -> None:
    world.service.lose = {"submit"}
    entry = world.outbox.queue()
    world.pusher.push()
    world.service.state.clear()  # restored from an older backup, or a log that is behind

    world.pusher.push(force=True)
    assert world.state(entry) is S.IN_DOUBT
    assert world.outbox.entries[entry].last_error == "REMOTE_GONE"

    world.clock.pass_(days=1, seconds=1)
    world.pusher.push(force=True)
    assert world.state(entry) is S.DELIVERED


class _Killed(BaseException):
    """Stands for the process dying at this very point."""


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(data=st.data())
def test_killed_anywhere_any_number_of_times_each_entry_arrives_exactly_once(data: st.DataObject) -> None:
    world = World()
    entries = [world.outbox.queue() for _ in range(3)]
    kills = data.draw(st.lists(st.integers(1, 25), max_size=6), label="kill after n-th point")
    for point in [*kills, None]:
        counter = itertools.count(1)

        def reach(counter: itertools.count[int] = counter, point: int | None = point) -> None:
            if point is not None and next(counter) == point:
                raise _Killed

        killing = _KilledService(world.service, reach)
        world.outbox.before_move = lambda entry_id, to, reach=reach: reach()  # type: ignore[misc]
        try:
            Pusher(world.outbox, killing, world.clock, Backoff(lambda: 0.5)).push(force=True)
        except _Killed:
            continue
    assert sorted(world.service.submissions) == sorted(entries)
    assert [world.state(entry) for entry in entries] == [S.DELIVERED] * 3


class _KilledService(FakeService):
    """The same service, with a point before and after the effect of every call."""

    def __init__(self, inner: FakeService, reach: object) -> None:
        self.__dict__ = dict(inner.__dict__)
        self._reach = reach

    def _step(self, name: str) -> None:
        self._reach()  # type: ignore[operator]
        super()._step(name)

    def _answer(self, name: str) -> None:
        super()._answer(name)
        self._reach()  # type: ignore[operator]


def test_the_services_event_is_kept_as_proof_of_the_hand_over_once(world: World) -> None:
    world.service.accept_at_once = False
    entry = world.outbox.queue()
    unreadable = ClerkError(ErrorCode.EVENT_LOG_FORGED, {}, Disposition.GIVE_UP)
    world.service.fail = {"outcome": [unreadable]}
    world.pusher.push()
    assert (world.state(entry), world.outbox.entries[entry].receipt) == (S.SUBMITTED, None)

    for _ in range(3):
        world.pusher.push(force=True)
    receipt = world.outbox.entries[entry].receipt
    assert receipt is not None
    assert receipt.event == "submit-submission"
    assert world.outbox.path[entry][-3:] == [S.UPLOADED, S.SUBMITTED, S.SUBMITTED]

    for remote_id in world.service.state:
        world.service.state[remote_id] = RemoteState.ACCEPTED
    world.pusher.push(force=True)
    receipt = world.outbox.entries[entry].receipt
    assert receipt is not None
    assert (world.state(entry), receipt.event) == (S.DELIVERED, "accept-submission")
