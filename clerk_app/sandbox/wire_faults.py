"""Answers other than the portal's own: what proxies, gateways, hotel networks and overload make of them."""

from __future__ import annotations

import email.utils
from collections.abc import Callable, Mapping
from dataclasses import replace

from clerk_app.sandbox.faults import FaultBoard
from clerk_app.sandbox.wire import Answer, Refusal, refusal_answer

RETRY_AFTER_S = 2
_YEAR_2099 = 4_070_908_800
_LOGIN_PAGE = (
    b"<!DOCTYPE html><html><head><title>Anmeldung</title></head>"
    b"<body><form method='post'><input name='user'></form></body></html>"
)


def answer_instead(faults: FaultBoard, path: str, now_s: float) -> Answer | None:
    """What is answered without carrying anything out, when a fault wants it so. ``now_s``: the portal's time
    in seconds since 1970."""
    for name, make in _INSTEAD.items():
        if faults.strike(name, path):
            return make(now_s)
    return None


def changed_answer(faults: FaultBoard, path: str, answer: Answer) -> Answer:
    """The answer to a call that was carried out, as the way back may have changed it."""
    for name, change in _CHANGES.items():
        if faults.strike(name, path):
            return change(answer)
    return answer


def _page(status: int, title: str) -> Answer:
    body = f"<!DOCTYPE html><html><body><h1>{title}</h1></body></html>".encode("ascii")
    return Answer(status, body, "text/html; charset=utf-8")


def _busy(status: int, retry_after: str) -> Answer:
    name = "too-many-requests" if status == 429 else "service-unavailable"
    return refusal_answer(Refusal(status, name, "slow down", headers={"Retry-After": retry_after}))


def _limited(now_s: float) -> Answer:
    headers = {
        "Retry-After": str(RETRY_AFTER_S),
        "RateLimit-Limit": "100",
        "RateLimit-Remaining": "0",
        "RateLimit-Reset": str(RETRY_AFTER_S),
    }
    return refusal_answer(Refusal(429, "too-many-requests", "slow down", headers=headers))


def _date(at_s: float) -> str:
    return email.utils.formatdate(at_s, usegmt=True)


_INSTEAD: Mapping[str, Callable[[float], Answer]] = {
    "401": lambda _: refusal_answer(
        Refusal(401, "unauthorized", "no valid access token", headers={"WWW-Authenticate": "Bearer"})
    ),
    "404-html": lambda _: _page(404, "Not Found"),
    "407": lambda _: replace(
        _page(407, "Proxy Authentication Required"), headers={"Proxy-Authenticate": 'Basic realm="proxy"'}
    ),
    "429": _limited,
    "429-date": lambda now_s: _busy(429, _date(now_s + RETRY_AFTER_S)),
    "429-2099": lambda _: _busy(429, _date(_YEAR_2099)),
    "429-negative": lambda _: _busy(429, "-30"),
    "429-garbage": lambda _: _busy(429, "soon"),
    "500": lambda _: _page(500, "Internal Server Error"),
    "5xx": lambda _: refusal_answer(Refusal(503, "service-unavailable", "down for maintenance")),
    "503-retry-after": lambda _: _busy(503, str(RETRY_AFTER_S)),
    "captive-portal": lambda _: Answer(302, headers={"Location": "https://login.invalid/?wlan=hotel"}),
}


def _half(answer: Answer) -> Answer:
    return replace(answer, body=answer.body[: len(answer.body) // 2])


def _partial(answer: Answer) -> Answer:
    half, size = _half(answer), len(answer.body)
    headers = {**answer.headers, "Content-Range": f"bytes 0-{max(len(half.body) - 1, 0)}/{size}"}
    return replace(half, status=206, headers=headers) if answer.body else answer


def _flipped(answer: Answer) -> Answer:
    at = len(answer.body) // 2
    body = bytearray(answer.body)
    if body:
        body[at] ^= 1
    return replace(answer, body=bytes(body))


_CHANGES: Mapping[str, Callable[[Answer], Answer]] = {
    "502-html": lambda _: _page(502, "Bad Gateway"),
    "half-body": _half,
    "empty-body": lambda _: Answer(200),
    "partial-content": _partial,
    "bit-flip": _flipped,
    "html-login": lambda _: Answer(200, _LOGIN_PAGE, "text/html; charset=utf-8"),
    "wrong-content-type": lambda answer: Answer(answer.status, answer.body, "text/html"),
}
