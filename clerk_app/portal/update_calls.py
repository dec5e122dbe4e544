"""The way to the update channel: files of a static server, large ones over a spool file. No redirects."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from clerk_app.domain.errors import ClerkError, ErrorCode
from clerk_app.portal.config import NetworkConfig
from clerk_app.portal.transport import Expect, Transport

LARGEST_BYTES = 500_000_000
#: What static servers call JSON, AppImages and MSI packages.
TYPES = frozenset(
    {
        "", "application/json", "application/octet-stream", "binary/octet-stream", "text/plain",
        "application/x-msi", "application/vnd.appimage", "application/x-executable",
    }
)  # fmt: skip
_PIECE_BYTES = 1 << 18


class UpdateCalls:
    """One address at a time; ``close`` when done."""

    def __init__(self, network: NetworkConfig, spool: Path, now: Callable[[], datetime]) -> None:
        self._transport = Transport(replace(network, short_wait_s=0.0), now=now)
        self._spool = spool

    def __call__(self, url: str) -> Iterator[bytes]:
        """The bytes. Raises ClerkError as the portals' calls do; ``status`` when the server refused."""
        expect = Expect(TYPES, LARGEST_BYTES, spool=self._spool)
        try:
            answer = self._transport.call("GET", url, expect)
        except ClerkError as error:
            # A server's own page for "not there" is HTML; whose status it was is what counts.
            if error.code is ErrorCode.PORTAL_NOT_ITSELF and isinstance(error.params.get("status"), int):
                raise
            params = {name: value for name, value in error.params.items() if name != "status"}
            raise ClerkError(error.code, params, error.disposition) from error
        if not answer.ok:
            raise ClerkError(ErrorCode.REMOTE_GONE, {"status": answer.status})
        if answer.path is None:
            yield answer.body
            return
        try:
            with answer.path.open("rb") as spooled:
                while piece := spooled.read(_PIECE_BYTES):
                    yield piece
        finally:
            answer.path.unlink(missing_ok=True)

    def close(self) -> None:
        """Closes the connection."""
        self._transport.close()
