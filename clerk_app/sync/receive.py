"""Brings submissions in: fetch and open on all cores, store durably, and only then accept."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from clerk_app.domain.case import MailboxKey
from clerk_app.domain.errors import ClerkError, Disposition, ErrorCode
from clerk_app.domain.ids import SubmissionId
from clerk_app.sync.plan import awaited_keys, plan_sync, quarantine_fingerprint
from clerk_app.sync.ports import (
    ApplicationReader,
    Defective,
    Intake,
    IntakeState,
    IntakeStore,
    KnownIntake,
    Mailbox,
    Opened,
    Original,
    Settlement,
    StoredPage,
    StorePage,
    Unreadable,
    Waiting,
)
from clerk_app.sync.push import WAY_IS_BLOCKED

REBUILD_PAGE = 25
_PERHAPS_DAMAGED = frozenset(
    {ErrorCode.EVENT_LOG_FORGED, ErrorCode.EVENT_LOG_DISORDERED, ErrorCode.CONTENT_MALFORMED}
)
_DISK_FAILS = frozenset({ErrorCode.DISK_FULL, ErrorCode.HOME_NOT_WRITABLE})


@dataclass
class ReceiveTally:
    """What receiving from one mailbox did."""

    received: int = 0
    joined: int = 0
    rejected: int = 0
    quarantined: int = 0
    failure: ClerkError | None = None


@dataclass(frozen=True)
class Receiver:
    """Eingang: one mailbox at a time, in small pages: one transaction and one look of the window each."""

    intake: IntakeStore
    reader: ApplicationReader
    spool: Path
    pool: ThreadPoolExecutor
    progress: Callable[[int, int], None] = field(default=lambda done, total: None)
    stopping: Callable[[], bool] = lambda: False
    page_size: int = 25

    def receive(self, mailbox: Mailbox) -> ReceiveTally:
        """One complete round for ``mailbox``. Raises ClerkError when the mailbox cannot even be listed; a
        failure later on is kept in the tally, and everything received before it is safe. One submission
        that cannot be had does not keep the others away."""
        tally = ReceiveTally()
        unsettled = self.intake.unsettled(mailbox.key)
        waiting = mailbox.waiting()
        known = self.intake.known([item.submission_id for item in waiting])
        published = _published(mailbox, awaited_keys(known.values()))
        plan = plan_sync(waiting, known, unsettled, mailbox.readable_fingerprint, published)
        try:
            self._settle_again(mailbox, plan.accept_again, plan.reject_again, tally)
            done = 0
            self.progress(0, len(plan.fetch))
            for page in self._opened_pages(mailbox, plan.fetch, tally):
                self._store_and_settle(mailbox, page, tally)
                done += len(page)
                self.progress(done, len(plan.fetch))
                if self.stopping():
                    break
        except ClerkError as error:  # our own disk: nothing more can be taken in
            if error.disposition is Disposition.BUG:
                raise
            tally.failure = error
        return tally

    def _opened_pages(
        self, mailbox: Mailbox, wanted: Sequence[Waiting], tally: ReceiveTally
    ) -> Iterator[list[Intake]]:
        """Pages of opened submissions; the next page is being fetched while this one is stored."""
        queue = iter(wanted)
        ahead: list[Future[Intake]] = self._submit(mailbox, islice(queue, self.page_size))
        try:
            while ahead:
                current, ahead = ahead, self._submit(mailbox, islice(queue, self.page_size))
                page: list[Intake] = []
                hopeless = False
                for future in current:
                    try:
                        page.append(future.result())
                    except ClerkError as error:
                        self._note_failure(error, tally)
                        hopeless = hopeless or error.code in WAY_IS_BLOCKED | _DISK_FAILS
                if page:
                    yield page
                elif hopeless:
                    break
        finally:
            for future in ahead:
                future.cancel()

    def _submit(self, mailbox: Mailbox, batch: Iterator[Waiting]) -> list[Future[Intake]]:
        def fetch_and_open(item: Waiting) -> Intake:
            opened = fetch_once(item)
            if not _may_be_damaged(opened):
                return opened
            # A refusal is final, a quarantine long, and the way here may have done the damage: only what
            # comes damaged twice is damaged.
            _remove_spooled(opened.original)
            return fetch_once(item)

        def fetch_once(item: Waiting) -> Intake:
            original = mailbox.fetch(item, self.spool)
            try:
                return mailbox.open(original)
            except OSError as error:  # a spooled body
                raise ClerkError(ErrorCode.HOME_NOT_WRITABLE) from error

        return [self.pool.submit(fetch_and_open, item) for item in batch]

    @staticmethod
    def _note_failure(error: ClerkError, tally: ReceiveTally) -> None:
        # Gone between listing and fetching: another desktop of the office accepted it. Nothing is wrong.
        if error.code is ErrorCode.REMOTE_GONE:
            return
        if tally.failure is None or error.code in WAY_IS_BLOCKED:
            tally.failure = error

    def _store_and_settle(self, mailbox: Mailbox, page: Sequence[Intake], tally: ReceiveTally) -> None:
        opened = [item for item in page if isinstance(item, Opened)]
        defective = [item for item in page if isinstance(item, Defective)]
        stored = store_page(self.intake, mailbox.key, page, self.reader, mailbox.readable_fingerprint)
        tally.received += len(stored.arrived)
        tally.joined += len(opened) - len(stored.arrived)
        tally.quarantined += len(page) - len(opened) - len(defective)
        self._settle(
            [
                (item.original.waiting, IntakeState.ACCEPTED, self.pool.submit(mailbox.accept, item))
                for item in opened
            ]
            + [
                (item.original.waiting, IntakeState.REJECTED, self.pool.submit(mailbox.reject, item))
                for item in defective
            ],
            tally,
        )

    def _settle_again(
        self,
        mailbox: Mailbox,
        accept: Sequence[KnownIntake],
        reject: Sequence[KnownIntake],
        tally: ReceiveTally,
    ) -> None:
        calls = []
        for known in accept:
            if known.tags is not None:
                calls.append(
                    (
                        known.waiting,
                        IntakeState.ACCEPTED,
                        self.pool.submit(mailbox.accept_again, known.waiting, known.tags, known.event_schema),
                    )
                )
        for known in reject:
            calls.append(
                (
                    known.waiting,
                    IntakeState.REJECTED,
                    self.pool.submit(mailbox.reject_again, known.waiting, known.problems, known.event_schema),
                )
            )
        self._settle(calls, tally)

    def _settle(
        self, calls: Sequence[tuple[Waiting, IntakeState, Future[Settlement]]], tally: ReceiveTally
    ) -> None:
        """Waits for the service's answers and remembers those that came; the others are asked again later."""
        settled: dict[SubmissionId, IntakeState] = {}
        for waiting, wanted, future in calls:
            try:
                settlement = future.result()
            except ClerkError as error:
                self._note_failure(error, tally)
                continue
            if settlement is Settlement.OTHERWISE:
                settled[waiting.submission_id] = IntakeState.CONTESTED
            else:
                settled[waiting.submission_id] = wanted
                tally.rejected += wanted is IntakeState.REJECTED
        if settled:
            self.intake.settle(settled)


