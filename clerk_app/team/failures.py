"""Turns what psycopg and the server say into the office's errors: one table."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from psycopg import errors

from clerk_app.domain.errors import ClerkError, Disposition, ErrorCode

_SIGN_IN = (errors.InvalidPassword, errors.InvalidAuthorizationSpecification)
_TLS = ("certificate", "ssl error", "does not support ssl")  # libpq has no code for these
_FORBIDDEN = (errors.InsufficientPrivilege, errors.InvalidSchemaName, errors.UndefinedTable)
_AGAIN = (errors.SerializationFailure, errors.DeadlockDetected, errors.LockNotAvailable, errors.QueryCanceled)


@contextmanager
def translated() -> Iterator[None]:
    """Raises ClerkError for whatever psycopg raises inside: TEAM_UNREACHABLE (nothing is lost, it is tried
    again), TEAM_SIGN_IN, TEAM_UNTRUSTED (TLS), TEAM_FORBIDDEN, TEAM_SERVER_FULL, INTERNAL."""
    try:
        yield
    except psycopg.Error as error:
        raise as_clerk_error(error) from error


def as_clerk_error(error: psycopg.Error) -> ClerkError:
    """``error`` in the office's words. No text of the server goes in: it may quote values."""
    params = {"state": error.sqlstate or ""}
    text = str(error).lower()
    if isinstance(error, _SIGN_IN) or "password authentication" in text or "no password" in text:
        return ClerkError(ErrorCode.TEAM_SIGN_IN, params, Disposition.SIGN_IN)
    if any(words in text for words in _TLS):
        return ClerkError(ErrorCode.TEAM_UNTRUSTED, params, Disposition.RETRY)
    if isinstance(error, _FORBIDDEN):
        return ClerkError(ErrorCode.TEAM_FORBIDDEN, params, Disposition.ASK_CLERK)
    if isinstance(error, errors.DiskFull | errors.OutOfMemory):
        return ClerkError(ErrorCode.TEAM_SERVER_FULL, params, Disposition.RETRY)
    if isinstance(error, _AGAIN) or _is_connection(error):
        return ClerkError(ErrorCode.TEAM_UNREACHABLE, params, Disposition.RETRY)
    return ClerkError(ErrorCode.INTERNAL, {"cause": f"team-{error.sqlstate}"}, Disposition.BUG)


def _is_connection(error: psycopg.Error) -> bool:
    """Class 08 (connection), 57 (operator intervention), 53 (resources), or no answer at all."""
    state = error.sqlstate
    return state is None or state[:2] in ("08", "57", "53")
