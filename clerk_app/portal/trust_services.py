"""Vertrauensdienste: the plain calls that time stamps, revocation answers and remote signing need.

The signing room knows no HTTP; ``bootstrap`` hands it one of these. Proxy, certificate authorities and time
limits are the office's own, as for the portals. No redirects, no cookies, capped bodies. http is permitted:
what comes back is signed, and whether it is believed is decided there.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from datetime import datetime
from urllib.parse import urlsplit

from clerk_app.domain.errors import ClerkError, Disposition, ErrorCode
from clerk_app.portal import failures
from clerk_app.portal.config import NetworkConfig
from clerk_app.portal.transport import Expect, Transport


class TrustServiceCalls:
    """Calls the outside on behalf of the signing room. Safe for several threads; ``close`` when done.

    A clerk waits for the answer, so nothing here waits long: ``patience_s`` bounds connecting and each
    silence, four times as much the whole call.
    """

    def __init__(self, network: NetworkConfig, *, now: Callable[[], datetime], patience_s: float) -> None:
        self._transport = Transport(
            replace(
                network,
                connect_timeout_s=min(network.connect_timeout_s, patience_s),
                read_timeout_s=min(network.read_timeout_s, patience_s),
                call_deadline_s=4 * patience_s,
                slowest_bytes_per_s=1_000_000,
                short_wait_s=0.0,
            ),
            now=now,
        )

    def __call__(
        self,
        method: str,
        url: str,
        accept: Collection[str],
        max_bytes: int,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> tuple[int, bytes]:
        """Status and body. Without ``accept`` JSON is expected, or nothing at all. The status is a success or
        the service's own refusal (4xx).

        Raises ClerkError as the portals' calls do (PORTAL_UNREACHABLE, PORTAL_SLOW, PORTAL_DISTURBED,
        PORTAL_NOT_ITSELF, …); the signing room translates them.
        """
        if urlsplit(url).scheme not in ("http", "https"):
            raise ClerkError(ErrorCode.PORTAL_UNREACHABLE, {"reason": "connect"}, Disposition.RETRY)
        try:
            answer = self._transport.call(
                method, url, Expect(accept, max_bytes, may_be_empty=not accept), headers=headers, content=body
            )
        except UnicodeError:  # an address in a certificate may be anything
            raise failures.not_itself(urlsplit(url).hostname or "", "address") from None
        return answer.status, answer.body

    def close(self) -> None:
        """Closes all connections."""
        self._transport.close()
