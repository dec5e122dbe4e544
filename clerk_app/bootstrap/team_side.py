"""Wires an office to its team's server: for the sync thread, for people, for admins."""

from __future__ import annotations

import socket
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from clerk_app.bootstrap.premises import Premises
from clerk_app.bootstrap.routing_side import RoutingSource
from clerk_app.domain.deadlines import office_day
from clerk_app.domain.errors import ClerkError, Disposition, ErrorCode
from clerk_app.store.shared_ledger import SharedLedgerStore, TeamMarks
from clerk_app.sync.team import Exchange
from clerk_app.sync.team_round import Marks, Patience, Team, TeamSession
from clerk_app.system.profile import Profile
from clerk_app.system.team_profile import TeamProfile
from clerk_app.team.administration import ServerAdministration
from clerk_app.team.connection import Rows, ServerAddress, connect, connect_to_team
from clerk_app.team.county import CountyBoard
from clerk_app.team.keys import DesktopKeys
from clerk_app.team.roster import Roster, TeamDesktop
from clerk_app.team.server import OfficeServer
from clerk_app.team.watch import TeamWatch
from clerk_app.usecases.county import County
from clerk_app.usecases.teamwork import DesktopFacts, TeamStatus

_DESKTOP, _KEYS, _OFFICE = "desktop", "desktop-keys", "office"


def team_profile(profile: Profile) -> TeamProfile:
    """Raises ClerkError TEAM_NOT_CONFIGURED for an office without a team."""
    if profile.team is None:
        raise ClerkError(ErrorCode.TEAM_NOT_CONFIGURED, {}, Disposition.ASK_CLERK)
    return profile.team


def server_address(team: TeamProfile, login: str, password: Callable[[], str] | None = None) -> ServerAddress:
    """Where the team meets, for ``login``. ``password`` None: the profile's."""
    if password is None and team.password is not None:
        password = team.password.resolve
    return ServerAddress(
        team.host, team.port, team.database, login, password, ca_file=team.ca_file, plain=team.plain
    )


@dataclass(frozen=True)
class ServerLink:
    """Implements ``sync.team_round.TeamLink``."""

    premises: Premises
    shared: SharedLedgerStore
    routing: RoutingSource
    stopping: Callable[[], bool]
    progress: Callable[[int, int], None]

    @property
    def marks(self) -> Marks:
        """See TeamLink."""
        return self.shared.marks

    @contextmanager
    def session(self) -> Iterator[TeamSession]:
        """See TeamLink: one connection for one round."""
        desktop_id, keys, office_id = joined(self.shared.marks)
        profile = self.premises.profile
        team = team_profile(profile)
        if office_id != team.office_id:
            raise ClerkError(ErrorCode.TEAM_OTHER_OFFICE, {"name": office_id}, Disposition.ASK_CLERK)
        connection = connect_to_team(server_address(team, team.login or self.premises.actor))
        try:
            server = OfficeServer(connection, Roster(connection, team.office_id), desktop_id, keys)
            yield TeamSession(
                Exchange(self.shared, server, self.progress, self.stopping),
                server,
                self.shared.marks,
                self.premises.store.shared_originals(),
                self.premises.clock,
                self.routing.due,
                self.stopping,
            )
        finally:
            connection.close()


@contextmanager
def open_team(
    premises: Premises, stopping: Callable[[], bool], progress: Callable[[int, int], None]
) -> Iterator[Team | None]:
    """The team of this office for the sync thread; None for an office with one desktop."""
    if premises.profile.team is None:
        yield None
        return
    shared = premises.store.shared_ledger()
    reads = premises.store.reads()
    routing = RoutingSource(reads, premises.store.bus)
    try:
        link = ServerLink(premises, shared, routing, stopping, progress)
        patience = Patience(shared.marks, premises.clock, premises.profile.team.patience)
        yield Team(link, patience=patience)
    finally:
        routing.close()
        reads.close()
        shared.close()


def team_watch(premises: Premises, on_news: Callable[[], None]) -> TeamWatch | None:
    """A watch on the team, not started; None while this desktop has not joined."""
    team = team_profile(premises.profile)
    shared = premises.store.shared_ledger()
    try:
        desktop_id, _keys, _office = joined(shared.marks)
    except ClerkError as error:
        if error.code is not ErrorCode.TEAM_NOT_JOINED:
            raise
        return None
    finally:
        shared.close()
    address = server_address(team, team.login or premises.actor)
    return TeamWatch(lambda: connect_to_team(address), team.office_id, desktop_id, premises.actor, on_news)