def _may_be_damaged(item: Intake) -> bool:
    """Whether the way here may have made it what it is: not when only a key is missing."""
    return isinstance(item, Defective) or (isinstance(item, Unreadable) and item.code in _PERHAPS_DAMAGED)


def _published(mailbox: Mailbox, key_ids: Iterable[str]) -> frozenset[str]:
    """Which of these keys the service publishes by now. Not being able to ask is no reason to stop."""
    found = set()
    for key_id in key_ids:
        try:
            if mailbox.publishes(key_id):
                found.add(key_id)
        except ClerkError as error:
            if error.disposition is Disposition.BUG:
                raise
    return frozenset(found)


def _remove_spooled(original: Original) -> None:
    for body in original.attachments.values():
        if isinstance(body, Path):
            body.unlink(missing_ok=True)


def rebuild(intake: IntakeStore, mailboxes: Sequence[Mailbox], reader: ApplicationReader) -> int:
    """Builds the cache again from the sealed originals, offline; number of submissions restored.

    An interrupted rebuild goes on where it stopped. Settling is left to the next sync, which finds what was
    stored but unconfirmed and asks the event log. What does not open here and now (its key or its mailbox
    has gone from the profile, say) is quarantined and shown, never refused: it may have been accepted.
    """
    by_destination = {mailbox.key.destination_id: mailbox for mailbox in mailboxes}
    pages: dict[MailboxKey, list[Intake]] = {}
    restored = 0
    for original in intake.originals():
        place = original.waiting
        known = intake.known([place.submission_id]).get(place.submission_id)
        if known is not None and known.state is not IntakeState.QUARANTINED:
            _remove_spooled(original)
            continue
        key = MailboxKey(original.portal, place.destination_id)
        page = pages.setdefault(key, [])
        page.append(opened_again(by_destination.get(place.destination_id), original))
        restored += 1
        if len(page) >= REBUILD_PAGE:
            store_page(intake, key, pages.pop(key), reader, _TRY_AGAIN)
    for key, page in pages.items():
        store_page(intake, key, page, reader, _TRY_AGAIN)
    return restored


_TRY_AGAIN = ""  # no mailbox's fingerprint: if the portal still lists it, the next sync fetches it again


def opened_again(mailbox: Mailbox | None, original: Original) -> Intake:
    """An original that is ours already, opened again. It is never refused now: it may have been accepted."""
    if mailbox is None:
        return Unreadable(original, ErrorCode.KEY_UNKNOWN, {"destination": original.waiting.destination_id})
    item = mailbox.open(original)
    return Unreadable(original, item.code) if isinstance(item, Defective) else item


def store_page(
    intake: IntakeStore,
    mailbox: MailboxKey,
    page: Sequence[Intake],
    reader: ApplicationReader,
    fingerprint: str,
) -> StoredPage:
    """Commits one page; its spooled bodies are then no longer needed."""
    stored = intake.store(
        mailbox,
        StorePage(
            [(item, reader.facts(item.application)) for item in page if isinstance(item, Opened)],
            [item for item in page if isinstance(item, Defective)],
            [
                (item, quarantine_fingerprint(item, fingerprint))
                for item in page
                if isinstance(item, Unreadable)
            ],
        ),
    )
    for item in page:
        _remove_spooled(item.original)
    return stored
