"""HTTP, and nothing believed before it has been looked at.

One ``httpx`` transport (one connection per host) per thread. The transport is used without ``httpx.Client``
around it: cookies, redirects, environment proxies and transparent decompression are all things we must not
have, and leaving them out saves a quarter of the time per call.
"""

from __future__ import annotations

import contextlib
import errno
import logging
import re
import ssl
import tempfile
import threading
import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from email.utils import parsedate_to_datetime
from functools import lru_cache
from pathlib import Path
from typing import BinaryIO

import httpx
import truststore

from clerk_app.domain.errors import ClerkError, Disposition, ErrorCode
from clerk_app.portal import failures
from clerk_app.portal.config import NetworkConfig, is_loopback
from clerk_app.portal.proxy_script import ProxyScript

_log = logging.getLogger(__name__)

JSON_TYPES = frozenset({"application/json", "application/problem+json"})
JWK_TYPES = frozenset({"application/json", "application/jwk+json", "application/jwk-set+json"})
JOSE_TYPES = frozenset({"application/jose"})
# A part nobody asked for (206) or what a proxy made of an answer (203) is not the portal's word.
_WHOLE = frozenset({200, 201, 202, 204})
_SHORT_WAITS = 2
_ERROR_BODY_BYTES = 65_536


@dataclass(frozen=True)
class Answer:
    """An answer that is worth reading: a success with the right content type, or a refusal of the portal.

    A large body of a download lies in ``path`` (``body`` is empty then); the receiver removes it.
    """

    status: int
    content_type: str
    headers: Mapping[str, str]
    body: bytes = b""
    path: Path | None = None

    @property
    def ok(self) -> bool:
        """Whether the call succeeded."""
        return 200 <= self.status < 300

    @property
    def server_at(self) -> datetime | None:
        """The portal's clock, from the Date header."""
        try:
            at = parsedate_to_datetime(self.headers.get("date", ""))
        except (ValueError, TypeError):
            return None
        return at if at.tzinfo is not None else None


@dataclass(frozen=True)
class Expect:
    """What a call may bring. No ``content_types``: 204 is expected, a JSON body is tolerated, and an empty
    200 or 202 only with ``may_be_empty``."""

    content_types: Collection[str] = ()
    max_bytes: int = 32_000_000
    may_be_empty: bool = False
    citizens_own: bool = (
        False  # size is the citizen's affair: too large is LIMIT_EXCEEDED, not a strange portal
    )
    spool: Path | None = None  # bodies above ``in_memory_bytes`` go to a file in this folder
    in_memory_bytes: int = 1 << 20