def open_county(premises: Premises) -> tuple[County, Callable[[], None]]:
    """The county over its offices, and what closes it. Raises ClerkError TEAM_…"""
    team = team_profile(premises.profile)
    board = CountyBoard(connect_to_team(server_address(team, team.login or premises.actor)), team.priorities)
    return County(board, lambda: office_day(premises.clock.now())), board.close


def joined(marks: TeamMarks) -> tuple[str, DesktopKeys, str]:
    """Our desktop's id, keys and office. Raises ClerkError TEAM_NOT_JOINED."""
    desktop_id, keys, office_id = marks.get(_DESKTOP), marks.get(_KEYS), marks.get(_OFFICE)
    if desktop_id is None or keys is None or office_id is None:
        raise ClerkError(ErrorCode.TEAM_NOT_JOINED, {}, Disposition.ASK_CLERK)
    return desktop_id, DesktopKeys.parse(keys), office_id


class JoinedDesk:
    """Implements ``usecases.teamwork.TeamDesk`` over one connection."""

    def __init__(self, premises: Premises, shared: SharedLedgerStore, connection: Rows) -> None:
        self._team = team_profile(premises.profile)
        self._shared = shared
        self._roster = Roster(connection, self._team.office_id)
        self._connection = connection

    def join(self, label: str) -> DesktopFacts:
        """See TeamDesk. Id and keys are kept here before the server hears of them: a second try goes on."""
        marks = self._shared.marks
        office_id = marks.get(_OFFICE)
        if office_id is not None and office_id != self._team.office_id:
            raise ClerkError(ErrorCode.TEAM_OTHER_OFFICE, {"name": office_id}, Disposition.ASK_CLERK)
        if marks.get(_KEYS) is None:
            self._shared.begin_team(str(uuid.uuid4()), DesktopKeys.generate().text(), self._team.office_id)
        desktop_id, keys, _office = joined(marks)
        found = self._roster.join(desktop_id, label.strip() or socket.gethostname(), keys)
        return _facts(found, desktop_id)

    def admit(self, desktop: str, fingerprint: str) -> DesktopFacts:
        """See TeamDesk."""
        own, keys, _office = joined(self._shared.marks)
        office_keys = self._roster.keys(own, keys)
        wanted = self._roster.find(desktop)
        return _facts(self._roster.admit(wanted.desktop_id, fingerprint, own, office_keys), own)

    def revoke(self, desktop: str) -> int:
        """See TeamDesk."""
        own, _keys, _office = joined(self._shared.marks)
        return self._roster.revoke(self._roster.find(desktop).desktop_id, own)

    def rotate_key(self) -> int:
        """See TeamDesk."""
        own, _keys, _office = joined(self._shared.marks)
        return self._roster.rotate(own)

    def status(self) -> TeamStatus:
        """See TeamDesk."""
        own, keys, office_id = joined(self._shared.marks)
        server_keys = self._roster.keys(own, keys)
        return TeamStatus(
            office_id=office_id,
            desktops=[_facts(each, own) for each in self._roster.desktops().values()],
            to_send=self._shared.unplaced_count(),
            read=self._shared.cursor().number,
            there=self._roster.entries(),
            generation=server_keys.newest,
            set_aside=self._shared.set_aside(),
        )


@contextmanager
def open_team_desk(premises: Premises) -> Iterator[JoinedDesk]:
    """Our place in the team, for a person. Raises ClerkError TEAM_…"""
    team = team_profile(premises.profile)
    with ExitStack() as stack:
        shared = premises.store.shared_ledger()
        stack.callback(shared.close)
        connection = connect_to_team(server_address(team, team.login or premises.actor))
        stack.callback(connection.close)
        yield JoinedDesk(premises, shared, connection)


@contextmanager
def open_administration(
    profile: Profile, login: str, password: Callable[[], str]
) -> Iterator[ServerAdministration]:
    """The data centre's side, with a login of its own."""
    connection = connect(server_address(team_profile(profile), login, password))
    try:
        yield ServerAdministration(connection)
    finally:
        connection.close()


def _facts(desktop: TeamDesktop, own: str) -> DesktopFacts:
    return DesktopFacts(
        desktop.desktop_id, desktop.label, desktop.actor, desktop.keys.fingerprint, desktop.joined_at,
        desktop.admitted_at, desktop.revoked_at, desktop.desktop_id == own,
    )  # fmt: skip
