"""Builds the sync engine on the calling thread."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path

from clerk_app.bootstrap.desk_side import office_rules
from clerk_app.bootstrap.packages_side import descriptions_for
from clerk_app.bootstrap.portal_side import office_config
from clerk_app.bootstrap.premises import Premises, open_premises
from clerk_app.domain.errors import ClerkError, Disposition, ErrorCode
from clerk_app.portal.office import build_office
from clerk_app.sync.engine import SyncEngine
from clerk_app.sync.receive import rebuild
from clerk_app.sync.status import StatusBoard, SyncPhase
from clerk_app.sync.team_round import Team


@contextmanager
def open_whole_premises(home: Path | None, profile: Path | None, *, lock: bool) -> Iterator[Premises]:
    """The office with a cache that holds everything: nobody is shown a list that merely looks complete.

    Raises as ``open_premises``; CACHE_DAMAGED when another program holds the home and has to build first.
    """
    with ExitStack() as stack:
        premises = None if lock else _whole(stack, home, profile)
        if premises is None:
            stack.close()
            try:
                premises = stack.enter_context(open_premises(home, profile, lock=True))
            except ClerkError as error:
                if lock or error.code is not ErrorCode.INSTANCE_RUNNING:
                    raise
                raise ClerkError(ErrorCode.CACHE_DAMAGED, error.params, Disposition.RETRY) from error
            if premises.store.needs_rebuild:
                with open_engine(premises, StatusBoard()):
                    pass  # it builds before anything else
            if not lock:
                stack.close()
                premises = stack.enter_context(open_premises(home, profile, lock=False))
        yield premises


def _whole(stack: ExitStack, home: Path | None, profile: Path | None) -> Premises | None:
    """The office opened for reading, or None when its cache has to be built first."""
    try:
        premises = stack.enter_context(open_premises(home, profile, lock=False))
    except ClerkError as error:
        if error.code is ErrorCode.CACHE_DAMAGED:
            return None
        raise
    return None if premises.store.needs_rebuild else premises


@contextmanager
def open_engine(
    premises: Premises, board: StatusBoard, stopping: Callable[[], bool] = lambda: False
) -> Iterator[SyncEngine]:
    """An engine for this thread. A cache that does not hold everything is built again first, offline."""
    config = office_config(premises.profile)
    office = build_office(config, now=premises.clock.now)
    intake = premises.store.intake()
    outbox = premises.store.outbox()
    shelf = premises.store.packages()
    rules = office_rules(premises.profile, descriptions_for(premises, shelf))
    with ExitStack() as stack:
        # last opened, first closed: readers before the writers, whose last one moves the write-ahead log into
        # the database
        for part in (outbox, intake, shelf, office):
            stack.callback(part.close)
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
            team=_team(stack, premises, stopping, board),
            sending=premises.store.ledger_is_older is None,
        )


def _team(
    stack: ExitStack, premises: Premises, stopping: Callable[[], bool], board: StatusBoard
) -> Team | None:
    if premises.profile.team is None or premises.profile.team.county_id is not None:
        return None  # a county's desk exchanges nothing: it has no key
    from clerk_app.bootstrap.team_side import open_team  # psycopg is loaded by those who need it

    def told(done: int, total: int) -> None:
        board.post(replace(board.status(), phase=SyncPhase.EXCHANGING, done=done, total=total))

    return stack.enter_context(open_team(premises, stopping, told))
