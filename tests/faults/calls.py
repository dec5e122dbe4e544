"""One fault at one call: a whole job over real HTTP, disturbed where it is told, judged from outside.

A call is named by what the client was doing, its method and its path without ids, for example
``pushing PUT /submissions/{id}``. Waits are not waited: ``Hands`` moves both clocks instead.
"""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from hashlib import sha512
from pathlib import Path
from typing import Any

import httpx
import pytest

from clerk_app.bootstrap import sync_side
from clerk_app.bootstrap.desk_side import open_desk
from clerk_app.bootstrap.portal_side import office_config
from clerk_app.bootstrap.premises import Premises, open_premises
from clerk_app.domain.case import CaseQuery
from clerk_app.domain.errors import ClerkError, ErrorCode
from clerk_app.portal.config import OfficeConfig
from clerk_app.portal.office import build_office
from clerk_app.sandbox import http as sandbox_http
from clerk_app.sandbox.faults import FAULTS
from clerk_app.sandbox.generator import forms
from clerk_app.sandbox.server import RunningSandbox
from clerk_app.sync.engine import SyncEngine
from clerk_app.sync.status import StatusBoard, SyncPhase, SyncSummary
from clerk_app.system.clock import SystemClock
from clerk_app.texts.errors import sentence_for
from clerk_app.usecases.desk import Desk
from tests.kill.office import PortalOverHttp, act_on, violations

PATIENCE_S = 0.4  # how long the client waits for an answer here
LONGEST_WAIT_S = 300.0
_ROUNDS = 24

LISTS = frozenset({"stale-list", "empty-list", "duplicated-list", "reordered-list", "restored-from-backup"})
CITIZENS = frozenset({"no-answer-from-citizen", "partial-answer", "late-answer", "slow-bridge"})
#: These hold until the round is over, not for one call only.
LINGERING = frozenset({"refuse", "clock-skew", "stale-list", "expired-token"})
#: What nobody can notice at once, what is no failure, and what the portal tells wrongly without a trace.
UNTOLD = LISTS | CITIZENS | {"clock-skew", "expired-token", "token-always-expired", "slow", "429-negative"}


#: An answer to what was handed over may have any body or none: the event log tells what became of it.
UNREAD = frozenset({"empty-body", "half-body", "bit-flip"})
_HANDED_OVER = re.compile(r"\A/(submissions|replies)/[^/]+\Z")


def applies(fault: str, kind: str) -> bool:
    """Whether the fault can happen at this kind of call at all."""
    _phase, method, path = kind.split(" ")
    if fault in LISTS:
        return (method, path) == ("GET", "/submissions")
    if fault == "wrong-submission":
        return (method, path) == ("GET", "/submissions/{id}")
    if fault == "hash-mismatch":
        return method == "GET" and path.startswith("/submissions/{id}")
    if fault in ("forged-event", "reordered-events"):
        return (method, path) == ("GET", "/cases/{id}/events")
    if fault in CITIZENS:
        return (method, path) == ("PUT", "/submissions/{id}")
    if fault == "bit-flip" and path.endswith("/keys/{kid}"):
        return False  # which key is the right one only TLS can tell
    if fault in ("expired-token", "token-always-expired"):
        return path.startswith(("/submissions", "/cases", "/replies"))
    return True


def cells(kinds: Sequence[str]) -> list[tuple[str, str]]:
    """Every fault at every kind of call where it can happen."""
    return [(kind, fault) for kind in kinds for fault in FAULTS if applies(fault, kind)]


class Hands:
    """The hands of all clocks: the desktop's wall clock, its monotonic one, and the portal's."""

    def __init__(self) -> None:
        self.wall = timedelta()
        self.portal = timedelta()
        self.monotonic_s = 0.0
        self.slept: list[float] = []
        self._lock = threading.Lock()

    def now(self) -> datetime:
        """The desktop's time."""
        return datetime.now(UTC) + self.wall

    def portal_s(self) -> float:
        """The portal's time, in seconds since 1970."""
        return time.time() + self.portal.total_seconds()

    def monotonic(self) -> float:
        """Seconds that never jump."""
        return time.monotonic() + self.monotonic_s

    def sleep(self, seconds: float) -> None:
        """What the client does inside a call when it was asked to wait."""
        with self._lock:
            self.slept.append(seconds)
        self.forward(seconds)

    def forward(self, seconds: float) -> None:
        """Time goes by, for everybody."""
        with self._lock:
            self.wall += timedelta(seconds=seconds)
            self.portal += timedelta(seconds=seconds)
            self.monotonic_s += seconds


