"""One table from everything that can go wrong on the way to the portal to error codes and dispositions.

Nothing in here ever says GIVE_UP for something the way to the portal may have caused: work is kept.
"""

from __future__ import annotations

import ssl
from collections.abc import Iterator, Mapping
from datetime import datetime
from email.utils import parsedate_to_datetime

import httpx

from clerk_app.domain.errors import ClerkError, Disposition, ErrorCode

E, D = ErrorCode, Disposition

STATUS_TABLE: Mapping[int, tuple[ErrorCode, Disposition]] = {
    400: (E.PORTAL_REFUSED, D.GIVE_UP),
    401: (E.SIGN_IN_EXPIRED, D.SIGN_IN),
    403: (E.PORTAL_FORBIDDEN, D.ASK_CLERK),
    404: (E.REMOTE_GONE, D.GIVE_UP),
    407: (E.PROXY_SIGN_IN, D.SIGN_IN),
    408: (E.PORTAL_SLOW, D.RETRY),
    409: (E.REMOTE_CONFLICT, D.ASK_CLERK),
    410: (E.REMOTE_GONE, D.GIVE_UP),
    413: (E.LIMIT_EXCEEDED, D.GIVE_UP),
    422: (E.PORTAL_REFUSED, D.GIVE_UP),
    425: (E.PORTAL_BUSY, D.RETRY),
    429: (E.PORTAL_BUSY, D.RETRY),
    511: (E.PORTAL_NOT_ITSELF, D.RETRY),  # RFC 6585: a network wants a sign-in first
}
DEFAULT_BUSY_S = 30.0


def of_status(status: int) -> tuple[ErrorCode, Disposition]:
    """Code and disposition for an HTTP status that is no success."""
    known = STATUS_TABLE.get(status)
    if known is not None:
        return known
    if status >= 500:
        return E.PORTAL_DISTURBED, D.RETRY
    if status >= 400:
        return E.PORTAL_REFUSED, D.GIVE_UP
    return E.PORTAL_NOT_ITSELF, D.RETRY  # redirects lead to sign-in pages; 1xx has no business here


def refused(
    status: int, host: str, params: Mapping[str, object], *, retry_after_s: float | None = None
) -> ClerkError:
    """The error for an answer that is no success."""
    code, disposition = of_status(status)
    if code is E.PORTAL_BUSY and retry_after_s is None:
        retry_after_s = DEFAULT_BUSY_S
    filled: dict[str, object] = {"host": host, "status": status, **params}
    if retry_after_s is not None:
        filled["seconds"] = round(retry_after_s)
    return ClerkError(code, filled, disposition, retry_after_s=retry_after_s)


def not_itself(host: str, reason: str, **params: object) -> ClerkError:
    """Something answered, but not as the portal would: a sign-in page, garbage, half a document."""
    return ClerkError(E.PORTAL_NOT_ITSELF, {"host": host, "reason": reason, **params}, D.RETRY)


def too_large(host: str, limit: int) -> ClerkError:
    """More than the standard allows. Trying again would bring the same."""
    return ClerkError(E.LIMIT_EXCEEDED, {"host": host, "limit": limit}, D.GIVE_UP)


def slow(host: str) -> ClerkError:
    """No answer in time."""
    return ClerkError(E.PORTAL_SLOW, {"host": host}, D.RETRY)


def of_exception(error: Exception, host: str, *, answered: bool) -> ClerkError:
    """The error for an exception of httpx. ``answered``: status and headers had already come."""
    if isinstance(error, httpx.TimeoutException):
        return slow(host)
    tls = next((cause for cause in _causes(error) if isinstance(cause, ssl.SSLError)), None)
    if tls is not None and not answered:
        reason = getattr(tls, "verify_message", "") or getattr(tls, "reason", "") or "TLS"
        return ClerkError(E.PORTAL_UNTRUSTED, {"host": host, "reason": str(reason)}, D.RETRY)
    if isinstance(error, httpx.ProxyError):
        if "407" in str(error):
            return ClerkError(E.PROXY_SIGN_IN, {"host": host}, D.SIGN_IN)
        return ClerkError(E.PORTAL_UNREACHABLE, {"host": host, "reason": "proxy"}, D.RETRY)
    if answered:
        return ClerkError(E.TRANSFER_INCOMPLETE, {"host": host}, D.RETRY)
    if isinstance(error, httpx.RemoteProtocolError) and "disconnected" not in str(error):
        return not_itself(host, "not HTTP")
    params = {"host": host, "reason": "connect"} if isinstance(error, httpx.ConnectError) else {"host": host}
    return ClerkError(E.PORTAL_UNREACHABLE, params, D.RETRY)


def worth_trying_again(error: ClerkError) -> bool:
    """Whether reading once more at once may help: a connection broke. Not when nobody is there at all."""
    broken = error.code in (E.PORTAL_UNREACHABLE, E.TRANSFER_INCOMPLETE)
    return broken and error.params.get("reason") not in ("connect", "proxy")


def _causes(error: BaseException) -> Iterator[BaseException]:
    current: BaseException | None = error
    for _ in range(12):
        if current is None:
            return
        yield current
        current = current.__cause__ or current.__context__


def asked_wait_s(headers: Mapping[str, str], now: datetime, longest_s: float) -> float | None:
    """How long the portal asks us to wait (Retry-After, else RateLimit-Reset), cut to ``longest_s``.

    None when it does not say, or says nonsense. A date in the year 2099 is a long wait, not a promise.
    """
    after = headers.get("retry-after", "").strip()
    if after:
        if after.isascii() and after.isdigit():
            return min(float(after[:12]), longest_s)
        try:
            at = parsedate_to_datetime(after)
        except (ValueError, TypeError, OverflowError):
            at = None
        if at is not None and at.tzinfo is not None:
            return min(max((at - now).total_seconds(), 0.0), longest_s)
    reset = headers.get("ratelimit-reset", "").strip()
    if reset.isascii() and reset.isdigit():
        value = float(reset[:12])
        if value > 1e9:  # some services send the moment, not the distance
            value -= now.timestamp()
        return min(max(value, 0.0), longest_s)
    return None
