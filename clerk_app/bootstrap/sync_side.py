"""Builds the sync engine on the calling thread."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from clerk_app.bootstrap.desk_side import office_rules
from clerk_app.bootstrap.portal_side import office_config
from clerk_app.bootstrap.premises import Premises
from clerk_app.portal.office import build_office
from clerk_app.sync.engine import SyncEngine
from clerk_app.sync.receive import rebuild
from clerk_app.sync.status import StatusBoard


@contextmanager
def open_engine(
    premises: Premises, board: StatusBoard, stopping: Callable[[], bool] = lambda: False
) -> Iterator[SyncEngine]:
    """An engine for this thread. A cache that had to be set aside is built again first, offline."""
    config = office_config(premises.profile)
    office = build_office(config, now=premises.clock.now)
    intake = premises.store.intake()
    outbox = premises.store.outbox()
    rules = office_rules(premises.profile)
    try:
        if premises.store.needs_rebuild:
            rebuild(intake, office.mailboxes, rules)
            premises.store.rebuilt()
        yield SyncEngine(
            mailboxes=office.mailboxes,
            intake=intake,
            outbox=outbox,
            channels=office.channels,
            reader=rules,
            clock=premises.clock,
            board=board,
            spool=premises.home.temp / "spool",
            stopping=stopping,
        )
    finally:
        office.close()
        intake.close()
        outbox.close()
