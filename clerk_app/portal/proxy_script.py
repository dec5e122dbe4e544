"""Automatic proxy configuration (PAC): a script of the data centre says which way leads to an address.

What the library gives: HTTP proxies and the direct way, the first usable entry of the answer. SOCKS, WPAD
discovery and proxies that want Kerberos or NTLM are not covered; entries that name SOCKS are passed over.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import httpx

from clerk_app.domain.errors import ClerkError, Disposition, ErrorCode

if TYPE_CHECKING:
    from pypac.parser import PACFile

KEPT_S = 3600.0
LARGEST_BYTES = 1 << 20


class ProxyScript:
    """A PAC file, read when it is first needed and again every hour. Safe to call from any thread.

    ``place`` is an https address, an http address of this machine, or a path; ``client`` makes the
    connection that fetches an address, always on the direct way.
    """

    def __init__(
        self, place: str, client: Callable[[], httpx.HTTPTransport], monotonic: Callable[[], float]
    ) -> None:
        self._place, self._client, self._monotonic = place, client, monotonic
        self._lock = threading.Lock()
        self._script: PACFile | None = None
        self._read_at = 0.0

    def proxy_for(self, url: str) -> str | None:
        """The proxy's address, or None for the direct way.

        :raises ClerkError: PORTAL_UNREACHABLE with ``reason`` ``pac`` when the script cannot be had, is none,
        or
            names no way we can go
        """
        host = urlsplit(url).hostname or ""
        with self._lock:  # the interpreter is one and not made for several at once
            try:
                answer = str(self._current().find_proxy_for_url(url, host))
            except (OSError, ValueError, httpx.HTTPError) as error:
                raise self._unusable() from error
            except Exception as error:  # whatever a foreign script may do: the library names no common base
                if type(error).__module__.partition(".")[0] not in ("pypac", "_dukpy", "dukpy"):
                    raise
                raise self._unusable() from error
        known, proxy = _first_usable(answer)
        if not known:
            raise self._unusable()
        return proxy

    def _unusable(self) -> ClerkError:
        return ClerkError(ErrorCode.PROXY_SCRIPT_UNUSABLE, {"place": self._place}, Disposition.RETRY)

    def _current(self) -> PACFile:
        from pypac.parser import PACFile

        now = self._monotonic()
        if self._script is None or now - self._read_at >= KEPT_S:
            try:
                self._script = PACFile(self._load().decode("utf-8", "replace"))
            except (OSError, ValueError, httpx.HTTPError):
                if self._script is None:
                    raise  # else the one we have goes on counting
            self._read_at = now
        return self._script

    def _load(self) -> bytes:
        if "://" not in self._place:
            with Path(self._place).expanduser().open("rb") as file:
                return _bounded(file.read(LARGEST_BYTES + 1))
        client = self._client()
        try:
            response = client.handle_request(httpx.Request("GET", self._place))
            try:
                if response.status_code != httpx.codes.OK:
                    raise ValueError(f"status {response.status_code}")
                chunks, size = [], 0
                for chunk in response.iter_raw():
                    size += len(chunk)
                    chunks.append(chunk)
                    if size > LARGEST_BYTES:
                        break
                return _bounded(b"".join(chunks))
            finally:
                response.close()
        finally:
            client.close()


def _bounded(content: bytes) -> bytes:
    if len(content) > LARGEST_BYTES:
        raise ValueError("too large")
    return content


def _first_usable(answer: str) -> tuple[bool, str | None]:
    """The first way of ``PROXY a:1; DIRECT`` that we can go, if there is one."""
    for entry in answer.split(";"):
        kind, _space, place = entry.strip().partition(" ")
        match kind.upper():
            case "DIRECT":
                return True, None
            case "PROXY" | "HTTP" if place:
                return True, f"http://{place.strip()}"
            case "HTTPS" if place:
                return True, f"https://{place.strip()}"
    return False, None
