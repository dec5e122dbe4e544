"""The practice portal as one object: state, citizens, API and sockets, in a thread of its own.

::

    with RunningSandbox(directory) as sandbox:
        sandbox.base_url  # API at /v1 and /v2
        sandbox.file_applications(20)
        sandbox.faults.switch_on("5xx:2")
        sandbox.unplug()

What a person at the portal's side can ask for over HTTP, outside the API, is described in ``citizen_api``.
"""

from __future__ import annotations

import asyncio
import operator
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import Any

from clerk_app.sandbox.api import V1, V2, Api
from clerk_app.sandbox.auth import Authority
from clerk_app.sandbox.authorities import AUTHORITIES, Identity, make_destinations
from clerk_app.sandbox.bridge import Bridge
from clerk_app.sandbox.citizen_api import CitizenApi
from clerk_app.sandbox.citizens import Citizens
from clerk_app.sandbox.destinations import DestinationApi
from clerk_app.sandbox.faults import FaultBoard
from clerk_app.sandbox.generator.filing import Filing
from clerk_app.sandbox.generator.services import SERVICES
from clerk_app.sandbox.http import Handler, make_app
from clerk_app.sandbox.keys import KeyRing
from clerk_app.sandbox.listener import HOST, Listener
from clerk_app.sandbox.model import Limits
from clerk_app.sandbox.profiles import write_profiles
from clerk_app.sandbox.replies import OnlineService, RepliesApi
from clerk_app.sandbox.state import Portal
from clerk_app.sandbox.wire import Answer, Call, json_answer

START_TIMEOUT_S = 30.0


