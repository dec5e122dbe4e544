"""The way to the team's server: one connection per thread, over TLS, as one person.

libpq is told to insist: ``sslmode=verify-full`` and an authentication that never shows the password to the
server (SCRAM, RFC 7677; or Kerberos). Only a practice office on this machine may do without TLS.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import psycopg

from clerk_app.domain.errors import ClerkError, Disposition, ErrorCode
from clerk_app.team import migrations
from clerk_app.team.failures import translated

Rows = psycopg.Connection[tuple[object, ...]]
STATEMENT_TIMEOUT_S = 60


@dataclass(frozen=True)
class ServerAddress:
    """Where the team's server is and who signs in. ``password`` is asked when connecting and never kept;
    None: Kerberos, or a client certificate of the data centre. ``plain``: no TLS (practice, loopback)."""

    host: str
    port: int
    database: str
    login: str
    password: Callable[[], str] | None = None
    ca_file: Path | None = None
    plain: bool = False
    timeout_s: int = 10


def connect(address: ServerAddress) -> Rows:
    """A connection in autocommit mode. Raises ClerkError TEAM_UNREACHABLE, TEAM_SIGN_IN, TEAM_UNTRUSTED."""
    options: dict[str, object] = {
        "host": address.host,
        "port": address.port,
        "dbname": address.database,
        "user": address.login,
        "connect_timeout": address.timeout_s,
        "application_name": "clerk-app",
        "client_encoding": "utf8",
        "options": f"-c search_path={migrations.SCHEMA} -c statement_timeout={STATEMENT_TIMEOUT_S}s "
        "-c idle_in_transaction_session_timeout=60s",
        "tcp_user_timeout": 15_000,
        "keepalives_idle": 30,
    }
    if address.plain:
        options |= {"sslmode": "disable", "gssencmode": "disable", "require_auth": "scram-sha-256"}
    else:
        options |= {
            "sslmode": "verify-full",
            "sslrootcert": str(address.ca_file) if address.ca_file else "system",
            "require_auth": "scram-sha-256" if address.password else "gss,sspi,scram-sha-256",
        }
    if address.password is not None:
        options["password"] = address.password()
    with translated():
        return psycopg.connect(**options, autocommit=True)  # type: ignore[arg-type]


def connect_to_team(address: ServerAddress) -> Rows:
    """As ``connect``, to a server that holds a caseload this program understands.

    Raises in addition TEAM_NOT_SET_UP (an admin runs ``team init``) and TEAM_TOO_NEW.
    """
    connection = connect(address)
    try:
        found = migrations.state(connection)
        if found.found > found.known:
            raise migrations.too_new(found)
        if found.found < found.known:
            raise ClerkError(ErrorCode.TEAM_NOT_SET_UP, {"found": found.found}, Disposition.ASK_CLERK)
    except BaseException:
        connection.close()
        raise
    return connection
