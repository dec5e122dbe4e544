"""Who belongs to an office and by which keys: desktops, members, the office's key in its generations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from clerk_app.domain.errors import ClerkError, Disposition, ErrorCode
from clerk_app.team.connection import Rows
from clerk_app.team.failures import translated
from clerk_app.team.keys import DesktopKeys, OfficeKeys, PublicKeys, new_office_key, open_key, seal_key


@dataclass(frozen=True)
class TeamDesktop:
    """A desktop of the office. ``actor``: the name its person's acts carry."""

    desktop_id: str
    login: str
    actor: str
    label: str
    keys: PublicKeys
    joined_at: datetime
    admitted_at: datetime | None
    revoked_at: datetime | None


class Roster:
    """The office's desktops and key grants, read and written over one connection."""

    def __init__(self, connection: Rows, office_id: str) -> None:
        self._connection = connection
        self.office_id = office_id

    def desktops(self) -> Mapping[str, TeamDesktop]:
        """All desktops that ever joined, by id. A member who has left keeps the name of past acts."""
        with translated():
            rows: list[Any] = self._connection.execute(
                "SELECT d.desktop_id, d.login, "
                "coalesce((SELECT min(m.actor) FROM member m WHERE m.login = d.login "
                "AND m.place_id = d.office_id AND m.role <> 'triage'), ''), "
                "d.label, d.seal_key, d.sign_key, d.joined_at, d.admitted_at, d.revoked_at "
                "FROM desktop d WHERE d.office_id = %s ORDER BY d.joined_at, d.desktop_id",
                (self.office_id,),
            ).fetchall()
        return {
            str(row[0]): TeamDesktop(
                str(row[0]), str(row[1]), str(row[2]), str(row[3]),
                PublicKeys(bytes(row[4]), bytes(row[5])), row[6], row[7], row[8],
            )
            for row in rows
        }  # fmt: skip

    def join(self, desktop_id: str, label: str, keys: DesktopKeys) -> TeamDesktop:
        """Registers this desktop. The first one of an office founds it: it makes the office's first key.
        Idempotent. Raises ClerkError TEAM_FORBIDDEN when the login is no member here."""
        public = keys.public
        with translated(), self._connection.transaction():
            known = self.desktops().get(desktop_id)
            if known is None:
                self._connection.execute(
                    "INSERT INTO desktop (desktop_id, office_id, login, label, seal_key, sign_key) "
                    "VALUES (%s, %s, session_user, %s, %s, %s)",
                    (UUID(desktop_id), self.office_id, label[:80], public.seal, public.sign),
                )
                known = self.desktops()[desktop_id]
            if known.keys != public:
                raise ClerkError(ErrorCode.TEAM_KEY_WRONG, {"generation": 0}, Disposition.ASK_CLERK)
            if known.admitted_at is not None and self._newest() == 0:
                self._grant(1, new_office_key(), known, desktop_id)
        return known

    def keys(self, desktop_id: str, keys: DesktopKeys) -> OfficeKeys:
        """The office's keys this desktop was given; without any it was not admitted yet. Raises ClerkError
        TEAM_KEY_WRONG."""
        with translated():
            rows: list[Any] = self._connection.execute(
                "SELECT generation, sealed FROM key_grant WHERE office_id = %s AND desktop_id = %s",
                (self.office_id, UUID(desktop_id)),
            ).fetchall()
        opened = {
            int(str(row[0])): open_key(self.office_id, int(str(row[0])), bytes(row[1]), keys) for row in rows
        }
        return OfficeKeys(self.office_id, opened)

    def admit(self, desktop_id: str, fingerprint: str, own: str, office_keys: OfficeKeys) -> TeamDesktop:
        """Gives a desktop every generation of the office's key. ``fingerprint``: as the colleague reads it.

        Raises ClerkError TEAM_DESKTOP_UNKNOWN, TEAM_FINGERPRINT_WRONG, TEAM_REVOKED."""
        with translated(), self._connection.transaction():
            wanted = self._standing(desktop_id)
            if _hex(fingerprint) != _hex(wanted.keys.fingerprint):
                raise ClerkError(
                    ErrorCode.TEAM_FINGERPRINT_WRONG, {"desktop": wanted.label}, Disposition.ASK_CLERK
                )
            for generation, key in sorted(office_keys.raw.items()):
                self._grant(generation, key, wanted, own)
            self._connection.execute(
                "UPDATE desktop SET admitted_at = now() WHERE desktop_id = %s", (UUID(desktop_id),)
            )
            return self.desktops()[desktop_id]

    def rotate(self, own: str) -> int:
        """A new generation for every desktop in good standing; its number. What was sealed before stays
        readable to whoever could read it."""
        with translated(), self._connection.transaction():
            # two who rotate at once: the second waits for the first one's row and takes the next number
            generation = self._newest() + 1
            key = new_office_key()
            for desktop in self.desktops().values():
                if desktop.admitted_at is not None and desktop.revoked_at is None:
                    self._grant(generation, key, desktop, own)
        return generation

    def revoke(self, desktop_id: str, own: str) -> int:
        """Shuts a lost desktop out and changes the key; the new generation. Its entries stay."""
        with translated(), self._connection.transaction():
            self._standing(desktop_id)
            self._connection.execute(
                "UPDATE desktop SET revoked_at = now() WHERE desktop_id = %s", (UUID(desktop_id),)
            )
            return self.rotate(own)

    def entries(self) -> int:
        """How many entries the office has on the server."""
        with translated():
            row = self._connection.execute(
                "SELECT number FROM counter WHERE office_id = %s AND stream = 'entry'", (self.office_id,)
            ).fetchone()
        return int(str(row[0])) if row else 0

    def find(self, text: str) -> TeamDesktop:
        """The one desktop a person means by the beginning of its id, or its whole label. Raises ClerkError
        TEAM_DESKTOP_UNKNOWN."""
        wanted = text.strip().lower()
        found = [
            desktop
            for desktop in self.desktops().values()
            if wanted and (desktop.desktop_id.startswith(wanted) or desktop.label.lower() == wanted)
        ]
        if len(found) != 1:
            raise ClerkError(ErrorCode.TEAM_DESKTOP_UNKNOWN, {"desktop": text}, Disposition.ASK_CLERK)
        return found[0]

    def _standing(self, desktop_id: str) -> TeamDesktop:
        wanted = self.desktops().get(desktop_id)
        if wanted is None:
            raise ClerkError(ErrorCode.TEAM_DESKTOP_UNKNOWN, {"desktop": desktop_id}, Disposition.ASK_CLERK)
        if wanted.revoked_at is not None:
            raise ClerkError(ErrorCode.TEAM_REVOKED, {"desktop": wanted.label}, Disposition.ASK_CLERK)
        return wanted

    def _newest(self) -> int:
        row = self._connection.execute(
            "SELECT coalesce(max(generation), 0) FROM key_grant WHERE office_id = %s", (self.office_id,)
        ).fetchone()
        return int(str(row[0])) if row else 0

    def _grant(self, generation: int, key: bytes, desktop: TeamDesktop, own: str) -> None:
        self._connection.execute(
            "INSERT INTO key_grant (office_id, generation, desktop_id, sealed, granted_by) "
            "VALUES (%s, %s, %s, %s, %s) ON CONFLICT DO NOTHING",
            (
                self.office_id, generation, UUID(desktop.desktop_id),
                seal_key(self.office_id, generation, key, desktop.keys), UUID(own),
            ),
        )  # fmt: skip


def pending(desktops: Mapping[str, TeamDesktop]) -> Sequence[TeamDesktop]:
    """Desktops that wait for a colleague to admit them."""
    return [each for each in desktops.values() if each.admitted_at is None and each.revoked_at is None]


def _hex(text: str) -> str:
    return "".join(text.split()).upper()
