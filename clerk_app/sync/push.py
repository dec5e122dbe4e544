"""Takes entries of the outbox out of the house, one committed step at a time.

Every step is committed before the call that relies on it, so that a run may end anywhere. An entry that an
earlier run left half-way is never sent again before the event log has said what became of it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

from clerk_app.domain.errors import ClerkError, Disposition, ErrorCode
from clerk_app.domain.ids import EntryId
from clerk_app.domain.outbox import (
    LONGEST_TAKE_BACK,
    OutboxEntry,
    OutboxKind,
    OutboxState,
    Outgoing,
    RemoteRef,
    may_follow,
)
from clerk_app.sync.backoff import LONGEST_S, Backoff
from clerk_app.sync.ports import Channels, DeliveryChannel, OutboxStore, RemoteOutcome, RemoteState
from clerk_app.sync.signed_lock import SignedLock
from clerk_app.usecases.ports import Clock

# The service deletes an announcement that was never submitted after one day (domain reference 1.12).
ABANDONED_AFTER = timedelta(days=1)
LONGEST_WAIT = timedelta(seconds=2 * LONGEST_S)
# The call that hands over is made in this state: a run that ended there may have made it.
_SUBMIT_WAS_TRIED = frozenset({OutboxState.UPLOADED, OutboxState.IN_DOUBT})
_NOT_OUT_YET = frozenset({OutboxState.ANNOUNCED, OutboxState.UPLOADED, OutboxState.IN_DOUBT})
_HAS_LEFT = frozenset({OutboxState.SUBMITTED, OutboxState.DELIVERED, OutboxState.POSTED})

# Failures that say nothing about one entry but about the way to the portal: the rest of the round is spared.
WAY_IS_BLOCKED = frozenset(
    {
        ErrorCode.PORTAL_UNREACHABLE,
        ErrorCode.PORTAL_SLOW,
        ErrorCode.PORTAL_NOT_ITSELF,
        ErrorCode.PORTAL_DISTURBED,
        ErrorCode.PORTAL_BUSY,
        ErrorCode.PORTAL_UNTRUSTED,
        ErrorCode.PROXY_SIGN_IN,
        ErrorCode.PROXY_SCRIPT_UNUSABLE,
        ErrorCode.SIGN_IN_FAILED,
        ErrorCode.SIGN_IN_EXPIRED,
    }
)


@dataclass
class PushTally:
    """What a push did; status lines that merely accompany an entry are not counted."""

    sent: int = 0
    delivered: int = 0
    waiting: int = 0
    failures: dict[str, ClerkError] = field(default_factory=dict)  # by portal


@dataclass(frozen=True)
class Pusher:
    """Ausgang: pushes what is due."""

    outbox: OutboxStore
    channels: Channels
    clock: Clock
    backoff: Backoff = field(default_factory=Backoff)
    stopping: Callable[[], bool] = lambda: False
    may_leave: Callable[[EntryId], bool] = lambda _entry_id: True
    """Asked once an entry is announced, before anything of it is handed over (see ``team.SendingGate``)."""

    def push(self, *, force: bool = False) -> PushTally:
        """One walk over the open entries. ``force`` ignores the back-off, never the take-back time.

        What has failed less often goes first: one entry that always fails must not hold up the others.
        """
        tally = PushTally()
        for entry in sorted(self.outbox.open_entries(), key=lambda each: each.attempts):
            if self.stopping():
                break
            if entry.portal in tally.failures or not self._due(entry, force):
                continue
            if entry.accompanies is not None and not self._companion_may_go(entry.accompanies):
                continue
            try:
                self._advance(entry, tally)
            except ClerkError as error:
                self._failed(entry, error, tally)
        tally.waiting = sum(e.kind is not OutboxKind.STATUS for e in self.outbox.open_entries())
        return tally

    def _due(self, entry: OutboxEntry, force: bool) -> bool:
        if entry.last_error == ErrorCode.LEDGER_DAMAGED:
            return False  # perhaps sent before an older ledger was put back: only a clerk's retry frees it
        now = self.clock.now()
        # A wait longer than any that is ever set was written by a clock that ran ahead: it binds nobody.
        if entry.state is OutboxState.QUEUED and now < entry.hold_until <= now + LONGEST_TAKE_BACK:
            return False
        waits = entry.next_try_at is not None and now < entry.next_try_at <= now + LONGEST_WAIT
        return force or not waits

    def _companion_may_go(self, main: EntryId) -> bool:
        """A status line never says more than what has left: a returned decision is not completed."""
        return self.outbox.state_of(main) in _HAS_LEFT

    def _failed(self, entry: OutboxEntry, error: ClerkError, tally: PushTally) -> None:
        now = self.clock.now()
        if error.disposition in (Disposition.GIVE_UP, Disposition.ASK_CLERK):
            current = self.outbox.state_of(entry.entry_id) or entry.state
            if may_follow(current, OutboxState.RETURNED):  # not when a clerk took it back meanwhile
                self.outbox.move(
                    entry.entry_id, OutboxState.RETURNED, expected=current, problems=(error.code.value,)
                )
            return
        attempts = entry.attempts + 1
        next_try_at = self.backoff.next_try_at(now, attempts, error.retry_after_s)
        self.outbox.postpone(entry.entry_id, attempts, next_try_at, error.code)
        if error.code in WAY_IS_BLOCKED:
            tally.failures[entry.portal] = error

    def _advance(self, entry: OutboxEntry, tally: PushTally) -> None:
        """Takes one entry as far as it will go."""
        try:
            outgoing = self.outbox.outgoing(entry.entry_id)
            channel = self.channels.channel_for(outgoing)
        except ClerkError as error:
            if entry.state is OutboxState.QUEUED:
                raise
            raise _proves_nothing(error) from error
        state, remote = entry.state, entry.remote
        if state is not OutboxState.QUEUED and remote is not None:
            state = self._settle(entry, state, channel, outgoing, remote, tally)
        lock = SignedLock(self.outbox, outgoing, perhaps_submitted=state in _SUBMIT_WAS_TRIED)
        if state is OutboxState.QUEUED:
            lock.check()
            remote = channel.announce(outgoing)
            if not self.outbox.move(
                entry.entry_id,
                OutboxState.ANNOUNCED,
                expected=OutboxState.QUEUED,
                remote=remote,
                unless_overtaken=True,
            ):
                # A clerk took it back, or the applicant wrote again, while we announced: the empty
                # announcement lapses by itself.
                return
            state = OutboxState.ANNOUNCED
        if state in _NOT_OUT_YET and not self.may_leave(entry.entry_id):
            return  # somebody else's by now; the announcement lapses by itself
        if state in (OutboxState.ANNOUNCED, OutboxState.IN_DOUBT) and remote is not None:
            lock.check()
            channel.upload(outgoing, remote, lambda d: self._document(outgoing, d.document_id))
            self.outbox.move(entry.entry_id, OutboxState.UPLOADED, expected=state)
            state = OutboxState.UPLOADED
        if state is OutboxState.UPLOADED and remote is not None:
            lock.check()
            self._submit(entry, channel, outgoing, remote, tally)

    def _document(self, outgoing: Outgoing, document_id: object) -> bytes:
        document = next(d for d in outgoing.documents if d.document_id == document_id)
        return self.outbox.read_document(outgoing.case_id, document.document_id)

    def _submit(
        self,
        entry: OutboxEntry,
        channel: DeliveryChannel,
        outgoing: Outgoing,
        remote: RemoteRef,
        tally: PushTally,
    ) -> None:
        try:
            channel.submit(outgoing, remote)
        except ClerkError as error:
            if error.disposition not in (Disposition.GIVE_UP, Disposition.ASK_CLERK):
                self.outbox.move(entry.entry_id, OutboxState.IN_DOUBT, expected=OutboxState.UPLOADED)
            raise
        self.outbox.move(entry.entry_id, OutboxState.SUBMITTED, expected=OutboxState.UPLOADED)
        self._count_sent(entry, tally)
        outcome = _outcome(channel, outgoing, remote)
        if outcome.state in (RemoteState.SUBMITTED, RemoteState.ACCEPTED, RemoteState.REJECTED):
            self._record(entry, OutboxState.SUBMITTED, outcome, tally)

    def _settle(
        self,
        entry: OutboxEntry,
        state: OutboxState,
        channel: DeliveryChannel,
        outgoing: Outgoing,
        remote: RemoteRef,
        tally: PushTally,
    ) -> OutboxState:
        """What the event log says of an entry that already has a remote id; the state to go on from."""
        outcome = _outcome(channel, outgoing, remote)
        if outcome.state in (RemoteState.ACCEPTED, RemoteState.REJECTED, RemoteState.SUBMITTED):
            if state is not OutboxState.SUBMITTED:
                self._count_sent(entry, tally)
            return self._record(entry, state, outcome, tally)
        if state is OutboxState.SUBMITTED:
            return state
        if outcome.state is RemoteState.UNKNOWN:
            return self._start_over(entry, state)
        return state

    def _start_over(self, entry: OutboxEntry, state: OutboxState) -> OutboxState:
        """The service knows nothing of it. Only certain when it cannot have been submitted at all, or when an
        unsubmitted announcement would have lapsed by now; before that, wait rather than send twice."""
        if state in _SUBMIT_WAS_TRIED and self.clock.now() - entry.changed_at < ABANDONED_AFTER:
            raise ClerkError(ErrorCode.REMOTE_GONE, {"entry": entry.entry_id}, Disposition.RETRY)
        self.outbox.move(entry.entry_id, OutboxState.QUEUED, expected=state)
        return OutboxState.QUEUED

    def _record(
        self, entry: OutboxEntry, state: OutboxState, outcome: RemoteOutcome, tally: PushTally
    ) -> OutboxState:
        following = {
            RemoteState.ACCEPTED: OutboxState.DELIVERED,
            RemoteState.REJECTED: OutboxState.RETURNED,
        }.get(outcome.state, OutboxState.SUBMITTED)
        proof_is_new = outcome.receipt is not None and entry.receipt is None
        if following is state and not proof_is_new:
            return state
        self.outbox.move(
            entry.entry_id,
            following,
            expected=state,
            receipt=outcome.receipt,
            problems=outcome.problems,
            log=outcome.log,
        )
        if following is OutboxState.DELIVERED and entry.kind is not OutboxKind.STATUS:
            tally.delivered += 1
        return following

    @staticmethod
    def _count_sent(entry: OutboxEntry, tally: PushTally) -> None:
        if entry.kind is not OutboxKind.STATUS:
            tally.sent += 1


def _outcome(channel: DeliveryChannel, outgoing: Outgoing, remote: RemoteRef) -> RemoteOutcome:
    """Reads what became of an entry. A log that cannot be read or believed proves nothing: the entry keeps
    its state and is asked about again; it is never taken for returned."""
    try:
        return channel.outcome(outgoing, remote)
    except ClerkError as error:
        raise _proves_nothing(error) from error


def _proves_nothing(error: ClerkError) -> ClerkError:
    """``error`` as one that says nothing about an entry which may have arrived already."""
    if error.disposition not in (Disposition.GIVE_UP, Disposition.ASK_CLERK):
        return error
    return ClerkError(error.code, error.params, Disposition.RETRY, retry_after_s=error.retry_after_s)
