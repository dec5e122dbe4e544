"""Clients broken on purpose, one rule each: a harness that catches none of them is blind.

Each is put into a child process only.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from clerk_app.domain.outbox import OutboxState


def asks_nobody_before_sending_again() -> None:
    """What may have been submitted is announced anew without a look into the event log."""
    from clerk_app.sync.push import Pusher

    def start_over(self: Pusher, entry: Any, state: OutboxState, *_: object) -> OutboxState:
        self.outbox.move(entry.entry_id, OutboxState.QUEUED, expected=state)
        return OutboxState.QUEUED

    Pusher._settle = start_over  # type: ignore[method-assign,assignment]


def accepts_before_storing() -> None:
    """The portal may forget a submission that nobody keeps yet."""
    from clerk_app.sync.ports import Opened
    from clerk_app.sync.receive import Receiver

    careful = Receiver._store_and_settle

    def careless(self: Receiver, mailbox: Any, page: Any, tally: Any) -> None:
        for item in page:
            if isinstance(item, Opened):
                mailbox.accept(item)
        careful(self, mailbox, page, tally)

    Receiver._store_and_settle = careless  # type: ignore[method-assign]


def counts_as_submitted_before_it_is() -> None:
    """The state says what is about to happen."""
    from clerk_app.sync.push import Pusher

    careful = Pusher._submit

    def hopeful(self: Pusher, entry: Any, channel: Any, outgoing: Any, remote: Any, tally: Any) -> None:
        self.outbox.move(entry.entry_id, OutboxState.SUBMITTED, expected=OutboxState.UPLOADED)
        channel.submit(outgoing, remote)

    assert careful is not hopeful
    Pusher._submit = hopeful  # type: ignore[method-assign]


def keeps_no_copy_of_what_leaves() -> None:
    """The second copy of an open entry is not written."""
    from clerk_app.store.outbox_files import OutboxFiles

    OutboxFiles.prepare = lambda self, entry: None  # type: ignore[method-assign]
    OutboxFiles.confirm = lambda self, entry_id: None  # type: ignore[method-assign]


def seals_after_the_row() -> None:
    """A submission is listed before its original is kept."""
    from clerk_app.store.intake import CacheIntake

    careful = CacheIntake.store

    def careless(self: CacheIntake, mailbox: Any, page: Any) -> Any:
        kept: list[Sequence[Any]] = []
        real = self._originals.keep
        self._originals.keep = kept.append  # type: ignore[method-assign,assignment]
        try:
            done = careful(self, mailbox, page)
        finally:
            self._originals.keep = real  # type: ignore[method-assign]
        for originals in kept:
            real(originals)
        return done

    CacheIntake.store = careless  # type: ignore[method-assign]


def drops_the_copy_when_announced() -> None:
    """The second copy goes when the portal was told, not when it has confirmed."""
    from clerk_app.store.outbox_files import OutboxFiles

    OutboxFiles.announced = lambda self, entry: self.remove(entry.entry_id)  # type: ignore[method-assign]


def throws_receipts_away() -> None:
    """An entry is delivered, and nothing proves it."""
    from clerk_app.store.ledger import LedgerStore

    careful = LedgerStore.move

    def careless(self: LedgerStore, entry_id: Any, to: OutboxState, **details: Any) -> Any:
        details.pop("receipt", None)
        return careful(self, entry_id, to, **details)

    LedgerStore.move = careless  # type: ignore[method-assign]


MUTANTS: tuple[Callable[[], None], ...] = (
    asks_nobody_before_sending_again,
    accepts_before_storing,
    counts_as_submitted_before_it_is,
    keeps_no_copy_of_what_leaves,
    seals_after_the_row,
    drops_the_copy_when_announced,
    throws_receipts_away,
)
