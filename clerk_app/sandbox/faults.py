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
    "5xx": "503 instead of an answer, nothing is carried out",
    "slow": "every answer takes two seconds longer",
    "429": "too many calls, with Retry-After",
    "truncated-body": "the answer ends halfway",
    "html-login": "200 with an HTML sign-in page",
    "wrong-content-type": "the right body as text/html",
    "expired-token": "the present token of each client is refused once; a new one works",
    "token-always-expired": "every token is refused",
    "stale-list": "the list of waiting submissions stays as it was when first asked",
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
