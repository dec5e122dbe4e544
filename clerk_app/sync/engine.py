"""One round of the Abgleich: push first, then fetch, then look whether receipts came."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path

from clerk_app.domain.case import MailboxKey
from clerk_app.domain.errors import ClerkError, Disposition
from clerk_app.domain.ids import DestinationId
from clerk_app.domain.outbox import OutboxKind
from clerk_app.sync.backoff import Backoff
from clerk_app.sync.ports import ApplicationReader, Channels, IntakeStore, Mailbox, OutboxStore
from clerk_app.sync.push import Pusher, PushTally
from clerk_app.sync.receive import Receiver, ReceiveTally
from clerk_app.sync.status import MailboxFailure, StatusBoard, SyncPhase, SyncStatus, SyncSummary
from clerk_app.sync.team_round import Team
from clerk_app.usecases.ports import Clock

_CATCH_UP_PAGE, _CATCH_UP_PAGES = 100, 20  # about two seconds of a round


@dataclass(frozen=True)
class SyncEngine:
    """Knows only ports; whoever builds it decides what stands behind them. Belongs to one thread."""

    mailboxes: Sequence[Mailbox]
    intake: IntakeStore
    outbox: OutboxStore
    channels: Channels
    reader: ApplicationReader
    clock: Clock
    board: StatusBoard
    spool: Path
    backoff: Backoff = field(default_factory=Backoff)
    stopping: Callable[[], bool] = lambda: False
    workers: int = os.cpu_count() or 2
    team: Team | None = None
    sending: bool = True
    """False while the ledger is an older copy: what it asks to send may have left before."""

    def run_once(self, *, force: bool = False) -> SyncSummary:
        """One complete round. Never raises for a portal's or the team server's failings: those stand in the
        summary.

        ``force`` is what F5 and the command line do: the back-off is ignored, the take-back time never is.
        """
        self.outbox.unseal_missing()
        self._empty_spool()
        summary = self._alone(force) if self.team is None else self._together(self.team, force)
        self._catch_up()
        self._finish(summary)
        return summary

    def _alone(self, force: bool) -> SyncSummary:
        pusher = Pusher(self.outbox, self.channels, self.clock, self.backoff, self.stopping)
        return self._push_and_receive(pusher, force, self.intake, fetch=True)

    def _together(self, team: Team, force: bool) -> SyncSummary:
        with ExitStack() as stack:
            try:
                self._phase(SyncPhase.EXCHANGING)
                session = stack.enter_context(team.link.session())
                session.begin(self.intake, self.mailboxes, self.reader)
            except ClerkError as error:
                if not is_of_team(error):
                    raise
                return self._without_server(team, error)
            team.patience.reached()
            pusher = Pusher(
                self.outbox, self.channels, self.clock, self.backoff, self.stopping, session.may_leave
            )
            failed: tuple[MailboxFailure, ...] = ()
            try:
                with session.intake() as our_turn:
                    summary = self._push_and_receive(
                        pusher, force, session.sharing(self.intake), fetch=our_turn
                    )
                self._phase(SyncPhase.EXCHANGING)
                session.finish()
            except ClerkError as error:
                if not is_of_team(error):
                    raise
                failed = (_team_failure(error),)
                summary = SyncSummary(waiting=self._waiting())
            return replace(summary, failures=summary.failures + failed)

    def _without_server(self, team: Team, error: ClerkError) -> SyncSummary:
        """Nothing leaves: only the server can tell whether somebody else has sent it."""
        summary = SyncSummary()
        if team.patience.failed(error):
            with ThreadPoolExecutor(self.workers, thread_name_prefix="intake") as pool:
                summary = self._receive_all(pool, self.intake)
        failures = (*summary.failures, _team_failure(error))
        return replace(summary, waiting=self._waiting(), failures=failures)

    def _waiting(self) -> int:
        return sum(entry.kind is not OutboxKind.STATUS for entry in self.outbox.open_entries())

    def _push_and_receive(
        self, pusher: Pusher, force: bool, intake: IntakeStore, *, fetch: bool
    ) -> SyncSummary:
        self._phase(SyncPhase.PUSHING)
        pushed = pusher.push(force=force) if self.sending else PushTally(waiting=self._waiting())
        summary = SyncSummary()
        if fetch:
            with ThreadPoolExecutor(self.workers, thread_name_prefix="intake") as pool:
                summary = self._receive_all(pool, intake)
        summary = replace(summary, sent=pushed.sent, delivered=pushed.delivered, waiting=pushed.waiting)
        return replace(summary, failures=summary.failures + self._push_failures(pushed, summary.failures))

    def run_until_settled(self, *, force: bool = True, rounds: int = 5) -> SyncSummary:
        """Rounds until one moves nothing more (receipts come a moment after sending), at most ``rounds``."""
        total = self.run_once(force=force)
        last = total
        for _ in range(rounds - 1):
            if last.failures or not last.moved:
                break
            last = self.run_once(force=force)
            total = total + last
        return total

    def _receive_all(self, pool: ThreadPoolExecutor, intake: IntakeStore) -> SyncSummary:
        received = joined = rejected = quarantined = 0
        failures: list[MailboxFailure] = []
        for mailbox in self.mailboxes:
            if self.stopping():
                break
            self._phase(SyncPhase.LISTING)
            receiver = Receiver(intake, self.reader, self.spool, pool, self._progress, self.stopping)
            try:
                tally = receiver.receive(mailbox)
            except ClerkError as error:
                if error.disposition is Disposition.BUG:
                    raise
                tally = ReceiveTally(failure=error)
            received += tally.received
            joined += tally.joined
            rejected += tally.rejected
            quarantined += tally.quarantined
            if tally.failure is not None:
                failures.append(MailboxFailure(mailbox.key, tally.failure.code, tally.failure.params))
            else:
                intake.synced(mailbox.key, self.clock.now())
        return SyncSummary(received, joined, rejected, quarantined, failures=tuple(failures))

    @staticmethod
    def _push_failures(pushed: PushTally, already: tuple[MailboxFailure, ...]) -> tuple[MailboxFailure, ...]:
        told = {failure.mailbox.portal for failure in already}
        return tuple(
            MailboxFailure(MailboxKey(portal, DestinationId("")), error.code, error.params)
            for portal, error in pushed.failures.items()
            if portal not in told
        )

    def _catch_up(self) -> None:
        """What an older program stored is read again, a little in each round: no start waits for it."""
        for _ in range(_CATCH_UP_PAGES):
            if self.stopping() or self.intake.read_facts(self.reader, _CATCH_UP_PAGE) == 0:
                break

    def _empty_spool(self) -> None:
        """What an interrupted run left: encrypted bodies nobody refers to any more."""
        shutil.rmtree(self.spool, ignore_errors=True)
        self.spool.mkdir(parents=True, exist_ok=True, mode=0o700)

    def _phase(self, phase: SyncPhase) -> None:
        now = self.clock.now()
        self.board.post(replace(self.board.status(), phase=phase, since=now, done=0, total=0))

    def _progress(self, done: int, total: int) -> None:
        if total:
            status = self.board.status()
            since = status.since if status.phase is SyncPhase.RECEIVING else self.clock.now()
            self.board.post(replace(status, phase=SyncPhase.RECEIVING, since=since, done=done, total=total))

    def _finish(self, summary: SyncSummary) -> None:
        now = self.clock.now()
        before = self.board.status()
        failed = summary.failures
        if not failed:
            self.board.post(SyncStatus(SyncPhase.IDLE, now, now))
            return
        listed = {failure.mailbox for failure in failed if failure.mailbox.destination_id}
        everywhere = len(listed) == len(self.mailboxes)
        phase = phase_for(failed, everywhere=everywhere)
        self.board.post(SyncStatus(phase, now, before.last_success_at, failures=failed))


TEAM = MailboxKey("team", DestinationId(""))
"""Stands in a summary for the team's server."""


def is_of_team(error: ClerkError) -> bool:
    """Whether the team's server is what failed."""
    return error.code.value.startswith("TEAM_") and error.disposition is not Disposition.BUG


def _team_failure(error: ClerkError) -> MailboxFailure:
    return MailboxFailure(TEAM, error.code, dict(error.params))


def phase_for(failures: Sequence[MailboxFailure], *, everywhere: bool) -> SyncPhase:
    """What the status bar should say for a round that failed somewhere."""
    codes = {failure.code.value for failure in failures}
    if codes & {"SIGN_IN_FAILED", "SIGN_IN_EXPIRED", "SECRET_MISSING", "PROXY_SIGN_IN"}:
        return SyncPhase.SIGN_IN_NEEDED
    if everywhere and codes <= {"PORTAL_UNREACHABLE", "PROXY_SCRIPT_UNUSABLE"}:
        return SyncPhase.OFFLINE
    return SyncPhase.DISTURBED