class Transport:
    """Calls the outside. Safe to use from several threads; each gets its own connection."""

    def __init__(
        self,
        network: NetworkConfig,
        *,
        now: Callable[[], datetime],
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        if network.only_this_machine:  # a proxy would carry it out of the house
            network = replace(network, proxy=None, proxy_script=None)
        self._network = network
        self._now = now
        self._monotonic = monotonic
        self._sleep = sleep
        self._lock = threading.Lock()
        self._local = threading.local()
        self._per_thread: dict[threading.Thread, dict[str | None, httpx.HTTPTransport]] = {}
        self._tls: ssl.SSLContext | None = None
        self._closed = False
        self._script = None
        if network.proxy_script is not None:
            self._script = ProxyScript(network.proxy_script, lambda: self._opened(None), monotonic)
        self._headers = {"User-Agent": network.user_agent, "Accept-Encoding": "identity"}
        self._timeouts = {
            "connect": network.connect_timeout_s,
            "read": network.read_timeout_s,
            "write": network.read_timeout_s,
            "pool": network.connect_timeout_s,
        }

    def close(self) -> None:
        """Closes all connections. Threads must have finished their calls."""
        with self._lock:
            self._closed = True
            open_ones = [each for clients in self._per_thread.values() for each in clients.values()]
            self._per_thread.clear()
        for each in open_ones:
            each.close()

    def connection_count(self) -> int:
        """Threads that hold a connection now."""
        with self._lock:
            return len(self._per_thread)

    def call(
        self,
        method: str,
        url: str,
        expect: Expect,
        *,
        headers: Mapping[str, str] | None = None,
        content: bytes | None = None,
    ) -> Answer:
        """Makes a call; an Answer is a success, or a 4xx that is the portal's own word (401 included).

        Everything else raises ClerkError by ``failures``: no connection, TLS, proxy, redirects, 429, 5xx,
        foreign or oversized bodies. A GET is tried a second time when the connection broke. Short waits the
        portal asks for are waited out here.
        """
        # Through a proxy the whole address goes into the request; httpx must write that itself.
        proxy = self._proxy_for(url)
        place = _place_of(url) if proxy is None else _Place.whole(url, proxy)
        host = place.host
        if self._network.only_this_machine and not (host == "localhost" or is_loopback(host)):
            raise ClerkError(ErrorCode.PRACTICE_STAYS_HERE, {"host": host}, Disposition.GIVE_UP)
        waits, broken = 0, 0
        while True:
            try:
                answer = self._exchange(method, place, expect, headers or {}, content)
            except ClerkError as error:
                if broken == 0 and method == "GET" and failures.worth_trying_again(error):
                    broken += 1
                    continue
                raise
            if answer.status not in (429, 503):
                return answer
            asked = failures.asked_wait_s(answer.headers, self._now(), self._network.longest_wait_s)
            if asked is None or asked > self._network.short_wait_s or waits == _SHORT_WAITS:
                raise failures.refused(answer.status, host, {}, retry_after_s=asked)
            waits += 1
            self._sleep(asked)

    def _exchange(
        self,
        method: str,
        place: _Place,
        expect: Expect,
        headers: Mapping[str, str],
        content: bytes | None,
    ) -> Answer:
        begun = self._monotonic()
        host = place.host
        accepted = ", ".join(sorted(expect.content_types)) or "application/json"
        request = httpx.Request(
            method,
            place.url,
            headers={**self._headers, "Accept": accepted, **headers},
            content=content,
            extensions={"timeout": self._timeouts, **place.extension},
        )
        try:
            response = self._client(place.proxy).handle_request(request)
        except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
            raise failures.of_exception(error, host, answered=False) from None
        try:
            answer = self._judge(response, host, expect, begun)
        except (httpx.HTTPError, httpx.StreamError) as error:
            raise failures.of_exception(error, host, answered=True) from None
        finally:
            # The rest of a refused body may fail on closing; that changes nothing any more.
            with contextlib.suppress(httpx.HTTPError, OSError):
                response.close()
        if _log.isEnabledFor(logging.DEBUG):
            elapsed_ms = (self._monotonic() - begun) * 1000
            path = (place.target or place.url.raw_path).decode("ascii").partition("?")[0]
            _log.debug("%s %s -> %d (%.0f ms)", method, path, answer.status, elapsed_ms)
        return answer

    def _judge(self, response: httpx.Response, host: str, expect: Expect, begun: float) -> Answer:
        status = response.status_code
        headers = {
            name.decode("latin-1").lower(): value.decode("latin-1") for name, value in response.headers.raw
        }
        content_type = headers.get("content-type", "").partition(";")[0].strip().lower()
        if headers.get("content-encoding", "identity").strip().lower() not in ("identity", ""):
            raise failures.not_itself(host, "encoded body", status=status)
        if 200 <= status < 300:
            if status not in _WHOLE:
                raise failures.not_itself(host, "status", status=status)
            if status == 204 or headers.get("content-length") == "0":
                if expect.content_types or not (status == 204 or expect.may_be_empty):
                    raise failures.not_itself(host, "empty body", status=status)
                self._read_to_end(response, host, headers, begun)
                return Answer(status, content_type, headers)
            wanted = expect.content_types or JSON_TYPES
            if content_type not in wanted:
                raise failures.not_itself(host, "content type", status=status, content_type=content_type)
            body, path = self._body(response, host, headers, expect, begun)
            return Answer(status, content_type, headers, body, path)
        if status in (429, 503):
            self._read_to_end(response, host, headers, begun)
            return Answer(status, content_type, headers)
        if 400 <= status < 500 and status not in (407, 408, 425):
            if content_type == "text/html" and status != 401:
                raise failures.not_itself(host, "content type", status=status, content_type=content_type)
            return Answer(status, content_type, headers, self._read_to_end(response, host, headers, begun))
        asked = failures.asked_wait_s(headers, self._now(), self._network.longest_wait_s)
        raise failures.refused(status, host, {}, retry_after_s=asked if status >= 500 else None)

    def _read_to_end(
        self, response: httpx.Response, host: str, headers: Mapping[str, str], begun: float
    ) -> bytes:
        """A small body nobody depends on. A connection whose answer was not read to its end is not used
        again."""
        try:
            return self._body(response, host, headers, Expect(max_bytes=_ERROR_BODY_BYTES), begun)[0]
        except (ClerkError, httpx.HTTPError):
            return b""  # the status said enough

    def _body(
        self, response: httpx.Response, host: str, headers: Mapping[str, str], expect: Expect, begun: float
    ) -> tuple[bytes, Path | None]:
        announced = headers.get("content-length", "")
        if announced.isdigit() and int(announced[:18]) > expect.max_bytes:
            raise _too_large(host, expect)
        stream = response.stream
        if not isinstance(stream, httpx.SyncByteStream):  # pragma: no cover - HTTPTransport always gives one
            raise TypeError("stream")
        chunks: list[bytes] = []
        size = 0
        spooled: BinaryIO | None = None
        path: Path | None = None
        try:
            for chunk in stream:
                size += len(chunk)
                if size > expect.max_bytes:
                    raise _too_large(host, expect)
                allowed_s = self._network.call_deadline_s + size / self._network.slowest_bytes_per_s
                if self._monotonic() - begun > allowed_s:
                    raise failures.slow(host)
                if spooled is not None:
                    spooled.write(chunk)
                    continue
                chunks.append(chunk)
                if expect.spool is not None and size > expect.in_memory_bytes:
                    spooled, path = _new_spool_file(expect.spool)
                    spooled.writelines(chunks)
                    chunks.clear()
        except OSError as error:
            _discard(spooled, path)
            raise _disk_error(error) from None
        except BaseException:
            _discard(spooled, path)
            raise
        if spooled is None:
            return b"".join(chunks), None
        try:
            spooled.close()  # buffered bytes may only now meet a full disk
        except OSError as error:
            _discard(spooled, path)
            raise _disk_error(error) from None
        return b"", path

    def _client(self, proxy: str | None) -> httpx.HTTPTransport:
        """The connection of this thread over ``proxy``."""
        clients: dict[str | None, httpx.HTTPTransport] | None = getattr(self._local, "clients", None)
        if clients is not None and proxy in clients:
            return clients[proxy]
        with self._lock:
            if self._closed:
                raise ClerkError(ErrorCode.INTERNAL, {"detail": "portal closed"}, Disposition.BUG)
            for thread in [thread for thread in self._per_thread if not thread.is_alive()]:
                for each in self._per_thread.pop(thread).values():
                    each.close()
            clients = self._per_thread.setdefault(threading.current_thread(), {})
            clients[proxy] = self._opened(proxy)
        self._local.clients = clients
        return clients[proxy]

    def _opened(self, proxy: str | None) -> httpx.HTTPTransport:
        return httpx.HTTPTransport(
            verify=self._tls_context(),
            trust_env=False,
            proxy=proxy,
            limits=httpx.Limits(max_connections=4, max_keepalive_connections=2, keepalive_expiry=20.0),
        )

    def _proxy_for(self, url: str) -> str | None:
        return self._network.proxy if self._script is None else self._script.proxy_for(url)

    def _tls_context(self) -> ssl.SSLContext:
        if self._tls is None:
            # The system's trust store, so that an enterprise's inspecting proxy is judged as its admins wish.
            context = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
            context.minimum_version = ssl.TLSVersion.TLSv1_2
            # A name in the subject alone is none (RFC 9525); truststore hands no such setting through.
            if (inner := getattr(context, "_ctx", None)) is not None:
                inner.hostname_checks_common_name = False
            for path in self._network.ca_files:
                context.load_verify_locations(cafile=str(path))
            self._tls = context
        return self._tls


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a call goes. Parsing addresses is a fifth of httpx's work per call, so it is done once per host:
    ``url`` is then the origin, and ``target`` goes onto the wire as it is."""

    url: httpx.URL
    target: bytes | None = None
    proxy: str | None = None

    @classmethod
    def whole(cls, url: str, proxy: str) -> _Place:
        return cls(httpx.URL(url), None, proxy)

    @property
    def host(self) -> str:
        return self.url.host

    @property
    def extension(self) -> dict[str, bytes]:
        return {} if self.target is None else {"target": self.target}


def _place_of(url: str) -> _Place:
    slash = url.find("/", url.find("://") + 3)
    if slash < 0 or _PLAIN_TARGET.match(url, slash) is None:
        return _Place(httpx.URL(url))
    return _Place(_origin(url[:slash]), url[slash:].encode("ascii"))


_PLAIN_TARGET = re.compile(
    r"/[!$-;=?-\[\]_a-z~]*\Z"
)  # nothing that would have to be escaped, and no fragment


@lru_cache(maxsize=64)
def _origin(text: str) -> httpx.URL:
    return httpx.URL(text)


def _too_large(host: str, expect: Expect) -> ClerkError:
    if expect.citizens_own:
        return failures.too_large(host, expect.max_bytes)
    return failures.not_itself(host, "too large")


def _new_spool_file(folder: Path) -> tuple[BinaryIO, Path]:
    descriptor, name = tempfile.mkstemp(prefix="body-", suffix=".jwe", dir=folder)
    return open(descriptor, "wb", buffering=1 << 16), Path(name)  # noqa: PTH123 - descriptor; closed by _body


def _discard(stream: BinaryIO | None, path: Path | None) -> None:
    if stream is not None:
        with contextlib.suppress(OSError):
            stream.close()
    if path is not None:
        path.unlink(missing_ok=True)


def _disk_error(error: OSError) -> ClerkError:
    full = error.errno in (errno.ENOSPC, errno.EDQUOT)
    code = ErrorCode.DISK_FULL if full else ErrorCode.HOME_NOT_WRITABLE
    return ClerkError(code, {"errno": error.errno}, Disposition.ASK_CLERK)
