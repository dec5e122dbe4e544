"""What people and admins do with the office's team: join, admit, shut out, change the key, look."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True)
class DesktopFacts:
    """Arbeitsplatz im Team. ``fingerprint`` of its public keys, to be read out."""

    desktop_id: str
    label: str
    actor: str
    fingerprint: str
    joined_at: datetime
    admitted_at: datetime | None
    revoked_at: datetime | None
    ours: bool

    @property
    def waits(self) -> bool:
        """Joined, but not let in yet."""
        return self.admitted_at is None and self.revoked_at is None


@dataclass(frozen=True)
class TeamStatus:
    """Stand des Teams, seen from this desktop. ``to_send``: our entries the server does not hold yet;
    ``read`` of ``there`` entries of the team's order; ``set_aside``: entries that were not believed (number,
    author, fault); ``generation``: of the office's key."""

    office_id: str
    desktops: Sequence[DesktopFacts]
    to_send: int
    read: int
    there: int
    generation: int
    set_aside: Sequence[tuple[int, str, str]]


class TeamDesk(Protocol):
    """Our place in the team. Raises ClerkError TEAM_…"""

    def join(self, label: str) -> DesktopFacts:
        """Registers this desktop. The first one founds the office's team and is admitted at once."""
        ...

    def admit(self, desktop: str, fingerprint: str) -> DesktopFacts: ...

    def revoke(self, desktop: str) -> int:
        """Shuts a lost desktop out and changes the key; the key's new generation."""
        ...

    def rotate_key(self) -> int: ...

    def status(self) -> TeamStatus: ...


@dataclass(frozen=True)
class OwnOffice:
    """The office of the profile, as it is entered on the server."""

    office_id: str
    ars: str
    name: str


@dataclass(frozen=True)
class ServerCheck:
    """What a look at the whole server found. ``chain_breaks``: offices and numbers where the chain or the
    numbering does not hold."""

    server_version: str
    schema_found: int
    schema_known: int
    encrypted: bool
    entries: int
    chain_breaks: Sequence[tuple[str, int]]

    @property
    def ok(self) -> bool:
        """Whether nothing needs a person."""
        return self.schema_found == self.schema_known and not self.chain_breaks


class TeamAdmin(Protocol):
    """What the data centre's administrator does, with a login of their own. Raises ClerkError TEAM_…"""

    def upgrade(self) -> int:
        """Brings the schema to what this program knows; its version."""
        ...

    def office(self, office_id: str, ars: str, name: str, county_id: str) -> None: ...

    def member(
        self, login: str, place_id: str, roles: Sequence[str], actor: str, password: str | None
    ) -> None:
        """Enters a person in an office or the county. ``password``: for a login that is made now; one
        that is there keeps its own."""
        ...

    def end_member(self, login: str) -> int:
        """Ends every membership of the login; how many there were."""
        ...

    def check(self) -> ServerCheck: ...