class RunningSandbox:
    """Übungsplattform: starts on ``__enter__``, stops on ``__exit__``.

    ``directory`` keeps keys, credentials and profiles between starts. ``key_cache``: a folder of ready keys
    to copy from (made once if absent), so that tests need not make keys each time. ``clock``: seconds since
    1970.
    """

    def __init__(
        self,
        directory: Path,
        *,
        port: int = 0,
        applications: int = 0,
        seed: int = 1,
        defective: int | None = None,
        faults: tuple[str, ...] = (),
        limits: Limits | None = None,
        clock: Callable[[], float] = time.time,
        key_cache: Path | None = None,
    ) -> None:
        self.directory = directory.resolve()
        self.faults = FaultBoard(faults)
        self._applications = applications
        self._defective = defective
        directory.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.keys = KeyRing(self.directory / "keys")
        self.keys.make_missing(key_cache)
        self.identity = Identity.open(self.directory)
        self.portal = Portal(
            self.keys.pair("delivery-service"), clock, limits=limits or Limits(), faults=self.faults
        )
        self.portal.clients = self.identity.oauth_clients()
        offered = [(service.identifier, service.schema_uri) for service in SERVICES]
        self.portal.destinations = make_destinations(self.identity, self.keys, offered)
        self.filing = Filing(self.portal, self.identity, self.keys, self.directory, seed)
        self.citizens = Citizens(self.portal, self.filing)
        self.bridge = Bridge(self.portal, self.keys, self.citizens)
        for plan in AUTHORITIES:
            self.bridge.register(self.keys.certificate(plan.certificate), plan.name)
        self.portal.receivers[self.identity.destinations["bridge"]] = self.bridge.receive
        self.profiles: list[Path] = []
        self._listener = Listener(make_app(self.portal, self._routes(), self._cut), port, self.faults)
        self._thread: threading.Thread | None = None
        self._failure: BaseException | None = None
        self._ready = threading.Event()

    # -- life --------------------------------------------------------------------------------------------

    def __enter__(self) -> RunningSandbox:
        self._thread = threading.Thread(target=self._serve, name="sandbox", daemon=True)
        self._thread.start()
        started = self._ready.wait(START_TIMEOUT_S)
        if isinstance(self._failure, OSError):
            raise self._failure  # the port is taken, say
        if not started or self._failure is not None:
            raise RuntimeError("the practice portal did not start") from self._failure
        self.portal.base_url = self.base_url
        self.profiles = write_profiles(self.directory, self.identity, self.base_url)
        self.filing.write_manifest()
        if self._applications:
            self.file_applications(self._applications, defective=self._defective)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._listener.should_exit = True
        if self._thread is not None:
            self._thread.join()

    def _serve(self) -> None:
        try:
            asyncio.run(self._serve_and_tell())
        except BaseException as error:  # noqa: BLE001 - handed to the starting thread
            self._failure = error
            self._ready.set()

    async def _serve_and_tell(self) -> None:
        serving = asyncio.ensure_future(self._listener.serve())
        while not self._listener.started and not serving.done():
            await asyncio.sleep(0.001)
        if not serving.done():
            await self._listener.follow_faults()
            self._ready.set()
        await serving

    # -- what tests and the demo do ------------------------------------------------------------------------

    @property
    def base_url(self) -> str:
        """Root of the API; also ``iss`` of the service's events."""
        return f"http://{HOST}:{self._listener.port}"

    @property
    def control_url(self) -> str:
        """The same application on a port that no fault closes: for ``/sandbox`` and ``/citizens``."""
        return f"http://{HOST}:{self._listener.control_port}"

    def file_applications(
        self, count: int, *, defective: int | None = None, authority: str | None = None
    ) -> None:
        """Citizens file ``count`` applications; ``defective`` of them damaged (None: a few from 20 on)."""
        self.filing.file_many(count, defective=defective, authority=authority)

    def sign_event_logs(self) -> None:
        """Signs all events now instead of when first read, so that a benchmark does not pay for it."""
        with self.portal.lock:
            events = [event for case in self.portal.cases.values() for event in case.log]
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(operator.attrgetter("token"), events))

    def unplug(self) -> None:
        """Connection refused until ``plug_in``; open connections are reset. Returns when it is so."""
        self._on_loop(self._listener.unplug())

    def plug_in(self) -> None:
        """Listens on the same port again."""
        self._on_loop(self._listener.plug_in())

    def switch_fault(self, text: str, on: bool = True) -> None:
        """Switches a fault on (``NAME[:count][:path-part]``) or off (``NAME``), sockets included."""
        if on:
            self.faults.switch_on(text)
        else:
            self.faults.switch_off(text)
        self._on_loop(self._listener.follow_faults())

    def ready_document(self) -> dict[str, Any]:
        """What the command prints when ready."""
        clients = self.identity.clients
        return {
            "base_url": self.base_url,
            "token_url": f"{self.base_url}/token",
            "control_url": self.control_url,
            "profiles": [str(path) for path in self.profiles],
            "destinations": [
                {
                    "destination_id": self.identity.destinations[plan.short],
                    "portal": plan.portal,
                    "land": plan.land,
                    "profile": str(path),
                }
                for plan, path in zip(AUTHORITIES, self.profiles, strict=True)
            ],
            "client_id": clients["subscriber"][0],
            "client_secret": clients["subscriber"][1],
            "sender_client_id": clients["sender"][0],
            "sender_client_secret": clients["sender"][1],
        }

    # -- inside --------------------------------------------------------------------------------------------

    def _on_loop(self, work: Any) -> None:
        loop = self._listener.loop
        if loop is None:
            raise RuntimeError("the practice portal is not running")
        asyncio.run_coroutine_threadsafe(work, loop).result(START_TIMEOUT_S)

    async def _cut(self, request: Any, last_bytes: bytes) -> None:
        await self._listener.cut(request, last_bytes)

    def _routes(self) -> list[tuple[str, str, Handler]]:
        authority = Authority(self.portal)
        reply_key = self.keys.pair("online-service")
        online_service = OnlineService(self.portal, self.citizens, self.filing, reply_key)
        citizen_api = CitizenApi(
            self, authority, self.citizens, self.bridge, self.filing, self.identity.clients["sender"]
        )
        return [
            ("POST", "/token", authority.token),
            ("GET", "/.well-known/jwks.json", self._jwks),
            *Api(self.portal, authority, V1).routes(),
            *Api(self.portal, authority, V2).routes(),
            *DestinationApi(self.portal, authority).routes(),
            *RepliesApi(self.portal, authority, V1, online_service).routes(),
            *RepliesApi(self.portal, authority, V2, online_service).routes(),
            *citizen_api.routes(),
        ]

    def _jwks(self, call: Call) -> Answer:
        return json_answer({"keys": [self.portal.service_key.public_jwk]})