@dataclass(frozen=True)
class Made:
    """One call the client made, and the status of its answer (None: there was none)."""

    kind: str
    method: str
    path: str
    status: int | None


@dataclass
class Line:
    """The line between office and portal, on which calls are watched and disturbed."""

    sandbox: RunningSandbox
    board: StatusBoard
    plan: dict[str, str] = field(default_factory=dict)  # kind of call -> fault, once
    every: Callable[[str, str], str | None] = lambda kind, path: None  # a fault for each call, if any
    made: list[Made] = field(default_factory=list)
    struck: list[tuple[str, str, str, str]] = field(default_factory=list)  # kind, fault, method, path
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def put_between(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Watches every call of this process until the test ends."""
        send = httpx.HTTPTransport.handle_request

        def watched(transport: httpx.HTTPTransport, request: httpx.Request) -> httpx.Response:
            return self._pass(request, partial(send, transport, request))

        monkeypatch.setattr(httpx.HTTPTransport, "handle_request", watched)

    def calm(self) -> None:
        """Whatever is on goes off, and nothing is planned any more."""
        self.plan.clear()
        self.every = lambda kind, path: None
        for name in self.sandbox.faults.listing():
            self.sandbox.switch_fault(name.partition(":")[0], on=False)

    def _pass(self, request: httpx.Request, send: Callable[[], httpx.Response]) -> httpx.Response:
        target = request.extensions.get("target", request.url.raw_path)
        path = target.decode("ascii").partition("?")[0].removeprefix("/v2").removeprefix("/v1")
        kind = kind_of(self.board.status().phase, request.method, path)
        with self._lock:
            fault = self.plan.pop(kind, None) or self.every(kind, path)
            if fault is not None:
                self._switch_on(fault, path)
                self.struck.append((kind, fault, request.method, path))
        status = None
        try:
            response = send()
            status = response.status_code
        finally:
            with self._lock:
                self.made.append(Made(kind, request.method, path, status))
        return response

    def _switch_on(self, fault: str, path: str) -> None:
        if fault in LINGERING:
            self.sandbox.switch_fault(fault)
        elif fault in CITIZENS:
            self.sandbox.switch_fault(f"{fault}:1")
        else:
            self.sandbox.switch_fault(f"{fault}:1:{path}")


_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


def kind_of(phase: SyncPhase, method: str, path: str) -> str:
    """The name of a call without what differs from case to case."""
    doing = "pushing" if phase is SyncPhase.PUSHING else "receiving"
    plain = re.sub(r"/keys/[^/]+\Z", "/keys/{kid}", _ID.sub("{id}", path))
    return f"{doing} {method} {plain}"


@dataclass
class Office:
    """A client and its portal in this process; jobs are done in it, one after the other."""

    sandbox: RunningSandbox
    portal: PortalOverHttp
    home: Path
    hands: Hands
    line: Line
    board: StatusBoard
    filed: list[dict[str, Any]] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    @property
    def profile(self) -> Path:
        return self.sandbox.profiles[0]

    @contextmanager
    def opened(self) -> Iterator[tuple[Premises, SyncEngine, Desk]]:
        """Office, engine and desk, all on this thread."""
        with (
            open_premises(self.home, self.profile, lock=True) as premises,
            sync_side.open_engine(premises, self.board) as engine,
        ):
            desk = open_desk(premises)
            try:
                yield premises, engine, desk
            finally:
                desk.close()

    def job(self, plan: Mapping[str, str], *, applications: int = 1) -> list[Made]:
        """A whole job: two citizens' letters in, two of ours out, with the planned faults on the way; the
        calls it made. What was wrong on the way is added to ``wrong``."""
        self.line.made.clear()
        self.line.struck.clear()
        self.line.plan.clear()
        self.line.plan.update(plan)
        filed = self.portal.file(applications)
        self.filed += filed
        with self.opened() as (_premises, engine, desk):
            for _ in range(2):
                self.settle(engine, desk)
                for row in desk.reads.list(CaseQuery()):
                    try:
                        act_on(desk, row.case_id, row.status)
                    except ClerkError as error:
                        self.wrong.append(f"no work on {row.case_id}: {error!r} after {self._last()}")
            self.settle(engine, desk)
        return list(self.line.made)

    def settle(self, engine: SyncEngine, desk: Desk) -> None:
        """Rounds as the sync thread makes them, time moved to the next try, until there is nothing to do."""
        for number in range(_ROUNDS):
            summary = self.one_round(engine, desk, force=number == 0)
            if summary is None:
                continue
            if not (summary.failures or summary.moved or summary.waiting):
                open_ones = [each for box in engine.mailboxes for each in engine.intake.unsettled(box.key)]
                self.wrong += [f"never confirmed: {each.waiting.submission_id}" for each in open_ones]
                return
            if not summary.moved:
                self.hands.forward(self._wait_s(desk))
        self.wrong.append(f"never settled after {self._last()}")

    def one_round(self, engine: SyncEngine, desk: Desk, *, force: bool) -> SyncSummary | None:
        """One round; None when it raised, which no failure of a portal may make it do."""
        struck, made, slept = len(self.line.struck), len(self.line.made), len(self.hands.slept)
        try:
            summary = engine.run_once(force=force)
        except Exception as error:  # noqa: BLE001 - that is what is looked for
            self.wrong.append(f"raised {error!r} after {self._last()}")
            summary = None
        self._lights_out(struck)
        if summary is not None:
            self._told(summary, desk, struck, made)
        if any(seconds > LONGEST_WAIT_S for seconds in self.hands.slept[slept:]):
            self.wrong.append(f"slept {max(self.hands.slept[slept:])} s after {self._last()}")
        return summary

    def _lights_out(self, struck: int) -> None:
        """The round is over: whatever lingers ends, and what was held back for it goes on."""
        for _kind, fault, _method, _path in self.line.struck[struck:]:
            if fault == "slow-bridge":
                self.portal.call("POST", "/sandbox/bridge")
            if fault in ("late-answer", "no-answer-from-citizen"):
                self.portal.call("POST", "/sandbox/answers")
            if fault in LINGERING:
                self.sandbox.switch_fault(fault, on=False)

    def _told(self, summary: SyncSummary, desk: Desk, struck: int, made: int) -> None:
        """Whatever failed must be said in words, and what was not dealt with at once must be said at all."""
        said = [(failure.code, failure.params) for failure in summary.failures]
        last = [entry.last_error for entry in desk.reads.outbox() if entry.last_error]
        for code, params in said:
            if not sentence_for(ErrorCode(code), params).strip():
                self.wrong.append(f"no words for {code}")
        known = {failure.code for failure in summary.failures} | {ErrorCode(code) for code in last}
        calls = self.line.made[made:]
        for kind, fault, method, path in self.line.struck[struck:]:
            if fault in UNTOLD or known or summary.quarantined:
                continue
            if fault in UNREAD and method == "PUT" and _HANDED_OVER.search(path):
                continue
            answers = [each.status for each in calls if (each.method, each.path) == (method, path)]
            # a success without a body cannot be cut; what was asked again was noticed
            if len(answers) < 2 and answers != [204]:
                self.wrong.append(f"untold: {fault} at {kind}")

    def _wait_s(self, desk: Desk) -> float:
        now = self.hands.now()
        tries = [entry.next_try_at for entry in desk.reads.outbox() if entry.next_try_at is not None]
        waits = sorted((at - now).total_seconds() for at in tries if at > now)
        return max(waits[0] if waits else 0.0, 60.0) + 1.0

    def _last(self) -> list[tuple[str, str]]:
        return [(kind, fault) for kind, fault, _method, _path in self.line.struck[-12:]]

    def judged(self) -> list[str]:
        """What is wrong by now: on the way, in the office's books, at the portal and with the citizens."""
        self.line.calm()
        found = [*self.wrong, *violations(self, self.filed), *self.refused_though_sound(), *self.strangers()]
        spool = [path.name for path in self.home.rglob("body-*.jwe")]
        return found + [f"half: {name} was left behind" for name in spool]

    def refused_though_sound(self) -> list[str]:
        """Nothing that is filed here is defective: a refusal is an application lost to its citizen."""
        with self.sandbox.portal.lock:
            rejected = [
                each.submission_id
                for each in self.sandbox.portal.submissions.values()
                if each.state.value == "rejected"
            ]
        return [f"refused though sound: {each}" for each in rejected]

    def strangers(self) -> list[str]:
        """Cases of the office that nobody filed, and applications taken in twice."""
        found = []
        with open_premises(self.home, self.profile, lock=True) as premises:
            desk = open_desk(premises)
            try:
                filed = {each["caseId"] for each in self.filed}
                for row in desk.reads.list(CaseQuery()):
                    case = desk.reads.case_file(row.case_id)
                    ids = [each.submission_id for each in case.applications] if case else []
                    if (
                        case
                        and case.applications
                        and sha512(case.first.content).hexdigest() != case.first.content_sha512
                    ):
                        found.append(f"changed: content of {row.case_id}")
                    if row.case_id not in filed:
                        found.append(f"unexpected: case {row.case_id}")
                    if len(ids) != len(set(ids)):
                        found.append(f"duplicated: submissions of {row.case_id}")
            finally:
                desk.close()
        return found


def disturb(made: Office, waiting: list[tuple[str, str]], *, jobs: int, together: bool = True) -> int:
    """Jobs until every waiting cell (kind of call, fault) has happened, at most so many; how many have. Those
    are taken out of ``waiting``. ``together``: one job carries one fault at each kind of call; else one
    only."""
    happened = 0
    for _ in range(jobs):
        if not waiting:
            break
        plan = dict(reversed(waiting)) if together else dict(waiting[:1])
        made.job(plan, applications=2)
        struck = {(kind, fault) for kind, fault, _method, _path in made.line.struck}
        waiting[:] = [cell for cell in waiting if cell not in struck]
        happened += len(struck)
        if not together and not struck:  # the citizens of this job used another way
            waiting.append(waiting.pop(0))
    return happened


@contextmanager
def office(
    folder: Path, key_cache: Path, monkeypatch: pytest.MonkeyPatch, *, seed: int = 1
) -> Iterator[Office]:
    """A new office beside a new portal. All clocks of this process are in ``Hands`` until the test ends."""
    hands, board = Hands(), StatusBoard()
    monkeypatch.setattr(SystemClock, "now", lambda self: hands.now())
    monkeypatch.setattr(
        sync_side, "build_office", partial(build_office, monotonic=hands.monotonic, sleep=hands.sleep)
    )
    monkeypatch.setattr(sync_side, "office_config", partial(_impatient, office_config))
    monkeypatch.setattr(sandbox_http, "SLOW_S", 0.05)
    monkeypatch.setattr(forms, "CHANNELS", ("idBundDeMailbox", "fitConnect"))  # every way back, soon
    with RunningSandbox(folder / "portal", key_cache=key_cache, clock=hands.portal_s, seed=seed) as sandbox:
        portal = PortalOverHttp(sandbox.ready_document())
        line = Line(sandbox, board)
        line.put_between(monkeypatch)
        made = Office(sandbox, portal, folder / "home", hands, line, board)
        try:
            yield made
        finally:
            with suppress(RuntimeError):
                line.calm()


def _impatient(config_of: Callable[..., OfficeConfig], *args: Any) -> OfficeConfig:
    config = config_of(*args)
    network = replace(
        config.network, read_timeout_s=PATIENCE_S, call_deadline_s=PATIENCE_S, slowest_bytes_per_s=1_000_000
    )
    return replace(config, network=network)
