"""Calls and answers over ASGI, with the faults that happen on the wire."""

from __future__ import annotations

import asyncio
import email.utils
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from clerk_app.sandbox.state import Portal
from clerk_app.sandbox.wire import Answer, Call, Refusal, refusal_answer
from clerk_app.sandbox.wire_faults import answer_instead, changed_answer

Handler = Callable[[Call], Answer]
CutConnection = Callable[[Request, bytes], Awaitable[None]]
_log = logging.getLogger(__name__)
SLOW_S = 2.0
DRIP_S = 0.5
CUT_AT = 0.5  # where a truncated body ends, as a share of it
_POLL_S = 0.02
_GARBAGE = b"\x16\x03\x01\x02\x00" + bytes(range(128, 256)) + b"\r\n\r\n"
_NO_FAULTS = ("/sandbox/", "/citizens/")


class Cut(Exception):  # noqa: N818 - a fault asked for, not a mistake
    """The connection is to be closed; the beginning of ``answer`` or the bytes ``raw`` go out before."""

    def __init__(self, answer: Answer | None = None, raw: bytes = b"") -> None:
        super().__init__()
        self.answer = answer
        self.raw = raw


def make_app(portal: Portal, routes: list[tuple[str, str, Handler]], cut: CutConnection) -> Starlette:
    """The ASGI application. ``cut`` closes the connection of a request (the server knows how)."""
    by_path: dict[str, dict[str, Handler]] = {}
    for method, path, handler in routes:
        by_path.setdefault(path, {})[method] = handler
    starlette_routes = [
        Route(path, _endpoint(portal, handlers, cut), methods=list(_METHODS))
        for path, handlers in by_path.items()
    ]

    async def not_found(request: Request, error: Exception) -> Response:
        return _response(portal, refusal_answer(Refusal(404, "not-found", "no such path")))

    return Starlette(routes=starlette_routes, exception_handlers={404: not_found})


_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "QUERY")


def _endpoint(portal: Portal, handlers: dict[str, Handler], cut: CutConnection) -> Any:
    async def respond(request: Request) -> Response:
        try:
            answer = await _answer(portal, handlers, request)
        except Cut as fault:
            await cut(request, fault.raw or _half_sent(portal, fault.answer))
            return _Silence()
        except ClientDisconnect:
            return _Silence()
        response = _response(portal, answer)
        path = request.url.path
        if answer.body and not path.startswith(_NO_FAULTS) and portal.faults.strike("drip", path):
            return _Drip(answer.body, answer.status, response.headers)
        return response

    return respond


async def _answer(portal: Portal, handlers: dict[str, Handler], request: Request) -> Answer:
    path = request.url.path
    handler = handlers.get(request.method)
    if handler is None:
        headers = {"Allow": ", ".join(sorted(handlers))}
        return refusal_answer(Refusal(405, "method-not-allowed", request.method, headers=headers))
    faults = portal.faults
    spared = path.startswith(_NO_FAULTS)
    if not spared:
        before = _fault_before(portal, path)
        if before is not None:
            return before
    try:
        body = await _read(request, portal.limits.body_bytes)
        call = Call(
            request.method,
            path,
            {key: str(value) for key, value in request.path_params.items()},
            dict(request.query_params),
            {key.lower(): value for key, value in request.headers.items()},
            body,
        )
        if path.startswith(("/v1/", "/v2/")) and not call.headers.get("user-agent"):
            raise Refusal(403, "user-agent-missing", "calls without User-Agent are refused")
        answer = await run_in_threadpool(handler, call)
    except Refusal as refusal:
        answer = refusal_answer(refusal)
    except ClientDisconnect:
        raise
    except Exception:  # noqa: BLE001 - whatever it is, the peer gets a problem document and we a log
        _log.exception("the practice portal failed at %s %s", request.method, path)
        answer = refusal_answer(Refusal(500, "internal-server-error", "the practice portal has a bug"))
    if spared:
        return answer
    if faults.strike("slow", path):
        await asyncio.sleep(SLOW_S)
    if faults.strike("hang", path):
        while not await request.is_disconnected():
            await asyncio.sleep(_POLL_S)
        raise ClientDisconnect
    if faults.strike("drop-after-receiving", path):
        raise Cut
    if faults.strike("garbage", path):
        raise Cut(raw=_GARBAGE)
    if faults.strike("truncated-body", path):
        raise Cut(answer)
    return changed_answer(faults, path, answer)


def _fault_before(portal: Portal, path: str) -> Answer | None:
    if portal.faults.strike("drop-before-receiving", path):
        raise Cut
    return answer_instead(portal.faults, path, portal.now_s())


async def _read(request: Request, most: int) -> bytes:
    announced = request.headers.get("content-length", "0")
    if announced.isdigit() and int(announced) > most:
        raise Refusal(413, "body-too-large", f"at most {most} bytes", headers={"Connection": "close"})
    chunks: list[bytes] = []
    total = 0
    async for chunk in request.stream():
        total += len(chunk)
        if total > most:
            raise Refusal(413, "body-too-large", f"at most {most} bytes", headers={"Connection": "close"})
        chunks.append(chunk)
    return b"".join(chunks)


def _date(portal: Portal) -> str:
    return email.utils.formatdate(portal.now_s(), usegmt=True)


def _response(portal: Portal, answer: Answer) -> Response:
    headers = {**answer.headers, "Date": _date(portal)}
    response = Response(answer.body, answer.status, headers)
    if answer.content_type is not None:
        response.headers["Content-Type"] = answer.content_type
    if answer.status == 204:
        del response.headers["content-length"]
    return response


def _half_sent(portal: Portal, answer: Answer | None) -> bytes:
    if answer is None:
        return b""
    lines = [f"HTTP/1.1 {answer.status} OK", f"Date: {_date(portal)}", f"Content-Length: {len(answer.body)}"]
    if answer.content_type is not None:
        lines.append(f"Content-Type: {answer.content_type}")
    return ("\r\n".join(lines) + "\r\n\r\n").encode("ascii") + answer.body[: int(len(answer.body) * CUT_AT)]


class _Drip(Response):
    """The answer byte by byte; ends when the caller has hung up."""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        request = Request(scope, receive)
        for at in range(len(self.body)):
            if await request.is_disconnected():
                return
            await send({"type": "http.response.body", "body": self.body[at : at + 1], "more_body": True})
            await asyncio.sleep(DRIP_S)
        await send({"type": "http.response.body", "body": b"", "more_body": False})


class _Silence(Response):
    """Nothing is sent: the connection is gone."""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        return
