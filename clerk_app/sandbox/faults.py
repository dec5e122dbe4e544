"""Faults by name, switched on and off while the practice portal runs.

A fault is given as ``NAME``, ``NAME:count`` (only so many times) and/or ``NAME:path-part`` (only for paths
that contain it), for example ``5xx:2:/attachments/``.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass

from clerk_app.domain.errors import ClerkError, Disposition, ErrorCode

FAULTS: dict[str, str] = {
    "refuse": "nobody listens any more: the cable is pulled (with a count: so many connections are reset)",
    "drop-before-receiving": "the connection is closed before the call is looked at",
    "drop-after-receiving": "the call is carried out, then the connection is closed without an answer",
    "garbage": "the call is carried out, then bytes come back that are no HTTP",
    "hang": "the call is carried out, then nothing comes back until the caller hangs up",
    "drip": "the answer comes byte by byte, each half a second after the other",
    "slow": "every answer takes two seconds longer",
    "401": "401 instead of an answer, whatever the token",
    "404-html": "a load balancer's page instead of an answer: it knows no such address",
    "407": "a proxy wants a sign-in first",
    "429": "too many calls, with Retry-After",
    "429-date": "too many calls, with Retry-After as a date two seconds ahead",
    "429-2099": "too many calls, with Retry-After in the year 2099",
    "429-negative": "too many calls, with a negative Retry-After",
    "429-garbage": "too many calls, with a Retry-After that is neither number nor date",
    "500": "500 with an HTML page, nothing is carried out",
    "502-html": "the call is carried out, but a gateway's 502 page comes back",
    "5xx": "503 instead of an answer, nothing is carried out",
    "503-retry-after": "503 with Retry-After, nothing is carried out",
    "captive-portal": "302 to the network's own sign-in page",
    "truncated-body": "the answer ends halfway",
    "half-body": "half the answer, with a length that fits the half",
    "empty-body": "200 and not one byte",
    "partial-content": "206 with the first half of the answer, though nobody asked for a part",
    "bit-flip": "one bit in the middle of the answer is another",
    "html-login": "200 with an HTML sign-in page",
    "wrong-content-type": "the right body as text/html",
    "expired-token": "the present token of each client is refused once; a new one works",
    "token-always-expired": "every token is refused",
    "stale-list": "the list of waiting submissions stays as it was when first asked",
    "empty-list": "the list of waiting submissions is empty, though some wait",
    "duplicated-list": "the list of waiting submissions names each twice",
    "reordered-list": "the list of waiting submissions comes in the wrong order",
    "wrong-submission": "another waiting submission comes than the one asked for",
    "clock-skew": "the portal's clock is ten minutes fast",
    "restored-from-backup": "accepted submissions are back as if never accepted (once)",
    "forged-event": "an event in the log was altered after signing",
    "reordered-events": "the event log comes in the wrong order",
    "hash-mismatch": "form data and attachments are exchanged on their way",
    "no-answer-from-citizen": "citizens do not answer document requests",
    "partial-answer": "citizens send all requested documents but the last",
    "late-answer": "citizens answer only when told (POST /sandbox/answers)",
    "slow-bridge": "the mailbox bridge handles messages only when told (POST /sandbox/bridge)",
}


@dataclass
class ActiveFault:
    """One switched-on fault. ``left`` None = until switched off."""

    name: str
    left: int | None = None
    path_part: str = ""


def parse_fault(text: str) -> ActiveFault:
    """Reads ``NAME[:count][:path-part]``; raises ``ClerkError(USAGE)`` naming the known faults."""
    name, *rest = text.split(":")
    if name not in FAULTS:
        raise ClerkError(
            ErrorCode.USAGE,
            {
                "argument": "--fault",
                "value": name,
                "known": ", ".join(sorted(FAULTS)),
                "message": f"--fault {name} ({', '.join(sorted(FAULTS))})",
            },
            Disposition.ASK_CLERK,
        )
    fault = ActiveFault(name)
    for part in rest:
        if part.isdigit():
            fault.left = int(part)
        else:
            fault.path_part = part
    return fault


class FaultBoard:
    """The switched-on faults. Safe to use from any thread."""

    def __init__(self, faults: tuple[str, ...] = ()) -> None:
        self._lock = threading.Lock()
        self._active: dict[str, ActiveFault] = {}
        for text in faults:
            self.switch_on(text)

    def switch_on(self, text: str) -> ActiveFault:
        """Switches a fault on (``NAME[:count][:path-part]``) in place of an earlier one of that name."""
        fault = parse_fault(text)
        with self._lock:
            self._active[fault.name] = fault
        return fault

    def switch_off(self, name: str) -> None:
        """Switches a fault off; no complaint when it was not on."""
        with self._lock:
            self._active.pop(name, None)

    def clear(self) -> None:
        """Switches everything off."""
        with self._lock:
            self._active.clear()

    def is_on(self, name: str, path: str = "") -> bool:
        """Whether the fault applies to ``path``, without using it up."""
        with self._lock:
            fault = self._active.get(name)
            return fault is not None and fault.path_part in path

    def is_counted(self, name: str) -> bool:
        """Whether the fault is limited to a number of times."""
        with self._lock:
            fault = self._active.get(name)
            return fault is not None and fault.left is not None

    def strike(self, name: str, path: str = "") -> bool:
        """Whether the fault happens now; counts down."""
        with self._lock:
            fault = self._active.get(name)
            if fault is None or fault.path_part not in path:
                return False
            if fault.left is not None:
                fault.left -= 1
                if fault.left <= 0:
                    del self._active[name]
            return True

    def listing(self) -> list[str]:
        """What is on, in the notation it is switched on with."""
        with self._lock:
            return [
                ":".join(str(part) for part in (f.name, f.left, f.path_part) if part not in (None, ""))
                for f in self._active.values()
            ]
