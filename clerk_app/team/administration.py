"""The data centre's side: schema, offices, members, a check of the whole server. Implements ``TeamAdmin``."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from psycopg import sql

from clerk_app.domain.errors import ClerkError, Disposition, ErrorCode
from clerk_app.team import migrations
from clerk_app.team.connection import Rows
from clerk_app.team.failures import translated
from clerk_app.usecases.teamwork import ServerCheck

_PAGE = 5000


class ServerAdministration:
    """Over a connection of a login that owns the schema."""

    def __init__(self, connection: Rows) -> None:
        self._connection = connection

    def upgrade(self) -> int:
        """See TeamAdmin. Raises as ``migrations.upgrade``."""
        return migrations.upgrade(self._connection).found

    def office(self, office_id: str, ars: str, name: str, county_id: str) -> None:
        """See TeamAdmin. An office that is there keeps its entries; its name and county are set anew."""
        with translated():
            self._connection.execute(
                "INSERT INTO amtsstube.office (office_id, county_id, ars, name) VALUES (%s, %s, %s, %s) "
                "ON CONFLICT (office_id) DO UPDATE SET county_id = excluded.county_id, name = excluded.name",
                (office_id, county_id, ars, name),
            )

    def member(
        self, login: str, place_id: str, roles: Sequence[str], actor: str, password: str | None
    ) -> None:
        """See TeamAdmin. Raises ClerkError TEAM_OFFICE_UNKNOWN."""
        with translated(), self._connection.transaction():
            known = self._connection.execute(
                "SELECT 1 FROM amtsstube.office WHERE %s IN (office_id, county_id)", (place_id,)
            ).fetchone()
            if known is None:
                raise ClerkError(ErrorCode.TEAM_OFFICE_UNKNOWN, {"name": place_id}, Disposition.ASK_CLERK)
            name = sql.Identifier(login)
            there = self._connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (login,)).fetchone()
            if password is not None and there is None:  # a login that is there keeps its password
                self._connection.execute(
                    sql.SQL("CREATE ROLE {} LOGIN PASSWORD {}").format(name, sql.Literal(password))
                )
            for role in roles:
                self._connection.execute(
                    sql.SQL("GRANT {} TO {}").format(sql.Identifier(f"amtsstube_{role}"), name)
                )
                self._connection.execute(
                    "INSERT INTO amtsstube.member (login, place_id, role, actor) VALUES (%s, %s, %s, %s) "
                    "ON CONFLICT (login, place_id, role) DO UPDATE "
                    "SET actor = excluded.actor, ended_at = NULL",
                    (login, place_id, role, actor),
                )

    def end_member(self, login: str) -> int:
        """See TeamAdmin."""
        with translated():
            return self._connection.execute(
                "UPDATE amtsstube.member SET ended_at = now() WHERE login = %s AND ended_at IS NULL", (login,)
            ).rowcount

    def check(self) -> ServerCheck:
        """See TeamAdmin. Reads every entry once; needs no key, for the chain is over what is sealed."""
        found = migrations.state(self._connection)
        version = self._connection.info.server_version
        entries, breaks = 0, []
        if found.found:
            for office_id, number, chain in self._counters():
                count, broken = self._walk(office_id, number, chain)
                entries += count
                if broken is not None:
                    breaks.append((office_id, broken))
        return ServerCheck(
            server_version=f"{version // 10000}.{version % 10000}",
            schema_found=found.found,
            schema_known=found.known,
            encrypted=bool(self._connection.pgconn.ssl_in_use),
            entries=entries,
            chain_breaks=breaks,
        )

    def _counters(self) -> list[tuple[str, int, bytes]]:
        with translated():
            rows: list[Any] = self._connection.execute(
                "SELECT office_id, number, chain FROM amtsstube.counter "
                "WHERE stream = 'entry' ORDER BY office_id"
            ).fetchall()
        return [(str(row[0]), int(row[1]), bytes(row[2])) for row in rows]

    def _walk(self, office_id: str, number: int, head: bytes) -> tuple[int, int | None]:
        """Entries seen, and the first number at which something is wrong."""
        chain, last = b"", 0
        while True:
            with translated():
                rows: list[Any] = self._connection.execute(
                    "SELECT number, entry_id, sha256(sealed), chain FROM amtsstube.entry "
                    "WHERE office_id = %s AND number > %s ORDER BY number LIMIT %s",
                    (office_id, last, _PAGE),
                    binary=True,
                ).fetchall()
            for found, entry_id, digest, stored in rows:
                chain = hashlib.sha256(chain + UUID(str(entry_id)).bytes + bytes(digest)).digest()
                if found != last + 1 or bytes(stored) != chain:
                    return last, last + 1
                last = found
            if len(rows) < _PAGE:
                return last, None if (last, chain) == (number, head) else last + 1
