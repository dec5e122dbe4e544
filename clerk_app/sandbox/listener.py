"""The socket side: uvicorn on loopback, able to be unplugged and plugged in again while it runs."""

from __future__ import annotations

import asyncio
import functools
from typing import Any

import uvicorn
from starlette.requests import Request
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol

from clerk_app.sandbox.faults import FaultBoard

HOST = "127.0.0.1"


class Listener(uvicorn.Server):
    """Serves on two ports: the portal's own, which faults can close, and one for control, always open."""

    def __init__(self, app: ASGIApp, port: int, faults: FaultBoard) -> None:
        config = uvicorn.Config(
            app,
            host=HOST,
            lifespan="off",
            log_config=None,
            log_level="critical",
            access_log=False,
            server_header=False,
            date_header=False,
            ws="none",
            loop="asyncio",
            http=H11Protocol,
            timeout_keep_alive=60,
            timeout_graceful_shutdown=2,
            h11_max_incomplete_event_size=65_536,
        )
        super().__init__(config)
        self.port = port
        self.control_port = 0
        self._faults = faults
        self._transports: dict[Any, tuple[asyncio.Transport, bool]] = {}
        self._portal_server: asyncio.base_events.Server | None = None
        self.loop: asyncio.AbstractEventLoop | None = None

    async def startup(self, sockets: Any = None) -> None:
        """Opens both ports; port numbers are known afterwards."""
        self.loop = asyncio.get_running_loop()
        await self.lifespan.startup()
        control = await self.loop.create_server(functools.partial(self._protocol, True), HOST, 0)
        self.control_port = control.sockets[0].getsockname()[1]
        self.servers = [control]
        try:
            await self.plug_in()
        except OSError:
            control.close()
            raise
        self.started = True

    async def plug_in(self) -> None:
        """Listens on the portal's port (again)."""
        if self._portal_server is not None or self.loop is None:
            return
        server = await self.loop.create_server(functools.partial(self._protocol, False), HOST, self.port)
        self.port = server.sockets[0].getsockname()[1]
        self._portal_server = server
        self.servers.append(server)

    async def unplug(self) -> None:
        """Nobody listens any more and every connection is gone, as when the cable is pulled."""
        if self._portal_server is None:
            return
        self._portal_server.close()
        self.servers.remove(self._portal_server)
        self._portal_server = None
        for transport, is_control in list(self._transports.values()):
            if not is_control:
                transport.abort()

    async def follow_faults(self) -> None:
        """Brings the listening socket in line with the fault ``refuse``."""
        if self._faults.is_on("refuse") and not self._faults.is_counted("refuse"):
            await self.unplug()
        else:
            await self.plug_in()

    def _protocol(self, is_control: bool) -> asyncio.Protocol:
        return _Connection(self, is_control)

    async def cut(self, request: Request, last_bytes: bytes) -> None:
        """Closes the connection of ``request``, after ``last_bytes``; returns when it is closed."""
        client = request.client
        found = None if client is None else self._transports.get((client.host, client.port))
        if found is None:
            return
        if last_bytes:
            found[0].write(last_bytes)
            found[0].close()
        else:
            found[0].abort()
        while (await request.receive())["type"] != "http.disconnect":
            pass


class _Connection(H11Protocol):
    def __init__(self, listener: Listener, is_control: bool) -> None:
        super().__init__(
            config=listener.config, server_state=listener.server_state, app_state=listener.lifespan.state
        )
        self._listener = listener
        self._is_control = is_control

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        if not self._is_control and self._listener._faults.strike("refuse"):
            transport.abort()
        self._listener._transports[self.client] = (transport, self._is_control)

    def connection_lost(self, exc: Exception | None) -> None:
        self._listener._transports.pop(self.client, None)
        super().connection_lost(exc)
